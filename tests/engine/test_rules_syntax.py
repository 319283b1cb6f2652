"""What a student writes: what rules may say works in both engines, what they may not is refused in one sentence."""

import numpy as np
import pytest
from small_worlds import BUSY, model, unequal
from tiny_world import Here, Tiny, World, count_present, imported, run_compiled, run_python

from policysim.agents.institutions.catalogue import DECISIONS
from policysim.counts.counting import count_person
from policysim.engine.compiler import write_module
from policysim.engine.fields import Field, fields_of, layout
from policysim.engine.reads import check_fields, fields_in, reads_of
from policysim.engine.rules import rules_of
from policysim.errors import UserError
from policysim.model import DrugPolicyModel
from policysim.reference.checking import check_file

HEADER = """import random
from enum import IntEnum
from random import gauss

import numpy as np

from policysim.engine.fields import Field
from policysim.engine.luck import draw, happens, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.exact import exp
from tiny_world import Tiny


class State(IntEnum):
    LOW = 0
    HIGH = 2


ENDS = (State.LOW, State.HIGH)
LIST = [1, 2]
WORDS = "words"
STEP = 0.25


@helper
def half(x):
    return x / 2


def undecorated(x):
    return x / 2


@helper
def down(x):
    return x if x < 1 else down(x - 1)


@helper
def ping(x):
    return pong(x - 1)


@helper
def pong(x):
    return x if x < 1 else ping(x)


class Student(Tiny):
    mood = Field("f8", "a field of the student's own", "", -9, 9)

"""
RULE = "    @rule\n    def try_it(self, here, world, luck):\n"
FIRST_LINE = HEADER.count("\n") + 3  # of a rule's body


def student(tmp_path, body: str, before: str = RULE):
    """The class with one rule of this body."""
    text = HEADER + before + "".join(f"        {line}\n" for line in body.splitlines())
    return imported(tmp_path, text).Student


def checked(role) -> str:
    """Everything that is checked before Numba."""
    check_fields((role,), (), *(fields_in(layout(fields_of([cls]))) for cls in (role, Here, World)))
    return write_module((role,), {}, count_present)


def refusal(tmp_path, body: str, before: str = RULE) -> str:
    role = student(tmp_path, body, before)
    with pytest.raises(UserError) as caught:
        checked(role)
    message = str(caught.value)
    assert "\n" not in message
    return message


REFUSED = {
    "f-string": ('self.a = len(f"{self.a}")', "an f-string"),
    "text": ('self.flag = self.a == "high"', "a text"),
    "list": ("self.a = [1, 2][0]", "use a tuple"),
    "list comprehension": ("self.a = [x for x in range(3)][0]", "a loop over range"),
    "assigned in a comprehension": ("self.a = max([(y := x) for x in range(3)])", "a loop over range"),
    "set": ("self.flag = self.k in {0, 2}", "x in (A, B)"),
    "set comprehension": ("self.flag = self.k in {x for x in range(3)}", "a loop over range"),
    "dict": ("self.a = {0: 1}[0]", "if / elif"),
    "dict comprehension": ("self.a = {x: 1 for x in range(2)}[0]", "a loop over range"),
    "generator": ("self.a = sum(x for x in range(3))", "a loop over range"),
    "while": ("while self.a < 1:\n    self.a += 1", "range(...)"),
    "power": ("self.a = self.a ** 2", "x * x"),
    "power in place": ("self.a **= 2", "x * x"),
    "pow": ("self.a = pow(self.a, 2)", "exp(y * log(x))"),
    "is": ("self.flag = self.k is State.LOW", "=="),
    "is not": ("self.flag = self.k is not State.LOW", "!="),
    "invert": ("self.k = ~self.k", "`not`"),
    "shift": ("self.m = self.m << 1", "multiply"),
    "try": ("try:\n    self.a = 1 / self.b\nexcept ZeroDivisionError:\n    self.a = 0", "if"),
    "raise": ("raise ValueError", "if"),
    "match a class": ("match self.k:\n            case int():\n                self.k = 1", "pattern"),
    "assert": ("assert self.k < 9", "if"),
    "lambda": ("f = lambda x: x\nself.a = f(1)", "@helper"),
    "inner function": ("def f(x):\n    return x\nself.a = f(1)", "@helper"),
    "import": ("import math\nself.a = 1", "top of the file"),
    "with": ("with here:\n    self.a = 1", "numbers"),
    "walrus": ("if (x := self.a) > 1:\n    self.b = x", "line of its own"),
    "global": ("global STEP\nSTEP = 1", "fields of the person"),
    "own method": ("self.a = self.half(1)", "@helper function half(self, ...)"),
    "method of luck": ("self.a = luck.draw()", "write draw(luck)"),
    "random of luck": ("self.a = luck.random()", "luck.random(...); write draw(luck)"),
    "happens of luck": ("self.flag = luck.happens(0.1)", "write happens(probability, luck)"),
    "luck as a number": ("self.flag = luck < 0.1", "luck as if it were a number; write happens(0.1, luck)"),
    "luck added up": ("self.a = luck + 1", "write draw(luck) for one in [0, 1)"),
    "luck made a float": ("self.a = float(luck)", "write draw(luck) for one in [0, 1)"),
    "luck by another name": ("u = luck\nself.a = draw(u)", "write draw(luck) for one in [0, 1)"),
    "another luck": ("luck = draw(luck)\nself.a = 1", "luck as a name for something else"),
    "no luck": ("self.flag = happens(0.1)", "happens(0.1); write happens(probability, luck)"),
    "luck first": ("self.flag = happens(luck, 0.1)", "happens(luck, 0.1); write happens(probability, luck)"),
    "luck alone": ("self.flag = occurs(luck)", "write occurs(hazard, luck)"),
    "too much for draw": ("self.a = draw(0.1, luck)", "draw(0.1, luck); write draw(luck)"),
    "draw of nothing": ("self.a = draw()", "write draw(luck)"),
    "draw of a number": ("self.a = draw(self.a)", "write draw(luck)"),
    "a name that it does not take": ("self.flag = happens(p=0.1, luck=luck)", "write happens(probability, luck)"),
    "too little for a helper": ("self.a = half()", "half(); write half(x)"),
    "two numbers for exp": ("self.a = exp(1, 2)", "write exp(x)"),
    "Python's generator": ("self.a = random.random()", "random.random; draw with draw(luck)"),
    "a function of Python's generator": ("self.a = gauss(0, 1)", "gauss; draw with draw(luck)"),
    "NumPy's generator": ("self.a = np.random.rand()", "np.random; draw with draw(luck)"),
    "Mesa's generator": ("self.a = self.random.random()", "self.random; draw with draw(luck)"),
    "Mesa's generator of arrays": ("self.a = self.rng.random()", "self.rng; draw with draw(luck)"),
    "import random": ("import random\nself.a = random.random()", "import random; draw with draw(luck)"),
    "friends": ("for friend in self.friends:\n    friend.a = 1", "self.peers_using"),
    "friends by a method": ("self.a = self.friends()", "self.peers_using"),
    "model": ("self.a = self.model.week", "self.model; a rule sees the place as world"),
    "row": ("self.flag = self.row == 7", "luck is keyed by a person's number"),
    "people": ("self.people[0].a = 1", "a rule reads and writes its own person only"),
    "marks": ("self.marks |= 1", "self.police_marks |= PoliceMark.SEARCHED"),
    "the person by itself": ("self.a = max(self, 1)", "read or write one of its fields"),
    "the person by another name": ("me = self\nme.a = 1", "read or write one of its fields"),
    "none": ("self.a = None", "such as -1"),
    "bytes": ("self.a = b'1'[0]", "whole and real numbers"),
    "complex": ("self.a = abs(1j)", "whole and real numbers"),
    "division by zero": ("self.a = 1 / 0", "a division by zero"),
    "division by zero in place": ("self.a //= 0", "a division by zero"),
    "calls itself": ("self.a = down(self.a)", "down(...), which comes back to itself"),
    "call one another": ("self.a = ping(self.a)", "which comes back to itself"),
    "starred argument": ("self.a = half(*here)", "name each argument"),
    "undecorated helper": ("self.a = undecorated(self.a)", "mark it"),
    "unassigned on one path": ("if self.a > 0:\n    x = 1.0\nself.b = x", "give it a value first"),
    "unassigned after a loop": ("for i in range(self.k):\n    x = 1.0\nself.b = x", "give it a value first"),
    "unassigned after match": ("match self.k:\n    case 0:\n        x = 1.0\nself.b = x", "give it a value first"),
    "unassigned in place": ("x += 1.0\nself.b = x", "give it a value first"),
    "unassigned in else of a loop": ("for i in range(2):\n    y = 1.0\nelse:\n    self.b = y", "give it a value first"),
    "unknown name": ("self.a = STEPP", "did you mean 'STEP'?"),
    "unknown member": ("self.k = State.MIDDLE", "State.MIDDLE, which does not exist"),
    "print": ("print(self.a)", "print, which compiled rules cannot do"),
    "a function of Python": ("self.a = sum((1, 2))", "of Python's own functions rules may use abs"),
    "global list": ("self.a = LIST[0]", "neither a number"),
    "global text": ("self.flag = WORDS == self.a", "neither a number"),
    "numpy": ("self.a = np.exp(self.a)", "neither a number"),
    "unknown field of world": ("self.a = world.tabel[0]", "nor a parameter of the registry; did you mean 'table'?"),
    "unknown field of here": ("self.a = here.potencyy", "no field of a neighbourhood"),
    "unknown field of the person": ("self.moood = 1", "beside the rule with Field(...)); did you mean 'mood'?"),
    "table without index": ("self.flag = self.shelf == 1", "write self.shelf[i]"),
    "table of the world without index": ("self.a = half(world.table)", "write world.table[i]"),
    "too many indices": ("self.a = world.table[0, 1]", "write world.table[i]"),
    "number with an index": ("self.a = self.b[0]", "holds one number; write self.b"),
    "slice": ("self.a = self.shelf[0:2]", "a loop over range"),
    "index from the end": ("self.a = self.shelf[-1]", "from the start"),
    "writing here": ("here.p = 1", "a person writes only their own row"),
    "writing world": ("world.x += 1", "a person writes only their own row"),
    "writing a table": ("world.table[0] = 1", "a person writes only their own row"),
    "super of nothing": ("super().try_it(here, world, luck)", "no parent class of Student has"),
    "super with arguments": ("super(Student, self).try_it(here, world, luck)", "write super().try_it("),
}  # fmt: skip


@pytest.mark.parametrize(("body", "remedy"), REFUSED.values(), ids=REFUSED)
def test_what_rules_may_not_say_is_refused_with_file_line_and_remedy(body, remedy, tmp_path):
    message = refusal(tmp_path, body)
    assert remedy in message
    assert str(tmp_path) in message
    lines = [FIRST_LINE + k for k in range(body.count("\n") + 1)]
    lines += [k for k, line in enumerate(HEADER.splitlines(), 1) if "ping(x)" in line or "down(x -" in line]
    assert any(f"line {line}:" in message for line in lines)
    assert any(f"{name} " in message for name in ("rule Student.try_it", "helper down", "helper pong"))


def test_the_line_named_is_the_line_of_the_mistake(tmp_path):
    message = refusal(tmp_path, "self.a = 1\nif self.b > 0:\n    self.a = 2\n    self.b = self.a ** 2")
    assert f"line {FIRST_LINE + 3}:" in message


def test_a_mistake_in_a_helper_is_told_as_well(tmp_path):
    text = (
        HEADER
        + RULE
        + "        self.a = worse(self, world)\n\n\n@helper\ndef worse(person, world):\n    return world.ex\n"
    )
    with pytest.raises(UserError, match=r"helper worse uses world.ex, .* did you mean 'x'\?"):
        checked(imported(tmp_path, text).Student)


def test_an_override_without_rule_is_refused(tmp_path):
    child = "class Child(Student):\n    def try_it(self, here, world, luck):\n        self.a = 2\n"
    text = HEADER + RULE + "        self.a = 1\n\n\n" + child
    with pytest.raises(UserError, match=r"Child.try_it replaces a rule but is not marked @rule.*add @rule above it"):
        rules_of(imported(tmp_path, text).Child)


def test_a_rule_with_other_arguments_is_refused(tmp_path):
    with pytest.raises(UserError, match=r"write def try_it\(self, here, world, luck\)"):
        checked(student(tmp_path, "self.a = 1", "    @rule\n    def try_it(self, here, luck):\n"))


def test_a_rule_without_a_source_is_refused():
    space: dict = {"Tiny": Tiny, "rule": __import__("policysim.engine.rules", fromlist=["rule"]).rule}
    exec("class Student(Tiny):\n    @rule\n    def try_it(self, here, world, luck):\n        self.a = 1\n", space)
    with pytest.raises(UserError, match=r'has no source file to compile from.*engine="python"'):
        checked(space["Student"])


@pytest.mark.parametrize("name", ["step", "model", "sum", "unique_id"])
def test_a_field_may_not_take_a_name_of_mesa_or_numpy(name):
    role = type("Student", (Tiny,), {name: Field("f8", "mine")})
    with pytest.raises(UserError, match=rf"Student.{name}: that name belongs to NumPy or Mesa"):
        fields_of([role])


def test_a_field_has_a_kind_on_which_the_engines_agree():
    with pytest.raises(UserError, match="kind is one of i1, i2, i4, i8, f4, f8, \\?, not 'f2'"):
        Field("f2", "mine")


def test_a_field_declared_twice_must_be_the_same():
    one, other = type("One", (Tiny,), {"mood": Field("f8", "")}), type("Other", (Tiny,), {"mood": Field("i2", "")})
    with pytest.raises(UserError, match="'mood' is declared as f8 in One and as i2 in Other"):
        fields_of([one, other])


# ---------------------------------------------------------------- what works

WORKS = '''
class Base(Tiny):
    @rule
    def grow(self, here, world, luck):
        """Parent's rule, with a text that is only documentation."""
        self.a = min(self.a + STEP * draw(luck), 9)

    @rule
    def rest(self, here, world, luck):
        self.b = half(self.b)


class Calm:
    @rule
    def grow(self, here, world, luck):
        super().grow(here, world, luck=luck)
        self.a = half(self.a)


class Drawn(Calm, Base):
    mood = Field("f8", "declared beside the rule that owns it", "", -9, 9, start=0)

    @rule
    def grow(person, place, everywhere, luck):
        before = person.a
        super().grow(place, everywhere, luck)
        person.mood = clip(person.a - before + everywhere.x)
        if person.k in ENDS or person.k in (State.LOW, State.HIGH):
            person.m = min(person.m + 1, 1000)
        match person.k:
            case State.HIGH:
                person.k = State.LOW
            case other if other == State.LOW:
                person.k = other + State.HIGH
            case _:
                person.k = 1

    @rule
    def look(self, here, world, luck):
        total = 0.0
        for i in range(3):
            total += self.shelf[i] * world.table[i]
            if total > 2:
                break
        self.flag = 0 < total <= 2 and not happens(half(half(0.5)), luck)


@helper
def clip(x):
    return min(max(x, -9), 9)
'''


@pytest.fixture(scope="module")
def works(tmp_path_factory):
    return imported(tmp_path_factory.mktemp("works"), HEADER + "    pass\n\n" + WORKS)


def test_super_new_fields_tuples_of_states_match_and_helpers_work_in_both_engines(works):
    (compiled, found), (by_python, expected) = run_compiled(works.Drawn), run_python(works.Drawn)
    assert unequal(compiled.people, by_python.people) == []
    assert all(np.array_equal(a.sums, b.sums) for a, b in zip(found, expected, strict=True))
    assert compiled.people["mood"].any()
    assert compiled.people["m"].max() >= 3


def test_super_follows_the_role_and_not_the_class_it_stands_in(works):
    source = checked(works.Drawn)
    assert source.index("def Base_grow") < source.index("def Calm_grow") < source.index("def Drawn_grow")


def test_a_shared_class_means_another_parent_in_another_role(works):
    twice = type("Twice", (works.Base,), {"grow": rules_of(works.Base)["rest"]})
    other = type("Other", (works.Calm, twice), {})
    source = write_module((works.Drawn, other), {}, count_present)
    assert "Calm_grow_" in source, "one text of Calm.grow for each role, as super() differs"
    (compiled, _), (by_python, _) = run_compiled(other), run_python(other)
    assert unequal(compiled.people, by_python.people) == []


def test_what_a_rule_reads_and_writes_is_found_through_helpers_and_parents(works):
    touched = reads_of(works.Drawn.grow, works.Drawn)
    assert touched["self"]["reads"] == ["a", "k", "m"]
    assert touched["self"]["writes"] == ["a", "k", "m", "mood"]
    assert touched["world"] == {"reads": ["x"], "writes": []}
    assert touched["here"] == {"reads": [], "writes": []}


@pytest.mark.slow
def test_a_students_class_runs_in_the_model(tmp_path):
    text = """
from policysim.rules import Field, YoungPerson, rule


class CautiousYoungPerson(YoungPerson):
    thought_twice = Field("i4", "times the person thought twice", "count", 0)

    @rule
    def start_using(self, here, world, luck):
        self.thought_twice += 1
        if self.resilience < self.risk:
            super().start_using(here, world, luck)
"""
    cautious = imported(tmp_path, text).CautiousYoungPerson
    made = model(people=120, parameters=BUSY, engine="python", people_classes=[cautious])
    for _ in range(8):
        made.step()
    young = np.flatnonzero(made.people["present"] & (made.people["role"] == 0))
    assert made.people["thought_twice"][young].max() == 8
    assert isinstance(made.person(int(young[0])).thought_twice, int)
    assert "CautiousYoungPerson_start_using" in write_module(made.roles, DECISIONS, count_person)


SLIPS = {
    "a name nearly right": (
        "class Careful(YoungPerson):\n    @rule\n    def start_usin(self, here, world, luck):\n"
        "        super().start_using(here, world, luck)\n",
        r"line 4: Careful has a new rule 'start_usin', which would run beside 'start_using'; did you mean 'start_using'",
    ),
    "outside its class": (
        "class Careful(YoungPerson):\n    pass\n\n\n@rule\ndef start_using(self, here, world, luck):\n    self.risk = 1.0\n",
        r"line 7: start_using is marked @rule but stands outside a class",
    ),
}


@pytest.mark.parametrize(("text", "said"), SLIPS.values(), ids=SLIPS)
def test_a_rule_that_would_never_run_or_run_twice_is_refused(tmp_path, text, said):
    file = tmp_path / "my_rules.py"
    file.write_text("from policysim import YoungPerson, rule\n\n" + text)
    with pytest.raises(UserError, match=said):
        check_file(file)


@pytest.mark.parametrize("wrong", [{"people": -5}, {"people": 0}, {"one_in": 0}, {"years": 0}, {"burn_in_years": -1}])
def test_a_model_of_nobody_or_of_no_time_is_refused_in_one_sentence(wrong):
    with pytest.raises(UserError, match=next(iter(wrong))):
        DrugPolicyModel(**wrong)
