"""The chart of what each lever brings: legible from the back of a room, honest about noise."""

from itertools import pairwise

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.attribution import Lived, Row, rows_of
from policysim.experiments.analysis.coalitions import Coalition, Part, blocks_of, coalitions, orders_of
from policysim.viz.charts.contributions import MOST, contribution_alt, contribution_chart, shown

GROUPS = {"policing": 2, "treatment": 14, "prevention": 1}
PARTS = [
    Part(
        f"{group}_{k}",
        "lever",
        group,
        f"A lever of {group} with a name of some length, {k}",
        frozenset([f"{group}_{k}"]),
    )
    for group, count in GROUPS.items()
    for k in range(count)
]
BLOCKS = blocks_of(PARTS, "lever-in-group")


def worth(seed: int, coalition: Coalition) -> float:
    """Levers of treatment bring more the higher their number, that of prevention nothing beyond noise."""
    sizes = {f"treatment_{k}": -float(k) for k in range(14)} | {"policing_0": 3.0, "policing_1": -1.0}
    noise = {"prevention_0": float(seed % 2) - 0.5}
    return 500.0 + sum((sizes | noise).get(id, 0.0) * (1 + 0.01 * seed) for id in coalition)


def rows(outcome: str = "arrests") -> list[Row]:
    lived = []
    for seed in range(4):
        orders = orders_of(BLOCKS, seed, 2)
        lived.append(Lived(orders, {one: {outcome: worth(seed, one)} for one in coalitions(BLOCKS, orders)}))
    return rows_of(BLOCKS, lived, outcome, "Made up", False)


FIGURE = contribution_chart(rows(), 5, "policysim simulation, Nowhere")


def words(figure: Figure) -> list[Text]:
    figure.draw_without_rendering()
    ax = figure.axes[0]
    low, high = sorted(ax.get_xlim())
    outside = {tick.label1 for tick in ax.xaxis.get_major_ticks() if not low <= tick.get_loc() <= high}
    return [
        text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible() and text not in outside
    ]


LONGEST = max(OUTCOMES, key=lambda name: len(OUTCOMES[name].label))


@pytest.mark.parametrize("outcome", ["arrests", LONGEST])
def test_letters_are_large_nothing_is_cut_off_and_no_name_lies_over_another(outcome: str) -> None:
    figure = contribution_chart(rows(outcome), 5, "policysim simulation, Nowhere")
    width, height = figure.bbox.size
    for text in words(figure):
        box = text.get_window_extent()
        assert text.get_fontsize() >= 12
        assert box.x0 >= -1 and box.x1 <= width + 1 and box.y0 >= -1 and box.y1 <= height + 1, text.get_text()
    names = [label for label in figure.axes[0].get_yticklabels() if label.get_text()]
    boxes = sorted((label.get_window_extent() for label in names), key=lambda box: box.y0)
    assert all(below.y1 <= above.y0 for below, above in pairwise(boxes)), "no name over another"
    assert min(label.get_fontsize() for label in names) >= 15


def test_unit_and_source_are_named() -> None:
    told = " ".join(text.get_text() for text in words(FIGURE))
    assert "policysim simulation, Nowhere" in told and "more or fewer in 5 years; status quo 500" in told


def test_a_bar_within_noise_is_hollow_and_those_that_bring_least_have_none() -> None:
    drawn = list(FIGURE.axes[0].patches)
    faces = [bar.get_facecolor()[:3] for bar in drawn]
    kept = shown(rows())
    assert len(drawn) == 1 + len(GROUPS) + MOST
    assert faces.count((1.0, 1.0, 1.0)) == 1, "that of prevention alone"
    assert "treatment_1" not in {row.id for row in kept} and "treatment_13" in {row.id for row in kept}
    assert "that bring less have no bar" in " ".join(text.get_text() for text in words(FIGURE))


def test_in_words_it_says_the_same() -> None:
    told = contribution_alt(rows())
    assert (
        told.startswith("Bars of arrests for drug offences, against the status quo: Made up −")
        and "Treatment −" in told
    )


def test_money_is_in_pounds() -> None:
    assert "GBP more or less in 5 years" in " ".join(
        text.get_text() for text in words(contribution_chart(rows("spending"), 5, "nowhere"))
    )
