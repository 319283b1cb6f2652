"""What is said to whoever writes rules: where a mistake is, what to write; how people print."""

import functools
import sys
from pathlib import Path

import numpy as np
import pytest
from small_worlds import BUSY, model
from tiny_world import Here, Tiny, World, imported, run_compiled, state_of

from policysim.agents.institutions.catalogue import HERE
from policysim.engine.compiler import write_module
from policysim.engine.fields import Field, Marks, fields_of, layout, row_class
from policysim.engine.luck import Luck, draw
from policysim.engine.rules import helper, rule, rules_of
from policysim.errors import UserError
from policysim.reference.checking import check_file
from policysim.rules import Mark, PoliceMark, YoungPerson

HEAD = """import functools

from policysim.rules import Field, Mark, Marks, helper, rule
from tiny_world import Tiny

ZERO = 0


@helper
def inverse(x):
    y = x
    return 1 / y


class Student(Tiny):
    @rule
    def try_it(self, here, world, luck):
"""
BODY = HEAD.count("\n") + 1
"""The first line of the rule's body."""


def student(tmp_path: Path, body: str) -> type:
    return imported(tmp_path, HEAD + "".join(f"        {line}\n" for line in body.splitlines())).Student


DIVISIONS = {
    "of reals": ("x = self.a\nself.b = 1 / (x - self.a)", BODY + 1, "rule Student.try_it"),
    "of a field in place": ("self.a = 1\nself.a /= self.m - self.m", BODY + 1, "rule Student.try_it"),
    "of whole numbers": ("self.m = self.m // (self.m - self.m)", BODY, "rule Student.try_it"),
    "what is left over": (
        "if self.a == self.a:\n    self.m = self.m % (self.m - self.m)",
        BODY + 1,
        "rule Student.try_it",
    ),
    "in a helper": ("self.a = inverse(self.a - self.a)", HEAD[: HEAD.index("1 / y")].count("\n") + 1, "helper inverse"),
}


@pytest.mark.parametrize(("body", "line", "name"), DIVISIONS.values(), ids=DIVISIONS)
def test_a_division_by_zero_in_a_compiled_rule_names_its_line(body, line, name, tmp_path):
    with pytest.raises(
        UserError, match=rf"drawn_rules_\d+.py, line {line}: {name} cannot be worked out: division by zero"
    ):
        run_compiled(student(tmp_path, body), weeks=1)


def test_a_constant_that_is_zero_is_nothing_to_divide_by(tmp_path):
    with pytest.raises(UserError, match=rf"line {BODY}: rule Student.try_it uses a division by zero"):
        write_module((student(tmp_path, "self.a = self.a / ZERO"),), {}, np.sum)


UNFORESEEN = {
    "a tuple in a field": ("self.b = 1\nself.a = (1, 2)", BODY + 1, r"Cannot cast Tuple\(1, 2\) to a real number"),
    "the length of a number": ("self.a = len(self.a)", BODY, r"len\(a real number\) means nothing"),
    "a number as a function": ("x = 1.5\nself.a = x(3)", BODY + 1, "a real number"),
    "two kinds of value": ("x = (1, 2) if self.flag else 3\nself.a = 1", BODY, "Cannot unify"),
}


@pytest.mark.parametrize(("body", "line", "why"), UNFORESEEN.values(), ids=UNFORESEEN)
def test_what_the_check_does_not_foresee_is_one_sentence_with_its_line(body, line, why, tmp_path):
    with pytest.raises(UserError, match=rf"line {line}: rule Student.try_it cannot be compiled: .*{why}") as caught:
        run_compiled(student(tmp_path, body))
    assert "policysim_rules_" not in str(caught.value), "no file that nobody wrote"
    assert len(str(caught.value)) < 400


def test_the_way_out_is_told_in_the_words_of_a_program_and_of_the_command_line(tmp_path):
    with pytest.raises(UserError) as caught:
        write_module((student(tmp_path, "self.a = [1][0]"),), {}, np.sum)
    assert str(caught.value).endswith('(or run it uncompiled: engine="python")')
    assert caught.value.at_the_prompt.endswith("(or run it uncompiled with --engine python)")
    assert UserError("one for both").at_the_prompt == "one for both"


# ---------------------------------------------------------------- what is declared


async def waits(self, here, world, luck):
    self.a = 1


def gives(self, here, world, luck):
    yield self.a


@functools.cache
def remembers(self, here, world, luck):
    return self.a


NO_RULES = {
    "async": (waits, "is async, so that it would never be lived; write def without async"),
    "a generator": (gives, "uses yield, so that it would never be lived"),
    "a static method": (staticmethod(gives), "write @{} directly above def"),
    "a class": (Tiny, "@{} stands above Tiny, which is no plain function"),
    "a decorated function": (remembers, "write @{} directly above def"),
    "no function": (7, "@{} stands above 7"),
}


@pytest.mark.parametrize("mark", [rule, helper])
@pytest.mark.parametrize(("wrong", "said"), NO_RULES.values(), ids=NO_RULES)
def test_only_a_plain_function_is_a_rule_or_helper_in_either_engine(mark, wrong, said):
    with pytest.raises(UserError) as caught:
        mark(wrong)
    assert said.format(mark.__name__) in str(caught.value)
    if wrong in (waits, gives):
        assert f"{__file__}, line {wrong.__code__.co_firstlineno}: {mark.__name__} {wrong.__name__}" in str(
            caught.value
        )


HEADS = {
    "a decorator below": (
        "    @rule\n    @twice\n    def go(self, here, world, luck):\n        self.a = 1\n",
        "has another decorator beside @rule",
    ),
    "a decorator above": (
        "    @twice\n    @rule\n    def go(self, here, world, luck):\n        self.a = 1\n",
        "another decorator|the decorator @twice",
    ),
    "a static method": (
        "    @staticmethod\n    @rule\n    def go(self, here, world, luck):\n        self.a = 1\n",
        "has another decorator beside @rule",
    ),
    "a usual value": (
        "    @rule\n    def go(self, here, world, luck=None):\n        self.a = 1\n",
        r"does not take the four arguments of a rule; write def go\(self, here, world, luck\)",
    ),
    "all arguments": ("    @rule\n    def go(*everything):\n        pass\n", "does not take the four arguments"),
    "three arguments": ("    @rule\n    def go(self, here, luck):\n        self.a = 1\n", "does not take the four"),
    "a lambda": ("    go = rule(lambda self, here, world, luck: 1)\n", "lambda"),
}
TWICE = """

def twice(f):
    @functools.wraps(f)
    def done(*given):
        f(*given)
        return f(*given)
    return done


"""


@pytest.mark.parametrize(("text", "said"), HEADS.values(), ids=HEADS)
def test_the_head_of_a_rule_is_told_with_its_line(text, said, tmp_path):
    head, _, _ = HEAD.partition("class Student")
    with pytest.raises(UserError, match=said) as caught:
        write_module((imported(tmp_path, head.rstrip() + TWICE + "class Student(Tiny):\n" + text).Student,), {}, np.sum)
    assert ".py, line " in str(caught.value)


def test_a_rule_of_a_class_made_in_a_function_is_compiled_and_not_said_to_have_changed():
    step = 0.25

    def made() -> type:
        class Student(Tiny):
            @rule
            def try_it(self, here, world, luck):
                self.a = step * draw(luck)

        return Student

    people = run_compiled(made(), weeks=1)[0].people
    assert 0 < people["a"].max() < step


def declared(**arguments) -> tuple[str, int]:
    line = sys._getframe().f_lineno + 2
    with pytest.raises(UserError) as caught:
        Field(**arguments)
    return str(caught.value), line


FIELDS = {
    "bool": ({"kind": "bool", "meaning": ""}, "write '?'"),
    "a class": ({"kind": bool, "meaning": ""}, "write '?'"),
    "float": ({"kind": "float", "meaning": ""}, "write 'f8'"),
    "short float": ({"kind": "float32", "meaning": ""}, "write 'f4'"),
    "several short floats": ({"kind": "f4", "meaning": "", "shape": 3}, "is one number; write f8 for several"),
    "int": ({"kind": int, "meaning": ""}, "write 'i4'"),
    "NumPy's": ({"kind": np.int16, "meaning": ""}, "write 'i2'"),
    "no kind at all": ({"kind": "text", "meaning": ""}, "kind is one of i1, i2, i4, i8, f4, f8, ?, not 'text'"),
    "no meaning": ({"kind": "i2"}, "says in words what it means"),
    "no length": ({"kind": "i2", "meaning": "", "shape": 0}, "each a whole number from 1 on"),
    "half a length": ({"kind": "i2", "meaning": "", "shape": (2, 1.5)}, "each a whole number from 1 on"),
    "no start": ({"kind": "i2", "meaning": "", "start": "none"}, "starts from a number, not 'none'"),
}


@pytest.mark.parametrize(("arguments", "said"), FIELDS.values(), ids=FIELDS)
def test_a_field_declared_wrongly_is_told_with_its_line(arguments, said):
    message, line = declared(**arguments)
    assert message.startswith(f"{__file__}, line {line}: ")
    assert said in message


class OwnMark(Mark):
    """A part of life of one's own."""

    HAPPENED = "something happened"


def test_fields_of_a_class_that_cannot_be_are_told_with_their_line():
    misnamed = type("Misnamed", (Tiny,), {"my_marks": Marks(OwnMark)})
    line = sys._getframe().f_lineno - 1
    with pytest.raises(
        UserError, match=rf"{__file__}, line {line}: Misnamed.my_marks: the field for OwnMark is own_marks"
    ):
        fields_of([misnamed])
    annotated = type("Annotated", (Tiny,), {"__annotations__": {"mood": Field("f8", "mine")}})
    with pytest.raises(UserError, match=r"write mood = Field\(...\), with = in place of the colon"):
        fields_of([annotated])
    with pytest.raises(UserError, match=rf"{__file__}, line \d+: Marks\(...\) takes an enumeration of marks"):
        Marks(3)


def test_an_override_that_is_no_rule_is_told_with_its_line(tmp_path):
    text = (
        HEAD
        + "        self.a = 1\n\n\nclass Child(Student):\n    def try_it(self, here, world, luck):\n        self.a = 2\n"
    )
    with pytest.raises(UserError, match=rf"line {BODY + 4}: Child.try_it replaces a rule but is not marked @rule"):
        rules_of(imported(tmp_path, text).Child)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("from policysim.agents.states import Housing", "line 2: .*import from policysim.rules what rules"),
        ("from policysim.rules import Huosing", "line 2: .*did you mean 'Housing'.*import from policysim.rules"),
        ("x = 1 / 0", "line 2: .*ZeroDivisionError: division by zero$"),
        ("x = = 1", "line 2: invalid syntax"),
    ],
)
def test_a_file_that_cannot_be_loaded_is_told_with_its_line_and_a_way_on(line, said, tmp_path):
    file = tmp_path / "my_rules.py"
    file.write_text(f"import policysim.rules\n{line}\n")
    with pytest.raises(UserError, match=said):
        check_file(file)


# ---------------------------------------------------------------- how things print


def test_people_here_the_world_and_luck_print_their_values():
    state = state_of(Tiny, 4)
    for kind, record in ((Here, state.places), (World, state.world)):
        row = row_class(kind.__name__, layout(fields_of([kind])))(record, 0)
        assert repr(row).startswith(f"<{kind.__name__} 0: ")
    assert repr(row_class("World", state.world.dtype)(state.world, 0)) == (
        "<World 0: table[0]=0.1, table[1]=1, table[2]=2.5, w=3, x=0.7; all else is 0>"
    )
    luck = Luck({"overdose": 1})
    luck.turn_to(17, 3, "overdose")
    draw(luck)
    assert repr(luck) == "<Luck of person 17, week 3, rule 'overdose': 1 drawn so far>"
    assert "quintile" in fields_of([HERE])


@pytest.fixture(scope="module")
def burnt_in():
    made = model(people=120, parameters=BUSY, engine="python")
    for _ in range(4):
        made.step()
    return made


def test_a_person_prints_with_names_of_states_and_not_their_codes(burnt_in):
    person = burnt_in.sample(1)[0]
    people = burnt_in.people
    people["use"][person.row], people["life"][person.row] = [0, 0, 3, 0, 0, 0, 1], 1
    people["housing"][person.row] = 0
    people["police_marks"][person.row] = int(PoliceMark.SEARCHED)
    said = repr(person)
    assert said.startswith(f"<{type(person).__name__} {person.row}: ")
    states = ("use[HEROIN]=DEPENDENT", "use[ALCOHOL]=EXPERIMENTING", "life=PRESENT", "housing=STABLE")
    for part in (*states, "police_marks=SEARCHED"):
        assert part in said
    assert str(person) == said and "\n" not in said
    shown = person._repr_html_()
    assert all(part in shown for part in ("use[HEROIN]", "DEPENDENT", "SEARCHED", "state of use by substance"))
    assert "weeks_since_release" not in shown and "use[CRACK]" not in shown
    assert "4 of 52 (1 year)" in burnt_in._repr_html_() and "Overdoses" in burnt_in._repr_html_()


def test_a_model_may_start_from_one_whose_people_lack_a_field_and_its_marks(burnt_in):
    class Cautious(YoungPerson):
        thought_twice = Field("i4", "times the person thought twice", "count", 0, start=2)
        own_marks = Marks(OwnMark)

        @rule
        def thinks(self, here, world, luck):
            self.thought_twice += 1
            self.own_marks |= OwnMark.HAPPENED

    made = model(people=120, parameters=BUSY, engine="python", start=burnt_in, people_classes=[Cautious])
    young = np.flatnonzero(made.people["present"] & (made.people["role"] == 0))
    assert np.array_equal(made.people["risk"], burnt_in.people["risk"])
    assert set(made.people["thought_twice"]) == {2}
    made.step()
    assert set(made.people["thought_twice"][young]) == {3}
    assert made.outcomes.flows[4, :, made.outcomes.column_of["HAPPENED"]].sum() >= young.size
    before = [made.outcomes.flows[:4, :, made.outcomes.column_of[mark.name]].sum() for mark in burnt_in.outcomes.marks]
    assert before == burnt_in.outcomes.flows[:4].sum(axis=(0, 1)).tolist()
