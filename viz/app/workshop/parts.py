"""The parts of the room that are drawn in the browser: each a template beside this file, given plain values."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Sequence
from typing import Any

import solara

from policysim.viz.app.regimes.parts import Told


@solara.component_vue("entry.vue")
def Entry(outcomes: Sequence[dict[str, str]], taken: int, event_add: Told, event_clear: Told) -> None:
    """Guesses of the whole room, typed by the facilitator: a line for each outcome."""


@solara.component_vue("guess.vue")
def OwnGuess(outcomes: Sequence[dict[str, str]], sent: bool, event_send: Told) -> None:
    """One person's guess, from their own device."""


@solara.component_vue("choosing.vue")
def Choosing(
    rows: Sequence[dict[str, Any]], caption: str, budget: str, full: bool, event_afford: Told, event_choose: Told
) -> None:
    """Regimes with what is known of their cost, a budget, and ticks for those to run."""


@solara.component_vue("picking.vue")
def Picking(options: Sequence[dict[str, str]], question: int, sent: bool, event_pick: Told) -> None:
    """Which regime it was, from one's own device."""


@solara.component_vue("controls.vue")
def Controls(revealed: bool, last: bool, hint: str, count: int, event_act: Told) -> None:
    """The reveal and what follows it, the next hint, the end; and how many picks are in."""


@solara.component_vue("hands.vue")
def Hands(options: Sequence[dict[str, str]], question: int, event_count: Told) -> None:
    """How many in the room raised a hand for each regime, typed by the facilitator."""


@solara.component_vue("joining.vue")
def Addresses(code: str, mark: str, host: str, notes: bool, picture: str, event_tell: Told) -> None:
    """How people join with their own devices, and the link of the second screen; tells the guests' address."""


@solara.component_vue("beginning.vue")
def Start(regimes: Sequence[dict[str, str]], event_begin: Told, event_quiz: Told, event_join: Told) -> None:
    """Begin a round about one of the regimes, or a quiz, or join one by its code."""


@solara.component_vue("saving.vue")
def Saving(made: dict[str, Any] | None, event_make: Told) -> None:
    """Makes the handout when asked, and saves it."""
