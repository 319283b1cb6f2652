"""Random rules: programs in the language that rules may use, written as text from a seed.

Every expression is kept finite and every write within its field's range, as a rule must be.
"""

import random

from policysim.vocabulary.mark import MOST_MARKS

HEADER = """
from enum import IntEnum
from math import sqrt

from policysim.rules import Field, draw, exp, happens, helper, log, occurs, rule
{imports}

class State(IntEnum):
    LOW = 0
    MIDDLE = 1
    HIGH = 2


ENDS = (State.LOW, State.HIGH)


@helper
def clip(value):
    return min(max(value, -9), 9)


@helper
def pick(self, first, second, luck):
    if self.{state} == State.LOW and draw(luck) < first:
        return second
    return first
"""


class Writer:
    """Writes rules over the given fields: reals (with their place to be written), a state 0..2, a count, a flag."""

    def __init__(self, seed: int, reals, read_only, state: str, count: str, flag: str, table: str):
        self.random = random.Random(seed)
        self.reals, self.read_only, self.state, self.count, self.flag, self.table = (
            reals, read_only, state, count, flag, table
        )  # fmt: skip
        self.locals: list[str] = []
        self.names = 0

    def one(self, *options: str) -> str:
        return self.random.choice(options)

    def real(self, depth: int) -> str:
        """An expression that is a finite real number."""
        if depth == 0:
            return self.one(
                *self.reals, *self.read_only, *self.locals, "draw(luck)", f"self.{self.table}[self.{self.state}]", "1.5"
            )
        a, b, i = self.real(depth - 1), self.real(depth - 1), self.whole(depth - 1)
        return self.one(
            f"({a} + {b})", f"({a} - {b})", f"({a} * {b})", f"{a} / (1 + abs({b}))", f"exp(min({a}, 3))", f"log(1 + abs({a}))",
            f"sqrt(abs({a}))", f"min({a}, {b})", f"max({a}, {b})", f"clip({a})", f"pick(self, {a}, {b}, luck)", f"-{a}",
            f"({a} if {self.test(depth - 1)} else {b})", f"({a} + {i})", f"({a} * {i})", f"abs({a})",
            f"{a} % (1 + abs({b}))", f"{a} // (1 + abs({b}))", f"max({a}, {i}, 0)",
        )  # fmt: skip

    def whole(self, depth: int) -> str:
        """An expression that is a whole number of modest size."""
        if depth == 0:
            return self.one(f"self.{self.state}", f"self.{self.count}", "0", "1", "State.HIGH", "3", "-2")
        a, b = self.whole(depth - 1), self.whole(depth - 1)
        return self.one(
            f"({a} + {b})", f"({a} - {b})", f"({a} * {b}) % 97", f"{a} // (1 + abs({b}))", f"{a} % (1 + abs({b}))",
            f"int(clip({self.real(depth - 1)}))", f"round(clip({self.real(depth - 1)}))", f"min({a}, {b})", f"abs({a})",
            f"int({self.test(depth - 1)})",
        )  # fmt: skip

    def test(self, depth: int) -> str:
        """An expression that is true or false."""
        if depth == 0:
            return self.one(
                f"self.{self.flag}",
                f"self.{self.state} == State.MIDDLE",
                f"self.{self.state} in ENDS",
                "draw(luck) < 0.5",
            )
        a, b, t = self.real(depth - 1), self.real(depth - 1), self.test(depth - 1)
        return self.one(
            f"{a} < {b}", f"{a} >= {b}", f"{self.whole(depth - 1)} == {self.whole(depth - 1)}", f"(not {t})",
            f"({t} and {self.test(depth - 1)})", f"({t} or {self.test(depth - 1)})", f"-1 < {a} <= 1",
            f"occurs(min(abs({a}), 2), luck)", f"happens(0 + {a}, luck)", f"self.{self.state} in (State.LOW, State.MIDDLE)",
        )  # fmt: skip

    def assignment(self) -> list[str]:
        depth = self.random.randint(1, 3)
        return [
            self.one(
                f"{self.one(*self.reals)} = clip({self.real(depth)})",
                f"{self.one(*self.reals)} = clip({self.one(*self.reals)} + {self.real(depth)})",
                f"self.{self.state} = min(max({self.whole(depth)}, 0), 2)",
                f"self.{self.count} = min(max({self.whole(depth)}, 0), 1000)",
                f"self.{self.flag} = {self.test(depth)}",
                f"self.{self.table}[self.{self.state}] = clip({self.real(depth)})",
            )
        ]

    def statements(self, depth: int) -> list[str]:
        """A few statements; names assigned inside a branch are known only there."""
        known, lines = list(self.locals), []
        for _ in range(self.random.randint(1, 3)):
            kind = self.random.randint(0, 7) if depth > 0 else self.random.randint(0, 3)
            if kind <= 2:
                lines += self.assignment()
            elif kind == 3:
                name = f"v{self.names}"
                self.names += 1
                lines.append(f"{name} = {self.real(2)} + 0.0")
                self.locals.append(name)
            elif kind == 4:
                lines.append(f"if {self.test(2)}:")
                lines += indented(self.block(depth - 1))
                lines.append(f"elif {self.test(1)}:")
                lines += indented(self.block(depth - 1))
                if self.random.random() < 0.5:
                    lines += ["else:", *indented(self.block(depth - 1))]
            elif kind == 5:
                lines.append(f"for i in range({self.random.randint(1, 3)}):")
                lines += indented(
                    [*self.block(depth - 1), f"self.{self.table}[i] = clip(self.{self.table}[i] + {self.real(1)})"]
                )
            elif kind == 6:
                lines.append(f"match self.{self.state}:")
                for state in ("State.LOW", "State.HIGH", "_"):
                    lines += indented([f"case {state}:", *indented(self.block(depth - 1))])
            else:
                lines.append(f"if {self.test(1)}:")
                lines += indented([*self.assignment(), "return"])
        self.locals = known
        return lines

    def block(self, depth: int) -> list[str]:
        return self.statements(depth)

    def rules(self, n: int, prefix: str = "drawn") -> str:
        """n rules as the text of methods."""
        lines: list[str] = []
        for k in range(n):
            self.locals = []
            body = [*self.statements(2), *self.statements(2), *self.statements(2)]
            lines += ["@rule", f"def {prefix}_{k}(self, here, world, luck):", *indented(body), ""]
        return "\n".join(indented(lines))


def indented(lines: list[str]) -> list[str]:
    return [f"    {line}" if line else "" for line in lines]


def tiny_module(seed: int, rules: int = 6) -> str:
    """A module with one class `Drawn` of tiny people and random rules."""
    writer = Writer(
        seed, ("self.a", "self.b", "self.extra"), ("here.p", "world.x", "world.table[self.k]", "here.h", "world.w"),
        "k", "m", "flag", "shelf",
    )  # fmt: skip
    header = HEADER.format(imports="from tiny_world import Tiny\n", state="k")
    field = '    extra = Field("f8", "a field of the student\'s own", "", -9, 9)\n\n'
    return f"{header}\n\nclass Drawn(Tiny):\n{field}{writer.rules(rules)}\n"


MARKED = """
class Marked:
    @rule
    def leave_marks(self, here, world, luck):
        if world.week % 2 == 0:
{lines}
"""
MARKED_PARTS = 7


def marked() -> tuple[str, str]:
    """Seven more parts of life, each with as many marks as there can be, two left every other week; the fields of them."""
    enumerations, lines, fields = "", [], ""
    for part in range(MARKED_PARTS):
        members = "".join(f"    NEW_{part}_{k} = 'number {k} of part {part}'\n" for k in range(MOST_MARKS))
        enumerations += f'class Part{part}Mark(Mark):\n    """One more."""\n\n{members}\n\n'
        fields += f"    part{part}_marks = Marks(Part{part}Mark)\n"
        lines += [f"self.part{part}_marks |= Part{part}Mark.NEW_{part}_{k}" for k in (0, MOST_MARKS - 1)]
    return enumerations + MARKED.format(lines="\n".join(f"            {line}" for line in lines)), fields


def person_module(seed: int, rules: int = 2) -> str:
    """A module with subclasses of the three roles, each with random rules, some in place of shipped ones, and many marks.

    All that needs people of other fields than the shipped ones takes these: to compile the rules for them takes long.
    """
    imports = "from policysim.rules import Adult, DependentUser, Mark, Marks, YoungPerson\n"
    enumerations, fields = marked()
    text = HEADER.format(imports=imports, state="mood") + "\n\n" + enumerations
    for k, (name, replaced) in enumerate(
        (("YoungPerson", "start_using"), ("Adult", "keep_work_and_home"), ("DependentUser", "offend"))
    ):
        writer = Writer(
            seed * 10 + k,
            ("self.risk", "self.resilience", "self.note"),
            ("here.potency", "here.first_use_ratio", "world.kit_loss", "world.use_frequency[self.mood]", "self.age",
             "self.alone"),
            "mood", "tally", "seen", "shelf",
        )  # fmt: skip
        own = [
            'note = Field("f8", "a number", "", -9, 9)', 'tally = Field("i2", "a count", "", 0, 1000)',
            'mood = Field("i1", "a state", "State", 0, 2)', 'seen = Field("?", "a flag")',
            'shelf = Field("f8", "three numbers", "", -9, 9, shape=3)', "",
            "@rule", f"def {replaced}(self, here, world, luck):",
            f"    super().{replaced}(here, world, luck)", "    self.note = clip(self.note + draw(luck))", "",
        ]  # fmt: skip
        text += (
            f"\n\nclass Drawn{name}(Marked, {name}):\n{fields}"
            + "\n".join(indented(own))
            + "\n"
            + writer.rules(rules)
            + "\n"
        )
    return text
