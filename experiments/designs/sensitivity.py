"""Which numbers carry the answer: a screening of every uncertain number by its pull on the differences between regimes.

In every world of a trajectory and of a factorial (analysis/sensitivity.py) each regime is lived, and its difference from the
status quo is the answer. All points of a trajectory share a seed, so that a number without any effect has none exactly;
the worlds of the factorial have a seed each, so that what it finds holds for no one population alone.

What chance alone would give is told apart. For the factorial's effects by the columns that move nothing, which see the
same worlds. For mu_star the usual numbers are run with several seeds, and `noise` is what nineteen in twenty numbers
without a systematic effect would stay below if they did no more than change everybody's luck; where other numbers make an
outcome more common there is more luck in it, and mu_star alone is no finding.
"""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np
import pandas as pd

from policysim.counts.outcomes import OUTCOMES
from policysim.engine.luck import key_of
from policysim.errors import UserError
from policysim.evidence.uncertain import Uncertainty, contradicting, put_together, usual_values
from policysim.experiments.analysis.sensitivity import (
    elementary,
    factorial,
    main_effects,
    noise_of,
    trajectory,
    worlds_of,
)
from policysim.experiments.running.draws import unknown_of
from policysim.experiments.running.files import whole_or_not
from policysim.experiments.running.lock import locked
from policysim.experiments.running.plan import Task, available_threads
from policysim.experiments.running.progress import Progress, Tell, untold
from policysim.experiments.running.provenance import scenario_hash, stamp
from policysim.experiments.running.runner import run
from policysim.experiments.running.seed import Observer, live, whole_place
from policysim.model import DrugPolicyModel
from policysim.scenarios.means import threads_given
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.scenarios.scenario import Scenario

SEEDS = 8
"""Seeds at the usual numbers, from which the noise is measured."""
MOST_TRAJECTORIES = 1000
ANSWERS = ("expected_deaths", "arrests", "treatment_entries")
COLUMNS = (
    "parameter", "outcome", "regime", "effect", "error", "effect_low", "effect_high", "beyond_chance", "mu_star", "sigma",
    "mu_star_conf", "noise", "low", "high", "quality",
)  # fmt: skip
HALVINGS = 30
TABLE, SETTINGS, POINTS = "sensitivity.csv", "screening.json", "points"
"""What lies in the folder of a screening: its rows, what was asked for, and a file for each point."""

Totals = dict[str, dict[str, float]]
"""By regime and outcome."""


@dataclass(frozen=True)
class Screening:
    """What is run: the scenario (one seed a trajectory), and where its points are kept."""

    scenario: Scenario
    trajectories: int
    folder: Path | None = None

    @property
    def unknown(self) -> tuple[Uncertainty, ...]:
        """What is moved."""
        return unknown_of(self.scenario)

    @property
    def mark(self) -> str:
        """A name for all that decides a point."""
        alone = self.scenario.model_copy(update={"replicates": 1})
        return f"{scenario_hash(alone)}-{stamp(alone)['model']}"

    def trajectory(self, number: int) -> np.ndarray:
        """The points of one trajectory, each a share of every range; shape (numbers + 1, numbers)."""
        return _trajectory(key_of(self.scenario.seed, f"trajectory {number}"), len(self.unknown))

    @property
    def worlds_seed(self) -> int:
        """What decides which number has which column of the factorial."""
        return key_of(self.scenario.seed, "factorial")

    def shares(self, task: Task) -> np.ndarray:
        """The shares of every range at a point that is not the usual one: of its trajectory, or of the factorial."""
        point = task.draw - 1
        if point <= len(self.unknown):
            return self.trajectory(task.replicate)[point]
        return _factorial(self.worlds_seed, len(self.unknown))[task.replicate]

    def tasks(self) -> list[Task]:
        """A task for each seed at the usual numbers (draw 0), for each world of the factorial, and for each point of
        each trajectory (draws from 1 on); more trajectories come last.
        """
        numbers, regimes = len(self.unknown), tuple(self.scenario.regimes)
        usual = [Task(self.scenario, k, regimes) for k in range(SEEDS)]
        worlds = [Task(self.scenario, k, regimes, draw=numbers + 2) for k in range(worlds_of(numbers))]
        moved = [
            Task(self.scenario, k, regimes, draw=n) for k in range(self.trajectories) for n in range(1, numbers + 2)
        ]
        return usual + worlds + moved

    def path(self, task: Task) -> Path | None:
        """Where a point is kept."""
        return self.folder / POINTS / f"{task.seed}-{task.draw}.json" if self.folder else None

    def kept(self, task: Task) -> Totals | None:
        """A point that is there already, and of this screening."""
        path = self.path(task)
        try:
            found = json.loads(path.read_text(encoding="utf-8")) if path else {}
            return found["totals"] if found.get("mark") == self.mark else None
        except (OSError, ValueError, KeyError, AttributeError):
            return None

    def keep(self, task: Task, totals: Totals) -> None:
        """Write down a point."""
        path = self.path(task)
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            with whole_or_not(path) as part:
                part.write_text(json.dumps({"mark": self.mark, "totals": totals}), encoding="utf-8")


_trajectory = lru_cache(maxsize=MOST_TRAJECTORIES)(trajectory)
_factorial = lru_cache(maxsize=1)(factorial)


class Counter(Observer):
    """Adds up the answers of each regime."""

    def __init__(self) -> None:
        self.totals: Totals = {}

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        """The horizon's totals."""
        weeks = whole_place(model)
        self.totals[regime.id] = {name: math.fsum(weeks[name]) for name in ANSWERS}


def live_point(screening: Screening, task: Task, tell: Tell = untold) -> Totals:
    """Run one point under every regime and keep it."""
    if task.draw:
        task = replace(task, carried=agreeing(screening.unknown, screening.shares(task), task.scenario.numbers))
    counter = Counter()
    try:
        live(task, counter, tell)
    except (ValueError, ArithmeticError, IndexError, KeyError, AssertionError) as error:
        said = f"{type(error).__name__}: {error}"
        raise UserError(f"point {task.draw} of the screening with seed {task.seed} cannot be run: {said}") from error
    screening.keep(task, counter.totals)
    return counter.totals


def agreeing(unknown: tuple[Uncertainty, ...], shares: np.ndarray, changed: dict[str, float]) -> dict[str, float]:
    """The numbers at these shares of their ranges; those that contradict each other go half the way to their usual ones.

    And half the way again, until they agree: the usual numbers do.
    """
    found = put_together(one.at(float(share)) for one, share in zip(unknown, shares, strict=True))
    usual = usual_values(changed)
    for _ in range(HALVINGS):
        names = contradicting(usual | found)
        if not names:
            return found
        found |= {
            row.id: (found[row.id] + usual[row.id]) / 2 for one in unknown if one.name in names for row in one.rows
        }
    return found | {row.id: usual[row.id] for one in unknown if one.name in names for row in one.rows}


def sensitivity(
    scenario: Scenario,
    trajectories: int = 2,
    out: Path | None = None,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> pd.DataFrame:
    """A row for each uncertain number, answer and regime, with the columns of `COLUMNS`; the strongest first.

    out: a folder in which every point is kept the moment it ends; the same call goes on from there, and with more
    trajectories computes only what is missing. Raises UserError.
    """
    _check(scenario, trajectories)
    processors = available_threads() if threads is None else threads_given(threads)
    screening = screening_of(scenario, trajectories, out)
    if out is None:
        return _screened(screening, processors, progress)
    with locked(out):
        _check_folder(screening)
        rows = _screened(screening, processors, progress)
        with whole_or_not(out / TABLE) as part:
            rows.to_csv(part, index=False, lineterminator="\n")
        return rows


def screening_of(scenario: Scenario, trajectories: int, out: Path | None = None) -> Screening:
    """A screening with as many seeds as its points need."""
    numbers = len(unknown_of(scenario))
    seeds = max(SEEDS, trajectories, worlds_of(numbers))
    return Screening(scenario.model_copy(update={"replicates": seeds, "uncertainty": 0}), trajectories, out)


def _check(scenario: Scenario, trajectories: int) -> None:
    if (
        isinstance(trajectories, bool)
        or not isinstance(trajectories, int)
        or not 2 <= trajectories <= MOST_TRAJECTORIES
    ):
        raise UserError(f"trajectories must be a whole number, 2 to {MOST_TRAJECTORIES}, not {trajectories}")
    ids = [regime.id for regime in scenario.regimes]
    if STATUS_QUO not in ids or len(ids) < 2:
        raise UserError(
            "a screening of differences needs the status quo and another regime, as in status-quo,diversion"
        )
    if not unknown_of(scenario):
        raise UserError("the scenario fixes every uncertain number, and leaves none to be moved")


def _check_folder(screening: Screening) -> None:
    """Whether a folder holds nothing else; its settings are written where there are none."""
    assert screening.folder is not None
    path = screening.folder / SETTINGS
    others = [entry.name for entry in screening.folder.iterdir() if not entry.name.startswith(".")]
    if path.exists():
        try:
            there = json.loads(path.read_text(encoding="utf-8")).get("mark")
        except (OSError, ValueError):
            there = None
        if there != screening.mark:
            raise UserError(
                f"{screening.folder} holds another screening, or one of another version; choose another folder"
            )
    elif others:
        raise UserError(f"{screening.folder} holds files that are not a screening's; choose another folder")
    settings = {"mark": screening.mark, "trajectories": screening.trajectories, "seeds": SEEDS}
    with whole_or_not(path) as part:
        text = json.dumps(settings | {"scenario": screening.scenario.to_toml()}, indent=1)
        part.write_text(text + "\n", encoding="utf-8")


def _screened(screening: Screening, processors: int, progress: Callable[[Progress], None] | None) -> pd.DataFrame:
    tasks = screening.tasks()
    found = [screening.kept(task) for task in tasks]
    left = [task for task, totals in zip(tasks, found, strict=True) if totals is None]
    lived = iter(run(partial(live_point, screening), left, min(processors, max(1, len(left))), progress))
    return analysed(screening, [next(lived) if totals is None else totals for totals in found])


# ---------------------------------------------------------------- what the points say


def analysed(screening: Screening, points: list[Totals]) -> pd.DataFrame:
    """The rows of a screening from the totals of its points, in the order of its tasks; raises UserError."""
    others = [regime.id for regime in screening.scenario.regimes if regime.id != STATUS_QUO]
    rows = []
    for outcome in ANSWERS:
        for regime in others:
            gaps = np.array([point[regime][outcome] - point[STATUS_QUO][outcome] for point in points], float)
            if not np.isfinite(gaps).all():
                raise UserError(
                    f"{int((~np.isfinite(gaps)).sum())} points of the screening have no number for {outcome}"
                )
            rows += [
                {"outcome": outcome, "regime": regime, "parameter": one.id, "low": one.low, "high": one.high}
                | {"quality": one.quality} | told
                for one, told in zip(screening.unknown, _effects(screening, gaps), strict=True)
            ]  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    order = {name: k for k, name in enumerate(ANSWERS)}
    return table.sort_values(
        ["outcome", "effect"], key=lambda column: column.map(order) if column.name == "outcome" else -column.abs(),
        kind="stable", ignore_index=True,
    )  # fmt: skip


def _effects(screening: Screening, gaps: np.ndarray) -> list[dict[str, float]]:
    """Of each number, what all points say of it."""
    numbers = len(screening.unknown)
    usual, worlds, moved = np.split(gaps, [SEEDS, SEEDS + worlds_of(numbers)])
    shares = np.vstack([screening.trajectory(k) for k in range(screening.trajectories)])
    main = main_effects(screening.worlds_seed, numbers, worlds)
    steps = elementary(shares, moved, key_of(screening.scenario.seed, "resamples"))
    columns = main._asdict() | steps._asdict() | {"noise": np.full(numbers, noise_of(usual, screening.trajectories))}
    return pd.DataFrame(columns).to_dict("records")


def read_screening(folder: Path) -> pd.DataFrame:
    """The rows of a finished screening; raises UserError."""
    try:
        rows = pd.read_csv(folder / TABLE)
        return rows[list(COLUMNS)]
    except (OSError, ValueError, KeyError):
        raise UserError(f"{folder} holds no finished screening: 'policysim sensitivity --out DIR' makes one") from None


def first(rows: pd.DataFrame, outcome: str, most: int = 20) -> pd.DataFrame:
    """The numbers with the strongest pull on one answer, each by the regime on whose difference it pulls most."""
    found = rows[rows["outcome"] == OUTCOMES[outcome].id].sort_values(
        "effect", key=lambda column: -column.abs(), kind="stable"
    )
    return found.drop_duplicates("parameter").head(most).reset_index(drop=True)
