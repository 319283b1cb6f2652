"""A tiny comparison for the tests of the page."""

import pytest
from tiny_page import TINY, at_once, workers_of

from policysim.viz.app.running.comparison import Comparison


@pytest.fixture(scope="session")
def compared() -> Comparison:
    """A tiny comparison that has ended; its seeds are too few for the workers, which share them regime by regime."""
    made = Comparison(TINY, workers_of(at_once, 3))
    made.look()
    assert made.done and not made.fault
    return made
