"""The table of outcomes is complete, and every small list of outcomes is drawn from it."""

import itertools

import pytest

from policysim.counts import outcomes
from policysim.counts.outcomes import COLUMNS, COSTS, COUNTED, HEADLINES, OUTCOMES, Outcome, Shown, burdens, headlines
from policysim.counts.table.row import flow
from policysim.vocabulary.mark import Mark
from policysim.vocabulary.marks import MARKS
from policysim.vocabulary.purses import PURSES
from policysim.vocabulary.stocks import Figure, Stock, Sum


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=lambda outcome: outcome.id)
def test_every_outcome_has_its_words(outcome: Outcome) -> None:
    assert outcome.label[0].isupper()
    assert outcome.unit and outcome.meaning and outcome.noun
    assert outcome.money == all(name in COSTS for name in outcome.columns)


def test_ids_and_labels_name_one_outcome_each() -> None:
    rows = (*outcomes._COUNTED, *outcomes._SPENT, *outcomes._COMBINED)
    assert len({row.id for row in rows}) == len({row.label for row in rows}) == len(rows) == len(OUTCOMES)


def test_what_an_outcome_is_made_of_exists() -> None:
    made_of = {"flow": {mark.name for mark in MARKS}, "stock": {stock.name for stock in Stock}}
    made_of |= {"told": {figure.name for figure in Figure}}
    made_of |= {"sum": {member.name for member in Sum}, "money": set(PURSES), "combined": set(COLUMNS)}
    for outcome in OUTCOMES.values():
        parts = [part if isinstance(part, str) else part.name for part in outcome.parts]
        assert parts and set(parts) <= made_of[outcome.kind], outcome.id


def test_the_columns_of_files_are_the_counted_outcomes_and_then_the_purses() -> None:
    assert (*COUNTED, *COSTS) == COLUMNS
    assert list(COSTS) == [f"cost_{purse}" for purse in PURSES]
    assert set(OUTCOMES) - set(COLUMNS) == {"in_treatment", "overdoses_reversed", "spending"}
    assert outcomes.unit_in_files("waiting") == "people, mean"
    assert (outcomes.unit_in_files("arrests"), outcomes.unit_in_files("cost_nhs")) == ("arrests", "GBP")


def test_people_are_averaged_and_everything_else_added_up() -> None:
    assert OUTCOMES["in_treatment"].stock and OUTCOMES["population"].stock
    assert not any(OUTCOMES[name].stock for name in ("deaths", "expected_deaths", "cost_police", "spending"))


@pytest.mark.parametrize("where", Shown)
def test_every_list_of_headlines_is_drawn_from_the_table_in_one_order(where: Shown) -> None:
    order = list(HEADLINES)
    places = [order.index(outcome.id) for outcome in headlines(where)]
    assert places and all(before < after for before, after in itertools.pairwise(places))
    assert set(HEADLINES) <= set(OUTCOMES)


def test_what_the_command_line_and_mesa_show_is_in_their_tables() -> None:
    assert {outcome.id for outcome in headlines(Shown.COMMAND)} <= set(COLUMNS)
    assert {outcome.id for outcome in headlines(Shown.MESA)} <= set(COUNTED)
    assert {outcome.kind for outcome in headlines(Shown.MESA)} == {"flow", "sum", "stock"}


def test_burdens_are_the_outcomes_that_nearly_everyone_judges_alike() -> None:
    judged = {outcome.id: outcome.more_is for outcome in burdens()}
    assert next(iter(judged)) == "expected_deaths"
    assert judged["searches"] == judged["cost_nhs"] == "worse" and judged["treatment_completed"] == "better"
    assert not {"deaths", "treatment_entries", "spending"} & set(judged), "said by another outcome, or not judged"


def test_a_row_of_its_own_says_more_of_an_institutions_mark_than_the_mark_does() -> None:
    marks = Mark("FollowUpMark", {"VISITED": "was visited", "MISSED": "was missed"})
    row = flow("home_visits", "home visits after an overdose", marks["VISITED"], unit="visits")
    assert [outcome.id for outcome in outcomes._uncounted([marks], [])] == ["visited", "missed"]
    assert [outcome.id for outcome in outcomes._uncounted([marks], [row])] == ["missed"]
