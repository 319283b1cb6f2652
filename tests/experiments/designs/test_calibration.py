"""Verdicts: a miss is called a miss; and what may be fitted."""

import numpy as np
import pytest

from policysim.errors import UserError
from policysim.evidence.fits import fits
from policysim.evidence.registry import registry
from policysim.evidence.targets import Target
from policysim.experiments.designs.calibrate import beside, calibration
from policysim.scenarios.scenario import Scenario, scenario_of
from policysim.scenarios.usual import CALIBRATION


@pytest.mark.parametrize(
    ("values", "verdict"), [((10.0, 11.0), "pass"), ((20.0, 22.0), "miss"), ((np.nan, np.nan), "no data")]
)
def test_verdicts(values, verdict):
    target = Target("x", "fact", "2024", "A1", 10.0, 9.0, 12.0, "m", "as believed")
    row = beside(target, [{"m": v} for v in values])
    assert row["verdict"] == verdict
    assert row["cause"] == ("as believed" if verdict == "miss" else "")
    if verdict != "no data":
        assert row["model_low"] < row["model"] < row["model_high"]


def test_few_numbers_are_fitted_with_the_model_and_each_fitted_one_says_to_what():
    with_the_model = {one.parameter.id for one in fits()}
    assert 0 < len(with_the_model) <= 16
    for parameter in (p for p in registry().values() if p.quality == "fitted"):
        assert parameter.id in with_the_model or parameter.source.startswith(("fitted to ", "fitted together to ")), (
            parameter.id
        )
        assert parameter.low is not None and parameter.low <= parameter.value <= parameter.high, parameter.id
        assert parameter.meaning, parameter.id


def test_no_sourced_number_stands_outside_its_interval():
    for p in registry().values():
        assert p.low is None or p.high is None or p.low <= p.value <= p.high, p.id
        assert p.quality in ("assumed", "definition", "fitted") or p.source or p.evidence, p.id


def scenario(place: str, **changes: float) -> Scenario:
    return scenario_of(place, {"replicates": 2, "burn_in_years": 1, "years": 1, **changes}, usual=CALIBRATION)


@pytest.mark.slow
def test_a_small_calibration_runs_and_names_misses():
    rows = calibration(scenario("west-midlands", one_in=400), threads=1)
    assert {"pass", "miss", "no data"} >= {row["verdict"] for row in rows}
    by_name = {row["target"]: row for row in rows}
    assert by_name["stop and searches a year"]["verdict"] == "pass"
    assert by_name["fact 1: deaths naming a nitazene"]["verdict"] == "no data"
    assert all(row["model"] is None for row in rows if row["verdict"] == "no data")


@pytest.mark.slow
def test_processes_and_progress_change_nothing():
    told = []
    settings = scenario("dorset", one_in=300)
    alone = calibration(settings, threads=1)
    assert calibration(settings, threads=2, progress=lambda done, of: told.append((done, of))) == alone
    assert told[-1] == (2, 2) and told == sorted(told)


def test_the_limits_are_those_of_every_scenario_and_so_are_the_threads():
    with pytest.raises(UserError, match="replicates must be at least 1"):
        scenario("dorset", replicates=0)
    with pytest.raises(UserError, match="threads must be 1 to 256, not -1"):
        calibration(scenario("dorset"), threads=-1)
