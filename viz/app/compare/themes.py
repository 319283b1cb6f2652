"""What stands behind the tabs under the main answers: an outcome year by year, its differences in words, and who is affected."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

import pandas as pd
import solara

from policysim.counts.outcomes import OUTCOMES, Outcome
from policysim.experiments.analysis.equity import AXES, ByGroup, Told
from policysim.experiments.analysis.estimates import level_in
from policysim.experiments.analysis.wording import Difference, level, sentence_case
from policysim.viz.app import html
from policysim.viz.app.compare.answers import answers
from policysim.viz.app.compare.drawing import CHART_HEIGHT, curve, curves, letters_of
from policysim.viz.app.compare.form import ACCENT
from policysim.viz.app.compare.shown import Theme
from policysim.viz.app.pick import Pick, options
from policysim.viz.app.running.found import Found
from policysim.viz.app.session import Session
from policysim.viz.style import regime_styles, source_line


@solara.component
def Themed(session: Session, theme: Theme) -> None:
    """One outcome of a theme: its curve, and what each regime does to it in a sentence."""
    wanted, want = solara.use_state("")
    paired, pair = solara.use_state(True)
    tabled, table = solara.use_state(False)
    sight, letters = session.sight.value, letters_of(session.projector.value)
    if sight.comparison is None:
        return
    chosen = wanted if wanted in {outcome.id for outcome in theme.outcomes} else theme.outcomes[0].id
    found, years, shown = sight.comparison.found, sight.years, OUTCOMES[chosen]
    with solara.v.Html(tag="div", class_="ps-controls"):
        Pick(
            label="Outcome",
            options=options({item.id: item.label for item in theme.outcomes}),
            chosen=chosen,
            event_choose=want,
        )
        with solara.v.RadioGroup(
            v_model=paired,
            on_v_model=pair,
            row=True,
            hide_details=True,
            class_="ps-radios",
            attributes={"aria-label": "Shown as"},
        ):
            solara.v.Radio(value=True, label="Difference from the status quo", color=ACCENT)
            solara.v.Radio(value=False, label="Under each regime", color=ACCENT)
    title = chart_title(found, shown, paired)
    solara.HTML(tag="h3", unsafe_innerHTML=escape(title))
    with solara.v.Html(tag="div", class_="ps-beside"):
        Chart(
            option=found.once(curves, shown, paired, letters, years=years),
            label=f"{title}; the numbers are in the table below",
            height=CHART_HEIGHT,
        )
        solara.HTML(tag="div", unsafe_innerHTML=found.once(sentences, shown, years=years), classes=["ps-words"])
    solara.HTML(tag="p", unsafe_innerHTML=escape(reading(found, shown, paired, years)), classes=["ps-source"])
    Folded(
        summary="The numbers in this chart",
        inside=found.once(numbers, shown, paired, years=years) if tabled else "",
        event_turn=table,
    )


@solara.component_vue("folded.vue")
def Folded(summary: str, inside: str, event_turn: Callable[[bool], None]) -> None:
    """Something that opens when asked for, is sent only then, and stays open while it changes."""


@solara.component_vue("chart.vue")
def Chart(option: dict[str, Any], label: str, height: int) -> None:
    """ECharts options as a picture."""


def chart_title(found: Found, shown: Outcome, paired: bool) -> str:
    """What is drawn, with its unit."""
    unit = "people at a time" if shown.stock else "£ million a year" if shown.money else f"{shown.unit} a year"
    gap = ", difference from the status quo" if paired else ""
    return f"{shown.label}{gap}: {unit}, {found.scenario.where.name}"


def sentences(found: Found, shown: Outcome, years: int) -> str:
    """What each regime does to the outcome, a sentence for each."""
    told = answers(found, shown, years)
    if not told:
        return '<p class="ps-waiting">The first year is being simulated.</p>'
    styles = regime_styles([regime.id for regime in found.scenario.regimes])
    return "".join(
        f'<p><strong style="color:{styles[one.regime.id].ink}">{escape(one.regime.name)}.</strong> {escape(one.sentence)}</p>'
        for one in told
    )


def reading(found: Found, shown: Outcome, paired: bool, years: int) -> str:
    """How to read the chart, and what is counted."""
    line = "difference from the status quo of the same run" if paired else "mean"
    return (
        f"{sentence_case(shown.meaning)}. Lines: {line}, over {found.seeds(years)} runs so far. "
        "Bands: where that mean lies with 95% confidence, given chance alone. "
        f"Source: {source_line(found.scenario.where.name, comparator=False)}."
    )


def numbers(found: Found, shown: Outcome, paired: bool, years: int) -> str:
    """The chart as a table."""
    if not years:
        return "<p>There is nothing to show yet.</p>"
    points = curve(found, shown, paired, years)
    names = {regime.id: regime.name for regime in found.scenario.regimes if regime.id in set(points["regime"])}
    return table_of(chart_title(found, shown, paired), found.scenario.start_year, points, names, shown, paired)


def table_of(
    caption: str, start_year: int, points: pd.DataFrame, names: Mapping[str, str], shown: Outcome, paired: bool
) -> str:  # fmt: skip
    """Points of curves as a table: a row for each year, a column for each name."""
    rows = []
    for year, at in points.groupby("year"):
        by_regime = at.set_index("regime")
        cells = [_cells(by_regime.loc[id], shown, paired) for id in names]
        rows.append([str(start_year + int(year)), *cells])
    return html.table(caption, ["Year", *names.values()], rows)


def _cells(row: pd.Series, outcome: Outcome, paired: bool) -> str:
    """A point of a curve as the table prints it."""
    if paired:
        return Difference(outcome, level_in(row), base=0).signed_with_limits
    mean, *limits = level(level_in(row), outcome)
    return f"{mean} ({limits[0]})" if limits else mean


# --- who is affected --------------------------------------------------------------------------------------------------
ASKED = ("searches", "arrests", "expected_deaths", "treatment_entries", "first_use")
"""The outcomes for which groups are set beside one another."""


@solara.component
def Equity(session: Session) -> None:
    """How many times as often one group meets an outcome as another, under each regime."""
    chosen, choose = solara.use_state(ASKED[0])
    axis_id, turn = solara.use_state(next(iter(AXES)))
    sight = session.sight.value
    if sight.comparison is None:
        return
    with solara.v.Html(tag="div", class_="ps-controls"):
        Pick(
            label="Outcome",
            options=options({name: OUTCOMES[name].label for name in ASKED}),
            chosen=chosen,
            event_choose=choose,
        )
        Pick(
            label="Groups",
            options=options({axis.id: axis.label for axis in AXES.values()}),
            chosen=axis_id,
            event_choose=turn,
        )
    table = sight.comparison.found.once(ratios, OUTCOMES[chosen], axis_id, years=sight.years)
    solara.HTML(unsafe_innerHTML=table)


def ratios(found: Found, shown: Outcome, axis_id: str, _years: int = 0) -> str:
    """A group's rate over that of reference under each regime, as a table; or that it waits for whole runs."""
    whole = found.whole_runs()
    if not whole:
        return '<p class="ps-waiting">Groups are told apart once the first run has ended.</p>'
    axis = AXES[axis_id]
    by_group = ByGroup(found.scenario, found.by_group(whole))
    regimes = found.scenario.regimes
    rows = [
        [
            escape(axis.names[group]),
            *(_ratio(by_group.ratio(axis, shown.id, group, regime.id)[0]) for regime in regimes),
        ]
        for group in axis.others
    ]
    caption = f"{shown.label}: how many times as often, per resident, as {axis.against} ({len(whole)} runs)"
    note = (
        '<p class="ps-source">A ratio describes; it explains nothing. Counts under five are hidden. (95% limits.)</p>'
    )
    return html.table(caption, ["", *(regime.name for regime in regimes)], rows) + note


def _ratio(told: Told) -> str:
    if told.why:
        return escape(told.why)
    found = told.found
    limits = f" ({found.low:.2g} to {found.high:.2g})" if found.has_interval else ""
    return f"{found.mean:.2g}{limits}"
