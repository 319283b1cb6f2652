"""Each lever alone, as far as is documented, against the status quo over paired seeds; beside what is published of it.

It is a comparison like any other, of the status quo and a regime for each lever: the status quo's runs are made once and
serve all levers, every run is kept as it ends, and the same call goes on after a stop, however it came.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from policysim.errors import UserError, tells_arguments
from policysim.experiments.analysis.contested import bearing_on
from policysim.experiments.analysis.effects import Otherwise, Row, alone, rows_of, table_of
from policysim.experiments.designs.compare import Comparison, Interrupted, compare, new_folder
from policysim.experiments.designs.contested import READINGS
from policysim.experiments.running.files import RUNS_ARE_KEPT, whole_or_not
from policysim.experiments.running.lock import locked
from policysim.experiments.running.progress import Progress
from policysim.experiments.running.store import EFFECTS, EFFECTS_TABLE
from policysim.levers.ids import check_lever_id, lever_ids
from policysim.levers.lever import Lever
from policysim.scenarios.faults import shown
from policysim.scenarios.regime import STATUS_QUO, find_regime
from policysim.scenarios.scenario import Scenario


@dataclass(frozen=True)
class Effects:
    """What each lever alone does: rows, and the comparison that they come from."""

    comparison: Comparison
    rows: tuple[Row, ...]
    otherwise: tuple[Otherwise, ...] = ()
    """The same of the levers through which contested questions act, under the reading that was not taken."""

    @property
    def folder(self) -> Path:
        """Where effects.csv and effects.parquet lie, with all that a comparison leaves."""
        return self.comparison.folder

    @property
    def table(self) -> pd.DataFrame:
        """The rows with the columns of the files."""
        return table_of(self.rows)


@tells_arguments
def effects(
    scenario: Scenario,
    levers: Sequence[str] | None = None,
    out: Path | str | None = None,
    threads: int | None = None,
    engine: str = "compiled",
    overwrite: bool = False,
    progress: Callable[[Progress], None] | None = None,
    other_readings: bool = False,
) -> Effects:
    """Run each lever alone in the place of a scenario, whose regimes are left out, and write the tables to a folder.

    levers: ids, by default all. other_readings: also run, of each contested question, the levers through which it acts
    under the reading that the scenario does not take, each in a folder of its own. The other arguments are those of
    `compare`. Raises UserError, FailedRunsError and Interrupted; finished runs are kept in every case, and the same call
    goes on from there.
    """
    if not isinstance(scenario, Scenario):
        raise UserError(f"effects runs in the place of a Scenario, not of {shown(scenario)}")
    if scenario.equal_spend is not None:
        raise UserError("a lever alone is run as documented: equal_spend is for 'policysim compare'")
    kinds = kinds_of(levers)
    asked = scenario_of_levers(scenario, kinds)
    folder = out if out is not None else new_folder(asked)
    options: dict[str, Any] = {"threads": threads, "engine": engine, "overwrite": overwrite, "progress": progress}
    try:
        found = compare(asked, folder, **options)
        more = tuple(_otherwise(found, kinds, options)) if other_readings else ()
    except Interrupted as stop:
        raise Interrupted(f"{stop} 'policysim effects' with --out {folder} does so too, and makes the table.") from None
    made = Effects(found, tuple(rows_of(found.summary, kinds, asked.years)), more)
    _write(made)
    return made


def kinds_of(levers: Sequence[str] | None) -> list[type[Lever]]:
    """Levers by their ids, each once; all where none is named. Raises UserError with the nearest valid id."""
    fits = isinstance(levers, list | tuple) and all(isinstance(name, str) for name in levers)
    if levers is not None and not fits:
        raise UserError(f"levers must be a list of ids, not {shown(levers)}")
    ids = list(dict.fromkeys(name.strip().replace("-", "_") for name in levers)) if levers is not None else lever_ids()
    if not ids:
        raise UserError("no lever is named ('policysim levers' lists them)")
    for id in ids:
        check_lever_id(id)
    from policysim.levers.catalogue import LEVERS  # with their institutions, which take a second to load

    return [LEVERS[id] for id in ids]


def scenario_of_levers(scenario: Scenario, kinds: Sequence[type[Lever]]) -> Scenario:
    """The scenario with the status quo and each of these levers alone."""
    return scenario.model_copy(update={"regimes": [find_regime(STATUS_QUO), *map(alone, kinds)]})


def _otherwise(found: Comparison, kinds: Sequence[type[Lever]], options: dict[str, Any]) -> Iterator[Otherwise]:
    """Run each contested question read the other way, with the levers through which it acts and no others."""
    for one in bearing_on(found.scenario):
        bearing = [kind for kind in kinds if kind.id in one.switch.levers]
        readings = dict(found.scenario.readings) | {one.switch.id: one.other.id}
        asked = scenario_of_levers(found.scenario, bearing).model_copy(update={"readings": readings, "uncertainty": 0})
        arm = compare(asked, found.folder / READINGS / f"{one.switch.id}-{one.other.id}", **options)
        yield Otherwise(one.switch.id, one.other, tuple(rows_of(arm.summary, bearing, asked.years)))


def _write(made: Effects) -> None:
    """Both tables, each whole or not at all."""
    table = made.table
    with locked(made.folder):
        with whole_or_not(made.folder / EFFECTS, also=RUNS_ARE_KEPT) as part:
            table.to_csv(part, index=False, lineterminator="\n")
        with whole_or_not(made.folder / EFFECTS_TABLE, also=RUNS_ARE_KEPT) as part:
            text = table.select_dtypes(exclude="number").columns
            kept = {
                name: pa.array(table[name].tolist(), pa.string())
                if name in text
                else pa.array(table[name].to_numpy(float), pa.float64(), from_pandas=False)
                for name in table.columns
            }
            pq.write_table(pa.table(kept), part)
