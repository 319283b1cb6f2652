"""The graph of causes as tables in the window."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from policysim.cli import terminal

if TYPE_CHECKING:
    from policysim.reference.causes import Graph
    from policysim.reference.circumstances import Circumstance


def print_causes(graph: "Graph", lived: Sequence["Circumstance"]) -> None:
    """What moves the balances, what each circumstance does in all, what the balances pull on, and how to read it."""
    from policysim.reference.causes_rows import lasts, levers_in_words, ratios, signed, span

    rows, acted = [], []
    for cause in graph.causes:
        ratio, low, high = ratios(cause, graph)
        size = f"{signed(cause.value, cause.sign)} {lasts(cause)}".strip()
        told = f"×{ratio:.2f} ({low:.2f} to {high:.2f})" if cause.towards else "either way"
        rows.append(
            {
                "cause": cause.label, "balance": cause.balance, "adds": size, "range": span(cause), "hazards": told,
                "quality": cause.quality, "evidence": list(cause.evidence), "number": cause.id, "when": cause.when,
            }
        )  # fmt: skip
        before = ", ".join(dict.fromkeys(way.lever for way in cause.levers_before))
        if cause.levers or before:
            acted.append(
                {
                    "cause": cause.label,
                    "levers (institution: policy)": levers_in_words(cause.levers),
                    "a step earlier": before,
                }
            )
    terminal.print_rows(rows, list(rows[0]), "What moves risk and resilience (standard deviations)")
    print()
    terminal.print_rows(acted, list(acted[0]), "Which levers act on it")
    told_of = [
        {
            "circumstance": f"{one.meaning}: {one.state}", "rather than": one.rather_than, "risk": f"{one.risk:+.2f}",
            "resilience": f"{one.resilience:+.2f}", "in all": f"{one.total:+.2f}",
            "hazards": f"×{one.ratio:.2f} ({_exp(one.low):.2f} to {_exp(one.high):.2f})",
        }
        for one in lived
    ]  # fmt: skip
    print()
    terminal.print_rows(told_of, list(told_of[0]), "What a circumstance does in all, lived by the rules themselves")
    pulled = [
        {
            "pulls on": one.label,
            "rule": one.rule,
            "friends pull too": "yes" if one.friends else "no",
            "where": one.where,
        }
        for one in graph.pulled
    ]
    print()
    terminal.print_rows(pulled, list(pulled[0]), "What the two balances pull on")
    weights = ", ".join(f"{w.id} = {w.value:g} ({w.low:g} to {w.high:g}, {w.quality})" for w in graph.weights)
    notes = (
        f"One standard deviation more of risk less resilience multiplies these hazards by {_exp(graph.weight):.2f}: {weights}.",
        "Ranges of hazards are those of the cause alone. A balance closes its gap slowly (balance_speed): these are the sizes "
        "where it comes to rest. Most sizes are assumed: nobody has measured them.",
        "Levers are those whose policy is met in the rule that brings somebody into these circumstances or out of them; a step "
        "earlier, those that act on what that rule asks first.",
    )
    out = terminal.console()
    print()
    for note in notes:
        out.print(note, width=min(out.width, terminal.READABLE))


def _exp(value: float) -> float:
    from policysim.vocabulary.exact import exp

    return float(exp(value))
