"""The docs say what is there: links lead somewhere, names and commands exist, examples run, words are chosen."""

import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from typer.main import get_command

import policysim
from policysim.cli.door import app
from policysim.levers.catalogue import LEVERS
from policysim.scenarios.scenario import scenario_from
from policysim.scenarios.sweep import sweep_from

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("policysim", "experiments", "viz", "configs")
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "configs").rglob("*.md")], key=lambda page: page.name
)
OURS = [page for page in PAGES if "configs" not in page.parts]  # the pages written about the program
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
IN_BACKTICKS = re.compile(r"`([^`\n]+)`")
FILE_AND_NAMES = re.compile(
    r"`((?:policysim|experiments|viz|configs|tests|people|institutions)/[\w./-]*)`"
    r"(?:: ((?:`\w+`(?:, )?)+))?"
)


CARRIED_OUT = "## Add a lever\n"
"""Of docs/extending.md: its files are made and run by test_extending.py."""


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def of_today(page: Path) -> str:
    """The page but for what it has the reader make."""
    before, _, made = text_of(page).partition(CARRIED_OUT)
    return before + made[made.find("\n## ") :] if made else before


def named(pages: list[Path]):
    """One test for each page, called by the page's name."""
    return pytest.mark.parametrize("page", pages, ids=lambda page: page.relative_to(ROOT).as_posix())


# ---------------------------------------------------------------- links, files, names


def anchors(page: Path) -> set[str]:
    """The headings of a page as they are linked to."""
    headings = re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@named(PAGES)
def test_every_link_leads_somewhere(page):
    for link in LINK.findall(text_of(page)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{page.name} links to {link}"
        assert not anchor or anchor in anchors(target), f"{page.name} links to {link}, and there is no such heading"


@named(OURS)
def test_every_file_that_is_named_exists_and_holds_what_is_said(page):
    for path, names in FILE_AND_NAMES.findall(of_today(page)):
        if path.startswith(("people/", "institutions/")):
            path = f"policysim/agents/{path}"
        named_file = ROOT / path
        assert named_file.exists() or any(ROOT.glob(path)), f"{page.name} names {path}"
        for name in re.findall(r"\w+", names):
            assert re.search(rf"\b{name}\b", text_of(named_file)), f"{page.name}: {name} is not in {path}"


@cache
def words_of_the_code() -> frozenset[str]:
    """Every name in the program, the parameters and the regimes."""
    files = [
        path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".csv", ".toml")
    ]
    return frozenset(re.findall(r"\w+", " ".join(map(text_of, [*files, ROOT / "Makefile"]))))


@named(OURS)
def test_names_in_backticks_are_names_in_the_code(page):
    written = IN_BACKTICKS.findall(text_of(page).split("```")[0] if page.name == "extending.md" else text_of(page))
    names = {name for name in written if re.fullmatch(r"[a-z]+(?:_[a-z0-9]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+", name)}
    assert {name for name in names if name not in words_of_the_code()} == set()


def test_every_word_of_the_glossary_stands_in_the_code():
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text_of(ROOT / "docs" / "glossary.md"), re.MULTILINE)
    rows = [row for row in rows if row[0] not in ("word", "---")]
    words = [word for row in rows for word in row[0].split(", ")]
    assert len(rows) > 60
    assert len(words) == len(set(words)), "a word stands twice"
    for word, _, code in rows:
        names = IN_BACKTICKS.findall(code)
        assert names, f"{word}: no name in the code"
        for name in (part for whole in names for part in whole.split(".")):
            assert name in words_of_the_code(), f"{word}: {name} is not in the code"


def test_the_readme_names_what_is_promised():
    promised = re.search(r"promises twenty-one names:\n\n(.*?)\n\n", text_of(ROOT / "README.md"), re.DOTALL)
    assert promised is not None
    rows = promised.group(1).splitlines()[2:]
    assert sorted(name for row in rows for name in IN_BACKTICKS.findall(row.split("|")[1])) == policysim.__all__


# ---------------------------------------------------------------- sources and levers


def test_each_lever_is_listed_under_the_documents_it_cites():
    page = text_of(ROOT / "docs" / "sources.md")
    sections = dict(re.findall(r"\n## (\w+)\n(.*?)(?=\n## |\Z)", page, re.DOTALL))
    assert {key for lever in LEVERS.values() for key in lever.sources} <= set(sections)
    for key, section in sections.items():
        listed = set(IN_BACKTICKS.findall(section)) & set(LEVERS)
        assert listed == {lever_id for lever_id, lever in LEVERS.items() if key in lever.sources}, key


# ---------------------------------------------------------------- commands


def commands_in(page: Path) -> list[str]:
    """What a page shows to be typed: `policysim ...` and `make ...`, in running text and in blocks."""
    text = text_of(page)
    blocks = re.findall(r"^    ((?:policysim|make)\b[^#\n]*)", text, re.MULTILINE)
    return [c.strip() for c in [*blocks, *IN_BACKTICKS.findall(text)] if re.match(r"(policysim|make) \S", c)]


def commands() -> dict[str, set[str]]:
    """The options of every command."""
    found = getattr(get_command(app), "commands", {})
    return {
        name: {option for parameter in command.params for option in parameter.opts} | {"--help"}
        for name, command in found.items()
    }


@named(OURS)
def test_every_command_that_is_shown_exists_with_its_options(page):
    there = commands()
    makefile = text_of(ROOT / "Makefile")
    for line in commands_in(page):
        program, name, *rest = line.split()
        if program == "make":
            targets = [word for word in (name, *rest) if re.fullmatch(r"[a-z-]+|\.venv", word)]
            missing = [target for target in targets if not re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE)]
            assert missing == [] or "PYTEST=" in line, f"{page.name}: {line}"
            continue
        if name.startswith("-"):
            continue
        assert name in there, f"{page.name}: {line}"
        assert {word for word in rest if word.startswith("--")} <= there[name], f"{page.name}: {line}"


def test_the_readme_lists_every_command():
    listed = re.findall(r"^\| `policysim ([a-z-]+)", text_of(ROOT / "README.md"), re.MULTILINE)
    assert sorted(listed) == sorted(commands())


def test_the_two_commands_stand_first_in_the_readme():
    lines = [line.split() for line in text_of(ROOT / "README.md").splitlines() if line.startswith("    ")]
    assert [line[:2] for line in lines[:2]] == [["make", "demo"], ["make", "test"]]


# ---------------------------------------------------------------- examples


def blocks(language: str) -> list:
    """Every block of code of a language in the docs, called by page and number."""
    return [
        pytest.param(block, id=f"{page.stem}-{n}")
        for page in OURS
        for n, block in enumerate(re.findall(rf"```{language}\n(.*?)```", of_today(page), re.DOTALL))
    ]


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("block", blocks("python"))
def test_the_examples_run(block, tmp_path):
    program = tmp_path / "example.py"
    program.write_text(block, encoding="utf-8")
    done = subprocess.run([sys.executable, program], cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip(), "an example that shows nothing"


@pytest.mark.parametrize("block", blocks("toml"))
def test_the_scenarios_shown_can_be_run(block, tmp_path, monkeypatch):
    """The files of classes that one names are the examples in which these are defined."""
    monkeypatch.chdir(tmp_path)
    for file, name in re.findall(r'"(\w+\.py):(\w+)"', block):
        example = next(each.values[0] for each in blocks("python") if f"class {name}(" in each.values[0])
        (tmp_path / file).write_text(example, encoding="utf-8")
    data = tomllib.loads(block)
    sweep_from(data) if "design" in data else scenario_from(data)


# ---------------------------------------------------------------- language

# A word in quotation marks is spoken of, not used.
UNKIND = re.compile(r"(?<![\"\w/-])(?:addicts?|abusers?|junkies?|high-risk individuals?)\b(?!\")", re.IGNORECASE)
MACHINE = re.compile(r"(?<![\w.~-])/(?:work|home|root|Users|tmp|private)/")


@named(PAGES)
def test_pages_name_no_folder_of_a_machine(page):
    assert MACHINE.findall(text_of(page)) == []


def test_words_are_chosen_with_care():
    files = [*PAGES, *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))]
    endings = (".py", ".md", ".toml", ".j2", ".vue", ".html", ".css")
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in files
        if path.suffix in endings
        for word in UNKIND.findall(text_of(path))
    ]
    assert found == []


def test_the_help_lines_stand_where_people_will_look():
    for name in ("README.md", "CONTRIBUTING.md"):
        assert "116 123" in text_of(ROOT / name)
        assert "0300 123 6600" in text_of(ROOT / name)


def test_every_lever_stands_in_the_page_of_what_each_does_alone():
    rows = re.findall(r"^\| `(\w+)` \|", text_of(ROOT / "docs" / "effects.md"), re.MULTILINE)
    assert set(rows) == set(LEVERS), "`make effects` writes it"
    assert all(rows.count(name) >= 2 for name in LEVERS), "what it does, and what is published of it"
