"""What is asked of a sweep: an outcome, a place, a regime, and which of the points are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.sweeps.frames import PLACE, Gathered
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.app.sweeps.opened import is_number

USUAL = "expected_deaths"
VIEWS = ("Surface", "What moves it most", "Ranking of regimes", "Summary")


@dataclass(frozen=True)
class Asking:
    """Choices of one visit; what is empty is chosen for it. ranges, words: what is kept, by path."""

    sweep: str = ""
    outcome: str = USUAL
    place: str = ""
    regime: str = ""
    first: str = ""
    second: str = ""
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash(repr(self))

    def of(self, sweep: str) -> "Asking":
        """The same outcome of another folder."""
        return Asking(sweep=sweep, outcome=self.outcome)

    def choosing(self, asked: Any, swept: Gathered) -> "Asking":
        """With another choice, as the browser tells it; what the sweep has not is passed over."""
        name, value = str(asked.get("name")), str(asked.get("value") or "")
        known = {
            "outcome": tuple(OUTCOMES), "place": swept.places, "regime": swept.regimes, "first": ("", *swept.paths),
            "second": ("", *swept.paths),
        }  # fmt: skip
        chosen: dict[str, Any] = {name: value}
        return replace(self, **chosen) if value in known.get(name, ()) else self

    def keeping(self, asked: Any, points: pd.DataFrame) -> "Asking":
        """With other limits of a number, in whatever order they come; raises UserError where they are no numbers."""
        path, typed = str(asked.get("path")), (asked.get("low"), asked.get("high"))
        if path not in points.columns or not is_number(points, path):
            return self
        try:
            low, high = sorted(float(str(one).replace(",", "")) for one in typed)
        except ValueError:
            raise UserError("A limit must be a number, such as 0.25: the one before stays.") from None
        ranges = {key: kept for key, kept in self.ranges.items() if key != path}
        if low > float(points[path].min()) or high < float(points[path].max()):
            ranges[path] = (low, high)
        return replace(self, ranges=ranges)

    def taking(self, asked: Any, points: pd.DataFrame) -> "Asking":
        """With a word of a choice kept or left out."""
        path, word = str(asked.get("path")), str(asked.get("word"))
        if path not in points.columns or is_number(points, path):
            return self
        every = tuple(map(str, pd.unique(points[path])))
        kept = set(self.words.get(path, every)) ^ ({word} & set(every))
        words = {key: value for key, value in self.words.items() if key != path}
        if len(kept) < len(every):
            words[path] = tuple(one for one in every if one in kept)
        return replace(self, words=words)

    @property
    def is_narrowed(self) -> bool:
        """Whether any point is left out."""
        return bool(self.ranges or self.words)


def settled(asking: Asking, swept: Gathered) -> Asking:
    """With what was left open chosen: the first place, and the first regime that is no status quo."""
    place = asking.place if asking.place in swept.places else swept.places[0]
    others = [name for name in swept.regimes if name != STATUS_QUO] or list(swept.regimes)
    regime = asking.regime if asking.regime in swept.regimes else others[0]
    return replace(asking, place=place, regime=regime)


def kept_points(asking: Asking, points: pd.DataFrame) -> pd.DataFrame:
    """The points that the limits and words keep."""
    kept = pd.Series(True, index=points.index)
    for path, (low, high) in asking.ranges.items():
        if path in points.columns:
            kept &= points[path].between(low, high)
    for path, words in asking.words.items():
        if path in points.columns:
            kept &= points[path].astype(str).isin(words)
    return points[kept]


def narrowed(asking: Asking, swept: Gathered) -> Gathered:
    """The sweep at the kept points of one place; raises UserError where there are none."""
    points = kept_points(asking, swept.points_in(asking.place))
    table = swept.table
    table = table[(table[PLACE] == asking.place) & table["point"].isin(points.index)]
    if table.empty:
        raise UserError("No finished run lies within these limits: widen one, or press Keep all points.")
    if not asking.is_narrowed and len(swept.places) == 1:
        return swept
    columns = points if PLACE not in swept.points.columns else points.assign(**{PLACE: asking.place})
    shares = None if asking.is_narrowed or swept.shares is None else swept.shares.reindex(points.index)
    return replace(swept, table=table, points=columns, shares=shares)
