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
ARMS = {ARM: {"room_mortality": 0.0}, "naloxone_and_risk-more-risk": {"kit_risk_effect": 0.13}}
"""Each question that harm reduction names has an arm, which changes the numbers of that question alone."""


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


@pytest.mark.parametrize(("name", "numbers"), ARMS.items())
def test_an_arm_is_the_same_comparison_under_the_other_reading(
    found: Comparison, name: str, numbers: dict[str, float]
) -> None:
    arm = found.folder / READINGS / name
    assert json.loads((arm / "provenance.json").read_text())["parameters"] == numbers
    assert sorted(path.stem for path in (arm / "runs").iterdir()) == [
        "3-harm-reduction", "3-status-quo", "4-harm-reduction", "4-status-quo",
    ]  # fmt: skip
    tried = what_turns(found.folder)
    assert [f"{one.switch.id}-{one.other.id}" for one in tried] == list(ARMS)
    assert all(one.swaps is not None and one.seeds == 2 for one in tried)
    assert (found.folder / READINGS / SWAPS).exists()


def test_the_status_quo_which_has_no_room_is_the_same_under_both_readings(found: Comparison) -> None:
    tables = [pd.read_parquet(folder / "weekly.parquet") for folder in (found.folder, found.folder / READINGS / ARM)]
    quo = [table.query("regime == 'status-quo'")["expected_deaths"].to_numpy() for table in tables]
    assert (quo[0] == quo[1]).all()


def test_what_is_run_already_is_not_run_again_and_fewer_seeds_are_enough(found: Comparison) -> None:
    def written() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in (found.folder / READINGS).glob("*/runs/*")}

    before = written()
    assert len(before) == 8, "two regimes over two seeds, under each of the two other readings"
    assert [one.seeds for one in try_readings(found, replicates=1, threads=1)] == [1, 1] and written() == before
    assert [one.seeds for one in try_readings(found, threads=1)] == [2, 2] and written() == before


def test_an_arm_of_another_comparison_is_none(found: Comparison, tmp_path: Path) -> None:
    other = write_results(tmp_path / "other", small(years=2))
    (tmp_path / "other" / READINGS).symlink_to(found.folder / READINGS)
    assert [one.swaps for one in what_turns(other)] == [None, None]


def test_more_seeds_than_the_comparison_has_are_none_of_its(found: Comparison) -> None:
    with pytest.raises(UserError, match="take seeds of the comparison, 2 at most, not 3"):
        try_readings(found, replicates=3)
    for wrong in (0, "2", True):
        with pytest.raises(UserError, match="must be a whole number from 1 on"):
            try_readings(found, replicates=wrong)  # type: ignore[arg-type]
