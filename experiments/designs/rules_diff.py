"""What rules of one's own change: how often they act, what moves, whose lives, and some of these lives.

One regime is lived by the stock rules and by the edited ones, side by side from one burnt-in start and with the same luck,
seed after seed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from math import ceil
from operator import add
from typing import Any

import numpy as np
import pandas as pd

from policysim.agents.roles import roles_with
from policysim.counts.outcomes import OUTCOMES, Outcome
from policysim.engine.rules import rules_of
from policysim.errors import UserError, tells_arguments
from policysim.experiments.analysis.against_stock import against, shown_of, told, unit_over_years
from policysim.experiments.analysis.estimates import over
from policysim.experiments.analysis.hiding import hide
from policysim.experiments.analysis.moved_most import MovedMost, moved_most, row_of
from policysim.experiments.analysis.wording import seeds_of, years_of
from policysim.experiments.lives import words
from policysim.experiments.lives.fired import CountingEngine, Fired, edited_rules
from policysim.experiments.lives.picking import PICK_EVERY, gravest_first
from policysim.experiments.lives.several import Wanted, several
from policysim.experiments.lives.timeline import NOTE
from policysim.experiments.lives.touched import Touched
from policysim.experiments.lives.trace import Trace
from policysim.experiments.running.plan import Task, available_threads, plan
from policysim.experiments.running.progress import Progress, RunStoppedError, Tell
from policysim.experiments.running.runner import run
from policysim.experiments.running.seed import model_of, start_of, whole_place, with_budgets
from policysim.levers.lever import Lever
from policysim.model import DrugPolicyModel
from policysim.scenarios.means import engine_given, threads_given
from policysim.scenarios.own_arms import with_own_arms
from policysim.scenarios.regime import Regime
from policysim.scenarios.scenario import Scenario
from policysim.vocabulary.cards import card

LOOKED_AT = 8_000
"""People-weeks of each arm, over all seeds, that are lived again to see what the edited rules write."""
LIVES = 3
HEADS = ("outcome", "the edit changes it by (95%)", "in per cent", "stock rules", "edited rules")
NOBODY = "No life of the first seed that is there from the beginning comes to differ."
Row = dict[str, Any]
Counts = dict[tuple[str, str], tuple[int, int, int, int]]


@dataclass(frozen=True)
class RulesDiff:
    """What the edited arm of a regime changes against the stock one; rows are plain values, counts scaled to residents."""

    scenario: Scenario
    moved: dict[str, pd.DataFrame]
    """By outcome of `SHOWN`, and of one's own: both arms, as `against` estimates them."""
    moved_most: MovedMost
    """What else moved most, picked by size out of all outcomes."""
    rules: list[Row]
    """By edited rule: in how many people-weeks of a sample it was lived and wrote something, in either arm."""
    touched: list[Row]
    """By group of people: how many, and how many whose lives differ; counts under five and what would tell one are None."""
    lives: list[Row]
    """Some lives that came to differ: who, the week in which they parted, and why."""

    @property
    def edited(self) -> Regime:
        """The arm of the edited rules."""
        return self.scenario.regimes[1]

    @property
    def shown(self) -> tuple[Outcome, ...]:
        """The outcomes that are told."""
        return shown_of(self.scenario)

    @property
    def rows(self) -> list[Row]:
        """What is always shown, as plain values: a row for each outcome."""
        return [row_of(one, self.moved[one.id], self.edited.id) for one in self.shown]

    @property
    def moved_told(self) -> list[tuple[str, ...]]:
        """The same as it is read: the outcome, what the edit changes it by, in per cent, and both arms."""
        return [
            (f"{one.label} ({unit_over_years(one)})", *told(self.moved[one.id], self.edited.id, one))
            for one in self.shown
        ]

    @property
    def lives_told(self) -> list[tuple[str, ...]]:
        """Some lives in sentences: who, where they part, and the gravest difference where it comes later."""
        return [tuple(_sentences(life)) for life in self.lives]

    def _repr_html_(self) -> str:
        """For a notebook: what moves, and the lives."""
        scenario = self.scenario
        title = f"{scenario.where.name}, {years_of(scenario)}, {seeds_of(scenario)}: {self.edited.name}"
        lives = [" ".join(life) for life in self.lives_told] or [NOBODY]
        return card(title, self.moved_told, HEADS, [*lives, NOTE])


@dataclass(frozen=True)
class OfSeed:
    """What one seed says."""

    totals: dict[str, dict[str, float]]
    fired: tuple[dict[str, Fired], dict[str, Fired]]
    touched: Counts
    lives: list[Row]


@tells_arguments
def rules_diff(
    scenario: Scenario,
    people: Sequence[type],
    levers: Sequence[type[Lever]] = (),
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    engine: str = "compiled",
    looked_at: int | None = None,
) -> RulesDiff:
    """Live a scenario's one regime by the stock rules and by those of these classes, and tell what differs; raises UserError.

    levers: classes of levers that the edited arm pulls as well. threads: processors to use, by default all. looked_at:
    people-weeks of each arm of which it is counted what the edited rules write, by default `LOOKED_AT`.
    """
    if len(scenario.regimes) != 1:
        raise UserError("rules are held against the stock rules under one regime: give one")
    both = with_own_arms(scenario, people, levers)
    threads = available_threads() if threads is None else threads_given(threads)
    planned = plan(both, None, engine_given(engine), threads)
    a_week = ceil((LOOKED_AT if looked_at is None else looked_at) / (both.weeks * both.replicates))
    found = run(partial(_side_by_side, a_week), planned.tasks, planned.workers, progress)
    stock, edited = (regime.id for regime in both.regimes)
    values = {id: pd.DataFrame([of_seed.totals[id] for of_seed in found]) for id in found[0].totals}
    moved = {one.id: against(values[one.id], stock, edited) for one in shown_of(both)}
    most = moved_most(values, stock, edited, moved)
    lives = [life for of_seed in found for life in of_seed.lives]
    return RulesDiff(both, moved, most, _rule_rows(both, found), _touched_rows(both, found), lives)


# ---------------------------------------------------------------- one seed


def _side_by_side(a_week: int, task: Task, tell: Tell) -> OfSeed:
    """Both arms of a seed, a week of each in turn; of the first seed some lives as well."""
    burnt = start_of(task, tell)
    try:
        known = with_budgets(task, burnt, tell) if task.is_like_today else task
        stock, edited = (model_of(known, regime, burnt) for regime in task.regimes)
        names = edited_rules(stock.roles, edited.roles)
        arms = [CountingEngine(model, stock.roles, names, a_week) for model in (stock, edited)]
        stock.engine, edited.engine = arms  # type: ignore[assignment]
        touched = Touched(stock, edited)
        _live(stock, edited, touched, tell)
        totals = _totals(task, stock, edited)
        lives = [] if task.replicate else _lives(known, burnt, touched)
        return OfSeed(totals, (arms[0].fired, arms[1].fired), touched.counts(), lives)
    except (UserError, RunStoppedError):
        raise
    except Exception as error:
        raise UserError(
            f"the run of seed {task.seed} failed ({type(error).__name__}: {error}): 'policysim check' looks where in the rules"
        ) from error
    finally:
        burnt.close()


def _live(stock: DrugPolicyModel, edited: DrugPolicyModel, touched: Touched, tell: Tell) -> None:
    try:
        while stock.week < stock.last_week:
            for model in (stock, edited):
                model.step()
                tell(1, 0)
            if stock.week % PICK_EVERY == 0 or stock.week == stock.last_week:
                touched.look()
    finally:
        stock.close()
        edited.close()
    tell(0, 2)


def _totals(task: Task, *models: DrugPolicyModel) -> dict[str, dict[str, float]]:
    """Every outcome over the horizon, those of one's own too, by arm."""
    arms = {regime.id: whole_place(model) for regime, model in zip(task.regimes, models, strict=True)}
    outcomes = (*OUTCOMES.values(), *task.scenario.own_outcomes.values())
    return {one.id: {arm: over(weeks, one) for arm, weeks in arms.items()} for one in outcomes}


def _lives(task: Task, burnt: DrugPolicyModel, touched: Touched) -> list[Row]:
    """Some of those whose lives came to differ, of the people who are there where the arms part: the gravest first."""
    there = burnt.records["present"]
    grave = gravest_first(np.where(there, touched.gravest, 0), touched.ways, LIVES)
    others = np.flatnonzero(there & touched.ever & (touched.gravest == 0)).tolist()
    people = (*grave, *others)[:LIVES]
    if not people:
        return []
    return [_told(trace) for trace in several(task, Wanted(people=people), lambda *_: burnt).traces.values()]


def _told(trace: Trace) -> Row:
    """A life in sentences: who, when the two lives part, and why."""
    part, turn = trace.parting, trace.turning
    row: Row = {"person": trace.person, "who": words.who(trace.lives[0].weeks[0].before)}
    row |= {key: part[key] for key in ("week", "date", "rule")} if part else {}
    row |= {"parting": part["sentence"] if part else ""}
    return row | ({"later_week": turn["week"], "later": turn["sentence"]} if turn else {})


def _sentences(life: Row) -> Iterator[str]:
    yield f"Simulated person {life['person']}, {life['who']}."
    if life["parting"]:
        yield f"Week {life['week']} ({life['date']}): {life['parting']}"
    if "later" in life:
        yield f"The gravest difference, week {life['later_week']}: {life['later']}"


# ---------------------------------------------------------------- rows


def _rule_rows(both: Scenario, found: Sequence[OfSeed]) -> list[Row]:
    """A row for each edited rule, in the order of the week."""
    stock, edited = (
        roles_with(kinds) for kinds in (both.people_classes, both.regimes[1].people_classes or both.people_classes)
    )
    names = edited_rules(stock, edited)
    rows = []
    for name in dict.fromkeys(name for of_role in names.values() for name in of_role):
        mine, theirs = (reduce(add, (one.fired[k][name] for one in found), Fired()) for k in (0, 1))
        roles = [role for role in names if name in names[role]]
        is_new = all(name not in rules_of(stock[role]) for role in roles)
        rows.append({
            "rule": name, "classes": [edited[role].__name__ for role in roles], "is_new": is_new,
            "stock_lived": 0 if is_new else mine.lived, "stock_wrote": 0 if is_new else mine.wrote,
            "edited_lived": theirs.lived, "edited_wrote": theirs.wrote, "wrote_otherwise": theirs.otherwise,
        })  # fmt: skip
    return rows


def _touched_rows(both: Scenario, found: Sequence[OfSeed]) -> list[Row]:
    """A row for each group of people: means over seeds, scaled to residents; what is hidden is None."""
    rows = []
    columns = ("people", "ever", "gravely", "gravely_at_end")
    means = {
        key: [float(np.mean([one.touched[key][k] for one in found])) * both.scale for k in range(len(columns))]
        for key in found[0].touched
    }
    for by in dict.fromkeys(by for by, _ in means):
        groups = [key for key in means if key[0] == by]
        counts = [[means[key][k] for key in groups] for k in range(len(columns))]
        hidden = [hide(one) if any(one) else [""] * len(one) for one in counts]  # where nobody is, that tells of nobody
        for row, (_, group) in enumerate(groups):
            shown = {name: None if hidden[k][row] else counts[k][row] for k, name in enumerate(columns)}
            rows.append({"by": by, "group": group, **shown})
    return rows
