"""The table of local authorities: what a row holds, and how a damaged table is refused."""

import math

import pytest

from policysim.errors import UserError
from policysim.world.authorities import as_row, authorities_file, authorities_of, merged, read_shipped
from policysim.world.places import find_place


def test_an_authority_carries_its_people():
    (birmingham,) = find_place("authority:birmingham").authorities
    assert (birmingham.code, birmingham.force, birmingham.nation) == ("E08000025", "West Midlands", "England")
    assert len(birmingham.residents_by_band) == 11
    assert sum(birmingham.residents_by_quintile) == birmingham.population
    assert 0.45 < birmingham.women_share < 0.55
    assert math.isclose(sum(birmingham.ethnic_shares), 1, abs_tol=0.001)
    assert birmingham.residents_by_quintile[0] > birmingham.population / 2


def damaged(tmp_path, change):
    path = tmp_path / "local_authorities.csv"
    path.write_text(change(authorities_file().read_text(encoding="utf-8")), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda text: "", "is empty"),
        (lambda text: text[:30000], "line 15[0-9]: the row ends after"),
        (lambda text: text[: text.index("\n", 30000) + 1], "cut short"),
        (lambda text: text[:-1], "cut short"),
        (lambda text: text[:-2], "line 332: Wiltshire cannot be right: shares of ethnic groups add up to 0.9930"),
        (
            lambda text: text.replace(",0.0083\n", "\n", 1),
            "line 2: the row ends after 29 of 30 cells, before 'share_other'",
        ),
        (lambda text: text.replace("population", "people", 1), "line 1: there is no column 'people'"),
        (lambda text: text.replace(",population", "", 1), "line 1: the column 'population' is missing"),
        (lambda text: text.replace("196357", "many", 1), "line 2: population must be a whole number .*, not 'many'"),
        (lambda text: text.replace("196357", "", 1), "line 2: population must be a whole number .*, not ''"),
        (lambda text: text.replace("196357", "196358", 1), "line 2.*do not add up to the population"),
        (lambda text: text.replace(",0.9219,", ",0.8219,", 1), "line 2.*ethnic groups"),
        (
            lambda text: text.replace(",27,196357", ",3,196357", 1),
            "line 2.*3 neighbourhoods for 4 deprivation quintiles",
        ),
        (lambda text: text.replace(",10808,", ",-10808,", 1), "line 2: age_10_14 must be a whole number from 0"),
        (lambda text: text.replace("E06000022", "", 1), "line 2: code is missing"),
        (lambda text: text.replace("E06000023", "E06000022", 1), "line 3: the code 'E06000022' is already in .*line 2"),
        (
            lambda text: text.replace("Mendip", "Bath and North East Somerset", 1),
            "line 4: the local_auth.*already .*line 2",
        ),
        (
            lambda text: text.replace(",Avon and", ",AVON and", 1),
            "line 3: the police_force_area 'Avon.*spelt 'AVON.*line 2",
        ),
        (lambda text: text.replace(",-2.425,", ",nan,", 1), "line 2: longitude must be a number from -180 to 180"),
        (lambda text: text.replace(",51.363,", ",513.63,", 1), "line 2: latitude must be a number from -90 to 90"),
        (lambda text: text.replace(",0.5087,", ",50.87,", 1), "line 2: female_share_working_age .* from 0 to 1"),
        (lambda text: text.replace(",10808,", ",110808,", 1), "line 2.*more than its population"),
        (lambda text: text.replace(",27,196357", ",196358,196357", 1), "line 2.*196358 neighbourhoods"),
        (lambda text: text.replace(",10808,", ",10 808,", 1), "line 2: age_10_14 .*, not '10 808'"),
    ],
)
def test_a_damaged_table_is_named_with_the_line(tmp_path, change, complaint):
    path = damaged(tmp_path, change)
    with pytest.raises(UserError, match=complaint) as caught:
        read_shipped(path)
    assert str(path) in str(caught.value)


def test_a_missing_or_binary_table_is_named(tmp_path):
    path = tmp_path / "local_authorities.csv"
    with pytest.raises(UserError, match="there is no file") as caught:
        read_shipped(path)
    assert str(path) in str(caught.value)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="UTF-16"):
        read_shipped(path)


def test_authorities_that_became_one_are_added_up():
    by_name = {authority.name: authority for authority in read_shipped(authorities_file())}
    parts = [by_name[name] for name in ("Allerdale", "Carlisle", "Copeland")]
    one = merged("E06000063", "Cumberland", parts)
    assert one.population == 274_396 == sum(one.residents_by_quintile)  # mid-2020, as published for the new council
    assert one.residents_10_64 == sum(part.residents_10_64 for part in parts)
    assert one.neighbourhoods == sum(part.neighbourhoods for part in parts)
    assert math.isclose(sum(one.ethnic_shares), 1, abs_tol=0.001)
    white = sum(part.ethnic_shares[0] * part.population for part in parts) / one.population
    assert math.isclose(one.ethnic_shares[0], white)
    assert min(part.women_share for part in parts) < one.women_share < max(part.women_share for part in parts)
    assert min(part.longitude for part in parts) < one.longitude < max(part.longitude for part in parts)


def test_a_row_of_a_table_makes_the_same_authority_again():
    everyone = read_shipped(authorities_file())
    assert authorities_of(("here", as_row(authority)) for authority in everyone) == everyone


def test_a_row_with_a_number_beyond_all_numbers_is_told():
    row = dict(as_row(read_shipped(authorities_file())[0]))
    with pytest.raises(UserError, match="longitude must be a number from -180 to 180"):
        authorities_of([("here", row | {"longitude": 10**400})])
