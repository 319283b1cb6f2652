"""Measures of treatment, kits and custody, against places in which they are known beforehand."""

import math

import numpy as np
import pytest
from small_worlds import BUSY, model

from policysim.evidence.targets import targets
from policysim.experiments.measures.care_measures import CareMeasures, deaths_by_drug, in_treatment
from policysim.vocabulary.states import Care, Substance, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR

NO_PRESCRIBED = {f"prescribed_opioid_rate[{sex}]": 0 for sex in ("women", "men")}


def watched(weeks: int, **changes: float) -> tuple[CareMeasures, object]:
    made = model(people=2000, years=3, parameters={**BUSY, **changes})
    seen = CareMeasures(made.people)
    for _ in range(weeks):
        made.step()
        seen.look(made)
    made.close()
    return seen, made


def test_staying_in_treatment_is_the_hazard_of_leaving_it():
    """With endings of one kind and no change of hazard with time, exp(-rate) stay a year."""
    steady = {
        "dropout_rate[agonist]": 0.5, "dropout_half_time": 5200, "completion_rate[agonist]": 0, "risk_pull": 0, "peer_pull": 0,
        "pull_usual": 0, "pull_in_care[agonist]": 0, "offending_rate": 0, "detection_rate": 0, "searches_per_1000": 0,
        "custody_share_dependent": 0, "recall_rate": 0, "remission_rate[heroin]": 0, "overdose_rate[heroin]": 0,
    }  # fmt: skip
    seen, _ = watched(WEEKS_PER_YEAR, **steady)
    assert seen.retained(1) == pytest.approx(math.exp(-0.5), abs=0.08)


def test_deaths_inside_are_the_chances_of_those_inside():
    seen, made = watched(WEEKS_PER_YEAR, street_use_in_custody=0, suicide_by_misuse=0, **NO_PRESCRIBED)
    assert seen.measures()["deaths_inside"] == 0
    much, made = watched(WEEKS_PER_YEAR, street_use_in_custody=1, custody_share_dependent=0.6)
    found = much.measures()
    assert 0 < found["deaths_inside"] < much.all * made.one_in
    assert 0 < found["untreated_share"] < 1


def test_who_is_in_treatment_is_asked_by_drug():
    people = np.zeros(6, model(people=100).people.dtype)
    people["present"] = True
    people["care"] = [Care.AGONIST, Care.AGONIST, Care.AGONIST, Care.PSYCHOSOCIAL, Care.PSYCHOSOCIAL, Care.NONE]
    people["use"][:3, Substance.HEROIN] = people["use"][3:, Substance.PARTY] = Use.DEPENDENT
    people["age"] = [30, 45, 50, 26, 28, 60]
    people["injects"] = [True, True, False, False, False, True]
    people["naloxone"] = [True, False, True, False, False, True]
    people["ethnicity"] = [0, 1, 0, 1, 1, 1]
    found = in_treatment(people)
    assert found["kits_carried"] == 0.5
    assert found["opiate_treated_40"] == found["opiate_treated_white"] == pytest.approx(2 / 3)
    assert found["party_treated_age"] == 27
    assert np.isnan(found["cannabis_treated_age"])


def test_shares_by_drug_named_are_of_misuse_deaths():
    yearly = {"deaths": 8.0, "heroin_deaths": 4.0, "other_opioid_deaths": 2.0, "benzodiazepine_deaths": 1.0}
    assert deaths_by_drug(yearly) == {
        "heroin_share": 0.5, "other_opioid_share": 0.25, "benzodiazepine_share": 0.125,
    }  # fmt: skip


def test_targets_name_these_measures():
    measures = {target.measure for target in targets("west-midlands", 2_900_000)}
    assert {"deaths_inside", "untreated_share", "retained_1_year", "retained_3_years", "kits_carried"} <= measures
