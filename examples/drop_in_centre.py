"""A drop-in centre with so many places, where people are shown a way into treatment: an institution of one's own, paid for."""

from dataclasses import dataclass

from policysim import Scenario, compare
from policysim.rules import Cost, DependentUser, Field, Institution, Stock, happens, rule


@dataclass
class DropInPolicy:
    places: float = 200.0


class DropInHere:
    chance_of_place = Field("f8", "chance of a place at the drop-in centre this week", "probability", 0, 1)


class DropIn(Institution):
    usual, here, in_each_authority = DropInPolicy(), DropInHere, True
    costs = (Cost("drop_in_place", "council", ("places",), by_the_year=True, price=4_000),)

    def act(self, week):
        super().act(week)  # pays for last week
        dependent = self.stock(Stock.DEPENDENT) * self.model.one_in
        self.meet(chance_of_place=min(self.policy.places / max(dependent, 1), 1))


class Visitor(DependentUser):
    institutions = (DropIn,)

    @rule
    def drop_in(self, here, world, luck):
        self.referred = max(self.referred, 0.3 * happens(here.chance_of_place, luck))


if __name__ == "__main__":
    asked = Scenario(place="authority:coventry", regimes=["status-quo"], people=10_000, years=1, replicates=3)
    found = compare(asked, people_classes=[Visitor]).summary.dropna(subset="difference").set_index("outcome")
    print(found.loc[["asked_for_treatment", "cost_council"], ["difference", "difference_low", "difference_high"]])
