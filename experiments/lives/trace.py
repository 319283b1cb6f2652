"""One simulated life under several regimes side by side, the week in which they part, and the draw that parted them.

All regimes start from one burnt-in population and meet the same luck, so the first difference is the regime's doing:
something the person met, a place in a service, a decision, or what became of someone they know.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from policysim.agents.institutions.catalogue import INSTITUTIONS
from policysim.agents.institutions.own import met_by
from policysim.agents.people.person import Person
from policysim.agents.roles import ROLES, roles_with
from policysim.engine.luck import SHARED, key_of
from policysim.engine.reads import reads_of
from policysim.engine.rules import rule_names, rules_of
from policysim.errors import UserError, nearest
from policysim.experiments.lives import words
from policysim.experiments.lives.picking import most_diverging
from policysim.experiments.lives.replay import Replay, Step, Week, deciding, differing, record
from policysim.experiments.lives.saying import parting_in_words, regime_in_words
from policysim.experiments.lives.timeline import timeline
from policysim.experiments.running.plan import Task
from policysim.experiments.running.seed import burn_in, model_of, with_budgets
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime
from policysim.scenarios.scenario import Scenario
from policysim.vocabulary.states import Care, Justice

PICKS = ("diverging",)
GRAVEST: tuple[tuple[str, ...], ...] = (
    ("life",), ("justice",), ("care",), ("dependent_on", "ever_dependent"), ("occupation", "housing", "convictions"),
)  # fmt: skip
"""Fields in which lives can come to differ, the gravest first."""


@dataclass(frozen=True)
class LifeUnder:
    """One regime's version of the life."""

    regime: Regime
    weeks: list[Week]

    @property
    def label(self) -> str:
        """What the regime is called beside the others."""
        return self.regime.id


class Trace:
    """The same simulated person under each regime: `rows()`, `parting`, `turning` and `text()`."""

    def __init__(
        self, model: DrugPolicyModel, person: int, lives: list[LifeUnder], start_year: int, show_sensitive: bool = False
    ):
        self.start_year = start_year
        self.model, self.place, self.areas, self.person = model, model.place, model.places["area"].copy(), person
        self.burn_in_weeks = model.burn_in_weeks
        self.lives, self.show_sensitive = lives, show_sensitive
        own = [life.regime.people_classes for life in lives]
        self.roles = [model.roles if kinds is None else roles_with(kinds) for kinds in own]
        self.met = [met_by(roles) for roles in self.roles]
        self.decisions = {name: decision for met in self.met for name, decision in met.decisions.items()}
        names = (*rule_names([role for roles in self.roles for role in roles]), *self.decisions, SHARED)
        keys = {name: key_of(model.run_seed, name) for name in names}
        self.replays = [Replay(roles, keys, person) for roles in self.roles]

    @property
    def labels(self) -> list[str]:
        """The regimes' ids."""
        return [life.label for life in self.lives]

    def week_of_run(self, week: Week) -> int:
        """Weeks since the regimes began."""
        return week.week - self.burn_in_weeks

    def date_of(self, week: int) -> datetime.date:
        """The day on which a week of the run begins."""
        return words.date_of(week, self.start_year)

    def rows(self) -> list[dict[str, Any]]:
        """Week by week what happened under each regime, with the first week, the parting and the last; JSON-ready."""
        apart = self.parting["week"] if self.parting else None
        found = []
        for life in self.lives:
            for week in life.weeks:
                told = words.events(week.before, week.after, self.show_sensitive)
                if told or week in (life.weeks[0], life.weeks[-1]) or self.week_of_run(week) == apart:
                    found.append(self._row(life, week, told))
        return sorted(found, key=lambda row: row["week"])  # stable: the regimes stay in their order

    def _row(self, life: LifeUnder, week: Week, told: list[str]) -> dict[str, Any]:
        after, number = week.after, self.week_of_run(week)
        return {
            "week": number, "date": self.date_of(number).isoformat(), "regime": life.label, "age": int(after["age"][0]),
            "event": "; ".join(told), "use": words.use_in_words(after["use"][0]),
            "care": words.CARE[Care(int(after["care"][0]))],
            "justice": words.JUSTICE[Justice(int(after["justice"][0]))],
        }  # fmt: skip

    @cached_property
    def parting(self) -> dict[str, Any] | None:
        """The first week in which anything in the lives differs, and what made it differ; None if they never part."""
        for weeks in zip(*(life.weeks for life in self.lives), strict=False):
            for k, other in enumerate(weeks):
                fields = self._apart(weeks[0], other)
                if fields:
                    return self._explain(k, weeks[0], other, fields)
        return None

    @cached_property
    def partings(self) -> dict[str, int | None]:
        """The week in which each other life parts from the first, by its regime; None if it never does."""
        first, *others = self.lives
        return {
            life.label: next(
                (
                    self.week_of_run(one)
                    for one, other in zip(first.weeks, life.weeks, strict=False)
                    if self._apart(one, other)
                ),
                None,
            )
            for life in others
        }

    @cached_property
    def gravest(self) -> str | None:
        """The gravest field in which the lives come to differ, the first of its group; None where none does."""
        for fields in GRAVEST:
            for weeks in zip(*(life.weeks for life in self.lives), strict=False):
                for name in fields:
                    if any(not np.array_equal(weeks[0].after[name], other.after[name]) for other in weeks):
                        return name
        return None

    @cached_property
    def turning(self) -> dict[str, Any] | None:
        """The week in which the gravest difference between the lives began, where that is not where they part."""
        for fields in GRAVEST:
            for weeks in zip(*(life.weeks for life in self.lives), strict=False):
                for k, other in enumerate(weeks):
                    found = [name for name in fields if not np.array_equal(weeks[0].after[name], other.after[name])]
                    if found:
                        turn = self._explain(k, weeks[0], other, found)
                        return None if self.parting and turn["week"] == self.parting["week"] else turn
        return None

    @property
    def own_classes(self) -> list[type]:
        """The classes of people in place of shipped ones, in any of the lives."""
        return list(dict.fromkeys(role for roles in self.roles for role in roles if role not in ROLES))

    def meaning(self, name: str, record: str = "") -> str:
        """What a field of the person, of here or of the world means; of any of them if none is said."""
        owners = {
            "person": (*self.own_classes, Person),
            "here": [met.here for met in self.met],
            "world": [met.world for met in self.met],
        }
        looked = owners[record] if record else [owner for kinds in owners.values() for owner in kinds]
        return words.field_in_words(name, next((owner for owner in looked if hasattr(owner, name)), Person))

    def text(self, width: int = 100) -> str:
        """The lives for a terminal so many columns wide: side by side where they fit, else one below the other."""
        return timeline(self, width)

    def _apart(self, one: Week, other: Week) -> list[str]:
        """Fields in which two lives differ after a week, or differed after their own rules of it."""
        around = frozenset[str]().union(*(replay.around for replay in self.replays))
        return differing(one.after, other.after, around) or differing(one.lived, other.lived, around)

    # --- why ----------------------------------------------------------------------------------------------------------
    def _explain(self, k: int, one: Week, other: Week, fields: list[str]) -> dict[str, Any]:
        """What made the first life and the k-th differ in these fields this week."""
        pair = (self.lives[0].label, self.lives[k].label)
        number = self.week_of_run(one)
        steps = self._steps(k, one, other, fields)
        mine, theirs = steps or (None, None)
        name = mine.rule if mine else theirs.rule if theirs else None
        met = self._met(k, name, one, other, mine, theirs)
        found: dict[str, Any] = {
            "week": number, "date": self.date_of(number).isoformat(), "regimes": list(pair),
            "called": {life.label: regime_in_words(life.regime) for life in (self.lives[0], self.lives[k])},
            "by": "others" if name is None else "institution" if name in self.decisions else "rule",
            "rule": name, "edited": self._edited(k, name, one), "says": self._says(k, name),
            "fields": _values(fields, one.after, other.after, pair),
            "events": {
                label: "; ".join(words.events(week.before, week.after, self.show_sensitive)) or "nothing happened"
                for label, week in zip(pair, (one, other), strict=True)
            },
            "enough": self._enough(one, mine, theirs, met, fields),
            "met": {record: _named(values, pair) for record, values in met.items()},
            "only": pair[mine is None] if (mine is None) is not (theirs is None) else None,
            "levers": self._levers_of_whoever_decides(k, name) if name in self.decisions else [],
            "draw": _draw(name, (mine, theirs), pair) if name else None,
            "draws": {
                label: [{"n": n, "value": value} for n, value in step.draws] if step else []
                for label, step in zip(pair, (mine, theirs), strict=True)
            },
        }  # fmt: skip
        found["sentence"] = parting_in_words(found, self.meaning)
        return found

    def _steps(self, k: int, one: Week, other: Week, fields: list[str]) -> tuple[Step | None, Step | None] | None:
        """The first rule or decision after which the two weeks differ in these fields; None if others did it."""
        replays = (self.replays[0], self.replays[k])
        before = [{s.rule: s for s in replay.week(week)} for replay, week in zip(replays, (one, other), strict=True)]
        rows = [one.before, other.before]
        for name in rule_names((*self.roles[0], *self.roles[k])):
            pair = [steps.get(name) for steps in before]
            rows = [step.after if step else row for step, row in zip(pair, rows, strict=True)]
            if any(field in fields for field in differing(rows[0], rows[1])):
                return pair[0], pair[1]
        decided = [
            {d.name: replay.decision(week, d) for d in week.decisions}
            for replay, week in zip(replays, (one, other), strict=True)
        ]
        for name in self.decisions:
            pair = [steps.get(name) for steps in decided]
            ends = [step.after if step else row for step, row in zip(pair, (one.after, other.after), strict=True)]
            starts = [step.before if step else week.lived for step, week in zip(pair, (one, other), strict=True)]
            if any(field in fields for field in differing(starts[0], starts[1])):
                return None  # so already before services and courts
            if any(pair) and any(field in fields for field in differing(ends[0], ends[1])):
                return pair[0], pair[1]
        return None

    def _met(
        self, k: int, name: str | None, one: Week, other: Week, mine: Step | None, theirs: Step | None
    ) -> dict[str, dict[str, tuple]]:
        """What the rule or decision reads that was not the same for both."""
        if name is None or (name == "die" and not self.show_sensitive):  # what it reads would caption a cause
            return {}
        start = "lived" if name in self.decisions else "before"
        rows = [step.before if step else getattr(week, start) for step, week in ((mine, one), (theirs, other))]
        records = {"person": rows, "here": [one.here, other.here], "world": [one.world, other.world]}
        if name in self.decisions and not (mine and theirs):
            records = {"person": rows}  # what is met in a decision cannot be why it was never made of the other
        read = {"self": set[str](), "here": set[str](), "world": set[str]()}
        functions = [(self.decisions[name], None)] if name in self.decisions else _versions(self._both(k), name)
        for function, role in functions:
            for record_read, how in reads_of(function, role).items():
                read[record_read].update(how["reads"])
        found = {}
        for key, (a, b) in records.items():
            wanted = read["self" if key == "person" else key] - words.UNTOLD - {"expected_death", "would_have_died"}
            found[key] = {n: (a[n][0], b[n][0]) for n in differing(a, b, frozenset()) if n in wanted}
        return found

    def _enough(self, week: Week, mine: Step | None, theirs: Step | None, met: dict, fields: list[str]) -> list[str]:
        """Of what was met, as "record.field": what alone would have turned the first life's week into the other's."""
        if mine is None or theirs is None:
            return []
        wanted = [name for name in differing(mine.after, theirs.after) if name in fields]
        choice = next((d.choice for d in week.decisions if d.name == mine.rule), None)
        found = []
        for record_met, values in met.items():
            for name, (_, value) in values.items():
                row = self.replays[0].enough(week, mine, record_met, name, value, choice)
                if all(np.array_equal(row[field], theirs.after[field]) for field in wanted):
                    found.append(f"{record_met}.{name}")
        return found

    def _levers_of_whoever_decides(self, k: int, decision: str) -> list[str]:
        """Titles of the levers that act on the institution whose decision it is, and are not pulled alike under both."""
        known = (*INSTITUTIONS, *self.met[k].own)
        kinds = tuple(kind for kind in known if decision in (each.__name__ for each in kind.decisions))
        one, other = self.lives[0].regime.levers, self.lives[k].regime.levers
        apart = [
            name for name in (*one, *(name for name in other if name not in one)) if one.get(name) != other.get(name)
        ]
        pulled = [other.get(name) or one[name] for name in apart]
        return [lever.title for lever in pulled if issubclass(lever.acts_on, kinds)]

    def _both(self, k: int) -> list[type]:
        """The roles of the k-th life and, where they are others, those of the first."""
        return list(dict.fromkeys((*self.roles[k], *self.roles[0])))

    def _edited(self, k: int, name: str | None, week: Week) -> str | None:
        """Whose rule of this name the k-th life is lived by, where the first life has another or none."""
        role = int(week.before["role"][0])
        mine, theirs = (rules_of(roles[role]).get(name or "") for roles in (self.roles[0], self.roles[k]))
        return None if mine is theirs else self.roles[k][role].__name__

    def _says(self, k: int, name: str | None) -> str:
        if name is None:
            return "What happened to people they know, or who was ahead of them on a list."
        function = self.decisions[name] if name in self.decisions else _versions(self._both(k), name)[0][0]
        return (function.__doc__ or name).strip().splitlines()[0]


def _versions(roles: Sequence[type], name: str) -> list[tuple[Any, type]]:
    """The rule of that name in each role that has it."""
    return [(rules_of(role)[name], role) for role in roles if name in rules_of(role)]


def _values(fields: list[str], one: np.ndarray, other: np.ndarray, pair: tuple[str, str]) -> dict[str, Any]:
    return _named({name: (one[name][0], other[name][0]) for name in fields if name not in words.UNTOLD}, pair)


def _named(values: dict[str, tuple], pair: tuple[str, str]) -> dict[str, Any]:
    """Each field's value by regime, as plain numbers; of tables only the entries that differ."""
    named = {}
    for name, (mine, theirs) in values.items():
        if np.ndim(mine):
            apart = np.asarray(mine) != np.asarray(theirs)
            mine, theirs = np.asarray(mine)[apart], np.asarray(theirs)[apart]
        named[name] = dict(zip(pair, (mine.tolist(), theirs.tolist()), strict=True))
    return named


def _draw(rule: str, steps: tuple[Step | None, Step | None], pair: tuple[str, str]) -> dict[str, Any] | None:
    """The draw that came out differently: its number, its value, and the threshold under each regime.

    Where a life did not make the draw since the number lay above a bound of any chance, that bound stands there (`at_most`).
    """
    found = deciding(*steps)
    either = next((held for held in found or () if held is not None), None)
    if found is None or either is None:
        return None
    bounds = [
        step.bound_of(either.n) if step and held is None else None for held, step in zip(found, steps, strict=True)
    ]
    limits = [bound if held is None else held.limit for held, bound in zip(found, bounds, strict=True)]
    return {
        "rule": rule, "n": either.n, "value": either.value, "thresholds": dict(zip(pair, limits, strict=True)),
        "at_most": [label for label, bound in zip(pair, bounds, strict=True) if bound is not None],
    }  # fmt: skip


# ---------------------------------------------------------------- finding it


def trace(
    scenario: Scenario,
    person: int | None = None,
    pick: str | None = None,
    people_classes: Sequence[type] | None = None,
    engine: str = "compiled",
    show_sensitive: bool = False,
) -> Trace:
    """One simulated life of a scenario's first seed under each of its regimes.

    person: the number of the person; or pick: "diverging" finds one whose lives come to differ gravely. people_classes:
    whose rules people live by, in place of the scenario's. Raises UserError, also for a person who is not there.
    """
    chosen = scenario.regimes
    _check(person, pick, chosen)
    if people_classes is not None:
        scenario = scenario.model_copy(update={"people_classes": people_classes})
    task = Task(scenario, 0, chosen, engine)
    burnt = model_of(task)
    if person is not None:
        burnt.handed_out.number(person)  # raises for one that nobody has
    burn_in(burnt)
    again = partial(model_of, with_budgets(task, burnt) if task.is_like_today else task, start=burnt)
    row = most_diverging([again(regime) for regime in chosen]) if person is None else person
    lives = [LifeUnder(regime, record(burnt, regime, row, again)) for regime in chosen]
    burnt.close()
    if not all(life.weeks for life in lives):
        raise UserError(
            f"person {row} is not there in these years: they died or left before, or come later; choose another number"
        )
    return Trace(burnt, row, lives, scenario.start_year, show_sensitive)


def _check(person: int | None, pick: str | None, regimes: Sequence[Regime]) -> None:
    if (person is None) == (pick is None):
        raise UserError("say whose life to trace: either a person's number or pick='diverging'")
    if pick is not None and pick not in PICKS:
        raise UserError(f"pick knows only 'diverging', not {pick!r}{nearest(pick, PICKS)}")
    if pick is not None and len(regimes) < 2:
        raise UserError("lives diverge between regimes: give at least two, as in status-quo,diversion")
