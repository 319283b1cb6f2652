"""What a worker looks at before it computes for somebody else."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from made_up_sweep import made_up, sweep

from policysim.errors import UserError
from policysim.experiments.designs.sweep import run_sweep
from policysim.experiments.running import elsewhere
from policysim.experiments.running.anywhere import Folder, FolderError


def test_any_executor_computes_a_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_up(monkeypatch.setattr)
    with ThreadPoolExecutor(2) as executor:
        assert run_sweep(sweep(2), tmp_path, executor=executor).done == 8
    assert not list(tmp_path.glob(".*"))


def test_another_folder_of_the_same_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where `--out` is a disk of each machine's own, on which an earlier sweep lies."""
    made_up(monkeypatch.setattr)
    monkeypatch.setattr(elsewhere, "PAUSES", (0.01,))
    monkeypatch.setattr(elsewhere.secrets, "token_hex", lambda digits: "1")
    read = Folder.read
    monkeypatch.setattr(Folder, "read", lambda self, name: None if name.startswith(".1") else read(self, name))
    said = r"a worker on .* does not find the folder .* of this sweep: give an --out that is the same folder on every machine"
    with ThreadPoolExecutor(1) as executor, pytest.raises(UserError, match=said):
        run_sweep(sweep(1), tmp_path, executor=executor)


def test_a_worker_that_cannot_write_is_told_before_it_computes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = made_up(monkeypatch.setattr)
    write = Folder.write

    def refused(self: Folder, name: str, content: bytes) -> None:
        if name.startswith(".policysim-"):
            raise FolderError(f"{self.told(name)} cannot be written: permission denied")
        write(self, name, content)

    monkeypatch.setattr(Folder, "write", refused)
    with ThreadPoolExecutor(1) as executor, pytest.raises(UserError, match="cannot be written: permission denied"):
        run_sweep(sweep(1), tmp_path, executor=executor)
    assert not counted.ids
