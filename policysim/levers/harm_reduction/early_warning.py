"""Early warning."""

from typing import ClassVar

from policysim.agents.institutions.early_warning import EarlyWarning as EarlyWarningSystem
from policysim.agents.institutions.early_warning import EarlyWarningPolicy
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class EarlyWarning(Lever):
    """Strong batches known sooner, and the public, outreach and medics told."""

    id: ClassVar[str] = "early_warning"
    group: ClassVar[str] = "harm reduction"
    title: ClassVar[str] = "Early warning"
    path: ClassVar[str] = (
        "a batch is noticed by overdoses or checked samples of its kind of drug; those whom a warning reaches take less and use "
        "alone less for some weeks"
    )
    reach: ClassVar[str] = "people who use what is warned of, those in treatment or with a kit more than others"
    outcome: ClassVar[str] = "expected_deaths"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = EarlyWarningSystem
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_early_warning_year"
    evidence: ClassVar[tuple[str, ...]] = ("B8.05",)
    sources: ClassVar[tuple[str, ...]] = ("wm2018",)
    process: ClassVar[str] = "people_warned"
    caution: ClassVar[str] = (
        "No effect on deaths has been measured: what a warning does is assumed here. A warning can draw custom "
        "(alert_attracts, here none unless it is set), and one that comes late is of a batch that is gone."
    )

    sooner: float = setting(
        0.67, ge=0, le=1, null=0, description="share of the weeks from noticing a batch to a warning that is saved"
    )
    reach_share: float = setting(
        0.6, ge=0, le=1, description="share of people in touch with services reached in a week, at full coverage"
    )

    def pull(self, policy: EarlyWarningPolicy, level: float) -> None:
        policy.lag_weeks *= 1 - self.sooner * level
        policy.reach = towards(policy.reach, self.reach_share, level)
