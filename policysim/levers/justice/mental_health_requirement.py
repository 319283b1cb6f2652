"""Mental-health treatment requirements."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.prison import Prison, PrisonPolicy
from policysim.levers.lever import Lever, among, setting, towards


class MentalHealthRequirement(Lever):
    """More community orders that require mental-health treatment, and clinicians to give it."""

    id: ClassVar[str] = "mental_health_requirement"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Mental-health treatment requirement"
    path: ClassVar[str] = (
        "courts add a requirement to the orders of people with a mental illness; where treatment begins some "
        "recover by its end and stay well; whoever breaches goes back to court, which may send them to prison"
    )
    reach: ClassVar[str] = (
        "people with a mental illness given a community order, whatever else it requires; courts require it until clinicians "
        "have begun with as many as they have time for"
    )
    outcome: ClassVar[str] = "people_ill"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = Prison
    payer: ClassVar[str] = "nhs"
    cost: ClassVar[str] = "cost_mental_health_requirement"
    evidence: ClassVar[tuple[str, ...]] = ("K5.03", "K5.04")
    sources: ClassVar[tuple[str, ...]] = ("appg2021",)
    process: ClassVar[str] = "mental_health_requirements"
    caution: ClassVar[str] = (
        "Distress fell from before to after among those treated, without a comparison: some of it would have passed by "
        "itself, and illness neither begins nor ends otherwise in the model; nobody has measured what it does to deaths, "
        "and breach can mean prison."
    )

    share: float = setting(
        0.06,
        ge=0,
        le=1,
        description="share of orders of people with a mental illness with the requirement, at full coverage",
    )
    linked: float | None = setting(
        None, ge=0, le=1, description="share of these requirements in which treatment begins; without one as now"
    )

    places_per_100000: float = setting(
        3.0, ge=0, le=10_000, unit="people per 100,000",
        description="people a year with whom clinicians can begin, for every 100,000 residents, at full coverage",
    )  # fmt: skip

    def pull(self, policy: PrisonPolicy, level: float) -> None:
        orders = (level, policy.mental_health_requirement_share, self.share)
        policy.mental_health_requirement_linked = among(policy.mental_health_requirement_linked, self.linked, *orders)
        policy.mental_health_requirement_share = towards(policy.mental_health_requirement_share, self.share, level)
        policy.mental_health_places = towards(policy.mental_health_places, self.places_per_100000, level)
