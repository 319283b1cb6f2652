"""Contested evidence is a number with a null value: rooms and mortality, naloxone and risk."""

from typing import Any

import pytest
from paired import paired, standard_errors

from policysim.evidence.registry import registry

PLACE: dict[str, Any] = {"place": "authority:birmingham", "people": 2000, "beyond_ranges": True}
BUSY_NUMBERS = {"ocu_per_1000": 150, "injecting_share": 0.8, "overdose_rate[heroin]": 2, "room_visits_per_week": 20_000}
BUSY_NUMBERS |= {"room_distance": 2}
NO_KITS = {
    "kits_per_100": 0,
    "kit_share": 0,
    "naloxone_on_release": 0,
}  # what staff reverse takes no kit, which is another path
OUTCOMES = ("expected_deaths", "reversed_in_rooms", "overdoses", "kits_given")


def rooms(**numbers: float) -> dict:
    parameters = {**BUSY_NUMBERS, **NO_KITS, "room_introduction": 0, "fatality_opioid": 0.1, **numbers}
    return paired({"consumption_room": {"rooms": 20}}, OUTCOMES, weeks=26, **PLACE, parameters=parameters)


def test_rooms_lower_deaths_as_counted_and_not_where_those_who_come_were_in_no_danger():
    """With eight seeds and no effect |t| exceeds 3.5 once in a hundred times."""
    counted, none, beyond = rooms(), rooms(room_mortality=0), rooms(room_mortality=1.5)
    for found in (counted, none, beyond):
        assert standard_errors(found["reversed_in_rooms"]) > 3.5, "staff reverse as many under every reading"
    assert standard_errors(counted["expected_deaths"]) < -3.5
    assert beyond["expected_deaths"].mean() < 1.2 * counted["expected_deaths"].mean()
    assert abs(none["expected_deaths"].mean()) < 0.05 * abs(counted["expected_deaths"].mean())


def kits(effect: float) -> dict:
    parameters = {**BUSY_NUMBERS, "kit_risk_effect": effect}
    return paired({"take_home_naloxone": {"kits_per_100": 150}}, OUTCOMES, weeks=39, **PLACE, parameters=parameters)


def test_kits_bring_overdoses_only_where_they_are_said_to_embolden():
    none, some = kits(0.0), kits(0.5)
    assert none["kits_given"].mean() > 0
    assert standard_errors(some["overdoses"]) > 3.5
    assert some["overdoses"].mean() > 3 * abs(none["overdoses"].mean())
    assert some["expected_deaths"].mean() > none["expected_deaths"].mean()


@pytest.mark.parametrize(("name", "usual"), [("room_mortality", 1), ("kit_risk_effect", 0)])
def test_a_contested_number_has_a_null_value_and_both_readings_in_its_range(name, usual):
    parameter = registry()[name]
    assert parameter.null == 0 and parameter.value == usual
    assert parameter.low is not None and parameter.high is not None and parameter.low <= 0 < parameter.high
