"""What each lever of a regime brings, as a page of text with a chart of each outcome beside it."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from textwrap import fill

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.attribution import Row, on_interactions, on_orders
from policysim.experiments.analysis.coalitions import GROUP, REGIME, WAYS
from policysim.experiments.analysis.numbers import number, percent, signed, span
from policysim.experiments.analysis.wording import plural, scale_of
from policysim.experiments.designs.attribution import Attribution
from policysim.experiments.running.files import whole_or_not
from policysim.model.sources import model_hash
from policysim.viz.charts.contributions import contribution_alt, contribution_chart
from policysim.viz.charts.frame import as_svg
from policysim.viz.style import source_line

WIDE = 118
HEADS = ("", "share", "95% interval", "of the whole", "alone", "added last")


def write_page(found: Attribution, path: Path, on: date) -> None:
    """Write the tables as Markdown with date and build, and beside them FILE-OUTCOME.svg each; raises UserError."""
    lines = _head(found, on)
    source = source_line(found.scenario.where.name)
    for name in found.outcomes:
        rows = found.of(name)
        picture = path.with_name(f"{path.stem}-{name.replace('_', '-')}.svg")
        with whole_or_not(picture) as part:
            part.write_text(
                as_svg(contribution_chart(rows, found.scenario.years, source)), encoding="utf-8", newline="\n"
            )
        lines += _section(rows, picture.name)
    text = "\n".join(line if line[:1] in "|!" else fill(line, WIDE, break_on_hyphens=False) for line in lines) + "\n"
    with whole_or_not(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def _head(found: Attribution, on: date) -> list[str]:
    scenario = found.scenario
    return [
        f"# What each lever of “{found.regime.name}” brings",
        "",
        f"Written on {on.isoformat()} by `policysim attribute` with `--page` (model {model_hash()}). {scenario.where.name}, "
        f"{plural(scenario.years, 'year')} after {plural(scenario.burn_in_years, 'year')} of burn-in, {scale_of(scenario)}, "
        f"{plural(scenario.replicates, 'seed')}, {plural(found.runs, 'run')}.",
        "",
        "Levers are added one after another until the regime is whole. A lever's *share* is what its own step brings, on "
        f"average over orders in which that is done ({WAYS[found.by]}); shares add up to the regime's difference from the status "
        "quo. A share is neither what the lever does by itself (*alone*, added first) nor what would be lost without it (*added "
        "last*, beside all others): these stand beside it.",
        "",
        on_orders(found.rows, found.orders, found.all_orders),
        "",
    ]


def _section(rows: Sequence[Row], picture: str) -> list[str]:
    outcome, whole = OUTCOMES[rows[0].outcome], rows[0]
    share = f", {percent(whole.value / whole.status_quo)}" if whole.status_quo else ""
    return [
        f"## {outcome.label}",
        "",
        f"The whole regime: {signed(whole.value, outcome.money)}{_around(whole)}, where the status quo has "
        f"{number(whole.status_quo, outcome.money)}{share}.",
        "",
        f"![{contribution_alt(rows)}]({picture})",
        "",
        f"| {' | '.join(HEADS)} |",
        "| --- | ---: | --- | ---: | ---: | ---: |",
        *(_line(row, outcome.money) for row in rows if row.level != REGIME),
        "",
        *[line for said in on_interactions(rows) for line in (said, "")],
    ]


def _around(row: Row) -> str:
    limits = row.around(OUTCOMES[row.outcome].money)
    return f" ({limits})" if limits else ""


def _line(row: Row, money: bool) -> str:
    cells = (
        f"**{row.title}**" if row.level == GROUP else f"`{row.id}`",
        signed(row.value, money),
        row.around(money),
        percent(row.share).lstrip("+") if row.share == row.share else "",
        *(f"{signed(value, money)}{_between(value, low, high, money)}" for value, low, high in (
            (row.alone, row.alone_low, row.alone_high),
            (row.leave_one_out, row.leave_one_out_low, row.leave_one_out_high),
        )),
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _between(value: float, low: float, high: float, money: bool) -> str:
    limits = span(low, high, money, signs=True)
    return f" ({limits})" if limits else ""
