"""Code for several layouts, kept by processes that run side by side: none takes another's place."""

import sys
import threading

from numba import njit
from numba.core.caching import IndexDataCacheFile

from policysim.engine.beside import loaded
from policysim.engine.jit import outer
from policysim.engine.turns import TakingTurns, take_turns
from policysim.engine.week import _laid_out

PART = "from numba import njit\n\n\n@njit(cache=True)\ndef half(x):\n    return x / 2\n"


def test_two_that_keep_code_at_once_take_no_number_of_one_another(tmp_path, monkeypatch):
    chosen, other_is_done = threading.Event(), threading.Event()
    written = TakingTurns._save_index

    def slowly(self, overloads):
        if "short" in overloads and not chosen.is_set():
            chosen.set()
            other_is_done.wait(1)  # as long as the other waits for its turn
        written(self, overloads)

    monkeypatch.setattr(TakingTurns, "_save_index", slowly)
    one, other = (TakingTurns(str(tmp_path), "live-1.py311", "as it was") for _ in range(2))
    first = threading.Thread(target=one.save, args=("short", "code for short records"))
    first.start()
    assert chosen.wait(60)
    second = threading.Thread(target=lambda: (other.save("long", "code for long records"), other_is_done.set()))
    second.start()
    for each in (first, second):
        each.join(60)
    again = TakingTurns(str(tmp_path), "live-1.py311", "as it was")
    assert (again.load("short"), again.load("long")) == ("code for short records", "code for long records")


def test_what_is_kept_beside_the_rules_and_of_the_rules_takes_turns(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "policysim_rules_half", None)  # so that it is gone again afterwards
    path = tmp_path / "policysim_rules_half.py"
    path.write_text(PART, encoding="utf-8")
    for compiled in (_laid_out, outer(_laid_out.py_func), loaded("policysim_rules_half", path).half):
        assert isinstance(compiled._cache._cache_file, TakingTurns)


def test_a_function_that_is_not_kept_is_left_as_it_is(tmp_path):
    def half(x):
        return x / 2

    for function in (half, njit(half)):
        take_turns(function)
        assert function(3) == 1.5


def test_a_folder_in_which_nothing_can_be_locked_is_read_as_numba_does(tmp_path):
    IndexDataCacheFile(str(tmp_path), "live-1.py311", "as it was").save("short", "code")
    (tmp_path / "lock").mkdir()
    assert TakingTurns(str(tmp_path), "live-1.py311", "as it was").load("short") == "code"
