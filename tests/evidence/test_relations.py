"""Numbers that contradict each other, or lie where they mean nothing, are told in one sentence before anything runs."""

from pathlib import Path

import pytest

from policysim.errors import UserError
from policysim.evidence.registry import UNITS, Parameters, checked, registry
from policysim.evidence.relations import LIMITS, RELATIONS, UNIT_LIMITS, Order, Whole
from policysim.model import DrugPolicyModel
from policysim.reference.checking import check_file
from policysim.scenarios.scenario import Scenario, scenario_from

CONTRADICTIONS = {
    "lessons of no length": ({"lessons_from_age": 13, "lessons_to_age": 13}, "must be below lessons_to_age"),
    "lessons that end first": ({"lessons_from_age": 15}, "lessons_from_age = 15 and lessons_to_age = 14 contradict"),
    "no year groups": ({"year_groups_until": 11}, "secondary_age = 11 and year_groups_until = 11 contradict"),
    "parents": ({"parent_age_youngest": 44}, "parent_age_youngest must not be above parent_age_oldest"),
    "more charged and cautioned than arrested": (
        {"charge_share[possession]": 0.7, "caution_share[possession]": 0.35},
        "charge_share[possession] = 0.7 and caution_share[possession] = 0.35 contradict each other: they are shares of one whole",
    ),
    "more sentences than convictions": ({"custody_share[supply]": 0.7}, "order_share[supply] = 0.33 contradict"),
}
LEFT = {
    "class_size": 0, "sharers": 0, "friend_reach_young": 0, "friend_reach_adult": 0, "custody_look_back": 0,
    "relapse_in_group": 1.5, "offending_after_diversion": 1.01, "offending_after_youth_diversion": 1.01,
    "offending_after_youth_caution": 1.01, "prolific_share": 0,
    "relapse_half_time": 0, "dropout_half_time": 0, "prescribed_opioid_spread": 0, "room_distance": 0, "lessons_at_most": 1,
    "friends_most": 128, "friends_young": 128, "friends_adult": 128, "friends_met": 101, "using_ties": 101, "aces_most": 10,
    "episodes_at_start": 101, "longest_count": 128, "last_band": 14, "year_weeks": 53, "balance_levels": 101,
    "start_peak_age": 10, "start_width": 0, "ocu_age_spread": 0, "couple_years": 0, "maturing": 1,
    "older_ratio": 101, "suicide_ratio_opioid": 1001, "suicide_ratio_ill": 1001,
}  # fmt: skip


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_two_numbers_that_contradict_each_other_are_refused_before_anything_runs(case, tmp_path: Path):
    changes, sentence = CONTRADICTIONS[case]
    with pytest.raises(UserError) as raised:
        DrugPolicyModel(people=100, parameters=changes)
    assert sentence in str(raised.value)
    with pytest.raises(UserError) as raised:
        Scenario(parameters=changes)
    assert sentence in str(raised.value)
    file = tmp_path / "asked.toml"
    file.write_text("[parameters]\n" + "".join(f'"{key}" = {float(value)}\n' for key, value in changes.items()))
    with pytest.raises(UserError) as raised:
        check_file(file)
    assert sentence in str(raised.value) and "asked.toml" in str(raised.value)


def first_of(name):
    """The first id of this name: of a table, its first row."""
    return next(parameter.id for parameter in registry().values() if parameter.name == name)


def test_every_limit_has_a_number_beyond_it_here():
    assert LEFT.keys() == LIMITS.keys()


@pytest.mark.parametrize("name", LEFT)
def test_a_number_that_means_nothing_is_refused_where_a_scenario_or_a_model_is_made(name):
    for made in (lambda changes: scenario_from({"parameters": changes}), lambda changes: Parameters(changes)):
        with pytest.raises(UserError, match=f"parameter.*{name}.* must be at .*, not {LEFT[name]}: "):
            made({first_of(name): float(LEFT[name])})


@pytest.mark.parametrize("name", LIMITS)
def test_the_limit_itself_is_allowed(name):
    limit = LIMITS[name]
    for edge in (limit.least, limit.most):
        if abs(edge) != float("inf"):
            assert checked(registry()[first_of(name)], edge) == edge


LEFT_BY_UNIT = {
    "log ratio": ("peer_pull", -11), "log ratio per year": ("fatality_by_age", 2), "weeks": ("order_weeks", 33_000),
    "years": ("remission_years", 101),
}  # fmt: skip


@pytest.mark.parametrize("unit", UNIT_LIMITS)
def test_a_number_that_means_nothing_in_its_unit_is_refused(unit):
    name, value = LEFT_BY_UNIT[unit]
    with pytest.raises(UserError, match=f"parameter {name} must be at .*, not {value}: "):
        Parameters({name: float(value)})


def test_limits_and_relations_name_parameters():
    names = {parameter.name for parameter in registry().values()}
    pairs = [(r.lower, r.upper) if isinstance(r, Order) else (r.one, r.other) for r in RELATIONS]
    assert set(LIMITS) | {name for pair in pairs for name in pair} <= names
    assert UNIT_LIMITS.keys() <= UNITS


def test_two_shares_may_add_up_to_exactly_one():
    both = {"charge_share[supply]": 0.9, "caution_share[supply]": 0.1}
    assert Parameters(both)["charge_share[supply]"] == 0.9
    assert list(Whole("a", "b").faults({"a": 0.1 + 0.2, "b": 0.7})) == []


def test_a_range_holds_its_value_and_ends_where_its_number_may_be():
    for parameter in registry().values():
        if parameter.low is None or parameter.high is None:
            assert parameter.low is parameter.high, f"{parameter.id} has half a range"
        else:
            low, high = checked(parameter, parameter.low), checked(parameter, parameter.high)
            assert low <= parameter.value <= high, parameter.id


def test_the_shipped_numbers_go_together_with_every_effect_and_with_none():
    assert Parameters() and Parameters(null_effects=True)
