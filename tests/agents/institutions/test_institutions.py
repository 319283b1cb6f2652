"""For each institution but police, courts and prison a case in which its limit binds, and what people then meet."""

import numpy as np
import pytest
from busy_place import WEEKS, flow, lived, stock
from small_worlds import BUSY, model, regime

from policysim.vocabulary.groups import at_liberty
from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import (
    CareMark,
    FamilyMark,
    HarmReductionMark,
    OutreachMark,
    OverdoseMark,
    PoliceMark,
    SchoolMark,
    YouthMark,
)  # fmt: skip
from policysim.vocabulary.rows import Those
from policysim.vocabulary.states import Care
from policysim.vocabulary.stocks import Stock

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


# ---------------------------------------------------------------- places


def test_a_part_of_a_place_is_one_more_for_as_many():
    court = model().court
    drawn = [court.whole(f"places {k}", 2.3) for k in range(1000)]
    assert set(drawn) == {2, 3}
    assert np.mean(drawn) == pytest.approx(2.3, abs=0.06)  # four standard errors
    assert drawn == [court.whole(f"places {k}", 2.3) for k in range(1000)], "the same in every week"
    assert court.whole("places", 2.0) == 2


def test_where_a_person_stands_for_many_a_few_places_are_there_for_some_seeds_and_not_for_none():
    """A lever whose places were cut off to whole people would do nothing at all at the usual scale."""
    room = []
    for seed in range(12):
        made = model(seed=seed, parameters=BUSY)
        made.step()
        made.prison.policy.halfway_places = 50 / made.prison.places
        room.append(made.prison.house_room())
    assert set(room) == {0, 1}


def test_a_part_of_a_place_in_treatment_is_rounded_as_every_other_place_is():
    """One rule of rounding for all institutions: by the luck of the service and of the kind of place, not by one of two."""
    made = model(place="west-midlands", people=600, parameters=BUSY)
    both = {
        int(care): [service.places(care) for service in made.services] for care in (Care.AGONIST, Care.DAY_COMMUNITY)
    }
    for care, places in both.items():
        for service, given in zip(made.services, places, strict=True):
            assert given == service.whole(f"places {care}", service.usual_places[Care(care)])
    day = [service.usual_places[Care.DAY_COMMUNITY] for service in made.services]
    assert 0 < sum(day) < len(day), "less than one each, and yet there"


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
    assert broke.outcomes.costs[:, 1].sum() == pytest.approx(owed_by_council(broke))
    assert flow(broke, PoliceMark.ARRESTED_FOR_DRUGS) > 0, "another purse pays the police"


OWED = {
    YouthMark.PANEL_DECIDED: "cost_panel", YouthMark.REFERRAL_ORDER: "cost_youth_order",
    YouthMark.REHABILITATION_ORDER: "cost_youth_order",
    OutreachMark.GOT_OUTREACH_KIT: "cost_kit", FamilyMark.IDENTIFIED: "cost_identified_case",
}  # fmt: skip
"""What a council must pay for once it was ordered, money or none."""


def owed_by_council(made) -> float:
    """What such things cost over the run; those of its last week are not paid yet."""
    paid = {mark: flow(made, mark) - flow(made, mark, first=made.week - 1) for mark in OWED}
    return made.one_in * sum(paid[mark] * made.parameters[cost] for mark, cost in OWED.items())


def test_an_empty_police_purse_ends_diversion():
    drawn = regime(pre_arrest_diversion={"ramp_weeks": 0})
    assert flow(lived(regime=drawn), PoliceMark.OFFERED_DIVERSION) > 0
    assert flow(lived(regime=drawn, budgets={"police": 0}), PoliceMark.OFFERED_DIVERSION) == 0


def test_a_purse_pays_its_budget_in_a_year_and_no_more():
    budget = 2e6
    made = lived(weeks=104, years=2, budgets={"council": budget})
    left = made.purses["council"].memory["left"]
    spent = made.outcomes.costs[52:, 1].sum()
    assert spent == pytest.approx(budget - left) and 0 <= -left <= owed_by_council(made), "beyond it only what is owed"
    unlimited = lived(weeks=104, years=2)
    assert (unlimited.outcomes.costs[:, 1].reshape(2, 52).sum(axis=1) > budget).all()


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
        lived(
            place="authority:birmingham",
            people=400,
            regime=one_room,
            parameters={"room_visits_per_week": visits, "room_distance": 2},
        )
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
        service.census(Those(made.people, np.flatnonzero(made.people["present"])))
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
