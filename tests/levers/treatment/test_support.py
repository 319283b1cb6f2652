"""What is given beside a place in treatment does what it is bought for, and nothing where its effects are nil.

Over eight seeds |t| exceeds 3.5 once in a hundred times where nothing differs.
"""

import numpy as np
import pytest
from paired import paired, standard_errors, totals
from small_worlds import BUSY, disagreements, model, regime

from policysim.agents.institutions.treatment import reached
from policysim.scenarios.regime import regimes

SURE = 3.5
WEEKS = 40
ARGUMENTS = {
    "place": "authority:birmingham", "people": 500, "years": 1, "beyond_ranges": True,
    "parameters": {
        **BUSY, "psychosocial_coverage": 0.3, "agonist_coverage": 0.6, "peers_in_remission": 1, "veteran_share": 1,
        "completion_rate[agonist]": 0.2, "completion_rate[psychosocial]": 4, "depot_turnover": 12,
    },
}  # fmt: skip
FULL = {
    "counselling": {"counsellors": 20}, "contingency_management": {"places": 200}, "peer_support": {"peers": 50},
    "depot_buprenorphine": {"offered": 1.0}, "women_only": {"places": 1.0, "childcare": 1.0}, "veterans": {"mentored": 1.0},
}  # fmt: skip
STRONG = {
    "counselling": {"counselling_retention": 1.0, "counselling_retention_psychosocial": 1.0},
    "contingency_management": {"voucher_retention": 1.0},
    "peer_support": {"relapse_in_group": 0.0},
    "depot_buprenorphine": {"depot_retention": 1.0},
    "women_only": {"seek_ratio_sex[women]": 0.2, "mothers_held_back": 1.0, "childcare_effect": 1.0, "women_only_effect": 1.0},
    "veterans": {"veterans_held_back": 2.0, "mentor_effect": 1.0},
}  # fmt: skip
"""Effects so strong that a few hundred people show them within a year."""
NOTHING = {
    "counselling": ("counselling_retention", "counselling_retention_psychosocial", "counselling_on_top"),
    "contingency_management": ("voucher_retention", "voucher_effect"),
    "peer_support": ("peer_retention",),
    "depot_buprenorphine": ("depot_retention", "depot_on_top"),
    "women_only": ("women_only_effect", "women_only_retention", "childcare_effect"),
    "veterans": ("mentor_effect", "mentor_retention"),
}
SAID = {
    "counselling": ("treatment_dropped", -1), "contingency_management": ("treatment_dropped", -1),
    "peer_support": ("relapses", -1), "depot_buprenorphine": ("treatment_dropped", -1),
    "women_only": ("asked_for_treatment", 1), "veterans": ("asked_for_treatment", 1),
}  # fmt: skip


def arguments(**changes: float) -> dict:
    return {**ARGUMENTS, "parameters": {**ARGUMENTS["parameters"], **changes}}


@pytest.mark.slow
@pytest.mark.parametrize("name", SAID)
def test_it_moves_what_it_is_bought_for(name):
    outcome, direction = SAID[name]
    found = paired({name: FULL[name]}, (outcome,), weeks=WEEKS, **arguments(**STRONG[name]))[outcome]
    assert direction * standard_errors(found) > SURE, found


@pytest.mark.slow
@pytest.mark.parametrize("name", NOTHING)
def test_without_its_effects_it_is_delivered_and_moves_nothing(name):
    """Marks and money apart, everybody lives the same lives."""
    nil = {**dict.fromkeys(NOTHING[name], 0.0), "relapse_in_group": 1.0}
    if name == "depot_buprenorphine":
        nil["prescribed_dose[agonist]"] = 0.0  # or the depot would go on protecting whoever leaves
    made = []
    for drawn in (regimes()["status-quo"], regime(**{name: {**FULL[name], "ramp_weeks": 0}})):
        one = model(**arguments(**nil), seed=3, regime=drawn)
        for _ in range(WEEKS):
            one.step()
        one.close()
        made.append(one)
    allowed = ("support_marks", "depot_weeks", "group_weeks", "places.", "outcomes.")
    differing = [what for what in disagreements(*made) if not any(part in what for part in allowed)]
    assert differing == []
    assert (made[0].outcomes.flows != made[1].outcomes.flows).any(), "it was delivered"


def test_staff_meet_clients_at_random_so_that_twice_as_many_reach_less_than_twice_as_many():
    assert reached(10, 100) < reached(20, 100) < 2 * reached(10, 100)
    assert reached(1e6, 100) == pytest.approx(1)
    assert reached(20, 200) == reached(10, 100), "half as much for each of twice as many clients"
    assert reached(10, 0) == 0


@pytest.mark.slow
def test_twice_the_counsellors_give_less_than_twice_the_sessions_and_peers_are_bounded_by_people_in_remission():
    def given(outcome: str, drawn: dict, **changes: float) -> float:
        pulled = regime(**{name: {"ramp_weeks": 0, **settings} for name, settings in drawn.items()})
        return float(np.mean([totals((outcome,), pulled, seed, 20, **arguments(**changes))[0] for seed in (1, 2, 3)]))

    once, twice = (given("counselling_sessions", {"counselling": {"counsellors": n}}) for n in (3.0, 6.0))
    assert once < twice < 1.9 * once
    few, more = (given("peer_support_weeks", {"peer_support": {"peers": n}}, peers_in_remission=0.01) for n in (25, 50))
    assert few == more > 0, "there are no more peers to be found"
