"""The family court: care proceedings about the children of parents who are dependent, and children who lose their parents.

Some proceedings are before a family drug and alcohol court, which has places for so many at a time. What becomes of the
children follows from whether the parent is in treatment or has stopped when proceedings end.
"""

from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.people.family import be_taken_into_care, begin_proceedings, end_proceedings, lose_parent
from policysim.engine.week import Pass
from policysim.engine.who import Who, bears, is_any, within
from policysim.vocabulary.marks import FamilyMark, LifeMark
from policysim.vocabulary.rows import NOBODY, joined
from policysim.vocabulary.states import Care, FamilyCase, Justice
from policysim.world.families import dependent_parent

PER_RESIDENTS = 100_000
"""The unit of places before the family drug court."""
DIED = Who(
    bears(LifeMark.DIED_OF_MISUSE, LifeMark.DIED_OTHER_POISONING, LifeMark.DIED_BY_SUICIDE, LifeMark.DIED_OTHERWISE),
    is_any("present", False),
)
PARTED = Who(within("family_case", low=FamilyCase.REMOVED))
"""Parents whose children were taken into care."""


@dataclass(kw_only=True)
class FamilyCourtPolicy:
    """Families before a family drug court at a time, for every 100,000 residents."""

    places: float


class FamilyCourt(Institution):
    """One family court for the place. Children's services ask it to begin proceedings; it ends them some months later.

    The team of the family drug court takes nobody on while the council's purse cannot pay: proceedings are ordinary ones.
    """

    costs = (Cost("cost_family_court_case", "council", (FamilyMark.FAMILY_COURT,), on_delivery=True),)
    decisions = (begin_proceedings, end_proceedings, be_taken_into_care, lose_parent)

    def __init__(self, model):
        policy = FamilyCourtPolicy(places=model.parameters["family_court_places"])
        super().__init__(model, "family court", policy=policy)
        self.memory = {"asked": NOBODY, "open": NOBODY, "due": NOBODY, "funded": 1.0}

    def act(self, week: int) -> None:
        super().act(week)
        self.memory["funded"] = self.charge("cost_family_court_case")

    def ask(self, rows: np.ndarray) -> None:
        """A children's service asks for proceedings about the children of these parents."""
        if rows.size:
            self.memory["asked"] = joined(self.memory["asked"], rows)

    def look_back(self, week: int, found: Pass) -> np.ndarray:
        """End proceedings that are due, begin those asked for, and decide on children without parents."""
        touched = [*self.close(week), self.begin(week), *self.orphans(week, found), self.turned_ten(week)]
        return joined(*touched)

    # --- proceedings --------------------------------------------------------------------------------------------------
    def begin(self, week: int) -> np.ndarray:
        """Proceedings about those asked for, unless treatment or early help has made the children safe by now."""
        rows, self.memory["asked"] = self.memory["asked"], NOBODY
        if not rows.size:
            return NOBODY
        people, p, luck = self.model.records, self.model.parameters, self.model.luck_of
        case = people["family_case"][rows]
        still = people["present"][rows] & people["has_children"][rows] & dependent_parent(people["use"][rows])
        still &= case <= int(FamilyCase.EARLY_HELP)
        chance = np.where(people["care"][rows] > int(Care.WAITING), p["proceedings_in_treatment"], 1.0)
        fidelity = self.model.places["family_fidelity"][people["neighbourhood"][rows]]
        helped = np.clip(1 - p["early_help_effect"] * fidelity, 0, 1)
        chance *= np.where(case == int(FamilyCase.EARLY_HELP), helped, 1.0)
        rows = rows[still & (luck("children made safe", rows, week) < chance)]
        drug_court = self.before_drug_court(rows, week)
        weeks = p["proceedings_weeks"] * (1 / 2 + luck("length of proceedings", rows, week))
        self.memory["open"] = np.concatenate([self.memory["open"], rows])
        self.memory["due"] = np.concatenate([self.memory["due"], week + 1 + weeks.astype(np.int64)])
        self.model.decide("begin_proceedings", rows, drug_court.astype(np.int64))
        return rows

    def before_drug_court(self, rows: np.ndarray, week: int) -> np.ndarray:
        """Of these parents (a mask) those who accept the family drug court, by luck as many as it has places for."""
        people, open_now = self.model.records, self.memory["open"]
        taken = int((people["family_case"][open_now] == int(FamilyCase.DRUG_COURT)).sum())
        places = self.policy.places * self.model.place.population / PER_RESIDENTS / self.model.one_in
        places *= self.memory["funded"]
        free = max(self.whole("places of the family drug court", places) - taken, 0)
        accepts = self.model.luck_of("accepts the family drug court", rows, week)
        given = np.zeros(rows.size, bool)
        given[np.argsort(accepts, kind="stable")[:free]] = True
        return given & (accepts < self.model.parameters["family_court_accepted"])

    def close(self, week: int) -> list[np.ndarray]:
        """End what is due: children go into care the less often where the parent is in treatment or has stopped."""
        memory, people, p = self.memory, self.model.records, self.model.parameters
        due = memory["due"] <= week
        rows = memory["open"][due]
        memory["open"], memory["due"] = memory["open"][~due], memory["due"][~due]
        rows = np.sort(rows[people["present"][rows]])
        if not rows.size:
            return []
        well = (people["care"][rows] > int(Care.WAITING)) | ~dependent_parent(people["use"][rows])
        well &= people["justice"][rows] != int(Justice.CUSTODY)
        court = people["family_case"][rows] == int(FamilyCase.DRUG_COURT)
        chance = p["removal_share"] * np.where(well, p["removal_ratio_treated"], 1.0)
        chance *= np.where(court, p["removal_ratio_family_court"], 1.0)
        removed = self.model.luck_of("outcome of proceedings", rows, week) < chance
        self.model.decide("end_proceedings", rows, removed.astype(np.int64))
        _, children = self.model.children_of(rows[removed])
        return [rows, self.take(joined(children), "care_with_removal", week)]

    # --- children -----------------------------------------------------------------------------------------------------
    def take(self, children: np.ndarray, share: str, week: int) -> np.ndarray:
        """Take such a share of these children into care who are under eighteen; returns their rows."""
        people, p = self.model.records, self.model.parameters
        self.model.state.rest.make_up(children)  # so that everyone is as old as they are
        who = people["present"][children] & (people["age"][children] < p["age_of_adult_court"])
        who &= ~people["care_experienced"][children]
        taken = children[who & (self.model.luck_of(share, children, week) < p[share])]
        self.model.decide("be_taken_into_care", taken, np.zeros(taken.size, np.int64))
        return taken

    def orphans(self, week: int, found: Pass) -> list[np.ndarray]:
        """Children of whoever died this week grieve; of those left without a parent some are taken into care."""
        people = self.model.records
        died = DIED.of(people, found.marked)
        if not died.size:
            return []
        _, children = self.model.children_of(died)
        children = joined(children[people["present"][children]])
        if not children.size:
            return []
        self.model.decide("lose_parent", children, np.zeros(children.size, np.int64))
        child, parent = self.model.parents_of(children)
        left = child[people["present"][parent]]
        return [children, self.take(children[~np.isin(children, left)], "orphans_into_care", week)]

    def turned_ten(self, week: int) -> np.ndarray:
        """Of those who turned ten this week and whose parents' children had been taken some come from care."""
        rows = self.model.turned_ten(week)
        if not rows.size:
            return NOBODY
        child, parent = self.model.parents_of(rows)
        parted = child[PARTED.among(self.model.records, parent)]
        if not parted.size:
            return NOBODY
        return self.take(joined(parted), "care_with_removal", week)
