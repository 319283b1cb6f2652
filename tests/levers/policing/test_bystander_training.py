"""Bystander training: more is called and stayed for, it fades, and whoever fears the police is reached least."""

from typing import Any

import numpy as np
from paired import paired, standard_errors, totals
from small_worlds import after, model, regime

from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import HarmReductionMark

PLACE: dict[str, Any] = {
    "place": "authority:birmingham", "people": 2000, "beyond_ranges": True,
    "parameters": {"ocu_per_1000": 150, "overdose_rate[heroin]": 2, "alone_share": 0.2},
}  # fmt: skip
NULLS = {"bystander_calls": 0.0, "bystander_stays": 0.0, "bystander_kit": 0.0}
OUTCOMES = ("expected_deaths", "circles_trained", "cost_police", "reversed_by_ambulance", "carrying_naloxone")


def changed(**numbers: float) -> dict[str, Any]:
    """The place with numbers of one's own."""
    return {**PLACE, "parameters": {**PLACE["parameters"], **numbers}}


def test_deaths_fall_and_police_pay():
    """With eight seeds and no effect |t| exceeds 3.5 once in a hundred times."""
    found = paired({"bystander_training": {"trained_per_100": 60}}, OUTCOMES, weeks=30, **PLACE)
    assert standard_errors(found["circles_trained"]) > 3.5 and standard_errors(found["cost_police"]) > 3.5
    assert standard_errors(found["expected_deaths"]) < -3.5


def test_calls_alone_bring_more_ambulances():
    calls = changed(bystander_stays=0, bystander_kit=0, ambulance_called=0.1, bystander_calls=0.8, bystander_fade=0)
    found = paired({"bystander_training": {"trained_per_100": 200}}, OUTCOMES, weeks=26, **calls)
    assert standard_errors(found["reversed_by_ambulance"]) > 3.5
    assert standard_errors(found["expected_deaths"]) < -3.5
    assert abs(standard_errors(found["carrying_naloxone"])) < 3.5, "no kit comes with it"


def test_without_its_effects_training_changes_nothing_but_money():
    found = paired(
        {"bystander_training": {"trained_per_100": 60}}, OUTCOMES, seeds=range(1, 3), weeks=26, **changed(**NULLS)
    )
    assert (found["circles_trained"] > 0).all() and (found["cost_police"] > 0).all()
    assert (found["expected_deaths"] == 0).all() and (found["reversed_by_ambulance"] == 0).all()


def test_what_was_learnt_fades_and_nobody_without_family_or_friends_is_reached():
    made = model(seed=4, regime=regime(bystander_training={"trained_per_100": 200, "ramp_weeks": 0}), **PLACE)
    for _ in range(2):  # in the first week nobody has been counted
        made.step()
    trained = np.flatnonzero(marked(made.people, HarmReductionMark.TRAINED_AROUND))
    assert trained.size and (made.people["ties"][trained] > 0).all()
    first = made.people["trained_around"][trained].copy()
    assert (first == np.float32(made.parameters["bystander_reached"])).all()
    for _ in range(3):
        made.step()
    again = marked(made.people, HarmReductionMark.TRAINED_AROUND)[trained]
    later = made.people["trained_around"][trained]
    assert (later[~again] <= first[~again]).all() and (later < first).any()
    made.close()


def test_who_fears_the_police_is_trained_around_least():
    drawn = regime(bystander_training={"trained_per_100": 50, "ramp_weeks": 0})
    afraid, others = 0.0, 0.0
    for seed in (1, 2, 3):
        made = model(seed=seed, regime=drawn, **changed(**NULLS, fear_fade=0, bystander_fade=0))
        half = np.flatnonzero(made.people["present"])[::2]
        made.people["fear"][half] = 5
        for _ in range(26):
            made.step()
        trained = np.flatnonzero(made.people["trained_around"] > 0)
        afraid, others = afraid + np.isin(trained, half).sum(), others + (~np.isin(trained, half)).sum()
        made.close()
    assert others > 20 and afraid < 0.5 * others


def test_twice_the_training_lowers_deaths_by_less_than_twice_as_much():
    none, one, two = (
        np.mean([
            totals(("circles_trained", "expected_deaths"), regime(
                bystander_training={"trained_per_100": k, "ramp_weeks": 0}), seed, 45, **PLACE) for seed in range(1, 4)
        ], axis=0) for k in (0, 75, 150)
    )  # fmt: skip
    assert two[0] > 1.8 * one[0]
    assert 0 > (two - none)[1] > 1.9 * (one - none)[1]


def test_training_ends_with_the_lever():
    made = after(3, seed=4, regime=regime(bystander_training={"coverage": 0.0}), **PLACE)
    assert not (made.people["trained_around"] > 0).any()
