"""What a round's run says, beside what the room guessed: HTML for the room, plain words for whoever reads it out."""

from html import escape
from typing import Any

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.wording import plural
from policysim.viz.app import html
from policysim.viz.app.compare.answers import REACHES, Answer, answers, over_years, usual
from policysim.viz.app.compare.cards import card, heading
from policysim.viz.app.compare.shown import MAIN
from policysim.viz.app.running.found import Found
from policysim.viz.app.session import Session
from policysim.viz.app.workshop.choosing import after_the_run, regimes_of
from policysim.viz.app.workshop.drawing import dots, table
from policysim.viz.app.workshop.guesses import beside, in_percent
from policysim.viz.app.workshop.rounds import Round
from policysim.viz.style import regime_styles

READING = (
    "Ring: the mean difference in percent of the status quo. Thick bar: where chance alone would put it (95%). "
    f"{REACHES}"
)
SPENDING = OUTCOMES["spending"]


def fields() -> list[dict[str, str]]:
    """The three outcomes, for forms."""
    return [{"id": outcome.id, "label": outcome.label} for outcome in MAIN]


def answer_of(session: Session, regime: str, k: int) -> Answer | None:
    """The regime's difference in a main outcome, over all years."""
    comparison = session.comparison.value
    if comparison is None:
        return None
    return next((one for one in answers(comparison.found, MAIN[k], session.years) if one.regime.id == regime), None)


def how_found(found: Found, years: int) -> tuple[str, str]:
    """From what the two intervals come: runs, and sets of drawn numbers."""
    runs, draws = found.seeds(years), found.draws(years)
    return (
        f"{plural(runs, 'run')} of {found.scenario.people or 0:,} simulated people{' each' if runs > 1 else ''}",
        f"{plural(draws, 'set')} of numbers drawn from their ranges",
    )


def side_by_side(session: Session, now: Round, k: int) -> str:
    """One outcome as HTML: the result in words with both intervals, the guesses beside it, the drawing, the table."""
    answer, values = answer_of(session, now.asked, k), now.guesses(k)
    comparison = session.comparison.value
    if answer is None or comparison is None:
        return ""
    result = in_percent(answer)
    title = f"{MAIN[k].label} {over_years(answer.years)}"
    style = regime_styles([now.asked])[now.asked]
    how = how_found(comparison.found, answer.years)
    told = beside(values, result) if now.opened else "The guesses are not open yet."
    drawing = dots(
        values, result, style, escape(f"{title}: guesses and result; the table below says the same", quote=True)
    )
    numbers = html.folded(
        "The numbers in this chart", table(f"{title}, in percent of the status quo", values, result, how)
    )
    return (
        f'<h3>{escape(title)}</h3><p class="ps-shop-result">{escape(answer.sentence)}</p>'
        f'<p class="ps-shop-told">{escape(told)}</p>{drawing if now.opened else ""}{numbers if now.opened else ""}'
    )


def cards(session: Session) -> list[str]:
    """Every regime that was chosen, in the three outcomes, as the comparison shows them."""
    comparison = session.comparison.value
    if comparison is None:
        return []
    found = []
    for outcome in MAIN:
        told = answers(comparison.found, outcome, session.years)
        base = usual(comparison.found, outcome, session.years) if told else ""
        found.append(card(heading(outcome.label, session.years, told), base, told))
    return found


def money(session: Session, now: Round) -> list[str]:
    """A sentence for each regime on its spending beside the budget, where one was set."""
    comparison = session.comparison.value
    if comparison is None or now.budget is None:
        return []
    names: dict[str, Any] = regimes_of(now)
    return [
        f"{one.regime.name}: {after_the_run(now, one.found.gap.mean, one.years)}."
        for one in answers(comparison.found, SPENDING, session.years)
        if one.regime.id in names
    ]
