"""Police, courts, prison: for each a case in which its limit binds, and what people then meet."""

import numpy as np
import pytest
from busy_place import WEEKS, flow, lived, stock
from small_worlds import BUSY, after, model

from policysim.vocabulary.groups import at_liberty
from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import JusticeMark, PoliceMark
from policysim.vocabulary.states import Care, Justice, Substance, Use, YouthCase
from policysim.vocabulary.stocks import Stock


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
        grown = made.people["present"] & (
            made.people["youth"] != YouthCase.CUSTODY
        )  # children have places of their own
        inside = np.count_nonzero((made.people["justice"] == Justice.CUSTODY) & grown)
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
