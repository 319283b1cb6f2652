"""The tables of scaling: that each measure measures what it says, at a size that takes a moment. No time is asserted."""

from pathlib import Path
from typing import Any

import pytest

from policysim.benchmarks import scaled, scaling
from policysim.benchmarks.empty_runs import PEOPLE, YEARS
from policysim.scenarios.regime import Regime


def test_a_run_is_measured_from_the_first_to_the_last_week() -> None:
    found = scaled.one_run("authority:rutland", one_in=100, years=1, threads=1)
    assert found["weeks"] == 52 and 200 < found["people"] <= found["rows"] and found["peak_mb"] > 50


def test_levers_are_spread_over_the_catalogue_and_the_first_row_has_none() -> None:
    few = scaled._with_levers(5)
    assert scaled._with_levers(0) == "status-quo" and isinstance(few, Regime) and len(few.levers) == 5
    assert len(scaled.levers_pulled(300, (0, 2))) == 2


@pytest.mark.slow
def test_the_memory_of_workers_is_that_of_processes_which_have_ended() -> None:
    found = scaled.memory_of_many(2, 2)
    assert found["runs"] == 2 and found["workers_mb"] > 50 and found["parent_mb"] > 50


@pytest.mark.slow
def test_runs_on_a_scheduler_are_all_kept_and_what_each_part_takes_is_told() -> None:
    pytest.importorskip("distributed")
    found = scaled.scheduled(3)
    assert found["tasks"] == 3 and found["bytes_a_run"] > 1000 and found["clock_ms"] > found["gathering_ms"] > 0
    scenario = scaled.sweep_of(3).scenario
    assert (scenario.people, scenario.years) == (PEOPLE, YEARS)


def test_a_table_is_told_with_how_busy_others_were(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr(
        scaling, "alone", lambda measure, *arguments: {"runs": 1, "parent_mb": 300.0, "workers_mb": 318.2}
    )
    scaling.main(["--only", "runs"])
    said = capsys.readouterr().out
    assert said.startswith("**runs**: ") and "processors busy meanwhile" in said and "| 1,000 | 2 " in said


def test_a_table_that_is_not_there_is_refused(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        scaling.main(["--only", "peple"])
    assert "there is no table 'peple'" in capsys.readouterr().err


def test_every_table_stands_in_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "scaling.md").read_text()
    assert all(f"**{name}**" in page for name in scaling.TABLES)
