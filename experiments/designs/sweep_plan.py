"""What a sweep would take, before it is run: how many runs, how long, how much room on the disk.

Runs that several points share (the status quo where only levers vary) are counted once, and so are burn-ins. The time is
that of a probe: some weeks of the sweep's own scenario, in the largest of its places, under the status quo and under the
regime that pulls most levers; other places take as much for each simulated person. What a run leaves is measured by
writing a table of as many rows and columns.
"""

import io
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from policysim.experiments.designs.points import Asked, Point, points_of, scenarios_of
from policysim.experiments.running.plan import Task
from policysim.experiments.running.seed import compile_rules, model_of, whole_place
from policysim.experiments.running.settings import run_settings, shared_settings
from policysim.model import DrugPolicyModel
from policysim.scenarios.paths import PLACE
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.scenarios.scenario import Scenario
from policysim.scenarios.sweep import Sweep

WARM_WEEKS, PROBE_WEEKS = 4, 12
"""Weeks in which what is loaded late is loaded, and weeks after them that are timed."""

There = Callable[[list[Asked]], int]
"""How many of the runs of these are in a folder already."""


@dataclass(frozen=True)
class Probe:
    """What was measured: where, under which regimes, and what a week and a start take."""

    place: str
    people: float
    build_seconds: float
    week_seconds: dict[str, float]
    """By regime: the status quo and the dearest."""
    run_bytes: int

    def week(self, regime: str, people: float) -> float:
        """Seconds for a week under a regime for so many simulated people."""
        seconds = self.week_seconds.get(regime, max(self.week_seconds.values()))
        return seconds * people / self.people

    @property
    def basis(self) -> str:
        """How the time was found, in words."""
        told = ", ".join(f"{1000 * seconds:.3g} ms under {regime}" for regime, seconds in self.week_seconds.items())
        return (
            f"measured: a week of {self.place} with {self.people:,.0f} simulated people takes {told}, and a start "
            f"{self.build_seconds:.2g} s"
        )


@dataclass(frozen=True)
class SweepPlan:
    """What there is to run."""

    sweep: Sweep
    points: list[Point] = field(repr=False)
    distinct: int
    """Runs that differ from one another."""
    there: int
    burn_ins: int
    workers: int
    probe: Probe
    seconds: float
    """On so many workers, for what is not there."""

    @property
    def asked(self) -> int:
        """Points, places, regimes and replicates, one with another."""
        scenario = self.sweep.scenario
        return len(self.points) * len(self.sweep.places) * len(scenario.regimes) * scenario.replicates

    @property
    def to_run(self) -> int:
        """Runs that are not there."""
        return self.distinct - self.there

    @property
    def bytes(self) -> int:
        """What all runs leave on the disk."""
        return self.distinct * self.probe.run_bytes

    def as_row(self) -> dict[str, Any]:
        """The same as plain values."""
        scenario = self.sweep.scenario
        return {
            "question": self.sweep.question, "design": self.sweep.design, "points": len(self.points),
            "places": len(self.sweep.places), "regimes": len(scenario.regimes), "replicates": scenario.replicates,
            "runs": self.asked, "distinct_runs": self.distinct, "there": self.there, "to_run": self.to_run,
            "burn_ins": self.burn_ins, "workers": self.workers, "seconds": round(self.seconds, 1),
            "bytes": self.bytes, "basis": self.probe.basis, "week_seconds": self.probe.week_seconds,
            "run_bytes": self.probe.run_bytes,
        }  # fmt: skip


def plan_of(sweep: Sweep, workers: int = 1, there: There | None = None) -> SweepPlan:
    """What a sweep would take; every point is validated. Raises UserError."""
    points = points_of(sweep)
    needed, burn_ins, asked = _needed(sweep, points)
    found = there(asked) if there is not None else 0
    probe = probe_of(sweep)
    left = 1 - found / len(needed)
    seconds = sum(weeks * probe.week(regime, people) for regime, weeks, people in needed.values())
    starts = sum(
        probe.build_seconds * people / probe.people + weeks * probe.week(STATUS_QUO, people)
        for weeks, people in burn_ins.values()
    )
    hands = max(1, min(workers, len(burn_ins)))
    return SweepPlan(
        sweep, points, len(needed), found, len(burn_ins), workers, probe, left * (seconds + starts) / hands
    )  # fmt: skip


Needed = dict[tuple[str, int], tuple[str, int, float]]
Starts = dict[tuple[str, int], tuple[int, float]]


def _needed(sweep: Sweep, points: list[Point]) -> tuple[Needed, Starts, list[Asked]]:
    """Every run that differs from the others and every burn-in, each with its seed; and the tasks that ask for them."""
    runs: Needed = {}
    starts: Starts = {}
    asked: list[Asked] = []
    for point, place, scenario in scenarios_of(sweep, points):
        people = simulated(scenario)
        start = _key({key: value for key, value in shared_settings(scenario).items() if key != "years"})
        settings = {id: _key(told) for id, told in run_settings(scenario).items()}
        for replicate, seed in enumerate(scenario.seeds):
            asked.append(Asked(point.number, place, Task(scenario, replicate, scenario.regimes)))
            starts[start, seed] = scenario.burn_in_weeks, people
            for id, key in settings.items():
                runs[key, seed] = id, scenario.weeks, people
    return runs, starts, asked


def _key(settings: dict[str, Any]) -> str:
    return json.dumps(settings, sort_keys=True)


def simulated(scenario: Scenario) -> float:
    """Simulated people of a scenario."""
    return scenario.where.residents_10_64 / scenario.scale


# ---------------------------------------------------------------- measured


def probe_of(sweep: Sweep) -> Probe:
    """Live some weeks of a sweep's own scenario, without its burn-in, and write what a run would leave."""
    at = [sweep.scenario_at({PLACE: place}) for place in sweep.places]
    scenario = max(at, key=simulated).model_copy(update={"burn_in_years": 0})
    task = Task(scenario, 0, scenario.regimes)
    compile_rules(task)
    begun = time.perf_counter()
    model_of(task).close()
    build = time.perf_counter() - begun
    week_seconds, written = {}, 0
    for regime in _probed(scenario):
        model = model_of(task, regime)
        try:
            week_seconds[regime.id] = _a_week(model)
            written = run_bytes(model, scenario.years)
        finally:
            model.close()
    return Probe(scenario.place, simulated(scenario), build, week_seconds, written)


def _probed(scenario: Scenario) -> list[Regime]:
    """The status quo, or what stands first without it, and the regime that pulls most levers."""
    first = next((one for one in scenario.regimes if one.id == STATUS_QUO), scenario.regimes[0])
    dearest = max(scenario.regimes, key=lambda one: len(one.levers))
    return [first] if dearest is first else [first, dearest]


def _a_week(model: DrugPolicyModel) -> float:
    """Seconds that a week takes: of some weeks, the one in the middle."""
    taken = []
    while model.week < min(WARM_WEEKS + PROBE_WEEKS, model.last_week):
        begun = time.perf_counter()
        model.step()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken[WARM_WEEKS:])


def run_bytes(model: DrugPolicyModel, years: int) -> int:
    """What the file of a run takes: weeks that were lived stand for its years."""
    rows = whole_place(model).head(PROBE_WEEKS)
    rows = rows.iloc[[k % len(rows) for k in range(years)]]
    file = io.BytesIO()
    rows.to_parquet(file, index=False, compression=None, use_dictionary=False, write_statistics=False)
    return len(file.getvalue())
