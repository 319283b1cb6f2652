"""Supply disruption."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.organised_crime import OrganisedCrimePolicy, OrganisedCrimeTeam
from policysim.levers.lever import Lever, setting


class SupplyDisruption(Lever):
    """Seizures, and arrests of those who supply."""

    id: ClassVar[str] = "supply_disruption"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Supply disruption"
    path: ClassVar[str] = (
        "more seizures and closed lines leave less to sell for some weeks; price rises slowly, people buy a little less and "
        "need more money; lines open again, and people who use and sell are arrested"
    )
    reach: ClassVar[str] = "whoever buys heroin or crack, of any age and either sex, by what is sold and at what price"
    outcome: ClassVar[str] = "street_price"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = OrganisedCrimeTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_seizure"
    evidence: ClassVar[tuple[str, ...]] = ("B11.01", "B11.02", "B11.03", "K2.07", "K2.08", "K2.09", "K2.11", "K2.16")
    process: ClassVar[str] = "seizures"
    caution: ClassVar[str] = (
        "What is closed opens again, and no fall in deaths is claimed: the small one here comes of dearer heroin bought "
        "less. That overdoses rose near seizures in one American city is contested (seizures_and_overdoses) and left out "
        "unless that reading is taken; docs/effects.md has the lever under both. "
        "Dearer heroin is paid for by more theft, and those arrested who sell to pay for their own go to court and prison. "
        "Fewer operations than today's do not make these arrests fewer."
    )

    change: float = setting(
        1.0, ge=-1, le=3, unit="ratio", null=0, description="relative change in operations: 1 is twice as many"
    )

    def pull(self, policy: OrganisedCrimePolicy, level: float) -> None:
        policy.disruption *= 1 + self.change * level
