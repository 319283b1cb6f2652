"""Outreach by people with lived experience, and kits by peers: whom they reach, what it moves, and where it ends."""

from typing import Any

import numpy as np
import pytest
from paired import paired, standard_errors, totals
from small_worlds import model, regime

from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import HarmReductionMark, OutreachMark
from policysim.vocabulary.states import Care, Justice, Substance

PLACE: dict[str, Any] = {
    "place": "authority:birmingham", "people": 2000, "beyond_ranges": True,
    "parameters": {"ocu_per_1000": 150, "overdose_rate[heroin]": 2, "alone_share": 0.2},
}  # fmt: skip
OUTREACH = ("asked_for_treatment", "waiting", "expected_deaths", "outreach_meetings", "cost_council", "outreach_kits")
NULLS = (
    "outreach_introduction", "outreach_referral", "outreach_kit", "outreach_needles", "outreach_stigma", "outreach_fear",
)  # fmt: skip


def changed(**numbers: float) -> dict[str, Any]:
    """The place with numbers of one's own."""
    return {**PLACE, "parameters": {**PLACE["parameters"], **numbers}}


def test_more_ask_for_treatment_and_everyone_waits_longer():
    """With eight seeds and no effect |t| exceeds 3.5 once in a hundred times."""
    found = paired({"lived_experience_outreach": {"workers": 40}}, OUTREACH, weeks=26, **PLACE)
    t = {name: standard_errors(difference) for name, difference in found.items()}
    assert t["outreach_meetings"] > 3.5 and t["cost_council"] > 3.5
    assert t["asked_for_treatment"] > 3.5 and t["expected_deaths"] < -3.5
    assert found["waiting"].mean() > 0, "an introduction without a free place is a longer list"


def test_without_its_effects_outreach_moves_nothing_but_money():
    none = changed(**dict.fromkeys(NULLS, 0.0))
    found = paired({"lived_experience_outreach": {"workers": 40}}, OUTREACH, seeds=range(1, 3), weeks=26, **none)
    assert (found["outreach_meetings"] > 0).all() and (found["cost_council"] > 0).all()
    for name in ("asked_for_treatment", "expected_deaths", "waiting", "outreach_kits"):
        assert (found[name] == 0).all(), name


def meetings(weeks: int, seed: int, workers: float, **numbers: float) -> tuple[int, int, float]:
    """Meetings with people who had not been met before, all meetings, and the share that have been met of the hidden."""
    drawn = regime(lived_experience_outreach={"workers": workers, "ramp_weeks": 0})
    made = model(seed=seed, regime=drawn, **changed(**dict.fromkeys(NULLS, 0.0), **numbers))
    fresh = found = 0
    for _ in range(weeks):
        before = made.people["outreach_trust"] > 0
        made.step()
        met = marked(made.people, OutreachMark.MET_OUTREACH)
        people = made.people[met]
        fresh, found = fresh + (met & ~before).sum(), found + met.sum()
        assert (people["care"] == Care.NONE).all(), "whoever waits for treatment has asked for it"
        assert (people["justice"] != Justice.CUSTODY).all()
    hidden = made.people["present"] & (made.people["dependent_on"] > 0) & (made.people["care"] == Care.NONE)
    known = (made.people["outreach_trust"][hidden] > 0).mean()
    made.close()
    return fresh, found, float(known)


def test_workers_meet_only_people_whom_services_do_not_know_and_keep_hours_for_those_met_before():
    fresh, found, _ = meetings(20, 5, 50, outreach_return=0.5)
    never, always, _ = meetings(20, 5, 50, outreach_return=0.0)
    assert found == always > 60
    assert 0.4 * found < fresh < 0.65 * found and never > 0.85 * found


def test_hours_bind_and_twice_the_workers_reach_less_than_twice_as_many():
    half, full = (meetings(26, 1, workers, outreach_return=0.2, outreach_contacts=20) for workers in (25, 50))
    assert 1.8 < full[1] / half[1] < 2.2, "as many meetings as there are hours for"
    assert full[0] < 1.9 * half[0] and half[2] < full[2], "more of them with people who are known already"


def test_a_kit_from_a_paid_worker_costs_what_a_kit_costs():
    found = paired({"lived_experience_outreach": {"workers": 40}}, ("outreach_kits", "peer_kits", "cost_council"),
                   seeds=range(1, 3), weeks=8, **changed(cost_outreach_worker_year=0, outreach_kit=1, outreach_introduction=0,
                                                         outreach_needles=0, outreach_stigma=0, outreach_fear=0, cost_kit=1000,
                                                         cost_peer_kit=0, kits_per_100=0))  # fmt: skip
    assert (found["outreach_kits"] > 0).all() and not found["peer_kits"].any()
    assert (found["cost_council"] / found["outreach_kits"]) == pytest.approx(1000, rel=0.2), "paid a week later"


PEER = (
    "expected_deaths",
    "peer_kits",
    "carrying_naloxone",
    "reversed_by_friends",
    "cost_council",
    "asked_for_treatment",
)


def test_peers_kits_lower_deaths_and_each_one_more_does_less():
    """With eight seeds and no effect |t| exceeds 3.5 once in a hundred times."""
    none, one, two = (
        np.array([
            totals(PEER, regime(peer_naloxone={"kits_per_100": k, "ramp_weeks": 0}), seed, 26, **PLACE) for seed in range(1, 9)
        ]) for k in (0, 40, 80)
    )  # fmt: skip
    found = [dict(zip(PEER, (more - none).T, strict=True)) for more in (one, two)]
    for difference in found:
        assert standard_errors(difference["expected_deaths"]) < -3.5
        assert standard_errors(difference["peer_kits"]) > 3.5 and standard_errors(difference["cost_council"]) > 3.5
    carrying = [difference["carrying_naloxone"].mean() for difference in found]
    assert carrying[0] < carrying[1] < 1.95 * carrying[0]
    assert found[1]["expected_deaths"].mean() > 1.95 * found[0]["expected_deaths"].mean()


def test_a_kit_that_does_nothing_lowers_no_death_and_nobody_alone_is_reached():
    none = changed(naloxone_rescue=0, warned_dose=0, warned_alone=0)  # who carries a kit hears of warnings too
    found = paired({"peer_naloxone": {"kits_per_100": 80}}, PEER, seeds=range(1, 3), weeks=26, **none)
    assert (found["peer_kits"] > 0).all() and (found["expected_deaths"] >= 0).all()
    nobody = changed(using_ties=0)
    found = paired({"peer_naloxone": {"kits_per_100": 80}}, PEER, seeds=range(1, 3), weeks=13, **nobody)
    assert (found["peer_kits"] == 0).all()


def test_peers_reach_people_outside_treatment_first_and_services_people_in_it():
    def share_hidden(mark: HarmReductionMark, **levers: Any) -> float:
        made = model(seed=2, regime=regime(**levers), **PLACE)
        hidden = found = 0
        for _ in range(26):
            made.step()
            got = made.people[marked(made.people, mark)]
            users = got["use"][:, Substance.HEROIN] > 0
            hidden, found = hidden + (got["care"][users] <= Care.WAITING).sum(), found + users.sum()
        made.close()
        return float(hidden / found)

    by_peers = share_hidden(HarmReductionMark.GOT_PEER_KIT, peer_naloxone={"kits_per_100": 80, "ramp_weeks": 0})
    by_services = share_hidden(HarmReductionMark.GOT_KIT, take_home_naloxone={"kits_per_100": 80, "ramp_weeks": 0})
    assert by_peers > by_services + 0.1


def test_a_kit_renewed_is_a_kit_paid_for():
    made = model(seed=2, regime=regime(peer_naloxone={"kits_per_100": 200, "ramp_weeks": 0}), **changed(kit_share=1))
    made.step()
    before = made.people["naloxone"].copy()
    made.step()
    assert (before & marked(made.people, HarmReductionMark.GOT_PEER_KIT)).any()
    assert np.isfinite(made.outcomes.costs).all()
    made.close()
