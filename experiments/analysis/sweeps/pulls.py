"""What moves an answer most, of any design: a straight line through the points in everything that varies at once.

Of each number the change of the answer from its least to its greatest value among the points, of a choice that from its first
word to each other, all else as it is. Morris's and Sobol's designs have analyses of their own (`screening`), which see bends and
joint effects too; this one takes any points, those that are left of a design as well.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from policysim.errors import UserError
from policysim.experiments.analysis.sweeps.frames import Answer, label
from policysim.experiments.analysis.sweeps.surfaces import as_number, least_squares, reach, scaled

POINTS_A_TERM = 3
"""Points for everything that is fitted; with fewer no line can be told from chance."""


@dataclass(frozen=True)
class Pulls:
    """A row for each path, or each other word of one: `path`, `change` with its 95% limits `low` and `high`, `from`, `to`,
    `clear`; the strongest first. `r2`: what the lines foretell of points left out."""

    answer: Answer
    rows: pd.DataFrame
    points: int
    r2: float
    seeds: int


def pulls(answer: Answer, points: pd.DataFrame, logs: frozenset[str] = frozenset()) -> Pulls:
    """Of the points at which there is an answer; raises UserError where there are too few."""
    known = answer.means.notna().to_numpy()
    points, values = points[known], answer.values[known]
    told, columns = _terms(points, logs)
    if not told:
        raise UserError("nothing that varies takes two values among these points: keep more of them")
    terms = np.column_stack([np.ones(len(points)), *columns])
    least = POINTS_A_TERM * terms.shape[1]
    if len(points) < least:
        raise UserError(
            f"what moves it most can be told from {least} points on, with so many things that vary, and {len(points)} are kept"
        )
    means = values.mean(axis=1).to_numpy()
    fit = least_squares(terms, means)
    at = np.zeros((len(told), terms.shape[1]))
    for k, one in enumerate(told):
        at[k, k + 1] = one["step"]
    half, seeds = reach(terms, at, fit, values)
    rows = pd.DataFrame(told).drop(columns="step")
    rows.insert(2, "change", at @ fit.coefficients)
    rows.insert(3, "low", rows["change"] - half)
    rows.insert(4, "high", rows["change"] + half)
    rows["clear"] = (rows["low"] > 0) | (rows["high"] < 0)
    order = rows["change"].abs().sort_values(ascending=False, kind="stable").index
    r2 = fit.r2 if float(np.ptp(means)) > 0 else math.nan
    return Pulls(answer, rows.loc[order].reset_index(drop=True), len(points), r2, seeds)


def _terms(points: pd.DataFrame, logs: frozenset[str]) -> tuple[list[dict[str, Any]], list[np.ndarray]]:
    """What is told of each term of the fit, and the term."""
    told: list[dict[str, Any]] = []
    columns: list[np.ndarray] = []
    for path in map(str, points.columns):
        taken = points[path]
        if taken.nunique() < 2 or taken.hasnans:
            continue
        if pd.api.types.is_numeric_dtype(taken):
            x = as_number(taken, path in logs)
            columns.append(scaled(x, x))
            told.append(
                {"path": path, "what": label(path), "from": float(taken.min()), "to": float(taken.max()), "step": 2.0}
            )
            continue
        first, *others = sorted(taken.unique())
        for value in others:
            columns.append((taken == value).to_numpy(float))
            told.append({"path": path, "what": f"{label(path)}: {value}", "from": first, "to": value, "step": 1.0})
    return told, columns
