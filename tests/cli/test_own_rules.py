"""Rules of one's own beside the stock ones, from the command line to the tables: `compare --rules`, `rules diff`.

All runs live by the classes of one file, which are compiled once, and for the same record as the example of the README. Its
edit is off where kits are lost as usual, and on where they are lost more often, so that both arms may be the same to the bit
or not.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from command_line import Command
from made_up_results import without_pictures

from policysim import Scenario, UserError, compare, load_results
from policysim.cli import door as cli
from policysim.experiments.designs.rules_diff import RulesDiff, rules_diff
from policysim.experiments.lives.trace import trace
from policysim.experiments.running.store import Store
from policysim.reference.checking import people_and_levers_in
from policysim.scenarios.own_arms import with_own_arms
from policysim.scenarios.own_classes import load_file
from policysim.scenarios.scenario import kept_scenario
from policysim.viz.blocks import Table
from policysim.viz.digest import read_digest
from policysim.viz.report.sections import report_of

RULES = '''
from policysim.rules import Field, YoungPerson, rule


class Sheltered(YoungPerson):
    """Nobody starts where kits are lost often; elsewhere all live as before."""

    chances_missed = Field("i2", "weeks as a young person, chances taken or missed", "weeks", 0)

    @rule
    def start_using(self, here, world, luck):
        """As before, but where kits are lost often nobody starts."""
        self.chances_missed = min(self.chances_missed + 1, 1000)
        if world.kit_loss * 52 < 0.5:
            super().start_using(here, world, luck)
'''
LEVER = '''
from policysim.levers.policing.stop_and_search import StopAndSearch


class Twice(StopAndSearch):
    """Twice as many searches."""

    id = "twice"
    documented = {"change": 1.0, "ramp_weeks": 0}
'''
ON = {"parameters": {"kit_loss": 0.6}}
SMALL = {"place": "authority:coventry", "people": 2000, "years": 1, "burn_in_years": 0, "replicates": 2}
SAID = [str(part) for key, value in list(SMALL.items())[1:] for part in ("--" + key.replace("_", "-"), value)]
ALONE = ("--threads", "1")
QUO, ARM = "status-quo", "status-quo-by-sheltered"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "sheltered.py"
    path.write_text(RULES, "utf-8")
    return path


@pytest.fixture(scope="module")
def folder(file: Path) -> Path:
    """What the command made of it, where the edit changes nothing."""
    with pytest.MonkeyPatch.context() as patch:
        without_pictures(patch)
        out = file.with_name("out")
        asked = ["compare", SMALL["place"], "--rules", str(file), *SAID, *ALONE, "--out", str(out)]
        patch.setattr(sys, "argv", ["policysim", *asked])
        assert cli._run() == 0
    return out


@pytest.fixture(scope="module")
def sheltered(file: Path) -> Scenario:
    """Both arms, where nobody starts in one."""
    return with_own_arms(Scenario(**SMALL | ON, regimes=[QUO]), *people_and_levers_in(file))


def diff(file: Path, **changes: object) -> RulesDiff:
    kinds, levers = people_and_levers_in(file)
    return rules_diff(Scenario(**SMALL | {"regimes": [QUO]} | changes), kinds, levers, threads=1, looked_at=300)


# ---------------------------------------------------------------- compare --rules
@pytest.mark.slow
def test_an_arm_whose_edit_changes_nothing_is_the_stock_arm_to_the_bit(
    folder: Path, policysim: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_pictures(monkeypatch)
    found = load_results(folder)
    assert [one.id for one in found.scenario.regimes] == [QUO, ARM], "without --regimes the status quo alone"
    rows = found.summary[found.summary["regime"] == ARM]
    assert len(rows) > 50 and (rows["difference"] == 0).all()
    stock, arm = (
        pd.concat([pd.read_parquet(folder / "runs" / f"{seed}-{id}.parquet") for seed in (1, 2)]) for id in (QUO, ARM)
    )
    outcomes = [name for name in stock.columns if stock[name].dtype.kind in "fi"]
    pd.testing.assert_frame_equal(stock[outcomes], arm[outcomes], check_exact=True)
    assert [path.name for path in (folder / "own").iterdir()] == ["sheltered.py"]
    said = policysim("report", folder, "--no-pdf")
    assert said.code == 0 and "Status quo, sheltered.py" in said.out and "no difference" in said.out
    assert "No other outcome differs between the two arms." in said.out
    assert "people live by the rules of sheltered.py (Sheltered)" in (folder / "report.html").read_text("utf-8")


@pytest.mark.slow
def test_results_of_arms_go_on_from_their_folder_wherever_it_lies(
    folder: Path, tmp_path: Path, policysim: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_pictures(monkeypatch)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(folder, tmp_path / "moved")
    lost = tmp_path / "moved" / "runs" / f"2-{ARM}.parquet"
    before = lost.read_bytes()
    lost.unlink()
    assert policysim("compare", "moved/scenario.toml", "--out", "moved", *ALONE, "--json").code == 0
    assert lost.read_bytes() == before


@pytest.mark.slow
def test_a_folder_tells_that_the_rules_were_edited_since(folder: Path, file: Path, tmp_path: Path) -> None:
    edited = tmp_path / "sheltered.py"
    edited.write_text(RULES.replace("0.5", "0.4"), "utf-8")
    asked = with_own_arms(kept_scenario(folder / "scenario.toml"), [load_file(edited).Sheltered])
    with pytest.raises(UserError, match=r"holds another scenario \(sheltered\.py has changed since it was computed\)"):
        Store.open(folder, asked)


@pytest.mark.slow
def test_an_edit_that_matters_moves_what_it_is_about(file: Path, sheltered: Scenario, tmp_path: Path) -> None:
    """In Python: an arm beside each regime, and of one that is not the status quo what the edit changes there."""
    asked = Scenario(**SMALL | ON, regimes=[QUO, "diversion"])
    found = compare(asked, tmp_path / "out", threads=1, people_classes=[load_file(file).Sheltered])
    assert [one.id for one in found.scenario.regimes] == [QUO, ARM, "diversion", "diversion-by-sheltered"]
    starts = found.summary.query("outcome == 'first_use'").set_index("regime")
    assert starts.at[QUO, "mean"] > starts.at[ARM, "mean"] and starts.at[ARM, "difference_high"] < 0
    (note,) = [
        one for one in found.headlines().notes if one.startswith("“Diversion, sheltered.py” against “Diversion”")
    ]
    assert "paired by seed" in note
    assert set(found.moved_most) == {ARM, "diversion-by-sheltered"}, "each against its own stock arm"
    starts = (
        pd.read_parquet(found.folder / "weekly.parquet").query("area == 'all'").groupby(["regime", "seed"])["first_use"]
    )
    by_seed = starts.sum().unstack()
    gap = by_seed.loc["diversion-by-sheltered"] - by_seed.loc["diversion"]
    (row,) = [one for one in found.moved_most["diversion-by-sheltered"].rows if one["outcome"] == "first_use"]
    assert row["difference"] == pytest.approx(gap.mean()) and row["standardised"] < -1
    page = report_of(read_digest(found.folder), None, [])
    (section,) = [one for one in page.sections if one.id == "edited"]
    tables = [one for one in section.blocks if isinstance(one, Table)]
    assert [one.caption.partition(": ")[2] for one in tables] == [
        "“Status quo, sheltered.py” against “Status quo”, paired by seed",
        "“Diversion, sheltered.py” against “Diversion”, paired by seed",
    ]
    assert any(cells[0].text.startswith("First use of a drug") for cells in tables[1].rows)


@pytest.mark.slow
def test_a_lever_of_the_file_is_pulled_in_the_arm_alone(tmp_path: Path) -> None:
    """People live by the stock rules in both arms."""
    lever = tmp_path / "twice.py"
    lever.write_text(LEVER, "utf-8")
    asked = with_own_arms(Scenario(**SMALL, regimes=[QUO]), *people_and_levers_in(lever))
    found = compare(asked, tmp_path / "out", threads=1)
    searches = found.summary.query("outcome == 'searches'").set_index("regime")["mean"]
    assert searches["status-quo-by-twice"] > 1.3 * searches[QUO]
    assert [path.name for path in (tmp_path / "out" / "own").iterdir()] == ["twice.py"]


# ---------------------------------------------------------------- lives
@pytest.mark.slow
def test_two_lives_under_two_rules_part_where_the_rules_do(sheltered: Scenario) -> None:
    found = trace(sheltered.model_copy(update={"people": 10_000, "years": 4}), pick="diverging")
    assert found.parting is not None and found.own_classes
    text = found.text()
    assert f"Under {ARM} people live by rules of your own: Sheltered." in text
    replayed = found.replays[1].week(found.lives[1].weeks[0])
    assert replayed[-1].after["age"] == found.lives[1].weeks[0].lived["age"]
    parted = [one for one in (found.parting, found.turning) if one and one["edited"]]
    assert all(
        "The rule itself is not the same" in one["sentence"] and "Sheltered" in one["sentence"] for one in parted
    )


# ---------------------------------------------------------------- rules diff
@pytest.mark.slow
def test_rules_that_change_nothing_differ_in_nothing(file: Path, folder: Path) -> None:
    found = diff(file)
    compared = load_results(folder).summary.query("regime == 'status-quo'").set_index("outcome")["mean"]
    same = {
        row["outcome"]: row["stock"] == compared[row["outcome"]] for row in found.rows if row["outcome"] in compared
    }
    assert len(same) > 5 and all(same.values()), "to look at what rules write changes no run"
    assert all(row["difference"] == 0 and row["stock"] == row["edited"] for row in found.rows)
    assert all(row[name] == 0 for row in found.touched for name in ("ever", "gravely", "gravely_at_end"))
    assert found.lives == []
    (row,) = found.rules
    assert (row["rule"], row["classes"], row["is_new"]) == ("start_using", ["Sheltered"], False)
    assert row["edited_wrote"] == row["edited_lived"] >= 300, "a field of its own, in every week"
    assert row["wrote_otherwise"] == 0


@pytest.mark.slow
def test_rules_that_matter_are_told_with_whom_they_touch(file: Path) -> None:
    found = diff(file, **ON, replicates=3)
    moved = {row["outcome"]: row for row in found.rows}
    assert moved["first_use"]["difference_high"] < 0 and moved["first_use"]["seeds"] == 3
    picked = found.moved_most
    assert picked.rows and not {row["outcome"] for row in picked.rows} & set(moved), (
        "beside those that are always shown"
    )
    sizes = [abs(row["standardised"]) for row in picked.rows]
    assert sizes == sorted(sizes, reverse=True) and f"of {picked.looked_at} further outcomes" in picked.caution
    touched = {(row["by"], row["group"]): row for row in found.touched}
    everyone = touched["all", "everyone"]
    assert everyone["people"] > everyone["ever"] > 0
    for by in ("age", "sex", "role"):
        assert sum(row["people"] for key, row in touched.items() if key[0] == by) == pytest.approx(everyone["people"])
    assert touched["role", "young person"]["ever"] > 0.9 * everyone["ever"]
    assert len(found.lives) == 3, "grave or not"
    html = found._repr_html_()
    assert "First use of a drug" in html and html.count("Simulated person") == 3


@pytest.mark.slow
def test_the_command_tells_all_of_it_as_a_page_and_as_json(
    file: Path, policysim: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("policysim.experiments.designs.rules_diff.LOOKED_AT", 100)
    asked = ("rules", "diff", file, "--place", SMALL["place"], *SAID, *ALONE)
    said = policysim(*asked)
    assert said.code == 0, said.err
    for words in ("people live by the rules of sheltered.py (Sheltered)", "start_using", "What moves, paired by seed",
                  "First use of a drug", "No other outcome differs", "No life differs between the two arms"):  # fmt: skip
        assert words in said.out
    found = json.loads(policysim(*asked, "--json").out)
    assert set(found) == {"rows", "moved_most", "rules", "touched", "lives", "about"}
    assert found["moved_most"]["rows"] == [] and found["moved_most"]["looked_at"] > 200
    assert found["about"]["regimes"] == [QUO, ARM] and found["about"]["seeds"] == [1, 2]
    assert np.all([row["difference"] == 0 for row in found["rows"]])


# ---------------------------------------------------------------- what cannot be
FAULTS = {
    "no such file": (("compare", "--rules", "none.py"), "there is no file none.py"),
    "no Python": (("compare", "--rules", "wrong.py"), "wrong.py, line 1: invalid syntax"),
    "no class": (("compare", "--rules", "empty.py"), "empty.py holds no class of people"),
    "not a file of Python": (("compare", "--rules", "notes.txt"), "notes.txt is no file of Python"),
    "diff without a file": (("rules", "diff"), "'policysim rules diff' wants a file"),
    "diff of an empty file": (("rules", "diff", "empty.py"), "empty.py holds no class of people"),
    "no such regime": (("rules", "diff", "good.py", "--regime", "diverson"), "did you mean 'diversion'?"),
    "no such place": (
        ("rules", "diff", "good.py", "--place", "coventri"),
        "there is no place 'coventri'; did you mean 'coventry'?",
    ),
    "an option of diff elsewhere": (
        ("rules", "start_using", "--years", "3"),
        "--years goes with 'policysim rules diff",
    ),
    "a file beside a rule": (("rules", "start_using", "good.py"), "a file goes with 'policysim rules new"),
    "an option of new": (
        ("rules", "diff", "good.py", "--changes", "drink"),
        "--changes go with 'policysim rules new",
    ),
    "a file without its ending": (("compare", "--rules", "good"), "there is no file good; did you mean 'good.py'?"),
    "a file to check without it": (("check", "good"), "there is no file good; did you mean 'good.py'?"),
    "a file like another": (("rules", "diff", "goood.py"), "there is no file goood.py; did you mean 'good.py'?"),
    "a way out that the command has": (("rules", "diff", "list.py"), "(or run it uncompiled with --engine python)"),
    "a way out that others have": (
        ("check", "list.py"),
        "uses a list; use a tuple of constants or separate fields ('policysim step', 'policysim rules diff' and",
    ),
    "a field that is not there": (
        ("compare", "authority:rutland", "--rules", "slip.py", "--people", "60"),
        "uses self.rsk, which is no field of a person",
    ),
}


@pytest.mark.parametrize("case", FAULTS)
def test_what_cannot_be_is_one_sentence(
    case: str, tmp_path: Path, policysim: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "good.py": RULES, "wrong.py": "def :\n", "empty.py": "x = 1\n", "notes.txt": "",
        "list.py": RULES.replace("world.kit_loss", "[world.kit_loss][0]"),
        "slip.py": RULES.replace("world.kit_loss", "self.rsk"),
    }.items():  # fmt: skip
        Path(name).write_text(text, "utf-8")
    there = sorted(tmp_path.iterdir())
    arguments, says = FAULTS[case]
    said = policysim(*arguments)
    assert sorted(tmp_path.iterdir()) == there, "nothing is left behind"
    assert said.code == 2 and said.out == ""
    assert says in said.err and said.err.count("\n") == 1 and "Traceback" not in said.err


def test_what_only_compiling_cannot_do_is_left_to_the_engine_that_runs_it(tmp_path: Path) -> None:
    file = tmp_path / "list.py"
    file.write_text(RULES.replace("world.kit_loss", "[world.kit_loss][0]"), "utf-8")
    assert [kind.__name__ for kind in people_and_levers_in(file, "python")[0]] == ["Sheltered"]
    with pytest.raises(UserError, match="uses a list"):
        people_and_levers_in(file)


def test_a_rule_that_fails_in_a_week_that_is_gone_through_is_one_sentence(policysim: Command, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    for written, said in (
        ("self.chances_mised + 1", "uses self.chances_mised, which is no field of a person"),
        ("self.chances_missed + len(self.age)", "fails: TypeError"),
    ):
        wrong.write_text(RULES.replace("self.chances_missed + 1", written), "utf-8")
        done = policysim("step", "authority:coventry", "--people", "300", "--person", "3", "--rules", wrong)
        assert done.code == 2 and len(done.err.splitlines()) == 1
        assert f"{wrong}, line 13: rule Sheltered.start_using {said}" in done.err
