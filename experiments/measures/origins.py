"""Who comes to use: childhoods and ethnic groups of people dependent on heroin, ages of those dependent on other drugs."""

import numpy as np

from policysim.model import DrugPolicyModel
from policysim.vocabulary.groups import ETHNIC_GROUPS, opioid_dependent
from policysim.vocabulary.states import Substance, Use

MANY = 4
"""From so many adverse childhood experiences on the odds ratio is published, against none."""
ADULT = 18
"""Age from which published ages of people in treatment count (years)."""


def present_in(model: DrugPolicyModel) -> np.ndarray:
    """The people present."""
    everyone = model.look()
    present: np.ndarray = everyone[everyone["present"]]
    return present


def origins(model: DrugPolicyModel) -> dict[str, float]:
    """Measures of the people present."""
    people = present_in(model)
    heroin = opioid_dependent(people)
    found = {"aces_odds_ratio": _odds_ratio(heroin, people["aces"] >= MANY, people["aces"] == 0)}
    for group in ("asian", "black"):
        found[f"heroin_{group}_over_white"] = _ratio(people, heroin, group, "white")
    for name in ("cannabis", "party"):
        dependent = people["use"][:, Substance[name.upper()]] == Use.DEPENDENT
        ages = people["age"][dependent & (people["age"] >= ADULT)]
        found[f"{name}_median_age"] = float(np.median(ages)) if ages.size else np.nan
    return found


def _odds_ratio(has: np.ndarray, exposed: np.ndarray, unexposed: np.ndarray) -> float:
    """Odds of the exposed over those of the unexposed; nan where a cell is empty."""
    with_it, without = has & exposed, ~has & exposed
    others_with_it, others_without = has & unexposed, ~has & unexposed
    down = int(without.sum()) * int(others_with_it.sum())
    return int(with_it.sum()) * int(others_without.sum()) / down if down else np.nan


def _ratio(people: np.ndarray, has: np.ndarray, group: str, other: str) -> float:
    """Share of one ethnic group who have something over that of another; nan where there is nothing to divide by."""
    one, base = (has[people["ethnicity"] == ETHNIC_GROUPS.index(name)] for name in (group, other))
    return float(one.mean() / base.mean()) if one.size and base.any() else np.nan
