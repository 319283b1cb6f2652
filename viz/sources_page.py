"""The page docs/sources.md: what the founding documents say, what answers each, and what that does.

`python -m policysim.viz.sources_page docs/effects.csv` prints it, from configs/evidence/systems.csv, the levers' own papers
and the table that `policysim effects --page` writes beside its page.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from textwrap import fill

import pandas as pd

from policysim.counts.outcomes import OUTCOMES
from policysim.evidence.documents import documents
from policysim.experiments.analysis.numbers import signed, span
from policysim.levers.catalogue import LEVERS
from policysim.reading import read_table

WIDE = 118
HEAD = """# The founding documents

The model was asked to let people test the systems that five documents propose, warn of or describe. Here is what each says,
in our words, and what answers it: a lever, with the figure that shows that it was there and what it does alone to what it is
bought for, over so many years ([effects](effects.md) has the whole table), or a mechanism, which happens without a lever.
Every lever cites these keys in `sources`; `policysim levers ID` is its page.

A document's claim is a thing to test, not evidence. Figures that carry weight are in `configs/evidence/`, with where
they were read and how far to trust them. Written by `make docs`.
"""


@dataclass(frozen=True)
class System:
    """One thing that a founding document asks for, warns of, describes or claims, and what answers it."""

    document: str
    says: str
    levers: tuple[str, ...]
    mechanism: str
    """What of it happens without a lever, or what is to be borne in mind."""


@cache
def systems() -> tuple[System, ...]:
    """Every system of every founding document, in their order."""
    path = files("policysim.configs.evidence").joinpath("systems.csv")
    columns = ("document", "says", "levers", "mechanism")
    return tuple(
        System(row["document"], row["says"], tuple(row["levers"].split()), row["mechanism"])
        for _, row in read_table(path, columns, key=["document", "says"])
    )


def page(effects: pd.DataFrame) -> str:
    """The page as Markdown, from the table of what each lever does alone (a row for each lever and role)."""
    told = {str(lever): rows for lever, rows in effects[effects["role"] != "always"].groupby("lever", sort=False)}
    lines = [HEAD]
    for key, title in documents().items():
        lines += [f"## {key}", "", fill(f"*{title}.*", WIDE), ""]
        lines += [
            "| says | answered by | delivered | what it is bought for | years |",
            "| --- | --- | --- | --- | ---: |",
        ]
        lines += [line for system in systems() if system.document == key for line in _lines(system, told)]
        lines.append("")
    return "\n".join(lines)


def _lines(system: System, told: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """A line for each lever that answers it, the first with what is said; then what happens without one."""
    says = system.says
    for lever in system.levers:
        years = told[lever]["years"].max()
        rows = told[lever][told[lever]["years"] == years]
        yield f"| {says} | {_linked(lever)} | {_delivered(rows)} | {_bought(rows)} | {years} |"
        says = ""
    if system.mechanism:
        yield f"| {says} | {'also: ' if system.levers else 'mechanism: '}{system.mechanism} |  |  |  |"


def _linked(lever: str) -> str:
    return f"[`{lever}`](effects.md#{LEVERS[lever].group.replace(' ', '-')})"


def _delivered(rows: pd.DataFrame) -> str:
    return _named(rows[rows["role"].str.startswith("delivery")].iloc[0])


def _bought(rows: pd.DataFrame) -> str:
    row = rows[rows["role"].str.endswith("purpose")].iloc[0]
    said = "the same" if row["role"].startswith("delivery") else _named(row)
    return f"{said}; expected: {row['expected']}"


def _named(row: pd.Series) -> str:
    around = span(row["low"], row["high"], signs=True)
    return f"{OUTCOMES[row['outcome']].noun}: {signed(row['difference'])}{f' ({around})' if around else ''}"


if __name__ == "__main__":
    print(page(pd.read_csv(Path(sys.argv[1]))), end="")
