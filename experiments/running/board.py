"""A board on which tasks in other processes write how far they are; taking it down stops them.

It is a small file that both sides open, so it serves any number of jobs on one pool of workers, each stopped apart.
"""

import os
import struct
import tempfile
from pathlib import Path

import numpy as np

from policysim.errors import UserError
from policysim.experiments.running.progress import Pace, RunStoppedError

COUNTS = struct.Struct("<qq")
"""One task's line: weeks and runs done."""


class Board:
    """Weeks and runs done so far by each task of a job; no file: stop."""

    def __init__(self, path: str):
        self.path = path

    @classmethod
    def of(cls, tasks: int) -> "Board":
        """A new board with every task at its beginning; raises UserError where no file can be made for it."""
        path = ""
        try:
            number, path = tempfile.mkstemp(prefix="policysim-", suffix=".progress")
            with os.fdopen(number, "wb") as file:
                file.write(COUNTS.pack(0, 0) * tasks)
        except OSError as error:
            if path:
                Path(path).unlink(missing_ok=True)
            why = (error.strerror or str(error)).lower()
            raise UserError(f"no file can be made in the folder for temporary files: {why}") from None
        return cls(path)

    def line(self, task: int) -> "Line":
        """Where one task counts."""
        return Line(self, task)

    def write(self, task: int, weeks: int, runs: int) -> None:
        """Say how far a task is; raises RunStoppedError when the board has been taken down."""
        try:
            with open(self.path, "r+b", buffering=0) as file:
                file.seek(task * COUNTS.size)
                file.write(COUNTS.pack(weeks, runs))
        except FileNotFoundError:
            raise RunStoppedError from None

    def totals(self) -> tuple[int, int]:
        """Weeks and runs done by all tasks together."""
        try:
            lines = np.frombuffer(Path(self.path).read_bytes(), "<i8").reshape(-1, 2)
        except FileNotFoundError:
            return 0, 0
        weeks, runs = lines.sum(axis=0).tolist()
        return weeks, runs

    def take_down(self) -> None:
        """Every task stops at its next look; safe to call twice."""
        Path(self.path).unlink(missing_ok=True)


class Line:
    """Counts what one task has done (a `Tell`), and writes it down now and then, not every week."""

    def __init__(self, board: Board, task: int):
        self.board, self.task = board, task
        self.weeks = self.runs = 0
        self.pace = Pace()

    def __call__(self, weeks: int, runs: int) -> None:
        self.weeks, self.runs = self.weeks + weeks, self.runs + runs
        if runs or self.pace.is_due():
            self.board.write(self.task, self.weeks, self.runs)
