"""A regime's difference from the status quo, shared out among its levers: each alone, without each, and orders of them.

Every beginning of every order is a run (a coalition: some of the levers), and so is each lever alone and the regime without
it. No coalition of a seed is run twice, whichever orders it begins and however often it is asked for; every run is kept as it
ends, and the same call goes on after a stop.
"""

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError, nearest, tells_arguments
from policysim.experiments.analysis.attribution import Lived, Row, rows_of, table_of
from policysim.experiments.analysis.coalitions import (
    LEVER,
    NOBODY,
    WAYS,
    Block,
    Coalition,
    Order,
    Part,
    are_all,
    blocks_of,
    coalitions,
    orders_of,
)
from policysim.experiments.analysis.estimates import over
from policysim.experiments.analysis.wording import plural
from policysim.experiments.designs.compare import FailedRunsError, Interrupted, new_folder
from policysim.experiments.running.files import RUNS_ARE_KEPT, SCENARIO, whole_or_not
from policysim.experiments.running.keeper import Failure
from policysim.experiments.running.kept_totals import KeptTotals, Totals, name_of
from policysim.experiments.running.lock import locked
from policysim.experiments.running.plan import Run, Task, available_threads
from policysim.experiments.running.progress import Progress, Tell, untold
from policysim.experiments.running.provenance import as_json, stamp
from policysim.experiments.running.runner import run
from policysim.experiments.running.seed import Observer, live, whole_place
from policysim.model import DrugPolicyModel
from policysim.scenarios.means import engine_given, threads_given
from policysim.scenarios.regime import STATUS_QUO, Regime, find_regime
from policysim.scenarios.scenario import Scenario
from policysim.vocabulary.reasons import shown

HEADLINES = ("expected_deaths", "arrests", "treatment_entries", "spending")
"""Outcomes that are shared out where nobody names others."""
USUAL_WAY, USUAL_ORDERS, MOST_ORDERS = "lever-in-group", 2, 1000
RUNS_A_TASK = 40
"""Runs of one seed that follow one burn-in: processors then end at about the same time, whatever the number of seeds."""
TABLE, MADE_BY = "attribution.csv", "attribution.json"
"""In the folder, beside its runs and the scenario: the rows; the regime, orders, versions and seeds that they are of."""
OWN = "of one's own"
"""The group of a lever that says none, as one that is only tried out."""


@dataclass(frozen=True)
class Attribution:
    """What each lever of a regime brings: rows, and what was asked for."""

    scenario: Scenario
    regime: Regime
    by: str
    orders: int
    """Of each seed."""
    all_orders: bool
    rows: tuple[Row, ...]
    folder: Path
    runs: int

    @property
    def table(self) -> pd.DataFrame:
        """The rows with the columns of the file."""
        return table_of(self.rows)

    def of(self, outcome: str) -> list[Row]:
        """The rows of one outcome."""
        return [row for row in self.rows if row.outcome == outcome]

    @property
    def outcomes(self) -> list[str]:
        """Those that were shared out, in their order."""
        return list(dict.fromkeys(row.outcome for row in self.rows))


@dataclass(frozen=True)
class Design:
    """The runs that it takes: of each seed its orders, and the coalitions of these."""

    scenario: Scenario
    regime: Regime
    blocks: tuple[Block, ...]
    orders: int

    def of_seed(self, seed: int) -> list[Order]:
        """The orders of a seed."""
        return orders_of(self.blocks, seed, self.orders)

    def regimes(self, seed: int) -> dict[Coalition, Regime]:
        """A regime for each coalition of a seed; equal levers have equal ids, whatever regime they are a part of."""
        tables = self.regime.model_dump(mode="json")["levers"]
        return {found: _part_of(self.regime, found, tables) for found in coalitions(self.blocks, self.of_seed(seed))}


@tells_arguments
def attribution(
    scenario: Scenario,
    regime: Regime,
    by: str = USUAL_WAY,
    orders: int = USUAL_ORDERS,
    outcomes: Sequence[str] | None = None,
    out: Path | str | None = None,
    threads: int | None = None,
    engine: str = "compiled",
    progress: Callable[[Progress], None] | None = None,
) -> Attribution:
    """Share out a regime's difference from the status quo in the place of a scenario, whose own regimes are left out.

    by: among what, see `WAYS`. orders: of each seed, an even number; each second one is the reverse of the one before.
    outcomes: ids, by default `HEADLINES`. out: a folder in which every run is kept; more seeds, orders or outcomes, another
    way or another regime with the same levers compute only what is not there. Raises UserError, FailedRunsError and
    Interrupted; finished runs are kept in every case, and the same call goes on from there.
    """
    engine_given(engine)
    threads = available_threads() if threads is None else threads_given(threads)
    names = outcomes_given(outcomes)
    design = design_of(scenario, regime, by, orders)
    folder = Path(out) if out is not None else new_folder(design.scenario)
    kept = KeptTotals(folder, design.scenario)
    with locked(folder):
        kept.open()
        regimes = [design.regimes(seed) for seed in design.scenario.seeds]
        totals = _totals(kept, regimes, engine, threads, progress)
        found = [
            Lived(design.of_seed(seed), dict(zip(of_seed, of_runs, strict=True)))
            for seed, of_seed, of_runs in zip(design.scenario.seeds, regimes, totals, strict=True)
        ]
        every = are_all(design.blocks, orders)
        rows = [row for name in names for row in rows_of(design.blocks, found, name, regime.name, every)]
        each = len(found[0].orders)
        made = Attribution(design.scenario, regime, by, each, every, tuple(rows), folder, sum(map(len, regimes)))
        _write(made)
    return made


def _write(made: Attribution) -> None:
    """The table, and what it was made of: each whole or not at all."""
    asked = {"regime": made.regime.id, "by": made.by, "orders": made.orders, "all_orders": made.all_orders}
    texts = {
        TABLE: made.table.to_csv(index=False, lineterminator="\n"),
        SCENARIO: made.scenario.to_toml(),
        MADE_BY: as_json(stamp(made.scenario) | asked),
    }
    for name, text in texts.items():
        with whole_or_not(made.folder / name, also=RUNS_ARE_KEPT) as part:
            part.write_text(text, encoding="utf-8", newline="\n")


def design_of(scenario: Scenario, regime: Regime, by: str, orders: int) -> Design:
    """What is run; raises UserError where something cannot be what it is."""
    if not isinstance(scenario, Scenario):
        raise UserError(f"attribution runs in the place of a Scenario, not of {shown(scenario)}")
    if not isinstance(regime, Regime):
        raise UserError(f"attribution is of a Regime, as load_regime(...) gives, not of {shown(regime)}")
    if not regime.levers:
        raise UserError(f"regime {regime.id!r} pulls no lever: there is no difference to share out")
    if regime.people_classes:
        raise UserError(
            f"in regime {regime.id!r} people live by rules of their own: a difference is shared out among levers alone"
        )
    if by not in WAYS:
        raise UserError(f"by must be {', '.join(WAYS)}, not {shown(by)}{nearest(str(by), WAYS)}")
    is_whole = isinstance(orders, int) and not isinstance(orders, bool)
    if not is_whole or orders % 2 or not 2 <= orders <= MOST_ORDERS:
        raise UserError(
            f"orders must be an even number, 2 to {MOST_ORDERS:,}, not {shown(orders)}: each is gone through in reverse too"
        )
    asked = scenario.model_copy(update={"regimes": [find_regime(STATUS_QUO), regime], "uncertainty": 0})
    return Design(asked, regime, blocks_of(levers_of(regime), by), orders)


def levers_of(regime: Regime) -> list[Part]:
    """The levers of a regime, each by itself."""
    return [
        Part(key, LEVER, getattr(type(lever), "group", OWN), type(lever).title, frozenset([key]))
        for key, lever in regime.levers.items()
    ]


def outcomes_given(outcomes: Sequence[str] | None) -> list[str]:
    """Outcomes by their ids, each once; the headlines where none is named. Raises UserError with the nearest valid id."""
    fits = isinstance(outcomes, list | tuple) and all(isinstance(name, str) for name in outcomes)
    if outcomes is not None and not fits:
        raise UserError(f"outcomes must be a list of ids, not {shown(outcomes)}")
    names = HEADLINES if outcomes is None else tuple(name.strip().replace("-", "_") for name in outcomes)
    if not names:
        raise UserError("no outcome is named")
    for name in names:
        if name not in OUTCOMES:
            raise UserError(f"there is no outcome {name!r}{nearest(name, OUTCOMES)}")
    return list(dict.fromkeys(names))


def _part_of(regime: Regime, levers: Coalition, tables: dict[str, object]) -> Regime:
    """The regime that pulls some of a regime's levers, in their order, and no other."""
    if levers == NOBODY:
        return find_regime(STATUS_QUO)
    id = name_of({key: table for key, table in tables.items() if key in levers})
    pulled = {key: lever for key, lever in regime.levers.items() if key in levers}
    return Regime(id=id, name=f"{plural(len(pulled), 'lever')} ({id})", levers=pulled)


# ---------------------------------------------------------------- running


class Counter(Observer):
    """Keeps the totals of each run as it ends, or why it failed."""

    def __init__(self, kept: KeptTotals, task: Task):
        self.kept, self.task = kept, task
        self.failures: list[Failure] = []

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        """The horizon's totals."""
        weeks = whole_place(model)
        totals = {name: over(weeks, outcome) for name, outcome in OUTCOMES.items()}
        self.kept.keep(self.task.run_under(regime), list(regime.levers), totals)

    def failed(self, regime: Regime, error: Exception) -> None:
        """Write down what was raised."""
        run = self.task.run_under(regime)
        log = self.kept.keep_error(run, f"{', '.join(regime.levers)}\n{''.join(traceback.format_exception(error))}")
        self.failures.append(Failure(run, " ".join(f"{type(error).__name__}: {error}".split()), str(log)))


def live_some(kept: KeptTotals, task: Task, tell: Tell = untold) -> list[Failure]:
    """Live a seed under some coalitions and keep each; those that are there already are not lived again."""
    left = tuple(regime for regime in task.regimes if kept.kept(task.run_under(regime)) is None)
    done = len(task.regimes) - len(left)
    if done:
        tell(task.scenario.weeks * done, done)
    counter = Counter(kept, task)
    if left:
        live(replace(task, regimes=left), counter, tell)
    return counter.failures


def _totals(
    kept: KeptTotals, regimes: Sequence[dict[Coalition, Regime]], engine: str, threads: int,
    progress: Callable[[Progress], None] | None,
) -> list[list[Totals]]:  # fmt: skip
    """What each coalition of each seed came to, run where it is not there yet."""
    found = _found(kept, regimes)
    missing = [
        [regime for regime, totals in zip(of_seed.values(), of_runs, strict=True) if totals is None]
        for of_seed, of_runs in zip(regimes, found, strict=True)
    ]
    tasks = list(_tasks(kept.scenario, missing, engine, threads))
    if tasks:
        workers = min(len(tasks), threads)
        try:
            failures = run(partial(live_some, kept), tasks, workers, progress)
        except KeyboardInterrupt:
            raise Interrupted(f"Stopped. {_count(kept, regimes)}") from None
        if any(failures):
            raise FailedRunsError(_count(kept, regimes), [one for of_task in failures for one in of_task])
    return [[totals for totals in of_seed if totals is not None] for of_seed in _found(kept, regimes)]


def _tasks(scenario: Scenario, missing: Sequence[list[Regime]], engine: str, threads: int) -> Iterator[Task]:
    """The runs of each seed, so many after one burn-in; processors that no task needs become models' threads."""
    parts = [
        (k, tuple(of_seed[first : first + RUNS_A_TASK]))
        for k, of_seed in enumerate(missing)
        for first in range(0, len(of_seed), RUNS_A_TASK)
    ]
    each = max(1, threads // max(1, min(len(parts), threads)))
    return (Task(scenario, k, some, engine, each) for k, some in parts)


def _found(kept: KeptTotals, regimes: Sequence[dict[Coalition, Regime]]) -> list[list[Totals | None]]:
    seeds = kept.scenario.seeds
    return [
        [kept.kept(Run(regime.id, k, seeds[k])) for regime in of_seed.values()] for k, of_seed in enumerate(regimes)
    ]


def _count(kept: KeptTotals, regimes: Sequence[dict[Coalition, Regime]]) -> str:
    found = [totals for of_seed in _found(kept, regimes) for totals in of_seed]
    done = sum(totals is not None for totals in found)
    return (
        f"{done:,} of {len(found):,} runs are finished and kept in {kept.folder}; the same again with --out {kept.folder} "
        "goes on from there."
    )
