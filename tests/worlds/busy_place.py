"""A busy place lived for some weeks, and what was counted there."""

from typing import Any

import numpy as np
from small_worlds import BUSY, model

from policysim.model import DrugPolicyModel
from policysim.vocabulary.mark import Mark
from policysim.vocabulary.stocks import Stock

WEEKS = 40


def lived(weeks: int = WEEKS, prepare=None, parameters: dict | None = None, **arguments: Any) -> DrugPolicyModel:
    """A busy place some weeks later; `prepare` may change an institution first."""
    made = model(**{"people": 600, "parameters": {**BUSY, **(parameters or {})}, **arguments})
    if prepare:
        prepare(made)
    for _ in range(weeks):
        made.step()
    made.close()
    return made


def flow(made: DrugPolicyModel, *marks: Mark, first: int = 0) -> int:
    return int(
        sum(made.outcomes.flows[first : made.week, :, made.outcomes.column_of[mark.name]].sum() for mark in marks)
    )


def stock(made: DrugPolicyModel, which: Stock) -> np.ndarray:
    """By week."""
    return made.outcomes.stocks[: made.week, :, which].sum(axis=1)
