"""How a person, here and the world print: the values of their fields, states by their names."""

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any

import numpy as np

from policysim.vocabulary import states
from policysim.vocabulary.cards import card
from policysim.vocabulary.mark import Mark

OF_EACH = {(len(states.Substance),): states.Substance}
"""What the indices of a field of this shape stand for."""
UNSAID = "What is not shown is 0, or none, or as it starts. Simulated and fictional."
MOST_ITEMS = 16
"""A table of more numbers than this is shown by its shape."""


def row_in_words(name: str, row: int, record: np.void, kinds: dict[str, type[IntEnum] | None]) -> str:
    """One row of a record on one line: the states that it is in, and every other field that is not 0.

    kinds: by field, the enumeration of its states or of its marks; None for a number.
    """
    parts = []
    for field in sorted(kinds):
        value, kind = record[field], kinds[field]
        is_state = kind is not None and not issubclass(kind, Mark)
        if np.ndim(value) == 0 and (value or is_state):
            parts.append(f"{field}={_said(value, kind)}")
        elif np.size(value) > MOST_ITEMS:
            parts.append(f"{field}=<{' x '.join(map(str, np.shape(value)))} numbers>")
        elif np.ndim(value):
            parts += _items(field, value, kind)
    return f"<{name} {row}: {', '.join(parts)}; all else is 0>"


def items_in_words(field: str, value: Any, kind: type[IntEnum] | None) -> list[tuple[str, str]]:
    """Each number of a field by what it is called, in words: states by their names."""
    values = np.asarray(value)
    if values.ndim == 0:
        return [(field, _said(values[()], kind))]
    of = OF_EACH.get(values.shape)
    return [
        (f"{field}[{of(int(index[0])).name if of else ', '.join(map(str, index))}]", _said(values[tuple(index)], kind))
        for index in np.argwhere(np.ones(values.shape, bool))
    ]


def states_named(unit: str) -> type[IntEnum] | None:
    """The model's states of this name; None for any other unit."""
    kind = vars(states).get(unit)
    return kind if isinstance(kind, type) and issubclass(kind, IntEnum) and kind is not IntEnum else None


def _items(field: str, values: np.ndarray, kind: type[IntEnum] | None) -> Iterable[str]:
    of = OF_EACH.get(values.shape)
    for index in np.argwhere(values):
        key = of(int(index[0])).name if of else ", ".join(map(str, index))
        yield f"{field}[{key}]={_said(values[tuple(index)], kind)}"


def _said(value: Any, kind: type[IntEnum] | None) -> str:
    if value.dtype.kind == "f":
        return f"{value:.4g}"
    if kind is None:
        return str(value)
    if value in set(kind):
        return kind(int(value)).name
    return " | ".join(member.name for member in kind if int(member) & int(value)) or str(value)


def row_as_card(name: str, row: int, record: np.void, fields: Mapping[str, Any]) -> str:
    """One row of a record for a notebook: the states that it is in, and what else says something of it, with what it means."""
    rows = []
    for field, declared in fields.items():
        kind, values = getattr(declared, "marks", declared.states), np.asarray(record[field])
        if values.size <= MOST_ITEMS:
            said = items_in_words(field, values, kind)
            rows += [
                (called, value if kind else f"{value} {declared.unit}".strip(), declared.meaning)
                for (called, value), number in zip(said, values.ravel().tolist(), strict=True)
                if _says_something(declared, kind, value, number)
            ]
    return card(f"{name} {row}", rows, ("field", "value", "meaning"), [UNSAID])


def _says_something(declared: Any, kind: type[IntEnum] | None, value: str, number: float) -> bool:
    """Whether a number is another than the one for nothing, or for never, or with which all begin."""
    if kind is not None:
        return value not in ("NONE", "0") and bool(number or not declared.shape)
    return number not in (0, declared.start) and not (number < 0 and number == declared.limits[0])
