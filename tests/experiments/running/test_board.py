"""The board: tasks in other processes count on it, and stop when it goes."""

import tempfile
from pathlib import Path

import pytest

from policysim.errors import UserError
from policysim.experiments.running.board import Board
from policysim.experiments.running.progress import RunStoppedError


def test_progress_is_shared_through_a_file_that_stops_tasks_when_it_goes() -> None:
    board = Board.of(2)
    board.write(0, 10, 0)
    Board(board.path).write(1, 5, 1)
    board.write(0, 12, 1)
    assert board.totals() == (17, 2)
    board.take_down()
    board.take_down()
    assert board.totals() == (0, 0) and not Path(board.path).exists()
    with pytest.raises(RunStoppedError):
        board.write(0, 13, 1)


def test_a_line_adds_up_and_is_exact_whenever_a_run_ends() -> None:
    board = Board.of(2)
    line = board.line(1)
    for _ in range(52):
        line(1, 0)
    assert 0 < board.totals()[0] <= 52, "weeks are written now and then"
    line(0, 1)
    assert board.totals() == (52, 1)
    board.take_down()


def test_no_room_for_the_file_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(UserError, match="temporary files: no such file"):
        Board.of(1)
