"""The table of local authorities: what a row holds, and how a damaged table is refused."""

import math

import pytest

from policysim.errors import UserError
from policysim.world.authorities import authorities_file, read_authorities
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
