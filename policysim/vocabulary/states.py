"""The states a person can be in, one value on each axis at all times, and how they are spelt in files."""

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


class Company(IntEnum):
    """Kinds of use that friends can share: a friend's use pulls towards use of the same kind alone."""

    DRUGS = 0  # any drug but heroin, crack and alcohol
    HEROIN_OR_CRACK = 1
    DRINKING = 2


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
    DETOXIFICATION = 5  # coming off opioids on a ward
    RESIDENTIAL_COMMUNITY = 6  # a therapeutic community in which people live
    DAY_COMMUNITY = 7  # one that they come to by day
    PRISON_COMMUNITY = 8  # one on a prison's wing
    UNDER_18 = 9  # a young people's service


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
    DEFERRED = 4  # a court puts off the sentence while the person is under its review: no conviction yet
    HALFWAY_HOUSE = 5  # lives in a supervised house, after prison or in its place


class Charge(IntEnum):
    """What a person stands charged with."""

    NONE = 0
    POSSESSION = 1
    SUPPLY = 2
    ACQUISITIVE = 3
    DISORDER = 4  # drunk and disorderly, violence in drink
    BREACH = 5  # of a requirement or of a court's review: back before the court, no new offence


class Requirement(IntEnum):
    """What treatment a court's order requires."""

    NONE = 0
    DRUG = 1
    ALCOHOL = 2
    MENTAL_HEALTH = 3


class Review(IntEnum):
    """Whether the same judge sees the person every month, and what for."""

    NONE = 0
    INTENSIVE = 1  # after the sentence, in place of custody: the English form
    DEFERRED = 2  # before it: dismissal on success, sentence on failure: the American form


class Disposal(IntEnum):
    """What a court has room for, case by case, when it sentences."""

    NO_ROOM = 0  # prison is full
    ROOM = 1
    HOUSE = 2  # custody is served in a halfway house
    INTENSIVE = 3  # an order under review in place of custody
    DEFERRED = 4  # the sentence is put off


class FamilyCase(IntEnum):
    """Where a parent who is dependent stands with children's services and the family court."""

    NONE = 0
    EARLY_HELP = 1  # known, and helped
    PROCEEDINGS = 2  # ordinary care proceedings
    DRUG_COURT = 3  # proceedings before a family drug and alcohol court
    REMOVED = 4  # the children were taken into care
    REMOVED_BEFORE = 5  # the same, before the model begins


class Tenancy(IntEnum):
    """What home a housing service gives, for as long as the place is the person's."""

    NONE = 0
    HOUSING_FIRST = 1  # an ordinary tenancy with support, asked of nothing else
    SUPPORTED = 2  # a supported home: housing and mental-health support together, for some time


class YouthCase(IntEnum):
    """Standing with the youth justice service; nobody over seventeen has any."""

    NONE = 0
    PANEL = 1  # this week's case, before the panel decides
    PROGRAMME = 2  # keeps to an agreement or to what the panel asked for
    SUPERVISED = 3  # by the service, on an order or on licence
    CUSTODY = 4  # in a place for children


class DivertedAs(IntEnum):
    """How somebody was last diverted from an arrest or a charge."""

    ADULT = 0
    CHILD_INFORMALLY = 1  # without a caution
    CHILD_FORMALLY = 2  # with one


class PanelChoice(IntEnum):
    """What the panel has for a case."""

    NO_TIME = 0  # police decide alone
    NO_CASE = 1  # nobody of the service has time for a programme
    FREE_CASE = 2


def spellings(states: type[IntEnum], none: str = "", suffix: str = "") -> tuple[str, ...]:
    """The states as files and tables spell them, in order: `COMMUNITY_ORDER` is `community-order`.

    `none` is how NONE is spelt where several kinds of state have one; `suffix` follows every other state.
    """
    plain = (state.name.lower().replace("_", "-") for state in states)
    return tuple(none if word == "none" and none else word + suffix for word in plain)
