"""How the status quo of a comparison lies beside published figures of its place: what the kept weeks tell of it.

`policysim calibration` measures everything, cohorts of people too; a report runs nothing, and tells what it can.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from policysim.evidence.targets import targets
from policysim.experiments.analysis.numbers import number, span
from policysim.experiments.analysis.wording import plural
from policysim.experiments.designs.calibrate import beside
from policysim.experiments.measures.targeted import of_weeks
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.blocks import Cell, Table
from policysim.viz.digest import Digest

KINDS = {"own": "of this place", "carried": "national, carried over", "fact": "known elsewhere"}


@dataclass(frozen=True)
class Fit:
    """Targets that could be looked at, row by row as `beside` gives them, and how many could not."""

    rows: Sequence[dict]
    unseen: int

    @property
    def met(self) -> int:
        """How many the status quo lies within."""
        return sum(row["verdict"] == "pass" for row in self.rows)


def fit(digest: Digest) -> Fit | None:
    """What the status quo of the comparison says of the targets of its place; none where it was not run."""
    if not digest.has_comparator:
        return None
    weekly = digest.weekly[digest.weekly["regime"] == STATUS_QUO]
    found = [of_weeks(weeks) for _, weeks in weekly.groupby("replicate")]
    rows = [beside(target, found) for target in targets(digest.scenario.place, digest.place.population)]
    told = [row for row in rows if row["verdict"] != "no data"]
    return Fit(told, len(rows) - len(told))


def in_words(found: Fit, place: str, years: str) -> str:
    """How many are met, and where to see the others."""
    rest = (
        f" {plural(found.unseen, 'target')} cannot be told from the tables of a comparison, as those on cohorts of people: "
        f"“policysim calibration {place}” looks at all."
        if found.unseen
        else ""
    )
    return (
        f"Of {plural(len(found.rows), 'published figure')} that these runs can be held against, the status quo of {years} lies "
        f"within the tolerance of {found.met}. Published figures are of earlier years; misses stay in the table, with their "
        f"cause where one is believed.{rest}"
    )


def fit_table(found: Fit) -> Table:
    """Every target that could be looked at: those missed first."""
    table = Table(
        "The status quo of this comparison beside published figures",
        ["Figure", "Published", "Tolerated", "These runs", "Verdict", "Source"],
        kind="words small",
    )
    for row in sorted(found.rows, key=lambda row: row["verdict"] == "pass"):
        met = row["verdict"] == "pass"
        limits = span(row["model_low"], row["model_high"]) if row["model_low"] != row["model_high"] else ""
        table.rows.append([
            Cell(row["target"], (KINDS.get(row["kind"], row["kind"]), row["year"])),
            Cell(number(row["published"])),
            Cell(span(row["low"], row["high"])),
            Cell(number(row["model"]), tuple(filter(None, (limits,)))),
            Cell("met" if met else "missed", (row["cause"],) if row["cause"] else (), quiet=met),
            Cell(row["source"]),
        ])  # fmt: skip
    return table
