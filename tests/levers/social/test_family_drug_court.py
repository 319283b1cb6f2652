"""Care proceedings and the family drug court: what becomes of parents and children, with the nulls of each."""

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import BUSY, after, disagreements, regime, weekly

from policysim.vocabulary.states import FamilyCase

pytestmark = pytest.mark.slow

FAMILIES = {
    **BUSY, "proceedings_rate": 2.0, "early_help_rate": 1.0, "proceedings_weeks": 8, "trait_of_care": 0.5, "ocu_per_1000": 200,
}  # fmt: skip
PLACE = {"place": "authority:birmingham", "people": 600, "years": 1}
COURT = {"family_drug_court": {"places_per_100000": 4000.0}}
NULLS = {
    "removal_ratio_treated": 1.0, "removal_ratio_family_court": 1.0, "family_court_retention": 0.0,
    "family_court_cessation": 0.0, "retention_lost_with_children": 0.0, "proceedings_in_treatment": 1.0, "early_help_effect": 0.0,
}  # fmt: skip


def lived(weeks: int = 50, levers: dict | None = None, **changes: float):
    pulled = regime(**{name: {"ramp_weeks": 0, **said} for name, said in (levers or {}).items()})
    return after(weeks, **PLACE, parameters={**FAMILIES, **changes}, regime=pulled if levers else "status-quo")


@pytest.fixture(scope="module")
def quo():
    return lived()


def count(made, *names: str) -> list[float]:
    found = weekly(made)
    return [round(float(found[name].sum()) / made.one_in, 6) for name in names]


def test_proceedings_end_and_whoever_loses_the_children_has_none_and_grieves(quo):
    began, kept, parted = count(quo, "care_proceedings", "families_kept", "families_parted")
    assert began > 20 and 0 < kept < parted and kept + parted <= began
    people = quo.people
    removed = people["family_case"] == FamilyCase.REMOVED
    assert removed.any() and not people["has_children"][removed].any()
    assert (people["bereaved_weeks"][removed & people["present"]] >= 0).all()
    under = people["family_case"] == FamilyCase.PROCEEDINGS
    assert set(np.flatnonzero(under & people["present"])) <= set(quo.family_court.memory["open"].tolist())


def test_children_taken_into_care_have_the_risk_of_care_and_nobody_else_has(quo):
    spared = lived(care_with_removal=0.0, orphans_into_care=0.0)
    ours, theirs = quo.people, spared.people
    taken = ours["care_experienced"] & ~theirs["care_experienced"]
    assert taken.sum() == count(quo, "taken_into_care")[0] > 3 and count(spared, "taken_into_care") == [0]
    more = ours["risk_at_rest"] - theirs["risk_at_rest"]
    assert more[taken] == pytest.approx(0.5, abs=1e-6) and not more[~taken].any()
    assert (ours["age"][taken] < 19).all()


def test_whoever_lives_with_a_parent_who_dies_grieves(quo):
    lost = count(quo, "lost_a_parent")[0]
    assert lost > 5
    assert (quo.people["bereaved_weeks"] >= 0).sum() >= lost / 2
    orphans = lived(care_with_removal=0.0, orphans_into_care=1.0), lived(care_with_removal=0.0, orphans_into_care=0.0)
    taken = [count(made, "taken_into_care")[0] for made in orphans]
    assert taken[0] > taken[1] == 0


def test_treatment_and_early_help_make_some_proceedings_needless():
    base = {**NULLS, "care_with_removal": 0.0, "early_help_share": 0.9}
    all_go, treated, helped = (
        count(lived(20, **{**base, **said}), "care_proceedings")[0]
        for said in ({}, {"proceedings_in_treatment": 0.0}, {"early_help_effect": 1.0})
    )
    assert treated < all_go > helped > 0


def test_a_parent_in_treatment_keeps_the_children_more_often():
    kept = [count(lived(removal_ratio_treated=ratio), "families_kept")[0] for ratio in (1.0, 0.0)]
    assert kept[1] > 1.5 * kept[0]


def test_places_before_the_family_drug_court_bind():
    made = after(
        10, **PLACE, parameters=FAMILIES, regime=regime(family_drug_court={"ramp_weeks": 0, "places_per_100000": 60.0})
    )
    places = 60 * made.place.population / 100_000 / made.one_in
    for _ in range(20):
        before = made.people["present"] & (made.people["family_case"] == FamilyCase.DRUG_COURT)
        assert before.sum() <= np.ceil(places)
        made.step()
    assert 0 < count(made, "family_court_cases")[0] < count(made, "care_proceedings")[0]


def test_it_takes_nobody_on_while_the_purse_of_the_council_is_empty():
    pulled = regime(family_drug_court={"ramp_weeks": 0, "places_per_100000": 4000.0})
    rich, poor = (
        after(30, **PLACE, parameters=FAMILIES, regime=pulled, budgets=budgets) for budgets in ({}, {"council": 1.0})
    )
    assert count(rich, "family_court_cases")[0] > 5
    cases = weekly(poor)["family_court_cases"].to_numpy()
    assert cases[2:].sum() == 0, "what began before the purse was known to be empty is paid all the same"
    assert count(poor, "care_proceedings")[0] > 5, "proceedings are ordinary ones"


def test_more_parents_before_it_enter_treatment_and_fewer_lose_their_children():
    """Where hardly anybody asks and there is room for all, and treatment is what counts, so that four seeds tell."""
    outcomes = ("family_court_cases", "families_parted", "ceased_at_court", "asked_for_treatment", "cost_council")
    numbers = {
        **FAMILIES, "seek_rate[opiate-group]": 0.1, "seek_rate[non-opiate-group]": 0.1, "seek_rate[alcohol-group]": 0.1,
        "seek_rate[non-opiate-and-alcohol-group]": 0.1,
        "proceedings_referral": 0.0, "referral_pull": 0.0, "psychosocial_coverage": 0.1, "agonist_coverage": 0.1,
        "psychosocial_places_ratio": 1000, "agonist_places_ratio": 20, "removal_ratio_treated": 0.0, "assessment_weeks": 0,
        "family_court_linked": 0.95, "family_court_cessation": 0.25, "family_court_retention": 2.0,
    }  # fmt: skip
    found = paired(COURT, outcomes, seeds=range(1, 5), weeks=40, parameters=numbers, beyond_ranges=True, **PLACE)
    assert (found["family_court_cases"] > 0).all() and (found["cost_council"] > 0).all()
    # Were there no effect, |t| of four differences would exceed 5.9 once in a hundred times.
    assert standard_errors(found["families_parted"]) < -5.9, found["families_parted"]
    assert (found["asked_for_treatment"] > 0).all() and found["ceased_at_court"].sum() > 0


def test_without_its_effects_the_court_changes_care_and_nothing_about_families_or_use():
    without = {**NULLS, "family_court_linked": 0.0}
    ordinary, court = lived(30, **without), lived(30, COURT, **without)
    assert count(court, "family_court_cases")[0] > 0 == count(ordinary, "family_court_cases")[0]
    allowed = {"people.family_case", "people.family_marks", "outcomes.flows", "outcomes.groups", "outcomes.costs"}
    assert set(disagreements(ordinary, court)) <= allowed
