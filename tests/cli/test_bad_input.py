"""Whatever a user gets wrong is one sentence with the nearest valid name and exit code 2; nothing computed is lost."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from policysim.cli import door as cli
from policysim.errors import UserError
from policysim.evidence.registry import registry
from policysim.experiments.designs.compare import Comparison, compare
from policysim.levers.catalogue import LEVERS
from policysim.scenarios.faults import line_of
from policysim.scenarios.regime import load_regime, regime_from
from policysim.scenarios.scenario import Scenario, read_scenario, scenario_from

PLACE = "authority:coventry"
OWN = {"id": "own", "name": "Own"}


def regime(**levers: Any) -> dict[str, Any]:
    """A scenario with one regime of these levers."""
    return {"regimes": [OWN | {"levers": levers}]}


# A scenario, and what the sentence about it says.
SETTINGS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown key": ({"yeers": 3}, "there is no key 'yeers' (keys are schema_version, place,"),
    "nearest key": ({"yeers": 3}, "did you mean 'years'?"),
    "unknown place": ({"place": "west midlnds"}, "did you mean 'west-midlands'?"),
    "unknown regime": ({"regimes": ["diverson"]}, "there is no regime 'diverson'; did you mean 'diversion'?"),
    "unknown lever": (regime(agonist_treatmen={}), "no lever 'agonist_treatmen'; did you mean 'agonist_treatment'?"),
    "unknown setting": (regime(agonist_treatment={"chang": 1}), "in lever agonist_treatment, there is no key 'chang'"),
    "unknown parameter": ({"parameters": {"arrest_shar": 1}}, "'arrest_shar'; did you mean 'arrest_share'?"),
    "unknown purse": ({"budgets": {"nhss": 1}}, "there is no purse 'nhss'; did you mean 'nhs'?"),
    "key of a regime": ({"regimes": [OWN | {"lever": {}}]}, "id, name, summary, levers); did you mean 'levers'?"),
    "probability above 1": ({"parameters": {"arrest_share": 1.5}}, "it must lie in 0 .. 1, not 1.5"),
    "probability below 0": ({"parameters": {"arrest_share": -0.1}}, "it must lie in 0 .. 1, not -0.1"),
    "coverage above 1": (regime(take_home_naloxone={"coverage": 1.2}), "coverage must be at most 1"),
    "not a number": ({"parameters": {"arrest_share": float("nan")}}, "must be a number, not nan"),
    "negative rate": ({"parameters": {"recall_rate": -1.0}}, "cannot be negative"),
    "negative people": ({"people": -5}, "people must be at least 50, not -5"),
    "no people": ({"people": 0}, "people must be at least 50, not 0"),
    "more people than live there": ({"people": 10**7}, "is more than the 2,088,405 residents"),
    "absurd number": ({"people": 10**400}, "people"),
    "too coarse": ({"place": PLACE, "one_in": 100_000}, "at least 50 are needed"),
    "finer than one in one": ({"one_in": 0.5}, "one_in must be at least 1"),
    "infinite": ({"one_in": float("inf")}, "one_in must be at most"),
    "no years": ({"years": 0}, "years must be at least 1, not 0"),
    "negative seed": ({"seed": -1}, "seed must be at least 0"),
    "text for a number": ({"years": "ten"}, "years must be a whole number, not 'ten'"),
    "digits for a number": ({"years": "10"}, "years must be a whole number, not '10'"),
    "fraction for a whole number": ({"years": 2.5}, "years must be a whole number, not 2.5"),
    "yes for a number": ({"years": True}, "years must be a whole number, not True"),
    "number for text": ({"place": 3}, "place must be text, not 3"),
    "table for text": ({"place": {}}, "place must be text"),
    "text for a table": ({"parameters": "none"}, "parameters must be a table of keys and values"),
    "text for a list": ({"regimes": "diversion"}, "regimes must be a list of at least one regime, not 'diversion'"),
    "number for a regime": ({"regimes": [7]}, "a regime is given by its id or as a table, not as 7"),
    "number for a lever": (regime(needle_exchange=1), "lever needle_exchange must be a table"),
    "text for a parameter": ({"parameters": {"arrest_share": "high"}}, "parameters.arrest_share must be a number"),
    "no regimes": ({"regimes": []}, "regimes must be a list of at least one regime"),
    "regime without id": ({"regimes": [{"name": "x"}]}, "the key 'regimes.id' is missing"),
    "id that is no file name": ({"regimes": [OWN | {"id": "../x"}]}, "lower-case letters, digits and hyphens"),
    "negative budget": ({"budgets": {"council": -1.0}}, "GBP a year, zero or more, not -1.0"),
    "people and one_in": ({"people": 900, "one_in": 5.0}, "people and one_in contradict each other"),
    "regime twice": ({"regimes": ["diversion", "diversion"]}, "regime 'diversion' is named twice"),
    "lever after the end": (
        {"years": 1} | regime(needle_exchange={"start_week": 60}),
        "lever needle_exchange of regime own would begin in week 60, but the run ends after 52 weeks",
    ),
    "newer format": ({"schema_version": 2}, "schema_version must be 1, not 2"),
}  # fmt: skip


def one_sentence(error: UserError) -> str:
    """The message, checked to be a single clean line."""
    message = str(error)
    assert message and "\n" not in message and "pydantic" not in message.lower() and len(message) < 500
    return message


@pytest.mark.parametrize("case", SETTINGS)
def test_a_setting_that_cannot_be(case: str) -> None:
    data, says = SETTINGS[case]
    with pytest.raises(UserError) as caught:
        scenario_from(data)
    assert says in one_sentence(caught.value)


@pytest.mark.parametrize("case", [case for case in SETTINGS if case != "absurd number"])
def test_a_setting_in_a_file_is_named_with_its_line(case: str, tmp_path: Path) -> None:
    data, says = SETTINGS[case]
    file = tmp_path / "mine.toml"
    file.write_text("# mine\nburn_in_years = 1\n" + tomli_w.dumps(data))
    with pytest.raises(UserError) as caught:
        read_scenario(file)
    message = one_sentence(caught.value)
    assert message.startswith(f"{file}, line ") and says in message
    assert int(message.split("line ")[1].split(":")[0]) > 2


def test_the_line_is_that_of_the_key() -> None:
    text = (
        'years = 5\n\n[[regimes]]\nid = "a"\n[regimes.levers.needle_exchange]\nsupplied = 0.5\n[[regimes]]\nid = "b"\n'
        "[regimes.levers.needle_exchange]\n# a comment = 3\nsupplied = 7\n[parameters]\n"
        '"overdose_rate[heroin]" = 3 # per year\nbudgets.council = 4\n'
    )
    assert line_of(text, ("years",)) == 1
    assert line_of(text, ("regimes", 0, "levers", "needle_exchange", "supplied")) == 6
    assert line_of(text, ("regimes", 1, "levers", "needle_exchange", "supplied")) == 11
    assert line_of(text, ("regimes", 1, "levers", "needle_exchange", "coverage")) == 9
    assert line_of(text, ("parameters", "overdose_rate[heroin]")) == 13
    assert line_of(text, ("parameters", "budgets", "council")) == 14
    assert line_of(text, ("place",)) is None


FILES: dict[str, tuple[bytes | None, str]] = {
    "missing": (None, "there is no file"),
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "cut short": (b'place = "dor', "is not valid TOML, or was cut short"),
    "cut short in a table": (b"[parameters", "is not valid TOML, or was cut short"),
    "key twice": (b"years = 3\nyears = 4\n", "line 2"),
    "not text": (b"\xff\xfe\x00years", "is not a text file in UTF-8"),
    "nested without end": (b"regimes = " + b"[" * 5000, "is not valid TOML"),
}


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize("read", [read_scenario, load_regime])
def test_a_file_that_cannot_be_read(case: str, read: Callable[[Path], Any], tmp_path: Path) -> None:
    content, says = FILES[case]
    file = tmp_path / "mine.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read(file)
    assert says in one_sentence(caught.value) and str(file) in str(caught.value)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read: Is a directory"):
        read_scenario(tmp_path)


# ---------------------------------------------------------------- the command line

LINES: dict[str, tuple[list[str], str]] = {
    "place": (["compare", "west-midlnds"], "did you mean 'west-midlands'?"),
    "place with a kind": (["compare", "authority:coventri"], "did you mean 'authority:coventry'?"),
    "regime": (["compare", "--regimes", "status-quo,harm-reducton"], "did you mean 'harm-reduction'?"),
    "no regimes": (["compare", "--regimes", ","], "--regimes needs at least one regime"),
    "regime file": (["compare", "--regimes", "none.toml"], "there is no file none.toml"),
    "scenario file": (["compare", "none.toml"], "there is no file none.toml"),
    "engine": (["compare", PLACE, "--engine", "compild"], "there is no engine 'compild'; did you mean 'compiled'?"),
    "people": (["compare", PLACE, "--people", "-3"], "people must be at least 50, not -3"),
    "people and scale": (["compare", PLACE, "--people", "300", "--one-in", "5"], "contradict each other"),
    "years": (["compare", PLACE, "--years", "400"], "years must be at most 40, not 400"),
    "years in words": (["compare", PLACE, "--years", "ten"], "'--years'"),
    "threads": (["compare", PLACE, "--threads", "0"], "threads must be 1 to 256, not 0"),
    "option": (["compare", "--yeers", "3"], "--years"),
    "command": (["comare"], "compare"),
    "argument too many": (["compare", PLACE, "dorset"], "unexpected extra argument"),
    "parameter": (["parameters", "arrest_shar"], "did you mean 'arrest_share'?"),
    "lever": (["levers", "stop_and_serch"], "did you mean 'stop_and_search'?"),
    "rule": (["rules", "start_usin"], "did you mean 'start_using'?"),
    "regime to list": (["regimes", "diversoin"], "did you mean 'diversion'?"),
    "place to list": (["places", "dorzet"], "did you mean 'dorset'?"),
    "file to check": (["check", "none.toml"], "there is no file none.toml"),
    "rules to check": (["check", "none.py"], "there is no file none.py"),
    "nobody to trace": (["trace"], "either --person ID or --pick diverging"),
    "two ways to trace": (["trace", "--person", "3", "--pick", "diverging"], "either --person ID or --pick diverging"),
    "pick": (["trace", "--pick", "divergin"], "did you mean 'diverging'?"),
    "port": (["app", "--port", "99999"], "--port must be 0 to 65535"),
    "replicates": (["calibration", "--replicates", "0"], "--replicates must be at least 1"),
}  # fmt: skip


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
    import policysim.agents.people.young_person as shipped

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
    assert (*process.communicate(timeout=60), process.returncode) == ("", "Stopped.\n", 130)


STOPPED = {"people": 800, "years": 3, "burn_in_years": 0, "replicates": 3}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """What nobody stopped."""
    scenario = scenario_from({"place": PLACE, "regimes": ["status-quo", "diversion"]} | STOPPED)
    return compare(scenario, tmp_path_factory.mktemp("undisturbed"), threads=1)


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2])
def test_ctrl_c_keeps_what_is_finished(threads: int, undisturbed: Comparison, tmp_path: Path) -> None:
    """Stopped once a run is there; the same comparison then goes on, and ends as an undisturbed one."""
    folder, scenario = tmp_path / "stopped", undisturbed.scenario
    process = subprocess.Popen(
        [sys.executable, "-m", "policysim", "compare", str(undisturbed.folder / "scenario.toml"), "--out", str(folder),
         "--threads", str(threads)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    finished = wait_for_a_run(folder / "runs", process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the command and its workers alike
    time.sleep(0.1)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGINT)  # whoever presses twice gets the same answer
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert out == "" and "Traceback" not in err
    assert err.splitlines()[-1].startswith("Stopped. ") and f"of 6 runs are finished and kept in {folder}" in err
    kept = {path: path.stat().st_mtime_ns for path in finished}

    compare(scenario, folder, threads=1)
    assert {path: path.stat().st_mtime_ns for path in finished} == kept
    for name in ("weekly.parquet", "by_group.parquet", "summary.csv", "scenario.toml"):
        assert (folder / name).read_bytes() == (undisturbed.folder / name).read_bytes()


def wait_for_a_run(runs: Path, process: subprocess.Popen[str]) -> list[Path]:
    """The first finished runs of a comparison that is still going."""
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        if list(runs.glob("*.sha256")):
            return [path.with_suffix(".parquet") for path in runs.glob("*.sha256")]
        time.sleep(0.01)
    raise AssertionError(f"no run was finished: {process.communicate()}")


# ---------------------------------------------------------------- anything at all

words = st.text(max_size=12)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), words, st.datetimes(), st.just(10**500), st.binary(max_size=3)
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=6
)
lever_tables = st.dictionaries(
    st.sampled_from(sorted(LEVERS)) | words,
    anything
    | st.dictionaries(st.sampled_from(["coverage", "start_week", "change", "rooms"]) | words, anything, max_size=3),
    max_size=2,
)
regime_tables = st.fixed_dictionaries(
    {}, optional={"id": st.just("own") | anything, "name": st.just("Own") | anything, "levers": lever_tables | anything}
)
KEYS: dict[str, st.SearchStrategy[Any]] = {
    "place": st.sampled_from(["dorset", "nation:wales", "::", "-"]) | anything,
    "regimes": st.lists(regime_tables | st.sampled_from(["status-quo", "Status Quo"]) | anything, max_size=3),
    "parameters": st.dictionaries(st.sampled_from(sorted(registry())[:40]) | words, anything, max_size=3) | anything,
    "budgets": st.dictionaries(st.sampled_from(["nhs", "council"]) | words, anything, max_size=2) | anything,
}
PLAIN = {name: st.integers(-3, 60) | anything for name in Scenario.model_fields if name not in KEYS}


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({}, optional=KEYS | PLAIN), st.dictionaries(words, anything, max_size=1))
@example({"regimes": [{"id": "a", "name": "b", "levers": {"needle_exchange": {"coverage": float("nan")}}}]}, {})
@example({"people": 10**500}, {})
def test_any_scenario_is_sound_or_one_sentence(known: dict[str, Any], unknown: dict[str, Any]) -> None:
    try:
        scenario = scenario_from(unknown | known)
    except UserError as error:
        one_sentence(error)
    else:
        assert scenario.scale >= 1 and scenario.weeks > 0
        assert scenario_from(dict(scenario.model_dump(exclude_none=True))) == scenario


@settings(max_examples=100, deadline=None)
@given(regime_tables)
def test_any_regime_is_sound_or_one_sentence(data: dict[str, Any]) -> None:
    try:
        found = regime_from(data, "mine.toml", "text = 1\n")
    except UserError as error:
        one_sentence(error)
    else:
        assert all(0 <= lever.coverage <= 1 for lever in found.levers.values())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_line_or_none(text: str) -> None:
    line = line_of(text, ("regimes", 0, "levers"))
    assert line is None or 1 <= line <= len(text.splitlines())
