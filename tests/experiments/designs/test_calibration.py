"""Targets and verdicts: where each figure comes from, and that a miss is called a miss."""

import csv
from importlib.resources import files

import numpy as np
import pytest

from policysim.evidence.registry import registry
from policysim.experiments.designs.calibrate import Target, _row, calibration, targets
from policysim.world.places import find_place, places


def test_every_place_has_targets():
    for place in places():
        found = targets(place)
        assert len(found) >= 30
        assert all(t.published is None or t.low < t.published < t.high or t.published == 0 for t in found), place.id


def test_own_figures_take_the_place_of_carried_ones():
    own = {t.target: t for t in targets(find_place("west-midlands"))}
    carried = {t.target: t for t in targets(find_place("dorset"))}
    assert own["people dependent on opiates or crack"].kind == "own"
    assert own["people dependent on opiates or crack"].published == 22_500
    assert carried["people dependent on opiates or crack"].kind == "carried"
    assert set(carried) <= set(own)


def test_a_national_count_is_carried_by_population():
    whole = {t.target: t for t in targets(find_place("england-and-wales"))}
    assert whole["arrests for drug offences a year"].published == pytest.approx(58_275, rel=0.01)


def test_deaths_outside_the_model_are_taken_off():
    own = {t.target: t for t in targets(find_place("west-midlands"))}
    share = registry()["target_share_outside_ages"].value
    assert own["misuse deaths a year"].published == pytest.approx(154.5 * (1 - share))


def test_every_source_of_a_target_is_in_the_evidence():
    known = {r["id"] for r in csv.DictReader(files("policysim.configs.evidence").joinpath("evidence.csv").open())}
    for row in csv.DictReader(files("policysim.configs.evidence").joinpath("targets.csv").open()):
        cited = [w.strip("(),;") for w in row["source"].split()]
        ids = [w for w in cited if len(w) > 3 and w[0] in "ABCDF" and w[1].isdigit() and "." in w]
        assert all(i in known or f"{i}a" in known for i in ids), row["source"]


@pytest.mark.parametrize(
    ("values", "verdict"), [((10.0, 11.0), "pass"), ((20.0, 22.0), "miss"), ((np.nan, np.nan), "no data")]
)
def test_verdicts(values, verdict):
    target = Target("x", "fact", "2024", "A1", 10.0, 9.0, 12.0, "m")
    row = _row(target, [{"m": v} for v in values])
    assert row["verdict"] == verdict
    if verdict != "no data":
        assert row["model_low"] < row["model"] < row["model_high"]


def test_at_most_twelve_numbers_are_fitted_and_each_stays_in_its_prior_range():
    fitted = [p for p in registry().values() if p.quality == "fitted"]
    assert 0 < len(fitted) <= 12
    for parameter in fitted:
        assert parameter.low is not None and parameter.low <= parameter.value <= parameter.high, parameter.id
        assert parameter.meaning, parameter.id


def test_no_sourced_number_stands_outside_its_interval():
    for p in registry().values():
        assert p.low is None or p.high is None or p.low <= p.value <= p.high, p.id
        assert p.quality in ("assumed", "definition", "fitted") or p.source or p.evidence, p.id


@pytest.mark.slow
def test_a_small_calibration_runs_and_names_misses():
    rows = calibration("west-midlands", replicates=2, one_in=400, burn_in_years=1, years=1, workers=1)
    assert {"pass", "miss", "no data"} >= {row["verdict"] for row in rows}
    by_name = {row["target"]: row for row in rows}
    assert by_name["stop and searches a year"]["verdict"] == "pass"
    assert by_name["fact 1: deaths naming a nitazene"]["verdict"] == "no data"
    assert all(row["model"] is None for row in rows if row["verdict"] == "no data")
