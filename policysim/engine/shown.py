"""How a person, here and the world print: the values of their fields, states by their names."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

import numpy as np

from policysim.vocabulary import states

OF_EACH = {(len(states.Substance),): states.Substance}
"""What the indices of a field of this shape stand for."""


def row_in_words(name: str, row: int, record: np.void, units: dict[str, Any]) -> str:
    """One row of a record on one line: all fields that are not 0, and the names of those that are.

    units: by field, the name of the enumeration of its states, or the enumeration of its marks.
    """
    parts, zero = [], []
    for field in sorted(units):
        value = record[field]
        if not np.any(value):
            zero.append(field)
        elif np.ndim(value) == 0:
            parts.append(f"{field}={_said(value, units[field])}")
        elif np.size(value) <= 16:
            parts += _items(field, value, units[field])
        else:
            parts.append(f"{field}=<{' x '.join(map(str, np.shape(value)))} numbers>")
    nothing = f"; 0: {', '.join(zero)}" if zero else ""
    return f"<{name} {row}: {', '.join(parts)}{nothing}>"


def _items(field: str, values: np.ndarray, unit: Any) -> Iterable[str]:
    of = OF_EACH.get(values.shape)
    for index in np.argwhere(values):
        key = of(int(index[0])).name if of else ", ".join(map(str, index))
        yield f"{field}[{key}]={_said(values[tuple(index)], unit)}"


def _said(value: Any, unit: Any) -> str:
    kind: Any = unit if isinstance(unit, type) else getattr(states, unit, None) if unit else None
    if value.dtype.kind == "b":
        return "True"
    if value.dtype.kind == "f":
        return f"{value:.4g}"
    if kind is None or not issubclass(kind, IntEnum):
        return str(value)
    if value in set(kind):
        return kind(int(value)).name
    return " | ".join(member.name for member in kind if int(member) & int(value)) or str(value)
