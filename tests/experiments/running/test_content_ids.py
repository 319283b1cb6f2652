"""A run's id is that of its content: the same wherever it is asked for, another for another setting."""

import subprocess
import sys
from typing import Any

import pytest

from policysim.experiments.running import content_ids
from policysim.experiments.running.content_ids import RUN_ID, ids_of, run_id
from policysim.scenarios.regime import Regime, find_regime
from policysim.scenarios.scenario import Scenario, scenario_from

ASKED = {
    "place": "authority:rutland",
    "people": 60,
    "years": 2,
    "burn_in_years": 0,
    "regimes": ["status-quo", "diversion"],
}


def scenario(**changes: Any) -> Scenario:
    return scenario_from({key: value for key, value in (ASKED | changes).items() if value is not None})


def test_an_id_is_text_to_a_spreadsheet_too_and_that_of_another_process() -> None:
    id = run_id(scenario(), "diversion", 1)
    assert RUN_ID.fullmatch(id) and not id[0].isdigit()
    program = (
        "from policysim.experiments.running.content_ids import run_id; "
        f"from policysim.scenarios.scenario import scenario_from; print(run_id(scenario_from({ASKED!r}), 'diversion', 1))"
    )
    assert subprocess.run([sys.executable, "-c", program], text=True, capture_output=True).stdout.strip() == id


@pytest.mark.parametrize("change", [
    {"place": "authority:leicester"}, {"people": 61}, {"years": 3}, {"burn_in_years": 1}, {"start_year": 2026},
    {"parameters": {"fatality_opioid": 0.03}}, {"budgets": {"council": 1e6}}, {"budgets": "status-quo"},
])  # fmt: skip
def test_another_setting_is_another_run(change: dict[str, Any]) -> None:
    assert run_id(scenario(**change), "diversion", 1) != run_id(scenario(), "diversion", 1)


def test_another_seed_regime_setting_of_a_lever_or_build_is_another_run(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = scenario()
    diversion = find_regime("diversion")
    name, lever = next(iter(diversion.levers.items()))
    later = Regime.read(
        dict(diversion) | {"levers": dict(diversion.levers) | {name: lever.model_copy(update={"start_week": 9})}}
    )
    ids = {run_id(asked, regime, seed) for regime in ("status-quo", diversion, later) for seed in (1, 2)}
    assert len(ids) == 6
    monkeypatch.setattr(content_ids, "model_hash", lambda: "another")
    assert run_id(asked, diversion, 1) not in ids


def test_what_only_chooses_among_runs_changes_none() -> None:
    id = run_id(scenario(), "diversion", 3)
    assert run_id(scenario(regimes=["diversion", "harm-reduction"], replicates=9, seed=3), "diversion", 3) == id
    told = find_regime("diversion")
    assert run_id(scenario(), Regime.read(dict(told) | {"summary": "In other words."}), 3) == id
    residents = scenario().where.residents_10_64
    assert run_id(scenario(people=None, one_in=residents / 60), "diversion", 3) == id, "a scale said the other way"
    assert ids_of(scenario(), scenario().regimes, [3])["diversion", 3] == id
