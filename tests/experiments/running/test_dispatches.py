"""What a task hands over while it goes on."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from policysim.experiments.running.dispatches import LENGTH, Desk, Dispatches
from policysim.experiments.running.progress import RunStoppedError


def send_some(desk: Desk, first: int, last: int) -> None:
    for k in range(first, last):
        desk.send((k, np.full(1000, k)))


def test_what_is_sent_from_another_process_comes_in_once_and_in_order() -> None:
    dispatches = Dispatches()
    assert dispatches.new() == []
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        executor.submit(send_some, dispatches.desk, 0, 3).result()
        found = dispatches.new()
        executor.submit(send_some, dispatches.desk, 3, 5).result()
    found += dispatches.new()
    assert [k for k, _ in found] == [0, 1, 2, 3, 4] and all((values == k).all() for k, values in found)
    assert dispatches.new() == []


def test_half_a_dispatch_waits_for_its_other_half() -> None:
    dispatches = Dispatches()
    dispatches.desk.send("whole")
    whole = Path(dispatches.path).read_bytes()
    for cut in range(1, len(whole)):
        with open(dispatches.path, "ab") as file:
            file.write(whole[:cut])
        assert dispatches.new() == (["whole"] if cut == 1 else [])
        with open(dispatches.path, "ab") as file:
            file.write(whole[cut:])
        assert dispatches.new() == ["whole"]
    assert len(whole) > LENGTH.size


def test_a_sender_whom_nobody_waits_for_stops() -> None:
    dispatches = Dispatches()
    desk = dispatches.desk
    dispatches.close()
    dispatches.close()
    with pytest.raises(RunStoppedError):
        desk.send(1)
    assert dispatches.new() == [] and not Path(desk.path).exists()


def test_a_desk_that_is_forgotten_leaves_no_file() -> None:
    path = Path(Dispatches().path)
    assert not path.exists()
