"""How an answer goes over one thing that varies, or two: means over the values of a grid, or a smooth surface through points.

The surface is a quadratic (Box and Wilson, Journal of the Royal Statistical Society B 13, 1951, 1-45), fitted by least squares
to the points' means; what else varies is in it as straight lines, and averaged over. Every point is foretold by the fit to all
others: where that explains less than half of the variance between points, there is no surface to be shown.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from policysim.errors import UserError, nearest
from policysim.experiments.analysis.estimates import CONFIDENCE, estimate
from policysim.experiments.analysis.sweeps.frames import PLACE, Answer
from policysim.experiments.analysis.wording import plural

MOST_VALUES = 12
"""Of one thing that varies, to be read as the values of a grid."""
GOOD_ENOUGH = 0.5
"""Share of the variance between points that a surface has to foretell at points it has not seen."""
POINTS_A_TERM = 3
STEPS = 31
"""Values of each thing at which a surface is told."""
GRIDS = ("factorial", "list")


@dataclass(frozen=True)
class Surface:
    """An answer over one path or two: `rows` has a column for each of them, then `mean`, `low`, `high`.

    Of a grid the interval is over seeds; of a fit it is that of the surface, from how far the points lie from it and how far
    the surfaces of single seeds, `seeds` of them, lie from one another. `r2`: what the fit foretells of points left out, nan
    for a grid; `share_of_chance`: of the variance between points' means, at most so much is chance of their own, which no
    surface can foretell; `points`: how many it is made of.
    """

    answer: Answer
    across: tuple[str, ...]
    rows: pd.DataFrame
    fitted: bool
    points: int
    r2: float = math.nan
    share_of_chance: float = math.nan
    seeds: int = 0

    @property
    def is_good(self) -> bool:
        """Whether there is a surface to be shown."""
        return not self.fitted or self.r2 >= GOOD_ENOUGH


def surface(
    answer: Answer,
    points: pd.DataFrame,
    across: Sequence[str] = (),
    design: str = "list",
    logs: frozenset[str] = frozenset(),
) -> Surface:
    """Over the paths that are named, or over the two that move the answer most; raises UserError."""
    known = answer.means.notna().to_numpy()
    points, values = points[known], answer.values[known]
    if len(points) < 2:
        raise UserError("a response surface needs two points at the least")
    chosen = tuple(across) if across else strongest(points, values.mean(axis=1))
    check_across(chosen, list(map(str, points.columns)))
    said = points[list(chosen)].notna().all(axis=1).to_numpy()  # points of a list need not say all paths
    points, values = points[said], values[said]
    if len(points) < 2:
        raise UserError(f"a response surface needs two points that say {' and '.join(chosen)}")
    if _is_grid(points, chosen, design):
        alike = _alike(points, chosen)
        if alike.any():
            return Surface(answer, chosen, _grid(points[alike], values[alike], chosen), False, int(alike.sum()))
        if not all(pd.api.types.is_numeric_dtype(points[path]) for path in chosen):
            raise UserError(
                f"no surface over {' and '.join(chosen)} can be read: points that differ there differ in other things as well"
            )
    return _fitted(answer, points, values, chosen, logs)


def check_across(chosen: Sequence[str], paths: Sequence[str]) -> None:
    """Raises UserError where there is no surface over these paths."""
    if len(chosen) not in (1, 2) or len(set(chosen)) != len(chosen):
        raise UserError(f"a response surface goes over one thing that varies, or over two, not over {len(chosen)}")
    for path in chosen:
        if path == PLACE:
            raise UserError("a surface goes over what varies in one place: each place has its own")
        if path not in paths:
            raise UserError(f"the sweep varies no {path!r}{nearest(path, paths)} (what varies is {', '.join(paths)})")


def strongest(points: pd.DataFrame, means: pd.Series) -> tuple[str, ...]:
    """The two paths (or the one that there is) that move an answer most by themselves."""
    moving = [path for path in points.columns if points[path].nunique() > 1 and points[path].notna().all()]
    if not moving:
        raise UserError("nothing that varies takes two values among the points that are finished")
    by_pull = sorted(moving, key=lambda path: -_explained(points[path], means))
    return tuple(map(str, by_pull[:2]))


def _explained(values: pd.Series, means: pd.Series) -> float:
    """The share of variance of an answer that one path explains by itself, for as many terms as that takes."""
    if values.nunique() <= MOST_VALUES or not pd.api.types.is_numeric_dtype(values):
        fitted = means.groupby(values.to_numpy()).transform("mean")
        terms = values.nunique() - 1
    else:
        x = scaled(values.to_numpy(float), values.to_numpy(float))
        design = np.column_stack([np.ones_like(x), x, x**2])
        fitted, terms = design @ np.linalg.lstsq(design, means.to_numpy(), rcond=None)[0], 2
    left = float(((means - fitted) ** 2).sum()) / max(1, len(means) - 1 - terms)
    whole = float(means.var())
    return 1 - left / whole if whole > 0 else 0.0


# ---------------------------------------------------------------- a grid


def _is_grid(points: pd.DataFrame, chosen: Sequence[str], design: str) -> bool:
    """Whether there is a point at every combination of the values of these paths."""
    sizes = [points[path].nunique() for path in chosen]
    cells = len(points[list(chosen)].drop_duplicates())
    return design in GRIDS and max(sizes) <= MOST_VALUES and cells == math.prod(sizes)


def _alike(points: pd.DataFrame, chosen: Sequence[str]) -> np.ndarray:
    """Which points have, of what else varies, what there is at every combination of these paths: others tell of more than them.

    In a list points may differ in anything, and of a factorial some may have failed.
    """
    others = [path for path in points.columns if path not in chosen]
    if not others:
        return np.ones(len(points), bool)
    cell = points.groupby(list(chosen)).ngroup()
    met = cell.groupby([points[path] for path in others], dropna=False).transform("nunique")
    return (met == cell.nunique()).to_numpy()


def _grid(points: pd.DataFrame, values: pd.DataFrame, chosen: Sequence[str]) -> pd.DataFrame:
    """Of every combination: the mean over what else varies, seed by seed, with its interval over seeds."""
    rows = []
    for key, here in points.groupby(list(chosen), sort=True):
        found = estimate(values.loc[here.index].mean(axis=0).dropna().tolist())
        rows.append((*key, found.mean, found.low, found.high, found.seeds, len(here)))
    return pd.DataFrame(rows, columns=[*chosen, "mean", "low", "high", "seeds", "points"])


# ---------------------------------------------------------------- a fit


class Fit(NamedTuple):
    """Least squares: coefficients, the inverse of the terms' products, residual scatter, degrees of freedom, R2 left out."""

    coefficients: np.ndarray
    inverse: np.ndarray
    scatter: float
    freedom: int
    r2: float


def least_squares(terms: np.ndarray, answers: np.ndarray) -> Fit:
    """A fit, and what it foretells of each answer when that is left out (the residual over one minus its leverage)."""
    n, p = terms.shape
    inverse = np.linalg.pinv(terms.T @ terms)
    coefficients = inverse @ terms.T @ answers
    left = answers - terms @ coefficients
    leverage = np.einsum("ij,jk,ik->i", terms, inverse, terms)
    away = left / np.maximum(1 - leverage, 1e-9)
    from_mean = (answers - answers.mean()) * n / (n - 1)
    whole = float((from_mean**2).sum())
    r2 = 1 - float((away**2).sum()) / whole if whole > 0 else 0.0
    return Fit(coefficients, inverse, math.sqrt(float((left**2).sum()) / (n - p)), n - p, r2)


def _fitted(
    answer: Answer, points: pd.DataFrame, values: pd.DataFrame, chosen: tuple[str, ...], logs: frozenset[str]
) -> Surface:
    for path in chosen:
        if not pd.api.types.is_numeric_dtype(points[path]):
            raise UserError(f"a surface through points goes over numbers, and {path} takes words")
    own = _own_terms(points, points, chosen, logs)
    if len(points) < POINTS_A_TERM * own.shape[1]:
        least = POINTS_A_TERM * own.shape[1]
        raise UserError(
            f"a surface over {plural(len(chosen), 'thing')} needs {least} points, and {len(points)} are finished"
        )
    others = _other_terms(points, chosen, logs)
    if len(points) < POINTS_A_TERM * (own.shape[1] + others.shape[1]):
        others = others[:, :0]
    means = values.mean(axis=1).to_numpy()
    fit = least_squares(np.hstack([own, others]), means)
    grid = _steps(points, chosen, logs)
    terms = np.hstack([_own_terms(grid, points, chosen, logs), np.tile(others.mean(axis=0), (len(grid), 1))])
    told = terms @ fit.coefficients
    half, seeds = reach(np.hstack([own, others]), terms, fit, values)
    rows = grid.assign(mean=told, low=told - half, high=told + half)
    return Surface(answer, chosen, rows, True, len(points), fit.r2, chance_of_means(values), seeds)


def reach(seen: np.ndarray, at: np.ndarray, fit: Fit, values: pd.DataFrame) -> tuple[np.ndarray, int]:
    """How far the 95% interval of the surface reaches, and of how many seeds it holds the chance.

    All points have the same seeds, so that the chance of a seed lifts or lowers a whole surface, and the scatter of points
    around it shows none of that. A surface for each seed does: how much these vary, beyond what the scatter of single points
    makes of it, is added to the variance of the fit, with the degrees of freedom of Satterthwaite (Biometrics Bulletin 2,
    1946, 110-114).
    """
    lever = np.einsum("ij,jk,ik->i", at, fit.inverse, at)
    scattered, freedom = fit.scatter**2 * lever, np.full(len(at), float(fit.freedom))
    whole = values.dropna(axis=1).to_numpy(float)
    seeds = whole.shape[1]
    if seeds < 2:
        return stdtrit(freedom, (1 + CONFIDENCE) / 2) * np.sqrt(scattered), seeds
    each = fit.inverse @ seen.T @ whole
    left = whole - seen @ each
    own = float(((left - left.mean(axis=1, keepdims=True)) ** 2).sum()) / ((seeds - 1) * fit.freedom)
    shared = np.maximum(0.0, (at @ each).var(axis=1, ddof=1) - own * lever) / seeds
    both = scattered + shared
    with np.errstate(invalid="ignore", divide="ignore"):
        freedom = np.where(both > 0, both**2 / (scattered**2 / fit.freedom + shared**2 / (seeds - 1)), fit.freedom)
    return stdtrit(freedom, (1 + CONFIDENCE) / 2) * np.sqrt(both), seeds


def chance_of_means(values: pd.DataFrame) -> float:
    """Of the variance of points' means, how much is the chance of their seeds; nan with one seed."""
    grid = values.dropna(axis=0).to_numpy(float)
    if grid.shape[0] < 2 or grid.shape[1] < 2:
        return math.nan
    grid = grid - grid.mean(axis=0)
    between = float(grid.mean(axis=1).var(ddof=1))
    within = float(grid.var(axis=1, ddof=1).mean()) / grid.shape[1]
    return min(1.0, within / between) if between > 0 else math.nan


def _own_terms(at: pd.DataFrame, points: pd.DataFrame, chosen: Sequence[str], logs: frozenset[str]) -> np.ndarray:
    """One, each path, their squares and their product."""
    found = [scaled(as_number(at[path], path in logs), as_number(points[path], path in logs)) for path in chosen]
    product = [found[0] * found[1]] if len(found) == 2 else []
    squares = [x**2 for x, path in zip(found, chosen, strict=True) if points[path].nunique() > 2]
    return np.column_stack([np.ones(len(at)), *found, *squares, *product])


def _other_terms(points: pd.DataFrame, chosen: Sequence[str], logs: frozenset[str]) -> np.ndarray:
    """A straight line for every other number, a step for every other value of a choice of words."""
    columns: list[np.ndarray] = []
    for path in points.columns:
        if path in chosen or points[path].nunique() < 2 or points[path].hasnans:
            continue
        if pd.api.types.is_numeric_dtype(points[path]):
            x = as_number(points[path], path in logs)
            columns.append(scaled(x, x))
        else:
            columns += [(points[path] == value).to_numpy(float) for value in sorted(points[path].unique())[1:]]
    return np.column_stack(columns) if columns else np.empty((len(points), 0))


def as_number(values: pd.Series, log: bool) -> np.ndarray:
    """The values of a path, or their logarithms."""
    numbers = values.to_numpy(float)
    return np.log(numbers) if log else numbers


def scaled(values: np.ndarray, within: np.ndarray) -> np.ndarray:
    """From -1, the least of those, to 1, the greatest."""
    low, high = float(within.min()), float(within.max())
    return 2 * (values - low) / (high - low) - 1 if high > low else np.zeros_like(values)


def _steps(points: pd.DataFrame, chosen: Sequence[str], logs: frozenset[str]) -> pd.DataFrame:
    """A grid over the range of the points."""
    axes = []
    for path in chosen:
        low, high = float(points[path].min()), float(points[path].max())
        axes.append(np.geomspace(low, high, STEPS) if path in logs else np.linspace(low, high, STEPS))
    crossed = np.meshgrid(*axes, indexing="ij")
    return pd.DataFrame({path: grid.ravel() for path, grid in zip(chosen, crossed, strict=True)})
