"""What a sweep leaves behind, opened by the programs that people use, each in earnest: all see the same table.

Polars, DuckDB and openpyxl come with the locked packages. R, Gnumeric and LibreOffice are looked for on the machine: without
them a test is skipped, with a line that says so.
"""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import polars
import pyarrow.parquet
import pytest
from made_up_sweep import YEARS, made_up

from policysim.errors import UserError
from policysim.experiments.designs.sweep import run_sweep
from policysim.experiments.running import exporting
from policysim.experiments.running.exporting import write_csv, write_excel, write_parquet
from policysim.experiments.running.gathering import KEYS
from policysim.experiments.running.sweep_store import SweepStore
from policysim.scenarios.sweep import sweep_from

SHOWN = ["expected_deaths", "spending"]
ORDER = ["point", "place", "regime", "replicate", "year"]
PATHS = {
    "place": ["authority:rutland", "authority:coventry"],
    "levers.take_home_naloxone.kits_per_100": {"low": 5, "high": 60},
    "regimes.harm-reduction.levers.consumption_room.rooms": [1, 2, 4],
    "readings.naloxone_and_risk": ["no-more-risk", "more-risk"],
}
LIKE_NUMBERS = ("12345678901234e5", "1234567890123456")
"""Ids that a run may well have: one in seven hundred of sixteen hexadecimal digits looks like a number."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SweepStore:
    asked = {
        "people": 60, "years": YEARS, "burn_in_years": 0, "replicates": 2, "seed": 2**40,
        "regimes": ["status-quo", "harm-reduction"],
    }  # fmt: skip
    wanted = {"question": "?", "design": "latin-hypercube", "points": 4, "scenario": asked, "vary": PATHS}
    with pytest.MonkeyPatch.context() as patch:
        made_up(patch.setattr)
        return run_sweep(sweep_from(wanted), tmp_path_factory.mktemp("swept") / "out", workers=1).store


@pytest.fixture(scope="module")
def wide(store: SweepStore) -> pd.DataFrame:
    """As policysim gives it."""
    found = store.table(SHOWN)
    assert len(found) == 4 * 2 * 2 * 2 * YEARS
    return found.sort_values(ORDER, ignore_index=True)


def same(found: pd.DataFrame, wide: pd.DataFrame, digits: int = 17) -> None:
    """The same rows, columns, texts and numbers to so many digits, in whatever order of rows."""
    assert list(found.columns) == list(wide.columns)
    found = found.sort_values(ORDER, ignore_index=True)
    for name in wide.columns:
        wanted = wide[name].tolist()
        if digits < 17 and wide[name].dtype == float:
            wanted = pytest.approx(wanted, rel=10.0 ** (1 - digits))
        assert found[name].tolist() == wanted, name


def folder_of(store: SweepStore) -> Path:
    return store.folder.here / "results.parquet"


READERS: dict[str, Any] = {
    "pandas": pd.read_parquet,
    "Polars": lambda folder: polars.read_parquet(folder).to_pandas(),
    "DuckDB": lambda folder: duckdb.sql(f"SELECT * FROM '{folder}/*/*/*.parquet'").df(),
}


@pytest.mark.parametrize("reader", READERS)
def test_the_folder_of_results_is_one_table(reader: str, store: SweepStore, wide: pd.DataFrame) -> None:
    found = READERS[reader](folder_of(store))
    assert len(found) == len(wide.drop_duplicates(["run", "year"]))
    points, asked = (pd.read_parquet(store.folder.here / f"{name}.parquet") for name in ("points", "asked"))
    joined = asked[["point", "run"]].merge(points, on="point").merge(found, on="run")
    joined["spending"] = joined[["cost_police", "cost_council", "cost_nhs", "cost_justice"]].sum(axis=1)
    same(joined[list(wide.columns)].astype({"place": str, "regime": str}), wide)


def test_every_file_has_the_same_types_so_that_none_rules_the_others(store: SweepStore) -> None:
    parts = sorted(folder_of(store).rglob("*.parquet"))
    assert len(parts) == 4 == sum(path.is_file() for path in folder_of(store).rglob("*"))
    assert len({str(pyarrow.parquet.read_schema(path)) for path in parts}) == 1


@pytest.fixture(scope="module")
def exported(store: SweepStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    for write, ending in ((write_csv, "csv"), (write_parquet, "parquet"), (write_excel, "xlsx")):
        assert write(store, folder / f"wide.{ending}", SHOWN, True) == 4 * 2 * 2 * 2 * YEARS
        write(store, folder / f"long.{ending}", SHOWN, False)
    return folder


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_an_exported_table_is_read_by_polars_and_duckdb(ending: str, exported: Path, wide: pd.DataFrame) -> None:
    file = exported / f"wide.{ending}"
    by_polars = polars.read_csv(file) if ending == "csv" else polars.read_parquet(file)
    same(by_polars.to_pandas(), wide)
    same(duckdb.sql(f"SELECT * FROM '{file}'").df(), wide)


# ---------------------------------------------------------------- a sheet


def test_a_sheet_holds_numbers_as_numbers_and_ids_as_texts(exported: Path, wide: pd.DataFrame) -> None:
    book = openpyxl.load_workbook(exported / "wide.xlsx", read_only=True)
    rows = list(book["results"].values)
    same(pd.DataFrame(rows[1:], columns=list(rows[0])), wide, digits=15)
    book.close()
    same(pd.read_excel(exported / "wide.xlsx"), wide, digits=15)


def test_a_missing_number_is_an_empty_cell_and_an_id_like_a_number_stays_a_text(
    tmp_path: Path, store: SweepStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pd.DataFrame({"run": LIKE_NUMBERS, "value": [np.nan, 1.5], "whole": np.array([1, 2], "int32")})
    monkeypatch.setattr(exporting, "_tables", lambda *asked: iter([table]))
    assert write_excel(store, tmp_path / "few.xlsx", [], True) == 2
    book = openpyxl.load_workbook(tmp_path / "few.xlsx")
    assert list(book.active.values)[1:] == [(LIKE_NUMBERS[0], None, 1), (LIKE_NUMBERS[1], 1.5, 2)]


def test_what_a_sheet_has_no_room_for_is_told_and_leaves_no_file(
    tmp_path: Path, store: SweepStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 10)
    with pytest.raises(UserError, match=r"a sheet of Excel has room for 9 rows and 16,384 columns, .*or to a .parquet"):
        write_excel(store, tmp_path / "much.xlsx", SHOWN, True)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(UserError, match="needs openpyxl, which is not installed: pip install 'policysim\\[excel\\]'"):
        write_excel(store, tmp_path / "much.xlsx", SHOWN, True)


SHEETS = {
    "ssconvert": ["ssconvert", "wide.xlsx", "out.csv"],
    "soffice": ["soffice", "-env:UserInstallation=file://{here}/profile", "--headless", "--convert-to", "csv:Text - txt - csv "
                "(StarCalc):44,34,76,1,,0,false,false,false", "--outdir", "{here}", "wide.xlsx"],
}  # fmt: skip


@pytest.mark.parametrize(("program", "name"), [("ssconvert", "Gnumeric"), ("soffice", "LibreOffice")])
def test_a_sheet_opens_in_a_program_of_sheets(
    program: str, name: str, exported: Path, wide: pd.DataFrame, tmp_path: Path
) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"no {program}: no sheet was opened in {name}")
    shutil.copy(exported / "wide.xlsx", tmp_path)
    order = [part.replace("{here}", str(tmp_path)) for part in SHEETS[program]]
    subprocess.run(order, cwd=tmp_path, check=True, capture_output=True, timeout=200)
    (file,) = tmp_path.glob("*.csv")
    same(pd.read_csv(file), wide, digits=8)  # as many as a program shows


# ---------------------------------------------------------------- R


def in_r(program: str, package: str | None = None) -> pd.DataFrame:
    """What a program of R's prints as CSV; skips where there is no R, or not the package."""
    if shutil.which("Rscript") is None:
        pytest.skip("no Rscript: nothing was opened in R")
    asked = f"cat(requireNamespace('{package}', quietly = TRUE))" if package else "cat(TRUE)"
    if subprocess.run(["Rscript", "-e", asked], capture_output=True, text=True, timeout=60).stdout != "TRUE":
        pytest.skip(f"R has no package {package}: no Parquet was opened in it that way")
    told = "\nwrite.csv(format(found, digits = 17), row.names = FALSE, quote = TRUE)"
    done = subprocess.run(["Rscript", "-e", program + told], capture_output=True, text=True, timeout=100, check=True)
    return pd.read_csv(io.StringIO(done.stdout), skipinitialspace=True)


def test_r_reads_the_csv(exported: Path, wide: pd.DataFrame) -> None:
    same(in_r(f"found <- read.csv('{exported}/wide.csv', check.names = FALSE)"), wide)


@pytest.mark.parametrize("package", ["nanoparquet", "arrow"])
def test_r_reads_parquet(package: str, exported: Path, wide: pd.DataFrame) -> None:
    same(in_r(f"found <- as.data.frame({package}::read_parquet('{exported}/wide.parquet'))", package), wide)


def test_r_reads_the_folder_with_arrow(store: SweepStore, wide: pd.DataFrame) -> None:
    program = f"found <- as.data.frame(dplyr::collect(arrow::open_dataset('{folder_of(store)}')))"
    found = in_r(program, "arrow")
    assert len(found) == len(wide.drop_duplicates(["run", "year"])) and set(KEYS) <= set(found.columns)
