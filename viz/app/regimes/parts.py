"""The parts of the room that are drawn in the browser: each a template beside this file, given plain values."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import solara

from policysim.reference.lever_words import Row


class Told(Protocol):
    """Hears what the browser tells: an id, or a table of values, which are to be judged."""

    def __call__(self, told: Any, /) -> Any: ...


@solara.component_vue("head.vue")
def Head(
    called: str, summary: str, short: str, back: str, known: Sequence[Row], event_begin: Told,
    event_restore: Told, event_rename: Told, event_sum_up: Told,
) -> None:  # fmt: skip
    """Where to start from, and what the regime is called."""


@solara.component_vue("levers.vue")
def Chosen(
    levers: Sequence[Row], cards: Mapping[str, str], months: Sequence[str], newest: str, event_set: Told,
    event_start: Told, event_remove: Told,
) -> None:  # fmt: skip
    """The levers of the regime with their settings."""


@solara.component_vue("contested.vue")
def Contested(bearing: Sequence[Row], others: Sequence[Row], event_take: Told) -> None:
    """Contested questions with both readings."""


@solara.component_vue("sharing.vue")
def Sharing(
    text: str, file: str, link: str, why: str, no_link: str, most: int, edits: bool, event_load: Told, event_open: Told,
    event_compare: Told,
) -> None:  # fmt: skip
    """Into the comparison; save, load, links."""


@solara.component_vue("compared.vue")
def Compared(
    regimes: Sequence[Row], full: bool, said: str, event_choose: Told, event_edit: Told, event_forget: Told
) -> None:
    """What stands in the comparison, and the session's own regimes."""


@solara.component_vue("arrival.vue")
def Arrival(mark: str, event_arrive: Told) -> None:
    """Tells of a regime in the address with which the page was opened."""
