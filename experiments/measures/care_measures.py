"""Measures of treatment, kits and custody: how long people stay, who is there, and deaths in and out of reach of services.

Chances are added up where that can be: little noise.
"""

import numpy as np

from policysim.model import DrugPolicyModel
from policysim.vocabulary.groups import at_liberty
from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import CareMark
from policysim.vocabulary.states import Care, Substance, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR

FOLLOWED_YEARS = 3
"""Retention is published for one year and for three."""
SOON_WEEKS = 3
"""Whoever starts within so many weeks of being referred counts as soon (A5.35)."""
LAST_TREATED_WEEKS = 5 * WEEKS_PER_YEAR
"""The published share of deaths (D3.04) is of people not treated now, nor in the five years before."""
OLDER = 40
"""The age from which people in opiate treatment are counted as older (F4.03)."""
LEFT = (CareMark.DROPPED_OUT, CareMark.COMPLETED_TREATMENT, CareMark.LEFT_TREATMENT_FOR_PRISON)


class CareMeasures:
    """People followed week by week: stays in agonist treatment, and expected deaths in custody and out of treatment."""

    def __init__(self, people: np.ndarray) -> None:
        self.weeks = 0
        self.staying = np.zeros((FOLLOWED_YEARS * WEEKS_PER_YEAR, 2))  # by week of a stay: there, left
        self.custody = self.never_lately = self.all = 0.0
        self.starts = self.soon = 0
        self._remember(people)

    def _remember(self, people: np.ndarray) -> None:
        self.present = people["present"].copy()
        self.inside = self.present & ~at_liberty(people)
        self.stay = np.where(people["care"] == Care.AGONIST, people["weeks_in_care"], -1)
        self.waited = np.where(people["care"] == Care.WAITING, people["weeks_waiting"], -1)

    def look(self, model: DrugPolicyModel) -> None:
        """Add the week that was just lived."""
        people = model.look()
        risk = people["expected_death"].astype(float)
        risk[~self.present] = 0  # of those who began the week, and died in it or not
        self.weeks += 1
        # Who came in or went out this week may have been at risk on the other side of the gate.
        self.custody += risk[self.inside & ~at_liberty(people)].sum() * model.one_in
        treated = people["care"] > Care.WAITING
        lately = (people["weeks_since_care"] >= 0) & (people["weeks_since_care"] < LAST_TREATED_WEEKS)
        self.never_lately += risk[~treated & ~lately].sum()
        self.all += risk.sum()
        started = marked(people, CareMark.ENTERED_TREATMENT)
        self.starts += int(started.sum())
        self.soon += int((started & (self.waited < SOON_WEEKS)).sum())
        followed = (self.stay >= 0) & (self.stay < len(self.staying)) & people["present"]
        left = followed & marked(people, *LEFT)
        for k, group in enumerate((followed, left)):
            self.staying[:, k] += np.bincount(self.stay[group], minlength=len(self.staying))
        self._remember(people)

    def measures(self) -> dict[str, float]:
        """Deaths a year, shares; one that nobody was there to measure is nan."""
        return {
            "deaths_inside": self.custody / max(self.weeks, 1) * WEEKS_PER_YEAR,
            "untreated_share": self.never_lately / self.all if self.all else np.nan,
            "started_soon": self.soon / self.starts if self.starts else np.nan,
            "retained_1_year": self.retained(1),
            "retained_3_years": self.retained(FOLLOWED_YEARS),
        }

    def retained(self, years: int) -> float:
        """Share of stays that reach so many years, death apart: the product of the weekly shares that stay."""
        there, left = self.staying[: years * WEEKS_PER_YEAR].T
        return float(np.prod(1 - left / there)) if (there > 0).all() else np.nan


def in_treatment(people: np.ndarray) -> dict[str, float]:
    """Who is in treatment at the end of a run, by the drug they are dependent on, and how many carry a kit."""
    treated = people[people["present"] & (people["care"] > Care.WAITING)]
    opiate = treated["use"][:, Substance.HEROIN] == Use.DEPENDENT
    found = {
        "kits_carried": mean_of(treated["naloxone"][treated["injects"]]),
        "opiate_treated_40": mean_of(treated["age"][opiate] >= OLDER),
        "opiate_treated_white": mean_of(treated["ethnicity"][opiate] == 0),
    }
    for substance in (Substance.PARTY, Substance.CANNABIS):
        alone = (treated["use"][:, substance] == Use.DEPENDENT) & ~opiate
        found[f"{substance.name.lower()}_treated_age"] = (
            float(np.median(treated["age"][alone])) if alone.any() else np.nan
        )
    return found


def deaths_by_drug(found: dict[str, float]) -> dict[str, float]:
    """Shares of misuse deaths that name a drug, from the yearly counts."""
    names = {"heroin_share": "heroin_deaths", "other_opioid_share": "other_opioid_deaths",
             "benzodiazepine_share": "benzodiazepine_deaths"}  # fmt: skip
    return {share: found[deaths] / found["deaths"] if found["deaths"] else np.nan for share, deaths in names.items()}


def mean_of(values: np.ndarray) -> float:
    """Their mean; nan where there is nobody to ask."""
    return float(values.mean()) if values.size else np.nan
