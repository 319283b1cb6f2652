"""Escalating sanctions."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.levers.lever import Lever, setting, towards


class EscalatingSanctions(Lever):
    """Possession dealt with by steps: a course at one's own cost, a caution with a course, a charge."""

    id: ClassVar[str] = "escalating_sanctions"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Escalating sanctions"
    path: ClassVar[str] = (
        "officers look up how often somebody was found before: the first time a course, the second a caution, from the "
        "third arrest and a charge if there is a cell; whoever does not do as told is pursued"
    )
    reach: ClassVar[str] = (
        "adults found with drugs who are not dependent; children and dependent people are dealt with as before"
    )
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = PoliceTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_sanction"
    evidence: ClassVar[tuple[str, ...]] = ("K4.04a", "K4.04b", "K4.05")
    sources: ClassVar[tuple[str, ...]] = ("ph2024", "appg2021")
    process: ClassVar[str] = "sanctioned"
    caution: ClassVar[str] = (
        "No comparison finds that tougher answers to possession lower use, and none rules it out "
        "(deterrence_of_arrest), of adults' use of illicit drugs alone. Most who are found are found for the first time, so that "
        "the later steps are rare. A charge may end in a conviction, with which work is harder to find; a caution is "
        "counted and does nothing more. Fixed penalties and the orders after a charge would need a law; the steps "
        "themselves do not."
    )

    reached: float = setting(
        1.0, ge=0, le=1, null=0, description="share of eligible adults in possession who are dealt with by steps"
    )

    def pull(self, policy: PolicingPolicy, level: float) -> None:
        policy.escalation = towards(policy.escalation, self.reached, level)
