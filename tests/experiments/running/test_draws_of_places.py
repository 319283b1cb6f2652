"""Drawn sets of numbers leave what is published of a place: a drawn number would be that of everywhere."""

from policysim.experiments.running.draws import drawn
from policysim.scenarios.scenario import Scenario
from policysim.world.places import find_place
from policysim.world.status_quo import LOCAL, names_of_its_own


def numbers(place: str, **changes: float) -> dict[str, float]:
    return drawn(Scenario(place=place, regimes=["status-quo"], parameters=changes, seed=3), 1)


def test_what_a_place_has_of_its_own_is_not_drawn_for_it_and_all_else_is_as_drawn_elsewhere():
    west_midlands, durham = numbers("west-midlands"), numbers("durham")
    own = names_of_its_own(find_place("west-midlands"))
    assert {"searches_per_1000", "diversion_offer", "police_carry", "ocu_per_1000"} <= own
    assert not own & west_midlands.keys()
    assert not names_of_its_own(find_place("durham")) and own <= durham.keys()
    assert west_midlands == {name: value for name, value in durham.items() if name not in own}


def test_a_place_of_which_a_part_has_a_figure_keeps_it_in_every_set():
    part = names_of_its_own(find_place("region:west-midlands"))
    assert {"attendance", "diversion_offer"} <= part <= set(LOCAL)
    assert not part & numbers("region:west-midlands").keys()
