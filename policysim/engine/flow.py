"""How numbers flow through a rule: what is added to a field of a person, of which numbers, when, with which sign.

A rule is read, not run: every value is a sum of terms, each a product of mentions (fields of self, here and world) with a
sign and the conditions under which it is reached. Calls are followed into helpers, and super() into the parent's rule; a
loop is gone through once. Comparisons, exp and draws keep what they mention and no sign. Functions that are no rules (those
that make people) are read alike: `people["x"]` is self.x, `parameters["y"]` is world.y.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import Enum
from functools import lru_cache
from typing import Any

from policysim.engine.reads import called_in, closure_of, tree_of
from policysim.engine.syntax import records_of
from policysim.engine.terms import (
    DRAWN,
    Flow,
    Guard,
    Mention,
    Mentions,
    Term,
    Terms,
    Write,
    both,
    joined,
    merged,
    product,
    said_by,
)

TABLES = {"people": "self", "areas": "here", "parameters": "world"}
"""What the records of a rule are called where people are made, and are asked by a text in brackets."""
ADDING_UP = frozenset({"min", "max", "abs", "int", "float", "round", "minimum", "maximum", "clip", "where"})
"""Functions whose value is one of their arguments, or near to it: the sign stays."""
DEEPEST = 24


@lru_cache(maxsize=4096)
def flow_of(function: Callable, owner: type | None = None) -> Flow:
    """How numbers flow through a rule, a helper or a plain function; `owner` says what super() means."""
    records = records_of(function) or {}
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    if not records:
        records = {name: TABLES[name] for name in names if name in TABLES}
    reader = _Reader(owner)
    # What else it is given, such as the choice of a decision, is a factor that nothing more is known of.
    given: dict[str, Terms] = {
        name: (Term(1, frozenset()),) for name in names if name not in records and name != "luck"
    }
    reader.follow(function, given, records)
    return Flow(reader.fields, reader.writes)


def writes_in(function: Callable) -> frozenset[str]:
    """Fields of people that a plain function sets, as in `people["risk_at_rest"] = ...`."""
    return frozenset(
        target.slice.value
        for node in ast.walk(_tree(function))
        for target in (*getattr(node, "targets", ()), getattr(node, "target", None))
        if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant)
        if isinstance(target.slice.value, str) and isinstance(target.value, ast.Name) and target.value.id == "people"
    )


@lru_cache(maxsize=4096)
def _tree(function: Callable) -> ast.FunctionDef:
    if getattr(function, "is_rule", False) or getattr(function, "is_helper", False):
        return tree_of(function)
    return ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]  # type: ignore[return-value]


class _Reader:
    """Goes through a function and those that it calls, with what is known of each name and field so far."""

    def __init__(self, owner: type | None):
        self.owner = owner
        self.fields: dict[str, Terms] = {}
        self.writes: list[Write] = []
        self.guards: tuple[Guard, ...] = ()
        self.names: dict[str, Terms] = {}
        self.records: dict[str, str] = {}
        self.returned: list[Term] = []
        self.exits: list[dict[str, Terms]] = []
        self.above: list[Callable] = []

    @property
    def function(self) -> Callable:
        return self.above[-1]

    @property
    def makes_people(self) -> bool:
        """Whether this is no rule: what was set before of a person then stands for itself."""
        return not (getattr(self.function, "is_rule", False) or getattr(self.function, "is_helper", False))

    def follow(self, function: Callable, names: dict[str, Terms], records: dict[str, str]) -> Terms:
        """What a call of a function returns; what it writes is noted."""
        if function in self.above or len(self.above) > DEEPEST:
            return ()
        kept = self.names, self.records, self.returned, self.guards, self.exits
        self.names, self.records, self.returned, self.exits = dict(names), records, [], []
        self.above.append(function)
        if not self.block(_tree(function).body):
            self.exits.append(self.fields)
        self.fields = merged(self.exits)
        found = joined(tuple(self.returned))
        self.above.pop()
        self.names, self.records, self.returned, self.guards, self.exits = kept
        return found

    # --- statements ---------------------------------------------------------------------------------------------------
    def block(self, statements: Sequence[ast.stmt]) -> bool:
        """Go through statements; returns whether the function always ends in them."""
        for k, statement in enumerate(statements):
            if isinstance(statement, ast.If | ast.Match):
                return self.fork(statement, statements[k + 1 :])
            if isinstance(statement, ast.Return):
                value = () if statement.value is None else self.value(statement.value)
                self.exits.append(dict(self.fields))
                self.returned += [replace(term, guards=both(self.guards, term.guards)) for term in value]
                return True
            if isinstance(statement, ast.Continue | ast.Break | ast.Raise):
                return True
            self.statement(statement)
        return False

    def fork(self, statement: ast.If | ast.Match, rest: Sequence[ast.stmt]) -> bool:
        """Go through both ways of a condition, and then on from those that do not end."""
        kept, ended, going = self.guards, True, []
        before = dict(self.names), dict(self.fields)
        for guard, body in self.ways(statement):
            self.guards = both(kept, guard)
            self.names, self.fields = dict(before[0]), dict(before[1])
            if not self.block(body):
                ended = False
                going.append((self.guards, self.names, self.fields))
        self.guards = kept
        if ended:
            return True
        self.names = merged([names for _, names, _ in going])
        self.fields = merged([fields for _, _, fields in going])
        if len(going) == 1:  # what comes after is reached on this way alone
            self.guards = going[0][0]
        ends = self.block(rest)
        self.guards = kept
        return ends

    def ways(self, statement: ast.If | ast.Match) -> list[tuple[tuple[Guard, ...], Sequence[ast.stmt]]]:
        """Each way with what must hold on it."""
        if isinstance(statement, ast.If):
            test = statement.test
            text, mentions = ast.unparse(test), self.mentions(test)
            won, lost = self.weighed(test)
            yes, no = Guard(text, True, mentions, won, lost), Guard(text, False, mentions, lost, won)
            if isinstance(test, ast.BoolOp):
                no = Guard(text, False, mentions)
            return [((yes,), statement.body), ((no,), statement.orelse)]
        subject, mentions = ast.unparse(statement.subject), self.mentions(statement.subject)
        ways: list[tuple[tuple[Guard, ...], Sequence[ast.stmt]]] = []
        for case in statement.cases:
            said = frozenset(m for n in ast.walk(case.pattern) if isinstance(n, ast.expr) for m in self.mentions(n))
            ways.append(((Guard(f"{subject} == {ast.unparse(case.pattern)}", True, mentions | said),), case.body))
        return [*ways, ((), ())]

    def weighed(self, test: ast.expr) -> tuple[Mentions | None, Mentions | None]:
        """What has won and what has lost a draw where a condition holds; neither where it is about none."""
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            parts = [self.weighed(part) for part in test.values]
            won = [part[0] for part in parts if part[0] is not None]
            lost = [part[1] for part in parts if part[1] is not None]
            none = frozenset[Mention]()
            return none.union(*won) if won else None, none.union(*lost) if lost else None
        if not isinstance(test, ast.Compare) or DRAWN not in self.mentions(test.left):
            return None, None
        against = frozenset[Mention]().union(*(self.mentions(other) for other in test.comparators))
        if not against:  # a number: what was taken from the draw last; what was taken before it has lost
            last = self.names.get(_taken(test.left), ())
            against = self.said(last or (term for term in self.value(test.left) if term.sign < 0))
        below = isinstance(test.ops[0], ast.Lt | ast.LtE)
        return (against, None) if below else (None, against)

    def statement(self, statement: ast.stmt) -> None:
        if isinstance(statement, ast.Assign):
            value = self.value(statement.value)
            for target in statement.targets:
                self.assign(target, value, statement.value)
        elif isinstance(statement, ast.AugAssign):
            value = self.value(ast.BinOp(_loaded(statement.target), statement.op, statement.value))
            taken = self.value(statement.value) if isinstance(statement.op, ast.Sub) else ()
            self.assign(statement.target, value, statement.value)
            self.names[_taken(statement.target)] = taken
        elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
            self.assign(statement.target, self.value(statement.value), statement.value)
        elif isinstance(statement, ast.For):
            before = dict(self.names), dict(self.fields)
            each = self.mentions(statement.iter)
            self.assign(statement.target, self.leaf(None, statement.iter, each) if each else (), statement.iter)
            kept = self.guards
            self.block(statement.body)
            self.guards = kept
            self.names, self.fields = merged([before[0], self.names]), merged([before[1], self.fields])
        elif isinstance(statement, ast.Expr):
            self.value(statement.value)

    def assign(self, target: ast.expr, value: Terms, node: ast.expr) -> None:
        if isinstance(target, ast.Tuple):
            parts = node.elts if isinstance(node, ast.Tuple) else [None] * len(target.elts)
            for part, own in zip(target.elts, parts, strict=False):
                self.assign(part, value if own is None else self.value(own), node if own is None else own)
            return
        mention = self.field_of(target)
        if mention is None:
            if isinstance(target, ast.Name):
                self.names[target.id] = value
                self.names.pop(_taken(target), None)
            return
        if mention.record != "self":
            return
        whole = isinstance(target, ast.Attribute) or bool(mention.index == "")
        self.fields[mention.field] = value if whole else joined(self.fields.get(mention.field, ()), value)
        self.writes.append(
            Write(mention.field, ast.unparse(node), value, self.guards, self.function, getattr(node, "lineno", 0))
        )

    # --- expressions --------------------------------------------------------------------------------------------------
    def mentions(self, node: ast.expr) -> Mentions:
        return self.said(self.value(node))

    def said(self, terms: Iterable[Term]) -> Mentions:
        """What terms mention, but for the conditions under which this is read."""
        terms, here = tuple(terms), frozenset(self.guards)
        guards = (said_by(frozenset(term.guards) - here) for term in terms)
        return frozenset[Mention]().union(*(term.factors for term in terms), *guards)

    def leaf(self, mention: Mention | None, node: ast.AST | None = None, more: Mentions = frozenset()) -> Terms:
        factors = more if mention is None else more | {mention}
        line = self.function.__code__.co_firstlineno + getattr(node, "lineno", 1) - 1
        return (Term(1, factors, self.guards, False, (self.function.__name__, line)),)

    def field_of(self, node: ast.expr) -> Mention | None:
        """The field of a record that an expression is, with its brackets."""
        index: list[str] = []
        while isinstance(node, ast.Subscript):
            text = node.slice.value if isinstance(node.slice, ast.Constant) else None
            if isinstance(node.value, ast.Name) and isinstance(text, str):
                record = self.records.get(node.value.id)
                return Mention(record, text, ", ".join(reversed(index))) if record else None
            index.append(ast.unparse(node.slice))
            node = node.value
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in self.records:
            return Mention(self.records[node.value.id], node.attr, ", ".join(reversed(index)))
        return None

    def value(self, node: ast.expr) -> Terms:
        """The terms of an expression."""
        mention = self.field_of(node)
        if mention is not None:
            return self.of_field(mention, node)
        if isinstance(node, ast.Constant):
            if not isinstance(node.value, int | float) or node.value == 0:
                return ()
            return self.leaf(None if node.value == 1 else Mention("number", f"{node.value:g}"), node)
        if isinstance(node, ast.Name):
            constant = isinstance(self.known(node.id), int | float)
            return self.names[node.id] if node.id in self.names else self.leaf(None, node) if constant else ()
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return tuple(replace(term, sign=-term.sign) for term in self.value(node.operand))
        if isinstance(node, ast.BinOp):
            return self.of_sum(node)
        if isinstance(node, ast.IfExp):
            return self.of_choice(node)
        if isinstance(node, ast.Call):
            return self.of_call(node)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            states = self.known(node.value.id)
            if isinstance(states, type) and issubclass(states, Enum):
                return self.leaf(Mention("state", f"{node.value.id}.{node.attr}"), node)
        parts = [self.mentions(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        found = frozenset[Mention]().union(*parts)
        return self.leaf(None, node, found) if found else ()

    def of_field(self, mention: Mention, node: ast.expr) -> Terms:
        known = self.fields.get(mention.field) if mention.record == "self" else None
        if known is not None and not self.makes_people:
            return known
        more: Mentions = frozenset()
        while isinstance(node, ast.Subscript):
            if not (isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str)):
                more |= self.mentions(node.slice)
            node = node.value
        return self.leaf(mention, node, more)

    def of_sum(self, node: ast.BinOp) -> Terms:
        left, right = self.value(node.left), self.value(node.right)
        if isinstance(node.op, ast.Add):
            return joined(left, right)
        if isinstance(node.op, ast.Sub):
            damps = isinstance(node.left, ast.Constant)
            return joined(left, tuple(replace(t, sign=-t.sign, damps=damps and t.sign > 0) for t in right))
        if isinstance(node.op, ast.Mult):
            return product(left, right)
        below = self.said(right)
        return tuple(replace(term, factors=term.factors | below, damps=False) for term in left)

    def of_choice(self, node: ast.IfExp) -> Terms:
        kept, text, mentions = self.guards, ast.unparse(node.test), self.mentions(node.test)
        parts = []
        for holds, way in ((True, node.body), (False, node.orelse)):
            self.guards = both(kept, (Guard(text, holds, mentions),))
            parts.append(self.value(way))
        self.guards = kept
        return joined(*parts)

    def of_call(self, node: ast.Call) -> Terms:
        called = called_in(self.function, node, self.owner) or self.plain(node)
        if called is not None:
            return self.of_called(called, node)
        given = [self.value(argument) for argument in (*node.args, *(k.value for k in node.keywords))]
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ADDING_UP:
            return joined(*given)
        if isinstance(node.func, ast.Attribute):  # a method of an array: what it is called on counts as well
            given.append(self.value(node.func.value))
        found = self.said(term for part in given for term in part)
        return self.leaf(DRAWN if name.startswith("draw") else None, node, found)

    def of_called(self, called: Callable, node: ast.Call) -> Terms:
        """The value of a helper or a parent's rule, with its arguments."""
        names = called.__code__.co_varnames[: called.__code__.co_argcount]
        given = list(node.args)
        if isinstance(node.func, ast.Attribute):  # super().rule(...) hands the person on without saying so
            given = [ast.Name(next((n for n, r in self.records.items() if r == "self"), "self")), *given]
        pairs = {**dict(zip(names, given, strict=False)), **{k.arg: k.value for k in node.keywords if k.arg}}
        records = {n: self.records[v.id] for n, v in pairs.items() if isinstance(v, ast.Name) and v.id in self.records}
        return self.follow(called, {n: self.value(v) for n, v in pairs.items() if n not in records}, records)

    def plain(self, node: ast.Call) -> Callable | None:
        """A function beside this one that is no rule, where this one is none either."""
        if not self.makes_people:
            return None
        value = self.known(node.func.id) if isinstance(node.func, ast.Name) else None
        near = self.function.__module__.rpartition(".")[0]
        return value if inspect.isfunction(value) and value.__module__.rpartition(".")[0] == near else None

    def known(self, name: str) -> Any:
        return closure_of(self.function).get(name, self.function.__globals__.get(name))


def _taken(left: ast.expr) -> str:
    """What goes among the names for what was taken from this one last."""
    return f"-{ast.unparse(left)}"


def _loaded(target: ast.expr) -> ast.expr:
    """What is assigned to, as it is read."""
    return target
