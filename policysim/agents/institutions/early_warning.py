"""Early warning: what is known of a strong batch, how late, and whom a warning reaches."""

from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Institution
from policysim.agents.institutions.market import BATCHES
from policysim.engine.exact import exp_of_each
from policysim.engine.fields import Field
from policysim.vocabulary.mark import Mark
from policysim.vocabulary.marks import KnowledgeMark, OverdoseMark
from policysim.vocabulary.stocks import Figure

NO_WARNING = -1
OVERDOSES = (OverdoseMark.OVERDOSED_ON_OPIOIDS, OverdoseMark.OVERDOSED_ON_FAKES, OverdoseMark.OVERDOSED_ON_PARTY_DRUGS)
SAMPLES = (KnowledgeMark.CHECKED_OPIOIDS, KnowledgeMark.CHECKED_BENZODIAZEPINES, KnowledgeMark.CHECKED_PARTY_DRUGS)
"""By what a batch of each of the `BATCHES` is noticed: overdoses by it, checked samples of what it is sold as."""


@dataclass(kw_only=True)
class EarlyWarningPolicy:
    """Weeks from the first sign of a batch to a warning; share of the people in touch with services whom it reaches."""

    lag_weeks: float
    reach: float


class EarlyWarningHere:
    """What people meet of it."""

    warning_opioids = Field("f8", "hearing a warning about opioids, in touch with services", "hazard per week", 0)
    warning_party = Field("f8", "hearing a warning about party drugs, in touch with services", "hazard per week", 0)


class EarlyWarning(Institution):
    """A batch is noticed by overdoses by its kind of drug or by a checked sample; a warning follows, unless it is gone."""

    here = EarlyWarningHere
    costs = (Cost("cost_early_warning_year", "council", ("watched_closely",), by_the_year=True, on_delivery=True),)

    def __init__(self, model):
        p = model.parameters
        policy = EarlyWarningPolicy(lag_weeks=p["warning_lag"], reach=p["warning_reach"])
        super().__init__(model, "early warning", policy=policy)
        shape = (len(BATCHES), len(model.place.authorities))
        self.memory = {
            "due": np.full(shape, NO_WARNING, np.int64),  # weeks until the warning of a batch that was noticed
            "standing": np.zeros(shape, np.int64),  # weeks that a warning is still told
            "known": np.zeros(shape, bool),
            "issued": np.zeros(shape[1], np.int64),
        }

    def act(self, week: int) -> None:
        super().act(week)
        paid = self.charge("cost_early_warning_year") if self.watched_closely() > 0 else 1.0
        usual, policy = self.usual, self.policy
        self.notice(week, usual.lag_weeks + (policy.lag_weeks - usual.lag_weeks) * paid)
        self.warn()
        reach = min(policy.reach, usual.reach) + max(policy.reach - usual.reach, 0.0) * paid
        heroin, fake, party = self.memory["standing"] > 0
        self.meet_by_authority(
            warning_opioids=np.where(heroin | fake, reach, 0.0), warning_party=np.where(party, reach, 0.0)
        )

    def notice(self, week: int, lag: float) -> None:
        """The more people overdose by its kind of drug, and the more samples of that are checked, the sooner it is noticed."""
        model, p = self.model, self.model.parameters
        sold = np.array([model.market.memory[f"{kind}_weeks_left"] > 0 for kind in BATCHES])
        self.memory["known"] &= sold
        self.memory["due"][~sold] = NO_WARNING
        if not (sold & ~self.memory["known"]).any():
            return
        overdoses, samples = self.counted(OVERDOSES), self.counted(SAMPLES)
        signs = p["noticed_by_overdose"] * overdoses + p["noticed_by_sample"] * samples
        for k, kind in enumerate(BATCHES):
            chance = 1 - exp_of_each(-signs[k] * model.one_in)
            noticed = model.luck_of(f"{kind} batch noticed", np.arange(sold.shape[1]), week) < chance
            noticed &= sold[k] & ~self.memory["known"][k]
            self.memory["known"][k] |= noticed
            self.memory["due"][k][noticed] = round(lag)

    def counted(self, marks: tuple[Mark, ...]) -> np.ndarray:
        """Last week's people with each of these marks, shape (marks, areas)."""
        count, areas = self.model.outcomes.last_count, range(len(self.model.place.authorities))
        return np.array([[count(mark, area) for area in areas] for mark in marks], float)

    def warn(self) -> None:
        """Warnings that are due are issued, and told for some weeks."""
        due, standing = self.memory["due"], self.memory["standing"]
        now = due == 0
        np.maximum(standing - 1, 0, out=standing)
        standing[now] = int(self.model.parameters["warning_weeks"])
        due[due >= 0] -= 1
        self.memory["issued"] = now.sum(axis=0)

    def watched_closely(self) -> float:
        """Residents for whom there is more than usual: as far as the lag is shorter or more are told, whichever is more."""
        usual, policy = self.usual, self.policy
        sooner = max(usual.lag_weeks - policy.lag_weeks, 0.0) / usual.lag_weeks if usual.lag_weeks > 0 else 0.0
        wider = max(policy.reach - usual.reach, 0.0) / (1 - usual.reach) if usual.reach < 1 else 0.0
        return max(sooner, wider) * self.model.place.population

    def tell(self, figures: np.ndarray) -> None:
        figures[:, Figure.WARNINGS] = self.memory["issued"] / self.model.one_in
