"""Helpers of one expression stand in the place of their calls, and nothing comes out otherwise than by calling them."""

from types import SimpleNamespace

import pytest

from policysim.engine.lived import together
from policysim.engine.parts import Part
from policysim.engine.spread import spread

HELPER, RULE = "@njit()\n", "@njit(cache=True)\n"
HELPERS = {
    "half": ("def half(x):\n    return x / 2\n", ()),
    "older": ("def older(self, years):\n    return self.age + years\n", ()),
    "twice": ("def twice(x):\n    return x + x\n", ()),
    "drawn": ("def drawn(luck):\n    luck.draws += 1\n    return luck.draws\n", ()),
    "below": ("def below(x, luck):\n    return drawn(luck) < x\n", ("drawn",)),
    "grow": ("def grow(self):\n    self.age += 1\n    return self.age\n", ()),
    "grown": ("def grown(self, before):\n    return grow(self) - before\n", ("grow",)),
    "rather": (
        "def rather(self):\n    return 1 if older(self, int64(2)) > 20 else half(self.age)\n",
        ("older", "half"),
    ),
}


def parts_of(body: str) -> list[Part]:
    parts = [Part(name, HELPER + text, frozenset(calls)) for name, (text, calls) in HELPERS.items()]
    called = frozenset(name for name in HELPERS if f"{name}(" in body)
    return [*parts, Part("live", f"{RULE}def live(self, luck):\n    {body}\n", called)]


def lived(parts: list[Part]) -> tuple:
    space = {"njit": lambda **options: lambda function: function, "int64": int}
    for part in parts:
        exec(part.text, space)
    person, luck = SimpleNamespace(age=19.0), SimpleNamespace(draws=0)
    return space["live"](person, luck), person.age, luck.draws  # type: ignore[operator]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("return half(self.age)", set()),
        ("return older(self, int64(3)) + older(self, half(self.age))", {"older"}),
        ("return twice(self.age)", set()),
        ("return twice(self.age + 1)", {"twice"}),
        ("return twice(drawn(luck)) + drawn(luck)", {"twice", "drawn"}),
        ("return below(2, luck) + below(2, luck)", {"drawn"}),
        ("return below(drawn(luck), luck)", {"drawn", "below"}),
        ("return grown(self, self.age)", {"grow", "grown"}),
        ("return rather(self)", set()),
        ("return older(years=half(3), self=self)", {"older"}),
        ("drawn = 3; return below(drawn, luck)", {"drawn", "below"}),
        ("undef = half(3); return undef", set()),
    ],
)
def test_a_helper_of_one_expression_means_the_same_where_it_is_called(body, left):
    parts = parts_of(body)
    found = spread(parts)
    assert lived(found) == lived(parts)
    assert {part.name for part in found} & found[-1].calls == found[-1].calls
    assert left == {part.name for part in found} - {"live"}


def test_what_is_kept_and_what_does_more_than_return_is_called_as_before():
    several = Part("several", HELPER + "def several(x):\n    y = x\n    return y\n")
    kept = Part("kept", RULE + "def kept(x):\n    return x\n")
    live = Part(
        "live", RULE + "def live(self, luck):\n    return several(1) + kept(2)\n", frozenset({"several", "kept"})
    )
    assert spread([several, kept, live]) == [several, kept, live]


def test_the_weeks_of_several_roles_stand_in_one_order_each_in_its_own():
    assert together([["a", "b", "d"], ["a", "c", "d"], ["b", "c"]]) == [
        ("a", [0, 1]),
        ("b", [0, 2]),
        ("c", [1, 2]),
        ("d", [0, 1]),
    ]
    crossed = together([["a", "b"], ["b", "a"]])
    assert [name for name, having in crossed if 0 in having] == ["a", "b"]
    assert [name for name, having in crossed if 1 in having] == ["b", "a"]
    assert together([[], []]) == []
