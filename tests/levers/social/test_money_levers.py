"""Money put together, and money moved: where it comes from, what it buys, what is missing then; nothing is made or lost.

The direction of arrests is tested over five paired seeds at |t| > 4.6: with no effect at all, once in a hundred tests.
"""

import pytest
from paired import paired, standard_errors
from small_worlds import BUSY, after, disagreements, model, regime, weekly

from policysim.agents.institutions.partnership import PARTNERS, PartnershipPolicy
from policysim.levers.catalogue import LEVERS
from policysim.vocabulary.marks import PoliceMark
from policysim.vocabulary.purses import PURSES
from policysim.vocabulary.stocks import Stock

TOWN = {"place": "authority:birmingham", "people": 300, "parameters": BUSY}


@pytest.fixture
def town(monkeypatch):
    """A town in which nobody lives a week: 1,000 pounds were spent by each purse, and so many people are in treatment."""
    made = model(**TOWN)
    made.outcomes.costs[0] = 1000.0
    service = made.services[0]
    stocks = {Stock.AGONIST: 40, Stock.PSYCHOSOCIAL: 0}
    monkeypatch.setattr(service, "stock", lambda stock: stocks.get(stock, 0))
    yield made, service, stocks
    made.close()


def spent(made) -> dict[str, float]:
    return {name: purse.memory["spent_this_week"] for name, purse in made.purses.items()}


def test_each_partner_pays_its_share_into_one_pot_that_is_shared_out_as_services_are(town):
    made, service, _ = town
    made.partnership.policy.share, made.partnership.policy.support = 0.1, 0.4
    made.partnership.act(1)
    assert spent(made) == {name: 100.0 * (name in PARTNERS) for name in PURSES}
    assert service.memory["for_sessions"] == pytest.approx(120) and service.memory["from_partners"] == pytest.approx(
        180
    )
    made.partnership.act(2)
    assert made.partnership.memory["pooled"].sum() == 0, "nothing was spent in week 1, so nothing is asked in week 2"


def test_the_pot_is_divided_as_is_said_however_large_it_is_by_now():
    lever = LEVERS["joined_up_funding"].model_validate({"share": 0.1, "support": 0.4})
    for level, said in ((0.0, (0.0, 0.0)), (0.5, (0.05, 0.4)), (1.0, (0.1, 0.4))):
        policy = PartnershipPolicy()
        lever.pull(policy, level)
        assert (policy.share, policy.support) == said


@pytest.mark.parametrize("full", [True, False])
def test_what_the_pot_buys_is_paid_once_and_the_rest_goes_back(town, full):
    made, _, stocks = town
    stocks[Stock.AGONIST] = 10_000 if full else 0
    made.partnership.policy.share, made.partnership.policy.support = 0.1, 0.4
    made.partnership.act(1)
    made.organised_crime.take_assets()
    first = spent(made)
    for purse in made.purses.values():
        purse.act(2)
    made.partnership.policy.share = 0.0
    made.partnership.act(2)
    second = spent(made)
    net = {name: first[name] + second[name] for name in PURSES}
    if full:  # places are on the council's bill, which has been given what they cost; sessions are the partners' own
        assert net["council"] == pytest.approx(-180, abs=60) and sum(net.values()) == pytest.approx(120, abs=0.05)
        assert made.partnership.memory["spent"].sum() == pytest.approx(120 - net["council"], abs=0.05)
    else:
        assert net == pytest.approx(dict.fromkeys(PURSES, 0.0), abs=0.05)
        assert made.partnership.memory["spent"].sum() == 0


def test_a_partner_with_nothing_left_puts_nothing_in():
    made = after(3, **TOWN, regime=regime(joined_up_funding={"ramp_weeks": 0}), budgets=dict.fromkeys(PARTNERS, 0.0))
    assert weekly(made)["pooled"].sum() == 0


def test_recovered_assets_and_the_pot_each_pay_their_part_of_the_same_places(town):
    made, service, stocks = town
    stocks[Stock.AGONIST] = 10_000
    service.memory |= {"gift": 400.0, "from_assets": 100.0, "from_partners": 300.0}
    from policysim.agents.institutions.gifts import spent_on_places

    of_assets, of_pot = (spent_on_places(service, given) for given in (100.0, 300.0))
    assert 0 < of_assets == pytest.approx(of_pot / 3) and made.organised_crime.spent_on(service) == of_assets


@pytest.fixture(scope="module")
def lived():
    """The busy town as it is, with a tenth of partners' money in one pot, with half of enforcement moved, or a twentieth."""
    levers = {
        "quo": {}, "joined": {"joined_up_funding": {"share": 0.1, "ramp_weeks": 0}},
        "moved": {"commissioners_priority": {"moved": 0.5, "ramp_weeks": 0}},
        "offers": {"commissioners_priority": {"moved": 0.05, "treatment": 0, "ramp_weeks": 0}},
    }  # fmt: skip
    full = {**TOWN, "parameters": {**BUSY, "agonist_places_ratio": 0.5, "psychosocial_places_ratio": 0.5}}
    return {name: after(26, **full, regime=regime(**pulled)) for name, pulled in levers.items()}


def test_the_pot_buys_treatment_without_any_budget(lived):
    quo, joined = (weekly(lived[name]) for name in ("quo", "joined"))
    assert joined["pool_spent"].sum() > 0.1 * joined["pooled"].sum() > 0 == quo["pooled"].sum()
    assert joined["treatment_starts"].sum() > quo["treatment_starts"].sum()
    assert joined["counselling_sessions"].sum() > quo["counselling_sessions"].sum()


def test_what_is_moved_from_enforcement_leaves_the_police_purse_for_diversion_and_treatment(lived):
    quo, moved = (weekly(lived[name]) for name in ("quo", "moved"))
    assert moved["searches"].sum() == pytest.approx(0.5 * quo["searches"].sum(), rel=0.15)
    assert moved["moved_from_enforcement"].sum() > 0 == quo["moved_from_enforcement"].sum()
    team = lived["moved"].police[0]
    assert team.sent_to_treatment() == pytest.approx(0.5 * team.released())
    assert lived["moved"].places["diversion_offer"].max() > lived["quo"].places["diversion_offer"].max()
    assert lived["moved"].services[0].memory["from_partners"] > 0


def test_only_what_was_not_done_is_moved_and_no_arrest_for_supply_was_left_out(town, monkeypatch):
    made, *_ = town
    team, p = made.police[0], made.parameters
    counts = {PoliceMark.SEARCHED: 60, PoliceMark.FOUND_WITH_DRUGS: 20, PoliceMark.ARRESTED_FOR_DRUGS: 50}
    monkeypatch.setattr(team, "last_week", lambda mark: counts.get(mark, 0))
    team.policy.moved, team.policy.diversion_offer = 0.4, 0.0
    searches, arrests = 60 / 0.6 - 60, 20 * (1 - p["supply_share"]) * team.policy.arrest_share * 0.4
    expected = (searches * p["cost_search"] + arrests * p["cost_arrest"]) * made.one_in
    assert team.released() == pytest.approx(expected)
    team.policy.diversion_offer = 1.0
    assert searches * p["cost_search"] * made.one_in < team.released() < expected, (
        "some would have been diverted anyway"
    )


def test_what_is_moved_to_diversion_is_spent_on_it(lived):
    quo, moved = (weekly(lived[name])[["diversions", "youth_diversions"]].sum() for name in ("quo", "offers"))
    adults = (moved - quo)["diversions"] - (moved - quo)["youth_diversions"]
    made = lived["offers"]
    left = made.police[0].memory["for_diversion"]
    spent = weekly(made)["moved_from_enforcement"].sum() - left
    assert 0 < adults * made.parameters["cost_diversion"] == pytest.approx(spent, rel=0.2)


def test_an_empty_purse_moves_nothing():
    drawn = regime(commissioners_priority={"moved": 0.5, "ramp_weeks": 0})
    assert weekly(after(5, **TOWN, regime=drawn, budgets={"police": 0.0}))["moved_from_enforcement"].sum() == 0


def test_where_nothing_is_moved_or_put_together_nothing_is_different(lived):
    none = regime(
        joined_up_funding={"share": 0.0, "ramp_weeks": 0}, commissioners_priority={"moved": 0.0, "ramp_weeks": 0}
    )
    same = after(5, **TOWN, regime=none)
    assert disagreements(after(5, **TOWN), same) == []


def test_with_budgets_the_partners_deliver_less_themselves():
    budgets = {"police": 8e8}
    pair = [
        weekly(after(30, **TOWN, budgets=budgets, regime=regime(**levers)))
        for levers in ({}, {"joined_up_funding": {"share": 0.25, "ramp_weeks": 0}})
    ]
    assert pair[1]["weeks_dry_police"].sum() > pair[0]["weeks_dry_police"].sum()
    assert pair[1]["searches"].sum() < pair[0]["searches"].sum()


@pytest.mark.slow
def test_moving_money_from_enforcement_means_fewer_arrests():
    found = paired(
        {"commissioners_priority": {"moved": 0.6}},
        ("arrests",),
        seeds=range(1, 6),
        weeks=12,
        beyond_ranges=True,
        **TOWN,
    )
    assert standard_errors(found["arrests"]) < -4.6
