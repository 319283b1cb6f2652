"""Work on a few rows at a time: what it makes on the way stays small and in fast memory, however many people there are."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

AT_A_TIME = 1 << 14
"""Rows of people that a processor's own memory holds."""


def in_blocks(rows: int, work: Callable[[slice], None], threads: int = 1) -> None:
    """Call `work` for one stretch of the rows after another; it writes these rows only, so that threads change nothing."""
    blocks = [slice(first, min(first + AT_A_TIME, rows)) for first in range(0, rows, AT_A_TIME)]
    if min(threads, len(blocks)) < 2:
        for block in blocks:
            work(block)
        return
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, block) for block in blocks]:
            done.result()
