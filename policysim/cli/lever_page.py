"""One lever as a page that somebody who buys services can read."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from policysim.cli import terminal

Row = Mapping[str, Any]
HEAD = 18
"""Columns of the heads at the left."""
COMMON = ("coverage", "start_week", "ramp_weeks")
"""Settings that every lever has."""
EXPECTED = {
    "rises": "by the evidence cited below it rises",
    "falls": "by the evidence cited below it falls",
    "stays": "by the evidence cited below it does not change",
}
ALONE = "when this is pulled alone it is not expected to change"
LAWFUL = {"yes": "yes", "under licence": "under a licence", "no": "no: the law would have to change"}
QUALITY = {
    "verified": "a published figure, read at its source",
    "secondary": "a published figure, read in a report of it",
    "derived": "arithmetic on published figures",
    "unverified": "a published figure that was not read at its source yet",
    "assumed": "nobody measured it: a wide range of ours",
    "fitted": "set so that the model lands on published counts",
    "definition": "a definition",
}
STATUS = {
    "verified": "read at its source",
    "verified-secondary": "read in a report or copy of it",
    "derived": "arithmetic on other figures",
    "founding-document": "a claim of a founding document, to be tested",
    "unverified": "not read at its source yet",
    "assumed": "a guess of ours",
}


def print_page(row: Row) -> None:
    """The page of a lever, no wider than is read with ease."""
    wide = min(terminal.width(otherwise=terminal.READABLE), terminal.READABLE)
    out = terminal.console()
    out.print(f"{row['title']} ({row['id']})", style="bold", width=wide)
    for head, text in _told(row):
        if text:
            print(filled(text, wide, head.ljust(HEAD)))
    own = {name: said for name, said in row["settings"].items() if name not in COMMON}
    common = {name: row["settings"][name] for name in COMMON if name in row["settings"]}
    _print_settings(out, "What it can be set to", own, wide)
    _print_settings(out, "How far, from when and how fast", common, wide)
    if row["figures"]:
        print()
        out.print("Evidence", style="bold")
        print_figures(row["figures"], wide)


def _told(row: Row) -> Iterator[tuple[str, str]]:
    """The heads and what stands beside each."""
    yield "Group", _sentence(row["group"])
    yield "What it is", _sentence(row["what"])
    yield "How it acts", _sentence(row["path"])
    yield "Whom it reaches", _sentence(row["reach"])
    expected = ALONE if row["scales"] else EXPECTED.get(row["expected"], row["expected"])
    yield "What it is for", row["outcome"] and f"{row['outcome_label']} ({row['outcome']}): {expected}."
    scaled = _listed(f"{one['title']} ({one['id']})" for one in row["scales"])
    yield (
        "What it scales",
        scaled and f"{scaled}. Pull it beside one of them: alone it has none of their effect to enlarge.",
    )
    yield "Delivery shows in", f"{row['process_label']} ({row['process']})."
    yield "Lawful today", _sentence(LAWFUL.get(row["lawful"], row["lawful"]))
    yield "Bear in mind", _sentence(row["caution"])
    for one in row["contested"]:
        yield "Contested", f"{one['question']} Usually read so: {one['usual']}. Or so: {one['other']} ({one['id']})."
    yield "What it costs", _cost(row["unit_cost"], row["payers"])
    documented = ", ".join(f"{name} {_number(value)}" for name, value in row["documented"].items())
    yield "As documented", documented and f"{documented}: so far 'policysim effects' pulls it."
    yield (
        "Documents",
        "asked for or warned of by " * bool(row["documents"])
        + _listed(f"{one['key']}: {one['title']}" for one in row["documents"]),
    )
    yield "Pulled by", _listed(_regime(one) for one in row["regimes"]) or "No regime that is shipped."


def _cost(cost: Row | None, payers: list[str]) -> str:
    """The unit cost with its range, who pays it and how good the figure is."""
    if cost is None:
        return ""
    limits = "" if cost["low"] is None else f" (£{_number(cost['low'])} to £{_number(cost['high'])})"
    quality = QUALITY.get(cost["quality"], cost["quality"])
    *others, last = payers
    paid = f"the {', '.join(others)} and {last} purses pay" if others else f"the {last} purse pays"
    return (
        f"£{_number(cost['value'])}{limits} for {cost['meaning']}; {paid}. The figure is {cost['quality']}, "
        f"{quality} ({cost['source']})."
    )


def _regime(one: Row) -> str:
    settings = ", ".join(f"{name} {_number(value)}" for name, value in one["settings"].items())
    return f"{one['name']} ({settings or 'as usual'})"


def _print_settings(out: Any, title: str, settings: Mapping[str, Row], wide: int) -> None:
    """A line for each setting in columns, and what it is beneath."""
    if not settings:
        return
    heads = ("setting", "usual", "limits", "unit", "changes nothing at")
    rows = [
        (name, _number(said["default"]), _limits(said), said["unit"], _number(said["null"]))
        for name, said in settings.items()
    ]
    widths = [max(len(line[k]) for line in (heads, *rows)) for k in range(len(heads))]
    print()
    out.print(title, style="bold")
    _print_line(heads, widths, wide)
    for line, said in zip(rows, settings.values(), strict=True):
        _print_line(line, widths, wide)
        print(filled(_sentence(said["meaning"]), wide, "    "))


def _print_line(cells: tuple[str, ...], widths: list[int], wide: int) -> None:
    """Cells in their columns, or in a sentence where the window has no room for them."""
    line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
    room = sum(widths) + 2 * (len(widths) - 1) <= wide - 2
    print(f"  {line}" if room else filled(", ".join(cells), wide, "  "))


def print_figures(figures: list[Row], wide: int) -> None:
    """The evidence: what was found, where and when, who says so, and how far it was read."""
    column = max(len(one["id"]) for one in figures) + 4
    for one in figures:
        interval = f" ({one['low']} to {one['high']})" if one["low"] and one["high"] else ""
        where = ", ".join(filter(None, (one["place"], one["year"])))
        where += ". " * bool(where)
        unit = "" if one["unit"] == "direction" else f" {one['unit']}"  # a finding in words
        found = f"{one['value']}{interval}{unit}".strip()  # nothing where the finding is in what was looked for
        print(filled(f"{one['quantity']}{': ' if found else ''}{found}", wide, f"  {one['id']}".ljust(column)))
        status = f"{one['status']}: {STATUS[one['status']]}" if one["status"] in STATUS else one["status"]
        print(filled(f"{where}{one['source']} [{status}]", wide, " " * column))


def filled(text: str, wide: int, head: str) -> str:
    """A text beside its head, broken between words."""
    return textwrap.fill(
        text, wide, initial_indent=head + " " * (not head.endswith(" ")), subsequent_indent=" " * len(head),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _limits(said: Row) -> str:
    low, high = said["low"], said["high"]
    return " to ".join(_number(limit) for limit in (low, high) if limit is not None)


def _number(value: Any) -> str:
    if value is None:
        return "none"
    return str(value) if isinstance(value, bool) or not isinstance(value, int | float) else f"{value:,.10g}"


def _sentence(text: str | None) -> str:
    """With a capital, and a full stop at the end."""
    text = (text or "").strip()
    return text and text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _listed(parts: Iterator[str]) -> str:
    return "; ".join(parts)
