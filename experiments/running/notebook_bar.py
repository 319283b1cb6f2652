"""How far a computation is, told in a notebook to whoever asks for nothing else: a bar in one line, gone when all is done."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from policysim.experiments.running.progress import Pace, Progress

KERNEL = "ZMQInteractiveShell"
"""What shells of notebooks are called, or derive from: one in a terminal is none."""
EVERY = 0.3
"""Seconds between two looks of the bar."""


@contextmanager
def followed(progress: Callable[[Progress], None] | None) -> Iterator[Callable[[Progress], None]]:
    """What is told how far it is: `progress` where it is given, a bar in a notebook, and otherwise nothing."""
    if progress is not None or not _in_notebook():
        yield progress or (lambda state: None)
        return
    from IPython.display import HTML, display

    pace, shown = Pace(EVERY), display(HTML(bar(None)), display_id=True)

    def tell(state: Progress) -> None:
        if pace.is_due():
            shown.update(HTML(bar(state)))

    try:
        yield tell
    finally:
        shown.update(HTML(""))


def _in_notebook() -> bool:
    """Whether what is displayed here can be changed afterwards. IPython is loaded wherever that is so."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return any(kind.__name__ == KERNEL for kind in type(shell).__mro__)


def bar(state: Progress | None) -> str:
    """The line; without a state, or before a week is lived, one that only says that something is under way."""
    if state is None or not state.weeks:
        return '<progress aria-label="under way"></progress> preparing'
    told = ", ".join(filter(None, (state.runs_told, state.left_told)))
    share = state.weeks / max(state.all_weeks, 1)
    return f'<progress aria-label="how far it is" max="1" value="{share:.3f}"></progress> {told}'
