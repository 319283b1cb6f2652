"""What a purse must pay, what it may refuse, how long a budget lasts, and what gives way when it is empty."""

import numpy as np
import pytest
from small_worlds import BUSY, after, model, regime, weekly

from policysim.agents.institutions.purses import Purse
from policysim.vocabulary.purses import DRY, PURSES


@pytest.fixture(scope="module")
def still():
    made = model()
    yield made
    made.close()


def test_what_is_owed_is_paid_beyond_the_budget_and_what_is_asked_for_is_not(still):
    purse = Purse(still, "police", 100.0)
    purse.owe(130.0)
    assert purse.memory["spent_this_week"] == 130 and purse.memory["left"] == -30 and not purse.memory["dry"]
    assert purse.pay(10.0) == 0 and purse.memory["spent_this_week"] == 130 and purse.memory["dry"]
    purse.act(1)
    assert purse.memory == {"left": -30.0, "spent_this_week": 0.0, "dry": False}
    purse.act(52)
    assert purse.memory["left"] == 100, "who owed more begins the next year with its budget all the same"


def test_a_budget_by_year_begins_where_the_regimes_part_and_its_last_year_stays(still, monkeypatch):
    monkeypatch.setattr(still, "burn_in_weeks", 52)
    purse = Purse(still, "council", (10.0, 20.0))
    assert [purse.of_year(week) for week in (0, 51, 52, 103, 104, 300)] == [None, None, 10, 10, 20, 20]
    assert purse.pay(1e9) == 1, "in the burn-in nothing is refused"
    purse.act(52)
    assert purse.pay(40.0) == 0.25 and purse.memory["dry"]


def test_a_purse_of_nothing_that_nobody_asks_is_not_dry(still):
    purse = Purse(still, "business", 0.0)
    assert purse.pay(0.0) == 0 and not purse.memory["dry"]
    purse.pay(1.0)
    assert purse.memory["dry"]


def test_that_a_purse_was_dry_is_told_as_weeks_of_the_whole_place(still):
    figures = np.zeros((len(still.place.authorities), max(DRY.values()) + 1))
    purse = Purse(still, "nhs", 1.0)
    purse.tell(figures)
    assert not figures.any()
    purse.pay(2.0)
    purse.tell(figures)
    assert (
        figures[:, DRY["nhs"]].sum() * still.one_in == pytest.approx(1) and np.count_nonzero(figures.sum(axis=0)) == 1
    )


@pytest.fixture(scope="module")
def of_police():
    """A busy town with patrols and tests, whose police have all they ask for, or nothing."""
    busy = regime(hot_spot_patrol={"ramp_weeks": 0}, test_on_arrest={"tested": 1.0, "ramp_weeks": 0})
    town = {"place": "authority:birmingham", "people": 300, "regime": busy, "parameters": BUSY}
    return [after(12, budgets=budgets, **town) for budgets in (None, {"police": 0.0})]


def test_without_money_officers_neither_search_nor_patrol_nor_test_and_still_arrest(of_police):
    broke = of_police[1]
    counted = [weekly(made)[4:].sum(numeric_only=True) for made in of_police]
    for name in ("searches", "tests"):
        assert counted[0][name] > 0 == counted[1][name], name
    team = broke.police[0]
    assert team.patrol() == 0 and team.policy.patrol > 0 and not broke.places["police_naloxone"].any()
    assert counted[1]["cost_police"] > 0, "whoever is found or caught is arrested, and that costs"
    assert counted[1]["weeks_dry_police"] == pytest.approx(8) and counted[0]["weeks_dry_police"] == 0


def test_with_enough_money_nothing_is_different_from_having_no_budget(of_police):
    rich = after(
        12, budgets=dict.fromkeys(PURSES, 1e12), place="authority:birmingham", people=300, parameters=BUSY,
        regime=of_police[0].regime,
    )  # fmt: skip
    assert np.array_equal(rich.outcomes.costs, of_police[0].outcomes.costs)
    assert np.array_equal(rich.outcomes.flows, of_police[0].outcomes.flows)
