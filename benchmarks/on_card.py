"""`python -m policysim.benchmarks.on_card`: the engine on an NVIDIA card beside the compiled one: equal lives, then times.

Both engines live the same people in turn, so that whatever slows the machine slows both. Exit code 1 where two lives differ.
"""

import argparse
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

import numpy as np

from policysim.benchmarks.bench import WARM_WEEKS, Stopwatch
from policysim.engine.gpu import card
from policysim.errors import UserError
from policysim.model import DrugPolicyModel
from policysim.scenarios.means import engine_given

ENGLAND = "england-and-wales"
EVERYONE = 42_000_000
"""More than live there at these ages: everyone, one to one."""
SIZES = (1_000_000, 8_000_000, EVERYONE)
ENGINES = ("compiled", "gpu")
REGIME = "multi-component"
EQUAL_PEOPLE, EQUAL_WEEKS = 20_000, 110
ROUNDS, WEEKS = 3, 4
HEAD = (
    "| people | building, s | pass, compiled, ns | pass, card, ns | one over the other | week, compiled, ns | week, card, ns | "
    "one over the other |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
)


def pair(people: int, threads: int, place: str = ENGLAND) -> tuple[dict[str, Any], float]:
    """The same people in both engines, and the seconds that making them took."""
    begun = time.perf_counter()
    scale: dict[str, Any] = {"one_in": 1} if people >= EVERYONE else {"people": people}
    compiled = DrugPolicyModel(place, REGIME, seed=1, years=3, threads=threads, **scale)
    seconds = time.perf_counter() - begun
    on_card = DrugPolicyModel(place, REGIME, seed=1, years=3, engine="gpu", start=compiled, **scale)
    return dict(zip(ENGINES, (compiled, on_card), strict=True)), seconds


def differing(one: DrugPolicyModel, other: DrugPolicyModel) -> list[str]:
    """What two runs differ in: fields of people, and kinds of counts."""
    mine, theirs = one.look(), other.look()
    names = [name for name in mine.dtype.names or () if mine[name].tobytes() != theirs[name].tobytes()]
    counts = ("flows", "stocks", "sums", "figures", "costs", "groups", "group_sums", "group_stocks")
    return names + [
        name
        for name in counts
        if not np.array_equal(getattr(one.outcomes, name), getattr(other.outcomes, name), equal_nan=True)
    ]


def equality(people: int = EQUAL_PEOPLE, weeks: int = EQUAL_WEEKS, place: str = "west-midlands") -> list[str]:
    """What differs between the engines after so many weeks; nothing if they are equal to the bit."""
    models, _ = pair(people, 1, place)
    for _ in range(weeks):
        for model in models.values():
            model.step()
    found = differing(*models.values())
    for model in models.values():
        model.close()
    return found


def timed(people: int, threads: int, place: str = ENGLAND) -> dict[str, float]:
    """Nanoseconds per person-week of both engines, the median of some rounds in turn, and one over the other."""
    models, building = pair(people, threads, place)
    watches = {name: Stopwatch(model.engine) for name, model in models.items()}
    passes: dict[str, list[float]] = {name: [] for name in ENGINES}
    weeks: dict[str, list[float]] = {name: [] for name in ENGINES}
    for name, model in models.items():
        model.engine = watches[name]
        for _ in range(WARM_WEEKS):
            model.step()
    for _ in range(ROUNDS):
        for name, model in models.items():
            before, begun = watches[name].seconds, time.perf_counter()
            for _ in range(WEEKS):
                model.step()
            each = 1e9 / (WEEKS * int(model.records["present"].sum()))
            weeks[name].append((time.perf_counter() - begun) * each)
            passes[name].append((watches[name].seconds - before) * each)
    size = models["gpu"].records.size
    for model in models.values():
        model.close()
    figures: dict[str, float] = {"people": size, "building_s": building}
    for what, found in (("pass", passes), ("step", weeks)):
        one, other = (median(found[name]) for name in ENGINES)
        figures |= {f"compiled_{what}_ns": one, f"gpu_{what}_ns": other, f"compiled_over_gpu_{what}": one / other}
    return figures


def bench_on_card(people: int = SIZES[0], threads: int = 1, place: str = ENGLAND) -> dict[str, float]:
    """`timed`, once both engines have lived the same lives; raises UserError where they have not."""
    different = equality()
    if different:
        raise UserError(
            f"the engines compiled and gpu differ on this card in {', '.join(different)}: tell us, and leave gpu out"
        )
    return timed(people, threads, place)


def row_of(figures: dict[str, float]) -> str:
    """A row of the table."""
    people, building, *others = figures.values()
    return f"| {people:,.0f} | {building:.0f} | {' | '.join(f'{figure:.2f}' for figure in others)} |"


def report(sizes: Sequence[int], threads: int, place: str = ENGLAND) -> Iterator[str]:
    """The table, line by line as it is measured."""
    found = card.find_card()
    yield f"Card: {found.name}, driver for CUDA {found.driver_version()}, {found.free_memory() / 1e9:.0f} GB free"
    yield f"Host: {platform.processor() or platform.machine()}, {threads} threads, Python {platform.python_version()}"
    found.close()
    yield ""
    yield HEAD
    for people in sizes:
        yield row_of(timed(people, threads, place))


def main() -> None:
    """Read the options, compare, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m policysim.benchmarks.on_card", description=__doc__)
    parser.add_argument(
        "--sizes", default=",".join(map(str, SIZES)), help="numbers of people, with commas between them"
    )
    parser.add_argument("--threads", type=int, default=2, help="of the compiled engine")
    chosen = parser.parse_args()
    engine_given("gpu")
    different = equality()
    if different:
        print(f"After {EQUAL_WEEKS} weeks of {EQUAL_PEOPLE:,} people the engines differ in {', '.join(different)}.")
        sys.exit(1)
    print(f"{EQUAL_PEOPLE:,} people, {EQUAL_WEEKS} weeks: the same to the bit in both engines.", flush=True)
    for line in report([int(size) for size in chosen.sizes.split(",")], chosen.threads):
        print(line, flush=True)


if __name__ == "__main__":
    try:
        main()
    except UserError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
