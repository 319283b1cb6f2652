"""The graph of causes as plain rows, and as text for Graphviz."""

from collections.abc import Sequence
from typing import Any

from policysim.reference.causes import Cause, Graph, Pulled
from policysim.reference.circumstances import Circumstance
from policysim.reference.reach import Way
from policysim.vocabulary.exact import exp

Row = dict[str, Any]
HARM, HOLDS, EITHER = "#D55E00", "#0072B2", "#595959"
"""Colours of what pulls towards harm, of what holds, and of what goes either way or nowhere (Okabe and Ito)."""
READ = ("verified", "secondary", "derived")
"""Qualities of numbers that rest on a published figure."""


def ratios(cause: Cause, graph: Graph) -> tuple[float, float, float]:
    """By what the hazards are multiplied, with the ends of its range, in their order."""
    weight = graph.weight if cause.unit.startswith("standard") else 1.0
    ends = sorted(cause.towards * weight * end for end in (cause.low, cause.high))
    return tuple(float(exp(one)) for one in (cause.towards * weight * cause.value, *ends))  # type: ignore[return-value]


def signed(value: float, sign: int) -> str:
    """A size with its sign; of what goes either way with both."""
    if not value:
        return "0"
    return f"{'±' if not sign else '+' if sign * value > 0 else '−'}{abs(value):.2g}"


def lasts(cause: Cause) -> str:
    """How a cause acts where it is not held for as long as its circumstance lasts."""
    said = cause.unit.partition(", ")[2]
    return ", ".join(filter(None, ("each" if cause.each else "", said, "for a time" if cause.fades else "")))


def span(cause: Cause) -> str:
    """The range of a cause's number, with the signs of what it does to the balance."""
    if not cause.sign:
        return f"±{cause.low:g} to ±{cause.high:g}"
    low, high = sorted((cause.sign * cause.low, cause.sign * cause.high))
    return f"{_plain(low)} to {_plain(high)}"


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def levers_in_words(ways: Sequence[Way]) -> str:
    """Levers by the institution whose policy they pull: `schools: skills_programme (skills_coverage)`."""
    told: dict[tuple[str, str], dict[str, None]] = {}
    for way in ways:
        told.setdefault((way.institution, way.lever), {})[way.policy] = None
    return "; ".join(f"{lever} ({kind}: {', '.join(policies)})" for (kind, lever), policies in told.items())


def cause_row(cause: Cause, graph: Graph) -> Row:
    """Everything that is known of a cause."""
    ratio, low, high = ratios(cause, graph)
    return {
        "id": cause.id, "cause": cause.label, "group": cause.group, "balance": cause.balance, "sign": cause.sign,
        "towards_harm": cause.towards, "value": cause.value, "low": cause.low, "high": cause.high, "unit": cause.unit,
        "ratio": ratio, "ratio_low": low, "ratio_high": high, "fades": cause.fades, "quality": cause.quality,
        "evidence": list(cause.evidence), "source": cause.source, "meaning": cause.meaning, "when": cause.when,
        "fields": list(cause.fields), "modified_by": list(cause.modified_by), "roles": list(cause.roles),
        "where": cause.function, "levers": [way._asdict() for way in cause.levers],
        "levers_a_step_earlier": [way._asdict() for way in cause.levers_before],
    }  # fmt: skip


def circumstance_row(one: Circumstance) -> Row:
    """What a circumstance does in all."""
    return {
        "field": one.field, "circumstance": one.meaning, "is": one.state, "rather_than": one.rather_than, "risk": one.risk,
        "resilience": one.resilience, "total": one.total, "ratio": one.ratio, "ratio_low": float(exp(one.low)),
        "ratio_high": float(exp(one.high)), "role": one.role,
    }  # fmt: skip


def pulled_row(one: Pulled) -> Row:
    """A rule that the balances pull on."""
    return {
        "pulls_on": one.label, "rule": one.rule, "roles": list(one.roles), "friends_pull_too": one.friends, "says": one.says,
        "where": one.where,
    }  # fmt: skip


def all_rows(graph: Graph, lived: Sequence[Circumstance]) -> dict[str, list[Row]]:
    """The whole graph as rows."""
    return {
        "rows": [cause_row(cause, graph) for cause in graph.causes],
        "circumstances": [circumstance_row(one) for one in lived],
        "pulled": [pulled_row(one) for one in graph.pulled],
        "weights": [
            {
                name: getattr(one, name)
                for name in ("id", "value", "low", "high", "unit", "quality", "evidence", "meaning")
            }
            for one in graph.weights
        ],
    }


def dot(graph: Graph) -> str:
    """The graph in the language of Graphviz (`policysim causes --dot | dot -Tsvg > causes.svg`)."""
    lines = [
        "digraph causes {",
        '  rankdir=LR; nodesep=0.15; ranksep=2; node [shape=box, style=rounded, fontname="Helvetica"];',
        '  edge [fontname="Helvetica", arrowsize=0.7];',
    ]
    for balance in dict.fromkeys(cause.balance for cause in graph.causes):
        colour = HARM if balance == "risk" else HOLDS
        lines.append(f'  "{balance}" [style="rounded,bold", color="{colour}"];')
    for k, cause in enumerate(graph.causes):
        colour = HARM if cause.towards > 0 and cause.value else HOLDS if cause.towards and cause.value else EITHER
        style = "solid" if cause.quality in READ else "dashed"
        label = f"{signed(cause.value, cause.sign)} ({span(cause)})"
        name = _quoted(f"{cause.label}\\n{', '.join(cause.evidence) or cause.quality}")
        lines.append(f"  c{k} [label={name}];")
        lines.append(
            f'  c{k} -> "{cause.balance}" [label="{label}", color="{colour}", style={style}, '
            f"penwidth={0.5 + 5 * abs(cause.value):.2f}];"
        )
    for label in dict.fromkeys(one.label for one in graph.pulled):
        for balance, colour in (("risk", HARM), ("resilience", HOLDS)):
            lines.append(f'  "{balance}" -> {_quoted(label)} [color="{colour}", penwidth={5 * graph.weight:.2f}];')
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'
