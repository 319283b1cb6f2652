"""What a rule reads and writes, found in its source: fields of the person, of here and of the world."""

import ast
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from policysim.engine.rules import rules_of
from policysim.engine.syntax import parse, place_of
from policysim.errors import UserError, nearest

RECORDS = ("self", "here", "world")
"""The records a rule is given, in the order of its arguments (luck, the fourth, holds no fields)."""


class Access(NamedTuple):
    """One mention of a field."""

    record: str  # self, here or world
    field: str
    writes: bool
    function: Callable  # the rule or helper in which it stands
    node: ast.AST


def reads_of(function: Callable, owner: type | None = None) -> dict[str, dict[str, list[str]]]:
    """Fields that a rule and its helpers touch: {"self": {"reads": [...], "writes": [...]}, "here": ..., "world": ...}.

    `owner` is the role that the rule is run for, which says what super() means.
    """
    found: dict[str, dict[str, set[str]]] = {record: {"reads": set(), "writes": set()} for record in RECORDS}
    for access in accesses(function, owner):
        found[access.record]["writes" if access.writes else "reads"].add(access.field)
    return {record: {how: sorted(names) for how, names in kinds.items()} for record, kinds in found.items()}


def accesses(function: Callable, owner: type | None = None) -> list[Access]:
    """Every mention of a field in a rule and, followed through its calls, in its helpers and its parents' rules."""
    names = function.__code__.co_varnames[: function.__code__.co_argcount]  # type: ignore[attr-defined]
    found: list[Access] = []
    _follow(function, dict(zip(names, RECORDS, strict=False)), owner, found, set())
    return found


def _follow(function: Callable, records: dict[str, str], owner: type | None, found: list[Access], seen: set) -> None:
    """`records` says which argument of the function is which record."""
    key = (function, tuple(sorted(records.items())))
    if key in seen:
        return
    seen.add(key)
    found += _own(function, key[1])
    for call in (node for node in ast.walk(_tree(function)) if isinstance(node, ast.Call)):
        called = _called(function, call, owner)
        if called is not None:
            names = called.__code__.co_varnames[: called.__code__.co_argcount]  # type: ignore[attr-defined]
            given = list(call.args)
            if isinstance(call.func, ast.Attribute):  # super().rule(...) passes the person on without saying so
                given = [ast.Name(next((n for n, r in records.items() if r == "self"), "self")), *given]
            pairs = [*zip(names, given, strict=False), *((k.arg, k.value) for k in call.keywords)]
            passed = {n: records[v.id] for n, v in pairs if n and isinstance(v, ast.Name) and v.id in records}
            _follow(called, passed, owner, found, seen)


@lru_cache(maxsize=4096)
def _own(function: Callable, records: tuple[tuple[str, str], ...]) -> list[Access]:
    """Mentions in the function itself."""
    known, tree, written = dict(records), _tree(function), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            written.add(node.value)
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            writes = node in written or not isinstance(node.ctx, ast.Load)
            found.append(Access(known[node.value.id], node.attr, writes, function, node))
        if isinstance(node, ast.AugAssign):
            target = node.target.value if isinstance(node.target, ast.Subscript) else node.target
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id in known:
                found.append(Access(known[target.value.id], target.attr, False, function, target))
    return found


@lru_cache(maxsize=4096)
def _tree(function: Callable) -> ast.FunctionDef:
    return parse(function)


def _called(function: Callable, call: ast.Call, owner: type | None) -> Callable | None:
    """The helper, or the parent's rule, that a call means; None for anything else."""
    target = call.func
    if isinstance(target, ast.Name):
        value = {**function.__globals__, **_closure(function)}.get(target.id)  # type: ignore[attr-defined]
        return value if getattr(value, "is_helper", False) else None
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Call) and owner is not None:
        inner = target.value.func
        if isinstance(inner, ast.Name) and inner.id == "super":
            return parent_rule(function, target.attr, owner)
    return None


def _closure(function: Callable) -> dict[str, object]:
    """The names that a function takes from a function around it."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)  # type: ignore[attr-defined]
    return {name: cell.cell_contents for name, cell in cells if name != "__class__"}


def parent_rule(function: Callable, rule: str, role: type) -> Callable | None:
    """What super().rule(...) inside this function means for this role, as Python finds it; None if nothing."""
    home = next((k for k, cls in enumerate(role.__mro__) if function in vars(cls).values()), len(role.__mro__))
    return next((vars(cls)[rule] for cls in role.__mro__[home + 1 :] if rule in vars(cls)), None)


@lru_cache(maxsize=64)
def check_fields(
    roles: tuple[type, ...], decisions: tuple[Callable, ...], of_self: frozenset[str], of_here: frozenset[str],
    of_world: frozenset[str],
) -> None:  # fmt: skip
    """Raise UserError for a field that no record has, or that a person may not write; the sets say what there is."""
    fields = {"self": of_self, "here": of_here, "world": of_world}
    for function, role in _everything(roles, decisions):
        for access in accesses(function, role):
            known = fields[access.record]
            if access.field not in known:
                raise UserError(_unknown(access, known))
            if access.writes and access.record != "self":
                raise UserError(
                    f"{place_of(access.function, access.node)} writes {access.record}.{access.field}; a person writes "
                    "only their own row, institutions set what people meet"
                )


def _everything(roles: tuple[type, ...], decisions: tuple[Callable, ...]) -> Iterator[tuple[Callable, type | None]]:
    for role in roles:
        for function in rules_of(role).values():
            yield function, role
    for function in decisions:
        yield function, None


def _unknown(access: Access, known: frozenset[str]) -> str:
    what = {
        "self": "which is no field of a person (declare it beside the rule with Field(...))",
        "here": "which is no field of a neighbourhood",
        "world": "which is neither a field of the world nor a parameter of the registry",
    }[access.record]
    name = f"{access.record}.{access.field}"
    return f"{place_of(access.function, access.node)} uses {name}, {what}{nearest(access.field, sorted(known))}"
