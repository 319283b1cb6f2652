"""What a rule may say: a check of the syntax tree, so that a mistake is one sentence and not a compiler's trace."""

import ast
import builtins
import inspect
import textwrap
from collections.abc import Callable
from types import CodeType

from policysim.errors import UserError, nearest

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
    ast.Raise: "raise; a rule cannot fail, test the condition with if",
    ast.With: "with; rules only read and write numbers",
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
    ast.Invert: "~; use `not` or subtract the flag",
    ast.LShift: "<<; multiply instead",
    ast.RShift: ">>; divide with // instead",
    ast.Is: "`is`; compare with ==",
    ast.IsNot: "`is not`; compare with !=",
    ast.Starred: "a starred argument; name each argument",
    ast.Slice: "a slice; write a loop over range(...)",
    ast.NamedExpr: ":=; assign on a line of its own",
}

BUILTINS = ("abs", "bool", "float", "int", "len", "max", "min", "range", "round")


def parse(function: Callable) -> ast.FunctionDef:
    """The syntax tree of one rule or helper."""
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except OSError:
        raise UserError(
            f"rule {function.__qualname__} has no source file to compile from; put it in a .py file or a notebook "
            "cell, or use --engine python"
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


def _shape(code: CodeType) -> tuple[set, set, set]:
    """Names, variables and numbers of a function, by which a source that was edited meanwhile is told from its own."""
    code = next((c for c in code.co_consts if isinstance(c, CodeType)), code) if code.co_name == "<module>" else code
    names = {name for name in code.co_names if not name.startswith("@")}  # pytest writes such names into asserts
    numbers = {repr(c) for c in code.co_consts if isinstance(c, int | float | tuple)}
    return names, {name for name in code.co_varnames if not name.startswith("@")}, numbers


def place_of(function: Callable, node: ast.AST) -> str:
    """File, line and name, as every message about a rule begins."""
    code = function.__code__
    line = code.co_firstlineno + getattr(node, "lineno", 1) - 1
    return f"{code.co_filename}, line {line}: rule {function.__qualname__}"


def fault(function: Callable, node: ast.AST, what: str, runs_in_python: bool = True) -> UserError:
    """The one sentence: which rule, which file and line, what is wrong and what to write."""
    way_out = " (or run it uncompiled with --engine python)" if runs_in_python else ""
    return UserError(f"{place_of(function, node)} uses {what}{way_out}")


def unknown_name(function: Callable, node: ast.AST, name: str, choices) -> UserError:
    """The sentence for a name that means nothing in a rule."""
    if hasattr(builtins, name):
        return fault(function, node, f"{name}; of Python's own functions rules may use {', '.join(BUILTINS)}")
    return UserError(f"{place_of(function, node)} uses {name!r}, which is not defined anywhere{nearest(name, choices)}")


def check(function, tree: ast.FunctionDef) -> None:
    """Refuse what would not compile, or would compile and mean something else; raises UserError."""
    for node in ast.walk(tree):
        if node is not tree and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            raise fault(function, node, "a function inside a rule; put it outside and mark it @helper")
        remedy = REMEDIES.get(type(node))
        if remedy:
            raise fault(function, node, remedy)
        for part in (getattr(node, "op", None), *getattr(node, "ops", ())):
            if type(part) in REMEDIES:
                raise fault(function, node, REMEDIES[type(part)])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not _is_docstring(node, tree):
            raise fault(function, node, "a text; rules keep numbers only")
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.UnaryOp):
            raise fault(function, node, "an index counted from the end; write the index from the start")
        if isinstance(node, ast.Call):
            _check_call(function, node)
    _check_unassigned(function, tree)


def _is_docstring(node: ast.Constant, tree: ast.FunctionDef) -> bool:
    first = tree.body[0]
    return isinstance(first, ast.Expr) and first.value is node


def _check_call(function, call: ast.Call) -> None:
    target = call.func
    if isinstance(target, ast.Name) and target.id in {"pow", "hypot", "gamma"}:
        raise fault(function, call, f"{target.id} (not the same to the last bit when compiled); write exp(y * log(x))")
    if not isinstance(target, ast.Attribute) or not isinstance(target.value, ast.Name):
        return
    name, arguments = target.value.id, function.__code__.co_varnames[: function.__code__.co_argcount]
    if name == "self":
        what = f"self.{target.attr}(...); make it a @helper function {target.attr}(self, ...) outside the class"
        raise fault(function, call, what)
    if name in arguments:
        what = f"{name}.{target.attr}(...); write {target.attr}({name}), a function that is imported or marked @helper"
        raise fault(function, call, what)


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
