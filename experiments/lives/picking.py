"""Whose life to show: the person to whom regimes make the greatest difference."""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from policysim.errors import UserError
from policysim.model import DrugPolicyModel
from policysim.vocabulary.states import Care, Cause, Justice, Life

PICK_EVERY = 4
"""Weeks between two looks at everyone when a person is picked; states that matter last longer than that."""


def most_diverging(models: list[DrugPolicyModel]) -> int:
    """The person whose lives differ most gravely, then in most ways; of equals the one with the lowest number."""
    gravest, ways = differences(models)
    score = gravest * 100 + np.bitwise_count(ways)
    if not score.any():
        raise UserError(
            "no life comes to differ between these regimes; choose other regimes, more years or more people"
        )
    return int(np.argmax(score))


def diverging(models: list[DrugPolicyModel], most: int) -> list[int]:
    """Up to so many people whose lives come to differ: by turns one of each degree of gravity, the gravest first.

    In whose favour they differ plays no part.
    """
    return gravest_first(*differences(models), most)


def gravest_first(gravest: NDArray[np.int64], ways: NDArray[np.int64], most: int) -> list[int]:
    """The same of people of whom it is known how gravely their lives differ, and in which ways."""
    order = np.lexsort((np.arange(ways.size), -np.bitwise_count(ways).astype(np.int64)))
    degrees = [deque(order[gravest[order] == degree].tolist()) for degree in range(int(gravest.max(initial=0)), 0, -1)]
    found: list[int] = []
    while len(found) < most and any(degrees):
        found += [degree.popleft() for degree in degrees if degree]
    return found[:most]


def differences(models: list[DrugPolicyModel]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Live all years under each regime: by person how gravely the lives came to differ, and in which ways, as bits."""
    gravest = np.zeros(models[0].records.size, np.int64)
    ways = np.zeros(gravest.size, np.int64)
    while models[0].week < models[0].last_week:
        for model in models:
            model.step()
        if models[0].week % PICK_EVERY == 0 or models[0].week == models[0].last_week:
            for model in models[1:]:
                grave, now = gravity(models[0].look(), model.look())
                np.maximum(gravest, grave, out=gravest)
                ways |= now
    for model in models:
        model.close()
    return gravest, ways


def gravity(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How grave each person's differences are now, and which, as bits; arrays of shape (people,)."""
    dead = [people["life"] == Life.DEAD for people in (one, other)]
    misuse = (dead[0] & (one["cause"] == Cause.MISUSE)) | (dead[1] & (other["cause"] == Cause.MISUSE))
    custody = [people["justice"] == Justice.CUSTODY for people in (one, other)]
    treated = [people["care"] > Care.WAITING for people in (one, other)]
    dependent = [people["dependent_on"] > 0 for people in (one, other)]
    in_prison_or_treated = custody[0] & ~custody[1] & treated[1] | custody[1] & ~custody[0] & treated[0]
    apart = dead[0] != dead[1]
    both = ~dead[0] & ~dead[1] & (one["life"] == other["life"])
    ways = [
        (apart & misuse, 7), (apart, 6), (both & in_prison_or_treated, 5),
        (both & (custody[0] != custody[1]), 4), (both & (treated[0] != treated[1]), 3),
        (both & (dependent[0] != dependent[1]), 2),
        *((both & (one[name] != other[name]), 1) for name in ("convictions", "housing", "occupation")),
    ]  # fmt: skip
    grave = np.max([np.where(differs, level, 0) for differs, level in ways], axis=0)
    return grave, np.sum([differs.astype(np.int64) << k for k, (differs, _) in enumerate(ways)], axis=0)
