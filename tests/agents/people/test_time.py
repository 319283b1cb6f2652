"""Time: 52 weekly steps give the yearly rate, and competing risks share what happens as their hazards do."""

import math
import random

import numpy as np
import pytest
from scipy import stats
from small_worlds import model
from tiny_world import imported, run_compiled

from policysim.agents.roles import Adult
from policysim.engine.rules import rule
from policysim.evidence.registry import Parameters, registry, weekly
from policysim.vocabulary.states import Cause, Life, Occupation, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR

CHANCE = 1e-4  # of a false alarm, once and for all: the draws are fixed
PEOPLE = 4000


def quiet() -> dict[str, float]:
    """Every rate of the registry at zero: nothing happens unless a test says so."""
    rates = {p.id: 0.0 for p in registry().values() if p.unit in ("per year", "per 1000 per year", "per week")}
    return rates


def lived(weeks: int = WEEKS_PER_YEAR, people: int = PEOPLE, **rates: float):
    """A year of a place in which only the named things happen."""
    named = {name.replace("__", "[") + ("]" if "__" in name else ""): value for name, value in rates.items()}
    made = model(
        people=people, years=2, parameters={**quiet(), "peer_pull": 0, "risk_pull": 0, "pull_usual": 0, **named}
    )
    start = made.people.copy()
    for _ in range(weeks):
        made.step()
    return start, made.people


def test_rates_become_weekly_in_one_place():
    assert WEEKS_PER_YEAR == 52
    assert weekly(5.2, "per year") == pytest.approx(0.1)
    assert weekly(5200, "per 1000 per year") == pytest.approx(0.1)
    assert weekly(0.3, "per week") == 0.3
    assert weekly(0.3, "share") == 0.3
    parameters = Parameters({"kit_loss": 2.6})
    assert parameters["kit_loss"] == pytest.approx(0.05)
    assert float(parameters.table("kit_loss")) == pytest.approx(0.05)


def test_a_week_is_a_52nd_of_a_year():
    start, people = lived(people=300)
    stayed = start["present"] & people["present"]
    assert people["age"][stayed] - start["age"][stayed] == pytest.approx(1.0, abs=1e-4)
    assert stayed.sum() > 200


@pytest.mark.parametrize("rate", [0.05, 0.5, 2.0])
def test_52_weeks_of_a_rate_reach_as_many_as_the_year_says(rate):
    """Jobs are lost at a yearly rate by people who work and cannot find another: 1 - exp(-rate) lose it in a year."""
    start, people = lived(lose_work=rate, lose_work_dependent=1)
    worked = (start["occupation"] == Occupation.WORKING) & people["present"]
    lost = np.count_nonzero(people["occupation"][worked] == Occupation.WORKLESS)
    assert worked.sum() > 1500
    assert stats.binomtest(lost, int(worked.sum()), 1 - math.exp(-rate)).pvalue > CHANCE


def test_starting_to_use_keeps_its_yearly_rate():
    """Heroin, which nobody here has used before."""
    rates = {"start_level[heroin]": 0.3, "start_width[heroin]": 1000}  # so wide that it is the same at any age
    same = {p.id: 1.0 for p in registry().values() if p.name == "ocu_by_ethnicity" or p.id == "start_men[heroin]"}
    same["ocu_deprivation"] = 0
    pulls = {"peer_pull": 0, "risk_pull": 0, "pull_usual": 0, "start_ratio_dependent": 1, "opiate_start_level": 1}
    made = model(people=PEOPLE, parameters={**quiet(), **rates, **same, **pulls, "ocu_per_1000": 0})
    never = made.people["present"] & (made.people["use"][:, 2] == Use.NEVER) & (made.people["age"] < 63)
    for _ in range(WEEKS_PER_YEAR):
        made.step()
    began = np.count_nonzero(made.people["use"][never, 2] != Use.NEVER)
    assert never.sum() > 3000
    assert stats.binomtest(began, int(never.sum()), 1 - math.exp(-0.3)).pvalue > CHANCE


def test_competing_risks_share_as_their_hazards_do():
    """Of people who work at home in a place where both can be lost, 2 in 3 lose first what is lost twice as fast."""
    made = model(people=PEOPLE, years=2, parameters={
        **quiet(), "lose_work": 0.4, "lose_work_dependent": 1, "lose_home": 0.2, "lose_home_dependent": 1,
    })  # fmt: skip
    people = made.people
    both = people["present"] & (people["occupation"] == Occupation.WORKING) & (people["housing"] == 0)
    first = np.full(people.size, -1)
    for _ in range(WEEKS_PER_YEAR):
        made.step()
        undecided = both & (first < 0)
        first[undecided & (people["occupation"] == Occupation.WORKLESS)] = 0
        first[undecided & (people["housing"] != 0)] = 1
    decided = first[first >= 0]
    assert stats.binomtest(int(decided.size), int(both.sum()), 1 - math.exp(-0.6)).pvalue > CHANCE
    assert stats.binomtest(int((decided == 0).sum()), decided.size, 2 / 3).pvalue > CHANCE


def test_causes_of_death_share_as_their_hazards_do():
    rates = {p.id: 0.5 for p in registry().values() if p.name == "death_rate"}
    rates |= {p.id: 0.25 for p in registry().values() if p.name in ("suicide_rate", "other_poisoning_rate")}
    same = {f"other_poisoning_by_quintile[q{k}]": 1 for k in range(1, 6)}
    names = ("suicide_ratio_ill", "suicide_ratio_opioid", "death_ratio_opioid", "death_ratio_alcohol")
    ratios = dict.fromkeys(names, 1.0)
    made = model(people=PEOPLE, years=2, parameters={
        **quiet(), **rates, **same, **ratios, "suicide_by_misuse": 0, "suicide_excess_bereaved": 0, "suicide_ratio_custody": 1,
    })  # fmt: skip
    there = made.people["present"] & (made.people["age"] < 60)
    for _ in range(WEEKS_PER_YEAR):
        made.step()
    dead = there & (made.people["life"] == Life.DEAD)
    assert stats.binomtest(int(dead.sum()), int(there.sum()), 1 - math.exp(-1)).pvalue > CHANCE
    causes = [
        np.count_nonzero(made.people["cause"][dead] == cause)
        for cause in (Cause.OTHER, Cause.SUICIDE, Cause.OTHER_POISONING)
    ]
    assert stats.chisquare(causes, dead.sum() * np.array([0.5, 0.25, 0.25])).pvalue > CHANCE


def test_someone_killed_by_one_rule_is_not_touched_by_the_next():
    rates = {p.id: 400.0 for p in registry().values() if p.name == "death_rate"}
    made = model(people=300, parameters={**quiet(), **rates})
    before = made.people.copy()
    made.step()
    dead = made.people["life"] == Life.DEAD
    assert dead.sum() > 250
    assert np.array_equal(made.people["role"][dead], before["role"][dead]), "take_role comes after die"
    assert np.array_equal(made.people["tolerance"][dead], before["tolerance"][dead])


ALONE = """
from policysim.engine.fields import Field
from policysim.engine.luck import occurs
from policysim.engine.rules import rule
from tiny_world import Tiny

WEEKLY = {rate} / 52


class Counted(Tiny):
    times = Field("i4", "how often it happened", "count", 0)

    @rule
    def count(self, here, world, luck):
        if occurs(WEEKLY, luck):
            self.times += 1
"""


@pytest.mark.parametrize("rate", [0.2, 6.0])
def test_a_rule_of_a_student_with_a_yearly_rate_happens_that_often(rate, tmp_path):
    """Weeks in which it happens: 52 (1 - exp(-rate / 52)) a year, just under the rate."""
    role = imported(tmp_path, ALONE.format(rate=rate)).Counted
    state, _ = run_compiled(role, weeks=4 * WEEKS_PER_YEAR)
    n = state.people.size * 4 * WEEKS_PER_YEAR
    assert stats.binomtest(int(state.people["times"].sum()), n, 1 - math.exp(-rate / 52)).pvalue > CHANCE


@pytest.mark.slow
def test_shuffling_the_population_is_not_needed_for_fairness():
    """People live the week in row order and read the world as it stood: who comes first is of no consequence."""

    class Reader(Adult):
        @rule
        def start_later(self, here, world, luck):
            self.risk_at_rest = self.peers_using[0]

    made = model(people=300, engine="python", people_classes=[Reader])
    before = made.people["peers_using"][:, 0].copy()
    random.Random(1).shuffle(made.state.living)
    made.step()
    adults = made.people["present"] & (made.people["role"] == 1)
    assert np.array_equal(made.people["risk_at_rest"][adults], before[adults])
