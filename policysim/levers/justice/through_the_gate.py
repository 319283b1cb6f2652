"""Hand-over from treatment in prison to treatment outside."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.prison import Prison, PrisonPolicy
from policysim.levers.lever import Lever, setting, towards


class ThroughTheGate(Lever):
    """A hand-over at the gate of those treated in prison to a service outside that knew of them before."""

    id: ClassVar[str] = "through_the_gate"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Through-the-gate treatment"
    path: ClassVar[str] = (
        "prison tells a service outside some weeks before release; whoever is handed over goes onto its list in "
        "the week of release with that time behind them"
    )
    reach: ClassVar[str] = (
        "people dependent on opioids treated in prison, sentenced or on remand, men and women alike; nobody "
        "untreated inside"
    )
    outcome: ClassVar[str] = "treatment_entries"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = Prison
    payer: ClassVar[str] = "nhs"
    cost: ClassVar[str] = "cost_hand_over"
    evidence: ClassVar[tuple[str, ...]] = ("A10.10", "A10.11", "A10.12", "B2.04")
    sources: ClassVar[tuple[str, ...]] = ("appg2021",)
    process: ClassVar[str] = "handed_over"
    caution: ClassVar[str] = (
        "A hand-over makes no place in treatment: those handed over take the next one, and others wait longer."
    )

    strength: float = setting(
        0.75, ge=0, le=1, description="share of those treated inside who are handed over at release, at full coverage"
    )

    def pull(self, policy: PrisonPolicy, level: float) -> None:
        policy.through_the_gate = towards(policy.through_the_gate, self.strength, level)
