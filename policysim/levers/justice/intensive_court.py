"""Intensive supervision courts, the English form of drug courts."""

from typing import ClassVar

from policysim.agents.institutions.courts import Court, CourtPolicy
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class IntensiveCourt(Lever):
    """After sentence: an order in place of prison, with required treatment and a review before the same judge every month."""

    id: ClassVar[str] = "intensive_court"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Intensive supervision court"
    path: ClassVar[str] = (
        "dependent people who would go to prison and accept are given an order instead, go onto a service's list, and see "
        "the judge every month: those out of treatment are held for some days and offered it again, or sent back "
        "for sentence; fewer drop out and offend meanwhile"
    )
    reach: ClassVar[str] = (
        "adults at liberty, dependent on any substance, whose case means prison and who accept, men and women alike; "
        "as many as judges have places for"
    )
    outcome: ClassVar[str] = "imprisoned"
    expected: ClassVar[str] = "falls"
    acts_on: ClassVar[type[Institution]] = Court
    payer: ClassVar[str] = "justice"
    cost: ClassVar[str] = "cost_review"
    evidence: ClassVar[tuple[str, ...]] = ("K5.01", "B10.01a", "B10.01b", "B10.02")
    sources: ClassVar[tuple[str, ...]] = ("appg2021", "cop2022")
    process: ClassVar[str] = "intensive_orders"
    caution: ClassVar[str] = (
        "Whoever fails can still go to prison; those at liberty can offend where prison would have held them; "
        "reviews take court time, so that others wait longer for theirs."
    )

    places_per_100000: float = setting(
        10.0,
        ge=0,
        le=10_000,
        unit="people per 100,000",
        null=0,
        description="people under such orders at a time for every 100,000 residents, at full coverage",
    )

    def pull(self, policy: CourtPolicy, level: float) -> None:
        policy.intensive_places = towards(policy.intensive_places, self.places_per_100000, level)
