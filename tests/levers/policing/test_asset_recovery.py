"""The money taken from those who supply: when it comes, who keeps it, what it buys and whose cost that then is.

The direction is tested over five paired seeds at |t| > 4.6: with no effect at all, once in a hundred tests.
"""

import pytest
from paired import paired, standard_errors
from small_worlds import BUSY, after, regime, weekly

from policysim.agents.institutions.purses import Purse
from policysim.vocabulary.states import Care
from policysim.vocabulary.stocks import Stock


def test_today_as_much_is_recovered_as_is_published_and_police_keep_a_part_of_what_is_more(operate):
    made = operate(3)
    residents, memory = made.market.residents.sum(), made.organised_crime.memory
    usual = memory["recovered"].sum()
    assert usual * 52 == pytest.approx(1.2 * residents) and usual == pytest.approx(0.15 * memory["seized"].sum())
    cost = made.purses["police"].memory["spent_this_week"]
    more = operate(1000, asset_recovery=0.4)
    rise = more.organised_crime.memory["recovered"].sum() - usual
    investigators = made.parameters["cost_asset_recovery"] * rise
    assert more.purses["police"].memory["spent_this_week"] - cost == pytest.approx(
        investigators - 0.26 * rise, rel=1e-2
    )


def test_what_is_recovered_comes_years_after_and_is_never_more_than_was_found(operate):
    at_once, later, long_after = (
        operate(weeks, asset_recovery=0.4).organised_crime.memory["recovered"].sum() for weeks in (1, 52, 1000)
    )
    usual = operate(1).organised_crime.memory["recovered"].sum()
    assert usual == pytest.approx(at_once) and usual < later < 0.8 * long_after
    assert long_after == pytest.approx(0.4 / 0.15 * usual, rel=1e-3)
    memory = operate(1000, asset_recovery=1.0).organised_crime.memory
    assert memory["recovered"].sum() == pytest.approx(memory["seized"].sum(), rel=1e-3)


def test_what_is_not_for_treatment_is_no_gift_and_money_for_treatment_leaves_police_the_rest(operate):
    made = operate(2, into_treatment=0.0)
    assert not any(service.memory["gift"] for service in made.services)
    police = made.purses["police"].memory["spent_this_week"]
    made = operate(2, into_treatment=0.9)
    recovered = made.organised_crime.memory["recovered"].sum()  # 0.1 is left of the 0.26 that they have today
    assert made.purses["police"].memory["spent_this_week"] - police == pytest.approx(0.16 * recovered)
    assert sum(service.memory["gift"] for service in made.services) == pytest.approx(0.9 * recovered)


def test_money_becomes_places_of_the_price_of_places_a_tenth_of_todays_in_the_long_run(operate):
    made = operate(1000, asset_recovery=0.4, into_treatment=0.5)
    kinds = {Care.AGONIST: "cost_agonist_year", Care.PSYCHOSOCIAL: "cost_psychosocial_year"}
    service = max(made.services, key=lambda each: each.usual_places[Care.AGONIST])
    bought = sum(service.places_given(kind) * made.parameters[cost] for kind, cost in kinds.items()) * made.one_in
    assert bought == pytest.approx(service.memory["gift"] * 52)
    of_all = sum(each.memory["gift"] for each in made.services) / service.memory["gift"]
    assert 1000 < sum(service.places_given(kind) for kind in kinds) * made.one_in * of_all < 3000, "of some 18,000"


def test_the_places_given_are_paid_for_by_what_was_recovered_as_far_as_somebody_is_in_them(operate, monkeypatch):
    made = operate(2, into_treatment=0.5)
    service = max(made.services, key=lambda each: each.usual_places[Care.AGONIST])
    own, given = service.usual_places[Care.AGONIST], service.places_given(Care.AGONIST)
    paid = []
    for people in (own - 1, own + given / 2, own + 2 * given):
        monkeypatch.setattr(service, "stock", lambda stock, n=people: n if stock == Stock.AGONIST else 0)
        paid.append(made.organised_crime.spent_on(service))
    year = given * made.one_in * made.parameters["cost_agonist_year"] / 52
    assert paid == pytest.approx([0, year / 2, year])
    monkeypatch.setattr(service, "stock", lambda stock: own + 2 * given if stock == Stock.AGONIST else 0)
    made.purses["council"].act(1)
    made.organised_crime.take_assets()
    assert made.purses["council"].memory["spent_this_week"] == pytest.approx(-year), (
        "so much less is the council's cost"
    )


def test_a_purse_with_a_budget_can_spend_what_it_receives(still):
    purse = Purse(still, "council", 52.0)
    purse.receive(10)
    assert purse.pay(31) == 1 and purse.memory == {"left": 31.0, "spent_this_week": 21.0, "dry": False}


def test_what_was_recovered_buys_places_though_the_councils_purse_is_empty():
    town = {"place": "authority:birmingham", "people": 300, "budgets": {"council": 0.0}}
    levers = regime(asset_recovery={"recovered": 1.0, "into_treatment": 1.0, "ramp_weeks": 0})
    none, some = (
        weekly(after(8, regime=drawn, parameters={**BUSY, "drug_assets_recovered": 200}, **town))
        for drawn in ("status-quo", levers)
    )
    assert none["treatment_starts"].sum() == 0 < some["treatment_starts"].sum()
    assert some["assets_to_treatment"].sum() > 0 == none["assets_to_treatment"].sum()


@pytest.mark.slow
def test_recovered_assets_bring_people_into_treatment_where_places_are_full_and_nowhere_else():
    rich = {**BUSY, "agonist_places_ratio": 0.4, "psychosocial_places_ratio": 0.4, "drug_assets_recovered": 200}
    levers: dict[str, dict] = {"asset_recovery": {"recovered": 1.0, "into_treatment": 1.0}}
    arguments = {"place": "authority:birmingham", "people": 200, "beyond_ranges": True}
    found = paired(levers, ("waiting",), seeds=range(1, 6), weeks=15, parameters=rich, **arguments)
    assert standard_errors(found["waiting"]) < -4.6
    spare = {**rich, "agonist_places_ratio": 20, "psychosocial_places_ratio": 20}
    found = paired(levers, ("treatment_starts",), seeds=range(1, 2), weeks=15, parameters=spare, **arguments)
    assert not found["treatment_starts"].any(), "a free place needs no money"
