"""Peer support."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.levers.lever import Lever, setting


class PeerSupport(Lever):
    """Peers who have been through it, in services and in recovery groups."""

    id: ClassVar[str] = "peer_support"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Peer support"
    path: ClassVar[str] = (
        "people in remission support clients, of whom fewer drop out, and lead groups, in which fewer relapse"
    )
    reach: ClassVar[str] = (
        "adults in agonist and other structured treatment, and whoever completes any treatment while a group has room"
    )
    outcome: ClassVar[str] = "relapses"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = TreatmentService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_peer_week"
    evidence: ClassVar[tuple[str, ...]] = ("K6.12",)
    sources: ClassVar[tuple[str, ...]] = ("pcc2018", "ph2024")
    process: ClassVar[str] = "peer_support_weeks"
    caution: ClassVar[str] = (
        "Many studies of it find nothing. There are only so many people in remission who can do it, and the "
        "work may put their own recovery at risk: that is not modelled."
    )

    peers: float = setting(
        3.0,
        ge=0,
        le=50,
        unit="per 100 clients",
        null=0,
        description="peer supporters for every 100 clients of today, as far as people in remission can be found",
    )

    def pull(self, policy: TreatmentPolicy, level: float) -> None:
        policy.peers += self.peers * level
