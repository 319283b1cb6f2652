"""The graph of causes follows the rules: what is added to a balance appears, wherever it stands, with its sign and its size."""

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest

from policysim.agents.roles import ROLES, YoungPerson, roles_with
from policysim.engine.fields import Field, fields_of, layout
from policysim.engine.flow import flow_of
from policysim.engine.reads import reads_of
from policysim.engine.rules import helper, rule, rules_of
from policysim.evidence.registry import Parameters, registry
from policysim.reference.causes import EARLY, Cause, Graph, graph_of
from policysim.reference.causes_rows import all_rows, dot, ratios, signed, span
from policysim.reference.circumstances import Circumstance, StandIn, circumstances, values_of
from policysim.vocabulary.exact import exp
from policysim.vocabulary.states import Justice
from policysim.world.residents import set_characteristics
from policysim.world.traits import Traits

STEP = 0.125  # by so much a number is moved to see what follows


@pytest.fixture(scope="module")
def graph() -> Graph:
    return graph_of()


@pytest.fixture(scope="module")
def lived(graph: Graph) -> tuple[Circumstance, ...]:
    return circumstances(graph)


def named(graph: Graph, id: str) -> Cause:
    return next(cause for cause in graph.causes if cause.id == id)


@helper
def deep_below(self, world):
    """What a helper of a helper adds."""
    return world.trait_of_care * self.contract_weeks if self.veteran else 0


@helper
def further_on(self, world):
    """A helper that only hands on."""
    found = 0
    if self.justice == Justice.LICENCE:
        found = deep_below(self, world)
    return found


@helper
def struck(self, world):
    """It writes a balance and ends there, on one of its ways."""
    if self.neurodivergent:
        self.resilience -= world.trait_of_family
        return
    self.stigma = 0


class Held(YoungPerson):
    """A student's class, in which licence adds to risk and what is taught counts against the pull itself."""

    mentored = Field("?", "has a mentor")

    @rule
    def balance(self, here, world, luck):
        """As before, and more."""
        super().balance(here, world, luck)
        self.risk = self.risk + further_on(self, world)
        self.resilience -= 0.25 * self.brain_injury
        struck(self, world)
        if self.mentored:
            self.log_pull -= world.peer_pull


@pytest.fixture(scope="module")
def own() -> Graph:
    return graph_of(roles_with([Held]))


def test_every_number_in_the_unit_of_the_balances_that_they_read_is_a_cause(graph: Graph) -> None:
    """So that a term that is added to balance.py is never missing, in whatever helper it stands."""
    in_unit = {row.name for row in registry().values() if row.unit == "standard deviations"}
    for role in ROLES:
        read = in_unit & set(reads_of(role.balance, role)["world"]["reads"])
        assert len(read) >= 10
        assert read <= {cause.id.partition("[")[0] for cause in graph.causes if role.__name__ in cause.roles}


def test_a_term_in_a_helper_of_a_helper_of_an_overridden_balance_is_a_cause(graph: Graph, own: Graph) -> None:
    assert "veteran" not in {name for cause in graph.causes for name in cause.fields}
    (found,) = (cause for cause in own.causes if cause.id == "trait_of_care" and "veteran" in cause.fields)
    assert (found.balance, found.sign, found.roles) == ("risk", 1, ("Held",)) and "justice" in found.fields
    assert found.function.startswith("deep_below, line ") and "justice == licence" in found.when
    assert found.unit.endswith("added every week"), "it is not held: it is added on top, week after week"
    assert {cause.id for cause in graph.causes} <= {cause.id for cause in own.causes}


def test_what_ends_a_helper_has_no_number_or_is_added_to_the_pull_itself_is_a_cause_too(own: Graph) -> None:
    ended = next(cause for cause in own.causes if "neurodivergent" in cause.fields)
    assert (ended.id, ended.balance, ended.sign, ended.towards) == ("trait_of_family", "resilience", -1, 1)
    mentor = named(own, "peer_pull")
    assert (mentor.balance, mentor.towards, mentor.fields) == ("log_pull", -1, ("mentored",))
    injury = next(cause for cause in own.causes if "brain_injury" in cause.fields)
    assert (injury.balance, injury.sign, injury.towards, injury.value) == ("resilience", -1, 1, 0.25)
    assert injury.quality == "none" and not injury.evidence


def gaps_of(cause: Cause, usual: StandIn, moved: StandIn, fields: dict[str, Field]) -> set[float]:
    """What another number does to the pull, in every state of the cause's fields, three of them at a time at most."""
    own = [name for name in cause.fields if name in fields][:3]
    states = itertools.product(*(values_of(fields[name]) for name in own))
    lives = [dict(zip(own, values, strict=True)) for values in states]
    return {moved.live(life)[2] - usual.live(life)[2] for life in lives}


@pytest.mark.parametrize("role", ROLES)
def test_a_number_moves_the_pull_by_its_sign_and_by_what_a_unit_weighs(graph: Graph, role: type) -> None:
    """What is read in the source is what the rule does: in some circumstances, and in none by more."""
    fields, usual, reached, tried = fields_of([role]), StandIn(role), 0, 0
    for cause in graph.causes:
        how = cause.unit.partition(", ")[2]
        if cause.early or how or cause.balance == "log_pull" or role.__name__ not in cause.roles:
            continue
        row = registry()[cause.id]
        times = cause.high / row.high if row.high else 1.0
        gap = max(gaps_of(cause, usual, StandIn(role, {cause.id: row.value + STEP}), fields), key=abs)
        expected = cause.towards * STEP * times * graph.weight
        one_row_twice = [other for other in graph.causes if other.id == cause.id and other is not cause]
        if gap and not one_row_twice:
            assert gap == pytest.approx(expected, abs=1e-5), cause.id
        assert gap * expected >= 0, cause.id
        reached, tried = reached + bool(gap), tried + 1
    assert tried >= 12 and reached > 0.8 * tried


def test_what_people_bring_is_as_large_as_the_source_says(graph: Graph) -> None:
    early = [cause for cause in graph.causes if cause.group == EARLY]
    assert {"trait_of_aces", "trait_of_care", "trait_of_family", "trait_of_illness"} <= {cause.id for cause in early}
    people, areas = np.zeros(400, layout(fields_of(ROLES))), np.zeros(1, [("quintile", "i1")])
    areas["quintile"] = 2
    people["age"] = 30

    def at_rest(changes: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
        made = people.copy()
        set_characteristics(made, Traits(5, np.arange(made.size)), Parameters(changes), areas)
        return made, made["risk_at_rest"].astype(float)

    made, usual = at_rest({})
    for cause in early:
        if cause.sign and cause.balance == "risk" and len(cause.fields) == 1 and cause.fields[0] in people.dtype.names:
            (field,) = cause.fields
            gap = at_rest({cause.id: cause.value + STEP})[1] - usual
            count = made[field].astype(int)
            for_one = gap[count == 1].mean() - gap[count == 0].mean()
            assert for_one == pytest.approx(cause.sign * STEP, abs=1e-5), cause.id
    spread = named(replace(graph, causes=tuple(c for c in graph.causes if c.balance == "risk")), "trait_spread")
    assert spread.sign == 0, "what has no name goes either way"


def test_a_lever_is_named_where_its_policy_is_met_and_nowhere_else(graph: Graph) -> None:
    first = {cause.id: cause for cause in reversed(graph.causes)}
    levers = {id: {way.lever for way in cause.levers} for id, cause in first.items()}
    before = {id: {way.lever for way in cause.levers_before} for id, cause in first.items()}
    assert (
        "skills_programme" in levers["resilience_of_lessons"] and "county_lines" not in levers["resilience_of_lessons"]
    )
    assert "scare_tactics" in levers["resilience_of_scare"] and "drug_court" not in levers["resilience_of_scare"]
    assert "county_lines" in levers["risk_of_exploitation"] and "skills_programme" not in levers["risk_of_exploitation"]
    assert "prolific_offender_management" in levers["risk_of_housing[homeless]"]
    assert "prolific_offender_management" not in levers["risk_of_worklessness"], "one draw, and another way out"
    assert {"housing_first", "wraparound", "halfway_house"} <= levers["risk_of_housing[homeless]"], "all decide at once"
    assert "mentoring" in levers["resilience_of_mentor"] and "supported_employment" in before["risk_of_worklessness"]
    assert levers["resilience_of_family_programme"] == {"parenting", "qualified_family_workers"}
    assert not {"parenting", "housing_first"} & levers["risk_of_bereavement"]
    taught = (
        "police_in_classrooms",
        "scare_tactics",
        "school_environment",
        "former_users_or_police_alone",
        "knowledge_only",
    )
    assert {name for name in taught if name in levers["resilience_of_facts"]} == {
        "knowledge_only",
        "school_environment",
    }, "one draw for all that is taught, which tells them apart; schools' own staff share their hours"
    assert "former_users_or_police_alone" in levers["resilience_of_visitors"]
    assert "police_in_classrooms" not in levers["resilience_of_visitors"] | levers["resilience_of_ethos"]
    assert "school_environment" in before["risk_of_exclusion"], (
        "exclusions are fewer where the school works on its ethos"
    )
    for other in ("risk_of_exclusion", "belonging_lost", "resilience_of_work"):
        assert not {"police_in_classrooms", "scare_tactics"} & (levers[other] | before[other]), (
            "what is taught excludes nobody"
        )
    assert {"drug_court", "intensive_court"} <= levers["risk_of_record"]
    of_police = {"stop_and_search", "pre_arrest_diversion", "hot_spot_patrol", "possession_decision"}
    assert of_police & before["risk_of_record"] and not of_police & levers["risk_of_record"], "a charge comes first"
    everywhere = set.union(*levers.values(), *before.values())
    assert not everywhere & {"take_home_naloxone", "needle_exchange", "hepatitis_c_antivirals"}
    way = next(way for way in named(graph, "resilience_of_lessons").levers if way.lever == "skills_programme")
    assert (way.institution, way.policy, way.met) == ("Schools", "skills_coverage", "skills_lessons")


def test_the_pull_acts_on_every_rule_that_reads_it(graph: Graph) -> None:
    reading = {
        name
        for role in ROLES
        for name, one in rules_of(role).items()
        if name != "balance" and "log_pull" in reads_of(one, role)["self"]["reads"]
    }
    assert {one.rule for one in graph.pulled} == reading >= {"start_using", "go_through_school", "change_use"}
    assert {one.rule for one in graph.pulled if one.friends} == {
        "change_use",
        "start_using",
        "start_later",
        "start_another",
    }
    assert [weight.id for weight in graph.weights] == ["risk_pull"] and graph.weight == registry()["risk_pull"].value


def test_a_circumstance_is_told_in_all_with_what_it_takes_away(graph: Graph, lived: tuple[Circumstance, ...]) -> None:
    """Exclusion adds its risk, and the resilience of being at school is gone."""
    found = {(one.field, one.state): one for one in lived}
    excluded = found["occupation", "excluded"]
    size = registry()["risk_of_exclusion"].value + registry()["resilience_of_school"].value
    assert excluded.total == pytest.approx(size) and excluded.risk > 0 > excluded.resilience
    assert excluded.ratio == pytest.approx(exp(graph.weight * size), rel=1e-5)
    assert "school" in excluded.rather_than and excluded.low < excluded.log_ratio < excluded.high
    assert found["care_experienced", "yes"].total == pytest.approx(registry()["trait_of_care"].value, abs=1e-6)
    assert found["lessons", "1"].total < 0 and found["bereaved_weeks", "just now"].total > 0
    assert ("justice", "free") not in found, "what changes nothing is not told"


def test_rows_say_all_and_ratios_are_in_order(graph: Graph, lived: tuple[Circumstance, ...]) -> None:
    rows = all_rows(graph, lived)
    assert {"rows", "circumstances", "pulled", "weights"} == rows.keys()
    for cause, row in zip(graph.causes, rows["rows"], strict=True):
        ratio, low, high = ratios(cause, graph)
        assert low <= ratio <= high and row["id"] == cause.id
        assert row["quality"] and row["source"] and row["where"]
    custody = named(graph, "risk_of_custody")
    assert (signed(custody.value, custody.sign), span(custody)) == ("+0.6", "0 to 1.2")
    assert signed(0.5, 0) == "±0.5" and signed(0.5, -1) == "−0.5" and signed(0, 1) == "0"


def test_graphviz_has_an_arrow_for_every_cause_and_everything_pulled_on(graph: Graph) -> None:
    text = dot(graph)
    assert text.startswith("digraph") and text.count("{") == text.count("}") == 1
    assert len(re.findall(r'^  c\d+ -> "(?:risk|resilience)"', text, re.MULTILINE)) == len(graph.causes)
    for label in {one.label for one in graph.pulled}:
        assert f'"risk" -> "{label}"' in text


def test_what_is_multiplied_by_one_less_something_keeps_its_sign() -> None:
    terms = {
        next(m.field for m in term.factors if m.record == "world"): term for term in flow_of(damped).fields["risk"]
    }
    assert terms["risk_of_custody"].sign == 1 and terms["risk_of_record"].sign == -1


@rule
def damped(self, here, world, luck):
    """Some of it is held back."""
    self.risk = world.risk_of_custody * (1 - here.managed_referral) - world.risk_of_record
