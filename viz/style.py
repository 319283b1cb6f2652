"""One look for everything that is drawn: colours and lines of regimes, years on an axis, the line on the source.

Colours are those of Okabe and Ito, told apart with any colour vision; dashes and markers say the same without colour.
No regime is red or green against another: a colour must not judge. The status quo is dark grey everywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from policysim.scenarios.equal_spend import SUFFIX
from policysim.scenarios.own_arms import beside_which
from policysim.scenarios.regime import STATUS_QUO

TEXT = "#262626"
"""Titles and labels."""
QUIET = "#595959"
"""Axes, units, sources: 7 to 1 against white."""
FAINT = "#D9D9D9"
"""Grid lines and the bars of the comparator."""
EVIDENCE = "#D55E00"
"""Marks of published figures beside the model's."""
SEX_COLOURS = {"women": "#CC79A7", "men": "#0072B2"}


@dataclass(frozen=True)
class RegimeStyle:
    """How a regime is drawn: `colour` for marks, `ink` (4.5 to 1 against white or more) for words, dash and marker."""

    colour: str
    ink: str
    dash: str | tuple[float, tuple[float, ...]]
    marker: str


SOLID, DASHED, DOTTED, LONG, MIXED = (
    "solid",
    (0.0, (5.0, 2.0)),
    (0.0, (1.5, 1.5)),
    (0.0, (9.0, 2.0)),
    (0.0, (7.0, 2.0, 1.5, 2.0)),
)
SHIPPED = {
    STATUS_QUO: RegimeStyle("#3D3D3D", "#3D3D3D", SOLID, "o"),
    "enforcement-only": RegimeStyle("#0072B2", "#005A8C", DASHED, "s"),
    "diversion": RegimeStyle("#E69F00", "#8A5A00", LONG, "^"),
    "harm-reduction": RegimeStyle("#CC79A7", "#9C3D75", MIXED, "D"),
    "multi-component": RegimeStyle("#009E73", "#00664A", DOTTED, "v"),
    "services-cut": RegimeStyle("#D55E00", "#A34700", LONG, "X"),
}
OTHERS = (
    RegimeStyle("#56B4E9", "#1F6F9E", DASHED, "P"),
    RegimeStyle("#8C7A00", "#6E6000", MIXED, "p"),
    RegimeStyle("#7A5195", "#5D3A77", DOTTED, "h"),
)
"""For regimes of a user's own, in order of appearance."""
DOTS, GAPS = (0.0, (3.0, 1.5, 1.0, 1.5, 1.0, 1.5)), (0.0, (3.0, 3.0))
EDITED = ((DOTS, "*"), (GAPS, "d"))
"""Dash and marker of arms with rules of a user's own, which have a shade of the colour beside which they stand."""
SHADE_OF_STATUS_QUO = "#7A7A7A"


def regime_styles(ids: Iterable[str]) -> dict[str, RegimeStyle]:
    """A style for each regime: its own if it is shipped, at equal spend too, otherwise the next that is free.

    An arm with rules of a user's own looks like the regime beside which it stands, in another shade, dash and marker.
    """
    styles: dict[str, RegimeStyle] = {}
    own, ids = 0, list(ids)
    beside = {name: beside_which(name, [*ids, *SHIPPED]) for name in ids}
    for name in ids:
        described = name.removesuffix(SUFFIX)
        if described in SHIPPED and (described == name or described not in ids):
            styles[name] = SHIPPED[described]
        elif beside[name] is None:
            styles[name] = OTHERS[own % len(OTHERS)]
            own += 1
    for name, stock in beside.items():
        if name not in styles and stock is not None:
            earlier = [one for one in ids[: ids.index(name)] if beside[one] == stock]
            styles[name] = _edited(styles.get(stock) or regime_styles([stock])[stock], len(earlier))
    return {name: styles[name] for name in ids}


def _edited(stock: RegimeStyle, k: int) -> RegimeStyle:
    """The style of the k-th arm beside a regime."""
    dash, marker = EDITED[k % len(EDITED)]
    shade = SHADE_OF_STATUS_QUO if stock.ink == stock.colour else stock.ink
    return RegimeStyle(shade, QUIET if stock.ink == stock.colour else stock.ink, dash, marker)


def years_axis(start_year: int, years: int) -> list[int]:
    """The calendar years to mark on an axis: all, or every second or fifth of a long horizon."""
    step = 1 if years <= 6 else 2 if years <= 14 else 5
    return list(range(start_year, start_year + years, step))


def source_line(place: str, comparator: bool = True) -> str:
    """What stands under every chart."""
    return f"policysim simulation, {place}" + ("; status quo is the comparator" if comparator else "")
