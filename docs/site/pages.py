"""What the pages of the site are given before they are read: the way through them, and what the program says of itself."""

import re
from functools import cache
from pathlib import Path

import reference

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s:]+/)\)")
MARKER = re.compile(r"^<!-- here: (\w+) -->$", re.MULTILINE)
FIRST = "docs/index"


def prepare(app, name, source):
    """Change the text of one page, which Sphinx hands over in a list of one."""
    text = LINK.sub(r"\1", source[0])  # folders have no page
    text = MARKER.sub(lambda found: made(found[1]), text)
    source[0] = text + ways(text) if name == FIRST else text


@cache
def made(what: str) -> str:
    """Markdown that the program says of itself, by the name under which a page asks for it."""
    return getattr(reference, what)()


def ways(text: str) -> str:
    """The contents beside every page: the sections of the first page, and what each of them links to."""
    trees = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        links = re.findall(r"^- \[([^\]]+)\]\(([^)#\s]+)\)", body, re.MULTILINE)
        lines = "\n".join(f"{words} <{Path(path).with_suffix('')}>" for words, path in links)
        trees.append(f"```{{toctree}}\n:hidden:\n:caption: {title}\n\n{lines}\n```\n")
    return "\n\n" + "\n".join(trees)
