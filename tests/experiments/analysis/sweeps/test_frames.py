"""Totals, paired differences and answers at points: known numbers, and what is missing left out."""

import math

import made_up_answers as made_up
import numpy as np
import pandas as pd
import pytest

from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.sweeps.frames import (
    answers,
    differences,
    label,
    outcome_named,
    paired,
    totals,
    whole_blocks,
    yearly,
)

DEATHS, TREATED, SPENT = (OUTCOMES[name] for name in ("expected_deaths", "in_treatment", "spending"))
POINTS = pd.DataFrame({"parameters.a": [0.0, 1.0, 2.0], "levers.naloxone.kits": [10, 20, 40]})


def small(**more: object):
    regimes = {made_up.QUO: lambda p: 10 + 0 * p["parameters.a"], "kits": lambda p: 10 - p["parameters.a"]}
    return made_up.swept(POINTS, regimes, years=2, **more)


def test_totals_add_events_and_money_and_average_people() -> None:
    found = totals(small(replicates=1).table, [DEATHS, TREATED, SPENT]).set_index(["regime", "point"])
    assert found.loc[("kits", 2), "expected_deaths"] == pytest.approx(8)
    assert found.loc[("kits", 2), "in_treatment"] == pytest.approx(100 - 4 / 10)
    assert found.loc[(made_up.QUO, 0), "spending"] == pytest.approx(2 * (1e6 - 5e4 + 2e6))
    assert len(yearly(small(replicates=1).table, [DEATHS])) == 2 * len(found)


def test_differences_are_paired_by_point_and_seed() -> None:
    """What all runs of a seed share falls out of a difference."""
    found = totals(small(shared=5.0).table, [DEATHS])
    pairs = paired(found, [DEATHS])
    assert pairs["value"].to_numpy() == pytest.approx(np.repeat([0.0, -1.0, -2.0], 4))
    told = differences(pairs).set_index("point")
    assert told["difference"].tolist() == pytest.approx([0, -1, -2])
    assert told["seeds"].eq(4).all() and set(told["regime"]) == {"kits"}
    by_year = differences(paired(yearly(small(noise=0.1).table, [DEATHS]), [DEATHS]))
    assert len(by_year) == 6 and by_year.loc[by_year["point"] == 2, "difference"].tolist() == pytest.approx(
        [-1, -1], abs=0.2
    )


def test_intervals_of_differences_are_students() -> None:
    rows = [
        {"point": 0, "place": "a", "regime": r, "replicate": k, "expected_deaths": v}
        for r, values in ((made_up.QUO, (10.0, 10.0, 10.0)), ("kits", (9.0, 8.0, 7.0)))
        for k, v in enumerate(values)
    ]
    told = differences(paired(pd.DataFrame(rows), [DEATHS])).iloc[0]
    assert told["difference"] == -2 and told["share"] == pytest.approx(-0.2)
    assert told["high"] == pytest.approx(-2 + 4.302652730 / math.sqrt(3)) and not told["clear"]


def test_a_missing_run_has_no_pair_and_no_answer() -> None:
    swept = small()
    lost = (swept.table["point"] == 1) & (swept.table["replicate"] == 2) & (swept.table["regime"] == "kits")
    table = swept.table[~lost]
    assert len(paired(totals(table, [DEATHS]), [DEATHS])) == 11
    answer = next(answers(type(swept)(table, swept.points), DEATHS))
    assert answer.paired and answer.base == pytest.approx(10)
    assert np.isnan(answer.values.to_numpy()).sum() == 1
    grid, whole = whole_blocks(answer.values, 1)
    assert grid.shape == (3, 1, 4) and whole.tolist() == [True, False, True]


def test_answers_are_levels_without_a_status_quo_and_one_for_each_place() -> None:
    points = pd.concat([POINTS.assign(place=place) for place in ("A", "B")], ignore_index=True)
    swept = made_up.swept(points, {"kits": lambda p: p["parameters.a"]}, places=("A", "B"))
    found = list(answers(swept, DEATHS))
    assert [one.place for one in found] == ["A", "B"] and not found[0].paired
    assert found[1].means.tolist() == pytest.approx([0, 1, 2]) and found[1].values.index.tolist() == [3, 4, 5]
    assert swept.paths == ("parameters.a", "levers.naloxone.kits")


def test_unknown_names_are_told() -> None:
    with pytest.raises(UserError, match="no outcome 'expected_death'; did you mean 'expected_deaths'"):
        outcome_named("expected_death")
    with pytest.raises(UserError, match="no regime 'kit'; did you mean 'kits'"):
        list(answers(small(), DEATHS, ["kit"]))
    with pytest.raises(UserError, match="no column arrests"):
        totals(small().table.drop(columns="arrests"), [OUTCOMES["arrests"]])


def test_labels_are_short_words() -> None:
    assert label("parameters.fatality_opioid") == "fatality opioid"
    assert label("regimes.harm-reduction.levers.consumption_room.rooms") == "harm-reduction: consumption room: rooms"
    assert label("budgets.council") == "budgets: council"
