#!/bin/sh
# A guess: a chart that matplotlib writes as SVG holds the shape of each letter once and refers to it (`<use>`), so that a
# library which sets the chart into a PDF reads a shape once, however often the letter stands there.
#
# What happens: fpdf2 copies the shape, point by point and with Python's `copy.deepcopy`, at each reference: some twenty pieces
# a letter. `GraphicsContext.add_item` can leave that out (`clone=False`), and the PDF is then the same to the byte.
#
# Why it matters: reports of simulations are mostly charts, and charts mostly letters. A fifth of the time of a report with
# sixteen charts went here, none of which shows under a name that has to do with text.
set -eu
unset PYTHONPATH || true
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -qq --disable-pip-version-check fpdf2==2.8.9 matplotlib==3.11.2 numpy==2.4.6

cat > "$folder/show.py" <<'END'
import io
import re
import sys
from datetime import UTC, datetime

import fpdf
import fpdf.drawing as drawing
from matplotlib.figure import Figure

figure = Figure()
axes = figure.subplots()
axes.plot([2025, 2030, 2035], [27, 24, 22])
axes.set_title("Deaths a year under each of the regimes that are compared here")
file = io.StringIO()
figure.savefig(file, format="svg")
svg = re.sub("<metadata>.*?</metadata>", "", file.getvalue(), flags=re.DOTALL).encode()

copied = []
deepcopy = drawing.deepcopy


def counted(item, *more):
    copied.append(len(item) if isinstance(item, list) else 0)
    return deepcopy(item, *more)


drawing.deepcopy = counted


def paper():
    document = fpdf.FPDF()
    document.creation_date = datetime(2000, 1, 1, tzinfo=UTC)
    document.add_page()
    document.image(io.BytesIO(svg), w=150)
    return bytes(document.output())


print("fpdf2", fpdf.__version__, "on Python", sys.version.split()[0])
shapes, letters = len(re.findall(rb"<path id=", svg)), svg.count(b"<use ")
usual, pieces = paper(), sum(copied)
copied.clear()
add = drawing.GraphicsContext.add_item
drawing.GraphicsContext.add_item = lambda context, item, clone=True: add(context, item, False)
shared, few = paper(), sum(copied)
print(f"{shapes} shapes, which {letters} letters and marks refer to")
print(f"pieces of them copied: {pieces}; without clones: {few}; the same PDF: {shared == usual}")
if pieces < 10 * letters or few or shared != usual:
    sys.exit("The behaviour has changed.")
END
"$folder/venv/bin/python" "$folder/show.py"
