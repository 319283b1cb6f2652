"""The command `policysim causes`, from its arguments to what it prints and writes."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from command_line import Command

OWN = """
from policysim.rules import YoungPerson, rule


class Held(YoungPerson):
    @rule
    def balance(self, here, world, luck):
        super().balance(here, world, luck)
        if self.veteran:
            self.risk += world.risk_of_record
"""


@pytest.mark.parametrize("wide", [60, 220])
def test_tables_are_as_wide_as_the_window(policysim: Command, monkeypatch: pytest.MonkeyPatch, wide: int) -> None:
    monkeypatch.setenv("COLUMNS", str(wide))
    said = policysim("causes")
    assert said.code == 0 and not said.err
    assert max(map(len, said.out.splitlines())) <= wide
    told = " ".join(said.out.split())
    for word in (
        "risk_of_exclusion",
        "skills_programme (Schools: skills_coverage)",
        "D5.05a",
        "risk_pull = 0.5 (0.2 to 0.9",
    ):
        assert word in told, word
    assert "×1.65" in told or "by 1.65" in told


def test_rules_of_ones_own_have_their_own_graph_in_json(policysim: Command, tmp_path: Path) -> None:
    file = tmp_path / "my_rules.py"
    file.write_text(OWN)
    usual, own = policysim("causes", "--json").rows, policysim("causes", str(file), "--json").rows
    more = [row for row in own if row["fields"] == ["veteran"]]
    assert len(own) == len(usual) + 1 and [row["roles"] for row in more] == [["Held"]]
    assert more[0]["evidence"] == ["B14.01"] and more[0]["low"] == 0 and more[0]["high"] == 0.6
    found = json.loads(policysim("causes", str(file), "--json").out)
    assert {"rows", "circumstances", "pulled", "weights"} == found.keys()
    assert any(one["field"] == "veteran" for one in found["circumstances"])
    assert '-> "risk" [label="+0.3 (0 to 0.6)"' in policysim("causes", str(file), "--dot").out


def test_the_page_is_a_picture_alone_or_with_all_its_numbers(policysim: Command, tmp_path: Path) -> None:
    svg, page = tmp_path / "causes.svg", tmp_path / "causes.html"
    assert policysim("causes", "--page", str(svg)).out == f"Written: {svg}\n"
    assert ElementTree.parse(svg).getroot().tag.endswith("svg")
    assert policysim("causes", "--page", str(page)).code == 0
    text = page.read_text(encoding="utf-8")
    assert (
        text.count("<svg") == 1 and "http" not in text.partition("<table>")[2].replace("https://", "").partition("x")[0]
    )
    for word in (
        "<th>evidence</th>",
        "D5.05a",
        "trait_of_aces",
        "county_lines (OrganisedCrimeTeam",
        "occupation: excluded",
    ):
        assert word in text, word


BAD = {
    "no such file": (["none.py"], "there is no file none.py"),
    "no rules": (["table.csv"], "table.csv is no file of Python"),
    "a rule that cannot be read": (["broken.py"], "broken.py, line 1"),
    "no people": (["empty.py"], "empty.py holds no class of people"),
    "a picture of another kind": (["--page", "causes.png"], "--page writes .html or .svg, not 'causes.png'"),
    "nowhere to write": (["--page", "none/causes.svg"], "none/causes.svg cannot be written"),
    "two things at once": (["--json", "--dot"], "give --json or --dot, not both"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_mistake_is_one_sentence(
    policysim: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.py").write_text("def rule(:\n")
    (tmp_path / "empty.py").write_text("x = 1\n")
    (tmp_path / "table.csv").write_text("a,b\n")
    arguments, told = BAD[what]
    said = policysim("causes", *arguments)
    assert said.code == 2 and not said.out
    assert told in said.err and len(said.err.strip().splitlines()) == 1
