"""Prison and probation: places, treatment inside, the hand-over at the gate."""

from dataclasses import dataclass

from policysim.agents.institutions.institution import Cost, Decided, Institution
from policysim.vocabulary.marks import JusticeMark
from policysim.vocabulary.states import Justice
from policysim.vocabulary.stocks import Stock


@dataclass(kw_only=True)
class PrisonPolicy:
    """What is offered inside and at release; shares in 0 .. 1."""

    prison_agonist_share: float
    through_the_gate: float
    naloxone_on_release: float
    requirement_share: float
    requirement_linked: float


class PrisonWorld:
    """What people meet of prison and probation."""

    prison_agonist_share = Decided("f8", "share of opioid-dependent prisoners who get agonist treatment", "share", 0, 1)
    through_the_gate = Decided("f8", "strength of the hand-over to community treatment at release", "share", 0, 1)
    naloxone_on_release = Decided("f8", "share of people using opioids who leave prison with a kit", "share", 0, 1)
    requirement_share = Decided(
        "f8", "share of community orders of dependent people with a treatment requirement", "share", 0, 1
    )
    requirement_linked = Decided("f8", "share of those requirements that link to treatment", "share", 0, 1)


class Prison(Institution):
    """The places that the people of this place can fill; a full prison turns sentences into orders."""

    world = PrisonWorld
    costs = (
        Cost("cost_prison_year", "justice", ("places_taken",), by_the_year=True),
        Cost("cost_order", "justice", (JusticeMark.COMMUNITY_ORDER,)),
    )

    def __init__(self, model):
        p = model.parameters
        policy = PrisonPolicy(
            prison_agonist_share=p["prison_agonist_share"],
            through_the_gate=p["through_the_gate"],
            naloxone_on_release=p["naloxone_on_release"],
            requirement_share=p["requirement_share"],
            requirement_linked=p["requirement_linked"],
        )
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

    def places_taken(self) -> float:
        """Of the places, those taken when it last acted."""
        return self.memory["inside"] * self.model.one_in

    def act(self, week: int) -> None:
        self.memory["inside"] = self.inside()
        super().act(week)
