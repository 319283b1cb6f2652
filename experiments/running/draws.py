"""Sets of numbers drawn from the ranges of the registry: what nobody knows, spread evenly over few runs.

The sets are a Latin hypercube that grows: of the first `FIRST` sets each lies in another sixth of every range; of twice
as many each in another twelfth, and the first are still among them; and so on. So set 4 is the same numbers to the bit
whether six sets are asked for or sixty, and more can be added to a folder later. At `FIRST`, twice, four times ... as
many the sets are a whole Latin hypercube, in between a part of the next.

Each uncertainty draws by luck of its own (seed of the scenario, its id), so that a new number in the registry leaves the
draws of all others as they were. Where numbers of a set contradict each other (shares that add up to more than one),
those alone are drawn again, in order, until they agree.

A drawn number goes where the registry's would: what is published of a part of a place stays there, and the rest of the
place gets what was drawn.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from policysim.engine.luck import counter, key_of, uniform, uniforms
from policysim.errors import UserError
from policysim.evidence.uncertain import (
    Uncertainty,
    contradicting,
    put_together,
    uncertainties,
    usual_values,
)
from policysim.experiments.running.plan import Task
from policysim.scenarios.scenario import Scenario
from policysim.world.status_quo import names_of_its_own

FIRST = 6
"""Sets of the smallest Latin hypercube."""
MOST_TRIES = 1000
"""How often contradicting numbers are drawn again."""
ORDER, PLACE = 0, 1
"""Numbers of the draws: of the order of strata, and of the place within one."""


def unknown_of(scenario: Scenario) -> tuple[Uncertainty, ...]:
    """What nobody knows of a scenario: every uncertain number but those that it changes and those published of all its place.

    A number that is published of a part of the place only is among them: nobody knows it of the other parts.
    """
    return uncertainties(fixed=scenario.numbers.keys() | names_of_its_own(scenario.where))


def drawn(scenario: Scenario, draw: int) -> dict[str, float]:
    """The numbers of one set (1 is the first) by id, in the registry's own units; those that a scenario changes stay.

    Raises UserError where numbers that the scenario changes leave none that agree with them.
    """
    return drawn_of(scenario.seed, unknown_of(scenario), scenario.numbers, draw)


def drawn_of(seed: int, unknown: tuple[Uncertainty, ...], changed: Mapping[str, float], draw: int) -> dict[str, float]:
    """The same for any seed, and of these uncertainties alone, beside numbers that are changed."""
    shares = dict(zip((one.id for one in unknown), shares_of(seed, unknown, draw), strict=True))
    found = put_together(one.at(shares[one.id]) for one in unknown)
    for again in range(1, MOST_TRIES):
        names = contradicting(usual_values(changed) | found)
        if not names:
            return found
        for one in unknown:
            if one.name in names:
                found |= one.at(uniform(key_of(seed, f"{one.id} again"), draw, counter(0, again)))
    raise UserError(f"no numbers within their ranges agree with those that are changed: {', '.join(sorted(names))}")


def with_numbers(task: Task) -> Task:
    """The task with the numbers of its set, which go from the burn-in on; one of the scenario's own numbers as it is."""
    return replace(task, carried=drawn(task.scenario, task.draw)) if task.draw else task


def shares_of(seed: int, unknown: tuple[Uncertainty, ...], draw: int) -> np.ndarray:
    """How much of each range is passed in one set (1 is the first), shape (uncertainties,)."""
    size = FIRST
    while size < draw:
        size *= 2
    return hypercube(seed, tuple(one.id for one in unknown), size)[draw - 1]


@lru_cache(maxsize=4)
def hypercube(seed: int, ids: tuple[str, ...], size: int) -> np.ndarray:
    """Shares in [0, 1), shape (size, ids); size is `FIRST` times a power of two."""
    return np.column_stack([stratified(key_of(seed, f"uncertainty {name}"), size) for name in ids])


def stratified(key: int, size: int, first: int = FIRST) -> np.ndarray:
    """One number in each of `size` strata, of which the first halves are one in each of half as many.

    `size` is `first` times a power of two.
    """
    stratum, within = np.empty(0, np.int64), np.empty(0)
    strata = first
    while True:
        free = np.setdiff1d(np.arange(strata), stratum)
        new = np.arange(stratum.size, strata)
        order = np.argsort(uniforms(key, new, counter(0, ORDER)), kind="stable")
        stratum = np.concatenate([stratum, free[order]])
        within = np.concatenate([within, uniforms(key, new, counter(0, PLACE))])
        if strata >= size:
            return (stratum + within) / strata
        upper = within >= 0.5
        stratum, within, strata = 2 * stratum + upper, 2 * within - upper, 2 * strata
