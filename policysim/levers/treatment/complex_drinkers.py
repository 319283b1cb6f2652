"""Keyworkers for drinkers with complex needs."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.outreach import OutreachPolicy, OutreachService
from policysim.levers.lever import Lever, setting


class ComplexDrinkers(Lever):
    """Assertive outreach to those drinkers who cost police and hospitals most (Surrey's form)."""

    id: ClassVar[str] = "complex_drinkers"
    group: ClassVar[str] = "treatment"
    title: ClassVar[str] = "Keyworkers for complex drinkers"
    path: ClassVar[str] = (
        "whoever police or ambulance were called for most often in a year is taken on by a keyworker, drinks less and is "
        "shown a way into treatment; contact lost, it returns"
    )
    reach: ClassVar[str] = (
        "people dependent on alcohol with four or more calls in a year, most of them severely so, many homeless or ill; "
        "nobody who is in treatment or in custody"
    )
    outcome: ClassVar[str] = "alcohol_calls"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = OutreachService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_keyworker_year"
    evidence: ClassVar[tuple[str, ...]] = ("K3.10", "K3.11", "K3.12", "K3.13", "K3.16")
    sources: ClassVar[tuple[str, ...]] = ("pcc2018",)
    process: ClassVar[str] = "keyworker_starts"
    caution: ClassVar[str] = (
        "Pilots count calls before and after: who is chosen at their worst would have been called for less often anyway. How far "
        "calls fall with drinking rests on an assumed power (drinking_call_power), which makes most of the effect. Councils "
        "pay, the NHS and police save."
    )

    places: float = setting(
        10.0, ge=0, le=1000, unit="places per 100,000", null=0,
        description="more places with keyworkers per 100,000 residents, at full coverage",
    )  # fmt: skip

    def pull(self, policy: OutreachPolicy, level: float) -> None:
        policy.keyworker_places += self.places * level
