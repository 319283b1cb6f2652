"""A level and a difference in words, said in one way by command line, report and page; and small words about counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from policysim.counts.outcomes import FEW, Outcome
from policysim.experiments.analysis.estimates import Estimate, gap_in
from policysim.experiments.analysis.hiding import in_words
from policysim.experiments.analysis.numbers import UNDER_FEW, number, percent, signed, span
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario

NOISE = "within noise"
BEYOND_NOISE = "no difference beyond noise"
NO_DIFFERENCE = "no difference"
NO_INTERVAL = "no interval"


# ---------------------------------------------------------------- small words


def plural(count: int, thing: str) -> str:
    """`1 year`, `3 years`."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def listed(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def sentence_case(text: str) -> str:
    """The first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def lower_case(text: str) -> str:
    """The first letter small, the others as they are."""
    return text[:1].lower() + text[1:]


def seeds_of(scenario: Scenario) -> str:
    """`seed 1`, `seeds 1 to 8`."""
    first, last = scenario.seeds[0], scenario.seeds[-1]
    return f"seeds {first} to {last}" if len(scenario.seeds) > 1 else f"seed {first}"


def years_of(scenario: Scenario) -> str:
    """The calendar years of the horizon: `2025 to 2034`, or `2025` alone."""
    return years_between(scenario.start_year, scenario.start_year + scenario.years - 1)


def years_between(first: int, last: int) -> str:
    """`2025 to 2034`, `2025`."""
    return f"{first} to {last}" if last > first else f"{first}"


def scale_of(scenario: Scenario) -> str:
    """How many residents a simulated person stands for."""
    if scenario.scale == 1:
        return "every resident simulated"
    return f"one simulated person for every {scenario.scale:,.4g} residents"


# ---------------------------------------------------------------- levels


def taken_as(outcome: Outcome) -> str:
    """What its number over a horizon is, where that is not a total."""
    return "mean number at a time" if outcome.stock else ""


def level(found: Estimate, outcome: Outcome) -> tuple[str, ...]:
    """A mean and, where there is one, its interval, which cannot reach below nothing."""
    return _with_limits(found, outcome.money)


def level_or_few(value: float, outcome: Outcome) -> str:
    """A mean by itself; one that is too small to be told is only said to be small."""
    return UNDER_FEW if outcome.hides_few and 0 <= value < FEW else number(value, outcome.money)


def count_or_said(found: Estimate, hidden: str) -> tuple[str, ...]:
    """A count by group, and where there is one its interval; or what is said in place of one that is not told."""
    return (in_words(hidden),) if hidden else _with_limits(found)


def _with_limits(found: Estimate, money: bool = False) -> tuple[str, ...]:
    limits = span(max(found.low, 0.0), found.high, money) if found.has_interval else all_alike(found)
    return tuple(filter(None, (number(found.mean, money), limits)))


def all_alike(found: Estimate) -> str:
    """That several seeds gave the same, which is no interval; nothing where they differ or there is one alone."""
    return "" if found.has_interval or found.seeds < 2 else f"{found.seeds} equal seeds: {NO_INTERVAL}"


def no_interval(found: Estimate) -> str:
    """Why there is no interval; nothing where there is one."""
    return f"one seed: {NO_INTERVAL}" if found.seeds == 1 and not found.has_interval else all_alike(found)


# ---------------------------------------------------------------- differences


@dataclass(frozen=True)
class Difference:
    """A regime's difference from the status quo in one outcome; `base` is the mean under the status quo."""

    outcome: Outcome
    gap: Estimate
    base: float

    @property
    def is_none(self) -> bool:
        """Whether no seed differed."""
        return self.gap.mean == 0 and not self.gap.half > 0

    @property
    def is_noise(self) -> bool:
        """Whether the interval holds zero: chance alone could have made the difference."""
        return self.gap.has_interval and not self.gap.is_clear

    @property
    def amount(self) -> str:
        """`20 fewer`, `£3.00m less`."""
        return f"{number(abs(self.gap.mean), self.outcome.money)} {self.direction}"

    @property
    def direction(self) -> str:
        """`fewer`, of money `less`, or `more`."""
        return "more" if self.gap.mean > 0 else "less" if self.outcome.money else "fewer"

    @property
    def signed(self) -> str:
        """`−20`."""
        return signed(self.gap.mean, self.outcome.money)

    @property
    def limits(self) -> str:
        """`−30 to −10`, or that all seeds are equal; nothing where there is one alone."""
        return span(self.gap.low, self.gap.high, self.outcome.money, signs=True) or all_alike(self.gap)

    @property
    def signed_with_limits(self) -> str:
        """`−20 (−30 to −10)`."""
        return f"{self.signed} ({self.limits})" if self.limits else self.signed

    @property
    def size_limits(self) -> str:
        """`10 to 30`: the limits of a difference that is clear, without their sign; or why there are none."""
        least, most = sorted((abs(self.gap.low), abs(self.gap.high)))
        return span(least, most, self.outcome.money) or no_interval(self.gap)

    @property
    def share(self) -> str:
        """`−10%` of the status quo; nothing where that has none."""
        return percent(self.gap.mean / self.base) if self.base > 0 else ""

    def lines(self) -> tuple[str, ...]:
        """For a cell of a table: the difference, its interval, and its share or that it is noise."""
        if self.is_none:
            return (NO_DIFFERENCE,)
        return tuple(filter(None, (self.signed, self.limits, NOISE if self.is_noise else self.share)))

    def in_words(self) -> str:
        """As a part of a sentence: `40 fewer arrests (31 to 50; −1.0%)`."""
        noun = self.outcome.noun
        if self.is_none:
            return f"{NO_DIFFERENCE} in {noun}"
        if self.is_noise:
            return f"{BEYOND_NOISE} in {noun} ({self.limits})"
        return f"{self.amount} {noun} ({'; '.join(filter(None, (self.size_limits, self.share)))})"


def difference(table: pd.DataFrame, regime: str, outcome: Outcome) -> Difference:
    """A regime's difference in a table of `estimates` (index: regime), or in the summary's rows of one outcome."""
    return Difference(outcome, gap_in(table.loc[regime]), float(table.at[STATUS_QUO, "mean"]))


def answer(differences: Mapping[str, Difference], years: int) -> str:
    """One sentence on an outcome: how many fewer or more under which regimes, by their names; one has to be given."""
    regimes_by_words: dict[str, list[str]] = {}
    for name, found in differences.items():
        if found.is_none or found.is_noise:
            words = NO_DIFFERENCE if found.is_none else BEYOND_NOISE
        else:
            words = f"{found.amount} ({found.size_limits})"
        regimes_by_words.setdefault(words, []).append(f"“{name}”")
    told = "; ".join(f"{words} under {listed(names)}" for words, names in regimes_by_words.items())
    what = sentence_case(next(iter(differences.values())).outcome.noun)
    return f"{what} against the status quo, over {plural(years, 'year')} (95% intervals over seeds): {told}."
