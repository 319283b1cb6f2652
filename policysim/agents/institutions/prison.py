"""Prison and probation: places, treatment inside, the hand-over at the gate."""

from dataclasses import dataclass

from policysim.agents.institutions.institution import Institution
from policysim.vocabulary.marks import JusticeMark
from policysim.vocabulary.states import Justice
from policysim.vocabulary.stocks import Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR


@dataclass
class PrisonPolicy:
    """What is offered inside and at release; shares in 0 .. 1."""

    agonist_share: float
    through_the_gate: float
    naloxone_on_release: float
    requirement_share: float
    requirement_linked: float


class Prison(Institution):
    """The places that the people of this place can fill; a full prison turns sentences into orders."""

    def __init__(self, model):
        p = model.parameters
        policy = PrisonPolicy(
            p["prison_agonist_share"], p["through_the_gate"], p["naloxone_on_release"], p["requirement_share"],
            p["requirement_linked"],
        )  # fmt: skip
        super().__init__(model, "prison and probation", policy=policy)
        inside = int((model.people["justice"] == Justice.CUSTODY).sum())
        self.places = inside * p["prison_places_ratio"]
        self.memory = {"inside": inside}

    def take_over(self, other) -> None:
        super().take_over(other)
        self.places = other.places

    def inside(self) -> int:
        """People in custody now: those counted last week and those whom the court sent since."""
        if self.model.outcomes.week < 0:
            return self.memory["inside"]
        return self.stock(Stock.IN_CUSTODY) + self.last_week(JusticeMark.IMPRISONED)

    def room(self) -> int:
        """Free places now."""
        return max(int(self.places) - self.memory["inside"], 0)

    def act(self, week: int) -> None:
        self.memory["inside"] = self.inside()
        world = self.model.world
        for name in ("prison_agonist_share", "through_the_gate", "naloxone_on_release"):
            world[name] = getattr(self.policy, name.removeprefix("prison_"))
        world["requirement_share"] = self.policy.requirement_share
        world["requirement_linked"] = self.policy.requirement_linked
        cost = self.memory["inside"] * self.model.one_in * self.model.parameters["cost_prison_year"] / WEEKS_PER_YEAR
        cost += self.last_week(JusticeMark.COMMUNITY_ORDER) * self.model.one_in * self.model.parameters["cost_order"]
        self.model.purses["justice"].pay(cost)
