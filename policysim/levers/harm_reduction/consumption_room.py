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
        "some injections nearby are watched over by staff; a way into treatment; distance and capacity bound it"
    )
    lawful: ClassVar[str] = "no"
    reach: ClassVar[str] = "people of any age and either sex who inject and live near a room; nobody in custody"
    outcome: ClassVar[str] = "reversed_in_rooms"
    expected: ClassVar[str] = "rises"
    acts_on: ClassVar[type[Institution]] = HarmReductionService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_room_year"
    evidence: ClassVar[tuple[str, ...]] = ("B6.01a", "B6.04a", "B6.04b", "B6.04d", "E.21")
    sources: ClassVar[tuple[str, ...]] = ("wm2018", "ph2024")
    process: ClassVar[str] = "room_visitors"
    caution: ClassVar[str] = (
        "It is not lawful in England today, serves those who live near it, and costs about as much whether busy or not. Whether "
        "it moves deaths is contested: room_mortality at 0 says that those who come would have been safe anyway."
    )

    rooms: int = setting(
        1, ge=0, le=500, unit="rooms", null=0, description="rooms in the place, put where most people inject"
    )

    def pull(self, policy: HarmReductionPolicy, level: float) -> None:
        policy.rooms += self.rooms * level
