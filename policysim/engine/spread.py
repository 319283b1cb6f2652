"""Helpers of one expression, put in the place of their calls: to compile a function takes long however short it is."""

import ast
from collections import Counter
from copy import deepcopy
from typing import NamedTuple

from policysim.engine.parts import Part
from policysim.engine.templates import WHOLE

READ = (ast.Name, ast.Constant, ast.Attribute)


class Short(NamedTuple):
    """A helper that does nothing but return one expression."""

    part: Part
    arguments: list[str]
    value: ast.expr
    used: Counter[str]  # how often each name stands in it


def spread(parts: list[Part]) -> list[Part]:
    """The same parts without the helpers of one expression, as far as nobody calls them any longer."""
    shorts: dict[str, Short] = {}
    found: list[Part] = []
    for part in parts:
        tree = ast.parse(part.text)
        putting = Putting(shorts, tree.body[-1])  # type: ignore[arg-type]
        if part.calls & shorts.keys():
            putting.visit(tree.body[-1])
            text = "\n\n\n".join(map(ast.unparse, tree.body)) + "\n" if putting.put else part.text
            calls = frozenset(name for name in part.calls if name not in putting.put or name in putting.left)
            taken = [shorts[name].part for name in putting.put]
            part = part._replace(
                text=text,
                calls=calls.union(*(short.calls for short in taken)),
                imports=part.imports.union(*(short.imports for short in taken)),
            )
        found.append(part)
        if (short := _short(part, tree)) is not None:
            shorts[part.name] = short
    called: set[str] = set()
    for part in reversed(found):
        if part.is_kept or part.name in called:
            called |= part.calls
    return [part for part in found if part.is_kept or part.name in called]


def _short(part: Part, tree: ast.Module) -> Short | None:
    """What there is to put in the place of a call of this part; None where it does more than return one expression."""
    function = tree.body[-1]
    if part.is_kept or len(tree.body) > 1 or not isinstance(function, ast.FunctionDef) or function.args.defaults:
        return None
    statements = [each for each in function.body if not isinstance(each, ast.Pass)]
    if len(statements) != 1 or not isinstance(statements[0], ast.Return) or statements[0].value is None:
        return None
    value = statements[0].value
    names = Counter(node.id for node in ast.walk(value) if isinstance(node, ast.Name))
    return Short(part, [argument.arg for argument in function.args.args], value, names)


class Putting(ast.NodeTransformer):
    """Puts the expressions of helpers into one function; `put` says of which, `left` which are called as before."""

    def __init__(self, shorts: dict[str, Short], function: ast.FunctionDef):
        self.shorts, self.put, self.left = shorts, set[str](), set[str]()
        self.local = {n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self.local |= {argument.arg for argument in function.args.args}

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        short = self.shorts.get(name)
        if short is None:
            return node
        given = dict(zip(short.arguments, node.args, strict=False)) | {k.arg or "": k.value for k in node.keywords}
        if not self.fits(short, given):
            self.left.add(name)
            return node
        self.put.add(name)
        return Given(given).visit(deepcopy(short.value))

    def fits(self, short: Short, given: dict[str, ast.expr]) -> bool:
        """Whether the expression means the same here as in its helper, each argument worked out no more than once."""
        if given.keys() != set(short.arguments) or (short.used.keys() - given.keys()) & self.local:
            return False
        if short.part.calls:  # which may write what is given
            return all(isinstance(_number(value), ast.Name | ast.Constant) for value in given.values())
        return all(
            isinstance(_number(value), READ) or (short.used[name] == 1 and _is_plain(value))
            for name, value in given.items()
        )


class Given(ast.NodeTransformer):
    """Puts what is given to a helper in the place of its arguments."""

    def __init__(self, given: dict[str, ast.expr]):
        self.given = given

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return deepcopy(self.given.get(node.id, node))


def _number(value: ast.expr) -> ast.expr:
    """What is handed on as a whole number, or else the value itself."""
    is_whole = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == WHOLE
    return value.args[0] if is_whole else value  # type: ignore[attr-defined]


def _is_plain(value: ast.expr) -> bool:
    """Whether it draws nothing and cannot fail, so that it does not matter when it is worked out."""
    return not any(isinstance(node, ast.Call | ast.Div | ast.FloorDiv | ast.Mod) for node in ast.walk(value))
