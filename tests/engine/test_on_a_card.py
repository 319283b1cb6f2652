"""The engine on an NVIDIA card, where there is none: its programs run on the processor, and the lives are the same to the bit."""

import numpy as np
import pytest
from host_card import HostCard
from random_rules import tiny_module
from small_worlds import BUSY, differing, disagreements, model
from tiny_world import Tiny, TinyMark, count_present, imported, keys_of, run_compiled, state_of

from policysim.engine.compiler import compile_week
from policysim.engine.gpu import card
from policysim.engine.gpu.ptx import FUSED, local_bytes
from policysim.engine.gpu.week import GpuEngine
from policysim.engine.rest import AWAKE, Rest
from policysim.engine.week import Buffers
from policysim.errors import UserError
from policysim.model import DrugPolicyModel
from policysim.rules import rule
from policysim.vocabulary.rows import joined

MOST_LOCAL = 64
"""Bytes a thread that the whole week may keep in memory: what is handed to a function and back."""
MOST_TEXT = 3_000_000
"""Letters of the whole week's program: it comes before a driver every time that a model is built."""


@pytest.fixture
def cards(monkeypatch):
    """The machine has such a card; gives those that were found."""
    found: list[HostCard] = []

    def find(**options):
        found.append(HostCard(**options))
        return found[-1]

    monkeypatch.setattr(card, "find_card", find)
    card.check_card.cache_clear()
    yield found
    card.check_card.cache_clear()


def run_on_card(role: type, weeks: int = 3):
    """As tiny_world.run_compiled, on a card."""
    state = state_of(role)
    layouts = (state.people.dtype, state.places.dtype, state.world.dtype)
    module = compile_week((role,), {}, layouts, count_present)
    state.rest = Rest(state.people.size, 2, 1, 1)
    state.rest.attend(state, module)
    engine = GpuEngine(module, keys_of(role), {})
    engine.attend(state, 1)
    buffers = Buffers(state.people.size, 2, 1, 1)
    found = [engine.run(state, week, state.people.size, buffers) for week in range(weeks)]
    engine.close()
    return state, found


@pytest.mark.slow
@pytest.mark.parametrize("seed", [7, 14])
@pytest.mark.parametrize("backwards", [False, True])
def test_random_rules_do_the_same_on_a_card_whichever_thread_comes_first(seed, backwards, cards, monkeypatch, tmp_path):
    monkeypatch.setattr(card, "find_card", lambda: HostCard(backwards=backwards, block=32))
    role = imported(tmp_path, tiny_module(seed)).Drawn
    compiled, found = run_compiled(role)
    on_card, there = run_on_card(role)
    assert differing(compiled.people, on_card.people) == []
    for one, other in zip(found, there, strict=True):
        assert all(np.array_equal(one[k], other[k]) for k in range(4))
        assert all(map(np.array_equal, one.marked_in, other.marked_in))


class Dividing(Tiny):
    """Somebody is divided by nothing in the second week."""

    @rule
    def divide(self, here, world, luck):
        self.k = min(self.k + 1, 2)
        self.a = 1 / (2 - self.k + (self.m != 7))
        if self.flag:
            self.tiny_marks |= TinyMark.HAPPENED


def test_a_division_by_nothing_is_told_with_its_line_as_by_the_compiled_engine(cards):
    with pytest.raises(UserError) as told:
        run_compiled(Dividing)
    with pytest.raises(UserError) as on_card:
        run_on_card(Dividing)
    assert str(on_card.value) == str(told.value) and "line" in str(told.value)


@pytest.mark.long
@pytest.mark.slow
def test_a_year_of_the_whole_model_is_the_same_to_the_bit(cards):
    arguments = {"people": 400, "parameters": BUSY, "regime": "multi-component"}
    compiled, on_card = model(**arguments), model(engine="gpu", **arguments)
    (there,) = cards[-1:]
    text = on_card.engine.program.ptx
    assert not FUSED.search(text) and ".extern" not in text
    assert local_bytes(text) <= MOST_LOCAL and len(text) < MOST_TEXT
    for _ in range(30):
        compiled.step()
        on_card.step()
        assert stale(on_card) == []
    # Whoever reads and writes people at will between weeks is heard on the card.
    for each in (compiled, on_card):
        each.people["risk"][:40] = 0.5
        each.person(7).naloxone = True
        each.step()
    for _ in range(20):
        compiled.step()
        on_card.step()
        assert stale(on_card) == []
    assert disagreements(compiled, on_card) == []
    on_card.close()
    assert not there.held


def stale(on_card: DrugPolicyModel) -> list[str]:
    """What differs between card and host in people who do not cross when the next week begins."""
    rest, entered = on_card.state.rest, int(on_card.roster.entered[on_card.week - 1])
    sent = joined(np.flatnonzero(rest.wakes[:entered] == AWAKE), *rest.written)
    kept = np.setdiff1d(np.arange(entered), sent)
    there = on_card.engine.tables.fetch("people", np.empty_like(on_card.records))
    return differing(there[kept], on_card.records[kept])


@pytest.mark.slow
def test_a_model_on_a_card_is_saved_copied_and_begun_from(cards, tmp_path):
    start = model(engine="gpu", people=300, parameters=BUSY)
    expected = model(people=300, parameters=BUSY)
    for each in (start, expected):
        for _ in range(5):
            each.step()
    start.save(tmp_path / "kept.npz")
    others = [
        DrugPolicyModel.load(tmp_path / "kept.npz"), DrugPolicyModel.load(tmp_path / "kept.npz", engine="compiled"),
        model(engine="gpu", people=300, parameters=BUSY, start=start),
    ]  # fmt: skip
    for each in (expected, start, *others):
        for _ in range(5):
            each.step()
    assert [disagreements(expected, each) for each in (start, *others)] == [[]] * 4
    assert [each.engine_name for each in others] == ["gpu", "compiled", "gpu"]


@pytest.mark.slow
def test_in_a_usual_week_few_people_live_on_the_card_and_few_records_cross(cards):
    weeks, few = 4, 0.25
    compiled, on_card = (
        model(people=3000, regime="harm-reduction"),
        model(engine="gpu", people=3000, regime="harm-reduction"),
    )
    for week in range(12):
        for each in (compiled, on_card):
            each.step()
            if week == 5:
                each.look()  # those at rest are as old as everyone else from here on, and rest on
        assert stale(on_card) == []
        if week == 12 - weeks - 1:
            cards[-1].launched.clear()
    assert disagreements(compiled, on_card) == []
    threads = dict.fromkeys(("live_one", "gather", "scatter"), 0)
    for kernel, number in cards[-1].launched:
        threads[kernel] = threads.get(kernel, 0) + number
    words = compiled.records.itemsize // 8
    most = few * weeks * compiled.records.size
    assert 0 < threads["live_one"] < most
    assert threads["gather"] == threads["live_one"] * words
    assert threads["scatter"] < most * words


@pytest.mark.slow
def test_too_little_memory_on_the_card_is_said_before_anything_is_laid_there(cards, monkeypatch):
    monkeypatch.setattr(card, "find_card", lambda: HostCard(memory=100_000))
    with pytest.raises(
        UserError, match=r"\d+ people need 0\.0 GB .* are free: take fewer \(one_in\); engine 'compiled'"
    ):
        model(engine="gpu", people=300)
