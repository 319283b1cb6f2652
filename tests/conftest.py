"""Rules for the whole suite: Ctrl-C is heard, processes side by side share compiled rules, what is long is begun first."""

import gc
import os
import signal
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest

from policysim.interrupts import STOPPING

CHROMIUM = Path("/usr/bin/chromium")


def pytest_configure(config: pytest.Config) -> None:
    """What a shell starts in the background ignores Ctrl-C from birth, and so would everything that a test starts.

    Processes side by side share what is compiled: rules, and the loops beside them, which are kept by one process at a time
    (policysim/engine/turns.py). Numba reads the setting when it is imported, which is later than this.
    """
    gc.disable()  # while tests are collected, which makes much and leaves hardly anything behind
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):  # under nohup it would be ignored too
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if "PYTEST_XDIST_WORKER" in os.environ and config.pluginmanager.hasplugin("cacheprovider"):
        os.environ["NUMBA_CACHE_DIR"] = str(config.cache.mkdir("numba"))
        os.environ.setdefault("POLICYSIM_CACHE_DIR", str(config.cache.mkdir("policysim")))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is long comes first, so that in the end no process waits for another that has just begun such a test.

    Processes side by side are given equal shares, one after the other, of the list: each begins with some of what is long.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    long = [item for item in items if item.get_closest_marker("long") is not None]
    others = deque(item for item in items if item.get_closest_marker("long") is None)
    ordered: list[pytest.Item] = []
    for k in range(processes):
        share, first = (len(items) - len(ordered)) // (processes - k), long[k::processes]
        ordered += [*first, *(others.popleft() for _ in range(share - len(first)))]
    items[:] = ordered


def pytest_collection_finish() -> None:
    """Tests and modules stay to the end: who looks for what is no longer used need not look there each time."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def one_width_of_page() -> None:
    """What a command prints is asked of one width wherever the suite runs; a test of another width sets its own."""
    os.environ["COLUMNS"] = "200"


@pytest.fixture(autouse=True)
def requests_to_end_are_heard_again() -> Iterator[None]:
    """A command that is stopped in this process hears no second request, nor would whatever later tests start from it."""
    before = {number: signal.getsignal(number) for number in STOPPING}
    yield
    for number, handler in before.items():
        if signal.getsignal(number) != handler:
            signal.signal(number, handler)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests of the page where there is no Chromium, with one line in the summary; fail where that is forbidden."""
    if item.get_closest_marker("browser") is None or CHROMIUM.exists():
        return
    if os.environ.get("POLICYSIM_REQUIRE_BROWSER") == "1":
        pytest.fail(f"POLICYSIM_REQUIRE_BROWSER=1, but there is no {CHROMIUM}", pytrace=False)
    pytest.skip(f"no {CHROMIUM}: the page was not opened in a browser (on Debian: apt install chromium)")
