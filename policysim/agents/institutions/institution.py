"""An institution: an ordinary Mesa agent with a policy that levers set and a memory of what it did."""

from copy import deepcopy
from dataclasses import replace

import mesa
import numpy as np

from policysim.vocabulary.marks import Mark


class Institution(mesa.Agent):
    """Reads last week's counts, acts on what people will meet, and remembers.

    `usual` is its policy when no lever is pulled; `policy` is this week's, set by levers; `memory` holds all else that
    changes, in plain values, so that a burnt-in place can be kept and started from again.
    """

    def __init__(self, model, name: str, area: int = -1, policy=None):
        """`area` is the index of the authority served, -1 for the whole place."""
        super().__init__(model)
        self.unique_id = -len(model.institutions) - 1  # people own the numbers from 0 upwards
        self.name, self.area = name, area
        self.usual = self.policy = policy
        self.memory: dict = {}

    def return_to_usual(self) -> None:
        """Forget every lever."""
        self.policy = replace(self.usual)

    @property
    def neighbourhoods(self) -> slice | np.ndarray:
        """Which rows of `places` it serves."""
        return self.model.areas_of[self.area] if self.area >= 0 else slice(None)

    def last_week(self, mark: Mark) -> int:
        """How many people in the area carried this mark last week."""
        return self.model.outcomes.last_flow(mark, self.area)

    def stock(self, stock: int) -> int:
        """How many people in the area were in this state when last counted."""
        return self.model.outcomes.last_stock(stock, self.area)

    def census(self, people: np.ndarray) -> None:
        """Look at the people of the area, once a year (everyone, for an institution of the whole place)."""

    def take_over(self, other: "Institution") -> None:
        """Become what the same institution had become in a model that this one starts from."""
        self.memory = deepcopy(other.memory)

    def act(self, week: int) -> None:
        """Set what people will meet this week."""
