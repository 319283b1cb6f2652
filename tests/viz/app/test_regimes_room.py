"""The room in which a regime is built: search, settings, budget, files and links, and the way into the comparison."""

import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import solara

from policysim.counts.outcomes import COLUMNS, COSTS
from policysim.errors import UserError
from policysim.evidence.contested import switches
from policysim.evidence.registry import registry
from policysim.levers.catalogue import LEVERS
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import STATUS_QUO, Regime, regimes
from policysim.viz.app.choices import MOST_REGIMES
from policysim.viz.app.compare.room import chosen_in_words
from policysim.viz.app.regimes.bench import MOST_OWN, Bench, bench_of
from policysim.viz.app.regimes.budget import AMOUNTS, amount_of, budget
from policysim.viz.app.regimes.card import card
from policysim.viz.app.regimes.draft import Draft, free_id, free_name
from policysim.viz.app.regimes.fields import fields, first_week, month_of, read, when
from policysim.viz.app.regimes.money import budget_table, in_short, simulated
from policysim.viz.app.regimes.room import Regimes
from policysim.viz.app.regimes.rows import compared_rows, groups, lever_rows, questions
from policysim.viz.app.running.found import Found
from policysim.viz.app.running.pieces import Year
from policysim.viz.app.session import Clock, Session
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.places import find_place

PLACE = find_place("west-midlands")


@pytest.fixture
def bench() -> Bench:
    return bench_of(Session())


def named(bench: Bench, name: str, *levers: str) -> Bench:
    bench.rename(name)
    for lever in levers:
        bench.add(lever)
    return bench


# --- what there is ----------------------------------------------------------------------------------------------------
def test_every_lever_stands_in_its_group_with_a_card():
    listed = [lever["id"] for group in groups() for lever in group["entries"]]
    assert listed == list(LEVERS)
    for id in LEVERS:
        told = card(id)
        for head in ("What it is", "How it acts", "Whom it reaches", "What it costs", "Lawful today"):
            assert f"<dt>{head}</dt>" in told, id
        assert "None" not in re.sub(r"<[^>]+>", "", told), id


def test_levers_that_are_not_simply_lawful_are_marked_in_words():
    marks = {lever["id"]: lever["mark"] for group in groups() for lever in group["entries"]}
    assert (marks["consumption_room"], marks["drug_checking"], marks["needle_exchange"]) == (
        "Not lawful today", "Needs a licence", "",
    )  # fmt: skip


def test_a_card_says_what_the_evidence_says_and_escapes_it():
    told = card("needle_exchange")
    assert "Evidence: " in told
    assert "&lt;" in told or "<script" not in told
    assert 'rel="noopener noreferrer"' in told


# --- settings ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("id", LEVERS)
def test_every_setting_is_a_control_whose_value_reads_back(id):
    lever = Draft().with_lever(id).levers[id]
    for field in fields(lever, {}):
        assert field["label"]
        assert field["limits"].startswith("From ")
        assert read(lever, field["name"], field["value"]) == getattr(lever, field["name"])


@pytest.mark.parametrize(
    ("id", "name", "typed", "words"),
    [
        ("needle_exchange", "supplied", "120", "120% is beyond its limits: give a number from 0% to 100%."),
        ("needle_exchange", "supplied", "many", "“many” is no number"),
        ("needle_exchange", "supplied", "nan", "beyond its limits"),
        ("needle_exchange", "supplied", "", "It is missing"),
        ("consumption_room", "rooms", "1.5", "give a whole number from 0 to 500"),
        ("consumption_room", "rooms", "1e400", "beyond its limits"),
        ("consumption_room", "start_week", "-1", "beyond its limits"),
    ],
)
def test_what_is_typed_wrongly_is_one_sentence(id, name, typed, words):
    with pytest.raises(UserError, match=re.escape(words)):
        read(LEVERS[id](), name, typed)


def test_a_share_is_typed_in_hundredths_and_what_may_stay_as_today_may_be_left_empty():
    assert read(LEVERS["needle_exchange"](), "supplied", "29 %") == 0.29
    assert read(LEVERS["test_on_arrest"](), "referred", " ") is None
    assert read(LEVERS["consumption_room"](), "rooms", "3") == 3


def test_months_stand_for_weeks():
    assert [month_of(first_week(month)) for month in range(12)] == list(range(12))
    assert when(0, 2025) == "January 2025"
    assert when(52 + first_week(8), 2025) == "September 2026"


def test_a_fault_stands_beside_its_setting_and_keeps_what_was_there(bench):
    named(bench, "Ours", "needle_exchange")
    bench.set({"lever": "needle_exchange", "name": "supplied", "value": "120"})
    fault = bench.faults.value["needle_exchange"]["supplied"]
    assert (fault.typed, "beyond its limits" in fault.why) == ("120", True)
    assert lever_rows(bench.draft.value, bench.faults.value, 10)[0]["fields"][0]["value"] == "120"
    assert bench.draft.value.levers["needle_exchange"].supplied == 0.9
    bench.compare()
    assert bench.said.value.fault
    bench.set({"lever": "needle_exchange", "name": "supplied", "value": "80"})
    assert bench.draft.value.levers["needle_exchange"].supplied == 0.8
    bench.start({"lever": "needle_exchange", "month": 8, "year": 2036})
    (row,) = lever_rows(bench.draft.value, bench.faults.value, 10)
    assert "after the 10 years" in row["late"]
    assert row["words"] == "Share of people who inject well supplied: 80%; from September 2036; grows over half a year."


# --- what it costs ----------------------------------------------------------------------------------------------------
def test_a_budget_gives_a_figure_only_where_settings_decide_it():
    levers = (LEVERS["consumption_room"](rooms=2, coverage=0.5), LEVERS["needle_exchange"]())
    found = budget(levers, PLACE)
    cost = registry()["cost_room_year"]
    assert (found.total.usual, found.total.low, found.total.high) == (cost.value, cost.low, cost.high)
    assert found.unknown == 1
    assert amount_of(levers[1], PLACE) is None
    assert "only a run can tell" in in_short(found)
    assert "Needle exchange" in budget_table(found, levers, PLACE)
    assert "Without a lever" in budget_table(budget((), PLACE), (), PLACE)


@pytest.mark.slow
def test_the_figures_of_the_budget_are_those_that_institutions_charge():
    place = find_place("authority:coventry")
    levers = {id: LEVERS[id](ramp_weeks=0, coverage=0.5) for id in AMOUNTS}
    charged: list[dict[str, float]] = []
    for regime in (regimes()[STATUS_QUO], Regime(id="all", name="All", levers=levers)):
        model = DrugPolicyModel(place=place.id, people=4000, years=1, seed=1, burn_in_years=0, regime=regime)
        for _ in range(3):
            model.step()
        charged.append({})
        for institution in model.institutions:
            for cost in institution.costs:
                a_year = institution.amount(cost) * WEEKS_PER_YEAR
                charged[-1][cost.unit] = charged[-1].get(cost.unit, 0.0) + a_year
        model.close()
    for id, find in AMOUNTS.items():
        for unit, count in find(levers[id], place).items():
            assert charged[1][unit] - charged[0][unit] == pytest.approx(count * registry()[unit].value), id


def test_a_finished_comparison_tells_what_it_found_each_purse_to_spend(bench):
    named(bench, "Ours", "mentoring").compare()
    session = bench.session
    scenario = session.choices.value.scenario(session.own.value)
    found = Found(scenario)
    for k, regime in enumerate(scenario.regimes):
        for seed in range(2):
            values = np.zeros(len(COLUMNS))
            values[COLUMNS.index(next(id for id in COSTS if "council" in id))] = 1e6 * (k + seed)
            found.take(Year(regime.id, seed, 0, 0, values))
    assert simulated(session, bench.draft.value) == ""
    session.comparison.value = SimpleNamespace(scenario=scenario, found=found, done=True)
    session.clock.value = Clock(years=1.0)
    told = simulated(session, bench.draft.value)
    assert "As simulated for West Midlands in one year" in told
    assert "£5.00m more" in told
    bench.add("housing_first")
    assert simulated(session, bench.draft.value) == ""


# --- names, and the comparison ----------------------------------------------------------------------------------------
def test_names_and_ids_are_told_apart():
    assert free_name("Diversion", {"diversion"}) == "Diversion, version 2"
    assert free_id("Fewer deaths, più!", ()) == "fewer-deaths-piu"
    assert free_id("24 hours", ()) == "regime-24-hours"
    assert free_id("日本", ()) == "regime"
    assert free_id("Diversion", {"diversion"}) == "diversion-2"
    Regime(id=free_id("x" * 200, ()), name="x")


def test_into_the_comparison_edited_again_and_removed(bench):
    session = bench.session
    bench.compare()
    assert bench.said.value.text.startswith("Give the regime a name")
    bench.rename("Ours")
    bench.compare()
    assert bench.said.value.text.startswith("Add a lever first")
    bench.add("housing_first")
    bench.compare()
    assert not bench.said.value.fault
    assert session.choices.value.regimes[-1] == "ours"
    assert [one.name for one in session.choices.value.scenario(session.own.value).regimes][-1] == "Ours"
    bench.rename("Ours, renamed")
    bench.compare()
    assert list(session.own.value) == ["ours-renamed"]
    assert "ours" not in session.choices.value.regimes
    bench.begin_from("")
    named(bench, "ours, RENAMED", "mentoring").compare()
    assert "already" in bench.said.value.text
    bench.edit("ours-renamed")
    assert list(bench.draft.value.levers) == ["housing_first"]
    bench.forget("ours-renamed")
    assert session.own.value == {}
    assert "ours-renamed" not in session.choices.value.regimes
    bench.compare()
    assert list(session.own.value) == ["ours-renamed"]


def test_a_full_comparison_keeps_the_regime_and_says_so(bench):
    named(bench, "One", "housing_first").compare()
    bench.begin_from("")
    named(bench, "Two", "mentoring").compare()
    assert f"{MOST_REGIMES} regimes stand in the comparison already" in bench.said.value.text
    assert "two" in bench.session.own.value
    assert "two" not in bench.session.choices.value.regimes
    bench.choose("two", True)
    assert "two" not in bench.session.choices.value.regimes
    bench.choose("one", False)
    bench.choose("two", True)
    assert "two" in bench.session.choices.value.regimes
    colours = {
        row["id"]: row["colour"]
        for row in compared_rows(bench.known, bench.session.own.value, bench.session.choices.value)
    }
    assert len({colours[id] for id in ("two", STATUS_QUO, "diversion")}) == 3


def test_a_lever_that_would_begin_after_the_end_is_told_and_crashes_nothing(bench):
    session = bench.session
    named(bench, "Late", "mentoring").start({"lever": "mentoring", "month": 0, "year": 2031})
    session.choices.value = replace(session.choices.value, years=5)
    bench.compare()
    assert "“Mentoring” of “Late” would begin in week 312, but the run ends after 260 weeks" in bench.said.value.text
    assert session.own.value == {}
    session.choices.value = replace(session.choices.value, years=10)
    bench.compare()
    assert not bench.said.value.fault
    session.choices.value = replace(session.choices.value, years=5)
    assert "would begin in week 312" in chosen_in_words(session)


def test_what_was_deleted_can_be_brought_back(bench):
    named(bench, "Ours", "mentoring").compare()
    bench.begin_from("")
    bench.forget("ours")
    bench.bring_back()
    assert (bench.draft.value.name, list(bench.draft.value.levers)) == ("Ours", ["mentoring"])


def test_no_more_regimes_are_kept_than_there_is_room_for(bench):
    for k in range(MOST_OWN + 1):
        bench.begin_from("")
        named(bench, f"Number {k}", "mentoring").compare()
    assert bench.said.value.fault
    assert len(bench.session.own.value) == MOST_OWN


def test_a_regime_begun_from_another_leaves_it_and_can_be_taken_back(bench):
    named(bench, "Ours", "housing_first")
    bench.begin_from("diversion")
    assert bench.draft.value.name == "Diversion, version 2"
    assert dict(bench.draft.value.levers) == regimes()["diversion"].levers
    bench.begin_from("harm-reduction")
    bench.bring_back()
    assert bench.draft.value.name == "Ours"


def test_contested_readings_are_taken_by_the_whole_comparison(bench):
    named(bench, "Ours", "consumption_room")
    bearing, others = questions(bench.draft.value, {})
    assert [one["id"] for one in bearing] == ["rooms_and_mortality"]
    assert len(bearing) + len(others) == len(switches())
    bench.take_reading({"id": "rooms_and_mortality", "reading": "no-fall"})
    bench.take_reading({"id": "rooms_and_mortality", "reading": "nothing"})
    assert bench.session.choices.value.scenario().readings == {"rooms_and_mortality": "no-fall"}
    bench.take_reading({"id": "rooms_and_mortality", "reading": "fewer-deaths"})
    assert bench.session.choices.value.scenario().readings == {}
    assert bench.regime().contested == ("rooms_and_mortality",)


# --- the room ---------------------------------------------------------------------------------------------------------
def test_the_room_is_drawn_empty_and_with_a_regime():
    session = Session()
    _, context = solara.render(Regimes(session), handle_error=False)
    bench = bench_of(session)
    bench.begin_from("multi-component")
    bench.compare()
    assert "multi-component-version-2" in session.own.value
    context.close()


def test_what_is_built_is_kept_while_another_room_is_open():
    session = Session()
    named(bench_of(session), "Ours", "mentoring")
    assert bench_of(session).draft.value.name == "Ours"
    assert bench_of(Session()).draft.value == Draft()
