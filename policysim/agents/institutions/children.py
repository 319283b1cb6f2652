"""Children's services of one authority: early years, programmes for families, a board that identifies early, early help.

What reached children before they were ten is remembered week by week, so that whoever turns ten has what their cohort was
offered, by a luck of their own. Of everyone else the service looks, once a year, at children of 10 to 15 and at parents
who are dependent: nothing is asked of all people every week.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Decided, Institution, hazard_of
from policysim.agents.institutions.together import by_authority, due
from policysim.agents.people.family import (
    be_identified,
    bring_parenting,
    bring_pre_school,
    get_early_help,
    join_family_programme,
)
from policysim.engine.exact import exp_of_each
from policysim.engine.fields import Field
from policysim.engine.week import Pass
from policysim.engine.who import Who, above, is_any
from policysim.vocabulary.exact import exp
from policysim.vocabulary.groups import YOUNGEST
from policysim.vocabulary.marks import FamilyMark
from policysim.vocabulary.rows import NOBODY, Those, joined
from policysim.vocabulary.states import FamilyCase, Use
from policysim.vocabulary.stocks import Figure
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.families import OF_CONCERN, dependent_parent

PER_RESIDENTS = 100_000
"""The unit of cases of the board: about the residents of a town."""
UNKNOWN_PARENT = Who(
    is_any("family_case", FamilyCase.NONE), is_any("has_children", True), is_any("present", True),
    tuple(is_any("use", Use.DEPENDENT, at=substance) for substance in OF_CONCERN),
)  # fmt: skip
"""Dependent parents of whom nobody knows."""
DEPENDENT_PARENT = Who(is_any("has_children", True), above("dependent_on", 0))
"""Parents dependent on anything."""
NOT_SUPPORTED = Who(is_any("present", True), is_any("family_supported", False))
NOT_IDENTIFIED = Who(is_any("present", True), is_any("identified", False))


@dataclass(kw_only=True)
class ChildrenPolicy:
    """Shares of children or families reached, 0 .. 1; cases a week for every 100,000 residents; share of staff qualified.

    Pre-school and parenting are what is added to what every child is offered today.
    """

    pre_school: float = 0.0  # of children of the age, in the most deprived fifths
    parenting: float = 0.0  # of families with a child under ten, in a year
    family_programme: float = 0.0  # of children of 10 to 15, in a year
    cases: float = 0.0
    lived_experience: float = 0.0
    qualified: float


class ChildrenHere:
    """What families meet of children's services."""

    lived_experience = Decided("f8", "share of the board's cases led by people with lived experience", "share", 0, 1)
    family_fidelity = Field(
        "f8", "how true to what was tried programmes for families are, 1 as usual", "ratio", 0, start=1
    )


class ChildrensService(Institution):
    """The children's service of one authority; its memory of early years is by the week in which something was offered."""

    here = ChildrenHere
    costs = (
        Cost("cost_pre_school_year", "council", ("pre_school_children",), by_the_year=True, on_delivery=True),
        Cost("cost_parenting_family", "council", ("families_early", FamilyMark.FAMILY_PROGRAMME), on_delivery=True),
        Cost("cost_identified_case", "council", (FamilyMark.IDENTIFIED,)),
        Cost("cost_qualified_worker_year", "council", ("workers_added",), by_the_year=True),
    )
    decisions = (bring_pre_school, bring_parenting, join_family_programme, be_identified, get_early_help)

    def __init__(self, model, area: int):
        policy = ChildrenPolicy(qualified=model.parameters["family_workers_qualified"])
        authority = model.place.authorities[area]
        super().__init__(model, f"children's services of {authority.name}", area, policy)
        self.born_a_year = authority.residents_by_band[0] / 5
        places = model.places[self.neighbourhoods]
        offered = places["quintile"] < model.parameters["pre_school_fifths"]
        self.share_offered = float(places["residents"][offered].sum() / max(places["residents"].sum(), 1))
        self.memory = {
            # Sums up to the beginning of each week: what was offered, and the same by its fidelity.
            "pre_school": [0.0], "pre_school_true": [0.0], "parenting": [0.0], "parenting_true": [0.0],
            "children": NOBODY, "turns": NOBODY, "named": NOBODY, "needs": NOBODY, "cases": 0.0,
            "to_help": NOBODY, "help_weeks": NOBODY, "to_court": NOBODY, "court_weeks": NOBODY,
            "funded": 0.0, "places_funded": 0.0,
        }  # fmt: skip

    # --- what is offered ----------------------------------------------------------------------------------------------
    def plan(self) -> None:
        super().plan()
        self.model.places["family_fidelity"][self.neighbourhoods] = self.fidelity()

    def fidelity(self) -> float:
        """How true to what was tried programmes are, by the staff who run them; 1 with today's."""
        more = self.policy.qualified - self.usual.qualified
        return max(1 + self.model.parameters["fidelity_of_qualification"] * more, 0.0)

    def act(self, week: int) -> None:
        super().act(week)
        policy = self.policy
        places = self.charge("cost_pre_school_year") if policy.pre_school > 0 else 0.0
        programmes = self.charge("cost_parenting_family") if policy.parenting + policy.family_programme > 0 else 0.0
        parenting = self.parenting_hazard() * programmes
        self.memory["funded"], self.memory["places_funded"] = programmes, places
        for name, offered in (("pre_school", policy.pre_school * places), ("parenting", parenting)):
            self.memory[name].append(self.memory[name][-1] + offered)
            true = self.memory[f"{name}_true"]
            true.append(true[-1] + offered * self.fidelity())

    def parenting_hazard(self) -> float:
        """Hazard with which a family with a child under ten is reached (hazard per week)."""
        reached = min(self.policy.parenting, self.model.parameters["lessons_at_most"])
        return hazard_of(reached, 1) if reached > 0 else 0.0

    def pre_school_children(self) -> float:
        """Children who are to have a place."""
        p = self.model.parameters
        years = p["pre_school_to_age"] - p["pre_school_from_age"]
        return self.policy.pre_school * years * self.born_a_year * self.share_offered

    def families_early(self) -> float:
        """Families with a child under ten to be reached in a week."""
        p = self.model.parameters
        children = self.born_a_year * (YOUNGEST - p["parenting_from_age"])
        return self.parenting_hazard() * children / p["children_per_family"]

    def workers(self) -> float:
        """Qualified workers with families, whatever they do."""
        population = self.model.place.authorities[self.area].population
        return self.policy.qualified * self.model.parameters["family_workers_per_1000"] * population / 1000

    def workers_added(self) -> float:
        """Those beyond the usual."""
        return (
            self.workers() * max(1 - self.usual.qualified / self.policy.qualified, 0.0)
            if self.policy.qualified
            else 0.0
        )

    def tell(self, figures: np.ndarray) -> None:
        one_in, area = self.model.one_in, self.area
        figures[area, Figure.PRE_SCHOOL_CHILDREN] = self.pre_school_children() * self.memory["places_funded"] / one_in
        figures[area, Figure.FAMILIES_SUPPORTED] = self.families_early() * self.memory["funded"] / one_in
        figures[area, Figure.QUALIFIED_WORKERS] = self.workers() / one_in

    # --- whom it looks at, once a year --------------------------------------------------------------------------------
    def census(self, people: Those) -> None:
        """Who is of an age for programmes, whom the board would hear of, and which parents are dependent."""
        rows, age, p = people.numbers(), people["age"], self.model.parameters
        year = self.model.week // WEEKS_PER_YEAR
        children = rows[age < p["programme_to_age"]]
        turns = (self.model.luck_of("turn in the year", children, year) * WEEKS_PER_YEAR).astype(np.int64)
        order = np.argsort(turns, kind="stable")
        self.memory["children"], self.memory["turns"] = children[order], turns[order]
        self.hear_of(children, year)
        self.look_at_parents(DEPENDENT_PARENT.of_those(people).rows, year)

    def hear_of(self, children: np.ndarray, year: int) -> None:
        """The board's list for the year, in the order of luck: nobody is ranked. It also hears of some who need nothing."""
        people, p = self.model.records, self.model.parameters
        in_need = needs(people, children, self.model.places, p["aces_many"])
        chance = np.where(in_need, p["noticed_in_need"], p["noticed_without_need"])
        new = ~people["identified"][children] & (self.model.luck_of("noticed", children, year) < chance)
        named, in_need = children[new], in_need[new]
        order = np.argsort(self.model.luck_of("order of the board", named, year), kind="stable")
        self.memory["named"], self.memory["needs"] = named[order], in_need[order].astype(np.int64)

    def look_at_parents(self, parents: np.ndarray, year: int) -> None:
        """Which dependent parents come to the service's notice this year, in which week, and which to court."""
        people, luck = self.model.records, self.model.luck_of
        case = people["family_case"][parents]
        open_to = dependent_parent(people["use"][parents]) & (case <= int(FamilyCase.EARLY_HELP))
        parents, case = parents[open_to], case[open_to]
        week = self.model.week + (luck("week of a family", parents, year) * WEEKS_PER_YEAR).astype(np.int64)
        for name, weeks, who in (
            ("to_help", "help_weeks", (case == int(FamilyCase.NONE)) & self.within(parents, "early_help_rate", year)),
            ("to_court", "court_weeks", self.within(parents, "proceedings_rate", year)),
        ):
            order = np.argsort(week[who], kind="stable")
            self.memory[name], self.memory[weeks] = parents[who][order], week[who][order]

    def within(self, rows: np.ndarray, rate: str, year: int) -> np.ndarray:
        """Whether something of this rate happens to each within the year."""
        chance = 1 - exp(-self.model.parameters[rate] * WEEKS_PER_YEAR)
        return np.asarray(self.model.luck_of(rate, rows, year) < chance)

    # --- what it decides ----------------------------------------------------------------------------------------------
    @classmethod
    def look_back_together(cls, institutions: "Sequence[ChildrensService]", week: int, found: Pass) -> list[np.ndarray]:
        """Programmes and the board's cases of the week; families come to notice; what those who turned ten bring."""
        model = institutions[0].model
        heard_of = due(institutions, "to_help", "help_weeks", week)
        touched = [begin_help(model, heard_of), *cls.bring(institutions, week), *cls.run_programme(institutions, week)]
        touched += cls.sit(institutions)
        model.family_court.ask(due(institutions, "to_court", "court_weeks", week))
        return touched

    @staticmethod
    def run_programme(services: "Sequence[ChildrensService]", week: int) -> list[np.ndarray]:
        """Children of 10 to 15 whose turn it is, once each, as far as the programme reaches and is paid for."""
        reached = by_authority(services, lambda each: each.policy.family_programme * each.memory["funded"])
        if not reached.any():
            return []
        model = services[0].model
        rows = due(services, "children", "turns", week % WEEKS_PER_YEAR)
        rows = NOT_SUPPORTED.of(model.records, rows)
        areas = model.area_of_row(rows)
        joins = model.luck_of("programme for families", rows, week) < reached[areas]
        parts = by_authority(services, lambda each: each.parts(each.fidelity())).astype(np.int64)
        return [decided(model, "join_family_programme", rows[joins], parts[areas[joins]])]

    @staticmethod
    def sit(services: "Sequence[ChildrensService]") -> list[np.ndarray]:
        """The board takes so many cases from its list, and has the service help parents who are dependent."""
        cases = [each.take_cases() for each in services if each.policy.cases > 0]
        if not cases:
            return []
        model = services[0].model
        rows, in_need = (np.concatenate(parts) for parts in zip(*cases, strict=True))
        there = NOT_IDENTIFIED.among(model.records, rows)
        named = decided(model, "be_identified", rows[there], in_need[there])
        _, parents = model.parents_of(named)
        return [named, begin_help(model, joined(parents))]

    def take_cases(self) -> tuple[np.ndarray, np.ndarray]:
        """The next cases of the board's list, and whether each is in need."""
        memory = self.memory
        residents = self.model.place.authorities[self.area].population
        weekly = self.policy.cases * residents / PER_RESIDENTS / self.model.one_in
        memory["cases"] = min(memory["cases"] + weekly, weekly + 1)
        n = min(int(memory["cases"]), memory["named"].size)
        memory["cases"] -= n
        taken = memory["named"][:n], memory["needs"][:n]
        memory["named"], memory["needs"] = memory["named"][n:], memory["needs"][n:]
        return taken

    def parts(self, fidelity: float) -> int:
        """Fidelity in whole parts, as a decision is told it."""
        return round(fidelity * self.model.parameters["fidelity_parts"])

    # --- what childhood brings ----------------------------------------------------------------------------------------
    @classmethod
    def bring(cls, services: "Sequence[ChildrensService]", week: int) -> list[np.ndarray]:
        """Whoever turned ten this week has what their cohort was offered, each by a luck of their own."""
        offering = any(each.memory["pre_school"][-1] > 0 or each.memory["parenting"][-1] > 0 for each in services)
        model = services[0].model
        rows = model.turned_ten(week)
        if not (offering and rows.size):
            return []
        p, areas, touched = model.parameters, model.area_of_row(rows), []
        offered, parts = cls.offers(services, "pre_school", week, p["pre_school_from_age"], p["pre_school_to_age"])
        if offered.any():
            share = offered / ((p["pre_school_to_age"] - p["pre_school_from_age"]) * WEEKS_PER_YEAR)
            where = model.places["quintile"][model.records["neighbourhood"][rows]] < p["pre_school_fifths"]
            went = where & (model.luck_of("pre-school", rows, 0) < share[areas])
            touched.append(decided(model, "bring_pre_school", rows[went], parts[areas[went]]))
        offered, parts = cls.offers(services, "parenting", week, p["parenting_from_age"], YOUNGEST)
        if offered.any():
            taught = model.luck_of("parenting programme", rows, 0) < (1 - exp_of_each(-offered))[areas]
            touched.append(decided(model, "bring_parenting", rows[taught], parts[areas[taught]]))
        return touched

    @staticmethod
    def offers(
        services: "Sequence[ChildrensService]", name: str, week: int, from_age: float, to_age: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """By authority what was offered to those who turn ten this week, and how true to what was tried, in whole parts."""
        begin, end = (max(week - round((YOUNGEST - age) * WEEKS_PER_YEAR), 0) for age in (from_age, to_age))
        model = services[0].model
        offered, parts = [0.0] * len(model.areas_of), [0] * len(model.areas_of)
        for each in services:
            sums, of_true = each.memory[name], each.memory[f"{name}_true"]
            offered[each.area] = some = sums[end] - sums[begin]
            if some:
                parts[each.area] = each.parts((of_true[end] - of_true[begin]) / some)
        return np.array(offered), np.array(parts, np.int64)


def decided(model, name: str, rows: np.ndarray, choices: np.ndarray) -> np.ndarray:
    """Have each its own decided about these people, in their order; returns their rows."""
    if not rows.size:
        return rows
    order = np.argsort(rows, kind="stable")
    model.decide(name, rows[order], choices[order])
    return rows[order]


def begin_help(model, rows: np.ndarray) -> np.ndarray:
    """Early help for those of these people who are dependent and of whom nobody knows yet."""
    rows = UNKNOWN_PARENT.of(model.records, rows)
    return decided(model, "get_early_help", rows, np.zeros(rows.size, np.int64))


def needs(people: np.ndarray, rows: np.ndarray, places: np.ndarray, many: float) -> np.ndarray:
    """Who of these children has what the board looks for, and any service can see: a parent's dependence, trauma, care.

    In the most deprived fifth of neighbourhoods one adverse experience is enough. No balance of theirs is looked at.
    """
    aces = people["aces"][rows]
    poor = places["quintile"][people["neighbourhood"][rows]] == 0
    found = people["family_history"][rows] | people["care_experienced"][rows]
    return np.asarray(found | (aces >= many) | (poor & (aces > 0)))
