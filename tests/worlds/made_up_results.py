"""A results folder with made-up numbers, so that charts and reports are tested without running the model."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from policysim.counts.counting import GROUPS
from policysim.counts.outcomes import BY_GROUP, COLUMNS, COUNTED
from policysim.scenarios.scenario import Scenario, scenario_from

FACTORS = {"status-quo": 1.0, "enforcement-only": 1.1, "diversion": 1.0, "harm-reduction": 0.9}
"""What every outcome of a regime is multiplied with; diversion's are those of the status quo plus noise of its own."""


def scenario(**changes) -> Scenario:
    """A small scenario of the West Midlands."""
    return scenario_from({"years": 2, "replicates": 3, "one_in": 100, "regimes": list(FACTORS), **changes})


def weekly(of: Scenario) -> pd.DataFrame:
    """Whole-place and one authority's weeks; the authority's numbers must never be added to the whole."""
    frames = []
    for regime in of.regimes:
        for replicate, seed in enumerate(of.seeds):
            rng, own = np.random.default_rng(seed), np.random.default_rng([seed, len(regime.id)])
            weeks = np.repeat(np.arange(of.weeks), 2)
            columns: dict[str, object] = {"regime": regime.id, "replicate": replicate, "seed": seed, "week": weeks}
            columns["date"] = pd.Timestamp(of.start_year, 1, 1) + pd.to_timedelta(weeks * 7, "D")
            columns["area"] = np.tile(["all", "Birmingham"], of.weeks)
            for name in COLUMNS:
                usual = rng.poisson(50, weeks.size) * FACTORS.get(regime.id, 1.0)
                columns[name] = usual + (own.normal(0, 5, weeks.size) if regime.id == "diversion" else 0)
            frames.append(pd.DataFrame(columns))
    return pd.concat(frames, ignore_index=True)


def by_group(of: Scenario) -> pd.DataFrame:
    """Outcomes by year and group, 20,000 residents in each; nobody of the last ethnic group is ever arrested."""
    rows = []
    for regime in of.regimes:
        for replicate, seed in enumerate(of.seeds):
            rng = np.random.default_rng(seed)
            for year in range(of.years):
                for dimension, group in GROUPS:
                    row = {"regime": regime.id, "replicate": replicate, "seed": seed, "year": year}
                    row |= {"dimension": dimension, "group": group}
                    for name, outcome in COUNTED.items():
                        if outcome.kind == "flow":
                            row[name] = float(rng.poisson(40) * FACTORS.get(regime.id, 1.0))
                    row["arrests"] *= group != "other"
                    for name, outcome in BY_GROUP.items():
                        if outcome.kind != "flow":
                            row[name] = 400.0 if outcome.kind == "stock" else 12.0 + rng.random()
                    row["population"] = 20_000.0
                    rows.append(row)
    return pd.DataFrame(rows)


def by_draw(of: Scenario) -> pd.DataFrame:
    """Runs with drawn parameters: under diversion the second draw has more of everything, the others fewer."""
    rows = []
    for regime in of.regimes:
        for draw in range(1, of.uncertainty + 1):
            factor = FACTORS[regime.id] + (0.1 if draw == 2 else -0.1) * (regime.id == "diversion")
            for year in range(of.years):
                row = {"regime": regime.id, "seed": of.seed, "draw": draw, "year": year}
                rows.append(row | dict.fromkeys(COLUMNS, 2000.0 * draw * factor))
    return pd.DataFrame(rows)


def by_draw_and_group(of: Scenario) -> pd.DataFrame:
    """The same runs by group: Black residents are searched as many times as often as the number of the draw says."""
    rows = []
    for regime in of.regimes:
        for draw in range(1, of.uncertainty + 1):
            for dimension, group in GROUPS:
                row = {"regime": regime.id, "seed": of.seed, "draw": draw, "dimension": dimension, "group": group}
                row |= dict.fromkeys(BY_GROUP, 2000.0 * FACTORS[regime.id]) | {"population": 20_000.0}
                row["searches"] *= draw if group == "black" else 1
                rows.append(row)
    return pd.DataFrame(rows)


def write_results(folder: Path, of: Scenario | None = None) -> Path:
    """The tables of a finished comparison; returns the folder."""
    of = of or scenario()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "scenario.toml").write_text(of.to_toml(), encoding="utf-8")
    stamp = {"policysim": "0.0.0", "versions": {"numpy": "2.1"}, "model": "abc", "scenario": "def"}
    (folder / "provenance.json").write_text(json.dumps(stamp), encoding="utf-8")
    weekly(of).to_parquet(folder / "weekly.parquet")
    by_group(of).to_parquet(folder / "by_group.parquet")
    if of.uncertainty:
        by_draw(of).to_parquet(folder / "by_draw.parquet")
        by_draw_and_group(of).to_parquet(folder / "by_draw_and_group.parquet")
    return folder


def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts are not drawn, which takes most of the time of a report."""
    for name in ("yearly_chart", "main_chart", "difference_chart", "age_chart", "group_chart", "ratio_chart"):
        monkeypatch.setattr(f"policysim.viz.report.figures.{name}", lambda *a, **k: None)
    for name in ("plane_chart", "acceptability_chart"):
        monkeypatch.setattr(f"policysim.viz.report.value.{name}", lambda *a, **k: None)
