"""A person's week rule by rule, as lines for a terminal and as rows for a program."""

import textwrap
from collections.abc import Iterator
from typing import Any

from policysim.experiments.lives.stepping import LivedWeek, Turn

INDENT = "    "
MARK = "*"
"""Behind the name of a rule that is edited."""
UNTOUCHED = "nothing to do"


def rows_of(weeks: list[LivedWeek]) -> list[dict[str, Any]]:
    """A row for each rule and decision of each week, one for what others did, and one for counts of friends of one's own."""
    found = []
    for week in weeks:
        if week.counts:
            found.append(
                {"week": week.number, "role": week.role, "rule": None, "kind": "friends", "counts": week.counts}
            )
        for turn in week.turns:
            found.append(
                {
                    "week": week.number, "role": week.role, "rule": turn.rule, "kind": _kind(turn), "choice": turn.decided,
                    "says": turn.says, "edited": turn.edited or None, "file": turn.file,
                    "returned": {"line": turn.line, "test": turn.left} if turn.left else None,
                    "draws": turn.draws, "changes": turn.changes,
                }
            )  # fmt: skip
        if week.by_others:
            found.append(
                {"week": week.number, "role": week.role, "rule": None, "kind": "others", "changes": week.by_others}
            )
    return found


def text_of(weeks: list[LivedWeek], about: str, width: int) -> str:
    """The weeks for a terminal so many columns wide."""
    return "\n\n".join("\n".join(_lines(week, about, width)) for week in weeks)


def _lines(week: LivedWeek, about: str, width: int) -> Iterator[str]:
    if week.picked:
        yield from textwrap.wrap(week.picked, width)
    over = sum(turn.passed_over for turn in week.turns)
    head = (
        f"Person {week.person}, {about}, week {week.number}: {week.who}; lives by {week.role}. {_edited(week)}"
        f"{len(week.turns)} rules and decisions, of which {over} drew nothing and changed nothing. "
        "What a draw decides happens where it is below what it is held against."
    )
    yield from textwrap.wrap(head, width)
    wide = max(len(_name(turn)) for turn in week.turns) + 2
    yield from _told("as it begins", [f"{name}: {count}" for name, count in week.counts.items()], wide, width)
    for turn in week.turns:
        yield from _turn(turn, wide, width)
    yield from _told("others", [_change(change) for change in week.by_others], wide, width)


def _edited(week: LivedWeek) -> str:
    """Which classes of one's own people live by, and which rules of this person are edited."""
    if not week.own:
        return ""
    names = [turn.rule for turn in week.turns if turn.edited]
    rules = (
        f"Edited for this person, and marked {MARK}: {', '.join(names)}. "
        if names
        else "None of this person's is edited. "
    )
    return f"Rules of yours: {', '.join(week.own)}. {rules}"


def _name(turn: Turn) -> str:
    return turn.rule + (MARK if turn.edited else "")


def _turn(turn: Turn, wide: int, width: int) -> Iterator[str]:
    said = [f"an institution decides: choice {turn.decided}"] if turn.decided is not None else []
    said += [_draw(draw) for draw in turn.draws]
    said += [_change(change) for change in turn.changes]
    if turn.left:
        said.append(
            f"{'returns' if not turn.passed_over else 'returns at once'}: {turn.left} ({turn.file}, line {turn.line})"
        )
    yield from _told(_name(turn), said or [UNTOUCHED], wide, width)


def _told(name: str, said: list[str], wide: int, width: int) -> Iterator[str]:
    for k, line in enumerate(said):
        first = f"  {name:{wide}}" if k == 0 else " " * (wide + 2)
        yield textwrap.fill(line, width, initial_indent=first, subsequent_indent=" " * (wide + 2) + INDENT)


def _kind(turn: Turn) -> str:
    return "rule" if turn.decided is None else "decision"


def _draw(draw: dict[str, Any]) -> str:
    verb = (
        f"draw {draw['n']}: {draw['value']:.6g}" if draw["drawn"] else f"looks at draw {draw['n']}: {draw['value']:.6g}"
    )
    held = [f"{'below' if each['below'] else 'not below'} {each['limit']:.6g}" for each in draw["against"]]
    return f"{verb}{', ' if held else ''}{', '.join(held)}"


def _change(change: dict[str, Any]) -> str:
    if not change["from"]:
        return f"{change['field']}: {change['to']} ({change['meaning']})"
    return f"{change['field']}: {change['from']} -> {change['to']} ({change['meaning']})"
