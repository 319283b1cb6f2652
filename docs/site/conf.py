"""How `make docs-site` builds the pages: the sources are the Markdown files and notebooks as they lie in the repository."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

import notebooks  # noqa: E402
import pages  # noqa: E402
from pygments.lexers.special import TextLexer  # noqa: E402

PLACES = ("docs", "configs", "findings", "benchmarks")

project = "policysim"
copyright = "The policysim contributors, Apache-2.0"
root_doc = "docs/index"
include_patterns = [
    "*.md", "docs/*.md", "docs/notebooks/*.ipynb", "configs/*/README.md", "findings/README.md", "benchmarks/README.md",
]  # fmt: skip
exclude_patterns = [folder.name for folder in ROOT.iterdir() if folder.is_dir() and folder.name not in PLACES]
extensions = ["myst_parser"]
myst_heading_anchors = 4  # links to headings are those of a repository page
suppress_warnings = ["myst.header"]  # a part of the changelog may begin with a heading of the third rank
highlight_language = "text"

html_theme = "furo"
html_title = "policysim"
html_copy_source = False
html_show_search_summary = False  # it would be fetched, which a page opened from a folder may not do
html_show_sphinx = False
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_theme_options = {"footer_icons": []}

BEGINNING = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>policysim</title>
<meta http-equiv="refresh" content="0; url=docs/index.html"></head>
<body><a href="docs/index.html">policysim</a></body></html>
"""


def setup(app):
    """Notebooks are read as pages; pages are given what the program says of itself."""
    app.add_lexer("csv", TextLexer)
    app.add_source_suffix(".ipynb", "notebook")
    app.add_source_parser(notebooks.NotebookParser)
    app.connect("source-read", pages.prepare)
    app.connect("build-finished", _leave_a_beginning)


def _leave_a_beginning(app, failed):
    """The page that a folder is opened with leads to the first one."""
    if not failed:
        (Path(app.outdir) / "index.html").write_text(BEGINNING, encoding="utf-8")
