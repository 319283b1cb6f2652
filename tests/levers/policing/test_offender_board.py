"""The board that manages those arrested most: it sees arrests alone, and what it chooses falls by itself.

What rises or falls is tested over eight pairs of runs at |t| > 3.5, which without an effect happens once in a hundred times.
"""

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import after, model, regime

PLACE = {"place": "authority:birmingham", "people": 6000, "years": 2, "beyond_ranges": True}
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
    return paired({"prolific_offender_management": {"places": 300}}, OUTCOMES, weeks=104, parameters=OFTEN, **PLACE)


def test_offences_fall_treatment_is_entered_and_swift_arrest_brings_arrests(moved):
    assert (moved["taken_on"] > 0).all() and moved["left_management"].mean() > 0
    assert standard_errors(moved["offences"]) < -3.5
    assert standard_errors(moved["treatment_entries"]) > 3.5
    assert standard_errors(moved["other_arrests"]) > 3.5, "the harm: more arrests for the same offences"


def test_business_pays_its_share(moved):
    share = moved["cost_business"] / (moved["cost_business"] + moved["cost_police"])
    assert share.mean() == pytest.approx(0.25, abs=0.03)


def test_without_support_enforcement_and_homes_the_programme_changes_nobody():
    none = paired(
        {"prolific_offender_management": INERT}, OUTCOMES, seeds=range(1, 4),
        parameters={**OFTEN, "managed_find_home": 1.0}, **PLACE,
    )  # fmt: skip
    assert (none["taken_on"] > 0).all() and not none["offences"].any() and not none["other_arrests"].any()


def year_of(board) -> dict[int, int]:
    """Arrests of everybody on the board's record, which goes back a year."""
    rows, arrests = np.unique(board.memory["arrested"], return_counts=True)
    return dict(zip(rows.tolist(), arrests.tolist(), strict=True))


def test_those_chosen_fall_back_to_the_mean_although_nothing_is_done_for_them():
    drawn = regime(prolific_offender_management={**INERT, "places": 400, "start_week": 53, "ramp_weeks": 0})
    made = model(place="authority:birmingham", people=6000, years=3, regime=drawn,
                 parameters={**OFTEN, "managed_find_home": 1, "leave_management": 0})  # fmt: skip
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


@pytest.mark.parametrize("places", [20, 60])
def test_places_bind(places):
    drawn = regime(prolific_offender_management={"places": places, "ramp_weeks": 0})
    made = after(60, regime=drawn, place="authority:birmingham", people=6000, parameters=OFTEN)
    weekly = made.outcomes.weekly(["Birmingham"], made.one_in).query("area == 'all'")
    room = places * made.place.authorities[0].population / 100_000
    assert 0.8 * room < weekly["managed"].to_numpy()[-1] <= room + made.one_in
