"""The purses: who pays. A commissioner does not buy treatment, the council does; each purse can be empty.

What is paid on delivery (`pay`) stops when nothing is left. What follows from people's lives (arrests, cells, ambulances)
is owed and paid all the same (`owe`), beyond the budget if need be: no service turns it away.
"""

import numpy as np

from policysim.agents.institutions.institution import Institution
from policysim.vocabulary.purses import DRY
from policysim.vocabulary.time import WEEKS_PER_YEAR

Budget = float | tuple[float, ...] | None
"""GBP a year for the whole place; one for each year of the run, of which the last stays; or none."""


class Purse(Institution):
    """One payer's money for a year (GBP for the whole place); without a budget it pays whatever is asked."""

    def __init__(self, model, name: str, budget: Budget = None):
        super().__init__(model, name)
        self.budget = budget
        self.memory = {"left": self.of_year(0), "spent_this_week": 0.0, "dry": False}
        residents = np.array([authority.population for authority in model.place.authorities], float)
        self.shares = residents / residents.sum()

    def of_year(self, week: int) -> float | None:
        """The budget of the year in which a week lies; a list of years begins where the regimes part."""
        if not isinstance(self.budget, tuple):
            return self.budget
        year = (week - self.model.burn_in_weeks) // WEEKS_PER_YEAR
        return self.budget[min(year, len(self.budget) - 1)] if year >= 0 else None

    def take_over(self, other: "Purse") -> None:
        """Of another budget than the other purse's it has the part that is of the rest of the year."""
        super().take_over(other)
        if self.budget != other.budget:
            budget, lived = self.of_year(self.model.week), self.model.week % WEEKS_PER_YEAR
            self.memory["left"] = budget and budget * (WEEKS_PER_YEAR - lived) / WEEKS_PER_YEAR

    def act(self, week: int) -> None:
        self.memory["spent_this_week"], self.memory["dry"] = 0.0, False
        if self.budget is not None and week % WEEKS_PER_YEAR == 0:
            self.memory["left"] = self.of_year(week)

    def receive(self, amount: float) -> None:
        """Take in money from elsewhere (GBP at the scale of the place): so much less of what it pays is its own.

        Less than 0 where it takes in less than it does today.
        """
        self.memory["spent_this_week"] -= amount
        left = self.memory["left"]
        if left is not None:
            self.memory["left"] = max(left + amount, min(left, 0.0))  # what was paid beyond the budget stays a debt

    def pay(self, amount: float) -> float:
        """Pay what is left towards an amount in GBP at the scale of the place; returns the share that was paid."""
        left = self.memory["left"]
        if left is None:
            if amount > 0:
                self.memory["spent_this_week"] += amount
            return 1.0
        if amount <= 0:  # nothing was delivered last week; this week's delivery needs money all the same
            share = 1.0 if left > 0 else 0.0
        else:
            paid = min(amount, max(left, 0.0))
            self.memory["left"] = left - paid
            self.memory["spent_this_week"] += paid
            share = paid / amount
        asked = amount > 0 or (self.of_year(self.model.week) or 0) > 0
        self.memory["dry"] = self.memory["dry"] or (share < 1 and asked)
        return share

    def owe(self, amount: float) -> None:
        """Pay an amount in GBP at the scale of the place whether or not so much is left."""
        if amount <= 0:
            return
        self.memory["spent_this_week"] += amount
        if self.memory["left"] is not None:
            self.memory["left"] -= amount

    def tell(self, figures: np.ndarray) -> None:
        """Whether it could not pay for all that was asked this week: a week of the whole place, by residents."""
        if self.memory["dry"]:
            figures[:, DRY[self.name]] = self.shares / self.model.one_in
