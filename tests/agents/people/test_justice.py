"""Police, courts and custody in one person's life: what follows from each decision, and for whom."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from one_person import CHARGED, DEPENDENT, WHITE, Over

from policysim.agents.people import courts, custody, offending, police
from policysim.model.building import python_views
from policysim.vocabulary.marks import JusticeMark, PoliceMark
from policysim.vocabulary.states import SUBSTANCES, Care, Charge, Justice, Substance, Use

BLACK = 2
DRAWS = 400


def often(lives: Any, mark: int, field: str, *arguments: Any, **how: Any) -> float:
    """How often a mark is left, over many weeks of luck."""
    return float(np.mean([getattr(lives(*arguments, week=k, **how), field) & mark > 0 for k in range(DRAWS)]))


ON_REMAND = {**CHARGED, "weeks_charged": 6, "justice": Justice.CUSTODY, "remanded": True, "weeks_left": 1}
ARREST_ALL = {
    "arrest_share": 1.0,
    "diversion_offer": 1.0,
    "diversion_attendance": 1.0,
    "admission_required": 0.0,
    "youth_diversion_offer": 1.0,
    "youth_diversion_attendance": 1.0,
    "youth_admission_required": 0.0,
}
NO_OFFER = {"diversion_offer": 0.0, "youth_diversion_offer": 0.0}


def test_some_of_those_charged_are_held_until_a_court_hears_them(meet):
    held = meet(courts.await_court, person=CHARGED, remand_share=1.0)
    assert held.justice == Justice.CUSTODY and held.remanded and held.charge == Charge.ACQUISITIVE
    assert held.justice_marks & JusticeMark.REMANDED
    assert meet(courts.await_court, person=CHARGED, remand_share=0.0).justice == Justice.FREE
    later = meet(courts.await_court, person={**CHARGED, "weeks_charged": 1}, remand_share=1.0)
    assert later.justice == Justice.FREE, "it is decided once, when they first appear"


def test_remand_does_not_run_out_as_a_sentence_does(meet):
    assert meet(custody.serve_sentence, person=ON_REMAND).justice == Justice.CUSTODY


def test_weeks_on_remand_count_and_whoever_gets_no_custody_walks_free(meet):
    numbers = {"served_weeks": 20.0, "shortest_sentence": 1.0}
    inside = meet(courts.sentence, 1, person=ON_REMAND, custody_share=1.0, **numbers)
    free = meet(courts.sentence, 1, person={**CHARGED, "weeks_charged": 6}, custody_share=1.0, **numbers)
    assert inside.justice == Justice.CUSTODY and not inside.remanded and inside.justice_marks & JusticeMark.IMPRISONED
    assert inside.weeks_left == free.weeks_left - 6
    released = meet(courts.sentence, 1, person=ON_REMAND, custody_share=0.0, order_share=0.0)
    assert released.justice == Justice.FREE and not released.remanded and released.weeks_left == 0
    assert released.justice_marks & JusticeMark.RELEASED_BY_COURT and not released.justice_marks & JusticeMark.RELEASED
    assert released.weeks_since_release == 0, "the danger of the first weeks is theirs too"


def test_people_who_use_nothing_are_arrested_for_theft_and_test_negative(meet):
    here = {"search_rate": 0.0, "test_on_arrest": 1.0}
    someone = meet(police.meet_police, here=here, trigger_arrest_rate=50.0, search_ratio_age=1.0)
    assert someone.police_marks & PoliceMark.ARRESTED_FOR_TRIGGER and someone.police_marks & PoliceMark.TESTED_ON_ARREST
    assert not someone.police_marks & (PoliceMark.TESTED_POSITIVE | PoliceMark.SEARCHED)
    here["detection_rate"] = 0.0
    theirs = meet(police.meet_police, here=here, person=DEPENDENT, trigger_arrest_rate=50.0, search_ratio_age=1.0)
    assert theirs.police_marks == 0, "their arrests follow from offending, and are counted there"


@pytest.mark.parametrize(
    ("used", "tested"), [(Substance.CANNABIS, False), (Substance.PARTY, True), (Substance.CRACK, True)]
)
def test_a_drug_arrest_brings_a_test_only_where_the_drug_is_of_class_a(meet, used, tested):
    use = [Use.NEVER] * SUBSTANCES
    use[used] = Use.REGULAR
    here = {
        "search_rate": 0.0,
        "detection_rate": 50.0,
        "test_on_arrest": 1.0,
        "arrest_share": 1.0,
        "diversion_offer": 0.0,
    }
    someone = meet(police.meet_police, here=here, person={"use": use, "using": 1}, trigger_arrest_rate=0.0)
    assert someone.police_marks & PoliceMark.ARRESTED_FOR_DRUGS
    assert bool(someone.police_marks & PoliceMark.TESTED_ON_ARREST) == tested


def test_children_are_not_dealt_with_as_adults(meet):
    here = {"search_rate": 0.0, "test_on_arrest": 1.0}
    arrested = {"here": here, "trigger_arrest_rate": 50.0, "search_ratio_age": 1.0, "trigger_ratio_child": 1.0}
    child = {"age": 15.5, "band": 1}
    charged = [
        often(meet, PoliceMark.CHARGED, "police_marks", police.meet_police, person=person, charge_share=0.8, **arrested)
        for person in (child, {})
    ]
    assert charged[0] < 0.6 * charged[1]
    marks = (PoliceMark.TESTED_ON_ARREST, PoliceMark.RESOLVED_AT_STATION)
    for mark, of_children, of_adults in ((marks[0], False, True), (marks[1], True, False)):
        for person, expected in ((child, of_children), ({}, of_adults)):
            found = often(meet, mark, "police_marks", police.meet_police, person=person, **arrested)
            assert (found > 0) == expected
    inside = [
        often(
            meet,
            JusticeMark.IMPRISONED,
            "justice_marks",
            courts.sentence,
            1,
            person={**CHARGED, **person},
            custody_share=0.9,
        )
        for person in (child, {})
    ]
    assert inside[0] < 0.3 * inside[1]


def answer(self, here, world, luck):
    """Somebody is found in possession."""
    police.answer_possession(self, here, world, luck)


CHILD = {"age": 15.5, "band": 1}
FAILING = ARREST_ALL | {"arrest_share": 0.0, "diversion_attendance": 0.0, "youth_diversion_attendance": 0.0}
ARRESTS_OF = {
    "found in possession": (answer, {"arrest_share": 0.8, **NO_OFFER}, {"supply_share": 0}, {}),
    "not attending": (
        answer, FAILING, {"supply_share": 0, "net_widening": 1, "failure_pursued": 0.8}, {},
    ),
    "breaching": (police.keep_contract, {}, {"breach_rate": 50.0, "failure_pursued": 0.8}, {"contract_weeks": 3}),
}  # fmt: skip


@pytest.mark.parametrize("rule, here, numbers, person", ARRESTS_OF.values(), ids=ARRESTS_OF)
def test_children_in_possession_are_arrested_as_a_last_resort(meet, rule, here, numbers, person):
    def arrests(ratio: float, someone: dict) -> list[bool]:
        how = {"here": here, "person": person | someone, "youth_arrest_ratio": ratio, **numbers}
        marks = (meet(rule, week=k, **how).police_marks for k in range(DRAWS))
        return [bool(found & PoliceMark.ARRESTED_FOR_DRUGS) for found in marks]

    adults = arrests(0.5, {})
    assert np.mean(adults) == pytest.approx(0.8, abs=0.07)
    assert np.mean(arrests(0.5, CHILD)) == pytest.approx(0.4, abs=0.08)
    assert arrests(1.0, CHILD) == adults, "null: as adults, by the same luck"
    assert not any(arrests(0.0, CHILD))


def test_diversion_is_open_to_children_as_to_adults(meet):
    how = {"here": ARREST_ALL, "supply_share": 0.0, "net_widening": 1.0, "youth_arrest_ratio": 0.0}
    child, adult = (meet(answer, person=person, **how) for person in (CHILD, {}))
    assert child.contract_weeks == adult.contract_weeks > 0 and child.diversions == 1
    assert child.police_marks == PoliceMark.OFFERED_DIVERSION | PoliceMark.DIVERTED, "not from an arrest"
    assert adult.police_marks == child.police_marks | PoliceMark.DIVERTED_FROM_ARREST


def test_what_is_on_file_is_counted_up_to_a_number_that_the_record_can_hold(meet):
    sure = {
        "here": ARREST_ALL | {"diversion_offer": 0.0},
        "supply_share": 0.0,
        "charge_share": 0.0,
        "caution_share": 1.0,
    }
    people = [meet(answer, person={"cautions": before}, **sure) for before in (98, 99, 100)]
    assert all(one.police_marks & PoliceMark.CAUTIONED for one in people)
    assert [one.cautions for one in people] == [99, 100, 100]


def test_children_are_cautioned_by_a_ratio_of_their_own(meet):
    def cautions(ratio: float, someone: dict) -> list[bool]:
        how = {"here": ARREST_ALL | NO_OFFER, "supply_share": 0.0, "charge_share": 0.0,
               "caution_share": 0.8, "youth_arrest_ratio": 1.0, "youth_caution_ratio": ratio,
               "youth_panel_share": 0.0}  # fmt: skip
        people = (meet(answer, week=k, person=someone, **how) for k in range(DRAWS))
        return [bool(one.police_marks & PoliceMark.CAUTIONED) for one in people]

    assert np.mean(cautions(0.5, CHILD)) == pytest.approx(0.4, abs=0.08)
    assert cautions(1.0, CHILD) == cautions(0.5, {})


def test_whoever_would_have_been_dealt_with_on_the_street_is_bound_and_no_less_likely_to_offend(meet):
    def found(**here: float) -> Any:
        def rule(self, here, world, luck):
            police.answer_possession(self, here, world, luck)

        return meet(rule, here={**ARREST_ALL, **here}, supply_share=0.0, net_widening=1.0, failure_pursued=1.0)

    instead_of_arrest, drawn_in = found(), found(arrest_share=0.0)
    for someone in (instead_of_arrest, drawn_in):
        assert someone.police_marks & PoliceMark.DIVERTED and someone.contract_weeks > 0
    assert instead_of_arrest.weeks_since_diversion == 0 and drawn_in.weeks_since_diversion == -1
    assert found(arrest_share=0.0, diversion_attendance=0.0).police_marks & PoliceMark.ARRESTED_FOR_DRUGS


@pytest.mark.parametrize("pursued", [0.0, 1.0])
def test_a_breached_agreement_may_end_in_arrest_and_a_kept_one_in_nothing(meet, pursued):
    bound = {"contract_weeks": 3}
    broken = meet(police.keep_contract, person=bound, breach_rate=50.0, failure_pursued=pursued)
    assert broken.police_marks & PoliceMark.BREACHED_DIVERSION and broken.contract_weeks == 0
    assert bool(broken.police_marks & PoliceMark.ARRESTED_FOR_DRUGS) == bool(pursued)
    kept = meet(police.keep_contract, person={"contract_weeks": 1}, breach_rate=0.0)
    assert kept.police_marks == PoliceMark.COMPLETED_DIVERSION


def test_without_an_admission_more_accept_and_most_of_all_those_who_admit_least(place):
    here, world = python_views(place)
    usual = {"age": 30.0, "trust": world.trust_usual}
    white, black = SimpleNamespace(ethnicity=WHITE, **usual), SimpleNamespace(ethnicity=BLACK, **usual)
    free, asked = Over(here[0], {"admission_required": 0.0}), Over(here[0], {"admission_required": 1.0})
    assert police.accepts(white, free, world) == police.accepts(black, free, world) == 1
    assert police.accepts(black, asked, world) < police.accepts(white, asked, world) < 1


def test_theft_follows_patrol_and_treatment(meet):
    usual = meet(offending.offend, person=DEPENDENT, here={"offending_ratio": 1.0}).expected_offences
    patrolled = meet(offending.offend, person=DEPENDENT, here={"offending_ratio": 0.9}).expected_offences
    treated = meet(
        offending.offend, person={**DEPENDENT, "care": Care.AGONIST}, here={"offending_ratio": 1.0}
    ).expected_offences
    assert patrolled == pytest.approx(0.9 * usual)
    assert 15 < 52 * (usual - treated) < 40, "treatment prevents about 25 offences a person-year"
