"""A row of the table of outcomes: what it is made of, its unit, its words."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal

from policysim.vocabulary.stocks import Figure, Stock, Sum

Kind = Literal["flow", "sum", "stock", "told", "money", "combined"]
Judgement = Literal["better", "worse", "neither"]


@dataclass(frozen=True)
class Outcome:
    """One outcome and its words.

    `kind`: a flow counts marks and a sum adds up chances, both over time; a stock is averaged over time; what institutions
    tell of themselves is added up or averaged; money is what a purse spends; a combined outcome is several others added up.
    `parts`: the marks, the stock, the sum, the figure, the purse or the ids of others that it is made of. `label` heads a
    row or a chart, `noun` follows a number in a sentence.
    `more_is`: better or worse where nearly everyone would say so, as a burden on people or purses, and no other
    outcome says the same (the expected deaths speak for the counted ones): these make the table of burdens.
    """

    id: str
    kind: Kind
    parts: tuple[IntEnum | str, ...]
    unit: str
    meaning: str
    label: str
    noun: str
    more_is: Judgement = "neither"
    of_stocks: bool = False
    """Whether what it combines are stocks."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the weekly table that make it up."""
        return tuple(map(str, self.parts)) if self.kind == "combined" else (self.id,)

    @property
    def stock(self) -> bool:
        """Whether it is a number of people at a time (averaged) rather than events or money (added up)."""
        return self.kind == "stock" or self.of_stocks

    @property
    def money(self) -> bool:
        """Whether it is counted in pounds."""
        return self.unit == "GBP"

    @property
    def hides_few(self) -> bool:
        """Whether a small value of it is not told: one that counts people."""
        return not self.money and self.kind != "told"


def row(kind: Kind, name: str, meaning: str, parts: tuple, unit: str, words: dict[str, Any]) -> Outcome:
    """Where no shorter words are given, the label is the meaning with a capital, and the noun the label without."""
    label = words.pop("label", meaning[:1].upper() + meaning[1:])
    noun = words.pop("noun", label[:1].lower() + label[1:])
    return Outcome(name, kind, parts, unit, meaning, label, noun, **words)


def flow(name: str, meaning: str, *marks: IntEnum, unit: str = "people", **words: str) -> Outcome:
    """Marks counted over time."""
    return row("flow", name, meaning, marks, unit, words)


def stock(name: str, meaning: str, of: Stock, **words: str) -> Outcome:
    """People in a state at a time."""
    return row("stock", name, meaning, (of,), "people", words)


def summed(name: str, meaning: str, of: Sum, unit: str, **words: str) -> Outcome:
    """Expected numbers added up."""
    return row("sum", name, meaning, (of,), unit, words)


def told(name: str, meaning: str, of: Figure, unit: str, mean: bool = False, **words: str) -> Outcome:
    """What institutions tell of themselves, added up or, of what there is at a time, averaged."""
    return row("told", name, meaning, (of,), unit, {**words, "of_stocks": mean})
