"""Drug checking: people bring a sample, hear what it is, and what is found is known to others."""

from dataclasses import dataclass

from policysim.agents.institutions.institution import Cost, Institution
from policysim.engine.fields import Field
from policysim.vocabulary.stocks import Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.status_quo import Local

PER_RESIDENTS = 100_000
"""For how many residents of any age sessions are counted."""


@dataclass(kw_only=True)
class DrugCheckingPolicy:
    """Sessions a year for every 100,000 residents: in night-time areas, and at festivals."""

    night_sessions: float
    festival_sessions: float = 0.0


class DrugCheckingHere:
    """What people meet of drug checking."""

    checking_rate = Field("f8", "drugs checked for someone who uses party drugs", "hazard per week", 0)


class DrugCheckingService(Institution):
    """One service for each authority; a session can take so many samples."""

    here = DrugCheckingHere
    costs = (
        Cost("cost_checking_session", "council", ("night_sessions",), by_the_year=True, on_delivery=True),
        Cost("cost_checking_festival", "council", ("festival_sessions",), by_the_year=True, on_delivery=True),
    )

    def __init__(self, model, area: int):
        p = Local(model.parameters, model.place.authorities[area])
        policy = DrugCheckingPolicy(night_sessions=p["checking_sessions"])
        super().__init__(model, f"drug checking in {model.place.authorities[area].name}", area, policy)

    def act(self, week: int) -> None:
        super().act(week)
        p = self.model.parameters
        samples = self.night_sessions() * p["samples_per_session"]
        samples += self.festival_sessions() * p["samples_per_festival"]
        users = self.stock(Stock.USING_CLASS_A) * self.model.one_in
        rate = min(samples / WEEKS_PER_YEAR / users, 1.0) if users > 0 and samples > 0 else 0.0
        paid = self.charge("cost_checking_session", "cost_checking_festival") if samples > 0 else 0.0
        self.meet(checking_rate=rate * paid)

    def night_sessions(self) -> float:
        """Sessions a year in night-time areas."""
        return self.policy.night_sessions * self.residents / PER_RESIDENTS

    def festival_sessions(self) -> float:
        """Sessions a year at festivals."""
        return self.policy.festival_sessions * self.residents / PER_RESIDENTS

    @property
    def residents(self) -> int:
        """People of any age who live in the authority."""
        return self.model.place.authorities[self.area].population
