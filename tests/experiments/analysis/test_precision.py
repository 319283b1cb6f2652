"""How precisely an outcome is known, and what a wanted precision would take: in words, in the table and in its notes."""

import pandas as pd
import pytest

from policysim.counts.outcomes import COLUMNS, OUTCOMES, Shown, headlines
from policysim.experiments.analysis import compare as analysis
from policysim.experiments.analysis.compare import summarise
from policysim.experiments.analysis.estimates import estimates
from policysim.experiments.analysis.precision import EQUAL, advice, precision, reach, rounded_up
from policysim.scenarios.scenario import Scenario

DEATHS = OUTCOMES["expected_deaths"]
QUO = [100.0, 110.0, 90.0, 100.0]


def found(**regimes: list[float]) -> pd.DataFrame:
    return estimates(pd.DataFrame({name.replace("_", "-"): values for name, values in regimes.items()}))


def test_the_widest_interval_of_all_regimes_counts() -> None:
    near = [value - step for value, step in zip(QUO, (9, 10, 11, 10), strict=True)]
    far = [value - step for value, step in zip(QUO, (1, 2, 3, 4), strict=True)]
    said = precision(found(status_quo=QUO, diversion=near, harm_reduction=far), DEATHS)
    assert said.widest.half == pytest.approx(2.0542, abs=1e-4) and said.base == 100
    assert said.now == "±2.1%" and said.finer() == (0.02, 0.01)
    assert (said.replicates(0.01), said.replicates(0.001), said.replicates(0.1)) == ("17", "1,700", "4")
    assert advice(said, 4) == (
        "Differences in expected misuse deaths are known to ±2.1% of the status quo; ±2% would take about 5 replicates; "
        "±1% would take about 17 replicates (planned from 4 replicates by Stein's rule, which asks for more where there "
        "are few replicates to plan from)."
    )


def test_without_the_status_quo_it_is_that_of_the_totals() -> None:
    said = precision(found(diversion=[1.0, 2.0, 3.0, 4.0]), DEATHS)
    assert said.base == 2.5 and said.now == "±82%"
    assert advice(said, 4).startswith("Expected misuse deaths are known to ±82%; ±10% would take about 280 replicates")


@pytest.mark.parametrize("less", [0, 35])
def test_equal_seeds_plan_nothing(less: float) -> None:
    said = precision(found(status_quo=QUO, diversion=[value - less for value in QUO]), DEATHS)
    assert not said.is_known and advice(said, 4) == ""


def test_one_seed_and_no_count_at_all_plan_nothing() -> None:
    one = precision(found(status_quo=[100.0], diversion=[90.0]), DEATHS)
    assert not one.is_known and advice(one, 1).startswith("One replicate shows nothing of chance. Run 4")
    none = precision(found(status_quo=[0.0] * 4, diversion=[0.0, 0.0, 0.0, 1.0]), DEATHS)
    assert not none.is_known and advice(none, 4) == ""


def test_a_plan_is_told_in_two_figures_and_never_too_few() -> None:
    assert [rounded_up(n) for n in (4, 17, 100, 101, 1687, 12_345)] == [4, 17, 100, 110, 1700, 13_000]
    assert [reach(share) for share in (0.1, 0.05, 0.005, 0.021, 1.5)] == ["±10%", "±5%", "±0.5%", "±2.1%", "±150%"]


def per_run(deaths: dict[str, list[float]]) -> pd.DataFrame:
    """Totals of runs in which deaths are these and everything else differs from seed to seed."""
    return pd.DataFrame([
        {"regime": regime, "replicate": k, "seed": k + 1}
        | {name: 1000.0 + 7 * k * (k + len(regime)) for name in COLUMNS} | {"deaths": value}
        for regime, values in deaths.items()
        for k, value in enumerate(values)
    ])  # fmt: skip


def test_equal_pairs_are_told_in_the_file_the_table_and_its_notes() -> None:
    """Counted deaths of a small place: in each of four seeds one simulated person fewer, who stands for 35."""
    summary = summarise(
        per_run({"status-quo": [350.0, 420.0, 385.0, 315.0], "diversion": [315.0, 385.0, 350.0, 280.0]})
    )
    row = summary.set_index(["regime", "outcome"]).loc[("diversion", "deaths")]
    assert row["difference"] == -35 and row["seeds"] == 4
    assert row[["difference_low", "difference_high"]].isna().all() and not row[["low", "high"]].isna().any()
    table = analysis.headlines(summary, Scenario(regimes=["status-quo", "diversion"], replicates=4))  # type: ignore[arg-type]
    shown = [outcome.id for outcome in headlines(Shown.COMMAND)]
    assert table.rows[shown.index("deaths")][2] == "−35\n4 equal seeds: no interval\n−9.5%"
    assert table.notes[0] == EQUAL and table.notes[1].startswith("Differences in expected misuse deaths are known to")
