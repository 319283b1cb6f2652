"""A lever of one's own opens more places at the drop-in centre of the example beside this one, from the council's purse."""

from drop_in_centre import DropIn, Visitor

from policysim import Regime, Scenario, compare
from policysim.rules import Lever, setting


class MorePlaces(Lever):
    id, group, path, process = "more_places", "social", "a place shows a way into treatment", "treatment_entries"
    acts_on, payer, cost = DropIn, "council", "drop_in_place"
    more: float = setting(300, ge=0, le=1000, unit="places", description="places more in each authority", null=0)

    def pull(self, policy, level):
        policy.places += self.more * level


if __name__ == "__main__":
    more = Regime(id="more-places", name="More places", levers={"more_places": MorePlaces(ramp_weeks=0)})
    asked = Scenario(place="authority:coventry", regimes=["status-quo", more], people=10_000, years=1, replicates=3)
    asked = asked.model_copy(update={"people_classes": [Visitor]})
    found = compare(asked).summary.query("regime == 'more-places'").set_index("outcome")
    print(found.loc[["asked_for_treatment", "cost_council"], ["difference", "difference_low", "difference_high"]])
