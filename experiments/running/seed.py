"""One seed of a scenario: burnt in once under the status quo, then lived under each regime from that same start.

Here alone a scenario's settings become a model. What a design wants to know it collects as an `Observer`: neither
people nor institutions collect anything for it.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from policysim.agents.institutions.own import met_by
from policysim.errors import UserError
from policysim.experiments.running.plan import Task
from policysim.experiments.running.progress import RunStoppedError, Tell, untold
from policysim.model import DrugPolicyModel
from policysim.scenarios.changes import Budgets
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.vocabulary.exact import total
from policysim.vocabulary.purses import PURSES
from policysim.vocabulary.time import WEEKS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd  # half of what a worker would load to begin, and it makes no table before a seed has ended

FEW_PEOPLE = 300
"""Enough for a model that is only compiled."""
Begin = Callable[[Task, Tell], DrugPolicyModel]
"""What makes the model from which all regimes of a task begin; whoever asked for it closes it."""


class Observer:
    """Looks on while a seed is lived. A design overrides what it needs; the methods are named for when they are called.

    A model that is handed over is the observer's to read until the method returns, never to change.
    """

    def burnt_in(self, model: DrugPolicyModel) -> None:
        """The burn-in is over; every regime begins from here."""

    def begun(self, regime: Regime, model: DrugPolicyModel) -> None:
        """A regime begins."""

    def before_week(self, model: DrugPolicyModel) -> None:
        """A week under the regime is about to be lived."""

    def after_week(self, model: DrugPolicyModel) -> None:
        """It has been lived."""

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        """The horizon has been lived under a regime."""

    def failed(self, regime: Regime, error: Exception) -> None:
        """The run of a regime raised; whoever writes that down lets the others go on, otherwise it is raised again."""
        raise error


def model_of(
    task: Task, regime: Regime | str = STATUS_QUO, start: DrugPolicyModel | None = None
) -> DrugPolicyModel:  # fmt: skip
    """The model of a task's seed under a regime, from week 0 or from another model's people and week."""
    scenario, budgets = task.scenario, task.scenario.budgets
    of_its_own = None if isinstance(regime, str) else regime.people_classes
    if scenario.unscaled:
        raise UserError(
            "equal_spend is for 'policysim compare', which finds how much of each regime so much money buys"
        )
    if isinstance(budgets, str):  # the status quo has what it spends, whatever that is
        id = regime if isinstance(regime, str) else regime.id
        budgets = {} if id == STATUS_QUO else task.budgets or {}
    return DrugPolicyModel(
        place=scenario.where, regime=regime, seed=task.seed, one_in=scenario.scale, years=scenario.years,
        burn_in_years=scenario.burn_in_years, engine=task.engine, threads=task.threads,
        people_classes=of_its_own or scenario.people_classes, parameters=scenario.numbers, beyond_ranges=scenario.beyond_ranges,
        carried=dict(task.carried), budgets=budgets, start=start, counting=scenario.counting,
    )  # fmt: skip


def burn_in(model: DrugPolicyModel, tell: Tell = untold) -> None:
    """Live the weeks before the regimes part."""
    while model.week < model.burn_in_weeks:
        model.step()
        tell(1, 0)


def start_of(task: Task, tell: Tell = untold) -> DrugPolicyModel:
    """The model of a task where the regimes part."""
    model = model_of(task)
    try:
        burn_in(model, tell)
    except BaseException:
        model.close()
        raise
    return model


def live(
    task: Task, observer: Observer, tell: Tell = untold, begin: Begin = start_of, stride: int | None = None
) -> None:  # fmt: skip
    """Burn in, branch into each regime, and let the observer look on; raises what a run raises, unless it takes it.

    begin: what makes the start of all regimes, where that is known from elsewhere. stride: live so many weeks under each
    regime in turn, so that they advance side by side (their models are then held together); by default one after the other.
    """
    begun = _burnt(task, observer, tell, begin)
    if begun is None:
        return
    burnt, task = begun
    branches = [(regime, _branch(task, regime, burnt, observer, tell, stride)) for regime in task.regimes]
    try:
        while branches:
            branches = [(regime, branch) for regime, branch in branches if _goes_on(regime, branch, observer)]
    finally:
        for _, branch in branches:
            branch.close()
        burnt.close()


def with_budgets(task: Task, burnt: DrugPolicyModel, tell: Tell = untold) -> Task:
    """The task with what each purse spends in each year under the status quo, from where the regimes part."""
    model = model_of(task, STATUS_QUO, burnt)
    try:
        while model.week < model.last_week:
            model.step()
            tell(1, 0)
        return replace(task, budgets=spending(model))
    finally:
        model.close()


def spending(model: DrugPolicyModel) -> Budgets:
    """GBP by purse and year of the run. A purse that took in more than it spent has nothing."""
    weeks = model.outcomes.costs[model.burn_in_weeks : model.last_week].reshape(-1, WEEKS_PER_YEAR, len(PURSES))
    years = [[max(total(weeks[year, :, k]), 0.0) for year in range(len(weeks))] for k in range(len(PURSES))]
    return {name: tuple(found) for name, found in zip(PURSES, years, strict=True)}


def budgeted(task: Task) -> Task:
    """The same for whoever runs a task by itself; as it was where the scenario gives no purse what the status quo spends."""
    if not task.is_like_today:
        return task
    burnt = start_of(task)
    try:
        return with_budgets(task, burnt)
    finally:
        burnt.close()


def _burnt(task: Task, observer: Observer, tell: Tell, begin: Begin) -> tuple[DrugPolicyModel, Task] | None:
    """The start of every regime, and the task with what purses have; None if there is none, which the observer is told."""
    burnt = None
    try:
        burnt = begin(task, tell)
        observer.burnt_in(burnt)
        return burnt, with_budgets(task, burnt, tell) if task.is_like_today else task
    except BaseException as error:
        if burnt is not None:
            burnt.close()
        if not isinstance(error, Exception) or isinstance(error, UserError | RunStoppedError):
            raise
        for regime in task.regimes:  # as above: the other seeds may go on
            observer.failed(regime, error)
        return None


def _goes_on(regime: Regime, branch: Iterator[None], observer: Observer) -> bool:
    """Live on under a regime as far as it goes at a time; false once it has ended, well or badly."""
    try:
        next(branch)
    except StopIteration:
        return False
    except (UserError, RunStoppedError):
        raise
    except Exception as error:  # noqa: BLE001 - a rule may raise anything, and the other regimes may go on
        observer.failed(regime, error)
        return False
    return True


def _branch(
    task: Task, regime: Regime, burnt: DrugPolicyModel, observer: Observer, tell: Tell, stride: int | None
) -> Generator[None, None, None]:
    """Live the horizon under a regime, pausing after every `stride` weeks but the last."""
    model = model_of(task, regime, burnt)
    try:
        observer.begun(regime, model)
        while model.week < model.last_week:
            observer.before_week(model)
            model.step()
            observer.after_week(model)
            tell(1, 0)
            if stride and model.week < model.last_week and model.week_of_run % stride == 0:
                yield
        observer.ended(regime, model)
    finally:
        model.close()
    tell(0, 1)


def weekly_table(model: DrugPolicyModel, burn_in: bool = False) -> "pd.DataFrame":
    """Outcomes by week and area (`all` first), scaled to residents, from the week in which the regimes part."""
    areas = [authority.name for authority in model.place.authorities]
    return model.outcomes.weekly(areas, model.one_in, 0 if burn_in else model.burn_in_weeks)


def whole_place(model: DrugPolicyModel, burn_in: bool = False) -> "pd.DataFrame":
    """The weeks of that table for the place as a whole."""
    weekly = weekly_table(model, burn_in)
    return weekly[weekly["area"] == "all"]


def compile_rules(task: Task) -> None:
    """Compile the rules, which may take a while, before the clock runs; every worker finds them on disk then."""
    if task.engine == "python":
        return
    scenario, nobody = task.scenario, np.empty(0, np.int64)
    for kinds in dict.fromkeys(
        (scenario.people_classes, *(one.people_classes or scenario.people_classes for one in task.regimes))
    ):
        model = DrugPolicyModel(
            scenario.where, people=FEW_PEOPLE, years=1, engine=task.engine, people_classes=kinds
        )  # fmt: skip
        try:
            model.step()
            for name in met_by(model.roles).decisions:
                model.engine.decide(model.state, name, 0, nobody, nobody)
        finally:
            model.close()
