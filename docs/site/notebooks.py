"""Notebooks as pages: their texts and code, and what they showed where `make docs-site` has just run them."""

import json
from pathlib import Path

from myst_parser.parsers.sphinx_ import MystParser

RUN = Path(__file__).resolve().parents[2] / "build" / "notebooks"
"""Where the notebooks lie with what they showed, once `make docs-site` has run them."""


class NotebookParser(MystParser):
    """Reads a notebook as the Markdown that it would be."""

    supported = ("notebook",)

    def parse(self, inputstring, document):
        run = RUN / Path(document["source"]).name
        text = run.read_text(encoding="utf-8") if run.exists() else inputstring
        super().parse(markdown_of(json.loads(text)), document)


def markdown_of(notebook: dict) -> str:
    """The cells one after another."""
    return "\n\n".join(part for cell in notebook["cells"] for part in _parts(cell))


def _parts(cell: dict) -> list[str]:
    text = "".join(cell["source"])
    if cell["cell_type"] != "code":
        return [text]
    return [f"```python\n{text}\n```", *(_shown(output) for output in cell["outputs"])]


def _shown(output: dict) -> str:
    """What a cell printed or showed; nothing of what it complained of."""
    data = output.get("data", {})
    if "text/html" in data:
        return "```{raw} html\n<div class='shown'>" + "".join(data["text/html"]) + "</div>\n```"
    text = "".join(data.get("text/plain", output.get("text", [])))
    return "" if output.get("name") == "stderr" else f"```text\n{text.rstrip()}\n```"
