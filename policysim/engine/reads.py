"""What a rule reads and writes, found in its source: fields of the person, of here and of the world."""

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from policysim.engine.fields import Event, fields_of, marks_in
from policysim.engine.rules import rules_of
from policysim.engine.slips import check_super
from policysim.engine.syntax import NOT_FOR_RULES, parse, place_of
from policysim.errors import UserError, nearest
from policysim.vocabulary.mark import Mark, field_of

RECORDS = ("self", "here", "world")
"""The records a rule is given, in the order of its arguments (luck, the fourth, holds no fields)."""


Fields = frozenset[tuple[str, tuple[int, ...]]]
"""Names of a record's fields, each with its lengths: none for a single number."""


class Access(NamedTuple):
    """One mention of a field."""

    record: str  # self, here or world
    field: str
    indices: int  # how many indices follow it: 2 in world.start_rate[substance, band]
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
    found: list[Access] = []
    _follow(function, _records_of(function), owner, found, set())
    return found


def _records_of(function: Callable) -> dict[str, str]:
    """Which argument is which record: of a rule the first three, whatever they are called; of a helper those named so."""
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    named = {name: name for name in names if name in RECORDS[1:]}
    if getattr(function, "is_helper", False) and named:
        return {names[0]: RECORDS[0]} | named
    return dict(zip(names, RECORDS, strict=False))


def _follow(function: Callable, records: dict[str, str], owner: type | None, found: list[Access], seen: set) -> None:
    """`records` says which argument of the function is which record."""
    key = (function, tuple(sorted(records.items())))
    if key in seen:
        return
    seen.add(key)
    found += _own(function, key[1])
    for call in calls_in(function):
        called = called_in(function, call, owner)
        if called is not None:
            if isinstance(call.func, ast.Attribute):
                check_super(function, call)
            _follow(called, passed_on(called, call, records)[0], owner, found, seen)


def passed_on(called: Callable, call: ast.Call, records: dict[str, str]) -> tuple[dict[str, str], dict[str, ast.expr]]:
    """What a call gives to the arguments of the function called: records by name, and other values."""
    names = called.__code__.co_varnames[: called.__code__.co_argcount]
    given = list(call.args)
    if isinstance(call.func, ast.Attribute):  # super().rule(...) passes the person on without saying so
        given = [ast.Name(next((n for n, r in records.items() if r == "self"), "self")), *given]
    pairs = {**dict(zip(names, given, strict=False)), **{k.arg: k.value for k in call.keywords if k.arg}}
    passed = {n: records[v.id] for n, v in pairs.items() if isinstance(v, ast.Name) and v.id in records}
    return passed, {n: v for n, v in pairs.items() if n not in passed}


@lru_cache(maxsize=4096)
def _own(function: Callable, records: tuple[tuple[str, str], ...]) -> list[Access]:
    """Mentions in the function itself."""
    known, tree = dict(records), tree_of(function)
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name) or node.value.id not in known:
            continue
        indices, whole = 0, _indexed(above, node)
        index: ast.AST = whole
        while isinstance(index, ast.Subscript):
            indices += len(indices_of(index))
            index = index.value
        user = above[whole]
        if isinstance(user, ast.Call) and user.func is whole:
            continue  # a method: policysim.engine.syntax says what to write in its place
        access = Access(known[node.value.id], node.attr, indices, not isinstance(whole.ctx, ast.Load), function, node)
        found.append(access)
        if isinstance(user, ast.AugAssign):
            found.append(access._replace(writes=False))
    return found


def _indexed(above: dict[ast.AST, ast.AST], node: ast.Attribute | ast.Subscript) -> ast.Attribute | ast.Subscript:
    """The mention of a field together with the indices behind it."""
    user = above[node]
    return _indexed(above, user) if isinstance(user, ast.Subscript) and user.value is node else node


def indices_of(node: ast.Subscript) -> list[ast.expr]:
    """The indices between one pair of brackets."""
    return node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]


def array_of(node: ast.Subscript) -> tuple[ast.expr, int]:
    """What is indexed, and how many indices stand before these: table[i][j] is table[i, j]."""
    array, before = node.value, 0
    while isinstance(array, ast.Subscript):
        before += len(indices_of(array))
        array = array.value
    return array, before


@lru_cache(maxsize=4096)
def tree_of(function: Callable) -> ast.FunctionDef:
    return parse(function)


@lru_cache(maxsize=4096)
def calls_in(function: Callable) -> tuple[ast.Call, ...]:
    """Every call in the function itself."""
    return tuple(node for node in ast.walk(tree_of(function)) if isinstance(node, ast.Call))


def called_in(function: Callable, call: ast.Call, owner: type | None) -> Callable | None:
    """The helper, or the parent's rule, that a call means; None for anything else."""
    target = call.func
    if isinstance(target, ast.Name):
        value: Any = closure_of(function).get(target.id, function.__globals__.get(target.id))
        return value if getattr(value, "is_helper", False) else None
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Call) and owner is not None:
        inner = target.value.func
        if isinstance(inner, ast.Name) and inner.id == "super":
            return parent_rule(function, target.attr, owner)
    return None


def closure_of(function: Callable) -> dict[str, object]:
    """The names that a function takes from a function around it."""
    cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    return {name: cell.cell_contents for name, cell in cells if name != "__class__"}


def parent_rule(function: Callable, rule: str, role: type) -> Callable | None:
    """What super().rule(...) inside this function means for this role, as Python finds it; None if nothing."""
    home = next((k for k, cls in enumerate(role.__mro__) if function in vars(cls).values()), len(role.__mro__))
    return next((vars(cls)[rule] for cls in role.__mro__[home + 1 :] if rule in vars(cls)), None)


@lru_cache(maxsize=64)
def check_fields(
    roles: tuple[type, ...], decisions: tuple[Callable, ...], of_self: Fields, of_here: Fields, of_world: Fields
) -> None:
    """Raise UserError for a field that no record has, is indexed wrongly, or may not be written by a person.

    What there is comes as pairs of a field's name and its lengths.
    """
    fields = {"self": dict(of_self), "here": dict(of_here), "world": dict(of_world)}
    for function, role in everything(roles, decisions):
        for access in accesses(function, role):
            known = fields[access.record]
            if access.field not in known:
                raise UserError(_unknown(access, fields))
            if access.indices != len(known[access.field]):
                raise UserError(_misindexed(access, len(known[access.field])))
            if access.writes and access.record != "self":
                raise UserError(
                    f"{place_of(access.function, access.node)} writes {access.record}.{access.field}; a person writes "
                    "only their own row, institutions set what people meet"
                )


def check_marks(roles: tuple[type, ...], decisions: tuple[Callable, ...]) -> None:
    """Raise UserError where a rule leaves a mark that may be of another part of life, or takes the week's marks away."""
    used = {
        access.function: None for function, role in everything(roles, decisions) for access in accesses(function, role)
    }
    declared = fields_of(roles)
    fields = {name: marks for name, marks in marks_in(declared).items() if not isinstance(declared[name], Event)}
    for function in used:
        for node in ast.walk(tree_of(function)):
            for target in _targets(node):
                if isinstance(target, ast.Attribute) and target.attr in fields:
                    _check_left(function, node, target, fields[target.attr])


def _targets(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []


def _check_left(function: Callable, node: ast.AST, target: ast.Attribute, marks: type[Mark]) -> None:
    if not isinstance(node, ast.AugAssign) or not isinstance(node.op, ast.BitOr):
        raise UserError(
            f"{place_of(function, target)} changes self.{target.attr}, which holds all that has happened this week; "
            f"a rule adds to it: self.{target.attr} |= {marks.__name__}.{next(iter(marks.__members__))}"
        )
    for part in _alternatives(node.value):
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            _check_mark(function, target, part)
        elif not (isinstance(part, ast.Name) and part.id in inspect.signature(function).parameters):
            raise UserError(
                f"{place_of(function, target)} adds {ast.unparse(part)} to self.{target.attr}; say the mark itself, as in "
                f"self.{target.attr} |= {marks.__name__}.{next(iter(marks.__members__))}"
            )


def _alternatives(value: ast.expr) -> list[ast.expr]:
    """The marks that an expression may come to: both of `a | b`, either of `a if so else b`."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
        return _alternatives(value.left) + _alternatives(value.right)
    if isinstance(value, ast.IfExp):
        return _alternatives(value.body) + _alternatives(value.orelse)
    return [value]


def _check_mark(function: Callable, target: ast.Attribute, part: ast.Attribute) -> None:
    of = part.value.id if isinstance(part.value, ast.Name) else ""
    marks = function.__globals__.get(of)
    if isinstance(marks, type) and issubclass(marks, Mark) and field_of(marks) != target.attr:
        raise UserError(
            f"{place_of(function, target)} leaves {of}.{part.attr} in self.{target.attr}; it belongs in "
            f"self.{field_of(marks)}"
        )


def everything(roles: tuple[type, ...], decisions: tuple[Callable, ...]) -> Iterator[tuple[Callable, type | None]]:
    for role in roles:
        for function in rules_of(role).values():
            yield function, role
            for bound in (function.most, function.lots):  # type: ignore[attr-defined]
                if bound is not None:
                    yield bound, role
    for function in decisions:
        yield function, None


def fields_in(dtype: np.dtype) -> Fields:
    """The fields of a record, as check_fields takes them."""
    return frozenset((name, dtype[name].shape) for name in dtype.names or ())


def _misindexed(access: Access, indices: int) -> str:
    name = f"{access.record}.{access.field}"
    what = f"holds {'a number for each index' if indices else 'one number'}"
    remedy = f"{name}[{', '.join('ijkl'[:indices])}]" if indices else name
    return f"{place_of(access.function, access.node)} uses {name}, which {what}; write {remedy}"


LISTED = " ('policysim fields' lists what a rule may read)"


def _unknown(access: Access, fields: dict[str, dict[str, tuple[int, ...]]]) -> str:
    """`fields` are those there are, by record."""
    what = {
        "self": "which is no field of a person (declare it beside the rule with Field(...))",
        "here": "which is no field of a neighbourhood",
        "world": "which is neither a field of the world nor a parameter of the registry",
    }[access.record]
    name, place = f"{access.record}.{access.field}", place_of(access.function, access.node)
    if access.record == "self" and access.field in NOT_FOR_RULES:
        return f"{place} uses {name}; {NOT_FOR_RULES[access.field]}"
    elsewhere = [f"{record}.{access.field}" for record in RECORDS if access.field in fields[record]]
    close = f"; write {elsewhere[0]}" if elsewhere else nearest(access.field, sorted(fields[access.record])) or LISTED
    return f"{place} uses {name}, {what}{close}"
