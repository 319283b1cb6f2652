"""Use of drugs at the start: recreational drugs and alcohol from a birth cohort, heroin and crack from who uses them.

Who is dependent on heroin or crack comes from the published number of people and their age, sex, ethnic group,
deprivation and childhoods: the ageing cohort that began before today's rates.
"""

import math

import numpy as np

from policysim.engine.exact import exp_of_each
from policysim.evidence.registry import Parameters
from policysim.vocabulary.exact import total
from policysim.vocabulary.groups import AGE_BANDS, MEN, YOUNGEST, opioid_dependent
from policysim.vocabulary.states import SUBSTANCES, Substance, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.authorities import Authority
from policysim.world.blocks import in_blocks
from policysim.world.cohort import YEARS, balances, cohort
from policysim.world.places import Place, find_place
from policysim.world.residents import balance_at_rest, risk_of_deprivation
from policysim.world.status_quo import figure_of
from policysim.world.traits import Traits, reached

PER_RESIDENTS = 1000  # for how many residents of any age estimates count users
COUNTED = (Substance.HEROIN, Substance.CRACK)  # the substances whose users are estimated and not followed from birth


def use_by_age(parameters: Parameters) -> np.ndarray:
    """Shares of a birth cohort at each age, state of use and balance, each state with those before it."""
    return np.cumsum(cohort(parameters), axis=1)


def set_use_from_birth(people: np.ndarray, traits: Traits, parameters: Parameters, shares: np.ndarray) -> None:
    """The state of use of each substance, from the shares of a birth cohort at the person's age and balance."""
    year = np.minimum(people["age"].astype(int) - YOUNGEST, YEARS - 1)
    balance = balance_at_rest(people)
    levels = balances(parameters)
    nearest = np.searchsorted((levels[1:] + levels[:-1]) / 2, balance)
    by_state = np.moveaxis(shares, 1, 0)
    for substance in range(SUBSTANCES):
        if substance not in COUNTED:
            own = (of_state[year, substance, nearest] for of_state in by_state)
            people["use"][:, substance] = np.minimum(reached(traits(f"use {substance}"), own), Use.FORMER)


def set_what_follows(people: np.ndarray, users: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    """What comes of use at the start: other substances, injecting, infection, tolerance, kits, illness."""
    use = people["use"]
    _co_use(use, users, traits, parameters)
    _injecting(people, users, traits, parameters)
    people["tolerance"] = parameters.table("use_frequency")[use[:, Substance.HEROIN]]
    people["naloxone"] = opioid_dependent(people) & (traits("kit") < parameters["kit_share"])
    people["ill"] |= (use == Use.DEPENDENT).any(axis=1) & (traits("ill user") < parameters["ill_share_dependent"])


def _users(place: Place, parameters: Parameters) -> np.ndarray:
    """People dependent on heroin or crack in each authority, shape (authorities,), by the most local estimate there is.

    An estimate of a larger area, as the nation's, is shared out within it by deprivation.
    """
    users = np.zeros(len(place.authorities))
    for k, authority in enumerate(place.authorities):
        users[k] = _carried(authority, parameters)
        figure = figure_of(authority, "ocu_per_1000", parameters)
        if figure is not None:
            area = find_place(figure.place)
            estimated = figure.value * area.population / PER_RESIDENTS
            users[k] *= estimated / math.fsum(_carried(a, parameters) for a in area.authorities)
    return users


def _carried(authority: Authority, parameters: Parameters) -> float:
    """People dependent on heroin or crack in an authority as the national estimate, carried by deprivation, has it."""
    ratio = parameters.table("ocu_by_quintile")
    relative = total(np.array(authority.residents_by_quintile) * ratio) / (total(ratio) / ratio.size)
    return parameters["ocu_per_1000"] * relative / PER_RESIDENTS


def set_opiate_and_crack(
    people: np.ndarray, traits: Traits, parameters: Parameters, place: Place, areas: np.ndarray, one_in: float,
    threads: int = 1,
) -> np.ndarray:  # fmt: skip
    """The ageing cohort: who is dependent on heroin or crack at the start, and who is in remission.

    Weighted by age, sex, deprivation and ethnic group as published, and by what people bring from childhood: adverse
    experiences, care, a parent's dependence, illness. Returns who is dependent.
    """
    by_authority = _users(place, parameters) / one_in
    weight = _weights(people, parameters, areas, by_authority, threads)
    expected = total(by_authority)
    users = traits.weighted("opiate or crack users", weight, expected)
    weight[users] = 0
    remitted = traits.weighted("remission", weight, expected * parameters["remission_pool"]) & ~users

    def use(rows: slice) -> None:
        _heroin_and_crack(people[rows], users[rows], remitted[rows], traits.of(rows), parameters)

    in_blocks(people.size, use, threads)
    return users


def _weights(
    people: np.ndarray, parameters: Parameters, areas: np.ndarray, by_authority: np.ndarray, threads: int
) -> np.ndarray:
    """How likely each person is to be dependent on heroin or crack, beside others; adds up to `by_authority` in each."""
    density = parameters.table("ocu_by_age") / np.maximum(_in_each_band(people), 1)
    men, weight = parameters["ocu_men"], np.empty(people.size)

    def weigh(rows: slice) -> None:
        of, own = people[rows], weight[rows]
        own[:] = density[of["band"]] * np.where(of["sex"] == MEN, men, 1 - men)
        own *= parameters.table("ocu_by_quintile")[areas["quintile"][of["neighbourhood"]]]
        own *= parameters.table("ocu_by_ethnicity")[of["ethnicity"]]
        own *= _ratio_of_risk(of, parameters, areas)

    in_blocks(people.size, weigh, threads)
    there = np.zeros(by_authority.size)
    # On one thread: a sum of reals goes from the first to the last.
    in_blocks(
        people.size, lambda rows: np.add.at(there, areas["authority"][people["neighbourhood"][rows]], weight[rows])
    )
    share = by_authority / np.where(there > 0, there, 1)

    def share_out(rows: slice) -> None:
        weight[rows] *= share[areas["authority"][people["neighbourhood"][rows]]]

    in_blocks(people.size, share_out, threads)
    return weight


def _in_each_band(people: np.ndarray) -> np.ndarray:
    """How many people are of each age band."""
    found = np.zeros(len(AGE_BANDS), np.int64)

    def count(rows: slice) -> None:
        found[:] += np.bincount(people["band"][rows], minlength=found.size)

    in_blocks(people.size, count)
    return found


def _heroin_and_crack(
    people: np.ndarray, users: np.ndarray, remitted: np.ndarray, traits: Traits, parameters: Parameters
) -> None:
    """Which of the two those take, or took, who are dependent on one or in remission, and for how long they are."""
    heroin = (users | remitted) & (traits("heroin") < parameters["ocu_heroin"])
    crack = (users | remitted) & (~heroin | (traits("crack") < parameters["ocu_crack_too"]))
    for chosen, substance in ((heroin, Substance.HEROIN), (crack, Substance.CRACK)):
        people["use"][chosen & users, substance] = Use.DEPENDENT
        people["use"][chosen & remitted, substance] = Use.REMISSION
    longest = parameters["remission_years"] * WEEKS_PER_YEAR
    drawn = traits("weeks clean")  # what the draw was called at first: under another name it would be another
    people["weeks_since_dependence"] = np.where(remitted, longest * drawn, 0)


def _ratio_of_risk(people: np.ndarray, parameters: Parameters, areas: np.ndarray) -> np.ndarray:
    """What risk and resilience from childhood on did to becoming dependent on heroin or crack, over a life so far (ratio).

    Deprivation has its own published ratio and is left out.
    """
    balance = balance_at_rest(people) - risk_of_deprivation(people, parameters, areas)
    return exp_of_each(parameters["ocu_of_risk"] * balance)


def _co_use(use: np.ndarray, users: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    """Other substances used by people dependent on heroin or crack."""
    for substance, share in enumerate(parameters.table("co_use_share")):
        chosen = users & (traits(f"co-use {substance}") < share)
        level = Use.DEPENDENT if substance == Substance.ALCOHOL else Use.REGULAR
        use[chosen, substance] = np.maximum(use[chosen, substance], level)


def _injecting(people: np.ndarray, users: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    """Who injects or did so before a remission, for how long, and the infections that came with it."""
    people["injects"] = users & (traits("injects") < parameters["injecting_share"])
    years = np.maximum(people["age"] - parameters["injecting_from_age"], 1) * traits("injecting career")
    people["injecting_weeks"] = np.where(people["injects"], years * WEEKS_PER_YEAR, 0)
    people["hiv"] = people["injects"] & (traits("hiv") < parameters["hiv_share"])
    drawn = traits("hepatitis c")
    people["hepatitis_c"] = people["injects"] & (drawn < parameters["hcv_share"])
    people["hepatitis_c_ever"] = people["injects"] & (drawn < parameters["hcv_antibody_share"])
    _injected_before(people, traits, parameters)
    cleared = ~people["hepatitis_c"] & (traits("hepatitis c cleared") < parameters["hepatitis_c_clears"])
    harmed = people["hepatitis_c_ever"] & ~cleared
    weeks = people["injecting_weeks"] * traits("weeks of hepatitis c")
    people["chronic_weeks"] = np.where(harmed, weeks, 0)


def _injected_before(people: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    """Who of those in remission from heroin or crack injected before it, for how long, and who has hepatitis C since."""
    use = people["use"]
    remitted = (use[:, Substance.HEROIN] == Use.REMISSION) | (use[:, Substance.CRACK] == Use.REMISSION)
    former = remitted & ~people["injects"] & (traits("injected before") < parameters["injected_before_remission"])
    years = people["age"] - parameters["injecting_from_age"] - people["weeks_since_dependence"] / WEEKS_PER_YEAR
    weeks = np.maximum(years, 1) * traits("injecting career") * WEEKS_PER_YEAR
    people["injecting_weeks"] = np.where(former, np.maximum(weeks, 1), people["injecting_weeks"])
    drawn = traits("hepatitis c")
    people["hepatitis_c"] |= former & (drawn < parameters["hcv_share_former"])
    people["hepatitis_c_ever"] |= former & (
        drawn < np.maximum(parameters["hcv_antibody_share"], parameters["hcv_share_former"])
    )
