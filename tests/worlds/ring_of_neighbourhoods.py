"""People on a ring of neighbourhoods, to lay ties among, and what any ties must obey."""

import csv
from importlib.resources import files

import numpy as np

from policysim.engine.luck import key_of, uniforms
from policysim.evidence.registry import Parameters
from policysim.network.using import NOBODY, SLOTS

PERSON = np.dtype(
    [
        ("age", "f8"), ("enters", "i2"), ("neighbourhood", "i2"), ("sex", "i1"), ("ethnicity", "i1"),
        ("use", "i1", (7,)), ("peers_using", "i2", (3,)), ("using_peers", "i2"),
    ],
    align=True,
)  # fmt: skip
PLACES = 20
NUMBERS = files("policysim.configs.evidence") / "parameters" / "network.csv"
WEEKS = 520


def rows_of_numbers():
    return list(csv.DictReader(NUMBERS.read_text(encoding="utf-8").splitlines()))


PARAMETERS = Parameters()


def luck_of(seed):
    return lambda name, rows, k: uniforms(key_of(seed, f"tie {name}"), rows, k)


def ring(places=PLACES):
    """Six neighbourhoods nearest to each, on a ring."""
    return (np.arange(places)[:, None] + np.array([1, -1, 2, -2, 3, -3])).astype(np.int32) % places


def draw(name, rows, k=0):
    """Draws by which the roster is made."""
    return uniforms(key_of(7, f"roster {name}"), rows, k)


def roster(residents=8000, weeks=WEEKS, movers=0):
    """People aged 10 to 64, and those who turn ten (and `movers` of any age) in the weeks after."""
    entrants = residents * weeks // (55 * 52)
    rows = np.arange(residents + entrants)
    people = np.zeros(rows.size, PERSON)
    people["neighbourhood"] = draw("place", rows) * PLACES
    people["sex"] = draw("sex", rows) < 0.5
    people["ethnicity"] = np.maximum(draw("group", rows) * 8 - 3, 0)
    people["age"] = 10 + 55 * draw("age", rows)
    people["age"][residents:] = 10
    people["enters"][residents:] = 1 + (rows[residents:] - residents) * 55 * 52 // residents
    moves = (rows >= residents) & (draw("moves", rows) < movers)
    people["age"][moves] = 10 + 30 * draw("age", rows)[moves]
    now = people[:residents]
    u = draw("cannabis", rows[:residents])
    now["use"][:, 0] = np.where((u < 0.12) & (now["age"] > 13), 1 + (u < 0.05), 0)
    u = draw("heroin", rows[:residents])
    now["use"][:, 2] = np.where((u < 0.03) & (now["age"] > 25), 3 + (u < 0.01), 0)
    return people


def pairs_of(ties):
    return set(zip(*(column.tolist() for column in ties.pairs()), strict=True))


def check_ties(ties):
    """Both ways with one kind, rising in each row, no loops, nobody twice."""
    rows = np.repeat(np.arange(ties.people), np.diff(ties.indptr))
    assert ties.indptr[0] == 0 and ties.indptr[-1] == ties.indices.size == ties.kind.size
    assert (rows != ties.indices).all()
    within = rows[1:] == rows[:-1]
    assert (np.diff(ties.indices)[within] > 0).all()
    there = set(zip(rows.tolist(), ties.indices.tolist(), ties.kind.tolist(), strict=True))
    assert there == {(b, a, kind) for a, b, kind in there}
    assert len(there) == 2 * ties.edges == ties.indices.size


def check_slots(using):
    """Whoever stands in my slots has me in theirs; nobody twice, not oneself; filled slots first."""
    for row, slots in enumerate(using.slots.tolist()):
        others = [other for other in slots if other != NOBODY]
        assert slots == others + [NOBODY] * (SLOTS - len(others))
        assert len(set(others)) == len(others) and row not in others
        assert all(row in using.slots[other] for other in others)
