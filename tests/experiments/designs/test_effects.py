"""`policysim effects`: each lever alone by the one runner; the status quo is run once, and a killed one goes on."""

import json
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from policysim.errors import UserError
from policysim.experiments.analysis.effects import COLUMNS, Row
from policysim.experiments.analysis.numbers import signed
from policysim.experiments.designs.effects import Effects, effects, kinds_of, scenario_of_levers
from policysim.levers.ids import lever_ids
from policysim.scenarios.scenario import Scenario, scenario_from
from policysim.viz.effects_page import write_page

TWO = ["take_home_naloxone", "stop-and-search"]
SMALL: dict[str, Any] = {
    "place": "authority:coventry", "people": 300, "years": 1, "burn_in_years": 0, "replicates": 2, "seed": 5,
    "regimes": ["status-quo"],
}  # fmt: skip
TABLES = ("effects.csv", "effects.parquet", "summary.csv", "weekly.parquet", "scenario.toml")


def small(**changes: Any) -> Scenario:
    return scenario_from(SMALL | changes)


def test_levers_are_named_once_each_and_with_hyphens_too() -> None:
    assert [kind.id for kind in kinds_of([*TWO, "take-home-naloxone"])] == ["take_home_naloxone", "stop_and_search"]
    assert [kind.id for kind in kinds_of(None)] == list(lever_ids())


def test_a_name_that_is_none_is_told_with_the_nearest() -> None:
    with pytest.raises(UserError, match="there is no lever 'take_home_naloxon'; did you mean 'take_home_naloxone'"):
        kinds_of(["take_home_naloxon"])
    for wrong in ("take_home_naloxone", [3], 7):
        with pytest.raises(UserError, match="levers must be a list of ids, not"):
            effects(small(), wrong)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="no lever is named"):
        effects(small(), [])
    with pytest.raises(UserError, match="effects runs in the place of a Scenario, not of 'dorset'"):
        effects("dorset")  # type: ignore[arg-type]


def test_a_scenario_of_levers_has_the_status_quo_once_and_its_settings_as_they_were() -> None:
    asked = scenario_of_levers(small(parameters={"arrest_share": 0.2}), kinds_of(None))
    assert next(regime.id for regime in asked.regimes) == "status-quo" and len(asked.regimes) == 1 + len(lever_ids())
    assert asked.parameters == {"arrest_share": 0.2} and asked.years == 1


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Effects:
    return effects(small(), TWO, tmp_path_factory.mktemp("effects") / "out", threads=1)


@pytest.mark.slow
def test_the_files_hold_the_table_and_the_status_quo_is_run_once_a_seed(made: Effects) -> None:
    runs = sorted(path.stem for path in (made.folder / "runs").iterdir())
    assert runs == sorted(f"{seed}-{regime}" for seed in (5, 6) for regime in (
        "status-quo", "take-home-naloxone-alone", "stop-and-search-alone"
    ))  # fmt: skip
    table = made.table
    pd.testing.assert_frame_equal(pd.read_csv(made.folder / "effects.csv"), table, rtol=1e-12)
    pd.testing.assert_frame_equal(pd.read_parquet(made.folder / "effects.parquet"), table, check_exact=True)
    assert tuple(table.columns) == COLUMNS and list(table["lever"].unique()) == [
        "take_home_naloxone",
        "stop_and_search",
    ]


@pytest.mark.slow
def test_more_levers_take_only_their_own_runs_and_fewer_none(made: Effects) -> None:
    kept = {path: path.stat().st_mtime_ns for path in (made.folder / "runs").iterdir()}
    bits = {name: (made.folder / name).read_bytes() for name in TABLES}
    more = effects(small(), [*TWO, "police_naloxone"], made.folder, threads=1)
    new = {path.stem for path in (made.folder / "runs").iterdir()} - {path.stem for path in kept}
    assert new == {"5-police-naloxone-alone", "6-police-naloxone-alone"} and len(more.table) == len(made.table) + 5
    again = effects(small(), TWO, made.folder, threads=1)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert {name: (again.folder / name).read_bytes() for name in TABLES} == bits


@pytest.mark.slow
def test_levers_on_contested_evidence_are_also_run_with_the_other_reading_and_the_page_has_both(
    made: Effects, tmp_path: Path
) -> None:
    """And no others: the arm of a question has the status quo and the levers through which it acts, over the same seeds."""
    kept = {path: path.stat().st_mtime_ns for path in (made.folder / "runs").iterdir()}
    names = [*TWO, "supply_disruption"]
    usual = effects(small(), names, made.folder, threads=1)
    assert usual.otherwise == () and not (made.folder / "readings").exists(), "unless it is asked for"
    found = effects(small(), names, made.folder, threads=1, other_readings=True)
    assert [(one.question, one.reading.id) for one in found.otherwise] == [
        ("seizures_and_overdoses", "raise"), ("naloxone_and_risk", "more-risk"),
    ]  # fmt: skip
    arm = made.folder / "readings" / "seizures_and_overdoses-raise"
    runs = {path.stem for path in (arm / "runs").iterdir()}
    assert runs == {f"{seed}-{regime}" for seed in (5, 6) for regime in ("status-quo", "supply-disruption-alone")}
    assert json.loads((arm / "provenance.json").read_text())["parameters"] == {"seizure_effect": 0.69}
    assert {path: path.stat().st_mtime_ns for path in kept} == kept

    def deaths(rows: tuple[Row, ...]) -> float:
        return next(row.difference for row in rows if (row.lever, row.outcome) == (names[2], "expected_deaths"))

    assert deaths(found.otherwise[0].rows) > deaths(found.rows), "overdoses rise near seizures"
    write_page(found, tmp_path / "page.md", on=date(2026, 1, 1))
    text = (tmp_path / "page.md").read_text()
    section = text.partition("## With the other reading of contested evidence")[2].partition("## ")[0]
    rows = [line for line in section.splitlines() if "`supply_disruption`" in line]
    assert [line.split(" | ")[0] for line in rows] == [
        "| `seizures_and_overdoses`, as above",
        f"| `seizures_and_overdoses`, the other: {found.otherwise[0].reading.says} (seizure_effect = 0.69)",
    ]
    assert signed(deaths(found.otherwise[0].rows)) in rows[1].split(" | ")[-1]
    write_page(usual, tmp_path / "page.md", on=date(2026, 1, 1))
    assert "other reading" not in (tmp_path / "page.md").read_text()


KILLED = """
import os, signal, sys
from pathlib import Path
from policysim.experiments.designs.effects import effects
from policysim.scenarios.scenario import scenario_from

def end(state):
    if state.runs >= 2:
        os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    effects(scenario_from({settings!r}), {levers!r}, Path(sys.argv[1]), threads=1, progress=end)
"""


@pytest.mark.slow
def test_one_that_is_killed_goes_on_and_has_the_same_bits(made: Effects, tmp_path: Path) -> None:
    program, folder = tmp_path / "program.py", tmp_path / "out"
    program.write_text(KILLED.format(settings=SMALL, levers=TWO))
    done = subprocess.run([sys.executable, program, folder], capture_output=True, text=True, timeout=240)
    assert done.returncode == -signal.SIGKILL, done.stderr
    kept = {path: path.stat().st_mtime_ns for path in (folder / "checksums").iterdir()}
    assert 0 < len(kept) < 6 and not (folder / "effects.csv").exists()
    gone_on = effects(small(), TWO, folder, threads=1)
    assert {path: path.stat().st_mtime_ns for path in kept} == kept, "what was finished is not run again"
    effects(small(), TWO, made.folder, threads=1)
    for name in TABLES:
        assert (gone_on.folder / name).read_bytes() == (made.folder / name).read_bytes(), name
