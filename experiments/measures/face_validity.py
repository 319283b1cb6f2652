"""What the face-validity sheet is made of: the status quo watched week by week.

Deaths are expected deaths (everyone's weekly chance, added up), so that a few years of one seed say something about
small groups. Nothing here is a target of the fit by itself: the sheet is for people who know the field to look at.
"""

from dataclasses import dataclass, field
from functools import partial
from math import nan

import numpy as np
import pandas as pd

from policysim.evidence.targets import Target, targets
from policysim.experiments.measures.origins import present_in
from policysim.experiments.running.plan import Task
from policysim.experiments.running.seed import Observer, live, whole_place
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import STATUS_QUO, Regime, find_regime
from policysim.scenarios.scenario import Scenario
from policysim.vocabulary.groups import (
    OLDEST,
    YOUNGEST,
    at_liberty,
    opiate_or_crack,
    opioid_dependent,
    opioid_history,
    uses_now,
)
from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import CareMark, PoliceMark
from policysim.vocabulary.states import Care, Substance
from policysim.vocabulary.time import WEEKS_PER_YEAR, years_of
from policysim.world.places import Place

AGES = np.arange(YOUNGEST, OLDEST)
RELEASE_WEEKS = (1, 3, 5, 9, 13, 27, 53)
"""Weeks since release at which a group of weeks begins: 1-2, 3-4, 5-8, 9-12, 13-26, 27-52; the last ends the table."""
PHASES = (
    "in treatment, weeks 1-4",
    "in treatment, later",
    "left 1-4 weeks ago",
    "left 5-12 weeks ago",
    "left 13-52 weeks ago",
    "left longer ago",
    "never treated",
)
TOLERANCE_BINS = 20
TOLERANCE_GROUPS = ("in treatment", "not in treatment", "released 1-4 weeks ago")
LONGEST_STAY = 3 * WEEKS_PER_YEAR
LONGEST_WAIT = 26
WATCHED_YEARS = 3
ILLICIT = [substance for substance in Substance if substance != Substance.ALCOHOL]


# --- what is gathered -------------------------------------------------------------------------------------------------
@dataclass
class Snapshot:
    """People at the beginning of one year, in simulated people."""

    residents: np.ndarray  # by year of age, everyone present
    using: np.ndarray  # by year of age: any drug, cannabis, Class A; shape (3, ages)
    opiate_or_crack: np.ndarray  # dependent, by sex (women, men) and year of age
    in_agonist: np.ndarray  # in agonist treatment, by year of age
    tolerance: np.ndarray  # of people dependent on opioids, shape (groups, bins)
    hidden: float  # share of those dependent on opiates or crack who are neither in treatment nor in custody


@dataclass
class Record:
    """Sums over the watched weeks, in simulated people; rates come out as deaths over person-years."""

    place: Place
    one_in: float
    seed: int
    burn_in_years: int
    weekly: pd.DataFrame = field(default_factory=pd.DataFrame)  # outcomes of the whole place, burn-in included, scaled
    weeks: int = 0  # watched
    release: np.ndarray = field(
        default_factory=partial(np.zeros, (len(RELEASE_WEEKS) - 1, 2))
    )  # expected deaths, person-weeks
    phases: np.ndarray = field(default_factory=partial(np.zeros, (len(PHASES), 2)))
    deaths_by_age: np.ndarray = field(default_factory=partial(np.zeros, (2, AGES.size)))  # by sex
    arrests_by_age: np.ndarray = field(default_factory=partial(np.zeros, (2, AGES.size)))
    searches_by_age: np.ndarray = field(default_factory=partial(np.zeros, (2, AGES.size)))
    untreated: np.ndarray = field(default_factory=partial(np.zeros, (2,)))  # expected deaths not in treatment, all
    at_risk: np.ndarray = field(
        default_factory=partial(np.zeros, (LONGEST_STAY,))
    )  # in agonist treatment after so many weeks
    left: np.ndarray = field(default_factory=partial(np.zeros, (LONGEST_STAY,)))  # of those, gone a week later
    waits: np.ndarray = field(
        default_factory=partial(np.zeros, (LONGEST_WAIT,))
    )  # admitted after so many weeks on the list
    potency: list[np.ndarray] = field(default_factory=list)  # by week: mean of each authority
    snapshots: dict[int, Snapshot] = field(default_factory=dict)  # by year of the run

    @property
    def targets(self) -> list[Target]:
        """Published figures of the place."""
        return targets(self.place.id, self.place.population)


def yearly(record: Record, outcome: str) -> np.ndarray:
    """A flow by year, burn-in included."""
    values = record.weekly[outcome].to_numpy()
    return np.asarray(values[: values.size // WEEKS_PER_YEAR * WEEKS_PER_YEAR].reshape(-1, WEEKS_PER_YEAR).sum(axis=1))


# --- pure functions ---------------------------------------------------------------------------------------------------
def by_age(ages: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Sum of the weights (or number of people) by year of age from 10 to 79."""
    index = np.clip(ages.astype(np.int64) - YOUNGEST, 0, AGES.size - 1)
    return np.bincount(index, weights, AGES.size).astype(float)


def by_clock(weeks: np.ndarray, deaths: np.ndarray, starts: tuple[int, ...]) -> np.ndarray:
    """Expected deaths and person-weeks by groups of weeks; rows whose clock is outside the groups are left out."""
    group = np.searchsorted(starts, weeks, side="right") - 1
    inside = (group >= 0) & (group < len(starts) - 1)
    groups, size = group[inside], len(starts) - 1
    return np.stack([np.bincount(groups, deaths[inside], size), np.bincount(groups, minlength=size)], axis=1)


def phase_of(care: np.ndarray, weeks_in: np.ndarray, weeks_since: np.ndarray) -> np.ndarray:
    """Where people stand with treatment, as a place in PHASES."""
    inside = care > Care.WAITING
    outside = np.select([weeks_since < 0, weeks_since <= 4, weeks_since <= 12, weeks_since <= 52], [6, 2, 3, 4], 5)
    return np.where(inside, np.where(weeks_in <= 4, 0, 1), outside)


def rate_per_1000(table: np.ndarray) -> np.ndarray:
    """Deaths per 1,000 person-years from columns of deaths and person-weeks; nan where nobody was."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(table[:, 0] / table[:, 1] * WEEKS_PER_YEAR * 1000)


def ratio(table: np.ndarray, one: list[int], other: list[int]) -> float:
    """The death rate of some rows of such a table over that of others."""
    above, below = table[one].sum(axis=0), table[other].sum(axis=0)
    return float(above[0] / above[1] / (below[0] / below[1])) if above[1] and below[0] else nan


def survival(at_risk: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Share still there after so many weeks, from those at risk and those who leave in each (product limit)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        stay = np.where(at_risk > 0, 1 - left / at_risk, 1.0)
    return np.concatenate([[1.0], np.cumprod(stay)])[:-1]


def mean_age(table: np.ndarray) -> float:
    """Mean age of a table by year of age (a year of age is taken at its middle)."""
    return float((table * (AGES + 0.5)).sum() / table.sum()) if table.sum() else nan


def in_bands(table: np.ndarray, width: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Middles of age bands and the table (last axis: year of age) added up by band."""
    middles = AGES[::width] + width / 2
    return middles, table.reshape(*table.shape[:-1], -1, width).sum(axis=-1)


# --- watching ---------------------------------------------------------------------------------------------------------
def watch(scenario: Scenario, watched_years: int = WATCHED_YEARS) -> Record:
    """Run a scenario's status quo with its first seed, watching the first years after burn-in closely and the beginning
    of each year of the rest."""
    recorder = Recorder(scenario, min(watched_years, scenario.years))
    live(Task(scenario, 0, (find_regime(STATUS_QUO),)), recorder)
    return recorder.record


class Recorder(Observer):
    """Fills a record while the status quo is lived."""

    def __init__(self, scenario: Scenario, watched_years: int):
        self.record = Record(scenario.where, scenario.scale, scenario.seed, scenario.burn_in_years)
        self.watched_weeks = watched_years * WEEKS_PER_YEAR
        self.before: Before | None = None

    def before_week(self, model: DrugPolicyModel) -> None:
        """A snapshot at the beginning of each year; and, in weeks that are watched, where everyone stands."""
        if model.week_of_run % WEEKS_PER_YEAR == 0:
            self.record.snapshots[years_of(model.week_of_run)] = snapshot(model)
        self.before = _before(model) if model.week_of_run < self.watched_weeks else None

    def after_week(self, model: DrugPolicyModel) -> None:
        """What came of them."""
        if self.before is not None:
            _after(model, self.record, self.before)

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        """The last snapshot, and the outcomes of all weeks."""
        self.record.snapshots[years_of(model.week_of_run)] = snapshot(model)
        self.record.weekly = whole_place(model, burn_in=True).reset_index(drop=True)


@dataclass(frozen=True)
class Before:
    """What has to be known of a week before it is lived."""

    present: np.ndarray
    treated: np.ndarray  # rows in agonist treatment
    weeks_in: np.ndarray
    waiting: np.ndarray  # rows on a list
    weeks_waiting: np.ndarray


def _before(model: DrugPolicyModel) -> Before:
    people = model.look()
    present = people["present"].copy()
    treated = np.flatnonzero(present & (people["care"] == Care.AGONIST))
    waiting = np.flatnonzero(present & (people["care"] == Care.WAITING))
    return Before(present, treated, people["weeks_in_care"][treated], waiting, people["weeks_waiting"][waiting])


def _after(model: DrugPolicyModel, record: Record, before: Before) -> None:
    """Add the week that was just lived, those who died in it included."""
    people = model.look()
    record.weeks += 1
    _add_stays(people, record, before)
    lived = people[before.present]  # prescribed opioids kill people who never used a drug
    deaths, sex = lived["expected_death"].astype(float), lived["sex"]
    cohort = lived[
        opioid_history(lived) & at_liberty(lived)
    ]  # as registers follow people: whether they still use or not
    record.release += by_clock(cohort["weeks_since_release"], cohort["expected_death"], RELEASE_WEEKS)
    phase = phase_of(cohort["care"], cohort["weeks_in_episode"], cohort["weeks_since_care"])
    record.phases[:, 0] += np.bincount(phase, cohort["expected_death"], len(PHASES))
    record.phases[:, 1] += np.bincount(phase, minlength=len(PHASES))
    record.untreated += deaths[lived["care"] <= Care.WAITING].sum(), deaths.sum()
    for k in range(2):
        record.deaths_by_age[k] += by_age(lived["age"][sex == k], deaths[sex == k])
        of_sex = lived[sex == k]
        record.arrests_by_age[k] += by_age(of_sex["age"][marked(of_sex, PoliceMark.ARRESTED_FOR_DRUGS)])
        record.searches_by_age[k] += by_age(of_sex["age"][marked(of_sex, PoliceMark.SEARCHED)])
    record.potency.append(potency_by_area(model))


def _add_stays(people: np.ndarray, record: Record, before: Before) -> None:
    stay = np.minimum(before.weeks_in, LONGEST_STAY - 1)
    gone = (people["care"][before.treated] <= Care.WAITING) | ~people["present"][before.treated]
    record.at_risk += np.bincount(stay, minlength=LONGEST_STAY)
    record.left += np.bincount(stay[gone], minlength=LONGEST_STAY)
    admitted = people["care"][before.waiting] > Care.WAITING
    weeks = np.minimum(before.weeks_waiting[admitted] + 1, LONGEST_WAIT - 1)
    record.waits += np.bincount(weeks, minlength=LONGEST_WAIT)
    # Who asks and is admitted in one week stood on no list when it began.
    at_once = marked(people, CareMark.ENTERED_TREATMENT) & marked(people, CareMark.ASKED_FOR_TREATMENT)
    record.waits[0] += np.count_nonzero(at_once)


def potency_by_area(model: DrugPolicyModel) -> np.ndarray:
    """Strength of street opioids relative to usual, mean over the neighbourhoods of each authority."""
    area, potency = model.places["area"], model.places["potency"]
    return np.asarray(np.bincount(area, potency) / np.bincount(area))


def snapshot(model: DrugPolicyModel) -> Snapshot:
    """The people present now."""
    p = present_in(model)
    use, age = p["use"], p["age"]
    now, either = uses_now(use), opiate_or_crack(p)
    class_a = now[:, [Substance.PARTY, Substance.HEROIN, Substance.CRACK]].any(axis=1)
    users = (now[:, ILLICIT].any(axis=1), now[:, Substance.CANNABIS], class_a)
    hidden = either & (p["care"] <= Care.WAITING) & at_liberty(p)
    return Snapshot(
        residents=by_age(age),
        using=np.array([by_age(age[user]) for user in users]),
        opiate_or_crack=np.array([by_age(age[either & (p["sex"] == k)]) for k in range(2)]),
        in_agonist=by_age(age[p["care"] == Care.AGONIST]),
        tolerance=_tolerance(p[opioid_dependent(p) & at_liberty(p)]),
        hidden=float(hidden.sum() / max(either.sum(), 1)),
    )


def _tolerance(dependent: np.ndarray) -> np.ndarray:
    """Tolerance of people dependent on opioids and at liberty, shape (TOLERANCE_GROUPS, bins)."""
    since = dependent["weeks_since_release"]
    lately = (since >= 1) & (since <= 4)
    treated = dependent["care"] > Care.WAITING
    groups = (treated & ~lately, ~treated & ~lately, lately)
    return np.array([np.histogram(dependent["tolerance"][g], TOLERANCE_BINS, (0, 1))[0] for g in groups], float)
