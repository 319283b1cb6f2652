"""A changed number beyond its range is told with value, range and line; with a flag it is allowed on purpose."""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policysim import DrugPolicyModel, Scenario, UserError, read_scenario
from policysim.cli import door
from policysim.evidence.registry import Parameters, beyond_range, registry
from policysim.experiments.analysis.compare import notes

KIT_LOSS = registry()["kit_loss"]
ABOVE = {"kit_loss": 2 * float(KIT_LOSS.high or 0)}
TOLD = (
    f"parameter kit_loss = {ABOVE['kit_loss']:g} lies beyond its range {KIT_LOSS.low:g} to {KIT_LOSS.high:g} "
    f"({KIT_LOSS.place}); where that is meant, say beyond_ranges = true (--beyond-ranges)"
)
MINE = f'place = "authority:coventry"\npeople = 300\n[parameters]\narrest_share = 0.2\nkit_loss = {ABOVE["kit_loss"]}\n'
RANGED = sorted(key for key, row in registry().items() if row.low is not None)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Scenario(parameters=ABOVE),
        lambda: Scenario().model_copy(update={"parameters": ABOVE}),
        lambda: Scenario(parameters=ABOVE, beyond_ranges=True).model_copy(update={"beyond_ranges": False}),
        lambda: DrugPolicyModel(people=100, parameters=ABOVE),
        lambda: DrugPolicyModel(people=100, parameters={"kit_loss": np.float32(ABOVE["kit_loss"])}),
    ],
)
def test_a_number_beyond_its_range_is_told_before_anything_runs(make: Any) -> None:
    with pytest.raises(UserError) as caught:
        make()
    assert str(caught.value) == TOLD


def test_in_a_file_it_is_told_with_its_line_and_with_the_flag_it_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(MINE, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["policysim", "compare", str(file)])
    assert door._run() == 2
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"policysim: {file}, line 5: {TOLD}\n")
    monkeypatch.setattr(sys, "argv", [*sys.argv, "--beyond-ranges", "--years", "400"])
    assert door._run() == 2
    assert "--years must be at most 40" in capsys.readouterr().err  # the next fault: the number is none any more


def test_what_was_allowed_is_kept_in_the_file_and_said_beside_the_results(tmp_path: Path) -> None:
    made = Scenario(parameters=ABOVE | {"arrest_share": 0.2}, beyond_ranges=True)
    file = tmp_path / "scenario.toml"
    file.write_text(made.to_toml(), encoding="utf-8")
    assert "beyond_ranges = true\n" in made.to_toml() and read_scenario(file) == made
    assert notes(made)[0].endswith("2 parameters changed, 1 beyond its range.")
    assert notes(Scenario(parameters={"arrest_share": 0.2}))[0].endswith("1 parameter changed.")


@pytest.mark.parametrize(
    "meaningless", [{"kit_used": 1.5}, {"kit_loss": -1.0}, {"class_size": 0.0}, {"kit_loss": np.nan}]
)
def test_what_means_nothing_is_refused_with_the_flag_too(meaningless: dict[str, float]) -> None:
    for make in (Scenario, DrugPolicyModel):
        with pytest.raises(UserError):
            make(parameters=meaningless, beyond_ranges=True)  # type: ignore[operator]


@given(st.sampled_from(RANGED), st.floats(0, 1))
def test_every_number_within_its_range_is_taken(key: str, share: float) -> None:
    row = registry()[key]
    assert row.low is not None and row.high is not None
    within = min(max(row.low + share * (row.high - row.low), row.low), row.high)
    assert beyond_range(row, within) == ""
    assert all(key in beyond_range(row, value) for value in (row.low - 1, row.high + 1))


def test_effects_at_their_null_values_need_no_flag() -> None:
    """They are the model's own, wherever their ranges end; so are numbers that have no range."""
    assert Parameters(null_effects=True)
    free = next(key for key, row in registry().items() if row.low is None and row.unit == "share")
    assert Scenario(parameters={free: 0.5}).parameters


def test_a_single_draw_has_no_interval_and_is_refused() -> None:
    with pytest.raises(UserError, match="uncertainty must be 0 or at least 2, not 1"):
        Scenario(place="dorset", uncertainty=1)
