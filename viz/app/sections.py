"""The three parts of the results: differences in a table, curves, the sampled network."""
# ruff: noqa: N802  (components are named like classes)

from html import escape

import numpy as np
import solara

from policysim.counts.outcomes import OUTCOMES, Outcome
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS
from policysim.experiments.analysis.wording import NOISE, plural, sentence_case, taken_as
from policysim.scenarios.regime import Regime
from policysim.viz.app import html
from policysim.viz.app.drawing import CHART_HEIGHT, curves, mark, network
from policysim.viz.app.form import ACCENT
from policysim.viz.app.network import FRAME_WEEKS, STATE_WORDS, Picture, State
from policysim.viz.app.results import SHOWN, Cell, Results, curve, curve_cells, main_answer, table
from policysim.vocabulary.time import WEEKS_PER_YEAR

CHART = {"style": f"height: {CHART_HEIGHT}px; width: 100%", "role": "img"}
NETWORK = {"style": "height: 460px; width: 100%", "role": "img"}
QUARTERS = WEEKS_PER_YEAR // FRAME_WEEKS


# --- the table of differences ---------------------------------------------------------------------------------------
@solara.component
def Table(results: Results) -> None:
    """What each regime changes over the whole horizon."""
    scenario = results.scenario
    head = ["", "Status quo", *(regime.name for regime in results.others)]
    rows = [
        (
            f'{escape(shown.label)}<span class="ps-small">{escape(taken_as(shown))}</span>',
            f'<span class="ps-number">{base}</span>',
            *(_cell(cell) for cell in cells),
        )
        for shown, base, cells in table(results)
    ]
    where = f"{scenario.where.name}, {plural(scenario.years, 'year')} from {scenario.start_year}"
    caption = f"{where}: the status quo, and how far each regime lies from it"
    with solara.v.Html(tag="section", class_="ps-section"):
        solara.HTML(tag="h2", unsafe_innerHTML="What changes")
        solara.HTML(tag="p", unsafe_innerHTML=escape(main_answer(results)), classes=["ps-answer"])
        solara.HTML(unsafe_innerHTML=html.table(caption, head, rows, "ps-differences"))
        solara.HTML(
            tag="p", classes=["ps-source"],
            unsafe_innerHTML=f"95% intervals {OVER_SEEDS}, for chance alone. “{sentence_case(NOISE)}”: that interval holds "
            f"zero, so chance could have made the difference.{_unknowns(scenario.uncertainty)}",
        )  # fmt: skip


def _unknowns(draws: int) -> str:
    """How to read the other interval, where there is one."""
    if not draws:
        return " What nobody knows of the model’s numbers is not in it."
    return (
        f" Intervals {OVER_UNKNOWNS} are another matter: {plural(draws, 'draw')} of every uncertain number from its range, each "
        "run once under every regime. More runs would not narrow them."
    )


def _cell(cell: Cell) -> str:
    kind = "ps-clear" if cell.clear else "ps-noise"
    return f'<span class="{kind}">{escape(cell.words)}</span><span class="ps-small">{escape(cell.detail)}</span>'


# --- curves ---------------------------------------------------------------------------------------------------------
@solara.component
def Curves(results: Results) -> None:
    """One outcome year by year."""
    chosen, choose = solara.use_state(SHOWN[0].id)
    how, show = solara.use_state("differences")
    shown, paired = OUTCOMES[chosen], how == "differences"
    with solara.v.Html(tag="section", class_="ps-section"):
        solara.HTML(tag="h2", unsafe_innerHTML="Year by year")
        with solara.v.Html(tag="div", class_="ps-controls"):
            solara.v.Select(
                label="Outcome", items=[{"text": item.label, "value": item.id} for item in SHOWN], v_model=chosen,
                on_v_model=choose, outlined=True, dense=True, hide_details=True, class_="ps-outcome",
            )  # fmt: skip
            with solara.v.RadioGroup(v_model=how, on_v_model=show, row=True, hide_details=True, class_="ps-radios"):
                solara.v.Radio(value="differences", label="Difference from the status quo", color=ACCENT)
                solara.v.Radio(value="levels", label="Under each regime", color=ACCENT)
        solara.HTML(tag="h3", unsafe_innerHTML=escape(chart_title(results, shown, paired)))
        option = solara.use_memo(lambda: curves(results, shown, paired), [results, chosen, how])
        label = f"{chart_title(results, shown, paired)}; the numbers are in the table below"
        solara.FigureEcharts(option, attributes={**CHART, "aria-label": label}, responsive=True)
        solara.HTML(tag="p", unsafe_innerHTML=escape(reading(results, shown, paired)), classes=["ps-source"])
        solara.HTML(unsafe_innerHTML=html.folded("The numbers in this chart", numbers(results, shown, paired)))


def chart_title(results: Results, shown: Outcome, paired: bool) -> str:
    """What is drawn, with its unit."""
    unit = "people at a time" if shown.stock else "£ million a year" if shown.money else f"{shown.unit} a year"
    gap = ", difference from the status quo" if paired else ""
    return f"{shown.label}{gap}: {unit}, {results.scenario.where.name}"


def reading(results: Results, shown: Outcome, paired: bool) -> str:
    """How to read the chart, and what is counted."""
    line = "difference from the status quo of the same run" if paired else "mean"
    return (
        f"{sentence_case(shown.meaning)}. Lines: {line}, over {results.scenario.replicates} runs. "
        "Bands: where that mean lies with 95% confidence, given chance alone."
    )


def numbers(results: Results, shown: Outcome, paired: bool) -> str:
    """The chart as a table."""
    points = curve(results, shown, paired)
    chosen = [regime for regime in results.scenario.regimes if regime.id in set(points["regime"])]
    rows = []
    for year, found in points.groupby("year"):
        by_regime = found.set_index("regime")
        cells = [curve_cells(by_regime.loc[regime.id], shown, paired) for regime in chosen]
        rows.append([str(results.scenario.start_year + int(year)), *cells])
    return html.table(chart_title(results, shown, paired), ["Year", *(regime.name for regime in chosen)], rows)


# --- the network ----------------------------------------------------------------------------------------------------
@solara.component
def Network(results: Results) -> None:
    """The same people under the status quo and under a regime, quarter by quarter."""
    picture, scenario = results.picture, results.scenario
    last = len(picture.weeks) - 1
    frame, go = solara.use_state(last)
    other, choose = solara.use_state(results.others[-1].id)
    solara.use_effect(lambda: (go(last), choose(results.others[-1].id))[0], [results])
    other = other if other in picture.frames else results.others[-1].id
    frame = min(frame, last)
    sides = [scenario.regimes[0], next(regime for regime in scenario.regimes if regime.id == other)]
    with solara.v.Html(tag="section", class_="ps-section"):
        solara.HTML(tag="h2", unsafe_innerHTML="A few of the people and their ties")
        solara.HTML(tag="p", unsafe_innerHTML=caption(picture), classes=["ps-source"])
        with solara.v.Html(tag="div", class_="ps-controls"):
            solara.v.Select(
                label="Beside the status quo", v_model=other, on_v_model=choose,
                items=[{"text": regime.name, "value": regime.id} for regime in results.others],
                outlined=True, dense=True, hide_details=True, class_="ps-outcome",
            )  # fmt: skip
            with solara.v.Html(tag="div", class_="ps-slider"):
                solara.v.Slider(
                    v_model=frame, on_v_model=go, min=0, max=last, hide_details=True, color=ACCENT, ticks=last <= 40,
                    label=when(frame), attributes={"aria-label": "Time since the regimes parted"},
                )  # fmt: skip
        with solara.v.Html(tag="div", class_="ps-networks"):
            for place, regime in enumerate(sides):
                Drawing(picture, regime, sides[0], frame).key(f"side-{place}")
            solara.HTML(unsafe_innerHTML=legend(picture, sides, frame))


@solara.component
def Drawing(picture: Picture, regime: Regime, beside: Regime, frame: int) -> None:
    """The sampled people under one regime."""
    label = (
        f"Network of {len(picture.x)} fictional people under {regime.name}; the table beside it counts them by state"
    )
    with solara.v.Html(tag="div", class_="ps-network"):
        solara.HTML(tag="h3", unsafe_innerHTML=f"{escape(regime.name)}, {when(frame).lower()}")
        option = network(picture, regime.id, frame, beside.id)
        solara.FigureEcharts(option, attributes={**NETWORK, "aria-label": label}, responsive=True)


def caption(picture: Picture) -> str:
    """What the drawing is and is not."""
    return (
        f"{len(picture.x)} fictional people of one run, simulated: the same people, in the same places, on both sides. "
        "They were reached tie by tie from someone dependent on heroin or crack, so they are no cross-section of the "
        "place. Grey: household and friendship. Brown: using together when the regimes part. Outlined: in another "
        "state than under the status quo."
    )


def when(frame: int) -> str:
    """A quarter in words."""
    if frame == 0:
        return "At the start"
    years, quarters = divmod(frame, QUARTERS)
    after = plural(years, "year") if years else ""
    months = f"{quarters * 12 // QUARTERS} months" if quarters else ""
    return f"After {' '.join(part for part in (after, months) if part)}"


def legend(picture: Picture, sides: list[Regime], frame: int) -> str:
    """Marks, words and numbers of people in each state, as a table: legend and description in one."""
    counts = [np.bincount(picture.frames[regime.id][frame], minlength=len(State)) for regime in sides]
    rows = [
        (f'<span class="ps-mark">{mark(state)} {STATE_WORDS[state]}</span>', *(str(count[state]) for count in counts))
        for state in State
        if any(count[state] for count in counts) or state != State.AGED_OUT
    ]
    head = ["", *(side.name for side in sides)]
    return html.table(f"People of the drawing, {when(frame).lower()}", head, rows, "ps-legend")
