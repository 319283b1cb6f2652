"""Early years and programmes for families: whom they reach and when, what they leave, and that nothing else moves."""

import numpy as np
import pytest
from small_worlds import after, differing, disagreements, model, regime, weekly

pytestmark = pytest.mark.slow

PLACE = {"place": "authority:birmingham", "people": 1500, "parameters": {"pre_school_fifths": 5}}
SOON = {"pre_school_fifths": 5, "pre_school_from_age": 9.4, "pre_school_to_age": 9.9, "parenting_from_age": 9}
"""Children a few months short of ten, so that some of them turn ten within the year."""
FAMILIES = ("family_marks", "family_supported", "identified")


def full(**levers: dict):
    return regime(**{name: {"ramp_weeks": 0, **settings} for name, settings in levers.items()})


def soon(weeks: int = 50, people: int = 900, years: int = 1, **arguments):
    numbers = {**SOON, **arguments.pop("parameters", {})}
    return after(weeks, place="authority:birmingham", people=people, years=years, parameters=numbers, **arguments)


# ---------------------------------------------------------------- pre-school, at the ages at which it is


@pytest.fixture(scope="module")
def years():
    """Eight years without and with a place for every child of 3 and 4, from the first week on."""
    made = [model(years=8, regime=r, **PLACE) for r in ("status-quo", full(pre_school={"reached": 1.0}))]
    early = []
    for week in range(8 * 52):
        for one in made:
            one.step()
        if week + 1 == 104:
            early = [one.look().copy() for one in made]
    for one in made:
        one.close()
    return made, early


def test_in_its_first_two_years_pre_school_changes_nobody(years):
    (quo, pulled), (before, with_places) = years
    assert differing(before, with_places) == []
    assert (weekly(pulled)["pre_school_children"].iloc[:104] > 0).all()
    assert not weekly(quo)["pre_school_children"].any() and not weekly(quo)["went_to_pre_school"].any()


def test_those_who_were_three_or_four_when_it_began_are_the_first_to_turn_ten_with_it(years):
    went = weekly(years[0][1])["went_to_pre_school"].to_numpy()
    begins = (10 - 5) * 52
    assert not went[: begins + 1].any() and went[begins:].any()
    assert went[7 * 52 :].sum() > went[begins : 6 * 52].sum(), "cohort by cohort more of them had a place"


def test_they_are_the_same_people_with_the_same_luck_and_more_resilience(years):
    (quo, pulled), _ = years
    ours, theirs = quo.people, pulled.people
    gain = theirs["resilience_at_rest"] - ours["resilience_at_rest"]
    reached = gain != 0
    late = ours["enters"] > 7 * 52
    entered = late & (theirs["life"] > 0)
    assert reached[entered].all() and entered.sum() > 5, "whoever was under three when it began had a place"
    assert not reached[ours["enters"] <= 5 * 52].any()
    assert gain[reached] == pytest.approx(pulled.parameters["resilience_of_pre_school"], abs=1e-6)
    born_with = ("sex", "ethnicity", "aces", "family_history", "neighbourhood", "alone", "risk_at_rest", "enters")
    assert differing(ours, theirs, born_with) == []


# ---------------------------------------------------------------- the same, by the month


def test_what_was_offered_is_remembered_by_the_weeks_in_which_a_cohort_was_of_an_age():
    made = soon(1, people=100, years=9)
    service, year = made.children[0], 52
    service.memory["pre_school"] = np.cumsum([0.0] + [0.0] * year + [0.5] * (9 * year)).tolist()
    service.memory["pre_school_true"] = service.memory["pre_school"]
    offers = [service.offers([service], "pre_school", week * year, 3, 5) for week in (5, 6, 7, 8, 9)]
    shares = [offered[service.area] / (2 * year) for offered, _ in offers]
    assert shares == pytest.approx([0, 0, 0.25, 0.5, 0.5])


def test_without_its_effect_pre_school_leaves_a_mark_and_nothing_else():
    none = {"resilience_of_pre_school": 0.0, "risk_less_by_parenting": 0.0}
    levers = {"pre_school": {"reached": 1.0}, "parenting": {"early": 0.9, "late": 0.0}}
    quo, pulled = (soon(parameters=none, regime=r) for r in ("status-quo", full(**levers)))
    assert weekly(pulled)["went_to_pre_school"].sum() > 0 < weekly(pulled)["parents_taught"].sum()
    allowed = ("people.family_marks", "outcomes.flows", "outcomes.groups", "outcomes.figures", "outcomes.costs")
    assert set(disagreements(quo, pulled)) <= set(allowed)


def test_half_of_the_places_reach_half_of_the_children_and_in_the_poorest_fifths_alone_if_so_offered():
    late = {"people": 4000, "weeks": 52}
    half = soon(regime=full(pre_school={"reached": 0.5}), **late)
    whole = soon(regime=full(pre_school={"reached": 1.0}), **late)
    went = [weekly(made)["went_to_pre_school"].sum() / made.one_in for made in (half, whole)]
    assert 0.3 < went[0] / went[1] < 0.7 and went[1] > 25  # about 30 turn ten in time: four standard errors
    poor = soon(regime=full(pre_school={"reached": 1.0}), parameters={"pre_school_fifths": 1}, **late)
    quo = soon(**late)
    moved = poor.people["resilience_at_rest"] != quo.people["resilience_at_rest"]
    assert 0 < moved.sum() == round(weekly(poor)["went_to_pre_school"].sum() / poor.one_in) < went[1]
    assert (poor.places["quintile"][poor.people["neighbourhood"][moved]] == 0).all()
    assert poor.children[0].share_offered < whole.children[0].share_offered == 1


def test_an_empty_purse_opens_no_places():
    made = soon(30, regime=full(pre_school={"reached": 1.0}, parenting={"early": 0.9}), budgets={"council": 0.0})
    assert made.children[0].memory["pre_school"][-1] == 0
    assert not weekly(made)[["pre_school_children", "families_supported"]].to_numpy().any(), "and tells of none"


def test_qualified_workers_make_programmes_truer_and_by_themselves_do_nothing_to_children():
    def gain(**levers: dict) -> tuple[np.ndarray, np.ndarray]:
        made = soon(regime=full(**levers), parameters={"fidelity_of_qualification": 1.0})
        return made.people["resilience_at_rest"].astype(float), weekly(made)["qualified_workers"].to_numpy()

    usual, few = gain(skills_programme={"coverage": 0.0})
    school, _ = gain(pre_school={"reached": 1.0})
    better, many = gain(pre_school={"reached": 1.0}, qualified_family_workers={"qualified": 1.0})
    alone, _ = gain(qualified_family_workers={"qualified": 1.0})
    assert (alone == usual).all() and (many > 1.5 * few).all()
    reached = school != usual
    assert reached.any() and (better - usual)[reached] == pytest.approx(1.5 * (school - usual)[reached], rel=1e-4)


# ---------------------------------------------------------------- programmes for families, and the board


def test_a_child_goes_through_a_programme_once_and_in_britain_it_does_nothing():
    lever = full(parenting={"early": 0.0, "late": 0.9})
    quo, pulled = (soon(60, years=2, regime=r) for r in ("status-quo", lever))
    children = int(pulled.people["family_supported"].sum())
    assert children == round(weekly(pulled)["family_programmes"].sum() / pulled.one_in) > 20
    assert set(differing(quo.people, pulled.people)) <= set(FAMILIES)
    strong = soon(50, regime=lever, parameters={"resilience_of_family_programme": 0.15})
    usual = soon(50)
    gain = strong.people["resilience_at_rest"] - usual.people["resilience_at_rest"]
    assert gain[strong.people["family_supported"]] == pytest.approx(0.15, abs=1e-6)
    assert not gain[~strong.people["family_supported"]].any()


@pytest.fixture(scope="module")
def board():
    lever = full(early_identification={"cases_per_100000": 40.0, "lived_experience": 0.0})
    numbers = {"noticed_without_need": 0.15, "risk_of_label": 0.2}
    return [soon(50, people=2000, parameters=numbers, regime=r) for r in ("status-quo", lever)]


def test_the_board_takes_no_more_cases_than_it_has_time_for(board):
    made = board[1]
    residents = made.place.population / 100_000
    named = weekly(made)["identified"].to_numpy()
    assert 0 < named.sum() <= 40 * residents * 50 + made.one_in
    assert named.max() <= 40 * residents + 2 * made.one_in
    none = soon(50, regime=full(early_identification={"cases_per_100000": 0.0}))
    assert not weekly(none)["identified"].any()


def test_whoever_is_named_bears_the_label_and_only_those_who_take_help_gain(board):
    quo, made = board
    named = made.people["identified"]
    burden = made.people["risk_at_rest"] - quo.people["risk_at_rest"]
    gain = made.people["resilience_at_rest"] - quo.people["resilience_at_rest"]
    assert named.sum() > 10 and burden[named] == pytest.approx(0.2, abs=1e-6) and not burden[~named].any()
    helped = gain != 0
    assert helped[named].any() and not helped[named].all() and not helped[~named].any()
    found = weekly(made)[["identified", "identified_without_need", "took_help"]].sum()
    assert found["identified_without_need"] > 0
    assert found["took_help"] <= found["identified"] - found["identified_without_need"]


def test_people_with_lived_experience_make_more_accept_and_take_some_of_the_label_off():
    def with_workers(share: float):
        lever = full(early_identification={"cases_per_100000": 40.0, "lived_experience": share})
        numbers = {"risk_of_label": 0.2, "help_accepted": 0.3, "help_accepted_by_experience": 0.6}
        return soon(50, people=2000, parameters=numbers, regime=lever)

    without, those = with_workers(0.0), with_workers(1.0)
    taken = [weekly(made)["took_help"].sum() for made in (without, those)]
    assert taken[1] > 1.5 * taken[0]
    change = those.people["risk_at_rest"] - without.people["risk_at_rest"]
    assert change[without.people["identified"]] == pytest.approx(-0.1, abs=1e-6)


def test_whom_the_board_hears_of_has_nothing_to_do_with_latent_risk():
    def names(shift: float) -> list[int]:
        made = model(place="authority:birmingham", people=900)
        made.people["risk_at_rest"] += shift * made.people["sex"]
        made.step()
        made.close()
        return made.children[0].memory["named"].tolist()

    assert names(0.0) == names(3.0) != []
