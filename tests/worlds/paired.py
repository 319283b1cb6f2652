"""A lever pulled alone against the status quo over paired seeds, and what a test may say of the differences."""

from typing import Any

import numpy as np
from small_worlds import regime, weekly

from policysim.counts.outcomes import OUTCOMES
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime, regimes


def totals(outcomes: tuple[str, ...], drawn: Regime, seed: int, weeks: int, **arguments: Any) -> np.ndarray:
    """Each outcome of one run, flows added up and stocks averaged over its weeks, shape (outcomes,)."""
    made = DrugPolicyModel(seed=seed, regime=drawn, **arguments)
    for _ in range(weeks):
        made.step()
    made.close()
    found = weekly(made)
    return np.array([found[name].mean() if OUTCOMES[name].stock else found[name].sum() for name in outcomes])


KEPT: dict[str, np.ndarray] = {}
"""Totals of the status quo by what was asked for: levers pulled in one world are held against the same runs of it."""


def usual(outcomes: tuple[str, ...], seed: int, weeks: int, **arguments: Any) -> np.ndarray:
    """The totals of the status quo, lived once for all that is held against it."""
    asked = repr((outcomes, seed, weeks, sorted(arguments.items())))
    if asked not in KEPT:
        KEPT[asked] = totals(outcomes, regimes()["status-quo"], seed, weeks, **arguments)
    return KEPT[asked]


def paired(
    levers: dict[str, dict], outcomes: tuple[str, ...], seeds: range = range(1, 9), weeks: int = 52, **arguments: Any
) -> dict[str, np.ndarray]:
    """Differences to the status quo in each outcome, one a seed, by outcome: the same people meet the same luck.

    Levers are pulled in full from the first week unless they say otherwise. `arguments` are those of DrugPolicyModel.
    """
    pulled = regime(**{name: {"ramp_weeks": 0, **settings} for name, settings in levers.items()})
    found = [
        totals(outcomes, pulled, seed, weeks, **arguments) - usual(outcomes, seed, weeks, **arguments) for seed in seeds
    ]
    return dict(zip(outcomes, np.array(found).T, strict=True))


def standard_errors(differences: np.ndarray) -> float:
    """The mean difference in its own standard errors; 0 where nothing differs.

    With eight seeds and no effect at all, |t| exceeds 3.5 once in a hundred times: what "rises" and "falls" are tested by.
    """
    spread = differences.std(ddof=1) / np.sqrt(differences.size)
    if spread > 0:
        return float(differences.mean() / spread)
    return float(np.copysign(np.inf, differences.mean())) if differences.any() else 0.0
