"""The public-health team of one authority: work against stigma, and services that work in a trauma-informed way.

What is done of either today is in the rates at which people ask for treatment and stay.
"""

from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.engine.fields import Field
from policysim.vocabulary.stocks import Figure, Stock

IN_TREATMENT = (
    Stock.AGONIST, Stock.HEROIN_ASSISTED, Stock.PSYCHOSOCIAL, Stock.DETOXIFICATION, Stock.RESIDENTIAL_COMMUNITY,
    Stock.DAY_COMMUNITY, Stock.UNDER_18,
)  # fmt: skip
"""Clients of services outside prison."""


@dataclass(kw_only=True)
class PublicHealthPolicy:
    """Beyond what is done today: share of residents whom work against stigma reaches, of services that are trauma-informed."""

    stigma_work: float = 0.0
    trauma_informed: float = 0.0


class PublicHealthHere:
    """What people who could ask for treatment meet of how others and services think of them."""

    stigma_taken = Field("f8", "share of stigma that is taken away", "share", 0, 1)
    trauma_informed = Field("f8", "share of services that work in a trauma-informed way", "share", 0, 1)


class PublicHealthTeam(Institution):
    """Reaches residents and services as far as the council pays."""

    here = PublicHealthHere
    costs = (
        Cost("cost_stigma_work_year", "council", ("residents_reached",), by_the_year=True, on_delivery=True),
        Cost("cost_trauma_informed_year", "council", ("clients_reached",), by_the_year=True, on_delivery=True),
    )

    def __init__(self, model, area: int):
        name = f"public-health team of {model.place.authorities[area].name}"
        super().__init__(model, name, area, PublicHealthPolicy())
        self.memory = {"residents": 0.0, "clients": 0.0}

    def act(self, week: int) -> None:
        super().act(week)
        stigma, trauma = 0.0, 0.0
        if self.policy != self.usual:
            stigma, trauma = self.charge("cost_stigma_work_year"), self.charge("cost_trauma_informed_year")
        self.meet(
            stigma_taken=self.policy.stigma_work * stigma * self.model.parameters["stigma_work_effect"],
            trauma_informed=self.policy.trauma_informed * trauma,
        )
        self.memory["residents"] = self.residents_reached() * stigma
        self.memory["clients"] = self.clients_reached() * trauma

    def residents_reached(self) -> float:
        """Residents whom work against stigma reaches, at the scale of the place."""
        return self.policy.stigma_work * self.model.place.authorities[self.area].population

    def clients_reached(self) -> float:
        """People in treatment in services that work in a trauma-informed way, at the scale of the place."""
        if self.policy.trauma_informed == 0:
            return 0.0
        return self.policy.trauma_informed * sum(self.stock(kind) for kind in IN_TREATMENT) * self.model.one_in

    def tell(self, figures: np.ndarray) -> None:
        figures[self.area, Figure.REACHED_ON_STIGMA] = self.memory["residents"] / self.model.one_in
        figures[self.area, Figure.TRAUMA_INFORMED] = self.memory["clients"] / self.model.one_in
