"""The lock of a folder: who comes second is told who was first; what a killed process leaves locks nothing."""

import json
import os
import platform
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from policysim.errors import UserError
from policysim.experiments.running import lock
from policysim.experiments.running.lock import LOCK, holder, locked

HOLDS = """
import sys
from pathlib import Path
from policysim.experiments.running.lock import locked

with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path: Path):
    """Another process that holds the folder."""
    command = [sys.executable, "-c", HOLDS, str(tmp_path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_who_comes_second_is_told_who_was_first_and_since_when(tmp_path: Path, other: subprocess.Popen) -> None:
    said = rf"process {other.pid} on {re.escape(platform.node())} since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d"
    told = f"^the folder {tmp_path} is in use: {said} is computing into it; wait"
    with pytest.raises(UserError, match=told), locked(tmp_path):
        raise AssertionError("nobody gets here")
    assert re.fullmatch(said, holder(tmp_path))
    assert other.poll() is None and holder(tmp_path), "asking takes nothing from whoever holds it"


def test_a_killed_process_holds_nothing_whatever_its_file_says(tmp_path: Path, other: subprocess.Popen) -> None:
    other.send_signal(signal.SIGKILL)
    other.wait(timeout=30)
    assert json.loads((tmp_path / LOCK).read_text())["process"] == other.pid
    assert holder(tmp_path) == ""
    with locked(tmp_path):
        assert f"process {os.getpid()} on " in holder(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_lock_that_is_taken_away_as_another_comes_is_not_mistaken_for_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who had its file open as the first left holds a file without a name, and must not think that it holds the folder."""
    first, real = locked(tmp_path), lock._try
    first.__enter__()

    def once_the_first_has_left(file: int) -> bool:
        monkeypatch.setattr(lock, "_try", real)
        first.__exit__(None, None, None)
        return real(file)

    monkeypatch.setattr(lock, "_try", once_the_first_has_left)
    with locked(tmp_path), pytest.raises(UserError, match=f"in use: process {os.getpid()} on "), locked(tmp_path):
        raise AssertionError("nobody gets here")
    assert list(tmp_path.iterdir()) == []


def test_an_error_within_lets_go(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt), locked(tmp_path):
            raise KeyboardInterrupt
    assert holder(tmp_path) == ""


@pytest.mark.parametrize("content", ["", "{", '"mine"', '{"process": 1}'])
def test_a_holder_that_cannot_be_read_is_another_process(tmp_path: Path, other: subprocess.Popen, content: str) -> None:
    (tmp_path / LOCK).write_text(content)
    assert holder(tmp_path) == "another process"


def test_where_nothing_can_be_locked_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*of: object) -> None:
        raise OSError(lock.errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(lock.fcntl, "flock", unknown)
    with locked(tmp_path / "new"):
        assert holder(tmp_path / "new") == ""
    monkeypatch.setattr(lock, "fcntl", None)
    with locked(tmp_path / "other"):
        assert holder(tmp_path / "other") == ""


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with (
        pytest.raises(UserError, match=r"the folder .*file cannot be used: not a directory"),
        locked(tmp_path / "file"),
    ):
        pass
