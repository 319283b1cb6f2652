"""What Python loads for a model, and when: loading takes longer than building a small place, and what is loaded stays."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


class Late(ModuleType):
    """Stands for a module until one of its names is asked for; then that one is loaded, and answers from then on."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__path__":  # Python asks every module for its file: that is no use of it
            raise AttributeError(name)
        _leave(self)
        return getattr(import_module(self.__name__), name)


def _leave(late: Late) -> None:
    """Whoever imports the module from now on gets the module itself."""
    if sys.modules.get(late.__name__) is late:
        del sys.modules[late.__name__]


@contextmanager
def put_off(*names: str) -> Iterator[None]:
    """Within the block whoever imports one of these modules as a whole gets what stands for it, unless it is loaded."""
    stand_ins = [Late(name) for name in names if name not in sys.modules]
    sys.modules.update({late.__name__: late for late in stand_ins})
    try:
        yield
    finally:
        for late in stand_ins:
            _leave(late)


@contextmanager
def what_is_there_staying() -> Iterator[None]:
    """Within the block many models come and go: what was there before need not be looked through whenever they are freed."""
    if gc.get_freeze_count():  # somebody else has said so, and of more or less
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def without_looking_for_garbage() -> Iterator[None]:
    """Within the block much is made to stay; to look through all of it again and again takes a fifth of the time."""
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()
