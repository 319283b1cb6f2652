"""Targets: where each figure comes from, and how a national one is carried to a place."""

import csv
from importlib.resources import files

import pytest

from policysim.evidence.registry import registry
from policysim.evidence.targets import Target, targets
from policysim.world.places import find_place, places


def targets_of(place: str) -> list[Target]:
    return targets(place, find_place(place).population)


def test_every_place_has_targets():
    for place in places():
        found = targets_of(place.id)
        assert len(found) >= 30
        assert all(t.published is None or t.low <= t.published <= t.high or t.published == 0 for t in found), place.id


def test_own_figures_take_the_place_of_carried_ones():
    own = {t.target: t for t in targets_of("west-midlands")}
    carried = {t.target: t for t in targets_of("dorset")}
    assert own["people dependent on opiates or crack"].kind == "own"
    assert own["people dependent on opiates or crack"].published == 22_500
    assert carried["people dependent on opiates or crack"].kind == "carried"
    assert set(carried) <= set(own)


def test_a_national_count_is_carried_by_population():
    whole = {t.target: t for t in targets_of("england-and-wales")}
    assert whole["arrests for drug offences a year"].published == pytest.approx(58_275, rel=0.01)


def test_deaths_outside_the_model_are_taken_off():
    own = {t.target: t for t in targets_of("west-midlands")}
    share = registry()["target_share_outside_ages"].value
    assert own["misuse deaths a year"].published == pytest.approx(154.5 * (1 - share))


def test_every_source_of_a_target_is_in_the_evidence():
    known = {r["id"] for r in csv.DictReader(files("policysim.configs.evidence").joinpath("evidence.csv").open())}
    for row in csv.DictReader(files("policysim.configs.evidence").joinpath("targets.csv").open()):
        cited = [w.strip("(),;:") for w in row["source"].split()]
        ids = [w for w in cited if len(w) > 3 and w[0] in "ABCDFG" and w[1].isdigit() and "." in w]
        assert all(i in known or f"{i}a" in known for i in ids), row["source"]
