"""Plain words for what happens to a simulated person: events, states, fields.

Suicide is told as "died" unless sensitive detail is asked for, and so are deaths from illness or accident, which would
give it away by elimination.
"""

from collections.abc import Iterator

import numpy as np

from policysim.agents.people.person import Person
from policysim.vocabulary.states import (
    SUBSTANCES,
    Care,
    Charge,
    Housing,
    Justice,
    Life,
    Mark,
    Occupation,
    Substance,
    Use,
)

DIED = "died"

EVENTS: dict[Mark, str] = {
    Mark.DIED_OF_MISUSE: "died of an overdose",
    Mark.DIED_WITH_OPIATE: "an opioid was named on the death certificate",
    Mark.DIED_WITH_COCAINE: "cocaine was named on the death certificate",
    Mark.DIED_OTHER_POISONING: "died of a poisoning not counted as drug misuse",
    Mark.DIED_BY_SUICIDE: "died by suicide",
    Mark.DIED_OTHERWISE: "died of illness or injury",
    Mark.LEFT: "passed the age up to which people are followed",
    Mark.OVERDOSED: "had an overdose",
    Mark.REVERSED_BY_FRIEND: "was revived by someone who was there",
    Mark.REVERSED_IN_ROOM: "was revived by staff of a consumption room",
    Mark.REVERSED_BY_POLICE: "was revived with naloxone by police",
    Mark.REVERSED_BY_AMBULANCE: "was saved by the ambulance service",
    Mark.USED_OWN_KIT: "their own naloxone kit was used",
    Mark.NEEDS_FRIENDS_KIT: "a friend's naloxone kit was used",
    Mark.GOT_KIT: "got a naloxone kit",
    Mark.LOST_KIT: "lost their naloxone kit",
    Mark.FIRST_USE: "used a drug for the first time",
    Mark.BECAME_DEPENDENT: "became dependent",
    Mark.REMITTED: "dependence ended",
    Mark.RELAPSED: "became dependent again",
    Mark.USE_CHANGED: "use changed",
    Mark.SEARCHED: "searched by police",
    Mark.FOUND_WITH_DRUGS: "found with drugs",
    Mark.ARRESTED_FOR_DRUGS: "arrested for drugs",
    Mark.ARRESTED_OTHERWISE: "arrested for theft",
    Mark.TESTED_ON_ARREST: "tested for drugs after arrest",
    Mark.TESTED_POSITIVE: "tested positive for drugs after arrest",
    Mark.RESOLVED_ON_STREET: "dealt with on the street, no arrest",
    Mark.CAUTIONED: "cautioned",
    Mark.OFFERED_DIVERSION: "offered diversion in place of arrest",
    Mark.DIVERTED: "took part in diversion",
    Mark.CHARGED: "charged",
    Mark.NO_FURTHER_ACTION: "released, no further action",
    Mark.CONVICTED: "convicted in court",
    Mark.COMMUNITY_ORDER: "given a community order",
    Mark.REQUIREMENT: "the order requires treatment",
    Mark.IMPRISONED: "sent to prison",
    Mark.RELEASED: "released from prison on licence",
    Mark.RECALLED: "recalled to prison",
    Mark.ASKED_FOR_TREATMENT: "asked for treatment, now waiting",
    Mark.GAVE_UP_WAITING: "stopped waiting for treatment",
    Mark.ENTERED_TREATMENT: "began treatment",
    Mark.NEW_PRESENTATION: "counted as new to treatment this year",
    Mark.COMPLETED_TREATMENT: "completed treatment",
    Mark.DROPPED_OUT: "left treatment before its end",
    Mark.LEFT_TREATMENT_FOR_PRISON: "treatment in the community ended with prison",
    Mark.EXCLUDED_FROM_SCHOOL: "excluded from school",
    Mark.TAUGHT_SKILLS: "had lessons in personal and social skills",
    Mark.TAUGHT_BY_SCARE: "had a talk that warned of drugs",
    Mark.STARTED_INJECTING: "began to inject",
    Mark.LOST_WORK: "lost their job",
    Mark.LOST_HOME: "lost their stable home",
    Mark.DIED_INTENTIONALLY: "the overdose was intended",
    Mark.VISITED_ROOM: "used a consumption room",
    Mark.RETAINED_12_WEEKS: "twelve weeks in treatment",
    Mark.PRESENTED_OPIATE: "counted as treated for opiates",
    Mark.PRESENTED_NON_OPIATE: "counted as treated for other drugs",
    Mark.PRESENTED_NON_OPIATE_AND_ALCOHOL: "counted as treated for other drugs and alcohol",
    Mark.PRESENTED_ALCOHOL: "counted as treated for alcohol",
    Mark.DRUG_OFFENCE_DISPOSED: "a drug offence was concluded",
}
"""Each mark that a week can leave, in words."""

FOR_STATISTICS = frozenset({
    Mark.DIED_WITH_OPIATE, Mark.DIED_WITH_COCAINE, Mark.NEW_PRESENTATION, Mark.PRESENTED_OPIATE,
    Mark.PRESENTED_NON_OPIATE, Mark.PRESENTED_NON_OPIATE_AND_ALCOHOL, Mark.PRESENTED_ALCOHOL,
    Mark.DRUG_OFFENCE_DISPOSED,
})  # fmt: skip
"""Marks that say how the week is counted; the events of a life are told without them."""

OF_USE = frozenset({Mark.FIRST_USE, Mark.BECAME_DEPENDENT, Mark.REMITTED, Mark.RELAPSED, Mark.USE_CHANGED})
"""Marks told by substance, from the states before and after."""

SENSITIVE = frozenset({Mark.DIED_BY_SUICIDE, Mark.DIED_INTENTIONALLY, Mark.DIED_OTHERWISE})

ORDER: tuple[Mark, ...] = tuple(sorted(
    EVENTS, key=lambda mark: (mark in (Mark.LEFT, Mark.DIED_OF_MISUSE, Mark.DIED_OTHER_POISONING, *SENSITIVE), mark)
))  # fmt: skip
"""The order in which a week is told: as it happened, an end last."""

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
}  # fmt: skip
JUSTICE = {
    Justice.FREE: "free", Justice.COMMUNITY_ORDER: "community order", Justice.CUSTODY: "in prison",
    Justice.LICENCE: "on licence",
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
}  # fmt: skip
STATES: dict[str, dict] = {
    "care": CARE, "justice": JUSTICE, "occupation": OCCUPATION, "housing": HOUSING, "life": LIFE, "charge": CHARGE,
}  # fmt: skip
UNTOLD = frozenset({"marks", "cause", "present", "ethnicity", "aces"})
"""Fields that are never shown as they are: told as events, or nobody's business."""


def events(before: np.ndarray, after: np.ndarray, show_sensitive: bool = False) -> list[str]:
    """What happened in a week, from the rows (shape (1,)) before it and after it."""
    marks = int(after["marks"][0])
    happened = [mark for mark in ORDER if marks & mark and mark not in FOR_STATISTICS | OF_USE]
    told = list(_use_changes(before["use"][0], after["use"][0]))
    told += [_mark(mark, marks, Care(int(after["care"][0])), show_sensitive) for mark in happened]
    told += _quiet_changes(before, after, marks)
    return list(dict.fromkeys(text for text in told if text))


def _mark(mark: Mark, marks: int, care: Care, show_sensitive: bool) -> str:
    """One mark beside the others of its week."""
    if mark == Mark.SEARCHED:
        return "searched by police" + ("" if marks & Mark.FOUND_WITH_DRUGS else ", nothing found")
    if mark == Mark.TESTED_ON_ARREST and marks & Mark.TESTED_POSITIVE:
        return ""
    if mark == Mark.OFFERED_DIVERSION and not marks & Mark.DIVERTED:
        return EVENTS[mark] + ", did not attend"
    if mark == Mark.ASKED_FOR_TREATMENT and care != Care.WAITING:
        return "asked for treatment"
    if mark == Mark.ENTERED_TREATMENT and care > Care.WAITING:
        return f"began {CARE[care]}"
    if mark in (Mark.OVERDOSED, Mark.REVERSED_BY_FRIEND, Mark.USED_OWN_KIT, Mark.NEEDS_FRIENDS_KIT):
        return _overdose(mark, marks)
    hidden = mark in SENSITIVE or (mark == Mark.DIED_OF_MISUSE and marks & Mark.DIED_INTENTIONALLY)
    return DIED if hidden and not show_sensitive else EVENTS[mark]


def _overdose(mark: Mark, marks: int) -> str:
    """An overdose, and whose kit was used, told once."""
    if mark == Mark.OVERDOSED:
        if marks & Mark.DIED_OF_MISUSE and not marks & Mark.DIED_INTENTIONALLY:
            return ""
        helped = Mark.REVERSED_BY_FRIEND | Mark.REVERSED_IN_ROOM | Mark.REVERSED_BY_POLICE | Mark.REVERSED_BY_AMBULANCE
        return EVENTS[mark] + ("" if marks & helped else " and lived")
    if mark == Mark.REVERSED_BY_FRIEND:
        return EVENTS[mark] + (
            ", with their own kit" if marks & Mark.USED_OWN_KIT else ", with a friend's naloxone kit"
        )
    return "" if marks & Mark.REVERSED_BY_FRIEND else EVENTS[mark] + ", which did not help"


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


def _quiet_changes(before: np.ndarray, after: np.ndarray, marks: int) -> Iterator[str]:
    """Changes that leave no mark."""
    old, new = ({name: int(row[name][0]) for name in STATES} for row in (before, after))
    if after["bereaved_weeks"][0] == 0 and after["present"][0]:
        yield "a friend died of drug misuse"
    if old["occupation"] != new["occupation"]:
        yield {
            Occupation.WORKING: "found work", Occupation.STUDENT: "went on to study",
            Occupation.WORKLESS: "" if marks & Mark.LOST_WORK else "left school without work",
        }.get(Occupation(new["occupation"]), "")  # fmt: skip
    if old["housing"] != new["housing"] and new["housing"] == Housing.STABLE:
        yield "found a stable home"
    if old["justice"] != new["justice"] and new["justice"] == Justice.FREE:
        yield "licence came to its end" if old["justice"] == Justice.LICENCE else "community order came to its end"
    if before["naloxone"][0] and not after["naloxone"][0] and not marks & (Mark.LOST_KIT | Mark.USED_OWN_KIT):
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
    "charge": "charged with", "life": "life", "needles": "enough clean needles this week",
    "naloxone": "carries naloxone", "street_use": "street opioid use (1: dependent and untreated)",
    "tolerance": "opioid tolerance (1: that of daily use)", "peers_using": "friends who use drugs",
    "using_peers": "people they use heroin or crack with", "referred": "strength of a referral to treatment",
    "peers_with_naloxone": "people they use with who carry naloxone", "use": "states of use", "role": "role",
}  # fmt: skip
"""Short words for fields of a person whose declared meaning says more than a reader of a life needs."""


def field_in_words(name: str, owner: type = Person) -> str:
    """What a field of a person, of here or of the world means."""
    if owner is Person and name in FIELDS:
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
        return f"{value:.3g}"
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
