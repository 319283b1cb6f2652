"""Which levers act on a field of a person, found in the source: lever, policy, what people meet, rule, field.

Of an institution's methods it is only asked which of its policies a value depends on, in whatever order they are called.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from policysim.agents.institutions.catalogue import DECISIONS, INSTITUTIONS
from policysim.agents.institutions.institution import Institution, decided
from policysim.agents.institutions.own import met_by
from policysim.agents.institutions.purses import Purse
from policysim.engine.fields import fields_of
from policysim.engine.flow import Write, flow_of
from policysim.engine.rules import rules_of
from policysim.levers.catalogue import LEVERS
from policysim.levers.lever import Lever

ANY = "*"
"""A policy that is asked for by a name worked out: it may be any."""


class Way(NamedTuple):
    """How a lever acts: it pulls this policy of this institution, and people meet it in this rule or decision."""

    lever: str
    institution: str
    policy: str
    met: str
    rule: str


@cache
def writes_by_field(roles: tuple[type, ...]) -> dict[str, tuple[tuple[str, Write], ...]]:
    """Every place in which a rule or a decision gives a field a value, by the field; each with the rule's name."""
    found: dict[str, dict[tuple[str, Write], None]] = {}
    for role in roles:
        for name, rule in rules_of(role).items():
            for write in flow_of(rule, role).writes:
                found.setdefault(write.field, {})[name, write] = None
    for name, decision in met_by(roles).decisions.items():
        for write in flow_of(decision).writes:
            found.setdefault(write.field, {})[name, write] = None
    return {field: tuple(writes) for field, writes in found.items()}


def ways_to(field: str, states: frozenset[str], roles: tuple[type, ...]) -> list[Way]:
    """How levers act on whether a field comes to these states (`Housing.HOMELESS`; any where none is named), or leaves them."""
    found: dict[Way, None] = {}
    for rule, write in writes_by_field(roles).get(field, ()):
        if not _about(write, states):
            continue
        met = {m.field for m in write.depends_on if m.record in ("here", "world")}
        for lever in LEVERS.values():
            for policy, sinks in _sinks_of(lever):
                for sink in sorted(met & sinks | ({f"decides {rule}"} & sinks)):
                    found[Way(lever.id, lever.acts_on.__name__, policy, sink, rule)] = None
    return list(found)


def ways_to_meet(name: str, rule: str) -> list[Way]:
    """How levers act on a field of here or of the world itself."""
    return [
        Way(lever.id, lever.acts_on.__name__, policy, name, rule)
        for lever in LEVERS.values()
        for policy, met in _sinks_of(lever)
        if name in met
    ]


def ways_before(field: str, states: frozenset[str], roles: tuple[type, ...]) -> list[Way]:
    """How levers act on what lets somebody come to these states: fields of theirs on which the rule's conditions rest."""
    found: dict[str, None] = {}
    for _, write in writes_by_field(roles).get(field, ()):
        if _about(write, states):
            found |= {m.field: None for m in sorted(write.depends_on) if m.record == "self" and m.field != field}
    return list(dict.fromkeys(way for name in found for way in ways_to(name, frozenset(), roles)))


def _about(write: Write, states: frozenset[str]) -> bool:
    """Whether a write can bring somebody to one of these states, or takes them out of it."""
    kinds = {state.partition(".")[0] for state in states}
    if not states or write.text.partition(".")[0] not in kinds or write.text in states:
        return True
    return any(guard.holds and state in guard.text for guard in write.guards for state in states)


def _sinks_of(lever: type[Lever]) -> Iterator[tuple[str, frozenset[str]]]:
    """What people meet of each policy that a lever pulls."""
    for policy in policies_pulled(lever):
        yield policy, sinks(lever.acts_on, policy)  # type: ignore[arg-type]


@cache
def policies_pulled(lever: type[Lever]) -> tuple[str, ...]:
    """The policies that a lever sets, read in its `pull`."""
    tree = _tree(lever.pull)
    name = tree.args.args[1].arg
    found = [
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
        if isinstance(node.ctx, ast.Store)
    ]
    sets = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setattr")
    found += [str(node.args[1].value) if isinstance(node.args[1], ast.Constant) else ANY for node in sets]
    return tuple(dict.fromkeys(found))


@cache
def sinks(kind: type[Institution], policy: str) -> frozenset[str]:
    """Fields of here and of the world, and decisions (`decides sentence`), that depend on a policy of an institution."""
    every = frozenset((*decided(kind.here), *decided(kind.world)))
    reached, new = set[str](), {f"{kind.__name__} policy {policy}", f"{kind.__name__} policy {ANY}"}
    if policy == ANY:
        new |= {node for node in _edges() if node.startswith(f"{kind.__name__} policy ")}
    while new:
        reached |= new
        new = {after for node in new for after in _edges().get(node, ())} - reached
    met = {node.removeprefix("field ") for node in reached if node.startswith(("field ", "decides "))}
    return frozenset(met | (every if policy == ANY else every & {policy}))


@cache
def _fields_met() -> frozenset[str]:
    """What institutions set for people to meet."""
    records = [record for kind in INSTITUTIONS for record in (kind.here, kind.world) if record]
    return frozenset(fields_of(records))


def _own(kind: type[Institution]) -> dict[str, Callable]:
    """The methods and properties of an institution, but for those that all have."""
    found: dict[str, Callable] = {}
    for cls in reversed(kind.__mro__):
        if cls is not Institution and issubclass(cls, Institution):
            plain = {name: _function_of(held) for name, held in vars(cls).items()}
            found |= {name: method for name, method in plain.items() if inspect.isfunction(method)}
    return found


def _function_of(held: object) -> object:
    """The function behind a property, a class method or a static method."""
    return held.fget if isinstance(held, property) else getattr(held, "__func__", held)


@cache
def _edges() -> dict[str, frozenset[str]]:
    """What depends on what in the methods of all institutions, in whatever order they are called."""
    found: dict[str, set[str]] = {}
    for kind in INSTITUTIONS:
        for name, method in _own(kind).items():
            _Method(kind.__name__, name, method, found).read()
    return {node: frozenset(after) for node, after in found.items()}


class _Method:
    """One method, gone through with what it depends on so far."""

    def __init__(self, kind: str, name: str, method: Callable, edges: dict[str, set[str]]):
        self.kind, self.name, self.edges, self.tree = kind, name, edges, _tree(method)
        self.arguments = frozenset(argument.arg for argument in self.tree.args.args[1:])
        self.called = dict(self.other_names())

    def other_names(self) -> Iterator[tuple[str, str]]:
        """Names for what the model holds, as `prison` for `self.model.prison`."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign):
                target, value = node.targets[0], node.value
                pairs: list[tuple[ast.expr, ast.expr]] = [(target, value)]
                if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                    pairs = list(zip(target.elts, value.elts, strict=False))
                for name, held in pairs:
                    of = getattr(held, "value", None)
                    if (
                        isinstance(name, ast.Name)
                        and isinstance(held, ast.Attribute)
                        and getattr(of, "attr", "") == "model"
                    ):
                        yield name.id, held.attr

    def read(self) -> None:
        """Add what depends on what."""
        self.block(self.tree.body, frozenset())

    def add(self, sources: frozenset[str], target: str) -> None:
        for source in sources:
            self.edges.setdefault(source, set()).add(target)

    def block(self, statements: Sequence[ast.stmt], given: frozenset[str]) -> None:
        for node in statements:
            tests = [getattr(node, name) for name in ("test", "iter") if hasattr(node, name)]
            handed = {f"{self.kind} given {self.name}"}  # what is handed over counts where it is, not in each condition
            inner = given.union(*(self.mentioned(test) - handed for test in tests))
            if isinstance(node, ast.For):
                self.target(node.target, inner)
            for part in ("body", "orelse", "finalbody"):
                self.block(getattr(node, part, ()), inner)
            if isinstance(node, ast.If) and any(isinstance(last, ast.Return | ast.Continue) for last in node.body[-1:]):
                given = inner
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value is not None:
                for target, value in _one_by_one(node, node.value):
                    if not self.by_key(target, value, given):
                        self.target(target, given | self.mentioned(value))
            elif isinstance(node, ast.Return) and node.value is not None:
                self.add((given | self.mentioned(node.value)) - handed, f"{self.kind} return {self.name}")
            if not hasattr(node, "body"):
                self.calls(node, given)

    def target(self, node: ast.expr, value: frozenset[str]) -> None:
        """What is assigned to, by the text nearest to its name where there is one."""
        if isinstance(node, ast.Tuple | ast.List):
            for part in node.elts:
                self.target(part, value)
            return
        key = ""
        while isinstance(node, ast.Subscript):
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                key = node.slice.value
            value |= self.mentioned(node.slice)
            node = node.value
        if key:
            self.add(value, f"field {key}" if key in _fields_met() else f"{self.kind} memory {key}")
        elif isinstance(node, ast.Name):
            self.add(value, f"{self.kind} local {self.name} {node.id}")
        elif isinstance(node, ast.Attribute):
            self.add(value, f"{self.kind} attribute {node.attr}")

    def by_key(self, target: ast.expr, value: ast.expr, given: frozenset[str]) -> bool:
        """`self.memory |= {"places": ...}`, whether it is so or not."""
        keyed = isinstance(value, ast.Dict) and isinstance(target, ast.Attribute)
        for key, item in zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) and keyed else ():
            if isinstance(key, ast.Constant):
                self.add(given | self.mentioned(item), f"{self.kind} memory {key.value!s}")
        return keyed

    def calls(self, node: ast.AST, given: frozenset[str]) -> None:
        """What is handed to another method, or to a decision about people."""
        for call in (inner for inner in ast.walk(node) if isinstance(inner, ast.Call)):
            arguments = frozenset[str]().union(*(self.mentioned(argument) for argument in call.args))
            handed = given | arguments
            for named in call.args:  # `model.decide`, or a function that hands a decision on to it
                if isinstance(named, ast.Constant) and named.value in DECISIONS:
                    self.add(handed, f"decides {named.value}")
            if not isinstance(call.func, ast.Attribute):
                continue
            if call.func.attr == "append":
                self.target(call.func.value, handed)
            for word in call.keywords if call.func.attr in ("meet", "meet_by_authority") else ():
                self.add(given | self.mentioned(word.value), f"field {word.arg}")
            looked_up = getattr(call.func.value, "id", "") == "each"  # whenever it is, it is as what is asked for
            for kind in self.whose(call.func):
                self.add(arguments if looked_up else handed, f"{kind} given {call.func.attr}")

    def whose(self, node: ast.Attribute) -> tuple[str, ...]:
        """Which institutions an attribute is of: this one by self, another by its name, as in `self.model.prison.room`.

        What all of a kind decide at once names each of them `each`.
        """
        name = getattr(node.value, "attr", getattr(node.value, "id", ""))
        if name in ("self", "cls", "each"):
            return (self.kind,)
        known = self.called.get(name, name).rstrip("s").replace("_", "").lower()
        kinds = [kind.__name__ for kind in INSTITUTIONS if kind is not Purse]  # all are paid from one: no way to people
        return tuple(kind for kind in kinds if known and known in kind.lower())

    def policies_of(self, node: ast.expr) -> tuple[str, ...]:
        """Whose policy an expression is; nobody's, where it is none."""
        if isinstance(node, ast.Name) and node.id == "policy":
            return (self.kind,)
        return self.whose(node) if isinstance(node, ast.Attribute) and node.attr == "policy" else ()

    def mentioned(self, node: ast.AST) -> frozenset[str]:
        """What an expression depends on."""
        found = set[str]()
        for part in ast.walk(node):
            if isinstance(part, ast.Attribute):
                found |= {f"{kind} policy {part.attr}" for kind in self.policies_of(part.value)}
                if part.attr not in ("memory", "policy", "model"):
                    found |= {
                        f"{kind} {how} {part.attr}" for kind in self.whose(part) for how in ("attribute", "return")
                    }
            elif isinstance(part, ast.Name):
                handed = part.id in self.arguments
                found.add(f"{self.kind} {f'given {self.name}' if handed else f'local {self.name} {part.id}'}")
            elif isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant):
                found.add(f"{self.kind} memory {part.slice.value!s}")
            elif isinstance(part, ast.Call) and getattr(part.func, "id", "") == "getattr" and len(part.args) > 1:
                named = part.args[1]
                name = str(named.value) if isinstance(named, ast.Constant) else ANY
                found |= {f"{kind} policy {name}" for kind in self.policies_of(part.args[0])}
        return frozenset(found)


def _one_by_one(
    node: ast.Assign | ast.AugAssign | ast.AnnAssign, value: ast.expr
) -> Iterator[tuple[ast.expr, ast.expr]]:
    """What is assigned to what: of `a, b = c, d` each to its own."""
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            yield from zip(target.elts, value.elts, strict=True)
        else:
            yield target, value


def _tree(function: Callable) -> ast.FunctionDef:
    return ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]  # type: ignore[return-value]
