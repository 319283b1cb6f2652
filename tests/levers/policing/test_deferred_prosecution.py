"""Contracts in place of a charge: fewer convictions, as far as navigators go; some are drawn in, and some break them.

What rises or falls is tested over eight pairs of runs at |t| > 3.5, which without an effect happens once in a hundred times.
"""

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import BUSY, after, regime, weekly

from policysim.vocabulary.states import Charge

PLACE = {
    "place": "authority:birmingham", "people": 4000, "years": 1, "beyond_ranges": True,
    "parameters": {"trigger_arrest_rate[men]": 0.01, "arrests_per_offence": 0.008, "arrests_capacity_per_1000": 100,
                   "cases_per_1000": 300, "hearing_weeks": 4},
}  # fmt: skip
"""More is stolen than in life, so that a small place has enough of it; contracts have room for all that it is."""
ROOM = {"contracts": 200}
OUTCOMES = (
    "deferrals", "deferrals_from_charge", "deferrals_breached", "deferrals_completed", "charges", "convictions",
    "offences", "cost_police",
)  # fmt: skip


@pytest.fixture(scope="module")
def moved() -> dict[str, np.ndarray]:
    return paired({"deferred_prosecution": ROOM}, OUTCOMES, weeks=40, **PLACE)


def test_contracts_are_made_charges_and_convictions_fall_and_police_pay(moved):
    assert (moved["deferrals"] > 0).all()
    assert standard_errors(moved["convictions"]) < -3.5 and standard_errors(moved["charges"]) < -3.5
    assert standard_errors(moved["cost_police"]) > 3.5


def test_some_are_drawn_into_the_net_and_some_break_their_contract(moved):
    drawn_in = moved["deferrals"] - moved["deferrals_from_charge"]
    assert standard_errors(drawn_in) > 3.5 and drawn_in.mean() < 0.5 * moved["deferrals"].mean()
    assert 0 < moved["deferrals_breached"].mean() < moved["deferrals_completed"].mean()


def test_with_effects_at_their_null_values_contracts_leave_offending_to_the_bit():
    none = paired({"deferred_prosecution": ROOM}, OUTCOMES, seeds=range(1, 3), weeks=40, null_effects=True, **PLACE)
    assert (none["deferrals"] > 0).all() and not none["offences"].any()


def test_offending_falls_for_those_who_would_have_been_charged_and_only_by_the_published_ratio():
    numbers = {"contract_referral": 0.0, "offending_in_custody": 1.0, "offending_in_care[agonist]": 1.0,
               "offending_in_care[psychosocial]": 1.0, "ocu_per_1000": 40, "prolific_part": 0.1}  # fmt: skip
    offences = [
        paired(
            {"deferred_prosecution": {"contracts": 400, "offered": 1.0}}, ("offences",), range(1, 7), 40,
            **{**PLACE, "parameters": {**PLACE["parameters"], **numbers, "offending_after_diversion": ratio}},
        )["offences"]
        for ratio in (0.7, 1.0)
    ]  # fmt: skip
    assert standard_errors(offences[0]) < -3.5 and offences[0].mean() < 5 * -abs(offences[1].mean())


def contracts(weeks: int = 40, **settings: float) -> tuple[float, float]:
    """Contracts made, and most of them at a time over what there is room for."""
    drawn = regime(deferred_prosecution={"ramp_weeks": 0, **settings})
    deferrals, filled = 0.0, []
    for seed in range(1, 5):  # few are bound at a time
        made = after(weeks, regime=drawn, seed=seed, **PLACE)
        found = weekly(made)
        room = settings["contracts"] * made.place.authorities[0].population / 100_000
        deferrals += found["deferrals"].sum()
        filled.append(found["on_contract"].max() / room)
    return deferrals, float(np.mean(filled))


def test_navigators_bind_and_more_of_them_bring_less_than_in_proportion():
    always, half = contracts(contracts=20, offered=1.0), contracts(contracts=20, offered=0.5)
    scarce, twice = (contracts(contracts=number, offered=1.0) for number in (50, 100))
    assert scarce[1] <= 1.5, "a week's offers are a guess at who accepts"
    assert scarce[0] < twice[0] < 2.2 * scarce[0]
    assert always[0] < 1.7 * half[0], "offered twice as often, half of it is turned away"


def test_whoever_breaks_a_contract_is_charged_with_what_was_deferred():
    drawn = regime(deferred_prosecution={"ramp_weeks": 0, "contracts": 400})
    made = after(
        20, regime=drawn, place="authority:birmingham", people=600, parameters={**BUSY, "contract_breach_rate": 50}
    )
    found = weekly(made)
    assert found["deferrals_breached"].sum() > 0.8 * found["deferrals"].sum() > 0
    bound = made.people["deferred"] != Charge.NONE
    assert (made.people["contract_weeks"][bound] > 0).all(), "nobody is bound by a contract that has ended"
