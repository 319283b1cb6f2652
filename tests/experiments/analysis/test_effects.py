"""Each lever alone: rows from made-up results have the answers that they must have."""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import pytest

from policysim.counts.outcomes import COLUMNS as OUTCOME_COLUMNS
from policysim.counts.outcomes import COSTS, unit_in_files
from policysim.evidence.effects import Published, published_effects
from policysim.experiments.analysis.compare import summarise
from policysim.experiments.analysis.effects import (
    ALWAYS,
    COLUMNS,
    FAR,
    NO_ENTRY,
    OTHER_OUTCOME,
    PREVENTION,
    UNDER_25,
    YOUNG,
    acts_on_children,
    alone,
    at_the_end,
    holding_nothing,
    longest,
    outcome_of,
    outcomes_of,
    rows_of,
    table_of,
)
from policysim.levers.catalogue import LEVERS

KITS, SCARE, ROOM = (LEVERS[name] for name in ("take_home_naloxone", "scare_tactics", "consumption_room"))
SEEDS = (1, 2, 3)


def summary(**gaps: dict[str, list[float]]) -> pd.DataFrame:
    """Everything is 100 under the status quo of every seed, and moved by these numbers, a seed each, under each lever."""
    rows: list[dict[str, Any]] = []
    for regime, moved in ({"status-quo": {}} | {alone(LEVERS[name]).id: gap for name, gap in gaps.items()}).items():
        for k, seed in enumerate(SEEDS):
            row = {name: 100.0 + moved.get(name, (0.0, 0.0, 0.0))[k] for name in OUTCOME_COLUMNS}
            rows.append({"regime": regime, "replicate": k, "seed": seed} | row)
    return summarise(pd.DataFrame(rows))


def published(outcome: str, **changes: object) -> Published:
    said = dict.fromkeys(("base", "reached", "others", "why_none"), "")
    said |= {"lever": "take_home_naloxone", "outcome": outcome, "measure": "ratio", "horizon": "any", "carried": "so"}
    numbers = {"value": 0.9, "low": 0.8, "high": 0.95, "evidence": ("B4.03",), "population": "the place"}
    return Published(**said | numbers | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", LEVERS)
def test_every_lever_says_what_is_published_of_it_or_why_nothing_is(name: str) -> None:
    """Where this fails a lever is new: give it a row in configs/evidence/effects.csv, if only with its `why_none`."""
    assert published_effects().get(name), (
        f"add to configs/evidence/effects.csv: {name},,,,,,,,,,,,,WHY NOTHING IS PUBLISHED"
    )


def test_the_table_speaks_of_levers_and_outcomes_that_there_are() -> None:
    for lever, rows in published_effects().items():
        assert lever in LEVERS, f"configs/evidence/effects.csv speaks of {lever}, which is no lever"
        shown = {LEVERS[lever].process, LEVERS[lever].outcome, *outcomes_of(LEVERS[lever])}
        for row in rows:
            named = {row.outcome, row.base, row.reached, row.others} - {""}
            assert named <= set(OUTCOME_COLUMNS), f"{lever}: {named - set(OUTCOME_COLUMNS)}"
            assert row.outcome in shown | {""}, f"{lever} has no row for {row.outcome}"


def test_a_lever_has_a_row_for_its_delivery_its_purpose_and_the_outcomes_that_all_have() -> None:
    rows = rows_of(summary(take_home_naloxone={}, scare_tactics={}), (KITS, SCARE), 2)
    kits = [row.outcome for row in rows if row.lever == "take_home_naloxone"]
    assert kits == ["kits_given", "expected_deaths", "deaths", "arrests", "treatment_entries"]
    scare = {row.outcome: row for row in rows if row.lever == "scare_tactics"}
    counted = [outcome for outcome in YOUNG if outcome != UNDER_25.id]
    assert list(scare) == ["pupils_taught_by_scare", *counted, "expected_deaths"], (
        "first use and the like before deaths"
    )
    assert (scare["first_use"].role, scare["first_use"].expected) == ("purpose", "stays")
    assert all(row.unit == unit_in_files(row.outcome) for row in rows)


def test_levers_that_act_on_children_are_looked_at_over_longer_and_in_what_comes_before_deaths() -> None:
    for lever in LEVERS.values():
        young = lever.group in PREVENTION or lever.horizon > 10
        assert acts_on_children(lever) == young and longest(lever) == max(lever.horizon, FAR if young else 10)
        assert set(outcomes_of(lever)) == ({*YOUNG, "expected_deaths"} if young else set(ALWAYS))
    assert acts_on_children(SCARE) and not acts_on_children(KITS) and longest(KITS) == 10
    made = summary(scare_tactics={})
    more = made[made["outcome"] == "arrests"].assign(outcome=UNDER_25.id, difference=-7.0)
    rows = rows_of(pd.concat([made, more], ignore_index=True), (SCARE,), 5)
    assert [row.outcome for row in rows][1:] == [*YOUNG, "expected_deaths"] and {row.years for row in rows} == {5}
    (arrests,) = (row for row in rows if row.outcome == UNDER_25.id)
    assert (arrests.difference, arrests.status_quo, arrests.unit) == (-7, 100, "people")
    assert outcome_of(UNDER_25.id).noun == "arrests of under-25s" and set(UNDER_25.columns) <= set(OUTCOME_COLUMNS)


def test_differences_are_paired_means_with_their_intervals_and_the_cost_is_of_the_purse_that_pays() -> None:
    gaps = {"kits_given": [10.0, 20.0, 30.0], "cost_council": [100.0, 200.0, 300.0], "cost_police": [9.0, 9.0, 9.0]}
    rows = {row.outcome: row for row in rows_of(summary(take_home_naloxone=gaps), (KITS,), 2)}
    kits = rows["kits_given"]
    half = 4.302652729911275 * 10 / math.sqrt(3)
    assert (kits.difference, kits.low, kits.high) == pytest.approx((20, 20 - half, 20 + half))
    assert {row.cost for row in rows.values()} == {200.0} and kits.payer == "council" and "cost_council" in COSTS
    assert math.isnan(rows["deaths"].low) and rows["deaths"].holds_nothing
    assert kits.holds_nothing == (20 - half <= 0)


def test_a_published_effect_is_carried_over_to_the_counts_of_the_run() -> None:
    rows = rows_of(summary(take_home_naloxone={}), (KITS,), 2, {"take_home_naloxone": [published("expected_deaths")]})
    by_outcome = {row.outcome: row for row in rows}
    said = by_outcome["expected_deaths"]
    assert (said.published, said.published_low, said.published_high) == pytest.approx((-10, -20, -5))
    assert said.evidence == ("B4.03",) and said.why_none == ""
    assert math.isnan(by_outcome["deaths"].published) and by_outcome["deaths"].why_none == OTHER_OUTCOME


def test_what_cannot_be_carried_over_says_why() -> None:
    made = summary(take_home_naloxone={}, consumption_room={})
    other_time = {"take_home_naloxone": [published("expected_deaths", horizon="7")]}
    by_outcome = {row.outcome: row for row in rows_of(made, (KITS,), 2, other_time)}
    assert by_outcome["expected_deaths"].why_none == "measured over 7 years; this run has 2"
    assert math.isnan(by_outcome["expected_deaths"].published)
    assert {row.why_none for row in rows_of(made, (KITS,), 2, {})} == {NO_ENTRY}
    (why,) = {row.why_none for row in rows_of(made, (ROOM,), 2)}
    assert why == published_effects()["consumption_room"][0].why_none


def test_levers_whose_interval_holds_nothing_are_told_and_one_that_is_meant_to_do_nothing_apart() -> None:
    given, none, fewer, more = [10.0, 11.0, 12.0], [-1.0, 0.0, 1.0], [-9.0, -10.0, -11.0], [9.0, 10.0, 11.0]

    def told(kits: list[float], deaths: list[float], first_use: Sequence[float] = none) -> tuple[str, ...]:
        made = summary(
            take_home_naloxone={"kits_given": kits, "expected_deaths": deaths},
            scare_tactics={"pupils_taught_by_scare": given, "first_use": first_use},
        )
        return holding_nothing(rows_of(made, (KITS, SCARE), 2))

    meant = "No difference beyond noise, and none is expected by the evidence: scare_tactics."
    assert told(given, fewer) == (meant,)
    assert told(given, none) == (
        "No difference beyond noise in what it is for: take_home_naloxone (expected misuse deaths).", meant,
    )  # fmt: skip
    assert told(none, none) == ("Not delivered beyond noise: take_home_naloxone.", meant)
    assert told(given, more) == (
        meant,
        "Another way than the evidence says: take_home_naloxone (expected misuse deaths).",
    )
    (unlooked,) = told(given, fewer, more)
    assert unlooked.startswith("A difference where the evidence shows none: scare_tactics (first uses of a drug, +")


def test_what_scales_others_is_told_apart_and_each_lever_at_the_end_of_its_own_time() -> None:
    staff, none, fewer = LEVERS["qualified_staff"], [-1.0, 0.0, 1.0], [-9.0, -10.0, -11.0]
    process = {"pupils_of_trained_staff": [10.0, 11.0, 12.0]}
    (said,) = holding_nothing(rows_of(summary(qualified_staff=process | {"first_use": none}), (staff,), 25))
    assert said.endswith("would scale: qualified_staff (skills_programme, school_environment and mentoring).")
    kits = summary(take_home_naloxone={"kits_given": [10.0, 11.0, 12.0], "expected_deaths": fewer})
    rows = [row for years in (5, 10) for row in rows_of(kits, (KITS,), years)]
    rows += [row for years in (5, 10, 25) for row in rows_of(summary(scare_tactics={}), (SCARE,), years)]
    assert {(row.lever, row.years) for row in at_the_end(rows, 10)} == {
        ("take_home_naloxone", 10),
        ("scare_tactics", 25),
    }


def test_where_several_purses_pay_what_all_of_them_spend_is_the_cost() -> None:
    gaps = {f"cost_{purse}": [value] * 3 for purse, value in (("police", 1.0), ("nhs", 10.0), ("justice", 100.0))}
    rows = rows_of(summary(joined_up_funding=gaps), (LEVERS["joined_up_funding"],), 10)
    assert {(row.cost, row.payer) for row in rows} == {(111.0, "police, nhs and justice")}


def test_the_table_has_the_columns_of_the_files_in_their_order() -> None:
    table = table_of(rows_of(summary(take_home_naloxone={}), (KITS,), 2))
    assert tuple(table.columns) == COLUMNS and len(table) == 5
    assert list(COLUMNS[:7]) == ["lever", "group", "outcome", "unit", "difference", "low", "high"]


@pytest.mark.parametrize("name", LEVERS)
def test_alone_a_lever_is_pulled_as_documented_and_no_other_is(name: str) -> None:
    regime = alone(LEVERS[name])
    assert list(regime.levers) == [name] and regime.id == f"{name.replace('_', '-')}-alone"
    assert {key: getattr(regime.levers[name], key) for key in LEVERS[name].documented} == LEVERS[name].documented
