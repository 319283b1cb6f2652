"""The folder of a comparison afterwards: asked for more or less, opened as one table, read without running anything."""

import hashlib
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.dataset
import pytest

from policysim import UserError, compare, load_results
from policysim.experiments.designs.compare import Comparison, Interrupted
from policysim.experiments.running.lock import locked
from policysim.experiments.running.store import Store
from policysim.scenarios.regime import Regime
from policysim.scenarios.scenario import Scenario, scenario_from

pytestmark = pytest.mark.slow

TABLES = ("weekly.parquet", "by_group.parquet", "summary.csv", "scenario.toml", "provenance.json")
CHANGED = {"parameters": {"kit_loss": 0.5, "death_ratio_opioid": 5.0}, "budgets": {"council": 2_000_000.0}}


def tiny(*regimes: str | Regime, seed: int = 11, replicates: int = 1, **changes: Any) -> Scenario:
    """A year of 300 people, with two numbers and a budget changed."""
    settings = {"place": "authority:coventry", "people": 300, "years": 1, "burn_in_years": 0} | CHANGED | changes
    return scenario_from(settings | {"regimes": list(regimes), "seed": seed, "replicates": replicates})


def contents(folder: Path, names: tuple[str, ...] = TABLES) -> dict[str, bytes]:
    """The bytes of a comparison's tables."""
    return {name: (folder / name).read_bytes() for name in names}


def runs_in(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of a run."""
    kinds = ("runs", "groups", "checksums")
    return {f"{kind}/{path.name}": path.read_bytes() for kind in kinds for path in (folder / kind).iterdir()}


def times(folder: Path) -> dict[Path, int]:
    """When each file was last written."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Two regimes, two seeds; nobody changes this one."""
    return compare(tiny("status-quo", "diversion", replicates=2), tmp_path_factory.mktemp("made"), threads=1)


@pytest.fixture
def folder(made: Comparison, tmp_path: Path) -> Path:
    """The same to be changed."""
    return Path(shutil.copytree(made.folder, tmp_path / "results"))


# ---------------------------------------------------------------- asked for more, and for less


def test_one_more_regime_and_replicate_use_what_is_there(made: Comparison, tmp_path: Path) -> None:
    """And end as if all had been asked for at once: tables and runs, byte for byte."""
    compare(tiny("status-quo"), tmp_path, threads=1)
    before = times(tmp_path / "runs")
    told: list = []
    compare(made.scenario, tmp_path, threads=1, progress=told.append)
    assert told[-1].all_runs == told[-1].runs == 3
    assert before.items() <= times(tmp_path / "runs").items()
    assert contents(tmp_path) == contents(made.folder) and runs_in(tmp_path) == runs_in(made.folder)


def test_what_is_not_asked_for_is_kept_and_stands_in_no_table(folder: Path, tmp_path: Path) -> None:
    before, told = runs_in(folder), []
    fewer = compare(tiny("diversion"), folder, threads=1, progress=told.append)
    assert told == [] and runs_in(folder) == before
    assert fewer.left_out() == ["11-status-quo", "12-diversion", "12-status-quo"]
    assert set(fewer.weekly["regime"]) == {"diversion"} and set(fewer.weekly["seed"]) == {11}
    alone = compare(tiny("diversion"), tmp_path / "alone", threads=1)
    assert contents(folder) == contents(alone.folder)


def test_another_first_seed_goes_on_from_the_seeds_that_are_there(folder: Path) -> None:
    told: list = []
    further = compare(tiny("status-quo", seed=12, replicates=2), folder, threads=1, progress=told.append)
    assert told[-1].all_runs == 1
    assert further.weekly.groupby("replicate")["seed"].unique().map(list).to_dict() == {0: [12], 1: [13]}
    assert further.left_out() == ["11-diversion", "11-status-quo", "12-diversion"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"people": 400}, "people: 300 there, 400 asked for"),
        ({"people": None, "one_in": 100}, "people: 300 there, 2822 asked for; one_in: 940.5966667 there, 100 asked for"),
        ({"years": 2}, "years: 1 there, 2 asked for"),
        ({"burn_in_years": 1}, "burn_in_years: 0 there, 1 asked for"),
        ({"start_year": 2030}, "start_year: 2025 there, 2030 asked for"),
        ({"parameters": {"kit_loss": 0.4}}, "parameters.kit_loss: 0.5 there, 0.4 asked for; parameters.death_ratio_opioid"),
        ({"budgets": {}}, "budgets.council: 2000000 there, none asked for"),
        ({"place": "authority:dudley", "people": 300}, "place: authority:coventry there, authority:dudley asked for"),
    ],
)  # fmt: skip
def test_whatever_would_change_runs_that_are_there_is_refused(folder: Path, changes: dict, told: str) -> None:
    before = times(folder)
    with pytest.raises(UserError, match=r"holds another scenario \(.* or say overwrite=True to replace") as caught:
        compare(tiny("status-quo", **changes), folder)
    assert "or add --overwrite to replace" in caught.value.at_the_prompt
    assert told in str(caught.value)
    assert times(folder) == before


def test_a_regime_that_was_edited_is_another_under_the_same_name(folder: Path) -> None:
    """Though the scenario in the folder no longer names it, and though no seed of it is asked for again."""
    mine = Regime(id="mine", name="Mine", levers={"take_home_naloxone": {"kits_per_100": 20}})
    compare(tiny("status-quo", mine), folder, threads=1)
    compare(tiny("status-quo"), folder, threads=1)
    before = times(folder)
    edited = mine.model_copy(update={"levers": {"take_home_naloxone": {"kits_per_100": 30}}})
    for seed in (11, 50):
        told = r"holds runs of mine with other settings \(regime.levers.take_home_naloxone.kits_per_100: 20 there, 30 "
        with pytest.raises(UserError, match=told):
            compare(tiny("status-quo", edited, seed=seed), folder)
    assert times(folder) == before


def test_tables_of_other_runs_never_lie_beside_a_scenario(folder: Path) -> None:
    """Stopped while more is computed, the folder says so; the runs are kept, and what they give can be had again."""
    tables = contents(folder)
    (folder / "report.html").write_text("of two seeds")

    def stop(progress: Any) -> None:
        raise KeyboardInterrupt

    with pytest.raises(Interrupted, match="4 of 6 runs are finished and kept"):
        compare(tiny("status-quo", "diversion", replicates=3), folder, threads=1, progress=stop)
    assert {path.name for path in folder.iterdir() if path.is_file()} == {"scenario.toml", "provenance.json"}
    with pytest.raises(
        UserError, match=rf"^4 of 6 runs are finished in {folder}; 'policysim compare .* computes the rest"
    ):
        load_results(folder)
    compare(tiny("status-quo", "diversion", replicates=2), folder, threads=1)
    assert contents(folder) == tables


def test_a_comparison_does_not_show_the_tables_of_the_next(folder: Path) -> None:
    two = load_results(folder)
    compare(tiny("status-quo"), folder, threads=1)
    with pytest.raises(UserError, match="holds another comparison by now"):
        two.weekly  # noqa: B018


def test_a_worker_that_was_believed_dead_writes_nothing_into_a_folder_given_away(folder: Path, tmp_path: Path) -> None:
    late = Store(folder, tiny("status-quo", "diversion", replicates=2))
    Store.open(folder, tiny("status-quo", people=400), overwrite=True)
    with pytest.raises(UserError, match="has been given to another comparison"):
        late.keep(late.missing()[0], pd.DataFrame(), pd.DataFrame())
    assert runs_in(folder) == {}


# ---------------------------------------------------------------- one table


def as_one_table(folder: Path, reader: str) -> pd.DataFrame:
    """The folder of runs or of groups, as each of these opens it."""
    if reader == "pandas":
        return pd.read_parquet(folder)
    if reader == "pyarrow":
        return pyarrow.dataset.dataset(folder).to_table().to_pandas()
    if reader == "polars":
        return pytest.importorskip("polars").read_parquet(folder).to_pandas()
    return pytest.importorskip("duckdb").sql(f"SELECT * FROM '{folder}/*.parquet' ORDER BY filename").df()


@pytest.mark.parametrize("reader", ["pandas", "pyarrow", "polars", "duckdb"])
@pytest.mark.parametrize(("kind", "gathered"), [("runs", "weekly"), ("groups", "by_group")])
def test_the_folder_of_runs_is_one_table_with_the_settings_as_columns(
    made: Comparison, reader: str, kind: str, gathered: str
) -> None:
    table = as_one_table(made.folder / kind, reader)
    settings = {
        "place": "authority:coventry", "people": 300, "one_in": made.scenario.scale, "years": 1, "burn_in_years": 0,
        "start_year": 2025, "parameters.kit_loss": 0.5, "parameters.death_ratio_opioid": 5.0, "budgets.council": 2e6,
    }  # fmt: skip
    assert {name: table[name].unique().tolist() for name in settings} == {name: [v] for name, v in settings.items()}
    together = getattr(made, gathered).drop(columns="replicate")
    assert set(table.columns) == {*settings, *together.columns}
    order = [name for name in ("regime", "seed", "week", "year", "area", "dimension", "group") if name in together]
    pd.testing.assert_frame_equal(
        table[together.columns].sort_values(order, ignore_index=True), together.sort_values(order, ignore_index=True),
        check_exact=True, check_dtype=False,
    )  # fmt: skip


def test_it_is_one_table_while_it_is_being_written_too(folder: Path) -> None:
    """Parts of files lie elsewhere: Polars refuses a folder with a file of another name in it."""
    seen = set()

    def look(progress: Any) -> None:
        seen.update(path.suffix for path in (folder / "runs").iterdir())
        assert set(pd.read_parquet(folder / "runs")["place"]) == {"authority:coventry"}

    compare(tiny("status-quo", replicates=3), folder, threads=1, progress=look)
    assert seen == {".parquet"}


def test_checksums_are_such_as_sha256sum_reads(made: Comparison) -> None:
    for path in (made.folder / "checksums").iterdir():
        lines = [line.split("  ") for line in path.read_text().splitlines()]
        assert [name for _, name in lines] == [f"{kind}/{path.stem}.parquet" for kind in ("runs", "groups")]
        for digest, name in lines:
            assert hashlib.sha256((made.folder / name).read_bytes()).hexdigest() == digest


# ---------------------------------------------------------------- read without running anything


def test_a_finished_comparison_is_read_and_nothing_is_written(made: Comparison) -> None:
    before = times(made.folder)
    found = load_results(str(made.folder))
    assert found.scenario == made.scenario and found.folder == made.folder
    for name in ("summary", "weekly", "by_group"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(made, name), check_exact=True)
    assert found.headlines() == made.headlines()
    assert times(made.folder) == before


def test_another_version_of_the_model_is_read_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policysim.experiments.running.provenance.model_hash", lambda: "an-edited-rule")
    assert len(load_results(folder).weekly) > 0


def test_what_is_missing_is_told(folder: Path, tmp_path: Path) -> None:
    def told() -> str:
        with pytest.raises(UserError) as caught:
            load_results(folder)
        return str(caught.value)

    (folder / "summary.csv").unlink()
    assert told().startswith(f"4 of 4 runs are finished in {folder}; 'policysim compare {folder}/scenario.toml --out")
    assert told().endswith("makes the tables, which are missing or damaged")
    (folder / "summary.csv").write_text("regime,mean\nstatus-quo,many\n")
    assert "summary.csv cannot be read as a table of results" in told()
    (folder / "runs" / "11-diversion.parquet").unlink()
    (folder / "weekly.parquet").unlink()
    assert told().startswith("3 of 4 runs are finished") and told().endswith("computes the rest")
    with locked(folder):
        assert f"and process {os.getpid()} on " in told() and told().endswith("is computing the rest")
    (folder / "provenance.json").write_text("{")
    assert "provenance.json cannot be read: it was cut short or changed" in told()
    (folder / "provenance.json").unlink()
    assert "holds no comparison" in told()
    for wrong, said in (
        (folder / "none", "there is no folder"),
        (folder / "scenario.toml", f"is a file: the folder that holds a comparison is wanted, such as {folder}"),
        (3, "load_results takes the path of a folder, not 3"),
    ):
        with pytest.raises(UserError, match=said):
            load_results(wrong)  # type: ignore[arg-type]


def as_before(folder: Path) -> None:
    """All files of a run beside its table, as an earlier policysim wrote them."""
    for path in (folder / "groups").iterdir():
        path.rename(folder / "runs" / path.with_suffix(".groups.parquet").name)
    for path in (folder / "checksums").iterdir():
        path.rename(folder / "runs" / path.name)
    (folder / "runs" / "13-diversion.error.txt").write_text("why")
    for kind in ("groups", "checksums"):
        (folder / kind).rmdir()


def test_a_folder_of_before_is_read_but_not_gone_on_with(made: Comparison, folder: Path) -> None:
    as_before(folder)
    pd.testing.assert_frame_equal(load_results(folder).weekly, made.weekly, check_exact=True)
    before = times(folder)
    with pytest.raises(UserError, match=r"was written by an earlier policysim, which kept its runs otherwise; choose"):
        compare(made.scenario, folder)
    assert times(folder) == before
    (folder / "weekly.parquet").unlink()
    with pytest.raises(
        UserError, match=r"is not finished, and an earlier policysim wrote it: give .*scenario\.toml to"
    ):
        load_results(folder)
    compare(made.scenario, folder, threads=1, overwrite=True)
    assert contents(folder) == contents(made.folder) and runs_in(folder) == runs_in(made.folder)


# ---------------------------------------------------------------- somebody else


@pytest.mark.parametrize("overwrite", [False, True])
def test_nobody_computes_into_a_folder_in_use(folder: Path, overwrite: bool) -> None:
    before, begun = times(folder), time.strftime("%Y-%m-%d")
    with locked(folder), pytest.raises(UserError, match=rf"in use: process {os.getpid()} on .* since {begun}"):
        compare(tiny("harm-reduction", years=2), folder, overwrite=overwrite)
    assert times(folder) == before
