"""Places as they stand at the end of the burn-in, shared by the tasks that begin from the same, whoever computes them.

Levers are pulled, and budgets by the year begin, where the regimes part: points of a sweep that differ in nothing else burn in
alike with the same seed (`start_ids`). The first task to need such a start makes it and puts it in a folder beside the others;
the rest wait for it or find it there, mapped into the memory that processes of one machine share. What cannot be shared, as for
want of room on the disk or because a class of one's own holds what no file can, is computed by each, and is the same to the bit.
Of starts that are there only the last few are kept, and none once the sweep has ended.
"""

import hashlib
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TypeVar

from policysim.errors import UserError
from policysim.experiments.running.anywhere import Folder
from policysim.experiments.running.lock import released, tried
from policysim.experiments.running.plan import Task
from policysim.experiments.running.progress import Tell, untold
from policysim.experiments.running.seed import start_of
from policysim.experiments.running.settings import shared_settings
from policysim.model import DrugPolicyModel
from policysim.model.saved_folder import pick_up, put_down, size_of
from policysim.model.sources import model_hash
from policysim.scenarios.scenario import Scenario

FOLDER = ".burn-ins"
"""In the folder of a sweep, while it runs."""
DIGITS = 16
PAUSE_SECONDS = 0.01
"""Between two looks at whether somebody else has made a start."""
SPARE = 10
"""How many times the room of a start must be free on the disk."""
BESIDES = 4
"""Starts that are kept beside one for each worker."""
W = TypeVar("W")
_last: dict[tuple[str, str, str], DrugPolicyModel] = {}
"""The start that this process went on from last, by its folder, name and engine."""


def start_ids(scenario: Scenario) -> dict[int, str]:
    """By seed, a name for all that decides what stands where the regimes part, the horizon included: it says who will enter."""
    settings = shared_settings(scenario)
    budgets = settings.pop("budgets", {})
    flat = {} if isinstance(budgets, str) else {k: told for k, told in budgets.items() if not isinstance(told, list)}
    text = json.dumps(settings | {"budgets of burn-in": flat}, sort_keys=True)
    id = hashlib.sha256(f"{model_hash()}\n{text}".encode()).hexdigest()[:DIGITS]
    return {seed: f"{id}-{seed}" for seed in scenario.seeds}


def staggered(wanted: Sequence[W], start: Callable[[W], Hashable], ahead: int) -> list[W]:
    """The same tasks, those of one start one after the other, but its first earlier: it has made it when they come."""
    groups: dict[Hashable, list[W]] = {}
    for one in wanted:
        groups.setdefault(start(one), []).append(one)
    each = list(groups.values())
    found = [group[0] for group in each[:ahead]]
    for k, group in enumerate(each):
        found += [following[0] for following in each[k + ahead : k + ahead + 1]]
        found += group[1:]
    return found


def shared_of(starts: Sequence[str]) -> set[str]:
    """Starts that more than one task needs."""
    return {start for start, tasks in Counter(starts).items() if tasks > 1}


@dataclass(frozen=True)
class BurnIns:
    """A folder of starts, which may be given to other processes."""

    folder: Path
    most: int
    """How many are kept."""
    mapped: bool = True
    """Not where workers may be on other machines: one of them may remove a file that another reads."""

    def start_of(self, task: Task, tell: Tell = untold) -> DrugPolicyModel:
        """The model of a task where the regimes part: that of the task before, or picked up, or made and put down for others."""
        if not task.start or task.carried or task.draw:
            return start_of(task, tell)
        key = (str(self.folder), task.start, task.engine)
        model = _last.get(key)
        if model is None:
            _last.clear()
            model = self._picked_up_or_made(task, tell)
            if self.mapped:  # a process of ours, which ends or is told when the sweep does
                _last[key] = model
        else:
            tell(task.scenario.burn_in_weeks, 0)
        budgets = task.scenario.budgets if isinstance(task.scenario.budgets, dict) else {}
        for name, purse in model.purses.items():  # of later years: until now it has made no difference
            purse.budget = budgets.get(name)
        return model

    def _picked_up_or_made(self, task: Task, tell: Tell) -> DrugPolicyModel:
        found = self._found(task)
        if found is None:
            with self._alone(task.start, tell):
                found = self._found(task)
                if found is None:
                    made = start_of(task, tell)
                    self._keep(task.start, made)
                    return made
        tell(task.scenario.burn_in_weeks, 0)
        return found

    def _found(self, task: Task) -> DrugPolicyModel | None:
        """What was put down; nothing where it is not there, or not any more."""
        try:
            model = pick_up(self.folder / task.start, self.mapped, engine=task.engine, threads=task.threads)
        except (OSError, UserError):
            return None
        with suppress(OSError):
            os.utime(self.folder / task.start)
        return model

    @contextmanager
    def _alone(self, start: str, tell: Tell) -> Iterator[None]:
        """Nobody else makes this start; at once where it cannot be shared, or nothing can be locked."""
        file = None
        with suppress(OSError):
            while not self._unshared(start).exists() and not (self.folder / start).exists():
                file = tried(self.folder / f"{start}.lock")
                if file is not None:
                    break
                time.sleep(PAUSE_SECONDS)
                tell(0, 0)
        try:
            yield
        finally:
            if file is not None:
                released(file)

    def _unshared(self, start: str) -> Path:
        return self.folder / f"{start}.unshared"

    def _keep(self, start: str, model: DrugPolicyModel) -> None:
        """Put a start down, whole or not at all; whoever waits for one that cannot be is told to make it."""
        part = ""
        try:
            if shutil.disk_usage(self.folder).free < SPARE * size_of(model):
                raise OSError
            part = mkdtemp(dir=self.folder, prefix=".")
            put_down(Path(part), model)
            os.rename(part, self.folder / start)
        except (OSError, UserError):
            shutil.rmtree(part, ignore_errors=True)
            with suppress(OSError):
                self._unshared(start).touch()
        self._forget_old()

    def _forget_old(self) -> None:
        """Keep those alone that were used last."""
        with suppress(OSError):
            there = [path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
            for path in sorted(there, key=lambda path: path.stat().st_mtime)[: -self.most]:
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def burn_ins_in(folder: Folder, shared: bool, workers: int, elsewhere: bool) -> Iterator[BurnIns | None]:
    """Where starts lie until the block ends: in the folder of a sweep, or where that is not of this machine in a temporary one.

    shared: whether any is needed twice; otherwise nothing is written. elsewhere: somebody else's workers are to find it.
    """
    left = folder.here / FOLDER if folder.is_local else None
    if left is not None and left.exists():  # of one who was killed; nobody else computes into the folder now
        shutil.rmtree(left, ignore_errors=True)
    try:
        if not shared or (left is None and elsewhere):
            yield None
        elif left is None:
            with TemporaryDirectory(prefix="policysim-burn-ins-", ignore_cleanup_errors=True) as temporary:
                yield BurnIns(Path(temporary), workers + BESIDES)
        else:
            left.mkdir(exist_ok=True)
            yield BurnIns(left.resolve(), workers + BESIDES, mapped=not elsewhere)
    finally:
        _last.clear()
        if left is not None:
            shutil.rmtree(left, ignore_errors=True)
