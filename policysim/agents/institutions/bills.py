"""Bills: what institutions pay for that people are counted by, priced for all of them at once when a week has been counted.

Hundreds of rows of costs stand side by side, and most come to nothing in most weeks: each institution is given those that
come to something. What it reckons itself (places, workers) it prices when it pays.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.evidence.registry import Parameters
from policysim.vocabulary.time import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from policysim.counts.series import Outcomes


class Bills:
    """The bills of these institutions under these numbers; one person stands for so many residents."""

    def __init__(
        self, institutions: Sequence[Institution], outcomes: "Outcomes", parameters: Parameters, one_in: float
    ):
        self.outcomes, self.parameters, self.one_in = outcomes, parameters, one_in
        rows: list[tuple[Institution, Cost]] = [
            (each, cost) for each in institutions for cost in each.costs if cost.unit in each.on_the_bill
        ]
        self.rows = [(each, cost.unit) for each, cost in rows]
        areas, columns = outcomes.last_counts.shape
        most = max((len(cost.of) for _, cost in rows), default=0)
        self.counted = []
        """For the first thing that rows count, the second and so on: which rows, and where its count stands."""
        for n in range(most):
            which = [k for k, (_, cost) in enumerate(rows) if len(cost.of) > n]
            of = [(rows[k][0].area % areas, outcomes.column(rows[k][1].of[n])) for k in which]
            self.counted.append((np.array(which), np.array([area * columns + column for area, column in of])))
        self.prices = np.array([cost.priced(parameters) for _, cost in rows], float)
        self.parts = np.array([WEEKS_PER_YEAR if cost.by_the_year else 1 for _, cost in rows], float)
        self.presented: list[Institution] = list(institutions)
        self.present()

    def present(self) -> None:
        """Give each institution its bill for the week last counted."""
        for institution in self.presented:
            institution.bill = {}
        counts, quantity = self.outcomes.last_counts.ravel(), np.zeros(len(self.rows))
        for which, places in self.counted:
            quantity[which] += counts[places] * self.one_in
        amounts = quantity * self.prices / self.parts
        self.presented = []
        for k in amounts.nonzero()[0].tolist():
            institution, unit = self.rows[k]
            if not institution.bill:
                self.presented.append(institution)
            institution.bill[unit] = float(amounts[k])
