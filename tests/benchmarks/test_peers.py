"""The four programs live one contagion, and what is printed of them is what was found. No time is asserted.

Mesa is one of our own requirements; Starsim is not, and is compared where it happens to be installed. `make bench-peers`
compares all four before it times them.
"""

import json
import sys
from importlib import import_module

import numpy as np
import pytest

from policysim.benchmarks.peers import one
from policysim.benchmarks.peers.__main__ import (
    BY_HAND,
    LIMIT,
    PROGRAMS,
    agreement,
    apart,
    code_lines,
    disagreeing,
    main,
    speeds,
)
from policysim.benchmarks.peers.contagion import World
from policysim.benchmarks.peers.worlds import SHARE_USING, WEEKS, world_of

SEEDS = range(1, 9)
PEOPLE = 1_000


@pytest.fixture(scope="module")
def worlds() -> list[World]:
    return [world_of(PEOPLE, seed) for seed in SEEDS]


def lived(program: str, worlds: list[World]) -> np.ndarray:
    """Who used, by world and week."""
    if program == "with_starsim":
        pytest.importorskip("starsim")
    build = import_module(f"policysim.benchmarks.peers.{program}").build
    return np.array([build(world).run() for world in worlds])


@pytest.fixture(scope="module")
def by_hand(worlds) -> np.ndarray:
    return lived(BY_HAND, worlds)


def test_a_world_is_people_in_order_of_entry_with_their_ties(worlds, tmp_path):
    for world in worlds:
        assert world.weeks == WEEKS
        assert np.all(np.diff(world.entered) >= 0)
        assert world.all > world.start
        assert np.all(world.first < world.second)
        assert np.all(np.diff(world.second) >= 0)
        assert world.second.max() < world.all
        assert world.using.size == int(world.start * SHARE_USING)
        assert world.using.max() < world.start
    worlds[0].save(tmp_path / "world.npz")
    again = World.load(tmp_path / "world.npz")
    assert all(np.array_equal(value, getattr(again, name)) for name, value in vars(worlds[0]).items())


@pytest.mark.slow
@pytest.mark.parametrize("program", [name for name in PROGRAMS if name != BY_HAND])
def test_every_program_lives_the_same_contagion(program, worlds, by_hand):
    users = lived(program, worlds)
    assert users.shape == by_hand.shape
    assert disagreeing({BY_HAND: by_hand, program: users}) == [], agreement({BY_HAND: by_hand, program: users})


def test_use_begins_ends_and_is_caught_from_friends_alone(worlds, monkeypatch):
    """Each of the three numbers does what it says, by hand; the others are held to that."""
    program = import_module("policysim.benchmarks.peers.by_hand")
    world = worlds[0]
    for name in ("CATCH", "STOP", "DIE"):
        monkeypatch.setattr(program, name, 0.0)
    assert program.build(world).run() == [world.using.size] * WEEKS
    monkeypatch.setattr(program, "STOP", 1.0)
    assert program.build(world).run() == [0] * WEEKS
    monkeypatch.setattr(program, "STOP", 0.0)
    monkeypatch.setattr(program, "CATCH", 1.0)
    reached = program.build(world)
    reached.run()
    tied = np.zeros(world.all, bool)
    tied[world.first], tied[world.second] = True, True
    assert not np.any(reached.using[~tied] & ~np.isin(np.flatnonzero(~tied), world.using))
    monkeypatch.setattr(program, "DIE", 1.0)
    assert program.build(world).run()[-1] == 0


@pytest.mark.parametrize("program", [BY_HAND, "with_mesa"])
def test_a_seed_is_one_life(program, worlds):
    assert np.array_equal(lived(program, worlds[:1]), lived(program, worlds[:1]))


def test_a_curve_that_is_another_is_told(by_hand):
    more = by_hand + np.random.default_rng(1).integers(5, 15, by_hand.shape)
    assert np.all(apart(more, by_hand) > LIMIT)
    assert disagreeing({BY_HAND: by_hand, "with_mesa": more}) == ["Mesa"]


def test_each_row_says_what_was_found():
    run = {"seconds": 2.0, "build_s": 0.5, "memory_mb": 300.0, "rules_s": 1.0}
    found = {name: [run | {"seconds": 2.0 * (k + 1)}] * 3 for k, name in enumerate(PROGRAMS)}
    rows = speeds(20_000, found, 4_000_000)
    assert [row[1] for row in rows] == ["policysim", "its rules alone", "NumPy by hand", "Starsim", "Mesa"]
    assert [row[2] for row in rows] == ["2.00", "4.00", "1.00", "0.67", "0.50"]
    assert [row[3] for row in rows] == ["1", "0.5", "2", "3", "4"]
    assert all(int(row[6]) == code_lines(name) for row, name in zip(rows[:1] + rows[2:], PROGRAMS, strict=True))


def test_lines_are_those_that_hold_code(tmp_path, monkeypatch):
    text = '''"""Words
and words."""

import a  # here

# there


def f(
    x,
):
    """Words."""
    if x:
        return 1
    return (
        2
    )
'''
    (tmp_path / "program.py").write_text(text)
    monkeypatch.setattr("policysim.benchmarks.peers.__main__.__file__", str(tmp_path / "__main__.py"))
    assert code_lines("program") == 9  # import; three of def; if; return; three of return


@pytest.mark.parametrize(("words", "said"), [
    (["--theirs", "/nowhere/python"], "Mesa and Starsim need an environment of their own: make bench-peers sets it up"),
    (["--sizes", "2000,many"], "--sizes must be whole numbers from 1000 on, --rounds 1 or more, and --worlds 5 or more"),
])  # fmt: skip
def test_what_can_be_put_right_is_one_sentence(capsys, words, said):
    assert main(words) == 2
    assert capsys.readouterr().err == f"bench-peers: {said}\n"


def test_what_a_program_says_of_itself_is_no_figure(worlds, tmp_path, monkeypatch, capsys):
    worlds[0].save(tmp_path / "world.npz")

    def talkative(module: str):
        print("Welcome! Fonts are being looked for.")
        return import_module(module)

    monkeypatch.setattr(one, "import_module", talkative)
    monkeypatch.setattr("sys.argv", ["one", BY_HAND, str(tmp_path / "world.npz")])
    monkeypatch.setattr("sys.stdout", sys.stdout)  # put back afterwards
    one.main()
    told = capsys.readouterr()
    assert len(json.loads(told.out)["users"]) == WEEKS
    assert "Welcome!" in told.err
