"""What the browser is handed of the street: the cast once, then the weeks that it lacks, and what stands beneath."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np

from policysim.scenarios.regime import Regime
from policysim.viz.app.filming.circumstances import CIRCUMSTANCES
from policysim.viz.app.filming.film import Cast
from policysim.viz.app.filming.reels import Reels
from policysim.viz.app.filming.whereabouts import PLACE_WORDS
from policysim.viz.style import regime_styles

Parcel = dict[str, Any]


def cast_for_browser(cast: Cast) -> dict[str, Any]:
    """Who stands where, of which age, tied to whom."""
    return {
        "x": [round(x, 4) for x in cast.x.tolist()], "y": [round(y, 4) for y in cast.y.tolist()],
        "ties": [[one, other, int(using)] for one, other, using in cast.ties],
        "age": [round(age, 2) for age in cast.age.tolist()], "sex": cast.sex.tolist(),
    }  # fmt: skip


def words_for_browser() -> dict[str, Any]:
    """Names of places, and the circumstances in the order of their bits."""
    return {
        "places": [{"name": name, "there": there} for name, there in PLACE_WORDS.values()],
        "circumstances": [{"words": one.words, "protects": one.protects} for one in CIRCUMSTANCES],
    }


def sides_for_browser(sides: Sequence[Regime]) -> list[dict[str, str]]:
    """The two regimes that stand beside one another."""
    styles = regime_styles([side.id for side in sides])
    return [{"name": side.name, "ink": styles[side.id].ink} for side in sides]


def parcel(reels: Reels, sides: Sequence[Regime], have: Sequence[int]) -> Parcel:
    """The weeks of each side that the browser lacks, as bytes: states and places of everyone week by week, changes."""
    found = []
    for side, week in zip(sides, have, strict=True):
        reel = reels.since(side.id, int(week))
        found.append({
            "first": reel.first, "weeks": len(reel.frames), "states": _bytes(reel.frames, np.int8),
            "places": _bytes(reel.places, np.int8), "changes": _bytes(reel.changes, np.dtype("<i4")),
        })  # fmt: skip
    return {"sides": found}


def _bytes(values: np.ndarray, kind: Any) -> str:
    return b64encode(np.ascontiguousarray(values, kind).tobytes()).decode()


def caption(people: int) -> str:
    """What the drawing is and is not."""
    return (
        f"{people} fictional people of one run, simulated: the same people on both sides, week by week. They were reached tie "
        "by tie from someone dependent on heroin or crack, so they are no cross-section of the place, and differences "
        "between the two drawings are no result: those stand under Compare. Grey lines: household and friendship. Brown: "
        "using together when the regimes part. Outlined: in another state than on the other side. Whoever is met in a "
        "place this week stands in its box; a dot keeps their spot."
    )
