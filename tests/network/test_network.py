"""Ties are symmetric, reproducible, stable when the horizon grows, clustered and among like people."""

import csv
from importlib.resources import files

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policysim.engine.luck import key_of, uniforms
from policysim.network import (
    HOUSEHOLD,
    TieKind,
    Ties,
    UsingTies,
    by_neighbourhood,
    count_peers,
    count_using_peers,
    spread_change,
    spread_using_change,
    synthesise,
    synthesise_using,
)
from policysim.network.convert import (
    average_clustering,
    describe,
    from_networkx,
    measures,
    table,
    to_networkx,
    transitivity,
)
from policysim.network.friends import districts
from policysim.network.using import NOBODY, SLOTS

PERSON = np.dtype(
    [
        ("age", "f8"), ("enters", "i4"), ("neighbourhood", "i4"), ("sex", "i1"), ("ethnicity", "i1"),
        ("use", "i1", (7,)), ("peers_using", "i2"), ("using_peers", "i2"),
    ],
    align=True,
)  # fmt: skip
PLACES = 20
NUMBERS = files("policysim.configs.evidence") / "parameters" / "network.csv"
WEEKS = 520


def rows_of_numbers():
    return list(csv.DictReader(NUMBERS.read_text(encoding="utf-8").splitlines()))


PARAMETERS = {row["id"]: float(row["value"]) for row in rows_of_numbers()}


def luck_of(seed):
    return lambda name, rows, k: uniforms(key_of(seed, f"tie {name}"), rows, k)


def ring(places=PLACES):
    """Six neighbourhoods nearest to each, on a ring."""
    return (np.arange(places)[:, None] + np.array([1, -1, 2, -2, 3, -3])).astype(np.int32) % places


def draw(name, rows, k=0):
    return uniforms(key_of(7, f"roster {name}"), rows, k)


def roster(residents=8000, weeks=WEEKS, movers=0):
    """People aged 10 to 64, and those who turn ten (and `movers` of any age) in the weeks after."""
    entrants = residents * weeks // (55 * 52)
    rows = np.arange(residents + entrants)
    people = np.zeros(rows.size, PERSON)
    people["neighbourhood"] = draw("place", rows) * PLACES
    people["sex"] = draw("sex", rows) < 0.5
    people["ethnicity"] = np.maximum(draw("group", rows) * 8 - 3, 0)
    people["age"] = 10 + 55 * draw("age", rows)
    people["age"][residents:] = 10
    people["enters"][residents:] = 1 + (rows[residents:] - residents) * 55 * 52 // residents
    moves = (rows >= residents) & (draw("moves", rows) < movers)
    people["age"][moves] = 10 + 30 * draw("age", rows)[moves]
    now = people[:residents]
    u = draw("cannabis", rows[:residents])
    now["use"][:, 0] = np.where((u < 0.12) & (now["age"] > 13), 1 + (u < 0.05), 0)
    u = draw("heroin", rows[:residents])
    now["use"][:, 2] = np.where((u < 0.03) & (now["age"] > 25), 3 + (u < 0.01), 0)
    return people


@pytest.fixture(scope="module")
def people():
    return roster()


@pytest.fixture(scope="module")
def ties(people):
    return synthesise(people, ring(), luck_of(1), PARAMETERS)


@pytest.fixture(scope="module")
def using(people):
    return synthesise_using(people, ring(), luck_of(1), PARAMETERS)


def pairs_of(ties):
    return set(zip(*(column.tolist() for column in ties.pairs()), strict=True))


def check_ties(ties):
    """Both ways with one kind, rising in each row, no loops, nobody twice."""
    rows = np.repeat(np.arange(ties.people), np.diff(ties.indptr))
    assert ties.indptr[0] == 0 and ties.indptr[-1] == ties.indices.size == ties.kind.size
    assert (rows != ties.indices).all()
    within = rows[1:] == rows[:-1]
    assert (np.diff(ties.indices)[within] > 0).all()
    there = set(zip(rows.tolist(), ties.indices.tolist(), ties.kind.tolist(), strict=True))
    assert there == {(b, a, kind) for a, b, kind in there}
    assert len(there) == 2 * ties.edges == ties.indices.size


def check_slots(using):
    """Whoever stands in my slots has me in theirs; nobody twice, not oneself; filled slots first."""
    for row, slots in enumerate(using.slots.tolist()):
        others = [other for other in slots if other != NOBODY]
        assert slots == others + [NOBODY] * (SLOTS - len(others))
        assert len(set(others)) == len(others) and row not in others
        assert all(row in using.slots[other] for other in others)


# ---------------------------------------------------------------- compact adjacency

edge_lists = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.sampled_from(TieKind)), max_size=60)


@settings(deadline=None)  # the first example compiles
@given(edge_lists)
def test_any_edges_become_sorted_symmetric_ties(edges):
    columns = list(zip(*edges, strict=True)) or [(), (), ()]
    ties = Ties.from_edges(12, *columns)
    check_ties(ties)
    kinds = {}
    for one, other, kind in edges:
        pair = (min(one, other), max(one, other))
        kinds[pair] = min(kinds.get(pair, kind), kind)
    assert pairs_of(ties) == {(*pair, kind) for pair, kind in kinds.items() if pair[0] != pair[1]}


@settings(deadline=None)
@given(edge_lists, st.sets(st.sampled_from(TieKind), min_size=1))
def test_a_choice_of_kinds_keeps_those_ties(edges, kinds):
    columns = list(zip(*edges, strict=True)) or [(), (), ()]
    ties = Ties.from_edges(12, *columns)
    chosen = ties.only(tuple(kinds))
    check_ties(chosen)
    assert pairs_of(chosen) == {pair for pair in pairs_of(ties) if pair[2] in kinds}
    assert (ties.degree(tuple(kinds)) == chosen.degree()).all()


def test_edges_outside_the_population_are_refused():
    with pytest.raises(ValueError, match=r"outside 0 \.\. 2"):
        Ties.from_edges(3, [0], [3], TieKind.FRIEND)
    with pytest.raises(ValueError, match="same length"):
        Ties.from_edges(3, [0, 1], [1], TieKind.FRIEND)


def test_spreading_changes_equals_counting_from_scratch(people, ties):
    """Also when the counts are one field of the people's record: a strided view."""
    people = people.copy()
    flags = people["use"][:, 0] > 0
    counts = people["peers_using"]
    counts[:] = count_peers(flags, ties)
    assert counts.strides[0] > counts.itemsize and counts.sum() > 0
    for week in range(3):
        changed = np.flatnonzero(draw("changes", np.arange(len(people)), week) < 0.05)
        change = np.where(flags[changed], -1, 1).astype(np.int16)
        flags[changed] ^= True
        spread_change(changed, change, ties.indptr, ties.indices, counts)
        assert (people["peers_using"] == count_peers(flags, ties)).all()


# ---------------------------------------------------------------- synthesis


def test_ties_are_sound_and_of_every_kind(ties, people):
    check_ties(ties)
    assert set(ties.kind.tolist()) == set(TieKind)
    first, second, _ = ties.only(HOUSEHOLD).pairs()
    assert (people["neighbourhood"][first] == people["neighbourhood"][second]).all()
    first, second, _ = ties.only((TieKind.PARTNER,)).pairs()
    assert np.unique(np.concatenate((first, second))).size == 2 * first.size  # one partner each


def test_parents_are_old_enough(ties, people):
    first, second, _ = ties.only((TieKind.PARENT,)).pairs()
    born = people["enters"] / 52 - people["age"]
    gap = np.abs(born[first] - born[second])
    main = gap <= PARAMETERS["parent_age_oldest"]  # partners may be older
    assert gap.min() > 0 and main.mean() > 0.9
    assert (gap >= PARAMETERS["parent_age_youngest"]).mean() > 0.95


def test_classmates_are_of_an_age(ties, people):
    first, second, _ = ties.only((TieKind.SCHOOL,)).pairs()
    born = people["enters"] / 52 - people["age"]
    assert first.size and (np.abs(born[first] - born[second]) < 1).all()


def test_the_same_seed_gives_the_same_ties_and_another_gives_others(people, ties, using):
    again = synthesise(people, ring(), luck_of(1), PARAMETERS)
    for name in ("indptr", "indices", "kind"):
        assert (getattr(again, name) == getattr(ties, name)).all()
    assert (synthesise_using(people, ring(), luck_of(1), PARAMETERS).slots == using.slots).all()
    other = synthesise(people, ring(), luck_of(2), PARAMETERS)
    assert len(pairs_of(other) & pairs_of(ties)) < 0.2 * ties.edges


@pytest.mark.parametrize("movers", [0, 0.3])
@pytest.mark.parametrize("longer", [WEEKS + 1, 2 * WEEKS])
def test_a_longer_horizon_leaves_the_ties_of_those_already_there(longer, movers):
    short, long = (roster(3000, weeks, movers) for weeks in (WEEKS, longer))
    n = len(short)
    assert (long[:n] == short).all()
    before = pairs_of(synthesise(short, ring(), luck_of(1), PARAMETERS))
    after = pairs_of(synthesise(long, ring(), luck_of(1), PARAMETERS))
    assert {pair for pair in after if pair[1] < n} == before
    assert len(after) > len(before) or len(long) == n
    slots = [synthesise_using(roster, ring(), luck_of(1), PARAMETERS).slots for roster in (short, long)]
    assert (slots[0] == slots[1][:n]).all() and (slots[1][n:] == NOBODY).all()


def test_people_still_to_come_are_tied_to_those_close_in_age_and_place(ties, people):
    to_come = people["enters"] > 0
    assert ties.degree((TieKind.FRIEND,))[to_come].mean() > 3.5
    first, second, _ = ties.only((TieKind.FRIEND,)).pairs()
    born = people["enters"] / 52 - people["age"]
    gap = np.abs(born[first] - born[second])[to_come[second]]
    assert np.median(gap) < 1 and gap.max() < 3


def test_friends_are_clustered_and_alike(ties, people):
    found = describe(ties, people)
    assert found["clustering"] > 0.2 > 20 * found["clustering_of_random_graph"]
    assert found["clustering_of_friends"] > 0.3
    assert found["assortativity_age"] > 0.5
    assert found["assortativity_sex"] > 0.2
    assert found["assortativity_use"] > 0.05
    assert found["friends_who_use_of_users"] > 1.5 * found["friends_who_use_of_others"]
    assert found["same_neighbourhood"] > 0.4


@pytest.mark.parametrize(("weight", "measure"), [("friend_sex", "sex"), ("friend_use", "use")])
def test_likeness_vanishes_with_its_weight(people, weight, measure):
    ties = synthesise(people, ring(), luck_of(1), PARAMETERS | {weight: 0.0})
    assert abs(describe(ties, people)[f"assortativity_{measure}"]) < 0.04


def test_numbers_of_ties_are_near_what_is_known(ties, people, using):
    found = measures(ties, people, using)
    assert found["friends_young"] == pytest.approx(5, abs=0.5)
    assert found["friends_adult"] == pytest.approx(3.3, abs=0.4)
    assert found["using_ties"] == pytest.approx(3, abs=0.4)
    assert found["with_parents_20_24"] == pytest.approx(0.51, abs=0.08)
    assert found["lone_parents"] == pytest.approx(0.26, abs=0.05)
    assert 0.45 < found["living_in_couple"] < 0.65


@pytest.mark.parametrize("residents", [0, 1, 2, 60])
def test_a_few_people_can_be_tied_too(residents):
    people = roster(residents)
    ties = synthesise(people, ring(), luck_of(1), PARAMETERS)
    check_ties(ties)
    assert ties.people == len(people)
    assert synthesise_using(people, ring(), luck_of(1), PARAMETERS).slots.shape == (len(people), SLOTS)
    assert describe(ties, people)["people"] == len(people)


def test_one_neighbourhood_whose_neighbours_are_itself():
    people = roster(300)
    people["neighbourhood"] = 0
    check_ties(synthesise(people, np.zeros((1, 6), np.int32), luck_of(1), PARAMETERS))


def test_people_outside_the_neighbourhoods_are_refused(people):
    with pytest.raises(ValueError, match="neighbourhoods"):
        synthesise(people, ring(3), luck_of(1), PARAMETERS)


def test_districts_widen_until_a_school_year_fills_a_class():
    everyone_fills = districts(np.full(PLACES, 30.0), ring(), 22)
    assert everyone_fills.tolist() == list(range(PLACES))
    few = districts(np.full(PLACES, 5.0), ring(), 22)
    assert np.bincount(few)[np.unique(few)].max() == 5 and (few[few] == few).all()


# ---------------------------------------------------------------- using ties

steps = st.lists(
    st.tuples(st.sampled_from(["tie", "untie", "untie_all", "form"]), st.integers(0, 9), st.integers(0, 9)),
    max_size=60,
)


def ten_people():
    people = np.zeros(10, PERSON)
    people["age"] = np.arange(30, 50, 2)
    people["neighbourhood"] = np.arange(10) % 3
    return people


@settings(deadline=None)
@given(steps)
def test_using_ties_stay_symmetric_whatever_happens(operations):
    using, people, expected = UsingTies.empty(10), ten_people(), set()
    everyone = by_neighbourhood(np.arange(10), people["neighbourhood"], 3)
    for k, (what, one, other) in enumerate(operations):
        pair = frozenset((one, other))
        degree = using.degree()
        if what == "tie":
            may = one != other and pair not in expected and max(degree[one], degree[other]) < SLOTS
            assert using.tie(one, other) == may
            expected |= {pair} if may else set()
        elif what == "untie":
            assert using.untie(one, other) == (pair in expected)
            expected -= {pair}
        elif what == "untie_all":
            assert using.untie_all(one) == degree[one]
            assert not using.of(one).size
            expected = {tie for tie in expected if one not in tie}
        else:
            made = using.form([one, other], everyone, people, ring(3), luck_of(k), PARAMETERS)
            new = {frozenset((row, int(peer))) for row in range(10) for peer in using.of(row)}
            assert expected <= new and len(new) == len(expected) + made
            expected = new
        check_slots(using)
        assert {frozenset((row, int(peer))) for row in range(10) for peer in using.of(row)} == expected


def test_using_ties_join_dependent_neighbours(people, using):
    check_slots(using)
    dependent = people["use"][:, 2] == 3
    one, slot = np.nonzero(using.slots != NOBODY)
    other = using.slots[one, slot]
    assert dependent[one].all() and dependent[other].all()
    places = people["neighbourhood"]
    apart = np.abs(places[one] - places[other])
    assert (np.minimum(apart, PLACES - apart) <= 3).all()
    assert (apart == 0).mean() > 0.3
    ages = people["age"][dependent]
    of_any_two = np.abs(ages[:, None] - ages).mean()
    assert np.abs(people["age"][one] - people["age"][other]).mean() < 0.7 * of_any_two


def test_a_newcomer_finds_someone_even_where_hardly_anyone_lives():
    people = ten_people()
    using = UsingTies.empty(10)
    current = by_neighbourhood([4], people["neighbourhood"], 3)
    assert using.form([9], current, people, ring(3), luck_of(1), PARAMETERS) == 1
    assert using.of(9).tolist() == [4]
    nobody = by_neighbourhood([], people["neighbourhood"], 3)
    assert using.form([4], nobody, people, ring(3), luck_of(1), PARAMETERS) == 0


def test_a_copy_of_using_ties_is_independent(using):
    copy = using.copy()
    tied = np.flatnonzero(using.degree() > 0)
    assert copy.untie_all(tied) == using.degree().sum() // 2
    assert copy.degree().sum() == 0 < using.degree().sum()


def test_spreading_changes_over_using_ties_equals_counting(people, using):
    people = people.copy()
    flags = draw("kit", np.arange(len(people))) < 0.4
    people["using_peers"] = count_using_peers(flags, using)
    changed = np.flatnonzero(draw("kit", np.arange(len(people)), 1) < 0.2)
    change = np.where(flags[changed], -1, 1).astype(np.int16)
    flags[changed] ^= True
    spread_using_change(changed, change, using.slots, people["using_peers"])
    assert (people["using_peers"] == count_using_peers(flags, using)).all()
    assert (count_using_peers(np.ones(len(people), bool), using) == using.degree()).all()


# ---------------------------------------------------------------- NetworkX, and beside what is measured


def test_networkx_round_trip_is_exact(ties, people):
    graph = to_networkx(ties, people)
    assert len(graph) == len(people) and graph.number_of_edges() == ties.edges
    assert graph.nodes[5]["age"] == people["age"][5] and graph.nodes[5]["use"] == tuple(people["use"][5])
    back = from_networkx(graph)
    for name in ("indptr", "indices", "kind"):
        assert (getattr(back, name) == getattr(ties, name)).all()


def test_own_graphs_can_be_brought():
    graph = networkx.path_graph(4)
    ties = from_networkx(graph)
    assert ties.of(1).tolist() == [0, 2] and set(ties.kind.tolist()) == {TieKind.FRIEND}
    with pytest.raises(ValueError, match="whole numbers from 0"):
        from_networkx(networkx.path_graph(["a", "b"]))


def test_measures_agree_with_networkx(people, ties):
    few = people[:600]
    small = synthesise(few, ring(), luck_of(1), PARAMETERS)
    graph = to_networkx(small, few)
    assert average_clustering(small) == pytest.approx(networkx.average_clustering(graph))
    assert transitivity(small, np.arange(small.people)) == pytest.approx(networkx.transitivity(graph))
    friends = to_networkx(small.only((TieKind.FRIEND,)), few)
    expected = networkx.numeric_assortativity_coefficient(friends, "age")
    assert describe(small, few)["assortativity_age"] == pytest.approx(expected)
    expected = networkx.attribute_assortativity_coefficient(friends, "sex")
    assert describe(small, few)["assortativity_sex"] == pytest.approx(expected)


def test_the_table_puts_each_measure_beside_its_source(ties, people, using):
    rows = table(ties, people, rows_of_numbers(), using)
    assert [row["measure"] for row in rows if row["quality"] == "no data"]
    named = {row["measure"]: row for row in rows}
    assert named["transitivity_young"]["low"] <= named["transitivity_young"]["reference"]
    assert named["transitivity_young"]["url"].startswith("https://")
    targets = {row["id"] for row in rows_of_numbers() if row["id"].startswith("target_")}
    assert targets <= {f"target_{measure}" for measure in named}
    assert {row["quality"] for row in table(ties, people)} == {"no data"}
