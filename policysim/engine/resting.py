"""Which rules leave people at rest: read from the marks of each rule and from its source, and written as compiled code.

A rule leaves a person at rest who meets one of these: it only counts time (`passing`); it changes nothing in anybody; it
begins with a test of what does not change of itself, after which it returns (`if not self.injects: return`); or its hazard is
bounded (`most`, `lots`). Whoever meets a rule that is neither, lives every week.

What the source tells is true whatever is edited. A mark is somebody's word for the text that stood below it: where a rule of
the model was edited since that was tried, or a helper of it that its bound does not share, its marks count for nothing.
"""

import ast
import zlib
from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache
from typing import Any, NamedTuple

from policysim.engine.fields import Marks, fields_of
from policysim.engine.luck import LOT_BITS, LOTS, SHARED_BITS, places_of
from policysim.engine.parts import Part
from policysim.engine.reads import accesses, called_in, calls_in, tree_of
from policysim.engine.rules import rule_names, rules_of, shared_lots, where
from policysim.engine.templates import CALLED
from policysim.errors import UserError

SETTLE, CONCERNS = "settle_", "concerns_"
"""How the names begin of the functions that send people to rest, and that say whom a change around them concerns: the number
of the role follows."""
BITS = 63
"""As many rules as a word can tell apart."""


class Resting(NamedTuple):
    """How people rest, in helpers of the model."""

    weeks: Callable  # (self, world): for how many weeks what is known of the person stays so, 0 for none
    foresee: Callable  # (self, world): gives them whatever could raise a hazard most in these weeks
    recall: Callable  # (self, world): undoes that
    moved: frozenset[str]  # fields that others move while the person rests, or that a guard may not go by
    tried: frozenset[tuple[str, str]]  # rules of the model with the sum of the text whose marks were tried (`sum_of`)
    foreseen: frozenset[str] = frozenset()  # fields of which `foresee` presumes that a hazard rises with what it gives


class Rests(NamedTuple):
    """What one rule of one role does to those at rest."""

    name: str
    function: Callable
    guard: ast.FunctionDef | None  # tests whether the rule passes over the person
    lot: int | None
    bounds: list[Callable]  # the helpers that bound its hazards


def time_in(roles: tuple[type, ...]) -> set[str]:
    """The fields that move of themselves: those that a rule counting time writes."""
    found = set()
    for role in roles:
        for function in rules_of(role).values():
            if function.is_passing:  # type: ignore[attr-defined]
                _check_passing(function, role)
                found |= {a.field for a in accesses(function, role) if a.record == "self" and a.writes}
    return found


def _check_passing(function: Callable, role: type) -> None:
    """Raise UserError where a rule that counts time depends on anything else that changes from week to week."""
    read = {(a.record, a.field) for a in accesses(function, role)}
    if any(record == "here" for record, _ in read) or ("world", "week") in read:
        raise UserError(
            f"{where(function)} is passing, so that it may read neither here nor world.week; take passing away"
        )


def bounds_of(function: Callable) -> list[Callable]:
    """The helpers that are said to bound the hazards of a rule."""
    return [h for h in (function.most, function.lots) if h is not None]  # type: ignore[attr-defined]


def key_of_rule(function: Callable) -> str:
    """What a rule goes by in `Resting.tried`."""
    return f"{function.__module__}.{function.__qualname__}"


def sum_of(function: Callable, foreseen: frozenset[str]) -> str:
    """A short sum of all that a rule's marks speak of: its text, and that of its helpers but those that its bound calls too.

    What a bound works out with moves with it, and may be edited at will; but not what it makes of a field that is foreseen.
    """
    shared: set[Callable] = set()
    for bound in bounds_of(function):
        _called(bound, shared)
    for presumed in [each for each in shared if foreseen & {a.field for a in accesses(each) if a.function is each}]:
        found: set[Callable] = set()
        _called(presumed, found)
        shared -= found
    own: set[Callable] = set()
    _called(function, own)
    texts = sorted(_text_of(each) for each in own - shared)
    return f"{zlib.crc32(chr(10).join(texts).encode()):08x}"


def _called(function: Callable, found: set[Callable]) -> None:
    """The function, and all that it calls."""
    if function not in found:
        found.add(function)
        for call in calls_in(function):
            called = called_in(function, call, None)
            if called is not None:
                _called(called, found)


@lru_cache(maxsize=4096)
def _text_of(function: Callable) -> str:
    """The text without comments, docstring and decorators, which say nothing of what is done."""
    tree = deepcopy(tree_of(function))
    tree.decorator_list = []
    if isinstance(tree.body[0], ast.Expr) and isinstance(tree.body[0].value, ast.Constant):
        tree.body[0] = ast.Pass()
    return ast.unparse(tree)


def resting_rules(
    role: type,
    roles: tuple[type, ...],
    moved: frozenset[str],
    tried: frozenset[tuple[str, str]] = frozenset(),
    foreseen: frozenset[str] = frozenset(),
) -> list[Rests] | None:
    """What each rule of a role asks of those who go to rest; None where one keeps everybody of the role awake."""
    lots, moving, known = shared_lots(roles), time_in(roles) | moved | {"present", "role"}, dict(tried)
    found = []
    for name, function in rules_of(role).items():
        marked = function.is_passing or bounds_of(function)  # type: ignore[attr-defined]
        believed = marked and known.get(key_of_rule(function), "") in ("", sum_of(function, foreseen))
        if (function.is_passing and believed) or not any(a.writes for a in accesses(function, role)):  # type: ignore[attr-defined]
            continue
        guard = _guard(function, role, moving)
        rests = Rests(name, function, guard, lots.get(name), bounds_of(function) if believed else [])
        if guard is None and not rests.bounds:
            return None
        found.append(rests)
    return found


def _guard(function: Callable, role: type, moving: set[str]) -> ast.FunctionDef | None:
    """The tests with which a rule begins, as a function of the person alone; None where there is none to go by."""
    tree = deepcopy(tree_of(function))
    tests = []
    for statement in tree.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            continue
        if not (_returns(statement) and _stands_still(function, role, statement.test, moving)):  # type: ignore[attr-defined]
            break
        tests.append(statement.test)  # type: ignore[attr-defined]
    if not tests:
        return None
    tree.args.args = tree.args.args[:1]
    test = tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests)
    tree.body = [ast.copy_location(ast.Return(test), tree.body[-1])]
    return ast.fix_missing_locations(tree)


def _returns(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.If) or statement.orelse or len(statement.body) != 1:
        return False
    return isinstance(statement.body[0], ast.Return) and statement.body[0].value is None


def _stands_still(function: Callable, role: type, test: ast.expr, moving: set[str]) -> bool:
    """Whether a test goes by fields of the person alone, none of which moves of itself."""
    names = function.__code__.co_varnames
    person, others = names[0], set(names[1:])
    for node in ast.walk(test):
        if isinstance(node, ast.Name) and node.id in others:
            return False
        mentioned = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == person
        if mentioned and node.attr in moving:  # type: ignore[attr-defined]
            return False
        called = called_in(function, node, None) if isinstance(node, ast.Call) else None
        read = accesses(called, role) if called is not None else []
        if any(a.record != "self" or a.writes or a.field in moving for a in read):
            return False
    return True


def helpers_of(roles: tuple[type, ...], resting: Resting | None) -> list[Callable]:
    """All helpers by which people are sent to rest."""
    rules = [function for role in roles for function in rules_of(role).values()]
    bounds = [h for function in rules for h in bounds_of(function)]
    return bounds if resting is None else [*bounds, resting.weeks, resting.foresee, resting.recall]


def all_is_foreseen(roles: tuple[type, ...], resting: Resting) -> bool:
    """Whether no bound goes by a field that `foresee` speaks for but those of rules that were tried with it."""
    known = dict(resting.tried)
    bounded = [(function, role) for role in roles for function in rules_of(role).values() if bounds_of(function)]
    return all(
        key_of_rule(function) in known or not resting.foreseen & {a.field for h in bounds_of(function) for a in accesses(h, role)}
        for function, role in bounded
    )  # fmt: skip


def bit_of(function: Callable, roles: tuple[type, ...]) -> int:
    """By which bit a rule with a bound is known where something changes around people."""
    bounded = [each for role in roles for each in rules_of(role).values() if bounds_of(each)]
    return 1 << bounded.index(function) % BITS


def read_around(roles: tuple[type, ...]) -> dict[str, Any]:
    """What decides how high bars stand, and what those at rest expect: fields of here and of the world.

    `here_read` may fall, and rise a little, before bars are set anew; `here_exact` and `world_read` may not change at all.
    Each field of here comes with the bits of the rules that go by it.
    """
    own = {name for name, field in fields_of(roles).items() if field.weekly and not isinstance(field, Marks)}
    here: dict[str, int] = {}
    exact, world = set(), set()
    for role in roles:
        for function in rules_of(role).values():
            found = accesses(function, role)
            of_bounds = {(a.record, a.field) for h in bounds_of(function) for a in accesses(h, role)}
            around = {field for record, field in of_bounds if record == "here"}
            for field in around:
                here[field] = here.get(field, 0) | bit_of(function, roles)
            world |= {field for record, field in of_bounds if record == "world"}
            expects = any(a.record == "self" and a.writes and a.field in own for a in found)
            exact |= around if expects else set()
            if expects or function.is_passing:  # type: ignore[attr-defined]
                world |= {a.field for a in found if a.record == "world"}
    of_kind = {"here_read": sorted(set(here) - exact), "here_exact": sorted(exact)}
    return {kind: {name: here[name] for name in names} for kind, names in of_kind.items()} | {
        "world_read": tuple(sorted(world))
    }


def settling(
    writer: Any, roles: tuple[type, ...], resting: Resting | None, imports: frozenset
) -> tuple[dict[int, Part], dict[int, Part]]:
    """The functions that send people to rest, and that say whom a change around them concerns, by role.

    For a role in which everybody lives every week there are none. `writer` writes the helpers that they call
    (policysim/engine/compiler.py).
    """
    found: dict[int, Part] = {}
    concerning: dict[int, Part] = {}
    if resting is None:
        return found, concerning
    for k, role in enumerate(roles):
        rests = resting_rules(role, roles, resting.moved, resting.tried, resting.foreseen)
        if rests is None:
            continue
        helpers = [resting.weeks, resting.foresee, resting.recall, *(h for r in rests for h in r.bounds)]
        names = {helper: writer.add(helper, role) for helper in helpers}
        guards = {
            r.function: writer.write(r.function, r.guard, role, key="_passes_over")
            for r in rests
            if r.guard is not None
        }
        text = f"{CALLED}\n{_text(k, rests, names, guards, resting, rule_names(roles))}"
        found[k] = Part(f"{SETTLE}{k}", text, frozenset([*names.values(), *guards.values()]), imports)
        bits = {rule.function: bit_of(rule.function, roles) for rule in rests if rule.bounds}
        text = f"{CALLED}\n{_concerns(k, bits, guards)}"
        concerning[k] = Part(f"{CONCERNS}{k}", text, frozenset(guards[f] for f in bits if f in guards), imports)
    return found, concerning


def _concerns(k: int, bits: dict[Callable, int], guards: dict[Callable, str]) -> str:
    """The text of the function that says whether a change around somebody of the k-th role concerns them.

    It does where one of the rules that go by it does not pass over them.
    """
    lines = [
        f"def {CONCERNS}{k}(person, rules):",
        '    """Whether one of these rules may do anything to this person."""',
        f"    if rules & {sum(bit for function, bit in bits.items() if function not in guards)}:",
        "        return True",
    ]
    for function, bit in bits.items():
        if function in guards:
            lines += [f"    if rules & {bit} and not {guards[function]}(person):", "        return True"]
    return "\n".join([*lines, "    return False"]) + "\n"


def _text(
    k: int, rests: list[Rests], names: dict[Callable, str], guards: dict[Callable, str], resting: Resting, order: list[str]
) -> str:  # fmt: skip
    """The text of the function that sends somebody of the k-th role to rest; `order` is that of the keys of rules."""
    lines = [
        f"def {SETTLE}{k}(person, here, the_world, bars, own_bars, i, keys, week):",
        '    """Weeks for which this person rests, 0 for none; their bars are set."""',
    ]
    for rule in rests:
        if not rule.bounds:
            lines += [f"    if not {guards[rule.function]}(person):", "        return 0"]
    lines += [
        f"    weeks = int64({names[resting.weeks]}(person, the_world))",
        "    if weeks <= 0:",
        "        return 0",
        f"    {names[resting.foresee]}(person, the_world)",
        "    calm, bar, shared, own = True, 0, uint64(0), uint64(0)",
    ]
    without_lots = [rule for rule in rests if rule.lot is None and not rule.function.lots]  # type: ignore[attr-defined]
    for rule in rests:
        lines += [f"    {line}" for line in _bars(rule, names, guards) if rule not in without_lots]
    lines += ["    if calm:"]  # weeks to come are looked through for those alone whom nothing else keeps awake
    for rule in without_lots:
        key = f"keys[{order.index(rule.name)}]"
        lines += [f"        {line}" for line in _bars(rule, names, guards, key)]
    lines += [
        "        calm = weeks > 0",
        f"    {names[resting.recall]}(person, the_world)",
        "    if not calm:",
        "        return 0",
        "    bars[i], own_bars[i] = shared, own",
        "    return weeks",
    ]
    return "\n".join(lines) + "\n"


def _bars(rule: Rests, names: dict[Callable, str], guards: dict[Callable, str], key: str = "") -> list[str]:
    """Lines that set the bars of one rule; of one without a lot, which has this key, how long nothing happens by it."""
    if not rule.bounds:
        return []
    function, lines = rule.function, []
    if function.most is not None:  # type: ignore[attr-defined]
        most = f"{names[function.most]}(person, here, the_world)"  # type: ignore[attr-defined]
        if rule.lot is None:
            lines = [f"weeks = quiet_weeks({most}, {key}, i, week, weeks)"]
        else:
            bits, place = SHARED_BITS[rule.lot], places_of(SHARED_BITS)[rule.lot]
            lines = [
                f"bar = bar_of({most}, int64({bits}))",
                "calm = calm and bar >= 0",
                f"shared |= uint64(bar) << uint64({place})",
            ]
    elif function.lots is not None:  # type: ignore[attr-defined]
        called = f"{names[function.lots]}(person, n, here, the_world)"  # type: ignore[attr-defined]
        lines = [
            f"for n in range({LOTS}):",
            f"    bar = bar_of({called}, int64({LOT_BITS}))",
            "    calm = calm and bar >= 0",
            f"    own |= uint64(bar) << uint64(n * {LOT_BITS + 1})",
        ]
    if lines and function in guards:
        return [f"if not {guards[function]}(person):", *(f"    {line}" for line in lines)]
    return lines
