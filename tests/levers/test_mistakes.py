"""What an author of a lever gets wrong is one sentence: before the run where it can be seen then, else in its week."""

import numpy as np
import pytest
from small_worlds import model

from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.agents.institutions.purses import Purse
from policysim.errors import UserError
from policysim.levers.lever import Lever
from policysim.levers.policing.police_naloxone import PoliceNaloxone
from policysim.scenarios.regime import Regime


def under(lever: type[Lever]) -> Regime:
    return Regime(id="mine", name="Mine", levers={"mine": lever(ramp_weeks=0)})


class Idle(Lever):
    acts_on = PoliceTeam


class OfNobody(Lever):
    def pull(self, policy, level):
        policy.arrest_share = level


class OnAPolicy(OfNobody):
    acts_on = PolicingPolicy


class OfBefore(Lever):
    acts_on = PoliceTeam

    def pull(self, model, policy, level):
        policy.arrest_share = level


@pytest.mark.parametrize(
    ("lever", "said"),
    [
        (Idle, r"Idle does not say what it does: give it a method pull\(self, policy, level\)"),
        (OfNobody, "OfNobody does not say which institution it acts on"),
        (OnAPolicy, "OnAPolicy acts on PolicingPolicy, which is no institution, as PoliceTeam is"),
        (OfBefore, r"OfBefore.pull takes \(self, model, policy, level\); it must take \(self, policy, level\)"),
    ],
)
def test_a_lever_that_cannot_be_used_is_told_where_a_regime_takes_it(lever, said):
    with pytest.raises(UserError, match=said):
        under(lever)


class Misspelt(Lever):
    acts_on = PoliceTeam

    def pull(self, policy, level):
        policy.arest_share = level


class Misread(Misspelt):
    def pull(self, policy, level):
        policy.arrest_share = policy.arest_share * level


class TooMuch(Misspelt):
    def pull(self, policy, level):
        policy.diversion_attendance = 7 * level


class OnAPurse(Misspelt):
    acts_on = Purse


@pytest.mark.parametrize(
    ("lever", "said"),
    [
        (
            Misspelt,
            "lever Misspelt pulls at 'arest_share', which PolicingPolicy does not have; did you mean 'arrest_share'",
        ),
        (Misread, "lever Misread pulls at 'arest_share', .* did you mean 'arrest_share'"),
        (
            TooMuch,
            "lever TooMuch sets diversion_attendance of PolicingPolicy to 7; as the share of .* it must be 0 to 1",
        ),
        (OnAPurse, "lever OnAPurse acts on Purse, which has no policy that a lever could change"),
    ],
)
def test_a_pull_that_a_policy_cannot_follow_is_told_in_the_week_it_begins(lever, said):
    made = model(people=60, regime=under(lever), years=1)
    with pytest.raises(UserError, match=said):
        made.step()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: PoliceNaloxone(caried=0.5), "PoliceNaloxone has no argument 'caried' (it takes coverage, start_week,"),
        (lambda: PoliceNaloxone(caried=0.5), "did you mean 'carried'?"),
        (lambda: PoliceNaloxone(0.5), "PoliceNaloxone takes its settings by name (coverage, start_week, ramp_weeks, carried)"),
        (lambda: PoliceNaloxone(carried=1.5), "PoliceNaloxone: carried must be at most 1, not 1.5"),
        (lambda: PoliceNaloxone(ramp_weeks="soon"), "PoliceNaloxone: ramp_weeks must be a whole number"),
        (lambda: PoliceNaloxone().model_copy(update={"carried": -1}), "carried must be at least 0, not -1"),
    ],
)  # fmt: skip
def test_a_lever_made_wrongly_is_told_in_one_sentence(make, said):
    with pytest.raises(UserError) as caught:
        make()
    assert said in str(caught.value) and "pydantic" not in str(caught.value)


def test_a_lever_takes_numbers_of_numpy():
    assert PoliceNaloxone(carried=np.float32(0.1), start_week=np.int64(3)) == PoliceNaloxone(carried=0.1, start_week=3)
    assert PoliceNaloxone(carried=0.1).model_copy(update={"start_week": 3}).start_week == 3


def test_true_is_no_number_of_a_lever_in_python_either():
    for settings in ({"coverage": True}, {"start_week": False}, {"coverage": np.True_}):
        with pytest.raises(
            UserError, match=rf"PoliceNaloxone: {next(iter(settings))} must be a number, not (True|False)"
        ):
            PoliceNaloxone(**settings)
