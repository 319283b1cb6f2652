"""From rule methods to one compiled week: a module is written from their source, compiled and kept on disk.

The module is named by a hash of everything that shapes it (the rules' and helpers' sources, the constants they read,
the records' layouts, the engine, numba's version), so that an edited rule is never run stale and an unchanged one
loads in a fraction of a second.
"""

import ast
import hashlib
import importlib.util
import inspect
import math
import os
import re
import sys
import tempfile
from collections.abc import Callable
from enum import IntEnum
from types import ModuleType

import numba
import numpy as np

from policysim.engine import debugging
from policysim.engine import luck as luck_module
from policysim.engine.bounds import check_values
from policysim.engine.cache import cache_folder, remove_foreign_files
from policysim.engine.debugging import CHECKS, Watch
from policysim.engine.fields import fields_of, marks_in
from policysim.engine.reads import accesses, check_fields, check_marks, fields_in, parent_rule
from policysim.engine.rules import rule_names, rules_of
from policysim.engine.syntax import BUILTINS, check, fault, parse, unknown_name

MATH = {"exp", "log", "sqrt", "floor", "ceil"}

HEADER = '''"""Written by policysim's compiler from the rules of a model; do not edit."""

from math import ceil, exp, floor, log, sqrt

from numba import njit
'''

# How the compiled functions are compiled. Calls between them, and counting the references to arrays that none of them
# makes or frees, would cost more than the rules themselves: one function of a week, without Numba's runtime.
INLINE = "@njit(forceinline=True, _nrt=False)"
OUTER = "@njit(nogil=True, cache=True, _nrt=False)"
BLOCK = 64
"""People whose common draws are made together: few enough for the fastest cache, enough to work side by side."""

PASS = '''
COMMON_RULES = {common}
BLOCK = {block}


{outer}
def live(
    people, places, world, drawn, keys, week, edges, first, last, marked, followed, counts, stocks, sums{noted}
):
    """Chunks first..last of the people live one week; each person writes only their own row."""
    luck = luck_of_a_thread()
    luck.week = week
    the_world = world[0]{note}
    for chunk in range(first, last):
        found = 0
        kept = 0
        for start in range(edges[chunk], edges[chunk + 1], BLOCK):
            living = min(BLOCK, edges[chunk + 1] - start)
{draws}
            for k in range(living):
                i = start + k
                person = people[i]
                if not person.present:
                    continue
                luck.person = i{note_person}
{clear}
                here = places[person.neighbourhood]
                role = person.role
{dispatch}
                if ({marks}) != 0:
                    marked[edges[chunk] + found] = i
                    found += 1
                if {counter}(person, here.area, chunk, stocks, sums):
                    followed[edges[chunk] + kept] = i
                    kept += 1
        counts[chunk, 0] = found
        counts[chunk, 1] = kept
'''


DECISION = '''
{outer}
def decide_{name}(people, places, world, key, week, rows, choices{noted}):
    """An institution's decision on these people, in person order."""
    luck = luck_of_a_thread()
    luck.week, luck.key = week, key{note}
    for k in range(rows.size):
        person = people[rows[k]]
        luck.person, luck.draws, luck.ahead = rows[k], 0, 0{note_person}
        {written}(person, places[person.neighbourhood], world[0], luck, choices[k]{passed})
'''

NOTES = {
    "noted": ", notes", "note": "; noted = notes[0]", "note_person": "; noted.person = luck.person", "passed": ", noted",
}  # fmt: skip
"""What debug code has in these places of the templates, and usual code has not."""


class Writer:
    """Collects the functions that the rules need, renamed so that none can clash, as source text."""

    def __init__(self, watch: Watch | None = None) -> None:
        self.watch = watch
        self.functions: dict[tuple[Callable, type | None], str] = {}
        self.sources: dict[str, str] = {}
        self.imports: dict[str, str] = {}

    def add(self, function: Callable, role: type | None = None) -> str:
        """Write the function and all it calls; returns the name it goes by in the module.

        `role` is whose week the rule belongs to: super() may mean another method for another role.
        """
        tree = parse(function)
        owner = role if any(_is_super(node) for node in ast.walk(tree)) else None
        if (function, owner) in self.functions:
            return self.functions[function, owner]
        name = re.sub(r"\W+", "_", function.__qualname__)
        while name in self.sources:
            name += "_"
        self.functions[function, owner] = name
        self.sources[name] = ""  # keeps the name while the callees are written
        check(function, tree)
        tree.decorator_list, tree.returns = [], None
        for argument in tree.args.args:
            argument.annotation = None
        body = Rewriter(self, function, role).visit(tree)
        body.name = name
        if self.watch is not None:
            body = self.watch.applied(function, body, self.sources)
        if isinstance(body.body[0], ast.Expr) and isinstance(body.body[0].value, ast.Constant):
            body.body[0] = ast.Pass()
        del self.sources[name]
        self.sources[name] = INLINE + "\n" + ast.unparse(ast.fix_missing_locations(body))
        return name

    def text(self) -> str:
        imports = "".join(f"from {module} import {name}\n" for name, module in sorted(self.imports.items()))
        sites = self.watch.text() if self.watch is not None else ""
        return HEADER + imports + sites + "\n\n" + "\n\n\n".join(self.sources.values()) + "\n"


class Rewriter(ast.NodeTransformer):
    """Turns one rule's global names into constants or into names of the generated module."""

    def __init__(self, writer: Writer, function: Callable, role: type | None):
        self.writer, self.function, self.role = writer, function, role
        self.known = dict(inspect.getclosurevars(function).nonlocals)
        code = function.__code__
        self.local = set(code.co_varnames)

    def value_of(self, name: str, node: ast.AST):
        for space in (self.known, self.function.__globals__):
            if name in space:
                return space[name]
        raise unknown_name(self.function, node, name, [*self.local, *self.known, *self.function.__globals__])

    def visit_Name(self, node: ast.Name):
        if node.id in self.local:
            return node
        if node.id in BUILTINS and node.id not in self.function.__globals__:
            return node
        return self.constant(self.value_of(node.id, node), node.id, node)

    def visit_Attribute(self, node: ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id not in self.local:
            base = self.value_of(node.value.id, node)
            if inspect.ismodule(base) or (inspect.isclass(base) and issubclass(base, IntEnum)):
                if not hasattr(base, node.attr):
                    raise fault(self.function, node, f"{node.value.id}.{node.attr}, which does not exist", False)
                return self.constant(getattr(base, node.attr), f"{node.value.id}.{node.attr}", node)
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call):
        target = node.func
        if isinstance(target, ast.Attribute) and _is_super(target.value):
            return self.call_parent(node, target.attr)
        return self.generic_visit(node)

    def call_parent(self, node: ast.Call, rule: str) -> ast.AST:
        """`super().rule(here, world, luck)` becomes a call of the parent's rule with the same person."""
        if self.role is None:
            raise fault(self.function, node, "super() outside a class; call the function by its name")
        if node.func.value.args:  # type: ignore[attr-defined]
            raise fault(self.function, node, f"super(...) with arguments; write super().{rule}(here, world, luck)")
        parent = parent_rule(self.function, rule, self.role)
        if parent is None:
            raise fault(
                self.function, node, f"super().{rule}, which no parent class of {self.role.__name__} has", False
            )
        person = ast.Name(self.function.__code__.co_varnames[0], ast.Load())
        arguments = [person, *map(self.visit, node.args)]
        keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        return ast.Call(ast.Name(self.writer.add(parent, self.role), ast.Load()), arguments, keywords)

    def constant(self, value, name: str, node: ast.AST) -> ast.expr:
        if isinstance(value, bool | np.bool_):
            return ast.Constant(bool(value))
        if isinstance(value, int | np.integer):
            return _number(int(value))
        if isinstance(value, float | np.floating):
            return _number(float(value))
        if isinstance(value, tuple):
            return ast.Tuple([self.constant(v, name, node) for v in value], ast.Load())
        if value in (math.exp, math.log, math.sqrt, math.floor, math.ceil):
            return ast.Name(value.__name__, ast.Load())
        if hasattr(value, "compiled_as"):
            module, compiled = value.compiled_as
            self.writer.imports[compiled] = module
            return ast.Name(compiled, ast.Load())
        if getattr(value, "is_helper", False):
            return ast.Name(self.writer.add(value), ast.Load())
        if inspect.isfunction(value):
            raise fault(self.function, node, f"{name}(...), a function that is not marked @helper; mark it")
        raise fault(
            self.function,
            node,
            f"{name}, which is neither a number, an IntEnum member, a @helper nor one of {', '.join(sorted(MATH))}",
        )


def _number(value: int | float) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def _is_super(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _role_source(writer: Writer, role: type, order: list[str], common: list[str]) -> str:
    """One function: the role's rules in order, until one of them ends the person's presence."""
    noted = ", noted" if writer.watch is not None else ""
    lines = [INLINE, f"def week_of_{role.__name__}(person, here, world, luck, keys, drawn, k{noted}):"]
    for name, function in rules_of(role).items():
        written = writer.add(function, role)
        lines += [
            f"    luck.key = keys[{order.index(name)}]",
            "    luck.draws = 0",
            f"    luck.ahead = drawn[{common.index(name)}, k]" if name in common else "    luck.ahead = 0",
            f"    {written}(person, here, world, luck{noted})",
        ]
        if any(a.record == "self" and a.field == "present" and a.writes for a in accesses(function, role)):
            lines += ["    if not person.present:", "        return"]
    return "\n".join(lines)


def write_module(
    roles: tuple[type, ...], decisions: dict[str, Callable], counter: Callable, watch: Watch | None = None
) -> str:
    """The source of the compiled week for these roles and of the decisions that institutions take on a person.

    `counter` is the compiled function that counts one person; the module imports it from where it stands. `watch` is
    what a debug run looks at.
    """
    writer, notes = Writer(watch), dict.fromkeys(NOTES, "")
    if watch is not None:
        writer.imports |= {check.__name__: check.__module__ for check in CHECKS}
        notes = NOTES
    writer.imports |= dict.fromkeys(("draw_compiled", "draw_ahead", "luck_of_a_thread"), "policysim.engine.luck")
    writer.imports[counter.__name__] = counter.__module__
    order = rule_names(roles)
    common = [name for name in order if any(_is_common(role, name) for role in roles)]
    weeks = [_role_source(writer, role, order, common) for role in roles]
    decided = [
        DECISION.format(name=name, written=writer.add(function), outer=OUTER, **notes)
        for name, function in decisions.items()
    ]
    dispatch, draws = "", ""
    for k, role in enumerate(roles):
        dispatch += f"                {'elif' if k else 'if'} role == {k}:\n"
        given = f"person, here, the_world, luck, keys, drawn, k{notes['passed']}"
        dispatch += f"                    week_of_{role.__name__}({given})\n"
    for k, name in enumerate(common):
        draws += f"            draw_ahead(drawn[{k}, :living], keys[{order.index(name)}], start, week)\n"
    fields = marks_in(fields_of(roles))
    live = PASS.format(
        clear="\n".join(f"                person.{name} = 0" for name in fields),
        marks=" | ".join(f"person.{name}" for name in fields),
        dispatch=dispatch.rstrip(),
        draws=draws.rstrip(),
        counter=counter.__name__,
        common=len(common),
        block=BLOCK,
        outer=OUTER,
        **notes,
    )
    return writer.text() + "\n\n" + "\n\n\n".join(weeks + decided) + "\n\n" + live


def _is_common(role: type, rule: str) -> bool:
    return getattr(rules_of(role).get(rule), "is_common", False)


def compile_week(
    roles: tuple[type, ...],
    decisions: dict[str, Callable],
    layouts: tuple[np.dtype, ...],
    counter: Callable,
    debug: bool = False,
) -> ModuleType:
    """The module whose `live` runs a week of these roles; loaded from disk where it was compiled before.

    `debug` puts in what policysim.engine.debugging looks at.
    """
    of_self, of_here, of_world = map(fields_in, layouts)
    check_fields(roles, tuple(decisions.values()), of_self, of_here, of_world)
    check_marks(roles, tuple(decisions.values()))
    check_values(roles, tuple(decisions.values()), of_self, of_here, of_world)
    source = write_module(roles, decisions, counter, Watch(roles, decisions, layouts) if debug else None)
    counting = sys.modules[counter.__module__]
    shaping = [
        source,
        numba.__version__,
        np.__version__,
        sys.version,
        *(str(dtype.descr) for dtype in layouts),
    ]
    shaping += [inspect.getsource(luck_module), inspect.getsource(counting)]
    shaping += [inspect.getsource(debugging)] if debug else []
    shaping += [f"{name}={value}" for name, value in sorted(vars(counting).items()) if isinstance(value, int)]
    name = "policysim_rules_" + hashlib.sha256("\n".join(shaping).encode()).hexdigest()[:24]
    if name in sys.modules:
        return sys.modules[name]
    folder = cache_folder()
    remove_foreign_files(folder, name)
    path = folder / f"{name}.py"
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, suffix=".part", delete=False, encoding="utf-8") as part:
            part.write(source)
        os.replace(part.name, path)
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    sys.modules[name] = module
    spec.loader.exec_module(module)  # type: ignore[union-attr]
    return module
