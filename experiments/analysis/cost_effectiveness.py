"""What a death averted and a QALY cost, with both intervals; and where no such price can be told.

A run's public spending, misuse deaths and QALYs lost are worked out year by year and set against the status quo of the same
seed, or of the same drawn numbers. A QALY is lost by every year of dependence, more out of treatment than in it, and by a
death: the years that the person would have lived, of the quality of those who use. Costs and QALYs are discounted from the
middle of their year; deaths are counted. QALYs are never added to a value of a prevented death: that would count it twice.

A ratio says something only where the difference that it is divided by is not about zero. Its interval over seeds is
Fieller's (Biometrics Bulletin 1, 1940; as in Briggs, Health Economics 8, 1999), that over what nobody knows is of the draws.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from policysim.counts.outcomes import OUTCOMES
from policysim.evidence.registry import numbers_of_a_run
from policysim.experiments.analysis.estimates import CONFIDENCE, Estimate, estimate
from policysim.experiments.analysis.unknowns import interval
from policysim.experiments.running.draws import drawn
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario
from policysim.vocabulary.time import WEEKS_PER_YEAR

PAID = OUTCOMES["spending"].columns
TREATED = OUTCOMES["in_treatment"].columns
DEATHS = ("expected_deaths", "suicides", "other_deaths")
"""Deaths that levers can move: misuse poisonings by their chance, which is less noisy, and the others as counted."""
STOCKS = ("dependent", *TREATED)
NEEDED = (*PAID, *DEATHS, *STOCKS)
"""Columns of the weekly table."""
NAMES = ("discount_rate", "qaly_loss_untreated", "qaly_loss_treated", "qaly_of_saved", "years_of_saved")
"""Numbers of the registry that turn a run into QALYs."""
Numbers = Mapping[str, float]


class Measure(Enum):
    """What is gained: the word for one of it."""

    DEATH = "death averted"
    QALY = "QALY"
    QALY_WITHIN = "QALY within the horizon"


@dataclass(frozen=True)
class Point:
    """One regime beside the status quo in one run: GBP more, and what is gained by each measure."""

    cost: float
    gained: Mapping[Measure, float]


@dataclass(frozen=True)
class Ratio:
    """A price with its interval; nothing (nan) where there is none to tell."""

    value: float = math.nan
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True)
class Finding:
    """A regime by one measure: what it costs more, what is gained, the price of one, over seeds and over the draws."""

    regime: str
    measure: Measure
    cost: Estimate
    gained: Estimate
    ratio: Ratio
    cost_of_draws: tuple[float, float]
    gained_of_draws: tuple[float, float]
    ratio_of_draws: Ratio
    draws: int

    @property
    def gain(self) -> int:
        """1 where more is gained, -1 where less, beyond chance and over what nobody knows; 0 where neither is sure."""
        return _sure(self.gained, self.gained_of_draws, self.draws)

    @property
    def price(self) -> int:
        """The same of the cost."""
        return _sure(self.cost, self.cost_of_draws, self.draws)


def _sure(found: Estimate, of_draws: tuple[float, float], draws: int) -> int:
    side = int(found.low > 0) - int(found.high < 0)
    return side if not draws or side * of_draws[0 if side > 0 else 1] > 0 else 0


# ---------------------------------------------------------------- one run


def annuity(years: float, rate: float) -> float:
    """A year of life in each of so many years to come, discounted to their beginning."""
    return years if rate == 0 else (1 - (1 + rate) ** -years) / math.log1p(rate)


def of_run(years: pd.DataFrame, numbers: Numbers) -> tuple[float, dict[Measure, float]]:
    """GBP spent, and what is lost by each measure, of a run by year (a row for each year, in order)."""
    rate, horizon = numbers["discount_rate"], len(years)
    middle = np.arange(horizon) + 0.5
    weight = (1 + rate) ** -middle
    cost = math.fsum(years[list(PAID)].sum(axis=1) * weight)
    treated = np.minimum(years[list(TREATED)].sum(axis=1), years["dependent"])
    lived = numbers["qaly_loss_treated"] * treated + numbers["qaly_loss_untreated"] * (years["dependent"] - treated)
    died = years[list(DEATHS)].sum(axis=1) * numbers["qaly_of_saved"]
    whole = annuity(numbers["years_of_saved"], rate)
    within = np.array([annuity(horizon - middle[k], rate) for k in range(horizon)])
    return cost, {
        Measure.DEATH: math.fsum(years["expected_deaths"]),
        Measure.QALY: math.fsum((lived + died * whole) * weight),
        Measure.QALY_WITHIN: math.fsum((lived + died * within) * weight),
    }


def numbers_of(scenario: Scenario, draw: int = 0) -> dict[str, float]:
    """The numbers that make QALYs of a run: the scenario's own, or those of a draw."""
    changed = scenario.numbers | (drawn(scenario, draw) if draw else {})
    numbers = numbers_of_a_run(changed)
    return {name: float(numbers[name]) for name in NAMES}


# ---------------------------------------------------------------- all runs, beside the status quo


def points_of_seeds(weekly: pd.DataFrame, scenario: Scenario) -> dict[str, list[Point]]:
    """A point for each regime and seed. `weekly`: weeks of the whole place with regime and replicate."""
    years = (weekly["week"] // WEEKS_PER_YEAR).rename("year")
    how = {name: "mean" if name in STOCKS else "sum" for name in NEEDED}
    yearly = weekly.groupby(["replicate", "regime", years]).agg(how).reset_index()
    numbers = numbers_of(scenario)
    return _points(yearly, "replicate", scenario, lambda _: numbers)


def points_of_draws(by_draw: pd.DataFrame, scenario: Scenario) -> dict[str, list[Point]]:
    """A point for each regime and draw, with the quality of life and the discount rate of that draw."""
    if by_draw.empty:
        return {}
    return _points(by_draw, "draw", scenario, lambda draw: numbers_of(scenario, draw))


def _points(
    yearly: pd.DataFrame, key: str, scenario: Scenario, numbers: Callable[[int], Numbers]
) -> dict[str, list[Point]]:
    """A point for each regime and value of the key."""
    others = [regime.id for regime in scenario.regimes if regime.id != STATUS_QUO]
    found: dict[str, list[Point]] = {name: [] for name in others}
    for value, runs in yearly.groupby(key):
        used = numbers(int(value))
        of = {str(name): of_run(years.sort_values("year"), used) for name, years in runs.groupby("regime")}
        today_cost, today = of[STATUS_QUO]
        for name in others:
            cost, lost = of[name]
            found[name].append(
                Point(cost - today_cost, {measure: today[measure] - lost[measure] for measure in Measure})
            )
    return found


def findings(of_seeds: Mapping[str, Sequence[Point]], of_draws: Mapping[str, Sequence[Point]]) -> Iterator[Finding]:
    """Every regime by every measure."""
    for name, points in of_seeds.items():
        drawn_points = of_draws.get(name, ())
        for measure in Measure:
            costs, gains = ([one.cost for one in points], [one.gained[measure] for one in points])
            drawn_costs = [one.cost for one in drawn_points]
            drawn_gains = [one.gained[measure] for one in drawn_points]
            yield Finding(
                name, measure, estimate(costs), estimate(gains), fieller(costs, gains), interval(drawn_costs),
                interval(drawn_gains), over_draws(drawn_costs, drawn_gains), len(drawn_points),
            )  # fmt: skip


def fieller(costs: Sequence[float], gains: Sequence[float]) -> Ratio:
    """The ratio of two means that were found together, with its interval; none where the gain's holds zero."""
    n, gained = len(costs), estimate(gains)
    if n < 2 or not gained.is_clear:
        return Ratio()
    c, e = math.fsum(costs) / n, gained.mean
    q = float(stdtrit(n - 1, (1 + CONFIDENCE) / 2)) ** 2 / (n * (n - 1))
    cc = q * math.fsum((x - c) ** 2 for x in costs)
    ee = q * math.fsum((y - e) ** 2 for y in gains)
    ce = q * math.fsum((x - c) * (y - e) for x, y in zip(costs, gains, strict=True))
    middle, square = c * e - ce, e * e - ee
    if square <= 0:  # so small a gain that its square is none
        return Ratio()
    reach = math.sqrt(max(middle * middle - (c * c - cc) * square, 0.0))
    return Ratio(c / e, (middle - reach) / square, (middle + reach) / square)


def over_draws(costs: Sequence[float], gains: Sequence[float]) -> Ratio:
    """The middle ratio of the draws and their interval; none where the interval of the gain holds zero."""
    low, high = interval(gains)
    side = 1 if low > 0 else -1 if high < 0 else 0
    ratios = [c / e for c, e in zip(costs, gains, strict=True) if e * side > 0]
    return Ratio(float(np.median(ratios)), *interval(ratios)) if side and ratios else Ratio()


# ---------------------------------------------------------------- willing to pay


def acceptability(
    points: Mapping[str, Sequence[Point]], money: Sequence[float], measure: Measure = Measure.QALY
) -> dict[str, list[float]]:
    """By regime, the share of runs in which it is worth most where one gained is worth so many pounds; ties are shared.

    The status quo is one of them: it costs nothing more and gains nothing.
    """
    runs = len(next(iter(points.values()), ()))
    shares: dict[str, list[float]] = {name: [] for name in (STATUS_QUO, *points)}
    for pounds in money:
        worth = np.array(
            [[0.0] * runs, *([pounds * one.gained[measure] - one.cost for one in found] for found in points.values())]
        )
        best = worth == worth.max(axis=0)
        for name, wins in zip(shares, best / best.sum(axis=0), strict=True):
            shares[name].append(float(wins.mean()))
    return shares


def table(found: Sequence[Finding]) -> pd.DataFrame:
    """The findings as a file: GBP, gains, GBP for one gained; intervals over seeds, then over what nobody knows."""
    rows = []
    for one in found:
        row: dict[str, object] = {"regime": one.regime, "for_one": one.measure.value}
        for name, value in (("cost", one.cost), ("gained", one.gained)):
            row |= {name: value.mean, f"{name}_low": value.low, f"{name}_high": value.high}
        row |= {"ratio": one.ratio.value, "ratio_low": one.ratio.low, "ratio_high": one.ratio.high}
        for name, ends in (("cost", one.cost_of_draws), ("gained", one.gained_of_draws)):
            row |= {f"{name}_uncertainty_low": ends[0], f"{name}_uncertainty_high": ends[1]}
        drawn_ratio = one.ratio_of_draws
        row |= {"ratio_uncertainty_low": drawn_ratio.low, "ratio_uncertainty_high": drawn_ratio.high}
        rows.append(row | {"seeds": one.cost.seeds, "draws": one.draws})
    return pd.DataFrame(rows)
