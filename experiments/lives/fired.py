"""How often rules of one's own write something, and write otherwise than the stock rules would.

A compiled run keeps no count of writes. So every week some people's weeks are lived a second time, in Python, from the very
state in which the compiled week finds them: what a rule does there is to the bit what it does in the run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from policysim.engine.fields import fields_of, weekly_in
from policysim.engine.luck import SHARED, Luck, key_of
from policysim.engine.rules import rule_names, rules_of, shared_lots
from policysim.engine.week import Buffers, Pass
from policysim.experiments.lives.replay import differing, known_rows
from policysim.model import DrugPolicyModel


@dataclass
class Fired:
    """Of a rule: people-weeks of the sample in which it was lived, wrote something, and wrote otherwise than the stock rule."""

    lived: int = 0
    wrote: int = 0
    otherwise: int = 0

    def __add__(self, other: "Fired") -> "Fired":
        return Fired(self.lived + other.lived, self.wrote + other.wrote, self.otherwise + other.otherwise)


def edited_rules(stock: Sequence[type], edited: Sequence[type]) -> dict[int, list[str]]:
    """By role, which rules of the edited roles are not those of the stock ones; new ones too."""
    pairs = [(rules_of(one), rules_of(other)) for one, other in zip(stock, edited, strict=True)]
    found = {role: [name for name in new if new[name] is not old.get(name)] for role, (old, new) in enumerate(pairs)}
    return {role: names for role, names in found.items() if names}


class CountingEngine:
    """The engine of a model, which first lives the week of a sample in Python and counts what some of its rules write."""

    def __init__(self, model: DrugPolicyModel, stock: Sequence[type], names: Mapping[int, list[str]], most: int):
        """stock: roles whose rules the model's own are held against. names: by role the rules. most: people a week."""
        self.engine, self.roles, self.names, self.most = model.engine, model.roles, names, most
        self.seed, self.stock = model.run_seed, stock
        self.known = frozenset(fields_of(stock))
        self.weekly = weekly_in(fields_of(model.roles))
        keys = {name: key_of(model.run_seed, name) for name in (*rule_names((*model.roles, *stock)), SHARED)}
        self.luck, self.stock_luck = (Luck(keys, shared_lots(roles)) for roles in (model.roles, stock))
        self.here, self.world = known_rows("Here", model.places.dtype), known_rows("World", model.world_array.dtype)
        self.fired = {name: Fired() for of_role in names.values() for name in of_role}

    def run(self, state: Any, week: int, entered: int, buffers: Buffers) -> Pass:
        """The pass of the week, after the sample's."""
        rows = self._sample(state.people, week)
        state.rest.rouse(rows)
        for row in rows.tolist():
            self._live(state, week, row)
        return self.engine.run(state, week, entered, buffers)

    def decide(self, state: Any, name: str, week: int, rows: np.ndarray, choices: np.ndarray) -> None:
        """Decisions of an institution, as ever."""
        self.engine.decide(state, name, week, rows, choices)

    def close(self) -> None:
        """Let go of what the engine holds."""
        self.engine.close()

    def _sample(self, people: np.ndarray, week: int) -> np.ndarray:
        """Some of those who live by any of the rules: the same order of people in every arm of a seed."""
        order = np.random.default_rng([self.seed, week]).permutation(people.size)
        fits = people["present"] & np.isin(people["role"], list(self.names))
        return order[fits[order]][: self.most]

    def _live(self, state: Any, week: int, row: int) -> None:
        """A person's week, rule by rule, until they are no longer present."""
        person = state.people[row : row + 1].copy()
        for name in self.weekly:
            person[name] = 0
        role = int(person["role"][0])
        agent = _agent(self.roles[role], person)
        surroundings = self.here(state.places, int(person["neighbourhood"][0])), self.world(state.world, 0)
        for name in rules_of(self.roles[role]):
            before = person.copy() if name in self.names[role] else None
            self.luck.turn_to(row, week, name)
            getattr(agent, name)(*surroundings, self.luck)
            if before is not None:
                wrote = bool(differing(before, person, frozenset()))
                otherwise = self._is_otherwise(role, name, before, person, surroundings, row, week)
                self.fired[name] += Fired(1, wrote, otherwise)
            if not person["present"][0]:
                return

    def _is_otherwise(
        self, role: int, name: str, before: np.ndarray, after: np.ndarray, surroundings: tuple, row: int, week: int
    ) -> bool:
        """Whether the stock rule of that name, or where there is none nothing, leaves another row of the fields it knows."""
        kind = self.stock[role]
        if kind is self.roles[role]:
            return False
        if name in rules_of(kind):
            self.stock_luck.turn_to(row, week, name)
            getattr(_agent(kind, before), name)(*surroundings, self.stock_luck)
        return not self.known.isdisjoint(differing(before, after, frozenset()))


def _agent(kind: type, person: np.ndarray) -> Any:
    """One person who lives by the rules of a role, with no model: none is needed to live a week."""
    agent: Any = object.__new__(kind)
    agent.people, agent.row = person, 0
    return agent
