"""What the source itself must obey: no bare numbers in rules; no field, parameter or mark that nothing writes or reads."""

import ast
import re
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest

from policysim.agents.institutions.catalogue import DECISIONS, HERE, WORLD
from policysim.agents.institutions.institution import Decided
from policysim.agents.roles import ROLES
from policysim.engine.fields import fields_of
from policysim.engine.reads import accesses
from policysim.engine.rules import rules_of
from policysim.engine.syntax import parse
from policysim.evidence.curves import CURVES
from policysim.evidence.registry import registry
from policysim.vocabulary.marks import MARKS, PARTS
from policysim.vocabulary.stocks import Stock

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("policysim", "experiments", "viz")
# Names by which code outside rules calls a record it has in hand.
HANDLES = {"self", "person", "p", "agent", "here", "world", "place", "other"}

CONDITIONS = {"is_any", "is_none", "within", "above"}
"""Functions of policysim.engine.who, whose first argument names a field."""


def trees(*folders: str) -> dict[Path, ast.Module]:
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def rule_functions() -> set:
    """Every rule, decision and helper that people live by."""
    rules = [(function, role) for role in ROLES for function in rules_of(role).values()]
    found = {function for function, _ in rules} | set(DECISIONS.values())
    for function, role in [*rules, *((decision, None) for decision in DECISIONS.values())]:
        found |= {access.function for access in accesses(function, role)}
    for path, tree in trees("policysim/agents").items():
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        found |= {value for name in names if getattr(value := getattr(module, name), "is_helper", False)}
    return found


def test_rules_hold_no_numbers_but_0_and_1():
    functions = rule_functions()
    assert len(functions) > 60
    literals = [
        f"{function.__qualname__}, line {node.lineno} of it: {node.value}"
        for function in functions
        for node in ast.walk(parse(function))
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and node.value not in (0, 1)
    ]
    assert literals == [], "a number that shapes behaviour is a row of configs/evidence/parameters"


# ---------------------------------------------------------------- fields


class Uses(ast.NodeVisitor):
    """Which field names a module reads and writes: `person.name`, `people["name"]`, names listed in a tuple."""

    def __init__(self) -> None:
        self.reads: set[str] = set()
        self.writes: set[str] = set()
        self.listed: set[str] = set()

    def mention(self, name: str, node: ast.AST) -> None:
        (self.writes if isinstance(node.ctx, ast.Store) else self.reads).add(name)  # type: ignore[attr-defined]

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.value, ast.Name) and node.value.id in HANDLES:
            self.mention(node.attr, node)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        outer = node
        inner: ast.AST = node
        while isinstance(inner, ast.Subscript):
            if isinstance(inner.slice, ast.Constant) and isinstance(inner.slice.value, str):
                self.mention(inner.slice.value, outer)
            inner = inner.value
        if isinstance(inner, ast.Attribute):  # self.use[k] = ..., world.table[k]
            self.mention(inner.attr, outer)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """An institution sets what people meet of it by name, self.meet(outreach=...), and asks who is so and so."""
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("meet", "meet_by_authority"):
            self.writes |= {word.arg for word in node.keywords if word.arg}
        if isinstance(node.func, ast.Name) and node.func.id in CONDITIONS and isinstance(node.args[0], ast.Constant):
            self.reads.add(node.args[0].value)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        for part in ast.walk(node.target):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                self.reads.add(part.value)
            if isinstance(part, ast.Attribute):
                self.reads.add(part.attr)
        self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple) -> None:
        self.listed |= {
            part.value for part in node.elts if isinstance(part, ast.Constant) and isinstance(part.value, str)
        }
        self.generic_visit(node)


def uses() -> dict[str, dict[str, set[str]]]:
    """By name: the modules that read it, write it, or list it (which may be either)."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for path, tree in trees(*FOLDERS).items():
        module = Uses()
        module.visit(tree)
        for how in ("reads", "writes", "listed"):
            for name in getattr(module, how):
                found[name][how].add(str(path.relative_to(ROOT)))
    return found


USES = uses()
# The finer traits have their fields; their rules come with the levers that need them.
AWAITED = {
    "aces", "has_children", "veteran", "brain_injury", "neurodivergent", "care_experienced", "family_history",
}  # fmt: skip


@pytest.mark.parametrize("record", [ROLES, [HERE], [WORLD]], ids=["person", "here", "world"])
def test_every_field_has_a_writer_and_a_reader(record):
    unwritten, unread = [], []
    for name, field in fields_of(record).items():
        if not USES[name]["writes"] and not USES[name]["listed"] and not isinstance(field, Decided):
            unwritten.append(name)
        if not USES[name]["reads"] and name not in AWAITED:
            unread.append(name)
    assert unwritten == [], "fields that nothing writes"
    assert unread == [], "fields that nothing reads"


def test_rules_read_or_write_nearly_every_field_of_a_person():
    touched = {access.field for role in ROLES for f in rules_of(role).values() for access in accesses(f, role)}
    touched |= {access.field for f in DECISIONS.values() for access in accesses(f)}
    others = set(fields_of(ROLES)) - touched
    assert others <= AWAITED | {"present", "enters", "ties", "neighbourhood"}, others


def test_fields_that_people_read_here_are_set_by_an_institution_or_at_the_start():
    read = {a.field for role in ROLES for f in rules_of(role).values() for a in accesses(f, role) if a.record == "here"}
    read |= {a.field for f in DECISIONS.values() for a in accesses(f) if a.record == "here"}
    fields = fields_of([HERE])
    unread = set(fields) - read
    assert unread <= {"area", "quintile", "residents"}, "set for people who never look"
    for name in read:
        writers = USES[name]["writes"]
        assert (
            isinstance(fields[name], Decided)
            or any(path.startswith("policysim/agents/") for path in writers)
            or "policysim/model/building.py" in writers
        ), name


# ---------------------------------------------------------------- parameters


def spoken_of() -> tuple[set[str], list[re.Pattern]]:
    """Every text and attribute of the package's source, and the patterns of texts put together from parts."""
    names: set[str] = set()
    patterns = []
    for tree in trees(*FOLDERS).values():
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.add(node.value)
            elif isinstance(node, ast.Attribute):
                names.add(node.attr)
            elif isinstance(node, ast.JoinedStr):
                parts = [re.escape(p.value) if isinstance(p, ast.Constant) else r"\w+" for p in node.values]
                if any(isinstance(p, ast.Constant) and "_" in p.value for p in node.values) and " " not in "".join(
                    parts
                ):
                    patterns.append(re.compile("".join(parts)))
    return names, patterns


def test_every_parameter_is_read():
    names, patterns = spoken_of()
    parameters = {parameter.name for parameter in registry().values()}
    names |= {f"target_{name}" for name in names}  # policysim.network.measures takes this off before it compares
    unread = [name for name in sorted(parameters - names) if not any(pattern.fullmatch(name) for pattern in patterns)]
    assert unread == [], "rows of the registry that nothing reads"


def test_every_number_that_rules_read_of_the_world_is_a_parameter_or_set_by_an_institution():
    read = {
        a.field for role in ROLES for f in rules_of(role).values() for a in accesses(f, role) if a.record == "world"
    }
    parameters = {parameter.name for parameter in registry().values()}
    assert read <= parameters | CURVES.keys() | set(fields_of([WORLD]))


# ---------------------------------------------------------------- marks and stocks


# Left so that kits, cases and places reconcile (tests/whole/test_conservation.py), and not worth a row of a table.
RECONCILED = {
    "USE_CHANGED",
    "LOST_KIT",
    "CARRIES_KIT_ANEW",
    "STARTED_INJECTING",
    "LEFT_TREATMENT_FOR_PRISON",
    "MOVED_TREATMENT",
    "NO_FURTHER_ACTION",
    # By which a batch is noticed (early_warning.py).
    "OVERDOSED_ON_OPIOIDS",
    "OVERDOSED_ON_FAKES",
    "OVERDOSED_ON_PARTY_DRUGS",
    "CHECKED_OPIOIDS",
    "CHECKED_BENZODIAZEPINES",
    "CHECKED_PARTY_DRUGS",
}
# Counted in the weekly pass and kept in model.outcomes.stocks, without an outcome of their own yet.
UNPRINTED = {
    "OPIATE_OR_CRACK_TREATED", "OPIATE_OR_CRACK_IN_CUSTODY", "ON_LICENCE", "EXCLUDED", "WORKLESS_DEPENDENT",
    "HOMELESS_DEPENDENT", "CHARGED",
}  # fmt: skip


def mentions(*names: str) -> dict[str, set[Path]]:
    """By member of the enumerations: the modules that mention it."""
    found: dict[str, set[Path]] = defaultdict(set)
    for path, tree in trees(*FOLDERS).items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
                found[node.attr].add(path)
    return found


def test_every_mark_is_left_by_someone_and_counted_in_an_outcome():
    found = mentions(*(part.__name__ for part in PARTS))
    settling = {ROOT / "policysim" / "model" / "settlement.py"}
    rules = set((ROOT / "policysim" / "agents").rglob("*.py")) | settling
    assert [mark.name for mark in MARKS if not found[mark.name] & rules] == [], "marks that nobody leaves"
    counted = set((ROOT / "policysim" / "counts" / "table").rglob("*.py")) | settling
    uncounted = {mark.name for mark in MARKS if not found[mark.name] & counted}
    assert uncounted <= RECONCILED, "marks that no outcome counts"


def test_every_stock_is_read():
    found = mentions("Stock")
    assert {stock.name for stock in Stock if not found[stock.name]} <= UNPRINTED


# ---------------------------------------------------------------- where rows of the registry lie

# Ages and clocks, which many read, have a file of their own.
FOR_MANY = {"time"}


def test_rows_of_the_registry_lie_in_the_file_named_as_a_module_that_reads_them():
    people = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "policysim/agents/people").glob("*.py")}
    astray = []
    for parameter in registry().values():
        file = parameter.place.partition(".csv")[0]
        readers = {stem for stem, text in people.items() if re.search(rf"world\.{parameter.name}\b", text)}
        if file not in FOR_MANY and readers and file not in readers:
            astray.append(f"{parameter.name} of {file}.csv is read by {sorted(readers)}")
    assert astray == []
