"""Families at the start: who has children, in keeping with whom they live with, and whose were taken into care before."""

import numpy as np

from policysim.evidence.registry import Parameters
from policysim.vocabulary.states import FamilyCase, Substance, Use
from policysim.world.traits import Traits

OF_CONCERN = [int(s) for s in (Substance.HEROIN, Substance.CRACK, Substance.ALCOHOL)]
"""Dependence of a parent on one of these is what children's services look at."""


def dependent_parent(use: np.ndarray) -> np.ndarray:
    """Dependent on heroin, crack or alcohol, by states of use of shape (n, substances): shape (n,)."""
    heroin, crack, alcohol = OF_CONCERN
    dependent = int(Use.DEPENDENT)
    return np.asarray((use[:, heroin] == dependent) | (use[:, crack] == dependent) | (use[:, alcohol] == dependent))


def set_families(people: np.ndarray, parents: np.ndarray, seed: int, parameters: Parameters) -> None:
    """Whoever of the first residents lives with a child of theirs under 18 has children (rows `parents`).

    Others have children too, under ten or elsewhere, so that as many do in all as is published. Of dependent adults with
    children some are known to children's services; of those without some had theirs taken into care before.
    """
    residents = int(np.count_nonzero(people["enters"] == 0))  # they come first
    of, traits = people[:residents], Traits(seed, np.arange(residents))
    linked = np.zeros(residents, bool)
    linked[parents] = True
    adult = of["age"] >= parameters["adult_role_age"]
    others = adult & ~linked
    wanted = parameters["parent_share"] * int(adult.sum()) - int((adult & linked).sum())
    share = min(max(wanted / max(int(others.sum()), 1), 0.0), 1.0)
    has_children = linked | (others & (traits("children") < share))
    of["has_children"] = has_children
    concerned = adult & dependent_parent(of["use"])
    known = concerned & has_children & (traits("known to services") < parameters["early_help_share"])
    of["family_case"][known] = FamilyCase.EARLY_HELP
    removed = parameters.table("children_removed_before")[of["sex"]]
    parted = concerned & ~has_children & (traits("children removed") < removed)
    of["family_case"][parted] = FamilyCase.REMOVED_BEFORE
