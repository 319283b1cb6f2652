"""Halfway houses after prison."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.prison import Prison, PrisonPolicy
from policysim.levers.lever import Lever, setting, towards


class HalfwayHouse(Lever):
    """Supervised houses with a curfew for the first weeks after release, for those who have no stable home to go to."""

    id: ClassVar[str] = "halfway_house"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Halfway house after prison"
    path: ClassVar[str] = (
        "people released without a stable home live in a house with a curfew and help to find work; some move on "
        "to a home of their own; breaking the rules of the house brings recall"
    )
    reach: ClassVar[str] = (
        "adults released on licence without a stable home, men and women alike; as many as there are places for, "
        "the others are released as before"
    )
    outcome: ClassVar[str] = "homeless_dependent"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = Prison
    payer: ClassVar[str] = "justice"
    cost: ClassVar[str] = "cost_house_year"
    evidence: ClassVar[tuple[str, ...]] = ("B10.06", "B10.07", "K5.10a", "K5.10b")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "entered_houses"
    caution: ClassVar[str] = (
        "Closer supervision finds more to recall people for; a resident can overdose as anybody newly released can. A first "
        "review found less reoffending, its update by the same authors no difference. That residents have a home is what a "
        "house is; how many have one afterwards nobody counted. Places are staffed and paid whether taken or not."
    )

    places_per_100: float = setting(
        3.0,
        ge=0,
        le=100,
        unit="places per 100",
        null=0,
        description="places in halfway houses for every 100 prison places, at full coverage",
    )
    offered: float = setting(
        0.9, ge=0, le=1, null=0, description="share of those released without a stable home who are offered a place"
    )

    def pull(self, policy: PrisonPolicy, level: float) -> None:
        policy.halfway_places += self.places_per_100 * level
        policy.halfway_after = towards(policy.halfway_after, self.offered, level)
