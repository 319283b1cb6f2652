"""A finished comparison as the page tells it: a table of differences, a sentence, and the numbers behind each curve."""

import math
from dataclasses import dataclass

import pandas as pd

from policysim.scenarios.regime import Regime
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.network import Picture
from policysim.viz.digest import Digest, is_clear, totals, yearly
from policysim.viz.style import Measure, measure, number, percent, signed, span

SHOWN = tuple(
    measure(name)
    for name in (
        "expected_deaths", "overdoses", "treatment_entries", "in_treatment", "opiate_or_crack_users", "first_use",
        "searches", "arrests", "diversions", "imprisoned", "offences", "spending",
    )
)  # fmt: skip
"""The outcomes of the page. Deaths are the expected ones: the same mean as a count, with a fraction of its noise."""
IN_THE_TABLE = (
    "expected_deaths", "overdoses", "treatment_entries", "searches", "arrests", "imprisoned", "offences", "spending",
)  # fmt: skip
COLUMNS = sorted({column for shown in SHOWN for column in shown.columns})
"""The columns of the model's weekly table that the page needs."""
FEW = 5
NOISE = "within noise"


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


def level(found: pd.Series, shown: Measure) -> str:
    """The status quo's number; counts too small to say are not said."""
    if 0 <= found["mean"] < FEW and not shown.money:
        return f"under {FEW}"
    return number(found["mean"], shown.money)


def difference(found: pd.Series, base: float, shown: Measure) -> Cell:
    """A regime's difference from the status quo."""
    gap, low, high = found["difference"], found["difference_low"], found["difference_high"]
    if gap == 0 and not (low or high):
        return Cell("no change", "", False)
    limits = span(low, high, shown.money, signs=True)
    if not math.isfinite(low):
        return Cell(f"{number(abs(gap), shown.money)} {_direction(gap, shown)}", limits, False)
    if not is_clear(low, high):
        return Cell(NOISE, limits, False)
    share = f"{percent(gap / base)}, " if base else ""
    return Cell(f"{number(abs(gap), shown.money)} {_direction(gap, shown)}", share + limits, True)


def _direction(gap: float, shown: Measure) -> str:
    return "more" if gap > 0 else "less" if shown.money else "fewer"


def table(results: Results) -> list[tuple[Measure, str, list[Cell]]]:
    """A row for each headline outcome: what it is, the status quo over the horizon, each regime's difference."""
    rows = []
    for name in IN_THE_TABLE:
        shown = measure(name)
        found = totals(results.digest, shown)
        base = found.iloc[0]
        cells = [difference(found.loc[regime.id], base["mean"], shown) for regime in results.others]
        rows.append((shown, level(base, shown), cells))
    return rows


def sentence(results: Results) -> str:
    """What the run says about deaths, in one sentence."""
    shown = measure("expected_deaths")
    found = totals(results.digest, shown)
    parts: dict[str, list[str]] = {}
    for regime in results.others:
        row = found.loc[regime.id]
        low, high = row["difference_low"], row["difference_high"]
        if is_clear(low, high):
            ends = sorted((abs(low), abs(high)))
            words = f"{number(abs(row['difference']))} {_direction(row['difference'], shown)} ({span(*ends)})"
        else:
            words = "no difference beyond noise"
        parts.setdefault(words, []).append(f"“{regime.name}”")
    told = "; ".join(f"{words} under {_listed(names)}" for words, names in parts.items())
    years = results.scenario.years
    return f"Deaths from drug misuse over {years} years, against the status quo: {told}."


def _listed(names: list[str]) -> str:
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def curve(results: Results, shown: Measure, paired: bool) -> pd.DataFrame:
    """Year by year: columns regime, year, mean, low, high; paired: of the differences from the status quo."""
    found = yearly(results.digest, shown)
    if not paired:
        return found[["regime", "year", "mean", "low", "high"]]
    gaps = found[found["regime"] != results.scenario.regimes[0].id]
    parts = gaps[["regime", "year", "difference", "difference_low", "difference_high"]]
    return parts.set_axis(["regime", "year", "mean", "low", "high"], axis=1)


def curve_cells(row: pd.Series, shown: Measure, paired: bool) -> str:
    """A point of a curve as the table beside it prints it."""
    write = signed if paired else number
    if not math.isfinite(row["low"]):
        return write(row["mean"], shown.money)
    return f"{write(row['mean'], shown.money)} ({span(row['low'], row['high'], shown.money, signs=paired)})"
