"""The drug market: how strong what is sold is, and the adulterated batches that pass through a place."""

import numpy as np

from policysim.agents.institutions.institution import Institution
from policysim.engine.fields import Field


class MarketHere:
    """What people meet of the market."""

    potency = Field("f8", "strength of street opioids relative to usual", "ratio", 0, start=1)


class DrugMarket(Institution):
    """Strength of street opioids by authority; a strong batch arrives now and then and is sold out in weeks."""

    here = MarketHere

    def __init__(self, model):
        super().__init__(model, "market")
        self.memory = {"batch_weeks_left": np.zeros(len(model.place.authorities), np.int64)}

    def act(self, week: int) -> None:
        p, left = self.model.parameters, self.memory["batch_weeks_left"]
        arrives = self.model.luck_of("batch", np.arange(left.size), week) < p["batch_rate"]
        if not (left.any() or arrives.any()):  # as in most weeks
            return
        left[left > 0] -= 1
        left[arrives] = int(p["batch_weeks"])
        strong = left[self.model.places["area"]] > 0
        self.model.places["potency"] = np.where(strong, p["batch_potency"], 1.0)
