"""The declared transitions are what the rules do: nothing more, nothing less, nothing contradictory."""

import re
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_worlds import BUSY, model, regime

from policysim.agents.institutions.catalogue import DECISIONS
from policysim.agents.roles import ROLES
from policysim.engine.fields import fields_of
from policysim.engine.reads import reads_of
from policysim.evidence.curves import CURVES
from policysim.evidence.registry import registry
from policysim.model import DrugPolicyModel
from policysim.reference.hazards import PARTS
from policysim.reference.transitions import AXES, EVENTS, TRANSITIONS, Transition, mentioned, table
from policysim.reference.transitions_page import markdown
from policysim.vocabulary.states import Care, Charge, Housing, Justice, Occupation, Review, Role, Use, YouthCase

DOCS = Path(__file__).resolve().parents[2] / "docs"
SINGLE = tuple(axis.name for axis in AXES if axis.name != "use")
WEEKS = 40

# On top of a busy place: pupils about to leave school, short clocks, much that is rare otherwise.
RARE: dict[str, float] = {
    **BUSY, "drinking_call_rate": 20, "exploitation_rate": 2, "line_arrest_rate": 4, "users_arrested_per_seizure": 500,
    "exclusion_rate[men]": 2, "exclusion_rate[women]": 2, "after_exclusion": 0.6, "graduation_age": 18.3,
    "study_share": 0.4, "work_share": 0.5, "order_share[acquisitive]": 0.5, "custody_share[acquisitive]": 0.45,
    "custody_share[possession]": 0.3, "resumption_rate[cannabis]": 2, "resumption_rate[party]": 2,
    "hat_failed_episodes": 1, "agonist_coverage": 0.5, "agonist_places_ratio": 1, "psychosocial_places_ratio": 1,
    "recall_rate": 8, "through_the_gate": 1, "referral_pull": 0.8, "prison_places_ratio": 1, "early_release_weeks": 20,
    "remand_share[acquisitive]": 0.6, "remand_share[supply]": 0.6, "remand_share[possession]": 0.6,
    "supply_share": 0.3, "arrest_share": 0.8, "overdose_rate[heroin]": 12, "fatality_opioid": 0.5,
    "custody_share_dependent": 0.4, "licence_weeks": 6, "charge_share[acquisitive]": 0.8,
    "dropout_rate[heroin-assisted]": 3, "psychosocial_coverage": 0.4,
    "start_level[cannabis]": 2, "start_width[cannabis]": 2, "using_ties": 4, "kit_loss": 6, "alone_share": 0,
    "detoxification_places_ratio": 0.8, "residential_places_ratio": 0.1, "day_places_ratio": 0.2, "abstinence_wish": 0.8,
    "youth_custody_ratio": 0.8, "youth_charge_ratio": 1, "youth_arrest_ratio": 1, "young_coverage": 0.8, "young_seek_ratio": 12,
    "prison_community_ratio": 0.8, "prison_community_weeks": 1, "detoxification_weeks": 6,
    "dropout_rate[detoxification]": 1, "offending_in_care[detoxification]": 1,
    "offending_in_care[residential-community]": 1, "on_top_share[detoxification]": 1,
    "ambulance_called": 0.2, "kit_used": 0.9, "give_up_waiting": 0.05, "order_weeks": 30, "house_weeks": 4,
    "review_patience": 0.5, "contract_breach_rate": 6, "review_reengages": 0.9, "order_share[possession]": 0.5,
    "other_poisoning_rate[men]": 0.3, "other_poisoning_rate[women]": 0.3, "cases_per_1000": 500, "youth_places": 10_000,
    "proceedings_rate": 4, "proceedings_weeks": 6, "family_court_cessation": 0.9,
    "caught_rate_student": 52, "expelled_when_caught": 1,
    "tenancy_gives_home": 0.6, "tenancy_lost[housing-first]": 6, "tenancy_lost[supported]": 6,
}  # fmt: skip


class Watch:
    """Keeps everyone's state on every axis as far as rules, decisions and events account for it."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, int, int, str]] = set()
        self.known = np.empty((0, 0), np.int64)

    @staticmethod
    def axes(people: np.ndarray) -> np.ndarray:
        """State on every axis, shape (people, axes); the seven axes of use come last."""
        return np.column_stack([*(people[name] for name in SINGLE), people["use"]]).astype(np.int64)

    def account(self, rows: np.ndarray, now: np.ndarray, cause: str) -> None:
        """Everything that differs from what was known of these rows is down to this cause."""
        for k, column in zip(*np.nonzero(self.known[rows] != now), strict=True):
            axis = SINGLE[column] if column < len(SINGLE) else "use"
            self.seen.add((axis, int(self.known[rows[k], column]), int(now[k, column]), cause))
        self.known[rows] = now

    def person(self, agent: Any, cause: str) -> None:
        """Account for one person."""
        row = agent.people[agent.row]
        record = row.tobytes()
        if (
            record == self.records[agent.row]
        ):  # most rules write nothing about most people, and to look closer takes long
            return
        self.records[agent.row] = record
        now = tuple(int(row[name]) for name in SINGLE) + tuple(row["use"].tolist())
        if now != self.last[agent.row]:
            self.account(np.array([agent.row]), np.array([now]), cause)
            self.last[agent.row] = now

    def everyone(self, made: DrugPolicyModel, cause: str) -> None:
        """Account for the whole population."""
        now = self.axes(made.people)
        self.account(np.arange(len(now)), now, cause)
        self.last = [tuple(row) for row in now.tolist()]
        self.records = [b""] * len(now)

    def begin(self, made: DrugPolicyModel) -> None:
        """Know everyone's state as it is."""
        self.known = self.axes(made.people)
        self.last = [tuple(row) for row in self.known.tolist()]
        self.records = [b""] * len(self.known)

    def rule(self, function: Callable) -> Callable:
        """The same rule or decision, watched."""

        @wraps(function)
        def watched(agent: Any, *arguments: Any) -> None:
            function(agent, *arguments)
            self.person(agent, function.__name__)

        return watched

    def event(self, method: Callable) -> Callable:
        """The same method of the model, watched."""

        @wraps(method)
        def watched(made: DrugPolicyModel, *arguments: Any) -> Any:
            found = method(made, *arguments)
            self.everyone(made, method.__name__)
            return found

        return watched


def lived_through() -> set[tuple[str, int, int, str]]:
    """Every change of state in a busy place that is lived through in Python, rule by rule."""
    watch = Watch()
    levers = regime(
        heroin_assisted_treatment={"places": 100_000, "ramp_weeks": 0},
        deferred_prosecution={"contracts": 400, "offered": 0.3, "ramp_weeks": 0},
        intensive_court={"places_per_100000": 2000, "ramp_weeks": 0},
        drug_court={"places_per_100000": 3000, "weeks": 12, "ramp_weeks": 0},
        halfway_house={"places_per_100": 60, "ramp_weeks": 0},
        halfway_house_in_place={"places_per_100": 60, "in_place": 0.6, "ramp_weeks": 0},
        supply_disruption={"change": 1.0, "ramp_weeks": 0},
        family_drug_court={"places_per_100000": 4000, "ramp_weeks": 0},
        housing_first={"places": 2000, "ramp_weeks": 0},
        wraparound={"homes": 2000, "ramp_weeks": 0},
        youth_diversion={"offered": 0.1, "panel": 0.5, "ramp_weeks": 0},
    )
    # What is rare even here happens in one of the two.
    busy = [model(engine="python", parameters=RARE, regime=levers, people=1000, seed=seed) for seed in (11, 12)]
    with pytest.MonkeyPatch.context() as patch:
        for cls in {ancestor for role in ROLES for ancestor in role.__mro__}:
            for name, member in list(vars(cls).items()):
                if getattr(member, "is_rule", False):
                    patch.setattr(cls, name, watch.rule(member))
        for name, function in DECISIONS.items():
            patch.setitem(DECISIONS, name, watch.rule(function))
        for name in EVENTS:
            patch.setattr(home_of(name), name, watch.event(getattr(home_of(name), name)))
        for made in busy:
            craft(made)
            watch.begin(made)
            for week in range(WEEKS):
                made.step()
                unexplained = np.flatnonzero((watch.axes(made.people) != watch.known).any(axis=1))
                assert unexplained.size == 0, f"week {week}: the states of {unexplained} changed outside any rule"
            made.close()
    return watch.seen


def home_of(event: str) -> Any:
    """The module or class that settles an event."""
    module = sys.modules[EVENTS[event].__module__]
    return module if hasattr(module, event) else DrugPolicyModel


def craft(made: DrugPolicyModel) -> None:
    """What is rare at the start: people about to leave school or the model, people with no home, charges on licence."""
    people = made.people
    free = np.flatnonzero(people["present"] & (people["dependent_on"] == 0))
    young, old = free[people["age"][free] < 40][::2], free[people["age"][free] > 60]
    people["age"][young] = 17.4 + 0.7 * np.arange(young.size) / young.size
    people["role"][young] = Role.YOUNG_PERSON
    people["occupation"][young] = np.where(np.arange(young.size) % 2, Occupation.SCHOOL, Occupation.EXCLUDED)
    bound = young[people["age"][young] < 17.6][:20]
    people["exploited"][bound], people["contract_weeks"][bound] = True, WEEKS
    people["deferred"][bound] = np.where(np.arange(bound.size) % 2, Charge.POSSESSION, Charge.ACQUISITIVE)
    people["youth"][bound] = YouthCase.PROGRAMME
    people["age"][young[::7]], people["occupation"][young[::7]] = 24.7, Occupation.STUDENT
    people["age"][old] = 64.6
    people["housing"][np.flatnonzero(people["present"])[::9]] = Housing.HOMELESS
    housed = np.flatnonzero(people["present"])[1::9]
    people["tenancy"][housed], people["housing"][housed] = 1 + np.arange(housed.size) % 2, Housing.STABLE
    people["home_before_tenancy"][housed] = np.arange(housed.size) % 3
    adult = free[(people["age"][free] >= 40) & (people["age"][free] < 45)]
    people["use"][adult], people["using"][adult], people["ever_used"][adult] = Use.NEVER, 0, False
    dependent = np.flatnonzero((people["dependent_on"] > 0) & (people["justice"] == Justice.FREE))
    people["care"][dependent[people["care"][dependent] == Care.NONE][::2]] = Care.WAITING
    licensed = dependent[people["care"][dependent] != Care.NONE][::2]
    people["justice"][licensed], people["weeks_left"][licensed] = Justice.LICENCE, WEEKS
    people["charge"][licensed] = 1 + np.arange(licensed.size) % (len(Charge) - 1)
    people["weeks_charged"][licensed] = WEEKS  # due, and past the week in which people are remanded
    others = np.setdiff1d(dependent, licensed)
    put_off, nearly_done, ordered, reviewed, seen, bound, charged, remanded = (others[k::8] for k in range(8))
    people["justice"][others], people["weeks_left"][others] = Justice.COMMUNITY_ORDER, WEEKS
    people["justice"][put_off] = people["justice"][nearly_done] = Justice.DEFERRED
    people["weeks_left"][nearly_done] = 2
    people["charge"][put_off], people["charge"][nearly_done] = Charge.POSSESSION, 1 + 2 * (nearly_done % 2)
    people["charge"][ordered] = Charge.ACQUISITIVE
    people["review"][reviewed], people["care"][reviewed] = Review.INTENSIVE, Care.NONE
    people["justice"][seen], people["charge"][seen] = Justice.DEFERRED, Charge.POSSESSION
    people["review"][seen], people["care"][seen] = Review.DEFERRED, Care.NONE
    people["weeks_charged"][others] = WEEKS * (people["charge"][others] > 0)
    people["housing"][ordered[::2]] = Housing.INSECURE
    people["justice"][bound], people["care"][bound] = Justice.FREE, Care.NONE
    people["charge"][bound], people["weeks_charged"][bound] = Charge.NONE, 0
    people["contract_weeks"][bound] = WEEKS  # a deferred charge, or an agreement after diversion
    people["deferred"][bound] = np.array([Charge.POSSESSION, Charge.ACQUISITIVE, Charge.NONE, Charge.POSSESSION])[
        np.arange(bound.size) % 4
    ]
    people["charge"][charged], people["weeks_charged"][charged] = Charge.ACQUISITIVE, WEEKS
    people["justice"][remanded], people["remanded"][remanded] = Justice.CUSTODY, True
    people["charge"][remanded], people["weeks_charged"][remanded] = Charge.ACQUISITIVE, WEEKS
    people["care"][remanded] = Care.PRISON_COMMUNITY
    due = np.union1d(licensed[people["care"][licensed] == Care.WAITING], np.concatenate([put_off, ordered, remanded]))
    made.court.memory["waiting"] = due.astype(np.int32)
    made.handed_out.change_roles(np.empty(0, np.int64))


DECLARED = {(way.axis, int(way.source), int(way.target), way.rule): way for way in TRANSITIONS}


@pytest.mark.long
@pytest.mark.slow
def test_every_change_of_state_is_declared_and_every_declared_one_happens():
    seen = lived_through()
    undeclared = sorted(seen - set(DECLARED))
    assert not undeclared, "\n".join(map(str, undeclared))
    never = [(w.axis, w.source.name, w.target.name, w.rule) for key, w in DECLARED.items() if key not in seen]
    assert not never, "\n".join(map(str, never))


def test_no_transition_is_declared_twice():
    assert len(DECLARED) == len(TRANSITIONS)
    assert [way for way in TRANSITIONS if way.source == way.target] == []


@pytest.mark.parametrize("axis", AXES, ids=lambda axis: axis.name)
def test_every_state_has_a_way_in_and_a_way_out_unless_it_says_otherwise(axis):
    ways = [way for way in TRANSITIONS if way.axis == axis.name]
    for state in axis.states:
        entered = any(way.target == state for way in ways)
        left = any(way.source == state for way in ways)
        assert entered or state == axis.begins, f"{axis.name}: nothing leads to {state.name}"
        assert left != (state in axis.ends), f"{axis.name}: ways out of {state.name}"


def reads(way: Transition) -> dict[str, set[str]]:
    """The fields of self, here and world that the rule or decision of a transition reads, helpers included."""
    owner = next((role for role in ROLES if hasattr(role, way.rule)), None)
    function = getattr(owner, way.rule) if owner else DECISIONS[way.rule]
    found = {record: set(how["reads"]) for record, how in reads_of(function, owner).items()}
    if "log_pull" in found["self"]:  # the rule `balance` has worked them out
        for record, how in reads_of(owner.balance, owner).items():
            found[record] |= set(how["reads"])
    return found


@pytest.mark.parametrize("way", [w for w in TRANSITIONS if w.kind != "event"], ids=lambda w: f"{w.axis}-{w.rule}")
def test_what_a_hazard_mentions_is_what_its_rule_reads(way):
    reading, parameters = reads(way), {parameter.name for parameter in registry().values()}
    for name in mentioned(way.hazard):
        record, _, field = name.rpartition(".")
        if record:
            assert field in reading[record], f"{way.rule} does not read {name}"
        elif name in parameters or name in CURVES:
            assert name in reading["world"], f"{way.rule} does not read the parameter {name}"
        else:
            assert name in PARTS or name in reading["self"], f"{name} is no parameter, part or field that is read"
    assert set(way.parameters) <= parameters


def test_events_mention_only_fields_of_people():
    for way in TRANSITIONS:
        if way.kind == "event":
            assert set(mentioned(way.hazard)) <= set(fields_of(ROLES))


def test_the_files_named_are_those_in_which_the_rules_stand():
    for row in table():
        text = (DOCS.parent / row["file"]).read_text(encoding="utf-8")
        assert re.search(rf"def {row['by']}\(", text), f"{row['by']} is not in {row['file']}"


def test_the_page_is_up_to_date():
    written = (DOCS / "transitions.md").read_text(encoding="utf-8")
    assert written == markdown(), "docs/transitions.md is not what `make docs` writes"
