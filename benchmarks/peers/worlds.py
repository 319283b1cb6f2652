"""People and ties of a place of policysim, taken out for the others."""

import numpy as np

from policysim.benchmarks.peers.contagion import PLACE, World
from policysim.model import DrugPolicyModel

WEEKS = 104
SHARE_USING = 0.1


def world_of(people: int, seed: int) -> World:
    """A place of so many people, two years of newcomers, and a tenth of those who are there drawn to use."""
    model = DrugPolicyModel(PLACE, people=people, years=2, seed=seed)
    entered = model.roster.entered[:WEEKS].astype(np.int64)
    ties = model.peers.ties
    one, other = np.repeat(np.arange(ties.indptr.size - 1), np.diff(ties.indptr)), ties.indices.astype(np.int64)
    once = (other < one) & (one < entered[-1])  # a row's ties stand in the order of rows: so by the later of the two
    start = int(entered[0])
    using = np.sort(np.random.default_rng(seed).choice(start, int(start * SHARE_USING), replace=False))
    return World(entered, other[once], one[once], using, people, seed)
