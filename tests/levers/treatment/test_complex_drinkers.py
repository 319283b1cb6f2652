"""Keyworkers for drinkers with complex needs: fewer calls, few places, and a before-and-after that misleads."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import after, model, regime, weekly

from policysim.agents.people.drinking import call_hazard, drink
from policysim.evidence.registry import registry
from policysim.model.building import python_views
from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import DrinkingMark
from policysim.vocabulary.states import SUBSTANCES, Care, Housing, Justice, Substance, Use

PLACE: dict[str, Any] = {
    "place": "authority:birmingham", "people": 3000, "beyond_ranges": True,
    "parameters": {"start_level[alcohol]": 0.3, "drinking_call_rate": 2, "keyworker_places": 0},
}  # fmt: skip
NULL = {**PLACE, "parameters": {**PLACE["parameters"], "drinking_fall_keyworker": 0, "keyworker_referral": 0}}
OUTCOMES = ("alcohol_calls", "alcohol_arrests", "keyworker_starts", "with_keyworker", "cost_council", "cost_nhs")


def test_calls_and_arrests_fall_the_nhs_saves_and_councils_pay():
    """With eight seeds and no effect |t| exceeds 3.5 once in a hundred times."""
    found = paired({"complex_drinkers": {"places": 300}}, OUTCOMES, weeks=52, **{**PLACE, "people": 2000})
    t = {name: standard_errors(difference) for name, difference in found.items()}
    assert t["keyworker_starts"] > 3.5 and t["cost_council"] > 3.5
    assert t["alcohol_calls"] < -3.5 and t["alcohol_arrests"] < -3.5 and t["cost_nhs"] < -3.5


def test_without_its_effects_a_keyworker_changes_no_call():
    found = paired({"complex_drinkers": {"places": 300}}, OUTCOMES, seeds=range(1, 3), weeks=39, **NULL)
    assert (found["keyworker_starts"] > 0).all()
    assert (found["alcohol_calls"] == 0).all() and (found["alcohol_arrests"] == 0).all()


def test_places_bind_and_returns_diminish():
    """Places are filled while few and stand empty when many; held at a time are never more than there are places."""
    held = []
    for places in (60, 120, 960):
        found = 0.0
        for seed in (1, 2):
            made = after(52, seed=seed, regime=regime(complex_drinkers={"places": places, "ramp_weeks": 0}), **PLACE)
            with_keyworker = weekly(made)["with_keyworker"]
            assert with_keyworker.max() <= 1.1 * places * 1_144_000 / 100_000 + 400, (
                "a person of the model stands for several hundred"
            )
            found += with_keyworker.mean()
        held.append(found)
    assert held[0] < held[1] <= held[2] < 4 * held[1], "eight times the places hold far from eight times the people"


def test_at_shipped_numbers_calls_fall_by_less_than_pilots_claim_and_the_power_is_most_of_it():
    """Over the mean stay of a year, of somebody severely dependent, whatever the luck of who is chosen."""
    made = model(engine="python", people=20)
    _, world = python_views(made)

    def fall(**said: float) -> float:
        numbers = SimpleNamespace(**{name: said.get(name, getattr(world, name)) for name in (
            "drinking_call_power", "drinking_call_rate", "drinking_reference", "drinking_return", "drinking_fall_treated",
            "drinking_fall_keyworker", "calls_fade", "call_ratio_homeless", "call_ratio_ill")})  # fmt: skip
        calls = []
        for keyworker in (False, True):
            use = [Use.NEVER] * SUBSTANCES
            use[Substance.ALCOHOL] = Use.DEPENDENT
            someone = SimpleNamespace(
                use=use, drinking=45.0, drinking_usual=45.0, drink_calls=4.0, care=Care.NONE, justice=Justice.FREE,
                housing=Housing.STABLE, ill=False, keyworker=keyworker, weeks=1,
            )  # fmt: skip
            calls.append(0.0)
            for _ in range(52):
                drink(someone, None, numbers, None)
                calls[-1] += call_hazard(someone, someone.drinking, numbers)
        return 1 - calls[1] / calls[0]

    rows = registry()
    power, keyworker = rows["drinking_call_power"], rows["drinking_fall_keyworker"]
    assert 0.2 < fall() < 0.5, "two in three fewer incidents were reported, without a comparison"
    assert fall(drinking_call_power=power.low) < 0.4 * fall() < fall(drinking_call_power=power.high)
    assert keyworker.low == keyworker.null == 0 and fall(drinking_fall_keyworker=0.0) == 0
    made.close()


def test_whoever_is_chosen_at_their_worst_is_called_for_less_often_anyway():
    """The before-and-after of pilots: in a world in which keyworkers do nothing calls of their clients fall as well."""
    seldom = {**NULL, "people": 6000, "parameters": {**NULL["parameters"], "drinking_call_rate": 0.7}}
    keyworkers = regime(complex_drinkers={"places": 1000, "ramp_weeks": 0, "start_week": 52})
    made = model(seed=3, years=3, regime=keyworkers, **seldom)
    before: dict[int, float] = {}
    for _ in range(156):
        made.step()
        if made.week < 104:
            for row in np.flatnonzero(marked(made.people, DrinkingMark.GOT_KEYWORKER)).tolist():
                before.setdefault(row, float(made.people["drink_calls"][row]))
    rows = np.array([row for row in before if made.people["present"][row]])
    after = made.people["drink_calls"][rows]
    assert rows.size > 15
    assert after.mean() < 0.9 * np.mean([before[row] for row in rows.tolist()])
    made.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_those_taken_on_have_been_called_for_often_and_the_most_often_first(seed):
    made = model(seed=seed, regime=regime(complex_drinkers={"places": 60, "ramp_weeks": 0}), **PLACE)
    taken = 0
    for _ in range(30):
        made.step()
        chosen = marked(made.people, DrinkingMark.GOT_KEYWORKER)
        called = marked(made.people, DrinkingMark.CALLED_FOR_DRINK) & made.people["present"] & ~made.people["keyworker"]
        able = called & (made.people["care"] <= 1) & (made.people["justice"] != 2)
        taken += chosen.sum()
        if chosen.any():
            least = made.people["drink_calls"][chosen].min()
            assert least >= made.parameters["keyworker_calls"]
            assert not able.any() or made.people["drink_calls"][able].max() <= max(
                least, made.parameters["keyworker_calls"]
            )
    assert taken > 0
    made.close()
