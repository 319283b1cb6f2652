"""The board that manages those arrested most: it sees arrests alone, and what it chooses falls by itself.

What rises or falls is tested over eight pairs of runs at |t| > 3.5, which without an effect happens once in a hundred times.
"""

from types import SimpleNamespace

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import after, model, regime

from policysim.agents.people.offending import be_managed
from policysim.agents.people.work_home import better_home
from policysim.engine.luck import Luck
from policysim.evidence.registry import registry
from policysim.model.building import python_views
from policysim.vocabulary.marks import SchemeMark
from policysim.vocabulary.states import Housing

PLACE = {"place": "authority:birmingham", "years": 2, "beyond_ranges": True}
OUTCOMES = (
    "taken_on",
    "left_management",
    "offences",
    "other_arrests",
    "treatment_entries",
    "cost_police",
    "cost_business",
)
INERT = {"support": 0.0, "enforcement": 0.0}
OFTEN = {"ocu_per_1000": 60, "arrests_per_offence": 0.008}
"""More people who steal, so that a small place has enough of them."""


@pytest.fixture(scope="module")
def moved() -> dict[str, np.ndarray]:
    return paired(
        {"prolific_offender_management": {"places": 300}}, OUTCOMES, weeks=78, people=4000,
        parameters={**OFTEN, "managed_places": 0}, **PLACE,
    )  # fmt: skip


def test_where_many_steal_and_places_are_many_offences_fall_and_swift_arrest_brings_arrests(moved):
    assert (moved["taken_on"] > 0).all() and moved["left_management"].mean() > 0
    assert standard_errors(moved["offences"]) < -3.5
    assert standard_errors(moved["treatment_entries"]) > 3.5
    assert standard_errors(moved["other_arrests"]) > 3.5, "the harm: more arrests for the same offences"


def test_business_pays_its_share_of_places_that_are_taken_or_not(moved):
    weeks = 78 * 1_144_000 / 100_000 / 52  # years of one place per 100,000, about
    assert moved["cost_business"].mean() == pytest.approx(
        0.25 * 300 * weeks * registry()["cost_managed_year_business"].value, rel=0.03
    )


@pytest.mark.parametrize(("places", "added"), [(10, 0), (20, 0), (60, 40)])
def test_business_pays_for_a_part_of_what_is_added_to_today_s_places_and_police_for_the_rest(places, added):
    made = model(place="authority:birmingham", engine="python", people=100, parameters={"managed_places": 20})
    board = made.boards[0]
    board.policy.places, board.policy.business_share = places, 0.25
    residents = made.place.authorities[0].population / 100_000
    assert board.places_of_business() == pytest.approx(0.25 * added * residents)
    assert board.places_of_police() == pytest.approx((places - 0.25 * added) * residents)
    made.close()


def test_today_s_places_are_full_at_shipped_numbers_and_five_times_as_many_stand_empty():
    def held(**levers: dict) -> float:
        made = after(104, regime=regime(**levers), place="authority:birmingham", people=20_000, years=2)
        weekly = made.outcomes.weekly(["Birmingham"], made.one_in).query("area == 'all'")
        return float(weekly["managed"].to_numpy()[-26:].mean() / made.place.authorities[0].population * 100_000)

    today, many = held(), held(prolific_offender_management={"places": 100, "ramp_weeks": 0})
    assert 15 < today < 23, "managed_places are 20 for 100,000"
    assert today < many < 70, "few are arrested twice in a year"


def test_without_support_and_enforcement_the_programme_changes_nobody():
    none = paired(
        {"prolific_offender_management": {**INERT, "places": 300}}, OUTCOMES, seeds=range(1, 3), weeks=60, people=4000,
        parameters={**OFTEN, "managed_support": 0.0, "managed_looked_for": 0.0}, **PLACE,
    )  # fmt: skip
    assert (none["taken_on"] > 0).all() and not none["left_management"].any()
    assert not none["offences"].any() and not none["other_arrests"].any(), "though homes are found sooner with support"


def test_homes_are_found_and_people_withdraw_where_there_is_support_alone():
    made = model(engine="python", people=100, parameters={"leave_management": 1000})
    _, world = python_views(made)
    assert world.managed_find_home > 1

    def managed(support: float, weeks: int = 30) -> tuple[float, SimpleNamespace]:
        here = SimpleNamespace(managed_referral=support)
        someone = SimpleNamespace(
            housing=Housing.HOMELESS, dependent_on=1, managed_weeks=weeks, referred=0.0, scheme_marks=0
        )
        home, luck = better_home(someone, here, world), Luck({"be_managed": 7})
        luck.turn_to(1, 0, "be_managed")
        if weeks:
            be_managed(someone, here, world, luck)
        return home, someone

    (usual, _), (alone, looked_for), (helped, supported) = managed(0.5, weeks=0), managed(0.0), managed(0.5)
    in_full = managed(1.0)[0]
    assert alone == usual and in_full == pytest.approx(usual * world.managed_find_home)
    assert helped == pytest.approx((usual + in_full) / 2), "half the support is half the help"
    assert looked_for.managed_weeks == 29 and looked_for.referred == 0, "nobody withdraws from being looked for"
    assert supported.managed_weeks == 0 and supported.scheme_marks == SchemeMark.LEFT_MANAGEMENT
    made.close()


def year_of(board) -> dict[int, int]:
    """Arrests of everybody on the board's record, which goes back a year."""
    rows, arrests = np.unique(board.memory["arrested"], return_counts=True)
    return dict(zip(rows.tolist(), arrests.tolist(), strict=True))


def test_those_chosen_fall_back_to_the_mean_although_nothing_is_done_for_them():
    drawn = regime(prolific_offender_management={**INERT, "places": 400, "start_week": 53, "ramp_weeks": 0})
    made = model(place="authority:birmingham", people=6000, years=3, regime=drawn,
                 parameters={**OFTEN, "managed_places": 0})  # fmt: skip
    board = made.boards[0]
    for _ in range(53):
        made.step()
    before = year_of(board)
    made.step()
    chosen = board.memory["managed"].copy()
    able = {row: number for row, number in year_of(board).items() if made.people["justice"][row] != 2}
    assert chosen.size >= 10 and min(able[row] for row in chosen) >= max(
        number for row, number in able.items() if row not in set(chosen.tolist())
    ), "the most arrests, and nothing else"
    for _ in range(52):
        made.step()
    after_a_year = year_of(board)
    made.close()
    alive = [row for row in chosen.tolist() if made.people["present"][row]]
    first, second = (np.mean([year.get(row, 0) for row in alive]) for year in (before, after_a_year))
    assert second < 0.85 * first, "chosen at their worst, with no effect at all"
    level = made.people["offending_level"][chosen].mean()
    assert level > 2, "arrests do tell who offends most"
    assert (made.people["offending_level"][chosen] < 1).any(), "not always: the board cannot see offending"


def test_a_few_commit_the_most_and_the_mean_is_one():
    made = model(people=20_000, place="authority:birmingham", engine="python")
    levels = made.people["offending_level"].astype(float)
    made.close()
    assert levels.mean() == pytest.approx(1, abs=0.05)
    most = levels > 1
    assert most.mean() == pytest.approx(0.1, abs=0.01) and levels[most].sum() / levels.sum() == pytest.approx(
        0.6, abs=0.04
    )
