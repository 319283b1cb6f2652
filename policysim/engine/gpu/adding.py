"""Tallies on a card: what is added to one of their numbers is added at once for all threads, in whole numbers.

The counting of a week says `stocks[area, k] += one` (policysim/counts/counting.py). Here a number reads as 0, and writing to
it adds: the same line then adds, whoever else adds at that moment. Sums of whole numbers do not depend on who came first.
"""

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, overload, overload_attribute, register_model

WORD = ir.IntType(64)


class Adding(types.Type):
    """A table of int64, shape (rows, columns), or one row of it, to which numbers are added."""

    def __init__(self, ndim: int):
        self.ndim = ndim
        super().__init__(name=f"Adding({ndim})")


TABLE, ROW = Adding(2), Adding(1)


@register_model(Adding)
class AddingModel(models.StructModel):
    """Where its numbers begin, and how many rows and columns there are."""

    def __init__(self, manager: Any, kind: Adding):
        members = [("data", types.CPointer(types.int64)), ("rows", types.int64), ("columns", types.int64)]
        super().__init__(manager, kind, members)


@intrinsic
def _row(typing_context, table, k):
    """One row of a table."""

    def code(context, builder, signature, arguments):
        of = cgutils.create_struct_proxy(TABLE)(context, builder, arguments[0])
        row = cgutils.create_struct_proxy(ROW)(context, builder)
        row.data = builder.gep(of.data, [builder.mul(arguments[1], of.columns)])
        row.rows, row.columns = WORD(1), of.columns
        return row._getvalue()

    return ROW(TABLE, types.int64), code


@intrinsic
def _add(typing_context, row, k, value):
    """Add a number to the k-th of a row, in one step."""

    def code(context, builder, signature, arguments):
        of = cgutils.create_struct_proxy(ROW)(context, builder, arguments[0])
        builder.atomic_rmw("add", builder.gep(of.data, [arguments[1]]), arguments[2], "monotonic")
        return context.get_dummy_value()

    return types.void(ROW, types.int64, types.int64), code


@intrinsic
def _rows(typing_context, table):
    """How many rows a table has."""

    def code(context, builder, signature, arguments):
        return cgutils.create_struct_proxy(TABLE)(context, builder, arguments[0]).rows

    return types.int64(TABLE), code


@overload(operator.getitem)
def _read(table, k):
    if table == TABLE and isinstance(k, types.Integer):
        return lambda table, k: _row(table, types.int64(k))  # type: ignore[call-arg]
    if isinstance(table, Adding):
        return lambda table, k: types.int64(0)
    return None


@overload(operator.setitem)
def _write(table, k, value):
    if table == TABLE and isinstance(k, types.BaseTuple):
        return lambda table, k, value: _add(_row(table, types.int64(k[0])), types.int64(k[1]), types.int64(value))  # type: ignore[call-arg]
    if table == ROW and isinstance(k, types.IntEnumMember):
        return lambda table, k, value: _add(table, types.int64(k.value), types.int64(value))  # type: ignore[call-arg]
    if table == ROW and isinstance(k, types.Integer):
        return lambda table, k, value: _add(table, types.int64(k), types.int64(value))  # type: ignore[call-arg]
    return None


@overload_attribute(Adding, "shape")
def _shape(table):
    return lambda table: (_rows(table),)  # type: ignore[call-arg]
