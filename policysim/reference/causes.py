"""The graph of causes, read from the rules: what moves risk and resilience, by how much, and what they pull on.

Nothing here lists a cause. What a rule adds to a balance is found in its source (policysim/engine/flow.py) with the number of
the registry that says how much and the conditions under which it does; what people bring is found alike where they are made.
"""

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from policysim.agents.institutions.own import met_by
from policysim.agents.roles import ROLES
from policysim.engine.fields import fields_of
from policysim.engine.flow import flow_of
from policysim.engine.reads import accesses
from policysim.engine.rules import rules_of
from policysim.engine.terms import Term, Write
from policysim.evidence.registry import Parameter, registry
from policysim.reference.cause_terms import (
    AROUND,
    BALANCES,
    PULL,
    UNIT,
    Part,
    makers_of_pull,
    numbers_in,
    numbers_in_unit,
    parts_of,
    told_by,
    weights_of,
)
from policysim.reference.cause_words import EARLY, GROUPS, OTHER, group, holding, label, when
from policysim.reference.reach import Way, ways_before, ways_to, ways_to_meet

PULLED: dict[str, str] = {
    "start_using": "first use", "start_later": "first use", "start_another": "first use",
    "change_use": "more use, dependence, relapse", "go_through_school": "exclusion from school",
    "stay_in_treatment": "dropping out of treatment", "use_on_top": "use on top of a prescription",
    "be_drawn_in": "being drawn into a supply line",
}  # fmt: skip
"""What rules that the balances pull on are about; of any other the name says it."""


@dataclass(frozen=True)
class Cause:
    """One number that something adds to a balance, or takes from it."""

    id: str
    """Of the registry; of what has no number there, the field of the person."""
    balance: str
    sign: int
    """1 adds to the balance, -1 takes from it, 0 goes either way."""
    towards: int
    """1 pulls towards harm, -1 holds, 0 goes either way."""
    group: str
    label: str
    value: float
    low: float
    high: float
    unit: str
    quality: str
    evidence: tuple[str, ...]
    source: str
    meaning: str
    when: str
    fields: tuple[str, ...]
    """Fields of the person or the neighbourhood by which it is told."""
    each: bool
    """Whether it is of each one of a count, and not of being so at all."""
    fades: bool
    """Whether it is strongest at first and fades with the weeks."""
    modified_by: tuple[str, ...]
    roles: tuple[str, ...]
    function: str
    levers: tuple[Way, ...]
    levers_before: tuple[Way, ...]
    """Levers that act a step earlier: on what lets somebody come into these circumstances."""

    @property
    def early(self) -> bool:
        """Whether it is what a person brings from childhood."""
        return self.group == EARLY


@dataclass(frozen=True)
class Pulled:
    """A rule on whose hazard the balances pull."""

    rule: str
    label: str
    says: str
    roles: tuple[str, ...]
    friends: bool
    """Whether friends who use pull on it as well."""
    where: str


@dataclass(frozen=True)
class Graph:
    """The whole graph, as these roles live it."""

    causes: tuple[Cause, ...]
    weights: tuple[Parameter, ...]
    """What one unit of risk less resilience does to the exponent of pull."""
    pulled: tuple[Pulled, ...]
    roles: tuple[type, ...]

    @property
    def weight(self) -> float:
        """The product of the weights: what one standard deviation adds to the log of the hazards."""
        found = 1.0
        for parameter in self.weights:
            found *= parameter.value
        return found


@lru_cache(maxsize=16)
def graph_of(roles: tuple[type, ...] = ROLES) -> Graph:
    """The graph of causes of these roles."""
    found: dict[tuple, Cause] = {}
    weights: dict[str, None] = {}
    for role in roles:
        for part in parts_of(role):
            for cause in _causes(part, role):
                key = cause.id, cause.balance, cause.sign, cause.when, cause.fields
                known = found.get(key)
                found[key] = cause if known is None else replace(known, roles=(*known.roles, *cause.roles))
        weights |= dict.fromkeys(weights_of(role))
    order = {group: k for k, group in enumerate((EARLY, *(group for group, _ in GROUPS[::-1]), OTHER))}
    causes = sorted(found.values(), key=lambda cause: order[cause.group])
    told = [_with_levers(cause, roles) for cause in causes]
    return Graph(tuple(told), tuple(registry()[name] for name in weights if name in registry()), _pulled(roles), roles)


# --- causes -----------------------------------------------------------------------------------------------------------
def _causes(part: Part, role: type) -> list[Cause]:
    """The causes among some terms."""
    balance, sign, terms, brought, how, by = part
    fields = fields_of([role])
    usual = _in_most(terms)
    by_number: dict[tuple[str, str], list[Term]] = {}
    for term in terms:
        numbers = [m for m in term.factors if m.record == "world" and (m.field in numbers_in_unit() or balance == PULL)]
        for m in numbers:
            by_number.setdefault((m.field, m.index), []).append(term)
        own = [m for m in told_by(term, "") if m in term.factors or term.guards]
        if own and not numbers and all(fields[m.field].unit != UNIT for m in own if m.field in fields):
            by_number.setdefault(("", own[0].field), []).append(term)
    found = []
    for (name, index), own_terms in by_number.items():
        told = [term for term in own_terms if told_by(term, name)]
        by_fields: dict[frozenset[str], list[Term]] = {}
        for term in told or own_terms:
            by_fields.setdefault(frozenset(m.field for m in told_by(term, name)), []).append(term)
        for about in by_fields.values():
            first = min(about, key=lambda term: len(term.factors))
            centred = not how and first.sign == -1 and len(own_terms) > len(told)
            either = not first.guards and (centred or (brought and not told_by(first, name)))
            weekly = not brought and not how and balance != PULL and not usual <= {m.field for m in first.factors}
            said = how or ("added every week" if weekly else "")
            for row, key in _rows(name, index):
                cause = _cause(row, key, balance, 0 if either else sign * first.sign, about, usual, role)
                cause = replace(cause, unit=f"{cause.unit}, {said}") if said else cause
                found.append(_where_done(cause, by, about, role) if how else cause)
    return found


def _where_done(cause: Cause, by: str, terms: Sequence[Term], role: type) -> Cause:
    """A cause in a rule that does not hold the balances: told by what it rests on where people live, and by who decides it."""
    rests_on = {m for t in terms for m in Write("", "", (t,), t.guards, by_nobody, 0).depends_on}
    fields = {m.field for m in rests_on if m.record == "here"} | {
        m.field for t in terms for m in t.factors if m.record == "self"
    }
    decided = {f"decides {by}"} if by in met_by((role,)).decisions else set()
    return replace(cause, when=f"when {by} does so", fields=tuple(sorted(fields - AROUND | decided)), fades=False)


def by_nobody() -> None:
    """In place of a function, where it is not asked which."""


def _in_most(terms: Sequence[Term]) -> frozenset[str]:
    """Numbers in most of the terms: how fast a balance moves is no cause."""
    every = [frozenset(m.field for m in term.factors if m.record == "world") for term in terms if numbers_in(term)]
    names = frozenset[str]().union(*every)
    return frozenset(n for n in names if len(every) > 1 and 2 * sum(n in one for one in every) > len(every))


def _rows(name: str, index: str) -> list[tuple[Parameter | str, str]]:
    """The rows of the registry that a number is made of, each with the key that says when it is that one."""
    if not name:
        return [(index, "")]
    rows = [parameter for parameter in registry().values() if parameter.name == name]
    found = [(parameter, ", ".join(parameter.keys)) for parameter in rows if parameter.quality != "definition"]
    return found or [(parameter, "") for parameter in rows[:1]]  # type: ignore[return-value]


def _cause(
    row: Parameter | str, key: str, balance: str, sign: int, terms: Sequence[Term], usual: frozenset[str], role: type
) -> Cause:  # fmt: skip
    """A cause from its row of the registry, or from the field of the person that has none."""
    fields = fields_of([role])
    first = min(terms, key=lambda term: len(term.factors))
    number = row if isinstance(row, Parameter) else None
    name = number.name if number else str(row)
    told = sorted({m.field for term in terms for m in told_by(term, name)} | ({name} & fields.keys()))
    counted = [m.field for m in first.factors if m.record in ("self", "here") and _counts(m.field, fields)]
    meaning = number.meaning if number else fields[name].meaning if name in fields else name
    times = _times(first, usual | {name})
    value = number.value if number else 1.0
    low, high = (end if end is not None else value for end in ((number.low, number.high) if number else (None, None)))
    named = {m.field for term in terms for m in term.factors if m.record in ("world", "number")} - usual - {name}
    return Cause(
        id=number.id if number else name,
        balance=balance,
        sign=sign,
        towards=-sign if balance == BALANCES[1] else sign,
        group=group(name, told, meaning),
        label=label(meaning, key),
        value=value * times,
        low=low * times,
        high=high * times,
        unit=(number.unit if number else UNIT) + (" for each" if counted else ""),
        quality=number.quality if number else "none",
        evidence=number.evidence if number else (),
        source=number.source if number else "no number of the registry says how much",
        meaning=meaning,
        when=when(terms, key, told),
        fields=tuple(told),
        each=bool(counted),
        fades=any(name in told for name in _moved_with(role)) or bool(named & _clocks()),
        modified_by=tuple(sorted(named)),
        roles=(role.__name__,),
        function="{}, line {}".format(*first.place),
        levers=(),
        levers_before=(),
    )


def _times(term: Term, but: frozenset[str]) -> float:
    """What a number is multiplied by in a term: numbers of the rule itself, and shares and ratios of the registry."""
    times = 1.0
    for m in term.factors - {m for m in term.factors if m.field in but or m.index}:
        row = registry().get(m.field) if m.record == "world" else None
        if m.record == "number":
            times *= float(m.field)
        elif row is not None and row.unit in ("share", "ratio", "probability") and row.quality != "definition":
            times *= row.value
    return times


@lru_cache(maxsize=64)
def _moved_with(role: type) -> frozenset[str]:
    """Fields that the rules which move the balances themselves let fade."""
    flows = (flow_of(rule, role) for rule in makers_of_pull(role).values())
    return frozenset(write.field for flow in flows for write in flow.writes) - AROUND


def _clocks() -> frozenset[str]:
    """Numbers that say how long a week is: a term with one of them is about the time that has passed."""
    return frozenset({"week_in_years"})


def _counts(name: str, fields: dict) -> bool:
    """Whether a field says how many or how much, and not whether or which."""
    field = fields.get(name)
    return field is not None and field.kind != "?" and field.unit not in ("share", "weeks", "") and not field.states


# --- levers, and what is pulled on ------------------------------------------------------------------------------------
def _with_levers(cause: Cause, roles: tuple[type, ...]) -> Cause:
    """The cause with the levers that act on it."""
    fields = fields_of(roles)
    found: dict[Way, None] = {}
    before: dict[Way, None] = {}
    for name in cause.fields:
        if name not in fields:  # met as it stands, where they live or by a decision
            found |= dict.fromkeys(ways_to_meet(name, cause.function.partition(",")[0]))
            continue
        wanted = None if cause.early else _wanted(cause, name, fields[name].states)
        if wanted is not None:
            found |= dict.fromkeys(ways_to(name, wanted, roles))
            before |= dict.fromkeys(ways_before(name, wanted, roles))
    near = {way.lever for way in found}
    return replace(cause, levers=tuple(found), levers_before=tuple(way for way in before if way.lever not in near))


def _wanted(cause: Cause, field: str, kind: type | None) -> frozenset[str] | None:
    """The states of a field in which a cause acts; empty where any may be, None where the cause is about another field."""
    if kind is None:
        return frozenset()
    every = {state.name: state.name.lower().replace("_", " ") for state in kind}  # type: ignore[attr-defined]
    said = {state for state, word in every.items() if re.search(rf"\b{field} == {word}\b", holding(cause.when))}
    keys = cause.id.partition("[")[2].rstrip("]").split(",")
    if keys != [""] and not said:
        said = {state for state, word in every.items() if word.replace(" ", "-") in keys}
        if not said:
            return None
    return frozenset(f"{kind.__name__}.{state}" for state in said)


def _pulled(roles: tuple[type, ...]) -> tuple[Pulled, ...]:
    """Every rule that reads the exponent of pull and does not make it."""
    found: dict[str, Pulled] = {}
    for role in roles:
        for name, rule in rules_of(role).items():
            uses = [access for access in accesses(rule, role) if access.record == "self" and not access.writes]
            if name in makers_of_pull(role) or not any(access.field == PULL for access in uses):
                continue
            friends = any(access.field == "peers_using" for access in uses)
            known = found.get(name)
            says = (inspect.getdoc(rule) or "").partition("\n")[0]
            label = PULLED.get(name, name.replace("_", " "))
            where = f"{Path(rule.__code__.co_filename).name}, line {rule.__code__.co_firstlineno}"
            own = Pulled(name, label, says, (role.__name__,), friends, where)
            found[name] = own if known is None else replace(known, roles=(*known.roles, role.__name__))
    return tuple(found.values())
