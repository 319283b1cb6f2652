"""In which worlds a regime fails, or does well: scenario discovery by the patient rule induction method, PRIM.

PRIM (Friedman and Fisher, Statistics and Computing 9, 1999, 123-143) peels off, a little at a time, the end of a range that
holds fewest of the worlds of interest, and leaves a trajectory of ever smaller boxes: each covers fewer of those worlds and
holds more of them among its own (Bryant and Lempert, Technological Forecasting and Social Change 77, 2010, 34-49). Of the
trajectory the box is taken whose coverage and density have the greatest harmonic mean; a limit that chance would give as
well (quasi-p above one in twenty) is let go. EMA Workbench peels; the numbers of a box are counted here, from its limits.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import bdtrc

from policysim.counts.outcomes import Outcome
from policysim.errors import UserError, nearest
from policysim.experiments.analysis.sweeps.frames import Answer

NEEDS_EMA = "scenario discovery needs EMA Workbench, which is not installed: pip install 'policysim[discovery]'"
FEWEST = 5
"""Worlds of interest, and others, that there have to be at the least."""
WORST = 0.2
"""Share of the worlds that are the worst."""
BY_CHANCE = 0.05
FOLDS = 5
BETTER, NO_BETTER, WORST_FIFTH = "better", "no-better", "worst"
CASES = (BETTER, NO_BETTER, WORST_FIFTH)


@dataclass(frozen=True)
class Limit:
    """What a box says of one path: from `low` to `high`, or one of `values`; and how easily chance says as much."""

    path: str
    low: float = -math.inf
    high: float = math.inf
    values: tuple[str, ...] = ()
    quasi_p: float = math.nan

    def holds(self, points: pd.DataFrame) -> np.ndarray:
        """Which points keep within it."""
        at = points[self.path]
        return at.isin(self.values).to_numpy() if self.values else at.between(self.low, self.high).to_numpy()


@dataclass(frozen=True)
class Worlds:
    """A box in which the worlds of interest lie: what share of them (coverage), and what share of its worlds (density)."""

    answer: Answer
    cases: str
    limits: tuple[Limit, ...]
    coverage: float
    density: float
    inside: int
    of_interest: int
    points: int
    trajectory: pd.DataFrame
    """Every box on the way: `coverage`, `density`, `mass`, `limits`, and which was taken."""
    held_out: tuple[float, float]
    """Coverage and density in worlds that took no part in the search, a fifth of them at a time."""

    @property
    def base(self) -> float:
        """The density of everything: how many of all worlds are of interest."""
        return self.of_interest / self.points


def fewer_is_better(outcome: Outcome) -> bool:
    """Whether less of an outcome counts as better here; where nobody would say, less does."""
    return outcome.more_is != "better"


def check_cases(cases: str) -> None:
    """Raises UserError for cases that there are not."""
    if cases and cases not in CASES:
        raise UserError(f"there are no cases {cases!r}{nearest(cases, CASES)} (cases are {', '.join(CASES)})")


def cases_of(answer: Answer, cases: str = "") -> tuple[str, pd.Series]:
    """Which points are of interest: where the regime beats the status quo, where it does not, or the worst fifth.

    Without a name: the rarer of the first two, or where hardly any point is one, or nothing is set against, the worst fifth.
    By the means over the seeds of a point. Raises UserError.
    """
    check_cases(cases)
    means = answer.means.dropna()
    burden = means if fewer_is_better(answer.outcome) else -means
    if not answer.paired and cases in (BETTER, NO_BETTER):
        raise UserError("better and no-better need a status quo in the sweep: take worst")
    better = burden < 0
    rarer = BETTER if better.mean() <= 0.5 else NO_BETTER
    few = min(better.sum(), (~better).sum()) < FEWEST
    kind = cases or (rarer if answer.paired and not few else WORST_FIFTH)
    if kind == WORST_FIFTH:
        return kind, burden >= burden.quantile(1 - WORST)
    return kind, better if kind == BETTER else ~better


def discover(answer: Answer, points: pd.DataFrame, cases: str = "", seed: int = 1) -> Worlds:
    """The box of the worlds of interest; raises UserError where there are too few of them or EMA Workbench is not there."""
    kind, interesting = cases_of(answer, cases)
    points = _known_kinds(points.loc[interesting.index])
    wanted = interesting.to_numpy()
    found, left = int(wanted.sum()), int((~wanted).sum())
    if min(found, left) < FEWEST:
        raise UserError(
            f"{found} of {len(wanted)} worlds are of interest ({kind}): scenario discovery needs {FEWEST} that are and {FEWEST} "
            "that are not"
        )
    limits, trajectory = _searched(points, wanted)
    inside = within(limits, points)
    coverage, density = _told(inside, wanted)
    return Worlds(
        answer, kind, limits, coverage, density, int(inside.sum()), found, len(wanted), trajectory,
        _held_out(points, wanted, seed),
    )  # fmt: skip


def within(limits: Sequence[Limit], points: pd.DataFrame) -> np.ndarray:
    """Which points lie in a box."""
    inside = np.ones(len(points), bool)
    for limit in limits:
        inside &= limit.holds(points)
    return inside


def _told(inside: np.ndarray, wanted: np.ndarray) -> tuple[float, float]:
    both = int((inside & wanted).sum())
    return both / max(1, int(wanted.sum())), both / int(inside.sum()) if inside.any() else math.nan


def _known_kinds(points: pd.DataFrame) -> pd.DataFrame:
    """Numbers as reals and everything else as words; what does not vary is left out."""
    columns = {
        str(path): points[path].astype(float)
        if pd.api.types.is_numeric_dtype(points[path])
        else points[path].astype(str)
        for path in points.columns
        if points[path].nunique() > 1 and not points[path].hasnans
    }
    return pd.DataFrame(columns, index=points.index).reset_index(drop=True)


def _searched(points: pd.DataFrame, wanted: np.ndarray) -> tuple[tuple[Limit, ...], pd.DataFrame]:
    """The limits that are kept, and the trajectory that they were chosen from."""
    boxes = [_limits(box, points) for box in _peeled(points, wanted)]
    rows = []
    for limits in boxes:
        inside = within(limits, points)
        coverage, density = _told(inside, wanted)
        rows.append((coverage, density, float(inside.mean()), len(limits)))
    trajectory = pd.DataFrame(rows, columns=["coverage", "density", "mass", "limits"])
    middle = 2 * trajectory["coverage"] * trajectory["density"] / (trajectory["coverage"] + trajectory["density"])
    best = int(np.flatnonzero(middle >= middle.max() - 1e-12)[0])
    trajectory["taken"] = np.arange(len(trajectory)) == best
    return _beyond_chance(boxes[best], points, wanted), trajectory


def _peeled(points: pd.DataFrame, wanted: np.ndarray) -> list[pd.DataFrame]:
    """EMA Workbench's boxes, from everything to the smallest."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from ema_workbench.analysis import prim
        except ImportError:
            raise UserError(NEEDS_EMA) from None
        search = prim.Prim(
            points.copy(), wanted, threshold=0.0, peel_alpha=0.05, mass_min=max(0.05, FEWEST / len(points))
        )
        return list(search.find_box().box_lims)


def _limits(box: pd.DataFrame, points: pd.DataFrame) -> tuple[Limit, ...]:
    """Those of EMA's two rows, least and greatest, that leave anything out."""
    found = []
    for path in points.columns:
        low, high = box[path].iloc[0], box[path].iloc[1]
        if isinstance(low, set):
            if low != set(points[path]):
                found.append(Limit(path, values=tuple(sorted(map(str, low)))))
        elif low > points[path].min() or high < points[path].max():
            found.append(Limit(path, _or_open(low, points[path].min(), -1), _or_open(high, points[path].max(), 1)))
    return tuple(found)


def _or_open(end: Any, most: float, side: int) -> float:
    return side * math.inf if end == most else float(end)


def _beyond_chance(limits: tuple[Limit, ...], points: pd.DataFrame, wanted: np.ndarray) -> tuple[Limit, ...]:
    """The limits without those that chance would give as well, the likeliest first; each with its quasi-p."""
    while limits:
        told = [_quasi_p(limits, k, points, wanted) for k in range(len(limits))]
        worst = int(np.argmax(told))
        if told[worst] <= BY_CHANCE:
            return tuple(Limit(one.path, one.low, one.high, one.values, p) for one, p in zip(limits, told, strict=True))
        limits = limits[:worst] + limits[worst + 1 :]
    return limits


def _quasi_p(limits: tuple[Limit, ...], k: int, points: pd.DataFrame, wanted: np.ndarray) -> float:
    """How often the box without one limit would have so many worlds of interest by a draw (one-sided, binomial)."""
    inside, without = within(limits, points), within(limits[:k] + limits[k + 1 :], points)
    share = float(wanted[without].mean())
    hits, size = int((inside & wanted).sum()), int(inside.sum())
    return float(bdtrc(hits - 1, size, share)) if hits else 1.0


def _held_out(points: pd.DataFrame, wanted: np.ndarray, seed: int) -> tuple[float, float]:
    """Coverage and density of boxes in worlds that they were not searched in."""
    folds = np.random.default_rng(seed).permutation(len(points)) % FOLDS
    inside = np.zeros(len(points), bool)
    for fold in range(FOLDS):
        seen = folds != fold
        if min(wanted[seen].sum(), (~wanted[seen]).sum()) < 2:
            return math.nan, math.nan
        limits, _ = _searched(points[seen].reset_index(drop=True), wanted[seen])
        inside[~seen] = within(limits, points[~seen])
    return _told(inside, wanted)


def in_words(limit: Limit, label: str) -> str:
    """`fatality opioid above 0.02`."""
    if limit.values:
        return f"{label} is {' or '.join(limit.values)}"
    if math.isinf(limit.low):
        return f"{label} up to {limit.high:.3g}"
    if math.isinf(limit.high):
        return f"{label} from {limit.low:.3g}"
    return f"{label} from {limit.low:.3g} to {limit.high:.3g}"


def table_of(found: Worlds) -> Mapping[str, Sequence[Any]]:
    """The limits as columns of a table."""
    return {
        "path": [one.path for one in found.limits],
        "low": [one.low if math.isfinite(one.low) else math.nan for one in found.limits],
        "high": [one.high if math.isfinite(one.high) else math.nan for one in found.limits],
        "values": [", ".join(one.values) for one in found.limits],
        "quasi_p": [one.quasi_p for one in found.limits],
    }
