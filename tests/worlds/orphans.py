"""Whether anybody lives on of a process that was killed, in a session of its own."""

import os
import signal
import time


def nobody_is_left(group: int, seconds: float = 15) -> bool:
    """Whether every process of a group has ended within so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    os.killpg(group, signal.SIGKILL)
    return False
