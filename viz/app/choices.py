"""What a session has chosen to compare, and the scenario which that makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from policysim.scenarios.regime import STATUS_QUO, Regime, regimes
from policysim.scenarios.scenario import FIVE, Scenario
from policysim.world.places import find_place

YEARS = (5, 10)
DRAWS = 6
"""Sets of numbers, where what nobody knows is looked at."""
MOST_REGIMES = 6
"""Beside one another; more could not be told apart from the back of a room."""


@dataclass(frozen=True)
class Detail:
    """How closely to look: simulated people, and how many times the years are lived through."""

    name: str
    people: int
    replicates: int
    purpose: str


DETAILS = {
    "fastest": Detail("Fastest", 4_000, 3, "to find your way around, too few for answers"),
    "quick": Detail("Quick look", 10_000, 5, "for a first answer"),
    "closer": Detail("Closer look", 40_000, 8, "for smaller differences"),
}


@dataclass(frozen=True)
class Choices:
    """The state of the form. The status quo always comes first, as the comparator."""

    place: str = "west-midlands"
    regimes: tuple[str, ...] = tuple(name for name in FIVE if name != STATUS_QUO)
    years: int = 10
    detail: str = "quick"
    unknowns: bool = True
    """Whether to look as well at what nobody knows of the numbers, once the seeds are through."""

    readings: Mapping[str, str] = field(default_factory=dict)
    """Contested questions of which another reading than the usual one is taken, for all regimes alike."""

    @property
    def complete(self) -> bool:
        """Whether there is something to compare."""
        return bool(self.place and self.regimes)

    @property
    def is_full(self) -> bool:
        """Whether no further regime fits beside these."""
        return len(self.regimes) + 1 >= MOST_REGIMES

    def scenario(self, own: Mapping[str, Regime] | None = None) -> Scenario:
        """What to run; own: regimes of the session's own by id. Raises UserError."""
        detail = DETAILS[self.detail]
        known = regimes() | dict(own or {})
        wanted = [known[name] for name in known if name == STATUS_QUO or name in self.regimes]
        people = min(detail.people, find_place(self.place).residents_10_64)
        return Scenario.model_validate(
            {
                "place": self.place, "regimes": wanted, "years": self.years, "people": people,
                "replicates": detail.replicates, "uncertainty": DRAWS if self.unknowns else 0,
                "readings": dict(self.readings),
            }
        )  # fmt: skip
