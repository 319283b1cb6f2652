"""The roster of a place: everyone who will be in the model at any week, as rows in order of entry.

A person's row is their number and the key of their luck, so a longer run begins exactly as a shorter one does, and a
person keeps identity and luck whatever the regime does to others. What is not the place's own figure is carried from
national rates by age, sex and deprivation.
"""

import math
from dataclasses import dataclass

import numpy as np

from policysim.engine.luck import key_of, uniforms
from policysim.evidence.registry import Parameters
from policysim.vocabulary.groups import AGE_BANDS
from policysim.vocabulary.states import SUBSTANCES, Care, Housing, Justice, Life, Occupation, Role, Substance, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.places import Place, neighbourhoods

BANDS_AT_START = 11  # 10-14 .. 60-64; older people are in the model only if they were ever dependent
OWN_PREVALENCE = {"west-midlands": "ocu_per_1000"}  # places whose own estimate of users is in the registry
NEVER_PRESENTED = -100_000  # far enough in the past for the first presentation to count as new


@dataclass
class Roster:
    """The people of one place and one seed."""

    people: np.ndarray  # shape (n,), the record of policysim.agents.people.person
    entered: np.ndarray  # shape (weeks,), how many rows have entered by each week
    areas: np.ndarray  # shape (neighbourhoods,), policysim.world.places.NEIGHBOURHOOD
    one_in: float  # residents that each person stands for


class Traits:
    """Uniform draws for one roster by the name of a trait: keyed by row, so rows added later change nobody."""

    def __init__(self, seed: int, rows: np.ndarray):
        self.seed, self.rows = seed, rows

    def __call__(self, name: str, n: int = 0) -> np.ndarray:
        """Shape (rows,), in [0, 1)."""
        return uniforms(key_of(self.seed, f"trait {name}"), self.rows, n)

    def of(self, rows: slice) -> "Traits":
        """The traits of some of these rows."""
        return Traits(self.seed, self.rows[rows])

    def spread(self, name: str) -> np.ndarray:
        """Shape (rows,): mean 0, standard deviation 1, bell-shaped; a sum of four uniforms, exact on any processor."""
        four = self(name, 0) + self(name, 1) + self(name, 2) + self(name, 3)
        return (four - 2.0) * 1.7320508075688772

    def weighted(self, name: str, weights: np.ndarray, total: float) -> np.ndarray:
        """Which rows are chosen, with chances proportional to the weights and `total` expected: systematic sampling."""
        running = np.cumsum(weights)
        if total <= 0 or running.size == 0 or running[-1] <= 0:
            return np.zeros(weights.size, bool)
        start = float(uniforms(key_of(self.seed, f"sample {name}"), np.zeros(1, np.int64), 0)[0])
        steps = np.floor(running * (total / running[-1]) + start)
        return np.diff(steps, prepend=np.floor(start)) > 0


def synthesise(place: Place, one_in: float, weeks: int, seed: int, parameters: Parameters, dtype: np.dtype) -> Roster:
    """Everyone who is in the place now or turns ten there within `weeks`, before any tie is laid."""
    areas = neighbourhoods(place)
    first = _first_residents(place, areas, one_in, seed, parameters, dtype)
    entrants, entered = _arrivals(place, one_in, weeks, first.size)
    people = np.zeros(first.size + entrants, dtype)
    people[: first.size] = first
    traits = Traits(seed, np.arange(people.size))
    _turn_ten(people[first.size :], traits.of(slice(first.size, None)), place, areas, entered, parameters)
    _circumstances(people, traits, parameters)
    _standing(people, traits, parameters)
    people["present"][: first.size] = True
    people["life"][: first.size] = Life.PRESENT
    return Roster(people, entered, areas, one_in)


def _first_residents(
    place: Place, areas: np.ndarray, one_in: float, seed: int, parameters: Parameters, dtype: np.dtype
) -> np.ndarray:
    """Everyone aged 10 to 64, and of those aged 65 to 79 the ones who have been dependent."""
    residents = max(round(place.residents_10_64 / one_in), 1)
    last_band = sum(a.residents_by_band[BANDS_AT_START - 1] for a in place.authorities)
    older = round(last_band * parameters["older_ratio"] / one_in)
    people = np.zeros(residents + older, dtype)
    traits = Traits(seed, np.arange(people.size))
    position = np.concatenate([(np.arange(residents) + 0.5) / residents, (np.arange(older) + 0.5) / max(older, 1)])
    _settle(people, traits, place, areas, position)
    _ages(people[:residents], traits.of(slice(residents)), place, areas)
    people["age"][residents:] = 65 + 14.99 * traits("age")[residents:]
    people["band"] = (people["age"] - 10) // 5
    _characteristics(people, traits, parameters, areas)
    _use(people, traits, parameters, place, areas, one_in)
    dependent = ((people["use"] == Use.DEPENDENT) | (people["use"] == Use.REMISSION)).any(axis=1)
    return people[(people["age"] < 65) | dependent]


def _turn_ten(
    people: np.ndarray, traits: Traits, place: Place, areas: np.ndarray, entered: np.ndarray, parameters: Parameters
) -> None:
    """Those who will turn ten in the place, in order of entry."""
    _settle(people, traits, place, areas, traits("neighbourhood"))
    people["age"] = 10
    people["enters"] = np.searchsorted(entered, traits.rows, side="right")
    _characteristics(people, traits, parameters, areas)


def _users(place: Place, parameters: Parameters) -> float:
    """People dependent on heroin or crack in the place: its own estimate, or the nation's carried by deprivation."""
    if place.id in OWN_PREVALENCE:
        return parameters[OWN_PREVALENCE[place.id]] * place.population / 1000
    by_quintile = np.sum([a.residents_by_quintile for a in place.authorities], axis=0)
    ratio = parameters.table("ocu_by_quintile")
    relative = float((by_quintile * ratio).sum() / by_quintile.sum() / ratio.mean())
    return parameters["ocu_per_1000_national"] * relative * place.population / 1000


def _arrivals(place: Place, one_in: float, weeks: int, already: int) -> tuple[int, np.ndarray]:
    """How many turn ten within the weeks, and how many rows have entered by the start of each week."""
    ten_a_week = sum(a.residents_by_band[0] for a in place.authorities) / 5 / WEEKS_PER_YEAR / one_in
    entered = already + np.floor(np.arange(weeks) * ten_a_week).astype(np.int64)
    return int(entered[-1]) - already, entered


def _settle(people: np.ndarray, traits: Traits, place: Place, areas: np.ndarray, position: np.ndarray) -> None:
    """Neighbourhood by its share of residents, at these positions in 0 .. 1; sex and ethnic group of its authority."""
    where = np.minimum(np.searchsorted(np.cumsum(areas["share"]), position, side="right"), areas.size - 1)
    people["neighbourhood"] = where
    women = np.array([a.women_share for a in place.authorities])[areas["authority"][where]]
    people["sex"] = traits("sex") >= women
    shares = np.cumsum([a.ethnic_shares for a in place.authorities], axis=1)[areas["authority"][where]]
    people["ethnicity"] = np.minimum((traits("ethnic group")[:, None] >= shares).sum(axis=1), 4)


def _ages(people: np.ndarray, traits: Traits, place: Place, areas: np.ndarray) -> None:
    """Ages of the residents of 10 to 64, by the bands of their authority."""
    bands = np.array([a.residents_by_band for a in place.authorities], float)
    bands = np.cumsum(bands / bands.sum(axis=1, keepdims=True), axis=1)
    own = bands[areas["authority"][people["neighbourhood"]]]
    band = np.minimum((traits("age band")[:, None] >= own).sum(axis=1), BANDS_AT_START - 1)
    people["age"] = 10 + 5 * (band + traits("age"))


def _characteristics(people: np.ndarray, traits: Traits, parameters: Parameters, areas: np.ndarray) -> None:
    """What a person is born with or brings from childhood, and the risk and resilience that follow from it."""
    u = traits("adverse childhood experiences")
    many, some = parameters["four_aces_share"], parameters["one_ace_share"]
    people["aces"] = np.where(u < many, 4 + (u / many * 4).astype(int), np.where(u < many + some, 1 + (u * 97) % 3, 0))
    for field, name in (
        ("care_experienced", "care_share"), ("family_history", "family_share"), ("ill", "ill_share"),
        ("brain_injury", "brain_injury_share"), ("neurodivergent", "neurodivergent_share"),
    ):  # fmt: skip
        people[field] = traits(field) < parameters[name]
    adult = people["age"] >= 25
    people["has_children"] = adult & (traits("children") < parameters["parent_share"])
    people["veteran"] = adult & (people["sex"] == 1) & (traits("veteran") < parameters["veteran_share"])
    risk = parameters["trait_spread"] * traits.spread("risk")
    risk += parameters["trait_of_aces"] * (people["aces"] - _mean_aces(parameters))
    risk += parameters["trait_of_care"] * people["care_experienced"]
    risk += parameters["trait_of_family"] * people["family_history"]
    risk += parameters["trait_of_illness"] * (people["ill"] - parameters["ill_share"])
    risk += parameters["trait_of_deprivation"] * (2.0 - areas["quintile"][people["neighbourhood"]])
    people["risk_at_rest"] = risk
    people["resilience_at_rest"] = parameters["trait_spread"] * traits.spread("resilience")
    people["alone"] = np.clip(parameters["alone_share"] + 0.8 * (traits("alone") - 0.5), 0, 1)
    people["stigma"] = 2 * parameters["stigma_mean"] * traits("stigma")


def _mean_aces(parameters: Parameters) -> float:
    return 5.5 * parameters["four_aces_share"] + 2 * parameters["one_ace_share"]


BALANCES = (-2.0, -1.0, 0.0, 1.0, 2.0)
"""Risk minus resilience (standard deviations) at which a birth cohort is followed; people take the nearest."""


def cohort(parameters: Parameters) -> np.ndarray:
    """Shares of a birth cohort by age, state of use, substance and balance: shape (70, 6, substances, balances).

    A starting point for recreational drugs and alcohol under today's rates. Heroin and crack start from the published
    number and age of those who use them instead: today's first use does not explain the cohort born from 1960 to 1990.
    """
    pull = np.array([math.exp(parameters["risk_pull"] * b - parameters["pull_usual"]) for b in BALANCES])
    up = {
        name: parameters.table(f"{name}_rate")[:, None] * pull
        for name in ("escalation", "dependence", "relapse", "resumption")
    }
    down = {name: parameters.table(f"{name}_rate")[:, None] for name in ("stopping", "cutting_down", "remission")}
    start = parameters.table("start_rate")
    share = np.zeros((6, SUBSTANCES, len(BALANCES)))
    share[Use.NEVER] = 1
    ages = np.zeros((70, *share.shape))
    for week in range(70 * WEEKS_PER_YEAR):
        if week % WEEKS_PER_YEAR == 0:
            ages[week // WEEKS_PER_YEAR] = share
        begin = start[:, min(week // (5 * WEEKS_PER_YEAR), len(AGE_BANDS) - 1), None] * pull
        flows = (
            *_ways_out(share, Use.NEVER, (Use.EXPERIMENTING, begin)),
            *_ways_out(share, Use.EXPERIMENTING, (Use.REGULAR, up["escalation"]), (Use.FORMER, down["stopping"])),
            *_ways_out(
                share, Use.REGULAR, (Use.DEPENDENT, up["dependence"]), (Use.EXPERIMENTING, down["cutting_down"])
            ),
            *_ways_out(share, Use.DEPENDENT, (Use.REMISSION, down["remission"])),
            *_ways_out(share, Use.REMISSION, (Use.DEPENDENT, up["relapse"])),
            *_ways_out(share, Use.FORMER, (Use.EXPERIMENTING, up["resumption"])),
        )
        for source, target, flow in flows:
            share[source] -= flow
            share[target] += flow
    return ages


def _ways_out(share: np.ndarray, source: Use, *ways: tuple[Use, np.ndarray]) -> list[tuple[Use, Use, np.ndarray]]:
    """What leaves one state in a week by each of its ways, whose hazards compete."""
    total = sum(hazard for _, hazard in ways)
    leaving = share[source] * -np.expm1(-total) / np.where(total > 0, total, 1)
    return [(source, target, leaving * hazard) for target, hazard in ways]


def _use(
    people: np.ndarray, traits: Traits, parameters: Parameters, place: Place, areas: np.ndarray, one_in: float
) -> None:
    """States of use at the start."""
    year = np.minimum(people["age"].astype(int) - 10, 69)
    balance = people["risk_at_rest"] - people["resilience_at_rest"]
    nearest = np.searchsorted(np.array(BALANCES[:-1]) + 0.5, balance)
    use, ages = people["use"], np.cumsum(cohort(parameters), axis=1)
    for substance in range(SUBSTANCES):
        if substance in (Substance.HEROIN, Substance.CRACK):
            continue
        shares = ages[year, :, substance, nearest]
        u = traits(f"use {substance}")
        use[:, substance] = np.minimum((u[:, None] >= shares).sum(axis=1), Use.FORMER)
    users = _opiate_and_crack(people, traits, parameters, areas, _users(place, parameters) / one_in)
    for substance, share in enumerate(parameters.table("co_use_share")):
        chosen = users & (traits(f"co-use {substance}") < share)
        level = Use.DEPENDENT if substance == Substance.ALCOHOL else Use.REGULAR
        use[chosen, substance] = np.maximum(use[chosen, substance], level)
    people["injects"] = users & (traits("injects") < parameters["injecting_share"])
    years = np.maximum(people["age"] - 24, 1) * traits("injecting career")
    people["injecting_weeks"] = np.where(people["injects"], years * WEEKS_PER_YEAR, 0)
    people["hiv"] = people["injects"] & (traits("hiv") < parameters["hiv_share"])
    people["hepatitis_c"] = people["injects"] & (traits("hepatitis c") < parameters["hcv_share"])
    heroin = use[:, Substance.HEROIN]
    people["tolerance"] = parameters.table("use_frequency")[heroin]
    people["naloxone"] = (heroin == Use.DEPENDENT) & (traits("kit") < parameters["kit_share"])
    people["risk_at_rest"] += np.where(users, parameters["trait_of_opioid_career"], 0)
    people["ill"] |= (use == Use.DEPENDENT).any(axis=1) & (traits("ill user") < parameters["ill_share_dependent"])


def _opiate_and_crack(
    people: np.ndarray, traits: Traits, parameters: Parameters, areas: np.ndarray, total: float
) -> np.ndarray:
    """The ageing cohort: who is dependent on heroin or crack at the start, and who is in remission."""
    band = people["band"]
    here = np.bincount(band, minlength=len(AGE_BANDS))
    density = parameters.table("ocu_by_age") / np.maximum(here, 1)
    men = parameters["ocu_men"]
    weight = density[band] * np.where(people["sex"] == 1, men, 1 - men)
    weight *= parameters.table("ocu_by_quintile")[areas["quintile"][people["neighbourhood"]]]
    users = traits.weighted("opiate or crack users", weight, total)
    remitted = traits.weighted("remission", np.where(users, 0, weight), total * parameters["remission_pool"]) & ~users
    heroin = (users | remitted) & (traits("heroin") < parameters["ocu_heroin"])
    crack = (users | remitted) & (~heroin | (traits("crack") < parameters["ocu_crack_too"]))
    for chosen, substance in ((heroin, Substance.HEROIN), (crack, Substance.CRACK)):
        people["use"][chosen & users, substance] = Use.DEPENDENT
        people["use"][chosen & remitted, substance] = Use.REMISSION
    people["weeks_clean"] = np.where(remitted, 15 * WEEKS_PER_YEAR * traits("weeks clean"), 0)
    return users


def _circumstances(people: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    """School, study, work and home at the start."""
    age, u = people["age"], traits("occupation")
    user = (people["use"][:, [Substance.HEROIN, Substance.CRACK]] == Use.DEPENDENT).any(axis=1)
    workless = np.where(user, parameters["workless_share_dependent"], parameters["workless_share"])
    occupation = np.where(u < workless, Occupation.WORKLESS, Occupation.WORKING)
    student = (age >= 18) & (age < 21) & (u >= 1 - parameters["study_share"])
    occupation = np.where(student, Occupation.STUDENT, occupation)
    people["occupation"] = np.where(age < 18, Occupation.SCHOOL, occupation)
    unstable = np.where(user, parameters["unstable_share_dependent"], parameters["unstable_share"]) * (age >= 18)
    u = traits("housing")
    people["housing"] = np.where(
        u < unstable / 4, Housing.HOMELESS, np.where(u < unstable, Housing.INSECURE, Housing.STABLE)
    )
    record = np.where(user, parameters["record_share_dependent"], parameters["record_share"]) * (age >= 20)
    people["convictions"] = traits("record") < record
    people["risk"], people["resilience"] = people["risk_at_rest"], people["resilience_at_rest"]


def _standing(people: np.ndarray, traits: Traits, parameters: Parameters) -> None:
    """Counts that follow from use, the clocks that have not started, treatment and custody at the start."""
    for clock in ("bereaved_weeks", "weeks_since_care", "weeks_since_release", "weeks_since_diversion"):
        people[clock] = -1
    people["last_presentation"] = NEVER_PRESENTED
    use = people["use"]
    people["using"] = ((use >= Use.EXPERIMENTING) & (use <= Use.DEPENDENT)).sum(axis=1)
    people["dependent_on"] = (use == Use.DEPENDENT).sum(axis=1)
    people["ever_used"] = (use != Use.NEVER).any(axis=1)
    people["ever_dependent"] = ((use == Use.DEPENDENT) | (use == Use.REMISSION)).any(axis=1)
    heroin = use[:, Substance.HEROIN] == Use.DEPENDENT
    user = heroin | (use[:, Substance.CRACK] == Use.DEPENDENT)
    custody = user & (traits("custody") < parameters["custody_share_dependent"])
    people["justice"] = np.where(custody, Justice.CUSTODY, Justice.FREE)
    people["weeks_left"] = np.where(custody, 1 + 30 * traits("weeks left"), 0)
    people["prison_agonist"] = custody & heroin & (traits("prison treatment") < parameters["prison_agonist_share"])
    u = traits("treatment")
    agonist = heroin & ~custody & (u < parameters["agonist_coverage"])
    other = (people["dependent_on"] > 0) & ~heroin & ~custody & (u < parameters["psychosocial_coverage"])
    people["care"] = np.where(agonist, Care.AGONIST, np.where(other, Care.PSYCHOSOCIAL, Care.NONE))
    people["weeks_in_care"] = np.where(
        agonist, 200 * traits("weeks in care"), np.where(other, 30 * traits("weeks in care"), 0)
    )
    people["on_top"] = traits("on top") < parameters.table("on_top_share")[people["care"]]
    treated_before = use[:, Substance.HEROIN] >= Use.DEPENDENT  # dependent or in remission
    people["agonist_episodes"] = np.where(treated_before, 1 + (3 * traits("episodes")).astype(int), 0)
    people["role"] = np.where(
        people["dependent_on"] > 0,
        Role.DEPENDENT_USER,
        np.where(people["age"] < 25, Role.YOUNG_PERSON, Role.ADULT),
    )
