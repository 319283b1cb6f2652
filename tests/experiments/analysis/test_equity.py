"""Rates and ratios by group: known answers, intervals that hold what they should, and nothing told that is hidden."""

import math
from dataclasses import replace
from functools import cache

import made_up_results
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from policysim.counts.counting import DIMENSIONS, GROUPS
from policysim.counts.outcomes import BY_GROUP, COSTS, COUNTED
from policysim.errors import UserError
from policysim.evidence.registry import registry
from policysim.experiments.analysis import equity
from policysim.experiments.analysis.equity import AXES, NO_RATE, NO_SOURCE, TOLD, TOO_FEW, ByGroup, ratio
from policysim.experiments.analysis.equity_tables import (
    COLUMNS,
    EXPOSURES,
    around,
    axes_named,
    change_lines,
    exposed,
    exposure_rows,
    outcomes_named,
    people_needed,
    ratio_lines,
    ratio_rows,
)
from policysim.experiments.analysis.hiding import BESIDE, SMALL
from policysim.rules import Counted, YoungPerson

SCENARIO = made_up_results.scenario(
    one_in=1, years=2, replicates=3, uncertainty=3, regimes=["status-quo", "enforcement-only"]
)
ETHNICITY, AGE = AXES["ethnicity"], AXES["age"]


@cache
def usual() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Everywhere 100 of everything a year and 10,000 residents; and the draws."""
    runs = [(regime.id, k, year) for regime in SCENARIO.regimes for k in range(3) for year in range(SCENARIO.years)]
    keys = [(*run, *group) for run in runs for group in GROUPS]
    table = pd.DataFrame(keys, columns=["regime", "replicate", "year", "dimension", "group"])
    counts = pd.DataFrame(100.0, table.index, list(BY_GROUP))
    counts["population"] = 10_000.0
    return pd.concat([table, counts], axis=1), made_up_results.by_draw_and_group(SCENARIO)


def found(changes: dict[tuple[str, str, str], list[float]]) -> ByGroup:
    """The usual, but by outcome, regime and group other numbers a year, seed by seed."""
    groups, drawn = usual()
    groups = groups.copy()
    for (outcome, regime, group), values in changes.items():
        rows = (groups["regime"] == regime) & (groups["group"] == group)
        groups.loc[rows, outcome] = groups.loc[rows, "replicate"].map(dict(enumerate(values)))
    return ByGroup(SCENARIO, groups, drawn)


def test_a_rate_a_ratio_and_its_change_by_hand() -> None:
    made = found({
        ("searches", "status-quo", "black"): [390.0, 400.0, 410.0],
        ("searches", "enforcement-only", "black"): [600.0, 600.0, 600.0],
        ("population", "status-quo", "asian"): [20_000.0] * 3,
    })  # fmt: skip
    rate = made.rate(ETHNICITY, made.row(ETHNICITY, "searches", "status-quo")["black"])
    assert rate.found.mean == pytest.approx(40), "per 1,000 residents a year"
    low, high = stats.t.interval(0.95, 2, 40, stats.sem([39, 40, 41]))
    assert (rate.found.low, rate.found.high) == pytest.approx((low, high))
    told, none = made.ratio(ETHNICITY, "searches", "black", "status-quo")
    half = stats.t.ppf(0.975, 2) * stats.sem([0.975, 1.0, 1.025])
    assert told.found.mean == pytest.approx(4) and math.isnan(none.found.mean)
    assert (told.found.low, told.found.high) == pytest.approx((4 * math.exp(-half), 4 * math.exp(half)))
    after, change = made.ratio(ETHNICITY, "searches", "black", "enforcement-only")
    assert (after.found.mean, change.found.mean) == pytest.approx((6, 1.5))
    assert math.isnan(after.found.low), "equal seeds show nothing of chance"
    assert (change.found.low, change.found.high) == pytest.approx((1.5 * math.exp(-half), 1.5 * math.exp(half)))
    assert made.ratio(ETHNICITY, "using_illicit", "asian", "status-quo")[0].found.mean == pytest.approx(0.5)


class Pupil(YoungPerson):
    in_club = Counted(lambda person: person.age < 14, "pupils in the youth club", label="In the club")


def test_outcomes_of_ones_own_are_told_as_the_models_are() -> None:
    scenario = SCENARIO.model_copy(update={"people_classes": (Pupil,)})
    made = found({("using_illicit", "status-quo", "black"): [190.0, 200.0, 210.0]})
    table = made.groups.assign(in_club=made.groups["using_illicit"])
    own = replace(made, scenario=scenario, groups=table, drawn=made.drawn.assign(in_club=made.drawn["using_illicit"]))
    assert own.ratio(ETHNICITY, "in_club", "black", "status-quo")[0].found.mean == pytest.approx(2)
    assert outcomes_named(["in_club", "arrests"], scenario.own_outcomes) == ("in_club", "arrests")
    assert outcomes_named(None, scenario.own_outcomes) == (*TOLD, "in_club")
    assert own.outcomes["in_club"].label == "In the club"
    with pytest.raises(UserError, match="no outcome 'in_clob'; did you mean 'in_club'"):
        outcomes_named(["in_clob"], scenario.own_outcomes)


def test_luck_that_both_regimes_share_cancels_out_of_the_change() -> None:
    seeds = [300.0, 400.0, 500.0]
    made = found({
        ("searches", "status-quo", "black"): seeds,
        ("searches", "enforcement-only", "black"): [1.2 * n for n in seeds],
    })  # fmt: skip
    told, change = made.ratio(ETHNICITY, "searches", "black", "enforcement-only")
    assert told.found.has_interval and change.found.mean == pytest.approx(1.2) and not change.found.has_interval


def test_people_are_averaged_over_years_and_events_per_year() -> None:
    made = found({})
    use, searches = (exposed(made, ETHNICITY, "white", "status-quo", EXPOSURES[k]).found.mean for k in (0, 1))
    assert (use, searches) == pytest.approx((10, 10)), "100 at a time, and 100 a year, of 10,000"
    by_use, deaths = (exposed(made, ETHNICITY, "white", "status-quo", EXPOSURES[k]).found.mean for k in (2, 5))
    assert (by_use, deaths) == pytest.approx((1000, 1000)), "100 a year for 100 who use; 100 of 10,000 in 100,000"
    ages = made.row(AGE, "searches", "status-quo")
    assert ages["20 to 29"].count == 2 * 2 * 100 and list(ages) == list(AGE.names)


def test_over_what_nobody_knows_the_ratio_of_each_draw_counts() -> None:
    told, change = found({}).ratio(ETHNICITY, "searches", "black", "enforcement-only")
    assert (told.low, told.high) == pytest.approx((1, 3)), "the draws are numbered one to three"
    assert (change.low, change.high) == pytest.approx((1, 1))
    without = replace(found({}), drawn=ByGroup(SCENARIO, pd.DataFrame()).drawn)
    assert math.isnan(without.ratio(ETHNICITY, "searches", "black", "status-quo")[0].low)


# ---------------------------------------------------------------- the interval
@pytest.mark.parametrize(("mean", "seeds"), [(40, 4), (40, 20), (4, 8)])
def test_ninety_five_of_a_hundred_intervals_hold_the_true_ratio(mean: float, seeds: int) -> None:
    """Poisson counts, a true ratio of 2: 2,000 comparisons by fixed seeds; 2 per cent is four standard errors of the share."""
    rng, tries = np.random.default_rng([7, seeds]), 2000
    held = changed = 0
    for _ in range(tries):
        shared = rng.poisson(mean, seeds)  # luck that two regimes share
        white, black = rng.poisson(10 * mean, seeds), rng.poisson(2 * mean, seeds)
        other_black = shared + rng.poisson(2 * mean, seeds)
        told = ratio([(black / 100).tolist()], [(white / 1000).tolist()])
        held += told.low <= 2 <= told.high
        change = ratio([other_black.tolist(), white.tolist()], [white.tolist(), (black + shared).tolist()])
        changed += change.low <= 1 <= change.high
    assert held / tries == pytest.approx(0.95, abs=0.02)
    assert changed / tries == pytest.approx(0.95, abs=0.02)


POSITIVE = st.floats(0.5, 500)


@settings(deadline=None)
@given(st.lists(st.tuples(POSITIVE, POSITIVE), min_size=2, max_size=6), st.randoms())
def test_a_ratio_turned_over_is_one_over_it_and_seeds_have_no_order(pairs: list[tuple[float, float]], random) -> None:
    one, other = zip(*pairs, strict=True)
    told, turned = ratio([one], [other]), ratio([other], [one])
    assert turned.mean == pytest.approx(1 / told.mean)
    if told.has_interval:
        assert (turned.low, turned.high) == pytest.approx((1 / told.high, 1 / told.low))
        assert told.low <= told.mean <= told.high
    mixed = list(pairs)
    random.shuffle(mixed)
    one, other = zip(*mixed, strict=True)
    assert ratio([one], [other]).mean == pytest.approx(told.mean)


def test_a_seed_with_nobody_counts_and_none_at_all_is_no_ratio() -> None:
    told = ratio([[0, 4, 8]], [[4, 4, 4]])
    assert told.mean == 1 and told.has_interval
    assert math.isnan(ratio([[0, 0]], [[1, 2]]).mean) and math.isnan(ratio([[1, 2]], [[0, 0]]).mean)
    assert ratio([[3]], [[1]]).mean == pytest.approx(3) and not ratio([[3]], [[1]]).has_interval
    assert math.isnan(ratio([[]], [[]]).mean)


# ---------------------------------------------------------------- what is not told
def test_no_number_of_a_hidden_count_is_told_anywhere() -> None:
    made = found({
        **{("arrests", regime, "mixed"): [0.5] * 3 for regime in made_up_regimes()},
        **{("arrests", regime, "other"): [40.0] * 3 for regime in made_up_regimes()},
    })  # fmt: skip
    rows = pd.DataFrame(ratio_rows(made, ["arrests"], [ETHNICITY])).set_index(["regime", "group"])
    for group, said in (("mixed", SMALL), ("other", BESIDE)):
        row = rows.loc[("status-quo", group)]
        assert row["count"] == said and row["not_told"] == said
        numbers = row.drop(["outcome", "axis", "reference", "count", "unit", "rate_unit", "not_told", "seeds", "draws"])
        assert numbers.isna().all()
    assert rows.loc[("status-quo", "asian"), "count"] == 200
    exposures = pd.DataFrame(exposure_rows(made, [ETHNICITY])).set_index(["regime", "group"])
    assert exposures.loc[("status-quo", "mixed"), "arrests"] == SMALL
    assert exposures.loc[("status-quo", "mixed"), "arrests_of_use"] == SMALL
    assert math.isnan(exposures.loc[("status-quo", "other"), "arrests_low"])


def made_up_regimes() -> list[str]:
    return [regime.id for regime in SCENARIO.regimes]


def test_few_simulated_give_no_ratio_though_they_stand_for_many() -> None:
    made = found({("searches", "status-quo", "black"): [100.0, 0.0, 0.0]})
    coarse = ByGroup(SCENARIO.model_copy(update={"one_in": 100.0}), made.groups)
    assert coarse.row(ETHNICITY, "searches", "status-quo")["black"].count == pytest.approx(200 / 3)
    assert coarse.ratio(ETHNICITY, "searches", "black", "status-quo")[0].why == TOO_FEW
    assert coarse.ratio(ETHNICITY, "searches", "black", "enforcement-only")[1].why == TOO_FEW
    assert coarse.ratio(ETHNICITY, "expected_deaths", "black", "status-quo")[0].why == "", "everybody's chances"


def test_of_older_people_no_rate_is_told() -> None:
    made = found({})
    assert AGE.no_rate == ("60 to 69", "70 to 79") and "60 to 69" not in AGE.others
    assert made.rate(AGE, made.row(AGE, "searches", "status-quo")["60 to 69"]).why == NO_RATE
    assert made.ratio(AGE, "searches", "70 to 79", "status-quo")[0].why == NO_RATE


def test_deaths_by_ethnic_group_are_withheld_without_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    def said(made: ByGroup) -> set[str]:
        rows = pd.DataFrame(ratio_rows(made, ["deaths", "expected_deaths", "suicides"], [ETHNICITY]))
        return set(rows["not_told"]) | {row["deaths"] for row in exposure_rows(made, [ETHNICITY])} & {NO_SOURCE}

    assert NO_SOURCE not in said(found({}))
    changed = SCENARIO.model_copy(update={"parameters": {"ocu_by_ethnicity[black]": 0.5}})
    assert said(replace(found({}), scenario=changed)) == {NO_SOURCE}
    rows = {key: row for key, row in registry().items() if row.name == equity.ETHNICITY_OF_USERS}
    guess = rows | {next(iter(rows)): replace(next(iter(rows.values())), quality="assumed")}
    monkeypatch.setattr(equity, "registry", lambda: guess)
    made = found({})
    assert said(made) == {NO_SOURCE}
    assert made.ratio(AXES["quintile"], "deaths", "q1", "status-quo")[0].why == ""


# ---------------------------------------------------------------- the tables
def test_every_outcome_that_is_about_people_is_counted_by_group() -> None:
    assert {name for name, outcome in COUNTED.items() if outcome.kind != "told"} == set(BY_GROUP)
    assert not set(COSTS) & set(BY_GROUP)
    assert set(TOLD) - {"in_treatment"} <= set(BY_GROUP)


def test_the_axes_have_the_groups_that_are_counted() -> None:
    assert set(AXES) == set(DIMENSIONS)
    for axis in AXES.values():
        named = set((axis.merge or {group: group for group in DIMENSIONS[axis.id]}).values())
        assert named == set(axis.names) and axis.reference in axis.names and axis.reference not in axis.no_rate


def test_the_table_has_a_row_for_each_outcome_axis_group_and_regime() -> None:
    rows = list(ratio_rows(found({})))
    assert len(rows) == len(TOLD) * 2 * sum(len(axis.names) for axis in AXES.values())
    assert {tuple(row) for row in rows} == {COLUMNS}
    of_men = [row for row in rows if row["group"] == "men"]
    assert all(math.isnan(row["ratio"]) for row in of_men), "nobody is held against themselves"
    treated = next(row for row in rows if row["outcome"] == "in_treatment" and row["group"] == "women")
    assert treated["count"] == 700 and treated["rate"] == pytest.approx(70), "seven kinds of treatment"


def test_words() -> None:
    made = found({("searches", "enforcement-only", "black"): [90.0, 100.0, 120.0]})
    told, change = made.ratio(ETHNICITY, "searches", "black", "enforcement-only")
    assert ratio_lines(told)[0] == "1.03" and ratio_lines(told)[2] == "over what nobody knows: 1.00 to 3.00"
    assert change_lines(change)[0] == "×1.03" and change_lines(change)[-1] == "within noise"
    assert change_lines(made.ratio(ETHNICITY, "searches", "asian", "enforcement-only")[1]) == ("no difference",)
    assert around(0.5, 12.34) == "0.50 to 12" and around(math.nan, 1) == ""


def test_what_is_asked_for_is_known_or_one_sentence() -> None:
    assert axes_named(None) == tuple(AXES.values()) and axes_named(["sex"]) == (AXES["sex"],)
    assert outcomes_named(["imprisoned"]) == ("imprisoned",) and outcomes_named(None) == TOLD
    for ask, says in (
        (lambda: axes_named(["race"]), "there is no axis 'race'"),
        (lambda: outcomes_named(["serches"]), "did you mean 'searches'"),
        (lambda: outcomes_named(["cost_nhs"]), "belongs to no group of people"),
        (lambda: people_needed(ByGroup(SCENARIO, found({}).groups[["regime"]])), "earlier policysim"),
    ):
        with pytest.raises(UserError, match=says):
            ask()
