"""Writing the report: one HTML file that holds everything it needs and opens without internet."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from policysim.counts.outcomes import Shown, headlines
from policysim.experiments.analysis.contested import Tried, bearing_on, turning
from policysim.experiments.analysis.hiding import WHY_BESIDE
from policysim.experiments.analysis.precision import ENOUGH_REPLICATES
from policysim.experiments.analysis.standing import Line, first_lines
from policysim.experiments.analysis.unknowns import OVER_SEEDS, OVER_UNKNOWNS
from policysim.experiments.analysis.wording import difference, plural, years_of
from policysim.experiments.designs.contested import what_turns
from policysim.experiments.designs.sensitivity import read_screening
from policysim.experiments.running.files import RUNS_ARE_KEPT, whole_or_not
from policysim.viz import words
from policysim.viz.charts import Look
from policysim.viz.digest import Digest, findings, read_digest, totals
from policysim.viz.report import figures, tables, value
from policysim.viz.style import source_line

REPORT = "report.html"


def write_report(folder: Path, path: Path | None = None, screening: Path | None = None) -> Path:
    """Write the report from the tables in a folder, there or to a path; returns where. Raises UserError.

    screening: the folder of a finished screening, whose strongest numbers the report then names.
    """
    also = RUNS_ARE_KEPT if path is None else ""
    path = path or Path(folder) / REPORT
    tried = what_turns(Path(folder))
    text = render(read_digest(Path(folder)), read_screening(screening) if screening else None, tried)
    with whole_or_not(path, also=also) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
    return path


def render(digest: Digest, screening: pd.DataFrame | None = None, tried: Sequence[Tried] | None = None) -> str:
    """The report as HTML; the same results give the same text.

    tried: the contested questions that bear on it and what their other readings change; without it nothing was tried.
    """
    tried = bearing_on(digest.scenario) if tried is None else tried
    look = Look(digest.names, source_line(digest.place.name, digest.has_comparator), digest.scenario.start_year)
    paired = digest.has_comparator and bool(digest.others)
    page = _environment().get_template("report.html.j2")
    return page.render(
        digest=digest,
        words=words,
        paired=paired,
        horizon=plural(digest.scenario.years, "year"),
        years=years_of(digest.scenario),
        question=words.question(digest),
        where=words.where(digest),
        headline=tables.headline(digest, headlines(Shown.REPORT)),
        enough=ENOUGH_REPLICATES,
        precisions=tables.precisions(digest, headlines(Shown.REPORT)),
        first_lines=(*_first_lines(digest), *turning(tried)) if paired else (),
        over_seeds=OVER_SEEDS,
        over_unknowns=OVER_UNKNOWNS,
        sentences=_sentences(digest) if paired else [],
        over_time=figures.over_time(digest, look, paired),
        differences=figures.differences(digest, look, headlines(Shown.DIFFERENCES)) if paired else None,
        spending=figures.differences(digest, look, headlines(Shown.SPENDING)) if paired else None,
        ages=figures.ages(digest, look),
        equity=figures.equity(digest, look),
        few=WHY_BESIDE,
        purses=value.purses(digest) if paired else None,
        of_purses=value.of_purses(digest),
        prices=value.prices(digest, look) if paired else None,
        carriers=tables.carriers(screening, digest.names) if screening is not None else None,
        regimes=tables.regimes_described(digest),
        trade_offs=tables.trade_offs(digest) if paired else None,
        cautions=tables.cautions(digest),
        contested=tables.contested(tried),
        contested_tried=any(one.swaps is not None for one in tried),
        fitted=tables.parameters_of("fitted"),
        assumed=tables.parameters_of("assumed"),
        place=tables.of_the_place(digest.scenario),
        provenance=tables.provenance(digest),
        scenario_text=digest.scenario.to_toml(),
    )


def _environment() -> Environment:
    folder = files("policysim.viz.report")
    environment = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined,
    )  # fmt: skip
    environment.globals["style"] = Markup(folder.joinpath("report.css").read_text(encoding="utf-8"))
    return environment


def _first_lines(digest: Digest) -> tuple[Line, ...]:
    """What holds and what does not, of the main outcomes."""
    found = {outcome.id: findings(digest, outcome) for outcome in headlines(Shown.SENTENCES)}
    return first_lines(found, digest.scenario.replicates, digest.draws)


def _sentences(digest: Digest) -> list[tuple[str, str]]:
    """For each regime its main differences, and what the purses pay."""
    found = [(outcome, totals(digest, outcome)) for outcome in headlines(Shown.SENTENCES)]
    return [
        (digest.names[regime], "; ".join(difference(table, regime, item).in_words() for item, table in found) + ".")
        for regime in digest.others
    ]
