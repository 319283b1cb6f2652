"""Levers of harm reduction."""

from typing import Any, ClassVar

from pydantic import Field

from policysim.levers.lever import Lever, towards


class TakeHomeNaloxone(Lever):
    """Kits for people who use opioids."""

    id: ClassVar[str] = "take_home_naloxone"
    group: ClassVar[str] = "harm reduction"
    title: ClassVar[str] = "Take-home naloxone"
    path: ClassVar[str] = "services give out kits; friends who are there can use them"
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_kit"
    evidence: ClassVar[tuple[str, ...]] = ("A11.02", "B4.03", "B4.04", "B4.06")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "ph2024")
    process: ClassVar[str] = "kits_given"

    kits_per_100: float = Field(
        16, ge=0, le=500, description="kits a year per 100 people who use opioids, at full coverage"
    )

    def pull(self, model: Any, level: float) -> None:
        for service in model.harm_reduction:
            service.policy.kits_per_100 = towards(service.policy.kits_per_100, self.kits_per_100, level)


class ConsumptionRoom(Lever):
    """A place to use under the eyes of staff."""

    id: ClassVar[str] = "consumption_room"
    group: ClassVar[str] = "harm reduction"
    title: ClassVar[str] = "Consumption room"
    path: ClassVar[str] = (
        "some injections nearby are watched over by staff; a way into treatment; distance and capacity bound it"
    )
    lawful: ClassVar[str] = "no"
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_room_year"
    evidence: ClassVar[tuple[str, ...]] = ("B6.01a", "B6.04a", "B6.04b", "B6.04d", "E.21")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "ph2024")
    process: ClassVar[str] = "room_visitors"

    rooms: int = Field(1, ge=0, le=500, description="rooms in the place, put where most people inject")

    def pull(self, model: Any, level: float) -> None:
        ranked = sorted(model.harm_reduction, key=lambda s: (-s.injecting(), s.area))
        for k in range(round(self.rooms * level)):
            ranked[k % len(ranked)].policy.rooms += 1


class NeedleExchange(Lever):
    """Clean equipment, foil and safer inhalation."""

    id: ClassVar[str] = "needle_exchange"
    group: ClassVar[str] = "harm reduction"
    title: ClassVar[str] = "Needle exchange"
    path: ClassVar[str] = (
        "the share of people who inject with enough clean equipment (infection follows with its own rules)"
    )
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_needles_year"
    evidence: ClassVar[tuple[str, ...]] = ("B7.02", "B7.04b")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "well_supplied"

    supplied: float = Field(0.9, ge=0, le=1, description="share of people who inject well supplied, at full coverage")

    def pull(self, model: Any, level: float) -> None:
        for service in model.harm_reduction:
            service.policy.needle_coverage = towards(service.policy.needle_coverage, self.supplied, level)
