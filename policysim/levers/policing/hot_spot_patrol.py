"""Hot-spot patrol."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.levers.lever import Lever, setting


class HotSpotPatrol(Lever):
    """Visible policing where deprivation is deepest."""

    id: ClassVar[str] = "hot_spot_patrol"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Hot-spot patrol"
    path: ClassVar[str] = (
        "teams patrol the most deprived fifth of neighbourhoods and search there rather than elsewhere: more is found, more "
        "people keep away from services"
    )
    reach: ClassVar[str] = "everyone in the most deprived fifth of neighbourhoods, the young, men and Black people most"
    outcome: ClassVar[str] = "offences"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = PoliceTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_patrol"
    evidence: ClassVar[tuple[str, ...]] = ("A9.19",)
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "found_with_drugs"
    caution: ClassVar[str] = (
        "Patrol concentrates contact with police in the poorest neighbourhoods and can move people out of reach "
        "of services."
    )

    intensity: float = setting(0.5, ge=0, le=3, unit="ratio", null=0, description="extra patrol relative to the usual")

    def pull(self, policy: PolicingPolicy, level: float) -> None:
        policy.patrol += self.intensity * level
