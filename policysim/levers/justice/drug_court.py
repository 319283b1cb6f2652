"""Drug courts in the American form."""

from typing import ClassVar

from policysim.agents.institutions.courts import Court, CourtPolicy
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, among, setting, towards


class DrugCourt(Lever):
    """Before sentence: the case is put off for months of treatment and reviews, and dismissed on success."""

    id: ClassVar[str] = "drug_court"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Drug court with dismissal on success"
    path: ClassVar[str] = (
        "the sentence of dependent people who agree is put off while they see the judge every month; those out of "
        "treatment are held for some days or sent back; whoever is in treatment or free of dependence at the end is "
        "dismissed without a conviction, the others are sentenced for the first charge; fewer drop out of treatment "
        "and offend meanwhile"
    )
    reach: ClassVar[str] = (
        "adults under no sentence, dependent on any substance, before a court for possession or theft, whatever they "
        "would have been given, who accept; as many as judges have places for"
    )
    outcome: ClassVar[str] = "offences"
    expected: ClassVar[str] = "falls"
    lawful: ClassVar[str] = "no"
    acts_on: ClassVar[type[Institution]] = Court
    payer: ClassVar[str] = "justice"
    cost: ClassVar[str] = "cost_review"
    evidence: ClassVar[tuple[str, ...]] = ("B10.01a", "B10.01b", "B10.02", "K5.11", "K5.12", "K5.13")
    sources: ClassVar[tuple[str, ...]] = ("cop2022",)
    process: ClassVar[str] = "deferred_sentences"
    caution: ClassVar[str] = (
        "It draws in people who would have been fined or discharged: they face months of review and days in "
        "custody, which frighten and cost tolerance; where treatment has no places people wait all that time and are "
        "sentenced after it; whoever is charged anew meanwhile is sentenced, for the first charge alone; reviews take "
        "court time. The evidence is American."
    )

    places_per_100000: float = setting(
        20.0,
        ge=0,
        le=10_000,
        unit="people per 100,000",
        null=0,
        description="people before a drug court at a time for every 100,000 residents, at full coverage",
    )
    weeks: float = setting(52.0, ge=12, le=78, unit="weeks", description="weeks for which the sentence is put off")

    def pull(self, policy: CourtPolicy, level: float) -> None:
        policy.drug_court_weeks = among(
            policy.drug_court_weeks, self.weeks, level, policy.drug_court_places, self.places_per_100000
        )
        policy.drug_court_places = towards(policy.drug_court_places, self.places_per_100000, level)
