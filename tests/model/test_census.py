"""The yearly census: who is looked at by whom."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from small_worlds import model

from policysim.agents.institutions.police import PoliceTeam, exposure
from policysim.model.census import by_area, take_census
from policysim.vocabulary.rows import Those

PEOPLE = np.dtype([("present", "?"), ("neighbourhood", "i2")], align=True)
PLACES = np.array([(0,), (2,), (2,), (0,)], np.dtype([("area", "i4")]))


@settings(deadline=None)  # the first compiles
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), max_size=60))
def test_the_rows_of_each_area_rise_and_nobody_is_missing(drawn):
    people = np.array(drawn, PEOPLE)
    area = PLACES["area"][people["neighbourhood"]]
    found = by_area(people, PLACES, 3)
    assert [rows.tolist() for rows in found] == [
        np.flatnonzero(people["present"] & (area == k)).tolist() for k in range(3)
    ]


def test_institutions_of_an_area_see_its_people_and_those_of_the_place_everyone(monkeypatch):
    made = model(people=600, years=2)
    for _ in range(5):
        made.step()
    seen: dict[str, Those] = {}
    for institution in made.institutions:
        monkeypatch.setattr(institution, "census", lambda people, of=institution: seen.setdefault(of.name, people))
    take_census(made)
    people = made.look()
    present = people["present"][: int(made.roster.entered[made.week])]
    assert seen["court"]["present"].sum() == present.sum() == seen["court"]["present"].size
    for team in (each for each in made.institutions if isinstance(each, PoliceTeam)):
        assert set(made.places["area"][seen[team.name]["neighbourhood"]]) <= {team.area}
    of_teams = sum(seen[team.name].rows.size for team in made.institutions if isinstance(team, PoliceTeam))
    assert of_teams == present.sum()


def test_exposure_is_the_same_of_rows_told_by_number_and_of_those_told_one_by_one():
    made = model(people=300)
    people, parameters = made.look(), made.parameters
    mask = people["present"] & (people["sex"] == 1)
    by_number, one_by_one = (exposure(Those(people, rows), parameters) for rows in (np.flatnonzero(mask), mask))
    assert by_number.tolist() == one_by_one.tolist() == exposure(people, parameters)[mask].tolist()
