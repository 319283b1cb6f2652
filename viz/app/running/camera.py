"""In a worker: one seed under every regime side by side, handed over year by year."""

import numpy as np

from policysim.counts.outcomes import COLUMNS
from policysim.experiments.running.burn_ins import BurnIns
from policysim.experiments.running.dispatches import Desk
from policysim.experiments.running.draws import with_numbers
from policysim.experiments.running.plan import Task
from policysim.experiments.running.progress import Tell, untold
from policysim.experiments.running.seed import Observer, live, start_of
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime
from policysim.viz.app.filming.film import Film
from policysim.viz.app.running.pieces import Groups, Year
from policysim.vocabulary.time import WEEKS_PER_YEAR


class Camera(Observer):
    """Hands over each year that has been lived, and of the first seed the film of the street."""

    def __init__(self, task: Task, desk: Desk):
        self.task, self.desk = task, desk
        self.film: Film | None = None

    def burnt_in(self, model: DrugPolicyModel) -> None:
        """Choose the people to film, in the state in which every regime begins."""
        if self.task.replicate == 0 and not self.task.draw:
            self.film = Film(model)

    def begun(self, regime: Regime, model: DrugPolicyModel) -> None:
        """The first frame shows the week in which the regimes part."""
        if self.film:
            self.film.take(model)

    def after_week(self, model: DrugPolicyModel) -> None:
        """A frame; and at the end of a year what was counted in it."""
        if self.film:
            self.film.take(model)
        if model.week_of_run % WEEKS_PER_YEAR == 0:
            self._hand_over(model)

    def _hand_over(self, model: DrugPolicyModel) -> None:
        year = model.week_of_run // WEEKS_PER_YEAR - 1
        first_week = model.burn_in_weeks + year * WEEKS_PER_YEAR
        lived = model.outcomes.years(model.one_in, first_week)[-1]
        found = dict(zip((*COLUMNS, *model.outcomes.own), lived, strict=True))
        values = np.array([found[name] for name in self.task.scenario.columns])
        self.desk.send(Year(model.regime.id, self.task.replicate, self.task.draw, year, values))
        if self.film and model.regime.id == self.task.regimes[-1].id:  # each has lived the year now
            self._hand_over_film(self.film, year)

    def _hand_over_film(self, film: Film, year: int) -> None:
        """What was filmed, and the first time of whom: laying them out waits until the first year's numbers are there."""
        if year == 0:
            self.desk.send(film.cast)
        for regime in self.task.regimes:
            self.desk.send(film.reel(regime.id))

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        """By group, once all years are there."""
        if not self.task.draw:
            by_year = model.outcomes.by_group(model.one_in, model.burn_in_weeks)
            table = by_year.drop(columns="year").groupby(["dimension", "group"], sort=False).sum().reset_index()
            self.desk.send(Groups(regime.id, self.task.replicate, table))


def run_seed(task: Task, tell: Tell = untold, *, desk: Desk, starts: BurnIns | None = None) -> None:
    """Burn one seed in, or pick that up where it is known, then live the horizon under all regimes, a year of each in turn."""
    begin = starts.start_of if starts else start_of
    live(with_numbers(task), Camera(task, desk), tell, begin, WEEKS_PER_YEAR)


def prepare(task: Task, tell: Tell = untold, *, starts: BurnIns) -> None:
    """Burn one seed in for whoever comes to need it."""
    starts.start_of(task, tell)
