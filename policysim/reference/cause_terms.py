"""Terms of the two balances: what the rules and the making of people add to them, read in their source."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from policysim import world
from policysim.agents.institutions.own import met_by
from policysim.engine.fields import fields_of
from policysim.engine.flow import flow_of, writes_in
from policysim.engine.rules import rules_of
from policysim.engine.terms import Flow, Mention, Term
from policysim.evidence.registry import registry

BALANCES = ("risk", "resilience")
PULL = "log_pull"
UNIT = "standard deviations"
AROUND = frozenset({*BALANCES, PULL, "weeks"})
"""Fields of a person that are no circumstances."""


class Part(NamedTuple):
    """Terms of one balance, or of what is added to it with this sign."""

    balance: str
    sign: int
    terms: tuple[Term, ...]
    brought: bool = False
    """Whether people are made with it."""
    how: str = ""
    """How it acts, where it does not hold for as long as the circumstance lasts."""
    by: str = ""
    """The rule or decision that does so."""


def parts_of(role: type) -> list[Part]:
    """All that moves the balances of a role: circumstances, what is brought, what happens in other rules."""
    at_rest = _carried(role)
    return [
        *(Part(balance, 1, _terms(role, balance)) for balance in BALANCES),
        *(Part(balance, sign, _brought(field), brought=True) for field, balance, sign in at_rest),
        Part(PULL, 1, _straight(role)),
        *(Part(name, 1, terms, how="at once", by=by) for name in BALANCES for by, terms in _elsewhere(role, name)),
        *(
            Part(balance, sign, terms, how="from then on", by=by)
            for field, balance, sign in at_rest
            for by, terms in _elsewhere(role, field)
        ),
    ]


@lru_cache(maxsize=256)
def _terms(role: type, field: str) -> tuple[Term, ...]:
    """What the rules of a role that make its pull make of a field."""
    return _of_field([flow_of(rule, role) for rule in makers_of_pull(role).values()], field)


@lru_cache(maxsize=64)
def makers_of_pull(role: type) -> dict[str, Callable]:
    """The rules that draw the balances towards where they settle, and make the pull from them."""
    fields = fields_of([role])
    settles = {name for name, field in fields.items() if field.unit == UNIT and name not in AROUND}
    return {
        name: rule
        for name, rule in rules_of(role).items()
        if PULL in flow_of(rule, role).fields
        and any(m.field in settles for b in BALANCES for t in flow_of(rule, role).fields.get(b, ()) for m in t.factors)
    }


@lru_cache(maxsize=256)
def _elsewhere(role: type, field: str) -> tuple[tuple[str, tuple[Term, ...]], ...]:
    """The same of each other rule that moves it, and of each decision, by name."""
    flows = {name: flow_of(rule, role) for name, rule in rules_of(role).items()}
    flows |= {name: flow_of(decision) for name, decision in met_by((role,)).decisions.items()}
    makers = makers_of_pull(role)
    found = ((name, _of_field([flow], field)) for name, flow in flows.items() if name not in makers)
    return tuple((name, terms) for name, terms in found if terms)


def _of_field(flows: Sequence[Flow], field: str) -> tuple[Term, ...]:
    terms = (term for flow in flows for term in flow.fields.get(field, ()))
    return tuple(dict.fromkeys(term for term in terms if not _is_own(term, field)))


def _is_own(term: Term, field: str) -> bool:
    """Whether a term is the field as it was: a balance remembers."""
    return any(m.record == "self" and m.field == field for m in term.factors) and not numbers_in(term)


def numbers_in(term: Term) -> list[str]:
    """Names of the numbers of the registry in a term that are in the unit of the balances."""
    return [m.field for m in term.factors if m.record == "world" and m.field in numbers_in_unit()]


@lru_cache(maxsize=1)
def numbers_in_unit() -> frozenset[str]:
    return frozenset(parameter.name for parameter in registry().values() if parameter.unit == UNIT)


def _carried(role: type) -> list[tuple[str, str, int]]:
    """Fields in the unit of the balances that are added to one, such as where risk settles: field, balance, sign."""
    fields = fields_of([role])
    found: dict[tuple[str, str, int], None] = {}
    for balance in BALANCES:
        for term in _terms(role, balance):
            for m in term.factors:
                if (
                    m.record == "self"
                    and m.field not in AROUND
                    and fields[m.field].unit == UNIT
                    and not numbers_in(term)
                ):
                    found[m.field, balance, term.sign] = None
    return list(found)


@lru_cache(maxsize=64)
def _brought(field: str) -> tuple[Term, ...]:
    """What such a field is made of where people are made."""
    return tuple(term for one in _makers() if field in writes_in(one) for term in flow_of(one).fields[field])


@lru_cache(maxsize=1)
def _makers() -> tuple[Callable, ...]:
    """Functions by which people are made."""
    found: list[Callable] = []
    for part in pkgutil.iter_modules(world.__path__):
        module = importlib.import_module(f"{world.__name__}.{part.name}")
        found += [f for f in vars(module).values() if inspect.isfunction(f) and f.__module__ == module.__name__]
    return tuple(function for function in found if writes_in(function))


def weights_of(role: type) -> list[str]:
    """Numbers by which a balance counts in the exponent of pull and in nothing that moves the balance."""
    terms = _terms(role, PULL)
    moved = [term for term in terms if any(m.record == "self" and m.field in BALANCES for m in term.factors)]
    first = [{m.field for m in term.factors if m.record == "world"} for term in moved if term.sign]
    common = set.intersection(*first) if first else set()
    inside = {m.field for balance in BALANCES for term in _terms(role, balance) for m in term.factors}
    return sorted(name for name in common - inside if name in registry())


def _straight(role: type) -> tuple[Term, ...]:
    """What is added to the exponent of pull past the balances, in some circumstances."""
    past = {*BALANCES, *(field for field, _, _ in _carried(role))}
    return tuple(
        term
        for term in _terms(role, PULL)
        if not numbers_in(term) and not any(m.field in past for m in term.factors) and told_by(term, "")
    )


def told_by(term: Term, name: str) -> list[Mention]:
    """Fields of the person or of the neighbourhood on which a term rests."""
    return [
        m for m in term.mentions if m.record in ("self", "here") and m.field not in AROUND | {"neighbourhood", name}
    ]
