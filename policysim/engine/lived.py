"""The text around the rules of a week: in which order they are called, with which luck, and how time is made up for."""

from policysim.engine.luck import SHARED_BITS, places_of
from policysim.engine.parts import Part
from policysim.engine.reads import accesses
from policysim.engine.rules import rules_of, shared_lots
from policysim.engine.templates import CATCH_UP, INLINE, PASS_TIME


def lived_lines(role: type, written: dict[str, str], order: list[str], own: str, passed: str) -> list[str]:
    """The lines of a role's week: its rules in order, until one of them ends the person's presence."""
    lines, depth, lots = [], 0, shared_lots((role,))
    for rule, function in rules_of(role).items():
        if rule in lots:
            place, bits = places_of(SHARED_BITS)[lots[rule]], SHARED_BITS[lots[rule]]
            drawn = f"luck.lot, luck.steps = lot_in(words[SHARED_WORD, k], {place}, {bits}), {1 << bits}"
        elif rule == own:
            drawn = "luck.lot, luck.word = OWN_WORD, words[OWN_WORDS, k]"
        else:
            drawn = "luck.lot = NO_LOT"
        lines += [
            "    " * depth + line
            for line in (
                f"luck.key = keys[{order.index(rule)}]",
                "luck.draws = 0",
                drawn,
                f"{written[rule]}(person, here, the_world, luck{passed})",
            )
        ]
        if any(a.record == "self" and a.field == "present" and a.writes for a in accesses(function, role)):
            lines.append("    " * depth + "if person.present:")
            depth += 1
    return [*lines, "    " * depth + "pass"]


def by_role(lines_of: list[list[str]], depth: int) -> str:
    """What differs by role, as branches."""
    text = ""
    for k, lines in enumerate(lines_of):
        text += "    " * depth + f"{'elif' if text else 'if'} role == {k}:\n" if lines else ""
        text += "".join("    " * depth + f"    {line}\n" for line in lines)
    return text.rstrip()


LUCK_NAMES = ("luck_of_a_thread", "draw_words", "lot_in", "bar_of", "NO_LOT", "OWN_WORD")
REST_NAMES = ("find_due", "first_bit", "AWAKE", "GONE", "SHARED_WORD", "OWN_WORDS")
ELSEWHERE = frozenset({
    ("policysim.engine.anew", "anew"), ("numba", "uint64"),
    *(("policysim.engine.luck", name) for name in LUCK_NAMES), *(("policysim.engine.rest", name) for name in REST_NAMES),
})  # fmt: skip
"""What the text of the templates takes from other modules."""


def passing_parts(
    roles: tuple[type, ...], weeks: list[dict[str, str]], counted: dict[str, str], imports: frozenset, shaped_by: str
) -> list[Part]:
    """How those at rest make up for the weeks that passed, within the week and when somebody looks at them."""
    calls = []
    for role, week in zip(roles, weeks, strict=True):
        passing = [name for name, function in rules_of(role).items() if function.is_passing]  # type: ignore[attr-defined]
        calls.append([f"{week[name]}(person, here, the_world, luck)" for name in passing])
    called = frozenset(line.partition("(")[0] for lines in calls for line in lines)
    text = PASS_TIME.format(inline=INLINE, dispatch=by_role(calls, 2)).lstrip()
    rest = CATCH_UP.format(**counted).lstrip()
    return [Part("pass_time", text, called), Part("catch_up", rest, frozenset({"pass_time"}), imports, shaped_by)]
