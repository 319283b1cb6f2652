"""Marks: what a week can leave behind, one enumeration for each part of life, every mark with the words for it.

The marks of one part are powers of two, added up in one field of the person: those of `PoliceMark` in `police_marks`.
A rule leaves one with `self.police_marks |= PoliceMark.SEARCHED`. Each is counted by week, area and group, and told where
a life is told. A part of life can have 31; there can be as many parts as are needed, and whoever brings about something
of its own may declare an enumeration of its own.
"""

import re
from enum import IntEnum
from functools import cache
from typing import Self

import numpy as np

MOST_MARKS = 31
"""In one enumeration: they share an integer of 32 bits, one of which is its sign."""


class Mark(IntEnum):
    """What can happen to a person in a week in one part of life. Derive from it: `NAME = "in words"`.

    `statistic` marks one that only says how the week is counted: a life is told without it.
    """

    told: str
    statistic: bool

    def __new__(cls, told: str, statistic: bool = False) -> Self:
        """The next power of two, with its words."""
        value = 1 << len(cls.__members__)
        mark = int.__new__(cls, value)
        mark._value_ = value
        mark.told, mark.statistic = told, statistic
        return mark

    # Two marks of different parts may be the same power of two, and are not the same mark.
    def __eq__(self, other: object) -> bool:
        return self is other if isinstance(other, Mark) else int(self) == other

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._name_)


@cache
def field_of(marks: type[Mark]) -> str:
    """The field of a person that holds the marks of one part of life: `police_marks` for `PoliceMark`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", marks.__name__.removesuffix("Mark")).lower() + "_marks"


def marked(people: np.ndarray, *marks: Mark) -> np.ndarray:
    """Who of these people carries any of the marks this week, shape (n,)."""
    found = np.zeros(len(people), bool)
    for field, bits in bits_of(marks).items():
        found |= (people[field] & bits) != 0
    return found


def rows_marked(people: np.ndarray, rows: np.ndarray, *marks: Mark) -> np.ndarray:
    """Those of these rows that carry any of the marks this week."""
    (field, bits), *others = bits_of(marks).items()
    found = people[field][rows] & bits
    for field, bits in others:
        found = (found != 0) | ((people[field][rows] & bits) != 0)
    return rows[found.nonzero()[0]]


@cache
def bits_of(marks: tuple[Mark, ...]) -> dict[str, int]:
    """The sum of these marks by the field that holds them."""
    found: dict[str, int] = {}
    for mark in marks:
        field = field_of(type(mark))
        found[field] = found.get(field, 0) | int(mark)
    return found


class OverdoseMark(Mark):
    """An overdose, and who helped."""

    OVERDOSED = "had an overdose"
    REVERSED_BY_FRIEND = "was revived by someone who was there"
    REVERSED_IN_ROOM = "was revived by staff of a consumption room"
    REVERSED_IN_CUSTODY = "was revived by staff in prison"
    REVERSED_BY_POLICE = "was revived with naloxone by police"
    REVERSED_BY_AMBULANCE = "was saved by the ambulance service"
    USED_OWN_KIT = "their own naloxone kit was used"
    NEEDS_FRIENDS_KIT = "a friend's naloxone kit was used"


class HarmReductionMark(Mark):
    """Kits and rooms."""

    GOT_KIT = "got a naloxone kit"
    LOST_KIT = "lost their naloxone kit"
    VISITED_ROOM = "used a consumption room"


class UseMark(Mark):
    """Use of the seven substances; a life tells them by substance."""

    FIRST_USE = "used a drug for the first time"
    BECAME_DEPENDENT = "became dependent"
    REMITTED = "dependence ended"
    RELAPSED = "became dependent again"
    USE_CHANGED = "use changed"
    STARTED_INJECTING = "began to inject"


class PoliceMark(Mark):
    """Search, arrest and what police decide."""

    SEARCHED = "searched by police"
    FOUND_WITH_DRUGS = "found with drugs"
    ARRESTED_FOR_DRUGS = "arrested for drugs"
    ARRESTED_OTHERWISE = "arrested for theft"
    TESTED_ON_ARREST = "tested for drugs after arrest"
    TESTED_POSITIVE = "tested positive for drugs after arrest"
    RESOLVED_ON_STREET = "dealt with on the street, no arrest"
    CAUTIONED = "cautioned"
    OFFERED_DIVERSION = "offered diversion in place of arrest"
    DIVERTED = "took part in diversion"
    CHARGED = "charged"
    NO_FURTHER_ACTION = "released, no further action"
    ARRESTED_FOR_TRIGGER = "arrested for theft or robbery"
    RESOLVED_AT_STATION = "given a community resolution after arrest"
    BREACHED_DIVERSION = "did not keep to the diversion agreement"
    COMPLETED_DIVERSION = "completed the diversion agreement"
    DIVERTED_FROM_ARREST = "would have been arrested", True


class JusticeMark(Mark):
    """Courts, prison and probation."""

    CONVICTED = "convicted in court"
    COMMUNITY_ORDER = "given a community order"
    REQUIREMENT = "the order requires treatment"
    IMPRISONED = "sent to prison"
    RELEASED = "released from prison on licence"
    RECALLED = "recalled to prison"
    DRUG_OFFENCE_DISPOSED = "a drug offence was concluded", True
    REMANDED = "held in prison until the court hearing"
    RELEASED_BY_COURT = "released from prison by the court"
    RELEASED_EARLY = "released some weeks early: prisons were full"
    RELEASED_TREATED = "left prison in agonist treatment", True
    CHILD_SENTENCED = "a child was sentenced", True
    DIED_IN_CUSTODY = "died of drug misuse in custody", True


class CareMark(Mark):
    """Asking for treatment, entering, leaving."""

    ASKED_FOR_TREATMENT = "asked for treatment, now waiting"
    GAVE_UP_WAITING = "stopped waiting for treatment"
    ENTERED_TREATMENT = "began treatment"
    NEW_PRESENTATION = "counted as new to treatment this year", True
    COMPLETED_TREATMENT = "completed treatment"
    DROPPED_OUT = "left treatment before its end"
    LEFT_TREATMENT_FOR_PRISON = "treatment in the community ended with prison"
    RETAINED_12_WEEKS = "twelve weeks in treatment"
    PRESENTED_OPIATE = "counted as treated for opiates", True
    PRESENTED_NON_OPIATE = "counted as treated for other drugs", True
    PRESENTED_NON_OPIATE_AND_ALCOHOL = "counted as treated for other drugs and alcohol", True
    PRESENTED_ALCOHOL = "counted as treated for alcohol", True
    MOVED_TREATMENT = "moved to another treatment"
    PRESENTED_UNDER_18 = "counted as new to treatment under 18", True
    BEGAN_DETOXIFICATION = "began to come off opioids on a ward"
    DETOXIFIED = "came off opioids on a ward"
    JOINED_COMMUNITY = "joined a therapeutic community"


class SupportMark(Mark):
    """What services give beside a place, week by week; and recovery groups."""

    COUNSELLED = "had a session with a counsellor", True
    REWARDED = "earned vouchers by clean tests", True
    PEER_SUPPORTED = "was supported by a peer", True
    WOMEN_ONLY = "was seen where only women are", True
    MENTORED = "was mentored by another veteran", True
    ON_DEPOT = "had a depot that was working", True
    JOINED_GROUP = "joined a recovery group"


class SchoolMark(Mark):
    """School."""

    EXCLUDED_FROM_SCHOOL = "excluded from school"
    TAUGHT_SKILLS = "had lessons in personal and social skills"
    TAUGHT_BY_SCARE = "had a talk that warned of drugs"


class WorkHomeMark(Mark):
    """Work and home."""

    LOST_WORK = "lost their job"
    LOST_HOME = "lost their stable home"


class LifeMark(Mark):
    """Death, and leaving at the upper age."""

    DIED_OF_MISUSE = "died of an overdose"
    DIED_WITH_OPIATE = "an opioid was named on the death certificate", True
    DIED_WITH_COCAINE = "cocaine was named on the death certificate", True
    DIED_WITH_HEROIN = "heroin or morphine was named on the death certificate", True
    DIED_WITH_OTHER_OPIOID = "another opioid was named on the death certificate, and not heroin or morphine", True
    DIED_WITH_BENZODIAZEPINE = "a benzodiazepine was named on the death certificate", True
    DIED_OTHER_POISONING = "died of a poisoning not counted as drug misuse"
    DIED_BY_SUICIDE = "died by suicide"
    DIED_OTHERWISE = "died of illness or injury"
    DIED_INTENTIONALLY = "the overdose was intended"
    LEFT = "passed the age up to which people are followed"


PARTS: tuple[type[Mark], ...] = (
    OverdoseMark, HarmReductionMark, UseMark, PoliceMark, JusticeMark, CareMark, SupportMark, SchoolMark, WorkHomeMark,
    LifeMark,
)  # fmt: skip
"""The shipped enumerations, in the order in which a week is told: as it happens, an end last."""
MARKS: tuple[Mark, ...] = tuple(mark for part in PARTS for mark in part)
