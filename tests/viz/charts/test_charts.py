"""Charts: legible, honest about noise, the same for every medium."""

import subprocess
import sys

import made_up_results
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.cost_effectiveness import findings, points_of_draws, points_of_seeds
from policysim.experiments.analysis.equity import AXES, TEN_YEAR_BANDS, ByGroup
from policysim.experiments.analysis.equity_tables import ratio_rows
from policysim.viz import style
from policysim.viz.charts import (
    Look,
    Panel,
    RatioPanel,
    acceptability_chart,
    age_chart,
    as_svg,
    difference_chart,
    group_chart,
    plane_chart,
    ratio_chart,
    spread,
    yearly_chart,
)
from policysim.viz.charts.ratios import ticks_between
from policysim.viz.digest import Digest, by_group, totals, yearly

SCENARIO = made_up_results.scenario()
WHOLE = made_up_results.weekly(SCENARIO)
DIGEST = Digest(SCENARIO, WHOLE[WHOLE["area"] == "all"], made_up_results.by_group(SCENARIO))
LOOK = Look(DIGEST.names, style.source_line("West Midlands"), SCENARIO.start_year)


AXIS = AXES["ethnicity"]


def ratio_panel(groups: pd.DataFrame = DIGEST.groups) -> RatioPanel:
    """Ratios of searches by ethnic group, every simulated person a resident."""
    found = ByGroup(SCENARIO.model_copy(update={"one_in": 1.0}), groups)
    table = pd.DataFrame(ratio_rows(found, ["searches"], [AXIS]))
    return RatioPanel(table, "Searches", {group: AXIS.names[group] for group in AXIS.others})


def value_charts() -> dict[str, Figure]:
    of_seeds = points_of_seeds(DIGEST.weekly, SCENARIO)
    drawn = made_up_results.scenario(uncertainty=4)
    of_draws = points_of_draws(made_up_results.by_draw(drawn), drawn)
    found = list(findings(of_seeds, of_draws))
    return {
        "plane": plane_chart(found, of_seeds, of_draws, LOOK, 2), "plane of seeds": plane_chart(found, of_seeds, {}, LOOK, 2),
        "acceptability": acceptability_chart(of_seeds, of_draws, LOOK),
    }  # fmt: skip


def charts() -> dict[str, Figure]:
    outcomes = [OUTCOMES[name] for name in ("deaths", "in_treatment", "cost_police")]
    panels = [Panel(by_group(DIGEST, name, "age", TEN_YEAR_BANDS), name, "a year") for name in ("deaths", "arrests")]
    ethnic = Panel(by_group(DIGEST, "arrests", "ethnicity"), "Arrests", "a year")
    return {
        "yearly": yearly_chart(yearly(DIGEST, outcomes[0]), outcomes[0], LOOK, yearly(DIGEST, outcomes[1])),
        "difference": difference_chart([(outcome, totals(DIGEST, outcome)) for outcome in outcomes], LOOK, 2),
        "age": age_chart(panels, LOOK),
        "group": group_chart([[ethnic, ethnic], [ethnic]], LOOK),
        "ratio": ratio_chart([ratio_panel(), ratio_panel()], LOOK, AXIS.against),
        **value_charts(),
    }


CHARTS = charts()


def words_of(figure: Figure) -> list[Text]:
    """Everything written on a figure, without the labels of ticks that lie outside the axes and are not drawn."""
    outside = set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            outside |= {tick.label1 for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high}
    texts = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    return [text for text in texts if text not in outside]


def test_no_window_system_is_needed():
    """Charts are drawn in a server's threads too: pyplot, with its state for all, is never imported."""
    code = "import policysim.viz.charts, sys; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


@pytest.mark.parametrize("name", CHARTS)
def test_letters_are_large_and_the_source_is_named(name):
    CHARTS[name].draw_without_rendering()
    texts = words_of(CHARTS[name])
    assert min(text.get_fontsize() for text in texts) >= 12
    assert any("policysim simulation, West Midlands" in text.get_text() for text in texts)


@pytest.mark.parametrize("name", CHARTS)
def test_nothing_is_cut_off_or_set_over_the_edge(name):
    figure = CHARTS[name]
    figure.draw_without_rendering()
    width, height = figure.bbox.size
    for text in words_of(figure):
        box = text.get_window_extent()
        if box.width:
            assert box.x0 >= -1 and box.x1 <= width + 1, text.get_text()
            assert box.y0 >= -1 and box.y1 <= height + 1, text.get_text()


def test_a_difference_within_noise_is_hollow():
    quiet, clear = OUTCOMES["deaths"], OUTCOMES["arrests"]
    figure = difference_chart([(quiet, totals(DIGEST, quiet)), (clear, totals(DIGEST, clear))], LOOK, 2)
    dots = {
        line.get_marker(): line.get_markerfacecolor() for line in figure.axes[0].lines if line.get_marker() != "None"
    }
    assert dots[style.SHIPPED["diversion"].marker] == "white"
    assert dots[style.SHIPPED["harm-reduction"].marker] == style.SHIPPED["harm-reduction"].colour


def marked(figure: Figure) -> list[str]:
    """What is written at the ticks."""
    figure.draw_without_rendering()
    drawn = [axis for ax in figure.axes if ax.get_visible() for axis in (ax.xaxis, ax.yaxis)]
    return [label.get_text() for axis in drawn for label in axis.get_ticklabels() if label.get_text()]


def test_where_nothing_was_counted_no_axis_is_made_up():
    """Zero alone stands on it, and groups too few to be told say so."""
    weeks, groups = DIGEST.weekly.assign(deaths=0.0), DIGEST.groups.assign(deaths=0.0, searches=0.0)
    none = Digest(SCENARIO, weeks, groups)
    deaths, fives = OUTCOMES["deaths"], [f"{age} to {age + 9}" for age in range(10, 80, 10)]
    years = [str(SCENARIO.start_year + k) for k in range(SCENARIO.years)]
    assert set(marked(yearly_chart(yearly(none, deaths), deaths, LOOK))) == {"0", *years}
    others = {LOOK.names[name] for name in LOOK.others}
    assert set(marked(difference_chart([(deaths, totals(none, deaths))], LOOK, 2))) == {"0", *others}
    ages = age_chart([Panel(by_group(none, "deaths", "age", TEN_YEAR_BANDS), "Deaths", "a year")], LOOK)
    assert set(marked(ages)) == {"0", *fives}
    panel = Panel(by_group(none, "searches", "ethnicity"), "Searches", "a year")
    assert set(marked(group_chart([[panel]], LOOK))) == {"0", *panel.table["group"]}
    for figure, few in ((ages, 7), (group_chart([[panel]], LOOK), 5), (CHARTS["group"], 3)):
        assert [text.get_text() for text in words_of(figure)].count("under 5") == few


def test_a_ratio_is_hollow_where_its_interval_holds_one_and_no_axis_is_made_up():
    apart = DIGEST.groups["group"] == AXIS.others[0]
    panel = ratio_panel(DIGEST.groups.assign(searches=DIGEST.groups["searches"] * np.where(apart, 9, 1)))
    ax = ratio_chart([panel], LOOK, AXIS.against).axes[0]
    dots = [line for line in ax.lines if line.get_marker() in {LOOK.styles[name].marker for name in LOOK.names}]
    assert len(dots) == len(LOOK.names) * len(AXIS.others)
    rows = panel.table[panel.table["group"] != AXIS.reference].set_index(["regime", "group"])
    order = [(name, group) for name in LOOK.names for group in AXIS.others]
    for key, dot in zip(order, dots, strict=True):
        clear = rows.loc[key, "ratio_low"] > 1 or rows.loc[key, "ratio_high"] < 1
        assert (dot.get_markerfacecolor() != "white") == clear and dot.get_xdata()[0] == rows.loc[key, "ratio"]
    assert {dot.get_markerfacecolor() == "white" for dot in dots} == {True, False}
    none = ratio_chart([ratio_panel(DIGEST.groups.assign(searches=0.0))], LOOK, AXIS.against)
    assert set(marked(none)) == {"1", *AXIS.names.values()} - {"White"}
    assert [text.get_text() for text in words_of(none)].count("under 5") == 2 * len(AXIS.others)


@settings(deadline=None)
@given(st.floats(0.01, 0.99), st.floats(1.01, 100))
def test_ticks_of_ratios_are_few_and_within(low, high):
    ticks = ticks_between(low, high)
    assert 1 <= len(ticks) <= 8 and 1 in ticks and all(low <= tick <= high for tick in ticks)


def test_one_year_alone_has_its_interval():
    item = OUTCOMES["deaths"]
    table = yearly(DIGEST, item)
    figure = yearly_chart(table[table["year"] == 0], item, LOOK)
    drawn = [line for ax in figure.axes for part in ax.collections for line in getattr(part, "get_segments", list)()]
    assert len(drawn) == len(LOOK.names) + len(LOOK.others)
    level = [x for line in drawn[: len(LOOK.names)] for x in set(line[:, 0])]
    assert len({round(x, 6) for x in level}) == len(LOOK.names), "side by side, none on top of another"
    assert np.mean(level) == pytest.approx(LOOK.start_year)


def test_equal_seeds_are_drawn_hollow_and_without_whisker():
    item = OUTCOMES["arrests"]
    table = totals(DIGEST, item)
    table.loc["harm-reduction", ["difference_low", "difference_high"]] = np.nan
    figure = difference_chart([(item, table)], LOOK, 2)
    faces = {line.get_marker(): line.get_markerfacecolor() for line in figure.axes[0].lines}
    assert faces[style.SHIPPED["harm-reduction"].marker] == "white"
    assert "no interval" in figure.get_supxlabel()


def test_a_chart_is_the_same_bits_each_time():
    item = OUTCOMES["deaths"]
    one, other = (as_svg(yearly_chart(yearly(DIGEST, item), item, LOOK)) for _ in range(2))
    assert one == other
    assert "<text" not in one


def test_one_regime_alone_has_no_difference_panel():
    item = OUTCOMES["deaths"]
    table = yearly(DIGEST, item)
    figure = yearly_chart(table[table["regime"] == "diversion"], item, Look({"diversion": "Diversion"}, "source"))
    assert len(figure.axes) == 1


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=8), st.floats(0.01, 10))
def test_labels_are_spread_in_order_and_never_overlap(positions, gap):
    placed = spread(positions, gap)
    order = np.argsort(positions, kind="stable")
    steps = np.diff(np.array(placed)[order])
    assert (steps >= gap * (1 - 1e-6)).all()
    if len(positions) == 1 or np.diff(np.sort(positions)).min() >= gap:
        assert placed == pytest.approx(positions)
