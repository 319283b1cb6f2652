"""Contested questions, as a page each."""

from policysim.cli import terminal
from policysim.cli.lever_page import filled, print_figures


def print_question(row: terminal.Row) -> None:
    """A question with its two readings, the numbers each sets and the evidence that stands for it."""
    wide = min(terminal.width(otherwise=terminal.READABLE), terminal.READABLE)
    out = terminal.console()
    out.print(f"{row['question']} ({row['id']})", style="bold", width=wide)
    named = ", ".join(row["regimes"]) or "no regime that is shipped"
    print(filled(f"Named by {named}. A scenario takes a reading for all its regimes alike.", wide, "  "))
    for reading in row["readings"]:
        print()
        usual = ", the usual reading" if reading["id"] == row["usual"] else ""
        out.print(f"{reading['id']}{usual}", style="bold")
        numbers = ", ".join(f"{name} = {value:g}" for name, value in reading["parameters"].items())
        print(filled(f"{reading['says'][:1].upper()}{reading['says'][1:]}. It sets {numbers}.", wide, "  "))
        if reading["source"]:
            print(filled(reading["source"], wide, "  "))
        if reading["figures"]:
            print_figures(reading["figures"], wide)
