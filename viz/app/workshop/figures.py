"""What a quiz shows: the outcomes of a regime without a name, and after the reveal how the room picked."""

from html import escape

from policysim.counts.outcomes import COSTS, Outcome
from policysim.experiments.analysis.wording import plural
from policysim.viz.app import html
from policysim.viz.app.compare.answers import REACHES, Answer, answers, how_sure, usual
from policysim.viz.app.compare.cards import bar, card_of, heading, reach
from policysim.viz.app.compare.drawing import Letters, Option, curve, curve_of
from policysim.viz.app.compare.shown import MAIN
from policysim.viz.app.compare.themes import table_of
from policysim.viz.app.running.found import Found
from policysim.viz.app.workshop.clues import telling
from policysim.viz.app.workshop.quiz import LETTERS, Quiz
from policysim.viz.style import TEXT, RegimeStyle

UNNAMED = "?"
NEUTRAL = RegimeStyle(TEXT, TEXT, "solid", "o")
"""Of a regime without a name: the colours of all others are told apart by whoever knows the page."""
WHO_PAYS = "Who pays"
READING = (
    "Line that ends in “?”: the regime’s mean difference from the status quo, year by year. Dashed, at 0: the status quo. "
    "Band: where chance alone would put that mean (95%). {}."
)
PAYERS = f"Dot: the mean difference from the status quo. Thick bar: where chance alone would put it (95%). {REACHES}"


def drawn(quiz: Quiz) -> list[Outcome]:
    """The outcomes that are shown as curves."""
    return [outcome for outcome in quiz.outcomes if outcome.id not in COSTS]


def pays(quiz: Quiz) -> bool:
    """Whether the hint on who pays is out."""
    return any(outcome.id in COSTS for outcome in quiz.outcomes)


def _answer(quiz: Quiz, outcome: Outcome) -> Answer:
    years = quiz.found.scenario.years
    return next(one for one in answers(quiz.found, outcome, years) if one.regime.id == quiz.hidden)


def unit(outcome: Outcome) -> str:
    """What is counted: `deaths a year, more or fewer than under the status quo`."""
    counted = "people at a time" if outcome.stock else f"{outcome.unit} a year"
    return f"{counted}, more or fewer than under the status quo"


def title(outcome: Outcome) -> str:
    """What a chart shows, with its unit."""
    return f"{outcome.label}: {unit(outcome)}"


def option(quiz: Quiz, outcome: Outcome, letters: Letters) -> Option:
    """The curve of the regime without a name."""
    return curve_of(quiz.found, outcome, quiz.hidden, UNNAMED, NEUTRAL, letters, quiz.found.scenario.years)


def told(quiz: Quiz, outcome: Outcome) -> str:
    """What the regime did to an outcome, and how much of it there is under the status quo."""
    base = usual(quiz.found, outcome, quiz.found.scenario.years)
    return f"{_answer(quiz, outcome).sentence} Status quo: {base}."


def numbers(quiz: Quiz, outcome: Outcome) -> str:
    """A chart as a table."""
    found, years = quiz.found, quiz.found.scenario.years
    points = curve(found, outcome, True, years)
    points = points[points["regime"] == quiz.hidden].assign(regime=UNNAMED)
    return table_of(
        title(outcome), found.scenario.start_year, points, {UNNAMED: "Regime without a name"}, outcome, True
    )


def how(quiz: Quiz) -> str:
    """How to read the curves."""
    return READING.format(how_sure(quiz.found, quiz.found.scenario.years))


def payers(quiz: Quiz) -> str:
    """Who pays more or less over all years, each with a bar around zero, and the same as a table."""
    found = [_answer(quiz, outcome) for outcome in COSTS.values()]
    name, most = heading(WHO_PAYS, quiz.found.scenario.years, found), reach(found)
    rows = "".join(
        f'<li><span class="ps-who">{escape(one.outcome.label)}</span><span>{escape(one.headline)}</span>'
        f"{bar(one, NEUTRAL, most)}</li>"
        for one in found
    )
    cells = [[escape(one.outcome.label), escape(one.found.signed_with_limits)] for one in found]
    table = html.table(f"{name}: difference from the status quo", ["", "Difference (95% limits)"], cells)
    return (
        f'<h3>{escape(name)}</h3><ul class="ps-answers ps-quiz-payers">{rows}</ul><p class="ps-source">{PAYERS}</p>'
        f"{html.folded('The numbers in this chart', table)}"
    )


# --- after the reveal
def picks(quiz: Quiz) -> str:
    """How the room picked, as a table with a bar in each row; words say which it was."""
    truth, most = quiz.truth, max(quiz.picks.values(), default=0)
    if truth is None:
        return ""
    rows = []
    for letter, regime in zip(LETTERS, quiz.options, strict=False):
        count, right = quiz.picks.get(regime.id, 0), regime.id == truth.id
        size = f"{100 * count / most:.0f}" if most else "0"
        name = f"{letter}. {escape(regime.name)}" + (" <strong>✓ it was this one</strong>" if right else "")
        kind = "ps-quiz-right" if right else ""
        strip = f'<span class="ps-quiz-bar {kind}" style="width:{size}%" aria-hidden="true"></span>'
        rows.append([name, f'<div class="ps-quiz-count">{plural(count, "pick")}<div>{strip}</div></div>'])
    return html.table("How the room picked", ["Regime", "Picks"], rows, "ps-quiz-picks")


def every(quiz: Quiz) -> list[str]:
    """All regimes by name: in what gave the regime away, then in the main outcomes."""
    found: Found = quiz.found
    outcomes = [clue.found.outcome for clue in telling(found, quiz.hidden, quiz.outcomes)]
    shown = {outcome.id: outcome for outcome in (*outcomes, *MAIN)}
    return [found.once(card_of, outcome, years=found.scenario.years) for outcome in shown.values()]
