"""The sections of a comparison's report: what each says, in the order of reading."""

from collections.abc import Sequence

import pandas as pd

from policysim.counts.outcomes import Outcome, Shown, headlines
from policysim.experiments.analysis.compare import ANSWER, FEW_REPLICATES
from policysim.experiments.analysis.contested import Tried, turning
from policysim.experiments.analysis.hiding import WHY_BESIDE
from policysim.experiments.analysis.moved_most import HEADS, of_arms, title_of
from policysim.experiments.analysis.precision import ENOUGH_REPLICATES
from policysim.experiments.analysis.standing import first_lines, over_unknowns, trust
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS
from policysim.experiments.analysis.wording import answer, difference, lower_case, plural, sentence_case, years_of
from policysim.viz import words
from policysim.viz.blocks import Block, Cell, Chart, Fold, Heading, Item, Items, Report, Section, Table, Text, kept
from policysim.viz.charts import Look
from policysim.viz.digest import Digest, findings, totals
from policysim.viz.report import asked, figures, fit, tables, value
from policysim.viz.report.reproduce import reproduce
from policysim.viz.style import source_line

OPEN_CHARTS = 1
"""So many charts over time are open on a screen; the others are folded."""


def report_of(digest: Digest, screening: pd.DataFrame | None, tried: Sequence[Tried]) -> Report:
    """The whole report of a comparison."""
    source = source_line(digest.place.name, digest.has_comparator)
    look = Look(digest.names, source, digest.scenario.start_year)
    paired = digest.has_comparator and bool(digest.others)
    over_time = figures.over_time(digest, look, paired)
    return Report(
        title=f"Drug policy regimes in {words.where(digest)}, {years_of(digest.scenario)}",
        question=words.question(digest),
        answer=_answer(digest, paired),
        chart=figures.main(digest, look) if paired else None,
        note=words.CONTENT_NOTE,
        help_lines=words.HELP_LINES,
        sections=[
            section for section in _sections(digest, look, paired, over_time, screening, tried) if section.blocks
        ],
        source=source,
    )


def _sections(
    digest: Digest,
    look: Look,
    paired: bool,
    over_time: list[Chart],
    screening: pd.DataFrame | None,
    tried: Sequence[Tried],
) -> list[Section]:
    return [
        Section("first", "What holds, and what does not", _first(digest, tried) if paired else [], "What holds"),
        Section("answer", f"What differs{'' if paired else ': totals by regime'}", _results(digest, paired), "What differs"),
        Section("edited", "What else the edited rules moved most", _moved_most(digest), "Edited rules"),
        Section("time", "Over time", _over_time(over_time)),
        Section("differences", "Differences against the status quo", _differences(digest, look) if paired else [], "Differences"),
        Section("who", "Who is affected", [Heading("Deaths and arrests by age"), figures.ages(digest, look)], "Who"),
        Section("equity", "Equity: who meets what", _equity(digest, look), "Equity"),
        Section("spending", "Who pays, and who saves", _spending(digest, look) if paired else [], "Who pays"),
        Section("value", "What a death averted and a QALY cost", _value(digest, look) if paired else [], "What a QALY costs"),
        Section("price", "Harms and burdens of every regime", _burdens(digest) if paired else [], "Harms and burdens"),
        Section("regimes", "What each regime does", asked.regimes(digest.scenario), "The regimes"),
        Section("fit", "The place, and how the model fits it", _place(digest), "Place and fit"),
        Section("sensitivity", "What the answer turns on", _turns(digest, screening, tried), "Sensitivity"),
        Section("assumed", "What is assumed", asked.assumed(), "Assumptions"),
        Section("limits", "Limits", [Items([Item("", text) for text in words.LIMITS])]),
        Section("reproduce", "Reproduce", reproduce(digest)),
    ]  # fmt: skip


# --- first screen -----------------------------------------------------------------------------------------------------
def _answer(digest: Digest, paired: bool) -> list[str]:
    """The answer in a few sentences: on deaths, over both kinds of doubt."""
    if not paired:
        why = (
            ""
            if digest.has_comparator
            else "The status quo is not among these regimes, so there are no differences to show: "
        )
        return [
            why + "only totals, which are less certain."
            if why
            else "Only the status quo was run: totals, and no differences."
        ]
    if digest.scenario.replicates < 2:
        return ["One replicate shows no interval: differences may be chance, so run several."]
    found = findings(digest, ANSWER)
    told = answer({name: one for name, (one, _) in found.items()}, digest.scenario.years)
    few = FEW_REPLICATES if digest.scenario.replicates < ENOUGH_REPLICATES else ""
    doubt = over_unknowns(found) or sentence_case(trust(digest.scenario.replicates, digest.draws))
    return [text for text in (told, doubt, few) if text]


def _first(digest: Digest, tried: Sequence[Tried]) -> list[Block]:
    """What holds and what does not, of the main outcomes."""
    found = {outcome.id: findings(digest, outcome) for outcome in headlines(Shown.SENTENCES)}
    lines = (*first_lines(found, digest.scenario.replicates, digest.draws), *turning(tried))
    return [Items([Item(line.head, sentence_case(line.text)) for line in lines], terms=True)]


# --- results ----------------------------------------------------------------------------------------------------------
def _results(digest: Digest, paired: bool) -> list[Block]:
    scenario, first = digest.scenario, headlines(Shown.COMMAND)
    lead: list[Block] = []
    if paired:
        horizon = plural(scenario.years, "year")
        lead.append(
            Text(f"Against the status quo, over {horizon}, the simulation gives, with 95% intervals {OVER_SEEDS}:")
        )
        lead.append(Items([Item(f"{name}:", text) for name, text in _sentences(digest)]))
    own = tuple(scenario.own_outcomes.values())
    return [
        *lead,
        _headline(digest, (*first, *own)),
        Fold("Further outcomes", [_headline(digest, [one for one in headlines(Shown.REPORT) if one not in first])]),
        Text(_how_to_read(digest), quiet=True),
        Fold("How many replicates a wanted precision would take", [
            Text(_how_planned(scenario.replicates), quiet=True),
            tables.precisions(digest, (*headlines(Shown.REPORT), *own)).of_kind("small"),
        ]),
    ]  # fmt: skip


def _headline(digest: Digest, shown: Sequence[Outcome]) -> Table:
    found = tables.headline(digest, shown)
    return found if found.kind else found.of_kind("headline")


def _sentences(digest: Digest) -> list[tuple[str, str]]:
    """For each regime its main differences, and what the purses pay."""
    found = [(outcome, totals(digest, outcome)) for outcome in headlines(Shown.SENTENCES)]
    return [
        (digest.names[regime], "; ".join(difference(table, regime, item).in_words() for item, table in found) + ".")
        for regime in digest.others
    ]


def _how_to_read(digest: Digest) -> str:
    seeds, draws = plural(digest.scenario.replicates, "seed"), plural(digest.draws, "draw")
    unknown = (
        f"Intervals {OVER_UNKNOWNS} are another matter and stand apart: for {draws} every uncertain number of the model was "
        "taken from its range, those nobody measured from a wide one, and each draw was run once under every regime with one "
        "seed. More seeds would not narrow them; knowing more would."
        if digest.draws
        else "How little is known of the numbers that are assumed is not in them: “policysim compare --uncertainty 6” draws "
        "those from their ranges."
    )
    return (
        "How to read it: a difference whose interval holds zero is within noise: chance alone could have made it. Intervals "
        f"come from {seeds}, each run under every regime with the same people and the same luck; they show chance alone. "
        f"{unknown} Expected deaths add up everyone’s weekly chance of dying: the same mean as counted deaths with a fraction "
        "of the noise."
    )


def _how_planned(replicates: int) -> str:
    then = (
        f"One replicate shows nothing of chance: run {ENOUGH_REPLICATES} first."
        if replicates == 1
        else "Seeds that are all equal show nothing of chance: run more of them, or simulate more people, first."
    )
    return (
        "Planned from the widest interval of each outcome by Stein’s rule: the replicates now, times the square of how many "
        "times narrower the interval is to be. It holds in 95 of 100 plans where runs scatter as a normal distribution does; "
        f"from few replicates it asks for more than from many. {then}"
    )


def _moved_most(digest: Digest) -> list[Block]:
    """Of rules of one's own, against the stock rules beside which they stand."""
    found: list[Block] = []
    for arm, most in of_arms(digest.weekly, digest.scenario, [one.id for one in headlines(Shown.COMMAND)]).items():
        rows = [[Cell(text) for text in row] for row in most.cells]
        found += [Table(title_of(digest.scenario, arm), [sentence_case(head) for head in HEADS], rows)] if rows else []
        found.append(Text(most.caution, quiet=True))
    return found


def _over_time(charts: list[Chart]) -> list[Block]:
    """The first chart as it is, the others folded."""
    folded = charts[OPEN_CHARTS:]
    return [*charts[:OPEN_CHARTS], *([Fold("Further outcomes over time", folded)] if folded else [])]


def _differences(digest: Digest, look: Look) -> list[Block]:
    return [figures.differences(digest, look, (*headlines(Shown.DIFFERENCES), *digest.scenario.own_outcomes.values()))]


def _equity(digest: Digest, look: Look) -> list[Block]:
    found = figures.equity(digest, look)
    if found is None:
        return []
    return [
        Text(
            "What a regime does to some and not to others. Rates are per resident in the model. A ratio of 2 means twice the "
            "rate of the group it is held against, 1 the same; what a regime makes of a ratio is told as a multiple of it. "
            "Ratios describe and explain nothing. Counts under five, of residents over the whole horizon, are not told, and "
            f"{WHY_BESIDE}."
        ),
        Heading("Exposure to policing beside use and deaths"),
        found.exposure,
        *(Fold(f"Ratios by {lower_case(chart.label)}", [chart]) for chart in (*found.open, *found.folded)),
    ]


# --- money and burdens ------------------------------------------------------------------------------------------------
def _spending(digest: Digest, look: Look) -> list[Block]:
    told = value.of_purses(digest)
    return kept(
        Text("A commissioner does not buy treatment, the council does: a saving in one purse is not money in another."),
        Items([Item("", text) for text in told]) if told else None,
        value.purses(digest).of_kind("headline"),
        Fold("Chart of spending by purse", [figures.differences(digest, look, headlines(Shown.SPENDING))]),
    )


def _value(digest: Digest, look: Look) -> list[Block]:
    found = value.prices(digest, look)
    return [
        Text(
            "A QALY is a year of life in full health. One is lost by years of dependence, more of them out of treatment than in "
            "it, and by deaths: the years that the person would have lived, as far as published cohorts say, of the quality of "
            "life of people who use opioids. Within the horizon no year after it counts. Money is what the model follows of "
            "four public purses; health that other people gain or lose, victims and lost work are not in it. QALYs are never "
            "added to a value of a prevented death: both would count the same life. Where a gain may be none there is no "
            "price, and none is printed."
        ),
        found.table.of_kind("words small prices"),
        found.plane,
        Fold("How often each regime is worth most", [found.curves]),
    ]


def _burdens(digest: Digest) -> list[Block]:
    cautions = tables.cautions(digest.scenario)
    return kept(
        Text(
            "No regime is free of them. Whether a search, an arrest or a sentence is a burden on one person or a service to "
            "another is a judgement that this page does not make: here they count as burdens on the person. Spending is a "
            "burden on its purse."
        ),
        tables.trade_offs(digest).of_kind("words burdens"),
        Fold(f"To bear in mind of {plural(len(cautions), 'lever')}", [Items([Item(*pair) for pair in cautions], terms=True)])
        if cautions
        else None,
    )  # fmt: skip


# --- what was asked and what it rests on ------------------------------------------------------------------------------
def _place(digest: Digest) -> list[Block]:
    found = fit.fit(digest)
    own, carried = tables.of_the_place(digest.scenario)
    blocks: list[Block] = [Text(f"{sentence_case(tables.place_of(digest.scenario))}.")]
    if found is not None:
        years = years_of(digest.scenario)
        blocks += [Text(fit.in_words(found, digest.scenario.place, years))]
        blocks.append(Fold("Every figure that these runs can be held against", [fit.fit_table(found)]))
    if own.rows:
        blocks.append(Fold(own.caption, [own.of_kind("words small")]))
    if carried:
        told = Text(f"Carried over to this place, or parts of it, from national figures: {carried}.", quiet=True)
        blocks.append(Fold("Numbers carried over to this place", [told]))
    return blocks


def _turns(digest: Digest, screening: pd.DataFrame | None, tried: Sequence[Tried]) -> list[Block]:
    """Contested evidence, and the numbers that carry the answer where a screening found them."""
    contested = tables.contested(tried)
    blocks: list[Block] = []
    if screening is not None:
        blocks += [Heading("Which numbers carry the answer"), Text(CARRIERS)]
        blocks.append(tables.carriers(screening, digest.names).of_kind("words small"))
    else:
        blocks.append(Text(NOT_SCREENED))
    if contested.rows:
        swapped = any(one.swaps is not None for one in tried)
        told = f"{DISAGREES} {TRIED if swapped else UNTRIED}"
        blocks += [Heading("Contested evidence"), Text(told)]
        blocks.append(Fold(contested.caption, [contested.of_kind("words small contested")]))
    return blocks


CARRIERS = (
    "In a screening of many worlds each uncertain number was high in one half of them and low in the other, and every "
    "regime was run in each. The effect is how much a regime’s difference from the status quo, in deaths over the horizon"
    " of the screening, changes when the number passes from the low to the high end of its range. What is not beyond "
    "chance could be the luck of the runs. mu* and sigma are mean size and scatter of the change when one number after "
    "another is moved."
)
NOT_SCREENED = (
    "Which uncertain numbers carry the answer was not looked at here: “policysim sensitivity PLACE --out DIR” screens "
    "every one of them, and “policysim report --sensitivity DIR” puts what it found in this place."
)
TRIED = (
    "The other readings were run over the same seeds. Two regimes change places where the difference between them has "
    "another sign under the other reading; where either of its 95% intervals holds zero, that is undecided."
)
DISAGREES = "Where published work disagrees, the simulation takes one reading for all regimes alike."
UNTRIED = "What the other readings would change was not tried: “policysim compare --readings all” runs them."
