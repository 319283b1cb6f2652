"""What an author of a lever gets wrong is one sentence: before the run where it can be seen then, else in its week."""

import pytest
from small_worlds import model

from policysim.agents.institutions.courts import Court
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.errors import UserError
from policysim.levers.lever import Lever
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


class OnACourt(Misspelt):
    acts_on = Court


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
        (OnACourt, "lever OnACourt acts on Court, which has no policy that a lever could change"),
    ],
)
def test_a_pull_that_a_policy_cannot_follow_is_told_in_the_week_it_begins(lever, said):
    made = model(people=60, regime=under(lever), years=1)
    with pytest.raises(UserError, match=said):
        made.step()
