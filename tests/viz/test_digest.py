"""A results folder reduced to the tables that charts and reports show."""

import made_up_results
import numpy as np
import pytest

from policysim.counts.outcomes import OUTCOMES
from policysim.viz.digest import Digest, by_group, totals, yearly

SCENARIO = made_up_results.scenario()
WHOLE = made_up_results.weekly(SCENARIO)
DIGEST = Digest(SCENARIO, WHOLE[WHOLE["area"] == "all"], made_up_results.by_group(SCENARIO))


def test_events_add_up_and_people_are_averaged():
    deaths, treated = OUTCOMES["deaths"], OUTCOMES["in_treatment"]
    rows = DIGEST.weekly[DIGEST.weekly["regime"] == "status-quo"]
    assert totals(DIGEST, deaths).at["status-quo", "mean"] == pytest.approx(rows["deaths"].sum() / 3)
    level = rows[list(treated.columns)].sum(axis=1).mean()
    assert totals(DIGEST, treated).at["status-quo", "mean"] == pytest.approx(level)
    by_year = yearly(DIGEST, deaths)
    assert by_year[by_year["regime"] == "status-quo"]["mean"].sum() == pytest.approx(rows["deaths"].sum() / 3)


def test_small_counts_are_hidden():
    table = by_group(DIGEST, "arrests", "ethnicity").set_index(["group", "regime"])
    assert np.isnan(table.loc[("other", "status-quo"), ["total", "mean", "low", "high"]].to_numpy(float)).all()
    assert table.loc[("white", "status-quo"), "total"] == pytest.approx(80, abs=20)
