"""Who meets what: rates by group of people, and ratios of one group's rate to another's, regime by regime.

A rate is an outcome over the horizon per residents of the group in the model, which counts them at midyear. A ratio is a
group's rate over that of the group of reference; its change is the ratio under a regime over the ratio under the status quo.
Both are told on the scale of their logarithm, so that twice and half are as far from equal, with a 95% interval over seeds
(paired) and, where parameters were drawn, one over what nobody knows. A ratio describes; it explains nothing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from policysim.counts.outcomes import FEW, OUTCOMES, Outcome
from policysim.evidence.registry import registry
from policysim.experiments.analysis.estimates import ALIKE, UNKNOWN, Estimate, estimate
from policysim.experiments.analysis.hiding import SHOWN, first_hidden, hide
from policysim.experiments.analysis.unknowns import interval
from policysim.experiments.running.kept_draws import none_drawn_by_group
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario
from policysim.vocabulary.groups import AGE_BANDS, RESIDENTS_UNTIL

# --- the four axes ----------------------------------------------------------------------------------------------------
TEN_YEAR_BANDS = {band: f"{age} to {age + 9}" for band in AGE_BANDS for age in [int(band.partition("-")[0]) // 10 * 10]}
"""Groups of age, everywhere that ages are shown: with two ways to cut them the one would tell what the other hides."""


@dataclass(frozen=True)
class Axis:
    """One way to group people: its groups by name, and the one that the others are held against."""

    id: str
    label: str
    reference: str
    against: str
    """The group of reference in a sentence."""
    names: Mapping[str, str]
    merge: Mapping[str, str] | None = None
    no_rate: tuple[str, ...] = ()
    """Groups of whom only some residents are in the model, so that nothing can be said per resident."""

    @property
    def others(self) -> tuple[str, ...]:
        """The groups that are held against the one of reference."""
        return tuple(group for group in self.names if group not in (self.reference, *self.no_rate))


AXES = {
    axis.id: axis
    for axis in (
        Axis("ethnicity", "Ethnic group", "white", "White people",
             {"white": "White", "asian": "Asian", "black": "Black", "mixed": "Mixed", "other": "Other"}),
        Axis("quintile", "Deprivation", "q5", "the least deprived fifth",
             {"q1": "Most deprived", "q2": "Second", "q3": "Third", "q4": "Fourth", "q5": "Least deprived"}),
        Axis("sex", "Sex", "men", "men", {"women": "Women", "men": "Men"}),
        Axis("age", "Age", "30 to 39", "people of 30 to 39", {band: band for band in TEN_YEAR_BANDS.values()}, TEN_YEAR_BANDS,
             tuple(dict.fromkeys(name for name in TEN_YEAR_BANDS.values() if int(name[:2]) + 10 > RESIDENTS_UNTIL))),
    )
}  # fmt: skip
"""The ways in which people are grouped, those first in which inequality is most asked about."""

# --- what is told by group --------------------------------------------------------------------------------------------
MAIN = ("searches", "arrests", "expected_deaths", "treatment_entries", "first_use", "using_illicit")
"""The outcomes that the command prints."""
TOLD = (
    *MAIN, "deaths", "overdoses", "suicides", "found_with_drugs", "cautions", "diversions", "charges", "convictions",
    "imprisoned", "in_custody", "in_treatment", "waiting", "hidden", "treatment_completed", "treatment_dropped",
    "new_dependence", "dependent", "opiate_or_crack_users", "carrying_naloxone", "exclusions", "jobs_lost", "homes_lost",
)  # fmt: skip
"""The outcomes of the whole table. None is others of them added up, or that sum would tell a count which is hidden in one."""
NO_SOURCE, NO_RATE, TOO_FEW = "no source", "not per resident", "too few simulated"
WHY = {
    NO_SOURCE: "deaths by ethnic group are not told where a number that says who uses heroin or crack, by ethnic group, has "
    "no source",
    NO_RATE: "of older people only those once dependent are in the model",
    TOO_FEW: f"fewer than {FEW} simulated in all seeds together",
}
"""Why there is no number, beside its being hidden."""
ETHNICITY_OF_USERS = "ocu_by_ethnicity"
"""The table of the registry that says who uses heroin or crack, by ethnic group."""
SOURCED = ("verified", "secondary", "derived")


def ethnicity_is_sourced(changed: Mapping[str, float] | None = None) -> bool:
    """Whether every number that says which ethnic groups users belong to has a source; one that is changed has none."""
    rows = [row for row in registry().values() if row.name == ETHNICITY_OF_USERS]
    return bool(rows) and all(row.quality in SOURCED and row.id not in (changed or {}) for row in rows)


def per_of(outcome: Outcome) -> int:
    """So many residents a rate is told of."""
    return 100_000 if outcome.unit == "deaths" else 1000


def unit_of(outcome: Outcome) -> str:
    """The unit of a rate in words."""
    return f"per {per_of(outcome):,} residents" + ("" if outcome.stock else " a year")


# --- ratios -----------------------------------------------------------------------------------------------------------
def ratio(over: Sequence[Sequence[float]], under: Sequence[Sequence[float]]) -> Estimate:
    """The product of some means over that of others, with its 95% interval; a value for each seed in all, seed by seed.

    The means of all seeds are divided, never seed by seed, so that a seed with nobody is none that has to be left out. The
    interval is that of the logarithm (delta method, Student's t): how far each seed lies from each mean, added up.
    Unknown where a mean is not above zero; without interval where all seeds say the same, as one alone does.
    """
    seeds = min((len(values) for values in (*over, *under)), default=0)
    means = [[math.fsum(values) / seeds for values in side] if seeds else [] for side in (over, under)]
    if not seeds or not all(mean > 0 for side in means for mean in side):
        return UNKNOWN
    log = math.fsum(math.log(mean) for mean in means[0]) - math.fsum(math.log(mean) for mean in means[1])
    apart = [
        math.fsum(values[k] / mean for values, mean in zip(over, means[0], strict=True))
        - math.fsum(values[k] / mean for values, mean in zip(under, means[1], strict=True))
        for k in range(seeds)
    ]
    if max(apart) - min(apart) <= ALIKE:
        return Estimate(math.exp(log), math.nan, math.nan, seeds)
    half = estimate(apart).half
    return Estimate(math.exp(log), math.exp(log - half), math.exp(log + half), seeds)


@dataclass(frozen=True)
class Told:
    """A ratio with both its intervals, or why there is none."""

    found: Estimate = UNKNOWN
    low: float = math.nan
    high: float = math.nan
    """Over what nobody knows; nan where nothing was drawn, or too little was counted in a draw."""
    why: str = SHOWN

    @property
    def is_clear(self) -> bool:
        """Whether the interval over seeds leaves out one: more than chance alone would make."""
        return self.found.low > 1 or self.found.high < 1


@dataclass(frozen=True)
class Counted:
    """One outcome in one group under one regime: by seed, and by draw; and what is said in place of it if it is hidden."""

    outcome: Outcome
    group: str
    regime: str
    counts: list[float]
    people: list[float]
    drawn: list[float] = field(default_factory=list)
    people_drawn: list[float] = field(default_factory=list)
    hidden: str = SHOWN
    simulated: float = math.inf
    """How many of the simulated people stand behind the counts of all seeds; of an expectation that is everybody."""

    @property
    def count(self) -> float:
        """Residents or events over the horizon, the mean over seeds; nan if it is hidden."""
        return math.nan if self.hidden else math.fsum(self.counts) / len(self.counts)

    def rates(self, years: int) -> list[float]:
        """Per resident and, of what happens, per year, by seed."""
        over = 1 if self.outcome.stock else years
        return [n / of / over if of > 0 else math.nan for n, of in zip(self.counts, self.people, strict=True)]

    @property
    def rates_drawn(self) -> list[float]:
        """Per resident, by draw; the years cancel out of a ratio."""
        return [n / of if of > 0 else math.nan for n, of in zip(self.drawn, self.people_drawn, strict=True)]


def ratio_of(over: Sequence[Counted], under: Sequence[Counted], years: int) -> Told:
    """The rates of these multiplied over those of the others; without a ratio if any of them is hidden or of too few."""
    parts = (*over, *under)
    why = first_hidden([part.hidden for part in parts])
    if not why and min(part.simulated for part in parts) < FEW:
        why = TOO_FEW
    if why:
        return Told(why=why)
    found = ratio([part.rates(years) for part in over], [part.rates(years) for part in under])
    if math.isnan(found.mean):
        return Told(why=TOO_FEW)
    drawn = [part.rates_drawn for part in parts]
    ends = (math.nan, math.nan)
    if all(rates and all(rate > 0 for rate in rates) for rates in drawn):
        signs = [1] * len(over) + [-1] * len(under)
        one_by_one = zip(*drawn, strict=True)
        ends = interval([math.prod(rate**sign for rate, sign in zip(one, signs, strict=True)) for one in one_by_one])
    return Told(found, *ends)


class Runs(NamedTuple):
    """The values of each outcome over the horizon, and which of them are a regime's and group's, run by run."""

    values: dict[str, list[float]]
    rows: dict[tuple[str, str], list[int]]


# --- a comparison by group --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ByGroup:
    """A finished comparison by group: what its runs counted, and what of it may be told."""

    scenario: Scenario
    groups: pd.DataFrame
    """As `by_group.parquet` has it."""
    drawn: pd.DataFrame = field(default_factory=none_drawn_by_group)
    """As `by_draw_and_group.parquet` has it."""

    @cached_property
    def regimes(self) -> list[str]:
        """Ids of the regimes, in the scenario's order."""
        return [regime.id for regime in self.scenario.regimes]

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        """Every outcome by id, those of one's own classes too."""
        return self.scenario.outcomes

    @property
    def has_people(self) -> bool:
        """Whether residents were counted by group, without whom there is no rate; an earlier policysim did not."""
        return "population" in self.groups.columns

    @cached_property
    def _seeds(self) -> dict[str, Runs]:
        return {
            axis.id: self._over_horizon(self.groups, axis, "replicate", self.scenario.years) for axis in AXES.values()
        }

    @cached_property
    def _draws(self) -> dict[str, Runs]:
        return {axis.id: self._over_horizon(self.drawn, axis, "draw", 1) for axis in AXES.values()}

    def _over_horizon(self, table: pd.DataFrame, axis: Axis, run: str, years: int) -> Runs:
        """Outcomes over the horizon by regime and group, run by run: events added up, people averaged."""
        rows = table[table["dimension"] == axis.id]
        groups = rows["group"].map(axis.merge) if axis.merge else rows["group"]
        names = [name for name in self.outcomes if name in table.columns]
        found = rows.groupby([rows["regime"], groups.rename("group"), rows[run]])[names].sum()
        values = {name: (found[name] / years if self.outcomes[name].stock else found[name]).tolist() for name in names}
        treated = OUTCOMES["in_treatment"].columns
        if set(treated) <= set(names):
            values["in_treatment"] = [
                math.fsum(kinds) for kinds in zip(*(values[name] for name in treated), strict=True)
            ]
        rows_of: dict[tuple[str, str], list[int]] = {}
        for k, (regime, group, _) in enumerate(found.index):
            rows_of.setdefault((regime, group), []).append(k)
        return Runs(values, rows_of)

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str], dict[str, Counted]]:
        return {}

    def row(self, axis: Axis, name: str, regime: str) -> dict[str, Counted]:
        """An outcome in each group under one regime, with what is hidden of it."""
        key = axis.id, name, regime
        if key not in self._rows:
            self._rows[key] = self._row(axis, self.outcomes[name], regime)
        return self._rows[key]

    def _row(self, axis: Axis, outcome: Outcome, regime: str) -> dict[str, Counted]:
        name, found = outcome.id, {}
        values = {group: self._values(self._seeds[axis.id], regime, group, name) for group in axis.names}
        said = hide([math.fsum(counts) / len(counts) if counts else math.nan for counts in values.values()])
        withheld = axis.id == "ethnicity" and outcome.unit == "deaths" and not self._is_sourced
        for (group, counts), hidden in zip(values.items(), said, strict=True):
            found[group] = Counted(
                outcome, group, regime, counts, self._values(self._seeds[axis.id], regime, group, "population"),
                self._values(self._draws[axis.id], regime, group, name),
                self._values(self._draws[axis.id], regime, group, "population"),
                NO_SOURCE if withheld else hidden,
                math.inf if outcome.kind == "sum" else math.fsum(counts) / self.scenario.scale,
            )  # fmt: skip
        return found

    @cached_property
    def _is_sourced(self) -> bool:
        return ethnicity_is_sourced(self.scenario.numbers)

    @staticmethod
    def _values(runs: Runs, regime: str, group: str, name: str) -> list[float]:
        values = runs.values.get(name, ())
        return [values[k] for k in runs.rows.get((regime, group), ())]

    def rate(self, axis: Axis, counted: Counted) -> Told:
        """A group's rate with its interval over seeds, or why there is none."""
        population = self.row(axis, "population", counted.regime)[counted.group]
        why = NO_RATE if counted.group in axis.no_rate else first_hidden([counted.hidden, population.hidden])
        if why:
            return Told(why=why)
        per = per_of(counted.outcome)
        return Told(estimate([rate * per for rate in counted.rates(self.scenario.years)]))

    def ratio(self, axis: Axis, name: str, group: str, regime: str) -> tuple[Told, Told]:
        """A group's rate over that of reference under a regime, and what that is of the same under the status quo."""
        years, row = self.scenario.years, self.row(axis, name, regime)
        if group in axis.no_rate:
            return Told(why=NO_RATE), Told(why=NO_RATE)
        mine, reference = row[group], row[axis.reference]
        told = ratio_of([mine], [reference], years)
        if regime == STATUS_QUO or STATUS_QUO not in self.regimes:
            return told, Told()
        usual = self.row(axis, name, STATUS_QUO)
        return told, ratio_of([mine, usual[axis.reference]], [reference, usual[group]], years)
