"""Neighbourhoods keep the published totals of each authority, and the nearest are found."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policysim.world.neighbourhoods import NEIGHBOURHOOD, neighbourhoods, neighbours, share_out
from policysim.world.places import find_place, places

ALL = places()
ONE_OF_EACH = ["west-midlands", "authority:dorset", "city-of-london", "nation:wales", "devon-and-cornwall"]


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_neighbourhoods_keep_each_authoritys_totals(name):
    place = find_place(name)
    areas = neighbourhoods(place)
    assert areas.dtype == NEIGHBOURHOOD
    assert len(areas) == place.neighbourhood_count
    assert math.isclose(math.fsum(areas["share"]), 1, rel_tol=1e-12)
    for index, authority in enumerate(place.authorities):
        mine = areas[areas["authority"] == index]
        assert len(mine) == authority.neighbourhoods
        assert math.isclose(math.fsum(mine["residents"]), authority.residents_10_64, rel_tol=1e-12)
        for quintile, residents in enumerate(authority.residents_by_quintile):
            living = math.fsum(mine["residents"][mine["quintile"] == quintile])
            share = residents / authority.population
            assert math.isclose(living / authority.residents_10_64, share, rel_tol=1e-12, abs_tol=0)


def test_neighbourhoods_are_of_ordinary_size_everywhere():
    areas = neighbourhoods(find_place("england-and-wales"))
    assert len(areas) == 7201
    assert areas["residents"].min() > 1000
    assert areas["residents"].max() < 15000
    assert 5000 < areas["residents"].mean() < 6500


def test_no_two_neighbourhoods_share_a_spot_in_any_place():
    for place in ALL:
        areas = neighbourhoods(place)
        assert len(set(zip(areas["x"].tolist(), areas["y"].tolist(), strict=True))) == len(areas), place.id


def test_the_deprived_live_nearer_the_centre():
    areas = neighbourhoods(find_place("authority:birmingham"))
    distance = np.sqrt(areas["x"] * areas["x"] + areas["y"] * areas["y"])
    means = [distance[areas["quintile"] == quintile].mean() for quintile in range(5)]
    assert means == sorted(means)
    assert 5 < distance.max() < 15, "a city of a million is about ten kilometres from centre to edge"


def test_layout_is_the_same_every_time_and_known_to_the_metre():
    place = find_place("west-midlands")
    areas = neighbourhoods(place)
    assert areas.tobytes() == neighbourhoods(place).tobytes()
    assert np.array_equal(np.round(areas["x"], 3), areas["x"])
    birmingham = np.flatnonzero(areas["authority"] == 0)
    alone = neighbourhoods(find_place("authority:birmingham"))
    offset = areas["x"][birmingham] - alone["x"]
    assert np.ptp(offset) < 0.0021, "an authority has the same shape wherever it is drawn"


def test_distances_between_authorities_are_about_right():
    areas = neighbourhoods(find_place("west-midlands"))
    names = [authority.name for authority in find_place("west-midlands").authorities]
    centre = {n: (areas["x"][areas["authority"] == i].mean(), areas["y"][areas["authority"] == i].mean())
              for i, n in enumerate(names)}  # fmt: skip
    apart = math.dist(centre["Birmingham"], centre["Coventry"])
    assert 24 < apart < 32, "about 28 km as the crow flies"


@given(
    weights=st.lists(st.integers(0, 500_000), min_size=1, max_size=6).filter(any).map(tuple),
    spare=st.integers(0, 300),
)
def test_share_out_is_proportional_and_leaves_nobody_out(weights, spare):
    needed = sum(weight > 0 for weight in weights)
    seats = needed + spare
    given_out = share_out(seats, weights)
    assert sum(given_out) == seats
    for weight, count in zip(weights, given_out, strict=True):
        assert (count > 0) == (weight > 0)
        exact = seats * weight / sum(weights)
        assert count <= math.ceil(exact) or count == 1
        assert count >= math.floor(exact) - needed


# ---------------------------------------------------------------- neighbours


def test_neighbours_are_the_nearest_others_in_order():
    areas = neighbourhoods(find_place("dorset"))
    near = neighbours(areas, k=6)
    assert near.shape == (95, 6) and near.dtype == np.int32
    for own in range(0, 95, 7):
        by_distance = sorted(
            (round((areas["x"][i] - areas["x"][own]) ** 2 + (areas["y"][i] - areas["y"][own]) ** 2, 6), i)
            for i in range(95)
            if i != own
        )
        assert near[own].tolist() == [i for _, i in by_distance[:6]]


def test_ties_between_neighbours_go_to_the_lower_index():
    cross = np.zeros(5, dtype=NEIGHBOURHOOD)
    cross["x"] = [0, 1, 0, -1, 0]
    cross["y"] = [0, 0, 1, 0, -1]
    assert neighbours(cross, k=3)[0].tolist() == [1, 2, 3]


def test_a_place_too_small_for_its_neighbours_is_its_own():
    assert neighbours(neighbourhoods(find_place("city-of-london"))).tolist() == [[0] * 6]
    two = np.zeros(2, dtype=NEIGHBOURHOOD)
    two["x"] = [0, 1]
    assert neighbours(two, k=3).tolist() == [[1, 0, 0], [0, 1, 1]]


def test_neighbours_of_the_whole_are_found_across_blocks():
    areas = neighbourhoods(find_place("england-and-wales"))
    near = neighbours(areas)
    assert near.shape == (7201, 6)
    assert (near != np.arange(7201)[:, None]).all()
    assert near.min() == 0 and near.max() == 7200
    apart = np.sqrt((areas["x"][near[:, 0]] - areas["x"]) ** 2 + (areas["y"][near[:, 0]] - areas["y"]) ** 2)
    assert np.median(apart) < 2
