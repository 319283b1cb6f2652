"""The command line end to end: listings, a comparison, JSON and nothing else, exit codes, quick help."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from command_line import Command
from hypothesis import given
from hypothesis import strategies as st

from policysim.cli import terminal
from policysim.counts.outcomes import COLUMNS as OUTCOME_COLUMNS
from policysim.counts.outcomes import FEW, Shown, headlines
from policysim.evidence.registry import registry
from policysim.experiments.analysis.compare import COLUMNS
from policysim.experiments.analysis.equity import AXES
from policysim.experiments.analysis.equity_tables import COLUMNS as COLUMNS_BY_GROUP
from policysim.experiments.analysis.hiding import BESIDE
from policysim.experiments.running.lock import locked
from policysim.levers.catalogue import LEVERS
from policysim.reference import listings
from policysim.scenarios.regime import regimes
from policysim.viz import report
from policysim.world.places import find_place

REPOSITORY = Path(__file__).resolve().parents[2]
SMALL = ("authority:coventry", "--people", "300", "--years", "1", "--burn-in-years", "0", "--replicates", "2")
COMMANDS = (
    "compare", "effects", "report", "equity", "attribute", "sweep", "results", "analyse", "trace", "step", "export", "app",
    "places", "regimes", "levers", "contested", "causes", "parameters", "check", "network", "rules", "fields", "exercise",
    "calibration", "fit", "sensitivity", "bench", "face-validity",
)  # fmt: skip


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A comparison by the installed command, in a process of its own, and its folder."""
    folder = tmp_path_factory.mktemp("compared") / "results"
    command = (
        sys.executable,
        "-m",
        "policysim",
        "compare",
        *SMALL,
        "--regimes",
        "status-quo,diversion",
        "--threads",
        "1",
        "--out",
        folder,
    )
    return folder, subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=240)


def say_no_more_than_that_it_is_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in one has tests of its own, and to draw its charts takes most of the time of a small comparison."""
    monkeypatch.setattr(report.writing, "report_in", lambda *_: None)
    monkeypatch.setattr(report.writing, "render", lambda _: "a report")


# ---------------------------------------------------------------- help


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(policysim: Command, command: str) -> None:
    said = policysim(command, "--help")
    assert said.code == 0
    assert f"  policysim {command}" in said.out and "Example" in said.out
    assert len(said.out.splitlines()) > 8


def test_the_list_of_commands_is_whole(policysim: Command) -> None:
    said = policysim("--help")
    listed = said.out.split("Commands:")[1]
    assert [line.split()[0] for line in listed.strip().splitlines()] == list(COMMANDS)
    assert "..." not in listed, "a line that is cut off"
    assert policysim().out == said.out


def test_help_loads_neither_the_model_nor_the_tables() -> None:
    heavy = ("numba", "numpy", "mesa", "pandas", "pyarrow", "scipy", "pydantic", "solara")
    loaded = f"[name for name in {heavy} if name in sys.modules]"
    script = (
        f"import sys; sys.argv = ['policysim', '--help']; import policysim.cli.door as c; c._run(); print({loaded})"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


def test_nothing_imports_the_command_line() -> None:
    inside = (REPOSITORY / "policysim" / "cli", REPOSITORY / "policysim" / "__main__.py")
    for folder in ("policysim", "experiments", "viz", "benchmarks"):
        for path in (REPOSITORY / folder).rglob("*.py"):
            if path.is_relative_to(inside[0]) or path == inside[1]:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
                module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
                imported = [module, *names, *(f"{module}.{name}" for name in names)]
                assert not [name for name in imported if name.startswith("policysim.cli")], path


# ---------------------------------------------------------------- listings


def test_every_place_that_is_listed_resolves(policysim: Command) -> None:
    rows = policysim("places", "--json").rows
    assert {"id", "name", "kind", "residents_10_64"} <= rows[0].keys()
    assert all(find_place(row["id"]).id == row["id"] for row in rows)
    assert [row["id"] for row in policysim("places", "West Midlands", "--json").rows] == ["west-midlands"]


def test_a_place_tells_its_own_figures_and_carried_ones_apart(policysim: Command) -> None:
    (row,) = policysim("places", "west-midlands", "--json").rows
    own, carried = ({figure["parameter"]: figure for figure in row[key]} for key in ("own_figures", "carried"))
    assert (
        own["searches_per_1000"] | {"value": 8.97, "year": "2021-22", "status": "secondary"} == own["searches_per_1000"]
    )
    assert own["searches_per_1000"]["source"] and not own.keys() & carried.keys()
    said = policysim("places", "west-midlands").out
    before, after = said.split("Carried over to it")
    assert "searches_per_1000" in before and "8.97" in before and "2021-22" in before
    assert "kits_per_100" in after and "kits_per_100" not in before


def test_regimes_and_levers_are_listed_with_their_settings(policysim: Command) -> None:
    assert [row["id"] for row in policysim("regimes", "--json").rows] == list(regimes())
    (row,) = policysim("regimes", "diversion", "--json").rows
    assert row["levers"]["pre_arrest_diversion"]["offered"] == 0.8
    rows = policysim("levers", "--json").rows
    assert [row["id"] for row in rows] == list(LEVERS)
    assert all(row["settings"]["coverage"]["range"] == "0 .. 1" and row["path"] for row in rows)
    assert "coverage" in policysim("levers", "stop-and-search").out


def test_rules_are_listed_with_what_they_read(policysim: Command) -> None:
    rows = policysim("rules", "--json").rows
    known = {parameter.name for parameter in registry().values()}
    for row in rows:
        lines = (REPOSITORY / row["file"]).read_text(encoding="utf-8").splitlines()
        assert lines[row["line"] - 1].strip().startswith("@rule") and f"def {row['rule']}(" in lines[row["line"]]
        assert row["says"].endswith(".") and row["roles"] and Path(row["file"]).stem == row["part"]
        assert set(row["parameters"]) <= known
    by_name = {row["rule"]: row for row in rows}
    assert "kit_reach_hidden" in by_name["collect_kit"]["parameters"] and by_name["collect_kit"]["here"] == ["kit_rate"]
    assert "start_level" in by_name["start_using"]["parameters"], "made into a curve that a helper of the rule reads"


def test_a_helper_and_a_field_are_told_as_a_rule_is(policysim: Command) -> None:
    (helper,) = policysim("rules", "search-exposure", "--json").rows
    assert helper["arguments"] == "(self, world)" and helper["rules"] == ["meet_police"]
    assert {row["helper"] for row in policysim("rules", "--helpers", "--json").rows} >= {"begin", "start_hazard"}
    assert "@helper def begin(self, ratio, here, world, luck)" in policysim("rules", "begin").out
    assert "a number from 10 to" in policysim("fields", "self.age").out
    assert policysim("rules", "begin", "--helpers").err.startswith("policysim: --helpers lists them all")


def test_tables_that_are_piped_break_no_path_and_columns_says_how_wide_they_are(
    policysim: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    out = policysim("rules").out
    for row in listings.rules():
        assert f"{row['file']}:{row['line']}" in out and f" {row['rule']} " in out
    for columns in (60, 130, 240):
        monkeypatch.setenv("COLUMNS", str(columns))
        assert max(map(len, policysim("levers").out.splitlines())) <= columns
    assert len({len(line) for line in policysim("levers").out.splitlines()}) == 1


WORDS = st.lists(st.lists(st.text("ab", max_size=30), max_size=4).map(" ".join), min_size=1, max_size=5)


@given(st.integers(1, 5).flatmap(lambda n: st.lists(WORDS, min_size=n, max_size=n)), st.integers(20, 300))
def test_a_table_breaks_words_only_where_there_is_no_room_for_them(columns: list[list[str]], room: int) -> None:
    widths = terminal._widths(columns, room)
    words = [max((len(word) for cell in column for word in cell.split()), default=0) for column in columns]
    assert sum(widths) <= room
    if sum(max(word, 1) for word in words) <= room:
        assert all(width >= word for width, word in zip(widths, words, strict=True))
    else:
        assert any(width < max(word, 1) for width, word in zip(widths, words, strict=True))


def test_parameters_are_listed_and_one_is_shown_wholly(policysim: Command) -> None:
    assert {row["id"] for row in policysim("parameters", "--json").rows} == set(registry())
    one = policysim("parameters", "arrest_share").out
    assert all(
        word in one for word in ("arrest_share", "value", "low", "high", "quality", "source", "meaning", "place")
    )
    table = policysim("parameters", "death_rate", "--json").rows
    assert len(table) > 5 and all(row["id"].startswith("death_rate[") for row in table)


def test_parameters_are_found_by_a_word_or_by_their_evidence(policysim: Command) -> None:
    by_word = {row["id"] for row in policysim("parameters", "Naloxone", "--json").rows}
    assert {"kits_per_100", "naloxone_rescue"} <= by_word and "death_ratio_opioid" not in by_word
    by_evidence = policysim("parameters", "B1.09", "--json").rows
    assert "injecting_effect" in {row["id"] for row in by_evidence}
    assert all("B1.09" in row["evidence"] for row in by_evidence)


def test_a_file_of_rules_is_begun_and_found_sound(policysim, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = policysim("rules", "new", "mine.py", "--changes", "start_using").out
    assert out.splitlines()[0] == "mine.py: MyYoungPerson; nothing is changed yet. Edit it; then:"
    assert "policysim check mine.py" in out and "class MyYoungPerson(YoungPerson):" in Path("mine.py").read_text()


@pytest.mark.parametrize("command", ["places", "regimes", "levers", "rules", "fields", "parameters"])
def test_listings_are_tables_for_people(policysim: Command, command: str) -> None:
    said = policysim(command)
    assert said.code == 0 and said.err == "" and len(said.out.splitlines()) > 5


def test_the_network_stands_beside_its_sources(policysim: Command) -> None:
    rows = policysim("network", "authority:coventry", "--one-in", "200", "--json").rows
    assert {"measure", "model", "reference", "source"} <= rows[0].keys()
    assert any(row["reference"] is not None for row in rows)


# ---------------------------------------------------------------- comparing


@pytest.mark.slow
def test_compare_ends_with_a_table_and_the_path_of_a_report(
    compared: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, done = compared
    assert done.returncode == 0, done.stderr
    for word in (
        *(outcome.label for outcome in headlines(Shown.COMMAND)),
        "Status quo",
        "Diversion",
        "Coventry",
        "2 replicates",
    ):
        assert word in done.stdout
    last = done.stdout.strip().splitlines()[-1]
    assert last.startswith("Report: ") and Path(last.removeprefix("Report: ")).exists()
    for name in ("summary.csv", "weekly.parquet", "by_group.parquet", "scenario.toml", "provenance.json"):
        assert (folder / name).stat().st_size > 100


@pytest.mark.slow
def test_compare_prints_json_and_nothing_else(
    policysim: Command, compared: tuple[Path, subprocess.CompletedProcess[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = compared
    monkeypatch.setattr("policysim.viz.report.write_report", lambda folder, *_: folder)  # has tests of its own
    said = policysim("compare", folder / "scenario.toml", "--out", folder, "--json")
    assert said.err == ""
    assert all(tuple(row) == COLUMNS for row in said.rows)
    assert len(said.rows) == 2 * len(OUTCOME_COLUMNS)
    assert all(row["difference"] is None for row in said.rows if row["regime"] == "status-quo")


@pytest.mark.slow
def test_report_says_again_what_compare_said_and_runs_nothing(
    policysim: Command, compared: tuple[Path, subprocess.CompletedProcess[str]], monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    folder, done = compared
    monkeypatch.setattr("policysim.model.DrugPolicyModel.step", None)
    say_no_more_than_that_it_is_a_report(monkeypatch)
    said = policysim("report", folder, "--out", tmp_path / "mine.html", "--no-pdf")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[:-1] == done.stdout.splitlines()[:-1]
    assert said.out.splitlines()[-1] == f"Report: {tmp_path / 'mine.html'}"
    assert (tmp_path / "mine.html").read_text() == "a report"
    assert (
        policysim("report", folder, "--json", "--no-pdf").rows
        == policysim("compare", folder / "scenario.toml", "--out", folder, "--json").rows
    )


@pytest.mark.slow
def test_equity_tells_who_meets_what_and_runs_nothing(
    policysim: Command, compared: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder, _ = compared
    monkeypatch.setattr("policysim.model.DrugPolicyModel.step", None)
    said = policysim("equity", folder)
    assert (said.code, said.err) == (0, "")
    for axis in AXES.values():
        assert f"{axis.label}: exposure to policing beside use and deaths, Status quo" in said.out
        assert f"{axis.label}: ratios to the rate of {axis.against}" in said.out
    told = " ".join(said.out.split())
    assert "Most deprived / Least deprived" in told and "says nothing about any one person" in told
    some = policysim(
        "equity", folder, "--axis", "sex", "--outcome", "searches,imprisoned", "--json", "--out", tmp_path / "a.csv"
    )
    assert (some.code, some.err) == (0, "")
    assert {row["axis"] for row in some.rows} == {"sex"} and len(some.rows) == 2 * 2 * 2
    assert {row["count"] for row in some.rows if row["ratio"] is not None}.isdisjoint({"<5", BESIDE})
    written = pd.read_csv(tmp_path / "a.csv", keep_default_na=False)
    assert tuple(written.columns) == COLUMNS_BY_GROUP and len(written) == len(some.rows)
    for wrong, says in (
        (("--axis", "etnicity"), "there is no axis 'etnicity'; did you mean 'ethnicity'?"),
        (("--outcome", "serches"), "did you mean 'searches'?"),
        (("--outcome", "cost_nhs"), "it belongs to no group of people"),
        (("--out", tmp_path / "none" / "a.csv"), "cannot be written"),
    ):
        refused = policysim("equity", folder, *wrong)
        assert (refused.code, refused.out, len(refused.err.splitlines())) == (2, "", 1) and says in refused.err
    whole = policysim("equity", folder, "--json")
    counts = [row["count"] for row in whole.rows if row["count"] is not None]
    assert not [n for n in counts if not isinstance(n, str) and n < FEW] and "<5" in counts


@pytest.mark.slow
def test_a_folder_takes_more_replicates_and_says_what_it_keeps_beside(
    policysim: Command, compared: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    say_no_more_than_that_it_is_a_report(monkeypatch)
    folder = Path(shutil.copytree(compared[0], tmp_path / "results"))
    more = policysim("compare", folder / "scenario.toml", "--out", folder, "--replicates", "3", "--threads", "1")
    assert more.code == 0 and "3 replicates (seeds 1 to 3)" in " ".join(more.out.split()) and "keeps" not in more.err
    fewer = policysim("compare", folder / "scenario.toml", "--out", folder, "--replicates", "1", "--threads", "1")
    assert fewer.code == 0 and "One replicate" in fewer.out
    assert fewer.err.startswith(f"{folder} keeps 4 more runs of other regimes or seeds; --regimes, --seed and --replic")
    other = policysim("compare", folder / "scenario.toml", "--out", folder, "--years", "2")
    assert other.code == 2 and "holds another scenario (years: 1 there, 2 asked for)" in other.err


@pytest.mark.slow
def test_report_of_what_is_not_finished_or_in_use_is_one_sentence(
    policysim: Command, compared: tuple[Path, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(compared[0], tmp_path / "results"))
    (folder / "weekly.parquet").unlink()
    (folder / "runs" / "1-diversion.parquet").unlink()
    again = f"'policysim compare {folder}/scenario.toml --out {folder}'"
    said = policysim("report", folder)
    assert said == (2, "", f"policysim: 3 of 4 runs are finished in {folder}; {again} computes the rest\n")
    with locked(folder):
        busy = policysim("report", folder)
        refused = policysim("compare", *SMALL, "--years", "2", "--out", folder, "--overwrite")
    assert busy.code == refused.code == 2 and len(busy.err.splitlines()) == len(refused.err.splitlines()) == 1
    assert f"process {os.getpid()} on " in busy.err and busy.err.endswith(" is computing the rest\n")
    assert f"{folder} is in use: process {os.getpid()} on " in refused.err


@pytest.mark.parametrize(
    "path", sorted((REPOSITORY / "configs" / "scenarios").glob("*.toml")), ids=lambda path: path.stem
)
def test_the_shipped_scenarios_are_sound(policysim: Command, path: Path) -> None:
    said = policysim("check", path)
    assert said.code == 0 and "sound scenario" in said.out


def test_check_knows_regimes_and_rules(policysim: Command, tmp_path: Path) -> None:
    regime = REPOSITORY / "configs" / "regimes" / "diversion.toml"
    assert "sound regime" in policysim("check", regime).out
    rules = tmp_path / "my_rules.py"
    rules.write_text(
        "from policysim.rules import YoungPerson, rule\n\n\n"
        "class CautiousYoungPerson(YoungPerson):\n    @rule\n    def start_using(self, here, world, luck):\n"
        "        if self.age > 12:\n            self.risk = self.risk * 1\n"
    )
    assert "CautiousYoungPerson" in policysim("check", rules).out
    rules.write_text(rules.read_text().replace("self.risk * 1", "sum([x for x in (1, 2)])"))
    said = policysim("check", rules)
    assert said.code == 2 and "my_rules.py" in said.err and "Traceback" not in said.err


# ---------------------------------------------------------------- the door


def test_the_module_is_the_command_and_says_its_version() -> None:
    done = subprocess.run([sys.executable, "-m", "policysim", "--version"], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("policysim 0.")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_one_sentence() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "policysim", "places"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60
        )
    said = "policysim: the output cannot be written: no space left on device\n"
    assert (done.returncode, done.stderr) == (2, said)


@pytest.mark.slow
def test_a_closed_pipe_ends_quietly() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "policysim", "parameters"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
