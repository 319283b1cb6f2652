"""Institutions of an authority begin from what is published of it: the usual policy is the place's own."""

import pytest
from small_worlds import after, model

from policysim.vocabulary.marks import PoliceMark
from policysim.world.places import find_place


def test_a_force_searches_as_many_as_are_published_of_it():
    """Dorset's 2,116 and Greater Manchester's 46,600 a year: per resident one searches six times as often."""
    weeks = 40
    for place, published in (("dorset", 2_116), ("greater-manchester", 46_600)):
        made = after(weeks, place=place, people=20_000, beyond_ranges=False)
        searches = made.outcomes.flows[:weeks, :, made.outcomes.column_of[PoliceMark.SEARCHED.name]].sum()
        expected = published / made.one_in * weeks / 52
        assert searches == pytest.approx(expected, abs=4 * expected**0.5), place
        each = sum(team.searches for team in made.police) * 52 * made.one_in
        assert each == pytest.approx(published, rel=0.005)


def test_the_usual_policy_of_a_team_is_its_forces():
    made = model(place="region:west-midlands", people=2_000)
    force = {authority.name: authority.force for authority in find_place("region:west-midlands").authorities}
    names = [authority.name for authority in made.place.authorities]
    offers = {force[name]: team.usual.diversion_offer for name, team in zip(names, made.police, strict=True)}
    national = made.parameters["diversion_offer"]
    assert offers == {"West Midlands": 0.42, "West Mercia": 0.21, "Staffordshire": national, "Warwickshire": national}
    made.close()


def test_a_number_changed_in_a_scenario_is_the_usual_policy_in_every_place():
    made = model(place="region:west-midlands", people=2_000, parameters={"diversion_offer": 0.3, "kits_per_100": 30})
    assert {team.usual.diversion_offer for team in made.police} == {0.3}
    assert {service.usual.kits_per_100 for service in made.harm_reduction} == {30}
    made.close()
