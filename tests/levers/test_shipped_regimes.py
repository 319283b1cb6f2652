"""The shipped regimes: each pulls what its summary names and nothing else, and none takes away what it does not say."""

import pytest
from small_worlds import after

from policysim.levers.catalogue import LEVERS
from policysim.scenarios.regime import Regime, regimes

NAMED_BY = {
    "stop_and_search": "stop and search", "hot_spot_patrol": "patrol in hot spots", "possession_decision": "possession",
    "pre_arrest_diversion": "diversion", "youth_diversion": "under-18s", "deferred_prosecution": "deferred prosecution",
    "escalating_sanctions": "sanctions by steps", "supply_disruption": "disruption of supply", "county_lines": "county lines",
    "asset_recovery": "assets", "prolific_offender_management": "prolific offenders", "bystander_training": "bystander training",
    "police_in_classrooms": "police in classrooms", "test_on_arrest": "tests on arrest", "police_naloxone": "police",
    "drug_interventions_programme": "regional drug interventions programme", "custody_engagement": "workers in custody suites",
    "custody_screening": "custody suites", "drug_requirement": "requirements", "alcohol_requirement": "requirements",
    "mental_health_requirement": "requirements", "intensive_court": "intensive courts", "drug_court": "drug courts",
    "halfway_house": "halfway houses after prison", "halfway_house_in_place": "halfway houses in place of prison",
    "through_the_gate": "through the gate", "prison_agonist_treatment": "agonist treatment in prison",
    "naloxone_on_release": "on release", "take_home_naloxone": "take-home naloxone", "peer_naloxone": "by peers",
    "consumption_room": "consumption room", "needle_exchange": "needle exchange", "safer_inhalation": "safer inhalation",
    "drug_checking": "drug checking", "early_warning": "early warning", "lived_experience_outreach": "outreach",
    "agonist_treatment": "agonist treatment", "depot_buprenorphine": "depot",
    "heroin_assisted_treatment": "heroin-assisted treatment", "detoxification": "detoxification", "counselling": "counselling",
    "contingency_management": "contingency management", "therapeutic_community": "therapeutic communities",
    "peer_support": "peer support", "women_only": "women-only", "veterans": "veterans", "complex_drinkers": "complex drinkers",
    "under_18_services": "under-18s", "hepatitis_c_antivirals": "antivirals", "skills_programme": "skills in schools",
    "scare_tactics": "talks",
    "pre_school": "pre-school", "parenting": "parenting", "early_identification": "early identification",
    "qualified_family_workers": "qualified family workers", "family_drug_court": "family drug courts",
    "school_environment": "ethos", "mentoring": "mentors", "qualified_staff": "trained staff",
    "school_diversion": "in place of exclusion", "knowledge_only": "facts alone", "former_users_or_police_alone": "former users",
    "unstructured_peer_mentoring": "mentoring without structure",
    "housing_first": "housing first", "wraparound": "supported homes", "supported_employment": "supported employment",
    "stigma_reduction": "stigma", "trauma_informed_practice": "trauma-informed",
    "joined_up_funding": "joined up", "commissioners_priority": "commissioner's priority",
}  # fmt: skip
"""The words of a summary that name a lever."""
SERVICES = ("agonist_places", "psychosocial_places", "kits_per_100", "needle_coverage", "police_naloxone")
"""What regimes other than a cut in services leave as it is or raise."""


def test_the_words_speak_of_every_lever():
    assert set(NAMED_BY) == set(LEVERS)


@pytest.mark.parametrize("regime", regimes().values(), ids=lambda regime: regime.id)
def test_a_regime_pulls_what_its_summary_names(regime: Regime):
    said = regime.summary.lower()
    unnamed = [lever for lever in regime.levers if NAMED_BY[lever] not in said]
    assert unnamed == []


def policies(regime: Regime, numbers: dict[str, float] | None = None) -> dict[str, float]:
    """Every part of the policies that stand at full delivery, by institution and name."""
    levers = {key: lever.model_copy(update={"ramp_weeks": 0}) for key, lever in regime.levers.items()}
    model = after(1, regime=Regime(id=regime.id, name=regime.name, levers=levers), parameters=numbers or {})
    return {
        f"{institution.name}: {name}": value
        for institution in model.institutions
        if institution.policy is not None
        for name, value in vars(institution.policy).items()
    }


@pytest.mark.parametrize(
    "regime", [one for one in regimes().values() if one.id != "services-cut"], ids=lambda regime: regime.id
)
def test_only_a_cut_in_services_cuts_services(regime: Regime):
    usual, full = policies(regimes()["status-quo"]), policies(regime)
    cut = [name for name in usual if name.endswith(SERVICES) and full[name] < usual[name]]
    assert cut == []


def test_a_cut_in_services_cuts_them_and_leaves_police_alone():
    usual, full = policies(regimes()["status-quo"]), policies(regimes()["services-cut"])
    changed = {name.rpartition(": ")[2] for name in usual if full[name] < usual[name]}
    assert changed == {"agonist_places", "kits_per_100", "needle_coverage"}
    assert not any(full[name] > usual[name] for name in usual)


def test_enforcement_leaves_kits_treatment_and_school_talks_as_they_are():
    levers = set(regimes()["enforcement-only"].levers)
    assert not levers & {"take_home_naloxone", "agonist_treatment", "needle_exchange", "scare_tactics"}


@pytest.mark.parametrize("kits, taught", [(12, 0.3), (40, 0.5)])
def test_what_a_regime_leaves_or_cuts_goes_by_what_the_place_does(kits: float, taught: float):
    """Whatever the status quo is drawn or published to be: referral stays as now, a cut is a cut."""
    numbers = {"kits_per_100": kits, "test_referral_share": taught, "diversion_link": 0.55, "attendance": 0.75}
    usual, enforced, diverted, cut = (
        policies(regimes()[id], numbers) for id in ("status-quo", "enforcement-only", "diversion", "services-cut")
    )
    for name, value in usual.items():
        if name.endswith("test_referral"):
            assert enforced[name] == value == taught
        if name.endswith(("diversion_referral", "diversion_attendance")):
            assert diverted[name] == value
        if name.endswith("kits_per_100"):
            assert cut[name] == pytest.approx(0.73 * value)
