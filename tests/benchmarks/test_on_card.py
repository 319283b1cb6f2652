"""The measure of the engine on a card: both engines live the same people, and its table has a row for each size."""

import pytest
from host_card import HostCard

from policysim.benchmarks import on_card
from policysim.engine.gpu import card


@pytest.mark.slow
def test_it_compares_lives_and_gives_a_row_for_each_size(monkeypatch):
    monkeypatch.setattr(card, "find_card", HostCard)
    card.check_card.cache_clear()
    try:
        assert on_card.equality(people=200, weeks=6) == []
        head, host, _, titles, row = on_card.report([250], threads=1, place="west-midlands")
    finally:
        card.check_card.cache_clear()
    assert "a processor" in head and "1 threads" in host
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert len(cells) == titles.split("\n")[0].count("|") - 1
    people, *figures = (float(cell.replace(",", "")) for cell in cells)
    assert people >= 250 and all(figure >= 0 for figure in figures)
    compiled, on_a_card, ratio = figures[4:7]
    assert ratio == pytest.approx(compiled / on_a_card, rel=0.05)


@pytest.mark.slow
def test_lives_that_differ_are_named(monkeypatch):
    monkeypatch.setattr(card, "find_card", HostCard)
    card.check_card.cache_clear()
    try:
        models, _ = on_card.pair(200, 1, "west-midlands")
    finally:
        card.check_card.cache_clear()
    assert on_card.differing(*models.values()) == []
    models["gpu"].people["age"][3] += 1
    assert on_card.differing(*models.values()) == ["age"]
