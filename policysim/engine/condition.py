"""A condition on one person, written as a lambda or a helper of one expression, as it is asked of many people at once.

Neither engine runs it: both ask it as it is read here, so that they cannot disagree. What is whole is worked out in eight
bytes, and so is what is real.
"""

import ast
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np

from policysim.engine.reads import closure_of, tree_of
from policysim.engine.slips import no_member
from policysim.engine.syntax import parse_lambda
from policysim.errors import UserError, nearest

Table = np.ndarray | Mapping[str, np.ndarray]
"""People by field."""
Ask = Callable[[Table, np.ndarray], Any]
"""A value for each of some rows of a table of people."""

COMPARED: dict[type, Callable] = {
    ast.Eq: np.equal, ast.NotEq: np.not_equal, ast.Lt: np.less, ast.LtE: np.less_equal, ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
}  # fmt: skip
TOGETHER: dict[type, Callable] = {ast.And: np.logical_and, ast.Or: np.logical_or}
WORKED_OUT: dict[type, Callable] = {
    ast.Add: np.add, ast.Sub: np.subtract, ast.Mult: np.multiply, ast.BitAnd: np.bitwise_and, ast.BitOr: np.bitwise_or,
}  # fmt: skip
MAY = "it is made of their fields, numbers, comparisons, and, or, not, +, -, *, & and helpers of one expression"
FRIEND = "friend"
DEEPEST = 8
"""So many helpers may call one another."""


class Condition:
    """What is asked of a person, with the fields it goes by."""

    def __init__(self, function: Callable, fields: Mapping[str, tuple[int, ...]], who: str = FRIEND):
        """`fields` are those there are, with their lengths; `who` is asked, in words.

        Raises UserError for what is no simple expression of the fields.
        """
        self.fields: set[str] = set()
        self.known, self.who = fields, who
        person, expression = expression_of(function, who)
        self.value = _Reading(self, function, {person: None}).value(expression)

    def of(self, people: Table, rows: np.ndarray) -> np.ndarray:
        """Whether it holds of each of these rows, shape (n,)."""
        return np.broadcast_to(_true(self.value(people, rows)), rows.shape)


def expression_of(function: Callable, who: str = FRIEND) -> tuple[str, ast.expr]:
    """The name by which a condition knows the person, and what it returns; raises UserError for anything longer."""
    code = function.__code__
    if function.__name__ == "<lambda>":
        made = parse_lambda(function)
        arguments, expression = made.args, made.body
    else:
        tree = tree_of(function)
        arguments = tree.args
        body = [each for each in tree.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]
        if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
            raise UserError(
                f"{code.co_filename}, line {code.co_firstlineno}: {function.__name__} does more than return one expression, as a "
                f"condition on a {who} does; {MAY}"
            )
        expression = body[0].value
    if len(arguments.args) != code.co_argcount or not code.co_argcount:
        raise UserError(
            f"{code.co_filename}, line {code.co_firstlineno}: a condition on a {who} takes the {who}: lambda {who}: ..."
        )
    return arguments.args[0].arg, expression


class _Reading:
    """One function of a condition: its expressions as what is asked of rows.

    What it is given is the person (None), a number that is the same for everybody, or something asked.
    """

    def __init__(self, condition: Condition, function: Callable, given: Mapping[str, Any], depth: int = 0):
        self.condition, self.function, self.given, self.depth = condition, function, given, depth
        self.names = function.__globals__ | closure_of(function)

    def value(self, node: ast.expr) -> Ask:
        """What an expression asks."""
        if isinstance(node, ast.BoolOp):
            both, parts = TOGETHER[type(node.op)], [self.value(part) for part in node.values]
            return lambda people, rows: reduce(both, [_true(part(people, rows)) for part in parts])
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            inner = self.value(node.operand)
            return lambda people, rows: ~_true(inner(people, rows))
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            inner = self.value(node.operand)
            return lambda people, rows: -_wide(inner(people, rows))
        if isinstance(node, ast.Compare):
            return self.compared(node)
        if isinstance(node, ast.BinOp) and type(node.op) in WORKED_OUT:
            work, left, right = WORKED_OUT[type(node.op)], self.value(node.left), self.value(node.right)
            return lambda people, rows: work(_wide(left(people, rows)), _wide(right(people, rows)))
        if isinstance(node, ast.Call):
            return self.called(node)
        return self.field(node) or self.constant(node)

    def compared(self, node: ast.Compare) -> Ask:
        """A chain of comparisons."""
        asked, left = [], self.value(node.left)
        for way, other in zip(node.ops, node.comparators, strict=True):
            if isinstance(way, ast.In | ast.NotIn):
                among, turned = _numbers(self.fixed(other)), isinstance(way, ast.NotIn)
                if among is None:
                    raise self.fault(other)
                asked.append(
                    lambda people, rows, left=left, among=among, turned=turned: (
                        np.isin(left(people, rows), among) != turned
                    )
                )
                continue
            if type(way) not in COMPARED:
                raise self.fault(node)
            right, compare = self.value(other), COMPARED[type(way)]
            asked.append(
                lambda people, rows, left=left, right=right, compare=compare: compare(
                    left(people, rows), right(people, rows)
                )
            )
            left = right
        return lambda people, rows: reduce(np.logical_and, [part(people, rows) for part in asked])

    def called(self, node: ast.Call) -> Ask:
        """A helper of one expression, with what it is given; int and bool."""
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in ("int", "bool") and name not in self.names and len(node.args) == 1 and not node.keywords:
            inner = self.value(node.args[0])
            return lambda people, rows: (
                _wide(inner(people, rows)).astype(np.int64) if name == "int" else _true(inner(people, rows))
            )
        helper: Any = self.names.get(name)
        if not getattr(helper, "is_helper", False) or node.keywords or self.depth == DEEPEST:
            raise self.fault(node)
        expression = expression_of(helper, self.condition.who)[1]
        taken = helper.__code__.co_varnames[: helper.__code__.co_argcount]
        if len(taken) != len(node.args):
            raise self.fault(node)
        given = {argument: self.handed_on(part) for argument, part in zip(taken, node.args, strict=True)}
        return _Reading(self.condition, helper, given, self.depth + 1).value(expression)

    def handed_on(self, node: ast.expr) -> Any:
        """What a helper is given."""
        fixed = self.fixed(node)
        return None if self.is_person(node) else self.value(node) if fixed is None else fixed

    def is_person(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id in self.given and self.given[node.id] is None

    def field(self, node: ast.expr) -> Ask | None:
        """A field of the person, with its index; None for anything else."""
        index: list[int] = []
        inner = node
        while isinstance(inner, ast.Subscript):
            parts = inner.slice.elts if isinstance(inner.slice, ast.Tuple) else [inner.slice]
            index = [*(self.place(part) for part in parts), *index]
            inner = inner.value
        if not (isinstance(inner, ast.Attribute) and self.is_person(inner.value)):
            return None
        name, known = inner.attr, self.condition.known
        if name not in known:
            raise UserError(
                f"{self.where(node)} uses {ast.unparse(inner)}, which is no field of a person{nearest(name, sorted(known))}"
            )
        if len(index) != len(known[name]) or any(not 0 <= k < n for k, n in zip(index, known[name], strict=True)):
            lengths = " x ".join(map(str, known[name])) or "one"
            raise UserError(
                f"{self.where(node)} uses {ast.unparse(node)}; that field holds {lengths} number{'s' if known[name] else ''}"
            )
        self.condition.fields.add(name)
        return lambda people, rows: _wide(people[name][(rows, *index)])

    def place(self, node: ast.expr) -> int:
        """An index, which is the same for everybody."""
        found = self.fixed(node)
        if isinstance(found, bool) or not isinstance(found, int):
            raise self.fault(node)
        return int(found)

    def constant(self, node: ast.expr) -> Ask:
        """A number that is the same for everybody."""
        if isinstance(node, ast.Name) and callable(self.given.get(node.id)):
            return self.given[node.id]
        found = self.fixed(node)
        if not isinstance(found, bool | int | float):
            raise self.fault(node)
        number = _wide(np.asarray(found))
        return lambda people, rows: number

    def fixed(self, node: ast.expr) -> Any:
        """What stands outside the person: a number, a state, a tuple of them; None for anything else."""
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Tuple):
            return tuple(self.fixed(part) for part in node.elts)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            found = self.fixed(node.operand)
            return -found if isinstance(found, int | float) else None
        if isinstance(node, ast.Name):
            found = self.given[node.id] if node.id in self.given else self.names.get(node.id)
            return None if callable(found) else found
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id not in self.given:
            of = self.names.get(node.value.id)
            if isinstance(of, type) and not hasattr(of, node.attr):
                raise UserError(f"{self.where(node)} uses {no_member(node, of)}")
            return getattr(of, node.attr, None)
        return None

    def where(self, node: ast.expr) -> str:
        code = self.function.__code__
        line = node.lineno if self.function.__name__ == "<lambda>" else code.co_firstlineno - 1 + node.lineno
        return f"{code.co_filename}, line {line}: a condition on a {self.condition.who}"

    def fault(self, node: ast.expr) -> UserError:
        return UserError(f"{self.where(node)} uses {ast.unparse(node)}; {MAY}")


def _wide(values: Any) -> Any:
    """Flags and whole numbers in eight bytes, real ones likewise."""
    values = np.asarray(values)
    return values.astype(np.float64 if values.dtype.kind == "f" else np.int64)


def _true(values: Any) -> Any:
    return np.asarray(values) != 0


def _numbers(found: Any) -> np.ndarray | None:
    """Several numbers that a value may be among."""
    plain = isinstance(found, tuple) and found and all(isinstance(each, bool | int | float) for each in found)
    return np.asarray([float(each) if isinstance(each, float) else int(each) for each in found]) if plain else None
