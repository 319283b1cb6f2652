"""A finished comparison as the page tells it: a table of differences, a sentence, and the numbers behind each curve."""

from dataclasses import dataclass

import pandas as pd

from policysim.counts.outcomes import Outcome, Shown, headlines
from policysim.experiments.analysis.compare import ANSWER, of_precision
from policysim.experiments.analysis.estimates import level_in
from policysim.experiments.analysis.numbers import span
from policysim.experiments.analysis.standing import over_unknowns
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS, Spread
from policysim.experiments.analysis.wording import (
    NO_DIFFERENCE,
    NO_INTERVAL,
    NOISE,
    Difference,
    answer,
    difference,
    level,
    level_or_few,
)
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.network import Picture
from policysim.viz.digest import Digest, findings, spreads, totals, yearly

SHOWN = headlines(Shown.PAGE)
"""The outcomes of the page. Deaths are the expected ones: the same mean as a count, with a fraction of its noise."""
IN_THE_TABLE = headlines(Shown.PAGE | Shown.REPORT)
"""Those of the table: what stands on the page and at the head of the report too."""
COLUMNS = sorted({column for outcome in SHOWN for column in outcome.columns})
"""The columns of the model's weekly table that the page needs."""

NO_SPREAD = Spread()


@dataclass(frozen=True, eq=False)
class Results:
    """What a run of the page found; the status quo is the first regime."""

    digest: Digest
    picture: Picture
    seconds: float

    @property
    def scenario(self) -> Scenario:
        """What was run."""
        return self.digest.scenario

    @property
    def others(self) -> list[Regime]:
        """The regimes set against the status quo."""
        return list(self.scenario.regimes[1:])


@dataclass(frozen=True)
class Cell:
    """A difference in words: what changes, by which share, and between which limits chance alone would put it."""

    words: str
    detail: str
    clear: bool


def cell(found: Difference, spread: Spread = NO_SPREAD) -> Cell:
    """A regime's difference from the status quo, with each of its intervals by name where there are two."""
    limits, more = found.limits, ""
    if spread.draws:
        drawn = span(spread.gap_low, spread.gap_high, found.outcome.money, signs=True)
        limits, more = f"{OVER_SEEDS}: {limits or NO_INTERVAL}", f"{OVER_UNKNOWNS}: {drawn}"
    if found.is_none:
        return Cell(NO_DIFFERENCE, more, False)
    if found.is_noise:
        return Cell(NOISE, "; ".join(filter(None, (limits, more))), False)
    return Cell(
        found.amount,
        "; ".join(filter(None, (", ".join(filter(None, (found.share, limits))), more))),
        found.gap.is_clear,
    )


def table(results: Results) -> list[tuple[Outcome, str, list[Cell]]]:
    """A row for each headline outcome: what it is, the status quo over the horizon, each regime's difference."""
    rows = []
    for outcome in IN_THE_TABLE:
        found = totals(results.digest, outcome)
        over = spreads(results.digest, outcome)
        cells = [cell(difference(found, regime.id, outcome), over[regime.id]) for regime in results.others]
        rows.append((outcome, level_or_few(found.at[STATUS_QUO, "mean"], outcome), cells))
    return rows


def main_answer(results: Results) -> str:
    """What the run says about deaths, in one sentence."""
    found = findings(results.digest, ANSWER)
    over_seeds = answer({name: gap for name, (gap, _) in found.items()}, results.scenario.years)
    return " ".join(filter(None, (over_seeds, over_unknowns(found))))


def precision_notes(results: Results) -> tuple[str, ...]:
    """Where the table has no intervals, and what a finer one of the answer would take."""
    return of_precision({outcome.id: totals(results.digest, outcome) for outcome in IN_THE_TABLE}, results.scenario)


def curve(results: Results, outcome: Outcome, paired: bool) -> pd.DataFrame:
    """Year by year: columns regime, year, mean, low, high, seeds; paired: of the differences from the status quo."""
    found = yearly(results.digest, outcome)
    if not paired:
        return found[["regime", "year", "mean", "low", "high", "seeds"]]
    gaps = found[found["regime"] != STATUS_QUO]
    parts = gaps[["regime", "year", "difference", "difference_low", "difference_high", "seeds"]]
    return parts.set_axis(["regime", "year", "mean", "low", "high", "seeds"], axis=1)


def curve_cells(row: pd.Series, outcome: Outcome, paired: bool) -> str:
    """A point of a curve as the table beside it prints it."""
    if paired:
        return Difference(outcome, level_in(row), base=0).signed_with_limits
    mean, *limits = level(level_in(row), outcome)
    return f"{mean} ({limits[0]})" if limits else mean
