"""The measure of the engine on a card: both engines live the same people, and its table has a row for each size."""

import pytest
from host_card import HostCard

from policysim.benchmarks import on_card
from policysim.cli import door
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


def test_the_command_prints_the_figures_of_the_card_once_lives_are_equal(monkeypatch, capsys):
    figures = {"people": 1e6, "building_s": 3.25, "compiled_over_gpu_step": 1.5}
    monkeypatch.setattr(card, "find_card", HostCard)
    card.check_card.cache_clear()
    monkeypatch.setattr(on_card, "timed", lambda *given: figures)
    monkeypatch.setattr(on_card, "equality", list)
    try:
        monkeypatch.setattr("sys.argv", ["policysim", "bench", "--engine", "gpu", "--json"])
        assert door._run() == 0
        assert '"compiled_over_gpu_step": 1.5' in capsys.readouterr().out
        monkeypatch.setattr(on_card, "equality", lambda: ["age"])
        assert door._run() == 2 and "differ on this card in age" in capsys.readouterr().err
        monkeypatch.setattr("sys.argv", ["policysim", "bench", "--engine", "gpu", "--full"])
        assert door._run() == 2 and "leave out --rules, --full and --sweep" in capsys.readouterr().err
        monkeypatch.setattr("sys.argv", ["policysim", "bench", "--engine", "debug"])
        assert door._run() == 2 and "must be compiled or gpu, not debug" in capsys.readouterr().err
    finally:
        card.check_card.cache_clear()


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
