"""Stop and search."""

from collections.abc import Mapping
from typing import Any, ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.levers.lever import Lever, setting


class StopAndSearch(Lever):
    """More or fewer searches."""

    id: ClassVar[str] = "stop_and_search"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Stop and search"
    path: ClassVar[str] = "police teams search more or less; searches find drugs, frighten, and fall unequally"
    reach: ClassVar[str] = "everyone out and about, the young, men and Black people many times as often as others"
    outcome: ClassVar[str] = "found_with_drugs"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = PoliceTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_search"
    evidence: ClassVar[tuple[str, ...]] = ("A9.19", "A9.20")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "searches"
    caution: ClassVar[str] = (
        "Searches fall unequally between groups, and fear of being found out keeps people from services."
    )
    documented: ClassVar[Mapping[str, Any]] = {"change": 0.33}

    change: float = setting(
        0.0, ge=-1, le=3, unit="ratio", null=0, description="relative change in searches: 0.33 is a third more"
    )

    def pull(self, policy: PolicingPolicy, level: float) -> None:
        policy.search_intensity *= 1 + self.change * level
