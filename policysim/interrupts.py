"""Ctrl-C, and the system's own ways to ask for an end, which cannot get lost.

NumPy asks every operand for attributes of its own protocol and clears whatever that raises. For a member of an IntEnum
the question runs Python code, so a KeyboardInterrupt that happens to arrive there vanishes: measured, one in eight of
those sent to a comparison. While `remembered` is in force the interrupt is noted as well as raised, and
`raise_if_interrupted`, which the model asks every week, raises again what was lost. A compiled loop that is interrupted
while its arguments are looked at goes on with the exception set, and Python then reports a SystemError *caused by* the
interrupt; `remembered` gives back the interrupt itself.
A request to end (TERM) and a terminal that closes (HUP) are answered just as Ctrl-C is.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType

STOPPING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals that ask a process to stop and leave it time to answer; Windows has no SIGHUP."""
USUAL = (signal.default_int_handler, signal.SIG_DFL)
"""What answers them where nobody has chosen otherwise; `nohup` has, and is left its choice."""


class RememberingHandler:
    """Handles signals that ask for an end as Python does Ctrl-C, and remembers which came first (0: none yet)."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.number = self.number or number
        raise KeyboardInterrupt

    @property
    def exit_code(self) -> int:
        """What shells expect of a process that a signal has ended; Ctrl-C where none was noted."""
        return 128 + (self.number or signal.SIGINT)


_IN_FORCE: ContextVar[tuple[RememberingHandler, ...]] = ContextVar("handlers in force", default=())
"""Those of the blocks `remembered` that run now; to ask the system takes longer, and is asked every week."""


def _in_main_thread() -> bool:
    """Only there may signals be handled."""
    return threading.current_thread() is threading.main_thread()


@contextmanager
def remembered() -> Iterator[RememberingHandler]:
    """Within the block requests to end are remembered; a handler that somebody else has set is left in place."""
    handler = RememberingHandler()
    usual = {s: signal.getsignal(s) for s in STOPPING if signal.getsignal(s) in USUAL} if _in_main_thread() else {}
    for number in usual:
        signal.signal(number, handler)
    in_force = _IN_FORCE.set((*_IN_FORCE.get(), handler))
    try:
        yield handler
    except SystemError as error:
        if isinstance(error.__cause__, KeyboardInterrupt):
            raise error.__cause__ from None
        raise
    finally:
        _IN_FORCE.reset(in_force)
        for number, before in usual.items():
            signal.signal(number, before)


@contextmanager
def held() -> Iterator[None]:
    """Requests to end wait until the end of the block, where the first then arrives; processes and threads begun inside
    never get them.

    Blocking them in this thread is not enough: the system may give one to a thread of a library, and Python then acts on
    it here. So they are noted too, by a handler that does nothing else; what is ignored stays ignored.
    """
    if not _in_main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    came: list[int] = []
    heard = {s: signal.getsignal(s) for s in STOPPING if signal.getsignal(s) is not signal.SIG_IGN}
    for number in heard:
        signal.signal(number, lambda number, _: came.append(number))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in heard.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        if came:
            signal.raise_signal(came[0])


def ignore_more() -> None:
    """Once it is stopping, a process does not begin to stop again: whoever asks twice gets one answer."""
    if _in_main_thread():
        for number in STOPPING:
            signal.signal(number, signal.SIG_IGN)


def raise_if_interrupted() -> None:
    """Raise KeyboardInterrupt in the main thread if a request to end came since `remembered` began."""
    if any(handler.number for handler in _IN_FORCE.get()) and _in_main_thread():
        raise KeyboardInterrupt
