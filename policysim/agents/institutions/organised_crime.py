"""Police against organised crime: closing supply lines, seizures, a way out for children, and the money taken."""

from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Decided, Institution
from policysim.vocabulary.exact import total
from policysim.vocabulary.marks import ExploitationMark
from policysim.vocabulary.stocks import Figure


@dataclass(kw_only=True)
class OrganisedCrimePolicy:
    """Efforts relative to the usual; hazards per week; shares in 0 .. 1."""

    disruption: float = 1.0  # operations against those who supply: arrests of dealers, seizures
    county_lines: float = 1.0  # operations against lines
    safeguarding: float
    asset_recovery: float
    into_treatment: float = 0.0


class OrganisedCrimeHere:
    """What people meet of it."""

    safeguarding = Decided("f8", "being brought out of a supply line by safeguarding", "hazard per week", 0)


class OrganisedCrimeTeam(Institution):
    """The regional unit of the place and the county lines task force. What is taken from lines can be spent on treatment."""

    here = OrganisedCrimeHere
    costs = (
        Cost("cost_line_closed", "police", ("lines_closed",), on_delivery=True),
        Cost("cost_seizure", "police", ("seizures",), on_delivery=True),
        Cost("cost_safeguarding", "police", (ExploitationMark.SAFEGUARDED,)),
        Cost("cost_asset_recovery", "police", ("pounds_recovered",)),
    )

    def __init__(self, model):
        p = model.parameters
        policy = OrganisedCrimePolicy(safeguarding=p["safeguarding_rate"], asset_recovery=p["asset_recovery_share"])
        super().__init__(model, "police against organised crime", policy=policy)
        none = np.zeros(len(model.place.authorities))
        self.memory = {"paid": 1.0, "seized": none, "recovered": none, "to_treatment": none}

    def act(self, week: int) -> None:
        super().act(week)
        self.memory["paid"] = self.charge("cost_line_closed", "cost_seizure")
        self.take_assets()

    def after_lines(self) -> float:
        """How often lines are gone after this week, relative to the usual; operations against supply find some too."""
        others = self.model.parameters["lines_by_disruption"] * (self.policy.disruption - 1)
        return max(self.policy.county_lines + others, 0.0) * self.memory["paid"]

    def after_supply(self) -> float:
        """Operations against supply this week, relative to the usual."""
        return self.policy.disruption * self.memory["paid"]

    def take_assets(self) -> None:
        """Of what was found with last week's lines courts recover a part, and of that a part buys places in treatment."""
        seized = self.model.market.memory["closed"] * self.model.parameters["line_assets"]
        recovered = self.policy.asset_recovery * seized
        spent = self.policy.into_treatment * recovered
        self.memory |= {"seized": seized, "recovered": recovered, "to_treatment": spent}
        for service in self.model.services:
            service.memory["gift"] = float(spent[service.area])
        self.model.purses["council"].receive(total(spent))

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
