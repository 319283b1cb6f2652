"""Places cover everyone once and resolve by every name people use."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policysim.errors import UserError
from policysim.world import places as places_module
from policysim.world.authorities import COMPLETE_TABLE
from policysim.world.places import find_place, gazetteer, places, table

ALL = places()


def of_kind(kind):
    return [place for place in ALL if place.kind == kind]


def test_there_are_43_forces_318_authorities_21_counties_nine_regions_two_nations_and_the_whole():
    assert len(of_kind("force")) == 43
    assert len(of_kind("authority")) == 318 == COMPLETE_TABLE - len(of_kind("former")) + 4
    assert len(of_kind("former")) == 17
    assert len(of_kind("county")) == 21
    assert len(of_kind("region")) == 9
    assert {place.id for place in of_kind("nation")} == {"nation:england", "nation:wales"}
    assert [place.id for place in of_kind("whole")] == ["england-and-wales"]


@pytest.mark.parametrize("kind", ["force", "nation"])
def test_forces_and_nations_share_out_the_authorities(kind):
    whole = find_place("england-and-wales")
    codes = [authority.code for place in of_kind(kind) for authority in place.authorities]
    assert sorted(codes) == sorted(authority.code for authority in whole.authorities)


@pytest.mark.parametrize("kind", ["force", "authority", "nation"])
def test_each_kind_of_place_covers_everyone_once(kind):
    whole = find_place("england-and-wales")
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
        places_module._shipped.__wrapped__()


# ---------------------------------------------------------------- councils of 2023, counties, regions


@pytest.mark.parametrize(
    ("name", "code", "districts"),
    [
        ("cumberland", "E06000063", ["Allerdale", "Carlisle", "Copeland"]),
        ("westmorland-and-furness", "E06000064", ["Barrow-in-Furness", "Eden", "South Lakeland"]),
        (
            "north-yorkshire", "E06000065",
            ["Craven", "Hambleton", "Harrogate", "Richmondshire", "Ryedale", "Scarborough", "Selby"],
        ),
        ("somerset", "E06000066", ["Mendip", "Sedgemoor", "Somerset West and Taunton", "South Somerset"]),
    ],
)  # fmt: skip
def test_a_council_of_2023_is_one_authority_of_its_districts(name, code, districts):
    council = find_place(f"authority:{name}")
    assert (council.kind, council.code, len(council.authorities)) == ("authority", code, 1)
    before = [find_place(f"authority:{district}") for district in districts]
    assert council.population == sum(district.population for district in before)
    assert council.residents_10_64 == sum(district.residents_10_64 for district in before)
    assert council.note == f"one council since 1 April 2023, made of {', '.join(districts)}"
    for district in before:
        assert district.kind == "former"
        assert f"is part of {council.id} now" in district.note


def test_a_force_keeps_the_districts_of_which_it_was_made():
    assert [a.name for a in find_place("cumbria").authorities] == [
        "Allerdale", "Barrow-in-Furness", "Carlisle", "Copeland", "Eden", "South Lakeland",
    ]  # fmt: skip


def test_a_county_is_what_its_council_looks_after_and_no_more():
    kent = find_place("county:kent")
    assert kent.population == 1_589_057  # mid-2020, as published for the county
    assert len(kent.authorities) == 12
    assert "Medway" in {a.name for a in find_place("kent").authorities} - {a.name for a in kent.authorities}
    for county in of_kind("county"):
        assert {a.code[:3] for a in county.authorities} == {"E07"}
        assert len({a.force for a in county.authorities}) == 1


def test_every_district_is_in_one_county_or_gone():
    districts = [a.code for place in of_kind("county") for a in place.authorities]
    former = [place.code for place in of_kind("former")]
    everyone = [a.code for a in find_place("nation:england").authorities]
    assert sorted(districts + former) == sorted(code for code in everyone if code.startswith("E07"))


def test_nine_regions_share_out_england():
    codes = [a.code for place in of_kind("region") for a in place.authorities]
    assert sorted(codes) == sorted(a.code for a in find_place("nation:england").authorities)
    assert 5_900_000 < find_place("region:west-midlands").population < 6_000_000
    assert len(find_place("region:london").authorities) == 33


def test_every_place_has_the_code_of_the_statistics_office():
    codes = [place.code for place in ALL]
    assert all(codes) and len(set(codes)) == len(codes)
    assert {place.code[:3] for place in of_kind("force")} == {"E23", "W15"}
    assert [find_place(code) for code in codes] == list(ALL)


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
        assert place.authorities[0] in find_place(place.name).authorities or place.note
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
        ("e08000025", "authority:birmingham"),
        ("Cumberland", "authority:cumberland"),
        ("Cumberland Council", "authority:cumberland"),
        ("somerset", "authority:somerset"),
        ("north yorkshire", "north-yorkshire"),
        ("North Yorkshire Council", "authority:north-yorkshire"),
        ("kent", "kent"),
        ("Kent County Council", "county:kent"),
        ("devon", "county:devon"),
        ("South West", "region:south-west"),
        ("East of England", "region:east-of-england"),
        ("greater london", "region:london"),
        ("Hampshire and Isle of Wight", "hampshire"),
        ("Hampshire & Isle of Wight Constabulary", "hampshire"),
        ("metropolitan", "metropolitan-police"),
        ("Metropolitan Police Service", "metropolitan-police"),
        ("the Met", "metropolitan-police"),
        ("E23000036", "avon-and-somerset"),
        ("W15000004", "dyfed-powys"),
        ("E10000016", "county:kent"),
        ("E12000005", "region:west-midlands"),
        ("E92000001", "nation:england"),
        ("K04000001", "england-and-wales"),
        ("W06000015", "authority:cardiff"),
        ("E08000039", "authority:sheffield"),
        ("Leeds City Council", "authority:leeds"),
        ("London Borough of Camden", "authority:camden"),
        ("City of York Council", "authority:york"),
        ("Durham County Council", "authority:county-durham"),
        ("Ynys Môn", "authority:isle-of-anglesey"),
        ("Caerdydd", "authority:cardiff"),
        ("copeland", "authority:copeland"),
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
        ("metropolitn", "metropolitan-police"),
        ("authority:Cornwal", "authority:cornwall"),
    ],
)
def test_an_unknown_place_is_answered_with_the_nearest(wrong, suggested):
    with pytest.raises(UserError) as caught:
        find_place(wrong)
    assert f"'{wrong}'" in str(caught.value)
    assert f"did you mean '{suggested}'?" in str(caught.value)
    find_place(suggested)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Scotland", "knows the residents and services of England and Wales, not those of Scotland"),
        ("nation:scotland", "not those of Scotland"),
        ("Northern Ireland", "not those of Northern Ireland"),
        ("Glasgow", "not those of Scotland"),
        ("authority:belfast", "not those of Northern Ireland"),
        ("S12000049", "not those of Scotland"),
        ("N09000003", "not those of Northern Ireland"),
        ("UK", "not those of Scotland and Northern Ireland"),
        ("corby", "since 1 April 2021; it lies in authority:north-northamptonshire"),
        ("Taunton Deane", "since 1 April 2019; it lies in authority:somerset-west-and-taunton"),
        ("E07000150", "it lies in authority:north-northamptonshire"),
        ("E10000006", "since 1 April 2023; it lies in authority:cumberland and authority:westmorland-and-furness"),
        ("newcastle", "may mean authority:newcastle-upon-tyne or authority:newcastle-under-lyme"),
        ("yorkshire", "it may mean north-yorkshire, south-yorkshire, west-yorkshire, east-riding-of-yorkshire"),
        ("midlands", "it may mean west-midlands, east-midlands, region:west-midlands"),
        ("north", r"and \d+ more"),
    ],
)
def test_a_name_that_is_no_place_of_its_own_is_explained(name, said):
    with pytest.raises(UserError, match=said) as caught:
        find_place(name)
    assert f"'{name}'" in str(caught.value)
    assert ". " not in str(caught.value)


def test_every_name_that_leads_somewhere_leads_to_a_place():
    for other in gazetteer().others:
        if other.kind == "elsewhere":
            continue
        for place in other.places:
            assert find_place(place).id == place
        if other.kind == "also" and len(other.places) == 1:
            assert find_place(other.name).id == other.places[0]
        else:
            with pytest.raises(UserError, match=other.places[0]):
                find_place(other.name)


def test_other_names_hide_no_place_but_the_region_of_london():
    own = {place.bare_id for place in ALL} | {place.name.casefold() for place in ALL}
    assert [other.name for other in gazetteer().others if other.name.casefold() in own] == ["London"]


def test_a_place_is_printed_in_a_line():
    assert repr(find_place("kent")) == "<Place kent: Kent, 1,272,902 residents aged 10 to 64>"


def test_a_place_has_namesakes():
    known = gazetteer()
    assert known.namesakes(find_place("west-midlands")) == ["region:west-midlands"]
    assert known.namesakes(find_place("county:kent")) == ["kent"]
    assert known.namesakes(find_place("birmingham")) == []


@settings(max_examples=200, deadline=None)
@given(
    name=st.one_of(
        st.text(max_size=30), st.from_regex(r"(force:|authority:|[EWSN])?[a-z0-9 &,:-]{0,12}", fullmatch=True)
    )
)
def test_any_text_is_a_place_or_is_told_in_one_line(name):
    try:
        assert find_place(name) in ALL
    except UserError as error:
        assert "\n" not in str(error) and len(str(error)) < 400


def test_a_long_name_is_cut_off_and_what_is_no_name_is_told():
    with pytest.raises(UserError) as caught:
        find_place("x" * 300)
    assert len(str(caught.value)) < 150
    for wrong in (None, 3, ["kent"]):
        with pytest.raises(UserError, match="a place is given by its name"):
            find_place(wrong)


@pytest.mark.parametrize("wrong", ["", "police", ":", "xyzzy", "force:", "force:wales"])
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
        "code": "E23000014", "note": "",
    }  # fmt: skip
    assert rows["england-and-wales"]["nation"] == "England and Wales"
