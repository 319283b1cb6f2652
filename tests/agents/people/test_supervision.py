"""Requirements, a judge's reviews, halfway houses and contracts in one person's life, and who gets which in court."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from one_person import CHARGED, DEPENDENT
from small_worlds import BUSY, model

from policysim.agents.people import courts, custody, police, requirements, reviews
from policysim.agents.people.police import be_diverted
from policysim.vocabulary.marks import JusticeMark, PoliceMark, SchemeMark, SupervisionMark
from policysim.vocabulary.states import Care, Charge, Disposal, Housing, Justice, Requirement, Review, Substance, Use

PUT_OFF = {
    **DEPENDENT, "justice": Justice.DEFERRED, "review": Review.DEFERRED, "charge": Charge.POSSESSION,
    "weeks_charged": 60, "weeks_left": 1,
}  # fmt: skip
IN_HOUSE = {"justice": Justice.HALFWAY_HOUSE, "home_before": Housing.HOMELESS, "housing": Housing.STABLE}


# ---------------------------------------------------------------- reviews


def test_after_a_drug_court_only_those_in_treatment_or_free_of_dependence_are_dismissed(meet):
    """Whoever waited for a place all that time is sentenced."""
    for person, dismissed in (
        ({"care": Care.WAITING}, False), ({"care": Care.AGONIST}, True), ({"care": Care.NONE, "dependent_on": 0}, True),
        ({"care": Care.NONE}, False),
    ):  # fmt: skip
        after = meet(custody.serve_sentence, person={**PUT_OFF, **person})
        assert after.justice == Justice.FREE and after.review == Review.NONE and after.weeks_left == 0
        assert bool(after.supervision_marks & SupervisionMark.DISMISSED) == dismissed
        assert bool(after.supervision_marks & SupervisionMark.FAILED_REVIEW) != dismissed
        assert after.charge == (Charge.NONE if dismissed else Charge.POSSESSION)


def test_days_in_a_cell_frighten_and_cost_tolerance_and_whoever_waits_for_a_place_is_spared_them(meet):
    seen = {**PUT_OFF, "weeks_left": 20, "review_weeks": 3, "tolerance": 0.8, "street_use": 0.8}
    numbers = {"review_interval": 4, "review_patience": 1.0, "street_use_in_custody": 0.1, "tolerance_loss": 0.3}
    held = meet(reviews.attend_review, person=seen, **numbers, sanction_weeks=0.5, fear_of_arrest=0.4)
    assert held.supervision_marks & SupervisionMark.SANCTIONED
    assert held.fear == pytest.approx(0.4) and held.tolerance == pytest.approx(0.8 - 0.72 * 0.3 * 0.5)
    unharmed = meet(reviews.attend_review, person=seen, **numbers, sanction_weeks=0.0, fear_of_arrest=0.0)
    assert unharmed.fear == 0 and unharmed.tolerance == 0.8
    waits = meet(reviews.attend_review, person={**seen, "care": Care.WAITING}, **numbers, fear_of_arrest=0.4)
    assert waits.fear == 0 and waits.supervision_marks == SupervisionMark.REVIEWED


# ---------------------------------------------------------------- halfway houses


def test_whoever_fails_in_a_house_in_place_of_prison_serves_the_rest_inside(meet):
    fails = {"recall_rate": 50.0, "recall_weeks": 18, "house_weeks": 13, "licence_weeks": 52}
    inside = meet(custody.serve_sentence, person={**IN_HOUSE, "weeks_left": 81, "in_place": True}, **fails)
    assert inside.justice == Justice.CUSTODY and inside.weeks_left == 80 and inside.housing == Housing.HOMELESS
    after_prison = meet(custody.serve_sentence, person={**IN_HOUSE, "weeks_left": 10}, **fails)
    assert after_prison.justice == Justice.CUSTODY and after_prison.weeks_left == 18


def test_a_remand_from_a_house_in_place_of_prison_does_not_end_the_sentence(meet):
    charged = {**IN_HOUSE, "weeks_left": 30, "in_place": True, **CHARGED}
    held = meet(courts.await_court, person=charged, remand_share=1.0)
    assert held.remanded and held.weeks_left == 30
    numbers = {"custody_share": 0.0, "order_share": 0.0}
    fined = meet(courts.sentence, Disposal.ROOM, person=vars(held), **numbers)
    assert fined.justice == Justice.CUSTODY and fined.weeks_left == 30 and not fined.remanded
    out = meet(custody.serve_sentence, person={**vars(fined), "weeks_left": 1}, licence_weeks=52)
    assert out.justice == Justice.LICENCE and not out.in_place and out.weeks_left == 52


def test_the_licence_after_a_house_in_place_of_prison_is_a_whole_one(meet):
    numbers = {"recall_rate": 0.0, "licence_weeks": 52, "house_weeks": 13}
    weeks = {
        in_place: meet(custody.serve_sentence, person={**IN_HOUSE, "weeks_left": 1, "in_place": in_place}, **numbers)
        for in_place in (True, False)
    }
    assert weeks[True].weeks_left == 52 and weeks[False].weeks_left == 39
    assert weeks[True].justice == Justice.LICENCE and not weeks[True].in_place


# ---------------------------------------------------------------- requirements, screening


def test_mental_health_treatment_is_required_alone_or_beside_that_of_drugs(meet):
    asked = {"custody_share": 0.0, "order_share": 1.0, "mental_health_requirement_share": 1.0,
             "mental_health_requirement_linked": 1.0, "drug_requirement_linked": 0.0}  # fmt: skip
    person = {**DEPENDENT, **CHARGED, "ill": True}
    both = meet(courts.sentence, 1, person=person, drug_requirement_share=1.0, **asked)
    alone = meet(courts.sentence, 1, person=person, drug_requirement_share=0.0, **asked)
    for after, kind in ((both, Requirement.DRUG), (alone, Requirement.MENTAL_HEALTH)):
        assert after.requirement == kind and after.mind_treated and after.justice_marks & JusticeMark.REQUIREMENT
        assert after.supervision_marks & SupervisionMark.MENTAL_HEALTH_TREATED
    ends = {"requirement_breach_rate": 0.0, "illness_ends": 1.0}
    well = meet(requirements.keep_requirement, person={**vars(both), "requirement_weeks": 1}, **ends)
    assert not well.ill and not well.mind_treated and well.requirement == Requirement.NONE
    still = meet(
        requirements.keep_requirement, person={**vars(both), "requirement_weeks": 1}, **ends | {"illness_ends": 0.0}
    )
    assert still.ill


def test_supervision_is_adjusted_for_those_whom_screening_found_and_takes_a_part_of_the_excess(meet):
    numbers = {"breach_ratio_injured": 1.3, "adjusted_supervision": 0.3}

    def supervised(self: Any, here: Any, world: Any, luck: Any) -> None:
        requirements.adjust(self, world)
        self.trouble = requirements.trouble_complying(self, world)

    plain = {"neurodivergent": False, "aces": 0, "screened": True}
    found = {
        (injured, screened): meet(supervised, person={**plain, "brain_injury": injured, "screened": screened}, **numbers)
        for injured in (True, False) for screened in (True, False)
    }  # fmt: skip
    assert [round(someone.trouble, 2) for someone in found.values()] == [1.21, 1.3, 1.0, 1.0]
    adjusted = [bool(someone.supervision_marks & SupervisionMark.ADJUSTED) for someone in found.values()]
    assert adjusted == [True, False, False, False], "and is paid for"


# ---------------------------------------------------------------- contracts


def test_a_contract_is_broken_by_its_own_rate_or_by_being_found_again(meet):
    bound = {"contract_weeks": 9, "deferred": Charge.ACQUISITIVE}
    kept = meet(police.keep_contract, person=bound, breach_rate=50.0, contract_breach_rate=0.0)
    assert kept.deferred == Charge.ACQUISITIVE and kept.charge == Charge.NONE, "arrests are counted by themselves"
    broken = meet(police.keep_contract, person=bound, breach_rate=0.0, contract_breach_rate=50.0)
    assert broken.charge == Charge.ACQUISITIVE and broken.scheme_marks & SchemeMark.DEFERRAL_BREACHED

    def found_again(self: Any, here: Any, world: Any, luck: Any) -> None:
        be_diverted(self, True, False, here, world)

    again = meet(found_again, person=bound)
    assert again.charge == Charge.ACQUISITIVE and again.deferred == Charge.NONE, "the charge does not wait on"
    assert again.police_marks & PoliceMark.DIVERTED and again.police_marks & PoliceMark.CHARGED


# ---------------------------------------------------------------- what a court has room for


@pytest.fixture(scope="module")
def court():
    """A court in which every case means custody; its people are as each test says."""
    shares = {
        "custody_share[acquisitive]": 1,
        "custody_share[supply]": 1,
        "order_share[acquisitive]": 0,
        "order_share[supply]": 0,
    }
    made = model(engine="python", people=400, parameters={**BUSY, **shares})
    yield made
    made.close()


def heard(made: Any, **fields: int) -> np.ndarray:
    """Adults at liberty, dependent on heroin and charged with theft, but for what is said."""
    people = made.people
    rows = np.flatnonzero(people["present"] & (people["age"] >= 18))[:60]
    people["use"][rows, Substance.HEROIN] = Use.DEPENDENT
    usual = {"dependent_on": 1, "justice": Justice.FREE, "review": Review.NONE, "charge": Charge.ACQUISITIVE}
    for name, value in (usual | fields).items():
        people[name][rows] = value
    made.court.memory["reviewed"] = made.prison.memory["housed"] = rows[:0]
    made.court.return_to_usual()
    made.prison.return_to_usual()
    return rows


def agents(made: Any, number: int) -> float:
    """So many simulated people for every 100,000 residents."""
    return number * 100_000 * made.one_in / made.place.population


def test_room_in_prison_is_for_those_who_go_there(court):
    """Twenty under review in place of prison leave its five places to others."""
    rows = heard(court)
    court.court.policy.intensive_places = agents(court, 20)
    court.prison.receive(rows[:0])
    court.prison.places = court.prison.inside() - court.prison.may_leave().size + 5
    for week in range(8):  # whatever the order of luck
        given = court.court.disposals(rows, week)
        court.court.memory["reviewed"] = rows[:0]
        assert (given == Disposal.INTENSIVE).sum() == 20
        assert (given == Disposal.ROOM).sum() == 5
        assert (given == Disposal.NO_ROOM).sum() == rows.size - 25


def test_reviews_are_for_those_who_accept_and_put_off_no_running_order(court):
    rows = heard(court)
    court.court.policy.drug_court_places = agents(court, 200)
    accepted = [(court.court.disposals(rows, week) == Disposal.DEFERRED).mean() for week in range(8)]
    assert np.mean(accepted) == pytest.approx(0.6, abs=4 * np.sqrt(0.24 / (8 * rows.size)))
    rows = heard(court, justice=Justice.COMMUNITY_ORDER)
    court.court.policy.drug_court_places = agents(court, 200)
    court.court.policy.intensive_places = agents(court, 30)
    given = court.court.disposals(rows, 1)
    assert (given == Disposal.DEFERRED).sum() == 0 < (given == Disposal.INTENSIVE).sum()


def test_no_supplier_serves_a_sentence_in_a_house(court):
    for charge, housed in ((Charge.SUPPLY, False), (Charge.ACQUISITIVE, True)):
        rows = heard(court, charge=charge)
        court.prison.places = 100
        court.prison.policy.halfway_places, court.prison.policy.halfway_in_place = 20, 1.0
        assert ((court.court.disposals(rows, 1) == Disposal.HOUSE).sum() > 0) == housed


@pytest.mark.parametrize(("begins_every", "weeks_open"), [(1, 30), (2, 60), (0, 60)])
def test_courts_require_mental_health_treatment_until_clinicians_have_begun_with_as_many_as_they_can(
    court, begins_every, weeks_open
):
    """A place is used by whoever begins: where treatment begins in every second requirement twice as many are required."""
    prison, policy = court.prison, court.prison.policy
    prison.memory["clinic"], policy.mental_health_requirement_share = 1.0, 0.5
    policy.mental_health_places = agents(court, 26)  # one every other week
    required, begun = 0, dict.fromkeys(range(-1, 60), 0)
    for week in range(60):
        found = {SupervisionMark.MENTAL_HEALTH_REQUIREMENT: 1, SupervisionMark.MENTAL_HEALTH_TREATED: begun[week - 1]}
        prison.last_week = found.__getitem__
        prison.open_clinic()
        if court.world["mental_health_requirement_share"] == 0.5:
            required += 1
            begun[week] = int(begins_every > 0 and required % begins_every == 0)
    del prison.last_week
    assert required == pytest.approx(weeks_open, abs=4)
    assert begins_every == 0 or sum(begun.values()) == pytest.approx(30, abs=4), "no more than there are places for"
    heard(court)


def test_children_are_screened_in_custody_as_adults_are(court):
    people, suites = court.people, court.custody_suites
    rows = np.flatnonzero(people["present"])[:40]
    people["age"][rows[:20]], people["age"][rows[20:]] = 15, 30
    people["police_marks"][rows], people["screened"][rows] = PoliceMark.ARRESTED_FOR_DRUGS, False
    suites.policy.screening = 1.0
    suites.look_back(0, SimpleNamespace(marked=rows))
    assert people["screened"][rows].all()
