"""For each institution a case in which its limit binds, and what people then meet."""

from typing import Any

import numpy as np
import pytest
from small_worlds import BUSY, after, model, regime

from policysim.model import DrugPolicyModel
from policysim.vocabulary.groups import at_liberty
from policysim.vocabulary.marks import (
    CareMark,
    HarmReductionMark,
    JusticeMark,
    Mark,
    OverdoseMark,
    PoliceMark,
    SchoolMark,
    marked,
)
from policysim.vocabulary.states import Care, Justice, Substance, Use
from policysim.vocabulary.stocks import Stock

WEEKS = 40


def lived(weeks: int = WEEKS, prepare=None, parameters: dict | None = None, **arguments: Any) -> DrugPolicyModel:
    """A busy place some weeks later; `prepare` may change an institution first."""
    made = model(**{"people": 600, "parameters": {**BUSY, **(parameters or {})}, **arguments})
    if prepare:
        prepare(made)
    for _ in range(weeks):
        made.step()
    made.close()
    return made


def flow(made: DrugPolicyModel, *marks: Mark, first: int = 0) -> int:
    return int(
        sum(made.outcomes.flows[first : made.week, :, made.outcomes.column_of[mark.name]].sum() for mark in marks)
    )


def stock(made: DrugPolicyModel, which: Stock) -> np.ndarray:
    """By week."""
    return made.outcomes.stocks[: made.week, :, which].sum(axis=1)


@pytest.fixture(scope="module")
def usual() -> DrugPolicyModel:
    return lived()


# ---------------------------------------------------------------- treatment


@pytest.mark.slow
def test_a_full_service_admits_nobody_and_its_list_grows():
    patient = {"give_up_waiting": 0.02, "dropout_rate[agonist]": 0.1, "psychosocial_places_ratio": 20}
    roomy = lived(parameters={**patient, "agonist_places_ratio": 4})
    full = lived(regime=regime(agonist_treatment={"change": -1, "ramp_weeks": 0}), parameters=patient)
    assert stock(full, Stock.WAITING)[-10:].mean() > 2 * stock(roomy, Stock.WAITING)[-10:].mean()
    assert flow(roomy, CareMark.PRESENTED_OPIATE) > 20
    assert flow(full, CareMark.PRESENTED_OPIATE) == 0
    assert np.diff(stock(full, Stock.AGONIST)[1:]).max() <= 0, "those in treatment stay, nobody joins them"


def test_the_longest_wait_is_admitted_first():
    made = model(people=600, parameters={**BUSY, "agonist_places_ratio": 0.4, "give_up_waiting": 0})
    people, seen = made.people, 0
    for _ in range(WEEKS):
        before = people.copy()
        made.step()
        area = made.places["area"][people["neighbourhood"]]
        admitted = (before["care"] == Care.WAITING) & (people["care"] == Care.AGONIST)
        still = (before["care"] == Care.WAITING) & (people["care"] == Care.WAITING) & (people["use"][:, 2] == 3)
        still &= people["present"] & (people["age"] >= 18)  # those under 18 wait for a service of their own
        for k in range(len(made.services)):
            here = area == k
            if (admitted & here).any() and (still & here).any():
                seen += 1
                assert before["weeks_waiting"][admitted & here].min() >= before["weeks_waiting"][still & here].max()
    assert seen > 3


def test_heroin_assisted_treatment_takes_only_people_whom_agonist_treatment_failed():
    made = model(
        place="authority:birmingham", people=600, parameters={**BUSY, "hat_failed_episodes": 2, "on_top_turnover": 0},
        regime=regime(heroin_assisted_treatment={"places": 20_000, "ramp_weeks": 0}),
    )  # fmt: skip
    seen = stopped = 0
    for _ in range(WEEKS):
        before = made.people.copy()
        made.step()
        new = (before["care"] != Care.HEROIN_ASSISTED) & (made.people["care"] == Care.HEROIN_ASSISTED)
        seen += new.sum()
        assert (made.people["agonist_episodes"][new] >= 2).all()
        assert made.people["injects"][new].all()
        assert before["on_top"][new].all(), "those who use on top of their prescription"
        assert not marked(made.people[new], CareMark.NEW_PRESENTATION).any(), (
            "a move goes on with the same presentation"
        )
        stopped += np.count_nonzero(~made.people["on_top"][new])
        treated = np.count_nonzero((made.people["care"] == Care.HEROIN_ASSISTED) & made.people["present"])
        assert treated <= made.services[0].places(Care.HEROIN_ASSISTED)
    assert seen > stopped > 0


# ---------------------------------------------------------------- purses


@pytest.mark.slow
def test_an_empty_council_purse_ends_kits_rooms_supplies_lessons_and_new_treatment(usual):
    generous = regime(consumption_room={"rooms": 60, "ramp_weeks": 0}, skills_programme={"ramp_weeks": 0})
    paid = lived(regime=generous, parameters={"naloxone_on_release": 0})
    broke = lived(regime=generous, budgets={"council": 0}, parameters={"naloxone_on_release": 0})
    for mark in (
        HarmReductionMark.GOT_KIT,
        HarmReductionMark.VISITED_ROOM,
        SchoolMark.TAUGHT_SKILLS,
        CareMark.ENTERED_TREATMENT,
    ):
        assert flow(paid, mark) > 0, mark.name
        assert flow(broke, mark) == 0, mark.name
    assert not broke.places["needle_coverage"].any()
    assert broke.outcomes.costs[:, 1].sum() == 0
    assert flow(broke, PoliceMark.ARRESTED_FOR_DRUGS) > 0, "another purse pays the police"


def test_an_empty_police_purse_ends_diversion():
    drawn = regime(pre_arrest_diversion={"ramp_weeks": 0})
    assert flow(lived(regime=drawn), PoliceMark.OFFERED_DIVERSION) > 0
    assert flow(lived(regime=drawn, budgets={"police": 0}), PoliceMark.OFFERED_DIVERSION) == 0


def test_a_purse_pays_its_budget_in_a_year_and_no_more():
    budget = 2e6
    made = lived(weeks=104, years=2, budgets={"council": budget})
    spent = made.outcomes.costs[:, 1].reshape(2, 52).sum(axis=1)
    assert spent == pytest.approx([budget, budget])
    unlimited = lived(weeks=104, years=2)
    assert (unlimited.outcomes.costs[:, 1].reshape(2, 52).sum(axis=1) > budget).all()


# ---------------------------------------------------------------- police, courts, prison


def test_a_busy_custody_suite_deals_with_possession_on_the_street(usual):
    busy = lived(parameters={"arrests_capacity_per_1000": 40})
    policy = busy.police[0].policy.arrest_share
    share = [flow(m, PoliceMark.ARRESTED_FOR_DRUGS) / flow(m, PoliceMark.FOUND_WITH_DRUGS) for m in (usual, busy)]
    assert share[1] < share[0]
    assert busy.places["arrest_share"].mean() < 0.8 * policy
    assert flow(busy, PoliceMark.RESOLVED_ON_STREET) > flow(usual, PoliceMark.RESOLVED_ON_STREET)


def test_the_number_of_searches_is_the_teams_however_selective_they_are():
    """Searching more selectively is not searching more."""
    rate = {"searches_per_1000": 150, "detection_rate": 0.1}
    for selectivity in (3, 30):
        made = after(WEEKS, people=4000, parameters={**rate, "search_selectivity": selectivity})
        expected = sum(team.searches for team in made.police) * WEEKS
        assert flow(made, PoliceMark.SEARCHED) == pytest.approx(expected, abs=0.1 * expected + 4 * np.sqrt(expected))


def test_a_slow_court_leaves_people_charged(usual):
    slow = lived(parameters={"cases_per_1000": 30})
    assert stock(slow, Stock.CHARGED)[-1] > 3 * stock(usual, Stock.CHARGED)[-10:].mean() + 5
    assert flow(slow, JusticeMark.CONVICTED) <= slow.court.capacity * WEEKS + 1
    assert slow.people["weeks_charged"][slow.court.memory["waiting"]].max() > 10


def test_a_court_hears_the_longest_wait_first():
    slow = lived(parameters={"cases_per_1000": 30})
    people, waiting = slow.people.copy(), slow.court.memory["waiting"].copy()
    for _ in range(6):
        slow.step()
    convicted = waiting[slow.people["convictions"][waiting] > people["convictions"][waiting]]
    left = np.setdiff1d(np.intersect1d(waiting, slow.court.memory["waiting"]), convicted)  # some are charged again
    assert convicted.size
    assert people["weeks_charged"][convicted].min() >= people["weeks_charged"][left].max()


def test_a_full_prison_turns_custody_into_orders(usual):
    def full(made):
        made.prison.places = 0

    nobody_held = {f"remand_share[{charge}]": 0 for charge in ("possession", "supply", "acquisitive")}
    crowded = lived(prepare=full, parameters={"early_release_weeks": 0, **nobody_held})
    assert flow(usual, JusticeMark.IMPRISONED) > 10
    assert flow(crowded, JusticeMark.IMPRISONED) == 0
    assert flow(crowded, JusticeMark.COMMUNITY_ORDER) > flow(usual, JusticeMark.COMMUNITY_ORDER)


def test_a_nearly_full_prison_takes_as_many_as_it_has_room_for():
    """Sentences other than custody take up no places."""

    def nearly_full(made):
        made.prison.places = int(made.prison.inside()) + 4

    lasting = {
        "recall_rate": 0,
        "served_weeks[acquisitive]": 400,
        "served_weeks[supply]": 400,
        "remand_share[supply]": 0,
    }
    made = model(
        people=900, parameters={**BUSY, **lasting, "remand_share[acquisitive]": 0, "remand_share[possession]": 0}
    )
    nearly_full(made)
    full = 0
    for _ in range(WEEKS):
        made.step()
        inside = np.count_nonzero((made.people["justice"] == Justice.CUSTODY) & made.people["present"])
        assert inside <= made.prison.places
        assert inside == made.prison.inside()
        full += inside == made.prison.places
    assert full > 3, "with so many cases every place is taken"


@pytest.mark.parametrize("share", [0, 0.5, 1])
def test_of_those_treated_in_prison_the_given_share_is_handed_over_at_the_gate(share):
    """Each waits for the next place from the week of release, with no second chance to be lost on the way."""
    patient = {"give_up_waiting": 0, "agonist_places_ratio": 0, "seek_rate[opiate-group]": 0, "prison_agonist_share": 1}
    patient["referral_pull"] = 0
    made = model(
        people=900,
        parameters={
            **BUSY,
            **patient,
            "through_the_gate": share,
            "drug_requirement_linked": 0,
            "alcohol_requirement_linked": 0,
        },
    )
    handed, released = 0, 0
    for _ in range(30):
        made.step()
        out = marked(made.people, JusticeMark.RELEASED_TREATED) & made.people["present"] & at_liberty(made.people)
        out &= made.people["use"][:, Substance.HEROIN] == Use.DEPENDENT
        released += out.sum()
        handed += (made.people["care"][out] == Care.WAITING).sum()
        assert not made.people["prison_agonist"][out].any()
    assert released > 20
    assert abs(handed - share * released) <= 4 * np.sqrt(share * (1 - share) * released)


@pytest.mark.parametrize("linked", [0, 1])
def test_a_linked_requirement_puts_people_on_the_list_in_the_week_of_the_sentence(linked):
    patient = {
        "give_up_waiting": 0,
        "seek_rate[opiate-group]": 0,
        "drug_requirement_share": 1,
        "alcohol_requirement_share": 1,
        "referral_pull": 0,
    }
    patient |= {"agonist_places_ratio": 0, "psychosocial_places_ratio": 0, "order_share[acquisitive]": 0.6}
    made = model(
        people=900,
        parameters={
            **BUSY,
            **patient,
            "drug_requirement_linked": linked,
            "alcohol_requirement_linked": linked,
            "through_the_gate": 0,
        },
    )
    required = listed = 0
    for _ in range(30):
        before = made.people["care"].copy()
        made.step()
        now = marked(made.people, JusticeMark.REQUIREMENT) & at_liberty(made.people) & (before == Care.NONE)
        now &= made.people["use"][:, Substance.HEROIN] == Use.DEPENDENT
        required += now.sum()
        listed += (made.people["care"][now] == Care.WAITING).sum()
    assert required > 20
    assert listed == linked * required


def test_a_full_prison_lets_out_those_with_least_to_serve_and_takes_who_is_sentenced(usual):
    def full(made):
        made.prison.places = made.prison.inside()

    parameters = {"early_release_weeks": 10, "served_weeks[acquisitive]": 12, "served_weeks[supply]": 12}
    roomy = lived(parameters=parameters)
    crowded = lived(prepare=full, parameters=parameters)
    assert flow(roomy, JusticeMark.RELEASED_EARLY) == 0
    assert flow(crowded, JusticeMark.RELEASED_EARLY) > 10
    assert flow(crowded, JusticeMark.IMPRISONED) > 0.7 * flow(roomy, JusticeMark.IMPRISONED)
    assert stock(crowded, Stock.IN_CUSTODY)[5:].sum() < stock(roomy, Stock.IN_CUSTODY)[5:].sum()


def test_prison_places_follow_from_those_inside_at_the_end_of_burn_in():
    """Not from the start, whose prisoners are guessed: so places bind as they do."""
    few = {"custody_share_dependent": 0.02, "prison_places_ratio": 1.013}
    made = model(people=900, parameters={**BUSY, **few}, burn_in_years=2)
    at_start, inside = made.prison.places, []
    while made.week < made.burn_in_weeks:
        made.step()
        inside.append(made.prison.inside())
    assert made.prison.places == pytest.approx(1.013 * np.mean(inside[-52:]), rel=0.15)
    assert abs(made.prison.places - at_start) > 0.15 * at_start, "the start is no guide"
    for _ in range(20):
        made.step()
        assert made.prison.inside() <= made.prison.places + 8
    made.close()


def test_charges_beyond_the_usual_put_all_hearings_off_and_those_within_it_none():
    numbers = {
        **BUSY,
        "cases_per_1000": 900,
        "hearing_weeks": 4,
        "requirement_breach_rate": 0,
    }  # a breach is a case too
    start = model(people=600, parameters=numbers, burn_in_years=1)
    while start.week < start.burn_in_weeks:
        start.step()
    usual = start.court.memory["usual"]
    assert usual == pytest.approx(flow(start, PoliceMark.CHARGED) / start.week)
    assert start.court.listed_after(0) == 4
    waits = {}
    for expected in (0.5 * usual, 20 * usual):
        made = model(people=600, parameters=numbers, burn_in_years=1, start=start)
        made.court.memory["usual"] = expected
        for _ in range(20):
            made.step()
        waits[expected] = made.court.listed_after(0)
    assert waits[20 * usual] == 4 < waits[0.5 * usual]


# ---------------------------------------------------------------- schools, services, ambulance, market


def test_schools_teach_no_more_pupils_than_their_staff_can():
    taught = regime(skills_programme={"coverage": 1, "ramp_weeks": 0})

    def few_staff(made):
        for schools in made.schools:
            schools.lessons_a_week = 0.02

    free, short = lived(regime=taught, people=3000), lived(regime=taught, people=3000, prepare=few_staff)
    limit = 0.02 * len(short.schools) * WEEKS
    assert flow(short, SchoolMark.TAUGHT_SKILLS) <= limit + 4 * np.sqrt(limit)
    assert flow(free, SchoolMark.TAUGHT_SKILLS) > 2 * flow(short, SchoolMark.TAUGHT_SKILLS)


def test_services_give_out_about_as_many_kits_as_they_have():
    """Hard to reach people can only bring the number down."""
    made = lived(people=2000, parameters={"kits_per_100": 60, "naloxone_on_release": 0})
    supply = 0.6 / 52 * stock(made, Stock.OPIOID_USERS).sum()
    assert 0.5 * supply < flow(made, HarmReductionMark.GOT_KIT) < supply + 4 * np.sqrt(supply)


def test_a_room_watches_over_no_more_visits_than_it_can():
    one_room = regime(consumption_room={"rooms": 1, "ramp_weeks": 0})
    small, large = (
        lived(place="authority:birmingham", people=400, regime=one_room, parameters={"room_visits_per_week": visits})
        for visits in (150, 600)
    )
    for made, visits in ((small, 150), (large, 600)):
        service = made.harm_reduction[0]
        share = made.places["room_share"][service.neighbourhoods]
        wanted = (share * service.memory["injecting"]).sum() * made.one_in * made.parameters["injections_per_week"]
        assert 0 < wanted <= visits * (1 + 1e-9)
    assert small.places["room_share"].max() < large.places["room_share"].max()


def test_prisons_give_out_no_clean_equipment_and_prisoners_visit_no_room():
    inside = {"custody_share_dependent": 0.5, "needle_coverage": 1, "injecting_at_onset[heroin]": 1}
    made = model(people=600, parameters={**BUSY, **inside})
    made.step()
    before = made.people.copy()
    made.step()
    injecting = made.people["present"] & made.people["injects"] & before["injects"]
    free, confined = (injecting & side(before) & side(made.people) for side in (at_liberty, lambda p: ~at_liberty(p)))
    assert confined.any() and not made.people["needles"][confined].any()
    assert free.any() and made.people["needles"][free].all()
    for service in made.harm_reduction:
        service.census(made.people[made.people["present"]])
    visitors = np.count_nonzero(made.people["present"] & made.people["injects"] & at_liberty(made.people))
    assert sum(service.injecting() for service in made.harm_reduction) == visitors
    made.close()


def test_a_room_helps_less_with_distance():
    made = lived(
        place="authority:birmingham", people=400, regime=regime(consumption_room={"rooms": 1, "ramp_weeks": 0}), weeks=2
    )
    service = made.harm_reduction[0]
    area = made.areas[service.neighbourhoods]
    share = made.places["room_share"][service.neighbourhoods]
    site = int(np.argmax(service.memory["injecting"]))
    distance = (area["x"] - area["x"][site]) ** 2 + (area["y"] - area["y"][site]) ** 2
    assert (np.diff(share[np.argsort(distance, kind="stable")]) <= 0).all()
    assert share[site] == share.max() > 0


def test_a_busy_ambulance_comes_too_late(usual):
    def two_calls(made):
        made.ambulance.calls_a_week = 2

    busy = lived(prepare=two_calls)
    calls = flow(usual, OverdoseMark.OVERDOSED) / WEEKS
    assert calls > 4
    assert flow(busy, OverdoseMark.REVERSED_BY_AMBULANCE) < 0.7 * flow(usual, OverdoseMark.REVERSED_BY_AMBULANCE)
    assert busy.outcomes.sums[:10, :, 0].sum() > usual.outcomes.sums[:10, :, 0].sum()


@pytest.mark.slow
def test_a_strong_batch_raises_overdoses_and_is_sold_out():
    weak, strong = (lived(parameters={"batch_rate": rate, "batch_potency": 4}) for rate in (0, 40))
    assert flow(strong, OverdoseMark.OVERDOSED, first=0) > 1.5 * flow(weak, OverdoseMark.OVERDOSED)
    made = model(people=300, parameters={**BUSY, "batch_rate": 0, "batch_weeks": 3})
    made.market.memory["heroin_weeks_left"][0] = 3
    potency = []
    for _ in range(4):
        made.step()
        potency.append(made.places["potency"][made.areas_of[0]].max())
    assert potency == [2, 2, 1, 1], "the week in which it arrived was the first of the three"
    assert made.places["potency"][made.areas_of[1]].max() == 1, "another authority has another market"
