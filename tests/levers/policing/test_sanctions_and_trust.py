"""Sanctions by steps, what they deter by either reading, and trust in the police.

What rises or falls is tested over eight pairs of runs at |t| > 3.5, which without an effect happens once in a hundred times.
"""

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import after, model, regime

from policysim.agents.people import police, rescue
from policysim.engine.luck import Luck
from policysim.model.building import python_views
from policysim.vocabulary.marks import PoliceMark, SchemeMark

PLACE = {"place": "authority:birmingham", "people": 6000, "years": 1}
OUTCOMES = ("sanctioned", "street_resolutions", "cautions", "charges", "diversions", "first_use", "taught_by_police",
            "trusting_police", "deaths")  # fmt: skip
STEPS = {"escalating_sanctions": {}}


@pytest.fixture(scope="module")
def steps() -> dict[str, np.ndarray]:
    return paired(STEPS, OUTCOMES, parameters={"detection_rate": 0.125}, **PLACE)


def test_steps_are_taken_records_are_made_and_first_use_stays(steps):
    assert standard_errors(steps["sanctioned"]) > 3.5
    assert (steps["diversions"] <= 0).all(), "whom steps reach, diversion does not"
    assert abs(standard_errors(steps["first_use"])) < 3.5
    more = paired(STEPS, OUTCOMES, beyond_ranges=True, parameters={"detection_rate": 3}, **PLACE)
    assert standard_errors(more["cautions"] + more["charges"]) > 3.5, "the harm: found again, they get a record"


def test_by_the_second_reading_certainty_deters_and_by_the_first_it_does_not(steps):
    deterred = paired(STEPS, OUTCOMES, parameters={"deterrence_of_arrest": 0.3}, **PLACE)
    assert standard_errors(deterred["first_use"]) < -3.5
    assert deterred["first_use"].mean() < 5 * -abs(steps["first_use"].mean())
    arrest = paired(
        {"possession_decision": {"arrest_share": 0.6}},
        ("first_use",),
        parameters={"deterrence_of_arrest": 0.3},
        **PLACE,
    )
    assert standard_errors(arrest["first_use"]) < -3.5


class Over:
    """A record with some of its fields said anew."""

    def __init__(self, record, said):
        self._record, self._said = record, said

    def __getattr__(self, name):
        return self._said[name] if name in self._said else getattr(self._record, name)


def meets(before: int, room: float = 1.0, keeps: float = 1.0) -> int:
    """Somebody is found in possession after so many times before; returns the two kinds of marks."""
    made = model(engine="python", people=100)
    someone = made.person(int(np.flatnonzero(made.people["present"] & (made.people["dependent_on"] == 0))[0]))
    someone.age, someone.possessions, someone.charge, someone.police_marks = 30.0, before, 0, 0
    here, world = python_views(made)
    said = Over(here[someone.neighbourhood], {"escalation": 1.0, "custody_room": room})
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


def test_lessons_by_officers_raise_trust_and_leave_use_alone():
    taught = paired({"police_in_classrooms": {}}, OUTCOMES, **PLACE)
    assert (taught["taught_by_police"] > 0).all() and standard_errors(taught["trusting_police"]) > 3.5
    assert abs(standard_errors(taught["first_use"])) < 3.5
    without = {"trust_calling": 0.0, "trust_accepting": 0.0}
    none = paired({"police_in_classrooms": {}}, OUTCOMES, seeds=range(1, 4), parameters=without, **PLACE)
    assert (none["taught_by_police"] > 0).all() and not none["first_use"].any() and not none["deaths"].any()


def test_trained_officers_bind():
    def taught(reached: float, **numbers: float) -> float:
        lever = regime(police_in_classrooms={"reached": reached, "ramp_weeks": 0})
        made = after(52, regime=lever, parameters=numbers, **PLACE)
        return made.outcomes.weekly(["Birmingham"], made.one_in).query("area == 'all'")["taught_by_police"].sum()

    few = [taught(reached, police_pupils_per_1000=4) for reached in (0.4, 0.8)]
    enough = [taught(reached, police_pupils_per_1000=30) for reached in (0.4, 0.8)]
    assert few[1] < 1.2 * few[0] and enough[1] > 1.5 * enough[0]


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
