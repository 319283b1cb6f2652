"""Ctrl-C that cannot get lost.

NumPy asks every operand for attributes of its own protocol and clears whatever that raises. For a member of an IntEnum
the question runs Python code, so a KeyboardInterrupt that happens to arrive there vanishes: measured, one in eight of
those sent to a comparison. While `remembered` is in force the interrupt is noted as well as raised, and
`raise_if_interrupted`, which the model asks every week, raises again what was lost.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class RememberingHandler:
    """Handles SIGINT as Python does, and remembers that it came."""

    def __init__(self) -> None:
        self.interrupted = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.interrupted = True
        raise KeyboardInterrupt


@contextmanager
def remembered() -> Iterator[None]:
    """Within the block Ctrl-C is remembered; a handler that somebody else has set is left in place."""
    if threading.current_thread() is not threading.main_thread() or (
        signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return
    signal.signal(signal.SIGINT, RememberingHandler())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def held() -> Iterator[None]:
    """Ctrl-C waits until the end of the block, where it then arrives; processes and threads begun inside never get it.

    Blocking it in this thread is not enough: the system may give it to a thread of a library, and Python then acts on it
    here. So it is noted too, by a handler that does nothing else.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    came: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, handler if handler is not None else signal.SIG_DFL)
        if came:
            signal.raise_signal(signal.SIGINT)


def ignore_more() -> None:
    """Once it is stopping, a process does not begin to stop again: whoever presses twice gets one answer."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def raise_if_interrupted() -> None:
    """Raise KeyboardInterrupt in the main thread if Ctrl-C came since `remembered` began."""
    handler = signal.getsignal(signal.SIGINT)
    lost = isinstance(handler, RememberingHandler) and handler.interrupted
    if lost and threading.current_thread() is threading.main_thread():
        raise KeyboardInterrupt
