"""Early identification."""

from typing import ClassVar

from policysim.agents.institutions.children import ChildrenPolicy, ChildrensService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, among, setting, towards


class EarlyIdentification(Lever):
    """A board of schools, health, police and children's services that names children in need of early help."""

    id: ClassVar[str] = "early_identification"
    group: ClassVar[str] = "prevention"
    title: ClassVar[str] = "Multi-agency early identification"
    path: ClassVar[str] = (
        "a board with time for so many cases hears of children by a parent's dependence, trauma, care and deprivation, "
        "and by mistake of others; whoever accepts has early help and more resilience, whoever is named has the label; "
        "dependent parents of theirs come to be known and helped, which makes some care proceedings needless"
    )
    reach: ClassVar[str] = (
        "girls and boys of 10 to 15 of whom some service hears, in the order of luck; never by a score, and not those "
        "whom nobody hears of"
    )
    outcome: ClassVar[str] = "first_use"
    expected: ClassVar[str] = "stays"
    acts_on: ClassVar[type[Institution]] = ChildrensService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_identified_case"
    evidence: ClassVar[tuple[str, ...]] = ("L2.19", "L2.29", "L2.30", "L2.11")
    sources: ClassVar[tuple[str, ...]] = ("ph2024",)
    process: ClassVar[str] = "identified"
    caution: ClassVar[str] = (
        "To be named can harm: in the oldest trial those who were named and helped did worse. About one named in six has"
        " nothing of what the board looks for. It needs data from several services about children who have done "
        "nothing."
    )

    cases_per_100000: float = setting(
        3.0,
        ge=0,
        le=200,
        unit="cases per 100,000",
        null=0,
        description="cases that the board takes in a week for every 100,000 residents",
    )
    lived_experience: float = setting(
        0.5, ge=0, le=1, null=0, description="share of cases in which people with lived experience work with the family"
    )

    def pull(self, policy: ChildrenPolicy, level: float) -> None:
        policy.lived_experience = among(
            policy.lived_experience, self.lived_experience, level, policy.cases, self.cases_per_100000
        )
        policy.cases = towards(policy.cases, self.cases_per_100000, level)
