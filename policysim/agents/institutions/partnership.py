"""The partnership: money that crosses from one purse to another, to buy what only the council's services can deliver.

Partners pay a share of what they spend into one pot, and a commissioner may send police money after it. Each pound leaves
a purse before it buys anything; what services cannot use goes back the week after to whom it came from.
"""

from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.gifts import PENCE, spent_on_places, spent_on_sessions
from policysim.agents.institutions.institution import Institution
from policysim.vocabulary.exact import total
from policysim.vocabulary.purses import PURSES
from policysim.vocabulary.stocks import Figure

PARTNERS = ("police", "nhs", "justice")
"""Who puts money into the pot; the council's services spend it."""


@dataclass(kw_only=True)
class PartnershipPolicy:
    """Share of what each partner spends that it puts into the pot, and the share of the pot that is for support beside places."""

    share: float = 0.0
    support: float = 0.0


class Partnership(Institution):
    """One for the place. It acts after the purses and before any service that it gives to."""

    def __init__(self, model):
        super().__init__(model, "partnership", policy=PartnershipPolicy())
        none = np.zeros(len(model.place.authorities))
        self.memory = {
            "paid": dict.fromkeys(PARTNERS, 0.0), "net": dict.fromkeys(PARTNERS, 0.0), "pooled": none, "spent": none,
            "for_places": none, "for_support": none, "moved": none,
            "at_work": False,
        }  # fmt: skip

    def act(self, week: int) -> None:
        super().act(week)
        memory, net = self.memory, dict.fromkeys(PARTNERS, 0.0)
        sent = [team.sent_to_treatment() for team in self.model.police]
        if not (memory["at_work"] or self.policy.share > 0 or any(sent)):
            return
        memory["spent"] = np.zeros(len(self.model.services))
        gave = any(total(memory[name]) for name in ("for_places", "for_support", "moved"))
        if gave:
            self.settle(net)
        pot = self.put_together(week, net)
        moved = np.array(sent)
        asked = round(total(moved), PENCE)
        if asked > 0:
            moved = moved * self.model.purses["police"].pay(asked)
            net["police"] += round(total(moved), PENCE)
        self.give(pot, moved)
        memory["net"], memory["at_work"] = net, gave or pot > 0 or bool(moved.any())

    def settle(self, net: dict[str, float]) -> None:
        """The council has what places cost that were bought last week; what nobody could use goes back."""
        memory, services, purses = self.memory, self.model.services, self.model.purses
        given = memory["for_places"] + memory["moved"]
        places = np.array([spent_on_places(each, float(given[each.area])) for each in services])
        sessions = np.array([spent_on_sessions(each) for each in services])
        purses["council"].receive(round(total(places), PENCE))
        of_pot = np.divide(memory["for_places"], given, out=np.zeros(given.size), where=given > 0)
        memory["spent"] = places * of_pot + sessions
        left = total(memory["for_places"] + memory["for_support"] - memory["spent"])
        paid = sum(memory["paid"][name] for name in PARTNERS)
        for name in PARTNERS:
            self.hand_back(name, left * memory["paid"][name] / paid if paid > 0 else 0.0, net)
        self.hand_back("police", total(memory["moved"] - places * (1 - of_pot)), net)

    def hand_back(self, name: str, amount: float, net: dict[str, float]) -> None:
        """Give a purse back, in whole pence, what was not used of its money."""
        amount = round(max(amount, 0.0), PENCE)
        self.model.purses[name].receive(amount)
        net[name] -= amount

    def put_together(self, week: int, net: dict[str, float]) -> float:
        """Have each partner pay its share of what it spent last week on its own work; returns the pot (GBP)."""
        pot, paid = 0.0, dict.fromkeys(PARTNERS, 0.0)
        if self.policy.share > 0 and week > 0:
            for name in PARTNERS:
                spent = self.model.outcomes.costs[week - 1, PURSES.index(name)] - self.memory["net"][name]
                asked = round(self.policy.share * max(float(spent), 0.0), PENCE)
                paid[name] = asked * self.model.purses[name].pay(asked)
                net[name] += paid[name]
                pot += paid[name]
        self.memory["paid"] = paid
        return pot

    def give(self, pot: float, moved: np.ndarray) -> None:
        """Share the pot out as today's services are, in places and sessions; what a commissioner moved stays in its area."""
        services, memory = self.model.services, self.memory
        clients = np.array([each.usual_clients for each in services])
        all_clients = total(clients)
        shares = clients / all_clients if all_clients > 0 else np.full(clients.size, 1 / clients.size)
        memory["pooled"] = pot * shares
        memory["for_support"] = pot * self.policy.support * shares
        memory["for_places"] = pot * (1 - self.policy.support) * shares
        memory["moved"] = moved
        for each in services:
            each.memory["from_partners"] = float(memory["for_places"][each.area] + moved[each.area])
            each.memory["for_sessions"] = float(memory["for_support"][each.area])

    def tell(self, figures: np.ndarray) -> None:
        figures[:, Figure.POOLED] = self.memory["pooled"] / self.model.one_in
        figures[:, Figure.POOL_SPENT] = self.memory["spent"] / self.model.one_in
