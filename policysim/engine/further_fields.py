"""Rules that know nothing of fields of one's own are compiled for the record of a person without them.

A field of one's own stands behind all others of the record, so that those stay where they were. Whoever reads or writes none
of them then sees the record that it always saw: it is compiled once for all models, and one more field costs the week around
the rules, the decisions about people, and what knows of the field.
"""

import ast
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numba.extending import intrinsic
from numba.np.numpy_support import from_dtype

from policysim.engine.fields import known
from policysim.engine.parts import Part
from policysim.engine.templates import OUTER

NARROWED = "without_further_fields"
"""How the function is called in a module that narrows what the rule is given which it calls."""
READ = re.compile(r"\.(\w+)")
FROM_HERE = (__name__, "seen_without")


def seen_without(members: Sequence[tuple]) -> Any:
    """A function that gives compiled code the same record as one of these members alone, with which it begins."""
    narrow = from_dtype(known(tuple(members)))

    @intrinsic
    def without_further_fields(typing_context, record):
        def code(context, builder, signature, arguments):
            return builder.bitcast(arguments[0], context.get_value_type(narrow))

        return narrow(record), code

    return without_further_fields


def members_of(dtype: np.dtype) -> tuple[tuple, ...]:
    """The members of a record type as it is made of them."""
    each = [(name, dtype[name].subdtype or (dtype[name], ())) for name in dtype.names or ()]
    return tuple((name, base.str[1:], *([shape] if shape else [])) for name, (base, shape) in each)


def without_further(people: np.ndarray, narrow: np.dtype) -> np.ndarray:
    """The same records, shape (n,), as narrow ones: what knows of no further field is compiled once, for these."""
    names, wanted = people.dtype.names or (), narrow.names or ()
    if names == wanted or names[: len(wanted)] != wanted:
        return people
    return np.ndarray(people.shape, narrow, people, 0, people.strides)


def told_apart(parts: list[Part], narrow: np.dtype, whole: np.dtype) -> list[Part]:
    """These parts, callees first, each with the record that it is compiled for: a narrow one, or the whole of this model.

    Of the whole know those who are called from outside, with arrays of it; who names a field that the narrow one has not;
    whoever calls one that does. They narrow the record for the others.
    """
    further = frozenset(whole.names or ()) - frozenset(narrow.names or ())
    knowing: set[str] = set()
    for part in parts if further else ():
        names_one = not further.isdisjoint(READ.findall(part.text))
        if OUTER in part.text or names_one or not knowing.isdisjoint(part.calls):
            knowing.add(part.name)
    head = Part(NARROWED, f"{NARROWED} = seen_without({members_of(narrow)!r})\n", imports=frozenset({FROM_HERE}))
    found = [
        _narrowing(part, knowing, members_of(whole))
        if part.name in knowing
        else part._replace(person=members_of(narrow))
        for part in parts
    ]
    return [head, *found] if knowing else found


def _narrowing(part: Part, knowing: set[str], person: tuple[tuple, ...]) -> Part:
    """A part that knows of the whole record, which gives the narrow one to those that do not."""
    function = ast.parse(part.text).body[-1]
    record = "person" if OUTER in part.text else function.args.args[0].arg  # type: ignore[attr-defined]
    given = [
        argument
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in part.calls - knowing
        for argument in call.args
        if isinstance(argument, ast.Name) and argument.id == record
    ]
    lines = part.text.split("\n")
    for node in sorted(given, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        line, first, end = lines[node.lineno - 1], node.col_offset, node.end_col_offset
        lines[node.lineno - 1] = f"{line[:first]}{NARROWED}({line[first:end]}){line[end:]}"
    calls = part.calls | {NARROWED} if given else part.calls
    return part._replace(text="\n".join(lines), calls=calls, person=person)
