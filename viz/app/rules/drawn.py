"""What an edit changes, drawn as Compare draws regimes: one outcome year by year, in words, and as a table."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Mapping
from html import escape

import solara

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.against_stock import SHOWN, shown_of
from policysim.viz.app.compare.drawing import CHART_HEIGHT, USUAL, Letters, curves
from policysim.viz.app.compare.form import ACCENT
from policysim.viz.app.compare.themes import Chart, Folded
from policysim.viz.app.pick import Pick, options
from policysim.viz.app.rules.own import PEOPLE
from policysim.viz.app.rules.side_by_side import by_year, sentence, unit_of
from policysim.viz.app.running.found import Found


@solara.component
def Drawn(found: Mapping[str, Found], letters: Letters = USUAL) -> None:
    """The chart of one regime, by its name, with what the edit changes under each of them beside it."""
    outcome_id, choose = solara.use_state(SHOWN[0].id)
    wanted, turn = solara.use_state("")
    paired, pair = solara.use_state(True)
    tabled, tell = solara.use_state(False)
    regime = wanted if wanted in found else next(iter(found))
    shown = found[regime]
    outcomes = {one.id: one for one in shown_of(shown.scenario)}
    outcome = outcomes.get(outcome_id, SHOWN[0])  # one of one's own is gone when a save took it out
    with solara.v.Html(tag="div"):
        with solara.v.Html(tag="div", class_="ps-controls"):
            Pick(
                label="Outcome",
                options=options({one.id: one.label for one in outcomes.values()}),
                chosen=outcome.id,
                event_choose=choose,
            )
            Pick(label="Under", options=options({name: name for name in found}), chosen=regime, event_choose=turn)
            with solara.v.RadioGroup(
                v_model=paired, on_v_model=pair, row=True, hide_details=True, class_="ps-radios",
                attributes={"aria-label": "Shown as"},
            ):  # fmt: skip
                solara.v.Radio(value=True, label="What your edit changes", color=ACCENT)
                solara.v.Radio(value=False, label="Stock and edited rules", color=ACCENT)
        title = title_of(shown, outcome, paired, regime)
        solara.HTML(tag="h3", unsafe_innerHTML=escape(title))
        with solara.v.Html(tag="div", class_="ps-beside"):
            Chart(
                option=curves(shown, outcome, paired, letters, shown.years), height=CHART_HEIGHT,
                label=f"{title}; the numbers are in the table below",
            )  # fmt: skip
            solara.HTML(tag="div", unsafe_innerHTML=in_words(found, outcome), classes=["ps-words"])
        solara.HTML(tag="p", unsafe_innerHTML=escape(reading(shown, paired)), classes=["ps-source"])
        numbers = by_year(shown, outcome, title) if tabled else ""
        Folded(summary="The numbers in this chart", inside=numbers, event_turn=tell)


def title_of(found: Found, outcome: Outcome, paired: bool, regime: str) -> str:
    """What is drawn, with its unit, where, and under which regime."""
    unit, where = unit_of(outcome), found.scenario.where.name
    if paired:
        return f"{outcome.label}: what your edit changes under “{regime}”, {unit}, {where}"
    return f"{outcome.label} under “{regime}”: {unit}, {where}"


def in_words(found: Mapping[str, Found], outcome: Outcome) -> str:
    """What the edit changes under each regime, a sentence for each."""
    told = "".join(
        f"<p><strong>{escape(name)}.</strong> {escape(sentence(one, outcome))}</p>" for name, one in found.items()
    )
    return f"<h4>Your rules against the stock rules</h4>{told}"


def reading(found: Found, paired: bool) -> str:
    """How to read the chart, and what it is made of."""
    line = "what your rules make of the same seed, less what the stock rules make of it" if paired else "mean"
    return (
        f"Lines: {line}, over {found.seeds(found.years)} seeds so far. Bands: where it lies with 95% confidence, given chance "
        f"alone. Source: policysim simulation, {PEOPLE:,} simulated people, scaled to residents: a first look, too few to quote."
    )
