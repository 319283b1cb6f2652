"""How fast the model is on this machine: both engines and an ordinary Mesa model, timed in turn in one run.

All times are nanoseconds per person-week. The rounds are interleaved and medians are taken, so that a machine that
slows down for a while slows everything alike: compare ratios, not nanoseconds, between machines.
"""

import os
import platform
import re
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any

from policysim.agents.roles import ROLES
from policysim.benchmarks.plain_mesa import PlainMesaModel
from policysim.engine.rules import rule, rule_names, rules_of
from policysim.model import DrugPolicyModel
from policysim.vocabulary.stocks import Stock
from policysim.vocabulary.time import years_of, years_to_hold

PLACE = "west-midlands"
WARM_WEEKS = 4
"""Weeks lived before anything is timed: rules are compiled and institutions have settled."""
SIZES = (10_000, 100_000, 1_000_000)
MEGABYTE = 1024 * 1024


class Stopwatch:
    """Stands in for a model's engine and adds up the time of its weekly passes."""

    def __init__(self, engine: Any):
        self.engine, self.seconds, self.cpu_seconds = engine, 0.0, 0.0

    def run(self, *arguments: Any) -> Any:
        """The engine's pass, timed."""
        start, cpu = time.perf_counter(), time.process_time()
        found = self.engine.run(*arguments)
        self.seconds += time.perf_counter() - start
        self.cpu_seconds += time.process_time() - cpu
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self.engine, name)


@dataclass
class Timed:
    """One model, lived a few weeks at a time, and what each round took (nanoseconds per person-week)."""

    model: Any
    present: Callable[[Any], int]
    weeks: int
    passes: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def live(self) -> None:
        """One round."""
        watch = getattr(self.model, "engine", None)
        before, cpu = (watch.seconds, watch.cpu_seconds) if watch else (0.0, 0.0)
        person_weeks = self.present(self.model) * self.weeks
        start = time.perf_counter()
        for _ in range(self.weeks):
            self.model.step()
        self.steps.append((time.perf_counter() - start) / person_weeks * 1e9)
        if watch:
            self.passes.append((watch.seconds - before) / person_weeks * 1e9)
            self.cpu.append((watch.cpu_seconds - cpu) / person_weeks * 1e9)

    @property
    def pass_ns(self) -> float:
        """Median of the engine's passes."""
        return median(self.passes)

    @property
    def step_ns(self) -> float:
        """Median of whole weeks."""
        return median(self.steps)


def bench(
    people: int = 100_000, python_people: int = 2_000, rounds: int = 7, weeks: int = 8, seed: int = 1,
    rules: bool = False, full: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Time the model; returns the figures by name.

    `people`: simulated by the compiled engine; `python_people`: by the two that run in Python; `weeks`: lived in each
    of the `rounds`; `rules`: also what each rule takes (compiles the week once for each rule: minutes the first time);
    `full`: also 10 thousand to 1 million people, and ten years of a million.
    """
    large = _warm(people, seed, years=_years(rounds * weeks))
    small = _warm(python_people, seed, years=_years(rounds * weeks))
    one, two = _branch(large, weeks), _branch(large, weeks, threads=2)
    python = _branch(small, max(weeks // 4, 1), engine="python")
    plain = Timed(PlainMesaModel(small, seed), lambda model: len(model.agents), max(weeks // 4, 1))
    _interleave([one, two, python, plain], rounds)
    figures = {
        "compiled_ns": one.pass_ns,
        "compiled_cpu_ns": median(one.cpu),
        "compiled_two_threads_ns": two.pass_ns,
        "python_ns": python.pass_ns,
        "plain_mesa_ns": plain.step_ns,
        "step_ns": one.step_ns,
        "peak_memory_mb": alone(_peak_memory, people, weeks),
        "plain_mesa_over_compiled": plain.step_ns / one.pass_ns,
        "plain_mesa_over_step": plain.step_ns / one.step_ns,
        "threads_speedup": one.pass_ns / two.pass_ns,
        "fastest_compiled_ns": min(one.passes),
        "slowest_compiled_ns": max(one.passes),
        "people": people,
        "python_people": python_people,
        "rounds": rounds,
        "processors": os.cpu_count() or 1,
        "python_version": platform.python_version(),
    }
    _close([one, two, python])
    if rules:
        figures["by_rule_ns"] = by_rule(large, rounds, weeks)
    if full:
        figures |= _at_scale(rounds, seed)
    return figures


def _years(weeks: int) -> int:
    """Years that hold these weeks and those of warming up."""
    return years_to_hold(weeks + 2 * WARM_WEEKS)


def _warm(people: int, seed: int, years: int) -> DrugPolicyModel:
    """A model a few weeks on, from which others branch."""
    model = DrugPolicyModel(PLACE, people=people, seed=seed, years=years)
    for _ in range(WARM_WEEKS):
        model.step()
    return model


def _branch(start: DrugPolicyModel, weeks: int, **arguments: Any) -> Timed:
    """The same people under another engine, or with other rules, ready to be timed."""
    years = years_of(start.last_week)
    model = DrugPolicyModel(PLACE, one_in=start.one_in, seed=start.run_seed, years=years, start=start, **arguments)
    model.step()  # compiles what this variant needs
    model.engine = Stopwatch(model.engine)  # type: ignore[assignment]
    return Timed(model, present, weeks)


def present(model: DrugPolicyModel) -> int:
    """How many people there were in the last week."""
    return int(model.outcomes.last_count(Stock.POPULATION, -1))  # to read people would wake them


def _interleave(timed: Iterable[Timed], rounds: int) -> None:
    """One round of each in turn, so that noise falls on all alike."""
    models = list(timed)
    for _ in range(rounds):
        for one in models:
            one.live()


def _close(timed: Iterable[Timed]) -> None:
    for one in timed:
        one.model.close()


# --- by rule ----------------------------------------------------------------------------------------------------------


@rule
def nothing(self, here, world, luck):  # type: ignore[no-untyped-def]
    """Stands in for a rule that is left out."""


def without(name: str) -> list[type]:
    """The roles with one rule left out."""
    return [type(f"{role.__name__}Without", (role,), {name: nothing}) for role in ROLES if name in rules_of(role)]


def by_rule(start: DrugPolicyModel, rounds: int, weeks: int) -> dict[str, float]:
    """What the pass takes more with a rule than without it (nanoseconds of processor time), dearest first.

    The parts do not add up to the whole: a compiler shares work between rules, and the loop itself takes time.
    """
    costs = {}
    for name in rule_names(ROLES):
        pair = whole, lacking = _branch(start, weeks), _branch(start, weeks, people_classes=without(name))
        _interleave(pair, rounds)
        costs[name] = median(a - b for a, b in zip(whole.cpu, lacking.cpu, strict=True))
        _close(pair)
    return dict(sorted(costs.items(), key=lambda item: -item[1]))


# --- scale and memory -------------------------------------------------------------------------------------------------


def _at_scale(rounds: int, seed: int) -> dict[str, Any]:
    """The pass at three sizes of place, and a million people for ten years."""
    weeks = {size: max(2, 2_000_000 // size) for size in SIZES}
    timed = {size: _branch(_warm(size, seed, _years(rounds * weeks[size])), weeks[size]) for size in SIZES}
    _interleave(timed.values(), rounds)
    _close(timed.values())
    # Short passes suffer more from what else the machine does: sizes are compared in processor time.
    found = {f"{size:_}": median(one.cpu) for size, one in timed.items()}
    times = list(found.values())
    started = time.perf_counter()
    memory = alone(_peak_memory, SIZES[-1], 520)
    return {
        "compiled_cpu_ns_by_people": found,
        "slowest_size_over_fastest": max(times) / min(times),
        "million_ten_years_memory_mb": memory,
        "million_ten_years_seconds": time.perf_counter() - started,
    }


def alone(measure: Callable[..., Any], *arguments: Any) -> Any:
    """The measure taken in a fresh process, which holds nothing else."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(measure, *arguments).result()


def _peak_memory(people: int, weeks: int) -> float:
    """Most memory that this process held while it lived the weeks with so many people (MB)."""
    model = DrugPolicyModel(PLACE, people=people, seed=1, years=years_to_hold(weeks))
    for _ in range(weeks):
        model.step()
    model.close()
    status = Path("/proc/self/status")
    if status.exists():  # Linux: what getrusage says may be the peak of the process that started this one
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text()).group(1)) / 1024  # type: ignore[union-attr]
    try:
        import resource
    except ImportError:  # Windows: what the records and ties take is most of it
        return (model.people.nbytes + model.peers.ties.indices.nbytes) / MEGABYTE
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (MEGABYTE if sys.platform == "darwin" else 1024)


def written(figures: dict[str, Any]) -> str:
    """The figures, one a line."""
    lines = []
    for name, value in figures.items():
        if isinstance(value, dict):
            lines += [f"{name}:", *(f"  {key:26} {item:12,.1f}" for key, item in value.items())]
        else:
            lines.append(f"{name:28} {value:12,.1f}" if isinstance(value, float) else f"{name:28} {value!s:>12}")
    return "\n".join(lines)
