"""Halfway houses in place of prison."""

from typing import ClassVar

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.prison import Prison, PrisonPolicy
from policysim.levers.lever import Lever, setting, towards


class HalfwayHouseInPlace(Lever):
    """Supervised houses with a curfew in which some sentences are served in place of prison."""

    id: ClassVar[str] = "halfway_house_in_place"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Halfway house in place of prison"
    path: ClassVar[str] = (
        "some of those who would go to prison serve the sentence in a house with a curfew: they keep treatment, "
        "tolerance and work, or find it, and can offend, overdose and be recalled meanwhile, to serve in prison what is "
        "left of the sentence; a licence follows as after prison"
    )
    reach: ClassVar[str] = (
        "adults at liberty who are sentenced to custody, never for supply, men and women alike; as many as there are "
        "places for, the others go to prison as before"
    )
    outcome: ClassVar[str] = "in_custody"
    expected: ClassVar[str] = "falls"
    lawful: ClassVar[str] = "no"
    acts_on: ClassVar[type[Institution]] = Prison
    payer: ClassVar[str] = "justice"
    cost: ClassVar[str] = "cost_house_year"
    evidence: ClassVar[tuple[str, ...]] = ("B10.06", "B10.07")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "housed_in_place"
    caution: ClassVar[str] = (
        "Thefts that prison would have held back happen; the rules of a house bring recall; reviews disagree on whether "
        "residents reoffend less after release, and no comparison with prison was found for England and Wales, where no "
        "court can give such a sentence."
    )

    places_per_100: float = setting(
        3.0,
        ge=0,
        le=100,
        unit="places per 100",
        null=0,
        description="places in halfway houses for every 100 prison places, at full coverage",
    )
    in_place: float = setting(
        0.3, ge=0, le=1, null=0, description="share of those who would go to prison who are offered one"
    )

    def pull(self, policy: PrisonPolicy, level: float) -> None:
        policy.halfway_places += self.places_per_100 * level
        policy.halfway_in_place = towards(policy.halfway_in_place, self.in_place, level)
