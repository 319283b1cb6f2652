"""Naloxone by peers."""

from typing import ClassVar

from policysim.agents.institutions.harm_reduction import HarmReductionPolicy, HarmReductionService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting


class PeerNaloxone(Lever):
    """Kits that paid peers give to people who use with others."""

    id: ClassVar[str] = "peer_naloxone"
    group: ClassVar[str] = "harm reduction"
    title: ClassVar[str] = "Naloxone by peers"
    path: ClassVar[str] = (
        "paid peers hand kits to people who have somebody to use with, mostly outside treatment; whoever is there can use one"
    )
    reach: ClassVar[str] = (
        "people who use heroin, have somebody to use with and are at liberty; those in treatment less than others; not those "
        "who use with nobody"
    )
    outcome: ClassVar[str] = "expected_deaths"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = HarmReductionService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_peer_kit"
    evidence: ClassVar[tuple[str, ...]] = ("K3.14", "K3.15", "B4.03", "B4.05")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "peer_kits"
    caution: ClassVar[str] = (
        "The more kits there are, the more go to somebody who has one, are paid for and change nothing (a kit has no age here); "
        "a kit does nothing for someone who uses alone. Peers are not followed: who gets one is luck, not a tie to a peer."
    )

    kits_per_100: float = setting(
        15.0, ge=0, le=200, unit="kits per 100", null=0,
        description="more kits by peers, a year per 100 people using opioids, at full coverage",
    )  # fmt: skip

    def pull(self, policy: HarmReductionPolicy, level: float) -> None:
        policy.peer_kits_per_100 += self.kits_per_100 * level
