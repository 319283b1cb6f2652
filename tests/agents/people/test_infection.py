"""Infection: what makes occasions of sharing more or fewer, held against published ratios; tests, cures, livers, routes."""

import numpy as np
import pytest
from small_worlds import BUSY, after, model

from policysim.agents.people.death import illness_hazard, most_death
from policysim.agents.people.infection import (
    be_tested,
    catch_infection,
    injecting_now,
    liver_hazard,
    shared_injections,
    take_antivirals,
)
from policysim.agents.people.injecting import change_route, inject, means_of_smoking
from policysim.agents.people.overdose import opioid_hazard
from policysim.engine.luck import Luck, key_of
from policysim.evidence.figures import published
from policysim.evidence.registry import registry
from policysim.vocabulary.mark import marked
from policysim.vocabulary.marks import HarmReductionMark, InfectionMark, LifeMark, UseMark
from policysim.vocabulary.states import SUBSTANCES, Care, Housing, Justice, Life, Substance, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR

TRIES = 3000


def injector(person, crack: bool = False, heroin: bool = True):
    """Make someone who injects, untreated, at liberty, with a home, short of clean equipment and never infected."""
    for substance in range(SUBSTANCES):
        person.use[substance] = Use.NEVER
    person.use[Substance.HEROIN] = Use.DEPENDENT if heroin else Use.NEVER
    person.use[Substance.CRACK] = Use.DEPENDENT if crack else Use.NEVER
    person.injects, person.injecting_weeks, person.street_use, person.needles = True, 100, float(heroin), False
    person.has_foil, person.age = False, max(float(person.age), 30.0)
    person.hepatitis_c = person.hepatitis_c_ever = person.hiv = person.awaits_antivirals = False
    person.chronic_weeks = person.infection_marks = person.use_marks = person.harm_reduction_marks = 0
    person.justice, person.care, person.housing = Justice.FREE, Care.NONE, Housing.STABLE
    return person


def shared(someone, **fields) -> float:
    """Injections with used equipment in a week of someone who injects heroin, but for these fields."""
    person, here, world = someone
    injector(person)
    for name, value in fields.items():
        setattr(person, name, value)
    return shared_injections(person, here, world)


def tried(someone, rule, **fields) -> list[int]:
    """The marks of infection that a rule leaves on as many of them as are tried, each with luck of their own."""
    person, here, world = someone
    luck, found = Luck({rule.__name__: key_of(1, rule.__name__)}), []
    for k in range(TRIES):
        injector(person)
        for name, value in fields.items():
            setattr(person, name, value)
        luck.turn_to(k, 0, rule.__name__)
        rule(person, here, world, luck)
        found.append(int(person.infection_marks))
    return found


def share(found: list[int], mark: InfectionMark) -> float:
    return float(np.mean([bool(marks & mark) for marks in found]))


def within(ratio: float, *ids: str) -> bool:
    return all(published()[name].low <= ratio <= published()[name].high for name in ids)


# ---------------------------------------------------------------- against published ratios


def in_treatment(world) -> float:
    """Street use of someone in agonist treatment, on average: some use on top of it, the others not."""
    return world.on_top_share[Care.AGONIST] * world.street_use_in_care[Care.AGONIST]


def test_clean_equipment_treatment_and_both_are_near_the_published_ratios(someone):
    short, treated = shared(someone), in_treatment(someone[2])
    needles = shared(someone, needles=True) / short
    agonist = shared(someone, street_use=treated) / short
    both = shared(someone, street_use=treated, needles=True) / short
    assert within(needles, "B7.02", "B7.04b")
    assert within(agonist, "B7.01", "B7.04a")
    assert within(both, "B7.03", "B7.04c")
    assert both == pytest.approx(needles * agonist), "two paths, neither counted twice"


def test_prison_is_near_the_published_ratio_and_homes_lost_are_at_it(someone):
    """Fewer injections inside, and nothing clean for any of them; outside two in three are well supplied, some treated."""
    supplied, treated = registry()["needle_coverage"].value, registry()["agonist_coverage"].value
    usual = someone[2].sharing_ratio_homeless
    outside = supplied * shared(someone, needles=True) + (1 - supplied) * shared(someone)
    outside *= 1 - treated + treated * in_treatment(someone[2])
    assert within(shared(someone, justice=Justice.CUSTODY) / outside, "B2.07b"), (
        "hepatitis C; of HIV there is less to say"
    )
    assert shared(someone, housing=Housing.HOMELESS) / shared(someone) == pytest.approx(usual)
    assert within(usual, "K1.17a", "K1.17b")


def test_every_effect_vanishes_at_its_null_value(someone):
    _, here, world = someone
    usual = shared(someone)
    names = ("supplied", "homeless", "custody", "room")
    before = [getattr(world, f"sharing_ratio_{name}") for name in names], world.injecting_in_custody
    for name in names:
        setattr(world, f"sharing_ratio_{name}", 1.0)
    world.injecting_in_custody, here.room_share = 1.0, 1.0
    for fields in (
        {"needles": True}, {"housing": Housing.INSECURE}, {"justice": Justice.CUSTODY}, {"needles": False},
    ):  # fmt: skip
        assert shared(someone, **fields) == pytest.approx(usual)
    for name, value in zip(names, before[0], strict=True):
        setattr(world, f"sharing_ratio_{name}", value)
    world.injecting_in_custody = before[1]
    assert shared(someone) == 0, "whoever injects in a room alone shares nothing"
    here.room_share = 0.0


def test_whoever_injects_crack_shares_in_spite_of_treatment_and_less_than_with_heroin(someone):
    person, _, world = someone
    injector(person, crack=True, heroin=False)
    assert 0 < injecting_now(person, world) < 1
    person.care = Care.PSYCHOSOCIAL
    assert injecting_now(person, world) == world.crack_injected
    injector(person).street_use = 0
    assert injecting_now(person, world) == 0


# ---------------------------------------------------------------- caught, cleared, caught again


def test_infection_follows_those_around_and_nobody_infected_is_infected_again(someone):
    _, here, _ = someone
    here.hepatitis_c_around, here.hiv_around = 0.9, 0.9
    found = tried(someone, catch_infection)
    assert 0.003 < share(found, InfectionMark.CAUGHT_HEPATITIS_C) < 0.01
    assert 0.001 < share(found, InfectionMark.CAUGHT_HIV) < 0.008
    assert share(found, InfectionMark.REINFECTED) == 0
    again = tried(someone, catch_infection, hepatitis_c_ever=True)
    assert share(again, InfectionMark.REINFECTED) == share(again, InfectionMark.CAUGHT_HEPATITIS_C) > 0
    chronic = tried(someone, catch_infection, hepatitis_c=True, hepatitis_c_ever=True)
    assert share(chronic, InfectionMark.CAUGHT_HEPATITIS_C) == 0
    assert share(chronic, InfectionMark.CAUGHT_HIV) == share(found, InfectionMark.CAUGHT_HIV), "the same luck"
    assert sum(tried(someone, catch_infection, hiv=True)) < sum(found)
    here.hepatitis_c_around = here.hiv_around = 0.0
    assert not any(tried(someone, catch_infection))


def test_a_quarter_clear_hepatitis_c_and_the_others_have_it(someone):
    person, here, world = someone
    here.hepatitis_c_around, usual = 1.0, world.hepatitis_c_per_sharing
    world.hepatitis_c_per_sharing = 1.0
    found = tried(someone, catch_infection, street_use=1.0, needles=False)
    world.hepatitis_c_per_sharing, here.hepatitis_c_around = usual, 0.0
    caught, cleared = (share(found, m) for m in (InfectionMark.CAUGHT_HEPATITIS_C, InfectionMark.CLEARED_HEPATITIS_C))
    assert caught > 0.3 and cleared / caught == pytest.approx(world.hepatitis_c_clears, abs=0.05)
    assert person.hepatitis_c_ever == bool(person.infection_marks & InfectionMark.CAUGHT_HEPATITIS_C)


# ---------------------------------------------------------------- found and cured


def test_tests_reach_people_in_touch_and_prisoners_more_than_others(someone):
    _, here, _ = someone
    here.test_rate = here.test_rate_elsewhere = 0.2
    tests = {
        name: share(tried(someone, be_tested, **fields), InfectionMark.TESTED_FOR_HEPATITIS_C)
        for name, fields in {
            "hidden": {}, "exchange": {"needles": True}, "treated": {"care": Care.AGONIST},
            "prison": {"justice": Justice.CUSTODY}, "waits": {"hepatitis_c": True, "awaits_antivirals": True},
        }.items()
    }  # fmt: skip
    assert tests["waits"] == 0 < tests["hidden"] < tests["exchange"] == tests["treated"] < tests["prison"]
    found = tried(someone, be_tested, hepatitis_c=True, needles=True)
    assert share(found, InfectionMark.FOUND_HEPATITIS_C) == share(found, InfectionMark.TESTED_FOR_HEPATITIS_C) > 0.1
    assert share(tried(someone, be_tested, needles=True), InfectionMark.FOUND_HEPATITIS_C) == 0
    here.test_rate = here.test_rate_elsewhere = 0.0


def test_whoever_injected_once_is_tested_infected_or_not_and_whoever_never_did_is_not(someone):
    _, here, _ = someone
    here.test_rate, tested = 0.2, InfectionMark.TESTED_FOR_HEPATITIS_C
    former = {"injects": False, "care": Care.AGONIST}
    assert share(tried(someone, be_tested, **former), tested) > 0.1
    assert share(tried(someone, be_tested, **former, hepatitis_c=True), tested) > 0.1
    assert share(tried(someone, be_tested, **former, injecting_weeks=0), tested) == 0
    here.test_rate = 0.0


def test_more_tests_at_services_are_none_for_whoever_is_in_touch_with_none(someone):
    _, here, _ = someone
    here.test_rate = 0.5
    assert not any(tried(someone, be_tested))
    here.test_rate, here.test_rate_elsewhere = 0.0, 0.5
    assert any(tried(someone, be_tested)) and not any(tried(someone, be_tested, needles=True))
    here.test_rate_elsewhere = 0.0


def test_some_of_those_in_remission_at_the_start_injected_before_and_have_hepatitis_c():
    made = model(people=4000, parameters={**BUSY, "remission_pool": 1})
    use = made.people["use"][:, [Substance.HEROIN, Substance.CRACK]]
    former = made.people[(use == Use.REMISSION).any(axis=1) & ~made.people["injects"]]
    before = former[former["injecting_weeks"] > 0]
    numbers = registry()
    assert len(before) / len(former) == pytest.approx(numbers["injected_before_remission"].value, abs=0.08)
    assert before["hepatitis_c"].mean() == pytest.approx(numbers["hcv_share_former"].value, abs=0.06)
    assert before["hepatitis_c_ever"][before["hepatitis_c"]].all()
    assert not former["hepatitis_c_ever"][former["injecting_weeks"] == 0].any()


def test_a_course_cures_most_and_protects_nobody(someone):
    def course(person, here, world, luck):
        take_antivirals(person, here, world, luck, 0)
        assert not person.awaits_antivirals
        assert person.hepatitis_c != bool(person.infection_marks & InfectionMark.CURED_OF_HEPATITIS_C)

    found = tried(someone, course, hepatitis_c=True, hepatitis_c_ever=True, awaits_antivirals=True)
    assert share(found, InfectionMark.TOOK_ANTIVIRALS) == 1
    assert share(found, InfectionMark.CURED_OF_HEPATITIS_C) == pytest.approx(someone[2].antiviral_cure, abs=0.03)


# ---------------------------------------------------------------- livers


def test_the_liver_is_harmed_by_years_with_hepatitis_c_and_less_after_a_cure(someone):
    person, here, world = someone
    injector(person)
    without = most_death(person, here, world)
    assert liver_hazard(person, world) == 0
    person.hepatitis_c, hazards = True, []
    for years in (1, 10, 30, 90):
        person.chronic_weeks = min(years * WEEKS_PER_YEAR, 5000)
        hazards.append(liver_hazard(person, world))
        assert most_death(person, here, world) == pytest.approx(without + hazards[-1]), "known to whoever rests"
    assert hazards == sorted(hazards)
    ill = hazards[2] / world.cirrhosis_death_rate
    assert ill == pytest.approx(published()["K1.20a"].value, rel=0.1), "cirrhosis after 20 to 40 years"
    person.hepatitis_c = False
    assert liver_hazard(person, world) == pytest.approx(hazards[-1] * world.liver_ratio_cured)


def test_illness_of_people_who_use_opioids_leaves_out_what_is_counted_as_liver_disease(someone):
    person, _, world = someone
    injector(person)
    usual = world.liver_share_opioid
    with_it = illness_hazard(person, world)
    world.liver_share_opioid = 0.0
    assert with_it == pytest.approx(illness_hazard(person, world) * (1 - usual))
    world.liver_share_opioid = usual


def test_liver_deaths_are_part_of_the_other_deaths_and_none_without_hepatitis_c():
    worn = {"cirrhosis_rate": 1, "cirrhosis_death_rate": 2, "hcv_share": 0.5, "hcv_antibody_share": 0.8}
    made = after(26, people=600, parameters={**BUSY, **worn})
    dead = made.people[made.people["life"] == Life.DEAD]
    liver = marked(dead, InfectionMark.DIED_OF_LIVER_DISEASE)
    assert liver.sum() > 20
    assert marked(dead[liver], LifeMark.DIED_OTHERWISE).all() and (dead["chronic_weeks"][liver] > 0).all()
    none = after(26, people=600, parameters={**BUSY, **worn, "hcv_share": 0, "hcv_antibody_share": 0})
    assert not marked(none.people[none.people["chronic_weeks"] == 0], InfectionMark.DIED_OF_LIVER_DISEASE).any()


# ---------------------------------------------------------------- routes


def test_foil_is_for_heroin_and_pipes_for_crack_that_is_injected(someone):
    person, here, world = someone
    here.foil, here.pipes = 0.6, 0.0
    assert means_of_smoking(injector(person), here, world) == 0.6
    both = means_of_smoking(injector(person, crack=True), here, world)
    assert both == pytest.approx(0.6 * (1 - world.crack_injected)) and both > 0, "most smoke their crack already"
    assert means_of_smoking(injector(person, crack=True, heroin=False), here, world) == 0
    here.pipes = 0.5
    both = means_of_smoking(injector(person, crack=True), here, world)
    assert both == pytest.approx(0.6 + world.crack_injected * (0.5 - 0.6))
    assert means_of_smoking(injector(person, crack=True, heroin=False), here, world) == 0.5
    here.foil = here.pipes = 0.0


def test_whoever_was_given_foil_smokes_some_injections_and_nobody_else_does(someone):
    person, here, world = someone
    usual, injecting = world.foil_occasions, world.injecting_effect

    def hazard(**fields) -> tuple[float, float]:
        return shared(someone, **fields), opioid_hazard(person, here, world)

    without, has = hazard(), {"has_foil": True}
    with_foil = hazard(**has)
    assert with_foil[0] == pytest.approx(without[0] * (1 - usual)) and with_foil[1] < without[1]
    here.foil = 0.5
    assert hazard() == without, "that others are given foil changes nothing for somebody who was not"
    inside = {"justice": Justice.CUSTODY}
    assert hazard(**has, **inside)[0] == shared(someone, **inside), "no foil inside"
    world.injecting_effect = 0.0
    assert hazard(**has)[1] == hazard()[1], "injecting is the only path"
    world.injecting_effect, world.foil_occasions = injecting, 0.0
    assert hazard(**has) == without, "nothing where nobody smokes instead"
    here.foil, world.foil_occasions = 0.0, usual


def test_one_draw_a_week_says_who_is_given_foil_among_adults_at_liberty(someone):
    person, here, world = someone
    here.foil, luck, age = 0.3, Luck({"inject": key_of(1, "inject")}), person.age

    def given(**fields) -> float:
        """The share who have foil in a week; it is counted for them and no others."""
        found = []
        for k in range(TRIES):
            injector(person)
            for name, value in {"age": 30.0, **fields}.items():
                setattr(person, name, value)
            luck.turn_to(k, 0, "inject")
            inject(person, here, world, luck)
            counted = bool(person.harm_reduction_marks & HarmReductionMark.GOT_MEANS_OF_SMOKING)
            assert person.has_foil == counted
            found.append(counted)
        return float(np.mean(found))

    assert given() == pytest.approx(0.3, abs=0.034)  # four standard errors
    assert given(age=17.9) == 0, "services for adults give it out"
    assert given(justice=Justice.CUSTODY, has_foil=True) == 0, "and what somebody had is not theirs inside"
    here.foil, person.age = 0.0, age


def test_routes_change_both_ways_outside_prison_alone(someone):
    person, here, world = someone
    here.foil, usual = 1.0, (world.route_to_smoking, world.route_to_injecting)
    world.route_to_smoking = world.route_to_injecting = 50.0
    luck = Luck({"change_route": key_of(1, "change_route")})

    def then(**fields) -> tuple[bool, int]:
        injector(person)
        for name, value in fields.items():
            setattr(person, name, value)
        luck.turn_to(1, 0, "change_route")
        change_route(person, here, world, luck)
        return person.injects, person.use_marks

    assert then(has_foil=True) == (False, UseMark.SMOKES_INSTEAD)
    assert not person.has_foil
    assert then() == (True, 0), "foil that others are given"
    assert then(injects=False) == (True, UseMark.INJECTS_AGAIN)
    assert then(has_foil=True, justice=Justice.CUSTODY) == (True, 0)
    assert then(injects=False, injecting_weeks=0) == (False, 0), "who never injected does not begin here"
    world.route_to_smoking = 0.0
    assert then(has_foil=True) == (True, 0), "given the means, and nothing comes of it"
    here.foil, (world.route_to_smoking, world.route_to_injecting) = 0.0, usual
