"""The purses: who pays. A commissioner does not buy treatment, the council does; each purse can be empty."""

from policysim.agents.institutions.institution import Institution
from policysim.vocabulary.time import WEEKS_PER_YEAR


class Purse(Institution):
    """One payer's money for a year (GBP for the whole place); without a budget it pays whatever is asked."""

    def __init__(self, model, name: str, budget: float | None = None):
        super().__init__(model, name)
        self.budget = budget
        self.memory = {"left": budget, "spent_this_week": 0.0}

    def take_over(self, other: "Purse") -> None:
        """Of another budget than the other purse's it has the part that is of the rest of the year."""
        super().take_over(other)
        if self.budget != other.budget:
            lived = self.model.week % WEEKS_PER_YEAR
            self.memory["left"] = self.budget and self.budget * (WEEKS_PER_YEAR - lived) / WEEKS_PER_YEAR

    def act(self, week: int) -> None:
        self.memory["spent_this_week"] = 0.0
        if self.budget is not None and week % WEEKS_PER_YEAR == 0:
            self.memory["left"] = self.budget

    def receive(self, amount: float) -> None:
        """Take in money from elsewhere (GBP at the scale of the place): so much less of what it pays is its own.

        Less than 0 where it takes in less than it does today.
        """
        self.memory["spent_this_week"] -= amount
        if self.budget is not None:
            self.memory["left"] = max(self.memory["left"] + amount, 0.0)

    def pay(self, amount: float) -> float:
        """Pay what is left towards an amount in GBP at the scale of the place; returns the share that was paid."""
        if amount <= 0:  # nothing was delivered last week; this week's delivery needs money all the same
            return 1.0 if self.budget is None or self.memory["left"] > 0 else 0.0
        paid = amount if self.budget is None else min(amount, self.memory["left"])
        if self.budget is not None:
            self.memory["left"] -= paid
        self.memory["spent_this_week"] += paid
        return paid / amount
