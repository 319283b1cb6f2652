"""The documentation as a site: built without a warning, whole, found in its contents, and with nothing from elsewhere."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from served_page import chromium, screen

import policysim
from policysim import rules

ROOT = Path(__file__).resolve().parents[2]
ASKED_FOR = {"src", "srcset", "href", "data", "poster", "action", "style"}
ELSEWHERE = re.compile(r"(?:^|[\s(\"'])(?:https?:)?//\w", re.IGNORECASE)
FOR_THE_SEARCH = {"index.html", "search.html", "genindex.html"}

pytestmark = pytest.mark.slow


class Page(HTMLParser):
    """What a page asks for, what it leads to, and its headings."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.asked, self.led_to, self.ids = path, [], set(), set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given["id"]} if "id" in given else set()
        if tag == "a":
            self.led_to |= {given.get("href", "").partition("#")[0]}
        else:
            self.asked += [(tag, value) for name, value in given.items() if name in ASKED_FOR]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `make docs-site` builds it."""
    line = next(line for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines() if "-m sphinx" in line)
    built = tmp_path_factory.mktemp("built")
    options = line.split("-m sphinx")[1].replace("build/site-read", str(built / "read")).split()[:-1]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, built / "site"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert (done.stderr, done.returncode) == ("", 0)
    return built / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return {path.relative_to(site).as_posix(): Page(path) for path in sorted(site.rglob("*.html"))}


def test_no_page_asks_for_anything_elsewhere(site: Path, pages: dict[str, Page]) -> None:
    asked = [(name, *each) for name, page in pages.items() for each in page.asked if ELSEWHERE.search(each[1])]
    assert asked == []
    asks = re.compile(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", re.IGNORECASE)
    sheets = list(site.rglob("*.css"))
    assert sheets and [sheet.name for sheet in sheets if asks.search(sheet.read_text(encoding="utf-8"))] == []


def test_every_page_is_in_the_contents(pages: dict[str, Page]) -> None:
    first = pages["docs/index.html"]
    led_to = {os.path.normpath(f"docs/{link}") for link in first.led_to if link and "://" not in link}
    assert set(pages) - FOR_THE_SEARCH - led_to == {"docs/index.html"}


def test_every_page_of_the_docs_is_in_the_site(pages: dict[str, Page]) -> None:
    sources = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "notebooks").glob("*.ipynb")]
    assert {path.relative_to(ROOT).with_suffix(".html").as_posix() for path in sources} - set(pages) == set()


def test_every_public_name_is_in_the_reference(pages: dict[str, Page]) -> None:
    def headings(names: list[str]) -> set[str]:
        return {name.lower().replace("_", "-") for name in names}

    assert headings(policysim.__all__) <= pages["docs/reference.html"].ids
    others = [name for name in rules.__all__ if name not in policysim.__all__]
    assert headings(others) <= pages["docs/reference-rules.html"].ids


@pytest.mark.browser
def test_the_search_answers_from_the_folder_alone(site: Path) -> None:
    with chromium() as browser:
        page, asked, faults = screen(browser, 390, 800), [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: faults.append(message.text))
        page.goto((site / "index.html").as_uri())
        page.wait_for_url("**/docs/index.html")
        page.goto((site / "search.html").as_uri() + "?q=naloxone")
        page.wait_for_selector("#search-results a[href*='reference-levers']")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults == [] and asked and all(url.startswith(("file:", "data:")) for url in asked)
