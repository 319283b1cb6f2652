"""A comparison: the folder it leaves, intervals and paired differences, going on after a stop, nothing lost."""

import errno
import json
import os
import platform
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from scipy import stats

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam
from policysim.counts.outcomes import BY_GROUP, COUNTED, OUTCOMES, Shown
from policysim.counts.outcomes import COLUMNS as OUTCOME_COLUMNS
from policysim.counts.outcomes import headlines as headline_outcomes
from policysim.errors import UserError
from policysim.experiments.analysis.compare import COLUMNS, FEW_REPLICATES, headlines
from policysim.experiments.designs.compare import Comparison, FailedRunsError, compare, new_folder
from policysim.experiments.running import files
from policysim.experiments.running.store import Store, week_dates
from policysim.levers.lever import Lever
from policysim.model.sources import MODEL_PARTS
from policysim.scenarios.regime import Regime, find_regime
from policysim.scenarios.scenario import Scenario, read_scenario, scenario_from

pytestmark = pytest.mark.slow

TABLES = ("weekly.parquet", "by_group.parquet", "summary.csv", "scenario.toml", "provenance.json")


def tiny(**changes: Any) -> Scenario:
    """Two regimes, two seeds, a year, 400 people."""
    settings: dict[str, Any] = {
        "place": "authority:coventry", "regimes": ["status-quo", "multi-component"], "people": 400, "years": 1,
        "burn_in_years": 1, "replicates": 2, "seed": 11,
    }  # fmt: skip
    return scenario_from(settings | changes)


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every table of a comparison."""
    return {name: (folder / name).read_bytes() for name in TABLES}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A comparison of two areas by one process."""
    return compare(tiny(place="dorset", replicates=3), tmp_path_factory.mktemp("made"), threads=1)


# ---------------------------------------------------------------- what a comparison leaves


def test_weekly_has_a_row_for_each_run_week_and_area(made: Comparison) -> None:
    weekly, scenario = made.weekly, made.scenario
    areas = ["all", *(authority.name for authority in scenario.where.authorities)]
    assert list(weekly.columns) == ["regime", "replicate", "seed", "week", "date", "area", *OUTCOME_COLUMNS]
    assert len(weekly) == 2 * 3 * 52 * len(areas)
    assert sorted(weekly["area"].unique()) == sorted(areas)
    assert weekly.groupby("replicate")["seed"].unique().map(list).to_dict() == {0: [11], 1: [12], 2: [13]}
    assert not weekly.duplicated(["regime", "seed", "week", "area"]).any()


def test_areas_add_up_to_the_whole_and_counts_are_scaled_to_residents(made: Comparison) -> None:
    weekly = made.weekly
    counted = list(COUNTED)
    of_areas = weekly[weekly["area"] != "all"].groupby(["regime", "seed", "week"])[counted].sum()
    whole = weekly[weekly["area"] == "all"].set_index(["regime", "seed", "week"])[counted]
    pd.testing.assert_frame_equal(of_areas.sort_index(), whole.sort_index())
    residents = made.scenario.where.residents_10_64
    assert whole["population"].between(0.8 * residents, 1.3 * residents).all()


def test_groups_add_up_to_the_weeks(made: Comparison) -> None:
    groups, weekly = made.by_group, made.weekly[made.weekly["area"] == "all"]
    people = [name for name, outcome in BY_GROUP.items() if outcome.stock]
    events = [name for name in BY_GROUP if name not in people]
    whole = weekly.groupby(["regime", "seed"])[events].sum()
    midyear = weekly[weekly["week"] == 26].groupby(["regime", "seed"])[people].sum()
    for _, rows in groups.groupby("dimension"):
        pd.testing.assert_frame_equal(rows.groupby(["regime", "seed"])[events].sum(), whole)
        pd.testing.assert_frame_equal(rows.groupby(["regime", "seed"])[people].sum(), midyear)


def test_dates_follow_the_calendar_year_by_year() -> None:
    scenario = tiny(start_year=2027)
    dates = [str(day)[:10] for day in week_dates(scenario, np.array([0, 1, 51, 52, 53]))]
    assert dates == ["2027-01-01", "2027-01-08", "2027-12-24", "2028-01-01", "2028-01-08"]


def test_summary_is_what_scipy_makes_of_the_weeks(made: Comparison) -> None:
    summary = pd.read_csv(made.folder / "summary.csv")
    assert list(summary.columns) == list(COLUMNS)
    assert len(summary) == 2 * len(OUTCOME_COLUMNS)
    whole = made.weekly[made.weekly["area"] == "all"]
    for outcome in ("deaths", "expected_deaths", "arrests", "treatment_entries", "in_agonist_treatment", "cost_police"):
        by_run = whole.groupby(["regime", "seed"])[outcome]
        totals = by_run.mean() if OUTCOMES[outcome].stock else by_run.sum()
        row = summary[(summary["regime"] == "multi-component") & (summary["outcome"] == outcome)].iloc[0]
        _same_as_scipy(totals["multi-component"], row["mean"], row["low"], row["high"])
        gap = totals["multi-component"] - totals["status-quo"]
        _same_as_scipy(gap, row["difference"], row["difference_low"], row["difference_high"])


def _same_as_scipy(values: pd.Series, mean: float, low: float, high: float) -> None:
    assert mean == pytest.approx(values.mean())
    if values.std() > 0:
        interval = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
        assert (low, high) == pytest.approx(interval)
    else:
        assert np.isnan(low) and np.isnan(high)


def test_the_status_quo_has_no_difference_from_itself(made: Comparison) -> None:
    summary = pd.read_csv(made.folder / "summary.csv", keep_default_na=False)
    rows = summary[summary["regime"] == "status-quo"]
    assert (rows[["difference", "difference_low", "difference_high"]] == "").all(axis=None)


def test_a_regime_does_differ(made: Comparison) -> None:
    rows = made.summary[made.summary["regime"] == "multi-component"].set_index("outcome")
    assert rows.loc["pupils_taught_skills", "difference"] > 0


def test_every_module_that_shapes_a_result_is_in_the_models_stamp() -> None:
    code = "import sys, policysim.model; print(*(name for name in sys.modules if name.startswith('policysim.')))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    parts = {name.split(".")[1] for name in loaded}
    # Regimes stand in the scenario itself, and numbers are stamped by themselves; which rules leave people at rest shapes no
    # result (tests/engine/test_rest.py).
    say_nothing = {"errors", "interrupts", "scenarios", "configs"}
    assert parts - say_nothing == {part.removesuffix(".py") for part in MODEL_PARTS}


def test_tables_carry_their_provenance_and_nothing_of_this_machine(made: Comparison) -> None:
    stamp = json.loads((made.folder / "provenance.json").read_text())
    assert {"policysim", "scenario", "model", "versions", "seeds", "parameters"} <= stamp.keys()
    assert stamp["seeds"] == [11, 12, 13] and {"numpy", "numba", "mesa"} <= stamp["versions"].keys()
    for name in ("weekly.parquet", "by_group.parquet"):
        assert json.loads(pq.read_schema(made.folder / name).metadata[b"policysim"]) == stamp
    private = [str(Path.home()), str(made.folder), socket.gethostname(), platform.node(), str(os.getcwd())]
    for name in ("provenance.json", "scenario.toml", "summary.csv"):
        text = (made.folder / name).read_text()
        assert not [word for word in private if len(word) > 3 and word in text], name


# ---------------------------------------------------------------- the same bits


def test_the_written_scenario_gives_the_same_bytes_again(made: Comparison, tmp_path: Path) -> None:
    again = read_scenario(made.folder / "scenario.toml")
    assert again == made.scenario
    compare(again, tmp_path / "again", threads=1)
    assert contents(tmp_path / "again") == contents(made.folder)


def test_processes_and_threads_change_nothing(made: Comparison, tmp_path: Path) -> None:
    told = []
    compare(made.scenario, tmp_path / "many", threads=2, progress=told.append)  # two processes for three seeds
    assert contents(tmp_path / "many") == contents(made.folder)
    assert [state.weeks for state in told] == sorted(state.weeks for state in told)
    assert (told[0].weeks, told[0].seconds_left) == (0, None)
    assert told[-1].weeks == told[-1].all_weeks == 3 * 52 * 3 and told[-1].runs == told[-1].all_runs == 6
    assert told[-1].seconds_left == 0


def test_threads_inside_a_model_change_nothing(tmp_path: Path) -> None:
    scenario = tiny(replicates=1)
    compare(scenario, tmp_path / "one", threads=1)
    compare(scenario, tmp_path / "two", threads=2)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_the_python_engine_gives_the_same_bytes(tmp_path: Path) -> None:
    scenario = tiny(people=120, replicates=1, burn_in_years=0)
    compare(scenario, tmp_path / "compiled", threads=1)
    compare(scenario, tmp_path / "python", threads=1, engine="python")
    assert contents(tmp_path / "compiled") == contents(tmp_path / "python")


def test_a_regime_does_not_depend_on_those_beside_it(tmp_path: Path) -> None:
    alone = compare(tiny(regimes=["multi-component"], replicates=1), tmp_path / "alone", threads=1)
    beside = compare(
        tiny(regimes=["enforcement-only", "multi-component", "status-quo"], replicates=1),
        tmp_path / "beside",
        threads=1,
    )
    rows = beside.weekly[beside.weekly["regime"] == "multi-component"].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.weekly, rows, check_exact=True)
    assert alone.summary["difference"].isna().all()


# ---------------------------------------------------------------- going on, and keeping apart


def test_only_what_is_missing_or_damaged_is_computed_again(tmp_path: Path) -> None:
    scenario = tiny(regimes=["status-quo", "diversion"])
    folder = tmp_path / "results"
    compare(scenario, folder, threads=1)
    before = contents(folder)
    runs = folder / "runs"
    (runs / "11-status-quo.parquet").unlink()
    truncated = folder / "groups" / "11-diversion.parquet"
    garbled, sound = (runs / f"12-{regime}.parquet" for regime in ("status-quo", "diversion"))
    truncated.write_bytes(truncated.read_bytes()[:2000])
    damaged = bytearray(garbled.read_bytes())
    damaged[len(damaged) // 3] ^= 1
    garbled.write_bytes(damaged)
    (folder / ".11-status-quo.parquet.9999999.part").write_bytes(b"half")
    untouched = sound.stat().st_mtime_ns

    missing = Store.open(folder, scenario).missing()
    assert {run.name for run in missing} == {"11-status-quo", "11-diversion", "12-status-quo"}
    compare(scenario, folder, threads=1)
    assert contents(folder) == before
    assert sound.stat().st_mtime_ns == untouched
    assert not list(folder.rglob(".*"))


def test_a_finished_comparison_is_not_computed_again(made: Comparison) -> None:
    before = {path: path.stat().st_mtime_ns for path in made.folder.rglob("*") if path.is_file()}
    told: list = []
    again = compare(made.scenario, made.folder, progress=told.append)
    assert told == []
    assert {path: path.stat().st_mtime_ns for path in made.folder.rglob("*") if path.is_file()} == before
    pd.testing.assert_frame_equal(again.summary, made.summary)


def test_another_scenario_is_refused_and_overwritten_on_request(tmp_path: Path) -> None:
    scenario = tiny(regimes=["status-quo"], replicates=1)
    compare(tiny(regimes=["diversion"], replicates=1, seed=5, people=300), tmp_path, threads=1)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "runs" / "mine.csv").write_text("mine")
    with pytest.raises(UserError, match=r"another scenario \(people: 300 there, 400 asked for.*\).*overwrite=True"):
        compare(scenario, tmp_path)
    assert (tmp_path / "runs" / "5-diversion.parquet").exists()
    compare(scenario, tmp_path, threads=1, overwrite=True)
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == ["11-status-quo.parquet", "mine.csv"]
    assert [path.name for path in (tmp_path / "groups").iterdir()] == ["11-status-quo.parquet"]
    assert [path.name for path in (tmp_path / "checksums").iterdir()] == ["11-status-quo.sha256"]
    assert (tmp_path / "notes.txt").read_text() == "mine"


def test_a_foreign_folder_is_refused_and_its_files_are_never_replaced(tmp_path: Path) -> None:
    scenario = tiny(regimes=["status-quo"], replicates=1)
    (tmp_path / "summary.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match=r"holds files that are not a comparison's.*overwrite=True"):
        compare(scenario, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["summary.csv"]
    with pytest.raises(UserError, match=r"summary\.csv was not written by policysim"):
        compare(scenario, tmp_path, overwrite=True)
    assert (tmp_path / "summary.csv").read_text() == "a,b\n1,2\n"
    (tmp_path / "summary.csv").rename(tmp_path / "other.csv")
    compare(scenario, tmp_path, threads=1, overwrite=True)
    assert (tmp_path / "other.csv").read_text() == "a,b\n1,2\n"


def test_results_of_another_version_of_the_model_are_not_mixed_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = tiny(regimes=["status-quo"], replicates=1)
    compare(scenario, tmp_path, threads=1)
    monkeypatch.setattr("policysim.experiments.running.provenance.model_hash", lambda: "an-edited-rule")
    with pytest.raises(UserError, match=r"another version of the model.*overwrite=True"):
        compare(scenario, tmp_path)
    with monkeypatch.context() as context:
        context.setattr(Store, "_other_content", lambda store: "")  # were it not refused, no run would count
        assert len(Store.open(tmp_path, scenario).missing()) == 1


# ---------------------------------------------------------------- what goes wrong


class Broken(Lever):
    """A lever that raises in its tenth week."""

    id: ClassVar[str] = "broken"
    acts_on: ClassVar[type[Institution]] = PoliceTeam

    def pull(self, policy: Any, level: float) -> None:
        if level > 10 / 52:
            raise ZeroDivisionError("a rule of one's own")


@pytest.mark.parametrize("threads", [1, 2])
def test_a_run_that_raises_is_named_and_the_others_are_kept(tmp_path: Path, threads: int) -> None:
    regime = Regime(id="faulty", name="Faulty", levers={"broken": Broken(ramp_weeks=52)})
    scenario = tiny().model_copy(update={"regimes": (regime, find_regime("status-quo"))})
    with pytest.raises(FailedRunsError, match="2 of 4 runs are finished and kept") as caught:
        compare(scenario, tmp_path, threads=threads)
    assert [failure.run.name for failure in caught.value.failures] == ["11-faulty", "12-faulty"]
    assert {failure.reason for failure in caught.value.failures} == {"ZeroDivisionError: a rule of one's own"}
    assert "in pull" in Path(caught.value.failures[0].log).read_text()
    assert [run.name for run in Store(tmp_path, scenario).missing()] == ["11-faulty", "12-faulty"]
    assert not (tmp_path / "summary.csv").exists()


def test_a_full_disk_is_one_sentence_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario, moves = tiny(replicates=1), 0
    real = os.replace

    def full_after_a_while(source: Path, target: Path) -> None:
        nonlocal moves
        moves += Path(target).is_relative_to(tmp_path)
        if moves > 5:  # scenario, provenance and the first run
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target)

    with monkeypatch.context() as context:
        context.setattr(files.os, "replace", full_after_a_while)
        with pytest.raises(UserError, match="no space left on the disk; every run that was finished is kept"):
            compare(scenario, tmp_path, threads=1)
    assert not list(tmp_path.rglob("*.part"))
    assert [run.name for run in Store(tmp_path, scenario).missing()] == ["11-multi-component"]
    compare(scenario, tmp_path, threads=1)


# ---------------------------------------------------------------- statistics and words


def test_the_table_says_what_is_noise(made: Comparison) -> None:
    table = made.headlines()
    shown = headline_outcomes(Shown.COMMAND)
    assert [row[0].split("\n")[0] for row in table.rows] == [outcome.label for outcome in shown]
    assert table.columns == ("", "Status quo", "Multi-component")
    summary = made.summary.set_index(["regime", "outcome"])
    for (_, _, cell), outcome in zip(table.rows, shown, strict=True):
        row = summary.loc[("multi-component", outcome.id)]
        spans = row["difference_low"] <= 0 <= row["difference_high"] and row["difference"] != 0
        assert ("within noise" in cell) == spans, outcome.id
    assert table.reading.startswith("Expected misuse deaths against the status quo")
    notes = " ".join(table.notes)
    for word in ("Dorset", "3 replicates (seeds 11 to 13)", "assumed", "in the aggregate", "Estimates of a simulation"):
        assert word in notes
    few = scenario_from(made.scenario.model_dump() | {"replicates": 4})
    assert FEW_REPLICATES in table.reading and FEW_REPLICATES not in headlines(made.summary, few).reading


def test_one_replicate_and_no_status_quo_are_said(tmp_path: Path) -> None:
    one = compare(tiny(replicates=1), tmp_path / "one", threads=1)
    assert "no interval" in one.headlines().reading
    assert one.summary["low"].isna().all()
    alone = compare(tiny(regimes=["diversion"], replicates=1), tmp_path / "alone", threads=1)
    assert "no difference to read" in alone.headlines().reading


def test_a_folder_is_found_without_being_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = new_folder(tiny())
    assert first.parent.name == "results" and first.name.startswith("authority-coventry-2")
    first.mkdir(parents=True)
    assert new_folder(tiny()) != first
