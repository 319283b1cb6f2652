"""Rules for the whole suite: it hears Ctrl-C wherever it runs, and what happens where there is no browser."""

import os
import signal
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")


def pytest_configure() -> None:
    """What a shell starts in the background ignores Ctrl-C from birth, and so would everything that a test starts."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests of the page where there is no Chromium, with one line in the summary; fail where that is forbidden."""
    if item.get_closest_marker("browser") is None or CHROMIUM.exists():
        return
    if os.environ.get("POLICYSIM_REQUIRE_BROWSER") == "1":
        pytest.fail(f"POLICYSIM_REQUIRE_BROWSER=1, but there is no {CHROMIUM}", pytrace=False)
    pytest.skip(f"no {CHROMIUM}: the page was not opened in a browser (on Debian: apt install chromium)")
