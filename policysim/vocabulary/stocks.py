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
    DETOXIFICATION = 30
    RESIDENTIAL_COMMUNITY = 31
    DAY_COMMUNITY = 32
    PRISON_COMMUNITY = 33
    UNDER_18 = 34


class Sum(IntEnum):
    """Expected numbers of the week: the same mean as the counts with a fraction of the noise."""

    EXPECTED_DEATHS = 0
    EXPECTED_OFFENCES = 1


STOCKS, SUMS = len(Stock), len(Sum)

PARTS = 2**44
"""Into so many parts one expected event is divided: sums of whole parts come out the same to the bit in any order."""
