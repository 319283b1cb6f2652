"""The text around the rules of a week: in which order they are called, with which luck, and how time is made up for."""

import inspect
import sys
from collections.abc import Callable

from policysim.engine.luck import SHARED_BITS, SHARED_PLACES
from policysim.engine.parts import Part
from policysim.engine.reads import accesses
from policysim.engine.rules import rules_of, shared_lots
from policysim.engine.templates import CATCH_UP, COUNT_ONE, KEPT, OUTER, PASS_TIME, WAKE_CONCERNED


def lived_lines(
    roles: tuple[type, ...], weeks: list[dict[str, str]], order: list[str], own: str, passed: str
) -> list[str]:
    """The lines of a week: each role's rules in its order, until one of them ends the person's presence.

    A rule that several roles have stands here once, so that it is compiled into the week once.
    """
    lines, depth = [], 0
    lots = [shared_lots((role,)) for role in roles]
    for rule, having in together([list(week) for week in weeks]):
        variants: dict[tuple[str, str], list[int]] = {}
        for k in having:
            variants.setdefault((weeks[k][rule], drawn_ahead(rule, lots[k], own)), []).append(k)
        for (written, drawn), of in variants.items():
            among = [] if len(of) == len(roles) else [f"if {' or '.join(f'role == {k}' for k in of)}:"]
            lived = [
                f"luck.key = keys[{order.index(rule)}]",
                "luck.draws = 0",
                drawn,
                f"{written}(person, here, the_world, luck{passed})",
            ]
            inner = depth + len(among)
            lines += ["    " * depth + line for line in among] + ["    " * inner + line for line in lived]
        if any(_may_end(rules_of(roles[k])[rule], roles[k]) for k in having):
            lines.append("    " * depth + "if person.present:")
            depth += 1
    return [*lines, "    " * depth + "pass"]


def together(weeks: list[list[str]]) -> list[tuple[str, list[int]]]:
    """Several orders in one: each name with whose turn it is; where two orders contradict one another it comes twice."""
    left, found = [list(week) for week in weeks], []
    while any(left):
        heads = [week[0] for week in left if week]
        name = next((head for head in heads if not any(head in week[1:] for week in left)), heads[0])
        having = [k for k, week in enumerate(left) if week[:1] == [name]]
        found.append((name, having))
        for k in having:
            del left[k][0]
    return found


def drawn_ahead(rule: str, lots: dict[str, int], own: str) -> str:
    """The line that gives a rule its lot of the words that are drawn ahead."""
    if rule in lots:
        place, bits = SHARED_PLACES[lots[rule]], SHARED_BITS[lots[rule]]
        return f"luck.lot, luck.steps = lot_in(words[SHARED_WORD, k], int64({place}), int64({bits})), {1 << bits}"
    return "luck.lot, luck.word = OWN_WORD, words[OWN_WORDS, k]" if rule == own else "luck.lot = NO_LOT"


def _may_end(function: Callable, role: type) -> bool:
    """Whether a rule may end a person's presence."""
    return any(a.record == "self" and a.field == "present" and a.writes for a in accesses(function, role))


def by_role(lines_of: list[list[str]], depth: int) -> str:
    """What differs by role, as branches."""
    text = ""
    for k, lines in enumerate(lines_of):
        text += "    " * depth + f"{'elif' if text else 'if'} role == {k}:\n" if lines else ""
        text += "".join("    " * depth + f"    {line}\n" for line in lines)
    return text.rstrip()


def taken_lines(written: list[str], passed: str) -> str:
    """The call of a decision about a person, where it has not one name for all roles that of their role."""
    calls = [f"{name}(person, places[person.neighbourhood], world[0], luck, choices[k]{passed})" for name in written]
    if len(set(calls)) == 1:
        return f"        {calls[0]}"
    return f"        role = person.role\n{by_role([[call] for call in calls], 2)}"


LUCK_NAMES = ("luck_of_a_thread", "draw_words", "lot_in", "bar_of", "quiet_weeks", "NO_LOT", "OWN_WORD")
REST_NAMES = ("find_due", "first_bit", "AWAKE", "DUE", "GONE", "SHARED_WORD", "OWN_WORDS")
ELSEWHERE = frozenset({
    ("policysim.engine.anew", "anew"), ("numba", "int64"), ("numba", "uint64"),
    *(("policysim.engine.luck", name) for name in LUCK_NAMES), *(("policysim.engine.rest", name) for name in REST_NAMES),
})  # fmt: skip
"""What the text of the templates takes from other modules."""


def passing_parts(roles: tuple[type, ...], weeks: list[dict[str, str]]) -> list[Part]:
    """How those at rest make up for the weeks that passed, within the week and when somebody looks at them."""
    calls = []
    for role, week in zip(roles, weeks, strict=True):
        passing = [name for name, function in rules_of(role).items() if function.is_passing]  # type: ignore[attr-defined]
        calls.append([f"{week[name]}(person, here, the_world, luck)" for name in passing])
    called = frozenset(line.partition("(")[0] for lines in calls for line in lines)
    text = PASS_TIME.format(kept=KEPT, dispatch=by_role(calls, 2))
    rest = CATCH_UP.format(outer=OUTER)
    return [Part("pass_time", text, called), Part("catch_up", rest, frozenset({"pass_time", "count_one"}), ELSEWHERE)]


def waking_part(concerning: dict[int, Part]) -> Part:
    """How those at rest are woken whom a change around them concerns."""
    calls = [[f"concerned = {part.name}(person, rules)"] for _, part in sorted(concerning.items())]
    roles = [calls.pop(0) if k in concerning else [] for k in range(max(concerning, default=-1) + 1)]
    text = WAKE_CONCERNED.format(outer=OUTER, dispatch=by_role(roles, 3))
    return Part("wake_concerned", text, frozenset(part.name for part in concerning.values()), ELSEWHERE)


def counting_part(counter: Callable) -> Part:
    """How one person is counted: shaped by the source of the counter's module and the numbers that it imports."""
    counting = sys.modules[counter.__module__]
    numbers = [f"{name}={value}" for name, value in sorted(vars(counting).items()) if isinstance(value, int)]
    shaped_by = "\n".join([inspect.getsource(counting), *numbers])
    text = COUNT_ONE.format(counter=counter.__name__, kept=KEPT)
    return Part("count_one", text, frozenset(), ELSEWHERE | {(counter.__module__, counter.__name__)}, shaped_by)
