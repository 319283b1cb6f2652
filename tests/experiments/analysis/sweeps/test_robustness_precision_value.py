"""Regret, replicates and prices over points, against numbers worked out by hand."""

from dataclasses import replace

import made_up_answers as made_up
import numpy as np
import pandas as pd
import pytest

from policysim.cli.analysing import until_given
from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.cost_effectiveness import Measure
from policysim.experiments.analysis.estimates import estimate, replicates_for
from policysim.experiments.analysis.sweeps.frames import Gathered
from policysim.experiments.analysis.sweeps.precision import more_replicates, needed, precisions
from policysim.experiments.analysis.sweeps.robustness import ranking
from policysim.experiments.analysis.sweeps.value import valued
from policysim.experiments.analysis.sweeps.words import on_precision

DEATHS = OUTCOMES["expected_deaths"]
A = "parameters.a"
POINTS = pd.DataFrame({A: [0.0, 1.0, 2.0, 3.0]})
QUO = made_up.QUO
NUMBERS = {
    "discount_rate": 0.0, "qaly_loss_untreated": 0.4, "qaly_loss_treated": 0.2, "qaly_of_saved": 0.5, "years_of_saved": 30.0
}  # fmt: skip


def three(**more: object) -> Gathered:
    regimes = {
        QUO: lambda p: 10 + 0 * p[A],
        "steady": lambda p: 9 + 0 * p[A],
        "bold": lambda p: 8 + 2 * p[A],
    }
    return made_up.swept(POINTS, regimes, **more)


def test_regret_and_ranks_by_hand() -> None:
    """Deaths: status quo 10, steady 9, bold 8, 10, 12, 14; the best has 8, 9, 9, 9."""
    found = ranking(three(), DEATHS)
    rows = found.rows.set_index("regime")
    assert found.rows["regime"].tolist() == ["steady", QUO, "bold"] and found.points == 4
    assert rows["regret_max"].to_dict() == pytest.approx({"steady": 1, QUO: 2, "bold": 5})
    assert rows["regret_mean"].to_dict() == pytest.approx({"steady": 0.25, QUO: 1.25, "bold": 2.25})
    assert rows.loc["bold", "regret_90"] == pytest.approx(np.quantile([0, 1, 3, 5], 0.9))
    assert rows["best"].to_dict() == pytest.approx({"steady": 0.75, QUO: 0, "bold": 0.25})
    assert rows["no_worse"].to_dict() == pytest.approx({"steady": 1, QUO: 1, "bold": 0.5})
    assert rows.loc["bold", "worst"] == pytest.approx(14) and rows.loc["bold", "rank"] == pytest.approx(
        (1 + 2.5 + 3 + 3) / 4
    )


def test_a_lead_that_is_chance_is_not_clear() -> None:
    clear = ranking(three(noise=0.01), DEATHS).rows.set_index("regime")["clearly_best"]
    assert clear.to_dict() == pytest.approx({"steady": 0.75, QUO: 0, "bold": 0.25})
    noisy = ranking(three(noise=50.0), DEATHS).rows["clearly_best"]
    assert noisy.sum() <= 0.25


def test_more_can_be_better_and_neither_cannot_be_ranked() -> None:
    better = next(
        one for one in OUTCOMES.values() if one.more_is == "better" and len(one.columns) == 1 and not one.stock
    )
    swept = three()
    table = swept.table.assign(**{better.id: 50 - swept.table["expected_deaths"]})
    rows = ranking(Gathered(table, swept.points), better).rows.set_index("regime")
    assert rows.loc["bold", "regret_max"] == pytest.approx(5) and rows.loc["bold", "worst"] == pytest.approx(36)
    neither = next(one for one in OUTCOMES.values() if one.more_is == "neither")
    with pytest.raises(UserError, match="nobody would say"):
        ranking(three(), neither)


def test_points_without_every_regime_are_left_out() -> None:
    swept = three()
    lost = (swept.table["point"] == 3) & (swept.table["regime"] == "bold")
    found = ranking(Gathered(swept.table[~lost], swept.points), DEATHS)
    assert found.points == 3 and found.left_out == 1


# ---------------------------------------------------------------- replicates


def test_replicates_are_those_of_steins_rule_at_the_point_that_needs_most() -> None:
    swept = three(noise=0.5, replicates=5)
    found = precisions(swept.table, DEATHS)
    row = found.iloc[0]
    runs = swept.table[swept.table["point"] == 0].pivot_table(
        index="replicate", columns="regime", values="expected_deaths", aggfunc="sum"
    )
    gap = estimate((runs[row["regime"]] - runs[QUO]).tolist())
    assert row["half"] == pytest.approx(gap.half) and row["base"] == pytest.approx(runs[QUO].mean())
    plans = needed(found, 0.02)
    assert plans[0] == replicates_for(gap, 0.02 * row["base"])
    assert more_replicates(swept.table, {"expected_deaths": 0.02}, 10_000) == min(15, plans.max())
    assert more_replicates(swept.table, {"expected_deaths": 0.02}, 7) == 7
    assert more_replicates(swept.table, {"expected_deaths": 10.0}, 100) == 5, "precise enough"


def test_outcomes_of_ones_own_are_waited_for_as_the_models_are() -> None:
    swept = three(noise=0.5, replicates=5)
    own = OUTCOMES | {"in_club": replace(DEATHS, id="in_club", parts=("in_club",))}
    table = swept.table.rename(columns={"expected_deaths": "in_club"})
    usual = more_replicates(swept.table, {"expected_deaths": 0.02}, 10_000)
    assert more_replicates(table, {"in_club": 0.02}, 10_000, own) == usual > 5
    assert until_given("in_club=2%", own) == {"in_club": 0.02}
    with pytest.raises(UserError, match="no outcome 'in_club'"):
        until_given("in_club=2%", OUTCOMES)


def test_few_seeds_or_equal_ones_ask_for_the_few_that_plan() -> None:
    assert more_replicates(three(replicates=1).table, {"expected_deaths": 0.05}, 100) == 4
    assert more_replicates(three(replicates=1).table, {"expected_deaths": 0.05}, 2) == 2
    assert more_replicates(three(replicates=4).table, {"expected_deaths": 0.05}, 100) == 4, "no chance at all"
    with pytest.raises(UserError, match="no outcome"):
        more_replicates(three().table, {"expected": 0.05}, 100)


def test_where_one_side_of_a_difference_failed_nothing_is_planned_from_the_other() -> None:
    swept = three(noise=0.5, replicates=5)
    whole, lost = precisions(swept.table, DEATHS), (swept.table["point"] == 3) & (swept.table["regime"] != QUO)
    lost |= (swept.table["point"] == 2) & (swept.table["regime"] == QUO)
    found = precisions(swept.table[~lost], DEATHS)
    assert found["reach"].isna().tolist() == [False, False, True, True]
    assert found["reach"][:2].tolist() == whole["reach"][:2].tolist()
    assert needed(found, 0.02).isna().tolist() == [False, False, True, True], "not 0, which would be enough"
    least = max(needed(whole, 0.02)[:2])
    assert more_replicates(swept.table[~lost], {"expected_deaths": 0.02}, 10_000) == min(15, least)
    told = on_precision(found, DEATHS, True, (0.02,))
    assert "At 2 points there is no interval" in told
    assert needed(precisions(three(replicates=1).table, DEATHS), 0.05).isna().all()


@pytest.mark.slow
def test_what_is_planned_step_by_step_is_precise_enough_as_often_as_promised() -> None:
    """Differences of -1 with a standard deviation of 0.7, wanted to 0.4: about 14 seeds."""
    near, plans, luck = 0, 80, np.random.default_rng(6)
    for _ in range(plans):
        deaths = np.column_stack([10 + luck.normal(0, 0.5, 200), 9 + luck.normal(0, 0.5, 200)]).ravel()
        table = pd.DataFrame(
            {"regime": [QUO, "kits"] * 200, "replicate": np.repeat(np.arange(200), 2), "expected_deaths": deaths}
        )
        table = table.assign(point=0, place="A")
        have = 4
        while (more := more_replicates(table[table["replicate"] < have], {"expected_deaths": 0.04}, 200)) > have:
            have = more
        near += abs(precisions(table[table["replicate"] < have], DEATHS)["mean"].iloc[0] + 1) <= 0.4
    assert near / plans >= 0.9


# ---------------------------------------------------------------- value


def test_prices_over_points_by_hand() -> None:
    """A death fewer a year costs 10,000 pounds more, gains 15 QALYs and what 3 fewer dependent people lose; 0.1 more treated."""
    swept = three(replicates=3)
    found = valued(swept, lambda point: NUMBERS)
    steady = found.worlds["steady"]
    qalys = 15 + 3 * 0.4 + 0.1 * 0.2
    assert [one.cost for one in steady] == pytest.approx([10_000] * 4)
    assert [one.gained[Measure.QALY] for one in steady] == pytest.approx([qalys] * 4)
    rows = found.rows.set_index("regime")
    assert rows.loc["steady", "net_20000"] == pytest.approx(20_000 * qalys - 10_000)
    assert rows["most_20000"].to_dict() == pytest.approx({QUO: 0, "steady": 0.75, "bold": 0.25})
    assert found.points == 4 and len(found.found) == 6


def test_each_point_is_valued_by_its_own_numbers() -> None:
    found = valued(three(), lambda point: NUMBERS | {"qaly_of_saved": 0.5 if point else 1.0})
    gains = [one.gained[Measure.QALY] for one in found.worlds["steady"]]
    assert gains[0] - gains[1] == pytest.approx(15)


def test_without_a_status_quo_there_is_no_price() -> None:
    with pytest.raises(UserError, match="needs the status quo"):
        valued(made_up.swept(POINTS, {"kits": lambda p: p[A]}), lambda point: NUMBERS)
