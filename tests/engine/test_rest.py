"""People at rest: their lives are the same to the bit as if they had lived every week, whatever happens around them."""

from copy import deepcopy
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_worlds import BUSY, disagreements, model, regime

from policysim.agents.people import police, use
from policysim.agents.people.balance import pull_of_friends
from policysim.agents.people.resting import RESTING, foresee, recall, rules_tried
from policysim.agents.roles import ROLES, Adult, YoungPerson
from policysim.engine.luck import draw, happens, occurs
from policysim.engine.rest import AWAKE, GONE
from policysim.engine.resting import resting_rules
from policysim.engine.rules import helper, rule, shared_lots
from policysim.errors import UserError
from policysim.levers.catalogue import LEVERS
from policysim.model.arguments import MOST_YEARS
from policysim.network import peers
from policysim.reference.tried import sums
from policysim.vocabulary.states import Housing, Justice, Occupation

WEEKS = 70
PEOPLE = 400
SOME_BUSY = {
    name: BUSY[name]
    for name in ("escalation_rate[party]", "overdose_rate[party]", "lose_work", "find_work", "kit_loss")
}


def at_rest(made) -> float:
    """Share of those present who are at rest."""
    wakes = made.state.rest.wakes[made.records["present"]]
    return float(((wakes != AWAKE) & (wakes != GONE)).mean())


def lived(rests: bool, weeks: int = WEEKS, between=None, **arguments):
    """A model some weeks on, in which people may rest or live every week; `between` is done to it before each."""
    made = model(**{"people": PEOPLE, "years": 2, **arguments})
    held = None if rests else made.people["age"]
    for week in range(weeks):
        if between is not None:
            between(made, week)
        made.step()
        assert rests or at_rest(made) == 0, "while somebody holds the table of people, nobody rests"
    made.close()
    del held
    return made


@st.composite
def regimes(drawn):
    """A few levers, as far, as late and as fast as they may be pulled."""
    chosen = drawn(st.sets(st.sampled_from(sorted(LEVERS)), min_size=1, max_size=6))
    timing = {"coverage": st.floats(0, 1), "start_week": st.integers(0, 40), "ramp_weeks": st.integers(0, 30)}
    return regime(**{name: drawn(st.fixed_dictionaries(timing)) for name in sorted(chosen)})


NUMBERS = st.fixed_dictionaries(
    {
        "peer_pull": st.floats(0, 4), "risk_pull": st.floats(0, 3), "balance_speed": st.floats(0.001, 1),
        "risk_of_bereavement": st.floats(0, 3), "resilience_of_scare": st.floats(-1, 1), "lessons_fade": st.floats(0, 0.5),
        "fear_effect": st.floats(0, 2), "leaving_age": st.floats(15.3, 18), "fatality_by_age": st.floats(0, 0.1),
        "resumption_rate[cannabis]": st.floats(0, 2), "find_home": st.floats(0, 9), "search_selectivity": st.floats(0, 9),
    }
)  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(
    drawn=regimes(), numbers=NUMBERS, busy=st.sampled_from([{}, SOME_BUSY, BUSY]), seed=st.integers(0, 2**40),
    threads=st.integers(1, 2),
)  # fmt: skip
@pytest.mark.slow
def test_with_rest_and_without_everyone_lives_the_same_life(drawn, numbers, busy, seed, threads):
    arguments = {"regime": drawn, "seed": seed, "threads": threads, "parameters": {**busy, **numbers}}
    resting = lived(True, **arguments)
    share = at_rest(resting)
    assert share > (0 if busy is BUSY else 0.3), "otherwise nothing is tried here"
    assert disagreements(resting, lived(False, **arguments)) == []


def test_nearly_everyone_is_at_rest_in_a_usual_week():
    made = lived(True, weeks=8)
    assert at_rest(made) > 0.85
    assert made.outcomes.stocks[7, :, 0].sum() == made.records["present"].sum(), "who rests is counted"


def test_people_rest_in_the_last_weeks_of_the_longest_run_as_in_any():
    def go_to_the_end(made, week):
        if week == 0:
            made.week = made.last_week - 30

    longest = {"people": 300, "years": MOST_YEARS, "burn_in_years": MOST_YEARS, "weeks": 30, "between": go_to_the_end}
    resting = lived(True, **longest)
    assert resting.week == resting.last_week and at_rest(resting) > 0.5
    assert disagreements(resting, lived(False, **longest)) == []


def meddle(made, week):
    """What a user may do to a model between two weeks."""
    if week == 20:
        made.people["risk_at_rest"] += 1.0
    if week == 30:
        made.world["balance_speed"] *= 3
    if week == 40:
        made.places["exclusion_ratio"][::2] = 500.0
    if week == 45:
        made.person(7).justice = 2
        made.person(7).weeks_left = 9


def test_whatever_a_user_changes_between_weeks_reaches_those_at_rest():
    resting, awake = lived(True, between=meddle), lived(False, between=meddle)
    assert disagreements(resting, awake) == []
    assert disagreements(resting, lived(True)) != []


def test_what_fades_at_rest_and_is_expected_of_every_week_keeps_people_awake():
    def train(made, week):
        if week == 5:
            made.people["trained_around"] = 0.9

    resting, awake = (lived(rests, between=train, weeks=30, people=1500) for rests in (True, False))
    assert disagreements(resting, awake) == []
    untrained = lived(True, weeks=30, people=1500)
    assert at_rest(resting) < at_rest(untrained), "those in danger of an overdose alone"


def test_pupils_with_a_mentor_rest_until_the_place_is_free():
    levers = regime(mentoring={"places": 100, "ramp_weeks": 0}, drug_checking={"ramp_weeks": 0})
    resting, awake = (lived(rests, regime=levers, people=1500) for rests in (True, False))
    wakes = resting.state.rest.wakes[resting.records["mentor_weeks"] > 1]
    assert (wakes != AWAKE).mean() > 0.5
    assert disagreements(resting, awake) == []


def test_what_is_read_between_weeks_is_up_to_date_and_changes_nothing():
    ages = {rests: [] for rests in (True, False)}
    for rests, seen in ages.items():
        lived(
            rests,
            between=lambda made, week, seen=seen: seen.append(made.people["age"].sum()) if week % 9 == 0 else None,
        )
    assert ages[True] == ages[False]
    assert len(set(ages[True])) == len(ages[True])


def test_a_copy_and_a_saved_model_go_on_as_the_model_itself(tmp_path):
    made = lived(True, weeks=30)
    copied = deepcopy(made)
    for _ in range(3):
        made.step()  # some are at rest again
    made.save(tmp_path / "model")
    loaded = type(made).load(tmp_path / "model")
    for _ in range(3):
        copied.step()
    for _ in range(30):
        for each in (made, copied, loaded):
            each.step()
    assert disagreements(made, copied) == disagreements(made, loaded) == []
    for each in (copied, loaded):
        held = each.people["age"]
        before = held.sum()
        each.step()
        each.step()
        assert at_rest(each) == 0 and held.sum() > before, (
            "of a model that was loaded, too, it is known who holds its people"
        )


CHANGE = st.integers(-2, 2)


@settings(derandomize=True)
@given(st.integers(0, 9), st.integers(0, 9), CHANGE, CHANGE, st.floats(0.1, 4), st.floats(-2, 2))
def test_until_friends_wake_somebody_they_pull_no_more_than_was_foreseen(ties, using, more, more_using, pull, usual):
    more, more_using = max(ties + more, 0), max(using + more_using, 0)
    world = SimpleNamespace(
        peer_pull=pull, peers_usual=[usual] * 3, risk_pull=1.0, balance_speed=0.1, pull_usual=0.0,
        risk_of_bereavement=0.0, resilience_of_work=0.0, resilience_of_lessons=0.0, resilience_of_scare=0.0,
    )  # fmt: skip
    person = SimpleNamespace(
        ties=ties, peers_using=[min(using, ties)] * 3, risk=0.0, resilience=0.0, risk_at_rest=0.0, resilience_at_rest=0.0,
        occupation=Occupation.WORKING, housing=Housing.STABLE, convictions=0, cautions=0, justice=Justice.FREE, exploited=False,
        bereaved_weeks=-1, lessons=0.0, scare_lessons=0.0, unproven=0.0, log_pull=0.0, tenancy=0, mentor_weeks=0,
    )  # fmt: skip
    foresee(person, world)
    foreseen = person.log_pull + pull_of_friends(person, 0, world)
    recall(person, world)
    few = peers._few_together.py_func
    person.ties, person.peers_using = more, [min(more_using, more)] * 3
    woken = few(person.ties) < few(ties) or few(person.peers_using[0]) > few(min(using, ties))
    assert woken or person.log_pull + pull_of_friends(person, 0, world) <= foreseen


def test_a_change_around_people_wakes_those_whom_it_concerns_alone():
    made = lived(True, weeks=8)
    rest, people, places = made.state.rest, made.records, made.state.places
    resting = (rest.wakes > 0) & (rest.wakes < GONE) & people["present"]
    here = people["neighbourhood"] < len(places) // 2
    places["party_strength"][: len(places) // 2] = 3.0
    rest.look_around()
    woken = resting & (rest.wakes == 0)
    assert (woken == (resting & here & (people["using"] > 0))).all()
    assert 0 < woken.sum() < (resting & here).sum() / 3
    places["exclusion_ratio"] = 500.0
    rest.look_around()
    assert (rest.wakes == 0)[resting & (people["occupation"] == Occupation.SCHOOL)].all()


# --- which rules leave people at rest ---------------------------------------------------------------------------------
class WithGuard(YoungPerson):
    """Somebody of whom a rule may be about nothing."""

    @rule
    def note(self, here, world, luck):
        """About those with a record."""
        if self.convictions == 0:
            return
        self.fear = draw(luck)


class WithGuardOfTime(YoungPerson):
    """Somebody of whom a rule is about nothing until they are older."""

    @rule
    def note(self, here, world, luck):
        """About those who are of age."""
        if self.age < world.leaving_age:
            return
        self.fear = draw(luck)


class WithGuardOfFriends(YoungPerson):
    """Somebody of whom a rule is about nothing until a friend uses."""

    @rule
    def note(self, here, world, luck):
        """About those with such friends."""
        if self.peers_using[0] == 0:
            return
        self.fear = draw(luck)


class WithNeither(Adult):
    """Somebody to whom something may happen every week."""

    @rule
    def note(self, here, world, luck):
        """About anybody."""
        if happens(world.kit_used, luck):
            self.fear = 0


@helper
def company(self, here, world):
    """Hazard of a bound of one's own that goes by friends (hazard per week)."""
    return 0.1 * self.peers_using[0]


class Follower(YoungPerson):
    """Somebody who does something once a friend uses."""

    @rule(most=company)
    def follow(self, here, world, luck):
        """Counts how often."""
        if occurs(company(self, here, world), luck):
            self.fear += 1


class Overridden(YoungPerson):
    """Somebody who starts as everyone does."""

    @rule
    def start_using(self, here, world, luck):
        """As before."""
        super().start_using(here, world, luck)


@pytest.mark.parametrize(
    ("kind", "rests"),
    [
        *((role, True) for role in ROLES),
        (WithGuard, True), (WithGuardOfTime, False), (WithGuardOfFriends, False), (WithNeither, False), (Overridden, False),
    ],
)  # fmt: skip
def test_only_who_meets_no_rule_that_could_do_something_unforeseen_may_rest(kind, rests):
    assert (resting_rules(kind, (kind,), RESTING.moved) is not None) == rests


@pytest.mark.slow
def test_a_rule_of_a_students_own_changes_nothing_but_what_it_says():
    plain, overridden = lived(True), lived(True, people_classes=[Overridden])
    usual = at_rest(plain)
    assert at_rest(overridden) < usual
    assert disagreements(plain, overridden) == [], "a rule that is overridden begins with the same lot"
    guarded = lived(True, people_classes=[WithGuard])
    assert abs(at_rest(guarded) - usual) < 0.05
    assert disagreements(guarded, lived(False, people_classes=[WithGuard])) == []


@pytest.mark.slow
def test_a_bound_of_ones_own_that_goes_by_friends_is_told_of_every_change_among_them():
    resting, awake = (lived(each, people_classes=[Follower]) for each in (True, False))
    assert at_rest(resting) > 0.3 and resting.records["fear"].max() > 1
    assert disagreements(resting, awake) == []


def test_the_marks_of_every_rule_were_tried_as_it_stands():
    assert sums() == rules_tried(), "a rule that leaves people at rest was edited: 'make rest' tries its marks again"


@helper
def carrying(self, world):
    """An edit of what the bound of `meet_police` is worked out with."""
    return 0.5


@helper
def answer_possession(self, here, world, luck):
    """An edit of what the bound knows nothing of."""
    if happens(world.supply_share, luck):
        self.fear = 0


@helper
def pull_of_friends_who_put_off(self, kind, world):
    """An edit of what is foreseen of friends: the more use, the less they pull."""
    return -world.peer_pull * self.peers_using[kind]


@pytest.mark.parametrize(
    ("where", "name", "edited", "rests"),
    [
        (police, "carrying", carrying, True),
        (police, "answer_possession", answer_possession, False),
        (use, "pull_of_friends", pull_of_friends_who_put_off, False),
    ],
)
def test_a_rule_that_was_edited_is_never_cut_off(monkeypatch, where, name, edited, rests):
    monkeypatch.setattr(where, name, edited)
    resting, awake = (lived(each, weeks=30, parameters=SOME_BUSY) for each in (True, False))
    assert (at_rest(resting) > 0) == rests and disagreements(resting, awake) == []


class Hasty(Adult):
    """Somebody whose time passes by where they live."""

    @rule(passing=True)
    def hurry(self, here, world, luck):
        """Time passes faster where more is searched."""
        self.fear += here.search_rate * self.weeks


class Twice(Adult):
    """Somebody with two rules of one lot."""

    @rule(lot=0)
    def again(self, here, world, luck):
        """Nothing."""


def test_a_rule_that_could_not_be_made_up_for_is_refused():
    with pytest.raises(UserError, match=r"hurry is passing, so that it may read neither here nor world\.week"):
        resting_rules(Hasty, (Hasty,), RESTING.moved)


def test_two_rules_of_one_week_cannot_begin_with_one_lot():
    with pytest.raises(UserError, match=r"rules keep_work_and_home and again have the same lot 0"):
        shared_lots((Twice,))
    lots = shared_lots(ROLES)
    assert lots["start_using"] == lots["start_later"] == lots["start_another"]
    assert np.unique(list(lots.values())).size == 7
