"""What a helper gives to whoever calls it: something or nothing, and where one that gives something ends without it."""

import ast
from collections.abc import Callable

from policysim.engine.reads import called_in, tree_of


def gives_something(helper: Callable) -> bool:
    """Whether it returns a value anywhere."""
    return any(isinstance(node, ast.Return) and not _is_empty(node, helper) for node in ast.walk(tree_of(helper)))


def line_without(helper: Callable) -> int | None:
    """The line of its file after which it ends without giving anything; None where every way through it gives something."""
    tree = tree_of(helper)
    empty = next((node for node in ast.walk(tree) if isinstance(node, ast.Return) and _is_empty(node, helper)), None)
    found = empty or _last_without(tree.body)
    return None if found is None else helper.__code__.co_firstlineno - 1 + found.lineno


def _is_empty(node: ast.Return, helper: Callable) -> bool:
    """Whether it returns nothing: no value, None, or what a helper gives that gives nothing."""
    value = node.value
    called = called_in(helper, value, None) if isinstance(value, ast.Call) else None
    if called is not None and called is not helper:
        return not gives_something(called)
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _last_without(body: list[ast.stmt]) -> ast.stmt | None:
    """The last statement of a way through that does not end with return."""
    last = body[-1]
    if isinstance(last, ast.Return):
        return None
    ways = _ways_through(last)
    return last if ways is None else next((one for way in ways if (one := _last_without(way)) is not None), None)


def _ways_through(statement: ast.stmt) -> list[list[ast.stmt]] | None:
    """The bodies of which one is lived for certain; None where it may be none."""
    if isinstance(statement, ast.If):
        return [statement.body, statement.orelse] if statement.orelse else None
    if isinstance(statement, ast.Match):
        last = statement.cases[-1]
        takes_all = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None and last.guard is None
        return [case.body for case in statement.cases] if takes_all else None
    return None
