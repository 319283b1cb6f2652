"""What the room shows of a sweep: each view a chart with its paragraph and the table behind it. Nothing is simulated."""

import base64
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from html import escape
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from policysim.counts.outcomes import OUTCOMES, Outcome
from policysim.errors import UserError
from policysim.experiments.analysis.numbers import number, signed
from policysim.experiments.analysis.sweeps.frames import Gathered, answers, label
from policysim.experiments.analysis.sweeps.overall import Overall, overall
from policysim.experiments.analysis.sweeps.pulls import Pulls, pulls
from policysim.experiments.analysis.sweeps.surfaces import STEPS
from policysim.experiments.analysis.wording import plural
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.app import html
from policysim.viz.app.sweeps.asking import VIEWS, Asking, narrowed, settled
from policysim.viz.app.sweeps.opened import mark_of, opened
from policysim.viz.charts.sweeps.panels import source_of, unit_of
from policysim.viz.sweep_analyses import OF_POINTS, OF_VARIANCE, SHARES, TRAJECTORIES, Analysis, Asked, analyses
from policysim.world.places import find_place

MOST_ROWS = 60
"""Of a table that stands in the page."""
EVERY = 5
"""Of a fitted surface every so many values of each thing are told in the table."""
SCREEN = 120
"""Points of the screen an inch: as sharp as a projector shows it, and as few bytes as that takes."""
CLOSER = 0.9
"""Of the size on paper: the letters stay as they are, and are larger to the eye."""
KEPT = 60
"""Views that are kept at hand, of all visits together."""
WORDS = {
    "mean": "Mean", "low": "95% from", "high": "95% to", "seeds": "Seeds", "points": "Points", "regime": "Regime",
    "path": "What varies", "change": "Change", "what": "What varies", "from": "Lowest", "to": "Highest",
    "clear": "Beyond chance", "best": "Best at", "clearly_best": "Best beyond chance at",
    "no_worse": "No worse than status quo at", "regret_mean": "Mean regret", "regret_90": "Regret, nine points in ten",
    "regret_max": "Most regret", "worst": "At its worst point", "mu_star": "Mean size of change", "mu_star_conf": "± 95%",
    "mu": "Mean change", "sigma": "Scatter", "noise": "Reach of chance", "beyond_chance": "Beyond chance",
    "total": "Share in all", "total_low": "95% from", "total_high": "95% to", "first": "Share alone", "first_low": "95% from",
    "first_high": "95% to", "ST": "Share in all, chance included", "S1": "Share alone, chance included",
}  # fmt: skip


@dataclass(frozen=True)
class View:
    """What is shown: `picture` is the address of an image with its bytes, `alt` says it in words, `source` what it is made of."""

    title: str
    paragraph: str
    table: str
    picture: str = ""
    alt: str = ""
    source: str = ""
    points: int = 0


def view_of(asking: Asking, what: str) -> View:
    """One of VIEWS, made once for whatever the folder holds; raises UserError."""
    return _made(asking, what, mark_of(asking.sweep))


@lru_cache(maxsize=KEPT)
def _made(asking: Asking, what: str, _mark: tuple[str, bytes | None]) -> View:
    swept = opened(asking.sweep, asking.outcome)
    asking = settled(asking, swept)
    kept = narrowed(asking, swept)
    return VIEW[what](kept, asking, OUTCOMES[asking.outcome])


def _picture(draw: Callable[[], Figure] | None) -> tuple[str, str]:
    """As points of the screen, as many bytes of a million rows as of ten; and the words at its foot, which the page tells."""
    if draw is None:
        return "", ""
    buffer, figure = io.BytesIO(), draw()
    foot = " ".join(figure.get_supxlabel().split())
    figure.supxlabel("")
    figure.set_size_inches(figure.get_figwidth() * CLOSER, figure.get_figheight() * CLOSER)
    figure.savefig(buffer, format="png", dpi=SCREEN, metadata={"Software": None})
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}", foot


def _of(
    found: Analysis, swept: Gathered, outcome: Outcome, rows: pd.DataFrame | None = None, paired: bool = True
) -> View:  # fmt: skip
    what = "The numbers in this chart" if found.draw else "The numbers of this fit"
    shown = (found.table if rows is None else rows)[list(found.shown)]
    table = html.folded(what, _table(found.title, shown, swept, outcome, paired))
    picture, source = _picture(found.draw)
    return View(found.title, found.paragraph, table, picture, found.alt, source, len(swept.points))


def _first(found: Iterator[Analysis]) -> Analysis:
    for one in found:
        return one
    raise UserError("There are no finished runs to make this of: keep more points, or choose another regime.")


# ---------------------------------------------------------------- the views


def _surface(swept: Gathered, asking: Asking, outcome: Outcome) -> View:
    across = tuple(dict.fromkeys(path for path in (asking.first, asking.second) if path))
    found = _first(analyses(swept, "surface", Asked(outcome, (asking.regime,), across)))
    rows = found.table
    if len(rows) == STEPS**2:
        told = [k for k in range(len(rows)) if k // STEPS % EVERY == 0 and k % STEPS % EVERY == 0]
        rows = rows.iloc[told]
    elif len(rows) == STEPS:
        rows = rows.iloc[::2]
    return _of(found, swept, outcome, rows, asking.regime != STATUS_QUO and STATUS_QUO in swept.regimes)


def _moves(swept: Gathered, asking: Asking, outcome: Outcome) -> View:
    if swept.design in (TRAJECTORIES, SHARES) and not asking.is_narrowed:
        return _of(_first(analyses(swept, "screening", Asked(outcome, (asking.regime,)))), swept, outcome)
    from policysim.viz.charts.sweeps.pulls import pulls_alt, pulls_chart

    (answer,) = (one for one in answers(swept, outcome, [asking.regime]) if one.place == asking.place)
    found = pulls(answer, swept.points_in(asking.place), swept.logs)
    source = source_of(swept, find_place(asking.place).name, found.points)
    title = f"What moves {outcome.noun} most: {swept.name(asking.regime)}"
    shown = found.rows[["what", "change", "low", "high", "clear"]]
    table = html.folded("The numbers in this chart", _table(title, shown, swept, outcome))
    picture, told = _picture(partial(pulls_chart, found, swept, source))
    return View(title, _on_pulls(found, swept), table, picture, pulls_alt(found, swept), told, found.points)


def _on_pulls(found: Pulls, swept: Gathered) -> str:
    rows, money = found.rows.to_dict("records"), found.answer.outcome.money
    strongest, clear = rows[0], sum(row["clear"] for row in rows)
    against = ", against the status quo," if found.answer.paired else ""
    first = (
        f"{swept.name(found.answer.regime)}{against} changes by {signed(strongest['change'], money)} "
        f"({signed(strongest['low'], money)} to {signed(strongest['high'], money)}) as {strongest['what']} goes from its lowest "
        f"to its highest value among the points, all else as it is."
    )
    fit = (
        ""
        if found.r2 != found.r2
        else f" Straight lines foretell {max(0.0, found.r2):.0%} of the variance of points left out."
    )
    if not clear:
        return f"Nothing that varies moves it by more than chance may, of {len(rows)}.{fit}"
    return f"{first} {clear} of {len(rows)} move it by more than chance may.{fit}"


def _ranking(swept: Gathered, asking: Asking, outcome: Outcome) -> View:
    return _of(_first(analyses(swept, "robustness", Asked(outcome))), swept, outcome)


def _summary(swept: Gathered, asking: Asking, outcome: Outcome) -> View:
    """The kept points in numbers: no chart, the table is the answer."""
    found = overall(swept, outcome)
    name = find_place(asking.place).name
    points = swept.points_in(asking.place)
    title = f"{outcome.label} at {plural(len(points), 'point')}, {name}: {unit_of(outcome, swept.years)}"
    head = ["Regime", "Mean", "95% over seeds", "Least", "Median", "Most", "Fewer at", "More at", "Seeds"]
    told = html.table(title, head, [_overall_row(one, swept) for one in found])
    lines = [
        [escape(label(path)), escape(_kept(points, path)), escape(swept.units.get(path, ""))] for path in swept.paths
    ]
    varied = html.table("What varies among these points", ["What varies", "From, to", "Unit"], lines)
    paragraph = (
        f"The status quo in its own numbers; other regimes as differences from the status quo of the same point and seed. The "
        f"interval is of the mean over these {len(points):,} points, and shows chance alone; least, median and most are over the "
        "points, and show what varies. “Fewer at” and “more at” count points where the difference is beyond chance."
    )
    return View(title, paragraph, told + varied, points=len(points))


def _overall_row(one: Overall, swept: Gathered) -> list[str]:
    write = partial(signed if one.paired else number, money=one.outcome.money)
    limits = f"{write(one.mean.low)} to {write(one.mean.high)}" if one.mean.has_interval else "none: seeds alike or one"
    ends = [write(value) for value in (one.least, one.median, one.most)]
    counts = [f"{count:,} of {one.points:,}" if one.paired else "–" for count in (one.fewer, one.more)]
    return [escape(swept.name(one.regime)), write(one.mean.mean), limits, *ends, *counts, str(one.mean.seeds)]


def _kept(points: pd.DataFrame, path: str) -> str:
    taken = points[path]
    if pd.api.types.is_numeric_dtype(taken):
        return f"{taken.min():.4g} to {taken.max():.4g}"
    return ", ".join(sorted(map(str, taken.unique())))


VIEW: dict[str, Callable[[Gathered, Asking, Outcome], View]] = dict(
    zip(VIEWS, (_surface, _moves, _ranking, _summary), strict=True)
)


# ---------------------------------------------------------------- the table behind a chart


def _table(title: str, rows: pd.DataFrame, swept: Gathered, outcome: Outcome, paired: bool = True) -> str:
    """The first rows of what a chart shows, in words and in the project's numbers."""
    names = [WORDS.get(name, swept.axis(name)) for name in map(str, rows.columns)]
    said = [
        [_cell(str(name), value, swept, outcome, paired) for name, value in row.items()]
        for row in rows.head(MOST_ROWS).to_dict("records")
    ]
    left = f", the first {MOST_ROWS} of {len(rows):,} rows" if len(rows) > MOST_ROWS else ""
    return html.table(f"{title}{left}", names, said)


def _cell(name: str, value: Any, swept: Gathered, outcome: Outcome, paired: bool) -> str:
    if name == "regime":
        return escape(swept.name(str(value)))
    if name == "path":
        return escape(label(str(value)))
    if isinstance(value, bool) or name in ("clear", "beyond_chance"):
        return "yes" if value else "no"
    if isinstance(value, str):
        return escape(value)
    if value is None or value != value:
        return "–"
    if name in OF_POINTS + OF_VARIANCE:
        return f"{value:.0%}"
    if name in swept.paths:
        return f"{value:.4g}"
    if name in ("seeds", "points"):
        return f"{value:.0f}"
    is_change = name in ("change", "mu") or (name in ("mean", "low", "high") and paired)
    return (signed if is_change else number)(float(value), outcome.money)
