"""Levers of policing: search, patrol, the decision on possession, diversion, naloxone."""

from typing import Any, ClassVar

from pydantic import Field

from policysim.levers.lever import Lever, towards


class StopAndSearch(Lever):
    """More or fewer searches."""

    id: ClassVar[str] = "stop_and_search"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Stop and search"
    path: ClassVar[str] = "police teams search more or less; searches find drugs, frighten, and fall unequally"
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_search"
    evidence: ClassVar[tuple[str, ...]] = ("A9.19", "A9.20")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "searches"

    change: float = Field(0.0, ge=-1, le=3, description="relative change in searches: 0.33 is a third more")

    def pull(self, model: Any, level: float) -> None:
        for team in model.police:
            team.policy.search_intensity *= 1 + self.change * level


class HotSpotPatrol(Lever):
    """Visible policing where deprivation is deepest."""

    id: ClassVar[str] = "hot_spot_patrol"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Hot-spot patrol"
    path: ClassVar[str] = (
        "teams patrol the most deprived fifth of neighbourhoods and search there rather than elsewhere: more is found, more "
        "people keep away from services"
    )
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_patrol"
    evidence: ClassVar[tuple[str, ...]] = ("A9.19",)
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "found_with_drugs"

    intensity: float = Field(0.5, ge=0, le=3, description="extra patrol relative to the usual")

    def pull(self, model: Any, level: float) -> None:
        for team in model.police:
            team.policy.patrol += self.intensity * level


class PossessionDecision(Lever):
    """From street disposal to arrest by default."""

    id: ClassVar[str] = "possession_decision"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Decision on possession"
    path: ClassVar[str] = "the share of those found in possession who are arrested"
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_arrest"
    evidence: ClassVar[tuple[str, ...]] = ("A9.04", "A9.09")
    sources: ClassVar[tuple[str, ...]] = ("appg2021", "ph2024")
    process: ClassVar[str] = "arrests"

    arrest_share: float = Field(
        0.2, ge=0, le=1, description="share arrested at full coverage; the rest are dealt with on the street"
    )

    def pull(self, model: Any, level: float) -> None:
        for team in model.police:
            team.policy.arrest_share = towards(team.policy.arrest_share, self.arrest_share, level)


class PreArrestDiversion(Lever):
    """A referral to treatment or education in place of arrest, without an admission of guilt."""

    id: ClassVar[str] = "pre_arrest_diversion"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Pre-arrest diversion"
    path: ClassVar[str] = (
        "officers offer a session in place of arrest; those who attend get no record, dependent people a referral"
    )
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_diversion"
    evidence: ClassVar[tuple[str, ...]] = ("B9.01", "B9.04", "B9.07", "B9.12a", "B9.12b")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "pcc2018", "appg2021")
    process: ClassVar[str] = "diversions"

    offered: float = Field(0.8, ge=0, le=1, description="share of the eligible who are offered it, at full coverage")
    attendance: float = Field(0.6, ge=0, le=1, description="share of those offered who attend")
    referral: float = Field(0.3, ge=0, le=1, description="strength of the referral to treatment")

    def pull(self, model: Any, level: float) -> None:
        for team in model.police:
            policy = team.policy
            policy.diversion_offer = towards(policy.diversion_offer, self.offered, level)
            policy.diversion_attendance = towards(policy.diversion_attendance, self.attendance, level)
            policy.diversion_referral = towards(policy.diversion_referral, self.referral, level)


class PoliceNaloxone(Lever):
    """Officers trained and equipped with naloxone."""

    id: ClassVar[str] = "police_naloxone"
    group: ClassVar[str] = "policing"
    title: ClassVar[str] = "Police naloxone"
    path: ClassVar[str] = "officers who reach an overdose before the ambulance can reverse it"
    payer: ClassVar[str] = "police"
    cost: ClassVar[str] = "cost_kit"
    evidence: ClassVar[tuple[str, ...]] = ("A11.04", "B5.01", "B5.02b")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "ph2024")
    process: ClassVar[str] = "reversed_by_police"

    carried: float = Field(0.8, ge=0, le=1, description="share of officers attending who carry it, at full coverage")

    def pull(self, model: Any, level: float) -> None:
        for team in model.police:
            team.policy.naloxone_carried = towards(team.policy.naloxone_carried, self.carried, level)
