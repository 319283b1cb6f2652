"""Decision on possession."""

from collections.abc import Mapping
from typing import Any, ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.levers.lever import Lever, setting, towards


class PossessionDecision(Lever):
    """From street disposal to arrest by default."""

    id: ClassVar[str] = "possession_decision"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Decision on possession"
    path: ClassVar[str] = "the share of those found in possession who are arrested, of children by a ratio less"
    reach: ClassVar[str] = "adults found with drugs; children by a ratio less"
    outcome: ClassVar[str] = "street_resolutions"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = PoliceTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_arrest"
    evidence: ClassVar[tuple[str, ...]] = ("A9.04", "A9.09")
    sources: ClassVar[tuple[str, ...]] = ("appg2021", "ph2024")
    process: ClassVar[str] = "arrests"
    caution: ClassVar[str] = (
        "Arrest can leave a record, and a record makes work harder to find; street disposal does not."
    )
    documented: ClassVar[Mapping[str, Any]] = {"arrest_share": 0.0}

    arrest_share: float = setting(
        0.2, ge=0, le=1, description="share of adults arrested at full coverage; the rest are dealt with on the street"
    )

    def pull(self, policy: PolicingPolicy, level: float) -> None:
        policy.arrest_share = towards(policy.arrest_share, self.arrest_share, level)
