"""Outcomes: what the counts are called, their units, and the tidy tables made of them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from policysim.counts.counting import GROUPS, count_flows
from policysim.vocabulary.states import MARKS, Mark
from policysim.vocabulary.stocks import STOCKS, SUMS, Stock, Sum


class Outcome:
    """One outcome: unit, meaning, and whether it is a flow (added up over time) or a stock (averaged)."""

    def __init__(self, unit: str, meaning: str, kind: str, parts: tuple):
        self.unit, self.meaning, self.kind, self.parts = unit, meaning, kind, parts


def _flow(meaning: str, *marks: Mark, unit: str = "people") -> Outcome:
    return Outcome(unit, meaning, "flow", marks)


def _stock(meaning: str, stock: Stock) -> Outcome:
    return Outcome("people, mean", meaning, "stock", (stock,))


M = Mark
OUTCOMES: dict[str, Outcome] = {
    "deaths": _flow("deaths by drug misuse poisoning", M.DIED_OF_MISUSE, unit="deaths"),
    "opiate_deaths": _flow("misuse deaths naming an opiate", M.DIED_WITH_OPIATE, unit="deaths"),
    "cocaine_deaths": _flow("misuse deaths naming cocaine", M.DIED_WITH_COCAINE, unit="deaths"),
    "expected_deaths": Outcome(
        "deaths", "misuse deaths expected: the sum of everyone's weekly chance", "sum", (Sum.EXPECTED_DEATHS,)
    ),
    "other_poisoning_deaths": _flow(
        "poisonings that are not misuse; no lever moves them", M.DIED_OTHER_POISONING, unit="deaths"
    ),
    "poisoning_deaths": _flow("all drug poisonings", M.DIED_OF_MISUSE, M.DIED_OTHER_POISONING, unit="deaths"),
    "intentional_deaths": _flow("misuse deaths with intent", M.DIED_INTENTIONALLY, unit="deaths"),
    "suicides": _flow("suicides other than by misuse poisoning", M.DIED_BY_SUICIDE, unit="deaths"),
    "other_deaths": _flow("deaths by all other causes", M.DIED_OTHERWISE, unit="deaths"),
    "overdoses": _flow("people who overdosed in a week, fatal or not", M.OVERDOSED, unit="overdoses"),
    "reversed_by_friends": _flow(
        "overdoses reversed by someone present with a kit", M.REVERSED_BY_FRIEND, unit="overdoses"
    ),
    "reversed_in_rooms": _flow(
        "overdoses reversed by staff of a consumption room", M.REVERSED_IN_ROOM, unit="overdoses"
    ),
    "reversed_by_police": _flow("overdoses reversed by police", M.REVERSED_BY_POLICE, unit="overdoses"),
    "reversed_by_ambulance": _flow(
        "overdoses reversed by ambulance or hospital", M.REVERSED_BY_AMBULANCE, unit="overdoses"
    ),
    "kits_given": _flow("take-home naloxone kits given", M.GOT_KIT, unit="kits"),
    "room_visitors": _flow("weeks in which someone visited a consumption room", M.VISITED_ROOM, unit="person-weeks"),
    "kits_used": _flow("kits used", M.USED_OWN_KIT, M.NEEDS_FRIENDS_KIT, unit="kits"),
    "arrests": _flow("arrests for drug offences", M.ARRESTED_FOR_DRUGS, unit="arrests"),
    "other_arrests": _flow(
        "arrests for theft and the like of people dependent on heroin or crack",
        M.ARRESTED_OTHERWISE,
        unit="arrests",
    ),
    "tests": _flow("drug tests on arrest", M.TESTED_ON_ARREST, unit="tests"),
    "tests_positive": _flow("positive drug tests on arrest", M.TESTED_POSITIVE, unit="tests"),
    "searches": _flow("stop and searches", M.SEARCHED, unit="searches"),
    "found_with_drugs": _flow("recorded drug offences: people found with drugs", M.FOUND_WITH_DRUGS, unit="offences"),
    "street_resolutions": _flow("possession dealt with on the street", M.RESOLVED_ON_STREET, unit="disposals"),
    "diversions_offered": _flow("diversions offered", M.OFFERED_DIVERSION, unit="offers"),
    "diversions": _flow("diversions attended (outcome 22)", M.DIVERTED, unit="disposals"),
    "cautions": _flow("cautions", M.CAUTIONED, unit="disposals"),
    "charges": _flow("charges", M.CHARGED, unit="charges"),
    "convictions": _flow("convictions", M.CONVICTED, unit="convictions"),
    "drug_disposals": _flow("cautions and convictions for drug offences", M.DRUG_OFFENCE_DISPOSED, unit="disposals"),
    "community_orders": _flow("community orders", M.COMMUNITY_ORDER, unit="orders"),
    "requirements": _flow("orders with a treatment requirement", M.REQUIREMENT, unit="orders"),
    "imprisoned": _flow("sentenced to immediate custody", M.IMPRISONED, unit="people"),
    "recalls": _flow("recalled to custody", M.RECALLED, unit="people"),
    "releases": _flow("released from custody", M.RELEASED, unit="people"),
    "offences": Outcome(
        "offences",
        "acquisitive offences expected of people dependent on heroin or crack",
        "sum",
        (Sum.EXPECTED_OFFENCES,),
    ),
    "asked_for_treatment": _flow("asked for treatment", M.ASKED_FOR_TREATMENT),
    "treatment_entries": _flow("new presentations to structured treatment, once per person-year", M.NEW_PRESENTATION),
    "entries_opiate": _flow("new presentations, opiate group", M.PRESENTED_OPIATE),
    "entries_non_opiate": _flow("new presentations, non-opiate group", M.PRESENTED_NON_OPIATE),
    "entries_non_opiate_and_alcohol": _flow(
        "new presentations, non-opiate and alcohol group", M.PRESENTED_NON_OPIATE_AND_ALCOHOL
    ),
    "entries_alcohol": _flow("new presentations, alcohol group", M.PRESENTED_ALCOHOL),
    "treatment_starts": _flow("starts of any structured treatment", M.ENTERED_TREATMENT, unit="starts"),
    "treatment_completed": _flow("planned endings of treatment", M.COMPLETED_TREATMENT, unit="endings"),
    "treatment_dropped": _flow("unplanned endings of treatment", M.DROPPED_OUT, unit="endings"),
    "gave_up_waiting": _flow("left the waiting list unseen", M.GAVE_UP_WAITING),
    "retained_12_weeks": _flow("reached twelve weeks of treatment", M.RETAINED_12_WEEKS),
    "first_use": _flow("first use of a substance", M.FIRST_USE, unit="starts"),
    "new_dependence": _flow("first dependence on a substance", M.BECAME_DEPENDENT, unit="starts"),
    "remissions": _flow("dependence on a substance ended", M.REMITTED, unit="endings"),
    "relapses": _flow("relapses into dependence", M.RELAPSED, unit="relapses"),
    "exclusions": _flow("permanent exclusions from school", M.EXCLUDED_FROM_SCHOOL),
    "pupils_taught_skills": _flow("pupils taught personal and social skills", M.TAUGHT_SKILLS),
    "pupils_taught_by_scare": _flow("pupils given fear-based talks", M.TAUGHT_BY_SCARE),
    "jobs_lost": _flow("jobs lost", M.LOST_WORK, unit="jobs"),
    "homes_lost": _flow("stable homes lost", M.LOST_HOME, unit="homes"),
    "population": _stock("people in the model", Stock.POPULATION),
    "using": _stock("people who use any of the substances (alcohol: harmful drinking)", Stock.USING),
    "using_cannabis": _stock("people who use cannabis", Stock.USING_CANNABIS),
    "using_class_a": _stock("people who use party drugs, heroin or crack", Stock.USING_CLASS_A),
    "dependent": _stock("people dependent on any of the substances", Stock.DEPENDENT),
    "opiate_or_crack_users": _stock("people dependent on heroin, other opioids or crack", Stock.OPIATE_OR_CRACK),
    "hidden": _stock("of these, neither in treatment nor in custody", Stock.HIDDEN),
    "injecting": _stock("people who inject", Stock.INJECTING),
    "well_supplied": _stock("people who inject with enough clean equipment", Stock.NEEDLES),
    "carrying_naloxone": _stock("people who carry a naloxone kit", Stock.WITH_KIT),
    "waiting": _stock("people waiting for treatment", Stock.WAITING),
    "in_agonist_treatment": _stock("people in opioid agonist treatment", Stock.AGONIST),
    "in_heroin_assisted": _stock("people in heroin-assisted treatment", Stock.HEROIN_ASSISTED),
    "in_other_treatment": _stock("people in other structured treatment", Stock.PSYCHOSOCIAL),
    "in_custody": _stock("people in custody", Stock.IN_CUSTODY),
    "on_order": _stock("people on a community order", Stock.ON_ORDER),
    "in_remission": _stock("people in remission from heroin or crack", Stock.IN_REMISSION),
    "cannabis_dependent": _stock("people dependent on cannabis", Stock.CANNABIS_DEPENDENT),
    "cocaine_dependent": _stock("people dependent on powder cocaine and other party drugs", Stock.COCAINE_DEPENDENT),
}
COST_OUTCOMES = {f"cost_{purse}": f"spending of the {purse} purse" for purse in ("police", "council", "nhs", "justice")}


def unit_of(outcome: str) -> str:
    """The unit of an outcome as printed in tables."""
    return "GBP" if outcome in COST_OUTCOMES else OUTCOMES[outcome].unit


def is_stock(outcome: str) -> bool:
    """Whether an outcome is averaged over time (a stock) rather than added up."""
    return outcome in OUTCOMES and OUTCOMES[outcome].kind == "stock"


class Outcomes:
    """The counts of one run, week by week and area by area, in simulated people (not yet scaled up)."""

    def __init__(self, weeks: int, areas: int):
        self.week = -1
        self.flows = np.zeros((weeks, areas, len(MARKS)), np.int32)
        self.stocks = np.zeros((weeks, areas, STOCKS), np.int32)
        self.sums = np.zeros((weeks, areas, SUMS))
        self.costs = np.zeros((weeks, len(COST_OUTCOMES)))
        self.groups = np.zeros((weeks // 52 + 1, len(GROUPS), len(MARKS)), np.int64)
        self.column_of: dict[Mark, int] = {mark: k for k, mark in enumerate(MARKS)}

    def record(
        self, week: int, people: np.ndarray, places: np.ndarray, touched: np.ndarray, stocks: np.ndarray, sums: np.ndarray,
        costs: Sequence[float],
    ) -> None:  # fmt: skip
        """Keep one week."""
        self.week = week
        flows = np.zeros((self.flows.shape[1], len(MARKS)), np.int64)
        count_flows(people, places, touched, flows, self.groups[week // 52])
        self.flows[week], self.stocks[week], self.sums[week], self.costs[week] = flows, stocks, sums, costs

    def take_over(self, other: "Outcomes") -> None:
        """Carry the history of the burn-in, so that the institutions have a last week to read."""
        n = other.week + 1
        self.week = other.week
        for name in ("flows", "stocks", "sums", "costs"):
            getattr(self, name)[:n] = getattr(other, name)[:n]
        years = min(len(self.groups), len(other.groups))
        self.groups[:years] = other.groups[:years]

    def last_flow(self, mark: Mark, area: int = -1) -> int:
        """Last week's count of a mark in an area (-1: everywhere)."""
        if self.week < 0:
            return 0
        column = self.flows[self.week, :, self.column_of[mark]]
        return int(column.sum() if area < 0 else column[area])

    def last_stock(self, stock: Stock, area: int = -1) -> int:
        """Last week's stock in an area (-1: everywhere)."""
        if self.week < 0:
            return 0
        column = self.stocks[self.week, :, stock]
        return int(column.sum() if area < 0 else column[area])

    def weekly(self, areas: list[str], one_in: float, first_week: int = 0) -> pd.DataFrame:
        """One row per week and area (`all` first), one column per outcome, scaled to residents; GBP only for `all`."""
        last = self.week + 1
        columns: dict[str, np.ndarray] = {}
        weeks = last - first_week
        for name, outcome in OUTCOMES.items():
            columns[name] = _with_total(self._values(outcome)[first_week:last] * one_in)
        for k, name in enumerate(COST_OUTCOMES):
            cost = np.full((weeks, len(areas) + 1), np.nan)
            cost[:, 0] = self.costs[first_week:last, k]
            columns[name] = cost.ravel()
        frame = pd.DataFrame(columns)
        frame.insert(0, "area", np.tile(["all", *areas], weeks))
        frame.insert(0, "week", np.repeat(np.arange(weeks), len(areas) + 1))
        return frame

    def _values(self, outcome: Outcome) -> np.ndarray:
        if outcome.kind == "flow":
            return self.flows[:, :, [self.column_of[mark] for mark in outcome.parts]].sum(axis=2, dtype=float)
        source = self.stocks if outcome.kind == "stock" else self.sums
        return source[:, :, outcome.parts[0]].astype(float)

    def by_group(self, one_in: float, first_week: int = 0) -> pd.DataFrame:
        """Flows by year and by quintile, age band, sex and ethnic group, scaled to residents."""
        years = range(first_week // 52, (self.week + 1) // 52)
        rows = []
        for year in years:
            for k, (dimension, group) in enumerate(GROUPS):
                row: dict[str, object] = {
                    "year": year - first_week // 52,
                    "dimension": dimension,
                    "group": group,
                }
                for name, outcome in OUTCOMES.items():
                    if outcome.kind == "flow":
                        row[name] = float(sum(self.groups[year, k, self.column_of[m]] for m in outcome.parts) * one_in)
                rows.append(row)
        return pd.DataFrame(rows)


def _with_total(values: np.ndarray) -> np.ndarray:
    """Values (weeks, areas) with the total in front of each week's areas, flattened."""
    return np.concatenate([values.sum(axis=1, keepdims=True), values], axis=1).ravel()
