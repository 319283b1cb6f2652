"""What rules of one's own moved most: picked by size against the scatter of seeds, and said to be picked."""

import pandas as pd
import pytest

from policysim.experiments.analysis.moved_most import moved_most


def arms(stock: list[float], edited: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"stock": stock, "edited": edited})


VALUES = {
    "searches": arms([100, 110, 90], [50, 70, 60]),
    "exclusions": arms([10, 20, 30], [5, 25, 45]),
    "arrests": arms([10, 20, 30], [0, 0, 0]),
    "tests": arms([5, 6, 7], [5, 6, 7]),
    "charges": arms([1, 1, 1], [0, 0, 0]),
}


def test_what_moved_most_comes_first_by_the_scatter_of_seeds() -> None:
    found = moved_most(VALUES, "stock", "edited", beside=["arrests"])
    assert [row["outcome"] for row in found.rows] == ["searches", "exclusions"]
    assert [row["standardised"] for row in found.rows] == [pytest.approx(-4), pytest.approx(0.5)]
    assert (found.moved, found.looked_at) == (3, 4), (
        "that all seeds gave the same tells nothing of chance: it moved, unranked"
    )
    assert "of 4 further outcomes 3 differ" in found.caution and "partly luck" in found.caution
    assert found.cells[0][:4] == ("Stop and searches (searches)", "−40 (−65 to −15)", "−40%", "−4.0")


def test_one_seed_tells_nothing_of_chance_and_picks_nothing() -> None:
    found = moved_most({"searches": arms([100], [50])}, "stock", "edited", beside=[])
    assert found.rows == [] and found.caution.startswith("With one seed no outcome can be picked")


def test_what_a_programme_costs_is_told_though_every_seed_says_the_same() -> None:
    programme = {"cost_council": arms([8e6, 9e6, 7e6], [9e6, 10e6, 8e6])}
    found = moved_most(VALUES | programme, "stock", "edited", beside=["arrests"])
    assert [row["outcome"] for row in found.rows] == ["cost_council", "searches", "exclusions"]
    assert found.rows[0]["standardised"] is None and found.rows[0]["difference"] == 1e6
    assert found.cells[0][3] == "same in every seed" and "First stands money that every seed moved" in found.caution


def test_that_nothing_differs_is_said_where_it_is_so_alone() -> None:
    same, alike = {"tests": VALUES["tests"]}, {"charges": VALUES["charges"]}
    assert moved_most(same, "stock", "edited", beside=[]).caution == "No other outcome differs between the two arms."
    found = moved_most(same | alike, "stock", "edited", beside=[])
    assert found.rows == [] and found.caution.startswith("1 further outcome differs between the two arms, by the same")
