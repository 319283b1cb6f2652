"""What a circumstance does to a person in all: the rules themselves, lived by a made-up person in it and out of it.

A circumstance may take away what holds as well as add what pulls: whoever is excluded loses school too. So it is not added
up from the causes but lived: one person, one week, a balance that closes its whole gap at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from policysim.agents.institutions.own import met_by
from policysim.engine.fields import Field, fields_of, layout, row_class
from policysim.engine.luck import Luck
from policysim.engine.rules import rule_names
from policysim.evidence.registry import TABLE_AXES, Parameters, axis_of, registry
from policysim.model.building import world_record
from policysim.reference.cause_terms import makers_of_pull
from policysim.reference.causes import Cause, Graph
from policysim.vocabulary.exact import exp

AT_ONCE = "balance_speed"
"""The share of its gap that a balance closes in a week."""


@dataclass(frozen=True)
class Circumstance:
    """One state of a field of a person beside another, and what all rules together make of it."""

    field: str
    meaning: str
    state: str
    rather_than: str
    risk: float
    resilience: float
    total: float
    """Risk less resilience (standard deviations)."""
    log_ratio: float
    low: float
    high: float
    """Of the log ratio, with every number at the ends of its range that bear on it, and the weight of a unit as it is."""
    role: str

    @property
    def ratio(self) -> float:
        """By what the hazards that the balances pull on are multiplied."""
        return float(exp(self.log_ratio))


class StandIn:
    """A made-up person of a role to whom nothing has happened, in a world of the registry's numbers."""

    def __init__(self, role: type, numbers: Mapping[str, float] | None = None):
        """`numbers` gives rows of the registry other values, limits and relations unasked."""
        fields = fields_of([role])
        self.record = np.zeros(1, layout(fields))
        for name, field in fields.items():
            self.record[name] = field.start
            if _is_since(field):
                self.record[name] = -1
        self.record["present"] = True
        person: Any = role.__new__(role)  # type: ignore[call-overload]
        person.people, person.row = self.record, 0
        self.person = person
        world, here = world_of(numbers or {}, (role,)), np.zeros(1, layout(fields_of([met_by((role,)).here])))
        self.world = row_class("World", world.dtype)(world, 0)
        self.here = row_class("Here", here.dtype)(here, 0)
        self.rules = list(makers_of_pull(role))
        self.luck = Luck(dict.fromkeys(rule_names([role]), 0))
        self.held = ("risk_at_rest", "resilience_at_rest")

    def live(self, circumstances: Mapping[str, float]) -> tuple[float, float, float]:
        """Risk, resilience and the exponent of pull where these circumstances hold them."""
        kept = self.record.copy()
        for name, value in circumstances.items():
            self.record[name] = value
        for name in self.rules:
            self.luck.turn_to(0, 0, name)
            getattr(self.person, name)(self.here, self.world, self.luck)
        found = self.person.risk, self.person.resilience, self.person.log_pull
        self.record[:] = kept
        return found


@lru_cache(maxsize=16)
def _usual_world(roles: tuple[type, ...]) -> np.ndarray:
    """The world of the registry's numbers in which a balance closes its whole gap in a week."""
    world = world_record(Parameters(), roles)
    if AT_ONCE in (world.dtype.names or ()):
        world[AT_ONCE] = 1
    return world


def world_of(numbers: Mapping[str, float], roles: tuple[type, ...] = ()) -> np.ndarray:
    """The same with rows of the registry at other values, which are in the unit of the balances."""
    world = _usual_world(roles).copy()
    for id, value in numbers.items():
        row = registry()[id]
        at = tuple(TABLE_AXES[axis_of(key)].index(key) for key in row.keys)
        world[row.name][(0, *at)] = value
    return world


@lru_cache(maxsize=16)
def circumstances(graph: Graph) -> tuple[Circumstance, ...]:
    """Every circumstance that any role's balances know, the strongest first."""
    found: dict[tuple[str, str], Circumstance] = {}
    for role in graph.roles:
        for one in _of_role(graph, role):
            known = found.get((one.field, one.state))
            if known is None or abs(one.log_ratio - known.log_ratio) > 1e-6:
                found[one.field, one.state if known is None else f"{one.state} ({role.__name__})"] = one
    return tuple(sorted(found.values(), key=lambda one: -abs(one.log_ratio)))


def _of_role(graph: Graph, role: type) -> list[Circumstance]:
    """The circumstances of one role."""
    fields = fields_of([role])
    of_role = [cause for cause in graph.causes if role.__name__ in cause.roles]
    found = []
    for name in dict.fromkeys(name for cause in of_role for name in cause.fields if name in fields):
        about = [cause for cause in of_role if name in cause.fields]
        numbers = dict.fromkeys(c.id for c in about if c.id in registry())  # one can stand in several causes, in part
        ends = [{id: getattr(registry()[id], end) for id in numbers} for end in ("low", "high")]
        worlds = [StandIn(role, end) for end in (None, *ends)]
        values = values_of(fields[name])
        lived = [[_lived(world, name, value, about) for value in values] for world in worlds]
        first = min(range(len(values)), key=lambda k: lived[0][k][2]) if fields[name].states else 0
        for k, value in enumerate(values):
            moved = [[after - before for after, before in zip(one[k], one[first], strict=True)] for one in lived]
            if all(abs(gap) < 1e-9 for one in moved for gap in one):
                continue
            (risk, resilience, _), *_ = moved
            pull, one_end, other_end = (_log_ratio(graph, *one) for one in moved)
            low, high = sorted((one_end, other_end))
            alike = [v for v, own in zip(values, lived[0], strict=True) if abs(own[2] - lived[0][first][2]) < 1e-9]
            alike = alike[:3] if fields[name].states else [values[first]]
            found.append(
                Circumstance(
                    field=name,
                    meaning=name if fields[name].states else fields[name].meaning.partition(";")[0],
                    state=_said(fields[name], value),
                    rather_than=" or ".join(_said(fields[name], one) for one in alike),
                    risk=risk,
                    resilience=resilience,
                    total=risk - resilience,
                    log_ratio=pull,
                    low=low,
                    high=high,
                    role=role.__name__,
                )
            )
    return found


def _log_ratio(graph: Graph, risk: float, resilience: float, pull: float) -> float:
    """What is added to the exponent of pull; of what a rule adds to a balance after pull was made, what it will add next week."""
    return pull if abs(pull) > 1e-9 else graph.weight * (risk - resilience)


def _lived(world: StandIn, name: str, value: float, about: Sequence[Cause]) -> tuple[float, float, float]:
    """Risk, resilience and pull in a circumstance, with what it brought from childhood."""
    rest = {field: 0.0 for field in world.held if field in (world.record.dtype.names or ())}
    for cause in about:
        if cause.early and cause.sign and cause.balance in ("risk", "resilience"):
            brought = float(getattr(world.world, cause.id, cause.value))
            rest[f"{cause.balance}_at_rest"] += cause.sign * brought * value
    return world.live(rest | {name: value})


def values_of(field: Field) -> list[float]:
    """The states between which a field tells; of a count none and one, of weeks since something never and just now."""
    kind = field.states
    if kind is not None:
        return [int(state) for state in kind]
    return [-1, 0] if _is_since(field) else [0, 1]


def _is_since(field: Field) -> bool:
    """Whether a field counts the weeks since something, and says -1 of whom it never happened to."""
    return "-1 never" in field.meaning


def _said(field: Field, value: float) -> str:
    """A state of a field in words."""
    kind = field.states
    if kind is not None:
        return str(kind(int(value)).name).lower().replace("_", " ")
    if field.kind == "?":
        return "yes" if value else "no"
    if value < 0:
        return "never"
    return "just now" if _is_since(field) else f"{value:g}"
