"""The roster at the start: who is there, what they use, where they stand, and that a longer run begins the same."""

import numpy as np
import pytest

from policysim.agents.roles import ROLES
from policysim.engine.fields import fields_of, layout
from policysim.evidence.figures import published
from policysim.evidence.registry import Parameters
from policysim.vocabulary.groups import ETHNIC_GROUPS, at_liberty, opiate_or_crack, opioid_dependent
from policysim.vocabulary.states import Care, Housing, Life, Occupation, Role, Substance, Use
from policysim.world import blocks
from policysim.world.places import find_place
from policysim.world.population import synthesise
from policysim.world.status_quo import figure_of

PERSON = layout(fields_of(ROLES))
ONE_IN = 50
WEEKS = 52


def roster(weeks=WEEKS, place="west-midlands", **changes):
    return synthesise(find_place(place), ONE_IN, weeks, 5, Parameters(changes), PERSON)


@pytest.fixture(scope="module")
def made():
    return roster()


@pytest.fixture(scope="module")
def residents(made):
    return made.people[: made.entered[0]]


def alike(one, other):
    return all((one[name] == other[name]).all() for name in PERSON.names)


def test_neither_threads_nor_the_size_of_blocks_change_anybody(made, monkeypatch):
    monkeypatch.setattr(blocks, "AT_A_TIME", 1000)
    again = synthesise(find_place("west-midlands"), ONE_IN, WEEKS, 5, Parameters(), PERSON, threads=2)
    assert again.people.size > 2 * blocks.AT_A_TIME and alike(again.people, made.people)


def test_a_longer_run_begins_with_the_same_people(made):
    longer = roster(3 * WEEKS)
    assert longer.people.size > made.people.size
    assert alike(longer.people[: made.people.size], made.people)
    assert (longer.entered[:WEEKS] == made.entered).all()


def test_residents_are_there_and_those_who_turn_ten_are_not_yet(made, residents):
    to_come = made.people[residents.size :]
    assert residents["present"].all() and (residents["life"] == Life.PRESENT).all() and (residents["enters"] == 0).all()
    assert to_come.size and not to_come["present"].any() and (to_come["age"] == 10).all()
    assert not to_come["ever_used"].any() and (to_come["occupation"] == Occupation.SCHOOL).all()
    for week, so_far in enumerate(made.entered):
        assert (made.people["enters"] <= week).sum() == so_far


def test_one_agent_stands_for_so_many_residents_of_the_place(residents):
    place = find_place("west-midlands")
    usual = residents["age"] < 65
    assert usual.sum() == round(place.residents_10_64 / ONE_IN)
    assert (residents["sex"] == 0).mean() == pytest.approx(0.5, abs=0.02)
    share = sum(a.residents_by_band[0] for a in place.authorities) / place.residents_10_64
    assert (residents["age"][usual] < 15).mean() == pytest.approx(share, abs=0.01)


def test_older_people_are_there_if_they_were_ever_dependent(residents):
    older = residents[residents["age"] >= 65]
    assert older.size and older["ever_dependent"].all() and older["age"].max() < 80


def test_people_dependent_on_heroin_or_crack_are_as_many_as_estimated(residents):
    place = find_place("west-midlands")
    figure = figure_of(place.authorities[0], "ocu_per_1000")
    assert figure and figure.place == "west-midlands"
    expected = figure.value * place.population / 1000 / ONE_IN
    assert opiate_or_crack(residents).sum() == pytest.approx(expected, abs=1)


def test_a_place_without_an_estimate_has_the_nations_by_its_deprivation():
    rich, poor = (
        opiate_or_crack(people).sum() / people.size
        for people in (roster(place=place).people for place in ("surrey", "merseyside"))
    )
    assert poor > 1.5 * rich > 0


def test_states_fit_together(residents):
    users, heroin = opiate_or_crack(residents), opioid_dependent(residents)
    assert users[residents["injects"]].all() and residents["injects"][residents["hiv"]].all()
    assert (residents["injecting_weeks"][residents["hepatitis_c_ever"]] > 0).all()
    former = (residents["injecting_weeks"] > 0) & ~residents["injects"]
    assert former.any() and not users[former].any(), "of those who inject no more only people in remission are known"
    assert users[~at_liberty(residents)].all() and (residents["weeks_left"][~at_liberty(residents)] > 0).all()
    assert (
        heroin[residents["care"] == Care.AGONIST].all() and at_liberty(residents[residents["care"] != Care.NONE]).all()
    )
    assert (residents["weeks_in_care"][residents["care"] == Care.NONE] == 0).all()
    assert ((residents["role"] == Role.DEPENDENT_USER) == (residents["dependent_on"] > 0)).all()
    children = residents["age"] < 18
    assert (residents["occupation"][children] == Occupation.SCHOOL).all()
    assert (residents["housing"][children] == Housing.STABLE).all()


def test_mean_risk_at_rest_of_a_usual_area_is_that_of_its_spread_alone(made, residents):
    """What each person is given is measured from its mean, but for care and family, which few have."""
    usual = made.areas["quintile"][residents["neighbourhood"]] == 2
    few = residents["care_experienced"] | residents["family_history"] | opiate_or_crack(residents)
    assert residents["risk_at_rest"][usual & ~few].mean() == pytest.approx(0, abs=0.05)


@pytest.fixture(scope="module")
def a_nation():
    """Enough people dependent on heroin to tell groups apart, each standing for many residents."""
    return synthesise(find_place("england"), 100, 1, 5, Parameters(), PERSON).people


def odds_ratio(people):
    """Of four or more adverse experiences, against none, among people dependent on heroin."""
    heroin, many, none = opioid_dependent(people), people["aces"] >= 4, people["aces"] == 0
    return (heroin & many).sum() * (~heroin & none).sum() / ((heroin & none).sum() * (~heroin & many).sum())


def test_people_dependent_on_heroin_have_the_childhoods_that_they_are_published_to_have(a_nation):
    assert 9 < odds_ratio(a_nation) < 13
    heroin = opioid_dependent(a_nation)
    either = a_nation["care_experienced"] | a_nation["family_history"]
    assert either[heroin].mean() > 1.3 * either[~heroin].mean()
    balance = a_nation["risk_at_rest"] - a_nation["resilience_at_rest"]
    assert balance[heroin].mean() - balance[~heroin].mean() > 1


def test_their_ethnic_groups_are_those_of_people_in_treatment(a_nation):
    shares = (
        np.bincount(a_nation["ethnicity"][opioid_dependent(a_nation)], minlength=5) / opioid_dependent(a_nation).sum()
    )
    shares_of_the_treated = [published()[f"G7.03{item}"].value for item in "abcde"]
    assert shares == pytest.approx(shares_of_the_treated, abs=0.008)


def test_without_the_effects_their_childhoods_and_groups_are_anybodys():
    without = {"ocu_of_risk": 0.0, **{f"ocu_by_ethnicity[{group}]": 1.0 for group in ETHNIC_GROUPS}}
    people = roster(**without).people[: roster().entered[0]]
    heroin = opioid_dependent(people)
    assert 0.5 < odds_ratio(people) < 2
    assert (people["ethnicity"][heroin] == 1).mean() == pytest.approx((people["ethnicity"] == 1).mean(), abs=0.06)


def test_those_dependent_on_recreational_drugs_are_young(a_nation):
    adult = a_nation["age"] >= 18
    for substance, low, high in ((Substance.CANNABIS, 25, 31), (Substance.PARTY, 27, 34)):
        dependent = (a_nation["use"][:, substance] == Use.DEPENDENT) & adult
        assert low < np.median(a_nation["age"][dependent]) < high, substance.name


def test_adverse_childhood_experiences_come_in_their_published_groups_and_evenly_within(residents):
    numbers, aces = Parameters(), residents["aces"].astype(int)
    many, some = (aces >= numbers["aces_many"]), (aces > 0) & (aces < numbers["aces_many"])
    assert many.mean() == pytest.approx(numbers["four_aces_share"], abs=0.01)
    assert some.mean() == pytest.approx(numbers["one_ace_share"], abs=0.01)
    for counts in (np.bincount(aces[many])[4:], np.bincount(aces[some])[1:]):
        assert counts == pytest.approx(np.full(counts.size, counts.mean()), rel=0.1)
    assert aces.max() == numbers["aces_most"]
    tied = np.corrcoef(aces, residents["neurodivergent"])[0, 1]
    assert abs(tied) < 0.02, "no other trait is drawn with it"


def test_every_share_can_be_set():
    people = roster(kit_share=1.0, custody_share_dependent=1.0, injecting_share=0.0).people
    heroin, users = opioid_dependent(people), opiate_or_crack(people)
    assert (people["naloxone"] == heroin).all() and (at_liberty(people) == ~users).all() and not people["injects"].any()
