"""The figures of the report: each chart with its words for those who cannot see it, and the numbers behind it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from policysim.counts.outcomes import OUTCOMES, Outcome, Shown, headlines
from policysim.experiments.analysis.compare import ANSWER
from policysim.experiments.analysis.equity import AXES, MAIN, NO_SOURCE, TEN_YEAR_BANDS, Axis
from policysim.experiments.analysis.equity_tables import EXPOSURES, Exposure, exposed, ratio_rows
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS
from policysim.experiments.analysis.wording import NO_INTERVAL, NOISE, plural
from policysim.viz.blocks import Chart
from policysim.viz.charts import (
    Look,
    Panel,
    RatioPanel,
    age_chart,
    difference_chart,
    group_chart,
    main_chart,
    ratio_chart,
    yearly_chart,
)
from policysim.viz.charts.as_text import difference_alt, group_alt, ratio_alt, yearly_alt
from policysim.viz.digest import Digest, by_group, spreads, totals, yearly
from policysim.viz.report import group_tables, tables


def over_time(digest: Digest, look: Look, paired: bool) -> list[Chart]:
    """A chart for each outcome that is followed year by year."""
    return [yearly_of(digest, look, outcome, paired) for outcome in headlines(Shown.OVER_TIME)]


def yearly_of(digest: Digest, look: Look, outcome: Outcome, paired: bool) -> Chart:
    """One outcome year by year, and beside it the differences where there are any."""
    table = yearly(digest, outcome)
    counted = yearly(digest, OUTCOMES["deaths"]) if outcome.id == "expected_deaths" else None
    figure = yearly_chart(table, outcome, look, counted)
    caption = "" if outcome.meaning.lower() == outcome.label.lower() else f"What is counted: {outcome.meaning}."
    if counted is not None:
        caption += " Faint marks are counted deaths: the same mean with far more noise."
    behind = [tables.yearly_table(table, outcome, look, paired)]
    return Chart(figure, yearly_alt(table, outcome, look), caption, behind, outcome.label)


def main(digest: Digest, look: Look) -> Chart:
    """Each regime's difference in the main answer alone."""
    found, over_draws = totals(digest, ANSWER), spreads(digest, ANSWER)
    figure = main_chart(ANSWER, found, look, digest.scenario.years, over_draws)
    caption = "Each regime’s difference against the status quo, paired by seed."
    return Chart(figure, difference_alt([(ANSWER, found)], look, {ANSWER.id: over_draws}), caption, label=ANSWER.label)


def differences(digest: Digest, look: Look, shown: Sequence[Outcome]) -> Chart:
    """Each regime's difference from the status quo in each outcome."""
    found = [(outcome, totals(digest, outcome)) for outcome in shown]
    over_draws = {outcome.id: spreads(digest, outcome) for outcome in shown}
    figure = difference_chart(found, look, digest.scenario.years, over_draws)
    drawn = (
        f" The thin line with ends beneath is the interval {OVER_UNKNOWNS}, from {plural(digest.draws, 'draw')} of the "
        "parameters: more seeds would not shorten it."
    )
    caption = (
        f"Differences against the status quo over {plural(digest.scenario.years, 'year')}, paired by seed. Thick lines: 95% "
        f"intervals {OVER_SEEDS}. A hollow mark is {NOISE}, or has {NO_INTERVAL}.{drawn if digest.draws else ''} Each panel "
        "has its own scale."
    )
    return Chart(figure, difference_alt(found, look, over_draws), caption, [tables.headline(digest, shown)])


def ages(digest: Digest, look: Look) -> Chart:
    """Deaths and arrests by age."""
    panels = [
        Panel(
            by_group(digest, outcome.id, "age", TEN_YEAR_BANDS),
            outcome.label,
            f"{outcome.unit} a year, 95% interval",
        )
        for outcome in (OUTCOMES["deaths"], OUTCOMES["arrests"])
    ]
    caption = (
        "By age at the time. Bars: status quo. These are counts, so intervals are wide. The model follows people who "
        "were never dependent to the age of 64."
    )
    behind = [tables.group_table(panel, look, "Age") for panel in panels]
    return Chart(age_chart(panels, look), group_alt(panels, look), caption, behind)


# --- by group ---------------------------------------------------------------------------------------------------------
BESIDE_ONE_ANOTHER = ("use", "searches", "arrests", "deaths")
"""The columns of the table of exposure that are drawn."""
DRAWN = ("searches", "expected_deaths", "treatment_entries")
"""The outcomes whose ratios are drawn."""


@dataclass(frozen=True)
class Equity:
    """The section of the report on who meets what."""

    exposure: Chart
    open: list[Chart]
    folded: list[Chart]


def equity(digest: Digest, look: Look) -> Equity | None:
    """Exposure to policing beside use and deaths, and ratios for each axis; none where no residents were counted by group."""
    if not digest.equity.has_people:
        return None
    ratios = [ratios_by(digest, look, axis) for axis in AXES.values()]
    return Equity(exposure(digest, look), ratios[:2], ratios[2:])


def exposure(digest: Digest, look: Look) -> Chart:
    """Use, searches, arrests and expected deaths beside one another, by ethnic group and by deprivation."""
    rows = [
        [panel for panel in (_exposure_panel(digest, axis, what) for what in EXPOSURES) if panel is not None]
        for axis in (AXES["ethnicity"], AXES["quintile"])
    ]
    panels = [panel for row in rows for panel in row]
    caption = (
        "Exposure to policing beside use and misuse deaths: people who use drugs at a time, searches and drug arrests for every "
        "1,000 residents, expected deaths for every 100,000, with 95% intervals over seeds. Bars: status quo. The tables beneath "
        "have sex and age too, and searches of anyone for every 1,000 who use drugs: whom police search is not counted by use. "
        "Ethnic group and deprivation are never causes here: the model's searches fall unequally because published searches do."
    )
    behind = [group_tables.exposure_table(digest, name) for name in digest.regimes]
    return Chart(group_chart(rows, look), group_alt(panels, look), caption, behind)


def _exposure_panel(digest: Digest, axis: Axis, what: Exposure) -> Panel | None:
    """One panel; none for what is only in the table, and for deaths where the groups of users have no source."""
    if what.id not in BESIDE_ONE_ANOTHER:
        return None
    rows = []
    for group in axis.names:
        for regime in digest.regimes:
            told = exposed(digest.equity, axis, group, regime, what)
            if told.why == NO_SOURCE:
                return None
            rows.append((group, regime, told.found.mean, told.found.low, told.found.high, told.found.seeds, told.why))
    table = pd.DataFrame(rows, columns=["group", "regime", "mean", "low", "high", "seeds", "hidden"])
    return Panel(table, what.label, what.unit.replace(" residents", ""), dict(axis.names))


def ratios_by(digest: Digest, look: Look, axis: Axis) -> Chart:
    """The ratios of one axis: of three outcomes as a chart, of the main ones as a table."""
    shown = {group: axis.names[group] for group in axis.others}
    panels = []
    for name in DRAWN:
        table = pd.DataFrame(ratio_rows(digest.equity, [name], [axis]))
        if not (table["not_told"] == NO_SOURCE).any():
            panels.append(RatioPanel(table[table["group"].isin(shown)], OUTCOMES[name].label, shown))
    caption = (
        f"By {axis.label.lower()}: a group's rate per resident as a ratio to that of {axis.against}, over "
        f"{plural(digest.scenario.years, 'year')}, and what each regime makes of that ratio. Each panel has its own scale."
    ) + group_tables.left_out(axis)
    behind = [group_tables.ratio_table(digest, axis, MAIN)]
    figure = ratio_chart(panels, look, axis.against)
    return Chart(figure, ratio_alt(panels, look, axis.against), caption, behind, axis.label)
