"""A consumption room at its usual numbers: what is taken to it, what its booths and hours can take, part of a room."""

from typing import Any

import numpy as np
import pytest
from small_worlds import model

from policysim.evidence.figures import published
from policysim.evidence.registry import registry
from policysim.levers.catalogue import LEVERS
from policysim.vocabulary.rows import Those
from policysim.vocabulary.time import WEEKS_PER_YEAR

PLACE: dict[str, Any] = {"place": "authority:birmingham", "people": 8000, "engine": "python"}


def room(coverage: float = 1.0, **parameters: float) -> tuple[float, float]:
    """Injections taken to a room in a week, and what it costs in one."""
    made = model(**{**PLACE, "parameters": parameters})
    service = made.harm_reduction[0]
    service.census(Those(made.people, np.flatnonzero(made.people["present"])))
    LEVERS["consumption_room"].model_validate({}).pull(service.policy, coverage)
    service.plan()
    taken = (service.room_share() * service.memory["injecting"]).sum() * made.one_in
    made.close()
    return taken * made.parameters["injections_per_week"], service.amount(service.cost_of["cost_room_year"])


def test_a_room_takes_about_what_glasgows_took_and_could_take_more():
    """Within a factor of three of the first year's injections, and its booths and hours stand in nobody's way."""
    taken, cost = room()
    glasgow = published()["B6.04c"].value / WEEKS_PER_YEAR
    assert glasgow < taken < 3 * glasgow
    assert taken < 0.7 * registry()["room_visits_per_week"].value
    assert cost * WEEKS_PER_YEAR == pytest.approx(registry()["cost_room_year"].value)


def test_booths_and_hours_bind_where_more_come():
    everywhere = {"room_distance": 2.0, "room_reach": 0.6}
    assert room(**everywhere)[0] == pytest.approx(registry()["room_visits_per_week"].value)
    assert room(**everywhere, room_visits_per_week=300)[0] == pytest.approx(300)
    assert room(0.5, **everywhere)[0] == pytest.approx(registry()["room_visits_per_week"].value / 2), "half the hours"


def test_part_of_a_room_is_open_for_part_of_the_hours_at_part_of_the_cost():
    whole, some = room(), room(0.45)
    assert some == pytest.approx(0.45 * np.array(whole))
    assert room(0.0) == (0, 0)
