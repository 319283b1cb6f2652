"""What Numba keeps of one function for several layouts of records, read and written by one process at a time.

Numba looks for a free number, writes it into the function's index and then the code under it, without a lock. Of two
processes that keep code for different layouts at once, both may take one number: the index then has the layout of one, the
file the code of the other, and whoever loads it runs code for records of another size.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from numba.core.caching import IndexDataCacheFile

from policysim.engine.cache import one_at_a_time


class TakingTurns(IndexDataCacheFile):
    """The index and the files of code of one function, as Numba keeps them, under a lock of their folder."""

    def save(self, key: Any, data: Any) -> None:
        """Keep code under a key; another process that loads or keeps any waits."""
        with self._turn():
            super().save(key, data)

    def load(self, key: Any) -> Any:
        """The code under a key; None where there is none."""
        with self._turn():
            return super().load(key)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Under the lock, or, on a disk that knows none or that nobody can write to, as Numba does it."""
        with ExitStack() as held:
            with suppress(OSError):
                held.enter_context(one_at_a_time(Path(self._cache_path)))
            yield


def take_turns(compiled: Any) -> None:
    """Have a function that is kept on disk read and written under a lock; any other is left as it is."""
    file = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if type(file) is IndexDataCacheFile:
        file.__class__ = TakingTurns
