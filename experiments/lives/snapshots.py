"""One run as it stands in given weeks, in files that other programs read: its people as a table, who is tied to whom.

people     .parquet (with unit and meaning in each column's metadata) or .csv: a row for each person and week asked
network    .graphml or .gexf: a node for each person who is there in that week, an edge for each tie
"""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv, parquet

from policysim.errors import UserError, nearest
from policysim.experiments.running.files import reason, whole_or_not
from policysim.experiments.running.plan import plan
from policysim.experiments.running.seed import budgeted, model_of
from policysim.model import DrugPolicyModel
from policysim.model.arguments import MOST_THREADS
from policysim.model.person_table import person_table
from policysim.network.exchange import to_networkx
from policysim.scenarios.scenario import Scenario

MOST_IN_A_GRAPH = 200_000
"""People in a graph: with their ties they take some gigabytes of memory, and more than most programs can open."""
ENDINGS = {"people": (".parquet", ".csv"), "network": (".graphml", ".gexf")}
"""What can be written, and the endings of the files that hold it."""
Told = Callable[[int, int], None]


def export(
    scenario: Scenario, what: str, out: Path, weeks: Sequence[int] = (0,), overwrite: bool = False,
    engine: str = "compiled", threads: int = 1, progress: Told | None = None,
) -> Path:  # fmt: skip
    """Run the first regime of a scenario with its first seed, and write what stands in these weeks to a file.

    weeks: of the run, 0 as the regimes part; a network is that of one week. progress: called with weeks lived, of all.
    Raises UserError before anything is run where the file or the weeks cannot be.
    """
    weeks = sorted(set(weeks))
    _check(scenario, what, out, weeks, overwrite)
    if not 1 <= threads <= MOST_THREADS:
        raise UserError(f"threads must be 1 to {MOST_THREADS}, not {threads}")
    model = model_of(budgeted(plan(scenario, engine=engine, threads=threads).tasks[0]), scenario.regimes[0])
    try:
        if what == "network":
            _check_size(model)
        with whole_or_not(out) as part:
            if what == "network":
                _reach(model, weeks[0], weeks[-1], progress)
                _write_graph(model, out.suffix, part)
            else:
                _write_people(model, weeks, out.suffix, part, progress)
    finally:
        model.close()
    return out


def _check(scenario: Scenario, what: str, out: Path, weeks: Sequence[int], overwrite: bool) -> None:
    if what not in ENDINGS:
        raise UserError(f"there is no {what!r} to export{nearest(what, ENDINGS)} (there is {' and '.join(ENDINGS)})")
    if out.suffix not in ENDINGS[what]:
        raise UserError(f"{what} can be written to a file that ends in {' or '.join(ENDINGS[what])}, not to {out}")
    _check_place(out, overwrite)
    wrong = next((week for week in weeks if not 0 <= week <= scenario.weeks), None)
    if wrong is not None or not weeks:
        raise UserError(f"weeks to export are 0 to {scenario.weeks}, the end of the run, not {wrong}")
    if what == "network" and len(weeks) > 1:
        raise UserError(f"a network is that of one week, not of {len(weeks)}: export each to a file of its own")


def _check_place(out: Path, overwrite: bool) -> None:
    try:
        if not out.parent.is_dir():
            raise UserError(f"there is no folder {out.parent}")
        if out.is_dir() or (out.exists() and not overwrite):
            raise UserError(f"{out} is there already: choose another file, or add --overwrite")
        with tempfile.TemporaryFile(dir=out.parent):
            return
    except OSError as error:
        raise UserError(f"{out} cannot be written: {reason(error)}") from None


def _check_size(model: DrugPolicyModel) -> None:
    if model.records.size > MOST_IN_A_GRAPH:
        raise UserError(
            f"a network of {model.records.size:,} people is too large for such a file: let each stand for more residents, so "
            f"that at most {MOST_IN_A_GRAPH:,} are left"
        )


def _reach(model: DrugPolicyModel, week: int, last: int, progress: Told | None) -> None:
    """Live until a week of the run begins."""
    while model.week_of_run < week:
        model.step()
        if progress is not None:
            progress(model.week, model.burn_in_weeks + last)


def _write_people(model: DrugPolicyModel, weeks: Sequence[int], ending: str, part: Path, progress: Told | None) -> None:
    """A week after the other: one is held in memory."""
    writer: parquet.ParquetWriter | csv.CSVWriter | None = None
    try:
        for week in weeks:
            _reach(model, week, weeks[-1], progress)
            table = person_table(model)
            if ending == ".csv":
                table = table.cast(_in_plain_text(table.schema))
            if writer is None:
                kind = csv.CSVWriter if ending == ".csv" else parquet.ParquetWriter
                writer = kind(part, table.schema)
            writer.write_table(table)
    finally:
        if writer is not None:
            writer.close()


def _in_plain_text(schema: pa.Schema) -> pa.Schema:
    """The same columns with words spelt out in every row."""
    return pa.schema([
        field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in schema
    ])  # fmt: skip


def _write_graph(model: DrugPolicyModel, ending: str, part: Path) -> None:
    import networkx

    graph = to_networkx(model.peers.ties, model.look(), model.peers.using, model.networks)
    graph.remove_nodes_from(np.flatnonzero(~model.records["present"]).tolist())
    write = networkx.write_graphml_xml if ending == ".graphml" else networkx.write_gexf
    with part.open("wb") as file:
        write(graph, file)
