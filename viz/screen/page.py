"""A report as one HTML page that holds everything it needs and opens without internet."""

import base64
import re
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from policysim.viz.blocks import Chart, Report

PIXELS = 96 / 72
"""Of the screen for a point of a figure."""


def as_page(report: Report) -> str:
    """The report as HTML; the same report gives the same text."""
    return _environment().get_template("page.html.j2").render(report=report, foot=_in_style(report.source))


def image(chart: Chart) -> str:
    """The figure as an address that holds it: an image of its own, whose inner names cannot meet those of another."""
    return "data:image/svg+xml;base64," + base64.b64encode(chart.svg.encode()).decode()


def width(chart: Chart) -> int:
    """How wide the figure is shown where there is room, in pixels."""
    return round(chart.figure.get_figwidth() * 72 * PIXELS) if chart.figure is not None else 0


def _in_style(text: str) -> Markup:
    """Text within quotation marks of a style sheet, where nothing in it can end them."""
    return Markup(re.sub(r"[^\w ,.;:()-]", lambda found: f"\\{ord(found[0]):06x}", text))


def _environment() -> Environment:
    folder = files("policysim.viz.screen")
    environment = Environment(
        loader=FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8")),
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined,
    )  # fmt: skip
    environment.globals["style"] = Markup(folder.joinpath("page.css").read_text(encoding="utf-8"))
    environment.globals |= {"image": image, "width": width, "kind_of": lambda block: type(block).__name__}
    return environment
