"""Places resolve by every name people use, and their neighbourhoods keep the published totals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policysim.errors import UserError
from policysim.world import places as places_module
from policysim.world.places import (
    COMPLETE_TABLE,
    NEIGHBOURHOOD,
    authorities_file,
    find_place,
    neighbourhoods,
    neighbours,
    places,
    read_authorities,
    share_out,
    table,
)

ALL = places()
ONE_OF_EACH = ["west-midlands", "authority:dorset", "city-of-london", "nation:wales", "devon-and-cornwall"]


def of_kind(kind):
    return [place for place in ALL if place.kind == kind]


# ---------------------------------------------------------------- the table


def test_there_are_43_forces_331_authorities_two_nations_and_the_whole():
    assert len(of_kind("force")) == 43
    assert len(of_kind("authority")) == COMPLETE_TABLE == 331
    assert {place.id for place in of_kind("nation")} == {"nation:england", "nation:wales"}
    assert [place.id for place in of_kind("whole")] == ["england-and-wales"]


@pytest.mark.parametrize("kind", ["force", "authority", "nation"])
def test_each_kind_of_place_covers_everyone_once(kind):
    whole = find_place("england-and-wales")
    codes = [authority.code for place in of_kind(kind) for authority in place.authorities]
    assert sorted(codes) == sorted(authority.code for authority in whole.authorities)
    assert sum(place.population for place in of_kind(kind)) == whole.population == 59_719_724
    assert sum(place.residents_10_64 for place in of_kind(kind)) == whole.residents_10_64
    assert sum(place.neighbourhood_count for place in of_kind(kind)) == whole.neighbourhood_count == 7201


def test_an_authority_lies_in_one_force_and_nation():
    for force in of_kind("force"):
        assert {authority.force for authority in force.authorities} == {force.name}
        assert force.nation in ("England", "Wales")


def test_an_authority_carries_its_people():
    (birmingham,) = find_place("authority:birmingham").authorities
    assert (birmingham.code, birmingham.force, birmingham.nation) == ("E08000025", "West Midlands", "England")
    assert len(birmingham.residents_by_band) == 11
    assert sum(birmingham.residents_by_quintile) == birmingham.population
    assert 0.45 < birmingham.women_share < 0.55
    assert math.isclose(sum(birmingham.ethnic_shares), 1, abs_tol=0.001)
    assert birmingham.residents_by_quintile[0] > birmingham.population / 2


def test_west_midlands_is_the_force_area_not_the_region():
    place = find_place("west-midlands")
    assert [authority.name for authority in place.authorities] == [
        "Birmingham", "Coventry", "Dudley", "Sandwell", "Solihull", "Walsall", "Wolverhampton",
    ]  # fmt: skip
    assert 2_850_000 < place.population < 3_000_000
    assert place.residents_10_64 < place.population


# ---------------------------------------------------------------- names


def test_ids_are_unique_slugs_and_each_finds_itself():
    assert len({place.id for place in ALL}) == len(ALL)
    for place in ALL:
        assert find_place(place.id) is place
        assert place.id == place.id.lower() and " " not in place.id


@pytest.mark.parametrize("kind", ["force", "authority", "nation"])
def test_a_prefix_with_a_name_finds_that_kind(kind):
    for place in of_kind(kind):
        assert find_place(f"{kind}:{place.name}") is place


def test_official_names_and_codes_of_authorities_are_understood():
    for place in of_kind("authority"):
        assert place.authorities[0] in find_place(place.name).authorities
        assert find_place(place.authorities[0].code) is place


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [
        ("dorset", "dorset"),
        ("force:dorset", "dorset"),
        ("authority:dorset", "authority:dorset"),
        ("Authority: Dorset", "authority:dorset"),
        ("birmingham", "authority:birmingham"),
        ("West Midlands", "west-midlands"),
        ("  WEST_midlands ", "west-midlands"),
        ("west-midlands-police", "west-midlands"),
        ("West Midlands police force area", "west-midlands"),
        ("Avon & Somerset Constabulary", "avon-and-somerset"),
        ("devon & cornwall", "devon-and-cornwall"),
        ("dyfed powys", "dyfed-powys"),
        ("Bristol, City of", "authority:bristol"),
        ("City of Bristol", "authority:bristol"),
        ("bristol", "authority:bristol"),
        ("hull", "authority:kingston-upon-hull"),
        ("Herefordshire", "authority:herefordshire"),
        ("brighton & hove", "authority:brighton-and-hove"),
        ("kings lynn and west norfolk", "authority:kings-lynn-and-west-norfolk"),
        ("King’s Lynn and West Norfolk", "authority:kings-lynn-and-west-norfolk"),
        ("st helens", "authority:st-helens"),
        ("durham", "durham"),
        ("county durham", "authority:county-durham"),
        ("London, City of", "city-of-london"),
        ("City of London", "city-of-london"),
        ("authority:city-of-london", "authority:city-of-london"),
        ("london", "metropolitan-police"),
        ("Metropolitan Police", "metropolitan-police"),
        ("england", "nation:england"),
        ("Wales", "nation:wales"),
        ("nation: wales", "nation:wales"),
        ("England & Wales", "england-and-wales"),
        ("nation:england-and-wales", "england-and-wales"),
        ("E08000025", "authority:birmingham"),
    ],
)
def test_spellings(spelling, expected):
    assert find_place(spelling).id == expected


def test_dorset_the_force_holds_dorset_the_council():
    force, council = find_place("dorset"), find_place("authority:dorset")
    assert len(force.authorities) == 2
    assert council.authorities[0] in force.authorities
    assert council.population < force.population


@pytest.mark.parametrize(
    ("wrong", "suggested"),
    [
        ("west-midland", "west-midlands"),
        ("Birmingam", "birmingham"),
        ("authority:birmingam", "authority:birmingham"),
        ("authority:durham", "authority:county-durham"),
        ("force:dorsett", "force:dorset"),
        ("authorty:walsall", "authority:walsall"),
        ("nation:whales", "nation:wales"),
        ("metropolitan", "metropolitan-police"),
        ("authority:Cornwal", "authority:cornwall"),
    ],
)
def test_an_unknown_place_is_answered_with_the_nearest(wrong, suggested):
    with pytest.raises(UserError) as caught:
        find_place(wrong)
    assert f"'{wrong}'" in str(caught.value)
    assert f"did you mean '{suggested}'?" in str(caught.value)
    find_place(suggested)


@pytest.mark.parametrize("wrong", ["", "police", ":", "xyzzy", "Scotland", "force:", "force:wales"])
def test_what_is_no_place_is_refused(wrong):
    with pytest.raises(UserError, match="there is no place"):
        find_place(wrong)


def test_listing_has_a_row_for_each_place():
    rows = {row["id"]: row for row in table()}
    assert list(rows) == [place.id for place in ALL]
    assert rows["west-midlands"] == {
        "id": "west-midlands", "name": "West Midlands", "kind": "force", "nation": "England",
        "residents_10_64": find_place("west-midlands").residents_10_64,
        "population": find_place("west-midlands").population, "authorities": 7, "neighbourhoods": 356,
    }  # fmt: skip
    assert rows["england-and-wales"]["nation"] == "England and Wales"


# ---------------------------------------------------------------- a damaged table


def damaged(tmp_path, change):
    path = tmp_path / "local_authorities.csv"
    path.write_text(change(authorities_file().read_text(encoding="utf-8")), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda text: "", "cut short"),
        (lambda text: text[:30000], "cut short at line 15"),
        (lambda text: text[: text.index("\n", 30000) + 1], "cut short"),
        (lambda text: text[:-2], "cut short"),
        (lambda text: text.replace(",0.0083\n", "\n", 1), "line 2.*unreadable number"),
        (lambda text: text.replace("population", "people", 1), "no column 'population'"),
        (lambda text: text.replace("196357", "many", 1), "line 2.*many"),
        (lambda text: text.replace("196357", "", 1), "line 2"),
        (lambda text: text.replace("196357", "196358", 1), "line 2.*do not add up to the population"),
        (lambda text: text.replace(",0.9219,", ",0.8219,", 1), "line 2.*ethnic groups"),
        (lambda text: text.replace(",27,196357", ",3,196357", 1), "line 2.*fewer neighbourhoods"),
        (lambda text: text.replace(",10808,", ",-10808,", 1), "line 2.*from 0 up"),
        (lambda text: text.replace("E06000022", "", 1), "line 2.*code"),
    ],
)
def test_a_damaged_table_is_named_with_the_line(tmp_path, change, complaint):
    path = damaged(tmp_path, change)
    with pytest.raises(UserError, match=complaint) as caught:
        read_authorities(path)
    assert str(path) in str(caught.value)


def test_a_missing_or_binary_table_is_named(tmp_path):
    path = tmp_path / "local_authorities.csv"
    with pytest.raises(UserError, match="missing or unreadable") as caught:
        read_authorities(path)
    assert str(path) in str(caught.value)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="missing or unreadable"):
        read_authorities(path)


def test_a_missing_table_reaches_whoever_asks_for_places(tmp_path, monkeypatch):
    monkeypatch.setattr(places_module, "authorities_file", lambda: tmp_path / "local_authorities.csv")
    with pytest.raises(UserError, match=r"local_authorities\.csv"):
        places.__wrapped__()


# ---------------------------------------------------------------- neighbourhoods


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
