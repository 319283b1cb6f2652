"""What holds and what does not, in words for whoever has never met an interval: the first lines of a report.

A difference can be a matter of chance (the luck of the seeds) or of numbers that nobody knows (drawn from their ranges).
It holds where neither can turn it round. Who reads no further than these lines has read nothing that is not so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.unknowns import ENOUGH_DRAWS, Spread, coverage
from policysim.experiments.analysis.wording import Difference, listed, plural, sentence_case

Found = tuple[Difference, Spread]
Findings = Mapping[str, Found]
"""Of one outcome: what was found for each regime but the status quo, by its name."""


class Verdict(Enum):
    """What can turn a difference round."""

    HOLDS = "neither chance nor what nobody knows"
    UNKNOWN = "what nobody knows"
    CHANCE = "chance"


@dataclass(frozen=True)
class Line:
    """One of the first lines: what it is about, and what it says."""

    head: str
    text: str


def verdict(difference: Difference, spread: Spread) -> Verdict:
    """What could turn a difference round; without drawn parameters nothing holds over what nobody knows."""
    if not difference.gap.is_clear:
        return Verdict.CHANCE
    return Verdict.HOLDS if spread.draws and spread.agrees(difference.gap) else Verdict.UNKNOWN


def first_lines(found: Mapping[str, Findings], seeds: int, draws: int) -> tuple[Line, ...]:
    """What holds of the main outcomes, what does not, and for how many draws who ranks first; in the order of reading."""
    if seeds < 2:
        return (Line("Nothing can be said yet", "one seed shows nothing of chance; run several."),)
    told = {kind: _told(found, kind) for kind in Verdict}
    nothing = "nothing of deaths, treatment, arrests or spending."
    lines = []
    if draws:
        lines += [
            Line("Holds: beyond chance, and over what nobody knows", told[Verdict.HOLDS] or nothing),
            Line(
                "Beyond chance, but other values of numbers that nobody knows can turn it round",
                told[Verdict.UNKNOWN] or "nothing besides.",
            ),
        ]
    else:
        lines.append(Line("Beyond chance (what nobody knows was not looked at)", told[Verdict.UNKNOWN] or nothing))
    lines.append(Line("Cannot be told from chance", told[Verdict.CHANCE] or "nothing."))
    first = [one.removesuffix(".") for one in filter(None, (ranks(of) for of in found.values()))]
    if first:
        lines.append(Line("Ranks first", "; ".join(first) + "."))
    lines.append(Line("How far to trust this", trust(seeds, draws)))
    return tuple(lines)


def _told(found: Mapping[str, Findings], kind: Verdict) -> str:
    """The differences of one kind as a list of clauses, each with the regimes it is true of."""
    by_clause: dict[str, list[str]] = {}
    for of_outcome in found.values():
        for name, (difference, spread) in of_outcome.items():
            if verdict(difference, spread) is kind:
                by_clause.setdefault(_clause(difference, kind), []).append(
                    f"“{name}”{_how_often(difference, spread, kind)}"
                )
    clauses = [f"{clause} under {listed(names)}" for clause, names in by_clause.items()]
    return "; ".join(clauses) + "." if clauses else ""


def _clause(difference: Difference, kind: Verdict) -> str:
    noun = difference.outcome.noun
    return noun if kind is Verdict.CHANCE else f"{difference.direction} {noun}"


def _how_often(difference: Difference, spread: Spread, kind: Verdict) -> str:
    """In how many draws the difference went this way, where it did not in all."""
    if kind is not Verdict.UNKNOWN or not spread.draws:
        return ""
    below = round(spread.below * spread.draws)
    same = below if difference.gap.mean < 0 else spread.draws - below
    return f" (so in {same} of {spread.draws} draws)"


def ranks(findings: Findings) -> str:
    """How often each regime, and the status quo, is the best of all by one outcome; nothing where nobody would say."""
    if not findings:
        return ""
    outcome: Outcome = next(iter(findings.values()))[0].outcome
    shares = {
        name: spread.first for name, (_, spread) in findings.items() if spread.draws and spread.first == spread.first
    }
    if not shares:
        return ""
    draws = next(iter(findings.values()))[1].draws
    shares["Status quo"] = max(0.0, 1 - sum(shares.values()))
    order = sorted(
        (name for name in shares if shares[name] > 0.5 / draws / len(shares)), key=lambda name: -shares[name]
    )
    told = [f"“{name}” in {times(shares[name], draws)}" for name in order]
    best = "most" if outcome.more_is == "better" else "least" if outcome.money else "fewest"
    return f"{best} {outcome.noun}: {listed(told)} of {plural(draws, 'draw')}."


def times(share: float, draws: int) -> str:
    """How many draws a share of them is; ties share one."""
    return f"{share * draws:.1f}".removesuffix(".0")


def trust(seeds: int, draws: int) -> str:
    """What the two kinds of doubt are, and how much was looked at."""
    chance = f"chance was looked at with {plural(seeds, 'seed')}"
    if not draws:
        return (
            f"{chance}. What nobody knows was not looked at: every number was left as it is, many of them assumed. "
            "“policysim compare --uncertainty 6” draws them from their ranges."
        )
    few = ""
    if draws < ENOUGH_DRAWS:
        outside = f"{1 - coverage(draws):.0%}"
        few = (
            f" So few draws do not show all: another would lie outside what they span with a chance of about {outside}."
        )
    return (
        f"{chance}, what nobody knows with {plural(draws, 'draw')} of every uncertain number from its range.{few} "
        "What the model leaves out is in neither."
    )


def over_unknowns(findings: Findings) -> str:
    """A sentence for the command line on one outcome over the drawn parameters; nothing where there are none."""
    draws = max((spread.draws for _, spread in findings.values()), default=0)
    if not draws:
        return ""
    told = []
    for name, (_, spread) in findings.items():
        below = round(spread.below * draws)
        fewer = f"fewer in {'all' if below == draws else below if below else 'none'}"
        told.append(f"“{name}” {fewer}")
    outcome = next(iter(findings.values()))[0].outcome
    first = ranks(findings)
    whole = f"{sentence_case(outcome.noun)} over what nobody knows, in {plural(draws, 'draw')} of the parameters: "
    return whole + f"{listed(told)}." + (f" {sentence_case(first)}" if first else "")
