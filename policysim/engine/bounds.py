"""Indices that an array does not have, and marks handed to the wrong part of life, found in the source of rules.

Compiled rules do not look: an index beyond the end reads and writes the neighbouring field. What the source does not
tell, an index that is itself a field, the Python engine and debug runs look at.
"""

import ast
from collections.abc import Callable
from functools import lru_cache, partial

from policysim.engine.fields import fields_of, marks_in
from policysim.engine.ranges import outside, said
from policysim.engine.reads import RECORDS, Fields, array_of, everything, indices_of
from policysim.engine.syntax import place_of
from policysim.engine.values import Known, Steps, Walk, names_in
from policysim.errors import UserError
from policysim.vocabulary.mark import Mark, field_of

Lengths = dict[str, dict[str, tuple[int, ...]]]
"""By record and field."""


@lru_cache(maxsize=64)
def check_values(
    roles: tuple[type, ...], decisions: tuple[Callable, ...], of_self: Fields, of_here: Fields, of_world: Fields
) -> None:
    """Raise UserError for an index that a field does not have, or a mark of another part of life given to a helper."""
    lengths = dict(zip(RECORDS, map(dict, (of_self, of_here, of_world)), strict=True))
    marks = frozenset(marks_in(fields_of(roles)))
    for function, role in everything(roles, decisions):
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        walk = Walk(partial(_look, lengths, marks), role)
        walk.function(function, dict(zip(names, RECORDS, strict=False)), {})


def _look(lengths: Lengths, marks: frozenset[str], steps: Steps, node: ast.AST, known: Known) -> None:
    if isinstance(node, ast.Subscript):
        _check_index(lengths, steps, node, known)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute) and node.target.attr in marks:
        for mark in steps.values(node.value, known) or ():
            if isinstance(mark, Mark) and field_of(type(mark)) != node.target.attr:
                raise UserError(
                    f"{place_of(steps.followed, node)} leaves {type(mark).__name__}.{mark.name} in self.{node.target.attr}; "
                    f"it belongs in self.{field_of(type(mark))}{steps.called_at}"
                )


def _check_index(lengths: Lengths, steps: Steps, node: ast.Subscript, known: Known) -> None:
    array, axis = array_of(node)
    if not isinstance(array, ast.Attribute) or not isinstance(array.value, ast.Name):
        return
    record = steps.records.get(array.value.id, "")
    shape = lengths.get(record, {}).get(array.attr, ())
    for index, length in zip(indices_of(node), shape[axis:], strict=False):
        wrong = [value for value in steps.values(index, known) or () if not 0 <= value < length]
        if wrong:
            within = f"keep {ast.unparse(index)} within that, as range({length}) does"
            remedy = within if names_in(index) else "write one of those"
            name = f"{record}.{array.attr}"
            raise UserError(
                f"{place_of(steps.followed, node)} {said(outside(name, length), max(wrong, key=abs))}; {remedy}{steps.called_at}"
            )
