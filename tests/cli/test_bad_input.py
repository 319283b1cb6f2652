"""Whatever a user gets wrong is one sentence with the nearest valid name and exit code 2; nothing computed is lost."""

import inspect
import os
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from policysim.cli import door as cli
from policysim.engine.cache import cache_folder
from policysim.experiments.designs.compare import Comparison, compare
from policysim.model import DrugPolicyModel
from policysim.scenarios.scenario import scenario_from

PLACE = "authority:coventry"

LINES: dict[str, tuple[list[str], str]] = {
    "place": (["compare", "west-midlnds"], "did you mean 'west-midlands'?"),
    "place with a kind": (["compare", "authority:coventri"], "did you mean 'authority:coventry'?"),
    "regime": (["compare", "--regimes", "status-quo,harm-reducton"], "did you mean 'harm-reduction'?"),
    "regime by option": (["compare", "--regimes", "diversion,diversion"], "--regimes: regime 'diversion' is named twice"),
    "no regimes": (["compare", "--regimes", ","], "--regimes needs at least one regime"),
    "regime file": (["compare", "--regimes", "none.toml"], "there is no file none.toml"),
    "scenario file": (["compare", "none.toml"], "there is no file none.toml"),
    "engine": (["compare", PLACE, "--engine", "compild"], "there is no engine 'compild'; did you mean 'compiled'?"),
    "people": (["compare", PLACE, "--people", "-3"], "--people must be at least 50, not -3"),
    "people and scale": (["compare", PLACE, "--people", "300", "--one-in", "5"], "--people and --one-in contradict each other"),
    "years": (["compare", PLACE, "--years", "400"], "--years must be at most 40, not 400"),
    "seed": (["compare", PLACE, "--seed", "-1"], "--seed must be at least 0, not -1"),
    "draws below none": (["compare", PLACE, "--uncertainty", "-1"], "--uncertainty must be at least 0, not -1"),
    "draws beyond all": (["compare", PLACE, "--uncertainty", "99999"], "--uncertainty must be at most 10,000, not 99,999"),
    "draws in words": (["compare", PLACE, "--uncertainty", "six"], "'--uncertainty'"),
    "one trajectory": (["sensitivity", PLACE, "--trajectories", "1"], "trajectories must be a whole number, 2 to 1000, not 1"),
    "nothing to differ": (["sensitivity", PLACE, "--regimes", "diversion"], "needs the status quo and another regime"),
    "no names expected": (["sensitivity", PLACE, "--expected", "none.csv"], "none.csv cannot be read as a list of names"),
    "burn-in": (["compare", "--burn-in-years", "21"], "--burn-in-years must be at most 20, not 21"),
    "years in words": (["compare", PLACE, "--years", "ten"], "'--years'"),
    "threads": (["compare", PLACE, "--threads", "0"], "threads must be 1 to 256, not 0"),
    "option": (["compare", "--yeers", "3"], "--years"),
    "command": (["comare"], "compare"),
    "argument too many": (["compare", PLACE, "dorset"], "unexpected extra argument"),
    "parameter": (["parameters", "arrest_shar"], "did you mean 'arrest_share'?"),
    "lever": (["levers", "stop_and_serch"], "did you mean 'stop_and_search'?"),
    "lever alone": (["effects", PLACE, "--lever", "take-home-naloxon"], "did you mean 'take_home_naloxone'?"),
    "no lever alone": (["effects", PLACE, "--lever", ","], "no lever is named"),
    "regime to share out": (["attribute", "diversoin", PLACE], "did you mean 'diversion'?"),
    "nothing to share out": (["attribute", "status-quo", PLACE], "the status quo pulls no lever"),
    "way to share out": (["attribute", "diversion", PLACE, "--by", "levers"], "did you mean 'lever'?"),
    "page of shares": (["attribute", "diversion", "--page", "none/page.md"], "--page: there is no folder none"),
    "odd orders": (["attribute", "diversion", PLACE, "--orders", "3"], "orders must be an even number, 2 to 1,000, not 3"),
    "outcome to share out": (["attribute", "diversion", PLACE, "--outcome", "arests"], "did you mean 'arrests'?"),
    "no outcome to share out": (["attribute", "diversion", PLACE, "--outcome", ","], "no outcome is named"),
    "contested question": (["contested", "rooms-and-mortalty"], "did you mean 'rooms_and_mortality'?"),
    "question of a reading": (["compare", "--readings", "rooms=no-fall"], "there is no contested question 'rooms'"),
    "reading": (["compare", "--readings", "rooms_and_mortality=no-fal"], "did you mean 'no-fall'?"),
    "no reading": (["compare", "--readings", ","], "--readings needs all, or a question with its reading"),
    "half a reading": (["compare", "--readings", "al"], "did you mean 'all'?"),
    "two readings": (["compare", "--readings", "a=b,a=c"], "--readings gives two readings of a"),
    "seeds of no readings": (["compare", "--readings-replicates", "2"], "is for the other readings, which --readings all runs"),
    "more seeds of readings": (["compare", "--readings", "all", "--readings-replicates", "9"], "must be 1 to 6, the replicates"),
    "rule": (["rules", "start_usin"], "did you mean 'start_using'?"),
    "regime to list": (["regimes", "diversoin"], "did you mean 'diversion'?"),
    "place to list": (["places", "dorzet"], "did you mean 'dorset'?"),
    "file to check": (["check", "none.toml"], "there is no file none.toml"),
    "rules to check": (["check", "none.py"], "there is no file none.py"),
    "nobody to trace": (["trace"], "either --person ID or --pick diverging"),
    "two ways to trace": (["trace", "--person", "3", "--pick", "diverging"], "either --person ID or --pick diverging"),
    "nobody to go through a week with": (["step"], "say whose week to go through: --person ID"),
    "two regimes of a week": (["step", "--person", "1", "--regime", "a,b"], "--regime takes one regime"),
    "pick": (["trace", "--pick", "divergin"], "did you mean 'diverging'?"),
    "port": (["app", "--port", "99999"], "--port must be 0 to 65535"),
    "no folder to report": (["report", "none"], "there is no folder none"),
    "new rules without a file": (["rules", "new", "--changes", "start_using"], "wants a file and a rule"),
    "a new file of rules without new": (["rules", "start_using", "--changes", "begin"], "go with 'policysim rules new"),
    "no results to report": (["report", "."], "holds no comparison and no sweep: sweep.toml is in"),
    "no results by group": (["equity", "."], "holds no comparison"),
    "no folder by group": (["equity", "none"], "there is no folder none"),
    "no axis": (["equity", ".", "--axis", ","], "--axis needs at least one name"),
    "table by group": (["equity", ".", "--out", "a.xlsx"], "are written to a .csv"),
    "person": (["trace", "--person", "-1"], "--person must be 0 or more, not -1"),
    "rules beside the stock ones": (["compare", "--rules", "none.py"], "there is no file none.py"),
    "rules that change something": (["rules", "diff", "none.py"], "there is no file none.py"),
    "rules of one's own": (["trace", "--person", "1", "--rules", "none.py"], "there is no file none.py"),
    "sheet": (["face-validity", "--out", "sheet.doc"], "sheet.doc must end in one of .png"),
    "a name of 300 letters": (["compare", "p" * 300], "there is no place 'ppp"),
    "a number of 5,000 digits": (["compare", "--seed", "1" * 5000], "'--seed': must be a whole number"),
}  # fmt: skip


LIMITS: dict[str, tuple[str, ...]] = {
    "--one-in": ("nan", "inf", "-inf", "-5", "0", "1e-9", "1e9", "few"),
    "--people": ("-3", "0", "3.5", "1000000000000", "nan"),
    "--years": ("-1", "0", "10000", "1.5"),
    "--burn-in-years": ("-1", "21", "x"),
    "--replicates": ("-1", "0", "1000000"),
    "--seed": ("-7", "18446744073709551621", "1.7", "nan"),
    "--uncertainty": ("-1", "10001", "1.5", "some"),
    "--threads": ("-1", "0", "257", "many"),
    "--engine": ("compild", ""),
    "--person": ("-1", "1.5", "nan"),
}
"""What no command takes, by option."""
TAKEN: dict[str, tuple[list[str], set[str]]] = {
    "compare": (["compare"], LIMITS.keys() - {"--person"}),
    "effects": (["effects"], LIMITS.keys() - {"--person", "--uncertainty"}),
    "attribute": (["attribute", "diversion"], LIMITS.keys() - {"--person", "--uncertainty"}),
    "trace": (["trace", "--pick", "diverging"], LIMITS.keys() - {"--threads", "--replicates", "--uncertainty"}),
    "step": (["step", "--person", "1"], {"--one-in", "--people", "--burn-in-years", "--seed", "--engine", "--person"}),
    "calibration": (["calibration"], LIMITS.keys() - {"--engine", "--person", "--uncertainty"}),
    "fit": (["fit"], LIMITS.keys() - {"--engine", "--person", "--uncertainty"}),
    "sensitivity": (["sensitivity"], LIMITS.keys() - {"--engine", "--person", "--replicates", "--uncertainty"}),
    "face-validity": (["face-validity"], {"--one-in", "--people", "--years", "--burn-in-years", "--seed"}),
    "export": (["export", "--out", "people.csv"], LIMITS.keys() - {"--replicates", "--person", "--uncertainty"}),
    "network": (["network"], {"--one-in", "--people", "--seed"}),
    "sweep": (["sweep", "naloxone-and-rooms", "--dry-run"], {"--engine"}),
    "bench": (["bench"], {"--engine"}),
    "rules": (["rules", "diff", "my_rules.py"], LIMITS.keys() - {"--one-in", "--person", "--uncertainty"}),
}
"""The options that a command has."""
LIMITED = [
    (command, option, value)
    for command, (_, options) in TAKEN.items()
    for option in options
    for value in LIMITS[option]
]


@pytest.mark.parametrize(("command", "option", "value"), sorted(LIMITED))
def test_every_command_has_the_same_limits(
    command: str, option: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A number beyond them is told at once by the name of its option, and nothing is computed."""
    monkeypatch.setattr("policysim.model.DrugPolicyModel.__init__", lambda *a, **k: pytest.fail("a model was built"))
    monkeypatch.setattr(sys, "argv", ["policysim", *TAKEN[command][0], f"{option}={value}"])
    assert cli._run() == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("policysim: ") and len(err.splitlines()) == 1
    assert (option if option != "--engine" else "engine") in err


def test_every_option_that_commands_share_is_tried() -> None:
    """A command that takes one of them is in the list of those that are tried with it."""
    for family in cli.FAMILIES:
        for command in family.COMMANDS:
            name = command.__name__.replace("_", "-")
            has = {"--" + option.replace("_", "-") for option in inspect.signature(command).parameters} & LIMITS.keys()
            assert has == TAKEN.get(name, ([], set()))[1], name


HEAVY = ("numba", "mesa", "pandas", "pyarrow", "scipy", "networkx", "matplotlib", "solara", "policysim.model")
MISTAKES: dict[str, list[str]] = {
    "place": ["compare", "nowhere"],
    "years": ["compare", "--years", "400"],
    "regime": ["compare", "--regimes", "status-quo,diversoin"],
    "lever alone": ["effects", "--lever", "stop_and_serch"],
    "regime to share out": ["attribute", "diversoin"],
    "scale": ["compare", "--one-in", "1000000"],
    "threads": ["compare", "--threads", "0"],
    "folder of results": ["compare", "--out", "broken.py"],
    "folder to report": ["report", "none"],
    "folder of something else": ["report", "."],
    "trace": ["trace", "--person", "1", "--seed", "-7"],
    "rules to live by": ["trace", "--person", "1", "--rules", "none.py"],
    "calibration": ["calibration", "--one-in", "nan"],
    "face-validity": ["face-validity", "--out", "sheet.doc"],
    "network": ["network", "nowhere"],
    "report": ["report", "nowhere"],
    "equity": ["equity", "nowhere"],
    "export": ["export", "nowhere", "--out", "a.csv"],
    "file to export to": ["export", "authority:rutland", "--out", "a.xlsx"],
    "places": ["places", "nowhere"],
    "regimes": ["regimes", "diversoin"],
    "levers": ["levers", "stop_and_serch"],
    "parameters": ["parameters", "arrest_shar"],
    "check": ["check", "none.toml"],
    "rules to check": ["check", "broken.py"],
    "scenario": ["check", "scenario.toml"],
    "purse": ["check", "purse.toml"],
    "lever": ["check", "regime.toml"],
}  # fmt: skip


def test_a_mistake_is_told_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    """One process makes every mistake in turn, and has loaded none of what takes seconds in the end."""
    (tmp_path / "scenario.toml").write_text('place = "coventry"\nregimes = ["diversion"]\nyears = 400\n')
    (tmp_path / "purse.toml").write_text('regimes = ["diversion"]\n[budgets]\ncounci = 0\n')
    (tmp_path / "regime.toml").write_text('name = "Mine"\n[levers.needle_exchang]\n')
    (tmp_path / "broken.py").write_text("def rule(:\n")
    script = (
        "import sys\nfrom policysim.cli import door\n"
        f"for name, arguments in {MISTAKES!r}.items():\n"
        "    sys.argv = ['policysim', *arguments]\n"
        "    code = door._run()\n"
        f"    print(name, code, [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    told = done.stdout.splitlines()
    assert told == [f"{name} 2 []" for name in MISTAKES], (told, done.stderr)
    assert len(done.stderr.splitlines()) == len(MISTAKES)


@pytest.mark.parametrize("case", LINES)
def test_a_line_that_cannot_be(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments, says = LINES[case]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["policysim", *arguments])
    assert cli._run() == 2
    out, err = capsys.readouterr()
    assert out == "" and says in err
    assert err.startswith("policysim: ") and len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"


def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "policysim", *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, **options)


SMALL = ("compare", PLACE, "--people", "300", "--years", "1", "--burn-in-years", "0", "--threads", "1")


@pytest.mark.slow
@pytest.mark.parametrize("out", ["file.txt", "file.txt/results"])
def test_a_folder_that_cannot_be_written_to(out: str, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_text("mine")
    done = run(*SMALL, "--out", tmp_path / out)
    assert done.returncode == 2 and done.stdout == ""
    assert "cannot be used: not a directory" in done.stderr and len(done.stderr.splitlines()) == 1
    assert (tmp_path / "file.txt").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() == 0, reason="to root every folder can be written to")
def test_a_folder_that_belongs_to_somebody_else(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = run(*SMALL, "--out", tmp_path / "results")
    assert done.returncode == 2 and "permission denied" in done.stderr


@pytest.mark.slow
def test_a_disk_that_fills_up(tmp_path: Path) -> None:
    """The system refuses to let a file grow beyond what the scenario needs, and a run does not fit in."""
    small = {"people": 300, "years": 1, "burn_in_years": 0, "replicates": 1, "regimes": ["status-quo"]}
    scenario = scenario_from({"place": PLACE} | small)
    compare(scenario, tmp_path / "warm", threads=1)  # so that compiled rules need not be written
    most = 20_000

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    folder = tmp_path / "full"
    done = run("compare", tmp_path / "warm" / "scenario.toml", "--out", folder, "--threads", "1", preexec_fn=limited)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "cannot be written: file too large; every run that was finished is kept" in done.stderr
    assert not [path for path in folder.rglob("*") if path.name.endswith(".part")]
    compare(scenario, folder, threads=1)


@pytest.mark.slow
def test_what_is_told_of_slips_between_kinds_of_files(tmp_path: Path) -> None:
    regime, scenario = tmp_path / "mine.toml", tmp_path / "plan.toml"
    regime.write_text('nam = "Mine"\n[levers.needle_exchange]\n')
    scenario.write_text('place = "authority:coventry"\nregimes = ["diversion"]\n')
    for arguments, told in (
        (["compare", str(regime)], "is a regime, not a scenario; compare it with --regimes"),
        (["compare", "--regimes", f"status-quo,{scenario}"], "is a scenario, not a regime"),
        (["check", str(regime)], "line 1: there is no key 'nam'"),
        (["compare", "--years", "1.5"], "'--years': must be a whole number"),
    ):
        done = run(*arguments)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1) and told in done.stderr, done.stderr


@pytest.mark.slow
def test_a_file_of_the_model_itself_can_be_checked() -> None:
    import policysim.agents.people.first_use as shipped

    done = run("check", shipped.__file__)
    assert done.returncode == 0 and "is part of the model, whose rules are sound" in done.stdout


@pytest.mark.slow
def test_ctrl_c_is_answered_before_anything_is_computed(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "policysim", "trace", "--pick", "diverging", "--one-in", "20"], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    time.sleep(3)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (out, err.splitlines()[-1], process.returncode) == ("", "Stopped.", 130)


STOPPED = {"people": 800, "years": 3, "burn_in_years": 0, "replicates": 3}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """What nobody stopped."""
    scenario = scenario_from({"place": PLACE, "regimes": ["status-quo", "diversion"]} | STOPPED)
    return compare(scenario, tmp_path_factory.mktemp("undisturbed"), threads=1)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("threads", "how"), [(1, signal.SIGINT), (2, signal.SIGINT), (2, signal.SIGTERM), (2, signal.SIGHUP)]
)
def test_a_stop_keeps_what_is_finished(
    threads: int, how: signal.Signals, undisturbed: Comparison, tmp_path: Path
) -> None:
    """Stopped once a run is there; the same comparison then goes on, and ends as an undisturbed one."""
    folder, scenario = tmp_path / "stopped", undisturbed.scenario
    process = subprocess.Popen(
        [sys.executable, "-m", "policysim", "compare", str(undisturbed.folder / "scenario.toml"), "--out", str(folder),
         "--threads", str(threads)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    finished = wait_for_a_run(folder, process)
    os.killpg(process.pid, how)  # as a terminal does: to the command and its workers alike
    time.sleep(0.1)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, how)  # whoever asks twice gets the same answer
    out, err = process.communicate(timeout=60)
    assert process.returncode == 128 + how, err
    assert out == "" and "Traceback" not in err
    assert err.splitlines()[-1].startswith("Stopped. ") and f"of 6 runs are finished and kept in {folder}" in err
    kept = {path: path.stat().st_mtime_ns for path in finished}

    compare(scenario, folder, threads=1)
    assert {path: path.stat().st_mtime_ns for path in finished} == kept
    for name in ("weekly.parquet", "by_group.parquet", "summary.csv", "scenario.toml"):
        assert (folder / name).read_bytes() == (undisturbed.folder / name).read_bytes()


def wait_for_a_run(folder: Path, process: subprocess.Popen[str]) -> list[Path]:
    """The first finished runs of a comparison that is still going."""
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        if finished := list((folder / "checksums").glob("*.sha256")):
            return [folder / "runs" / f"{path.stem}.parquet" for path in finished]
        time.sleep(0.01)
    raise AssertionError(f"no run was finished: {process.communicate()}")


KEPT_ELSEWHERE = """
import shutil, sys, tempfile
from policysim.cli.door import main

kept, made = sys.argv.pop(), tempfile.mkdtemp

def filled(**named):
    folder = made(**named)
    shutil.copytree(kept, f"{folder}/rules")
    return folder

tempfile.mkdtemp = filled
main()
"""
"""The command line, where what stands in for a folder of compiled rules holds them from the start."""


@pytest.mark.slow
def test_a_cache_that_cannot_be_kept_is_told_in_one_line_and_the_command_goes_on(tmp_path):
    blocked = tmp_path / "a file"
    blocked.write_text("")
    DrugPolicyModel(PLACE, people=60, years=1).close()  # compiles what may not have been compiled yet
    arguments = ["trace", PLACE, "--person", "1", "--years", "1", "--one-in", "400"]
    done = subprocess.run(
        [sys.executable, "-c", KEPT_ELSEWHERE, *arguments, str(cache_folder())],
        env=os.environ | {"POLICYSIM_CACHE_DIR": str(blocked), "TMPDIR": str(tmp_path)},
        capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [line] = [line for line in done.stderr.splitlines() if "compiled rules" in line]
    assert line.startswith(f"policysim: compiled rules cannot be kept in {blocked}")
    assert "being compiled" not in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a file"]  # what stood in is gone
