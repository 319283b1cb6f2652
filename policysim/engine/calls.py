"""How rules call helpers, draws and functions of mathematics: as many arguments as they take, each in its place."""

import ast
import inspect
from collections.abc import Callable

from policysim.engine.syntax import GENERATORS, RECORDS, fault, records_of


def check_call(function: Callable, node: ast.Call, called: Callable) -> None:
    """Raise UserError where a rule calls this one with other arguments than it takes; `called` is no rule."""
    name = ast.unparse(node.func)
    if inspect.isbuiltin(called):  # of the module math, and each of one number
        if len(node.args) != 1 or node.keywords:
            raise fault(function, node, f"{ast.unparse(node)}; write {name}(x), of one number")
        return
    taken = inspect.signature(called)
    remedy = f"{ast.unparse(node)}; write {name}({', '.join(taken.parameters)})"
    try:
        given = taken.bind(*node.args, **{k.arg or "": k.value for k in node.keywords}).arguments
    except TypeError:
        raise fault(function, node, remedy, False) from None
    chance = given.get("probability")
    value = chance.value if isinstance(chance, ast.Constant) else None
    if isinstance(value, int | float) and not 0 <= value <= 1:
        raise fault(
            function, node, f"{ast.unparse(node)}; a probability is 0 to 1, so that ten in a hundred is 0.1", False
        )
    known = records_of(function)
    for parameter, value in given.items():
        record = known.get(value.id) if isinstance(value, ast.Name) else None
        is_out_of_place = (
            record != parameter if parameter in RECORDS else record == "luck" and "luck" in taken.parameters
        )
        if is_out_of_place:
            raise fault(function, node, remedy, False)


def is_other_chance(value: object) -> bool:
    """Whether this is a generator of random numbers, or a function of one, that is not the model's own."""
    of = getattr(value, "__self__", None)
    homes = (
        getattr(value, "__name__", ""),
        getattr(value, "__module__", ""),
        type(value).__module__,
        type(of).__module__,
    )
    return any(home == name or str(home).startswith(f"{name}.") for home in homes for name in GENERATORS)
