"""How the state of a person is drawn: a shape that says what the colour says."""

from dataclasses import dataclass

from policysim.viz.app.filming.sampled import STATE_WORDS, State


@dataclass(frozen=True)
class Mark:
    """A shape in a box of 20 by 20: an outline that is filled, and a line upon it; size on the street in pixels."""

    path: str
    fill: str
    border: str
    size: float
    width: float = 1.5
    line: str = ""


NAMES: dict[State, str] = {
    State.NEVER: "Never used", State.STOPPED: "Stopped, in remission", State.USES: "Uses", State.DEPENDENT: "Dependent",
    State.TREATMENT: "In treatment", State.CUSTODY: "In custody", State.AGED_OUT: "Past ages followed",
    State.DIED: "Died, of any cause",
}  # fmt: skip
"""For the table; in a sentence about one person STATE_WORDS are used."""


def _circle(radius: float) -> str:
    return f"M10 {10 - radius}a{radius} {radius} 0 1 0 0.001 0Z"


MARKS: dict[State, Mark] = {
    State.NEVER: Mark(_circle(6), "#FFFFFF", "#757575", 11),
    State.STOPPED: Mark(_circle(7), "#C9C9C9", "#595959", 12, line="M5 10H15"),
    State.USES: Mark(_circle(8), "#56B4E9", "#1F6F9E", 14),
    State.DEPENDENT: Mark("M10 0.5 L19.5 10 L10 19.5 L0.5 10Z", "#D55E00", "#7A3600", 18),
    State.TREATMENT: Mark("M10 1.5 L19 18 H1Z", "#009E73", "#00513B", 17),
    State.CUSTODY: Mark("M3 3H17V17H3Z", "#262626", "#262626", 14, line="M7.7 3V17M12.3 3V17"),
    State.AGED_OUT: Mark("M4 8H16V12H4Z", "#E4E4E4", "#8C8C8C", 10),
    State.DIED: Mark(_circle(8), "#FFFFFF", "#7A5195", 16, 2.5, line="M9.5 10H10.5"),
}


def drawn() -> list[dict[str, str | float]]:
    """Marks and words of all states, in their order, for the browser."""
    return [
        {
            "path": mark.path, "fill": mark.fill, "border": mark.border, "size": mark.size, "width": mark.width,
            "line": mark.line, "ink": "#FFFFFF" if state == State.CUSTODY else mark.border, "words": STATE_WORDS[state],
            "name": NAMES[state],
        }
        for state, mark in MARKS.items()
    ]  # fmt: skip
