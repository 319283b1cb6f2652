"""What a room says in place of an answer: that there is nothing yet, that it is at work, or what is wrong."""

import solara

from policysim.errors import UserError
from policysim.viz.app.compare.form import ACCENT
from policysim.viz.app.faults import sentence


def paragraph(words: str, kind: str, role: str = "") -> None:
    """Plain words; `role` says to a screen reader what they are."""
    solara.v.Html(tag="p", class_=kind, attributes={"role": role} if role else {}, children=[words])


def heading(words: str, id: str) -> None:
    """Of a part of the room, which is named after it."""
    solara.v.Html(tag="h2", attributes={"id": id}, children=[words])


def empty(words: str) -> None:
    """Nothing is here yet, and what brings something."""
    paragraph(words, "ps-empty")


def at_work(words: str, percent: float | None = None) -> None:
    """Something is being worked out; how far it is, where that is known."""
    with solara.v.Html(tag="div", class_="ps-at-work"):
        solara.v.ProgressLinear(
            indeterminate=percent is None, value=percent or 0, height=8, rounded=True, color=ACCENT,
            attributes={"aria-label": words},
        )  # fmt: skip
        paragraph(words, "ps-waiting", "status")


def wrong(fault: BaseException | str | None) -> None:
    """What is wrong, in a sentence."""
    known = isinstance(fault, UserError | str)
    paragraph(sentence(str(fault)) if known else f"This could not be worked out: {fault}.", "ps-fault", "alert")
