"""The points of a sweep, in the order of its design; and what is to be run at each.

Full factorial and list are as they are written. A Latin hypercube is made as the sets of drawn numbers are
(`experiments/running/draws.py`): each path draws by luck of its own, so that another path leaves the columns of all others
as they were, and twice as many points hold the first ones. Sobol' points (Saltelli's design) and Morris's trajectories are
SALib's, in its order, from a generator of the design's own seed; more of either begin with the same. All three are made in
the unit cube (`shares_of`), which is also where SALib analyses them (`problem_of`).
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from policysim.engine.luck import counter, key_of, uniforms
from policysim.errors import UserError
from policysim.evidence.uncertain import Uncertainty, uncertainties
from policysim.experiments.running.draws import drawn_of, stratified
from policysim.experiments.running.plan import Task
from policysim.scenarios.paths import PLACE, Value
from policysim.scenarios.scenario import Scenario
from policysim.scenarios.spans import Span
from policysim.scenarios.sweep import CUBES, PRIOR, Sweep
from policysim.world.status_quo import names_of_its_own

MOST_SHOWN = 4
"""Values that are named of a point at which something is wrong."""


@dataclass(frozen=True)
class Point:
    """One point of a design: values by path, which stand instead of the scenario's own."""

    number: int
    values: dict[str, Value]


class Asked(NamedTuple):
    """What a task is for: a point, in one place, with one seed."""

    point: int
    place: str
    task: Task


def points_of(sweep: Sweep) -> list[Point]:
    """Every point of a sweep in the order of its design."""
    return [Point(number, values) for number, values in enumerate(_values(sweep))]


def scenarios_of(sweep: Sweep, points: list[Point] | None = None) -> Iterator[tuple[Point, str, Scenario]]:
    """The scenario of each point in each place; raises UserError that names a point which cannot be run."""
    for point in points_of(sweep) if points is None else points:
        for place in sweep.places:
            yield point, place, scenario_at(sweep, point, place)


def asked_of(sweep: Sweep, points: list[Point] | None = None) -> Iterator[Asked]:
    """A task for each point, place and seed, in this order; raises UserError that names a point which cannot be run."""
    for point, place, scenario in scenarios_of(sweep, points):
        for replicate in range(scenario.replicates):
            yield Asked(point.number, place, Task(scenario, replicate, scenario.regimes))


def tasks_of(sweep: Sweep) -> list[Task]:
    """The same tasks alone."""
    return [asked.task for asked in asked_of(sweep)]


def scenario_at(sweep: Sweep, point: Point, place: str) -> Scenario:
    """The scenario at a point, in a place; raises UserError that names the point."""
    try:
        return sweep.scenario_at(point.values | {PLACE: place})
    except UserError as error:
        told = ", ".join(
            f"{path} = {_brief(value)}" for path, value in itertools.islice(point.values.items(), MOST_SHOWN)
        )
        more = f" and {len(point.values) - MOST_SHOWN} more" if len(point.values) > MOST_SHOWN else ""
        raise UserError(f"point {point.number} ({told}{more}) cannot be run: {error}") from None


def _brief(value: Value) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _values(sweep: Sweep) -> Iterator[dict[str, Value]]:
    if sweep.design == "factorial":
        yield from _factorial(sweep)
    elif sweep.design in CUBES:
        yield from _in_cube(sweep)
    elif sweep.table == PRIOR:
        yield from _prior(sweep)
    else:
        yield from _listed(sweep)


def _factorial(sweep: Sweep) -> Iterator[dict[str, Value]]:
    """Every combination; the last path changes fastest, so that values appended to the first leave the first points."""
    for values in itertools.product(*(sweep.vary[path] for path in sweep.paths)):
        yield dict(zip(sweep.paths, values, strict=True))


def _listed(sweep: Sweep) -> Iterator[dict[str, Value]]:
    """The points as they stand; of a table of which not all rows are asked for, so many drawn, more of them after the first."""
    rows = len(sweep.points_listed)
    if sweep.points is None:
        order = np.arange(rows)
    else:
        luck = uniforms(key_of(sweep.design_seed, "sample"), np.arange(rows), counter(0, 0))
        order = np.argsort(luck, kind="stable")[: sweep.points]
    yield from (dict(sweep.points_listed[k]) for k in order)


def _prior(sweep: Sweep) -> Iterator[dict[str, Value]]:
    """Sets of every uncertain number, as a scenario's own `uncertainty` draws them; more of them after the first."""
    unknown = unknown_of(sweep)
    for draw in range(1, (sweep.points or 0) + 1):
        found = drawn_of(sweep.design_seed, unknown, sweep.scenario.numbers, draw)
        yield {f"parameters.{id}": value for id, value in found.items()}


def unknown_of(sweep: Sweep) -> tuple[Uncertainty, ...]:
    """What a prior draws: every uncertain number but those that are changed, and those published of one of the places."""
    wheres = [sweep.scenario_at({PLACE: place}).where for place in sweep.places]
    return uncertainties(fixed=set(sweep.scenario.numbers).union(*map(names_of_its_own, wheres)))


# ---------------------------------------------------------------- designs in the unit cube


def problem_of(sweep: Sweep) -> dict[str, Any]:
    """The problem as SALib knows it, in the unit cube, for its analyses of `shares_of`."""
    names = list(sweep.paths)
    return {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0] for _ in names]}


def shares_of(sweep: Sweep) -> np.ndarray:
    """How much of what each path varies over is passed at each point, shape (points, paths); of designs in `CUBES`."""
    points, seed = sweep.points or 0, sweep.design_seed
    if sweep.design == "latin-hypercube":
        return np.column_stack([_strata(seed, path, points) for path in sweep.paths])
    generator = np.random.Generator(np.random.PCG64(key_of(seed, sweep.design)))
    if sweep.design == "sobol":
        from SALib.sample import sobol

        return sobol.sample(problem_of(sweep), points, calc_second_order=sweep.second_order, seed=generator)
    from SALib.sample import morris

    return morris.sample(problem_of(sweep), points, num_levels=sweep.levels, seed=generator)


def _strata(seed: int, path: str, points: int) -> np.ndarray:
    """One share in each of so many strata. It begins with as many as the odd part of the number, and doubles from there."""
    odd = points // (points & -points)
    return stratified(key_of(seed, f"latin-hypercube {path}"), points, odd)


def _in_cube(sweep: Sweep) -> Iterator[dict[str, Value]]:
    shares = shares_of(sweep)
    steps = _midway(shares, sweep.levels) if sweep.design == "morris" else shares
    ranges = [isinstance(sweep.vary[path], Span) for path in sweep.paths]
    for at, step in zip(shares, steps, strict=True):
        yield {path: sweep.value_at(path, float(at[k] if ranges[k] else step[k])) for k, path in enumerate(sweep.paths)}


def _midway(shares: np.ndarray, levels: int) -> np.ndarray:
    """Shares on Morris's grid, from 0 to 1, as the middles of so many equal parts: what is chosen among is chosen evenly."""
    return (np.rint(shares * (levels - 1)) + 0.5) / levels
