"""Levers at school: what staff and mentors have time for, whom they reach, what moves and, within years, what cannot.

What rises or falls is tested over eight pairs of runs at |t| > 3.5, which without an effect happens once in a hundred times.
"""

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import after, differing, disagreements, model, regime, weekly

from policysim.levers.catalogue import LEVERS
from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import SchoolMark
from policysim.vocabulary.states import Occupation

NOW = {"ramp_weeks": 0}
WITH_EVIDENCE = ("skills_programme", "school_environment", "mentoring", "school_diversion", "qualified_staff")
WITHOUT = ("scare_tactics", "knowledge_only", "former_users_or_police_alone", "unstructured_peer_mentoring")
SMALL = {"place": "authority:birmingham", "people": 400}


def acted(lessons_a_week: float | None = None, **levers: dict):
    """Schools of a place that act once and teach nobody yet."""
    made = model(engine="python", place="authority:birmingham", people=500, regime=regime(**levers))
    if lessons_a_week is not None:
        made.schools[0].lessons_a_week = lessons_a_week
    made.step()
    made.close()
    return made


def test_staff_teach_as_many_as_they_have_time_for_and_facts_alone_take_it_from_skills():
    def wanted(made) -> float:
        here, memory = made.places[0], made.schools[0].memory
        return (
            memory["untaught"] * here["skills_lessons"]
            + memory["untold"] * here["fact_lessons"]
            + memory["unreached"] * here["ethos_reach"]
        )

    taught = {"skills_programme": NOW, "school_environment": NOW}
    free, usual, crowded = acted(1e9, **taught), acted(**taught), acted(**taught, knowledge_only=NOW)
    capacity = usual.schools[0].lessons_a_week
    residents = usual.place.authorities[0].population
    assert capacity * usual.one_in * 52 == pytest.approx(usual.parameters["school_pupils_per_1000"] * 52 * residents)
    assert wanted(free) > 1.2 * capacity
    assert wanted(usual) == pytest.approx(capacity) == wanted(crowded)
    assert crowded.places[0]["skills_lessons"] < 0.8 * usual.places[0]["skills_lessons"]
    talks = acted(**taught, former_users_or_police_alone=NOW, unstructured_peer_mentoring=NOW, scare_tactics=NOW)
    assert talks.places[0]["skills_lessons"] == usual.places[0]["skills_lessons"], (
        "who comes from outside takes none of it"
    )
    short = acted(1e9, skills_programme={**NOW, "coverage": 0.3})
    assert short.places[0]["skills_lessons"] == pytest.approx(-np.log(0.7) / 104), (
        "and where there is time for all, none is cut"
    )


def test_no_more_pupils_have_a_mentor_than_there_are_and_those_in_trouble_come_first():
    numbers = {"suspension_rate[men]": 0.7, "suspension_rate[women]": 0.7, "mentor_length": 8, "care_share": 0.3}
    made = model(
        place="authority:birmingham", people=2000, parameters=numbers, regime=regime(mentoring={**NOW, "places": 30})
    )
    schools, given, in_care = made.schools[0], 0, 0
    for _ in range(26):
        made.step()
        people = made.people
        on, new = people["mentor_weeks"] > 0, marked(people, SchoolMark.GOT_MENTOR)
        assert on.sum() <= schools.memory["open"]
        seen = marked(people, SchoolMark.SUSPENDED, SchoolMark.EXCLUDED_FROM_SCHOOL, SchoolMark.CAUGHT_AT_SCHOOL)
        assert (seen | people["care_experienced"])[new].all(), "chosen by what a school sees"
        assert np.isin(people["occupation"][new], (Occupation.SCHOOL, Occupation.EXCLUDED)).all()
        if (new & ~seen).any():
            assert not (seen & ~on & (people["age"] < 17.9)).any(), "those in care where nobody in trouble waits"
        given, in_care = given + new.sum(), in_care + (new & ~seen).sum()
        del people
    made.close()
    assert schools.memory["open"] >= 3 and given > 1.5 * schools.memory["open"], "a place falls free and is given again"
    assert 0 < in_care < given


def test_trained_staff_alone_change_nothing_and_with_a_programme_more_of_it_stays():
    quo, alone = after(20, **SMALL), after(20, regime=regime(qualified_staff=NOW), **SMALL)
    assert set(disagreements(quo, alone)) == {"places.staff_quality", "outcomes.figures", "outcomes.costs"}
    taught = {"skills_programme": NOW, "school_environment": NOW}
    usual, trained = (after(20, regime=regime(**taught, **more), **SMALL) for more in ({}, {"qualified_staff": NOW}))
    for field in ("lessons", "ethos"):
        one, other = usual.people[field], trained.people[field]
        had = one > 0
        assert had.any() and (had == (other > 0)).all(), "as many are taught"
        assert other[had] / one[had] == pytest.approx(0.9 / 0.5), (
            "0.8 of the staff more, of whom each half as good before"
        )


def test_whose_training_nobody_pays_for_is_not_told_as_trained():
    made = after(6, regime=regime(qualified_staff=NOW), budgets={"council": 0.0}, **SMALL)
    assert not weekly(made)["pupils_of_trained_staff"].any()
    assert made.places["staff_quality"][0] == made.parameters["usual_staff_quality"]


def test_programmes_without_evidence_reach_pupils_cost_money_and_at_shipped_numbers_do_nothing_else():
    quo, full = after(26, **SMALL), after(26, regime=regime(**dict.fromkeys(WITHOUT, NOW)), **SMALL)
    different = set(differing(quo.people, full.people)) - {"school_marks"}
    assert different == {"scare_lessons", "told_facts", "heard_visitors", "peer_mentored"}
    assert full.outcomes.costs.sum() > quo.outcomes.costs.sum()
    harm = {"resilience_of_facts": -0.15, "resilience_of_visitors": -0.3, "resilience_of_peers": -0.4}
    worse = after(26, regime=regime(**dict.fromkeys(WITHOUT, NOW)), parameters=harm, **SMALL)
    reached = worse.people["heard_visitors"] | worse.people["peer_mentored"] | worse.people["told_facts"]
    assert (worse.people["resilience"][reached] < quo.people["resilience"][reached]).all() and reached.sum() > 5


@pytest.mark.parametrize("name", WITHOUT)
def test_what_has_no_evidence_is_expected_to_change_nothing(name):
    assert LEVERS[name].group == "prevention without evidence" and LEVERS[name].expected == "stays"


def test_diversion_keeps_pupils_and_students_who_are_caught_where_they_study():
    numbers = {"caught_rate": 20, "caught_rate_student": 20, "expelled_when_caught": 0.5, "excluded_when_caught": 0.2}
    found = paired(
        {"school_diversion": {}}, ("exclusions_for_drugs", "expelled_students", "suspensions", "diverted_at_study"),
        weeks=40, place="authority:birmingham", people=4000, years=1, parameters=numbers, beyond_ranges=True,
    )  # fmt: skip
    for outcome in ("exclusions_for_drugs", "expelled_students", "suspensions"):
        assert standard_errors(found[outcome]) < -3.5, outcome
    assert (found["diverted_at_study"] > 0).all()
    null = paired(
        {"school_diversion": {}}, ("exclusions", "expelled_students", "suspensions", "diverted_at_study"), range(1, 3),
        weeks=40, place="authority:birmingham", people=2000, years=1, parameters={**numbers, "kept_by_diversion": 0},
        beyond_ranges=True,
    )  # fmt: skip
    assert (null["diverted_at_study"] > 0).all()
    assert not any(null[name].any() for name in ("exclusions", "expelled_students", "suspensions"))


def test_within_four_years_all_school_levers_move_first_use_and_suspensions_and_hardly_a_death():
    """Deaths peak in the forties: nobody whom a school reaches now is there in time, be the effects as large as they may."""
    most = {"resilience_of_lessons": 0.6, "resilience_of_ethos": 0.6, "resilience_of_mentor": 0.8}
    levers: dict[str, dict] = {name: {} for name in WITH_EVIDENCE}
    levers["mentoring"] = {"places": 20}
    found = paired(
        levers, ("first_use", "suspensions", "expected_deaths"), weeks=208,
        place="authority:birmingham", people=9000, years=5, parameters=most,
    )  # fmt: skip
    assert standard_errors(found["first_use"]) < -3.5
    assert standard_errors(found["suspensions"]) < -3.5
    usual = 250.0  # about as many are expected there in four years
    assert abs(found["expected_deaths"].mean()) < 0.005 * usual
