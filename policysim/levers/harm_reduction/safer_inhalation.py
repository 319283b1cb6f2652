"""Foil and pipes."""

from typing import ClassVar

from policysim.agents.institutions.harm_reduction import HarmReductionPolicy, HarmReductionService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class SaferInhalation(Lever):
    """Foil to smoke heroin from and pipes to smoke crack in, for people who inject."""

    id: ClassVar[str] = "safer_inhalation"
    group: ClassVar[str] = "harm reduction"
    title: ClassVar[str] = "Safer inhalation"
    path: ClassVar[str] = (
        "whoever is given the means smokes on some occasions in place of injecting, and a few for good: no needle to share and a "
        "smaller dose at once; some return to injecting"
    )
    reach: ClassVar[str] = (
        "adults of either sex who inject: foil for heroin, pipes for crack that is injected; nobody in custody, and not those "
        "who smoke already"
    )
    outcome: ClassVar[str] = "injecting"
    expected: ClassVar[str] = "falls"
    lawful: ClassVar[str] = "no"
    acts_on: ClassVar[type[Institution]] = HarmReductionService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_means_of_smoking_year"
    evidence: ClassVar[tuple[str, ...]] = ("K1.16a", "K1.16b", "K1.24", "K1.25")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "means_of_smoking"
    caution: ClassVar[str] = (
        "Foil alone (pipes = 0) is lawful since 2014, as a step into treatment or a part of it; pipes for crack are not. "
        "Nobody has followed takers of foil for long: how many stay with smoking (from none to a third a year) and on how "
        "many occasions the others smoke are assumed, and who has foil in a week is drawn anew each week. "
        "Smoke harms lungs, which is not counted."
    )

    foil: float = setting(
        0.54, ge=0, le=1, description="share of people who inject heroin who are given foil, at full coverage"
    )
    pipes: float = setting(
        0.5, ge=0, le=1, description="share of people who inject crack who are given pipes, at full coverage"
    )

    def pull(self, policy: HarmReductionPolicy, level: float) -> None:
        policy.foil = towards(policy.foil, self.foil, level)
        policy.pipes = towards(policy.pipes, self.pipes, level)
