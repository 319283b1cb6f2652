"""What the page says of a life: how it began, when and why its paths part, and what one life illustrates of an average."""

from collections.abc import Mapping
from html import escape

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.wording import listed, sentence_case
from policysim.viz.app import html
from policysim.viz.app.compare.answers import answers
from policysim.viz.app.lives.drawing import rows, when
from policysim.viz.app.lives.life import Life, Parting, Telling
from policysim.viz.app.running.found import Found
from policysim.viz.style import regime_styles
from policysim.viz.words import HELP_LINES

FICTION = (
    "This person is simulated and fictional. One life illustrates how the model works; only many of them together say "
    "something about a policy."
)
CARE = "Lives told here may hold overdose, prison and death. To talk to someone: " + "; ".join(
    f"{name} {number}, {what}" for name, number, what in HELP_LINES
)
SENSITIVE = "Also say ethnicity, and how somebody died (suicide among it)"


def opening(life: Life, told: Telling) -> str:
    """Who it is, as HTML."""
    return (
        f'<p class="ps-life-who"><strong>{escape(sentence_case(told.who))}.</strong> Lives in {escape(life.area)}. '
        f"{escape(told.start)}.</p>"
    )


def partings(told: Telling, names: Mapping[str, str], start_year: int) -> str:
    """When the paths part and what parted them, as HTML."""
    if told.parting is None:
        return (
            "<h3>The paths never part</h3><p>Everything in this life is the same under each of these regimes. So it is for "
            "most people: a policy reaches some, and the average is made of all.</p>"
        )
    parts = [_part(f"Where they part: {when(told.parting.week, start_year)}", told.parting)]
    later = [
        f"under {names[one]} in {when(lane.parts, start_year)}"
        for lane in told.lanes
        for one in lane.regimes
        if lane.parts is not None
    ]
    same = [names[one] for one in told.lanes[0].regimes[1:]]
    if len(later) > 1 or same:
        text = f"From the status quo it parts {listed(later)}."
        text += f" Under {listed(same)} it stays the same." if same else ""
        parts[0] += f"<p>{escape(text)}</p>"
    if told.turning is not None:
        parts.append(_part(f"The gravest difference: {when(told.turning.week, start_year)}", told.turning))
    return "".join(f"<div>{part}</div>" for part in parts)


def _part(heading: str, parting: Parting) -> str:
    met = html.folded("What was not the same for both", html.bullets(sentence_case(one) for one in parting.met))
    return f"<h3>{escape(heading)}</h3><p>{escape(parting.what)}</p><p>{escape(parting.why)}</p>" + (
        met if parting.met else ""
    )


def average(life: Life, found: Found, years: int) -> str:
    """What one life illustrates and what it does not: the average of many, from the comparison, as HTML."""
    outcome = OUTCOMES[life.illustrates]
    told = answers(found, outcome, years)
    head = f'<h3>What the average is</h3><p class="ps-life-one">{escape(FICTION)}</p>'
    if not told:
        return f"{head}<p>The average is being simulated; it stands here once the first year is through.</p>"
    styles = regime_styles([regime.id for regime in found.scenario.regimes])
    lines = "".join(
        f'<li><strong style="color:{styles[one.regime.id].ink}">{escape(one.regime.name)}.</strong> {escape(one.sentence)}</li>'
        for one in told
    )
    what = (
        f"This life is one where the regimes differ in {outcome.noun}." if life.plain.parting else f"{outcome.label}:"
    )
    return f"{head}<p>{escape(what)} Over all people and runs, against the status quo:</p><ul>{lines}</ul>"


def everything(life: Life, told: Telling, names: Mapping[str, str], start_year: int) -> str:
    """The whole life as a table, to be opened."""
    heads = ["When", *(" and ".join(names[one] for one in lane.regimes) for lane in told.lanes)]
    table = html.table(f"Person {life.person:,}, week by week", heads, rows(told, start_year), "ps-life-table")
    return html.folded("Everything that happened, as a table", table)


def label(life: Life, start_year: int) -> str:
    """A life in a list: who, and when its paths part."""
    who = ", ".join(life.plain.who.split(", ")[:2])
    parting = life.plain.parting
    return f"{sentence_case(who)}; " + (f"parts in {when(parting.week, start_year)}" if parting else "never parts")
