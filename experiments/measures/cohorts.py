"""Cohort measures: risks of people followed week by week, as published studies follow them.

Deaths are expected deaths (everyone's weekly chance, added up) where that can be: little noise.
"""

import numpy as np

from policysim.model import DrugPolicyModel
from policysim.vocabulary.groups import AGE_BANDS, at_liberty, band_of, opioid_dependent, opioid_history
from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import JusticeMark
from policysim.vocabulary.states import Care, Life
from policysim.vocabulary.time import WEEKS_PER_YEAR

FOLLOWED_WEEKS = 4 * WEEKS_PER_YEAR
"""The English cohort (B1.09) was of everyone treated within four years, in treatment or not, dependent still or not."""
COHORT_AGES = (18, 65)
"""Ages of the English cohort of people with a history of opioid use (D2.10)."""


class Cohorts:
    """Deaths and person-weeks of groups of people, in simulated people, gathered week by week with `look`."""

    def __init__(self, people: np.ndarray) -> None:
        self.seen = people["life"] == Life.DEAD
        self.inside = people["prison_agonist"].copy()
        self.treated_inside = np.zeros(people.size, bool)
        # Deaths, weeks: after release 1-2, 3-12; treated inside or not; left care, later in it.
        self.risk = np.zeros((6, 2))
        self.treated = np.zeros((2, 2))  # in, out of treatment: deaths, weeks
        self.by_sex = np.zeros((2, 2))  # women, men: deaths, deaths times age
        self.by_band = np.zeros(len(AGE_BANDS))
        self.opioid_years = self.opioid_deaths = self.opioid_poisonings = 0.0

    def look(self, model: DrugPolicyModel) -> None:
        """Add the week that was just lived."""
        people = model.look()[: int(model.roster.entered[model.week - 1])]
        self._weigh(people)
        self._after_release(people, np.flatnonzero(opioid_dependent(people)))
        # Cohorts of opioid users are followed whether they still use or not: so are these.
        history = opioid_history(people)
        self._around_treatment(people[history & people["present"] & at_liberty(people)])
        history &= (people["age"] >= COHORT_AGES[0]) & (people["age"] < COHORT_AGES[1])
        self.opioid_years += (history & people["present"]).sum() / WEEKS_PER_YEAR
        gone = np.flatnonzero((people["life"] == Life.DEAD) & ~self.seen[: people.size])
        self.seen[gone] = True
        self.opioid_poisonings += people["expected_death"][history & people["present"]].sum(dtype=float)
        self.opioid_poisonings += people["expected_death"][gone[history[gone]]].sum(dtype=float)
        self.opioid_deaths += int(history[gone].sum())

    def _after_release(self, people: np.ndarray, user: np.ndarray) -> None:
        """Risk of people dependent on opioids by weeks since release, and by treatment in prison."""
        p = people[user]
        risk, since = p["expected_death"].astype(float), p["weeks_since_release"]
        free = p["present"] & at_liberty(p)
        released = np.flatnonzero(marked(people, JusticeMark.RELEASED))
        self.treated_inside[released] = self.inside[released]
        self.inside[: people.size] = people["prison_agonist"]
        weeks_1_to_4 = (since >= 1) & (since <= 4)
        groups = (
            (since >= 1) & (since <= 2),
            (since >= 3) & (since <= 12),
            weeks_1_to_4 & self.treated_inside[user],
            weeks_1_to_4 & ~self.treated_inside[user],
        )
        for k, group in enumerate(groups):
            self.risk[k] += risk[free & group].sum(), (free & group).sum()

    def _around_treatment(self, p: np.ndarray) -> None:
        """Risk of people at liberty with a history of heroin use: in treatment, just after it, and out of it."""
        risk, since = p["expected_death"].astype(float), p["weeks_since_care"]
        treated = p["care"] > Care.WAITING
        lately = ~treated & (since >= 0) & (since < FOLLOWED_WEEKS)
        left = ~treated & (since >= 1) & (since <= 4) & (p["agonist_episodes"] > 0)
        settled = (p["care"] == Care.AGONIST) & (p["weeks_in_care"] > 4)
        for k, group in enumerate((left, settled)):
            self.risk[4 + k] += risk[group].sum(), group.sum()
        for k, group in enumerate((treated, lately)):
            self.treated[k] += risk[group].sum(), group.sum()

    def _weigh(self, people: np.ndarray) -> None:
        """Whose deaths are expected: by sex and age."""
        at_risk = people[(people["expected_death"] > 0) & people["present"]]
        risk, age = at_risk["expected_death"].astype(float), at_risk["age"]
        for sex in (0, 1):
            chosen = at_risk["sex"] == sex
            self.by_sex[sex] += risk[chosen].sum(), (risk * age)[chosen].sum()
        self.by_band += np.bincount(band_of(age), weights=risk, minlength=self.by_band.size)

    def measures(self) -> dict[str, float]:
        """Ratios, rates and shares; one that nobody was there to measure is nan."""
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = self.risk[:, 0] / self.risk[:, 1]
            treated = self.treated[:, 0] / self.treated[:, 1]
            deaths, age = self.by_sex[:, 0], self.by_sex[:, 1] / self.by_sex[:, 0]
            return {
                "release_ratio": float(rate[0] / rate[1]),
                "leaving_ratio": float(rate[4] / rate[5]),
                "prison_ratio": float(rate[2] / rate[3]),
                "treatment_ratio": float(treated[1] / treated[0]),
                "opioid_mortality": self.opioid_deaths / max(self.opioid_years, 1),
                "poisoning_share": float(self.opioid_poisonings / max(self.opioid_deaths, 1)),
                "age_men": float(age[1]),
                "age_women": float(age[0]),
                "men_share": float(deaths[1] / deaths.sum()),
                "age_peak": float(self.by_band.argmax() * 5 + 12.5),
            }
