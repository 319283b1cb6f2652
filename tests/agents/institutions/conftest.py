"""What the tests of institutions share."""

import pytest
from busy_place import lived

from policysim.model import DrugPolicyModel


@pytest.fixture(scope="session")
def usual() -> DrugPolicyModel:
    """A busy place in which nothing was changed."""
    return lived()
