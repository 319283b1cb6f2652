"""Housing and mental-health support together."""

from typing import ClassVar

from policysim.agents.institutions.housing import HousingPolicy, HousingService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting


class Wraparound(Lever):
    """Supported homes with mental-health support for people who are ill, without a stable home and were ever dependent."""

    id: ClassVar[str] = "wraparound"
    group: ClassVar[str] = "social"
    title: ClassVar[str] = "Housing and mental-health support"
    path: ClassVar[str] = (
        "the council has so many supported homes; whoever lives in one has a stable home, with it less risk, and staff who keep "
        "a way into treatment open; in time people move on to a home of their own, which is then gone for others, or lose it"
    )
    reach: ClassVar[str] = (
        "adults with a mental illness, once or now dependent, men and women alike: the homeless first, then those whose housing "
        "is insecure, the longest known to the service first; nobody in prison"
    )
    outcome: ClassVar[str] = "homeless_dependent"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = HousingService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_supported_home_year"
    evidence: ClassVar[tuple[str, ...]] = ("L4.11", "L4.12", "L4.15")
    sources: ClassVar[tuple[str, ...]] = ("appg2021", "pcc2018")
    process: ClassVar[str] = "in_supported_homes"
    caution: ClassVar[str] = (
        "What staff do beyond the home was hardly measured: one trial of supported homes found benefit in one of eighteen "
        "outcomes. Recovery from illness is no effect here. A home that is meant for some time needs another to move on to."
    )

    homes: float = setting(
        15,
        ge=0,
        le=2000,
        null=0,
        unit="homes per 100,000 residents",
        description="supported homes beyond those of today",
    )

    def pull(self, policy: HousingPolicy, level: float) -> None:
        policy.supported_homes += self.homes * level
