"""A traced life in plain text: the weeks under each regime, where the lives part, and how they end."""

import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from policysim.experiments.lives import words
from policysim.vocabulary.marks import HarmReductionMark
from policysim.vocabulary.states import Care, Housing, Justice, Life, Occupation

if TYPE_CHECKING:
    from policysim.experiments.lives.trace import Trace

WHEN = 21
GAP = " | "
LEAST_COLUMN, MOST_COLUMN = 24, 80
"""Columns of text that one regime needs beside the others, and more than which nobody reads along."""
PROSE = 110
"""Columns of a sentence at most."""
MOST_SHOWN = 6
"""Differences in what was met that are listed."""
ALL = "all regimes"
ONCE = frozenset({HarmReductionMark.VISITED_ROOM.told, HarmReductionMark.GOT_MEANS_OF_SMOKING.told})
"""Events that recur most weeks once they have begun: told the first time."""
NOTE = (
    "This person is simulated and fictional. No one's real life is described or predicted here; a single simulated "
    "life shows how the model works, and only many of them together say something about a policy."
)


def timeline(trace: "Trace", width: int) -> str:
    """Everything about a trace that a reader is told, on lines of at most `width` columns."""
    prose = min(width, PROSE)
    parts = [_opening(trace, prose), _weeks(trace, width), _why("Where they part", trace, trace.parting, prose)]
    if len(trace.lives) > 1 and trace.parting is None:
        parts.append(_headed("Where they part", ["They never part: the life is the same under each regime."], prose))
    parts += [
        _why("The gravest difference", trace, trace.turning, prose), _ends(trace, prose), _fill(NOTE, prose),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def _opening(trace: "Trace", width: int) -> str:
    first = trace.lives[0].weeks[0]
    area = trace.place.authorities[int(trace.areas[int(first.before["neighbourhood"][0])])].name
    use = words.use_in_words(first.before["use"][0])
    lines = [
        f"Simulated person {trace.person} in {area}: {words.who(first.before, trace.show_sensitive)}.",
        f"At the start: use of drugs: {use}; {standing(first.before)}.",
    ]
    own = ", ".join(role.__name__ for role in trace.own_classes)
    if own:
        under = [life.label for life in trace.lives if life.regime.people_classes]
        lines.append(f"{f'Under {under[0]} people' if len(under) == 1 else 'People'} live by rules of your own: {own}.")
    return "\n".join(_fill(line, width) for line in lines)


def standing(row: Any) -> str:
    """Whether somebody is in treatment, and how they stand with the law."""
    care, justice = Care(int(row["care"][0])), Justice(int(row["justice"][0]))
    told = ["not in treatment" if care == Care.NONE else words.CARE[care]]
    told += [] if justice == Justice.FREE else [words.JUSTICE[justice]]
    return "; ".join(told)


# ---------------------------------------------------------------- the weeks


def _weeks(trace: "Trace", width: int) -> str:
    told = [told_weeks(trace, k) for k in range(len(trace.lives))]
    last = [trace.week_of_run(life.weeks[-1]) for life in trace.lives]
    parting = trace.parting["week"] if trace.parting else None
    numbers = sorted({number for life in told for number in life} | ({parting} if parting is not None else set()))
    table = _table(trace.labels, width)
    lines = table.heading()
    for number in numbers:
        if number == parting:
            lines.append(" here the lives part ".center(table.width, "-"))
        cells = [life.get(number, "nothing" if number <= end else "") for life, end in zip(told, last, strict=True)]
        if number == parting and len(set(cells)) == 1:
            cells = _apart(trace, cells)
        lines += table.week(f"Week {number} ({month(trace, number)}):", cells)
    return "\n".join(lines)


def _apart(trace: "Trace", cells: list[str]) -> list[str]:
    """The cells of a parting that no event tells: the first field that differs."""
    assert trace.parting is not None
    first, week = trace.parting["regimes"][0], trace.parting["week"]
    for name, values in trace.parting["fields"].items():
        said = {label: words.value_in_words(name, value) for label, value in values.items()}
        said |= {label: said[first] for label, apart in trace.partings.items() if apart is None or apart > week}
        return [
            f"{trace.meaning(name)}: {said[x]}" if x in said else c for x, c in zip(trace.labels, cells, strict=True)
        ]
    return cells


def told_weeks(trace: "Trace", k: int) -> dict[int, str]:
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
    return f"{trace.date_of(week):%b %Y}"


class _SideBySide:
    """A column for each regime."""

    def __init__(self, labels: list[str], width: int):
        self.labels, gaps = labels, len(GAP) * (len(labels) - 1)
        self.column = min(MOST_COLUMN, (width - WHEN - gaps) // len(labels))
        self.width = WHEN + self.column * len(labels) + gaps

    def heading(self) -> list[str]:
        return [*self.week("", self.labels), "-" * self.width]

    def week(self, when: str, cells: list[str]) -> list[str]:
        columns = [textwrap.wrap(cell, self.column) or [""] for cell in cells]
        whens = [when, *[""] * max(map(len, columns))]
        return [
            f"{start:{WHEN}}{GAP.join(f'{part:{self.column}}' for part in parts)}".rstrip()
            for start, parts in zip(whens, zip_longest(*columns, fillvalue=""), strict=False)
        ]


class _OneBelowTheOther:
    """A line for each thing that happened, with the regimes under which it did."""

    def __init__(self, labels: list[str], width: int):
        self.labels, self.width = labels, min(width, PROSE)

    def heading(self) -> list[str]:
        return ["-" * self.width]

    def week(self, when: str, cells: list[str]) -> list[str]:
        under: dict[str, list[str]] = {}
        for label, cell in zip(self.labels, cells, strict=True):
            under.setdefault(cell, []).append(label)
        under.pop("", None)  # lives that have ended
        lines: list[str] = []
        for cell, labels in under.items():
            told = f"{ALL if len(labels) == len(self.labels) else ', '.join(labels)}: {cell}"
            start = when if not lines else ""
            lines += _fill(f"{start:{WHEN}}{told}", self.width, WHEN + 2).splitlines()
        return lines


def _table(labels: list[str], width: int) -> _SideBySide | _OneBelowTheOther:
    """The weeks side by side where there is room for it."""
    table = _SideBySide(labels, width)
    return table if table.column >= LEAST_COLUMN or len(labels) == 1 else _OneBelowTheOther(labels, width)


# ---------------------------------------------------------------- the reasons and the ends


def _why(heading: str, trace: "Trace", parting: dict[str, Any] | None, width: int) -> str:
    if parting is None:
        return ""
    lines = [f"Week {parting['week']} ({month(trace, parting['week'])}). {parting['sentence']}"]
    if parting["rule"]:
        kind = "Decision" if parting["by"] == "institution" else "Rule"
        draw = parting["draw"]
        number = f", draw {draw['n']}" if draw else ""
        lines.append(f"{kind}: {parting['rule']}{number}: {parting['says']}")
    met = [
        (f"{record}.{name}", trace.meaning(name, record), values)
        for record in ("here", "world", "person")
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
    if parting is trace.parting and len(trace.lives) > 2:
        lines.append(_when_each_parts(trace))
    return _headed(heading, lines, width)


def _when_each_parts(trace: "Trace") -> str:
    """Of more than two lives, when each parts from the first."""
    told = [
        f"{label} {'never' if week is None else f'in week {week} ({month(trace, week)})'}"
        for label, week in trace.partings.items()
    ]
    return f"From {trace.labels[0]} part: {', '.join(told)}."


def _headed(heading: str, lines: list[str], width: int) -> str:
    filled = (_fill(line, width, 4 if line.startswith("  ") else 0) for line in lines)
    return "\n".join([heading, "-" * len(heading), *filled])


def _ends(trace: "Trace", width: int) -> str:
    lines = []
    for life in trace.lives:
        row, number = life.weeks[-1].after, trace.week_of_run(life.weeks[-1])
        told = standing_at_end(row)
        if int(row["life"][0]) == Life.PRESENT:
            told += f"; use of drugs: {words.use_in_words(row['use'][0])}"
        told += f"; convictions: {int(row['convictions'][0])}"
        lines.append(f"  {life.label}, week {number}: {told}.")
    return _headed("How they stand at the end", lines, width)


def standing_at_end(row: Any) -> str:
    """How somebody stands after the last week, from the row (shape (1,)): alive or not, work, home, treatment, law."""
    state = Life(int(row["life"][0]))
    told = f"{words.LIFE[state]} at {int(row['age'][0])}"
    if state == Life.PRESENT:
        told += f", {words.OCCUPATION[Occupation(int(row['occupation'][0]))]}"
        told += f", {words.HOUSING[Housing(int(row['housing'][0]))]}; {standing(row)}"
    return told


def _fill(text: str, width: int, indent: int = 0) -> str:
    return textwrap.fill(text, width, subsequent_indent=" " * indent, break_on_hyphens=False)
