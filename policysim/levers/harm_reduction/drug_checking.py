"""Drug checking."""

from typing import ClassVar

from policysim.agents.institutions.drug_checking import DrugCheckingPolicy, DrugCheckingService
from policysim.agents.institutions.institution import Institution
from policysim.levers.lever import Lever, setting, towards


class DrugChecking(Lever):
    """Samples analysed while people wait, in night-time areas and at festivals."""

    id: ClassVar[str] = "drug_checking"
    group: ClassVar[str] = "harm reduction"
    title: ClassVar[str] = "Drug checking"
    path: ClassVar[str] = (
        "most of those who hear that drugs were mis-sold, as more are while a batch is sold, throw them away, a few others take "
        "less; samples of its own kind make a batch known to those who warn"
    )
    reach: ClassVar[str] = "mostly young adults who use party drugs; few of those who use heroin, nobody in custody"
    outcome: ClassVar[str] = "expected_deaths"
    expected: ClassVar[str] = "stays"
    lawful: ClassVar[str] = "under licence"
    acts_on: ClassVar[type[Institution]] = DrugCheckingService
    payer: ClassVar[str] = "council"
    cost: ClassVar[str] = "cost_checking_session"
    evidence: ClassVar[tuple[str, ...]] = (
        "B8.01",
        "B8.02a",
        "B8.02b",
        "B8.03a",
        "B8.03b",
        "B8.04a",
        "B8.04b",
        "B8.04c",
    )
    sources: ClassVar[tuple[str, ...]] = ("wm2018",)
    process: ClassVar[str] = "drugs_checked"
    caution: ClassVar[str] = (
        "It needs a licence of the Home Office, checks a small part of what is used, and hardly reaches the people who die "
        "of opioids; what people do afterwards is what they say that they do. Whoever throws drugs away is taken to use others "
        "that week, with part of the risk."
    )

    night_sessions: float = setting(
        10.0, ge=0, le=75, unit="sessions a year per 100,000", null=0,
        description="sessions in night-time areas for every 100,000 residents: 10 are weekly in a city of half a million",
    )  # fmt: skip
    festival_sessions: float = setting(
        0.4, ge=0, le=4, unit="sessions a year per 100,000", null=0,
        description="sessions at festivals for every 100,000 residents: 0.4 are two in a city of half a million",
    )  # fmt: skip

    def pull(self, policy: DrugCheckingPolicy, level: float) -> None:
        policy.night_sessions = towards(policy.night_sessions, max(self.night_sessions, policy.night_sessions), level)
        policy.festival_sessions += self.festival_sessions * level
