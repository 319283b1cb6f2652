"""Curves: tables that a few parameters of the registry describe, worked out by age band, sex or fifth.

A curve is read like any table (`world.start_rate[substance, band]`); changed are the parameters it is made of. Each
value for a band of age is the mean of the values in the middle of its five years. All numbers are in the registry's
own units, except that rates per year have become weekly hazards already.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from policysim.vocabulary.exact import exp, log
from policysim.vocabulary.groups import AGE_BANDS, BAND_YEARS, QUINTILES, YOUNGEST

Tables = Mapping[str, np.ndarray]
"""The registry's numbers and tables by name."""


@dataclass(frozen=True)
class Curve:
    """A table that follows from parameters: their names, and how it follows from their tables."""

    name: str
    axes: tuple[str, ...]  # as in policysim.evidence.registry.TABLE_AXES
    parameters: tuple[str, ...]
    made: Callable[[Tables], np.ndarray]


def by_band(value_at: Callable[[float], float]) -> np.ndarray:
    """A function of age (years) as its mean over each age band, shape (14,)."""
    middles = [
        [YOUNGEST + BAND_YEARS * band + year + 1 / 2 for year in range(BAND_YEARS)] for band in range(len(AGE_BANDS))
    ]
    return np.array([math.fsum(value_at(age) for age in ages) / BAND_YEARS for ages in middles])


def _bell(x: float) -> float:
    """The normal curve, 1 in the middle."""
    return exp(-x * x / 2)


def _start_rate(of: Tables) -> np.ndarray:
    """Log-normal in the years since ten: highest at the peak age, `width` the standard deviation of their logarithm."""

    def rates(level: float, peak: float, width: float) -> np.ndarray:
        return by_band(lambda age: level * _bell(log((age - YOUNGEST) / (peak - YOUNGEST)) / width))

    values = (of[f"start_{part}"].tolist() for part in ("level", "peak_age", "width"))
    return np.array([rates(*numbers) for numbers in zip(*values, strict=True)])


def _start_sex(of: Tables) -> np.ndarray:
    """Women and men about a mean of 1."""
    return np.stack([2 - of["start_men"], of["start_men"]], axis=-1)


def _with_age(of: Tables, sign: int) -> np.ndarray:
    """Exponential in age, 1 at the age at which rates are as published."""
    at = float(of["maturing_age"])

    def ratios(maturing: float) -> np.ndarray:
        return by_band(lambda age: exp(sign * maturing * (age - at)))

    return np.array([ratios(maturing) for maturing in of["maturing"].tolist()])


def _ocu_by_age(of: Tables) -> np.ndarray:
    """Normal in age from fifteen on, as shares that add up to 1."""
    middle, spread = float(of["ocu_age"]), float(of["ocu_age_spread"])
    shares = by_band(lambda age: _bell((age - middle) / spread))
    shares[0] = 0
    return shares / math.fsum(shares)


def _ocu_by_quintile(of: Tables) -> np.ndarray:
    """The same ratio from each fifth to the next less deprived one; the mean over fifths is 1."""
    ratios = np.array([exp(-float(of["ocu_deprivation"]) * fifth) for fifth in range(len(QUINTILES))])
    return ratios / (math.fsum(ratios) / len(QUINTILES))


def _lives_in_couple(of: Tables) -> np.ndarray:
    """A logistic rise with age to a plateau."""
    most, half, years = (float(of[f"couple_{part}"]) for part in ("share", "half_age", "years"))
    return by_band(lambda age: most / (1 + exp((half - age) / years)))


def _shares_home(of: Tables) -> np.ndarray:
    """An exponential fall with age from twenty on."""
    share, fall = float(of["sharing_at_20"]), float(of["sharing_fall"])
    return by_band(lambda age: share * exp(-fall * max(age - 20, 0)))


CURVES: dict[str, Curve] = {
    curve.name: curve
    for curve in (
        Curve("start_rate", ("substance", "age"), ("start_level", "start_peak_age", "start_width"), _start_rate),
        Curve("start_sex", ("substance", "sex"), ("start_men",), _start_sex),
        Curve("growing_by_age", ("substance", "age"), ("maturing", "maturing_age"), lambda of: _with_age(of, -1)),
        Curve("ending_by_age", ("substance", "age"), ("maturing", "maturing_age"), lambda of: _with_age(of, 1)),
        Curve("ocu_by_age", ("age",), ("ocu_age", "ocu_age_spread"), _ocu_by_age),
        Curve("ocu_by_quintile", ("quintile",), ("ocu_deprivation",), _ocu_by_quintile),
        Curve("lives_in_couple", ("age",), ("couple_share", "couple_half_age", "couple_years"), _lives_in_couple),
        Curve("shares_home", ("age",), ("sharing_at_20", "sharing_fall"), _shares_home),
    )
}
"""By the name under which a curve is read."""


def curves(tables: Tables) -> dict[str, np.ndarray]:
    """Every curve that these numbers and tables describe."""
    return {name: curve.made(tables) for name, curve in CURVES.items()}


def parameters_of(name: str) -> tuple[str, ...]:
    """The parameters that a curve is made of; any other name by itself."""
    return CURVES[name].parameters if name in CURVES else (name,)
