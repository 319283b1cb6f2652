"""What a regime is called inside a sentence about two lives."""

import pytest

from policysim.experiments.lives import words
from policysim.experiments.lives.saying import decided, regime_in_words
from policysim.scenarios.regime import Regime


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("status-quo", "the status quo"),
        ("multi-component", "multi-component"),
        ("harm-reduction", "harm reduction"),
        ("status-quo-by-my-rules", "the status quo by my rules"),
        ("multi-component-by-own-rules", "multi-component by own rules"),
        ("homes-and-a-room", "“Homes and a Room”"),
    ],
)
def test_a_regime_is_called_by_its_name(id: str, said: str) -> None:
    assert regime_in_words(Regime(id=id, name="Homes and a Room", levers={})) == said


def told(**changes: object) -> str:
    """Why a sentence was passed under the status quo alone, or under both."""
    called = {"status-quo": "the status quo", "diversion": "diversion"}
    return decided({"rule": "sentence", "only": None, "met": {}, "levers": [], "called": called, **changes})


def test_whoever_was_alone_before_a_court_is_told_what_brought_them_there() -> None:
    """Not the court's time or what it requires of others: in the other life there was no case to hear."""
    alone = told(
        only="status-quo", met={"person": {"charge": {"status-quo": 2, "diversion": 0}}}, levers=["Drug court"]
    )
    assert "under the status quo alone" in alone and "did not stand alike" in alone
    assert "court's time" not in alone and "Drug court" not in alone


def test_of_two_who_stood_alike_it_is_told_what_is_set_otherwise_for_whoever_decides() -> None:
    only = told(only="diversion", levers=["Mentoring", "School environment"])
    assert "under diversion alone" in only and only.endswith("decides: Mentoring, School environment.")
    assert told().endswith("room in prison.")


def test_nothing_has_no_sign() -> None:
    assert words.value_in_words("", -0.0) == "0"
