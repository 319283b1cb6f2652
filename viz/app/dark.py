"""The dark theme: for each colour that the page is written and drawn in, the one that stands for it in the dark.

Whoever writes a room knows of the light colours alone. They are put for one another here: in the page's own style sheet, in
what was written into HTML and SVG, and, by their names in the sheet, on canvases (`shown` in `chart.vue` and `stage.vue`).
Which of the two is shown the browser decides by `color-scheme`. Reports and handouts are for paper, and stay light.
"""

import re
from functools import cache
from pathlib import Path

SHEET = Path(__file__).with_name("page.css")
DARK = {
    # paper, panels, and lines upon them
    "#FFFFFF": "#16191D", "#F7F8FA": "#1C2127", "#F3F5F8": "#20262D", "#EAF0F7": "#1E2F45", "#E4E4E4": "#333A42",
    "#E3E3E3": "#333A42", "#D9D9D9": "#3A4149", "#CFCFCF": "#3F464E", "#C9C9C9": "#6B737C", "#BFBFBF": "#4A525B",
    "#BDBDBD": "#757C85", "#B3B3B3": "#5A626B", "#8C8C8C": "#8C949D", "#767676": "#8C949D", "#757575": "#A0A7AF",
    # words
    "#000000": "#FFFFFF", "#262626": "#E8EAED", "#404040": "#CFD3D8", "#595959": "#B4BAC1", "#6B6B6B": "#A7ADB5",
    # what can be pressed, and what is wrong
    "#1A4F8B": "#8DBDF4", "#123A68": "#B4D4F8", "#0B3565": "#B4D4F8", "#8F3000": "#FF9D70", "#6B3A00": "#F0C48C",
    "#B98A4A": "#B98A4A", "#FBF1EA": "#38241A", "#FBF6EA": "#322A14", "#FBF1E2": "#33281A",
    # regimes: the colour of each, lighter where it would not stand out, and the ink of its name
    "#3D3D3D": "#D0D3D7", "#0072B2": "#0F7ABD", "#E69F00": "#E69F00", "#CC79A7": "#CC79A7", "#009E73": "#00AC7E",
    "#D55E00": "#D55E00", "#56B4E9": "#56B4E9", "#8C7A00": "#B09B1E", "#7A5195": "#A77FC4", "#7A7A7A": "#9AA1A9",
    "#005A8C": "#5DAFE6", "#8A5A00": "#E69F00", "#9C3D75": "#E49BC6", "#00664A": "#2DC496", "#A34700": "#F0884A",
    "#1F6F9E": "#7CC4EE", "#6E6000": "#C9B53A", "#5D3A77": "#C39FDC",
    # borders of marks, and ties of those who use together
    "#00405F": "#7DBFEA", "#7A3600": "#FFB27A", "#7A2E5B": "#F3C1DE", "#00513B": "#5FDDB4", "#1F5F86": "#A5D9F7",
    "#8C5A3C": "#B98A6B",
    # shades, which let something through
    "#FFF0": "#16191D00", "#FFFFFFD9": "#16191DD9", "#0000": "#FFF0", "#0004": "#FFF4",
}  # fmt: skip
COLOUR = re.compile(r"#(?:[0-9A-Fa-f]{8}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{3,4})\b")
"""A colour as it is written in a style sheet."""
WRITTEN = {
    "fill": ('[fill="{hex}" i]',),
    "stroke": ('[stroke="{hex}" i]',),
    "color": ('[style^="color:{hex}" i]', '[style^="color: {rgb}"]', '[style*="; color: {rgb}"]'),
    "background-color": ('[style*="background-color: {rgb}"]', '[style^="background: {rgb}"]'),
    "border-color": ('[style*="border-color: {rgb}"]',),
}
"""Where colours stand in HTML and SVG that was written elsewhere: as they were written, or as the browser says them again."""


def named(colour: str) -> str:
    """A colour in full and in capitals, as this table has it."""
    digits = colour[1:].upper()
    return "#" + ("".join(2 * digit for digit in digits) if len(digits) == 3 else digits)


def variable(colour: str) -> str:
    """What a style sheet says for a colour so that the theme decides."""
    return f"var(--of-{named(colour)[1:]})"


@cache
def sheet() -> str:
    """The page's style sheet in both themes."""
    both = "".join(f"--of-{light[1:]}: light-dark({light}, {dark}); " for light, dark in DARK.items())
    page = COLOUR.sub(lambda found: variable(found[0]), SHEET.read_text(encoding="utf-8"))
    return f":root {{ {both}}}\n{page}\n" + "\n".join(_written(light) for light in DARK if len(light) == 7)


def _written(light: str) -> str:
    """Rules for what was written in a colour into HTML or SVG of the page."""
    rgb = "rgb({}, {}, {})".format(*(int(light[k : k + 2], 16) for k in (1, 3, 5)))
    short = "#" + light[1::2]
    spelt = [light, short] if named(short) == light else [light]
    return "\n".join(
        ", ".join(f".ps-page {place.format(hex=hex, rgb=rgb)}" for place in places for hex in spelt)
        + f" {{ {name}: {variable(light)} !important; }}"
        for name, places in WRITTEN.items()
    )
