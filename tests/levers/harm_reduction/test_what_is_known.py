"""Strong batches, warnings of them, and drugs that are checked.

Directions are tested over eight paired seeds at |t| > 3.5: with no effect at all, once in a hundred tests.
"""

from typing import Any

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import BUSY, after, model, regime

from policysim.agents.institutions.market import BATCHES
from policysim.model import DrugPolicyModel

# Batches come all the time and are very strong; none of the other kinds.
BATCHES_COME: dict[str, float] = {
    **BUSY, "batch_rate": 10, "batch_weeks": 6, "batch_potency": 4, "fake_batch_rate": 0, "party_batch_rate": 0,
}  # fmt: skip
TOWN: dict[str, Any] = {"place": "authority:coventry", "people": 500, "beyond_ranges": True}


def told(made: DrugPolicyModel, name: str) -> np.ndarray:
    areas = [authority.name for authority in made.place.authorities]
    return made.outcomes.weekly(areas, made.one_in).query("area == 'all'")[name].to_numpy()


# ---------------------------------------------------------------- batches


@pytest.mark.parametrize(
    ("kind", "field", "usual", "batch"),
    [
        ("heroin", "potency", 1.0, 2.0),
        ("fake", "adulterated_benzodiazepines", 0.0, 0.1),
        ("party", "party_strength", 1.0, 1.5),
    ],
)
def test_each_kind_of_batch_comes_is_sold_out_and_goes_in_its_own_place(kind, field, usual, batch):
    made = model(people=300, parameters={"batch_rate": 0, "fake_batch_rate": 0, "party_batch_rate": 0})
    made.step()
    made.market.memory[f"{kind}_weeks_left"][0] = 3
    seen = []
    for _ in range(4):
        made.step()
        seen.append(made.places[field][made.areas_of[0]].max())
    assert seen == [batch, batch, usual, usual]
    assert made.places[field][made.areas_of[1]].max() == usual


def strength(made: DrugPolicyModel) -> np.ndarray:
    made.step()
    return np.array([made.places[name].max() for name in ("potency", "adulterated_benzodiazepines", "party_strength")])


def test_persistent_adulteration_is_there_every_week():
    none = {"batch_rate": 0, "fake_batch_rate": 0, "party_batch_rate": 0}
    nitazenes = {**none, "adulterated_heroin": 0.1, "adulterant_potency": 4, "adulterated_benzodiazepines": 0.1}
    assert strength(model(parameters=none)) == pytest.approx([1, 0, 1])
    assert strength(model(parameters=nitazenes)) == pytest.approx([1.3, 0.1, 1])


@pytest.mark.slow
def test_fake_benzodiazepines_kill_people_who_never_used_heroin_and_naloxone_works_on_them():
    world = {
        **BUSY, "ocu_per_1000": 1, "adulterated_benzodiazepines": 0.5, "start_level[benzodiazepines]": 0.5,
        "escalation_rate[benzodiazepines]": 8, "overdose_rate[benzodiazepines]": 0, "batch_rate": 0,
    }  # fmt: skip
    worlds = {0.5: world, 0.0: {**world, "adulterated_benzodiazepines": 0}}
    opiate = {
        share: sum(told(after(40, **TOWN, seed=seed, parameters=p), "opiate_deaths").sum() for seed in (1, 2))
        for share, p in worlds.items()
    }
    assert opiate[0.5] > opiate[0.0]


# ---------------------------------------------------------------- warnings


def weeks_until_noticed(levers: dict[str, dict], seed: int, **parameters: float) -> int:
    """Weeks until a batch that begins in the fourth week is noticed, among 60 at most."""
    numbers = {**BUSY, "batch_rate": 0, "fake_batch_rate": 0, "party_batch_rate": 0, "batch_weeks": 60, **parameters}
    made = model(**{**TOWN, "seed": seed, "regime": regime(**levers), "parameters": numbers, "years": 2})
    for week in range(60):
        if week == 4:
            made.market.memory["party_weeks_left"][0] = 60
        made.step()
        if made.early_warning.memory["known"].any():
            made.close()
            return week - 4
    made.close()
    return 60


@pytest.mark.slow
def test_a_batch_is_noticed_later_where_nothing_is_checked():
    few = {"noticed_by_overdose": 0.0, "noticed_by_sample": 0.002}
    often = {"drug_checking": {"night_sessions": 365.0, "ramp_weeks": 0}}
    seeds = (1, 2, 3)
    assert min(weeks_until_noticed({}, seed, **few) for seed in seeds) == 60
    assert max(weeks_until_noticed(often, seed, samples_per_session=100, **few) for seed in seeds) < 60


def test_a_warning_follows_the_lag_and_none_is_given_of_a_batch_that_is_gone():
    def weeks_of_warning(weeks_left: int, lag: float) -> list[int]:
        numbers = {
            **BUSY,
            "batch_rate": 0,
            "fake_batch_rate": 0,
            "party_batch_rate": 0,
            "warning_lag": lag,
            "warning_weeks": 2,
        }
        made = model(**TOWN, parameters=numbers)
        made.step()
        made.market.memory["heroin_weeks_left"][0] = weeks_left
        made.early_warning.memory["known"][BATCHES.index("heroin"), 0] = True
        made.early_warning.memory["due"][BATCHES.index("heroin"), 0] = round(lag)
        told_in = []
        for week in range(8):
            made.step()
            if made.places["warning_opioids"].max() > 0:
                told_in.append(week)
        return told_in

    assert weeks_of_warning(20, 3) == [3, 4]
    assert weeks_of_warning(20, 1) == [1, 2]
    assert weeks_of_warning(3, 5) == []


@pytest.mark.slow
def test_a_batch_raises_overdoses_and_a_warning_lowers_them():
    none = {**BATCHES_COME, "batch_rate": 0}
    overdoses = [
        [told(after(26, **TOWN, seed=seed, parameters=p), "overdoses").sum() for p in (none, BATCHES_COME)]
        for seed in range(1, 4)
    ]
    assert all(batches > 1.3 * usual for usual, batches in overdoses)
    warned = {**BATCHES_COME, "warned_dose": 1.5, "noticed_by_overdose": 1}
    levers: dict[str, dict] = {"early_warning": {"sooner": 1.0, "reach_share": 1.0}}
    found = paired(levers, ("overdoses", "people_warned"), weeks=26, parameters=warned, **TOWN)
    assert standard_errors(found["people_warned"]) > 3.5 and standard_errors(found["overdoses"]) < -3.5


@pytest.mark.slow
def test_a_warning_without_effect_is_told_and_moves_nothing_and_one_that_attracts_does_harm():
    null = {**BATCHES_COME, "warned_dose": 0, "warned_alone": 0, "noticed_by_overdose": 1}
    levers: dict[str, dict] = {"early_warning": {"sooner": 1.0, "reach_share": 1.0}}
    arguments: dict[str, Any] = {**TOWN, "weeks": 26}
    found = paired(levers, ("people_warned", "overdoses", "deaths"), seeds=range(1, 4), parameters=null, **arguments)
    assert (found["people_warned"] > 0).all()
    assert not found["overdoses"].any() and not found["deaths"].any()
    found = paired(levers, ("overdoses",), parameters={**null, "alert_attracts": 1.5}, **arguments)
    assert standard_errors(found["overdoses"]) > 3.5


# ---------------------------------------------------------------- checking


@pytest.mark.slow
def test_checks_reach_people_who_use_party_drugs_and_avert_about_no_deaths():
    """At the usual numbers: what is checked is a small part of what is used."""
    found = paired(
        {"drug_checking": {"night_sessions": 52.0}}, ("drugs_checked", "expected_deaths", "checks_heeded"),
        weeks=52, place="authority:coventry", people=3000,
    )  # fmt: skip
    assert standard_errors(found["drugs_checked"]) > 3.5
    assert abs(found["expected_deaths"].mean()) < 1, "a year of weekly sessions in a city"
    assert found["checks_heeded"].sum() < 0.6 * found["drugs_checked"].sum()


@pytest.mark.slow
def test_warnings_avert_about_no_deaths_where_batches_are_as_rare_as_today():
    """At the usual numbers, in which a warning has an effect that nobody has measured."""
    levers: dict[str, dict] = {"early_warning": {}}
    found = paired(levers, ("expected_deaths", "people_warned"), weeks=52, place="west-midlands", people=5000)
    assert (found["people_warned"] >= 0).all() and found["people_warned"].any()
    assert -3 < found["expected_deaths"].mean() <= 0, "of about 150"


@pytest.mark.slow
def test_whoever_heeds_a_check_overdoses_less_that_week_unless_a_check_has_no_effect():
    many = {
        **BUSY, "samples_per_session": 10_000, "ocu_per_1000": 5, "disposed_if_missold": 1, "less_if_as_sold": 1,
        "checked_dose": 2, "batch_rate": 0,
    }  # fmt: skip
    levers: dict[str, dict] = {"drug_checking": {"night_sessions": 365.0}}
    found = paired(levers, ("overdoses",), weeks=30, parameters=many, **TOWN)
    assert standard_errors(found["overdoses"]) < -3.5
    found = paired(
        levers,
        ("drugs_checked", "overdoses"),
        seeds=range(1, 4),
        weeks=20,
        parameters={**many, "checked_dose": 0},
        **TOWN,
    )
    assert (found["drugs_checked"] > 0).all() and not found["overdoses"].any()


@pytest.mark.slow
def test_a_session_takes_no_more_samples_than_it_can():
    def checked(sessions: float) -> float:
        levers = regime(drug_checking={"night_sessions": sessions, "festival_sessions": 0, "ramp_weeks": 0})
        made = after(
            30, place="authority:coventry", people=20_000, regime=levers, parameters={"samples_per_session": 80}
        )
        return float(told(made, "drugs_checked").sum())

    few, many = checked(52), checked(365)
    assert 0.4 * 80 * 30 < few < 1.2 * 80 * 30
    assert many < 7.5 * few


def test_where_the_purse_is_empty_nothing_is_checked():
    levers = regime(drug_checking={"night_sessions": 365, "ramp_weeks": 0})
    made = after(6, **TOWN, regime=levers, budgets={"council": 0.0}, parameters={"samples_per_session": 5000})
    assert told(made, "drugs_checked").sum() == 0
