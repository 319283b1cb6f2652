"""The states a person can be in, one value on each axis at all times, and the marks a week can leave."""

from enum import IntEnum


class Substance(IntEnum):
    """What is used; the seven substances of the model."""

    CANNABIS = 0
    PARTY = 1  # powder cocaine, MDMA, ketamine
    HEROIN = 2  # heroin and other opioids
    CRACK = 3
    BENZODIAZEPINES = 4
    GABAPENTINOIDS = 5
    ALCOHOL = 6  # harmful drinking only: moderate drinking is not modelled


SUBSTANCES = len(Substance)


class Use(IntEnum):
    """State of use of one substance."""

    NEVER = 0
    EXPERIMENTING = 1
    REGULAR = 2
    DEPENDENT = 3
    REMISSION = 4  # was dependent, does not use now
    FORMER = 5  # used, never dependent, does not use now


class Role(IntEnum):
    """Whose week a person lives; changes take effect next week."""

    YOUNG_PERSON = 0
    ADULT = 1
    DEPENDENT_USER = 2


class Life(IntEnum):
    """Coming, being there, going."""

    NOT_YET = 0  # a future entrant
    PRESENT = 1
    LEFT = 2  # left at the upper age
    DEAD = 3


class Cause(IntEnum):
    """What a person died of."""

    NONE = 0
    MISUSE = 1  # drug misuse poisoning
    OTHER_POISONING = 2
    SUICIDE = 3
    OTHER = 4


class Occupation(IntEnum):
    """School, study, work or none of them."""

    SCHOOL = 0
    EXCLUDED = 1
    STUDENT = 2
    WORKING = 3
    WORKLESS = 4


class Housing(IntEnum):
    """Home."""

    STABLE = 0
    INSECURE = 1
    HOMELESS = 2


class Care(IntEnum):
    """Standing with treatment services."""

    NONE = 0
    WAITING = 1
    AGONIST = 2  # opioid agonist treatment
    HEROIN_ASSISTED = 3
    PSYCHOSOCIAL = 4


class TreatmentGroup(IntEnum):
    """The four substance groups in which presentations are published."""

    NONE = 0
    OPIATE = 1
    NON_OPIATE = 2
    NON_OPIATE_AND_ALCOHOL = 3
    ALCOHOL = 4


class Justice(IntEnum):
    """Standing with courts and prison."""

    FREE = 0
    COMMUNITY_ORDER = 1
    CUSTODY = 2
    LICENCE = 3


class Charge(IntEnum):
    """What a person stands charged with."""

    NONE = 0
    POSSESSION = 1
    SUPPLY = 2
    ACQUISITIVE = 3


class Mark(IntEnum):
    """What happened to a person this week; powers of two, added up in `Person.marks`."""

    DIED_OF_MISUSE = 1
    DIED_WITH_OPIATE = 2
    DIED_WITH_COCAINE = 4
    DIED_OTHER_POISONING = 8
    DIED_BY_SUICIDE = 16
    DIED_OTHERWISE = 32
    LEFT = 64
    OVERDOSED = 128
    REVERSED_BY_FRIEND = 256
    REVERSED_IN_ROOM = 512
    REVERSED_BY_POLICE = 1024
    REVERSED_BY_AMBULANCE = 2048
    USED_OWN_KIT = 4096
    NEEDS_FRIENDS_KIT = 8192
    GOT_KIT = 16384
    LOST_KIT = 32768
    FIRST_USE = 65536
    BECAME_DEPENDENT = 131072
    REMITTED = 262144
    RELAPSED = 524288
    USE_CHANGED = 1048576
    SEARCHED = 2097152
    FOUND_WITH_DRUGS = 4194304
    ARRESTED_FOR_DRUGS = 8388608
    ARRESTED_OTHERWISE = 16777216
    TESTED_ON_ARREST = 33554432
    TESTED_POSITIVE = 67108864
    RESOLVED_ON_STREET = 134217728
    CAUTIONED = 268435456
    OFFERED_DIVERSION = 536870912
    DIVERTED = 1073741824
    CHARGED = 2147483648
    NO_FURTHER_ACTION = 4294967296
    CONVICTED = 8589934592
    COMMUNITY_ORDER = 17179869184
    REQUIREMENT = 34359738368
    IMPRISONED = 68719476736
    RELEASED = 137438953472
    RECALLED = 274877906944
    ASKED_FOR_TREATMENT = 549755813888
    GAVE_UP_WAITING = 1099511627776
    ENTERED_TREATMENT = 2199023255552
    NEW_PRESENTATION = 4398046511104
    COMPLETED_TREATMENT = 8796093022208
    DROPPED_OUT = 17592186044416
    LEFT_TREATMENT_FOR_PRISON = 35184372088832
    EXCLUDED_FROM_SCHOOL = 70368744177664
    TAUGHT_SKILLS = 140737488355328
    TAUGHT_BY_SCARE = 281474976710656
    STARTED_INJECTING = 562949953421312
    LOST_WORK = 1125899906842624
    LOST_HOME = 2251799813685248
    DIED_INTENTIONALLY = 4503599627370496
    VISITED_ROOM = 9007199254740992
    RETAINED_12_WEEKS = 18014398509481984
    PRESENTED_OPIATE = 36028797018963968
    PRESENTED_NON_OPIATE = 72057594037927936
    PRESENTED_NON_OPIATE_AND_ALCOHOL = 144115188075855872
    PRESENTED_ALCOHOL = 288230376151711744
    DRUG_OFFENCE_DISPOSED = 576460752303423488


MARKS = tuple(Mark)


def spellings(states: type[IntEnum], none: str = "", suffix: str = "") -> tuple[str, ...]:
    """The states as files and tables spell them, in order: `COMMUNITY_ORDER` is `community-order`.

    `none` is how NONE is spelt where several kinds of state have one; `suffix` follows every other state.
    """
    plain = (state.name.lower().replace("_", "-") for state in states)
    return tuple(none if word == "none" and none else word + suffix for word in plain)
