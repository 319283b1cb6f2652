"""How well the status quo lands on published figures: targets, stylised facts, and a verdict on each.

Whatever was used to set or fit a number of the model is a target; the others are tests. Misses stay in the table.
"""

import csv
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from importlib.resources import files
from multiprocessing import active_children, get_context

import numpy as np
import pandas as pd
from scipy import stats

from policysim.counts.outcomes import COUNTED
from policysim.evidence.registry import registry
from policysim.interrupts import held
from policysim.model import DrugPolicyModel
from policysim.vocabulary.groups import AGE_BANDS
from policysim.vocabulary.marks import JusticeMark, marked
from policysim.vocabulary.states import Care, Justice, Life, Substance, Use
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.places import Place, find_place

TOLERANCE = 0.15
FOLLOWED_WEEKS = 4 * 52
"""The English cohort (B1.09) was of everyone treated within four years, in treatment or not, dependent still or not."""
COHORT_AGES = (18, 65)
"""Ages of the English cohort of people with a history of opioid use (D2.10)."""
BASES = {"residents of England and Wales": 59_700_000, "residents of England": 56_500_000, "residents": 1}
"""Populations of mid-2020, as in configs/places, from which a national count is carried to a place."""


@dataclass(frozen=True)
class Target:
    """One published figure and the measure of the model beside it; a target without a figure stays, with no data."""

    target: str
    kind: str  # own, carried or fact: the place's own figure, a carried national rate, a stylised fact
    year: str
    source: str
    published: float | None
    low: float | None
    high: float | None
    measure: str


def targets(place: Place) -> list[Target]:
    """Targets and stylised facts for a place: its own figures where there are some, carried national rates elsewhere."""
    text = files("policysim.configs.evidence").joinpath("targets.csv").read_text(encoding="utf-8")
    rows: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["place"] in ("", place.id):
            rows[row["target"]] = row  # a place's own row comes after the general one and takes its position
    found: dict[str, Target] = {}
    for name, row in rows.items():
        factor = 1.0
        if row["base"] in BASES:
            factor = place.population / BASES[row["base"]]
        elif row["base"]:
            factor = found[row["base"]].published or 0.0
        if row["measure"] == "deaths":
            factor *= 1 - registry()["target_share_outside_ages"].value
        published, low, high = (float(row[k]) * factor if row[k] else None for k in ("published", "low", "high"))
        if published is not None and low is None:
            low, high = published * (1 - TOLERANCE), published * (1 + TOLERANCE)
        found[name] = Target(name, row["kind"], row["year"], row["source"], published, low, high, row["measure"])
    return list(found.values())


class Watch:
    """Measures that need people and not only counts, gathered week by week as expected deaths: little noise."""

    def __init__(self, people: np.ndarray) -> None:
        self.seen = people["life"] == Life.DEAD
        self.inside = people["prison_agonist"].copy()
        self.treated_inside = np.zeros(people.size, bool)
        self.risk = np.zeros(
            (6, 2)
        )  # deaths, weeks: after release 1-2, 3-12; treated inside or not; left care, later in it
        self.treated = np.zeros((2, 2))  # in, out of treatment: deaths, weeks
        self.by_sex = np.zeros((2, 2))  # women, men: deaths, deaths times age
        self.by_band = np.zeros(len(AGE_BANDS))
        self.opioid_years = self.opioid_deaths = self.opioid_poisonings = 0.0
        self.untreated = 0.0

    def look(self, model: DrugPolicyModel) -> None:
        """Add this week."""
        people = model.people[: int(model.roster.entered[model.week - 1])]
        self._weigh(people)
        heroin = people["use"][:, Substance.HEROIN]
        self._after_release(people, np.flatnonzero(heroin == Use.DEPENDENT))
        # Cohorts of opioid users are followed whether they still use or not: so are these.
        history = (heroin == Use.DEPENDENT) | (heroin == Use.REMISSION)
        self._around_treatment(people[history & people["present"] & (people["justice"] != Justice.CUSTODY)])
        history &= (people["age"] >= COHORT_AGES[0]) & (people["age"] < COHORT_AGES[1])
        self.opioid_years += (history & people["present"]).sum() / WEEKS_PER_YEAR
        self.opioid_poisonings += people["expected_death"][history].sum()
        gone = np.flatnonzero((people["life"] == Life.DEAD) & ~self.seen[: people.size])
        self.seen[gone] = True
        self.opioid_deaths += int(history[gone].sum())

    def _after_release(self, people: np.ndarray, user: np.ndarray) -> None:
        """Risk of people dependent on opioids by weeks since release, and by treatment in prison."""
        p = people[user]
        risk, since = p["expected_death"], p["weeks_since_release"]
        free = p["present"] & (p["justice"] != Justice.CUSTODY)
        released = np.flatnonzero(marked(people, JusticeMark.RELEASED))
        self.treated_inside[released] = self.inside[released]
        self.inside[: people.size] = people["prison_agonist"]
        weeks_1_to_4 = (since >= 1) & (since <= 4)
        groups = (
            (since >= 1) & (since <= 2),
            (since >= 3) & (since <= 12),
            weeks_1_to_4 & self.treated_inside[user],
            weeks_1_to_4 & ~self.treated_inside[user],
        )
        for k, group in enumerate(groups):
            self.risk[k] += risk[free & group].sum(), (free & group).sum()

    def _around_treatment(self, p: np.ndarray) -> None:
        """Risk of people at liberty with a history of heroin use: in treatment, just after it, and out of it."""
        risk, since = p["expected_death"], p["weeks_since_care"]
        treated = p["care"] > Care.WAITING
        lately = ~treated & (since >= 0) & (since < FOLLOWED_WEEKS)
        left = ~treated & (since >= 1) & (since <= 4) & (p["agonist_episodes"] > 0)
        settled = (p["care"] == Care.AGONIST) & (p["weeks_in_care"] > 4)
        for k, group in enumerate((left, settled)):
            self.risk[4 + k] += risk[group].sum(), group.sum()
        for k, group in enumerate((treated, lately)):
            self.treated[k] += risk[group].sum(), group.sum()

    def _weigh(self, people: np.ndarray) -> None:
        """Whose deaths are expected: by sex, age and treatment."""
        at_risk = people[(people["expected_death"] > 0) & people["present"]]
        risk, age = at_risk["expected_death"], at_risk["age"]
        for sex in (0, 1):
            chosen = at_risk["sex"] == sex
            self.by_sex[sex] += risk[chosen].sum(), (risk * age)[chosen].sum()
        self.by_band += np.bincount(((age - 10) // 5).astype(int), weights=risk, minlength=self.by_band.size)
        self.untreated += risk[at_risk["care"] <= Care.WAITING].sum()


def measure(place: str, one_in: float, burn_in_years: int, years: int, seed: int) -> dict[str, float]:
    """All measures of one seed: three-year means of yearly flows and stocks for the whole place, and ratios."""
    model = DrugPolicyModel(place, seed=seed, one_in=one_in, burn_in_years=burn_in_years, years=years)
    while model.week < model.burn_in_weeks:
        model.step()
    watch = Watch(model.people)
    while model.week < model.last_week:
        model.step()
        watch.look(model)
    areas = [a.name for a in model.place.authorities]
    weekly = model.outcomes.weekly(areas, model.one_in, model.burn_in_weeks)
    weekly = weekly[weekly["area"] == "all"]
    found = {
        name: float(weekly[name].mean() * (1 if outcome.kind == "stock" else WEEKS_PER_YEAR))
        for name, outcome in COUNTED.items()
    }
    found |= _from_people(model) | _from_watch(watch, found) | _drifts(weekly)
    found |= _by_deprivation(model)
    model.close()
    return found


def _from_people(model: DrugPolicyModel) -> dict[str, float]:
    """Measures of the people present at the end."""
    p = model.people[model.people["present"]]
    use, one_in = p["use"], model.one_in
    heroin = use[:, Substance.HEROIN] == Use.DEPENDENT
    user = heroin | (use[:, Substance.CRACK] == Use.DEPENDENT)
    lately = (p["care"] == Care.AGONIST) | (p["care"] == Care.HEROIN_ASSISTED)
    lately |= (p["weeks_since_care"] >= 0) & (p["weeks_since_care"] < WEEKS_PER_YEAR) & (p["agonist_episodes"] > 0)
    now = (use >= Use.EXPERIMENTING) & (use <= Use.DEPENDENT)
    young, adult = (p["age"] >= 16) & (p["age"] < 25), (p["age"] >= 16) & (p["age"] < 60)
    return {
        "treated_opiate": float((lately & (heroin | (use[:, Substance.HEROIN] == Use.REMISSION))).sum() * one_in),
        "users_in_custody": float((user & (p["justice"] == Justice.CUSTODY)).sum() * one_in),
        "alcohol_dependent": float((use[:, Substance.ALCOHOL] == Use.DEPENDENT).sum() * one_in),
        "users_men": float(p["sex"][user].mean()),
        "users_inject": float(p["injects"][user].mean()),
        "use_16_24": float(now[young, :6].any(axis=1).mean()),
        "cannabis_16_59": float(now[adult, Substance.CANNABIS].mean()),
    }


def _from_watch(watch: Watch, found: dict[str, float]) -> dict[str, float]:
    """Measures gathered over the weeks; a ratio nobody was there to measure is nan."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = watch.risk[:, 0] / watch.risk[:, 1]
        treated = watch.treated[:, 0] / watch.treated[:, 1]
        deaths, age = watch.by_sex[:, 0], watch.by_sex[:, 1] / watch.by_sex[:, 0]
        return {
            "release_ratio": float(rate[0] / rate[1]),
            "leaving_ratio": float(rate[4] / rate[5]),
            "prison_ratio": float(rate[2] / rate[3]),
            "treatment_ratio": float(treated[1] / treated[0]),
            "opioid_mortality": watch.opioid_deaths / max(watch.opioid_years, 1),
            "poisoning_share": float(watch.opioid_poisonings / max(watch.opioid_deaths, 1)),
            "age_men": float(age[1]),
            "age_women": float(age[0]),
            "men_share": float(deaths[1] / deaths.sum()),
            "age_peak": float(watch.by_band.argmax() * 5 + 12.5),
            "untreated_share": float(watch.untreated / deaths.sum()),
            "opiate_share": found["opiate_deaths"] / found["deaths"] if found["deaths"] else np.nan,
            "arrest_ratio": found["arrests"] / max(found["found_with_drugs"], 1),
            "tests_positive_share": found["tests_positive"] / max(found["tests"], 1),
            "fatal_share": found["expected_deaths"] / max(found["overdoses"], 1),
        }


def _drifts(weekly: pd.DataFrame) -> dict[str, float]:
    """Relative change of people in agonist treatment from the first quarter measured to the last."""
    series = weekly["in_agonist_treatment"].to_numpy()
    return {"treated_drift": float(series[-13:].mean() / max(series[:13].mean(), 1) - 1)}


def _by_deprivation(model: DrugPolicyModel) -> dict[str, float]:
    """Expected misuse deaths per resident, most deprived over least deprived fifth, in the last week."""
    p = model.people[model.people["present"]]
    quintile = model.places["quintile"][p["neighbourhood"]]
    rate = [p["expected_death"][quintile == q].mean() if (quintile == q).any() else np.nan for q in (0, 4)]
    return {"deprivation_ratio": float(rate[0] / rate[1]) if rate[1] else np.nan}


def calibration(
    place: str = "west-midlands", replicates: int = 20, one_in: float = 20, burn_in_years: int = 5, years: int = 3,
    seed: int = 1, workers: int | None = None, progress: Callable[[int, int], None] | None = None,
) -> list[dict]:  # fmt: skip
    """One row per target and stylised fact, over `replicates` seeds; raises UserError for an unknown place.

    Columns: target, kind, year, source, published, low, high, model, model_low, model_high, verdict. The verdict is
    pass if the model's mean lies in low .. high, no data where either side has no figure, miss otherwise.
    """
    where = find_place(place)
    run = partial(measure, where.id, one_in, burn_in_years, years)
    seeds = range(seed, seed + replicates)
    found: list[dict[str, float]] = []
    if workers == 1 or replicates == 1:
        found = [_told(run(seed), k, replicates, progress) for k, seed in enumerate(seeds, 1)]
    else:
        pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
        with held():  # workers inherit this and leave interrupts to the parent
            results = pool.map(run, seeds)
        try:
            found = [_told(result, k, replicates, progress) for k, result in enumerate(results, 1)]
        except KeyboardInterrupt:
            for process in active_children():
                process.terminate()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
    return [_row(target, found) for target in targets(where)]


def _told(result: dict, done: int, of: int, progress: Callable[[int, int], None] | None) -> dict:
    if progress:
        progress(done, of)
    return result


def _row(target: Target, found: list[dict[str, float]]) -> dict:
    values = np.array([run.get(target.measure, np.nan) for run in found])
    values = values[np.isfinite(values)]
    row = {k: v for k, v in asdict(target).items() if k != "measure"}
    row |= {"model": None, "model_low": None, "model_high": None, "verdict": "no data"}
    if target.published is None or target.low is None or target.high is None or values.size == 0:
        return row
    mean, half = float(values.mean()), 0.0
    if values.size > 1:
        half = float(stats.t.ppf(0.975, values.size - 1) * values.std(ddof=1) / values.size**0.5)
    row |= {"model": mean, "model_low": mean - half, "model_high": mean + half}
    row["verdict"] = "pass" if target.low <= mean <= target.high else "miss"
    return row
