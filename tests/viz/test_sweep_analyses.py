"""Analyses of a sweep in several places: each says which place it is of, in words rather than paths."""

import made_up_answers as made_up
import pandas as pd
import pytest

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.sweeps.words import points_in
from policysim.viz.charts import as_svg
from policysim.viz.sweep_analyses import Asked, analyses

PLACES = ("authority:coventry", "authority:leicester")
POINTS = pd.DataFrame({"parameters.overdose_rate[heroin]": [1.0, 2.0, 1.0, 2.0], "parameters.b": [1.0, 1.0, 2.0, 2.0]})
ASKED = Asked(OUTCOMES["expected_deaths"])


def test_titles_name_the_place_and_what_varies_in_words() -> None:
    regimes = {"status-quo": lambda p: 50 + p["parameters.b"], "kits": lambda p: 40 + p["parameters.b"]}
    swept = made_up.swept(POINTS, regimes, noise=0.1, places=PLACES, design="factorial")
    for what in ("differences", "surface"):
        titles = [one.title for one in analyses(swept, what, ASKED)]
        assert [title.rpartition(", in ")[2] for title in titles] == ["Coventry", "Leicester"]
    assert (
        "over b and overdose rate (heroin): kits" in titles[0] or "over overdose rate (heroin) and b: kits" in titles[0]
    )
    (ranking,) = analyses(swept, "robustness", ASKED)
    assert "at 8 points, 4 in each of 2 places: best is" in ranking.paragraph


def test_one_place_goes_without_saying() -> None:
    swept = made_up.swept(POINTS, {"status-quo": lambda p: 50, "kits": lambda p: 40 + p["parameters.b"]}, noise=0.1)
    (one,) = analyses(swept, "differences", ASKED)
    assert one.title.endswith("differences at every point") and points_in(4, swept) == "4 points"
    assert "its lowest point" in one.paragraph


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("noise", [0.01, 20.0])
def test_what_is_known_far_better_or_worse_than_wanted_is_drawn_whole(noise: float) -> None:
    regimes = {"status-quo": lambda p: 50 + p["parameters.b"], "kits": lambda p: 40 + p["parameters.b"]}
    (found,) = analyses(made_up.swept(POINTS, regimes, noise=noise), "precision", ASKED)
    assert found.draw is not None and as_svg(found.draw()).startswith("<")


def test_a_cell_within_noise_shows_its_frame_on_dark_ground_too() -> None:
    points = POINTS.assign(**{"parameters.b": [1.0, 1.0, 40.0, 40.0]})
    regimes = {"status-quo": lambda p: 200 + 0 * p["parameters.b"], "kits": lambda p: 200 - p["parameters.b"]}
    (found,) = analyses(made_up.swept(points, regimes, 2, noise=60.0, design="factorial"), "surface", ASKED)
    assert found.draw is not None
    frames = {patch.get_edgecolor() for ax in found.draw().axes for patch in ax.patches if not patch.get_fill()}
    assert (1.0, 1.0, 1.0, 1.0) in frames and len(frames) == 2


def test_noise_on_a_surface_is_marked_with_what_a_pdf_draws() -> None:
    points = made_up.latin(["parameters.a", "parameters.b"], 40)
    regimes = {"status-quo": lambda p: 200 + 0 * p["parameters.a"], "kits": lambda p: 200 - 5 * p["parameters.a"]}
    swept = made_up.swept(points, regimes, 2, noise=1.0, design="latin-hypercube")
    (found,) = analyses(swept, "surface", ASKED)
    assert found.draw is not None and (found.table["low"] * found.table["high"] < 0).any()
    assert "<pattern" not in as_svg(found.draw())
    within = ((found.table["low"] <= 0) & (found.table["high"] >= 0)).sum()
    assert within in {len(line.get_xdata()) for ax in found.draw().axes for line in ax.lines}
