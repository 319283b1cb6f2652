"""Places cover everyone once and resolve by every name people use."""

import pytest

from policysim.errors import UserError
from policysim.world import places as places_module
from policysim.world.authorities import COMPLETE_TABLE
from policysim.world.places import find_place, places, table

ALL = places()


def of_kind(kind):
    return [place for place in ALL if place.kind == kind]


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


def test_west_midlands_is_the_force_area_not_the_region():
    place = find_place("west-midlands")
    assert [authority.name for authority in place.authorities] == [
        "Birmingham", "Coventry", "Dudley", "Sandwell", "Solihull", "Walsall", "Wolverhampton",
    ]  # fmt: skip
    assert 2_850_000 < place.population < 3_000_000
    assert place.residents_10_64 < place.population


def test_a_missing_table_reaches_whoever_asks_for_places(tmp_path, monkeypatch):
    monkeypatch.setattr(places_module, "authorities_file", lambda: tmp_path / "local_authorities.csv")
    with pytest.raises(UserError, match=r"local_authorities\.csv"):
        places.__wrapped__()


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
