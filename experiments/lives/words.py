"""Plain words for what happens to a simulated person: events, states, fields.

Suicide is told as "died" unless sensitive detail is asked for, and so are deaths from illness or accident, which would
give it away by elimination.
"""

import datetime
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from policysim.agents.people.person import Person
from policysim.agents.roles import ROLES
from policysim.engine.fields import fields_of, marks_in
from policysim.vocabulary.mark import Mark
from policysim.vocabulary.marks import (
    CareMark,
    HarmReductionMark,
    LifeMark,
    OverdoseMark,
    PoliceMark,
    UseMark,
    WorkHomeMark,
)
from policysim.vocabulary.states import SUBSTANCES, Care, Charge, Housing, Justice, Life, Occupation, Substance, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR

DIED = "died"

OF_USE = frozenset(
    {UseMark.FIRST_USE, UseMark.BECAME_DEPENDENT, UseMark.REMITTED, UseMark.RELAPSED, UseMark.USE_CHANGED}
)
"""Marks told by substance, from the states before and after."""

HELPED = frozenset({
    OverdoseMark.REVERSED_BY_FRIEND, OverdoseMark.REVERSED_IN_ROOM, OverdoseMark.REVERSED_BY_POLICE,
    OverdoseMark.REVERSED_BY_AMBULANCE, OverdoseMark.REVERSED_IN_CUSTODY,
})  # fmt: skip
"""Somebody's help saved a life."""

SENSITIVE = frozenset({LifeMark.DIED_BY_SUICIDE, LifeMark.DIED_INTENTIONALLY, LifeMark.DIED_OTHERWISE})

SUBSTANCES_IN_WORDS: dict[Substance, str] = {
    Substance.CANNABIS: "cannabis",
    Substance.PARTY: "powder cocaine or other party drugs",
    Substance.HEROIN: "heroin or other opioids",
    Substance.CRACK: "crack cocaine",
    Substance.BENZODIAZEPINES: "benzodiazepines",
    Substance.GABAPENTINOIDS: "gabapentinoids",
    Substance.ALCOHOL: "alcohol",
}
USE = {
    Use.EXPERIMENTING: "now and then", Use.REGULAR: "regularly", Use.DEPENDENT: "dependent",
    Use.REMISSION: "in remission", Use.FORMER: "no longer",
}  # fmt: skip
CARE = {
    Care.NONE: "none", Care.WAITING: "waiting for treatment", Care.AGONIST: "opioid agonist treatment",
    Care.HEROIN_ASSISTED: "heroin-assisted treatment", Care.PSYCHOSOCIAL: "psychosocial treatment",
    Care.DETOXIFICATION: "detoxification on a ward", Care.RESIDENTIAL_COMMUNITY: "a residential therapeutic community",
    Care.DAY_COMMUNITY: "a therapeutic community by day", Care.PRISON_COMMUNITY: "a therapeutic community in prison",
    Care.UNDER_18: "a young people's service",
}  # fmt: skip
JUSTICE = {
    Justice.FREE: "free", Justice.COMMUNITY_ORDER: "community order", Justice.CUSTODY: "in prison",
    Justice.LICENCE: "on licence", Justice.DEFERRED: "sentence put off", Justice.HALFWAY_HOUSE: "in a halfway house",
}  # fmt: skip
OCCUPATION = {
    Occupation.SCHOOL: "at school", Occupation.EXCLUDED: "excluded from school", Occupation.STUDENT: "a student",
    Occupation.WORKING: "working", Occupation.WORKLESS: "without work",
}  # fmt: skip
HOUSING = {
    Housing.STABLE: "in a stable home", Housing.INSECURE: "in insecure housing",
    Housing.HOMELESS: "without a home",
}  # fmt: skip
LIFE = {Life.NOT_YET: "not yet followed", Life.PRESENT: "alive", Life.LEFT: "no longer followed", Life.DEAD: DIED}
CHARGE = {
    Charge.NONE: "none", Charge.POSSESSION: "possession", Charge.SUPPLY: "supply", Charge.ACQUISITIVE: "theft",
    Charge.DISORDER: "disorder in drink",
    Charge.BREACH: "breach of an order",
}  # fmt: skip
STATES: dict[str, dict] = {
    "care": CARE, "justice": JUSTICE, "occupation": OCCUPATION, "housing": HOUSING, "life": LIFE, "charge": CHARGE,
}  # fmt: skip
UNTOLD = frozenset({"cause", "present", "ethnicity", "aces", *marks_in(fields_of(ROLES))})
"""Fields that are never shown as they are: told as events, or nobody's business."""


def events(before: np.ndarray, after: np.ndarray, show_sensitive: bool = False) -> list[str]:
    """What happened in a week, from the rows (shape (1,)) before it and after it."""
    marks = carried(after)
    told = list(_use_changes(before["use"][0], after["use"][0]))
    for mark in marks:
        if not mark.statistic and mark not in OF_USE:
            told.append(_mark(mark, marks, Care(int(after["care"][0])), show_sensitive))
    told += _quiet_changes(before, after, marks)
    return list(dict.fromkeys(text for text in told if text))


def carried(row: np.ndarray) -> list[Mark]:
    """The marks of a row (shape (1,)), in the order in which they are told: as it happened, an end last."""
    left = ((int(row[field][0]), part) for field, part in _parts())
    return [mark for marks, part in left if marks for mark in part if marks & mark]


@cache
def _parts() -> tuple[tuple[str, type[Mark]], ...]:
    """Fields of marks, and what they hold."""
    return tuple(marks_in(fields_of(ROLES)).items())


def _mark(mark: Mark, marks: Sequence[Mark], care: Care, show_sensitive: bool) -> str:
    """One mark beside the others of its week."""
    if mark == PoliceMark.SEARCHED:
        return "searched by police" + ("" if PoliceMark.FOUND_WITH_DRUGS in marks else ", nothing found")
    if mark == PoliceMark.TESTED_ON_ARREST and PoliceMark.TESTED_POSITIVE in marks:
        return ""
    if mark == PoliceMark.OFFERED_DIVERSION and PoliceMark.DIVERTED not in marks:
        return mark.told + ", did not attend"
    if mark == CareMark.ASKED_FOR_TREATMENT and care != Care.WAITING:
        return "asked for treatment"
    if mark in (CareMark.ENTERED_TREATMENT, CareMark.MOVED_TREATMENT) and care > Care.WAITING:
        return f"began {CARE[care]}"
    if mark in (
        OverdoseMark.OVERDOSED,
        OverdoseMark.REVERSED_BY_FRIEND,
        OverdoseMark.USED_OWN_KIT,
        OverdoseMark.NEEDS_FRIENDS_KIT,
    ):
        return _overdose(mark, marks)
    hidden = mark in SENSITIVE or (mark == LifeMark.DIED_OF_MISUSE and LifeMark.DIED_INTENTIONALLY in marks)
    return DIED if hidden and not show_sensitive else mark.told


def _overdose(mark: Mark, marks: Sequence[Mark]) -> str:
    """An overdose, and whose kit was used, told once."""
    if mark == OverdoseMark.OVERDOSED:
        if LifeMark.DIED_OF_MISUSE in marks and LifeMark.DIED_INTENTIONALLY not in marks:
            return ""
        return mark.told + ("" if HELPED & {*marks} else " and lived")
    if mark == OverdoseMark.REVERSED_BY_FRIEND:
        return mark.told + (
            ", with their own kit" if OverdoseMark.USED_OWN_KIT in marks else ", with a friend's naloxone kit"
        )
    return "" if OverdoseMark.REVERSED_BY_FRIEND in marks else mark.told + ", which did not help"


def _use_changes(before: np.ndarray, after: np.ndarray) -> Iterator[str]:
    for substance in range(SUBSTANCES):
        old, new = Use(int(before[substance])), Use(int(after[substance]))
        if old != new:
            yield _use_change(Substance(substance), old, new)


def _use_change(substance: Substance, old: Use, new: Use) -> str:
    """One substance's change; moderate drinking is not modelled, so all use of alcohol is drinking that harms."""
    name = SUBSTANCES_IN_WORDS[substance]
    if new == Use.DEPENDENT:
        return f"became dependent on {name}" + (" again" if old == Use.REMISSION else "")
    if new == Use.REMISSION:
        return f"dependence on {name} ended"
    alcohol = substance == Substance.ALCOHOL
    if new == Use.REGULAR:
        return "drinks harmfully on a regular basis" if alcohol else f"from occasional to regular use of {name}"
    if new == Use.FORMER:
        return "stopped drinking harmfully" if alcohol else f"stopped using {name}"
    if old == Use.REGULAR:
        return "drinks harmfully less often" if alcohol else f"cut down on {name}"
    first = old == Use.NEVER
    if alcohol:
        return "began to drink harmfully now and then" if first else "drinks harmfully again now and then"
    return f"used {name} for the first time" if first else f"used {name} again"


def _quiet_changes(before: np.ndarray, after: np.ndarray, marks: Sequence[Mark]) -> Iterator[str]:
    """Changes that leave no mark."""
    old, new = ({name: int(row[name][0]) for name in STATES} for row in (before, after))
    if after["bereaved_weeks"][0] == 0 and after["present"][0]:
        yield "a friend died of drug misuse"
    if old["occupation"] != new["occupation"]:
        yield {
            Occupation.WORKING: "found work", Occupation.STUDENT: "went on to study",
            Occupation.WORKLESS: "" if WorkHomeMark.LOST_WORK in marks else "left school without work",
        }.get(Occupation(new["occupation"]), "")  # fmt: skip
    if old["housing"] != new["housing"] and new["housing"] == Housing.STABLE:
        yield "found a stable home"
    if old["justice"] != new["justice"] and new["justice"] == Justice.FREE and old["justice"] != Justice.CUSTODY:
        yield {
            Justice.LICENCE: "licence came to its end",
            Justice.COMMUNITY_ORDER: "community order came to its end",
        }.get(Justice(old["justice"]), "")
    if (
        before["naloxone"][0]
        and not after["naloxone"][0]
        and not {HarmReductionMark.LOST_KIT, OverdoseMark.USED_OWN_KIT} & {*marks}
    ):
        yield "used their naloxone kit to help a friend"


def use_in_words(use: np.ndarray) -> str:
    """Present use by substance, shape (7,)."""
    told = [
        f"{SUBSTANCES_IN_WORDS[Substance(k)]}: {USE[Use(int(state))]}"
        for k, state in enumerate(use)
        if state not in (Use.NEVER, Use.FORMER)
    ]
    return "; ".join(told) or "none"


FIELDS = {
    "care": "treatment", "justice": "standing with the law", "occupation": "work or school", "housing": "home",
    "charge": "charged with", "remanded": "held until a hearing", "contract_weeks": "weeks left of a diversion agreement",
    "life": "life", "needles": "enough clean needles this week",
    "naloxone": "carries naloxone", "street_use": "street opioid use (1: dependent and untreated)",
    "tolerance": "opioid tolerance (1: that of daily use)", "peers_using": "friends who use drugs, use heroin or crack, drink",
    "using_peers": "people they use heroin or crack with", "referred": "strength of a referral to treatment",
    "peers_with_naloxone": "people they use with who carry naloxone", "use": "states of use", "role": "role",
}  # fmt: skip
"""Short words for fields of a person whose declared meaning says more than a reader of a life needs."""


def field_in_words(name: str, owner: type = Person) -> str:
    """What a field of a person, of here or of the world means."""
    if issubclass(owner, Person) and name in FIELDS:
        return FIELDS[name]
    declared = getattr(owner, name, None)
    return declared.meaning if declared is not None else name.replace("_", " ")


def value_in_words(name: str, value: object) -> str:
    """The value of a field for a reader."""
    if name in STATES:
        return STATES[name][int(value)]  # type: ignore[call-overload]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value + 0.0:.3g}"  # plus nothing: of a negative nought no sign is shown
    return ", ".join(value_in_words("", item) for item in value) if isinstance(value, list) else str(value)


def who(row: np.ndarray, show_sensitive: bool = False) -> str:
    """The person at the start, in a sentence's end: age, sex, work, home, use."""
    age, sex = int(row["age"][0]), int(row["sex"][0])
    young = ("girl", "boy")[sex]
    noun = young if age < 18 else ("woman", "man")[sex]
    parts = [f"a {noun} of {age}", OCCUPATION[Occupation(int(row["occupation"][0]))]]
    parts.append(HOUSING[Housing(int(row["housing"][0]))])
    text = ", ".join(parts)
    if show_sensitive:
        groups = ("white", "Asian", "Black", "of mixed ethnicity", "of another ethnicity")
        text += f", {groups[int(row['ethnicity'][0])]}"
    return text


def date_of(week: int, start_year: int) -> datetime.date:
    """The day on which a week of the run begins; each year's first week begins on 1 January."""
    year, within = divmod(week, WEEKS_PER_YEAR)
    return datetime.date(start_year + year, 1, 1) + datetime.timedelta(days=7 * within)
