"""What tests of the page share: a tiny comparison, a sweep that is made up, and the page as it is served with that."""

from collections.abc import Iterator

import pytest
from made_up_sweep import made_up, sweep
from served_page import served
from tiny_page import TINY, at_once, workers_of

from policysim.experiments.designs.sweep import run_sweep
from policysim.viz.app.running.comparison import Comparison


@pytest.fixture(scope="session")
def compared() -> Comparison:
    """A tiny comparison that has ended; its seeds are too few for the workers, which share them regime by regime."""
    made = Comparison(TINY, workers_of(at_once, 3))
    made.look()
    assert made.done and not made.fault
    return made


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> str:
    """Twenty-four points of runs that are made up."""
    there = tmp_path_factory.mktemp("sweeps") / "kits"
    with pytest.MonkeyPatch.context() as patch:
        made_up(patch.setattr)
        run_sweep(sweep(24), there, workers=1)
    return str(there)


@pytest.fixture(scope="session")
def address(folder) -> Iterator[str]:
    """One page for all tests: to start it, with its workers, takes ten seconds of a processor. Whoever begins a run stops it.

    There is something to see in its rooms; rules of one's own alone would take as long to try as all else.
    """
    with served("--sweep", folder) as there:
        yield there
