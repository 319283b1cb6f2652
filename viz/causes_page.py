"""The graph of causes as a picture: causes at the left, the two balances in the middle, what they pull on at the right."""

import html
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path as File
from textwrap import wrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch, Polygon
from matplotlib.path import Path

from policysim.errors import UserError
from policysim.reference.causes import BALANCES, Cause, Graph
from policysim.reference.causes_rows import EITHER, HARM, HOLDS, READ, lasts, levers_in_words, ratios, signed, span
from policysim.reference.circumstances import Circumstance
from policysim.viz.charts.frame import as_svg
from policysim.viz.style import QUIET, TEXT
from policysim.vocabulary.exact import exp

WIDTH, ROW, HEAD, TOP, BOTTOM = 19.2, 0.47, 0.62, 1.75, 2.1
"""Inches: of the page, a cause, the head of a group, and above and below them all."""
LABEL, SIZE, LEAVES, BOX, BOX_ENDS, PULL, PULL_ENDS, PULLED = 4.55, 4.75, 8.35, 10.85, 12.55, 13.35, 15.2, 15.9
"""Inches from the left: where labels end, sizes begin, arrows leave, boxes begin and end, what is pulled on begins."""
BIG, BODY, SMALL, TITLE = 19, 15.5, 13, 25
POINTS = 15.0
"""Points of an arrow's width for one standard deviation."""
SLOT = 0.335
NAMES = {"risk": "Risk", "resilience": "Resilience", "log_pull": "Pull"}


def write_page(graph: Graph, lived: Sequence[Circumstance], out: File) -> None:
    """Write the picture, as .svg alone or in a page with every number beneath; raises UserError."""
    picture = as_svg(draw(graph))
    text = picture if out.suffix.lower() == ".svg" else _page(graph, lived, picture[picture.index("<svg") :])
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserError(f"{out} cannot be written: {(error.strerror or str(error)).lower()}") from None


def draw(graph: Graph) -> Figure:
    """The picture, as tall as its causes need."""
    groups = _in_order(graph.causes)
    height = TOP + BOTTOM + sum(HEAD + ROW * len(causes) for _, causes in groups)
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(0, height))
    ax.set_axis_off()
    ax.text(
        0.4,
        height - 0.62,
        "What moves risk and resilience, and what they pull on",
        fontsize=TITLE,
        weight="bold",
        color=TEXT,
    )
    said = "Standard deviations that each adds to a balance where it comes to rest; in brackets the range in which it is thought."
    ax.text(0.4, height - 1.1, said, fontsize=BODY, color=QUIET)
    rows, y = [], height - TOP + 0.35
    for group, causes in groups:
        y -= HEAD
        ax.text(0.4, y + 0.12, group[0].upper() + group[1:], fontsize=BODY, weight="bold", color=TEXT)
        ax.plot([0.4, LEAVES - 0.1], [y - 0.02, y - 0.02], color="#D9D9D9", lw=1)
        for cause in causes:
            y -= ROW
            rows.append((cause, y + 0.14))
    boxes = _boxes(rows, height)
    _arrows(ax, rows, boxes)
    for cause, at in rows:
        _label(ax, cause, at, [other for other, _ in rows if other.label == cause.label and other is not cause])
    _right(ax, graph, boxes)
    _legend(ax)
    return figure


def _in_order(causes: Sequence[Cause]) -> list[tuple[str, list[Cause]]]:
    """The groups, early life first and then those that rather pull than hold, so that few arrows cross."""
    found = [(group, list(own)) for group, own in groupby(sorted(causes, key=lambda c: c.group), key=lambda c: c.group)]
    for _, own in found:
        own.sort(key=lambda cause: (BALANCES[1:] == (cause.balance,), -abs(cause.value)))

    def place(pair: tuple[str, list[Cause]]) -> tuple[bool, float, str]:
        held = sum(cause.balance == BALANCES[1] for cause in pair[1]) / len(pair[1])
        return not pair[1][0].early, held, pair[0]

    return sorted(found, key=place)


def _boxes(rows: Sequence[tuple[Cause, float]], height: float) -> dict[str, tuple[float, float]]:
    """Bottom and top of each balance, with a place for every arrow that comes in."""
    found, middle = {}, (height - TOP + BOTTOM) / 2
    tall = {name: max(sum(SLOT for cause, _ in rows if cause.balance == name) + 0.3, 1.3) for name in BALANCES}
    gap = 0.9
    top = middle + (sum(tall.values()) + gap) / 2
    for name in BALANCES:
        found[name] = (top - tall[name], top)
        top -= tall[name] + gap
    return found


def _colour(towards: int, value: float = 1.0) -> str:
    return EITHER if not towards or not value else HARM if towards * value > 0 else HOLDS


def _label(ax: Axes, cause: Cause, y: float, alike: Sequence[Cause]) -> None:
    """A cause and its number with its range; where others are called the same, with what tells it from them."""
    own = [name for name in cause.fields if all(name not in other.fields for other in alike)]
    apart = cause.balance if any(other.balance != cause.balance for other in alike) else "".join(own[:1])
    text = f"{cause.label} ({apart.replace('_', ' ')})" if alike and apart else cause.label
    ax.text(LABEL, y, text if len(text) <= 35 else f"{text[:34]}…", fontsize=BODY, color=TEXT, ha="right", va="center")
    colour = {HARM: "#A34700", HOLDS: "#005A8C"}.get(_colour(cause.towards, cause.value), EITHER)
    ax.text(SIZE, y, signed(cause.value, cause.sign), fontsize=BODY, weight="bold", color=colour, va="center")
    more = f"({span(cause)}) {lasts(cause)}".strip()
    ax.text(SIZE + 0.85, y, more, fontsize=SMALL, color=QUIET, va="center")


def _arrows(ax: Axes, rows: Sequence[tuple[Cause, float]], boxes: dict[str, tuple[float, float]]) -> None:
    """From every cause to its balance; the widest first, so that none is hidden."""
    slots = {name: top - 0.15 - SLOT / 2 for name, (_, top) in boxes.items()}
    drawn = []
    for cause, y in rows:
        name = cause.balance if cause.balance in boxes else BALANCES[0]
        drawn.append((cause, y, slots[name]))
        slots[name] -= SLOT
    for cause, y, end in sorted(drawn, key=lambda one: -abs(one[0].high)):
        colour = _colour(cause.towards, cause.value)
        widest = max(abs(cause.low), abs(cause.high))
        _curve(ax, (LEAVES, y), (BOX, end), colour, POINTS * widest, alpha=0.13, head=False)
    for cause, y, end in sorted(drawn, key=lambda one: -abs(one[0].value)):
        colour = _colour(cause.towards, cause.value)
        _curve(
            ax, (LEAVES, y), (BOX, end), colour, max(POINTS * abs(cause.value), 1.2), dashed=cause.quality not in READ
        )


def _curve(
    ax: Axes, start: tuple[float, float], end: tuple[float, float], colour: str, wide: float, alpha: float = 0.9,
    dashed: bool = False, head: bool = True,
) -> None:  # fmt: skip
    """A band from left to right that begins and ends level, with a point where it ends."""
    point = 0.2 if head else 0.0
    stop = (end[0] - point, end[1])
    half = (start[0] + stop[0]) / 2
    path = Path([start, (half, start[1]), (half, stop[1]), stop], [Path.MOVETO, *[Path.CURVE4] * 3])
    style = (0, (9 / wide, 4.5 / wide)) if dashed else "solid"
    ax.add_patch(
        PathPatch(path, fill=False, lw=wide, edgecolor=colour, alpha=alpha, linestyle=style, capstyle="butt", zorder=2)
    )
    if head:
        tall = max(wide / 72 * 0.75, 0.085)
        corners = [(stop[0], end[1] + tall), (end[0], end[1]), (stop[0], end[1] - tall)]
        ax.add_patch(Polygon(corners, closed=True, facecolor=colour, edgecolor="none", alpha=alpha, zorder=3))


def _box(ax: Axes, left: float, right: float, bottom: float, top: float, colour: str) -> None:
    ax.add_patch(
        FancyBboxPatch(
            (left, bottom), right - left, top - bottom, boxstyle="round,pad=0,rounding_size=0.12", facecolor="white",
            edgecolor=colour, lw=2.6, zorder=4,
        )
    )  # fmt: skip


def _right(ax: Axes, graph: Graph, boxes: dict[str, tuple[float, float]]) -> None:
    """The balances, the pull that they make, and what it pulls on."""
    middle = (boxes[BALANCES[1]][0] + boxes[BALANCES[0]][1]) / 2
    dashed = any(weight.quality not in READ for weight in graph.weights)
    says = {"risk": "pulls\ntowards harm", "resilience": "holds back"}
    for name, towards in zip(BALANCES, (1, -1), strict=True):
        bottom, top = boxes[name]
        _box(ax, BOX, BOX_ENDS, bottom, top, _colour(towards))
        at = (BOX + BOX_ENDS) / 2
        ax.text(
            at, (bottom + top) / 2 + 0.17, NAMES[name], fontsize=BIG, weight="bold", color=TEXT, ha="center", zorder=5
        )
        ax.text(at, (bottom + top) / 2 + 0.05, says[name], fontsize=SMALL, color=QUIET, ha="center", va="top", zorder=5)
        ends = (BOX_ENDS, (bottom + top) / 2), (PULL, middle + 0.25 * towards)
        _curve(ax, *ends, _colour(towards), POINTS * graph.weight, dashed=dashed)
    _box(ax, PULL, PULL_ENDS, middle - 1.15, middle + 1.15, TEXT)
    at = (PULL + PULL_ENDS) / 2
    low, high = 1.0, 1.0
    for weight in graph.weights:
        low, high = low * (weight.low or weight.value), high * (weight.high or weight.value)
    ax.text(at, middle + 0.72, "Hazards", fontsize=BIG, weight="bold", color=TEXT, ha="center", zorder=5)
    ax.text(
        at, middle + 0.2, f"×{exp(graph.weight):.2f}", fontsize=TITLE, weight="bold", color=TEXT, ha="center", zorder=5
    )
    ax.text(
        at, middle - 0.18, f"({exp(low):.2f} to {exp(high):.2f})", fontsize=SMALL, color=QUIET, ha="center", zorder=5
    )
    ax.text(
        at, middle - 0.3, "for one standard\ndeviation more of\nrisk − resilience", fontsize=SMALL, color=QUIET, ha="center",
        va="top", zorder=5,
    )  # fmt: skip
    _pulled(ax, graph, middle)


def _pulled(ax: Axes, graph: Graph, middle: float) -> None:
    """What is pulled on, each once."""
    labels: dict[str, bool] = {}
    for one in graph.pulled:
        labels[one.label] = labels.get(one.label, False) or one.friends
    order = sorted(labels, key=lambda label: not labels[label])
    each = 1.06
    y = middle + each * (len(order) - 1) / 2
    dashed = any(weight.quality not in READ for weight in graph.weights)
    ax.text(PULLED, y + 0.85, "They pull on", fontsize=BODY, weight="bold", color=TEXT)
    for label in order:
        _curve(ax, (PULL_ENDS, middle), (PULLED - 0.1, y), EITHER, POINTS * graph.weight * 0.45, dashed=dashed)
        lines = wrap(label, 26)
        ax.text(PULLED, y, "\n".join(lines), fontsize=BODY, color=TEXT, va="center", linespacing=1.15)
        if labels[label]:
            ax.text(
                PULLED, y - 0.14 * len(lines) - 0.06, "friends who use pull too", fontsize=SMALL, color=QUIET, va="top"
            )
        y -= each


def _legend(ax: Axes) -> None:
    """What colour, line, width and pale bands mean."""
    x, y = 0.4, 1.35
    ax.plot([x, WIDTH - 0.4], [y + 0.33, y + 0.33], color="#D9D9D9", lw=1)
    for towards, text, step in (
        (1, "pulls towards harm", 3.55),
        (-1, "holds back", 2.6),
        (0, "either way, or nothing", 3.9),
    ):
        ax.plot([x, x + 0.6], [y, y], color=_colour(towards), lw=7, solid_capstyle="butt")
        ax.text(x + 0.75, y, text, fontsize=BODY, color=TEXT, va="center")
        x += step
    for dashed, text in ((False, "from a published figure"), (True, "assumed: nobody measured it")):
        _curve(ax, (x, y), (x + 0.7, y), TEXT, 4, dashed=dashed, head=False)
        ax.text(x + 0.85, y, text, fontsize=BODY, color=TEXT, va="center")
        x += 4.15
    x, y = 0.4, 0.83
    for size in (0.3, 0.8):
        ax.plot([x, x + 0.6], [y, y], color=TEXT, lw=POINTS * size, solid_capstyle="butt")
        ax.text(x + 0.75, y, f"{size:g} standard deviations", fontsize=BODY, color=TEXT, va="center")
        x += 3.9
    ax.plot([x, x + 0.6], [y, y], color=TEXT, lw=POINTS * 1.2, alpha=0.13, solid_capstyle="butt")
    ax.text(x + 0.75, y, "pale: as wide as the range goes", fontsize=BODY, color=TEXT, va="center")
    note = "Read from the rules of policysim (policysim causes). Sizes of a model of synthetic people, not of anybody."
    ax.text(0.4, 0.3, note, fontsize=SMALL, color=QUIET, va="center")


# --- the page ---------------------------------------------------------------------------------------------------------
STYLE = """
body { font: 17px/1.5 system-ui, sans-serif; color: #262626; max-width: 1500px; margin: 0 auto; padding: 1rem 2rem 4rem; }
svg { width: 100%; height: auto; }
table { border-collapse: collapse; width: 100%; font-size: 15px; margin-bottom: 2.5rem; }
th { text-align: left; border-bottom: 2px solid #595959; padding: .4rem .6rem; vertical-align: bottom; }
td { border-bottom: 1px solid #D9D9D9; padding: .4rem .6rem; vertical-align: top; }
td.n { text-align: right; white-space: nowrap; }
p { max-width: 75ch; }
@media print { table { font-size: 10px; } }
"""


def _page(graph: Graph, lived: Sequence[Circumstance], picture: str) -> str:
    """The picture, and every number beneath it."""
    causes = [
        (
            cause.label, cause.balance, f"#{signed(cause.value, cause.sign)}", f"#{span(cause)}",
            "#" + ("×{:.2f} ({:.2f} to {:.2f})".format(*ratios(cause, graph)) if cause.towards else "either way"),
            lasts(cause), cause.when, cause.id,
        )
        for cause in graph.causes
    ]  # fmt: skip
    sources = [(c.label, c.id, c.quality, ", ".join(c.evidence), c.source) for c in graph.causes]
    levers = [
        (c.label, levers_in_words(c.levers), ", ".join(dict.fromkeys(way.lever for way in c.levers_before)))
        for c in graph.causes
        if c.levers or c.levers_before
    ]
    told = [
        (
            f"{one.meaning}: {one.state}", one.rather_than, f"#{one.risk:+.2f}", f"#{one.resilience:+.2f}", f"#{one.total:+.2f}",
            f"#×{one.ratio:.2f} ({exp(one.low):.2f} to {exp(one.high):.2f})",
        )
        for one in lived
    ]  # fmt: skip
    pulled = [(one.label, one.rule, "yes" if one.friends else "no", one.says) for one in graph.pulled]
    heads = ("cause", "balance", "adds", "range", "hazards", "", "when", "number")
    parts = (
        ("Causes", "Standard deviations where a balance comes to rest, and by what that multiplies the hazards.", heads, causes),
        ("Circumstances in all", "Being excluded takes school away too: this is what all rules together make of a circumstance.",
         ("circumstance", "rather than", "risk", "resilience", "in all", "hazards"), told),
        ("Which levers act on a cause", "Those whose policy is met in the rule that brings somebody into these circumstances or "
         "out of them; a step earlier, those that act on what that rule asks first.",
         ("cause", "levers (institution: policy)", "a step earlier"), levers),
        ("What the balances pull on", "", ("pulls on", "rule", "friends pull too", "says"), pulled),
        ("Where the sizes come from", "", ("cause", "number", "quality", "evidence", "source"), sources),
    )  # fmt: skip
    tables = "\n".join(f"<h2>{title}</h2>\n<p>{said}</p>\n{_table(head, rows)}" for title, said, head, rows in parts)
    title = "What moves risk and resilience, and what they pull on"
    return (
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style></head>'
        f'<body>\n<figure role="img" aria-label="{title}: all its numbers are in the tables beneath">{picture}</figure>'
        f"\n{tables}\n</body></html>\n"
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; a cell that begins with # is a number."""
    head = "".join(f"<th>{html.escape(one)}</th>" for one in heads)
    body = "\n".join(
        "<tr>"
        + "".join(
            f'<td class="n">{html.escape(c[1:])}</td>' if c[:1] == "#" else f"<td>{html.escape(c)}</td>" for c in row
        )
        + "</tr>"
        for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"
