"""From rule methods to one compiled week: written from their source, function by function, and compiled.

Each function is a part of its own, kept on disk under a hash of all that shapes it (`policysim/engine/parts.py`).
"""

import ast
import inspect
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np

from policysim.engine.bounds import check_values
from policysim.engine.calls import check_call, is_other_chance
from policysim.engine.debugging import CHECKS, Watch
from policysim.engine.entries import entries_of, shaping, types_within
from policysim.engine.fields import fields_of, layout, marks_in, weekly_in
from policysim.engine.friends import check_counts
from policysim.engine.further_fields import told_apart
from policysim.engine.lines import DIVIDES
from policysim.engine.lived import (
    ELSEWHERE,
    by_role,
    counting_part,
    lived_lines,
    passing_parts,
    taken_lines,
    waking_part,
)
from policysim.engine.narrow import Widening, narrow_in
from policysim.engine.own_helpers import all_as_lived, as_lived
from policysim.engine.parts import Part, Types, assembling, lines_of
from policysim.engine.reads import calls_in, check_fields, check_marks, fields_in, parent_rule
from policysim.engine.remembered import remembered, sum_of_all
from policysim.engine.resting import Resting, all_is_foreseen, helpers_of, read_around, settling
from policysim.engine.rules import own_lots, rule_names, rules_of, shared_lots
from policysim.engine.slips import no_member, no_parents_rule
from policysim.engine.spread import spread
from policysim.engine.syntax import BUILTINS, TO_DRAW, check, fault, parse, unknown_name
from policysim.engine.templates import (
    BLOCK,
    DECISION,
    DIVISION,
    DIVISIONS,
    INLINE,
    KEPT,
    MAKE_UP,
    NOTES,
    OUTER,
    PASS,
    SETTLE,
    WHOLE,
)  # fmt: skip
from policysim.engine.written import Shape, shape_of
from policysim.vocabulary.exact import exp, log

MATH = {math.sqrt: "sqrt", math.floor: "floor", math.ceil: "ceil"}
"""What every machine works out to the same bit; exp and log are those of `policysim.vocabulary.exact`."""
ALL_MATH = ", ".join(sorted([*MATH.values(), exp.__name__, log.__name__]))


class Writer:
    """Collects the functions that the rules need, renamed so that none can clash, as source text."""

    def __init__(self, watch: Watch | None = None, narrow: frozenset[str] = frozenset()) -> None:
        self.watch, self.narrow = watch, narrow
        self.functions: dict[tuple[Callable, type | None, str], str] = {}
        self.parts: dict[str, Part] = {}
        self.begun: list[str] = []  # the functions that are being written, each called by the one before it

    def add(self, function: Callable, role: type | None = None) -> str:
        """Write the function and all it calls; returns the name it goes by in the module.

        `role` is whose week the rule belongs to: super() may mean another method for another role.
        """
        owner = role if _asks_its_parent(function) else None
        if (function, owner, "") in self.functions:
            return self.functions[function, owner, ""]
        return self.write(function, parse(function), role, owner)

    def write(
        self, function: Callable, tree: ast.FunctionDef, role: type | None, owner: type | None = None, key: str = ""
    ) -> str:
        """Write this tree, which is the function's or, under a key, one made of a part of it."""
        if (function, owner, key) in self.functions:
            return self.functions[function, owner, key]
        name = re.sub(r"\W+", "_", function.__qualname__ + key)
        while name in self.functions.values():
            name += "_"
        self.functions[function, owner, key] = name
        check(function, tree)
        tree.decorator_list, tree.returns = [], None
        for argument in tree.args.args:
            argument.annotation = None
        self.begun.append(name)
        rewriter = Rewriter(self, function, role)
        body = ast.fix_missing_locations(rewriter.visit(tree))
        self.begun.pop()
        body.name = name
        if self.watch is not None:
            body = ast.fix_missing_locations(self.watch.applied(function, body, self.parts))
        widening = Widening(self.narrow)
        body = ast.fix_missing_locations(widening.visit(body))
        if isinstance(body.body[0], ast.Expr) and isinstance(body.body[0].value, ast.Constant):
            body.body[0] = ast.copy_location(ast.Pass(), body.body[0])
        divisions = "".join(text for _, text in sorted(rewriter.divisions.items()))
        text = (
            f"{divisions}{KEPT if getattr(function, 'is_rule', False) and not key else INLINE}\n{ast.unparse(body)}\n"
        )
        looks = {(check.__module__, check.__name__) for check in CHECKS} if self.watch is not None else set()
        called, imports = frozenset(rewriter.calls), frozenset(rewriter.imports | widening.imports | looks)
        self.parts[name] = Part(name, text, called, imports, written_from=function, lines=lines_of(body))
        return name


class Rewriter(ast.NodeTransformer):
    """Turns one rule's global names into constants or into names of the generated module."""

    def __init__(self, writer: Writer, function: Callable, role: type | None):
        self.writer, self.function, self.role = writer, function, role
        self.known = dict(inspect.getclosurevars(function).nonlocals)
        code = function.__code__
        self.local = set(code.co_varnames)
        self.calls: set[str] = set()
        self.imports: set[tuple[str, str]] = set()
        self.divisions: dict[str, str] = {}

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
                    raise fault(self.function, node, no_member(node, base), False)
                return self.constant(getattr(base, node.attr), f"{node.value.id}.{node.attr}", node)
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp):
        node = self.generic_visit(node)  # type: ignore[assignment]
        return self.divided(node, node.left, node.right) if type(node.op) in DIVISIONS else node

    def visit_AugAssign(self, node: ast.AugAssign):
        node = self.generic_visit(node)  # type: ignore[assignment]
        if type(node.op) not in DIVISIONS:
            return node
        before = ast.parse(ast.unparse(node.target), mode="eval").body
        return ast.copy_location(ast.Assign([node.target], self.divided(node, before, node.value)), node)

    def divided(self, node: ast.BinOp | ast.AugAssign, of: ast.expr, by: ast.expr) -> ast.expr:
        """A division that says in which line it was where there is nothing to divide by."""
        sign, kind = DIVISIONS[type(node.op)]
        number = by.operand if isinstance(by, ast.UnaryOp) else by
        if isinstance(number, ast.Constant):
            if number.value == 0:
                raise fault(self.function, node, "a division by zero", False)
            return ast.BinOp(of, node.op, by)
        name = f"{DIVIDES}{self.function.__code__.co_firstlineno + node.lineno - 1}{kind}"
        self.divisions[name] = DIVISION.format(inline=INLINE, name=name, sign=sign)
        return ast.Call(ast.Name(name, ast.Load()), [of, by], [])

    def visit_Call(self, node: ast.Call):
        target = node.func
        if isinstance(target, ast.Attribute) and _is_super(target.value):
            return self.call_parent(node, target.attr)
        called = self.named(target)
        is_compiled = getattr(called, "is_helper", False) or hasattr(called, "compiled_as")
        if is_compiled or _is_mathematics(called):
            check_call(self.function, node, called)
        node = self.generic_visit(node)  # type: ignore[assignment]
        if is_compiled:
            node.args = list(map(self.of_no_one_value, node.args))
            for keyword in node.keywords:
                keyword.value = self.of_no_one_value(keyword.value)
        return node

    def of_no_one_value(self, given: ast.expr) -> ast.expr:
        """A number that stands in a call, as one of many (see `WHOLE`)."""
        number = given.operand if isinstance(given, ast.UnaryOp) else given
        if not isinstance(number, ast.Constant) or type(number.value) is not int or WHOLE in self.local:
            return given
        self.imports.add(("numba", WHOLE))
        return ast.Call(ast.Name(WHOLE, ast.Load()), [given], [])

    def named(self, target: ast.expr) -> Any:
        """What a name stands for outside the function; None for anything else."""
        name = target.id if isinstance(target, ast.Name) else ""
        return self.known.get(name, self.function.__globals__.get(name))

    def call_parent(self, node: ast.Call, rule: str) -> ast.AST:
        """`super().rule(here, world, luck)` becomes a call of the parent's rule with the same person."""
        if self.role is None:
            what = "in a helper" if getattr(self.function, "is_helper", False) else "outside a class"
            raise fault(self.function, node, f"super() {what}; call the model's by its name: {rule}(self, ...)")
        if node.func.value.args:  # type: ignore[attr-defined]
            raise fault(self.function, node, f"super(...) with arguments; write super().{rule}(here, world, luck)")
        parent = parent_rule(self.function, rule, self.role)
        if parent is None:
            raise fault(self.function, node, no_parents_rule(rule, self.role, rules_of(self.role)), False)
        person = ast.Name(self.function.__code__.co_varnames[0], ast.Load())
        arguments = [person, *map(self.visit, node.args)]
        keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        return ast.Call(self.call(parent, node, self.role), arguments, keywords)

    def call(self, function: Callable, node: ast.AST, role: type | None = None) -> ast.Name:
        """The name by which a rule or helper goes in the module; it is written if it is not there yet."""
        name = self.writer.add(function, role)
        if name in self.writer.begun:
            raise fault(
                self.function, node, f"{function.__name__}(...), which comes back to itself; loop over range(...)"
            )
        self.calls.add(name)
        return ast.Name(name, ast.Load())

    def constant(self, value, name: str, node: ast.AST) -> ast.expr:
        if isinstance(value, bool | np.bool_):
            return ast.Constant(bool(value))
        if isinstance(value, int | np.integer):
            return _number(int(value))
        if isinstance(value, float | np.floating):
            return _number(float(value))
        if isinstance(value, tuple):
            return ast.Tuple([self.constant(v, name, node) for v in value], ast.Load())
        if _is_mathematics(value):
            return ast.Name(MATH[value], ast.Load())
        if is_other_chance(value):
            raise fault(self.function, node, f"{name}; {TO_DRAW}", False)
        if hasattr(value, "compiled_as"):
            module, compiled = value.compiled_as
            self.imports.add((module, compiled))
            return ast.Name(compiled, ast.Load())
        if getattr(value, "is_helper", False):
            return self.call(value, node)
        if inspect.isfunction(value):
            raise fault(self.function, node, f"{name}(...), a function that is not marked @helper; mark it")
        raise fault(
            self.function,
            node,
            f"{name}, which is neither a number, an IntEnum member, a @helper nor one of {ALL_MATH}",
        )


def _number(value: int | float) -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(-value)) if value < 0 else ast.Constant(value)


def _is_mathematics(value: Any) -> bool:
    return inspect.isbuiltin(value) and value in MATH


def _is_super(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _asks_its_parent(function: Callable) -> bool:
    """Whether super() stands in it."""
    return any(_is_super(call) for call in calls_in(function))


def write_parts(
    roles: tuple[type, ...], decisions: dict[str, Callable], counter: Callable, watch: Watch | None = None,
    resting: Resting | None = None, narrow: frozenset[str] | None = None,
) -> list[Part]:  # fmt: skip
    """The compiled week of these roles and the decisions that institutions take on a person, callees first, `live` last.

    `counter` is the compiled function that counts one person; the week imports it from where it stands. `watch` is what
    a debug run looks at. Without `resting`, nobody is ever at rest. `narrow` are the fields held in four bytes, a person's
    where nothing is said.
    """
    writer = Writer(watch, narrow_in([layout(fields_of(roles))]) if narrow is None else narrow)
    notes = NOTES if watch is not None else dict.fromkeys(NOTES, "")
    order, own = rule_names(roles), own_lots(roles)
    weeks = [{rule: writer.add(function, role) for rule, function in rules_of(role).items()} for role in roles]
    decided = []
    for name, function in decisions.items():
        written = [writer.add(as_lived(role, function)) for role in roles] or [writer.add(function)]
        text = DECISION.format(name=name, taken=taken_lines(written, notes["passed"]), outer=OUTER, **notes).lstrip()
        decided.append(Part(f"decide_{name}", text, frozenset(written), ELSEWHERE))
    counts = counting_part(counter)
    settled, concerning = settling(writer, roles, resting if watch is None else None, ELSEWHERE)
    timed = [*passing_parts(roles, weeks), *concerning.values(), waking_part(concerning)] if settled else []
    drawn = [f"SHARED_WORD, :living], keys[{len(order)}]"] if shared_lots(roles) else []
    drawn += [f"OWN_WORDS, :living], keys[{order.index(own)}]"] if own else []
    draws = [f"draw_words(coming[{words}, ahead_of, week)" for words in drawn]
    fields = fields_of(roles)
    called = {name for week in weeks for name in week.values()} | {
        part.name for part in [counts, *settled.values(), *timed[:1]]
    }
    lived = lived_lines(roles, weeks, order, own, notes["passed"])
    settle = [
        [f"weeks = {settled[k].name}(person, nearby, the_world, bars, own_bars, i, keys, week)"] if k in settled else []
        for k in range(len(roles))
    ]
    live = PASS.format(
        clear="\n".join(f"            person.{name} = 0" for name in weekly_in(fields)),
        marks=" | ".join(f"person.{name}" for name in marks_in(fields)),
        lived="\n".join(f"            {line}" for line in lived),
        draws="\n".join(f"            {line}" for line in draws),
        make_up=MAKE_UP if settled else "",
        settle=SETTLE.format(roles=by_role(settle, 4)) if settled else "",
        block=BLOCK,
        **read_around(roles if settled else ()),
        foreseen=resting is not None and all_is_foreseen(roles, resting),
        outer=OUTER,
        **notes,
    ).lstrip()
    if watch is not None:
        live = f"{watch.text()}\n\n{live}"
    whole = Part("live", live, frozenset(called), ELSEWHERE)
    parts = [*writer.parts.values(), counts, *decided, *settled.values(), *timed, whole]
    return parts if watch is not None else spread(parts)


def write_module(
    roles: tuple[type, ...], decisions: dict[str, Callable], counter: Callable, watch: Watch | None = None,
    resting: Resting | None = None,
) -> str:  # fmt: skip
    """The source of all that, in one text."""
    return "\n\n".join(part.text for part in write_parts(roles, decisions, counter, watch, resting))


@contextmanager
def compiling_week(
    roles: tuple[type, ...], decisions: dict[str, Callable], layouts: tuple[np.dtype, ...], counter: Callable,
    debug: bool = False, resting: Resting | None = None, narrow: np.dtype | None = None,
) -> Iterator[ModuleType]:  # fmt: skip
    """The module whose `live` runs a week of these roles, from the end of the block on: see `assembling`.

    What was compiled before is loaded from disk. `debug` puts in what policysim.engine.debugging looks at. `narrow` is the
    record of a person without fields of one's own, with which that of these roles begins.
    """
    shape = shape_of(roles, [*all_as_lived(roles, decisions.values()), *helpers_of(roles, resting)])
    parts = _checked_parts(shape, roles, tuple(decisions.items()), layouts, counter, debug, resting, narrow)
    rests = any(part.name == "catch_up" for part in parts)
    entries = ["live", *(["catch_up", "wake_concerned"] if rests else []), *(f"decide_{name}" for name in decisions)]
    given = (layouts, tuple(decisions), debug, rests)
    with assembling(
        parts, shaping(layouts, debug), entries, lambda: Types(entries_of(*given), types_within(parts, layouts, debug))
    ) as module:
        vars(module)["PARTS"] = parts
        yield module


def compile_week(
    roles: tuple[type, ...], decisions: dict[str, Callable], layouts: tuple[np.dtype, ...], counter: Callable,
    debug: bool = False, resting: Resting | None = None, narrow: np.dtype | None = None,
) -> ModuleType:  # fmt: skip
    """The same, compiled."""
    with compiling_week(roles, decisions, layouts, counter, debug, resting, narrow) as module:
        return module


@lru_cache(maxsize=32)
def _checked_parts(
    shape: Shape,
    roles: tuple[type, ...],
    decisions: tuple[tuple[str, Callable], ...],
    layouts: tuple[np.dtype, ...],
    counter: Callable,
    debug: bool,
    resting: Resting | None = None,
    narrow: np.dtype | None = None,
) -> list[Part]:
    """What `write_parts` gives for rules without a fault; raises UserError. Kept for what has the same `shape`."""
    total = "" if debug else sum_of_all(shape, roles, (decisions, layouts, counting_part(counter).shaped_by, resting))

    def written() -> list[Part]:
        decided = dict(decisions)
        functions = all_as_lived(roles, decided.values())
        fields = tuple(map(fields_in, layouts))
        check_fields(roles, functions, *fields)
        check_marks(roles, functions)
        check_counts(roles, functions)
        check_values(roles, functions, *fields)
        watch = Watch(roles, functions, layouts) if debug else None
        return write_parts(roles, decided, counter, watch, resting, narrow_in(layouts))

    parts = remembered(total, shape, written)
    return told_apart(parts, layouts[0] if narrow is None or debug else narrow, layouts[0])
