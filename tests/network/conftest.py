"""One roster and its ties for all tests of networks; a test that changes people takes a copy."""

import pytest
from ring_of_neighbourhoods import PARAMETERS, luck_of, ring, roster

from policysim.network.synthesis import synthesise, synthesise_using


@pytest.fixture(scope="session")
def people():
    return roster()


@pytest.fixture(scope="session")
def ties(people):
    return synthesise(people, ring(), luck_of(1), PARAMETERS)


@pytest.fixture(scope="session")
def using(people):
    return synthesise_using(people, ring(), luck_of(1), PARAMETERS)
