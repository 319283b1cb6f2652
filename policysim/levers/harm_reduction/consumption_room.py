"""Consumption room."""

from typing import ClassVar

from policysim.agents.institutions.harm_reduction import HarmReductionPolicy, HarmReductionService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting


class ConsumptionRoom(Lever):
    """A place to use under the eyes of staff."""

    id: ClassVar[str] = "consumption_room"
    group: ClassVar[str] = "harm reduction"
    title: ClassVar[str] = "Consumption room"
    path: ClassVar[str] = (
        "some injections nearby are watched over by staff; a way into treatment; distance, booths and hours bound it"
    )
    lawful: ClassVar[str] = "no"
    reach: ClassVar[str] = "people of any age and either sex who inject and live near a room; nobody in custody"
    outcome: ClassVar[str] = "expected_deaths"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = HarmReductionService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_room_year"
    evidence: ClassVar[tuple[str, ...]] = ("B6.01a", "B6.04a", "B6.04b", "B6.04c", "B6.04d", "B6.07a", "E.21")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "ph2024")
    process: ClassVar[str] = "room_visitors"
    caution: ClassVar[str] = (
        "It is not lawful in England today, serves those who live within some streets of it, and costs as much whether busy or "
        "not. One room moves a city's deaths by less than chance does; whether it moves any is contested: room_mortality at 0 "
        "says that those who come would have been safe anyway. Coverage below 1 is a room that is open for fewer hours."
    )

    rooms: int = setting(
        1, ge=0, le=500, unit="rooms", null=0, description="rooms in the place, put where most people inject"
    )

    def pull(self, policy: HarmReductionPolicy, level: float) -> None:
        policy.rooms += self.rooms * level
