"""Each lever: nothing at coverage 0, its process figure moves the right way, it acts where it says, has its papers.

Whatever lies in the folders of levers is held to this; a new lever needs no line here.
"""

import csv
import io
from copy import deepcopy
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_worlds import BUSY, after, disagreements, model, regime, weekly

from policysim.agents.institutions.catalogue import INSTITUTIONS
from policysim.agents.institutions.police import exposure
from policysim.counts.outcomes import COSTS, COUNTED
from policysim.evidence.registry import registry
from policysim.levers.catalogue import LEVERS
from policysim.levers.lever import DIRECTIONS, Lever, towards
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime, regimes
from policysim.vocabulary.purses import PURSES

WEEKS = 26
SEEDS = (1, 2, 3)
LESS = {
    "stop_and_search": {"change": -0.8},
    "possession_decision": {"arrest_share": 0.0},
    "pre_arrest_diversion": {"offered": 0.0},
    "police_naloxone": {"carried": 0.0},
    "test_on_arrest": {"tested": 0.0},
    "agonist_treatment": {"change": -0.9},
    "take_home_naloxone": {"kits_per_100": 0},
    "needle_exchange": {"supplied": 0.1},
    "hepatitis_c_antivirals": {"tests": 0.0, "courses": 0.0},
    "safer_inhalation": {"foil": 0.0, "pipes": 0.0},
}
# A place in which each lever has something to work on.
ARGUMENTS = {
    "place": "authority:birmingham", "people": 400,
    "parameters": {
        **BUSY, "police_first": 0.6, "agonist_places_ratio": 0.5, "agonist_coverage": 0.2, "naloxone_on_release": 0,
        "patrol_effect": 0,  # thefts, and the arrests they cost, are so many here that patrol would pay for itself
        "hat_failed_episodes": 1, "arrests_capacity_per_1000": 1e5, "searches_per_1000": 1000, "detection_rate": 12,
        "kits_per_100": 60, "samples_per_session": 2000, "checking_reach_opioids": 1,
        "cost_early_warning_year": 10, "fake_batch_rate": 4, "party_batch_rate": 4,
        "drinking_call_rate": 20, "keyworker_ending": 6,
        "abstinence_wish": 0.6, "detoxification_places_ratio": 0.02, "residential_places_ratio": 0.02,
        "prison_community_weeks": 2, "peers_in_remission": 0.5, "veteran_share": 0.5, "start_level[cannabis]": 4,
        "dependence_rate[cannabis]": 20, "escalation_rate[cannabis]": 20, "psychosocial_coverage": 0.3,
        "proceedings_rate": 4,
        "caught_rate": 20,
    },
}  # fmt: skip


def full(name: str) -> dict[str, Any]:
    """The settings of a lever at the upper end of their ranges."""
    own = set(LEVERS[name].model_fields) - set(Lever.model_fields)
    return {
        key: limit.le
        for key in sorted(own)
        for limit in LEVERS[name].model_fields[key].metadata
        if hasattr(limit, "le")
    }


def lived(seed: int, drawn: Regime) -> DrugPolicyModel:
    made = model(**ARGUMENTS, seed=seed, regime=drawn)
    for _ in range(WEEKS):
        made.step()
    made.close()
    return made


def outcome(made: DrugPolicyModel, name: str) -> float:
    """The outcome over all weeks, as tables show it."""
    return float(weekly(made)[name].sum())


@pytest.fixture(scope="module")
def usual() -> dict[int, DrugPolicyModel]:
    return {seed: lived(seed, regimes()["status-quo"]) for seed in SEEDS}


@dataclass
class Pulled:
    """A lever pulled in full in the busy place, one run a seed."""

    name: str
    runs: dict[int, DrugPolicyModel]


@pytest.fixture(scope="module", params=LEVERS)
def pulled(request: pytest.FixtureRequest) -> Pulled:
    name = request.param
    drawn = regime(**{name: {**full(name), "ramp_weeks": 0}})
    return Pulled(name, {seed: lived(seed, drawn) for seed in SEEDS})


@pytest.mark.slow
def test_the_process_figure_of_a_lever_rises_when_it_is_pulled(usual, pulled):
    figure = LEVERS[pulled.name].process
    differences = np.array([outcome(pulled.runs[seed], figure) - outcome(usual[seed], figure) for seed in SEEDS])
    assert (differences > 0).all(), figure
    assert differences.mean() > 0.1 * np.mean([outcome(usual[seed], figure) for seed in SEEDS])


@pytest.mark.slow
@pytest.mark.parametrize("name", LESS)
def test_the_process_figure_of_a_lever_falls_when_it_is_pulled_the_other_way(name, usual):
    figure = LEVERS[name].process
    less = [lived(seed, regime(**{name: {**LESS[name], "ramp_weeks": 0}})) for seed in SEEDS[:2]]
    differences = [
        outcome(made, figure) - outcome(usual[seed], figure) for made, seed in zip(less, SEEDS, strict=False)
    ]
    assert max(differences) < 0, figure


# Lessons cost too little to be seen over a year of treatment; the others cost less than the arrests, orders and prison
# places that they replace. What is paid for each of them is tested where they are.
UNSEEN = {
    "skills_programme", "scare_tactics", "school_environment", "school_diversion", "knowledge_only",
    "former_users_or_police_alone", "unstructured_peer_mentoring", "qualified_staff",
    "pre_arrest_diversion", "drug_court", "intensive_court", "halfway_house_in_place",
    "asset_recovery", "commissioners_priority", "youth_diversion",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("pulled", sorted(set(LEVERS) - UNSEEN), indirect=True)
def test_whoever_pays_for_a_lever_pays_more_when_it_is_pulled(usual, pulled):
    column = list(COSTS).index(f"cost_{LEVERS[pulled.name].payer}")
    paid = [np.mean([runs[seed].outcomes.costs[:, column].sum() for seed in SEEDS]) for runs in (usual, pulled.runs)]
    assert paid[1] > paid[0]


@pytest.mark.slow
def test_a_lever_is_pulled_where_it_acts_and_nowhere_else(usual, pulled):
    untouched, made = usual[SEEDS[0]], pulled.runs[SEEDS[0]]
    for institution, other in zip(made.institutions, untouched.institutions, strict=True):
        acts = isinstance(institution, LEVERS[pulled.name].acts_on)
        assert (institution.policy != other.policy) == acts, institution.name
        assert institution.usual == other.usual, "what is usual stays as it was"


@pytest.mark.slow
def test_levers_at_coverage_0_change_nothing(usual):
    """All at once; each leaves its institution's policy as it was at level 0, which is tested one by one below."""
    none = lived(SEEDS[0], regime(**{name: {**full(name), "coverage": 0.0, "ramp_weeks": 0} for name in LEVERS}))
    assert disagreements(usual[SEEDS[0]], none) == []


# ---------------------------------------------------------------- what a lever touches


@pytest.fixture(scope="module")
def at_rest() -> DrugPolicyModel:
    """A model in which no lever is pulled."""
    made = model(**ARGUMENTS)
    made.step()
    return made


@pytest.mark.parametrize("name", LEVERS)
def test_a_lever_needs_a_policy_of_its_institution_and_nothing_else(name, at_rest):
    lever = LEVERS[name].model_validate(full(name))
    usual = next(each.usual for each in at_rest.institutions if isinstance(each, lever.acts_on))
    policy = deepcopy(usual)
    lever.pull(policy, 0.0)
    assert policy == usual, "at level 0"
    lever.pull(policy, 1.0)
    assert policy != usual
    assert vars(policy).keys() == vars(usual).keys(), "it sets what its institution decides"


def nulls(name: str) -> dict[str, Any]:
    """The values of a lever's own settings at which each changes nothing; None for as today."""
    own = set(LEVERS[name].model_fields) - set(Lever.model_fields)
    return {key: LEVERS[name].model_fields[key].json_schema_extra["null"] for key in own}


@pytest.mark.parametrize("name", [name for name in LEVERS if nulls(name) and None not in nulls(name).values()])
def test_settings_at_their_null_values_change_nothing(name, at_rest):
    usual = next(each.usual for each in at_rest.institutions if isinstance(each, LEVERS[name].acts_on))
    policy = deepcopy(usual)
    LEVERS[name].model_validate(nulls(name)).pull(policy, 1.0)
    assert policy == usual


HOW = {
    "drug_requirement": ("drug_requirement_share", "drug_requirement_linked"),
    "alcohol_requirement": ("alcohol_requirement_share", "alcohol_requirement_linked"),
    "mental_health_requirement": ("mental_health_requirement_share", "mental_health_requirement_linked"),
    "test_on_arrest": ("test_on_arrest", "test_referral"),
    "deferred_prosecution": ("deferral_offer", "deferral_referral"),
    "pre_arrest_diversion": ("diversion_offer", "diversion_education"),
    "youth_diversion": ("youth_diversion_offer", "youth_diversion_attendance"),
    "school_diversion": ("diversion", "study_referral"),
    "drug_interventions_programme": ("caseworkers", "regional"),
    "drug_court": ("drug_court_places", "drug_court_weeks"),
    "early_identification": ("cases", "lived_experience"),
    "commissioners_priority": ("moved", "moved_to_treatment"),
    "joined_up_funding": ("share", "support"),
    "asset_recovery": ("asset_recovery", "into_treatment"),
    "women_only": ("women_only", "childcare"),
    "prolific_offender_management": ("places", "managed_referral"),
}
"""How much a lever delivers, and how: a share of it, or its strength."""


@pytest.mark.parametrize("name", HOW)
def test_at_half_coverage_half_as_much_is_delivered_as_well_as_at_full(name, at_rest):
    """So that half of a lever does half of it: a programme that fewer have is no weaker for them."""
    lever = LEVERS[name].model_validate(full(name))
    much, how = HOW[name]
    delivered = []
    for level in (0.0, 0.5, 1.0):
        policy = deepcopy(next(each.usual for each in at_rest.institutions if isinstance(each, lever.acts_on)))
        lever.pull(policy, level)
        delivered.append(getattr(policy, much) * getattr(policy, how))
    assert delivered[1] == pytest.approx((delivered[0] + delivered[2]) / 2)


def test_pulling_week_after_week_does_not_add_up():
    lever = {"change": 0.5, "ramp_weeks": 4, "start_week": 2}
    made = model(**ARGUMENTS, regime=regime(stop_and_search=lever, scare_tactics={"coverage": 0.8, "ramp_weeks": 2}))
    intensity, coverage = [], []
    for _ in range(10):
        made.step()
        intensity.append(made.police[0].policy.search_intensity)
        coverage.append(made.schools[0].policy.scare_coverage)
    assert intensity == pytest.approx([1, 1, 1.125, 1.25, 1.375, 1.5, 1.5, 1.5, 1.5, 1.5])
    assert coverage == pytest.approx([0.4, *[0.8] * 9])


def test_two_levers_on_one_institution_act_together():
    made = model(
        **ARGUMENTS,
        regime=regime(
            stop_and_search={"change": 1, "ramp_weeks": 0}, hot_spot_patrol={"intensity": 1, "ramp_weeks": 0}
        ),
    )
    made.step()
    assert made.police[0].policy.search_intensity == 2
    assert made.police[0].policy.patrol == 1


def test_patrols_move_searches_to_where_they_go_and_add_none():
    def searches_by_deprivation(**levers: Any) -> np.ndarray:
        made = model(**{**ARGUMENTS, "people": 3000, "place": "west-midlands", "regime": regime(**levers)})
        made.step()
        people = made.people[made.people["present"]]
        here = made.places[people["neighbourhood"]]
        expected = exposure(people, made.parameters) * here["search_rate"]
        made.close()
        return np.bincount(here["quintile"], weights=expected, minlength=5)

    usual = searches_by_deprivation()
    patrolled = searches_by_deprivation(hot_spot_patrol={"intensity": 1, "ramp_weeks": 0})
    assert patrolled.sum() == pytest.approx(usual.sum(), rel=0.02)  # those who turned ten since the census
    assert patrolled[0] > 1.2 * usual[0] and (patrolled[1:] < usual[1:]).all()


def test_patrol_lowers_theft_where_it_goes_and_a_little_beside_and_first_use_only_if_it_is_said_to_deter():
    patrol = regime(hot_spot_patrol={"intensity": 1, "ramp_weeks": 0})

    def set_by(**parameters: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        made = after(1, place="west-midlands", people=300, regime=patrol, parameters=parameters, beyond_ranges=True)
        places = made.places
        return places["quintile"] == 0, places["offending_ratio"].copy(), places["first_use_ratio"].copy()

    hot, ratio, first_use = set_by()
    assert (ratio <= 1).all() and ratio[hot].max() < 0.93
    assert ratio[hot].max() < ratio[~hot].min(), "nowhere beside as much as where patrols go"
    assert (ratio[~hot] < 1).any(), "benefits diffuse, crime is not displaced"
    assert (first_use == 1).all(), "at its centre deterrence is nil"
    assert (set_by(patrol_effect=0)[1] == 1).all()
    deterred = set_by(deterrence_effect=0.1)[2]
    assert deterred[hot] == pytest.approx(np.exp(-0.1)) and (deterred[~hot] == 1).all()


def test_levers_rest_during_burn_in():
    made = model(**{**ARGUMENTS, "burn_in_years": 1, "regime": regime(stop_and_search={"change": 1, "ramp_weeks": 0})})
    for _ in range(52):
        made.step()
        assert made.police[0].policy == made.police[0].usual
    made.step()
    assert made.police[0].policy.search_intensity == 2


# ---------------------------------------------------------------- levels and papers


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"ramp_weeks": 4}, [0.25, 0.5, 0.75, 1, 1, 1]),
        ({"ramp_weeks": 0}, [1, 1, 1, 1, 1, 1]),
        ({"ramp_weeks": 0, "start_week": 2, "coverage": 0.5}, [0, 0, 0.5, 0.5, 0.5, 0.5]),
        ({"ramp_weeks": 2, "start_week": 3, "coverage": 0.4}, [0, 0, 0, 0.2, 0.4, 0.4]),
    ],
)
def test_a_lever_begins_and_ramps_up_to_its_coverage(settings, expected):
    lever = LEVERS["skills_programme"].model_validate(settings)
    assert [lever.level(week) for week in range(6)] == pytest.approx(expected)


def test_half_delivered_is_half_way_from_the_usual():
    assert towards(0.2, 0.8, 0.5) == pytest.approx(0.5)
    assert towards(0.2, 0.8, 0.0) == 0.2
    assert towards(16, 0, 1.0) == 0


def evidence_ids() -> set[str]:
    text = files("policysim.configs.evidence").joinpath("evidence.csv").read_text(encoding="utf-8")
    return {row["id"] for row in csv.DictReader(io.StringIO(text))}


def documents() -> set[str]:
    text = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    return {line.removeprefix("## ").strip() for line in text.splitlines() if line.startswith("## ")}


@pytest.mark.parametrize("name", LEVERS)
def test_the_papers_of_a_lever_are_complete(name):
    lever = LEVERS[name]
    assert lever.__doc__
    assert lever.path
    assert lever.title
    assert lever.caution
    assert lever.acts_on in INSTITUTIONS
    assert lever.payer in lever.purses() and set(lever.purses()) <= set(PURSES)
    assert set(lever.scales) <= set(LEVERS) - {name}
    assert lever.expected == "stays" or not lever.scales, "alone it has nothing to scale"
    assert registry()[lever.cost].unit == "GBP"
    assert lever.reach
    assert lever.outcome in COUNTED
    assert lever.expected in DIRECTIONS
    assert lever.lawful in {"yes", "under licence", "no"}
    assert lever.process in COUNTED
    assert lever.evidence
    assert set(lever.evidence) <= evidence_ids()
    assert set(lever.sources) <= documents()
    for key, field in lever.model_fields.items():
        assert field.description, f"{name}.{key} says what it is"
        assert isinstance(field.json_schema_extra, dict) and field.json_schema_extra["unit"], f"{name}.{key} has a unit"
        limits = {end for limit in field.metadata for end in ("ge", "le") if hasattr(limit, end)}
        assert limits == {"ge", "le"}, f"{name}.{key} has limits"


def test_a_room_is_not_lawful_today_and_heroin_needs_a_licence():
    assert LEVERS["consumption_room"].lawful == "no"
    assert LEVERS["heroin_assisted_treatment"].lawful == "under licence"
    assert LEVERS["safer_inhalation"].lawful == "no", "pipes are not, foil alone is"
    assert {name for name, lever in LEVERS.items() if lever.lawful != "yes"} == {
        "heroin_assisted_treatment",
        "consumption_room",
        "safer_inhalation",
        "drug_checking",
        "drug_court",
        "halfway_house_in_place",
    }


def test_every_lever_is_used_by_a_shipped_regime():
    used = {name for shipped in regimes().values() for name in shipped.levers}
    without_evidence = {
        "scare_tactics",
        "knowledge_only",
        "former_users_or_police_alone",
        "unstructured_peer_mentoring",
    }
    alone = without_evidence | {"drug_court", "halfway_house_in_place"}
    assert used == set(LEVERS) - alone, "what no regime's advocate asks for is tried alone: policysim effects"
