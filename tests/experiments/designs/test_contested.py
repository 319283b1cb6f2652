"""The other reading as further arms: over the same seeds, for all regimes alike, kept and not run twice."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made_up_results import write_results

from policysim.errors import UserError
from policysim.experiments.designs.compare import Comparison, compare
from policysim.experiments.designs.contested import READINGS, SWAPS, try_readings, what_turns
from policysim.scenarios.scenario import Scenario, scenario_from

pytestmark = pytest.mark.slow
ARM = "rooms_and_mortality-no-fall"


def small(**changes: Any) -> Scenario:
    settings: dict[str, Any] = {
        "place": "authority:coventry", "people": 300, "years": 1, "burn_in_years": 0, "replicates": 2, "seed": 3,
        "regimes": ["status-quo", "harm-reduction"],
    }  # fmt: skip
    return scenario_from(settings | changes)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    made = compare(small(), tmp_path_factory.mktemp("contested") / "out", threads=1)
    try_readings(made, threads=1)
    return made


def test_an_arm_is_the_same_comparison_under_the_other_reading(found: Comparison) -> None:
    arm = found.folder / READINGS / ARM
    assert json.loads((arm / "provenance.json").read_text())["parameters"] == {"room_reach": 0.1}
    assert sorted(path.stem for path in (arm / "runs").iterdir()) == [
        "3-harm-reduction", "3-status-quo", "4-harm-reduction", "4-status-quo",
    ]  # fmt: skip
    (one,) = what_turns(found.folder)
    assert one.swaps is not None and one.seeds == 2
    assert (found.folder / READINGS / SWAPS).exists()


def test_the_status_quo_which_has_no_room_is_the_same_under_both_readings(found: Comparison) -> None:
    tables = [pd.read_parquet(folder / "weekly.parquet") for folder in (found.folder, found.folder / READINGS / ARM)]
    quo = [table.query("regime == 'status-quo'")["expected_deaths"].to_numpy() for table in tables]
    assert (quo[0] == quo[1]).all()


def test_what_is_run_already_is_not_run_again_and_fewer_seeds_are_enough(found: Comparison) -> None:
    runs = found.folder / READINGS / ARM / "runs"
    before = {path: path.stat().st_mtime_ns for path in runs.iterdir()}
    (one,) = try_readings(found, replicates=1, threads=1)
    assert one.seeds == 1 and {path: path.stat().st_mtime_ns for path in runs.iterdir()} == before
    (one,) = try_readings(found, threads=1)
    assert one.seeds == 2


def test_an_arm_of_another_comparison_is_none(found: Comparison, tmp_path: Path) -> None:
    other = write_results(tmp_path / "other", small(years=2))
    (tmp_path / "other" / READINGS).symlink_to(found.folder / READINGS)
    (one,) = what_turns(other)
    assert one.swaps is None


def test_more_seeds_than_the_comparison_has_are_none_of_its(found: Comparison) -> None:
    with pytest.raises(UserError, match="take seeds of the comparison, 2 at most, not 3"):
        try_readings(found, replicates=3)
    for wrong in (0, "2", True):
        with pytest.raises(UserError, match="must be a whole number from 1 on"):
            try_readings(found, replicates=wrong)  # type: ignore[arg-type]
