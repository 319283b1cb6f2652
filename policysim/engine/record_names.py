"""How Numba names a type of records while it compiles: once, where it writes all of its fields out anew at every step.

A person has some two hundred fields, and what they are called is asked thousands of times for each module.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from numba.core.types import Record


@contextmanager
def written_once() -> Iterator[None]:
    """Within the block the name of each type of records is written once; it holds the types, so that no other takes its place."""
    known: dict[int, tuple[Record, str]] = {}
    write = Record.__repr__

    def name(record: Record) -> str:
        if id(record) not in known:
            known[id(record)] = record, write(record)
        return known[id(record)][1]

    setattr(Record, "__repr__", name)  # noqa: B010 - to a method nothing can be assigned, says mypy
    try:
        yield
    finally:
        setattr(Record, "__repr__", write)  # noqa: B010
