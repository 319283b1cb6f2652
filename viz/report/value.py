"""The report's sections on money: who pays and who saves, purses that ran dry, equal spend, what a QALY costs."""

from dataclasses import dataclass

from policysim.counts.outcomes import COSTS, OUTCOMES
from policysim.experiments.analysis.budgets import sentences
from policysim.experiments.analysis.cost_effectiveness import (
    Finding,
    Measure,
    acceptability,
    findings,
    points_of_draws,
    points_of_seeds,
)
from policysim.experiments.analysis.equal_spend import reached
from policysim.experiments.analysis.numbers import number, span
from policysim.experiments.analysis.price_words import both, cost_lines, gain_lines, price_limits, said
from policysim.experiments.analysis.wording import NO_DIFFERENCE, NOISE, difference, plural, sentence_case
from policysim.viz.blocks import Cell, Chart, Table
from policysim.viz.charts import Look, acceptability_chart, plane_chart
from policysim.viz.charts.value import Points, acceptability_alt, plane_alt
from policysim.viz.digest import Digest, spreads, totals

HEADS = {
    Measure.DEATH: "For each misuse death averted", Measure.QALY: "For each QALY",
    Measure.QALY_WITHIN: "For each QALY within the horizon",
}  # fmt: skip

SUMS = (0, 10_000, 20_000, 30_000, 50_000, 100_000)
"""GBP for a QALY, of the table behind the curves."""


def purses(digest: Digest) -> Table:
    """By purse what each regime costs it more, or saves, with both intervals."""
    years = plural(digest.scenario.years, "year")
    found = Table(
        f"Spending by purse over {years}, beside the status quo; not discounted",
        ["Purse", *(digest.names[name] for name in digest.others)],
    )
    for name in (*COSTS, "spending"):
        outcome = OUTCOMES[name]
        table, over_draws = totals(digest, outcome), spreads(digest, outcome)
        cells = [Cell("Public money, four purses" if name == "spending" else outcome.label.removesuffix(" spending"))]
        for regime in digest.others:
            one, spread = difference(table, regime, outcome), over_draws[regime]
            if one.is_none:
                cells.append(Cell(NO_DIFFERENCE, quiet=True))
                continue
            limits = both(
                one.limits if one.gap.has_interval else "", span(spread.gap_low, spread.gap_high, True, signs=True)
            )
            verb = "pays" if one.gap.mean > 0 else "saves"
            under = tuple(filter(None, (*limits, NOISE if one.is_noise else one.share)))
            cells.append(Cell(f"{verb} {number(abs(one.gap.mean), True)}", under, quiet=one.is_noise))
        found.rows.append(cells)
    return found


def of_purses(digest: Digest) -> list[str]:
    """Sentences on equal spend and on purses that ran dry, where the comparison asks for either."""
    return [*reached(digest.weekly, digest.scenario), *sentences(digest.weekly, digest.scenario)]


@dataclass(frozen=True)
class Prices:
    """What a death averted and a QALY cost: a table and two charts."""

    table: Table
    plane: Chart
    curves: Chart


def prices(digest: Digest, look: Look) -> Prices:
    """What money buys, by regime."""
    of_seeds, of_draws = (
        points_of_seeds(digest.weekly, digest.scenario),
        points_of_draws(digest.by_draw, digest.scenario),
    )
    found = list(findings(of_seeds, of_draws))
    table = _table(digest, found)
    return Prices(table, _plane(digest, look, found, of_seeds, of_draws), _curves(look, of_seeds, of_draws))


def _table(digest: Digest, found: list[Finding]) -> Table:
    """What can be said of each price, and beneath it what is gained and what it costs."""
    table = Table(
        "Public money for what is gained, beside the status quo: money and QALYs discounted, deaths as they are",
        ["", *(digest.names[name] for name in digest.others)],
    )
    for measure, head in HEADS.items():
        cells = [Cell(head)]
        for one in (one for one in found if one.measure is measure):
            under = (*price_limits(one), *gain_lines(one), *cost_lines(one))
            cells.append(Cell(sentence_case(said(one)), under, quiet=one.gain == 0))
        table.rows.append(cells)
    return table


def _plane(digest: Digest, look: Look, found: list[Finding], of_seeds: Points, of_draws: Points) -> Chart:
    words = {one.regime: said(one) for one in found if one.measure is Measure.QALY}
    figure = plane_chart(found, of_seeds, of_draws, look, digest.scenario.years)
    caption = (
        "To the right more QALYs than under the status quo, above it more public money. A regime whose cross touches the upright "
        "line may gain nothing, and has no price."
    )
    return Chart(figure, plane_alt(found, words, look), caption, [_table(digest, found)])


def _curves(look: Look, of_seeds: Points, of_draws: Points) -> Chart:
    caption = (
        "For each sum that somebody may give for a QALY: in how many runs each regime is worth most, the QALYs at that sum less "
        "what they cost. The status quo is worth most where no regime is worth what it costs. It says how sure one can be, not "
        "how much is gained."
    )
    shares = acceptability(of_draws or of_seeds, SUMS)
    behind = Table(
        "How often each regime is worth most, by what a QALY is worth",
        ["A QALY", *(look.names[name] for name in shares)],
    )
    for k, pounds in enumerate(SUMS):
        behind.rows.append([Cell(number(pounds, True)), *(Cell(f"{values[k]:.0%}") for values in shares.values())])
    figure = acceptability_chart(of_seeds, of_draws, look)
    return Chart(figure, acceptability_alt(of_seeds, of_draws, look), caption, [behind])
