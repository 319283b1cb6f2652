"""The charts of a sweep: every text within its figure, the same bits each time, words for who cannot see them."""

import itertools
from collections.abc import Iterator

import made_up_answers as made_up
import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text
from SALib.sample import morris, sobol

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.sweeps.frames import Gathered
from policysim.experiments.analysis.sweeps.precision import COLUMNS
from policysim.experiments.analysis.sweeps.screening import problem
from policysim.viz.charts import as_svg
from policysim.viz.charts.sweeps.precision import precision_chart
from policysim.viz.sweep_analyses import Analysis, Asked, allowed, analyses

A, B, C = PATHS = ["parameters.fatality_opioid", "levers.take_home_naloxone.kits_per_100", "parameters.share_injecting"]
QUO = made_up.QUO
REGIMES = {
    QUO: lambda p: 300 + 200 * p[A], "harm-reduction": lambda p: 310 + 200 * p[A] - 80 * p[B] * p[A] + 20 * p[C],
    "diversion": lambda p: 290 + 210 * p[A],
}  # fmt: skip
NAMES = {QUO: "Status quo", "harm-reduction": "Harm reduction", "diversion": "Diversion"}
NUMBERS = {
    "discount_rate": 0.035, "qaly_loss_untreated": 0.4, "qaly_loss_treated": 0.2, "qaly_of_saved": 0.5, "years_of_saved": 30.0
}  # fmt: skip
ASKED = Asked(OUTCOMES["expected_deaths"], numbers=lambda _: NUMBERS)


def sweeps() -> dict[str, Gathered]:
    cube = {
        "morris": morris.sample(problem(PATHS), 4, seed=1),
        "sobol": sobol.sample(problem(PATHS), 16, calc_second_order=False, seed=1),
        "latin-hypercube": made_up.latin(PATHS, 60).to_numpy(),
        "factorial": np.array(list(itertools.product([0.0, 0.5, 1.0], [10.0, 20.0], [1.0]))),
    }  # fmt: skip
    return {
        design: made_up.swept(
            pd.DataFrame(points, columns=PATHS), REGIMES, 3, noise=5.0, design=design, names=NAMES, years=2
        )
        for design, points in cube.items()
    }


SWEEPS = sweeps()


def every() -> Iterator[tuple[str, str]]:
    for design, swept in SWEEPS.items():
        for what in allowed(swept, ASKED):
            if what != "discovery" or design == "latin-hypercube":
                yield design, what


def test_what_is_allowed_goes_by_the_design() -> None:
    assert allowed(SWEEPS["morris"], ASKED) == ["differences", "screening", "robustness", "precision", "value"]
    assert "discovery" in allowed(SWEEPS["latin-hypercube"], ASKED) and "screening" not in allowed(
        SWEEPS["factorial"], ASKED
    )


@pytest.mark.slow
@pytest.mark.parametrize(("design", "what"), list(every()))
def test_every_chart_is_drawn_within_its_figure(design: str, what: str) -> None:
    if what == "discovery":
        pytest.importorskip("ema_workbench")
    for found in analyses(SWEEPS[design], what, ASKED):
        assert found.paragraph.endswith(".") and "nan" not in found.paragraph and len(found.table)
        if found.draw is None:
            continue
        assert found.alt.endswith(".") and "nan" not in found.alt
        assert_within(found)


def assert_within(found: Analysis) -> None:
    assert found.draw is not None
    figure = found.draw()
    figure.draw_without_rendering()
    width, height = figure.bbox.size
    ticks = {id(tick) for ax in figure.axes for axis in (ax.xaxis, ax.yaxis) for tick in axis.findobj(Text)}
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip() and id(text) not in ticks:
            box = text.get_window_extent()
            assert box.x0 >= -1 and box.x1 <= width + 1, f"{found.name}: {text.get_text()!r} runs over"
            assert box.y0 >= -1 and box.y1 <= height + 1, f"{found.name}: {text.get_text()!r} runs over"
            assert text.get_fontsize() >= 12, text.get_text()


@pytest.mark.slow
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("reaches", [(0.5,), (1e-9,), (7e3,), (1e-4, 40.0), (float("nan"), 0.03)])
def test_however_little_or_much_two_seeds_know_the_chart_of_precision_has_its_place(reaches: tuple[float, ...]) -> None:
    rows = [(k, "authority:rutland", "diversion", 1.0, reach, 1.0, reach, 2) for k, reach in enumerate(reaches)]
    figure = precision_chart(pd.DataFrame(rows, columns=list(COLUMNS)), OUTCOMES["expected_deaths"], True, "source")
    figure.draw_without_rendering()
    low, high = figure.axes[0].get_ylim()
    assert low < 0.05 < high, "what is wanted is within the chart"


@pytest.mark.slow
def test_the_same_chart_has_the_same_bits() -> None:
    first, again = (next(analyses(SWEEPS["morris"], "screening", ASKED)).draw() for _ in range(2))
    assert as_svg(first) == as_svg(again)


def test_files_of_places_and_regimes_are_told_apart() -> None:
    places = ("authority:coventry", "authority:leicester")
    points = pd.DataFrame(list(itertools.product([0.0, 1.0], [1.0, 2.0], [1.0])), columns=PATHS)
    swept = made_up.swept(points, REGIMES, 2, noise=1.0, design="factorial", names=NAMES, places=places)
    names = [found.name for found in analyses(swept, "surface", ASKED)]
    assert len(set(names)) == 4 and names[0] == "surface-expected_deaths-harm-reduction-coventry"
