"""Ctrl-C arrives, even where a library clears the exception that it raised."""

import signal
import threading

import numpy as np
import pytest

from policysim import DrugPolicyModel
from policysim.interrupts import held, raise_if_interrupted, remembered


class Asked(type):
    """A class that is interrupted the moment NumPy asks for an attribute that it does not have, as an IntEnum might be."""

    def __getattr__(cls, name: str) -> None:
        if name == "__array_ufunc__":
            signal.raise_signal(signal.SIGINT)
        raise AttributeError(name)


class Number(int, metaclass=Asked):
    """An operand for NumPy."""


def lose_an_interrupt() -> None:
    """The interrupt that comes here is raised inside NumPy, which clears it."""
    _ = np.zeros(1) == Number()


@pytest.fixture
def model():
    made = DrugPolicyModel("authority:rutland", seed=1, people=300, years=1)
    yield made
    made.close()


def test_a_lost_interrupt_stops_the_next_week(model: DrugPolicyModel) -> None:
    with remembered():
        lose_an_interrupt()
        with pytest.raises(KeyboardInterrupt):
            model.step()
    assert model.week == 0


def test_an_interrupt_that_a_compiled_loop_hid_in_a_system_error_is_given_back() -> None:
    hidden = SystemError("returned a result with an exception set")
    with pytest.raises(KeyboardInterrupt), remembered():
        raise hidden from KeyboardInterrupt()
    with pytest.raises(SystemError), remembered():
        raise hidden from ValueError()


def test_outside_nothing_is_remembered(model: DrugPolicyModel) -> None:
    with remembered():
        lose_an_interrupt()
    model.step()
    assert model.week == 1
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_held_until_the_end_of_the_block_even_where_another_thread_gets_it() -> None:
    got_through = []
    with pytest.raises(KeyboardInterrupt), held():
        signal.raise_signal(signal.SIGINT)
        stranger = threading.Thread(target=lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT))
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})  # as in a library's thread, begun before
        stranger.start()
        stranger.join()
        got_through.append(True)
    assert got_through
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_somebody_else_stays() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with remembered():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        raise_if_interrupted()
    finally:
        signal.signal(signal.SIGINT, before)
