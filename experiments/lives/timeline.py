"""A traced life on a terminal 100 columns wide: the weeks side by side, where the lives part, and how they end."""

import datetime
import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from policysim.agents.institutions.catalogue import HERE, WORLD
from policysim.agents.people.person import Person
from policysim.experiments.lives import words
from policysim.vocabulary.marks import HarmReductionMark
from policysim.vocabulary.states import Care, Housing, Justice, Life, Occupation

if TYPE_CHECKING:
    from policysim.experiments.lives.trace import Trace

WIDTH = 100
WHEN = 21
GAP = " | "
MOST_SHOWN = 6
"""Differences in what was met that are listed."""
ONCE = frozenset({HarmReductionMark.VISITED_ROOM.told})
"""Events that recur most weeks once they have begun: told the first time."""
NOTE = (
    "This person is simulated and fictional. No one's real life is described or predicted here; a single simulated "
    "life shows how the model works, and only many of them together say something about a policy."
)


def timeline(trace: "Trace") -> str:
    """Everything about a trace that a reader is told."""
    parts = [_opening(trace), _weeks(trace), _why("Where they part", trace.parting)]
    if len(trace.lives) > 1 and trace.parting is None:
        parts.append(_headed("Where they part", ["They never part: the life is the same under each regime."]))
    parts += [_why("The gravest difference", trace.turning), _ends(trace), _fill(NOTE)]
    return "\n\n".join(part for part in parts if part)


def _opening(trace: "Trace") -> str:
    first = trace.lives[0].weeks[0]
    area = trace.place.authorities[int(trace.areas[int(first.before["neighbourhood"][0])])].name
    use = words.use_in_words(first.before["use"][0])
    lines = [
        f"Simulated person {trace.person} in {area}: {words.who(first.before, trace.show_sensitive)}.",
        f"At the start: use of drugs: {use}; {_standing(first.before)}.",
    ]
    return "\n".join(_fill(line) for line in lines)


def _standing(row: Any) -> str:
    care, justice = Care(int(row["care"][0])), Justice(int(row["justice"][0]))
    told = ["not in treatment" if care == Care.NONE else words.CARE[care]]
    told += [] if justice == Justice.FREE else [words.JUSTICE[justice]]
    return "; ".join(told)


# ---------------------------------------------------------------- the weeks


def _weeks(trace: "Trace") -> str:
    told = [_told(trace, k) for k in range(len(trace.lives))]
    last = [trace.week_of_run(life.weeks[-1]) for life in trace.lives]
    parting = trace.parting["week"] if trace.parting else None
    numbers = sorted({number for life in told for number in life} | ({parting} if parting is not None else set()))
    lines = [_line("", trace.labels), "-" * WIDTH]
    for number in numbers:
        if number == parting:
            lines.append(" here the lives part ".center(WIDTH, "-"))
        cells = [life.get(number, "nothing" if number <= end else "") for life, end in zip(told, last, strict=True)]
        if number == parting and len(set(cells)) == 1:
            cells = _apart(trace, cells)
        lines.append(_line(f"Week {number} ({month(trace, number)}):", cells))
    return "\n".join(lines)


def _apart(trace: "Trace", cells: list[str]) -> list[str]:
    """The cells of a parting that no event tells: the first field that differs."""
    assert trace.parting is not None
    for name, values in trace.parting["fields"].items():
        said = {label: words.value_in_words(name, value) for label, value in values.items()}
        return [
            f"{words.field_in_words(name)}: {said[x]}" if x in said else c
            for x, c in zip(trace.labels, cells, strict=True)
        ]
    return cells


def _told(trace: "Trace", k: int) -> dict[int, str]:
    """What happened by week under one regime, without what recurs."""
    found, known = {}, set[str]()
    for week in trace.lives[k].weeks:
        events = [e for e in words.events(week.before, week.after, trace.show_sensitive) if e not in known]
        known |= ONCE & set(events)
        if events:
            found[trace.week_of_run(week)] = "; ".join(f"{e} (from here on often)" if e in ONCE else e for e in events)
    return found


def month(trace: "Trace", week: int) -> str:
    """The month in which a week of the run begins."""
    return f"{datetime.date.fromisoformat(words.date_of(week)):%b %Y}"


def _line(when: str, cells: list[str]) -> str:
    """One week, a column for each regime; with more than three regimes one below the other."""
    if len(cells) > 3:
        return "\n".join(_fill(f"{when:{WHEN}}{cell}", WHEN) for cell in dict.fromkeys(cells))
    width = (WIDTH - WHEN - len(GAP) * (len(cells) - 1)) // len(cells)
    columns = [textwrap.wrap(cell, width) or [""] for cell in cells]
    lines = []
    for k, parts in enumerate(zip_longest(*columns, fillvalue="")):
        row = GAP.join(f"{part:{width}}" for part in parts)
        lines.append(f"{when if k == 0 else '':{WHEN}}{row}".rstrip())
    return "\n".join(lines)


# ---------------------------------------------------------------- the reasons and the ends


def _why(heading: str, parting: dict[str, Any] | None) -> str:
    if parting is None:
        return ""
    month = f"{datetime.date.fromisoformat(parting['date']):%b %Y}"
    lines = [f"Week {parting['week']} ({month}). {parting['sentence']}"]
    if parting["rule"]:
        kind = "Decision" if parting["by"] == "institution" else "Rule"
        draw = parting["draw"]
        number = f", draw {draw['n']}" if draw else ""
        lines.append(f"{kind}: {parting['rule']}{number}: {parting['says']}")
    met = [
        (f"{record}.{name}", words.field_in_words(name, owner), values)
        for record, owner in (("here", HERE), ("world", WORLD), ("person", Person))
        for name, values in parting["met"].get(record, {}).items()
    ]
    met.sort(key=lambda item: item[0] not in parting["enough"])
    if met:
        lines.append("What was not the same for both:")
    for name, says, values in met[:MOST_SHOWN]:
        told = ", ".join(
            f"{label} {words.value_in_words(name.split('.')[1], value)}" for label, value in values.items()
        )
        lines.append(f"  {says} ({name}): {told}")
    return _headed(heading, lines)


def _headed(heading: str, lines: list[str]) -> str:
    return "\n".join([heading, "-" * len(heading), *(_fill(line, 4 if line.startswith("  ") else 0) for line in lines)])


def _ends(trace: "Trace") -> str:
    lines = []
    for life in trace.lives:
        row, number = life.weeks[-1].after, trace.week_of_run(life.weeks[-1])
        state = Life(int(row["life"][0]))
        told = f"{words.LIFE[state]} at {int(row['age'][0])}"
        if state == Life.PRESENT:
            told += f", {words.OCCUPATION[Occupation(int(row['occupation'][0]))]}"
            told += f", {words.HOUSING[Housing(int(row['housing'][0]))]}; {_standing(row)}"
            told += f"; use of drugs: {words.use_in_words(row['use'][0])}"
        told += f"; convictions: {int(row['convictions'][0])}"
        lines.append(f"  {life.label}, week {number}: {told}.")
    return _headed("How they stand at the end", lines)


def _fill(text: str, indent: int = 0) -> str:
    return textwrap.fill(text, WIDTH, subsequent_indent=" " * indent, break_on_hyphens=False)
