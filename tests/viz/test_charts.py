"""Charts and their vocabulary: legible, honest about noise, the same for every medium."""

import itertools
import subprocess
import sys

import made_up_results
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.text import Text

from policysim.counts.outcomes import COST_OUTCOMES, OUTCOMES
from policysim.scenarios.regime import regimes
from policysim.viz import style
from policysim.viz.charts import (
    Look,
    Panel,
    age_chart,
    as_svg,
    difference_chart,
    group_chart,
    spread,
    yearly_chart,
)
from policysim.viz.digest import TEN_YEAR_BANDS, Digest, by_group, estimates, totals, yearly

SCENARIO = made_up_results.scenario()
WHOLE = made_up_results.weekly(SCENARIO)
DIGEST = Digest(SCENARIO, WHOLE[WHOLE["area"] == "all"], made_up_results.by_group(SCENARIO))
LOOK = Look(DIGEST.names, style.source_line("West Midlands"), SCENARIO.start_year)


def charts() -> dict[str, Figure]:
    measures = [style.measure(name) for name in ("deaths", "in_treatment", "cost_police")]
    panels = [Panel(by_group(DIGEST, name, "age", TEN_YEAR_BANDS), name, "a year") for name in ("deaths", "arrests")]
    ethnic = Panel(by_group(DIGEST, "arrests", "ethnicity"), "Arrests", "a year")
    return {
        "yearly": yearly_chart(yearly(DIGEST, measures[0]), measures[0], LOOK, yearly(DIGEST, measures[1])),
        "difference": difference_chart([(m, totals(DIGEST, m)) for m in measures], LOOK, 2),
        "age": age_chart(panels, LOOK),
        "group": group_chart([[ethnic, ethnic], [ethnic]], LOOK),
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


# --- vocabulary -------------------------------------------------------------------------------------------------------
def luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("ink", [s.ink for s in (*style.SHIPPED.values(), *style.OTHERS)] + [style.QUIET, style.TEXT])
def test_words_stand_out_from_the_page(ink):
    assert 1.05 / (luminance(ink) + 0.05) >= 4.5


def test_regimes_are_told_apart_by_colour_and_without_colour():
    styles = style.regime_styles([*regimes(), "mine", "another"])
    for one, other in itertools.combinations(styles.values(), 2):
        assert one.colour != other.colour
        assert one.marker != other.marker


def test_every_outcome_has_a_name_and_a_unit():
    for name in (*OUTCOMES, *COST_OUTCOMES, *style.COMBINED):
        item = style.measure(name)
        assert item.label[0].isupper()
        assert item.unit and item.meaning and item.noun


@pytest.mark.parametrize(
    ("value", "plain", "money"),
    [
        (0, "0", "£0"), (0.04, "0.04", "£0.04"), (3.25, "3.2", "£3.2"), (42.4, "42", "£42"), (999.6, "1000", "£1000"),
        (1234, "1,230", "£1,230"), (-56_789, "−56,800", "−£56,800"), (1_234_567, "1.23m", "£1.23m"),
        (2_345_678_901, "2.35bn", "£2.35bn"), (float("nan"), "not known", "not known"),
    ],
)  # fmt: skip
def test_numbers_are_written_with_three_figures(value, plain, money):
    assert style.number(value) == plain
    assert style.number(value, money=True) == money


def test_signs_and_intervals():
    assert (style.signed(12), style.signed(-12), style.signed(0)) == ("+12", "−12", "0")
    assert style.signed(1_500_000, money=True) == "+£1.50m"
    assert (style.percent(0.041), style.percent(-0.5), style.percent(0.0001)) == ("+4.1%", "−50%", "0%")
    assert style.span(-3, 12, signs=True) == "−3.0 to +12"
    assert style.span(float("nan"), float("nan")) == "no interval from one seed"
    assert (style.tick(4.0), style.tick(-40_000_000, money=True, signs=True)) == ("4", "−£40m")


def test_years_are_calendar_years():
    assert style.year_of(51, 2025) == 2025
    assert style.year_of(52, 2025) == 2026
    assert style.years_axis(2025, 10) == [2025, 2027, 2029, 2031, 2033]


# --- digest -----------------------------------------------------------------------------------------------------------
def test_differences_are_paired_by_seed():
    values = pd.DataFrame({"status-quo": [10.0, 20.0, 30.0], "diversion": [9.0, 18.0, 30.0]})
    row = estimates(values).loc["diversion"]
    assert row["difference"] == pytest.approx(-1)
    assert row["difference_high"] - row["difference"] == pytest.approx(4.302653 * 1 / np.sqrt(3))
    assert np.isnan(estimates(values).at["status-quo", "difference"])
    assert np.isnan(estimates(values[:1]).at["diversion", "difference_low"])


def test_events_add_up_and_people_are_averaged():
    deaths, treated = style.measure("deaths"), style.measure("in_treatment")
    rows = DIGEST.weekly[DIGEST.weekly["regime"] == "status-quo"]
    assert totals(DIGEST, deaths).at["status-quo", "mean"] == pytest.approx(rows["deaths"].sum() / 3)
    level = rows[list(treated.columns)].sum(axis=1).mean()
    assert totals(DIGEST, treated).at["status-quo", "mean"] == pytest.approx(level)
    by_year = yearly(DIGEST, deaths)
    assert by_year[by_year["regime"] == "status-quo"]["mean"].sum() == pytest.approx(rows["deaths"].sum() / 3)


def test_small_counts_are_hidden():
    table = by_group(DIGEST, "arrests", "ethnicity").set_index(["group", "regime"])
    assert np.isnan(table.loc[("other", "status-quo"), ["total", "mean", "low", "high"]].to_numpy(float)).all()
    assert table.loc[("white", "status-quo"), "total"] == pytest.approx(80, abs=15)


# --- charts -----------------------------------------------------------------------------------------------------------
@pytest.mark.slow
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
    quiet, clear = style.measure("deaths"), style.measure("arrests")
    figure = difference_chart([(quiet, totals(DIGEST, quiet)), (clear, totals(DIGEST, clear))], LOOK, 2)
    dots = {
        line.get_marker(): line.get_markerfacecolor() for line in figure.axes[0].lines if line.get_marker() != "None"
    }
    assert dots[style.SHIPPED["diversion"].marker] == "white"
    assert dots[style.SHIPPED["harm-reduction"].marker] == style.SHIPPED["harm-reduction"].colour


def test_a_chart_is_the_same_bits_each_time():
    item = style.measure("deaths")
    one, other = (as_svg(yearly_chart(yearly(DIGEST, item), item, LOOK)) for _ in range(2))
    assert one == other
    assert "<text" not in one


def test_one_regime_alone_has_no_difference_panel():
    item = style.measure("deaths")
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
