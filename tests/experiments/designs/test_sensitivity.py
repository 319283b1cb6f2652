"""The screening: known effects are found, what does nothing has none, chance is told apart, a stopped one goes on."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from policysim.errors import UserError
from policysim.evidence.registry import registry
from policysim.evidence.uncertain import contradicting, uncertainties, usual_values
from policysim.experiments.analysis import sensitivity as effects
from policysim.experiments.designs import sensitivity as module
from policysim.experiments.designs.sensitivity import (
    ANSWERS,
    COLUMNS,
    SEEDS,
    Screening,
    Totals,
    agreeing,
    analysed,
    first,
    read_screening,
    screening_of,
    sensitivity,
)
from policysim.model.sources import model_hash
from policysim.scenarios.scenario import Scenario, scenario_from
from policysim.viz.screening import read_expected, write_page

MOVED = ("fatality_opioid", "cost_prison_year", "alone_share")
"""What these tests leave uncertain: two that bear on deaths, and a price, which moves nobody."""
REGIMES = ["status-quo", "enforcement-only", "harm-reduction"]


def scenario(moved: tuple[str, ...] = MOVED, **changes: Any) -> Scenario:
    """A place of few people in which every number but these is as usual."""
    fixed = {row.id: row.value for one in uncertainties() for row in one.rows if one.id not in moved}
    told = {"place": "authority:coventry", "regimes": REGIMES, "people": 400, "years": 1, "burn_in_years": 0, "seed": 5}
    return scenario_from(told | {"parameters": fixed} | changes)


def made_up(trajectories: int, **slopes: float) -> tuple[Screening, list[Totals]]:
    """A screening of which nothing is run: under harm reduction deaths rise by a slope with each share of a range."""
    screening = screening_of(scenario(), trajectories)
    ids = [one.id for one in screening.unknown]
    by_share = np.array([slopes.get(name, 0.0) for name in ids])
    points = [float(by_share @ screening.shares(task)) if task.draw else 0.0 for task in screening.tasks()]
    found = []
    for value in points:
        totals = {name: dict.fromkeys(ANSWERS, 7.0) for name in REGIMES}
        totals["harm-reduction"]["expected_deaths"] += value
        found.append(totals)
    return screening, found


def row(
    rows: pd.DataFrame, parameter: str, regime: str = "harm-reduction", outcome: str = "expected_deaths"
) -> pd.Series:
    found = rows[(rows["parameter"] == parameter) & (rows["regime"] == regime) & (rows["outcome"] == outcome)]
    return found.iloc[0]


def test_a_straight_line_has_its_slope_and_no_scatter() -> None:
    rows = analysed(*made_up(3, fatality_opioid=12.0, alone_share=-5.0))
    for name, slope in (("fatality_opioid", 12), ("alone_share", -5), ("cost_prison_year", 0)):
        found = row(rows, name)
        assert found["effect"] == pytest.approx(slope, abs=1e-9) and found["mu_star"] == pytest.approx(
            abs(slope), abs=1e-9
        )
        assert found["sigma"] == pytest.approx(0, abs=1e-9) and found["beyond_chance"] == (slope != 0)
    assert first(rows, "expected_deaths")["parameter"].tolist() == [
        "fatality_opioid",
        "alone_share",
        "cost_prison_year",
    ]


def test_every_number_answer_and_regime_has_a_row_with_range_and_quality() -> None:
    rows = analysed(*made_up(2, fatality_opioid=1.0))
    assert list(rows.columns) == list(COLUMNS)
    assert len(rows) == len(MOVED) * len(ANSWERS) * 2 and not rows.isna().any(axis=None)
    known = registry()["fatality_opioid"]
    assert tuple(row(rows, known.id)[["low", "high", "quality"]]) == (known.low, known.high, known.quality)


def test_an_outcome_that_nothing_moves_has_no_effects() -> None:
    rows = analysed(*made_up(2, fatality_opioid=1.0))
    nothing = rows[rows["outcome"] == "arrests"]
    assert (nothing[["effect", "mu_star", "sigma", "mu_star_conf"]] == 0).all(axis=None)
    assert not nothing["beyond_chance"].any()


def test_a_point_without_a_number_is_refused_not_read_as_nothing() -> None:
    screening, points = made_up(2, fatality_opioid=1.0)
    points[SEEDS + 1]["harm-reduction"]["expected_deaths"] = float("nan")
    with pytest.raises(UserError, match="1 points of the screening have no number for expected_deaths"):
        analysed(screening, points)


def test_more_trajectories_begin_with_the_fewer() -> None:
    few, many = (screening_of(scenario(), n).tasks() for n in (2, 5))
    assert [(task.seed, task.draw) for task in many[: len(few)]] == [(task.seed, task.draw) for task in few]


def test_points_within_which_numbers_contradict_are_brought_to_agree() -> None:
    unknown = uncertainties()
    for share in (0.0, 1.0):
        found = agreeing(unknown, np.full(len(unknown), share), {})
        assert not contradicting(usual_values({}) | found)
    ends = [float(one.name == "caution_share" or one.name == "charge_share") for one in unknown]
    agreed = agreeing(unknown, np.array(ends), {})
    assert not contradicting(usual_values({}) | agreed)


@pytest.mark.long
@pytest.mark.slow
def test_a_price_moves_no_death_at_all_and_a_fatality_does(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(effects, "SPARE", 1)  # fewer worlds, which no other test may find remembered
    monkeypatch.setattr(module, "_factorial", effects.factorial)
    rows = sensitivity(scenario(), trajectories=2, out=tmp_path, threads=1)
    for outcome in ANSWERS:
        for regime in REGIMES[1:]:
            assert row(rows, "cost_prison_year", regime, outcome)["mu_star"] == 0
    assert row(rows, "fatality_opioid")["mu_star"] > 0 and row(rows, "fatality_opioid")["error"] > 0
    pd.testing.assert_frame_equal(read_screening(tmp_path), rows)

    lived = []
    usual = module.live
    monkeypatch.setattr(module, "live", lambda task, *rest: (lived.append(task), usual(task, *rest)))
    sorted((tmp_path / "points").iterdir())[3].unlink()
    (tmp_path / "points" / "5-2.json").write_text("{", encoding="utf-8")  # cut short
    again = sensitivity(scenario(), trajectories=2, out=tmp_path, threads=1)
    assert len(lived) == 2
    pd.testing.assert_frame_equal(again, rows)
    with pytest.raises(UserError, match="holds another screening"):
        sensitivity(scenario(years=2), trajectories=2, out=tmp_path, threads=1)


@pytest.mark.parametrize(
    ("changes", "trajectories", "said"),
    [
        ({}, 1, "trajectories must be a whole number, 2 to 1000, not 1"),
        ({}, 5000, "2 to 1000, not 5000"),
        ({"regimes": ["status-quo"]}, 2, "needs the status quo and another regime"),
        ({"regimes": ["diversion", "harm-reduction"]}, 2, "needs the status quo and another regime"),
        ({"moved": ()}, 2, "fixes every uncertain number"),
    ],
)
def test_what_cannot_be_screened_is_said(changes: dict, trajectories: int, said: str) -> None:
    with pytest.raises(UserError, match=said):
        sensitivity(scenario(**changes), trajectories)


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UserError, match="holds files that are not a screening's"):
        sensitivity(scenario(), out=tmp_path)
    with pytest.raises(UserError, match="holds no finished screening"):
        read_screening(tmp_path)


def test_the_page_ranks_compares_and_says_what_is_no_more(tmp_path: Path) -> None:
    screening, points = made_up(2, fatality_opioid=12.0, alone_share=5.0)
    names = tmp_path / "names.txt"
    names.write_text("# expected\nfatality_opioid\ncost_prison_year\nnumber_of_before\n", encoding="utf-8")
    write_page(
        analysed(screening, points), screening.scenario, 2, tmp_path / "page.md", date(2026, 1, 1), read_expected(names)
    )
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert f"Written on 2026-01-01 by `policysim sensitivity` with `--page` (model {model_hash()})" in " ".join(
        page.split()
    )
    assert page.index("| `fatality_opioid`") < page.index("| `alone_share`")
    told = " ".join(page.split())
    assert "2 trajectories" in told and "Not expected, and among the first 20: `alone_share`." in told
    assert "no longer uncertain: number_of_before" in told
    assert "they do 0% for “Enforcement only” and 85% for “Harm reduction”" in told
    assert "| `cost_prison_year` | 3 | no |" in page and "| `fatality_opioid` | 1 | yes |" in page
