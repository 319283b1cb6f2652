"""Sanctions by steps, what they deter by either reading, and trust in the police.

What rises or falls is tested over eight pairs of runs at |t| > 3.5, which without an effect happens once in a hundred times.
"""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import after, model, regime, weekly

from policysim.agents.people import first_use, lessons, police, rescue
from policysim.engine.luck import Luck
from policysim.model.building import python_views
from policysim.vocabulary.marks import PoliceMark, SchemeMark
from policysim.vocabulary.states import Occupation, Substance, Use

PLACE = {"place": "authority:birmingham", "people": 6000, "years": 1}
OUTCOMES = ("sanctioned", "street_resolutions", "cautions", "charges", "diversions", "first_use", "taught_by_police",
            "trusting_police", "deaths")  # fmt: skip
STEPS = {"escalating_sanctions": {}}


@pytest.fixture(scope="module")
def steps() -> dict[str, np.ndarray]:
    return paired(STEPS, OUTCOMES, **PLACE)


def test_steps_are_taken_at_shipped_numbers_records_are_made_and_first_use_stays(steps):
    assert standard_errors(steps["sanctioned"]) > 3.5
    assert (steps["diversions"] <= 0).all(), "whom steps reach, diversion does not"
    assert (steps["cautions"] >= 0).all() and steps["cautions"].any(), "the harm: found again, they get a record"
    assert abs(standard_errors(steps["first_use"])) < 3.5


def test_those_who_use_at_the_start_were_found_before_the_more_so_the_more_they_use_and_children_were_not():
    made = model(engine="python", people=20_000, place="authority:birmingham")
    people, found = made.people[made.people["present"]], made.people["possessions"][made.people["present"]]
    often = np.isin(people["use"][:, :4], (Use.REGULAR, Use.DEPENDENT)).any(axis=1) & (people["age"] >= 30)
    assert not found[people["age"] < 18].any() and not found[people["using"] == 0].any()
    mean = made.parameters["detection_rate"] * 52 * made.parameters["possession_years"]
    heroin = often & (people["use"][:, Substance.HEROIN] == Use.DEPENDENT)
    assert found[heroin].mean() == pytest.approx(mean, rel=0.2)
    assert 0.2 < (found[often] > 0).mean() < 0.6 and (found[often] >= made.parameters["charged_from"]).mean() > 0.02
    made.close()


def deterred(numbers: dict[str, float], **levers: dict) -> tuple[float, float]:
    """First use of adults and of children relative to the usual, from the first week on."""
    made = model(engine="python", people=20, place="authority:birmingham", parameters=numbers, regime=regime(**levers))
    made.step()
    ratios = float(made.places["first_use_ratio"][0]), float(made.places["youth_first_use_ratio"][0])
    made.close()
    return ratios


def test_by_the_second_reading_certainty_deters_whom_it_reaches_and_by_the_first_it_does_not():
    numbers = {"deterrence_of_arrest": 0.3}
    assert deterred({}, escalating_sanctions={"ramp_weeks": 0}) == (1, 1)
    adults, children = deterred(numbers, escalating_sanctions={"ramp_weeks": 0})
    assert adults < 0.9 and children == 1, "children are not dealt with by steps"
    adults, children = deterred(numbers, possession_decision={"arrest_share": 0.6, "ramp_weeks": 0})
    assert adults < children < 1, "fewer children are arrested"
    offered = {"offered": 1.0, "ramp_weeks": 0}
    assert deterred({}, pre_arrest_diversion=offered, youth_diversion=offered) == (1, 1)
    adults, children = deterred(numbers, pre_arrest_diversion=offered)
    assert adults > 1 == children, "whoever is diverted is not arrested: where arrest deters, that is the price"
    adults, children = deterred(numbers, youth_diversion=offered)
    assert adults == 1 < children
    seen = deterred({"deterrence_effect": 0.1}, hot_spot_patrol={"ramp_weeks": 0})
    assert seen[0] == seen[1] <= 1


def test_nobody_is_deterred_from_drink():
    made = model(engine="python", people=300)
    young = np.flatnonzero(made.people["present"] & (made.people["ever_used"] == 0) & (made.people["age"] < 25))
    here, world = python_views(made)
    someone = made.person(int(young[0]))
    place = here[someone.neighbourhood]
    usual, none = (
        [first_use.pulled_hazard(someone, s, illicit, place, world) for s in Substance] for illicit in (1.0, 0.0)
    )
    assert usual[Substance.ALCOHOL] > 0 and none == [0.0] * 6 + [usual[Substance.ALCOHOL]]
    for someone.age, least in ((15.0, 0.5), (22.0, 0.8)):
        ratios = Over(place, {"youth_first_use_ratio": 0.5, "first_use_ratio": 0.8})
        assert first_use.deterred(someone, ratios, world) == least
    made.close()


class Over:
    """A record with some of its fields said anew."""

    def __init__(self, record, said):
        self._record, self._said = record, said

    def __getattr__(self, name):
        return self._said[name] if name in self._said else getattr(self._record, name)


def meets(before: int, room: float = 1.0, keeps: float = 1.0, **changes: float) -> int:
    """Somebody is found in possession after so many times before; returns the two kinds of marks."""
    made = model(engine="python", people=100)
    someone = made.person(int(np.flatnonzero(made.people["present"] & (made.people["dependent_on"] == 0))[0]))
    someone.age, someone.possessions, someone.charge, someone.police_marks = 30.0, before, 0, 0
    here, world = python_views(made)
    someone.use[Substance.PARTY] = Use.REGULAR
    said = Over(
        here[someone.neighbourhood], {"escalation": 1.0, "custody_room": room, "test_on_arrest": 0.0, **changes}
    )
    luck = Luck({"answer": 7})
    luck.turn_to(1, 0, "answer")
    numbers = Over(world, {"supply_share": 0.0, "attendance": keeps, "failure_pursued": 1.0})
    police.answer_possession(someone, said, numbers, luck)
    assert someone.scheme_marks & SchemeMark.DEALT_WITH_BY_STEPS and someone.possessions == before + 1
    made.close()
    return someone.police_marks


def test_the_first_time_a_course_the_second_a_caution_the_third_a_charge_if_there_is_a_cell():
    assert meets(0) == PoliceMark.RESOLVED_ON_STREET
    assert meets(1) == PoliceMark.CAUTIONED
    assert meets(2) == PoliceMark.ARRESTED_FOR_DRUGS | PoliceMark.CHARGED == meets(9)
    assert meets(2, room=0.0) == PoliceMark.RESOLVED_ON_STREET, "custody is full"
    assert meets(0, keeps=0.0) & PoliceMark.ARRESTED_FOR_DRUGS, "whoever does not do as told is pursued"


def test_whoever_is_charged_is_tested_in_the_cells_as_anybody_arrested_with_class_a_drugs():
    tested = PoliceMark.TESTED_ON_ARREST | PoliceMark.TESTED_POSITIVE
    assert meets(2, test_on_arrest=1.0) == PoliceMark.ARRESTED_FOR_DRUGS | PoliceMark.CHARGED | tested
    assert meets(2, room=0.0, test_on_arrest=1.0) == PoliceMark.RESOLVED_ON_STREET


def test_lessons_by_officers_raise_trust_and_leave_use_alone():
    place = {**PLACE, "people": 3000}
    taught = paired({"police_in_classrooms": {}}, OUTCOMES, seeds=range(1, 5), weeks=39, **place)
    assert (taught["taught_by_police"] > 0).all() and (taught["trusting_police"] > 0).all()
    without = {"trust_calling": 0.0, "trust_accepting": 0.0}
    none = paired({"police_in_classrooms": {}}, OUTCOMES, seeds=range(1, 3), weeks=39, parameters=without, **place)
    assert (none["taught_by_police"] > 0).all() and not none["first_use"].any() and not none["deaths"].any()


def test_officers_teach_pupils_of_the_ages_of_their_trial_and_schools_those_of_theirs():
    made = model(engine="python", people=100)
    _, world = python_views(made)
    others = dict.fromkeys(("scare_lessons", "fact_lessons", "visitor_talks", "peer_mentors", "ethos_reach"), 0.0)
    here = SimpleNamespace(skills_lessons=1000.0, police_lessons=1000.0, staff_quality=1.0, **others)

    def had(age: float, **said: Any) -> tuple[float, bool, float]:
        pupil = SimpleNamespace(
            occupation=Occupation.SCHOOL, age=age, lessons=0, scare_lessons=0, taught_by_police=False, trust=0.0,
            told_facts=True, heard_visitors=True, peer_mentored=True, ethos=1.0, school_marks=0, scheme_marks=0,
        )  # fmt: skip
        assert (lessons.lesson_hazard(pupil, here, world) > 0) == (12 <= age < 16)
        while lessons.lesson_hazard(pupil, here, world) > 0:  # one at a time
            lessons.take_lessons(pupil, 0.0, here, Over(world, said))
        return pupil.lessons, pupil.taught_by_police, pupil.trust

    assert had(11.9) == had(16.0) == (0, False, 0)
    assert had(12.5) == (1, False, 0) and had(13.5)[:2] == (1, True) and had(15.9) == (0, True, world.trust_of_lessons)
    assert had(15.0, trust_of_lessons=-0.1)[2] < 0, "lessons by police alone may do harm"
    made.close()


def test_whose_trust_has_faded_is_counted_no_more_at_rest_or_not():
    found = []
    for engine in ("python", "compiled"):
        made = model(engine=engine, place="authority:birmingham", people=60, parameters={"searches_per_1000": 0})
        made.people["trust"] = np.where(made.people["present"], 0.2, 0)
        for _ in range(38):
            made.step()
        found.append(weekly(made)["trusting_police"].to_numpy())
        assert (made.people["trust"] > 0).any(), "it never fades altogether"
        made.close()
    assert found[0][0] > 40 * made.one_in and found[0][36] == 0
    assert np.array_equal(*found)


def test_trained_officers_bind():
    def taught(reached: float, **numbers: float) -> float:
        lever = regime(police_in_classrooms={"reached": reached, "ramp_weeks": 0})
        made = after(52, regime=lever, parameters=numbers, **PLACE)
        return weekly(made)["taught_by_police"].sum()

    few = [taught(reached, police_pupils_per_1000=4) for reached in (0.4, 0.8)]
    enough = [taught(reached, police_pupils_per_1000=30) for reached in (0.4, 0.8)]
    assert few[1] < 1.2 * few[0] and enough[1] > 1.5 * enough[0]


def test_officers_time_goes_to_pupils_whom_they_have_not_taught():
    made = model(**PLACE, regime=regime(police_in_classrooms={"reached": 1, "ramp_weeks": 0}))
    of_age = (made.people["age"] >= 13) & (made.people["age"] < 16) & made.people["present"]
    pupils = np.flatnonzero(of_age & (made.people["occupation"] == Occupation.SCHOOL))
    made.people["taught_by_police"][pupils[::2]] = True
    made.step()
    lessons_a_week = made.places["police_lessons"][0] * pupils[1::2].size
    assert lessons_a_week == pytest.approx(made.police[0].pupils_a_week, rel=0.02)
    made.close()


def test_searches_and_arrests_cost_trust_which_comes_back_and_whoever_distrusts_calls_less():
    made = after(30, people=600, place="authority:birmingham",
                 parameters={"searches_per_1000": 500, "detection_rate": 1})  # fmt: skip
    trust = made.people["trust"][made.people["present"]]
    assert trust.min() < -0.1 and trust.max() == 0, "nobody gains any by being searched"
    _, world = python_views(made)
    person = made.person(0)
    usual = person.trust = world.trust_usual
    shares = []
    for person.trust in (usual - 1, usual, usual + 1):
        shares.append(rescue.call_share(person, world))
    assert shares[0] < shares[1] < shares[2] and shares[1] == pytest.approx(world.ambulance_called)
    flat = Over(world, {"trust_calling": 0.0})
    assert rescue.call_share(person, flat) == world.ambulance_called
    person.trust, person.fear, person.weeks = -1.0, 0.0, 10
    police.lose_fear(person, None, world, None)
    assert person.trust == pytest.approx(-((1 - world.trust_fade) ** 10), rel=1e-5)
    made.close()
