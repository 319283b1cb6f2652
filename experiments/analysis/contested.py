"""Whether the ranking of regimes turns on a contested reading: pairs that change places, and those for which nobody can say.

A pair of regimes is ranked by its paired difference over seeds. It changes places where that difference has another sign
under the other reading; where either interval holds zero, the swap is within noise and undecided.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from policysim.counts.outcomes import OUTCOMES, Outcome
from policysim.evidence.contested import Reading, Switch, switches
from policysim.experiments.analysis.estimates import Estimate, estimate
from policysim.experiments.analysis.numbers import signed, span
from policysim.experiments.analysis.standing import Line
from policysim.experiments.analysis.wording import listed, plural
from policysim.scenarios.scenario import Scenario

RANKED = ("expected_deaths", "arrests", "treatment_entries")
"""The headline outcomes by which regimes are ranked."""
MOST_TOLD = 3
"""Pairs within noise that are told in words; readings/swaps.csv has them all."""

Values = Mapping[str, pd.DataFrame]
"""By outcome: a row for each seed, a column for each regime."""


@dataclass(frozen=True)
class Swap:
    """A pair of regimes that lies the other way round under the other reading, by the means; differences are of the first
    from the second, under the reading taken and under the other."""

    outcome: Outcome
    first: str
    second: str
    taken: Estimate
    otherwise: Estimate

    @property
    def decided(self) -> bool:
        """Whether both differences are beyond noise."""
        return self.taken.is_clear and self.otherwise.is_clear


@dataclass(frozen=True)
class Tried:
    """A contested question that bears on some regimes, the reading taken of it, and what the other one changes.

    `swaps` is None where the other reading was not run; `seeds` are those with which it was.
    """

    switch: Switch
    taken: Reading
    regimes: tuple[str, ...]
    swaps: tuple[Swap, ...] | None = None
    seeds: int = 0

    @property
    def other(self) -> Reading:
        """The reading that was not taken."""
        return self.switch.beside(self.taken.id)

    @property
    def is_usual(self) -> bool:
        """Whether the reading taken is the usual one."""
        return self.taken is self.switch.usual

    @property
    def turns(self) -> bool:
        """Whether a pair changes places beyond noise."""
        return any(swap.decided for swap in self.swaps or ())


def bearing_on(scenario: Scenario) -> list[Tried]:
    """The contested questions that the regimes of a scenario name, with the readings it takes; none of them tried."""
    named: dict[str, list[str]] = {}
    for regime in scenario.regimes:
        for id in regime.contested:
            named.setdefault(id, []).append(regime.name)
    found = [(switch, named[id]) for id, switch in switches().items() if id in named]
    return [
        Tried(switch, switch.reading(scenario.readings.get(switch.id, switch.usual.id)), tuple(names))
        for switch, names in found
    ]


def swaps(taken: Values, otherwise: Values, names: Mapping[str, str]) -> tuple[Swap, ...]:
    """The pairs of regimes, called by their names, that lie the other way round; those beyond noise first."""
    found = [
        Swap(OUTCOMES[outcome], names[first], names[second], *gaps)
        for outcome in RANKED
        for first, second in combinations(names, 2)
        for gaps in [[_gap(values[outcome], first, second) for values in (taken, otherwise)]]
        if gaps[0].mean * gaps[1].mean < 0
    ]
    return tuple(sorted(found, key=lambda swap: not swap.decided))


def _gap(values: pd.DataFrame, first: str, second: str) -> Estimate:
    return estimate((values[first] - values[second]).dropna().tolist())


# ---------------------------------------------------------------- in words


def sentences(tried: Iterable[Tried]) -> tuple[str, ...]:
    """For each contested question what reading is taken, and whether the ranking turns on it."""
    return tuple(f"{heading(one)} {verdict(one)}" for one in tried)


def turning(tried: Iterable[Tried]) -> tuple[Line, ...]:
    """The pairs of regimes that change places beyond noise, as a first line of the report; nothing where none does."""
    found = [
        f"{told(swap)} ({one.switch.id}: {one.taken.id}, or {one.other.id})"
        for one in tried
        for swap in one.swaps or ()
        if swap.decided
    ]
    head = "The ranking of regimes turns on contested evidence"
    return (Line(head, "; ".join(found) + "."),) if found else ()


def heading(one: Tried) -> str:
    """The question, whom it bears on, and the reading that is taken."""
    usual = "the usual reading" if one.is_usual else "not the usual reading"
    return (
        f"Contested ({one.switch.id}), bearing on {listed(list(one.regimes))}: {one.switch.question} Taken here, for all "
        f"regimes: {one.taken.says} ({one.taken.id}, {usual})."
    )


def verdict(one: Tried) -> str:
    """Whether the ranking turns on it: which pairs swap, with intervals; those within noise are undecided."""
    if one.swaps is None:
        return "Whether the ranking of regimes turns on it was not tried: --readings all runs the other reading."
    over = f"Under the other reading ({one.other.id}; {plural(one.seeds, 'seed')})"
    if not one.swaps:
        ranked = listed([OUTCOMES[name].noun for name in RANKED]).replace(" and ", " or ")
        return f"{over} no two regimes change places by {ranked}."
    decided = [told(swap) for swap in one.swaps if swap.decided]
    undecided = [told(swap) for swap in one.swaps if not swap.decided]
    lines = [
        f"{over} the ranking turns: {'; '.join(decided)}."
        if decided
        else f"{over} no pair changes places beyond noise."
    ]
    if undecided:
        more = f"; and {len(undecided) - MOST_TOLD} more" if len(undecided) > MOST_TOLD else ""
        lines.append(f"Undecided, within noise: {'; '.join(undecided[:MOST_TOLD])}{more}.")
    return " ".join(lines)


def told(swap: Swap) -> str:
    """`in arrests A has fewer than B as taken, −20 (−30 to −10), and more otherwise, +5.0 (+1.0 to +9.0)`."""
    fewer, more = ("fewer", "more") if swap.taken.mean < 0 else ("more", "fewer")
    return (
        f"in {swap.outcome.noun} {swap.first} has {fewer} than {swap.second} as taken, {_with_limits(swap.taken)}, and {more} "
        f"otherwise, {_with_limits(swap.otherwise)}"
    )


def _with_limits(found: Estimate) -> str:
    limits = span(found.low, found.high, signs=True)
    return f"{signed(found.mean)} ({limits or 'no interval'})"


def table_of(tried: Sequence[Tried]) -> pd.DataFrame:
    """A row for each pair that changes places under another reading."""
    columns = (
        "switch", "taken", "other", "outcome", "first", "second", "difference", "low", "high", "other_difference", "other_low",
        "other_high", "decided",
    )  # fmt: skip
    rows = [
        (
            one.switch.id, one.taken.id, one.other.id, swap.outcome.id, swap.first, swap.second, swap.taken.mean, swap.taken.low,
            swap.taken.high, swap.otherwise.mean, swap.otherwise.low, swap.otherwise.high, swap.decided,
        )
        for one in tried
        for swap in one.swaps or ()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns))
