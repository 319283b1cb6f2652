"""Management of prolific offenders."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.offender_board import OffenderBoard, OffenderBoardPolicy
from policysim.levers.lever import Lever, among, setting, towards


class ProlificOffenderManagement(Lever):
    """A board takes on those arrested most, more of them than today: a key worker for them, and swift arrest."""

    id: ClassVar[str] = "prolific_offender_management"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Management of prolific offenders"
    path: ClassVar[str] = (
        "a board ranks people by arrests within a year and fills its places, of which every force has some today; where there "
        "is support a key worker keeps a way into treatment open and helps with a home, the more the stronger it is, and some "
        "withdraw; officers look for them first when they offend; of added places business pays a part, of today's nothing"
    )
    reach: ClassVar[str] = (
        "whoever was arrested most within a year, of any age and either sex, at liberty; few are women"
    )
    outcome: ClassVar[str] = "offences"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = OffenderBoard
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_managed_year"
    evidence: ClassVar[tuple[str, ...]] = ("K4.06", "K4.07a", "K4.08", "K4.09", "K4.30", "K4.31", "K4.32")
    sources: ClassVar[tuple[str, ...]] = ("appg2021",)
    process: ClassVar[str] = "taken_on"
    caution: ClassVar[str] = (
        "Whoever is chosen after a bad year offends less in the next whatever is done: compare with people like "
        "them, not with their own past; comparisons disagree. Swift arrest fills cells, courts and prisons. Places are staffed "
        "and paid whether taken or not, with support or without, and few people are arrested twice in a year. Work with "
        "families is not modelled."
    )

    places: float = setting(
        40,
        ge=0,
        le=400,
        unit="per 100,000 residents",
        description="people on the programme at a time, today's included",
    )
    support: float = setting(
        0.5,
        ge=0,
        le=1,
        description="strength of the way into treatment that key workers keep open and of help with a home; at 0 there are none",
    )
    enforcement: float = setting(
        1.0, ge=0, le=1, description="share of people on the programme whom officers look for first"
    )
    business_share: float = setting(
        0.25,
        ge=0,
        le=0.9,
        null=0,
        description="share of the cost of places added to today's that business pays",
    )

    def pull(self, policy: OffenderBoardPolicy, level: float) -> None:
        places = (level, policy.places, self.places)
        policy.managed_referral = among(policy.managed_referral, self.support, *places)
        policy.managed_enforcement = among(policy.managed_enforcement, self.enforcement, *places)
        policy.business_share = among(policy.business_share, self.business_share, level, 0, 1)  # of what is added alone
        policy.places = towards(policy.places, self.places, level)
