"""Stock and edited rules as the two sides of a comparison, so that they are told and drawn as Compare does regimes.

The stock rules stand where the status quo does there: what the edit changes is then a difference paired by seed.
"""

from collections.abc import Sequence
from html import escape

import numpy as np

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.against_stock import shown_of, told, unit_over_years
from policysim.experiments.analysis.estimates import gap_in, level_in
from policysim.experiments.analysis.wording import Difference, level
from policysim.scenarios.own_arms import beside_which
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.viz.app import html
from policysim.viz.app.compare.answers import answers
from policysim.viz.app.running.found import Found

YOURS = "your-rules"
STOCK = Regime(id=STATUS_QUO, name="Stock rules")
SIDES = (STOCK, Regime(id=YOURS, name="Your rules"))


def sides(stock: Found, edited: Found, regime: str) -> Found:
    """What has come in of one regime under the stock rules and under those that are edited."""
    arm = next(one for one in edited.scenario.regimes if beside_which(one.id, stock.regimes) == regime)
    yours = Regime(id=YOURS, name=SIDES[1].name, people_classes=arm.people_classes)
    found = Found(stock.scenario.model_copy(update={"regimes": (STOCK, yours)}))
    lived = stock.values[:, stock.regimes.index(regime)], edited.values[:, edited.regimes.index(arm.id)]
    found.values = np.stack(lived, axis=1)
    return found


def whole_seeds(found: Found) -> int:
    """Seeds that are through under both."""
    return found.seeds(found.scenario.years)


def sentence(found: Found, outcome: Outcome) -> str:
    """What the edit does to an outcome, in words with its interval; nothing before a year is through."""
    said = answers(found, outcome, found.years)
    return said[0].sentence if said else ""


def unit_of(outcome: Outcome) -> str:
    """`deaths a year`, `people at a time`."""
    return "people at a time" if outcome.stock else "£ million a year" if outcome.money else f"{outcome.unit} a year"


def by_year(found: Found, outcome: Outcome, caption: str) -> str:
    """The numbers of a chart: each year under both, and the paired difference."""
    points = found.once(Found.yearly, outcome, years=found.years)
    rows = []
    for year, at in points.groupby("year"):
        lines = at.set_index("regime")
        levels = [_with_limits(level(level_in(lines.loc[side.id]), outcome)) for side in SIDES]
        gap = Difference(outcome, gap_in(lines.loc[YOURS]), 0).signed_with_limits
        rows.append([str(found.scenario.start_year + int(year)), *levels, gap])
    return html.table(caption, ["Year", *(side.name for side in SIDES), "Your edit changes it by"], rows)


def _with_limits(parts: Sequence[str]) -> str:
    mean, *limits = parts
    return f"{mean} ({limits[0]})" if limits else mean


def table(found: Found, regime: str) -> str:
    """Every outcome over the horizon under both; nothing where no seed is through."""
    scenario, seeds = found.scenario, whole_seeds(found)
    if not seeds:
        return ""
    head = ["Outcome", "Your edit changes it by (95%)", "In percent", *(side.name for side in SIDES)]
    caption = f"{regime}: {scenario.where.name}, {scenario.years} years, {seeds} of {scenario.replicates} seeds"
    return html.table(caption, head, [_row(found, outcome) for outcome in shown_of(scenario)], "ps-rules-sides")


def _row(found: Found, outcome: Outcome) -> list[str]:
    head = f"{escape(outcome.label)} <small>{escape(unit_over_years(outcome))}</small>"
    return [head, *told(found.totals(outcome, found.scenario.years), YOURS, outcome)]
