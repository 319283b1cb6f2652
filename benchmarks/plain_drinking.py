"""Drinking of an ordinary Mesa agent: its severity, whom it brings and what it dies of. The place has no outreach."""

from math import exp
from typing import Any

from policysim.vocabulary.states import Care, Housing, Justice, Substance, Use


def drinks(person: Any) -> bool:
    """Whether someone is dependent on alcohol."""
    return bool(person.use[Substance.ALCOHOL] == Use.DEPENDENT)


def drink(person: Any, world: Any) -> None:
    """Severity grows towards the usual, and falls in care and with a keyworker."""
    if not drinks(person):
        person.drinking = person.drink_calls = 0.0
        return
    fall = world.drinking_fall_keyworker if person.keyworker else 0.0
    if person.care > Care.WAITING or person.justice == Justice.CUSTODY:
        fall = world.drinking_fall_treated
    person.drink_calls -= person.drink_calls * world.calls_fade
    back = (person.drinking_usual - person.drinking) * world.drinking_return
    person.drinking += back - person.drinking * fall


def call_hazard(person: Any, world: Any) -> float:
    """Hazard of a call of police or ambulance for drink."""
    if not drinks(person) or person.justice == Justice.CUSTODY:
        return 0.0
    hazard = world.drinking_call_rate * (person.drinking / world.drinking_reference) ** 4
    hazard *= world.call_ratio_homeless if person.housing == Housing.HOMELESS else 1
    return float(hazard * (world.call_ratio_ill if person.ill else 1))


def death_hazard(person: Any, world: Any, severity: float) -> float:
    """Hazard of dying of a disease that alcohol alone causes, at a severity."""
    if not drinks(person):
        return 0.0
    from_age = min(int(person.age) + 1 / 2 - world.alcohol_death_age, 0)
    relative = severity / world.drinking_reference
    return float(world.alcohol_death_rate * relative * relative * exp(world.alcohol_death_by_age * from_age))


def illness_hazard(person: Any, world: Any) -> float:
    """Hazard of dying of other causes than poisoning and suicide, of alcohol alone too."""
    usual = world.death_rate[person.sex][person.age_band()] * (1 - world.alcohol_specific_share)
    own = death_hazard(person, world, person.drinking)
    if person.use[Substance.HEROIN] in (Use.DEPENDENT, Use.REMISSION):
        within = usual * world.death_ratio_opioid - death_hazard(person, world, person.drinking_usual)
        return float(max(within, usual) + own)
    ratio = world.death_ratio_crack if person.use[Substance.CRACK] == Use.DEPENDENT else 1
    return float(usual * (world.death_ratio_alcohol if drinks(person) else ratio) + own)
