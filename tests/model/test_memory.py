"""Models that nobody holds any more leave the memory, however many are made one after another."""

import gc
import tracemalloc
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


RECORD, KEPT, MOST_WHILE_MADE = 288, 365, 485
"""Bytes of a person: of the record, of all that a model keeps of them, and at most while a model is being made."""


def test_a_person_takes_little_room():
    made = model(people=20_000, years=1)
    rest, ties, using = made.state.rest, made.peers.ties, made.peers.using.compact
    arrays = [
        made.records, ties.indptr, ties.indices, ties.kind, *using, made.peers.shown, made.buffers.marked, made.buffers.followed,
        rest.wakes, rest.since, rest.bars, rest.own_bars,
    ]  # fmt: skip
    assert made.records.itemsize <= RECORD
    assert sum(array.nbytes for array in arrays) / made.records.size <= KEPT


def test_while_a_model_is_made_a_person_takes_little_more_room_than_it_keeps():
    few, many = 100_000, 250_000
    assert (most_while_made(many) - most_while_made(few)) / (many - few) <= MOST_WHILE_MADE


def most_while_made(people: int) -> int:
    """The most bytes held at a time while so many people and their ties are made."""
    tracemalloc.start()
    try:
        model(people=people, years=1)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.collect()
