"""What a rule may say: a check of the syntax tree, so that a mistake is one sentence and not a compiler's trace."""

import ast
import builtins
import inspect
import textwrap
from collections.abc import Callable
from types import CodeType

from policysim.engine.rules import helper, rule, where
from policysim.engine.slips import check_slips, hint_for, hint_for_text, parents_rule
from policysim.errors import NotCompiledError, UserError

# What compiled rules cannot do or would do differently from Python, and what to write in its place.
REMEDIES: dict[type, str] = {
    ast.List: "a list; use a tuple of constants or separate fields",
    ast.ListComp: "a list comprehension; write a loop over range(...)",
    ast.SetComp: "a set comprehension; write a loop over range(...)",
    ast.DictComp: "a dict comprehension; write a loop over range(...)",
    ast.GeneratorExp: "a generator; write a loop over range(...)",
    ast.Dict: "a dict; use if / elif or a table in the parameters",
    ast.Set: "a set; use a tuple: x in (A, B)",
    ast.JoinedStr: "an f-string; rules keep numbers only",
    ast.Try: "try / except; test the condition with if",
    ast.TryStar: "try / except; test the condition with if",
    ast.Raise: "raise; a rule cannot fail, test the condition with if",
    ast.Assert: "assert; a rule cannot fail, test the condition with if",
    ast.With: "with; rules only read and write numbers",
    ast.AsyncWith: "async with; rules only read and write numbers",
    ast.AsyncFor: "async for; loop over range(...)",
    ast.Lambda: "a lambda; write a @helper function",
    ast.Yield: "yield; rules are plain methods",
    ast.YieldFrom: "yield from; rules are plain methods",
    ast.Await: "await; rules are plain methods",
    ast.Global: "global; keep state in fields of the person",
    ast.Nonlocal: "nonlocal; keep state in fields of the person",
    ast.Import: "import; import at the top of the file",
    ast.ImportFrom: "import; import at the top of the file",
    ast.ClassDef: "a class; declare it outside the rule",
    ast.While: "while; loop over range(...) so that the rule always ends",
    ast.Delete: "del; assign a value instead",
    ast.Pow: "** (it is not the same to the last bit when compiled); write x * x or exp(y * log(x))",
    ast.MatMult: "@; write the products out",
    ast.Invert: "~; use `not` or subtract the flag",
    ast.LShift: "<<; multiply instead",
    ast.RShift: ">>; divide with // instead",
    ast.Is: "`is`; compare with ==",
    ast.IsNot: "`is not`; compare with !=",
    ast.Starred: "a starred argument; name each argument",
    ast.Slice: "a slice; write a loop over range(...)",
    ast.MatchClass: "a class as a pattern; rules keep numbers only, which case compares with a number or a name",
    ast.MatchSequence: "a sequence as a pattern; rules keep numbers only, which case compares with a number or a name",
    ast.MatchMapping: "a dict as a pattern; rules keep numbers only, which case compares with a number or a name",
    ast.NamedExpr: ":=; assign on a line of its own",
}

ENDS_OR_SKIPS_IN_PYTHON = (ast.Raise, ast.Assert, ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncWith, ast.AsyncFor)
"""Running the rule uncompiled is no way out of these: it would stop the run, or never be lived."""

RECORDS = ("self", "here", "world", "luck")
"""What a rule is given, in order."""
NO_NUMBER = {
    "self": "self by itself; read or write one of its fields, as in self.age",
    "here": "here by itself; read one of its fields, as in here.quintile",
    "world": "world by itself; read one of its numbers, as in world.week",
    "luck": "luck as if it were a number; write draw(luck) for one in [0, 1), happens(probability, luck) or "
    "occurs(hazard, luck)",
}
TO_DRAW = "draw with draw(luck), happens(probability, luck) or occurs(hazard, luck), so that runs can be repeated"
GENERATORS = ("random", "secrets", "uuid", "numpy.random")

_FRIENDS = (
    "of friends a rule sees counts alone: self.ties, self.peers_using, self.using_peers, self.peers_with_naloxone and those that "
    "its class declares with Friends(...); what one person does to another is settled after the week, in "
    "policysim/model/settlement.py"
)
_NUMBER = "luck is keyed by a person's number already, and no rule may depend on it otherwise"
NOT_FOR_RULES = {
    **dict.fromkeys(("friends", "peers", "network", "neighbors", "neighbours", "contacts", "partners"), _FRIENDS),
    **dict.fromkeys(("random", "rng"), TO_DRAW),
    **dict.fromkeys(("row", "unique_id", "id"), _NUMBER),
    "model": "a rule sees the place as world (world.week, the numbers of the registry) and the neighbourhood as here",
    "people": "a rule reads and writes its own person only; " + _FRIENDS,
    "marks": "marks are kept by part of life: self.police_marks |= PoliceMark.SEARCHED",
    "week": "write world.week",
    "pos": "write self.neighbourhood",
}
"""What people who know Mesa look for on an agent, and what a rule does in its place."""

BUILTINS = ("abs", "bool", "float", "int", "len", "max", "min", "range", "round")


def parse(function: Callable) -> ast.FunctionDef:
    """The syntax tree of one rule or helper."""
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except OSError:
        raise NotCompiledError(
            f"rule {function.__qualname__} has no source file to compile from; put it in a .py file or a notebook cell"
        ) from None
    try:
        tree = ast.parse(source).body[0]
        same = _shape(compile(source, "rule", "exec")) == _shape(function.__code__)
    except (SyntaxError, IndexError):
        same = False
    if not same:
        raise UserError(
            f"{function.__code__.co_filename} has changed since rule {function.__qualname__} was loaded from it; "
            "load it again (restart Python or the notebook's kernel)"
        )
    return tree  # type: ignore[return-value]


def parse_lambda(function: Callable) -> ast.Lambda:
    """The syntax tree of a lambda, with the lines of its file."""
    code = function.__code__
    try:
        tree = ast.parse("".join(inspect.findsource(function)[0]))
    except (OSError, SyntaxError):
        raise UserError(
            f"{code.co_filename} cannot be read, in which {function.__qualname__} stands; put it in a .py file or a notebook cell"
        ) from None
    made = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda) and node.lineno == code.co_firstlineno]
    same = [node for node in made if _shape(compile(ast.Expression(node), "lambda", "eval")) == _shape(code)]
    if not same:
        raise UserError(
            f"{code.co_filename} has changed since what stands in line {code.co_firstlineno} was loaded from it; load it again "
            "(restart Python or the notebook's kernel)"
        )
    ends = {(end, column) for _, end, _, column in code.co_positions()}  # of several in one line each ends elsewhere
    return next((node for node in same if (node.body.end_lineno, node.body.end_col_offset) in ends), same[0])


def _shape(code: CodeType) -> tuple[set, set, set]:
    """Names, variables and numbers of a function, by which a source that was edited meanwhile is told from its own."""
    code = next((c for c in code.co_consts if isinstance(c, CodeType)), code) if code.co_name == "<module>" else code
    # A name that a function takes from a function around it is free in one and global in its source alone; pytest writes
    # names with @ into asserts.
    names = {name for name in (*code.co_names, *code.co_freevars) if not name.startswith("@")} - {"__class__"}
    numbers = {repr(c) for c in code.co_consts if isinstance(c, int | float | tuple)}
    return names, {name for name in code.co_varnames if not name.startswith("@")}, numbers


def place_of(function: Callable, node: ast.AST) -> str:
    """File, line and name, as every message about a rule begins, for a node of the tree that `parse` gives."""
    return where(function, function.__code__.co_firstlineno + getattr(node, "lineno", 1) - 1)


def fault(function: Callable, node: ast.AST, what: str, runs_in_python: bool = True) -> UserError:
    """The one sentence: which rule, which file and line, what is wrong and what to write."""
    message = f"{place_of(function, node)} uses {what}"
    return NotCompiledError(message) if runs_in_python else UserError(message)


def unknown_name(function: Callable, node: ast.AST, name: str, choices) -> UserError:
    """The sentence for a name that means nothing in a rule."""
    if name == "print":
        return fault(
            function, node, "print, which compiled rules cannot do; take it out again once you have seen what you want"
        )
    if hasattr(builtins, name):
        return fault(function, node, f"{name}; of Python's own functions rules may use {', '.join(BUILTINS)}")
    return UserError(
        f"{place_of(function, node)} uses {name!r}, which is not defined anywhere{hint_for(name, choices)}"
    )


def check(function, tree: ast.FunctionDef) -> None:
    """Refuse what would not compile, or would compile and mean something else; raises UserError."""
    _check_head(function, tree)
    for node in ast.walk(tree):
        if node is not tree and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            raise fault(function, node, "a function inside a rule; put it outside and mark it @helper")
        if isinstance(node, ast.Import | ast.ImportFrom):
            _check_import(function, node)
        for part in (node, getattr(node, "op", None), *getattr(node, "ops", ())):
            if type(part) in REMEDIES:
                raise fault(function, node, REMEDIES[type(part)], type(part) not in ENDS_OR_SKIPS_IN_PYTHON)
        if isinstance(node, ast.Constant) and not isinstance(node.value, bool | int | float):
            _check_constant(function, tree, node)
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.UnaryOp):
            raise fault(function, node, "an index counted from the end; write the index from the start")
        if isinstance(node, ast.Call):
            _check_call(function, node)
    _check_records(function, tree)
    check_slips(function, tree)
    _check_unassigned(function, tree)


def _check_head(function: Callable, tree: ast.FunctionDef) -> None:
    """Compiled rules know neither decorators nor arguments that are gathered."""
    for decorator in tree.decorator_list:
        mark = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = ast.unparse(mark)
        if name.split(".")[-1] not in ("rule", "helper") and function.__globals__.get(name) not in (rule, helper):
            raise fault(
                function, decorator, f"the decorator @{name}; a rule or helper has no other than @rule or @helper"
            )
    taken = tree.args
    if taken.vararg or taken.kwarg:
        raise fault(function, tree, "* or ** in front of an argument; name each argument")
    if taken.kwonlyargs or taken.posonlyargs:
        raise fault(function, tree, "* or / among its arguments; leave it out")


def _check_import(function: Callable, node: ast.Import | ast.ImportFrom) -> None:
    names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
    for name in names:
        if name in GENERATORS:
            raise fault(function, node, f"import {name}; {TO_DRAW}", False)


def _check_constant(function: Callable, tree: ast.FunctionDef, node: ast.Constant) -> None:
    if isinstance(node.value, str) and not _is_docstring(node, tree):
        raise fault(function, node, f"a text; rules keep numbers only{hint_for_text(node.value)}")
    returned = any(isinstance(user, ast.Return) and user.value is node for user in ast.walk(tree))
    if node.value is None and not returned:
        raise fault(
            function, node, "None; rules keep numbers only: let a number of its own, such as -1, say that there is none"
        )
    if isinstance(node.value, bytes | complex):
        raise fault(function, node, f"{node.value!r}; rules keep whole and real numbers only")


def records_of(function: Callable) -> dict[str, str]:
    """Which argument of a rule is which record; a helper's are known by their names."""
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    if getattr(function, "is_rule", False):
        return dict(zip(names, RECORDS, strict=False))
    return {name: name for name in names if name in RECORDS}


def _check_records(function: Callable, tree: ast.FunctionDef) -> None:
    """The person, here, world and luck hold fields or are handed on; none is a number, nor goes by a second name."""
    known = records_of(function)
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Name) or node.id not in known:
            continue
        user, record = above[node], known[node.id]
        if not isinstance(node.ctx, ast.Load):
            raise fault(function, node, f"{node.id} as a name for something else; choose another name")
        if isinstance(user, ast.keyword):
            user = above[user]
        if isinstance(user, ast.Call) and not (isinstance(user.func, ast.Name) and user.func.id in BUILTINS):
            continue
        if isinstance(user, ast.Attribute) and (record != "luck" or isinstance(above[user], ast.Call)):
            continue
        if record == "luck" and isinstance(user, ast.Compare) and user.left is node and isinstance(user.ops[0], ast.Lt):
            chance = ast.unparse(user.comparators[0])
            raise fault(function, node, f"luck as if it were a number; write happens({chance}, luck)", False)
        raise fault(function, node, NO_NUMBER[record], False)


def _is_docstring(node: ast.Constant, tree: ast.FunctionDef) -> bool:
    first = tree.body[0]
    return isinstance(first, ast.Expr) and first.value is node


def _check_call(function, call: ast.Call) -> None:
    target = call.func
    if isinstance(target, ast.Name) and target.id in {"pow", "hypot", "gamma"}:
        raise fault(function, call, f"{target.id} (not the same to the last bit when compiled); write exp(y * log(x))")
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
        return
    if meant := parents_rule(function, call):
        raise fault(function, call, meant, False)
    name, record = target.value.id, records_of(function).get(target.value.id)
    if record == "self" and target.attr in NOT_FOR_RULES:
        raise fault(function, call, f"{name}.{target.attr}(...); {NOT_FOR_RULES[target.attr]}", False)
    if record == "self":
        what = f"{name}.{target.attr}(...); make it a @helper function {target.attr}(self, ...) outside the class"
        raise fault(function, call, what)
    if record == "luck":
        raise fault(function, call, f"{name}.{target.attr}(...); {_to_draw(target.attr)}", False)
    if name in function.__code__.co_varnames[: function.__code__.co_argcount]:
        what = f"{name}.{target.attr}(...); write {target.attr}({name}), a function that is imported or marked @helper"
        raise fault(function, call, what)


def _to_draw(method: str) -> str:
    """What to write for a method that is looked for on luck."""
    takes = {"happens": "probability", "occurs": "hazard", "refused": "most"} | dict.fromkeys(
        ("draw_lot", "lot_floor", "turn_to_draw"), "n"
    )
    return f"write {method}({takes[method]}, luck)" if method in takes else "write draw(luck)"


def _check_unassigned(function, tree: ast.FunctionDef) -> None:
    """A local that only some paths assign reads as garbage when compiled."""
    arguments = {a.arg for a in tree.args.args}
    stored = _targets(tree)
    for node in ast.walk(tree):
        stored |= _captured(node.pattern) if isinstance(node, ast.match_case) else set()
    _walk(function, tree.body, stored - arguments, set(arguments))


def _walk(function, body, local, known: set) -> set | None:
    """Names assigned on every path through the body; None where no path reaches its end."""
    for statement in body:
        for node in _expressions(statement):
            if (
                isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Load)
                and node.id in local
                and node.id not in known
            ):
                raise fault(function, node, f"{node.id!r}, which not every path has assigned; give it a value first")
        if isinstance(statement, ast.Return | ast.Continue | ast.Break):
            return None
        if isinstance(statement, ast.If):
            ends = [_walk(function, part, local, set(known)) for part in (statement.body, statement.orelse)]
            reached = [e for e in ends if e is not None]
            if not reached:
                return None
            known = set.intersection(*reached)
        elif isinstance(statement, ast.For):
            inside = set(known) | _targets(statement.target)
            _walk(function, statement.body, local, inside)
            _walk(function, statement.orelse, local, set(known))
        elif isinstance(statement, ast.Match):
            for case in statement.cases:
                _walk(function, case.body, local, known | _captured(case.pattern))
        elif isinstance(statement, ast.Assign):
            for target in statement.targets:
                known = known | _targets(target)
        elif isinstance(statement, ast.AugAssign | ast.AnnAssign):
            known = known | _targets(statement.target)
    return known


def _captured(pattern: ast.pattern) -> set:
    """The names that a pattern of `match` assigns."""
    return {node.name for node in ast.walk(pattern) if isinstance(node, ast.MatchAs) and node.name}


def _targets(target: ast.AST) -> set:
    return {n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _expressions(statement: ast.stmt):
    """The names read by the statement itself, not by the statements nested in it."""
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        yield ast.copy_location(ast.Name(statement.target.id, ast.Load()), statement)
    for child in ast.iter_child_nodes(statement):
        if not isinstance(child, ast.stmt | ast.match_case):
            yield from ast.walk(child)
