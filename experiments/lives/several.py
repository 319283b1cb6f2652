"""Several lives at once: those that regimes part, and some drawn at random, with their years lived once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from policysim.errors import UserError
from policysim.experiments.lives.picking import diverging
from policysim.experiments.lives.replay import record_all
from policysim.experiments.lives.trace import LifeUnder, Trace
from policysim.experiments.running.plan import Task
from policysim.experiments.running.progress import Tell, untold
from policysim.experiments.running.seed import Begin, model_of, start_of, with_budgets
from policysim.model import DrugPolicyModel


@dataclass(frozen=True)
class Wanted:
    """Whose lives: so many that part, so many drawn at random from those who are there, and these people by number.

    draw: with which number of the random draw; the same number draws the same people.
    """

    parting: int = 0
    at_random: int = 0
    people: tuple[int, ...] = ()
    draw: int = 0


@dataclass(frozen=True)
class Several:
    """Traces by person, and whose they are."""

    traces: dict[int, Trace]
    parting: list[int]
    at_random: list[int]
    people: list[int]

    def shown(self, show_sensitive: bool) -> dict[int, Trace]:
        """The same traces with words for what is sensitive, or without."""
        return {
            person: Trace(trace.model, person, trace.lives, trace.start_year, show_sensitive)
            for person, trace in self.traces.items()
        }


def several(task: Task, wanted: Wanted, begin: Begin = start_of, tell: Tell = untold) -> Several:
    """Lives of a task's seed under its regimes. Raises UserError for a person who is not there."""
    burnt = begin(task, tell)
    try:
        there = np.flatnonzero(burnt.records["present"])
        _check(wanted.people, burnt)
        known = with_budgets(task, burnt) if task.is_like_today else task
        again = partial(model_of, known, start=burnt)
        parting = diverging([again(regime) for regime in task.regimes], wanted.parting) if wanted.parting else []
        drawn = np.random.default_rng([task.seed, wanted.draw]).permutation(there)[: wanted.at_random].tolist()
        people = list(dict.fromkeys([*wanted.people, *parting, *drawn]))
        weeks = {regime.id: record_all(burnt, regime, people, again) for regime in task.regimes}
        there_all_along = [one for one in people if all(weeks[regime.id][one] for regime in task.regimes)]
        lives = {one: [LifeUnder(regime, weeks[regime.id][one]) for regime in task.regimes] for one in there_all_along}
        year = task.scenario.start_year
        traces = {person: Trace(burnt, person, of_person, year) for person, of_person in lives.items()}
    finally:
        burnt.close()
    there_now = [[person for person in group if person in traces] for group in (parting, drawn, wanted.people)]
    return Several(traces, *there_now)


def _check(people: Sequence[int], burnt: DrugPolicyModel) -> None:
    """Each of them is there where the regimes part."""
    for person in people:
        if not 0 <= person < burnt.records.size:
            raise UserError(f"there is no person {person}: people are numbered from 0 to {burnt.records.size - 1:,}")
        if not burnt.records["present"][person]:
            raise UserError(f"person {person} is not there when the regimes part; choose another number")
