"""`make bench-against REF=...`: an earlier build and this one, measured in turn; prints what became of each figure.

A ratio belongs to a pair: both builds measured one right after the other, each in a fresh process, the first of a pair
being the other build's in the next round. So a machine that slows down for a while slows both.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from policysim.benchmarks.builds import Build, two_builds, why
from policysim.benchmarks.measures import EVERYONE
from policysim.errors import UserError, nearest
from policysim.interrupts import ignore_more, remembered

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = Path(__file__).resolve().with_name("measures.py")
WRONG = 2


@dataclass(frozen=True)
class Figure:
    """One row of the table: a figure by which a measure tells how a build does."""

    name: str
    words: str
    unit: str
    target: str = ""
    """What was aimed at for the present work on speed; the table has it with --targets."""


@dataclass(frozen=True)
class Measure:
    """A function of measures.py: what it is given, usually and with --full, and the figures it yields."""

    name: str
    figures: tuple[Figure, ...]
    usual: dict[str, int]
    full: dict[str, int] = field(default_factory=dict)
    most_rounds: int = 99
    afresh: bool = False
    """Nothing is compiled yet."""


def measures(full: bool, millions: int) -> list[Measure]:
    """All measures, in the order of the table."""
    size = "1,000,000 people for ten years" if full else "200,000 people for a year"
    many = "1,000,000" if full else "100,000"
    demo = "`make demo`" if full else "`make demo`, a small one (one in 400, two years)"
    found = [
        Measure("pass", (
            Figure("pass_ns", "pass, all rules, one thread, 100,000 people", "ns per person-week", "at most a quarter"),
            Figure("pass_cpu_ns", "the same in processor time", "ns per person-week"),
            Figure("week_ns", "whole `step()`, 100,000 people", "ns per person-week"),
        ), {"people": 100_000, "weeks": 52}),
        Measure("week", (
            Figure("step_ms", "whole `step()`, 20,000 people", "ms", "at most a third"),
            Figure("step_cpu_ms", "the same in processor time", "ms"),
        ), {"people": 20_000, "weeks": 52}),
        Measure("build", (
            Figure("build_s", "building a place of 20,000, the first of a process", "s", "at most a third"),
            Figure("build_again_s", "building a place of 20,000, the next ones", "s", "at most a third"),
        ), {"people": 20_000, "again": 3}),
        Measure("demo", (Figure("demo_s", demo, "s", "at most half"),),
                {"one_in": 400, "years": 2, "replicates": 2, "uncertainty": 2}, {"uncertainty": 6}, most_rounds=3),
        Measure("memory", (Figure("memory_mb", f"most memory, {size}", "MB", "at most 500 (a million, ten years)"),),
                {"people": 200_000, "weeks": 52}, {"people": 1_000_000, "weeks": 520}, most_rounds=3),
        Measure("threads", (Figure("two_threads", f"speed-up of two threads, {many} people", "times", "at least 1.85"),),
                {"people": 100_000, "weeks": 52}, {"people": 1_000_000, "weeks": 52}),
        Measure("mesa", (Figure("mesa_over_pass", "a competent Mesa model over the pass", "times", "at least 1,000"),),
                {"people": 100_000, "python_people": 2_000}, most_rounds=3),
        Measure("first-use", (Figure("first_use_s", "first use, nothing compiled, to the first week's end", "s", "under 6"),),
                {"people": 20_000}, most_rounds=3, afresh=True),
    ]  # fmt: skip
    if millions:
        people = "one to one" if millions >= EVERYONE else f"with {millions} million people"
        of = f"England and Wales {people}, two threads"
        found.append(Measure("growth", (
            Figure("many_build_s", f"{of}: building", "s"),
            Figure("many_year_s", f"{of}: a year", "s"),
            Figure("many_gb", f"{of}: most memory", "GB", "under 14 (one to one)"),
            Figure("growth", "time a person there over that with 1 million people", "times", "about 1"),
        ), {"millions": millions}, most_rounds=1))  # fmt: skip
    return found


@dataclass
class Pairs:
    """What a figure was in each round, before and now; None where it could not be measured."""

    before: list[float | None] = field(default_factory=list)
    now: list[float | None] = field(default_factory=list)

    @property
    def ratios(self) -> list[float]:
        """Now over before, of each round that has both."""
        return [now / before for before, now in zip(self.before, self.now, strict=True) if before and now]


# --- measuring --------------------------------------------------------------------------------------------------------


def take(measure: Measure, build: Build, full: bool) -> dict[str, float]:
    """One measure of one build in a process of its own; empty, with a word about why, where it fails."""
    told = measure.full if full and measure.full else measure.usual
    words = [str(SCRIPT), measure.name, str(build.tree), *(f"{name}={number}" for name, number in told.items())]
    with tempfile.TemporaryDirectory(dir=build.tree.parent) as empty:
        run = build.run(*words, cache=Path(empty) if measure.afresh else None)
    if run.returncode:
        say(f"  {measure.name} cannot be measured in {build.name}: {why(run)}")
        return {}
    return json.loads(run.stdout.splitlines()[-1])


def compare(
    pair: tuple[Build, Build], chosen: Sequence[Measure], rounds: int, full: bool
) -> Iterator[tuple[Figure, Pairs]]:
    """Each figure when its rounds are done."""
    for build in pair:
        say(f"compiling {build.name}")
        take(
            Measure("build", (), {"people": 300, "again": 1}), build, full=False
        )  # what is compiled is kept from here on
    for measure in chosen:
        found = {one.name: Pairs() for one in measure.figures}
        for k in range(min(rounds, measure.most_rounds)):
            say(f"{measure.name}, round {k + 1} of {min(rounds, measure.most_rounds)}")
            order = pair if k % 2 == 0 else pair[::-1]
            figures = {build.name: take(measure, build, full) for build in order}
            for name, pairs in found.items():
                pairs.before.append(figures[pair[0].name].get(name))
                pairs.now.append(figures[pair[1].name].get(name))
        yield from ((one, found[one.name]) for one in measure.figures)


def say(text: str) -> None:
    """What is being done, for whoever waits."""
    print(text, file=sys.stderr, flush=True)


# --- the table --------------------------------------------------------------------------------------------------------


def table(found: Sequence[tuple[Figure, Pairs]], targets: bool) -> str:
    """Medians, the median of the ratios of pairs and their lowest and highest, as Markdown."""
    heads = ["what", "unit", "before", "now", "now / before", "lowest to highest"] + ["target"] * targets
    rows = [heads, *([figure.words, figure.unit, *cells(pairs)] + [figure.target] * targets for figure, pairs in found)]
    widths = [max(len(row[k]) for row in rows) for k in range(len(heads))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines)


def cells(pairs: Pairs) -> list[str]:
    """Before, now, ratio, spread."""
    ratios = pairs.ratios
    middle = [short([value for value in values if value is not None]) for values in (pairs.before, pairs.now)]
    spread = f"{min(ratios):.2f} to {max(ratios):.2f}" if len(ratios) > 1 else "-"
    return [*middle, f"{median(ratios):.2f}" if ratios else "-", spread]


def short(values: Sequence[float]) -> str:
    """The median with three digits that count."""
    if not values:
        return "-"
    middle = median(values)
    return f"{middle:,.0f}" if middle >= 100 else f"{middle:.3g}"


# --- the command ------------------------------------------------------------------------------------------------------


def options(words: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; raises UserError."""
    parser = argparse.ArgumentParser(prog="make bench-against REF=COMMIT BENCH=OPTIONS", description=__doc__)
    parser.add_argument("ref", nargs="?", help="commit, branch or tag to compare with")
    parser.add_argument("--rounds", type=int, default=5, help="pairs of each measure (long measures take 3 at most)")
    parser.add_argument("--only", help="names of measures, with commas between them")
    parser.add_argument("--full", action="store_true", help="`make demo` as it is, and a million people for ten years")
    parser.add_argument("--millions", type=int, default=0, help="also so many million people for a year (42: everyone)")
    parser.add_argument("--targets", action="store_true", help="a column with what was aimed at")
    asked = parser.parse_args(words)
    if not asked.ref:
        raise UserError("name the commit, branch or tag to compare with: make bench-against REF=main")
    if asked.rounds < 1 or asked.millions < 0:
        raise UserError("--rounds must be 1 or more, and --millions no less than 0")
    return asked


def chosen_of(only: str | None, known: Sequence[Measure]) -> list[Measure]:
    """The measures that are named, all where none is; raises UserError."""
    names = [one.name for one in known]
    for name in only.split(",") if only else ():
        if name not in names:
            raise UserError(f"there is no measure {name!r} (there are {', '.join(names)}){nearest(name, names)}")
    return [one for one in known if not only or one.name in only.split(",")]


def run(words: Sequence[str] | None, root: Path) -> None:
    """Measure what was asked for and print the table, of what is done when it is stopped."""
    asked = options(words)
    chosen = chosen_of(asked.only, measures(asked.full, asked.millions))
    found: list[tuple[Figure, Pairs]] = []
    with two_builds(root, asked.ref) as pair:
        try:
            for row in compare(pair, chosen, asked.rounds, asked.full):
                found.append(row)
        finally:
            if found:
                print(f"before: {pair[0].name}; now: {pair[1].name}; medians of rounds, ratios of pairs\n")
                print(table(found, asked.targets), flush=True)


def main(words: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Exit code 2 for what a user can put right, told in one sentence; after Ctrl-C nothing is left behind."""
    with remembered() as stopped:
        try:
            run(words, root)
        except UserError as error:
            print(f"bench-against: {error}", file=sys.stderr)
            return WRONG
        except KeyboardInterrupt:
            ignore_more()
            say("Stopped.")
            return stopped.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
