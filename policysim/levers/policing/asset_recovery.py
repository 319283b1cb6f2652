"""Asset recovery into treatment."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.organised_crime import OrganisedCrimePolicy, OrganisedCrimeTeam
from policysim.levers.lever import Lever, among, setting, towards


class AssetRecovery(Lever):
    """More of the money of criminal groups taken, and a part of it spent on treatment."""

    id: ClassVar[str] = "asset_recovery"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Asset recovery into treatment"
    path: ClassVar[str] = (
        "financial investigators recover more of what is found with those who supply, a year and more after it was found; "
        "a part pays for people above the usual places in treatment, and police keep a quarter or what is left"
    )
    reach: ClassVar[str] = "people who wait for treatment of any kind, wherever places are full"
    outcome: ClassVar[str] = "waiting"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = OrganisedCrimeTeam
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_asset_recovery"
    evidence: ClassVar[tuple[str, ...]] = ("K2.10", "K2.17", "K2.18")
    sources: ClassVar[tuple[str, ...]] = ("wm2018",)
    process: ClassVar[str] = "assets_recovered"
    caution: ClassVar[str] = (
        "There is no more to spend than was found; money that rises and falls with crime is a poor basis for services, and "
        "what it does not pay for when it falls is left to the council. Recovery alone keeps nobody from selling: without "
        "a part for treatment it only moves money: about a quarter to the forces, as today, which investigators cost."
    )

    recovered: float = setting(
        0.4, ge=0, le=1, description="share recovered of what is found with those who supply, at full coverage"
    )
    into_treatment: float = setting(
        0.5, ge=0, le=1, null=0, description="share of what is recovered that is spent on treatment, at full coverage"
    )

    def pull(self, policy: OrganisedCrimePolicy, level: float) -> None:
        policy.into_treatment = among(
            policy.into_treatment, self.into_treatment, level, policy.asset_recovery, self.recovered
        )
        policy.asset_recovery = towards(policy.asset_recovery, self.recovered, level)
