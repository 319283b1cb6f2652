"""Treatment: who is held back from it, how long people stay, and use on top of a prescription."""

import math

import numpy as np
import pytest
from scipy import stats
from small_worlds import model

from policysim.agents.people.care import enter_treatment, leave_treatment, pull_away, seek_hazard, treatment_group
from policysim.agents.people.use import way_down
from policysim.agents.roles import DependentUser
from policysim.engine.luck import Luck, key_of
from policysim.engine.reads import reads_of
from policysim.evidence.registry import registry
from policysim.model.building import python_views
from policysim.vocabulary.marks import CareMark
from policysim.vocabulary.states import SUBSTANCES, Care, Justice, Substance, TreatmentGroup, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR

CHANCE = 1e-4  # of a false alarm, once and for all: the draws are fixed
STAYING = {
    **{p.id: 0.0 for p in registry().values() if p.unit in ("per year", "per 1000 per year", "per week")},
    "risk_pull": 0, "peer_pull": 0, "pull_usual": 0, "ocu_per_1000": 250,
    "agonist_coverage": 0.8, "custody_share_dependent": 0, "pull_in_care[agonist]": 0,
}  # fmt: skip
"""A place in which nothing happens and many are in agonist treatment."""


def dependent_on(person, *substances: Substance):
    """Make someone dependent on these substances and nothing else."""
    for substance in range(SUBSTANCES):
        person.use[substance] = Use.DEPENDENT if substance in substances else Use.NEVER
    person.using = person.dependent_on = len(substances)
    person.referred, person.injects, person.stigma, person.justice, person.care = 0, False, 0, Justice.FREE, Care.NONE
    return person


# ---------------------------------------------------------------- what is used beside


@pytest.mark.parametrize("use, group", [
    ({Substance.HEROIN: Use.DEPENDENT, Substance.ALCOHOL: Use.DEPENDENT}, TreatmentGroup.OPIATE),
    ({Substance.PARTY: Use.DEPENDENT}, TreatmentGroup.NON_OPIATE),
    ({Substance.PARTY: Use.DEPENDENT, Substance.ALCOHOL: Use.REGULAR}, TreatmentGroup.NON_OPIATE_AND_ALCOHOL),
    ({Substance.PARTY: Use.REGULAR, Substance.ALCOHOL: Use.DEPENDENT}, TreatmentGroup.NON_OPIATE_AND_ALCOHOL),
    ({Substance.PARTY: Use.EXPERIMENTING, Substance.ALCOHOL: Use.DEPENDENT}, TreatmentGroup.ALCOHOL),
    ({Substance.PARTY: Use.REGULAR, Substance.ALCOHOL: Use.REGULAR}, TreatmentGroup.NONE),
])  # fmt: skip
def test_the_published_group_goes_by_every_substance_that_is_a_problem(someone, use, group):
    person, _, _ = someone
    for substance in range(SUBSTANCES):
        person.use[substance] = use.get(Substance(substance), Use.NEVER)
    person.dependent_on = sum(state == Use.DEPENDENT for state in use.values())
    assert treatment_group(person) == group


@pytest.mark.parametrize("main, beside", [(Substance.HEROIN, True), (Substance.CRACK, True), (Substance.PARTY, False)])
def test_whoever_is_dependent_on_heroin_or_crack_goes_on_with_what_is_taken_beside_it(someone, main, beside):
    person, _, world = someone
    dependent_on(person, main)
    person.use[Substance.BENZODIAZEPINES] = Use.REGULAR
    usual = (
        world.cutting_down_rate[Substance.BENZODIAZEPINES] * world.ending_by_age[Substance.BENZODIAZEPINES, person.band]
    )
    expected = usual * (world.cutting_down_beside_heroin if beside else 1)
    assert way_down(person, Substance.BENZODIAZEPINES, world) == pytest.approx(expected)


# ---------------------------------------------------------------- fear


@pytest.mark.parametrize("substances, held_back", [
    ((Substance.ALCOHOL,), False), ((Substance.HEROIN,), True), ((Substance.ALCOHOL, Substance.CANNABIS), True),
])  # fmt: skip
def test_fear_of_being_found_out_holds_back_those_who_use_illicit_drugs(someone, substances, held_back):
    person, here, world = someone
    dependent_on(person, *substances)
    hazards = []
    for fear in (0.0, 2.0):
        person.fear = fear
        hazards.append(seek_hazard(person, here, world))
    assert hazards[1] == pytest.approx(hazards[0] * (math.exp(-2 * world.fear_effect) if held_back else 1))


def test_searches_reach_asking_for_treatment_by_one_path():
    """They raise fear; what police do here is not read besides."""
    assert "presence" not in reads_of(DependentUser.seek_help, DependentUser)["here"]["reads"]


# ---------------------------------------------------------------- staying


def left_by_year(years: int = 2, **changes: float) -> tuple[int, list[int]]:
    """How many were in treatment at the start, and how many of them left in each year."""
    made = model(people=4000, years=years, parameters={**STAYING, **changes})
    there = made.people["present"] & (made.people["care"] == Care.AGONIST)
    left, staying = [], there.copy()
    for _ in range(years):
        for _ in range(WEEKS_PER_YEAR):
            made.step()
            staying &= made.people["care"] == Care.AGONIST
        left.append(int(there.sum() - staying.sum()))
    made.close()
    return int(there.sum()), left


def test_the_hazard_of_dropping_out_halves_after_its_half_time():
    """Of those who start, (1 + t / half time) to the power of -(rate x half time) are still there after t weeks."""
    rate, half_time = 1.0, 20.0
    begun, left = left_by_year(**{
        "dropout_rate[agonist]": rate, "dropout_half_time": half_time, "weeks_in_care_at_start[agonist]": 0,
    })  # fmt: skip
    assert begun > 400
    for years, gone in enumerate(left, start=1):
        stay = (1 + years * WEEKS_PER_YEAR / half_time) ** (-rate / WEEKS_PER_YEAR * half_time)
        assert stats.binomtest(begun - gone, begun, stay).pvalue > CHANCE


@pytest.mark.slow
def test_the_registrys_hazard_of_dropping_out_is_the_mean_one_of_those_in_treatment():
    """Pull draws some out sooner and holds others; over all it does not make the number of the registry another one."""
    made = model(place="west-midlands", people=60_000, years=2, beyond_ranges=False)
    for _ in range(2 * WEEKS_PER_YEAR):
        made.step()
    people = made.people[made.people["present"]]
    _, world = python_views(made)
    for care in (Care.AGONIST, Care.PSYCHOSOCIAL):
        pull = np.exp(people["log_pull"][people["care"] == care] - world.pull_in_care[care])
        assert pull.size > 30
        assert 0.7 < pull.mean() < 1.4, care
    made.close()


# ---------------------------------------------------------------- use on top


def on_top_after(weeks: int, **changes: float) -> tuple[np.ndarray, np.ndarray]:
    """Who used on top at the start and some weeks later, of those in agonist treatment all along."""
    made = model(people=4000, years=3, parameters={**STAYING, "on_top_turnover": 4, **changes})
    treated = made.people["care"] == Care.AGONIST
    before = made.people["on_top"].copy()
    for _ in range(weeks):
        made.step()
    treated &= (made.people["care"] == Care.AGONIST) & made.people["present"]
    made.close()
    return before[treated], made.people["on_top"][treated]


def test_use_on_top_begins_and_ends_while_its_share_stays():
    share = 0.6
    before, after = on_top_after(WEEKS_PER_YEAR, **{"on_top_share[agonist]": share})
    assert before.size > 400
    assert (before & ~after).sum() > 30 and (~before & after).sum() > 30
    assert stats.binomtest(int(after.sum()), after.size, share).pvalue > CHANCE


def test_where_all_use_on_top_nobody_stops():
    """The null of treatment: every patient uses as before."""
    before, after = on_top_after(WEEKS_PER_YEAR, **{"on_top_share[agonist]": 1})
    assert before.all() and after.all()


def test_a_crisis_raises_dropping_out_and_use_on_top_together(someone):
    person, here, world = someone
    dependent_on(person, Substance.HEROIN)
    person.care, person.weeks_in_care, person.taper_weeks_left = Care.AGONIST, 4, 0
    begun, dropped = [], []
    for pull in (0.0, 2.0):
        luck = Luck({name: key_of(3, name) for name in ("use_on_top", "stay_in_treatment")})
        counts = [0, 0]
        for week in range(4000):
            person.log_pull = pull
            person.on_top, person.care, person.weeks_in_care = False, Care.AGONIST, 4
            luck.turn_to(1, week, "use_on_top")
            person.use_on_top(here, world, luck)
            counts[0] += person.on_top
            luck.turn_to(1, week, "stay_in_treatment")
            person.stay_in_treatment(here, world, luck)
            counts[1] += person.care == Care.NONE
        begun.append(counts[0])
        dropped.append(counts[1])
        assert pull_away(person, world) == pytest.approx(math.exp(pull - world.pull_in_care[Care.AGONIST]))
    assert begun[1] > 4 * begun[0] > 0 and dropped[1] > 4 * dropped[0] > 0


@pytest.mark.parametrize("moved", [None, 3, 20])
def test_a_move_is_no_new_entry_and_twelve_weeks_are_counted_once_in_an_episode(someone, moved):
    """Whether somebody moves before the twelve weeks, after them or never."""
    person, here, world = someone
    dependent_on(person, Substance.HEROIN)
    world = Staying(world)
    luck = Luck({name: key_of(5, name) for name in ("enter_treatment", "stay_in_treatment")})
    seen = {mark: [] for mark in (CareMark.RETAINED_12_WEEKS, CareMark.ENTERED_TREATMENT, CareMark.MOVED_TREATMENT)}
    for episode in range(2):
        for week in range(60):
            person.care_marks = 0
            luck.turn_to(1, week, "enter_treatment")
            if week == 0:
                enter_treatment(person, here, world, luck, Care.AGONIST)
            elif week == moved:
                enter_treatment(person, here, world, luck, Care.HEROIN_ASSISTED)
                assert person.care == Care.HEROIN_ASSISTED and person.weeks_in_care == 0, "the new treatment begins"
            luck.turn_to(1, week, "stay_in_treatment")
            person.stay_in_treatment(here, world, luck)
            for mark, weeks in seen.items():
                if person.care_marks & mark:
                    weeks.append((episode, week))
        leave_treatment(person, CareMark.DROPPED_OUT)
    retained, entered, changed = seen.values()
    assert retained == [(0, 11), (1, 11)] and entered == [(0, 0), (1, 0)]
    assert changed == ([(0, moved), (1, moved)] if moved else [])


class Staying:
    """A world in which nobody leaves treatment."""

    def __init__(self, usual):
        self._usual = usual

    def __getattr__(self, name: str):
        value = getattr(self._usual, name)
        return np.zeros(np.shape(value)) if name in ("dropout_rate", "completion_rate") else value
