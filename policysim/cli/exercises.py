"""The command for learning: ten exercises, and whether a file solves one."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from typer import Argument

from policysim.errors import UserError

FORMS = {"list": "list", "show": "show N", "check": "check N FILE"}


def exercise(
    what: Annotated[
        str, Argument(metavar="list|show|check", help="All of them; one; whether a file solves one.")
    ] = "list",
    number: Annotated[int | None, Argument(metavar="[N]", help="Which one, after 'show' and 'check'.")] = None,
    file: Annotated[Path | None, Argument(metavar="[FILE]", help="Your answer, after 'check'.")] = None,
) -> None:
    """Ten exercises in changing a rule, and in asking what must be true: what is asked, and whether your answer is one.

    'check' lets a few hundred people of a made-up place live some weeks by the stock rules and by yours, with the same
    luck, and answers in one sentence. The file is loaded, that is, run. In the last exercise the answer is a scenario.

    \b
    Examples:
      policysim exercise list
      policysim exercise show 2
      policysim exercise check 2 my_rules.py
    """
    if what not in FORMS:
        raise UserError(f"'policysim exercise' is followed by list, show or check, not {what}")
    if sum(each is not None for each in (number, file)) != FORMS[what].count(" "):
        raise UserError(f"it is 'policysim exercise {FORMS[what]}'")
    from policysim.reference.exercises import EXERCISES, check
    from policysim.reference.exercises import exercise as numbered

    if number is None:
        for n, each in enumerate(EXERCISES, start=1):
            print(f"{n:2}  {each.title}")
        return
    asked = numbered(number)
    if file is None:
        print(f"{number}. {asked.title}\n\n{asked.asks}\n\nTo begin with: {asked.begin}")
        return
    if (found := check(number, file)) is not None:
        raise UserError(f"not yet: {found}")
    print(f"Passed: {asked.title.rstrip('?')}.")


COMMANDS: dict[Callable[..., None], str] = {exercise: "Ten exercises in changing a rule, and whether yours solve them."}
"""Every command here with the line that the list of commands has for it."""
