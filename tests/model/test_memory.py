"""Models that nobody holds any more leave the memory, however many are made one after another."""

import gc
import weakref

import pytest
from small_worlds import model

from policysim.model import memory


def arrays_of_models_past(how_many: int, **arguments) -> list[int]:
    """How many models of the past are still in memory after each of a row of them."""
    past: list[weakref.ref] = []
    left = []
    for seed in range(how_many):
        made = model(people=400, seed=seed, **arguments)
        made.step()
        past.append(weakref.ref(made))
        del made
        left.append(sum(gone() is not None for gone in past))
    return left


@pytest.mark.parametrize("engine", ["compiled", "python"])
def test_models_of_the_past_are_freed_once_their_arrays_are_large(monkeypatch, engine):
    size = model(people=400, seed=0).people.nbytes
    monkeypatch.setattr(memory, "LOOK_AFTER", 3.5 * size)
    monkeypatch.setattr(memory, "_made", 0)
    gc.disable()  # what Python does by itself depends on all else that lives in this process
    try:
        assert max(arrays_of_models_past(12, engine=engine)) <= 6
    finally:
        gc.enable()
