"""The drug market: supply lines, price, strength, and the adulterated batches that pass through a place."""

import numpy as np

from policysim.agents.institutions.institution import Institution
from policysim.engine.exact import exp_of_each
from policysim.engine.fields import Field
from policysim.vocabulary.stocks import Figure

PER_RESIDENTS = 100_000
"""The unit in which supply lines are counted."""
BATCHES = ("heroin", "fake", "party")
"""Kinds of batches: strong heroin, benzodiazepines that hold an opioid, strong party drugs."""


class MarketHere:
    """What people meet of the market."""

    potency = Field("f8", "strength of street opioids relative to usual", "ratio", 0, start=1)
    amount_bought = Field("f8", "street opioids bought relative to the usual, by price", "ratio", 0, start=1)
    money_needed = Field("f8", "thefts to pay for drugs relative to the usual, by price", "ratio", 0, start=1)
    adulterated_benzodiazepines = Field("f8", "share of street benzodiazepines that hold an opioid", "share", 0, 1)
    party_strength = Field("f8", "strength of party drugs relative to the usual", "ratio", 0, start=1)
    lines = Field("f8", "supply lines that run for every 100,000 residents", "lines", 0)
    lines_closing = Field("f8", "closing of a supply line by police", "hazard per week", 0)


class DrugMarket(Institution):
    """Lines run, are closed and open again; price follows supply slowly; batches arrive and are sold out in weeks."""

    here = MarketHere

    def __init__(self, model):
        super().__init__(model, "market")
        residents = np.array([authority.population for authority in model.place.authorities], float)
        self.residents = residents
        self.usual_lines = residents * model.parameters["lines_per_100k"] / PER_RESIDENTS
        none = np.zeros(residents.size)
        self.memory = {f"{kind}_weeks_left": np.zeros(residents.size, np.int64) for kind in BATCHES}
        self.memory |= {"gone": none, "closed": self.usually_closed(), "log_price": none}

    @property
    def running(self) -> np.ndarray:
        """Lines that run, by authority; what is gone is more than is usually closed at a time."""
        return self.usual_lines - self.memory["gone"]

    def usually_closed(self) -> np.ndarray:
        """Lines closed in a week at the usual effort, by authority."""
        return self.model.parameters["line_closed_rate"] * self.usual_lines

    def act(self, week: int) -> None:
        super().act(week)
        self.run_lines()
        short = self.shortage()
        self.set_price(short)
        self.sell(week, short)

    def share_running(self) -> np.ndarray:
        """Lines that run relative to the usual, by authority."""
        return np.divide(self.running, self.usual_lines, out=np.ones(self.residents.size), where=self.usual_lines > 0)

    def run_lines(self) -> None:
        """Police close lines, as often as they go after them; those that are closed open again after some weeks."""
        p, police = self.model.parameters, self.model.organised_crime
        usual, back = p["line_closed_rate"], 1 / p["line_weeks_closed"]
        hazard = min(usual * police.after_lines(), 1.0)
        closed = hazard * self.running
        reopened = (usual * self.usual_lines) + back * self.memory["gone"]  # as many as usually close, and of the rest
        self.memory["closed"] = closed
        self.memory["gone"] = np.minimum(self.memory["gone"] + closed - reopened, self.usual_lines)
        self.meet_by_authority(lines=self.running / self.residents * PER_RESIDENTS)
        self.meet(lines_closing=hazard)

    def shortage(self) -> np.ndarray:
        """Share of what is usually sold that is missing, by authority; below 0 where more is."""
        p = self.model.parameters
        gone = 1 - self.share_running()
        return p["line_supply_share"] * gone + p["seized_share"] * (self.model.organised_crime.after_supply() - 1)

    def set_price(self, short: np.ndarray) -> None:
        """Price goes slowly to where scarcity holds it; people then buy a little less, and need more money for it."""
        p = self.model.parameters
        price = self.memory["log_price"]
        price = price + p["price_speed"] * (p["price_of_shortage"] * short - price)
        self.memory["log_price"] = price
        bought, spent = -p["price_elasticity"] * price, (1 - p["price_elasticity"]) * price
        self.meet_by_authority(
            amount_bought=exp_of_each(bought), money_needed=exp_of_each(p["offending_of_price"] * spent)
        )

    def sell(self, week: int, short: np.ndarray) -> None:
        """What is sold this week: how strong, and how much of it is not what it is sold as."""
        p = self.model.parameters
        heroin, fake, party = (self.batch(kind, week) for kind in BATCHES)
        potency = 1 + p["adulterated_heroin"] * (p["adulterant_potency"] - 1)
        potency = potency * exp_of_each(p["potency_of_shortage"] * short) * self.strangers()
        potency = np.where(heroin, potency * p["batch_potency"], potency)
        adulterated = np.where(fake, np.maximum(p["fake_share"], p["adulterated_benzodiazepines"]),
                               p["adulterated_benzodiazepines"])  # fmt: skip
        self.meet_by_authority(
            potency=potency, adulterated_benzodiazepines=adulterated,
            party_strength=np.where(party, p["party_batch_strength"], 1.0),
        )  # fmt: skip

    def batch(self, kind: str, week: int) -> np.ndarray:
        """Where a batch of this kind is sold this week, by authority."""
        p, left = self.model.parameters, self.memory[f"{kind}_weeks_left"]
        rate, weeks = ("batch_rate", "batch_weeks") if kind == "heroin" else (f"{kind}_batch_rate", "batch_weeks")
        name = "batch" if kind == "heroin" else f"{kind} batch"
        arrives = self.model.luck_of(name, np.arange(left.size), week) < p[rate]
        left = np.maximum(left - 1, 0)
        left[arrives] = int(p[weeks])
        self.memory[f"{kind}_weeks_left"] = left
        return left > 0

    def strangers(self) -> np.ndarray:
        """Overdoses relative to the usual among people whose seller was arrested this week and who buy elsewhere.

        Seen after opioid seizures in one American city of fentanyl; at its usual value there is nothing of it.
        """
        p = self.model.parameters
        if p["seizure_effect"] == 0:
            return np.ones(self.residents.size)
        near = np.minimum(self.usual_seizures() * p["seizure_reach"] / self.residents, 1)
        rise = (exp_of_each(np.array([p["seizure_effect"]])) - 1) * near
        return (1 + rise * self.model.organised_crime.after_supply()) / (1 + rise)

    def usual_seizures(self) -> np.ndarray:
        """Opioid seizures in a week at the usual effort, by authority."""
        return self.residents * self.model.parameters["opioid_seizures_per_1000"]

    def tell(self, figures: np.ndarray) -> None:
        one_in = self.model.one_in
        figures[:, Figure.LINES_RUNNING] = self.running / one_in
        figures[:, Figure.LINES_CLOSED] = self.memory["closed"] / one_in
        figures[:, Figure.SEIZURES] = self.usual_seizures() * self.model.organised_crime.after_supply() / one_in
        share = self.residents / self.residents.sum()
        figures[:, Figure.PRICE] = exp_of_each(self.memory["log_price"]) * share / one_in
