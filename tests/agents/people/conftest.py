"""Somebody to try a rule or a helper on."""

from collections.abc import Iterator

import numpy as np
import pytest
from one_person import meeting
from small_worlds import model

from policysim.model.building import python_views


@pytest.fixture(scope="module")
def someone() -> Iterator[tuple]:
    """A person, and what they read of here and world."""
    made = model(people=100)
    row = int(np.flatnonzero(made.people["present"])[0])
    here, world = python_views(made)
    yield made.person(row), here[made.people["neighbourhood"][row]], world
    made.close()


@pytest.fixture(scope="module")
def place() -> Iterator:
    """A model whose people are used one at a time."""
    made = model(engine="python", people=100)
    yield made
    made.close()


@pytest.fixture
def meet(place):
    """Lets a person meet a rule under numbers of one's own."""
    return meeting(place)
