"""Each lever alone, as far as is documented, against the status quo over paired seeds; beside what is published of it.

It is a comparison like any other, of the status quo and a regime for each lever: the status quo's runs are made once and
serve all levers, every run is kept as it ends, and the same call goes on after a stop, however it came.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from policysim.errors import UserError, tells_arguments
from policysim.experiments.analysis.compare import summarise, totals
from policysim.experiments.analysis.contested import bearing_on
from policysim.experiments.analysis.effects import (
    UNDER_25,
    YOUNG_BANDS,
    Otherwise,
    Row,
    acts_on_children,
    alone,
    longest,
    rows_of,
    table_of,
)
from policysim.experiments.analysis.estimates import estimates
from policysim.experiments.designs.compare import Comparison, Interrupted, compare, new_folder
from policysim.experiments.designs.contested import READINGS
from policysim.experiments.running.files import RUNS_ARE_KEPT, whole_or_not
from policysim.experiments.running.lock import locked
from policysim.experiments.running.progress import Progress
from policysim.experiments.running.store import EFFECTS, EFFECTS_TABLE, OF_GROUPS, Run, Store, runs_of
from policysim.levers.ids import check_lever_id, lever_ids
from policysim.levers.lever import Lever
from policysim.scenarios.regime import STATUS_QUO, find_regime
from policysim.scenarios.scenario import Scenario
from policysim.scenarios.usual import MOST_SEEDS, MOST_YEARS
from policysim.vocabulary.reasons import shown
from policysim.vocabulary.time import WEEKS_PER_YEAR

HORIZONS = "horizons"
"""Where the runs lie that go on beyond the years of the scenario."""
RARE = "rare"
"""Where the runs over more seeds lie of levers that are too rare to be seen over those of the scenario."""


@dataclass(frozen=True)
class Effects:
    """What each lever alone does: rows, and the comparison that they come from."""

    comparison: Comparison
    """Of the levers that are run for the years of the scenario and no longer."""
    rows: tuple[Row, ...]
    otherwise: tuple[Otherwise, ...] = ()
    """The same of the levers through which contested questions act, under the reading that was not taken."""
    rare: tuple[str, ...] = ()
    """Levers that are read over more seeds, as their delivery could not be told from chance over those of the scenario."""

    @property
    def years(self) -> tuple[int, ...]:
        """The horizons that are read, in order."""
        return tuple(sorted({row.years for row in self.rows}))

    def over(self, years: int) -> tuple[Row, ...]:
        """The rows of one horizon."""
        return tuple(row for row in self.rows if row.years == years)

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
    horizons: Sequence[int] | None = None,
    rare_replicates: int | None = None,
) -> Effects:
    """Run each lever alone in the place of a scenario, whose regimes are left out, and write the tables to a folder.

    levers: ids, by default all. other_readings: also run, of each contested question, the levers through which it acts
    under the reading that the scenario does not take, each in a folder of its own. horizons: years after which the runs are
    read, by default those of the scenario alone; beyond ten only levers run that say so, in a folder of their own. One run
    gives all its horizons, and begins as a shorter one does. rare_replicates: levers whose delivery cannot be told from
    chance are run again over so many seeds, and read from there. The other arguments are those of `compare`. Raises UserError,
    FailedRunsError and Interrupted; finished runs are kept in every case, and the same call goes on from there.
    """
    if not isinstance(scenario, Scenario):
        raise UserError(f"effects runs in the place of a Scenario, not of {shown(scenario)}")
    if scenario.equal_spend is not None:
        raise UserError("a lever alone is run as documented: equal_spend is for 'policysim compare'")
    kinds = kinds_of(levers)
    read = horizons_given(horizons, scenario)
    more_seeds_given(rare_replicates, scenario)
    common = max(years for years in read if years <= max(Lever.horizon, scenario.years))
    scenario = scenario.model_copy(update={"years": common})
    ends = {kind: _end_of(kind, read, scenario.years) for kind in kinds}
    asked = scenario_of_levers(scenario, [kind for kind in kinds if ends[kind] <= scenario.years])
    folder = out if out is not None else new_folder(asked)
    options: dict[str, Any] = {"threads": threads, "engine": engine, "overwrite": overwrite, "progress": progress}
    try:
        found = compare(asked, folder, **options)
        further = {
            years: compare(
                _longer(scenario, [k for k in kinds if ends[k] == years], years), _folder_of(folder, years), **options
            )
            for years in sorted({end for end in ends.values() if end > scenario.years})
        }
        rows: dict[type[Lever], list[Row]] = {}
        for years, of_years in {found.scenario.years: found, **further}.items():
            own = [kind for kind in kinds if max(ends[kind], found.scenario.years) == years]
            rows |= _rows(of_years, own, [horizon for horizon in read if horizon <= years])
        rare = undelivered(rows, common) if rare_replicates is not None else []
        rare = [
            kind for kind in rare if not (other_readings and alone(kind).contested)
        ]  # its readings share their seeds
        if rare:
            seeds = scenario.model_copy(update={"replicates": rare_replicates, "uncertainty": 0})
            again = compare(scenario_of_levers(seeds, rare), Path(folder) / RARE, **options)
            rows |= _rows(again, rare, [horizon for horizon in read if horizon <= common])
        more = tuple(_otherwise(found, kinds, options)) if other_readings else ()
    except Interrupted as stop:
        raise Interrupted(f"{stop} 'policysim effects' with --out {folder} does so too, and makes the table.") from None
    made = Effects(found, tuple(row for kind in kinds for row in rows[kind]), more, tuple(kind.id for kind in rare))
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


def horizons_given(given: Sequence[int] | None, scenario: Scenario) -> tuple[int, ...]:
    """The years after which runs are read, in order, the scenario's own among them; raises UserError."""
    whole = isinstance(given, list | tuple) and all(isinstance(y, int) and not isinstance(y, bool) for y in given)
    if given is not None and not whole:
        raise UserError(f"horizons must be a list of whole years, not {shown(given)}")
    wrong = next((years for years in given or () if not 1 <= years <= MOST_YEARS), None)
    if wrong is not None:
        raise UserError(f"a horizon must be 1 to {MOST_YEARS} years, not {wrong}")
    return tuple(sorted({*(given or ()), scenario.years}))


def more_seeds_given(given: int | None, scenario: Scenario) -> None:
    """Raises UserError where the seeds for what is rare are not more than those of the scenario."""
    whole = isinstance(given, int) and not isinstance(given, bool)
    if given is not None and not (whole and scenario.replicates < given <= MOST_SEEDS):
        raise UserError(f"rare_replicates must be {scenario.replicates + 1:,} to {MOST_SEEDS:,}, not {given!r}")


def undelivered(rows: Mapping[type[Lever], Sequence[Row]], years: int) -> list[type[Lever]]:
    """Levers run for so many years and no longer whose delivery chance alone could have made by their end."""
    ended = {kind: own for kind, own in rows.items() if max(row.years for row in own) == years}
    return [
        kind
        for kind, own in ended.items()
        if any(row.holds_nothing for row in own if "delivery" in row.role and row.years == years)
    ]


def _end_of(kind: type[Lever], read: Sequence[int], years: int) -> int:
    """How long a lever is run: for the years that all are, or on to the last horizon over which its effect is looked for."""
    return max(end for end in read if end <= max(longest(kind), years))


def _longer(scenario: Scenario, kinds: Sequence[type[Lever]], years: int) -> Scenario:
    """The scenario of levers that are run for so many years."""
    return scenario_of_levers(scenario, kinds).model_copy(update={"years": years})


def _folder_of(folder: Path | str, years: int) -> Path:
    return Path(folder) / HORIZONS / f"{years}-years"


def _rows(found: Comparison, kinds: Sequence[type[Lever]], read: Sequence[int]) -> dict[type[Lever], list[Row]]:
    """The rows of each of these levers at each horizon of its run."""
    rows: dict[type[Lever], list[Row]] = {kind: [] for kind in kinds}
    for years in read:
        summary = summary_after(found, years, young=any(map(acts_on_children, kinds)))
        for kind in kinds:
            rows[kind] += rows_of(summary, [kind], years)
    return rows


def summary_after(found: Comparison, years: int, young: bool) -> pd.DataFrame:
    """The summary of a comparison after its first years; where it is asked for, with arrests of under-25s."""
    store, summary = Store(found.folder, found.scenario), found.summary
    if years < found.scenario.years:
        summary = summarise(totals((run, weeks.iloc[: years * WEEKS_PER_YEAR]) for run, weeks in store.whole_place()))
    if not young:
        return summary
    arrests = pd.DataFrame([_young_arrests(store, run, years) for run in runs_of(found.scenario)])
    table = estimates(arrests.pivot(index="seed", columns="regime", values=UNDER_25.id))
    first = {"outcome": UNDER_25.id, "unit": UNDER_25.unit}
    rows = pd.DataFrame([{"regime": regime} | first | dict(own) for regime, own in table.iterrows()])
    return pd.concat([summary, rows.astype({"seeds": int})], ignore_index=True)


def _young_arrests(store: Store, run: Run, years: int) -> dict[str, Any]:
    """Arrests of under-25s in the first years of a run, from its counts by age."""
    columns = ["year", "dimension", "group", *UNDER_25.columns]
    groups = pq.read_table(store.run_path(run, OF_GROUPS), columns=columns).to_pandas()
    own = groups[(groups["dimension"] == "age") & groups["group"].isin(YOUNG_BANDS) & (groups["year"] < years)]
    return {
        "regime": run.regime,
        "seed": run.seed,
        UNDER_25.id: float(own[list(UNDER_25.columns)].to_numpy(float).sum()),
    }


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
        rows = _rows(arm, bearing, [asked.years])
        yield Otherwise(one.switch.id, one.other, tuple(row for kind in bearing for row in rows[kind]))


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
                else pa.array(table[name].to_numpy(), pa.int64())
                if name == "years"
                else pa.array(table[name].to_numpy(float), pa.float64(), from_pandas=False)
                for name in table.columns
            }
            pq.write_table(pa.table(kept), part)
