"""Slips: what somebody who learns Python writes in a rule by mistake, what was meant, and what to write in its place."""

import ast
import builtins
import sys
from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import Any

from policysim.engine.rules import where
from policysim.errors import UserError, nearest

MEANT = {"true": "True", "false": "False", "yes": "True", "no": "False"}
"""Words of other languages, and of this one."""
ONLY_PASS = "does nothing: only pass stands in it; write return to leave the rule there, or take it out"


def face() -> dict[str, Any]:
    """What authors of rules import from `policysim.rules`, by name; nothing where it was not loaded yet."""
    module = sys.modules.get("policysim.rules")
    return {name: getattr(module, name) for name in getattr(module, "__all__", ())}


def hint_for(name: str, choices: Iterable[str]) -> str:
    """What to write for a name that means nothing in a rule: import it, or the nearest that there is."""
    if name in MEANT:
        return f"; write {MEANT[name]}"
    if name in face():
        return f"; import it: from policysim.rules import {name}"
    known = [*choices, *face()]
    return nearest(name, known)


def hint_for_text(text: str) -> str:
    """What to write in place of a text: the number in it, or the state that it spells."""
    if text.lower() in MEANT:
        return f": write {MEANT[text.lower()]}"
    try:
        float(text)
    except ValueError:
        spelt = text.strip().upper().replace(" ", "_")
        states = [
            f"{name}.{spelt}"
            for name, kind in face().items()
            if isinstance(kind, type) and issubclass(kind, IntEnum) and spelt in kind.__members__
        ]
        return f": write {' or '.join(states)}" if states else ""
    return f": write {text.strip()} without quotation marks"


def check_slips(function: Callable, tree: ast.FunctionDef) -> None:
    """Raise UserError for a statement of a rule or helper that does nothing, which is never what was meant."""
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and _is_empty(node.body) and _is_empty(node.orelse):
            raise UserError(f"{_place(function, node)}: 'if {ast.unparse(node.test)}' {ONLY_PASS}")
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Call | ast.Constant):
            raise UserError(f"{_place(function, node)} {_not_kept(node.value)}")


def _is_empty(body: list[ast.stmt]) -> bool:
    return all(isinstance(each, ast.Pass) for each in body)


def _not_kept(value: ast.expr) -> str:
    written = ast.unparse(value)
    if isinstance(value, ast.Compare) and len(value.ops) == 1 and isinstance(value.ops[0], ast.Eq):
        left, right = ast.unparse(value.left), ast.unparse(value.comparators[0])
        return f"compares {written} and keeps nothing of it; to set it write {left} = {right}"
    if isinstance(value, ast.Attribute):
        return f"names {written} and does nothing with it; to call it write {written}(...), or take it out"
    return f"works out {written} and keeps nothing of it; give it a name, return it or take it out"


def check_super(function: Callable, call: ast.Call) -> None:
    """Raise UserError where super() hands on anything but what a rule is given besides the person."""
    person, *others = function.__code__.co_varnames[: function.__code__.co_argcount]
    given = [ast.unparse(each) for each in call.args] + [str(each.arg) for each in call.keywords]
    if len(given) != len(others) or person in given:
        raise UserError(
            f"{_place(function, call)} uses {ast.unparse(call)}; write {ast.unparse(call.func)}({', '.join(others)}), "
            f"without {person}"
        )


def no_member(node: ast.Attribute, of: Any) -> str:
    """That an enumeration or a module has no such member, with the nearest that it has."""
    return f"{ast.unparse(node)}, which does not exist{nearest(node.attr, getattr(of, '__members__', vars(of)))}"


def no_parents_rule(name: str, role: type, rules: Iterable[str]) -> str:
    """That there is no such rule to hand on to, with the nearest that there is."""
    close = nearest(name, rules)
    return f"super().{name}, which no parent class of {role.__name__} has{close}: super() goes on with the same rule"


def parents_rule(function: Callable, call: ast.Call) -> str:
    """What to write for a parent's rule that is called in another way than by super(); nothing for any other call."""
    target = call.func
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
        return ""
    owner = function.__globals__.get(target.value.id, getattr(builtins, target.value.id, None))
    if owner is super or getattr(getattr(owner, target.attr, None), "is_rule", False):
        return f"{ast.unparse(call)}; write super().{target.attr}(here, world, luck)"
    return ""


def _place(function: Callable, node: ast.AST) -> str:
    return where(function, function.__code__.co_firstlineno + getattr(node, "lineno", 1) - 1)
