"""The week of one person on a card: the text around the rules that the compiler wrote for a processor, put for one thread.

No rule is written anew: `live` loops over the people of a stretch, and what it does for one of them is taken out of it.
"""

import ast
from collections.abc import Sequence
from typing import Any

import numba
import numpy as np

from policysim.engine.gpu.adding import TABLE
from policysim.engine.parts import Part
from policysim.engine.rest import Rest
from policysim.engine.templates import INLINE

LIVE_ONE, COUNT_THERE = "live_one", "count_there"
ENTRY = "@njit(cache=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)"
WORDS = {"SHARED_WORD": "shared_word", "OWN_WORDS": "own_word"}
NOTED = {"marked": "MARKED", "followed": "FOLLOWED"}
HEAD = '''{entry}
def live_one(
    t, rows, people, places, around, world, wakes, since, bars, own_bars, keys, week, may_rest, noted,
    rest_stocks, rest_sums, stocks, sums
):
    """One person lives one week, and writes only their own row and columns; others may add to the same tallies."""
    luck = luck_of_a_thread()
    luck.week = week
    the_world = world[0]
    i = int64(rows[t])
{words}
    found = 0
'''
FROM_KERNELS = frozenset(("policysim.engine.gpu.kernels", name) for name in ("word_of", *NOTED.values()))


class OnePerson(ast.NodeTransformer):
    """Turns the turn of a person in the loop of `live` into the whole of a function."""

    def visit_Continue(self, node: ast.Continue) -> ast.AST:
        return ast.parse("return int64(0)").body[0]

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "count_one":
            node.func.id = COUNT_THERE
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == "words":
            which = node.slice.elts[0].id  # type: ignore[attr-defined]
            return ast.Name(WORDS[which], ast.Load())
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        target = node.targets[0]
        of = target.value.id if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) else ""
        if of in NOTED:
            return ast.parse(f"found |= {NOTED[of]}").body[0]
        return self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST | None:
        if isinstance(node.target, ast.Name) and node.target.id in ("found", "kept"):
            return None
        return self.generic_visit(node)


def parts_on_card(parts: Sequence[Part]) -> list[Part]:
    """What `live` calls of these parts, callees first, then the week of one person by the name of LIVE_ONE."""
    by_name = {part.name: part for part in parts}
    live = by_name["live"]
    calls = live.calls - {"count_one"} | {COUNT_THERE}
    counting = by_name["count_one"]
    text = counting.text.replace(_decorator_of(counting.text), INLINE).replace("def count_one(", f"def {COUNT_THERE}(")
    there = counting._replace(name=COUNT_THERE, text=text)
    whole = live._replace(name=LIVE_ONE, text=_text(live.text), calls=calls, imports=live.imports | FROM_KERNELS)
    needed = set(calls)
    for part in reversed(parts):
        if part.name in needed:
            needed |= part.calls
    return [*(part for part in parts if part.name in needed), there, whole]


def words_drawn(parts: Sequence[Part]) -> dict[str, int]:
    """Which words `live` draws ahead for everyone, each with the place of its key among the keys of the week."""
    live = ast.parse(next(part.text for part in parts if part.name == "live"))
    found = {}
    for call in ast.walk(live):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "draw_words":
            words, key = call.args[:2]
            found[words.slice.elts[0].id] = key.slice.value  # type: ignore[attr-defined]
    return found


def _decorator_of(text: str) -> str:
    return next(line for line in text.split("\n") if line.startswith("@njit"))


def _text(live: str) -> str:
    """The text of the week of one person."""
    tree = ast.parse(live)
    turn = next(node for node in ast.walk(tree) if isinstance(node, ast.While) and ast.unparse(node.test) == "due != 0")
    first = next(
        k
        for k, node in enumerate(turn.body)
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "person"
    )
    drawn = words_drawn([Part("live", live)])
    words = [
        f"    {name} = word_of(keys[{drawn[word]}], i, week)" if word in drawn else f"    {name} = uint64(0)"
        for word, name in WORDS.items()
    ]
    lines = [ast.unparse(OnePerson().visit(node)) for node in turn.body[first:]]
    body = "\n".join(f"    {line}" for text in lines for line in text.split("\n"))
    return f"{HEAD.format(entry=ENTRY, words=chr(10).join(words))}{body}\n    noted[i] = found\n    return int64(0)\n"


def types_of_one(layouts: Sequence[np.dtype]) -> tuple[Any, ...]:
    """The Numba types of what the week of one person is called with."""
    people, places, world = (np.zeros(1, dtype) for dtype in layouts)
    columns = Rest(1, 1, 1, 1).columns()[:4]
    given = [
        0, np.zeros(1, np.int32), people, places, places, world, *columns, np.zeros(1, np.int64), 0, 0, np.zeros(1, np.int8),
    ]  # fmt: skip
    return (*map(numba.typeof, given), *[TABLE] * 4)
