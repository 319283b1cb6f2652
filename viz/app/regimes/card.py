"""A lever's card: everything that is known of it in plain words, as HTML that screen readers can go through by its heads."""

from functools import cache
from html import escape

from policysim.experiments.analysis.wording import sentence_case
from policysim.levers.catalogue import LEVERS
from policysim.reference.lever_words import STATUS, Row, told
from policysim.reference.levers import lever_row
from policysim.viz.app.html import folded

LAWFUL = {"yes": "", "under licence": "Needs a licence", "no": "Not lawful today"}
"""What a lever is marked with where it is not simply lawful in England and Wales."""


@cache
def row_of(id: str) -> Row:
    """All that is known of a lever."""
    return lever_row(LEVERS[id])


@cache
def card(id: str) -> str:
    """The card of a lever."""
    row = row_of(id)
    told_of = [(head, text) for head, text in told(row, ids=False) if text and head != "Group"]
    terms = "".join(
        f"<div><dt>{escape(head)}</dt><dd>{escape(sentence_case(text))}</dd></div>" for head, text in told_of
    )
    return f'<dl class="ps-build-told">{terms}</dl>{_evidence(row)}'


def _evidence(row: Row) -> str:
    """The figures that are cited for it, each with who says so and how far it was read; folded, for they are many."""
    figures = row["figures"]
    if not figures:
        return '<p class="ps-build-none">No published figure is cited for it.</p>'
    items = "".join(f"<li>{_figure(one)}</li>" for one in figures)
    count = "one published figure" if len(figures) == 1 else f"{len(figures)} published figures"
    return folded(f"Evidence: {count}", f'<ul class="ps-build-evidence">{items}</ul>')


def _figure(one: Row) -> str:
    interval = f" ({one['low']} to {one['high']})" if one["low"] and one["high"] else ""
    unit = "" if one["unit"] == "direction" else f" {one['unit']}"
    found = f"{one['value']}{interval}{unit}".strip()
    where = ", ".join(filter(None, (one["place"], one["year"])))
    said = f"{where}. " * bool(where) + str(one["source"])
    read = STATUS.get(str(one["status"]), str(one["status"]))
    source = escape(said)
    if str(one["url"]).startswith(("https://", "http://")):
        source = f'<a href="{escape(str(one["url"]))}" target="_blank" rel="noopener noreferrer">{source}</a>'
    return (
        f"<strong>{escape(one['quantity'])}{': ' * bool(found)}{escape(found)}</strong> "
        f'<span class="ps-build-source">{source} ({escape(read)})</span>'
    )
