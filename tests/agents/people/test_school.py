"""School, college and university: suspension, exclusion, being caught with drugs, lessons, mentors."""

from types import SimpleNamespace

import numpy as np
import pytest
from one_person import HEROIN, meeting
from small_worlds import disagreements, model, regime

from policysim.agents.people import balance, lessons, school
from policysim.model.building import python_views
from policysim.vocabulary.marks import SchoolMark
from policysim.vocabulary.states import SUBSTANCES, Occupation, Substance, Use

CANNABIS = [Use.NEVER] * SUBSTANCES
CANNABIS[Substance.CANNABIS] = Use.REGULAR
CARRIED = [Substance.CANNABIS, Substance.PARTY, Substance.HEROIN, Substance.CRACK]
PUPIL = {
    "occupation": Occupation.SCHOOL,
    "age": 15.0,
    "sex": 1,
    "log_pull": 0.0,
    "ethos": 0.0,
    "resilience": 0.0,
    "school_marks": 0,
}
USES = {**PUPIL, "use": CANNABIS, "using": 1}
STUDENT = {**USES, "occupation": Occupation.STUDENT, "age": 19.0}


@pytest.fixture(scope="module")
def lives():
    made = model(engine="python", people=60)
    yield meeting(made)
    made.close()


def hazards(lives, person: dict, **numbers: float) -> SimpleNamespace:
    """The hazards of somebody at school, by what they are of."""
    found = SimpleNamespace()

    def ask(someone, here, world, luck):
        found.excluded = school.exclusion_hazard(someone, here, world)
        found.suspended = school.suspension_hazard(someone, here, world)
        found.caught = school.caught_hazard(someone, world)
        found.total = school.school_hazard(someone, here, world)

    lives(ask, person=person, **numbers)
    return found


def test_only_those_who_use_are_caught_the_more_the_more_often_and_only_where_they_study(lives):
    none, often, student = (hazards(lives, person) for person in (PUPIL, USES, STUDENT))
    assert none.caught == 0 < student.caught < often.caught
    seldom = [Use.NEVER] * SUBSTANCES
    seldom[Substance.CANNABIS] = Use.EXPERIMENTING
    assert 0 < hazards(lives, {**USES, "use": seldom}).caught < often.caught
    for changed in ({"occupation": Occupation.WORKING}, {"occupation": Occupation.EXCLUDED}, {"age": 10.5}):
        elsewhere = hazards(lives, {**USES, **changed})
        assert elsewhere.caught == elsewhere.excluded == elsewhere.suspended == 0
    assert student.excluded == student.suspended == 0, "universities warn or expel"
    assert often.total == pytest.approx(often.caught + often.excluded + often.suspended)


def test_exclusion_and_suspension_rise_with_pull_and_fall_where_the_school_works_on_its_ethos(lives):
    usual, pulled, ethos = (hazards(lives, {**PUPIL, **changed}) for changed in ({}, {"log_pull": 0.7}, {"ethos": 1.0}))
    assert pulled.excluded > 1.9 * usual.excluded and pulled.suspended > 1.9 * usual.suspended
    assert ethos.excluded < usual.excluded and ethos.suspended < usual.suspended
    null = hazards(lives, {**PUPIL, "ethos": 1.0}, exclusions_by_ethos=1.0)
    assert (null.excluded, null.suspended) == (usual.excluded, usual.suspended)


def caught(lives, person: dict, here: dict | None = None, **numbers: float):
    return lives(school.be_caught, person=person, here=here, **numbers)


def test_what_follows_on_being_caught_at_school_and_at_university(lives):
    out = caught(lives, USES, excluded_when_caught=1.0)
    assert out.occupation == Occupation.EXCLUDED
    assert (
        out.school_marks
        == SchoolMark.CAUGHT_AT_SCHOOL | SchoolMark.EXCLUDED_FROM_SCHOOL | SchoolMark.EXCLUDED_FOR_DRUGS
    )
    home = caught(lives, USES, excluded_when_caught=0.0, suspended_when_caught=1.0, belonging_lost=0.3)
    assert home.occupation == Occupation.SCHOOL and home.resilience == pytest.approx(-0.3)
    assert (
        home.log_pull
        > caught(lives, USES, excluded_when_caught=0.0, suspended_when_caught=1.0, belonging_lost=0.0).log_pull
    )
    assert home.school_marks == SchoolMark.CAUGHT_AT_SCHOOL | SchoolMark.SUSPENDED
    left = caught(lives, USES, excluded_when_caught=0.0, suspended_when_caught=0.0)
    assert (left.school_marks, left.resilience) == (SchoolMark.CAUGHT_AT_SCHOOL, 0), "left to school and parents"
    expelled, warned = (caught(lives, STUDENT, expelled_when_caught=share) for share in (1.0, 0.0))
    assert expelled.occupation == Occupation.WORKLESS and warned.occupation == Occupation.STUDENT
    assert expelled.school_marks == SchoolMark.CAUGHT_AT_UNIVERSITY | SchoolMark.EXPELLED_FROM_UNIVERSITY


def test_a_suspension_without_its_effect_changes_nothing_but_the_count(lives):
    null = caught(lives, USES, excluded_when_caught=0.0, suspended_when_caught=1.0, belonging_lost=0.0)
    assert null.resilience == 0 and null.school_marks & SchoolMark.SUSPENDED


@pytest.mark.parametrize("person", [USES, STUDENT])
def test_whoever_is_diverted_and_keeps_to_it_stays_and_whoever_is_dependent_is_referred(lives, person):
    worst = {"excluded_when_caught": 1.0, "expelled_when_caught": 1.0}
    offered = {"study_diversion": 1.0, "study_referral": 0.5}
    kept = caught(lives, person, offered, kept_by_diversion=1.0, **worst)
    assert kept.occupation == person["occupation"] and kept.school_marks & SchoolMark.DIVERTED_AT_STUDY
    assert kept.referred == 0, "who is not dependent is not referred to treatment"
    dependent = {**person, "use": HEROIN, "dependent_on": 1, "referred": 0.1}
    assert caught(lives, dependent, offered, kept_by_diversion=1.0, **worst).referred == 0.5
    null = caught(lives, person, offered, kept_by_diversion=0.0, **worst)
    assert null.occupation not in (Occupation.SCHOOL, Occupation.STUDENT), (
        "without its effect they are punished all the same"
    )
    none = caught(lives, person, {"study_diversion": 0.0}, kept_by_diversion=1.0, **worst)
    assert none.occupation == null.occupation and not none.school_marks & SchoolMark.DIVERTED_AT_STUDY


LESSONS = (
    "skills_lessons",
    "scare_lessons",
    "ethos_reach",
    "police_lessons",
    "fact_lessons",
    "visitor_talks",
    "peer_mentors",
)
HAD = (
    SchoolMark.TAUGHT_SKILLS, SchoolMark.TAUGHT_BY_SCARE, SchoolMark.JOINED_ETHOS, 0, SchoolMark.TOLD_FACTS,
    SchoolMark.HEARD_VISITORS, SchoolMark.PEER_MENTORED,
)  # fmt: skip
UNTAUGHT = {
    **PUPIL, "age": 13.0, "lessons": 0.0, "scare_lessons": 0.0, "told_facts": False, "heard_visitors": False,
    "peer_mentored": False, "taught_by_police": False, "unproven": 0.0,
}  # fmt: skip


def test_each_lesson_is_had_at_its_share_of_the_hazard_and_once(lives):
    here = {name: 0.01 * (k + 1) for k, name in enumerate(LESSONS)} | {"staff_quality": 0.6}
    bounds = np.cumsum([0.0, *(here[name] for name in LESSONS)])
    for k, mark in enumerate(HAD):
        inside = float(bounds[k : k + 2].mean())

        def have(someone, here, world, luck, at=inside):
            before = lessons.lesson_hazard(someone, here, world)
            assert before == pytest.approx(bounds[-1])
            lessons.take_lessons(someone, at, here, world)
            someone.lower = before - lessons.lesson_hazard(someone, here, world)

        pupil = lives(have, person=UNTAUGHT, here=here)
        assert pupil.lower == pytest.approx(here[LESSONS[k]]), "it is not had again"
        assert pupil.school_marks == mark and pupil.taught_by_police == (mark == 0)
    assert lives(lambda p, h, w, u: lessons.take_lessons(p, 0.0, h, w), person=UNTAUGHT, here=here).lessons == 0.6
    assert hazards(lives, {**UNTAUGHT, "age": 14.5, "using": 0}).total == pytest.approx(hazards(lives, PUPIL).total)


def test_programmes_without_evidence_add_to_one_sum_that_fades_and_may_harm(lives):
    one = dict.fromkeys(LESSONS, 0.0)
    for name, effect in (
        ("fact_lessons", "resilience_of_facts"),
        ("visitor_talks", "resilience_of_visitors"),
        ("peer_mentors", "resilience_of_peers"),
    ):
        for size in (0.0, -0.2, 0.1):

            def have(someone, here, world, luck):
                lessons.take_lessons(someone, 0.0, here, world)

            pupil = lives(have, person=UNTAUGHT, here={**one, name: 1.0}, **{effect: size})
            assert pupil.unproven == size
    after = lives(balance.balance, person={**UNTAUGHT, "unproven": -0.2, "weeks": 3})
    usual = lives(balance.balance, person={**UNTAUGHT, "unproven": 0.0, "weeks": 3})
    assert after.resilience < usual.resilience and -0.2 < after.unproven < 0


def test_a_mentor_holds_while_they_stay_and_not_a_week_longer(lives):
    def resilience(weeks_left: int, passed: int, **numbers: float) -> tuple[float, int]:
        someone = lives(balance.balance, person={**PUPIL, "mentor_weeks": weeks_left, "weeks": passed}, **numbers)
        return someone.resilience, someone.mentor_weeks

    none = resilience(0, 4)[0]
    assert none < resilience(1, 4)[0] < resilience(3, 4)[0] < resilience(4, 4)[0] == resilience(9, 4)[0]
    assert [resilience(n, 4)[1] for n in (0, 3, 9)] == [0, 0, 5]
    assert resilience(9, 4, resilience_of_mentor=0.0)[0] == none
    one, two = resilience(2, 1), lives(balance.balance, person={**PUPIL, "mentor_weeks": 2, "weeks": 2})
    later = lives(balance.balance, person={**PUPIL, "mentor_weeks": one[1], "resilience": one[0], "weeks": 1})
    assert later.resilience == pytest.approx(two.resilience) and later.mentor_weeks == two.mentor_weeks == 0


def test_trained_staff_make_mentors_stay_and_lessons_last_as_in_trials(lives):
    stays = [
        lives(lessons.be_mentored, 0, here={"staff_quality": quality}, mentor_length=40.0).mentor_weeks
        for quality in (0.5, 1.0)
    ]
    assert stays == [20, 40]


def test_work_on_the_ethos_holds_resilience_at_school_and_nowhere_else(lives):
    def held(**changed: float) -> float:
        found = []
        lives(lambda p, h, w, u: found.append(balance.resilience_held(p, w)), person={**PUPIL, **changed})
        return found[0]

    assert held(ethos=0.5) == pytest.approx(held() + 0.5 * 0.25)
    for occupation in (Occupation.EXCLUDED, Occupation.STUDENT, Occupation.WORKING):
        assert held(ethos=1.0, occupation=occupation) == held(occupation=occupation)


def test_suspensions_are_as_many_as_are_published_and_so_is_the_part_of_them_and_of_exclusions_for_drugs():
    """What is expected of everyone at school, not what happens: 685,930 suspensions, 2.6% for drugs; of exclusions 6.8%.

    Permanent exclusions are 0.23% of the 3,630,171 pupils of secondary schools in England, which has 94.6% of the residents.
    """
    made = model(place="england-and-wales", people=12_000, seed=3)
    for _ in range(52):
        made.step()
    _, world = python_views(made)
    people = made.people[made.people["present"] & (made.people["occupation"] == Occupation.SCHOOL)]
    people = people[people["age"] >= world.secondary_age]
    boys, pull = people["sex"] == 1, np.exp(people["log_pull"].astype(float))
    often = np.array(world.use_frequency)[people["use"][:, CARRIED]].max(axis=1)  # as `carrying`
    rates = (np.where(boys, rate[1], rate[0]) * pull for rate in (world.exclusion_rate, world.suspension_rate))
    excluded, suspended, caught = (52 * made.one_in * found.sum() for found in (*rates, world.caught_rate * often))
    made.close()
    for_drugs, sent_home = caught * world.excluded_when_caught, caught * world.suspended_when_caught
    assert excluded + for_drugs == pytest.approx(0.0023 * 3_630_171 / 0.946, rel=0.05)
    assert for_drugs / (excluded + for_drugs) == pytest.approx(0.068, abs=0.03)
    assert suspended + sent_home == pytest.approx(685_930 / 0.944, rel=0.08), "England has 94.4% of the residents"
    assert sent_home / (suspended + sent_home) == pytest.approx(0.026, abs=0.01)


WITH_HARM = {
    "resilience_of_facts": -0.15, "resilience_of_visitors": 0.3, "resilience_of_peers": -0.4, "risk_pull": 0.9,
    "suspension_rate[men]": 3, "caught_rate": 10, "caught_rate_student": 10, "expelled_when_caught": 0.4,
}  # fmt: skip
PROGRAMMES = (
    "skills_programme", "school_environment", "qualified_staff", "school_diversion", "scare_tactics", "knowledge_only",
    "former_users_or_police_alone", "unstructured_peer_mentoring",
)  # fmt: skip
EVERY = regime(mentoring={"places": 100, "ramp_weeks": 0}, **{name: {"ramp_weeks": 6} for name in PROGRAMMES})


def some_weeks(engine: str, rests: bool, weeks: int):
    made = model(engine=engine, people=300, regime=EVERY, parameters=WITH_HARM, place="authority:birmingham")
    for schools in made.schools:
        schools.lessons_a_week = 10.0
    held = None if rests else made.people["age"]
    for _ in range(weeks):
        made.step()
    made.close()
    del held
    return made


def test_both_engines_and_those_at_rest_live_the_same_at_school():
    python, compiled = some_weeks("python", True, 26), some_weeks("compiled", True, 26)
    assert disagreements(python, compiled) == []
    assert disagreements(some_weeks("compiled", False, 50), some_weeks("compiled", True, 50)) == []
    assert all(compiled.people[name].any() for name in ("unproven", "ethos", "lessons", "mentor_weeks"))
