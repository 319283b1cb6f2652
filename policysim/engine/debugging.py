"""Debug runs: rules compiled so that every index, every write to a field and every exp, log and sqrt is looked at.

Their code is another than that of usual runs, which look at nothing; the numbers are the same. A fault is noted as the
number of its place in the source with the value, and the run ends there.
"""

import ast
import hashlib
from collections.abc import Callable, Collection
from math import isfinite, sqrt

import numpy as np

from policysim.engine.exact import exp, log
from policysim.engine.fields import fields_of
from policysim.engine.jit import inlined
from policysim.engine.ranges import FieldError, Sentence, beyond, no_number, outside, said
from policysim.engine.reads import RECORDS, accesses, array_of, everything, indices_of
from policysim.engine.syntax import place_of

NOTE = np.dtype([("person", "i8"), ("site", "i8"), ("value", "f8")], align=True)
"""Whose week a thread is at; at which place in the source a fault was found, 0 for none, and the value there."""


@inlined
def checked_number(value, low, high, site, noted):
    """A value about to be written to a field of real numbers."""
    if not low <= value <= high:
        noted.site, noted.value = site, value
        raise ValueError("a field cannot hold a value")
    return value


@inlined
def checked_whole(value, low, high, site, noted):
    """A value about to be written to a field of whole numbers."""
    if not low <= value <= high or value != int(value):
        noted.site, noted.value = site, value
        raise ValueError("a field cannot hold a value")
    return value


@inlined
def checked_index(index, length, site, noted):
    """An index about to be used."""
    if not 0 <= index < length:
        noted.site, noted.value = site, index
        raise ValueError("an array does not have an index")
    return index


@inlined
def checked_exp(x, site, noted):
    """exp(x), which Python refuses to work out where it is too large."""
    value = exp(x)
    if isfinite(x) and not isfinite(value):
        noted.site, noted.value = site, x
        raise ValueError("a number is too large")
    return value


@inlined
def checked_log(x, site, noted):
    """log(x), which Python refuses to work out for 0 and below."""
    if x <= 0:
        noted.site, noted.value = site, x
        raise ValueError("a number has no logarithm")
    return log(x)


@inlined
def checked_sqrt(x, site, noted):
    """sqrt(x), which Python refuses to work out below 0."""
    if x < 0:
        noted.site, noted.value = site, x
        raise ValueError("a number has no root")
    return sqrt(x)


CHECKS = (checked_number, checked_whole, checked_index, checked_exp, checked_log, checked_sqrt)
OF_MATH = ("exp", "log", "sqrt")


class Watch:
    """What debug code looks at, and where in the source each look stands."""

    def __init__(self, roles: tuple[type, ...], decisions: tuple[Callable, ...], layouts: tuple[np.dtype, ...]):
        """`layouts` are those of the three records."""
        self.fields, self.layouts = fields_of(roles), dict(zip(RECORDS, layouts, strict=True))
        self.sites: dict[int, Sentence] = {}
        self.mentions: dict[tuple[Callable, int, int], set[tuple[str, str]]] = {}
        for function, role in everything(roles, decisions):
            for found in accesses(function, role):
                where = (found.function, found.node.lineno, found.node.col_offset)  # type: ignore[attr-defined]
                self.mentions.setdefault(where, set()).add((found.record, found.field))

    def applied(self, function: Callable, body: ast.FunctionDef, written: Collection[str]) -> ast.FunctionDef:
        """The function with every look put in; `written` are the functions it may call that look as well."""
        body.args.args.append(ast.arg("noted"))
        return Looking(self, function, written).visit(body)

    def site(self, function: Callable, node: ast.AST, sentence: Sentence) -> ast.expr:
        """The number of a place: made of what is said of it, so that an edited rule renumbers no other rule's places."""
        before, after = sentence
        told = f"{place_of(function, node)} {before}", after
        number = int.from_bytes(hashlib.sha256("\n".join(told).encode()).digest()[:7])
        self.sites[number] = told
        return ast.Constant(number)

    def text(self) -> str:
        """The places as a constant of the module."""
        return f"SITES = {self.sites!r}\n"


class Looking(ast.NodeTransformer):
    """Puts the looks into one function, whose names are those of the module already."""

    def __init__(self, watch: Watch, function: Callable, written: Collection[str]):
        self.watch, self.function, self.written = watch, function, written
        self.held = 0

    def visit_Call(self, node: ast.Call):
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in self.written:
            node.keywords.append(ast.keyword("noted", ast.Name("noted", ast.Load())))
        elif name in OF_MATH:
            return self.look(f"checked_{name}", node, no_number(name), *node.args)
        return node

    def visit_Subscript(self, node: ast.Subscript):
        array, axis = array_of(node)
        found = self.mentioned(array)
        self.generic_visit(node)
        if found is None:
            return node
        record, field = found
        path, shape = f"{record}.{field}", self.watch.layouts[record][field].shape[axis:]
        looked: list[ast.expr] = [
            self.look("checked_index", node, outside(path, length), index, ast.Constant(length))
            for index, length in zip(indices_of(node), shape, strict=False)
        ]
        node.slice = ast.Tuple(looked, ast.Load()) if isinstance(node.slice, ast.Tuple) else looked[0]
        return node

    def visit_Assign(self, node: ast.Assign):
        if len(node.targets) == 1 and self.field_of(node.targets[0]):
            return self.written_to(node, node.targets[0], self.visit(node.value))
        if not any(self.field_of(part) for target in node.targets for part in ast.walk(target)):
            return self.generic_visit(node)
        parting = Parting(self)  # several at once: each is held first, then written
        node.targets = [parting.visit(target) for target in node.targets]
        node.value = self.visit(node.value)
        return [node, *(self.written_to(node, target, value) for target, value in parting.held)]

    def visit_AnnAssign(self, node: ast.AnnAssign):
        if node.value is None or not self.field_of(node.target):
            return self.generic_visit(node)
        return self.written_to(node, node.target, self.visit(node.value))

    def visit_AugAssign(self, node: ast.AugAssign):
        target = node.target
        if not self.field_of(target):
            return self.generic_visit(node)
        first: list[ast.stmt] = []
        target = self.visit(target)
        if isinstance(target, ast.Subscript):  # its index is worked out once
            index = self.held_name()
            first.append(ast.Assign([ast.Name(index, ast.Store())], target.slice))
            target.slice = ast.Name(index, ast.Load())
        before = ast.parse(ast.unparse(target), mode="eval").body
        value = ast.BinOp(before, node.op, self.visit(node.value))
        return [*first, self.written_to(node, node.target, value, target)]

    def written_to(
        self, node: ast.stmt, target: ast.expr, value: ast.expr, looked: ast.expr | None = None
    ) -> ast.Assign:
        """An assignment of a value that is looked at first; flags take any."""
        field = self.field_of(target)
        target = self.visit(target) if looked is None else looked
        if field is not None and field.kind != "?":
            check = "checked_whole" if field.whole else "checked_number"
            low, high = map(ast.Constant, field.limits)
            value = self.look(check, node, beyond(field.path, field.allowed), value, low, high)
        return ast.Assign([target], value)

    def look(self, check: str, node: ast.AST, sentence: Sentence, *arguments: ast.expr) -> ast.Call:
        noted = ast.Name("noted", ast.Load())
        site = self.watch.site(self.function, node, sentence)
        return ast.Call(ast.Name(check, ast.Load()), [*arguments, site, noted], [])

    def field_of(self, target: ast.AST):
        """The field of a person that a target is, or is part of."""
        while isinstance(target, ast.Subscript):
            target = target.value
        record, name = self.mentioned(target) or ("", "")
        return self.watch.fields[name] if record == "self" else None

    def mentioned(self, node: ast.AST) -> tuple[str, str] | None:
        """Record and field; None for anything else, and in a helper that is given several kinds of record."""
        if not isinstance(node, ast.Attribute):
            return None
        found = self.watch.mentions.get((self.function, node.lineno, node.col_offset), ())
        return next(iter(found)) if len(found) == 1 else None

    def held_name(self) -> str:
        self.held += 1
        return f"held_{self.held}_"


class Parting(ast.NodeTransformer):
    """Puts a name in the place of every field in a target of several parts."""

    def __init__(self, looking: Looking):
        self.looking = looking
        self.held: list[tuple[ast.expr, ast.expr]] = []

    def visit(self, node: ast.AST):
        if not isinstance(node, ast.Attribute | ast.Subscript) or not self.looking.field_of(node):
            return self.generic_visit(node)
        name = self.looking.held_name()
        self.held.append((node, ast.Name(name, ast.Load())))
        return ast.Name(name, ast.Store())


def fault_in(sites: dict[int, Sentence], notes: list[np.ndarray], week: int) -> FieldError | None:
    """What the threads noted, told of the first person; None where nothing was."""
    found = sorted((int(note["person"][0]), int(note["site"][0]), float(note["value"][0])) for note in notes)
    for person, site, value in found:
        if site:
            return FieldError(f"{said(sites[site], value)} (person {person}, week {week})", "")
    return None
