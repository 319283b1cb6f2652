"""What people take home from a round, on paper: question, regimes, predictions beside results, limits, how to run it again."""

import tomli_w

from policysim.experiments.analysis.compare import notes
from policysim.experiments.analysis.wording import listed
from policysim.scenarios.regime import Regime, regimes
from policysim.scenarios.scenario import Scenario
from policysim.viz.app.compare.answers import Answer, answers, how_sure, over_years
from policysim.viz.app.compare.shown import MAIN
from policysim.viz.app.session import Session
from policysim.viz.app.workshop.charts import guesses_chart
from policysim.viz.app.workshop.drawing import HEAD, rows
from policysim.viz.app.workshop.guesses import beside, in_percent
from policysim.viz.app.workshop.results import answer_of, how_found, money
from policysim.viz.app.workshop.rounds import Round
from policysim.viz.app.workshop.steps import QUESTIONS
from policysim.viz.blocks import Block, Cell, Code, Heading, Item, Items, Report, Section, Table, Text, kept
from policysim.viz.pdf import as_pdf
from policysim.viz.words import CONTENT_NOTE, HELP_LINES, LIMITS, settings_of

NAME = "policysim-workshop.pdf"


def handout(session: Session, now: Round) -> bytes:
    """The handout of a round whose results are in, as a PDF; guesses are in it once they are open."""
    return as_pdf(report(session, now))


def report(session: Session, now: Round) -> Report:
    """What stands in it."""
    comparison = session.comparison.value
    assert comparison is not None
    scenario = comparison.scenario
    regime = next(one for one in scenario.regimes if one.id == now.asked)
    found = [answer for k in range(len(MAIN)) if (answer := answer_of(session, now.asked, k)) is not None]
    place = scenario.where.name
    return Report(
        title=f"Workshop: {regime.name}, {place}",
        question=f"What would “{regime.name}” do in {place} over {scenario.years} years, against the status quo?",
        answer=[*(answer.sentence for answer in found), f"From {how_sure(comparison.found, session.years)}."],
        chart=None,
        note=CONTENT_NOTE.replace("This page", "This handout"),
        help_lines=HELP_LINES,
        sections=[
            Section("beside", "What the room expected, and what came out", _beside(session, now, found)),
            Section("results", "Everything that was run", _results(session, now)),
            Section("talk", "To talk about", [Items([Item("", text) for text in QUESTIONS])]),
            Section("limits", "What the numbers cannot say", [Items([Item("", text) for text in (*notes(scenario), *LIMITS)])]),
            Section("again", "To run it again", _again(scenario)),
            Section("regimes", "The regimes, with every setting", _regimes(scenario)),
        ],
        source=f"policysim simulation, {place}; estimates of a simulation of synthetic people",
    )  # fmt: skip


def _beside(session: Session, now: Round, found: list[Answer]) -> list[Block]:
    comparison = session.comparison.value
    assert comparison is not None
    how = how_found(comparison.found, session.years)
    blocks: list[Block] = [
        Text(
            "Guesses and results are in percent of what happens under the status quo. A result that differs from a guess is no "
            "verdict on whoever guessed: either may be wrong."
        )
    ]
    for k, answer in enumerate(found):
        values, result = now.guesses(k), in_percent(answer)
        title = f"{answer.outcome.label} {over_years(answer.years)}"
        told = beside(values, result) if now.opened else "The guesses had not been opened when this was made."
        cells = [[Cell(_whole(text)) for text in row] for row in rows(values, result, how)]
        blocks += kept(
            Heading(title),
            Text(f"{answer.sentence} {told}"),
            guesses_chart(values, result, now.asked, f"{title}: percent more or fewer than under the status quo"),
            Table(f"{title}, in percent of the status quo", HEAD, cells, "words") if cells else None,
        )
    return blocks


def _whole(text: str) -> str:
    """`−30% to +10%` in one line."""
    return text.replace("% to ", "%\N{NO-BREAK SPACE}to\N{NO-BREAK SPACE}")


def _regimes(scenario: Scenario) -> list[Block]:
    blocks: list[Block] = []
    for regime in scenario.regimes:
        blocks += [Heading(regime.name), Text(regime.summary)]
        if regime.levers:
            blocks.append(Items(_levers(regime)))
    return blocks


def _levers(regime: Regime) -> list[Item]:
    return [Item(f"{lever.title}:", "; ".join(settings_of(lever)) + ".") for lever in regime.levers.values()]


def _results(session: Session, now: Round) -> list[Block]:
    comparison = session.comparison.value
    assert comparison is not None
    told = [answers(comparison.found, outcome, session.years) for outcome in MAIN]
    table = [
        [Cell(by_outcome[0].regime.name), *(Cell(one.sentence) for one in by_outcome)]
        for by_outcome in zip(*told, strict=True)
    ]
    heads = ["Regime", *(outcome.label for outcome in MAIN)]
    spent = money(session, now)
    return kept(
        Table(f"Against the status quo, {over_years(session.years)}", heads, table, "words"),
        Heading("Spending and the budget of the room") if spent else None,
        Items([Item("", text) for text in spent]) if spent else None,
    )


def _again(scenario: Scenario) -> list[Block]:
    names = listed([one.name for one in scenario.regimes])
    return [
        Text(
            f"Save these lines as scenario.toml ({names}). With the same version of policysim the command gives the same "
            "numbers, with a report that goes further than this handout:"
        ),
        Code("policysim compare scenario.toml --out again"),
        Code(in_short(scenario)),
    ]


def in_short(scenario: Scenario) -> str:
    """The scenario as a file that names shipped regimes, and writes out those of the session's own."""
    written, shipped = {key: value for key, value in scenario.written.items() if value != {}}, regimes()
    told = zip(scenario.regimes, written["regimes"], strict=True)
    return tomli_w.dumps(
        {**written, "regimes": [one.id if one == shipped.get(one.id) else table for one, table in told]}
    )
