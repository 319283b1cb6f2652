"""The figures of the report: each chart with its words for those who cannot see it, and the numbers behind it."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field

from matplotlib.figure import Figure

from policysim.counts.outcomes import OUTCOMES, Outcome, Shown, headlines
from policysim.evidence.registry import registry
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS
from policysim.experiments.analysis.wording import NO_INTERVAL, NOISE, plural
from policysim.viz.charts import Look, Panel, age_chart, as_svg, difference_chart, group_chart, yearly_chart
from policysim.viz.charts.as_text import difference_alt, group_alt, yearly_alt
from policysim.viz.digest import TEN_YEAR_BANDS, Digest, by_group, rates, residents_by_group, spreads, totals, yearly
from policysim.viz.report import tables
from policysim.viz.report.tables import Table

ETHNIC_NAMES = {"white": "White", "asian": "Asian", "black": "Black", "mixed": "Mixed", "other": "Other"}
ETHNICITY_OF_USERS = "ocu_by_ethnicity"
"""The table of the registry that says who uses heroin or crack, by ethnic group.

Deaths by ethnic group are shown once each number of it has a source: until then they would tell of a guess.
"""
SOURCED = ("verified", "secondary", "derived")
FIFTHS = {"q1": "Most deprived", "q2": "Second", "q3": "Third", "q4": "Fourth", "q5": "Least deprived"}


@dataclass(frozen=True)
class Chart:
    """A chart on the page: image, its text for those who cannot see it, caption, and the numbers behind it."""

    image: str
    alt: str
    caption: str
    tables: list[Table] = field(default_factory=list)
    label: str = ""


def image(figure: Figure) -> str:
    """The figure as an address that holds it: an image of its own, whose inner names cannot meet those of another."""
    return "data:image/svg+xml;base64," + base64.b64encode(as_svg(figure).encode()).decode()


def over_time(digest: Digest, look: Look, paired: bool) -> list[Chart]:
    """A chart for each outcome that is followed year by year."""
    charts = []
    for outcome in headlines(Shown.OVER_TIME):
        table = yearly(digest, outcome)
        counted = yearly(digest, OUTCOMES["deaths"]) if outcome.id == "expected_deaths" else None
        figure = yearly_chart(table, outcome, look, counted)
        caption = "" if outcome.meaning.lower() == outcome.label.lower() else f"What is counted: {outcome.meaning}."
        if counted is not None:
            caption += " Faint marks are counted deaths: the same mean with far more noise."
        behind = [tables.yearly_table(table, outcome, look, paired)]
        charts.append(Chart(image(figure), yearly_alt(table, outcome, look), caption, behind, outcome.label))
    return charts


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
    return Chart(image(figure), difference_alt(found, look, over_draws), caption, [tables.headline(digest, shown)])


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
    return Chart(image(age_chart(panels, look)), group_alt(panels, look), caption, behind)


def exposure(digest: Digest, look: Look) -> Chart:
    """Searches, arrests and deaths by ethnic group and by deprivation, per resident."""
    ethnic = [
        _rate_panel(digest, "searches", "ethnicity", 1000, ETHNIC_NAMES, "Searches by ethnic group"),
        _rate_panel(digest, "arrests", "ethnicity", 1000, ETHNIC_NAMES, "Drug arrests by ethnic group"),
    ]
    if ethnicity_is_sourced():
        ethnic.append(_rate_panel(digest, "deaths", "ethnicity", 100_000, ETHNIC_NAMES, "Deaths by ethnic group"))
    fifths = [
        _rate_panel(digest, "searches", "quintile", 1000, FIFTHS, "Searches by deprivation"),
        _rate_panel(digest, "arrests", "quintile", 1000, FIFTHS, "Drug arrests by deprivation"),
        _rate_panel(digest, "deaths", "quintile", 100_000, FIFTHS, "Deaths by deprivation"),
    ]
    panels = [*ethnic, *fifths]
    figure = group_chart([ethnic, fifths], look)
    caption = (
        "Exposure to policing beside misuse deaths: rates a year among residents aged 10 to 64 of each group. Ethnic group "
        "and deprivation are never causes here: the model's searches fall unequally because published searches do."
    )
    behind = [tables.group_table(panel, look, "Group") for panel in panels]
    return Chart(image(figure), group_alt(panels, look), caption, behind)


def ethnicity_is_sourced() -> bool:
    """Whether every number that says which ethnic groups users belong to has a source."""
    rows = [row for row in registry().values() if row.name == ETHNICITY_OF_USERS]
    return bool(rows) and all(row.quality in SOURCED for row in rows)


def _rate_panel(digest: Digest, outcome: str, dimension: str, per: int, names: dict[str, str], title: str) -> Panel:
    table = rates(by_group(digest, outcome, dimension), residents_by_group(digest.place, dimension), per)
    return Panel(table, title, f"a year per {per:,} residents", names)
