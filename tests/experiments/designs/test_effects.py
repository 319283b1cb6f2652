"""`policysim effects`: each lever alone by the one runner; the status quo is run once, and a killed one goes on."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
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


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Effects:
    names = ["take_home_naloxone", "skills_programme"]
    return effects(small(), names, tmp_path_factory.mktemp("far") / "out", threads=1, horizons=[11, 1, 2])


@pytest.mark.slow
def test_one_run_is_read_at_every_horizon_and_only_levers_that_act_on_children_go_on(far: Effects) -> None:
    read = {
        lever: {row.years for row in far.rows if row.lever == lever}
        for lever in ("take_home_naloxone", "skills_programme")
    }
    assert read == {"take_home_naloxone": {1, 2}, "skills_programme": {1, 2, 11}} and far.years == (1, 2, 11)
    runs = {path.stem for path in (far.folder / "runs").iterdir()}
    assert runs == {f"{seed}-{regime}" for seed in (5, 6) for regime in ("status-quo", "take-home-naloxone-alone")}
    further = {path.stem for path in (far.folder / "horizons" / "11-years" / "runs").iterdir()}
    assert further == {f"{seed}-{regime}" for seed in (5, 6) for regime in ("status-quo", "skills-programme-alone")}
    assert {row.years for row in far.over(2)} == {2} and far.table["years"].tolist() == [row.years for row in far.rows]


@pytest.mark.slow
def test_what_is_read_early_from_a_long_run_is_what_a_short_run_gives(far: Effects, made: Effects) -> None:
    """A longer run begins as a shorter one does: to the bit."""
    kits = [row for row in made.rows if row.lever == "take_home_naloxone"]
    early = [row for row in far.over(1) if row.lever == "take_home_naloxone"]
    assert kits and repr(kits) == repr(early)


@pytest.mark.slow
def test_arrests_of_under_25s_are_those_that_the_counts_by_age_hold(far: Effects) -> None:
    folder = far.folder / "horizons" / "11-years"
    groups = pd.read_parquet(folder / "by_group.parquet").query(
        "dimension == 'age' and regime == 'status-quo' and year < 2"
    )
    young = groups[groups["group"].isin(["10-14", "15-19", "20-24"])]
    kinds = ["arrests", "other_arrests", "trigger_arrests", "alcohol_arrests"]
    (row,) = (row for row in far.over(2) if row.outcome == "arrests_under_25")
    assert row.status_quo == pytest.approx(young[kinds].to_numpy().sum() / young["seed"].nunique())
    after = next(row for row in far.over(11) if row.outcome == "arrests_under_25")
    assert after.status_quo > row.status_quo > 0


@pytest.mark.slow
def test_the_page_has_every_horizon_and_says_what_cannot_be_foreseen_of_a_long_one(
    far: Effects, tmp_path: Path
) -> None:
    write_page(far, tmp_path / "page.md", on=date(2026, 1, 1))
    text = " ".join((tmp_path / "page.md").read_text().split())
    assert "Written on 2026-01-01" in text and "(model " in text and "Coventry, 1, 2 and 11 years after" in text
    lines = (tmp_path / "page.md").read_text().splitlines()
    (heads,) = (line for line in lines if line.startswith("| lever | delivered"))
    assert heads.count("2 years") == 6 and heads.endswith("| bought for, 1 year | misuse deaths, expected, 1 year |")
    young = [line.split(" | ")[:2] for line in lines if line.startswith("| `skills_programme` | ")][:3]
    assert young == [["| `skills_programme`", years] for years in ("1", "2", "11")]
    beside = pd.read_csv(tmp_path / "page.csv")
    assert list(zip(beside["lever"], beside["years"], beside["outcome"], strict=True)) == [
        (row.lever, row.years, row.outcome) for row in far.rows
    ]
    assert beside["difference"].tolist() == pytest.approx([row.difference for row in far.rows], rel=1e-5)
    (own,) = (line for line in lines if line.startswith("| lever | years"))
    assert "arrests of under-25s" in own and "exclusions from school" in own and "deaths" not in own
    assert "within 2 years expected misuse deaths move beyond noise under none of them" in text
    assert "cannot be foreseen" not in text, "no horizon is so long here"
    longer = replace(far, rows=tuple(replace(row, years=25) if row.years == 11 else row for row in far.rows))
    write_page(longer, tmp_path / "page.md", on=date(2026, 1, 1))
    assert "Over 25 years much cannot be foreseen: drugs, prices" in " ".join(
        (tmp_path / "page.md").read_text().split()
    )


@pytest.mark.slow
def test_a_lever_that_is_not_delivered_beyond_noise_is_read_over_more_seeds(made: Effects, tmp_path: Path) -> None:
    """Only such a lever: whatever is seen over the seeds of the scenario keeps them."""
    names = ["stigma_reduction", "heroin_assisted_treatment"]  # residents reached, and no place in a clinic
    usual = effects(small(), names, tmp_path / "out", threads=1)
    assert usual.rare == () and {row.seeds for row in usual.rows} == {2}, "unless it is asked for"
    found = effects(small(), names, tmp_path / "out", threads=1, rare_replicates=3)
    assert found.rare == ("heroin_assisted_treatment",)
    assert {row.lever: row.seeds for row in found.rows} == {"stigma_reduction": 2, "heroin_assisted_treatment": 3}
    assert [row.lever for row in found.rows] == [row.lever for row in usual.rows]
    runs = {path.stem for path in (found.folder / "rare" / "runs").iterdir()}
    assert runs == {
        f"{seed}-{regime}" for seed in (5, 6, 7) for regime in ("status-quo", "heroin-assisted-treatment-alone")
    }
    write_page(found, tmp_path / "page.md", on=date(2026, 1, 1))
    told = "Too rare to be told from chance over those seeds, and read over 3 seeds: heroin_assisted_treatment."
    assert told in " ".join((tmp_path / "page.md").read_text().split())
    write_page(usual, tmp_path / "page.md", on=date(2026, 1, 1))
    assert "Too rare" not in (tmp_path / "page.md").read_text()


@pytest.mark.slow
def test_what_is_published_without_an_interval_has_no_empty_brackets(made: Effects, tmp_path: Path) -> None:
    bare = replace(
        made.rows[0], published=-4.0, published_low=float("nan"), published_high=float("nan"), evidence=("B4.03",)
    )
    write_page(replace(made, rows=(bare, *made.rows[1:])), tmp_path / "page.md", on=date(2026, 1, 1))
    text = (tmp_path / "page.md").read_text()
    assert "| −4.0 | B4.03" in text and "()" not in text


def test_seeds_for_what_is_rare_are_more_than_those_of_the_scenario() -> None:
    for wrong in (2, 10_001, 2.5, True):
        with pytest.raises(UserError, match="rare_replicates must be 3 to 10,000, not"):
            effects(small(), TWO, rare_replicates=wrong)  # type: ignore[arg-type]


def test_horizons_that_cannot_be_are_told() -> None:
    for wrong, told in (
        (5, "a list of whole years"),
        ([1, 2.5], "a list of whole years"),
        ([0, 5], "1 to 40 years, not 0"),
    ):
        with pytest.raises(UserError, match=told):
            effects(small(), TWO, horizons=wrong)  # type: ignore[arg-type]


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
