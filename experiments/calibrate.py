"""How well the status quo lands on published figures: targets, stylised facts, and a verdict on each.

Whatever was used to set or fit a number of the model is a target; the others are tests. Misses stay in the table.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context

import numpy as np
from scipy import stats

from policysim.agents.states import Care, Justice, Mark, Substance, Use
from policysim.model import DrugPolicyModel
from policysim.outcomes import OUTCOMES
from policysim.parameters import WEEKS_PER_YEAR, registry
from policysim.places import Place, find_place

TOLERANCE = 0.15
RESIDENTS = 59_700_000  # England and Wales, mid-2020, as in configs/places
ENGLAND = 56_500_000


@dataclass(frozen=True)
class Target:
    """One published figure and what the model has to set beside it; a target without a figure stays, with no data."""

    name: str
    year: str
    source: str
    published: float | None
    low: float | None
    high: float | None
    measure: str
    kind: str  # own, carried, or fact: the place's own figure, a carried national rate, a stylised fact


def targets(place: Place) -> list[Target]:
    """Targets and stylised facts for a place: its own figures where there are some, carried national rates elsewhere."""
    own = place.id == "west-midlands"
    share = place.population / RESIDENTS
    inside = 1 - registry()["target_share_outside_ages"].value
    misuse = (176 + 133) / 2 * inside if own else 3736 * share * inside
    users = 22_500 * place.population / 2_926_000 if own else 341_032 / ENGLAND * place.population
    deaths_source = "A3.09, A3.10 (ONS), less ages outside the model" if own else "A1.36 (ONS) carried, less ages outside"

    def near(name: str, year: str, source: str, value: float, measure: str, kind: str = "carried") -> Target:
        return Target(name, year, source, value, value * (1 - TOLERANCE), value * (1 + TOLERANCE), measure, kind)

    fact = partial(Target, kind="fact")
    return [
        near("misuse deaths a year", "2020-21" if own else "2024", deaths_source, misuse, "deaths", "own" if own else "carried"),
        near("opiate deaths a year", "2024", "A1.42 over A1.36 of the misuse deaths", misuse * 2621 / 3736, "opiate_deaths"),
        near("cocaine deaths a year", "2024", "A1.62 over A1.36 of the misuse deaths", misuse * 1279 / 3736, "cocaine_deaths"),
        near("people dependent on opiates or crack", "2017" if own else "2019-20", "A4.09" if own else "A4.05 carried", users,
             "opiate_or_crack_users", "own" if own else "carried"),
        near("stop and searches a year", "2021-22" if own else "2023-24", "F8.09" if own else "A9.19 carried",
             26_372 if own else 530_000 * share, "searches", "own" if own else "carried"),
        near("people in opiate treatment within a year", "2023-24", "A5.18 over A4.06 of users", users * 137_965 / 310_700, "treated_opiate"),
        near("new presentations a year", "2023-24", "A5.12 carried", 158_991 / ENGLAND * place.population, "treatment_entries"),
        near("arrests for drug offences a year", "2023-24", "F9.08 carried", 58_275 * share, "arrests"),
        near("recorded drug offences a year", "2023-24", "A9.04 carried", 179_000 * share, "found_with_drugs"),
        near("drug offences disposed of a year", "2018-19", "A9.08 carried", 48_800 * share, "drug_disposals"),
        near("people dependent on opiates or crack in custody", "2020-24", "A10.06 of A10.01 carried", 87_726 / 3 * share, "users_in_custody"),
        near("people dependent on alcohol", "2019-20", "F5.01 carried", 608_416 / ENGLAND * place.population, "alcohol_dependent"),
        fact("1 share of misuse deaths naming an opiate", "2024", "A1.42, A1.36", 0.70, 0.62, 0.78, "opiate_share"),
        fact("1 deaths naming a nitazene", "2024", "A1.64", None, None, None, "none"),
        fact("2 mean age at misuse death, men", "2024", "A2.10a", 45, 42, 48, "age_men"),
        fact("2 mean age at misuse death, women", "2024", "A2.10b", 48, 44, 52, "age_women"),
        fact("2 share of misuse deaths at 40 to 49", "2024", "A2.09 (the peak)", 0.30, 0.24, 0.40, "share_40s"),
        fact("3 growth of heroin and cocaine deaths", "2012-24", "A1.43, A1.48, A1.50, A1.62", None, None, None, "none"),
        fact("4 men among misuse deaths", "2016", "D4.03", 0.73, 0.65, 0.78, "men_share"),
        fact("5 men among people dependent on opiates or crack", "2018-19", "A4.08", 0.75, 0.72, 0.78, "users_men"),
        fact("5 injecting among them", "2018-19", "A4.07 over A4.04", 0.20, 0.17, 0.23, "users_inject"),
        fact("6 change of people in treatment over three years", "2019-24", "A5.14, A5.18", 0.0, -0.03, 0.03, "treated_drift"),
        fact("7 misuse deaths not in treatment", "2016", "D3.04", 0.60, 0.50, 0.70, "untreated_share"),
        fact("8 deaths in weeks 1-2 after release over weeks 3-12", "2010", "B2.01", 7.5, 5.7, 9.9, "release_ratio"),
        fact("8 prison agonist treatment, deaths in four weeks after release", "2010-16", "B2.03", 0.25, 0.10, 0.64, "prison_ratio"),
        fact("out of treatment over in treatment, fatal poisoning", "2005-09", "B1.09", 1.73, 1.55, 1.92, "treatment_ratio"),
        fact("9 deaths a year of people who use opioids", "2001-18", "D2.10", 0.014, 0.012, 0.016, "opioid_mortality"),
        fact("9 share of these that are poisonings", "2001-18", "D2.08, D2.11b", 0.38, 0.33, 0.43, "poisoning_share"),
        fact("10 use in the last year at 16 to 24 (model: now)", "2024", "A7.10, A7.08", 0.165, 0.15, 0.21, "use_16_24"),
        fact("10 cannabis at 16 to 59 (model: now)", "2020-24", "A7.12, A7.14", 0.074, 0.063, 0.083, "cannabis_16_59"),
        fact("11 drug arrests over recorded drug offences", "2023-24", "F9.08, A9.04", 0.326, 0.28, 0.37, "arrest_ratio"),
        fact("11 tests on arrest that are positive", "2023-24", "F16 rows: 56%", 0.56, 0.50, 0.62, "tests_positive_share"),
        fact("12 misuse death rate, most over least deprived fifth", "2020", "F15 rows: tenths almost 6; Wales fifths about 5", 5, 3.5, 7, "deprivation_ratio"),
        fact("13 chronic hepatitis C among people who inject", "2023", "D4.04b (no rule for infection yet)", None, None, None, "none"),
        fact("14 police naloxone uses a year", "2024", "437 in the UK, carried", 437 / 67_000_000 * place.population,
             200 / 67_000_000 * place.population, 999 / 67_000_000 * place.population, "reversed_by_police"),
        fact("15 all poisoning deaths a year", "2016-18", "A3.08 over 3" if own else "A1.15 carried",
             511 / 3 if own else 5565 * share, (511 / 3 if own else 5565 * share) * 0.85, (511 / 3 if own else 5565 * share) * 1.15, "poisoning_deaths"),
        fact("overdoses that are fatal", "2022", "D2.04", 0.024, 0.02, 0.04, "fatal_share"),
    ]  # fmt: skip


class Watch:
    """Measures that need people and not only counts, gathered week by week as expected deaths: little noise."""

    def __init__(self) -> None:
        self.risk = np.zeros((4, 2))  # release weeks 1-2, 3-12; released with, without prison treatment: deaths, weeks
        self.treated = np.zeros((2, 2))  # in, out of treatment: deaths, weeks
        self.ages: list[tuple[float, int]] = []
        self.opioid_years = self.opioid_deaths = 0.0
        self.untreated = 0

    def look(self, model: DrugPolicyModel) -> None:
        """Add this week."""
        people = model.people[: int(model.roster.entered[model.week - 1])]
        user = np.flatnonzero(people["use"][:, Substance.HEROIN] == Use.DEPENDENT)
        p = people[user]
        risk, since = p["expected_death"], p["weeks_since_release"]
        free = p["present"] & (p["justice"] != Justice.CUSTODY)
        for k, group in enumerate(((since >= 1) & (since <= 2), (since >= 3) & (since <= 12))):
            self.risk[k] += risk[free & group].sum(), (free & group).sum()
        treated = p["care"] > Care.WAITING
        for k, group in enumerate((treated, ~treated)):
            self.treated[k] += risk[free & group].sum(), (free & group).sum()
        self.opioid_years += p["present"].sum() / WEEKS_PER_YEAR
        died = np.flatnonzero((people["marks"] & Mark.DIED_OF_MISUSE) != 0)
        died = died[~people["present"][died] & (people["cause"][died] == 1)]
        self.ages += [(float(people["age"][r]), int(people["sex"][r])) for r in died]
        self.untreated += int((people["care"][died] <= Care.WAITING).sum())
        all_deaths = Mark.DIED_OF_MISUSE | Mark.DIED_OTHERWISE | Mark.DIED_BY_SUICIDE | Mark.DIED_OTHER_POISONING
        self.opioid_deaths += int(((p["marks"] & all_deaths) != 0).sum())


def measure(place: str, one_in: float, burn_in_years: int, years: int, seed: int) -> dict[str, float]:
    """All measures of one seed: three-year means of yearly flows and stocks for the whole place, and ratios."""
    model = DrugPolicyModel(place, seed=seed, one_in=one_in, burn_in_years=burn_in_years, years=years)
    watch = Watch()
    while model.week < model.last_week:
        model.step()
        if model.week > model.burn_in_weeks:
            watch.look(model)
    areas = [a.name for a in model.place.authorities]
    weekly = model.outcomes.weekly(areas, model.one_in, model.burn_in_weeks)
    weekly = weekly[weekly["area"] == "all"]
    found = {
        name: float(weekly[name].mean() * (1 if outcome.kind == "stock" else WEEKS_PER_YEAR))
        for name, outcome in OUTCOMES.items()
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
        ages = np.array([a for a, _ in watch.ages])
        men = np.array([s for _, s in watch.ages]) == 1
        return {
            "release_ratio": float(rate[0] / rate[1]),
            "treatment_ratio": float(treated[1] / treated[0]),
            "opioid_mortality": watch.opioid_deaths / max(watch.opioid_years, 1),
            "poisoning_share": float(watch.treated[:, 0].sum() / max(watch.opioid_deaths, 1)),
            "age_men": float(ages[men].mean()) if men.any() else np.nan,
            "age_women": float(ages[~men].mean()) if (~men).any() and ages.size else np.nan,
            "men_share": float(men.mean()) if ages.size else np.nan,
            "share_40s": float(((ages >= 40) & (ages < 50)).mean()) if ages.size else np.nan,
            "untreated_share": watch.untreated / len(watch.ages) if watch.ages else np.nan,
            "opiate_share": found["opiate_deaths"] / found["deaths"] if found["deaths"] else np.nan,
            "arrest_ratio": found["arrests"] / max(found["found_with_drugs"], 1),
            "tests_positive_share": found["tests_positive"] / max(found["tests"], 1),
            "fatal_share": found["expected_deaths"] / max(found["overdoses"], 1),
        }


def _drifts(weekly) -> dict[str, float]:
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
        results = map(run, seeds)
        found = [_told(result, k, replicates, progress) for k, result in enumerate(results, 1)]
    else:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            found = [_told(result, k, replicates, progress) for k, result in enumerate(pool.map(run, seeds), 1)]
    return [_row(target, found) for target in targets(where)]


def _told(result: dict, done: int, of: int, progress: Callable[[int, int], None] | None) -> dict:
    if progress:
        progress(done, of)
    return result


def _row(target: Target, found: list[dict[str, float]]) -> dict:
    values = np.array([run.get(target.measure, np.nan) for run in found])
    values = values[np.isfinite(values)]
    row = {k: v for k, v in asdict(target).items() if k not in ("name", "measure")}
    row = {"target": target.name, **row, "model": None, "model_low": None, "model_high": None, "verdict": "no data"}
    if target.published is None or values.size == 0:
        return row
    mean = float(values.mean())
    half = float(stats.t.ppf(0.975, values.size - 1) * values.std(ddof=1) / values.size**0.5) if values.size > 1 else 0.0
    row |= {"model": mean, "model_low": mean - half, "model_high": mean + half}
    row["verdict"] = "pass" if target.low <= mean <= target.high else "miss"
    return row
