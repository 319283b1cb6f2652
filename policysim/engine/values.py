"""Which values an expression of a rule can have, where its source tells: constants, loops over range, arguments given.

A rule is followed statement by statement, into helpers with what they are given. A name is known by the set of its
values, or not at all where the source does not tell; a test narrows what is known behind it.
"""

import ast
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from itertools import product
from typing import Any

from policysim.engine.reads import called_in, closure_of, passed_on, tree_of
from policysim.engine.syntax import place_of

MOST_VALUES = 1_000
"""Combinations of values that are tried out; where there are more, the source does not tell."""
FUNCTIONS: dict[str, Any] = {f.__name__: f for f in (abs, bool, float, int, len, max, min, range, round)}

Known = dict[str, frozenset]
Visit = Callable[["Steps", ast.AST, Known], None]


class Walk:
    """Follows rules and their helpers, and shows every statement and expression with what is known there."""

    def __init__(self, visit: Visit, owner: type | None):
        """`visit` is given the function as it is followed, a node of it, and the values known at that point."""
        self.visit, self.owner = visit, owner
        self.seen: set = set()

    def function(self, function: Callable, records: dict[str, str], given: Known, called_at: str = "") -> None:
        """Follow a function whose arguments have these values, once for the same ones."""
        key = (function, *(tuple(sorted(some.items())) for some in (records, given)))
        if key not in self.seen:
            self.seen.add(key)
            Steps(self, function, records, called_at).body(tree_of(function).body, dict(given))


class Steps:
    """One function, statement by statement."""

    def __init__(self, walk: Walk, function: Callable, records: dict[str, str], called_at: str):
        self.walk, self.followed, self.records, self.called_at = walk, function, records, called_at
        self.names = function.__globals__ | closure_of(function)

    def body(self, statements: list[ast.stmt], known: Known) -> Known | None:
        """What is known after the statements; None where no path reaches their end."""
        for statement in statements:
            after = self.statement(statement, known)
            if after is None:
                return None
            known = after
        return known

    def statement(self, statement: ast.stmt, known: Known) -> Known | None:
        if isinstance(statement, ast.If):
            return self.branches(statement, known)
        if isinstance(statement, ast.For):
            return self.loop(statement, known)
        if isinstance(statement, ast.Match):
            self.look(statement.subject, known)
            for case in statement.cases:
                self.body(case.body, without(known, case))
            return without(known, statement)
        self.look(statement, known)
        if isinstance(statement, ast.Return | ast.Continue | ast.Break):
            return None
        if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
            return self.assigned(statement, known)
        return known

    def branches(self, statement: ast.If, known: Known) -> Known | None:
        self.look(statement.test, known)
        parts = ((statement.body, True), (statement.orelse, False))
        ends = [self.body(part, self.narrowed(statement.test, known, truth)) for part, truth in parts]
        reached = [end for end in ends if end is not None]
        if not reached:
            return None
        names = set.intersection(*(set(end) for end in reached))
        return {name: frozenset().union(*(end[name] for end in reached)) for name in names}

    def loop(self, statement: ast.For, known: Known) -> Known:
        self.look(statement.iter, known)
        inside = without(known, statement)
        rounds = self.values(statement.iter, known)
        over = next(iter(rounds)) if rounds is not None and len(rounds) == 1 else None
        if isinstance(statement.target, ast.Name) and isinstance(over, range | tuple) and len(over) <= MOST_VALUES:
            inside[statement.target.id] = frozenset(over)
        if inside.get(getattr(statement.target, "id", ""), True):  # a loop over nothing is never entered
            self.body(statement.body, dict(inside))
        self.body(statement.orelse, dict(inside))
        return inside

    def assigned(self, statement: ast.Assign | ast.AnnAssign | ast.AugAssign, known: Known) -> Known:
        after = without(known, statement)
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        value: ast.expr | None = statement.value
        if isinstance(statement, ast.AugAssign):
            value = ast.BinOp(ast.Name(getattr(statement.target, "id", ""), ast.Load()), statement.op, statement.value)
        found = self.values(value, known) if value is not None else None
        if found is not None:
            after |= {target.id: found for target in targets if isinstance(target, ast.Name)}
        return after

    def look(self, node: ast.AST, known: Known) -> None:
        """Show an expression and its parts, and follow what it calls; a condition narrows what stands behind it."""
        self.walk.visit(self, node, known)
        if isinstance(node, ast.Call):
            self.call(node, known)
        if isinstance(node, ast.IfExp):
            self.look(node.test, known)
            self.look(node.body, self.narrowed(node.test, known, True))
            self.look(node.orelse, self.narrowed(node.test, known, False))
            return
        for child in ast.iter_child_nodes(node):
            self.look(child, known)
            if isinstance(node, ast.BoolOp) and isinstance(child, ast.expr):
                known = self.narrowed(child, known, isinstance(node.op, ast.And))

    def call(self, call: ast.Call, known: Known) -> None:
        function = called_in(self.followed, call, self.walk.owner)
        if function is None:
            return
        records, others = passed_on(function, call, self.records)
        given = {name: self.values(value, known) for name, value in others.items()}
        known = usual_of(function, records.keys() | given.keys())
        known |= {name: some for name, some in given.items() if some is not None}
        self.walk.function(function, records, known, f" (called in {place_of(self.followed, call)})")

    def narrowed(self, test: ast.expr, known: Known, truth: bool) -> Known:
        """What is known where the test came out so; nothing of what it asks about where that cannot be worked out."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self.narrowed(test.operand, known, not truth)
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) == truth:
            for part in test.values:
                known = self.narrowed(part, known, truth)
            return known
        asked = [name for name in names_in(test) if name in known]
        cases = list(self.cases(test, known))
        if not cases:
            return {name: values for name, values in known.items() if name not in asked}
        kept = [case for case, outcome in cases if bool(outcome) == truth]
        return known | {name: frozenset(case[name] for case in kept) for name in asked}

    def values(self, expression: ast.expr, known: Known) -> frozenset | None:
        """The values that an expression can have; None where the source does not tell."""
        if isinstance(expression, ast.IfExp) and not list(self.cases(expression.test, known)):
            parts = [self.values(part, known) for part in (expression.body, expression.orelse)]
            return frozenset().union(*(part for part in parts if part is not None)) if None not in parts else None
        found = [value for _, value in self.cases(expression, known)]
        try:
            return frozenset(found) if found else None
        except TypeError:  # something that rules do not work with
            return None

    def cases(self, expression: ast.expr, known: Known) -> Iterator[tuple[dict[str, Any], Any]]:
        """The expression worked out for every combination of the values of its names; nothing where one is unknown."""
        names = [name for name in names_in(expression) if name in known]
        fixed = {name: self.names.get(name, FUNCTIONS.get(name)) for name in names_in(expression) if name not in known}
        count = 1
        for name in names:
            count *= len(known[name])
        local = self.followed.__code__.co_varnames
        if count > MOST_VALUES or any(name in local or not plain(value) for name, value in fixed.items()):
            return
        if any(isinstance(node, ast.Call) and not is_own(node) for node in ast.walk(expression)):
            return
        code = compile(ast.fix_missing_locations(ast.Expression(expression)), "rule", "eval")
        for values in product(*(known[name] for name in names)):
            case = dict(zip(names, values, strict=True))
            try:
                yield case, eval(code, {"__builtins__": {}}, fixed | case)
            except Exception:  # noqa: BLE001 - a division by zero, say: the source does not tell
                return


def usual_of(function: Callable, given: Collection[str]) -> Known:
    """The arguments of a helper that a call leaves as they usually are, with what they then are."""
    usual = function.__defaults__ or ()
    code = function.__code__
    pairs = zip(code.co_varnames[code.co_argcount - len(usual) : code.co_argcount], usual, strict=True)
    return {name: frozenset({value}) for name, value in pairs if name not in given and isinstance(value, int | float)}


def plain(value: Any) -> bool:
    """Whether a name of the module is a constant, an enumeration or one of Python's own functions."""
    return isinstance(value, int | float | tuple | type) or value in FUNCTIONS.values()


def is_own(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id in FUNCTIONS


@lru_cache(maxsize=8192)  # the same trees are asked about again and again
def names_in(node: ast.AST) -> list[str]:
    return sorted({part.id for part in ast.walk(node) if isinstance(part, ast.Name)})


def without(known: Known, node: ast.AST) -> Known:
    """What is known but for the names that a statement, or one inside it, assigns."""
    lost = {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}
    lost |= {part.name for part in ast.walk(node) if isinstance(part, ast.MatchAs) and part.name}
    return {name: values for name, values in known.items() if name not in lost}
