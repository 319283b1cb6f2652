"""Mistakes that a user can make, told in one sentence.

Whatever a person can get wrong (a place, a key in a file, a number out of range) is raised as
:class:`UserError`; the command line prints its sentence and stops, without a traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class UserError(Exception):
    """One sentence for the user: what is wrong, where, what is allowed, and the nearest valid name."""

    def __init__(self, message: str) -> None:
        """Keep the message on one line, whatever text (a path, a quoted cell) went into it."""
        super().__init__(" ".join(message.split()))


def nearest(name: str, choices: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the choice most like `name`, or ``""`` when none is close.

    Case is ignored in the comparison; the choice is quoted as it is spelt in `choices`.
    """
    spelt = {choice.casefold(): choice for choice in choices}
    close = get_close_matches(name.casefold(), spelt, n=1)
    return f"; did you mean '{spelt[close[0]]}'?" if close else ""
