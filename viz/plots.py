"""A chart of a comparison in one line, for a notebook: the charts of the report, one at a time."""

from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from policysim.counts.outcomes import Shown, headlines
from policysim.errors import UserError, nearest, tells_arguments
from policysim.experiments.designs.compare import Comparison
from policysim.viz.charts.frame import Look, pictured
from policysim.viz.digest import read_digest
from policysim.viz.report import figures
from policysim.viz.style import source_line
from policysim.vocabulary.reasons import shown


@dataclass(frozen=True)
class Plot:
    """A chart with its words: a notebook shows it, `save` writes it, `figure` is matplotlib's."""

    figure: Figure
    alt: str

    def _repr_html_(self) -> str:
        """For a notebook: the picture, and its words for those who cannot see it."""
        return pictured(self.figure, self.alt)

    def save(self, file: Path | str) -> None:
        """Write it to a file, as .svg, .png or .pdf; raises UserError."""
        allowed = ("svg", "png", "pdf")
        if Path(file).suffix.removeprefix(".").lower() not in allowed:
            raise UserError(f"{file}: a chart is written as {', '.join(f'.{ending}' for ending in allowed)}")
        self.figure.savefig(file)


@tells_arguments
def plot(found: Comparison, outcome: str | None = None) -> Plot:
    """Draw a comparison: what each regime changes over the whole horizon, or one outcome year by year.

    found: what `compare` or `load_results` returns. outcome: an id, as in its summary; by default all headlines, as differences
    from the status quo. Raises UserError.
    """
    if not isinstance(found, Comparison):
        raise UserError(f"plot draws a Comparison, as compare(...) or load_results(...) gives, not {shown(found)}")
    outcomes = found.scenario.outcomes  # one's own among them
    if outcome is not None and outcome not in outcomes:
        raise UserError(f"there is no outcome {shown(outcome)}{nearest(str(outcome), outcomes)}")
    digest = read_digest(found.folder)
    look = Look(digest.names, source_line(digest.place.name, digest.has_comparator), digest.scenario.start_year)
    paired = digest.has_comparator and bool(digest.others)
    if outcome is None and not paired:
        raise UserError(
            "there are no differences to draw without the status quo and another regime beside it: name an outcome"
        )
    chart = (
        figures.differences(digest, look, headlines(Shown.DIFFERENCES))
        if outcome is None
        else figures.yearly_of(digest, look, outcomes[outcome], paired)
    )
    assert chart.figure is not None
    return Plot(chart.figure, chart.alt)
