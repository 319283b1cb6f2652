"""What a process that runs a model holds: nothing that Mesa and Numba load for parts that no run comes to."""

import gc
import subprocess
import sys

import pytest

from policysim.engine.loading import without_looking_for_garbage

NOT_NEEDED = ("pandas", "pyarrow", "networkx", "matplotlib", "scipy.linalg", "scipy.spatial", "scipy.sparse", "IPython")
RUN = """
import sys
from policysim import DrugPolicyModel
model = DrugPolicyModel("west-midlands", people=300, years=1, seed=1)
for _ in range(3):
    model.step()
"""


def told(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_run_of_a_model_loads_nothing_that_it_does_not_need():
    assert told(f"{RUN}\nprint([name for name in {NOT_NEEDED} if name in sys.modules])") == "[]"


LATER = {
    "the table of Mesa's collector": "found = len(model.datacollector.get_model_vars_dataframe())",
    "a module of pandas alone": "import pandas.testing, pandas; found = 3 * (pandas.testing is sys.modules['pandas.testing'])",
    "networks of Mesa": """
import mesa, networkx
grid = mesa.space.NetworkGrid(networkx.path_graph(4))
found = len(grid.get_neighborhood(0, include_center=True, radius=2))
""",
    "continuous space of Mesa": """
from mesa.experimental.continuous_space import ContinuousSpace
import mesa, random
same = mesa.experimental.continuous_space.ContinuousSpace is ContinuousSpace
found = 3 * (same and ContinuousSpace([[0, 1], [0, 1]], random=random.Random(1)).ndims == 2)
""",
    "linear algebra in code of one's own": """
import numba, numpy as np
found = int(numba.njit(lambda a: np.dot(a, np.linalg.inv(a)).sum() + 1)(np.eye(2)))
""",
}


@pytest.mark.parametrize("used", LATER.values(), ids=LATER)
def test_whatever_was_put_off_is_there_when_it_is_asked_for(used):
    assert told(f"{RUN}\n{used}\nprint(found)") == "3"


def test_garbage_is_looked_for_again_afterwards_if_it_was_before():
    with without_looking_for_garbage():
        assert not gc.isenabled()
        with without_looking_for_garbage():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with without_looking_for_garbage():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
