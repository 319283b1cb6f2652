"""Stocks and sums: what is counted of the people present each week, beside what happened to them."""

from enum import IntEnum

TRUSTING = 0.1
"""Standard deviations by which somebody trusts the police more than one without contact, to be counted as trusting them."""


class Stock(IntEnum):
    """People in a state, counted after everyone has lived the week and before services admit."""

    POPULATION = 0
    USING = 1
    USING_CANNABIS = 2
    USING_CLASS_A = 3
    DEPENDENT = 4
    OPIATE_OR_CRACK = 5
    OPIATE_OR_CRACK_TREATED = 6
    OPIATE_OR_CRACK_IN_CUSTODY = 7
    HIDDEN = 8
    OPIOID_USERS = 9
    OPIOID_TREATED_NO_KIT = 10
    OPIOID_HIDDEN_NO_KIT = 11
    WITH_KIT = 12
    INJECTING = 13
    NEEDLES = 14
    WAITING = 15
    AGONIST = 16
    HEROIN_ASSISTED = 17
    PSYCHOSOCIAL = 18
    DETOXIFICATION = 19
    RESIDENTIAL_COMMUNITY = 20
    DAY_COMMUNITY = 21
    PRISON_COMMUNITY = 22
    UNDER_18 = 23
    IN_CUSTODY = 24
    ON_ORDER = 25
    ON_LICENCE = 26
    IN_REMISSION = 27
    EXCLUDED = 28
    WORKLESS_DEPENDENT = 29
    HOMELESS_DEPENDENT = 30
    CHARGED = 31
    CANNABIS_DEPENDENT = 32
    COCAINE_DEPENDENT = 33
    HEPATITIS_C = 34
    INJECTING_HEPATITIS_C = 35
    INJECTING_HIV = 36
    AWAITING_ANTIVIRALS = 37
    EXPLOITED = 38
    ALCOHOL_DEPENDENT = 39
    KEYWORKED = 40
    ON_CONTRACT = 41
    MANAGED = 42
    TRUSTING_POLICE = 43
    ON_DEFERRED_SENTENCE = 44
    IN_HALFWAY_HOUSE = 45
    UNDER_REVIEW = 46
    UNDER_REQUIREMENT = 47
    WITH_CASEWORKER = 48
    WOMEN_TREATED = 49
    ILL = 50
    USING_ILLICIT = 51
    HOUSING_FIRST = 52
    SUPPORTED_HOME = 53
    WITH_JOB_SUPPORT = 54
    ON_YOUTH_PROGRAMME = 55
    CHILDREN_SUPERVISED = 56
    CHILDREN_IN_CUSTODY = 57


class Sum(IntEnum):
    """Expected numbers of the week: the same mean as the counts with a fraction of the noise."""

    EXPECTED_DEATHS = 0
    EXPECTED_OFFENCES = 1


class Figure(IntEnum):
    """What institutions tell of themselves each week, by area, at the scale of the place: no count of people."""

    LINES_RUNNING = 0
    LINES_CLOSED = 1
    SEIZURES = 2
    WARNINGS = 3
    ASSETS_SEIZED = 4
    ASSETS_RECOVERED = 5
    ASSETS_TO_TREATMENT = 6
    PRICE = 7
    PRE_SCHOOL_CHILDREN = 8
    FAMILIES_SUPPORTED = 9
    QUALIFIED_WORKERS = 10
    PUPILS_OF_TRAINED_STAFF = 11
    REACHED_ON_STIGMA = 12
    TRAUMA_INFORMED = 13
    DRY_POLICE = 14
    DRY_COUNCIL = 15
    DRY_NHS = 16
    DRY_JUSTICE = 17
    DRY_BUSINESS = 18
    POOLED = 19
    POOL_SPENT = 20
    MOVED_FROM_ENFORCEMENT = 21


STOCKS, SUMS, FIGURES = len(Stock), len(Sum), len(Figure)

PARTS = 2**44
"""Into so many parts one expected event is divided: sums of whole parts come out the same to the bit in any order."""
