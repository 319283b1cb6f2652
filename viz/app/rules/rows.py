"""Every rule of people as the room lists it, and the card of one: what it does, its text, its numbers with their sources."""

from functools import cache
from html import escape
from typing import Any

from policysim.agents.roles import ROLES
from policysim.evidence.registry import Parameter, registry
from policysim.experiments.analysis.wording import listed
from policysim.reference import listings
from policysim.viz.app import html

ROLE_NAMES = {"YoungPerson": "young people", "Adult": "adults", "DependentUser": "people dependent on a drug"}
MOST_ENTRIES = 8
"""Rows of one table of the registry that a card shows."""


@cache
def rule_rows() -> dict[str, dict[str, Any]]:
    """By file and line: what there is to say of a rule, with its text."""
    found = {}
    for row in listings.rules():
        key = f"{row['part']}:{row['line']}"
        found[key] = row | {"id": key}
    return found


def listed_rows() -> list[dict[str, str]]:
    """For the list that is searched: name, sentence, and the words in which a search looks."""
    return [
        {
            "id": row["id"],
            "title": row["rule"].replace("_", " "),
            "says": row["says"],
            "of": _who(row),
            "text": " ".join(
                [row["rule"].replace("_", " "), row["rule"], row["says"], _who(row), row["part"], *row["parameters"]]
            ).lower(),
        }
        for row in rule_rows().values()
    ]


def _who(row: dict[str, Any]) -> str:
    return "everyone" if len(row["roles"]) == len(ROLES) else listed([ROLE_NAMES[role] for role in row["roles"]])


def card(id: str) -> str:
    """What is known of a rule, as HTML; nothing where there is no such rule."""
    row = rule_rows().get(id)
    if row is None:
        return ""
    told = {
        "What it does": row["says"],
        "Who lives by it": _who(row),
        "What it looks at around the person": ", ".join(row["here"] + row["world"]).replace("_", " ") or "nothing",
        "Where it stands": f"{row['file']}, line {row['line']}",
    }
    parts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(words)}</dd></div>" for name, words in told.items())
    source = f'<pre class="ps-rules-source" tabindex="0" aria-label="Text of the rule"><code>{escape(row["text"])}</code></pre>'
    return f'<dl class="ps-build-told">{parts}</dl><h4>Its text</h4>{source}{_numbers(row)}'


def _numbers(row: dict[str, Any]) -> str:
    """Its rows of the registry as a table."""
    by_name: dict[str, list[Parameter]] = {name: [] for name in row["parameters"]}
    for parameter in registry().values():
        if parameter.name in by_name:
            by_name[parameter.name].append(parameter)
    rows, left = [], []
    for name, entries in by_name.items():
        rows += [_cells(one) for one in entries[:MOST_ENTRIES]]
        if len(entries) > MOST_ENTRIES:
            left.append(f"{len(entries) - MOST_ENTRIES} more of {name}")
    if not rows:
        return "<h4>Its numbers</h4><p>It reads no number of the registry.</p>"
    head = ["Number", "Value", "Range", "Unit", "Quality", "Evidence and source"]
    more = f"<p>Not shown: {escape(listed(left))}; “policysim parameters NAME” lists them.</p>" if left else ""
    return (
        "<h4>Its numbers</h4>"
        + html.table("Numbers of the registry that it reads", head, rows, "ps-rules-numbers")
        + more
    )


def _cells(one: Parameter) -> list[str]:
    limits = "none" if one.low is None or one.high is None else f"{one.low:g} to {one.high:g}"
    name = f"{escape(one.id)}<span class='ps-rules-meaning'>{escape(one.meaning)}</span>"
    source = escape(" ".join(one.evidence) + (": " if one.evidence else "") + (one.source or ""))
    if one.url and one.url.startswith("https://"):
        source = f'<a href="{escape(one.url)}" rel="noreferrer">{source or "source"}</a>'
    return [name, f"{one.value:g}", limits, escape(one.unit), escape(str(one.quality)), source]
