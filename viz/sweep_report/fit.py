"""How the status quo of a sweep lies beside published figures of a place, point by point: what the kept years tell of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import pandas as pd

from policysim.counts.outcomes import COUNTED
from policysim.evidence.targets import Target, targets
from policysim.experiments.analysis.numbers import number, span
from policysim.experiments.analysis.sweeps.frames import PLACE
from policysim.experiments.analysis.wording import plural
from policysim.experiments.measures.targeted import of_means
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.blocks import Block, Cell, Fold, Table, Text
from policysim.viz.report.fit import KINDS
from policysim.viz.sweep_report.found import Found


@dataclass(frozen=True)
class Held:
    """A published figure, and what the status quo has of it at each point: the mean over seeds, by the point's number."""

    target: Target
    limits: tuple[float, float, float]
    """The figure, and between which it is tolerated."""
    at: pd.Series

    @property
    def met(self) -> pd.Series:
        """At each point whether it lies within what is tolerated, as `policysim calibration` has it."""
        return self.at.between(*self.limits[1:])


@dataclass(frozen=True)
class SweepFit:
    """Figures that could be looked at in one place, and how many could not."""

    held: Sequence[Held]
    unseen: int


def fit_of(found: Found, place: str) -> SweepFit | None:
    """What the status quo says of the targets of a place, by its id; none where it was not run."""
    table = found.swept.table
    quo = table[(table["regime"] == STATUS_QUO) & (table[PLACE] == place)]
    if quo.empty:
        return None
    means = quo.groupby(["point", "replicate"])[[name for name in COUNTED if name in quo]].mean()
    told = pd.DataFrame([of_means(row) for row in means.to_dict("records")], index=means.index)
    by_point = told.groupby("point").mean()
    known = targets(place, found.places[place].population)
    held = []
    for target in known:
        limits, at = (target.published, target.low, target.high), by_point.get(target.measure)
        if at is not None and at.notna().all() and None not in limits:
            held.append(Held(target, cast("tuple[float, float, float]", limits), at))
    return SweepFit(held, len(known) - len(held))


def fit_blocks(found: Found, place: str) -> list[Block]:
    """How many figures are met and what is not known, in words, and every figure beneath."""
    fitted, name = fit_of(found, place), found.places[place].name
    if fitted is None:
        return [
            Text(
                f"The status quo of {name} is not among these runs: nothing here can be held against published figures."
            )
        ]
    if not fitted.held:
        return [
            Text(
                f"No published figure can be held against these runs of {name}: how well the model fits it is not known."
            )
        ]
    caption = f"The status quo of {name} beside published figures"
    return [Text(in_words(found, fitted, name)), Fold(caption, [fit_table(fitted, caption)], paper=False)]


def in_words(found: Found, fitted: SweepFit, name: str) -> str:
    """How many are met at the points, of which kind they are, and what these runs do not tell."""
    met = pd.concat([one.met for one in fitted.held], axis=1).sum(axis=1)
    least, most, middle = int(met.min()), int(met.max()), int(met.median())
    of_points = (
        f"{most} at every point"
        if least == most
        else f"{middle} at the middle point ({least} to {most} over all points)"
    )
    own = sum(one.target.kind == "own" for one in fitted.held)
    kinds = (
        f"{own} of them {'is' if own == 1 else 'are'} of this place; the others are national, carried over, or known elsewhere"
        if own
        else "None of them is of this place alone (they are national, carried over, or known elsewhere): how well the model fits "
        "this place in particular is not known"
    )
    moved = " Numbers that vary from point to point move the fit too." if any(
        path.startswith("parameters.") for path in found.swept.paths
    ) else ""  # fmt: skip
    unseen = (
        f" {plural(fitted.unseen, 'target')} cannot be told from the tables of a sweep, as those on cohorts of people."
        if fitted.unseen
        else ""
    )
    return (
        f"Of {plural(len(fitted.held), 'published figure')} that these runs of {name} can be held against, the status quo lies "
        f"within the tolerance of {of_points}. {kinds}. Published figures are of earlier years; misses stay in the table."
        f"{moved}{unseen}"
    )


def fit_table(fitted: SweepFit, caption: str) -> Table:
    """Every figure that could be looked at, those that are missed at most points first."""
    table = Table(
        caption, ["Figure", "Published", "Tolerated", "These runs, over points", "Met", "Source"], kind="words small"
    )
    for one in sorted(fitted.held, key=lambda held: held.met.mean()):
        target, at, met = one.target, one.at, int(one.met.sum())
        limits = span(at.min(), at.max()) if at.min() != at.max() else ""
        cause = (target.cause,) if target.cause and met < len(at) else ()
        table.rows.append([
            Cell(target.target, (KINDS.get(target.kind, target.kind), target.year)),
            Cell(number(one.limits[0])),
            Cell(span(*one.limits[1:])),
            Cell(number(at.median()), tuple(filter(None, (limits,)))),
            Cell("at every point" if met == len(at) else f"at {met} of {plural(len(at), 'point')}", cause, quiet=met == len(at)),
            Cell(target.source),
        ])  # fmt: skip
    return table
