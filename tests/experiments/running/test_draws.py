"""Drawn sets of numbers: the same to the bit however many are asked for, spread over every range, never contradicting."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policysim.counts.counting import GROUPS
from policysim.counts.outcomes import BY_GROUP
from policysim.errors import UserError
from policysim.evidence.registry import Parameters, registry
from policysim.evidence.uncertain import contradicting, usual_values
from policysim.experiments.running import draws
from policysim.experiments.running.draws import FIRST, drawn, hypercube, unknown_of
from policysim.experiments.running.plan import Run, draws_of, plan
from policysim.experiments.running.store import Store
from policysim.scenarios.scenario import Scenario, scenario_from

IDS = ("a", "b[c]", "d")


def scenario(**changes) -> Scenario:
    return scenario_from({"place": "authority:rutland", "people": 100, "years": 2, "uncertainty": 3} | changes)


@given(st.integers(0, 2**62), st.integers(0, 4))
@settings(max_examples=30, deadline=None)
def test_each_number_has_one_draw_in_every_stratum(seed: int, doublings: int) -> None:
    size = FIRST * 2**doublings
    strata = np.floor(hypercube(seed, IDS, size) * size)
    assert (np.sort(strata, axis=0) == np.arange(size)[:, None]).all()


@given(st.integers(0, 2**62))
@settings(max_examples=30, deadline=None)
def test_more_draws_begin_with_the_fewer(seed: int) -> None:
    assert (hypercube(seed, IDS, 4 * FIRST)[:FIRST] == hypercube(seed, IDS, FIRST)).all()


def test_a_number_draws_by_luck_of_its_own() -> None:
    alone, among = hypercube(3, ("d",), FIRST), hypercube(3, IDS, FIRST)
    assert (alone[:, 0] == among[:, 2]).all()
    assert (among[:, 0] != among[:, 1]).any()


def test_seeds_draw_different_numbers_and_one_seed_the_same() -> None:
    assert drawn(scenario(seed=4), 2) == drawn(scenario(seed=4, uncertainty=40, replicates=1), 2)
    assert drawn(scenario(seed=4), 2) != drawn(scenario(seed=5), 2)
    assert drawn(scenario(seed=4), 2) != drawn(scenario(seed=4), 3)


@pytest.mark.parametrize("draw", [1, 6, 7, 40])
def test_a_draw_holds_every_uncertain_number_within_its_range_and_no_contradiction(draw: int) -> None:
    found = drawn(scenario(), draw)
    assert set(found) == {row.id for one in unknown_of(scenario()) for row in one.rows}
    for key, value in found.items():
        low, high = registry()[key].low, registry()[key].high
        assert low is not None and high is not None and low <= value <= high
    Parameters(found)  # raises where they contradict each other


def test_numbers_that_contradict_are_drawn_again_and_no_others(monkeypatch) -> None:
    agreed = drawn(scenario(), 1)
    refused = []

    def once(values):
        refused.append(dict(values))
        return {"charge_share", "caution_share"} if len(refused) == 1 else contradicting(values)

    monkeypatch.setattr(draws, "contradicting", once)
    again = drawn(scenario(), 1)
    moved = {key for key in again if again[key] != agreed[key]}
    assert moved and {key.partition("[")[0] for key in moved} == {"charge_share", "caution_share"}
    assert not contradicting(usual_values({}) | again)


def test_what_is_published_of_a_place_stays_as_it_is_there() -> None:
    here, elsewhere = (drawn(scenario(place=place), 1) for place in ("west-midlands", "authority:rutland"))
    assert "ocu_per_1000" not in here and "ocu_per_1000" in elsewhere
    shared = here.keys() & elsewhere.keys()
    assert len(shared) > 300 and all(here[key] == elsewhere[key] for key in shared)


def test_a_number_that_the_scenario_changes_stays(monkeypatch) -> None:
    assert "alone_share" not in drawn(scenario(parameters={"alone_share": registry()["alone_share"].value}), 1)
    monkeypatch.setattr(draws, "contradicting", lambda values: {"charge_share"})
    monkeypatch.setattr(draws, "MOST_TRIES", 3)
    with pytest.raises(
        UserError, match="no numbers within their ranges agree with those that are changed: charge_share"
    ):
        drawn(scenario(), 1)


def test_every_draw_is_run_once_under_every_regime_with_the_first_seed() -> None:
    asked = scenario(regimes=["status-quo", "diversion"], seed=9, replicates=4)
    runs = draws_of(asked)
    assert {(run.regime, run.draw) for run in runs} == {(r.id, k) for r in asked.regimes for k in (1, 2, 3)}
    assert {run.seed for run in runs} == {9} and len(runs) == 6
    tasks = plan(asked, runs).tasks
    assert [task.draw for task in tasks] == [1, 2, 3] and {task.seed for task in tasks} == {9}


# ---------------------------------------------------------------- what is kept of them


def weeks(run: Run) -> pd.DataFrame:
    """Two years in which a draw and a regime can be told apart; an authority's weeks must not be added."""
    from policysim.counts.outcomes import COLUMNS

    table = pd.DataFrame({"week": np.tile(np.arange(104), 2), "area": ["all"] * 104 + ["Rutland"] * 104})
    return pd.concat([table, pd.DataFrame(float(run.draw) + len(run.regime), table.index, list(COLUMNS))], axis=1)


def groups(run: Run) -> pd.DataFrame:
    """The same by group: each year the number of the draw everywhere."""
    table = pd.DataFrame([{"year": year, "dimension": of, "group": group} for year in (0, 1) for of, group in GROUPS])
    return pd.concat([table, pd.DataFrame(float(run.draw), table.index, list(BY_GROUP))], axis=1)


def ask(folder: Path, asked: Scenario) -> set[str]:
    """Keep what is missing of the draws; returns the names of what was."""
    store = Store.open(folder, asked)
    missing = store.draws.missing()
    for run in missing:
        store.keep_drawn(run, weeks(run), groups(run))
    store.draws.gather()
    return {run.name for run in missing}


def test_more_draws_compute_only_what_is_missing_and_the_tables_hold_what_was_asked(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    assert len(ask(folder, scenario(regimes=["status-quo"], uncertainty=2))) == 2
    assert ask(folder, scenario(regimes=["status-quo"], uncertainty=3)) == {"1-3-status-quo"}
    assert ask(folder, scenario(regimes=["status-quo"], uncertainty=2)) == set()
    table = pd.read_parquet(folder / "by_draw.parquet")
    assert table["draw"].tolist() == [1, 1, 2, 2] and table["year"].tolist() == [0, 1, 0, 1]
    assert table["deaths"].tolist() == [52 * 11.0] * 2 + [52 * 12.0] * 2  # events are added up
    assert table["in_custody"].tolist() == [11.0, 11.0, 12.0, 12.0]  # people are averaged
    by_group = pd.read_parquet(folder / "by_draw_and_group.parquet")
    assert list(zip(by_group["dimension"], by_group["group"], strict=True)) == [*GROUPS, *GROUPS]
    assert by_group.groupby("draw")["deaths"].unique().map(list).to_dict() == {1: [2.0], 2: [4.0]}
    assert by_group.groupby("draw")["in_custody"].unique().map(list).to_dict() == {1: [1.0], 2: [2.0]}
    numbers = pd.read_csv(folder / "draws.csv")
    assert numbers["draw"].tolist() == [1, 2]
    assert numbers.drop(columns="draw").iloc[1].to_dict() == drawn(scenario(), 2)


@pytest.mark.parametrize("kind", ["draws", "draw_groups"])
@pytest.mark.parametrize("harm", ["cut short", "changed", "gone"])
def test_a_damaged_draw_is_computed_again(tmp_path: Path, harm: str, kind: str) -> None:
    asked = scenario(regimes=["status-quo"], uncertainty=2)
    ask(tmp_path, asked)
    path = tmp_path / kind / "1-2-status-quo.parquet"
    whole = path.read_bytes()
    if harm == "gone":
        path.unlink()
    else:
        path.write_bytes(whole[:-9] if harm == "cut short" else whole[:40] + bytes([whole[40] ^ 255]) + whole[41:])
    assert ask(tmp_path, asked) == {"1-2-status-quo"}
    assert path.read_bytes() == whole


def test_other_ranges_are_other_draws(tmp_path: Path, monkeypatch) -> None:
    asked = scenario(regimes=["status-quo"], uncertainty=2)
    ask(tmp_path, asked)
    monkeypatch.setattr("policysim.experiments.running.kept_draws.drawn", lambda scenario, draw: {"alone_share": 0.2})
    assert ask(tmp_path, asked) == {"1-1-status-quo", "1-2-status-quo"}
