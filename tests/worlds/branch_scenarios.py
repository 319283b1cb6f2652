"""The scenarios of every_branch.py: places in which what is rare elsewhere happens within a year."""

from collections.abc import Callable
from copy import deepcopy
from functools import partial

from small_worlds import BUSY, model, regime

from policysim.agents.roles import DependentUser, roles_with
from policysim.engine.rules import rule
from policysim.errors import UserError
from policysim.model import DrugPolicyModel

DEADLY = {
    "suicide_ratio_opioid": 300, "suicide_ratio_ill": 100, "other_poisoning_rate[men]": 0.3, "other_poisoning_rate[women]": 0.3,
    "suicide_by_misuse": 0.5, "alcohol_death_rate": 1, "upper_age": 62,
    "prescribed_opioid_rate[men]": 0.3, "prescribed_opioid_rate[women]": 0.3,
}  # fmt: skip
SLOW_COURTS = {
    "cases_per_1000": 500, "recall_rate": 10, "recall_weeks": 20, "licence_weeks": 30, "custody_share[acquisitive]": 0.9,
    "order_share[acquisitive]": 0.1,
    "prison_places_ratio": 1, "early_release_weeks": 12, "risk_pull": 5, "street_use_in_custody": 1,
    "overdose_rate[crack]": 20, "custody_rescue": 0.9,
    "remand_share[acquisitive]": 0.5, "remand_share[possession]": 0.5, "youth_custody_ratio": 0.6,
}  # fmt: skip
"""Cases wait while people are recalled to prison; and risk pulls as hard as it never would."""
OPEN_DOORS = {
    "room_visits_per_week": 600, "fatality_opioid": 0.05, "hat_failed_episodes": 1, "opiate_start_level": 100,
    "injecting_at_onset[heroin]": 0.7, "injecting_at_onset[crack]": 0.7, "escalation_rate[alcohol]": 10,
    "dependence_rate[alcohol]": 10, "dependence_rate[cannabis]": 10, "psychosocial_places_ratio": 20,
    "abstinence_wish": 0.6, "detoxification_places_ratio": 0.02, "residential_places_ratio": 0.02, "day_places_ratio": 0.02,
    "prison_community_ratio": 0.1, "prison_community_weeks": 2, "peers_in_remission": 0.5, "veteran_share": 0.5,
    "hcv_share": 0.3, "hepatitis_c_per_sharing": 0.5, "hiv_share": 0.3, "hiv_infectious": 1, "hiv_per_sharing": 1,
    "route_to_smoking": 10, "route_to_injecting": 10,
    "cirrhosis_rate": 0.5, "cirrhosis_death_rate": 2, "cost_antivirals": 1,
    "exploitation_rate": 1, "line_arrest_rate": 3, "safeguarding_rate": 1, "users_arrested_per_seizure": 500,
    "samples_per_session": 3000,
    "fake_batch_rate": 4, "party_batch_rate": 4, "noticed_by_overdose": 1, "seizure_effect": 0.69, "fake_share": 0.5,
    "wraparound_recovery": 5, "tenancy_lost[housing-first]": 6, "tenancy_lost[supported]": 2, "tenancy_move_on[supported]": 2,
    "job_support_ratio": 20, "job_support_caseload": 150, "job_support_length": 12, "job_support_in_work": 4,
    "job_support_wish": 1,
    "house_gives_home": 0.5, "drinking_call_rate": 20, "drinking_return": 0,
    "proceedings_rate": 4, "early_help_rate": 2, "proceedings_weeks": 6, "family_court_cessation": 0.9,
    "noticed_without_need": 0.5, "pre_school_fifths": 5, "pre_school_from_age": 9.3, "pre_school_to_age": 9.9,
    "parenting_from_age": 9,
    "caught_rate": 500, "caught_rate_student": 500, "expelled_when_caught": 0.4, "excluded_when_caught": 0.2,
    "lessons_to_age": 16, "lessons_at_most": 0.999, "school_pupils_per_1000": 200,
    "suspension_rate[men]": 2, "resilience_of_facts": -0.1, "resilience_of_visitors": 0.1, "resilience_of_peers": -0.1,
}  # fmt: skip
FEW_KITS = {
    "overdose_rate[heroin]": 12, "fatality_opioid": 0.5, "alone_share": 0, "using_ties": 4, "kit_used": 0.9, "kit_share": 0.2,
    "ambulance_called": 0.2, "adulterated_benzodiazepines": 0.3,
}  # fmt: skip
"""Two overdoses in a week need the one kit of a friend; what is sold as benzodiazepines holds an opioid at any time."""
SCHEMES = {
    "drinking_call_rate": 20,
    "requirement_breach_rate": 0.5,
    "illness_ends": 0.9,
    "leave_management": 5,
    "managed_length": 20,
    "remission_rate[heroin]": 20,
    "remission_rate[crack]": 20,
    "breach_rate": 1,
    "contract_breach_rate": 6,
    "searches_per_1000": 7000,
    "failure_pursued": 1,
    "trigger_ratio_child": 20,
    "panel_cases": 20_000,
    "youth_cases": 1000,
    "outreach_contacts": 5000,
    "pre_school_from_age": 9.8,
    "pre_school_to_age": 9.95,
    "parenting_from_age": 9.999,
}
"""Contracts, requirements and places on the programme for those arrested most come to their ends; outreach meets everybody, and
those who turn ten were of an age for pre-school alone."""
EVERYTHING = regime(
    stop_and_search={"change": 0.5, "ramp_weeks": 0},
    hot_spot_patrol={"intensity": 0.5, "ramp_weeks": 0},
    possession_decision={"arrest_share": 0.6, "ramp_weeks": 0},
    pre_arrest_diversion={"offered": 0.6, "attendance": 0.7, "ramp_weeks": 0},
    youth_diversion={
        "offered": 0.6,
        "attendance": 0.7,
        "education": 0.5,
        "panel": 0.6,
        "outcome_22": 0.5,
        "ramp_weeks": 0,
    },
    deferred_prosecution={"contracts": 400, "ramp_weeks": 0},
    escalating_sanctions={"reached": 0.5, "ramp_weeks": 0},
    prolific_offender_management={"places": 400, "ramp_weeks": 0},
    police_in_classrooms={"reached": 0.9, "ramp_weeks": 0},
    bystander_training={"trained_per_100": 40, "ramp_weeks": 0},
    police_naloxone={"carried": 0.9, "ramp_weeks": 0},
    test_on_arrest={"tested": 0.8, "referred": 0.6, "ramp_weeks": 0},
    agonist_treatment={"change": 0.2, "outreach": 0.5, "same_day": 0.5, "ramp_weeks": 4},
    depot_buprenorphine={"offered": 0.5, "ramp_weeks": 0},
    detoxification={"places": 20, "ramp_weeks": 0},
    therapeutic_community={"residential": 20, "day": 20, "custody": 20, "ramp_weeks": 0},
    counselling={"counsellors": 5, "ramp_weeks": 0},
    contingency_management={"places": 60, "ramp_weeks": 0},
    peer_support={"peers": 20, "ramp_weeks": 0},
    complex_drinkers={"places": 1000, "ramp_weeks": 0},
    women_only={"places": 80, "childcare": 0.8, "ramp_weeks": 0},
    veterans={"mentored": 0.9, "ramp_weeks": 0},
    under_18_services={"places": 3, "outreach": 3, "ramp_weeks": 0},
    heroin_assisted_treatment={"places": 60_000, "ramp_weeks": 0},
    take_home_naloxone={"kits_per_100": 300, "ramp_weeks": 0},
    consumption_room={"rooms": 400, "ramp_weeks": 0},
    peer_naloxone={"kits_per_100": 20, "ramp_weeks": 0},
    lived_experience_outreach={"workers": 40, "ramp_weeks": 0},
    needle_exchange={"supplied": 0.5, "ramp_weeks": 0},
    hepatitis_c_antivirals={"tests": 4, "courses": 40, "ramp_weeks": 0},
    safer_inhalation={"foil": 0.5, "pipes": 0.5, "ramp_weeks": 0},
    skills_programme={"coverage": 0.9, "ramp_weeks": 0},
    scare_tactics={"coverage": 0.9, "ramp_weeks": 0},
    school_environment={"coverage": 0.9, "ramp_weeks": 0},
    mentoring={"places": 100, "ramp_weeks": 0},
    school_diversion={"offered": 0.5, "ramp_weeks": 0},
    qualified_staff={"trained": 0.9, "ramp_weeks": 0},
    knowledge_only={"coverage": 1, "ramp_weeks": 0},
    former_users_or_police_alone={"coverage": 1, "ramp_weeks": 0},
    unstructured_peer_mentoring={"coverage": 1, "ramp_weeks": 0},
    drug_interventions_programme={"caseworkers_per_100000": 300, "ramp_weeks": 0},
    custody_engagement={"workers_per_100000": 100, "ramp_weeks": 0},
    custody_screening={"screened": 0.8, "ramp_weeks": 0},
    drug_requirement={"share": 0.6, "linked": 0.6, "ramp_weeks": 0},
    alcohol_requirement={"share": 0.6, "linked": 0.6, "ramp_weeks": 0},
    mental_health_requirement={"share": 0.6, "linked": 0.6, "places_per_100000": 3000, "ramp_weeks": 0},
    intensive_court={"places_per_100000": 1000, "ramp_weeks": 0},
    drug_court={"places_per_100000": 2000, "weeks": 12, "ramp_weeks": 0},
    halfway_house={"places_per_100": 30, "ramp_weeks": 0},
    halfway_house_in_place={"places_per_100": 30, "in_place": 0.5, "ramp_weeks": 0},
    through_the_gate={"strength": 0.9, "ramp_weeks": 0},
    prison_agonist_treatment={"treated": 0.9, "ramp_weeks": 0},
    naloxone_on_release={"given": 0.9, "ramp_weeks": 0},
    supply_disruption={"change": 1.0, "ramp_weeks": 0},
    county_lines={"change": 1.0, "ramp_weeks": 0},
    asset_recovery={"recovered": 0.8, "ramp_weeks": 0},
    drug_checking={"night_sessions": 60, "ramp_weeks": 0},
    early_warning={"ramp_weeks": 0},
    pre_school={"reached": 0.9, "ramp_weeks": 0},
    parenting={"early": 0.9, "late": 0.6, "ramp_weeks": 0},
    early_identification={"cases_per_100000": 150, "ramp_weeks": 0},
    qualified_family_workers={"qualified": 0.9, "ramp_weeks": 0},
    family_drug_court={"places_per_100000": 600, "ramp_weeks": 0},
    housing_first={"places": 2000, "ramp_weeks": 0},
    wraparound={"homes": 2000, "ramp_weeks": 0},
    supported_employment={"specialists": 20, "ramp_weeks": 0},
    stigma_reduction={"reached": 0.9, "ramp_weeks": 0},
    trauma_informed_practice={"services": 0.9, "ramp_weeks": 0},
    joined_up_funding={"share": 0.05, "ramp_weeks": 0},
    commissioners_priority={"ramp_weeks": 0},
)


def scenarios() -> dict[str, Callable[[str], DrugPolicyModel]]:
    """Each takes the name of an engine and returns the model after it was lived."""
    return {
        "every lever": every_lever, "every lever, others": partial(every_lever, people=400),
        "deadly": partial(lived, DEADLY), "few kits": partial(lived, FEW_KITS, weeks=20),
        "slow courts": partial(lived, SLOW_COURTS, weeks=30, seed=2),
        "schemes": schemes, "poor": poor, "mistakes": mistakes, "kept": kept,
        "burnt in": partial(lived, {}, weeks=60, people=80, burn_in_years=1),
    }  # fmt: skip


def lived(changes: dict, engine: str, weeks: int = 50, **arguments) -> DrugPolicyModel:
    """Some weeks of a busy place with these numbers changed."""
    made = model(engine=engine, parameters={**BUSY, **changes}, **{"people": 250, "years": 2, **arguments})
    for _ in range(weeks):
        made.step()
    made.close()
    return made


def every_lever(engine: str, people: int = 250) -> DrugPolicyModel:
    """All levers at once."""
    return lived(OPEN_DOORS, engine, place="authority:birmingham", regime=EVERYTHING, seed=5, people=people)


def schemes(engine: str) -> DrugPolicyModel:
    """All levers at once, where a third of all people are always taken to be found with drugs for the first time or second."""
    made = model(
        engine=engine, parameters=BUSY | SCHEMES, place="authority:birmingham", people=600, years=2, regime=EVERYTHING
    )
    for _ in range(20):
        for before in range(3):
            made.people["possessions"][before::3] = before
        made.step()
    made.close()
    return made


def poor(engine: str) -> DrugPolicyModel:
    """Purses that run dry, few teachers, nobody of an age for pre-school; taken over from another model, as regimes are."""
    budgets = {"police": 2e6, "nhs": 2e6, "justice": (2e6, 1e6), "council": 1e9}
    never = {"pre_school_from_age": 9.998, "pre_school_to_age": 9.999}
    start = lived(never, engine, weeks=2, budgets=budgets)
    made = model(
        engine=engine, parameters=BUSY | never, people=250, years=2, start=start, regime=EVERYTHING, budgets=budgets
    )
    for schools in made.schools:
        schools.lessons_a_week = 1e-6
    for _ in range(30):
        made.step()
    made.close()
    return made


def mistakes(engine: str) -> DrugPolicyModel:
    """What the roles refuse."""

    class One(DependentUser):
        pass

    class Other(DependentUser):
        pass

    class Slip(DependentUser):
        @rule
        def seek_hepl(self, here, world, luck):
            pass

    for people in ((int,), ("nobody",), (One, Other), (Slip,)):
        try:
            roles_with(people)
        except UserError:
            continue
        raise AssertionError(f"{people} were accepted")
    assert roles_with((One, One))[2] is One
    made = lived({}, engine, weeks=1)
    try:
        made.person(0).heigth = 1
    except AttributeError:
        return made
    raise AssertionError("a person has a field that nobody declared")


def kept(engine: str) -> DrugPolicyModel:
    """Copied, with the people and institutions that somebody holds; gone on from with other money within the year."""
    start = lived({}, engine, weeks=2, budgets={"police": 2e6})
    made = deepcopy(start)
    person, service = deepcopy((start.person(0), start.services[0]))
    assert repr(person).startswith(f"<{type(person).__name__}") and service.name == start.services[0].name
    assert type(person).__name__ in person._repr_html_()
    made = model(engine=engine, parameters=BUSY, people=250, years=2, start=made, budgets={"police": 1e6})
    for _ in range(2):
        made.step()
    made.close()
    return made
