"""Police against organised crime: closing supply lines, seizures, arrests, a way out for children, and the money taken."""

from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.gifts import PENCE, spent_on_places
from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.institutions.treatment import TreatmentService
from policysim.engine.fields import Field
from policysim.vocabulary.exact import total
from policysim.vocabulary.marks import ExploitationMark
from policysim.vocabulary.stocks import Figure, Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR


@dataclass(kw_only=True)
class OrganisedCrimePolicy:
    """Efforts and places relative to the usual; shares in 0 .. 1."""

    asset_recovery: float
    into_treatment: float = 0.0
    disruption: float = 1.0  # operations against those who supply: arrests, seizures
    county_lines: float = 1.0  # operations against lines
    safeguarding: float = 1.0  # places of the service that brings children out


class OrganisedCrimeHere:
    """What people meet of it."""

    safeguarding = Field("f8", "being brought out of a supply line by safeguarding", "hazard per week", 0)
    line_arrests = Field("f8", "arrests of children who carry for a line, relative to the usual", "ratio", 0, start=1)
    sellers_sought = Field(
        "f8", "arrest for supply of an adult dependent on heroin or crack, by more operations than the usual",
        "hazard per week", 0,
    )  # fmt: skip


class OrganisedCrimeTeam(Institution):
    """The regional unit of the place and the county lines task force. What is taken from lines can be spent on treatment."""

    here = OrganisedCrimeHere
    costs = (
        Cost("cost_line_closed", "police", ("lines_closed",), on_delivery=True),
        Cost("cost_seizure", "police", ("seizures",), on_delivery=True),
        Cost("cost_safeguarding", "police", (ExploitationMark.SAFEGUARDED,), on_delivery=True),
        Cost("cost_asset_recovery", "police", ("pounds_recovered",)),
    )

    def __init__(self, model):
        p = model.parameters
        super().__init__(
            model,
            "police against organised crime",
            policy=OrganisedCrimePolicy(asset_recovery=p["asset_recovery_share"]),
        )
        self.residents = np.array([authority.population for authority in model.place.authorities], float)
        none = np.zeros(self.residents.size)
        self.memory = {"paid": 1.0, "seized": none, "recovered": none, "to_treatment": none}
        self.memory["due"] = self.usually_recovered() * p["recovery_weeks"]  # GBP that courts are at work on

    def usually_recovered(self) -> np.ndarray:
        """GBP recovered in a week of today's effort, by authority."""
        return self.residents * self.model.parameters["drug_assets_recovered"] / WEEKS_PER_YEAR

    def act(self, week: int) -> None:
        super().act(week)
        self.memory["paid"] = self.charge("cost_line_closed", "cost_seizure", "cost_safeguarding")
        self.meet_people()
        self.take_assets()

    def after_lines(self) -> float:
        """How often lines are gone after this week, relative to the usual; operations against supply find some too."""
        others = self.model.parameters["lines_by_disruption"] * (self.policy.disruption - 1)
        return max(self.policy.county_lines + others, 0.0) * self.memory["paid"]

    def after_supply(self) -> float:
        """Operations against supply this week, relative to the usual."""
        return self.policy.disruption * self.memory["paid"]

    def meet_people(self) -> None:
        """Set what people meet: places for the children who are found, and the arrests that operations make."""
        p = self.model.parameters
        known = p["children_known"] * self.after_lines()  # closing lines finds the children on them
        room = self.policy.safeguarding * self.memory["paid"] / np.maximum(self.model.market.share_running(), 0.01)
        self.meet_by_authority(
            safeguarding=p["safeguarding_rate"] * np.minimum(known, room), sellers_sought=self.sellers_sought()
        )
        self.meet(line_arrests=max(1 + p["line_arrests_of_closing"] * (self.after_lines() - 1), 0.0))

    def sellers_sought(self) -> np.ndarray:
        """Arrests of people who use and sell by what is done beyond the usual, for each of them at liberty, by authority.

        Last week's lines and this week's seizures; what the usual effort finds is in the arrests of those found with drugs.
        """
        p, market = self.model.parameters, self.model.market
        lines = np.maximum(market.memory["closed"] - market.usually_closed(), 0)
        seizures = market.usual_seizures() * max(self.after_supply() - 1, 0.0)
        arrests = p["users_arrested_per_line"] * lines + p["users_arrested_per_seizure"] * seizures
        last = self.model.outcomes.last_count
        sellers = [
            last(Stock.OPIATE_OR_CRACK, area) - last(Stock.OPIATE_OR_CRACK_IN_CUSTODY, area)
            for area in range(self.residents.size)
        ]
        return np.minimum(arrests / (np.maximum(sellers, 1) * self.model.one_in), 1)

    def take_assets(self) -> None:
        """Of what is found courts recover a part, long after; the forces keep a part of that, and some buys treatment.

        What is offered to services and finds nobody to treat goes where the rest goes, to the state.
        """
        p, market, purses = self.model.parameters, self.model.market, self.model.purses
        share = p["asset_recovery_share"]
        seized = self.usually_recovered() / share * self.after_supply() if share > 0 else np.zeros(self.residents.size)
        seized = np.maximum(seized + p["line_assets"] * (market.memory["closed"] - market.usually_closed()), 0)
        recovered = self.memory["due"] / p["recovery_weeks"]
        self.memory["due"] = self.memory["due"] + self.policy.asset_recovery * seized - recovered
        spent = np.zeros(self.residents.size)
        for service in self.model.services:
            spent[service.area] = self.spent_on(service)
            own = float(self.policy.into_treatment * recovered[service.area])
            service.memory |= {"from_assets": own, "gift": own + service.memory["from_partners"]}
        today = p["assets_kept_by_forces"] * self.usually_recovered()  # which is part of what police have to spend
        kept = np.minimum(p["assets_kept_by_forces"], 1 - self.policy.into_treatment) * recovered - today
        # In whole pence: what rounding makes is no money, and an empty purse stays empty.
        purses["council"].receive(round(total(spent), PENCE))
        purses["police"].receive(round(total(kept), PENCE))
        self.memory |= {"seized": seized, "recovered": recovered, "to_treatment": spent}

    def spent_on(self, service: TreatmentService) -> float:
        """GBP of last week's gift that was used: what people above a service's own places cost this week."""
        return spent_on_places(service, service.memory["from_assets"])

    def lines_closed(self) -> float:
        """Lines closed last week."""
        return total(self.model.market.memory["closed"])

    def seizures(self) -> float:
        """Opioid seizures in a week of such effort."""
        return total(self.model.market.usual_seizures()) * self.after_supply()

    def pounds_recovered(self) -> float:
        """GBP that courts recovered last week."""
        return total(self.memory["recovered"])

    def tell(self, figures: np.ndarray) -> None:
        for figure, name in (
            (Figure.ASSETS_SEIZED, "seized"),
            (Figure.ASSETS_RECOVERED, "recovered"),
            (Figure.ASSETS_TO_TREATMENT, "to_treatment"),
        ):
            figures[:, figure] = self.memory[name] / self.model.one_in
