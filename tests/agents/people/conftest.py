"""Somebody to try a rule or a helper on."""

from collections.abc import Iterator

import numpy as np
import pytest
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
