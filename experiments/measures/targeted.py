"""Every measure that a target or a stylised fact can name, of one run: means of yearly flows and stocks, and ratios."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from policysim.counts.outcomes import COUNTED
from policysim.experiments.measures.care_measures import CareMeasures, deaths_by_drug, in_treatment, mean_of
from policysim.experiments.measures.cohorts import Cohorts
from policysim.experiments.measures.justice import JusticeCohorts
from policysim.experiments.measures.origins import origins, present_in
from policysim.experiments.running.plan import Task
from policysim.experiments.running.progress import Tell, untold
from policysim.experiments.running.seed import Observer, live, whole_place
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime
from policysim.vocabulary.groups import at_liberty, opiate_or_crack, opioid_history, uses_now
from policysim.vocabulary.states import Care, Substance, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR

QUARTER = WEEKS_PER_YEAR // 4
"""Weeks that are averaged at either end of a series to see whether it drifts."""


class Measurer(Observer):
    """Watches the cohorts of a seed; `found` holds every measure by regime."""

    def __init__(self) -> None:
        self.found: dict[str, dict[str, float]] = {}

    def begun(self, regime: Regime, model: DrugPolicyModel) -> None:
        """Cohorts begin with the horizon."""
        everyone = model.look()
        self.cohorts, self.care, self.justice = Cohorts(everyone), CareMeasures(everyone), JusticeCohorts()

    def after_week(self, model: DrugPolicyModel) -> None:
        """Follow them."""
        self.cohorts.look(model)
        self.care.look(model)
        self.justice.look(model)

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        """Put the run's measures together."""
        weekly = whole_place(model)
        found = _yearly(weekly)
        found |= origins(model)
        found |= _of_people(model) | self.cohorts.measures() | _ratios(found) | _drifts(weekly) | _by_deprivation(model)
        found |= self.care.measures() | in_treatment(model.look()) | deaths_by_drug(found) | self.justice.measures()
        self.found[regime.id] = found


def measure(task: Task, tell: Tell = untold) -> dict[str, dict[str, float]]:
    """All measures of one seed, for the whole place, scaled to residents, by regime."""
    measurer = Measurer()
    live(task, measurer, tell)
    return measurer.found


def of_weeks(weekly: pd.DataFrame) -> dict[str, float]:
    """The measures that the kept weeks of one run tell without its people; fewer than `measure` gives."""
    found = _yearly(weekly)
    return found | _ratios(found) | _drifts(weekly)


def of_means(means: Mapping[str, float]) -> dict[str, float]:
    """The measures that flows a year and mean stocks of one run tell, by outcome; nan where an outcome is not among them."""
    found = dict.fromkeys(COUNTED, np.nan) | dict(means)
    return found | _ratios(found)


def _yearly(weekly: pd.DataFrame) -> dict[str, float]:
    """Flows a year and mean stocks over the horizon."""
    return {
        name: float(weekly[name].mean() * (1 if outcome.kind == "stock" else WEEKS_PER_YEAR))
        for name, outcome in COUNTED.items()
    }


def _of_people(model: DrugPolicyModel) -> dict[str, float]:
    """Measures of the people present at the end; a share of a group in which there is nobody is nan."""
    p = present_in(model)
    use, one_in = p["use"], model.one_in
    user, now = opiate_or_crack(p), uses_now(use)
    lately = (p["care"] == Care.AGONIST) | (p["care"] == Care.HEROIN_ASSISTED)
    lately |= (p["weeks_since_care"] >= 0) & (p["weeks_since_care"] < WEEKS_PER_YEAR) & (p["agonist_episodes"] > 0)
    young, adult = (p["age"] >= 16) & (p["age"] < 25), (p["age"] >= 16) & (p["age"] < 60)
    illicit = [substance for substance in Substance if substance != Substance.ALCOHOL]
    return {
        "treated_opiate": float((lately & opioid_history(p)).sum() * one_in),
        "users_in_custody": float((user & ~at_liberty(p)).sum() * one_in),
        "alcohol_dependent": float((use[:, Substance.ALCOHOL] == Use.DEPENDENT).sum() * one_in),
        "users_men": mean_of(p["sex"][user]),
        "users_inject": mean_of(p["injects"][user]),
        "use_16_24": mean_of(np.any(now[young][:, illicit], axis=1)),
        "cannabis_16_59": mean_of(now[adult, Substance.CANNABIS]),
    }


def _ratios(found: Mapping[str, float]) -> dict[str, float]:
    """Ratios of yearly counts."""
    return {
        "opiate_share": found["opiate_deaths"] / found["deaths"] if found["deaths"] else np.nan,
        "receptions": found["imprisoned"] + found["released_by_court"],  # remanded or not, each counted once
        "arrest_ratio": found["arrests"] / max(found["found_with_drugs"], 1),
        "tests_positive_share": found["tests_positive"] / max(found["tests"], 1),
        "fatal_share": found["expected_deaths"] / max(found["overdoses"], 1),
    }


def _drifts(weekly: pd.DataFrame) -> dict[str, float]:
    """From the first quarter measured to the last: change of people in agonist treatment, ratio of people dependent."""
    treated, users = (_last_over_first(weekly[name]) for name in ("in_agonist_treatment", "opiate_or_crack_users"))
    return {"treated_drift": treated - 1, "users_steady": users}


def _last_over_first(weekly: pd.Series) -> float:
    series = weekly.to_numpy()
    return float(series[-QUARTER:].mean() / max(series[:QUARTER].mean(), 1))


def _by_deprivation(model: DrugPolicyModel) -> dict[str, float]:
    """Expected misuse deaths per resident, most deprived over least deprived fifth, in the last week."""
    p = present_in(model)
    quintile = model.places["quintile"][p["neighbourhood"]]
    rate = [p["expected_death"][quintile == q].mean(dtype=float) if (quintile == q).any() else np.nan for q in (0, 4)]
    return {"deprivation_ratio": float(rate[0] / rate[1]) if rate[1] else np.nan}
