"""Housing First."""

from typing import ClassVar

from policysim.agents.institutions.housing import HousingPolicy, HousingService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting


class HousingFirst(Lever):
    """An ordinary tenancy with support for people who are homeless and dependent, asked of nothing else."""

    id: ClassVar[str] = "housing_first"
    group: ClassVar[str] = "social"
    title: ClassVar[str] = "Housing First"
    path: ClassVar[str] = (
        "the council has so many places; for nine in ten who take one a stable home is found, for as long as the tenancy lasts, "
        "and with it less risk; some of those homes would have gone to others who looked for one"
    )
    reach: ClassVar[str] = (
        "adults dependent on any substance, men and women alike: the homeless first, then those whose housing is insecure, the "
        "longest known to the service first; nobody in prison"
    )
    outcome: ClassVar[str] = "homeless_dependent"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = HousingService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_housing_first_year"
    evidence: ClassVar[tuple[str, ...]] = (
        "L4.01", "L4.02", "L4.03", "L4.04", "L4.05", "L4.06", "L4.07", "L4.08", "L4.09", "L4.10", "L4.13", "L4.14", "L4.15",
        "L4.32",
    )  # fmt: skip
    sources: ClassVar[tuple[str, ...]] = ("appg2021", "ph2024")
    process: ClassVar[str] = "in_housing_first"
    caution: ClassVar[str] = (
        "It houses people. No trial found that it changes the use of drugs. In the French one more of those housed died, in all "
        "just within what chance does, but eight by overdose and none of the others. Neither is given an effect of its own here: "
        "use and deaths move by no more than a home's lower risk. Support is paid for whoever has a place or could take one; "
        "rent is in no purse. Places of today are in the rates at which homes are lost and found."
    )

    places: float = setting(
        15, ge=0, le=2000, null=0, unit="places per 100,000 residents", description="places beyond those of today"
    )

    def pull(self, policy: HousingPolicy, level: float) -> None:
        policy.housing_first += self.places * level
