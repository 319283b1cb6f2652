"""The sections of a sweep's report, in the order of reading."""

from collections import Counter
from collections.abc import Sequence
from shlex import quote

import pandas as pd

from policysim.counts.outcomes import Outcome
from policysim.errors import UserError
from policysim.experiments.analysis.compare import ANSWER
from policysim.experiments.analysis.estimates import UNKNOWN, row_of
from policysim.experiments.analysis.numbers import number, percent, signed, span
from policysim.experiments.analysis.sweeps.frames import label
from policysim.experiments.analysis.sweeps.overall import Overall
from policysim.experiments.analysis.unknowns import OVER_SEEDS, Spread
from policysim.experiments.analysis.wording import (
    NO_DIFFERENCE,
    NO_INTERVAL,
    NOISE,
    listed,
    plural,
    scale_of,
    seeds_of,
    sentence_case,
    taken_as,
    years_of,
)
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.spans import Span
from policysim.viz import words
from policysim.viz.blocks import Block, Cell, Chart, Code, Fold, Heading, Item, Items, Report, Section, Table, Text
from policysim.viz.charts import Look, main_chart
from policysim.viz.report import asked
from policysim.viz.style import source_line
from policysim.viz.sweep_analyses import Analysis, Asked, allowed, analyses
from policysim.viz.sweep_report.fit import fit_blocks
from policysim.viz.sweep_report.found import Found

OVER_POINTS = "over points"
MOST_ROWS = 40
"""Of a table of an analysis; 'policysim analyse' writes all of them."""
MOST_NAMED = 3


def report_of(found: Found) -> Report:
    """The whole report of a sweep."""
    names = listed([place.name for place in found.places.values()])
    source = source_line(names, STATUS_QUO in found.swept.regimes)
    sections = [
        Section("answer", "What the points say", _results(found), "Results"),
        *_analyses(found),
        Section("design", "What varies", _design(found), "Design"),
        Section("runs", "Runs", _runs(found)),
        Section("regimes", "What each regime does", asked.regimes(found.sweep.scenario), "The regimes"),
        Section("places", "The place" if len(found.places) == 1 else "The places", _places(found), "Places"),
        Section("assumed", "What is assumed", asked.assumed(), "Assumptions"),
        Section("limits", "Limits", [Items([Item("", text) for text in (*LIMITS, *words.LIMITS)])]),
        Section("reproduce", "Reproduce", _reproduce(found)),
    ]  # fmt: skip
    return Report(
        title=found.sweep.question or f"What happens to deaths, arrests and treatment over {_varied(found)}?",
        question=f"{sentence_case(_design_named(found))}, in {names}, {years_of(found.sweep.scenario)}",
        answer=_answer(found),
        chart=_first_chart(found),
        note=words.CONTENT_NOTE,
        help_lines=words.HELP_LINES,
        sections=sections,
        source=source,
    )


LIMITS = (
    "Points of a design are not equally likely, and nobody knows how likely each is: shares of points say where an answer holds, "
    "not how probable it is.",
    "What does not vary here is held at its usual value, and its uncertainty is in none of these numbers.",
)


def _design_named(found: Found) -> str:
    if not found.swept.paths:
        return "one scenario"
    return f"{plural(len(found.swept.points), 'point')} over {_varied(found)}"


def _varied(found: Found) -> str:
    """What varies, in short words; of many the first, and how many more."""
    names = [label(path) for path in found.swept.paths]
    if not names:
        return "places alone"
    more = len(names) - MOST_NAMED
    return f"{', '.join(names[:MOST_NAMED])} and {more} more" if more > 0 else listed(names)


# --- first screen -----------------------------------------------------------------------------------------------------
def _answer(found: Found) -> list[str]:
    """On deaths: under each regime the median and the range over points, and at how many it is beyond chance."""
    told = [one for one in found.overall.get(ANSWER.id, []) if one.paired]
    if not told:
        return ["There are no differences from a status quo to tell: see the totals below."]
    several = len(found.places) > 1
    lines = []
    for one in told:
        name = f"“{found.swept.name(one.regime)}”" + (f" in {found.places[one.place].name}" if several else "")
        clear = f"fewer beyond chance at {one.fewer} of {one.points}, more at {one.more}"
        ends = f"{signed(one.least)} to {signed(one.most)}"
        lines.append(f"{name}: {signed(one.median)} at the median point ({ends} over all points); {clear}.")
    seeds = plural(found.swept.replicates, "seed")
    over = plural(found.swept.years, "year")
    head = f"{sentence_case(ANSWER.noun)} against the status quo of the same point and seed, over {over}:"
    return [
        head,
        *lines,
        f"Each point is a mean over {seeds}: that is chance. How far points lie apart is what varies.",
    ]


def _first_chart(found: Found) -> Chart | None:
    told = [one for one in found.overall.get(ANSWER.id, []) if one.place == found.swept.places[0]]
    if not any(one.paired for one in told):
        return None
    look = _look(found, source_line(found.places[found.swept.places[0]].name, True))
    quo = next(one for one in told if not one.paired)
    rows = {one.regime: row_of(quo.mean, one.mean if one.paired else UNKNOWN) for one in told}
    spreads = {one.regime: Spread(gap_low=one.least, gap_high=one.most, draws=one.points) for one in told if one.paired}
    figure = main_chart(
        ANSWER, pd.DataFrame.from_dict(rows, orient="index"), look, found.swept.years, spreads, OVER_POINTS
    )
    where = f" in {found.places[found.swept.places[0]].name}" if len(found.places) > 1 else ""
    alt = "; ".join(
        f"{found.swept.name(one.regime)} {signed(one.mean.mean)}, {OVER_SEEDS} {span(one.mean.low, one.mean.high, signs=True)}, "
        f"{OVER_POINTS} {span(one.least, one.most, signs=True)}" for one in told if one.paired
    )  # fmt: skip
    caption = (
        f"The mean of all points{where}: each regime’s difference against the status quo, paired by point and seed."
    )
    return Chart(
        figure,
        f"Dots with two intervals for each regime’s difference in {ANSWER.noun}: {alt}.",
        caption,
        label=ANSWER.label,
    )


def _look(found: Found, source: str) -> Look:
    names = {regime: found.swept.name(regime) for regime in found.swept.regimes}
    return Look(names, source, found.sweep.scenario.start_year)


# --- results ----------------------------------------------------------------------------------------------------------
def _results(found: Found) -> list[Block]:
    blocks: list[Block] = []
    for id, place in found.places.items():
        if len(found.places) > 1:
            blocks.append(Heading(place.name))
        blocks.append(results_table(found, id))
    blocks.append(Text(HOW_TO_READ, quiet=True))
    return blocks


HOW_TO_READ = (
    f"How to read it: the number is the mean of all points; its interval {OVER_SEEDS} shows chance alone, and more seeds "
    f"would narrow it. The median and the range are {OVER_POINTS}, each a mean over its seeds: they show what varies, with "
    "what chance is left in each. Beyond chance are points whose own 95% interval leaves out zero; of points without any "
    "difference one in twenty is."
)


def results_table(found: Found, place: str) -> Table:
    """Every headline outcome: the status quo, and beneath it each regime's difference, with both intervals."""
    table = Table(
        f"Over {plural(found.swept.years, 'year')} and all points: the status quo, and under the others the difference from it",
        ["Outcome and regime", "Mean", f"95% interval {OVER_SEEDS}", f"Median {OVER_POINTS}", f"Range {OVER_POINTS}",
         "Beyond chance: fewer, more"],
        kind="both",
    )  # fmt: skip
    for rows in found.overall.values():
        here = [one for one in rows if one.place == place]
        has_quo = any(one.paired for one in here)
        if not has_quo:
            table.rows.append([Cell(here[0].outcome.label), *(Cell() for _ in table.columns[1:])])
        for one in here:
            head = Cell(found.swept.name(one.regime), inner=True)
            if has_quo and not one.paired:
                under = (found.swept.name(one.regime).lower(), taken_as(one.outcome))
                head = Cell(one.outcome.label, tuple(filter(None, under)))
            table.rows.append([head, *_cells(one)])
    return table


def _cells(one: Overall) -> list[Cell]:
    money, quiet = one.outcome.money, one.paired and not one.mean.is_clear
    write = signed if one.paired else number
    share = percent(one.mean.mean / one.base) if one.paired and one.base > 0 else ""
    if one.paired and one.least == one.most == 0:
        return [Cell(NO_DIFFERENCE, quiet=True), *(Cell() for _ in range(4))]
    said = NOISE if quiet and one.mean.has_interval else share
    texts = (
        f"{write(one.mean.mean, money)} ({said})" if said else write(one.mean.mean, money),
        span(one.mean.low if one.paired else max(0.0, one.mean.low), one.mean.high, money, signs=one.paired)
        or NO_INTERVAL,
        write(one.median, money),
        span(one.least, one.most, money, signs=one.paired),
        f"{one.fewer}, {one.more} of {one.points}" if one.paired else "",
    )
    return [Cell(text, quiet=quiet) for text in texts]


# --- analyses ---------------------------------------------------------------------------------------------------------
TITLES = {
    "differences": ("points", "Every point", "Every point"),
    "screening": ("screening", "What carries the answer", "Screening"),
    "surface": ("surfaces", "The answer over what varies", "Surfaces"),
    "discovery": ("worlds", "Worlds in which a regime fails", "Worlds"),
    "robustness": ("robustness", "Which regime holds up", "Robustness"),
    "precision": ("precision", "How many replicates are enough", "Precision"),
    "value": ("value", "What is worth its money", "Value"),
}


def _analyses(found: Found) -> list[Section]:
    """A section for each analysis that the design allows."""
    wanted = Asked(_outcome(found), numbers=found.numbers)
    sections = []
    for what in allowed(found.swept, wanted):
        id, title, short = TITLES.get(what, (what, sentence_case(what), sentence_case(what)))
        blocks: list[Block] = []
        try:
            for one in analyses(found.swept, what, wanted):
                blocks += _analysis(one, title)
        except UserError as error:
            blocks.append(Text(f"{sentence_case(str(error))}."))
        sections.append(Section(id, title, blocks, short))
    return sections


def _outcome(found: Found) -> Outcome:
    return ANSWER if ANSWER.id in found.overall else found.outcomes[0]


def _analysis(one: Analysis, section: str) -> list[Block]:
    """Its title unless the section's says it, what it says, its chart, and its table folded."""
    said = one.title.lower().endswith(section.lower())
    blocks: list[Block] = [] if said else [Heading(one.title)]
    blocks.append(Text(one.paragraph))
    if one.draw is not None:
        blocks.append(Chart(one.draw(), one.alt, "", label=one.title))
    if len(one.table):
        more = f" (the first {MOST_ROWS} of {len(one.table):,} rows; 'policysim analyse' writes all)"
        caption = one.title + (more if len(one.table) > MOST_ROWS else "")
        blocks.append(Fold(f"The numbers: {one.title}", [_as_table(one.table[list(one.shown)], caption)], paper=False))
    return blocks


def _as_table(frame: pd.DataFrame, caption: str) -> Table:
    """A table of an analysis, in the project's number format."""
    heads = [label(str(name)) for name in frame.columns]
    rows = [[Cell(_shown(value)) for value in row] for row in frame.head(MOST_ROWS).itertuples(index=False)]
    return Table(caption, [sentence_case(head) for head in heads], rows, "small")


def _shown(value: object) -> str:
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "yes" if value else "no"
    if isinstance(value, int | float) or hasattr(value, "dtype"):
        return "" if pd.isna(value) else number(float(value))  # type: ignore[arg-type]
    return "" if value is None else str(value)


# --- design, runs, places ---------------------------------------------------------------------------------------------
def _design(found: Found) -> list[Block]:
    sweep, scenario = found.sweep, found.sweep.scenario
    places = f", in each of {plural(len(found.places), 'place')}" if len(found.places) > 1 else ""
    points, regimes = plural(len(found.swept.points), "point"), plural(len(scenario.regimes), "regime")
    told = (
        f"The design is “{sweep.design}” with design seed {sweep.design_seed}: {points}{places}, each under {regimes} with "
        f"{plural(scenario.replicates, 'replicate')} ({seeds_of(scenario)}), the same seeds at every point. "
        f"{years_of(scenario)}, after {plural(scenario.burn_in_years, 'year')} under the status quo; {_scale(found)}."
    )
    return [Text(told), varied_table(found)] if found.swept.paths else [Text(told)]


def _scale(found: Found) -> str:
    """How many residents a simulated person stands for, in each place."""
    told = {id: scale_of(found.sweep.scenario_at({"place": id})) for id in found.places}
    if len(set(told.values())) == 1:
        return next(iter(told.values()))
    return listed([f"in {found.places[id].name} {said}" for id, said in told.items()])


def varied_table(found: Found) -> Table:
    """What varies, over what, and what the points have of it."""
    table = Table(f"What varies from point to point: {plural(len(found.swept.paths), 'thing')}",
                  ["What", "Over", "Least", "Most", "Values"], kind="words")  # fmt: skip
    for path in found.swept.paths:
        over = found.sweep.vary.get(path)
        values = found.swept.points[path]
        numbers = pd.api.types.is_numeric_dtype(values)
        said = "values of its table or list"
        if isinstance(over, Span):
            said = f"{over.low:g} to {over.high:g}" + (", on a logarithmic scale" if over.log else "")
        elif over is not None:
            said = ", ".join(f"{value:g}" if isinstance(value, int | float) else str(value) for value in over)
        ends = (f"{values.min():.4g}", f"{values.max():.4g}") if numbers else ("", "")
        unit = found.swept.units.get(path, "")
        table.rows.append(
            [
                Cell(label(path), tuple(filter(None, (path, unit)))),
                Cell(said),
                *map(Cell, ends),
                Cell(f"{values.nunique():,}"),
            ]
        )
    return table


def _runs(found: Found) -> list[Block]:
    done, failed, missing = (found.states.get(name, 0) for name in ("done", "failed", "missing"))
    rest = [f"{count:,} {what}" for count, what in ((failed, "failed"), (missing, "not there yet")) if count]
    told = f"Of {plural(done + failed + missing, 'run')} that the design asks for {done:,} are there" + (
        f", {listed(rest)}" if rest else ""
    )
    blocks: list[Block] = [Text(f"{told}. What is not there is left out of every number of this report.")]
    if found.failures:
        counted = Counter(str(one.get("error", "")) for one in found.failures)
        items = [Item(f"{plural(count, 'run')}:", text) for text, count in counted.most_common()]
        blocks += [Heading("Runs that failed"), Items(items)]
    return blocks


def _places(found: Found) -> list[Block]:
    """Who lives there, how the status quo lies beside published figures, and where to see all of them."""
    blocks: list[Block] = []
    for id, place in found.places.items():
        who = ", ".join(filter(None, (f"{place.residents_10_64:,} residents aged 10 to 64", place.note)))
        blocks += [Items([Item(f"{place.name} ({id}):", who)]), *fit_blocks(found, id)]
    commands = "\n".join(f"policysim calibration {id}" for id in found.places)
    return [
        *blocks,
        Text("Every target of the usual status quo, with the intervals over seeds, is told by:"),
        Code(commands),
    ]


def _reproduce(found: Found) -> list[Block]:
    folder = quote("again/sweep")
    build = found.manifest.get("build")
    told = f", model build {build}" if build else ""
    version = found.manifest.get("policysim", "")
    libraries: dict[str, str] = found.manifest.get("libraries", {})
    blocks: list[Block] = [
        Text(
            "The design lies in the folder of the sweep as sweep.toml, and on a screen stands below. With the same version "
            f"(policysim {version}{told}) these commands give the same numbers, to the bit, on one machine or on many:"
        ),
        Code(f"policysim sweep sweep.toml --out {folder}\npolicysim report {folder}"),
    ]
    if found.hashes:
        blocks.append(
            Text("SHA-256 of what it is made of; the name of each run’s file ends with a digest of its bytes:")
        )
        blocks.append(Code("\n".join(f"{mark}  {name}" for name, mark in found.hashes.items())))
    blocks.append(Items(_made_with(libraries)))
    blocks.append(Fold("The design’s file, sweep.toml", [Code(found.sweep.to_toml())], paper=False))
    return blocks


def _made_with(libraries: dict[str, str]) -> Sequence[Item]:
    return (
        [Item("Made with:", ", ".join(f"{name} {version}" for name, version in libraries.items()))] if libraries else []
    )
