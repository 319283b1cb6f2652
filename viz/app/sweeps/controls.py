"""The controls at the left of the room as plain values: lists to choose from, and what varies with its limits."""
# ruff: noqa: N802  (components are named like classes)

import math
from typing import Any

import pandas as pd
import solara

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.sweeps.frames import PLACE, Gathered, label
from policysim.reference.lever_words import Row
from policysim.viz.app.compare.shown import THEMES
from policysim.viz.app.regimes.parts import Told
from policysim.viz.app.sweeps.asking import Asking, kept_points
from policysim.viz.app.sweeps.opened import is_number
from policysim.world.places import find_place


@solara.component_vue("controls.vue")
def Controls(
    choices: list[Row], paths: list[Row], said: str, fault: str, narrowed: bool, event_choose: Told, event_keep: Told,
    event_take: Told, event_reset: Told,
) -> None:  # fmt: skip
    """What to show, and limits of what varies."""


def choices(asking: Asking, swept: Gathered) -> list[Row]:
    """The lists, each with what is chosen in it; those of one entry are left out."""
    places = [(place, find_place(place).name) for place in swept.places]
    regimes = [(regime, swept.name(regime)) for regime in swept.regimes]
    paths = [("", "what moves it most"), *((path, label(path)) for path in swept.paths)]
    found: list[Row] = [{"name": "outcome", "label": "Outcome", "value": asking.outcome, "groups": _outcomes()}]
    if len(places) > 1:
        found.append(_list("place", "Place", asking.place, places))
    if len(regimes) > 1:
        found.append(_list("regime", "Regime", asking.regime, regimes))
    if len(paths) > 2:
        found += [_list("first", "Surface over", asking.first, paths)]
        if asking.first:
            second = [("", "nothing else"), *(one for one in paths[1:] if one[0] != asking.first)]
            found += [_list("second", "and over", asking.second, second)]
    return found


def _list(name: str, said: str, value: str, items: list[tuple[str, str]]) -> Row:
    return {"name": name, "label": said, "value": value, "groups": [{"name": "", "items": _items(items)}]}


def _items(items: list[tuple[str, str]]) -> list[Row]:
    return [{"id": id, "name": name} for id, name in items]


def _outcomes() -> list[Row]:
    """By theme as in the comparison, the others after them; each once."""
    groups, seen = [], set()
    for theme in THEMES:
        groups.append({"name": theme.name, "items": _items([(one.id, one.label) for one in theme.outcomes])})
        seen |= {one.id for one in theme.outcomes}
    rest = [(id, one.label) for id, one in OUTCOMES.items() if id not in seen]
    return [*groups, {"name": "Others", "items": _items(sorted(rest, key=lambda one: one[1]))}]


def path_rows(asking: Asking, swept: Gathered) -> list[Row]:
    """What varies: numbers with the limits that are kept, words with whether each is."""
    points = swept.points_in(asking.place)
    rows: list[Row] = []
    for path in map(str, points.columns):
        if path == PLACE or points[path].nunique() < 2:
            continue
        row: dict[str, Any] = {"path": path, "label": label(path), "unit": swept.units.get(path, "")}
        if is_number(points, path):
            rows.append({**row, **_limits(asking, points[path], path in swept.logs)})
        else:
            every = sorted(map(str, pd.unique(points[path])))
            kept = asking.words.get(path, tuple(every))
            rows.append(row | {"words": [{"word": word, "kept": word in kept} for word in every]})
    return rows


def _limits(asking: Asking, taken: pd.Series, log: bool) -> Row:
    values = taken.dropna().to_numpy(float)
    least, most = _rounded(values.min(), math.floor), _rounded(values.max(), math.ceil)
    low, high = asking.ranges.get(str(taken.name), (least, most))
    whole = bool((values == values.round()).all())
    return {
        "words": None,
        "least": least,
        "most": most,
        "low": low,
        "high": high,
        "whole": whole,
        "log": bool(log and least > 0),
    }


def _rounded(value: float, towards: Any) -> float:
    """Three figures, away from the points, so that none is lost by rounding; whole numbers as they are."""
    if value == round(value):
        return int(value)
    size = 10.0 ** (math.floor(math.log10(abs(value))) - 2)
    return float(f"{towards(value / size) * size:.6g}")


def kept_in_words(asking: Asking, swept: Gathered) -> str:
    """How many points are kept."""
    points = swept.points_in(asking.place)
    kept = len(kept_points(asking, points))
    return (
        f"All {len(points):,} points are kept."
        if kept == len(points)
        else f"{kept:,} of {len(points):,} points are kept."
    )
