"""Luck: every random draw is a pure function of (seed, rule, person, week, n).

The generator is Philox 2x32 with ten rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
1, 2, 3", SC11, 2011). The key is a hash of the seed and the *name* of the decision, the counter is (person; week and
number of the draw). So a person meets the same luck for the same decision in the same week under every regime, on any
number of threads and in either engine, and a rule that is changed, added or removed reshuffles nobody else's luck.
"""

import zlib
from functools import lru_cache

import numpy as np
from llvmlite import ir
from numba import njit, uint32, uint64
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.numpy_support import from_dtype

from policysim.engine.jit import inlined, inner, outer
from policysim.vocabulary.exact import exp

# The multiplier and the key's increment that the authors publish for Philox 2x32.
MULTIPLIER = 0xD256D193
INCREMENT = 0x9E3779B9
ROUNDS = 10
LOW = 0xFFFFFFFF  # the low half of a 64-bit word
TO_UNIT = 1.0 / 9007199254740992.0  # 2**-53: the 53 leading bits become a double in [0, 1)
DRAWS_A_WEEK = 1 << 16  # the low half of the counter's second word numbers the draws, the high half the week

# A word of 64 bits is cut into lots, each followed by a bit that is no part of any: by it one subtraction tells of all lots
# whether any is below a bar (policysim/engine/rest.py). A lot is the leading bits of a number in [0, 1).
SHARED = "the lots that common rules share"
"""Name of the word that all common rules of a person's week share, one lot each."""
SHARED_BITS = (10, 10, 10, 10, 6, 6, 5)
"""The bits of each lot of the shared word: more for rules that most people meet."""
LOTS, LOT_BITS = 7, 8
"""How many lots one rule can draw for itself in a week, and the bits of each."""
LOT_STEPS = 1 << LOT_BITS
HIGHEST_BAR, A_HAIR = 0.25, 1 + 1e-9
LOOK_AHEAD = 52
"""For so many weeks somebody goes to rest at a time who meets a rule without a lot by which something may happen."""
DRAWS_A_LOT = 8
"""A lot and the draws that may follow it before they would meet those of the next."""

# The luck of one person in one rule as compiled code holds it. `lot` is the rule's lot of the shared word, which its first
# draw begins with, one of `steps`; NO_LOT for none. It is OWN_WORD where `word`, from which the rule cuts lots of its own,
# was drawn already.
LUCK = np.dtype(
    [(name, "i8") for name in ("key", "person", "week", "draws", "lot")] + [("steps", "f8"), ("word", "u8")]
)
NO_LOT, OWN_WORD = -1, -2


@intrinsic
def luck_of_a_thread(typing_context):
    """A LUCK record that lives only while the compiled function runs, so that the compiler may keep it in registers.

    Nobody else can see it, unlike a row of an array: which draw is the next is then known before the code runs.
    """
    record = from_dtype(LUCK)

    def code(context, builder, signature, arguments):
        memory = cgutils.alloca_once(builder, ir.ArrayType(ir.IntType(8), record.size))
        memory.align = LUCK.alignment
        return builder.bitcast(memory, context.get_value_type(record))

    return record(), code


@njit(inline="always")
def philox(key, first, second):
    """Ten rounds of Philox 2x32 on the counter (first, second); returns one 64-bit word, first output low."""
    for _ in range(ROUNDS):
        product = uint64(first) * uint64(MULTIPLIER)
        first = uint32((product >> uint64(32)) ^ uint64(key) ^ uint64(second))
        second = uint32(product & uint64(0xFFFFFFFF))
        key = uint32((uint64(key) + uint64(INCREMENT)) & uint64(0xFFFFFFFF))
    return (uint64(second) << uint64(32)) | uint64(first)


@njit(inline="always")
def unit(word):
    """A 64-bit word as a double in [0, 1)."""
    return (word >> uint64(11)) * TO_UNIT


def places_of(bits):
    """Where each lot begins in a word that is cut into lots of so many bits."""
    return tuple(sum(bits[:n]) + n for n in range(len(bits)))


SHARED_PLACES = places_of(SHARED_BITS)


@inlined
def lot_in(word, place, bits):
    """The lot of so many bits that begins at a place of a word, a whole number."""
    return int((word >> uint64(place)) & uint64((1 << bits) - 1))


@inlined
def peek_compiled(luck):
    """What the next draw will be (compiled rules)."""
    drawn = unit(philox(uint32(luck.key), uint32(luck.person), uint32(luck.week * DRAWS_A_WEEK + luck.draws)))
    if luck.draws == 0 and luck.lot >= 0:
        return (luck.lot + drawn) / luck.steps
    return drawn


@inlined
def draw_compiled(luck):
    """The next number in [0, 1) for this person, week and rule (compiled rules)."""
    value = peek_compiled(luck)
    luck.draws += 1
    return value


@inlined
def refused_compiled(most, luck):
    """Whether the next draw is too high for any event whose hazard is at most `most` (compiled rules)."""
    if luck.draws == 0 and luck.lot >= most * luck.steps:
        return True  # no draw begins with a lot that high and falls below
    return peek_compiled(luck) >= most


@inlined
def draw_below_compiled(most, luck):
    """The next draw, or 1 where its lot tells that it is not below `most` (compiled rules)."""
    if luck.draws == 0 and luck.lot >= most * luck.steps:
        luck.draws = 1
        return 1.0
    return draw_compiled(luck)


@inlined
def turn_to_compiled(n, luck):
    """The next draw of this person, week and rule is the n-th (compiled rules)."""
    luck.draws = n


@inlined
def lot_floor_compiled(n, luck):
    """A number that the n-th lot is not below, without drawing it (compiled rules)."""
    word = luck.word
    if luck.lot != OWN_WORD:
        word = philox(uint32(luck.key), uint32(luck.person), uint32(luck.week * DRAWS_A_WEEK))
    luck.draws = 0
    return lot_in(word, n * (LOT_BITS + 1), LOT_BITS) / LOT_STEPS


@inlined
def draw_lot_compiled(n, luck):
    """The n-th lot; what is drawn next follows it (compiled rules)."""
    floor = lot_floor_compiled(n, luck)
    luck.draws = 1 + n * DRAWS_A_LOT
    return floor + draw_compiled(luck) / LOT_STEPS


@inlined
def draw_words(words, key, first, week):
    """The first word of one key in one week for the persons first .. first + words.size: several at a time.

    Most of what luck costs is the ten rounds; over neighbouring persons the processor does them side by side.
    """
    the_key, number = uint32(key), uint32(week * DRAWS_A_WEEK)
    for k in range(words.size):
        words[k] = philox(the_key, uint32(first + k), number)


@outer
def lot_of(key, first, second, place, bits):
    """One lot of the word for a key and a counter."""
    return lot_in(philox(uint32(key), uint32(first), uint32(second)), place, bits)


@outer
def uniform(key, first, second):
    """One double in [0, 1) for a key and a counter."""
    return unit(philox(uint32(key), uint32(first), uint32(second)))


def uniforms(key: int, first: np.ndarray | range, second: int) -> np.ndarray:
    """Doubles in [0, 1), shape (n,), for one key and the counters (first[k], second)."""
    values = np.empty(len(first))
    _fill(values, key, first, second)  # an array that compiled code itself makes takes longer to hand over than to fill
    return values


@outer
def _fill(values, key, first, second):
    for k in range(values.size):
        values[k] = unit(philox(uint32(key), uint32(first[k]), uint32(second)))


@lru_cache(maxsize=4096)  # institutions ask for most of them every week
def one_of(seed: int, name: str, row: int, second: int) -> float:
    """One double in [0, 1), that of `uniforms` for one row."""
    return float(uniform(key_of(seed, name), row, second))


@lru_cache(maxsize=4096)  # institutions ask for the same few keys every week
def key_of(seed: int, name: str) -> int:
    """The 32-bit key of one named decision under one seed (CRC-32 of both, whitened by Philox itself)."""
    digest = zlib.crc32(name.encode("utf-8"), seed & LOW)
    return whitened(INCREMENT, digest, (seed ^ (seed >> 32)) & LOW) & LOW


def whitened(key: int, first: int, second: int) -> int:
    """`philox` in the whole numbers of Python: there, a hundred times as fast as what is written for Numba."""
    for _ in range(ROUNDS):
        product = first * MULTIPLIER
        first, second = (product >> 32) ^ key ^ second, product & LOW
        key = (key + INCREMENT) & LOW
    return (second << 32) | first


def counter(week: int, n: int = 0) -> int:
    """The second word of the counter: the week and the number of the draw within it."""
    return week * DRAWS_A_WEEK + n


class Luck:
    """The luck of one person in one week, as the Python engine meets it; it can keep a record of its draws."""

    def __init__(self, keys, lots=None, record=None):
        """`lots` says which rules begin with which lot of the shared word."""
        self.keys, self.lots, self.record = keys, lots or {}, record
        self.key = self.person = self.week = self.draws = 0
        self.lot, self.rule = NO_LOT, ""

    def __repr__(self):
        return f"<Luck of person {self.person}, week {self.week}, rule {self.rule!r}: {self.draws} drawn so far>"

    def turn_to(self, person: int, week: int, rule: str) -> None:
        """From here on the draws belong to this person, week and rule."""
        self.person, self.week, self.rule, self.key, self.draws = person, week, rule, self.keys[rule], 0
        self.lot = self.lots.get(rule, NO_LOT)

    def peek(self) -> float:
        """What the next draw will be."""
        drawn = uniform(self.key, self.person, counter(self.week, self.draws))
        if self.draws == 0 and self.lot >= 0:
            place, bits = SHARED_PLACES[self.lot], SHARED_BITS[self.lot]
            shared = lot_of(self.keys[SHARED], self.person, counter(self.week), place, bits)
            return (shared + drawn) / (1 << bits)
        return drawn

    def lot_floor(self, n: int) -> float:
        """A number that the n-th lot is not below (see the function of this name)."""
        self.draws = 0
        return lot_of(self.key, self.person, counter(self.week), n * (LOT_BITS + 1), LOT_BITS) / LOT_STEPS

    def draw(self) -> float:
        """The next number in [0, 1)."""
        value = self.peek()
        self.draws += 1
        return self.told(value)

    def draw_lot(self, n: int) -> float:
        """The n-th lot (see the function of this name)."""
        floor = self.lot_floor(n)
        self.draws = 1 + n * DRAWS_A_LOT
        value = floor + self.peek() / LOT_STEPS
        self.draws += 1
        return self.told(value)

    def told(self, value: float) -> float:
        """Note a number that was drawn, where a record is kept."""
        if self.record is not None:
            self.record.append((self.week, self.rule, self.draws, value))
        return value


def draw(luck) -> float:
    """The next number in [0, 1). Used in rules; compiled rules call `draw_compiled` in its place."""
    return luck.draw()


draw.compiled_as = ("policysim.engine.luck", "draw_compiled")  # type: ignore[attr-defined]


def peek(luck) -> float:
    """What the next draw will be, without drawing it; compiled rules call `peek_compiled` in its place."""
    return luck.peek()


peek.compiled_as = ("policysim.engine.luck", "peek_compiled")  # type: ignore[attr-defined]


def turn_to_draw(n: int, luck) -> None:
    """The next draw of this person, week and rule is the n-th: for decisions whose luck must not depend on others'."""
    luck.draws = n


turn_to_draw.compiled_as = ("policysim.engine.luck", "turn_to_compiled")  # type: ignore[attr-defined]


def lot_floor(n, luck) -> float:
    """A number that the n-th lot is not below (at most 1/256 less), without drawing it: see `draw_lot`."""
    return luck.lot_floor(n)


lot_floor.compiled_as = ("policysim.engine.luck", "lot_floor_compiled")  # type: ignore[attr-defined]


def draw_lot(n, luck) -> float:
    """The n-th of seven lots, each a number in [0, 1) of its own: for things that happen to a person side by side.

    The leading bits of all seven lots are cut from the rule's first draw, so that one draw tells for each of them
    whether it could fall below a hazard; the others come from a draw of its own. Whatever is decided by one lot, the
    other six and the draws that follow them stay as they were. A rule that uses lots draws nothing else before them.
    """
    return luck.draw_lot(n)


draw_lot.compiled_as = ("policysim.engine.luck", "draw_lot_compiled")  # type: ignore[attr-defined]


def happens(probability, luck):
    """True with the given probability (dimensionless, this week)."""
    return draw(luck) < probability


happens.is_helper = True  # type: ignore[attr-defined]


def draw_below(most, luck) -> float:
    """The next draw, where nothing depends on it but what is below `most`: compiled rules often need not make it."""
    return luck.draw()


draw_below.compiled_as = ("policysim.engine.luck", "draw_below_compiled")  # type: ignore[attr-defined]


def occurs(hazard, luck):
    """True if an event with this hazard (expected number in the week) occurs; nothing is drawn when it cannot.

    p = 1 - exp(-hazard) <= hazard, so most draws are settled without computing an exponential.
    """
    if hazard <= 0:
        return False
    u = draw_below(hazard, luck)
    return u < hazard and u < 1 - exp(-hazard)


occurs.is_helper = True  # type: ignore[attr-defined]


def refused(most, luck):
    """True if the next draw is too high for any event whose hazard is at most `most` (expected number in the week).

    Nobody then needs to work out the hazard itself: for rules in which most people draw and few are hit. Nothing is
    drawn; `most` must be a true upper bound, so that the outcome is the same as without asking.
    """
    return peek(luck) >= most


refused.compiled_as = ("policysim.engine.luck", "refused_compiled")  # type: ignore[attr-defined]


def exp_at_most(x):
    """An upper bound of exp(x) that is quicker to work out: (1 - x/8) to the power of -8, for x below 8, and a hair more."""
    if x >= 8:
        return exp(x)
    root = 1 - x / 8
    square = root * root
    return (1 + 1e-12) / (square * square * square * square)


exp_at_most.is_helper = True  # type: ignore[attr-defined]


@inner
def quiet_weeks(most, key, person, week, weeks):
    """In how many of the weeks after this, at most so many, no event of a rule can occur whose hazard is at most `most`.

    For a rule without a lot: its draws of weeks to come are known, and whoever is at rest need not make them week by week.
    """
    if most <= 0:
        return weeks
    if not most < HIGHEST_BAR:
        return 0
    bar, ahead = most * A_HAIR, min(weeks, LOOK_AHEAD)
    for n in range(ahead):
        if unit(philox(uint32(key), uint32(person), uint32((week + 1 + n) * DRAWS_A_WEEK))) < bar:
            return n
    return ahead


@inlined
def bar_of(most, bits):
    """Below which lot of so many bits something may happen whose hazard is at most `most`; -1 where that is too often."""
    if most <= 0:
        return 0
    if not most < HIGHEST_BAR:
        return -1
    return int(most * A_HAIR * (1 << bits)) + 1
