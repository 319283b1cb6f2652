"""Standing at the start: school, work and home; treatment and custody; counts and clocks that follow from use."""

import numpy as np

from policysim.engine.exact import exp_of_each
from policysim.evidence.registry import Parameters
from policysim.vocabulary.exact import log
from policysim.vocabulary.groups import (
    at_liberty,
    ever_dependent,
    opiate_or_crack,
    opioid_dependent,
    opioid_history,
    uses_now,
)
from policysim.vocabulary.states import Care, Housing, Justice, Occupation, Role, Substance, Use, YouthCase
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.traits import Traits

NEVER_PRESENTED = -(2**15)  # far enough in the past for the first presentation to count as new
CLOCKS = ("bereaved_weeks", "weeks_since_care", "weeks_since_release", "weeks_since_diversion")
"""Clocks that nothing has started yet: -1 says never."""
CARRIED = [int(s) for s in (Substance.CANNABIS, Substance.PARTY, Substance.HEROIN, Substance.CRACK)]
"""What is carried about, and found."""


def power_of_each(values: np.ndarray, power: float) -> np.ndarray:
    """Each of these numbers from 0 up to a power above 0, to the same bit everywhere."""
    logs = np.array([log(value) if value > 0 else 0.0 for value in values.tolist()])
    return np.where(values > 0, exp_of_each(power * logs), 0.0)


def set_circumstances(people: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    """School, study, work, home and record at the start, and the balances at rest."""
    user = opiate_or_crack(people)
    _occupation(people, user, traits, parameters)
    _housing(people, user, traits, parameters)
    record = np.where(user, parameters["record_share_dependent"], parameters["record_share"])
    people["convictions"] = traits("record") < record * (people["age"] >= parameters["record_from_age"])
    people["risk"], people["resilience"] = people["risk_at_rest"], people["resilience_at_rest"]


def set_standing(people: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    """Counts that follow from use, the clocks that have not started, custody and treatment, and the first role."""
    for clock in CLOCKS:
        people[clock] = -1
    people["last_presentation"] = NEVER_PRESENTED
    _counts_of_use(people)
    _custody(people, traits, parameters)
    _treatment(people, traits, parameters)
    _drinking(people, traits, parameters)
    _possessions(people, traits, parameters)
    people["role"] = np.where(
        people["dependent_on"] > 0,
        Role.DEPENDENT_USER,
        np.where(people["age"] < parameters["adult_role_age"], Role.YOUNG_PERSON, Role.ADULT),
    )


def _occupation(people: np.ndarray, user: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    age, u = people["age"], traits("occupation")
    pupil = age < parameters["leaving_age"]
    workless = np.where(user, parameters["workless_share_dependent"], parameters["workless_share"])
    occupation = np.where(u < workless, Occupation.WORKLESS, Occupation.WORKING)
    student = ~pupil & (age < parameters["graduation_age"]) & (u >= 1 - parameters["study_share"])
    occupation = np.where(student, Occupation.STUDENT, occupation)
    people["occupation"] = np.where(pupil, Occupation.SCHOOL, occupation)


def _housing(people: np.ndarray, user: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    unstable = np.where(user, parameters["unstable_share_dependent"], parameters["unstable_share"])
    unstable = unstable * (people["age"] >= parameters["unstable_from_age"])
    u = traits("housing")
    insecure = np.where(u < unstable, Housing.INSECURE, Housing.STABLE)
    people["housing"] = np.where(u < unstable * parameters["homeless_of_unstable"], Housing.HOMELESS, insecure)


def _counts_of_use(people: np.ndarray) -> None:
    use = people["use"]
    people["using"] = uses_now(use).sum(axis=1)
    people["dependent_on"] = (use == Use.DEPENDENT).sum(axis=1)
    people["ever_used"] = (use != Use.NEVER).any(axis=1)
    people["ever_dependent"] = ever_dependent(use)


def _custody(people: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    """Who is in custody, of those dependent on heroin or crack, and who has agonist treatment there."""
    custody = opiate_or_crack(people) & (traits("custody") < parameters["custody_share_dependent"])
    people["justice"] = np.where(custody, Justice.CUSTODY, Justice.FREE)
    child = people["age"] < parameters["age_of_adult_court"]
    people["youth"] = np.where(custody & child, YouthCase.CUSTODY, YouthCase.NONE)
    people["weeks_left"] = np.where(custody, 1 + parameters["custody_weeks_left"] * traits("weeks left"), 0)
    treated = traits("prison treatment") < parameters["prison_agonist_share"]
    people["prison_agonist"] = custody & opioid_dependent(people) & treated


def _treatment(people: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    """Who is in treatment in the community, for how long, who uses on top, and earlier episodes."""
    heroin, free = opioid_dependent(people), at_liberty(people)
    u = traits("treatment")
    agonist = heroin & free & (u < parameters["agonist_coverage"])
    child = people["age"] < parameters["age_of_adult_court"]
    coverage = np.where(child, parameters["young_coverage"], parameters["psychosocial_coverage"])
    other = (people["dependent_on"] > 0) & ~heroin & free & (u < coverage)
    people["care"] = np.where(agonist, Care.AGONIST, np.where(other, Care.PSYCHOSOCIAL, Care.NONE))
    people["care"][child & (agonist | other)] = Care.UNDER_18
    depot = traits("depot") < parameters["depot_share"]
    people["depot_weeks"] = np.where(depot & (people["care"] == Care.AGONIST), int(parameters["depot_lasts"]), 0)
    people["weeks_in_care"] = parameters.table("weeks_in_care_at_start")[people["care"]] * traits("weeks in care")
    people["weeks_in_episode"] = people["weeks_in_care"]
    people["on_top"] = traits("on top") < parameters.table("on_top_share")[people["care"]]
    before = opioid_history(people)
    people["agonist_episodes"] = np.where(
        before, 1 + (parameters["episodes_at_start"] * traits("episodes")).astype(int), 0
    )


def _drinking(people: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    """The severity that each would come to if dependent on alcohol, and of those who are the severity and calls of a year.

    Mild, moderate and severe by their shares, evenly within each; in care, where it has come to.
    """
    shares = np.cumsum(
        [0.0, parameters["drinking_mild"], parameters["drinking_moderate"], parameters["drinking_severe"]]
    )
    points = [
        0.0,
        parameters["drinking_moderate_from"],
        parameters["drinking_severe_from"],
        parameters["drinking_most"],
    ]
    usual = np.interp(traits("drinking"), shares / max(shares[-1], np.finfo(float).tiny), points)
    helped = (people["care"] > Care.WAITING) | (people["justice"] == Justice.CUSTODY)
    back, fall = parameters["drinking_return"], parameters["drinking_fall_treated"]
    lowered = back / (back + fall) if back > 0 else 1.0
    dependent = people["use"][:, Substance.ALCOHOL] == Use.DEPENDENT
    people["drinking_usual"] = usual
    people["drinking"] = dependent * usual * np.where(helped, lowered, 1.0)
    relative = people["drinking"].astype(float) / parameters["drinking_reference"]
    rate = parameters["drinking_call_rate"] * power_of_each(relative, parameters["drinking_call_power"])
    rate *= np.where(people["housing"] == Housing.HOMELESS, parameters["call_ratio_homeless"], 1.0)
    rate *= np.where(people["ill"], parameters["call_ratio_ill"], 1.0)
    free = people["justice"] != Justice.CUSTODY
    people["drink_calls"] = free * rate * WEEKS_PER_YEAR


def _possessions(people: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    """How often whoever uses now was found with drugs before, by chance, in the adult years that are still on file."""
    frequency = parameters.table("use_frequency")[people["use"][:, CARRIED]].max(axis=1)
    years = np.clip(people["age"] - parameters["age_of_adult_court"], 0, parameters["possession_years"])
    mean = parameters["detection_rate"] * WEEKS_PER_YEAR * frequency * years
    users = np.flatnonzero(mean > 0)
    mean, u = mean[users], traits("possessions")[users]
    chance = exp_of_each(-mean)
    below, times = chance, 0
    while times < parameters["longest_count"] and (u >= below).any():
        people["possessions"][users] += u >= below
        times += 1
        chance = chance * mean / times
        below = below + chance
