"""Which of the things that vary carry the answer: Morris's screening and Sobol's shares of variance, chance told apart.

All points of a sweep share their seeds. An elementary effect is therefore found seed by seed, and its scatter between seeds is
what chance makes of it. A share of variance is a mean of products of two differences; taken from two different seeds, their
chance parts have nothing to do with each other and fall out of the mean, whatever luck the points of one seed share. So the
corrected shares are of what the expected answer does: more seeds make them less noisy, and leave them where they are.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from SALib.analyze import morris as effects
from SALib.analyze import sobol as shares
from SALib.util import ResultDict
from scipy.special import stdtrit

from policysim.errors import UserError
from policysim.experiments.analysis.estimates import CONFIDENCE, UNKNOWN, estimate
from policysim.experiments.analysis.sensitivity import LEVELS
from policysim.experiments.analysis.sweeps.frames import Answer, whole_blocks

LEAST_BLOCKS = 2
RESAMPLES = 500
ENDS = (2.5, 97.5)
"""Percentiles between which 95 in 100 resamples lie."""


@dataclass(frozen=True)
class Screened:
    """A row for each path, and how many blocks of the design (trajectories, or rows of Saltelli's) it is of."""

    answer: Answer
    rows: pd.DataFrame
    blocks: int
    left_out: int
    share_of_chance: float = math.nan
    """Of the variance of the points' means, how much their chance makes (Sobol)."""


def problem(paths: Sequence[str]) -> dict[str, object]:
    """Shares of all ranges, as SALib wants to be told of them."""
    return {"num_vars": len(paths), "names": list(paths), "bounds": [[0.0, 1.0]] * len(paths)}


# ---------------------------------------------------------------- one after another


def morris(
    answer: Answer, position: pd.DataFrame, choices: frozenset[str] = frozenset(), levels: int = LEVELS, seed: int = 1,
    moves: Mapping[str, float] | None = None,
) -> Screened:  # fmt: skip
    """Elementary effects over the whole range of each path (Morris 1991; mu_star of Campolongo and others 2007).

    position: of each point the share of every range that is passed there (`frames.position`), which goes by so many levels.
    Effects of a path that takes one of several values (`choices`) are of the change from one to another. moves: of ranges of a
    few whole numbers, which share of the range a move passes, where that is not the step of the levels.

    Columns: `path`; `mu`, the mean change from the low to the high end, with `low` and `high`, its 95% t-interval over seeds;
    `mu_star`, the mean size of the change, and `mu_star_conf`, how far its 95% interval over trajectories reaches; `sigma`, the
    scatter between trajectories; `noise`, what mu_star would stay below nineteen times in twenty if chance alone made it, and
    the same in all trajectories;
    `beyond_chance`. One seed tells nothing of chance: those columns are then nan, and `beyond_chance` is False.
    """
    paths = [str(path) for path in position.columns]
    length, step = len(paths) + 1, levels / (2 * (levels - 1))
    grid, whole = whole_blocks(answer.values, length)
    blocks, at = grid[whole], position.to_numpy()[: len(grid) * length].reshape(-1, length, len(paths))[whole]
    _check_blocks(len(blocks), "trajectories")
    scale = np.array([step / (moves or {}).get(path, 1.0 if path in choices else step) for path in paths])
    found = _elementary(blocks, at) / step * scale[:, None]  # by trajectory, path and seed
    told = _of_salib(paths, at, blocks.mean(axis=2), levels, seed)
    rows = []
    for k, path in enumerate(paths):
        of_path = found[:, k, :]
        mu = estimate(of_path.mean(axis=0).tolist()) if of_path.shape[1] > 1 else UNKNOWN
        noise = _noise(of_path)
        star, conf, sigma = (float(told[name][k]) * scale[k] for name in ("mu_star", "mu_star_conf", "sigma"))
        rows.append({
            "path": path, "mu": float(of_path.mean()), "low": mu.low, "high": mu.high, "mu_star": star,
            "mu_star_conf": conf, "sigma": sigma, "noise": noise,
            "beyond_chance": bool(star > noise),
        })  # fmt: skip
    table = pd.DataFrame(rows).sort_values("mu_star", ascending=False, kind="stable", ignore_index=True)
    return Screened(answer, table, len(blocks), int((~whole).sum()))


def _elementary(blocks: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Of each trajectory, path and seed: the change over the step, as if it went upward."""
    steps = np.sign(np.diff(position, axis=1))
    if not (np.abs(steps).sum(axis=2) == 1).all():
        raise UserError("the points of this sweep are no trajectories: each has to move one thing after another")
    which = np.abs(steps).argmax(axis=2)
    ways = np.take_along_axis(steps, which[:, :, None], axis=2)
    changes = np.diff(blocks, axis=1) * ways
    found = np.empty_like(changes)
    np.put_along_axis(found, which[:, :, None], changes, axis=1)
    return found


def _of_salib(paths: Sequence[str], position: np.ndarray, means: np.ndarray, levels: int, seed: int) -> ResultDict:
    """What SALib makes of the points' means; all 0 where nothing moved anything."""
    if np.ptp(means) == 0:
        return {name: np.zeros(len(paths)) for name in ("mu_star", "mu_star_conf", "sigma")}
    inputs = position.reshape(-1, len(paths))
    return effects.analyze(problem(paths), inputs, means.ravel(), num_levels=levels, num_resamples=RESAMPLES, seed=seed)


def _noise(of_path: np.ndarray) -> float:
    """The mu_star of a path that chance alone stays below nineteen times in twenty at the least, from the scatter between seeds.

    An elementary effect is a mean over seeds; without any real effect it lies about zero as Student's t does. People meet the
    same luck at every point, so the effects of all trajectories may be off by the same: more of them are no help against it.
    """
    seeds = of_path.shape[1]
    if seeds < 2:
        return math.nan
    scatter = math.sqrt(float(of_path.var(axis=1, ddof=1).mean()) / seeds)
    return scatter * float(stdtrit(seeds - 1, (1 + CONFIDENCE) / 2))


def _check_blocks(blocks: int, what: str) -> None:
    if blocks < LEAST_BLOCKS:
        raise UserError(
            f"a screening needs {LEAST_BLOCKS} whole {what} at the least, and {blocks or 'none'} of this sweep "
            f"{'is' if blocks == 1 else 'are'} finished"
        )


# ---------------------------------------------------------------- shares of variance


def sobol(answer: Answer, points: pd.DataFrame, second_order: bool = False, seed: int = 1) -> Screened:
    """Shares of the variance over all points (estimators of Saltelli and others 2010), with chance and without.

    Columns: `path`; `S1` and `ST`, first and total share of the variance of the points' means, with `S1_conf` and `ST_conf` (how
    far their 95% intervals reach), as SALib finds them, chance included; `first` and `total`, the same without chance, each
    with `_low` and `_high` (bootstrap over the rows of the design). One seed cannot tell them: they are then nan.
    """
    paths = [str(path) for path in points.columns]
    k = len(paths)
    length = 2 * k + 2 if second_order else k + 2
    grid, whole = whole_blocks(answer.values, length)
    blocks = grid[whole]
    _check_blocks(len(blocks), "rows of the design")
    means = blocks.mean(axis=2).ravel()
    if np.ptp(means) == 0:
        raise UserError(f"nothing that varies moved {answer.outcome.noun}: there is no variance to share out")
    # SALib takes a seed of 0 for none, and draws from the global generator: so one more.
    told = shares.analyze(problem(paths), means, calc_second_order=second_order, num_resamples=RESAMPLES, seed=seed + 1)
    table = pd.DataFrame(
        {"path": paths, **{name: np.asarray(told[name]) for name in ("S1", "S1_conf", "ST", "ST_conf")}}
    )
    corrected, chance = _without_chance(blocks, k, seed)
    table = pd.concat([table, corrected], axis=1)
    by = "total" if blocks.shape[2] > 1 else "ST"
    table = table.sort_values(by, ascending=False, kind="stable", ignore_index=True)
    return Screened(answer, table, len(blocks), int((~whole).sum()), chance)


def _without_chance(blocks: np.ndarray, k: int, seed: int) -> tuple[pd.DataFrame, float]:
    """First and total shares from products across seeds, their intervals, and the share of variance that chance makes."""
    names = ("first", "first_low", "first_high", "total", "total_low", "total_high")
    if blocks.shape[2] < 2:
        return pd.DataFrame(dict.fromkeys(names, np.full(k, math.nan))), math.nan
    ends = blocks[:, [0, -1], :]
    blocks = blocks - ends.mean(axis=(0, 1))  # what a seed does everywhere is no variance between points
    a, b, mixed = blocks[:, 0], blocks[:, -1], blocks[:, 1 : k + 1]
    variance = (across(a, a) + across(b, b)) / 2
    first = across(b[:, None], mixed - a[:, None])
    total = across(mixed - a[:, None], mixed - a[:, None]) / 2
    with_chance = float((a.mean(axis=1) ** 2 + b.mean(axis=1) ** 2).mean() / 2)
    rows = np.random.default_rng(seed).integers(len(blocks), size=(RESAMPLES, len(blocks)))
    spread = variance[rows].mean(axis=1)[:, None]
    columns = {}
    for name, found in (("first", first), ("total", total)):
        columns[name] = _over(found.mean(axis=0), variance.mean())
        resampled = _over(found[rows].mean(axis=1), spread)
        known = np.isfinite(resampled).any()  # not where points differ in no resample by more than chance
        ends = np.nanpercentile(resampled, ENDS, axis=0) if known else np.full((len(ENDS), k), math.nan)
        columns[f"{name}_low"], columns[f"{name}_high"] = ends
    chance = 1 - float(variance.mean()) / with_chance if with_chance > 0 else math.nan
    return pd.DataFrame(columns)[list(names)], min(1.0, max(0.0, chance))


def across(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The mean product of two numbers over all pairs of different seeds (the last axis)."""
    seeds = left.shape[-1]
    return (left.sum(axis=-1) * right.sum(axis=-1) - (left * right).sum(axis=-1)) / (seeds * (seeds - 1))


def _over(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """A share; nan where there is no variance beyond chance to be shared out."""
    return np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, math.nan), where=np.asarray(whole) > 0)
