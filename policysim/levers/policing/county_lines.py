"""Closing county lines, and the way out of them."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.organised_crime import OrganisedCrimePolicy, OrganisedCrimeTeam
from policysim.levers.lever import Lever, setting


class CountyLines(Lever):
    """A task force that closes lines, with safeguarding as the way out for the children whom they use."""

    id: ClassVar[str] = "county_lines"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "County lines"
    path: ClassVar[str] = (
        "fewer lines run at a time and draw in fewer children; some come out when a line is closed, more by safeguarding of "
        "those whom police find there, as far as there is room; more children and adults are arrested on lines"
    )
    reach: ClassVar[str] = (
        "children aged 10 to 17 whom lines use, those excluded from school or in care most; few are known"
    )
    outcome: ClassVar[str] = "exploited"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = OrganisedCrimeTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_line_closed"
    evidence: ClassVar[tuple[str, ...]] = (
        "K2.01",
        "K2.02",
        "K2.03",
        "K2.04",
        "K2.05",
        "K2.06",
        "K2.12",
        "K2.13",
        "K2.14",
        "K2.15",
    )
    process: ClassVar[str] = "lines_closed"
    caution: ClassVar[str] = (
        "A closed line sells again within weeks, so that twice the effort does not leave half the lines. Children on it are "
        "arrested for supply as well as brought out, whom no service finds is not, and some who came out are drawn in again."
    )

    change: float = setting(
        1.0,
        ge=-1,
        le=3,
        unit="ratio",
        null=0,
        description="relative change in operations against lines: 1 is twice as many",
    )
    safeguarding: float = setting(
        1.0,
        ge=0,
        le=7,
        unit="ratio",
        null=0,
        description="relative change in places of the service that brings children out: 1 is twice as many",
    )

    def pull(self, policy: OrganisedCrimePolicy, level: float) -> None:
        policy.county_lines *= 1 + self.change * level
        policy.safeguarding *= 1 + self.safeguarding * level
