"""Measures of courts, prison and probation: shares of people followed from the gate or the court, and stocks inside."""

import numpy as np

from policysim.model import DrugPolicyModel
from policysim.vocabulary.groups import at_liberty
from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import JusticeMark, PoliceMark
from policysim.vocabulary.states import Care, Charge, YouthCase
from policysim.vocabulary.time import WEEKS_PER_YEAR

GATE_WEEKS = 3
"""Within so many weeks of release the published share is in community treatment (A10.12)."""
CHILD_AGE = 18
YOUNG_MEN = (15, 35)
"""Ages of the men to whom two thirds of searches fall (F8.04, F8.05)."""


class Followed:
    """People who did something, and how many of them were in treatment at some time within some weeks of it."""

    def __init__(self, weeks: int) -> None:
        self.weeks = weeks
        self.since: list[tuple[int, int]] = []  # row and the week in which it began; each is followed by itself
        self.ended = self.linked = 0

    def look(self, week: int, begun: np.ndarray, treated: np.ndarray) -> None:
        """Add the rows that begin this week; `treated` says of everyone whether they are in treatment now."""
        self.since += [(row, week) for row in begun.tolist()]
        over = [treated[row] or week - first >= self.weeks for row, first in self.since]
        self.ended += sum(over)
        self.linked += sum(bool(treated[row]) for row, _ in self.since)
        self.since = [each for each, done in zip(self.since, over, strict=True) if not done]

    @property
    def share(self) -> float:
        """Those in treatment within the weeks, of all who could be followed for them."""
        return self.linked / self.ended if self.ended else np.nan


class JusticeCohorts:
    """Followed week by week with `look`, in simulated people."""

    def __init__(self) -> None:
        self.released, self.required = Followed(GATE_WEEKS), Followed(WEEKS_PER_YEAR)
        self.inside = self.remanded = self.children = self.charged = self.charges = self.full = 0.0
        self.searched = np.zeros(4)  # all, young men, white, Black
        self.residents = np.zeros(4)
        self.weeks = 0

    def look(self, model: DrugPolicyModel) -> None:
        """Add the week that was just lived."""
        people = model.look()[: int(model.roster.entered[model.week - 1])]
        treated = people["present"] & (people["care"] > Care.WAITING)
        self.released.look(model.week, np.flatnonzero(marked(people, JusticeMark.RELEASED_TREATED)), treated)
        self.required.look(model.week, np.flatnonzero(marked(people, JusticeMark.REQUIREMENT)), treated)
        inside = people["present"] & ~at_liberty(people)
        self.inside += inside.sum()
        self.remanded += (inside & people["remanded"]).sum()
        self.children += (inside & (people["age"] < CHILD_AGE)).sum() * model.one_in
        self.charged += (people["present"] & (people["charge"] != Charge.NONE)).sum()
        self.charges += marked(people, PoliceMark.CHARGED).sum()
        of_prison = inside & (people["youth"] != YouthCase.CUSTODY)  # children have places of their own
        self.full += of_prison.sum() / max(model.prison.places, 1)
        searched = marked(people, PoliceMark.SEARCHED)
        young_man = (people["age"] >= YOUNG_MEN[0]) & (people["age"] < YOUNG_MEN[1]) & (people["sex"] == 1)
        white, black = people["ethnicity"] == 0, people["ethnicity"] == 2
        for k, group in enumerate((people["present"], young_man, white, black)):
            self.searched[k] += (searched & group).sum()
            self.residents[k] += (people["present"] & group).sum()
        self.weeks += 1

    def measures(self) -> dict[str, float]:
        """What was found, under the names that targets use."""
        rate = self.searched / np.maximum(self.residents, 1)
        return {
            "in_care_after_release": self.released.share,
            "requirement_linked_share": self.required.share,
            "remanded_of_custody": self.remanded / max(self.inside, 1),
            "children_in_custody": self.children / max(self.weeks, 1),
            "weeks_to_hearing": self.charged / max(self.charges, 1),
            "prison_taken": self.full / max(self.weeks, 1),
            "searches_of_young_men": float(self.searched[1] / max(self.searched[0], 1)),
            "searches_black_over_white": float(rate[3] / rate[2]) if rate[2] else np.nan,
        }
