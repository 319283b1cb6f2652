"""Children and the law in one life: the panel, what it decides, programmes kept and broken, orders, and turning eighteen."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from one_person import CHARGED, Over

from policysim.agents.people import balance, courts, diversion, police, youth_justice, youth_panel
from policysim.model.building import python_views
from policysim.vocabulary.marks import JusticeMark, PoliceMark, YouthMark
from policysim.vocabulary.states import Charge, DivertedAs, Justice, Occupation, PanelChoice, YouthCase

CHILD = {"age": 15.5, "band": 1}
DRAWS = 200
ALL_CHARGED = {"charge_share": 1.0, "caution_share": 0.0, "youth_charge_ratio": 1.0}
ALL_CAUTIONED = {"charge_share": 0.0, "caution_share": 1.0, "youth_caution_ratio": 1.0, "youth_panel_share": 1.0}
LET_GO = {"charge_share": 0.0, "caution_share": 0.0, "youth_resolution_share": 0.0}
OPEN = {"youth_panel": 1.0, "youth_outcome_22": 1.0, "youth_admission_required": 0.0}
"""Whoever would be charged goes before a panel that puts prosecution off without an admission."""


def theft(self, here, world, luck):
    """Arrested for theft."""
    police.be_arrested(self, Charge.ACQUISITIVE, here, world, luck)


def supply(self, here, world, luck):
    """Arrested for supply."""
    police.be_arrested(self, Charge.SUPPLY, here, world, luck)


def before_panel(meet: Any, here: dict, rule: Any = theft, person: dict = CHILD, **numbers: float) -> list[bool]:
    """Whether the case goes before the panel, week by week of luck; trust does nothing unless it is said to."""
    people = [meet(rule, here=here, person=person, week=k, **{"trust_accepting": 0.0, **numbers}) for k in range(DRAWS)]
    assert all((one.youth == YouthCase.PANEL) == (one.youth_marks & YouthMark.BEFORE_PANEL > 0) for one in people)
    return [one.youth == YouthCase.PANEL for one in people]


def test_today_the_panel_hears_cautions_and_resolutions_and_no_charge(meet):
    shut = {"youth_panel": 0.0, "youth_outcome_22": 0.0}
    assert not any(before_panel(meet, shut, **ALL_CHARGED)) and not any(before_panel(meet, shut, **LET_GO))
    assert all(before_panel(meet, shut, **ALL_CAUTIONED))
    assert np.mean(before_panel(meet, shut, **{**ALL_CAUTIONED, "youth_panel_share": 0.5})) == pytest.approx(
        0.5, abs=0.15
    )
    alone = meet(theft, here=shut, person=CHILD, **{**ALL_CAUTIONED, "youth_panel_share": 0.0})
    assert alone.cautions == 1 and alone.youth_marks == YouthMark.YOUTH_CAUTIONED, "police decide alone"
    assert not any(before_panel(meet, OPEN, person={}, **ALL_CHARGED)), "adults have contracts"


def test_where_charges_go_before_the_panel_some_who_would_be_let_go_are_drawn_in_and_supply_never(meet):
    assert all(before_panel(meet, OPEN, **ALL_CHARGED)) and not any(
        before_panel(meet, OPEN, rule=supply, **ALL_CHARGED)
    )
    shares = [np.mean(before_panel(meet, OPEN, net_widening=ratio, **LET_GO)) for ratio in (0.0, 0.3, 1.0)]
    assert shares[0] == 0 and shares[1] == pytest.approx(0.3, abs=0.13) and shares[2] == 1


def test_a_caution_asks_for_an_admission_by_law_and_outcome_22_only_where_the_service_does(meet):
    never = {"admits": 0.0, **ALL_CHARGED}
    assert all(before_panel(meet, OPEN, **never))
    assert not any(before_panel(meet, {**OPEN, "youth_outcome_22": 0.0}, **never))
    assert not any(before_panel(meet, {**OPEN, "youth_admission_required": 1.0}, **never))


def test_whoever_distrusts_the_police_comes_before_the_panel_less_and_not_at_the_null(meet):
    def willing(trust: float, **numbers: float) -> list[bool]:
        return before_panel(meet, OPEN, person={**CHILD, "trust": trust}, **ALL_CHARGED, **numbers)

    assert np.mean(willing(-2.0, trust_accepting=0.3)) < 0.75 and all(willing(0.5, trust_accepting=0.3))
    assert willing(-2.0, trust_accepting=0.0) == willing(0.5, trust_accepting=0.0)


def decided(meet: Any, choice: PanelChoice, marks: int, **numbers: float) -> Any:
    """A child arrested for theft, after the panel."""
    case = {**CHILD, "youth": YouthCase.PANEL, "deferred": Charge.ACQUISITIVE, "contract_weeks": 0, "cautions": 0,
            "convictions": 0, "youth_marks": YouthMark.BEFORE_PANEL | marks}  # fmt: skip
    return meet(youth_panel.decide_on_child, choice, person=case, **numbers)


def test_outcome_22_holds_the_charge_back_and_leaves_no_record(meet):
    child = decided(meet, PanelChoice.FREE_CASE, YouthMark.WOULD_BE_CHARGED)
    assert child.youth_marks & YouthMark.OUTCOME_22 and child.youth == YouthCase.PROGRAMME
    assert child.deferred == Charge.ACQUISITIVE and child.contract_weeks > 0 and child.charge == Charge.NONE
    assert child.cautions == child.convictions == 0 and not child.justice_marks & JusticeMark.CONVICTED
    assert child.weeks_since_diversion == 0 and child.diverted_as == DivertedAs.CHILD_INFORMALLY
    assert child.youth_marks & YouthMark.SETTLED_FROM_CHARGE


def test_a_youth_caution_is_a_caution_and_no_conviction(meet):
    marks = YouthMark.WOULD_BE_CHARGED | YouthMark.TO_BE_CAUTIONED
    with_conditions, without = (decided(meet, choice, marks) for choice in (PanelChoice.FREE_CASE, PanelChoice.NO_CASE))
    for child in (with_conditions, without):
        assert child.cautions == 1 and child.convictions == 0 and child.diverted_as == DivertedAs.CHILD_FORMALLY
    assert with_conditions.youth_marks & YouthMark.CONDITIONALLY_CAUTIONED and with_conditions.contract_weeks > 0
    assert not without.youth_marks & YouthMark.BEGAN_PROGRAMME and without.contract_weeks == 0
    assert without.youth == YouthCase.NONE and without.deferred == Charge.NONE


def test_without_room_a_resolution_and_without_time_what_police_would_have_done(meet):
    full = decided(meet, PanelChoice.NO_CASE, YouthMark.WOULD_BE_CHARGED)
    assert full.police_marks == PoliceMark.RESOLVED_AT_STATION and full.contract_weeks == 0
    charged = decided(meet, PanelChoice.NO_TIME, YouthMark.WOULD_BE_CHARGED)
    assert charged.weeks_since_diversion == -1 and not charged.youth_marks & YouthMark.SETTLED_FROM_CHARGE
    assert charged.charge == Charge.ACQUISITIVE and not charged.youth_marks & YouthMark.PANEL_DECIDED
    let_go = decided(meet, PanelChoice.NO_TIME, YouthMark.WOULD_BE_LET_GO)
    assert let_go.police_marks == PoliceMark.NO_FURTHER_ACTION and let_go.cautions == 0
    cautioned = decided(meet, PanelChoice.NO_TIME, YouthMark.TO_BE_CAUTIONED)
    assert cautioned.cautions == 1 and not cautioned.youth_marks & YouthMark.PANEL_DECIDED


def test_whoever_is_drawn_in_gets_a_programme_and_no_less_offending(meet):
    child = decided(meet, PanelChoice.FREE_CASE, YouthMark.WOULD_BE_LET_GO)
    assert child.contract_weeks > 0 and child.deferred == Charge.NONE and child.weeks_since_diversion == -1
    broken = meet(police.keep_contract, person={**CHILD, **vars_of(child)}, breach_rate=50.0, failure_pursued=1.0,
                  youth_arrest_ratio=1.0)  # fmt: skip
    assert broken.police_marks & PoliceMark.ARRESTED_FOR_DRUGS, "who would have been let go may be arrested for failing"


def vars_of(child: Any) -> dict:
    """What a programme is known by."""
    names = ("youth", "contract_weeks", "deferred")
    return {name: getattr(child, name) for name in names}


def test_a_programme_that_is_broken_comes_to_court_and_one_that_is_kept_is_closed(meet):
    bound = {**CHILD, "youth": YouthCase.PROGRAMME, "contract_weeks": 3, "deferred": Charge.ACQUISITIVE}
    broken = meet(police.keep_contract, person=bound, contract_breach_rate=50.0)
    assert broken.charge == Charge.ACQUISITIVE and broken.youth_marks == YouthMark.BROKE_PROGRAMME
    kept = meet(police.keep_contract, person={**bound, "contract_weeks": 1}, contract_breach_rate=0.0)
    assert kept.charge == Charge.NONE and kept.youth_marks == YouthMark.KEPT_PROGRAMME
    assert not kept.scheme_marks and not broken.scheme_marks, "those are adults' contracts"
    again = meet(theft, person=bound, charge_share=0.0)
    assert again.charge == Charge.ACQUISITIVE and again.youth_marks & YouthMark.BROKE_PROGRAMME


ORDERED = {**CHARGED, **CHILD, "justice": Justice.FREE, "convictions": 0}


def test_the_first_order_is_a_referral_order_and_the_next_a_rehabilitation_order(meet):
    first, second = (
        meet(courts.sentence, 1, person={**ORDERED, "convictions": before}, custody_share=0.0, youth_order_share=1.0)
        for before in (0, 1)
    )
    assert first.youth_marks & YouthMark.REFERRAL_ORDER and second.youth_marks & YouthMark.REHABILITATION_ORDER
    assert first.youth == second.youth == YouthCase.SUPERVISED and first.weeks_left < second.weeks_left
    adult = meet(courts.sentence, 1, person=CHARGED, custody_share=0.0, order_share=1.0)
    assert adult.youth == YouthCase.NONE and not adult.youth_marks


def test_children_are_held_in_places_of_their_own_and_go_on_to_prison_at_eighteen(meet):
    inside = meet(courts.sentence, 1, person=ORDERED, custody_share=1.0, youth_custody_ratio=1.0)
    assert inside.youth == YouthCase.CUSTODY and inside.youth_marks & YouthMark.SENT_TO_YOUTH_CUSTODY
    held = {"justice": Justice.CUSTODY, "youth": YouthCase.CUSTODY, "weeks_left": 9}
    still = meet(youth_justice.grow_out_of_youth_justice, person={**CHILD, **held})
    grown = meet(youth_justice.grow_out_of_youth_justice, person={"age": 18.01, **held})
    assert still.youth == YouthCase.CUSTODY and not still.youth_marks
    assert grown.youth == YouthCase.NONE and grown.youth_marks == YouthMark.GREW_UP_INSIDE and grown.weeks_left == 9


def test_at_eighteen_a_programme_an_order_and_a_charge_run_on_as_an_adults(meet):
    running = {"age": 18.01, "youth": YouthCase.PROGRAMME, "contract_weeks": 5, "deferred": Charge.ACQUISITIVE}
    grown = meet(youth_justice.grow_out_of_youth_justice, person=running)
    assert grown.youth == YouthCase.NONE and grown.youth_marks == YouthMark.GREW_UP
    assert grown.contract_weeks == 5 and grown.deferred == Charge.ACQUISITIVE
    order = {"age": 18.01, "youth": YouthCase.SUPERVISED, "justice": Justice.COMMUNITY_ORDER, "weeks_left": 5}
    assert meet(youth_justice.grow_out_of_youth_justice, person=order).justice == Justice.COMMUNITY_ORDER
    tried = meet(courts.sentence, 1, person={**CHARGED, "age": 18.01}, custody_share=0.9)
    assert tried.justice == Justice.CUSTODY and tried.youth == YouthCase.NONE and not tried.youth_marks


def test_a_caution_labels_a_child_as_far_as_the_number_says_and_no_adult(place):
    world = python_views(place)[1]
    usual = {"occupation": Occupation.SCHOOL, "housing": 0, "justice": Justice.FREE, "exploited": False, "risk_at_rest": 0.0,
             "care": 0, "tenancy": 0}  # fmt: skip

    def risk(age: float, cautions: int, convictions: int, label: float) -> float:
        person = SimpleNamespace(**usual, age=age, cautions=cautions, convictions=convictions)
        return balance.risk_held(person, Over(world, {"label_of_caution": label}))

    assert risk(15, 1, 0, 0.5) == pytest.approx(0.5 * world.risk_of_record) and risk(15, 1, 0, 0.0) == 0, "null"
    assert risk(15, 1, 1, 0.5) == risk(15, 0, 1, 0.5) == world.risk_of_record, "one record, not two"
    assert risk(18, 1, 0, 0.5) == 0


def test_offending_after_a_diversion_goes_by_how_it_was_made(place):
    world = python_views(place)[1]

    def after(how: DivertedAs, week: int = 4, **numbers: float) -> float:
        person = SimpleNamespace(weeks_since_diversion=week, diverted_as=how)
        return diversion.after_diversion(person, Over(world, numbers))

    informal, formal = after(DivertedAs.CHILD_INFORMALLY), after(DivertedAs.CHILD_FORMALLY)
    assert informal == world.offending_after_youth_diversion < formal == world.offending_after_youth_caution < 1
    assert after(DivertedAs.ADULT) == world.offending_after_diversion
    assert after(DivertedAs.CHILD_INFORMALLY, week=-1) == after(DivertedAs.CHILD_INFORMALLY, week=200) == 1
    assert after(DivertedAs.CHILD_FORMALLY, offending_after_youth_caution=1.0) == 1, "null"
