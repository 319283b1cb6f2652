"""A scenario as a model of EMA Workbench: what nobody knows as uncertainties, what somebody decides as levers.

Four things of the Workbench are met here. It writes the previous outcome down for an experiment that raised its own
ExperimentError, and stops for any other: the function gives nan and tells so in the outcome `failed`. It gives all
experiments the type of the first number: the function gives reals alone. Its samplers of SALib's designs run a whole number
from 0 to 3 at -1 and never at 0, and the last choice for the first: `_Whole` puts the lower end where it belongs. Those of the
Workbench before 3.0 run it at 4, which the function refuses, and fail on a list, of which `_Choice` has the last one there.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import loguniform
from scipy.stats._discrete_distns import randint_gen

from policysim.errors import UserError
from policysim.experiments.designs.inputs import FAILED, Input
from policysim.scenarios.spans import Span

try:
    from ema_workbench import CategoricalParameter, IntegerParameter, Model, RealParameter, ScalarOutcome
except ImportError:
    raise UserError(
        "a model of EMA Workbench needs EMA Workbench, which is not installed: pip install 'policysim[discovery]'"
    ) from None

if TYPE_CHECKING:
    from policysim.experiments.designs.function import Function


class _Whole(randint_gen):
    """Whole numbers, each as likely, of which the smallest share is the least one (SciPy's own is one below it)."""

    def ppf(self, q: Any, *args: Any, **settings: Any) -> np.ndarray:
        """The whole number where a share of them is passed, the least one at 0."""
        return np.maximum(super().ppf(q, *args, **settings), super().ppf(5e-324, *args, **settings))


class _Choice(CategoricalParameter):
    """One of several values; what a sampler draws at the very end is the last of them."""

    def cat_for_index(self, index: int) -> Any:
        """The value of this number."""
        return super().cat_for_index(min(index, len(self.categories) - 1))


def model_of(function: "Function", name: str) -> Model:
    """The model; raises UserError."""
    if not (isinstance(name, str) and name.isidentifier()):
        raise UserError(f"EMA Workbench takes the name of a model that could be a variable's, not {name!r}")
    model = Model(name, function=function)
    model.uncertainties = [_parameter(one) for one in function.inputs if one.is_uncertain]
    model.levers = [_parameter(one) for one in function.inputs if not one.is_uncertain]
    model.outcomes = [ScalarOutcome(called) for called in (*function.names, FAILED)]
    return model


def _parameter(one: Input) -> Any:
    told = {"variable_name": [one.path]}
    low, high = one.ends
    if isinstance(one.varied, Span) and not one.whole:
        if one.is_log:
            return RealParameter.from_dist(one.name, loguniform(low, high), **told)
        return RealParameter(one.name, low, high, **told)
    if isinstance(one.varied, Span):
        found = IntegerParameter(one.name, int(low), int(high), **told)
    else:
        found = _Choice(one.name, list(one.varied), **told)
    found.dist = _Whole(name="whole")(int(low), int(high) + 1)
    return found
