"""Nobody is lost or counted twice: every axis, clock, count, kit, place and sum reconciles every week."""

from dataclasses import dataclass

import numpy as np
import pytest
from branch_scenarios import DEADLY, EVERYTHING, OPEN_DOORS
from small_worlds import BUSY, differing, model

from policysim.counts.counting import GROUPS
from policysim.engine.fields import fields_of, out_of_range
from policysim.model import DrugPolicyModel
from policysim.vocabulary.groups import company_of
from policysim.vocabulary.mark import Mark, marked
from policysim.vocabulary.marks import (  # fmt: skip
    MARKS,
    CareMark,
    FamilyMark,
    HarmReductionMark,
    JusticeMark,
    LifeMark,
    OutreachMark,
    OverdoseMark,
    PoliceMark,
    SchemeMark,
    UseMark,
    YouthMark,
)
from policysim.vocabulary.states import Care, Cause, Justice, Life, Occupation, Role, Substance, Use
from policysim.vocabulary.stocks import PARTS, Stock, Sum

WEEKS = 60
WORLDS = {
    "status quo": {"regime": "status-quo", "seed": 3},
    "enforcement": {"regime": "enforcement-only", "seed": 4, "people": 500},
    "everything": {"regime": EVERYTHING, "seed": 5, "parameters": {**BUSY, **OPEN_DOORS}},
    "deadly": {"regime": "harm-reduction", "seed": 6, "parameters": {**BUSY, **DEADLY, "kit_used": 1, "using_ties": 1.5}},
    "poor": {"regime": "multi-component", "seed": 7, "budgets": {"council": 3e7, "police": 1e7}},
}  # fmt: skip


@dataclass
class Week:
    """One week of one world: the people before and after it, and what else stood at its end."""

    number: int
    before: np.ndarray  # with those who enter this week
    after: np.ndarray
    lived: np.ndarray  # who was there when the week began
    places: list  # by service: places and people by kind of treatment, before and after
    slots: np.ndarray  # ties of use


@dataclass
class World:
    """A run and all its weeks."""

    model: DrugPolicyModel
    weeks: list[Week]


def live(made: DrugPolicyModel) -> Week:
    """One week, with a copy of everything before and after."""
    before = made.people.copy()
    entered = int(made.roster.entered[made.week])
    fresh = np.zeros(before.size, bool)
    fresh[:entered] = before["life"][:entered] == Life.NOT_YET
    before["present"] |= fresh
    before["life"][fresh] = Life.PRESENT
    treated = [count_treated(made, area) for area in range(len(made.services))]
    made.step()
    places = [
        (kind, service.places(kind), treated[area][kind], count_treated(made, area)[kind])
        for area, service in enumerate(made.services)
        for kind in (Care.AGONIST, Care.HEROIN_ASSISTED, Care.PSYCHOSOCIAL)
    ]
    return Week(made.week - 1, before, made.people.copy(), before["present"], places, made.peers.using.slots)


def count_treated(made: DrugPolicyModel, area: int) -> dict[Care, int]:
    people = made.people
    here = (made.places["area"][people["neighbourhood"]] == area) & people["present"]
    return {kind: int((here & (people["care"] == kind)).sum()) for kind in Care}


@pytest.fixture(scope="module", params=WORLDS)
def world(request) -> World:
    """A busy world lived week by week."""
    made = model(**{"people": 400, "years": 2, "parameters": BUSY, **WORLDS[request.param]})
    weeks = [live(made) for _ in range(WEEKS)]
    made.close()
    return World(made, weeks)


def test_everyone_is_at_one_place_on_the_axis_of_life(world):
    for week in world.weeks:
        people = week.after
        assert np.array_equal(people["present"], people["life"] == Life.PRESENT)
        assert np.array_equal(people["cause"] != Cause.NONE, people["life"] == Life.DEAD)
        assert np.array_equal(people["life"] == Life.NOT_YET, week.before["life"] == Life.NOT_YET)
        gone = np.isin(week.before["life"], (Life.LEFT, Life.DEAD))
        assert np.array_equal(people["life"][gone], week.before["life"][gone])


def test_population_is_what_it_was_and_entrants_less_deaths_and_leavers(world):
    deaths = (LifeMark.DIED_OF_MISUSE, LifeMark.DIED_OTHER_POISONING, LifeMark.DIED_BY_SUICIDE, LifeMark.DIED_OTHERWISE)
    for week in world.weeks:
        flow = {mark: int(flows(world, week, mark).sum()) for mark in (*deaths, LifeMark.LEFT)}
        entrants = np.count_nonzero(week.after["enters"] == week.number) if week.number else 0
        were = np.count_nonzero(week.before["present"]) - entrants
        assert np.count_nonzero(week.after["present"]) == were + entrants - sum(flow.values())
        died = week.lived & (week.after["life"] == Life.DEAD)
        assert died.sum() == sum(flow[mark] for mark in deaths)
        causes = dict(zip(deaths, (Cause.MISUSE, Cause.OTHER_POISONING, Cause.SUICIDE, Cause.OTHER), strict=True))
        for mark, cause in causes.items():
            assert np.array_equal(died & marked(week.after, mark), died & (week.after["cause"] == cause))


def test_the_dead_the_departed_and_those_to_come_are_left_alone(world):
    counts_of_friends = {"ties", "peers_using", "using_peers", "peers_with_naloxone"}
    for week in world.weeks:
        assert set(differing(week.before[~week.lived], week.after[~week.lived])) <= counts_of_friends


def flows(world: World, week: Week, mark: Mark) -> np.ndarray:
    return world.model.outcomes.flows[week.number, :, world.model.outcomes.column_of[mark.name]]


def test_use_moves_only_along_its_ways(world):
    ways = {
        (Use.NEVER, Use.EXPERIMENTING), (Use.EXPERIMENTING, Use.REGULAR), (Use.EXPERIMENTING, Use.FORMER),
        (Use.REGULAR, Use.DEPENDENT), (Use.REGULAR, Use.EXPERIMENTING), (Use.DEPENDENT, Use.REMISSION),
        (Use.REMISSION, Use.DEPENDENT), (Use.FORMER, Use.EXPERIMENTING), (Use.REGULAR, Use.REMISSION),
    }  # fmt: skip # the last: dependent and, by completing treatment, in remission within one week
    seen = set()
    for week in world.weeks:
        moved = week.before["use"] != week.after["use"]
        seen |= set(zip(week.before["use"][moved].tolist(), week.after["use"][moved].tolist(), strict=True))
        assert np.array_equal(moved.any(axis=1) <= marked(week.after, UseMark.USE_CHANGED), np.ones(len(moved), bool))
    assert seen <= ways
    assert len(seen) > 5


def test_counts_of_substances_equal_a_recount(world):
    for week in world.weeks:
        people, use = week.after, week.after["use"]
        assert np.array_equal(people["using"], ((use >= Use.EXPERIMENTING) & (use <= Use.DEPENDENT)).sum(axis=1))
        assert np.array_equal(people["dependent_on"], (use == Use.DEPENDENT).sum(axis=1))
        assert np.array_equal(people["ever_used"], (use != Use.NEVER).any(axis=1))
        assert (people["ever_dependent"] >= np.isin(use, (Use.DEPENDENT, Use.REMISSION)).any(axis=1)).all()
        inject = people["injects"]
        assert (np.isin(use[:, [Substance.HEROIN, Substance.CRACK]], Use.DEPENDENT).any(axis=1) >= inject).all()


def test_role_follows_dependence_and_age_as_the_week_left_them(world):
    limit = world.model.parameters["adult_role_age"]
    for week in world.weeks:
        there = week.lived & week.after["present"]
        young = np.where(week.after["age"] < limit, Role.YOUNG_PERSON, Role.ADULT)
        expected = np.where(week.after["dependent_on"] > 0, Role.DEPENDENT_USER, young)
        assert np.array_equal(week.after["role"][there], expected[there])


# ---------------------------------------------------------------- care and justice


def in_the_community(people: np.ndarray) -> np.ndarray:
    """Who is in treatment at liberty: a therapeutic community in prison is none."""
    return (people["care"] > Care.WAITING) & (people["care"] != Care.PRISON_COMMUNITY)


def test_treatment_begins_and_ends_once_for_everyone(world):
    ends = (CareMark.COMPLETED_TREATMENT, CareMark.DROPPED_OUT, CareMark.LEFT_TREATMENT_FOR_PRISON)
    for week in world.weeks:
        there = week.lived & week.after["present"]
        before, people = week.before[there], week.after[there]
        ended = sum(marked(people, mark).astype(int) for mark in ends)
        entered = marked(people, CareMark.ENTERED_TREATMENT).astype(int)
        was, now = in_the_community(before).astype(int), in_the_community(people).astype(int)
        assert np.array_equal(now, was + entered - ended), "a move to another treatment is neither"
        joined = (people["care"] == Care.PRISON_COMMUNITY) & (before["care"] != Care.PRISON_COMMUNITY)
        assert (marked(people, CareMark.JOINED_COMMUNITY) >= joined).all()
        new = (people["care"] == Care.WAITING) & (before["care"] != Care.WAITING)
        assert (marked(people, CareMark.ASKED_FOR_TREATMENT) >= new).all()


def test_custody_fills_and_empties_by_sentence_recall_and_release(world):
    for week in world.weeks:
        there = week.lived & week.after["present"]
        before, people = week.before[there], week.after[there]
        came = marked(people, JusticeMark.REMANDED, JusticeMark.RECALLED)
        came |= marked(people, JusticeMark.IMPRISONED) & ~before["remanded"]
        went = marked(people, JusticeMark.RELEASED, JusticeMark.RELEASED_BY_COURT)
        inside = (before["justice"] == Justice.CUSTODY).astype(int) + came - went
        assert np.array_equal(people["justice"] == Justice.CUSTODY, inside)
        assert (people["weeks_left"][people["justice"] == Justice.FREE] == 0).all()
        assert (people["weeks_left"][people["justice"] != Justice.FREE] > 0).all()


def test_nobody_in_custody_is_in_community_treatment_or_charged_anew(world):
    for week in world.weeks:
        inside = week.after["present"] & (week.after["justice"] == Justice.CUSTODY)
        assert np.isin(week.after["care"][inside], (Care.NONE, Care.PRISON_COMMUNITY)).all()
        assert inside[week.after["present"] & (week.after["care"] == Care.PRISON_COMMUNITY)].all()
        was_inside = inside & (week.before["justice"] == Justice.CUSTODY)
        assert (week.after["charge"][was_inside] <= week.before["charge"][was_inside]).all()
        held = week.after["present"] & week.after["remanded"]
        assert inside[held].all() and (week.after["charge"][held] > 0).all()
        assert not (week.after["prison_agonist"] & week.after["present"] & ~inside).any()


def test_convictions_come_from_charges_and_the_list_holds_each_case_once(world):
    for week in world.weeks:
        there = week.lived & week.after["present"]
        convicted = marked(week.after[there], JusticeMark.CONVICTED)
        charged_before = week.before["charge"][there] > 0
        charged_now = marked(week.after[there], PoliceMark.CHARGED)
        assert ((charged_before | charged_now) >= convicted).all()
        assert np.array_equal(week.after["convictions"][there] - week.before["convictions"][there], convicted)
    waiting = world.model.court.memory["waiting"]
    people = world.model.people
    assert np.unique(waiting).size == waiting.size
    charged = people["present"] & (people["charge"] > 0)
    listed = np.intersect1d(waiting, np.flatnonzero(people["present"]))
    assert np.isin(listed, np.flatnonzero(charged)).all()
    # The charge stands while a drug court has the case.
    off_the_list = charged & (people["justice"] == Justice.DEFERRED)
    assert np.isin(np.flatnonzero(charged & ~off_the_list), listed).all()


def test_services_admit_no_more_than_they_have_places_for(world):
    admitted = 0
    for week in world.weeks:
        for _, places, before, now in week.places:
            assert now <= max(places, before)
            admitted += now > before
    assert admitted > 5


# ---------------------------------------------------------------- overdoses and kits


def test_nobody_dies_of_misuse_without_an_overdose_or_intent(world):
    reversals = [mark for mark in OverdoseMark if mark.name.startswith("REVERSED")]
    assert len(reversals) == 5
    for week in world.weeks:
        people = week.after[week.lived]
        died, overdosed = marked(people, LifeMark.DIED_OF_MISUSE), marked(people, OverdoseMark.OVERDOSED)
        other = marked(people, LifeMark.DIED_INTENTIONALLY) | (people["use"][:, Substance.HEROIN] == Use.NEVER)
        assert (died <= (overdosed | other)).all(), "prescribed opioids kill only where there is no heroin career"
        reversed_ = sum(marked(people, mark).astype(int) for mark in reversals)
        assert (reversed_ + (died & overdosed) <= overdosed).all(), "one overdose has one end"
        opiate, cocaine = marked(people, LifeMark.DIED_WITH_OPIATE), marked(people, LifeMark.DIED_WITH_COCAINE)
        assert ((opiate | cocaine) <= died).all()
        heroin, other = marked(people, LifeMark.DIED_WITH_HEROIN), marked(people, LifeMark.DIED_WITH_OTHER_OPIOID)
        assert np.array_equal(heroin ^ other, opiate), "an opiate is heroin or morphine, or another alone"


HANDED = (HarmReductionMark.GOT_PEER_KIT, HarmReductionMark.TRAINED_AROUND, OutreachMark.GOT_OUTREACH_KIT)
GIVEN = (HarmReductionMark.GOT_KIT, JusticeMark.KIT_AT_RELEASE, HarmReductionMark.CARRIES_KIT_ANEW)
"""To those who had none: peers and courses renew kits as well, and two may reach somebody in one week."""


def test_kits_reconcile_to_the_last_one(world):
    used = reversed_ = 0
    issued = int(world.weeks[0].before["naloxone"].sum())  # or carried at the start
    for week in world.weeks:
        lost, used_here = (
            int(flows(world, week, m).sum()) for m in (HarmReductionMark.LOST_KIT, OverdoseMark.USED_OWN_KIT)
        )
        used_here += int(flows(world, week, OverdoseMark.NEEDS_FRIENDS_KIT).sum())
        given = sum(int(flows(world, week, mark).sum()) for mark in GIVEN)
        before, now = (int(people["naloxone"].sum()) for people in (week.before, week.after))
        assert now == before + given - lost - used_here
        issued, used = issued + given, used + used_here
        reversed_ += int(flows(world, week, OverdoseMark.REVERSED_BY_FRIEND).sum())
        people = week.after[week.lived]
        assert (marked(people, HarmReductionMark.CARRIES_KIT_ANEW) <= marked(people, *HANDED)).all()
        assert people["naloxone"][marked(people, HarmReductionMark.GOT_PEER_KIT)].all()
        by_kit = marked(people, OverdoseMark.USED_OWN_KIT, OverdoseMark.NEEDS_FRIENDS_KIT)
        assert (marked(people, OverdoseMark.REVERSED_BY_FRIEND) <= by_kit).all()
    assert reversed_ <= used <= issued and used > 0


# ---------------------------------------------------------------- friends


def test_counts_of_friends_equal_a_recount_from_scratch(world):
    ties = world.model.peers.ties
    rows = np.repeat(np.arange(len(ties.indptr) - 1), np.diff(ties.indptr))
    for week in world.weeks:
        people, there = week.after, week.after["present"]
        total = people.size
        here = there[ties.indices]
        assert np.array_equal(people["ties"][there], np.bincount(rows[here], minlength=total)[there])
        for kind, uses in enumerate(company_of(people["use"]).T):
            friends = np.bincount(rows[here & uses[ties.indices]], minlength=total)
            assert np.array_equal(people["peers_using"][there, kind], friends[there])
        slots = week.slots
        valid = (slots >= 0) & there[slots]
        carries = people["naloxone"] & (people["justice"] != Justice.CUSTODY)
        assert np.array_equal(people["using_peers"][there], valid.sum(axis=1)[there])
        assert np.array_equal(people["peers_with_naloxone"][there], (valid & carries[slots]).sum(axis=1)[there])


def test_ties_of_use_are_mutual_and_among_people_who_are_there(world):
    for week in world.weeks:
        one, k = np.nonzero(week.slots >= 0)
        other = week.slots[one, k]
        assert (one != other).all()
        pairs = set(zip(one.tolist(), other.tolist(), strict=True))
        assert len(pairs) == one.size
        assert {(b, a) for a, b in pairs} == pairs
        assert week.after["present"][one].all()


# ---------------------------------------------------------------- clocks and ranges

CLOCKS = {
    "weeks_since_release": (JusticeMark.RELEASED, JusticeMark.RELEASED_BY_COURT),
    "weeks_since_care": (CareMark.COMPLETED_TREATMENT, CareMark.DROPPED_OUT, CareMark.LEFT_TREATMENT_FOR_PRISON),
    "weeks_since_diversion": (
        PoliceMark.DIVERTED_FROM_ARREST,
        SchemeMark.DEFERRED_FROM_CHARGE,
        YouthMark.SETTLED_FROM_CHARGE,
    ),
}


@pytest.mark.parametrize("clock", CLOCKS)
def test_clocks_run_by_the_week_from_the_event_that_starts_them(world, clock):
    for week in world.weeks:
        there = week.lived & week.after["present"]
        before, now = week.before[clock][there], week.after[clock][there]
        expected = np.where(before >= 0, before + 1, -1)
        expected[marked(week.after[there], *CLOCKS[clock])] = 0
        assert np.array_equal(now, expected)


def test_age_grief_injecting_and_the_year_are_counted_exactly(world):
    step = world.model.parameters["week_in_years"]
    for week in world.weeks:
        there = week.lived & week.after["present"]
        before, now = week.before[there], week.after[there]
        assert np.array_equal(now["age"], before["age"] + step)
        grief = np.where(before["bereaved_weeks"] >= 0, before["bereaved_weeks"] + 1, -1)
        assert np.isin(now["bereaved_weeks"] - grief, (0, *(-grief), 1)).all()
        assert ((now["bereaved_weeks"] == grief) | (now["bereaved_weeks"] == 0)).all()
        assert (now["injecting_weeks"] - before["injecting_weeks"] <= 1).all()
        waits = (before["care"] == Care.WAITING) & (now["care"] == Care.WAITING)
        waits &= ~marked(now, CareMark.ASKED_FOR_TREATMENT)
        assert np.array_equal(now["weeks_waiting"][waits], before["weeks_waiting"][waits] + 1)


def test_every_field_stays_in_its_declared_range(world):
    for week in world.weeks:
        entered = int(world.model.roster.entered[week.number])
        assert out_of_range(week.after[:entered], fields_of(world.model.roles)) == []


def test_flows_are_the_marks_of_people_by_area_and_by_group(world):
    made = world.model
    for week in world.weeks:
        area = made.places["area"][week.after["neighbourhood"]]
        for mark in MARKS:
            found = week.lived & marked(week.after, mark)
            expected = np.bincount(area[found], minlength=len(made.services))
            assert np.array_equal(flows(world, week, mark), expected), mark.name
    totals = made.outcomes.groups.sum(axis=0)
    everything = made.outcomes.flows[:WEEKS].sum(axis=(0, 1))
    for dimension in ("quintile", "age", "sex", "ethnicity"):
        rows = [k for k, (name, _) in enumerate(GROUPS) if name == dimension]
        assert np.array_equal(totals[rows].sum(axis=0), everything), dimension


def test_stocks_are_the_people_in_each_state(world):
    """Stocks are counted before services admit, courts end cases and friends' kits are settled: that hour is not in them."""
    for week in world.weeks:
        people = week.after
        there, use = people["present"], people["use"]
        late = marked(people, LifeMark.DIED_OF_MISUSE) & week.lived & people["would_have_died"]
        late = np.count_nonzero(late | marked(people, FamilyMark.CEASED_AT_COURT))
        counted = world.model.outcomes.stocks[week.number].sum(axis=0)
        for stock, state in {
            Stock.POPULATION: np.ones_like(there), Stock.USING: people["using"] > 0, Stock.DEPENDENT: people["dependent_on"] > 0,
            Stock.OPIATE_OR_CRACK: (use[:, [Substance.HEROIN, Substance.CRACK]] == Use.DEPENDENT).any(axis=1),
            Stock.INJECTING: people["injects"], Stock.EXCLUDED: people["occupation"] == Occupation.EXCLUDED,
        }.items():  # fmt: skip
            now = np.count_nonzero(state & there)
            assert now <= counted[stock] <= now + late, stock.name
        parts = counted[[Stock.OPIATE_OR_CRACK_TREATED, Stock.OPIATE_OR_CRACK_IN_CUSTODY, Stock.HIDDEN]].sum()
        assert parts == counted[Stock.OPIATE_OR_CRACK]


def test_expected_deaths_are_the_sum_of_everyones_chance(world):
    for week in world.weeks:
        lived = week.after[week.lived]
        total, rounded = world.model.outcomes.sums[week.number].sum(axis=0), lived.size / 2 / PARTS
        for name, which in (("expected_death", Sum.EXPECTED_DEATHS), ("expected_offences", Sum.EXPECTED_OFFENCES)):
            assert total[which] == pytest.approx(lived[name].sum(dtype=float), rel=1e-12, abs=rounded)
