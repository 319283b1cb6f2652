#!/bin/sh
# A guess: `figure.savefig(...)` draws a figure once; a layout engine (`layout="constrained"`) adds the time of its sums.
#
# What happens: where a figure has a layout engine, `savefig` draws all of it twice, each line, letter and marker: first into
# nothing, only so that the engine runs, and again into the file. Whoever runs the engine first and takes it off
# (`figure.get_layout_engine().execute(figure)`, `figure.set_layout_engine(None)`) gets the very same file from one drawing.
#
# Why it matters: whoever writes a report with charts for every outcome and every run of a sweep, in constrained layout as the
# guide advises, pays for each chart twice, and a profile shows nothing but many calls of `draw`.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check matplotlib==3.11.2 numpy==2.4.6

cat > "$folder/show.py" <<'END'
import io
import sys

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

drawn = []
usual = Line2D.draw
Line2D.draw = lambda line, renderer: (drawn.append(line.get_label()), usual(line, renderer))[1]


def saved(layout, laid_out_before=False):
    """How often the curve is drawn, and the file."""
    figure = Figure(layout=layout)
    axes = figure.subplots()
    axes.plot([2025, 2030, 2035], [27, 24, 22], label="deaths")
    axes.set_ylabel("deaths a year")
    drawn.clear()
    if laid_out_before:
        FigureCanvasSVG(figure)
        figure.get_layout_engine().execute(figure)
        figure.set_layout_engine(None)
    file = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": "same"}):
        figure.savefig(file, format="svg", metadata={"Date": None})
    return drawn.count("deaths"), file.getvalue()


print("matplotlib", matplotlib.__version__, "on Python", sys.version.split()[0])
without, _ = saved(None)
within, file = saved("constrained")
before, same = saved("constrained", laid_out_before=True)
print("times that savefig draws the curve: without a layout engine", without, "- with one", within)
print("laid out before, and the engine taken off:", before, "- the same file:", same == file)
if (without, within, before, same == file) != (1, 2, 1, True):
    sys.exit("The behaviour has changed.")
END
"$folder/venv/bin/python" "$folder/show.py"
