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
