"""A list that is searched by words, each entry with its card: levers to take, rules to read."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable, Sequence
from typing import Any

import solara

from policysim.reference.lever_words import Row

Chosen = Callable[[Any], Any]
"""Hears the id of an entry."""


@solara.component_vue("library.vue")
def Library(
    groups: Sequence[Row], noun: str, example: str, counts: str, opened: str, card: str, event_read: Chosen,
    taken: Sequence[str] | None = None, event_add: Chosen | None = None, event_remove: Chosen | None = None,
) -> None:  # fmt: skip
    """Groups of entries, those with a name folded; `counts` is said while nothing is typed, `taken` are those that are in."""
