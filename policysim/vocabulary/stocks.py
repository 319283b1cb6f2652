"""Stocks and sums: what is counted of the people present each week, beside what happened to them."""

from enum import IntEnum


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
    IN_CUSTODY = 19
    ON_ORDER = 20
    ON_LICENCE = 21
    IN_REMISSION = 22
    EXCLUDED = 23
    WORKLESS_DEPENDENT = 24
    HOMELESS_DEPENDENT = 25
    CHARGED = 26
    CANNABIS_DEPENDENT = 27
    COCAINE_DEPENDENT = 28
    HEPATITIS_C = 29
    INJECTING_HEPATITIS_C = 30
    INJECTING_HIV = 31
    AWAITING_ANTIVIRALS = 32
    EXPLOITED = 33
    ALCOHOL_DEPENDENT = 34
    KEYWORKED = 35
    ON_CONTRACT = 36
    MANAGED = 37
    TRUSTING_POLICE = 38
    ON_DEFERRED_SENTENCE = 39
    IN_HALFWAY_HOUSE = 40
    UNDER_REVIEW = 41
    UNDER_REQUIREMENT = 42
    WITH_CASEWORKER = 43
    DETOXIFICATION = 44
    RESIDENTIAL_COMMUNITY = 45
    DAY_COMMUNITY = 46
    PRISON_COMMUNITY = 47
    UNDER_18 = 48


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


STOCKS, SUMS, FIGURES = len(Stock), len(Sum), len(Figure)

PARTS = 2**44
"""Into so many parts one expected event is divided: sums of whole parts come out the same to the bit in any order."""
