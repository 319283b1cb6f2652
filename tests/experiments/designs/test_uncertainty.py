"""A comparison with drawn parameters, lived for real: it goes on to the same bits, and the draws move what they should."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from policysim.experiments.analysis.compare import headlines
from policysim.experiments.designs.compare import compare, load_results
from policysim.experiments.running.kept_draws import KeptDraws
from policysim.scenarios.scenario import Scenario, scenario_from

pytestmark = pytest.mark.slow
TABLES = ("by_draw.parquet", "by_draw_and_group.parquet", "draws.csv", "summary.csv", "weekly.parquet", "scenario.toml")


def scenario(**changes: Any) -> Scenario:
    """Two regimes, one seed, a year, few people."""
    told = {"place": "authority:rutland", "regimes": ["status-quo", "harm-reduction"], "people": 200, "years": 1}
    return scenario_from(told | {"burn_in_years": 0, "replicates": 1, "seed": 4, "uncertainty": 2} | changes)


def test_two_draws_and_then_a_third_are_as_three_at_once(tmp_path: Path, monkeypatch) -> None:
    kept = []
    usual = KeptDraws.keep
    monkeypatch.setattr(
        KeptDraws, "keep", lambda self, run, *tables: (kept.append(run.name), usual(self, run, *tables))[1]
    )
    compare(scenario(), tmp_path / "grown", threads=1)
    assert len(kept) == 4
    (tmp_path / "grown" / "draws" / "4-1-harm-reduction.parquet").unlink()  # as if it had been stopped before it
    kept.clear()
    compare(scenario(uncertainty=3), tmp_path / "grown", threads=1)
    assert sorted(kept) == ["4-1-harm-reduction", "4-3-harm-reduction", "4-3-status-quo"]
    at_once = compare(scenario(uncertainty=3), tmp_path / "once", threads=2)
    for name in TABLES:
        assert (tmp_path / "grown" / name).read_bytes() == (tmp_path / "once" / name).read_bytes(), name

    again = load_results(tmp_path / "once")
    pd.testing.assert_frame_equal(again.summary, at_once.summary)
    assert set(again.summary["draws"]) == {3} and again.by_draw["draw"].nunique() == 3
    people = again.summary[again.summary["outcome"] == "using"]
    assert (people["uncertainty_low"] < people["uncertainty_high"]).all()  # draws differ, the seed does not
    told = headlines(again.summary, again.scenario)
    assert "over what nobody knows" in {row[0].strip() for row in told.rows}

    fewer = compare(scenario(uncertainty=0), tmp_path / "once", threads=1)
    assert set(fewer.summary["draws"]) == {0} and fewer.by_draw.empty
    assert not (tmp_path / "once" / "by_draw.parquet").exists()
