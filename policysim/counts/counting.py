"""Counting: stocks in the weekly pass and flows from the week's marks, compiled like the rules."""

from functools import cache
from typing import Any

import numpy as np
from numba import float64

from policysim.agents.roles import RECORD
from policysim.engine.anew import anew
from policysim.engine.further_fields import without_further
from policysim.engine.jit import inlined, outer
from policysim.engine.who import whole_number
from policysim.vocabulary.groups import AGE_BANDS, ETHNIC_GROUPS, QUINTILES, SEXES, WOMEN
from policysim.vocabulary.states import Care, Charge, Housing, Justice, Occupation, Substance, Tenancy, Use, YouthCase
from policysim.vocabulary.stocks import PARTS, STOCKS, TRUSTING, Stock

# Plain integers: compiled code reads them as constants.
HEROIN, CRACK, PARTY, CANNABIS, ALCOHOL = (
    int(Substance.HEROIN),
    int(Substance.CRACK),
    int(Substance.PARTY),
    int(Substance.CANNABIS),
    int(Substance.ALCOHOL),
)
EXPERIMENTING, REGULAR, DEPENDENT, REMISSION = (
    int(Use.EXPERIMENTING),
    int(Use.REGULAR),
    int(Use.DEPENDENT),
    int(Use.REMISSION),
)
CUSTODY, ORDER, LICENCE = int(Justice.CUSTODY), int(Justice.COMMUNITY_ORDER), int(Justice.LICENCE)
DEFERRED, HOUSE = int(Justice.DEFERRED), int(Justice.HALFWAY_HOUSE)
NO_CARE, LISTED = int(Care.NONE), int(Care.WAITING)
AGONIST, PSYCHOSOCIAL, WOMAN = int(Care.AGONIST), int(Care.PSYCHOSOCIAL), int(WOMEN)
FREE, NO_CHARGE, HOMELESS = int(Justice.FREE), int(Charge.NONE), int(Housing.HOMELESS)
NO_CASE, PROGRAMME = int(YouthCase.NONE), int(YouthCase.PROGRAMME)
SUPERVISED, YOUNG_INSIDE = int(YouthCase.SUPERVISED), int(YouthCase.CUSTODY)
EXCLUDED, WORKLESS = int(Occupation.EXCLUDED), int(Occupation.WORKLESS)
HOUSING_FIRST, SUPPORTED = int(Tenancy.HOUSING_FIRST), int(Tenancy.SUPPORTED)
FIRST_CARE = int(Stock.WAITING) - LISTED


DIMENSIONS = {"quintile": QUINTILES, "age": AGE_BANDS, "sex": SEXES, "ethnicity": ETHNIC_GROUPS}
"""What people are counted by beside their area, in the order in which `count_flows` takes the dimensions."""
GROUPS = tuple((dimension, group) for dimension, groups in DIMENSIONS.items() for group in groups)
"""The rows of the counts by group: dimension and group."""
FIRST_GROUPS = np.array(
    [next(k for k, (name, _) in enumerate(GROUPS) if name == dimension) for dimension in DIMENSIONS]
)
"""The row of the first group of each dimension. Handed to the compiled code, whose copy on disk outlives a change."""
ALL_GROUPS = len(GROUPS)
QUINTILE_ROW, AGE_ROW, SEX_ROW, ETHNIC_ROW = (int(first) for first in FIRST_GROUPS)
CELLS = tuple(len(groups) for groups in DIMENSIONS.values())
"""How many groups each dimension has: people of the same groups in all of them share a cell."""
N_AGES, N_SEXES, N_ETHNIC = CELLS[1:]


# Compiled into the weekly pass like the rules, and without Numba's runtime for the same reason (engine/compiler.py).
@inlined
def uses(state: int) -> bool:
    """Present use."""
    return EXPERIMENTING <= state <= DEPENDENT


@inlined
def count_justice(p: Any, s: np.ndarray, one: int) -> None:
    """The stocks of police schemes, courts, prison and probation."""
    if p.justice != FREE:
        s[Stock.IN_CUSTODY] += one * (p.justice == CUSTODY)
        s[Stock.ON_ORDER] += one * (p.justice == ORDER)
        s[Stock.ON_LICENCE] += one * (p.justice == LICENCE)
        s[Stock.ON_DEFERRED_SENTENCE] += one * (p.justice == DEFERRED)
        s[Stock.IN_HALFWAY_HOUSE] += one * (p.justice == HOUSE)
        s[Stock.UNDER_REVIEW] += one * (p.review > 0)
        s[Stock.UNDER_REQUIREMENT] += one * (p.requirement > 0)
    if p.charge != NO_CHARGE:
        s[Stock.CHARGED] += one
    if p.deferred != NO_CHARGE and p.youth == NO_CASE:
        s[Stock.ON_CONTRACT] += one
    if p.youth != NO_CASE:
        s[Stock.ON_YOUTH_PROGRAMME] += one * (p.youth == PROGRAMME)
        s[Stock.CHILDREN_SUPERVISED] += one * (p.youth == SUPERVISED)
        s[Stock.CHILDREN_IN_CUSTODY] += one * (p.youth == YOUNG_INSIDE)
    if p.managed_weeks > 0:
        s[Stock.MANAGED] += one


@inlined
def count_person(p: Any, here: Any, stocks: np.ndarray, sums: np.ndarray, one: int) -> bool:
    """Add one person who lived this week to the stocks of their area, or take them out again if `one` is -1.

    What is expected of them is added to the sums of their area and, in the rows below those of the areas (as in GROUPS), of
    their groups. Returns what `count_stocks` does.
    """
    # The expectations of the week count for those who died in it as well.
    if p.expected_death > 0:
        count_expected(p, here, sums, 0, one * int(float64(p.expected_death) * PARTS + 0.5))
    if p.expected_offences > 0:
        count_expected(p, here, sums, 1, one * int(float64(p.expected_offences) * PARTS + 0.5))
    return count_stocks(p, here.area, stocks, one)


@inlined
def count_expected(p: Any, here: Any, sums: np.ndarray, k: int, parts: int) -> None:
    """Add so many parts of an expected number to a person's area and groups."""
    first = sums.shape[0] - ALL_GROUPS
    sums[here.area, k] += parts
    sums[first + QUINTILE_ROW + here.quintile, k] += parts
    sums[first + AGE_ROW + p.band, k] += parts
    sums[first + SEX_ROW + p.sex, k] += parts
    sums[first + ETHNIC_ROW + p.ethnicity, k] += parts


@inlined
def count_stocks(p: Any, row: int, stocks: np.ndarray, one: int) -> bool:
    """Add one person to the stocks of a row, an area's or another's, or take them out again if `one` is -1.

    Most people are in none but the population.

    Returns whether services and networks have to look at them: dependent on heroin or crack, or in touch with treatment.
    """
    if not p.present:
        return False
    s = stocks[row]
    s[Stock.POPULATION] += one
    if p.occupation == EXCLUDED:
        s[Stock.EXCLUDED] += one
    count_justice(p, s, one)
    if p.ill:
        s[Stock.ILL] += one
    if p.exploited:
        s[Stock.EXPLOITED] += one
    if float64(p.trust) >= TRUSTING:
        s[Stock.TRUSTING_POLICE] += one
    if p.tenancy > 0:
        s[Stock.HOUSING_FIRST] += one * (p.tenancy == HOUSING_FIRST)
        s[Stock.SUPPORTED_HOME] += one * (p.tenancy == SUPPORTED)
    if p.job_support_weeks > 0:
        s[Stock.WITH_JOB_SUPPORT] += one
    if p.using == 0 and not p.ever_dependent and p.care == NO_CARE and not p.naloxone:
        return False
    if p.naloxone:
        s[Stock.WITH_KIT] += one
    if p.use[HEROIN] == REMISSION or p.use[CRACK] == REMISSION:
        s[Stock.IN_REMISSION] += one
    if p.using > 0:
        s[Stock.USING] += one
        s[Stock.USING_ILLICIT] += one * (p.using > uses(p.use[ALCOHOL]))
        s[Stock.USING_CANNABIS] += one * uses(p.use[CANNABIS])
        s[Stock.USING_CLASS_A] += one * (uses(p.use[PARTY]) or uses(p.use[HEROIN]) or uses(p.use[CRACK]))
    if uses(p.use[HEROIN]):
        s[Stock.OPIOID_USERS] += one
        if not p.naloxone and p.justice != CUSTODY:
            if p.care > LISTED:
                s[Stock.OPIOID_TREATED_NO_KIT] += one
            else:
                s[Stock.OPIOID_HIDDEN_NO_KIT] += one
    if p.care != NO_CARE:
        s[FIRST_CARE + p.care] += one
        s[Stock.WOMEN_TREATED] += one * (p.sex == WOMAN and (p.care == AGONIST or p.care == PSYCHOSOCIAL))
    if p.hepatitis_c:
        s[Stock.HEPATITIS_C] += one
        s[Stock.AWAITING_ANTIVIRALS] += one * p.awaits_antivirals
    if p.dependent_on > 0:
        count_dependent(p, s, one)
    return p.use[HEROIN] == DEPENDENT or p.use[CRACK] == DEPENDENT or p.care != NO_CARE


@inlined
def count_dependent(p: Any, s: np.ndarray, one: int) -> None:
    """The stocks of people dependent on a substance."""
    s[Stock.DEPENDENT] += one
    s[Stock.WITH_CASEWORKER] += one * (p.case_weeks > 0)
    s[Stock.CANNABIS_DEPENDENT] += one * (p.use[CANNABIS] == DEPENDENT)
    s[Stock.COCAINE_DEPENDENT] += one * (p.use[PARTY] == DEPENDENT)
    s[Stock.WORKLESS_DEPENDENT] += one * (p.occupation == WORKLESS)
    s[Stock.HOMELESS_DEPENDENT] += one * (p.housing == HOMELESS)
    s[Stock.ALCOHOL_DEPENDENT] += one * (p.use[ALCOHOL] == DEPENDENT)
    s[Stock.KEYWORKED] += one * p.keyworker
    if p.use[HEROIN] == DEPENDENT or p.use[CRACK] == DEPENDENT:
        s[Stock.OPIATE_OR_CRACK] += one
        s[Stock.INJECTING] += one * p.injects
        if p.injects:
            s[Stock.NEEDLES] += one * p.needles
            s[Stock.INJECTING_HEPATITIS_C] += one * p.hepatitis_c
            s[Stock.INJECTING_HIV] += one * p.hiv
        if p.justice == CUSTODY:
            s[Stock.OPIATE_OR_CRACK_IN_CUSTODY] += one
        elif p.care > LISTED:
            s[Stock.OPIATE_OR_CRACK_TREATED] += one
        else:
            s[Stock.HIDDEN] += one


@outer
def count_everyone(
    people: np.ndarray, places: np.ndarray, lived: np.ndarray, any_mark: np.ndarray, edges: np.ndarray, marked: np.ndarray,
    followed: np.ndarray, counts: np.ndarray, stocks: np.ndarray, sums: np.ndarray,
) -> None:  # fmt: skip
    """The counting of the weekly pass by itself, for the Python engine: who began the week, and whom it marked."""
    for chunk in range(edges.size - 1):
        found = 0
        kept = 0
        for i in range(edges[chunk], edges[chunk + 1]):
            if not lived[i]:
                continue
            p = people[i]
            if any_mark[i]:
                marked[edges[chunk] + found] = i
                found += 1
            if count_person(p, places[p.neighbourhood], stocks, sums, 1):
                followed[edges[chunk] + kept] = i
                kept += 1
        counts[chunk, 0] = found
        counts[chunk, 1] = kept


def count_week(people: np.ndarray, places: np.ndarray, *others: Any) -> None:
    """The same for records of any layouts, as `count_everyone` takes them."""
    people = without_further(people, RECORD)
    counting_of(count_everyone, people.dtype, places.dtype)(people, places, *others)


@outer
def count_cells(people: np.ndarray, places: np.ndarray, entered: int, cells: np.ndarray) -> None:
    """Add these people to the stocks of the cell of their groups, shape (cells, stocks)."""
    for i in range(entered):
        p = people[i]
        cell = (places[p.neighbourhood].quintile * N_AGES + p.band) * N_SEXES + p.sex
        count_stocks(p, cell * N_ETHNIC + p.ethnicity, cells, 1)


@cache
def counting_of(count: Any, people: np.dtype, places: np.dtype) -> Any:
    """A counting for records of these layouts alone; that of the first layouts of a process is kept on disk."""
    return anew(count) if count.signatures else count


def stocks_by_group(people: np.ndarray, places: np.ndarray, entered: int) -> np.ndarray:
    """People in each state by group, shape (groups, stocks): everybody is counted once, in the cell of all their groups."""
    cells, people = np.zeros((*CELLS, STOCKS), np.int64), without_further(people, RECORD)
    counted = counting_of(count_cells, people.dtype, places.dtype)
    counted(people, places, entered, cells.reshape(-1, STOCKS))
    axes = range(len(CELLS))
    return np.concatenate([cells.sum(axis=tuple(other for other in axes if other != axis)) for axis in axes])


@outer
def count_flows(
    people: np.ndarray, places: np.ndarray, rows: np.ndarray, fields: np.ndarray, columns: np.ndarray, flows: np.ndarray,
    groups: np.ndarray, first: np.ndarray,
) -> None:  # fmt: skip
    """Add the marks of these people to `flows` (areas and everywhere, marks) and to `groups` (rows as in GROUPS, marks).

    `fields` says where each part of life has its marks (as `where_they_stand`), `columns` is that of each part's first mark.
    """
    quintiles, ages, sexes, ethnic_groups = first
    for n in range(rows.size):
        p = people[rows[n]]
        here = places[p.neighbourhood]
        for part in range(columns.size):
            marks = whole_number(people, rows[n], fields[part, 0], fields[part, 1])
            k = columns[part]
            while marks > 0:
                if marks % 2 == 1:
                    flows[here.area, k] += 1
                    flows[-1, k] += 1
                    groups[quintiles + here.quintile, k] += 1
                    groups[ages + p.band, k] += 1
                    groups[sexes + p.sex, k] += 1
                    groups[ethnic_groups + p.ethnicity, k] += 1
                marks //= 2
                k += 1
