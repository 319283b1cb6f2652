"""A scenario as a problem of SALib, and what SALib would answer wrongly without a word refused in a sentence.

Seen of SALib 1.6.0: one missing number makes every Sobol' index 0; so does an outcome that is the same everywhere; seed 0 is
no seed of its analyses of Sobol' indices and delta; runs made without the points for pairs are analysed with them, wherever
their number fits both.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from SALib import ProblemSpec

from policysim.errors import UserError

if TYPE_CHECKING:
    from policysim.experiments.designs.function import Function

PAIRS = "calc_second_order"
NO_SEED = ("sobol", "delta")
"""Analyses to which seed 0 is none."""


class Problem(ProblemSpec):
    """SALib's own ProblemSpec, whose samples, evaluations and analyses are looked at; raises UserError."""

    made_with: dict[str, Any] | None = None
    """What the samples were made with, where a sampler of SALib made them."""

    def sample(self, func: Callable[..., np.ndarray], *args: Any, **kwargs: Any) -> "Problem":
        """As SALib's."""
        self.made_with = {"by": _named(func)} | kwargs
        return super().sample(func, *args, **kwargs)

    def analyze(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> "Problem":
        """As SALib's, once what it would answer wrongly is ruled out."""
        if self["num_vars"] == 1:
            raise UserError("only one thing varies, and all that happens is its doing: a screening needs two")
        if self.results is None:
            raise UserError("nothing has been evaluated yet: .evaluate(function.rows) comes before an analysis")
        self._check_results(np.asarray(self.results, dtype=float))
        self._check_means(_named(func), kwargs)
        return super().analyze(func, *args, **kwargs)

    def _check_results(self, results: np.ndarray) -> None:
        missing = int((~np.isfinite(results.reshape(len(results), -1))).any(axis=1).sum())
        if missing:
            raise UserError(
                f"{missing} of {len(results)} points have no number, of which SALib would make 0 or nan throughout: run them "
                "again, or leave their whole trajectory or block out"
            )
        for name, column in zip(self["outputs"], results.reshape(len(results), -1).T, strict=True):
            if np.ptp(column) == 0:
                raise UserError(
                    f"{name} is {column[0]:g} at every point: there is no spread of which anything could have a share"
                )
        self._results = results

    def _check_means(self, analysis: str, kwargs: dict[str, Any]) -> None:
        if analysis in NO_SEED and kwargs.get("seed", 1) == 0:
            raise UserError("seed 0 is no seed to this analysis of SALib, and its intervals differ each time: take 1")
        if analysis == "sobol" and self.made_with is not None and self.made_with["by"] == analysis:
            made, read = self.made_with.get(PAIRS, True), kwargs.get(PAIRS, True)
            if made != read:
                raise UserError(f"the samples were made with {PAIRS}={made}: analyse them with {PAIRS}={made} too")


def _named(func: Callable[..., Any]) -> str:
    """`sobol` for SALib.analyze.sobol.analyze."""
    while isinstance(func, partial):
        func = func.func
    return func.__module__.rpartition(".")[2]


def problem_of(function: "Function") -> Problem:
    """The problem: what varies by path, in its own units; lists and whole numbers by steps (see `inputs`)."""
    return Problem({
        "names": [one.path for one in function.inputs],
        "bounds": [list(one.bounds) for one in function.inputs],
        "dists": ["logunif" if one.is_log else "unif" for one in function.inputs],
        "outputs": list(function.names),
    })  # fmt: skip
