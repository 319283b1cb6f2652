"""An earlier build and this one are measured as what they are, and nothing is left behind. No time is asserted.

The builds are those of a small repository whose `policysim` has a public face and nothing else: that is all that the
measures may ask for.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from policysim.benchmarks import against
from policysim.benchmarks.against import SCRIPT, Figure, Pairs, main, measures, table, take
from policysim.benchmarks.builds import environment_of, two_builds
from policysim.benchmarks.measures import MEASURES

MODEL = """
import os, time

class Everyone:
    def sum(self):
        return 10

class Engine:
    def run(self):
        pass

class DrugPolicyModel:
    def __init__(self, place, people, seed, years, threads=1):
        self.people, self.engine = {{"present": Everyone()}}, Engine()

    def step(self):
        {step}
        self.engine.run()

    def close(self):
        pass
"""
LIVES, FAILS = "pass", 'raise ValueError("the first build has no week")'


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True)


def commit(root: Path, step: str) -> None:
    """A build whose model does this in a week."""
    (root / "policysim").mkdir(exist_ok=True)
    (root / "policysim" / "__init__.py").write_text(MODEL.format(step=step))
    git(root, "add", "-A")
    git(root, "commit", "-qm", "a build")


@pytest.fixture
def root(tmp_path, monkeypatch) -> Path:
    """A repository of two builds: in the first, tagged `first`, no week can be lived."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    (root / "requirements.txt").write_text("# nothing\n")
    (root / "experiments").mkdir()
    (root / "experiments" / "__init__.py").write_text("")
    commit(root, FAILS)
    git(root, "tag", "first")
    commit(root, LIVES)
    return root


def left_behind() -> list[str]:
    return os.listdir(tempfile.gettempdir())


def test_the_two_builds_are_different_checkouts(root):
    (root / "policysim" / "__init__.py").write_text(MODEL.format(step="self.edited = True"))  # and is not committed
    with two_builds(root, "first") as (before, now):
        texts = [(build.tree / "policysim" / "__init__.py").read_text() for build in (before, now)]
        assert FAILS in texts[0]
        assert "edited" in texts[1]
        assert all((build.tree / "policysim" / "experiments" / "__init__.py").is_file() for build in (before, now))
        assert before.environment()["POLICYSIM_CACHE_DIR"] != now.environment()["POLICYSIM_CACHE_DIR"]
    assert left_behind() == []
    assert FAILS not in (root / "policysim" / "__init__.py").read_text(), "the working tree was touched"


def test_each_process_measures_its_own_build(root, capfd):
    week = next(one for one in measures(full=False, millions=0) if one.name == "week")
    with two_builds(root, "first") as (before, now):
        assert take(week, before, full=False) == {}
        assert "the first build has no week" in capfd.readouterr().err
        assert set(take(week, now, full=False)) == {"step_ms", "step_cpu_ms"}


def test_a_build_that_another_stands_in_for_is_not_measured(root):
    with two_builds(root, "main") as (before, now):
        command = [sys.executable, str(SCRIPT), "week", str(before.tree), "people=10", "weeks=1"]
        run = subprocess.run(command, env=now.environment(), capture_output=True, text=True)
    assert run.returncode != 0
    assert "policysim does not come from the build that is measured" in run.stderr


@pytest.mark.slow
def test_the_table_has_every_figure_with_ratio_and_spread(root, capsys):
    assert main(["main", "--rounds", "2", "--only", "week,threads"], root) == 0
    printed = capsys.readouterr().out.splitlines()
    heads = [cell.strip() for cell in printed[2].strip("|").split("|")]
    assert heads == ["what", "unit", "before", "now", "now / before", "lowest to highest"]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in printed[4:]]
    assert len(rows) == 3
    for row in rows:
        assert re.fullmatch(r"\d+\.\d\d", row[4]), row
        assert re.fullmatch(r"\d+\.\d\d to \d+\.\d\d", row[5]), row
    assert left_behind() == []


@pytest.mark.slow
def test_what_one_build_cannot_do_is_a_dash(root, capsys):
    assert main(["first", "--rounds", "1", "--only", "week"], root) == 0
    row = capsys.readouterr().out.splitlines()[4].split("|")
    assert [cell.strip() for cell in row[3:4] + row[5:7]] == ["-", "-", "-"]
    assert float(row[4]) > 0


def test_ratios_are_those_of_pairs():
    pairs = Pairs([10.0, 20.0, None, 40.0], [5.0, 5.0, 5.0, 8.0])
    assert pairs.ratios == [0.5, 0.25, 0.2]
    last = table([(Figure("a", "a thing", "s", "half"), pairs)], targets=True).splitlines()[-1]
    assert [cell.strip() for cell in last.strip("|").split("|")] == [
        "a thing",
        "s",
        "20",
        "5",
        "0.25",
        "0.20 to 0.50",
        "half",
    ]


@pytest.mark.parametrize(("words", "said"), [
    (["mian"], "there is no commit, branch or tag 'mian' in this repository; did you mean 'main'?"),
    (["--", "-x"], "there is no commit, branch or tag '-x' in this repository"),
    ([], "name the commit, branch or tag to compare with: make bench-against REF=main"),
    (["main", "--only", "weak"], "there is no measure 'weak' (there are pass, week, build, demo, memory, threads, mesa, "
                                 "first-use); did you mean 'week'?"),
    (["main", "--rounds", "0"], "--rounds must be 1 or more, and --millions no less than 0"),
])  # fmt: skip
def test_what_can_be_put_right_is_one_sentence(root, capsys, words, said):
    assert main(words, root) == 2
    assert capsys.readouterr().err == f"bench-against: {said}\n"
    assert left_behind() == []


def test_without_the_repository_there_is_nothing_to_compare_with(tmp_path, capsys):
    assert main(["main"], tmp_path) == 2
    assert "clone it with git" in capsys.readouterr().err


def test_every_measure_that_is_named_is_taken_by_the_script():
    assert {one.name for one in measures(full=True, millions=42)} == set(MEASURES)


@pytest.mark.slow
def test_stopped_it_leaves_nothing_running_and_nothing_behind(root, tmp_path):
    commit(root, f'open({str(tmp_path / "alive")!r}, "w").write(str(os.getpid())); time.sleep(600)')
    start = f"""if True:
        from pathlib import Path
        from policysim.benchmarks.against import main
        raise SystemExit(main(["main", "--only", "week"], Path({str(root)!r})))
    """
    command = [sys.executable, "-c", start]
    process = subprocess.Popen(command, env={**os.environ, "TMPDIR": tempfile.gettempdir()}, stderr=subprocess.DEVNULL)
    while not (tmp_path / "alive").exists() or not (tmp_path / "alive").read_text():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "alive").read_text()), 0)
    assert left_behind() == []


def test_the_same_lock_has_the_same_environment(root):
    with two_builds(root, "first") as (before, now):
        assert before.python == now.python == Path(sys.executable)


@pytest.mark.slow
def test_another_lock_has_an_environment_of_its_own(root, monkeypatch):
    other = root / "other.txt"
    other.write_text("# another lock, of nothing\n")
    python = environment_of(root, other)
    assert python.is_relative_to(root / "build")
    assert subprocess.run([str(python), "-c", "import numpy"], capture_output=True).returncode == 1
    monkeypatch.setattr(subprocess, "run", None)
    assert environment_of(root, other) == python, "it is kept"


def test_the_page_has_every_row_of_the_table():
    page = (against.ROOT / "docs" / "performance.md").read_text()
    missing = [one.words for measure in measures(True, 42) for one in measure.figures if one.words not in page]
    assert missing == []
