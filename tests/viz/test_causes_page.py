"""The picture of the graph of causes: every cause has its arrow, and no words lie on one another."""

from dataclasses import replace

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import PathPatch
from matplotlib.text import Text

from policysim.reference.causes import Graph, graph_of
from policysim.viz.causes_page import draw


@pytest.fixture(scope="module")
def graph() -> Graph:
    return graph_of()


def with_many_more(graph: Graph) -> Graph:
    """As when half as many causes again are there, some with long names and wide ranges."""
    more = [
        replace(c, label=f"another {c.label} of long standing", high=c.high + 1.25, each=True)
        for c in graph.causes[1::2]
    ]
    return replace(graph, causes=(*graph.causes, *more))


@pytest.mark.parametrize("many", [False, True])
def test_no_words_lie_on_one_another_or_off_the_page(graph: Graph, many: bool) -> None:
    figure = draw(with_many_more(graph) if many else graph)
    renderer = FigureCanvasAgg(figure).get_renderer()
    (ax,) = figure.axes
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in ax.texts if text.get_text()]
    assert len(boxes) > 2 * len(graph.causes)
    for k, (said, box) in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 and box.x1 <= figure.bbox.x1, f"{said!r} leaves the page"
        assert figure.bbox.y0 <= box.y0 and box.y1 <= figure.bbox.y1, f"{said!r} leaves the page"
        for other, its in boxes[k + 1 :]:
            assert not box.shrunk(0.98, 0.8).overlaps(its.shrunk(0.98, 0.8)), f"{said!r} lies on {other!r}"


def test_every_cause_has_an_arrow_as_wide_as_its_size_and_dashed_where_it_is_assumed(graph: Graph) -> None:
    (ax,) = draw(graph).axes
    bands = [patch for patch in ax.patches if isinstance(patch, PathPatch) and patch.get_alpha() == 0.9]
    sizes = sorted({round(abs(cause.value), 6) for cause in graph.causes if cause.value})
    wide = {size: [band.get_linewidth() for band in bands].count(pytest.approx(size * 15)) for size in sizes}
    for size in (0.8, 0.6, 0.35):
        assert wide[size] >= sum(abs(cause.value) == size for cause in graph.causes), size
    shown = {text.get_text() for text in ax.texts if isinstance(text, Text)}
    for cause in graph.causes:
        assert any(said.startswith(cause.label[:30]) for said in shown), cause.label
    assert {"Risk", "Resilience", "first use", "exclusion from school"} <= shown
