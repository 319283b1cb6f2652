"""Points of a sweep from a table: a posterior sample, or any other, with a column for each path."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policysim.errors import UserError
from policysim.reading import check_parted, read_text
from policysim.scenarios.paths import PLACE, Target, Value, target_of
from policysim.scenarios.scenario import Scenario

PARQUET = (".parquet", ".pq")


def read_points(path: Path, scenario: Scenario) -> list[dict[str, Value]]:
    """Each row of a CSV or parquet file as values by path; raises UserError with file, line and column."""
    heading, rows = _of_parquet(path) if path.suffix in PARQUET else _of_csv(path)
    targets = _targets(heading, scenario, path)
    if not rows:
        raise UserError(f"{path} has a heading and no rows")
    return [_point(row, targets, where) for where, row in rows]


def _targets(heading: Sequence[str], scenario: Scenario, path: Path) -> dict[str, Target]:
    if not heading:
        raise UserError(f"{path} has no columns: each is to be named by a path, as in parameters.fatality_opioid")
    targets: dict[str, Target] = {}
    for name in heading:
        if not name:
            raise UserError(f"{path} has a column without a name: pandas writes none of its own with index=False")
        if name in targets:
            raise UserError(f"{path}: the column {name!r} is there twice")
        if name == PLACE:
            raise UserError(f"{path}: a whole design is run in each place: name places under [vary], not in a column")
        try:
            targets[name] = target_of(name, scenario)
        except UserError as error:
            raise UserError(f"{path}, column {name!r}: {error}") from None
    return targets


def _point(row: Sequence[Any], targets: dict[str, Target], where: str) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for (name, target), cell in zip(targets.items(), row, strict=True):
        try:
            found[name] = target.checked(cell)
        except UserError as error:
            raise UserError(f"{where}, column {name!r}: {error}") from None
    return found


def _of_csv(path: Path) -> tuple[list[str], list[tuple[str, list[Any]]]]:
    reader = csv.reader(io.StringIO(read_text(path)), strict=True)
    heading: list[str] = []
    rows: list[tuple[str, list[Any]]] = []
    try:
        for cells in reader:
            where = f"{path}, line {reader.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if not heading:
                heading = [cell.strip() for cell in cells]
                check_parted(heading, where)
            elif len(cells) != len(heading):
                cells_told = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
                raise UserError(f"{where}: the row has {cells_told}, and the heading {len(heading)}")
            else:
                rows.append((where, [_number(cell.strip()) for cell in cells]))
    except csv.Error as error:
        raise UserError(f"{path}, line {reader.line_num}: {error}") from None
    return heading, rows


def _number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def _of_parquet(path: Path) -> tuple[list[str], list[tuple[str, list[Any]]]]:
    import pyarrow
    import pyarrow.parquet

    if not path.is_file():
        raise UserError(f"there is no file {path}")
    try:
        table = pyarrow.parquet.read_table(path)
    except (OSError, pyarrow.ArrowException) as error:
        raise UserError(f"{path} cannot be read as parquet: {error}") from None
    names = [name for name in table.column_names if not name.startswith("__index_level_")]
    columns = [table.column(name).to_pylist() for name in names]
    return names, [(f"{path}, row {k}", list(row)) for k, row in enumerate(zip(*columns, strict=True), start=1)]
