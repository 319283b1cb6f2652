"""The shipped regimes: each pulls what its summary names and nothing else, and none takes away what it does not say."""

import pytest
from small_worlds import after

from policysim.levers.catalogue import LEVERS
from policysim.scenarios.regime import Regime, regimes
from policysim.scenarios.scenario import read_scenario

NAMED_BY = {
    "stop_and_search": "stop and search", "hot_spot_patrol": "patrol in hot spots", "possession_decision": "possession",
    "pre_arrest_diversion": "diversion", "test_on_arrest": "tests on arrest", "police_naloxone": "police",
    "take_home_naloxone": "take-home naloxone", "consumption_room": "consumption room", "needle_exchange": "needle exchange",
    "agonist_treatment": "agonist treatment", "heroin_assisted_treatment": "heroin-assisted treatment",
    "skills_programme": "skills in schools", "scare_tactics": "talks",
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


def test_the_scenario_of_levers_alone_has_each_once():
    alone = read_scenario("configs/scenarios/levers-alone.toml")
    assert [regime.id for regime in alone.regimes[:1]] == ["status-quo"]
    assert sorted(key for regime in alone.regimes for key in regime.levers) == sorted(LEVERS)
    assert all(len(regime.levers) == 1 for regime in alone.regimes[1:])


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
