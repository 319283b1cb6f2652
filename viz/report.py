"""The report of a comparison: one HTML file that holds everything it needs and opens without internet."""

import base64
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup
from matplotlib.figure import Figure

from policysim.errors import UserError
from policysim.experiments.analysis.compare import plural
from policysim.viz import sections, words
from policysim.viz.charts import Look, Panel, age_chart, as_svg, difference_chart, group_chart, yearly_chart
from policysim.viz.digest import (
    TEN_YEAR_BANDS,
    Digest,
    by_group,
    rates,
    read_digest,
    residents_by_group,
    totals,
    yearly,
)
from policysim.viz.sections import Table
from policysim.viz.style import measure, source_line

REPORT = "report.html"
OVER_TIME = ("expected_deaths", "overdoses", "arrests", "treatment_entries", "in_treatment")
DIFFERENCES = (
    "expected_deaths", "opiate_deaths", "overdoses", "arrests", "searches", "imprisoned", "treatment_entries",
    "in_treatment", "hidden", "offences",
)  # fmt: skip
SPENDING = ("cost_police", "cost_council", "cost_nhs", "cost_justice", "spending")
ETHNIC_NAMES = {"white": "White", "asian": "Asian", "black": "Black", "mixed": "Mixed", "other": "Other"}
FIFTHS = {"q1": "Most deprived", "q2": "Second", "q3": "Third", "q4": "Fourth", "q5": "Least deprived"}


@dataclass(frozen=True)
class Chart:
    """A chart on the page: image, its text for those who cannot see it, caption, and the numbers behind it."""

    image: str
    alt: str
    caption: str
    tables: list[Table] = field(default_factory=list)
    label: str = ""


def write_report(folder: Path) -> Path:
    """Write DIR/report.html from the tables in DIR; returns its path. Raises UserError."""
    digest = read_digest(Path(folder))
    path = Path(folder) / REPORT
    text = render(digest)
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UserError(f"{path} cannot be written: {(error.strerror or str(error)).lower()}") from None
    return path


def render(digest: Digest) -> str:
    """The report as HTML; the same results give the same text."""
    look = Look(digest.names, source_line(digest.place.name, digest.has_comparator), digest.scenario.start_year)
    last = digest.scenario.start_year + digest.scenario.years - 1
    paired = digest.has_comparator and bool(digest.others)
    page = _environment().get_template("report.html.j2")
    return page.render(
        digest=digest,
        words=words,
        paired=paired,
        horizon=plural(digest.scenario.years, "year"),
        last_year=last,
        question=words.question(digest),
        where=words.where(digest),
        headline=sections.headline(digest),
        sentences=_sentences(digest) if paired else [],
        over_time=_over_time(digest, look, paired),
        differences=_differences(digest, look, DIFFERENCES) if paired else None,
        spending=_differences(digest, look, SPENDING) if paired else None,
        ages=_ages(digest, look),
        exposure=_exposure(digest, look),
        regimes=sections.regimes_described(digest),
        trade_offs=sections.trade_offs(digest) if paired else None,
        cautions=sections.cautions(digest),
        fitted=sections.parameters_of("fitted"),
        assumed=sections.parameters_of("assumed"),
        provenance=sections.provenance(digest),
        scenario_text=digest.scenario.to_toml(),
    )


def _environment() -> Environment:
    folder = files("policysim.viz").joinpath("templates")
    environment = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined,
    )  # fmt: skip
    environment.globals["style"] = Markup(folder.joinpath("report.css").read_text(encoding="utf-8"))
    return environment


def _image(figure: Figure) -> str:
    """The figure as an address that holds it: an image of its own, whose inner names cannot meet those of another."""
    return "data:image/svg+xml;base64," + base64.b64encode(as_svg(figure).encode()).decode()


# --- what is drawn ----------------------------------------------------------------------------------------------------
def _sentences(digest: Digest) -> list[tuple[str, str]]:
    """For each regime its main differences, and what the purses pay."""
    names = ("expected_deaths", "arrests", "treatment_entries", "spending")
    tables = [(measure(name), totals(digest, measure(name))) for name in names]
    return [
        (digest.names[regime], "; ".join(words.in_words(regime, table, item) for item, table in tables) + ".")
        for regime in digest.others
    ]


def _over_time(digest: Digest, look: Look, paired: bool) -> list[Chart]:
    charts = []
    for name in OVER_TIME:
        item = measure(name)
        table = yearly(digest, item)
        counted = yearly(digest, measure("deaths")) if name == "expected_deaths" else None
        figure = yearly_chart(table, item, look, counted)
        caption = "" if item.meaning.lower() == item.label.lower() else f"What is counted: {item.meaning}."
        if counted is not None:
            caption += " Faint marks are counted deaths: the same mean with far more noise."
        tables = [sections.yearly_table(table, item, look, paired)]
        charts.append(Chart(_image(figure), words.yearly_alt(table, item, look), caption, tables, item.label))
    return charts


def _differences(digest: Digest, look: Look, names: tuple[str, ...]) -> Chart:
    tables = [(measure(name), totals(digest, measure(name))) for name in names]
    figure = difference_chart(tables, look, digest.scenario.years)
    caption = (
        f"Differences against the status quo over {plural(digest.scenario.years, 'year')}, paired by seed, with 95% "
        "intervals. A hollow mark is within noise. Each panel has its own scale."
    )
    return Chart(_image(figure), words.difference_alt(tables, look), caption, [sections.headline(digest, names)])


def _ages(digest: Digest, look: Look) -> Chart:
    panels = [
        Panel(
            by_group(digest, name, "age", TEN_YEAR_BANDS),
            measure(name).label,
            f"{measure(name).unit} a year, 95% interval",
        )
        for name in ("deaths", "arrests")
    ]
    caption = (
        "By age at the time. Bars: status quo. These are counts, so intervals are wide. The model follows people who "
        "were never dependent to the age of 64."
    )
    tables = [sections.group_table(panel, look, "Age") for panel in panels]
    return Chart(_image(age_chart(panels, look)), words.group_alt(panels, look), caption, tables)


def _exposure(digest: Digest, look: Look) -> Chart:
    ethnic = [
        _rate_panel(digest, "searches", "ethnicity", 1000, ETHNIC_NAMES, "Searches by ethnic group"),
        _rate_panel(digest, "arrests", "ethnicity", 1000, ETHNIC_NAMES, "Drug arrests by ethnic group"),
    ]
    fifths = [
        _rate_panel(digest, "searches", "quintile", 1000, FIFTHS, "Searches by deprivation"),
        _rate_panel(digest, "arrests", "quintile", 1000, FIFTHS, "Drug arrests by deprivation"),
        _rate_panel(digest, "deaths", "quintile", 100_000, FIFTHS, "Misuse deaths by deprivation"),
    ]
    panels = [*ethnic, *fifths]
    figure = group_chart([ethnic, fifths], look)
    caption = (
        "Exposure to policing beside deaths: rates a year among residents aged 10 to 64 of each group. Ethnic group "
        "and deprivation are never causes here: the model's searches fall unequally because published searches do."
    )
    tables = [sections.group_table(panel, look, "Group") for panel in panels]
    return Chart(_image(figure), words.group_alt(panels, look), caption, tables)


def _rate_panel(digest: Digest, outcome: str, dimension: str, per: int, names: dict[str, str], title: str) -> Panel:
    table = rates(by_group(digest, outcome, dimension), residents_by_group(digest.place, dimension), per)
    return Panel(table, title, f"a year per {per:,} residents", names)
