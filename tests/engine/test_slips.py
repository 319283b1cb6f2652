"""What somebody who learns Python writes by mistake in a rule, or a class of people, is told with what to write in its place."""

from pathlib import Path

import pytest
from tiny_world import imported

from policysim.agents.institutions.catalogue import HERE
from policysim.agents.roles import ROLES, roles_with
from policysim.engine.compiler import Writer
from policysim.engine.fields import fields_of, layout
from policysim.engine.reads import accesses, check_fields, fields_in
from policysim.errors import UserError
from policysim.evidence.registry import Parameters
from policysim.model.building import world_record

HEAD = """from policysim.rules import Field, YoungPerson, draw, happens, rule


class One(YoungPerson):
    @rule
    def start_using(self, here, world, luck):
"""
FIRST = HEAD.count("\n") + 1

HANDED_ON = r"write super\(\).start_using\(here, world, luck\)"
SLIPS = {
    "nothing in an if": ("if self.age < 18:\n    pass", r"'if self.age < 18' does nothing: only pass .*; write return"),
    "== in place of =": ("self.risk == 0.5", r"keeps nothing of it; to set it write self.risk = 0.5"),
    "a value not kept": ("self.risk + 1", r"works out self.risk \+ 1 and keeps nothing of it; give it a name"),
    "a name not called": ("super().start_using", r"does nothing with it; to call it write super\(\).start_using\(...\)"),
    "self handed to super()": ("super().start_using(self, here, world, luck)", HANDED_ON),
    "nothing handed to super()": ("super().start_using()", r"write super\(\).start_using\(here, world, luck\), without self"),
    "super without brackets": ("super.start_using(here, world, luck)", HANDED_ON),
    "the parent by name": ("YoungPerson.start_using(self, here, world, luck)", HANDED_ON),
    "another rule of super()": ("super().start_usin(here, world, luck)", r"did you mean 'start_using'\?: super\(\) goes on with"),
    "not imported": ("if self.ill == Occupation.SCHOOL:\n    return", "import it: from policysim.rules import Occupation"),
    "a helper misspelt": ("if hapens(0.5, luck):\n    return", r"'hapens', .* did you mean 'happens'\?"),
    "a word of another language": ("if self.ill == true:\n    return", "'true', which is not defined anywhere; write True"),
    "a number as text": ("if self.age < '18':\n    return", "write 18 without quotation marks"),
    "a state as text": ("if self.occupation == 'school':\n    return", "a text; .* write Occupation.SCHOOL"),
    "yes as text": ("self.ill = 'yes'", "a text; .* write True"),
    "per cent": ("if happens(10, luck):\n    return", "a probability is 0 to 1, so that ten in a hundred is 0.1"),
    "print": ("print(self.age)", "print, which compiled rules cannot do; take it out again"),
}  # fmt: skip


@pytest.mark.parametrize(("body", "said"), SLIPS.values(), ids=SLIPS)
def test_a_slip_in_a_rule_is_told_with_line_and_remedy(body, said, tmp_path):
    kind = imported(tmp_path, HEAD + "".join(f"        {line}\n" for line in body.split("\n"))).One
    with pytest.raises(UserError, match=rf"line {FIRST}: rule One.start_using\b.* ?{said}") as told:
        accesses(kind.start_using, kind)
        Writer().add(kind.start_using, kind)
    assert "\n" not in str(told.value)


def test_a_misspelt_state_is_told_with_the_nearest(tmp_path):
    body = "        if self.occupation == Occupation.SCHOL:\n            return\n"
    kind = imported(tmp_path, HEAD.replace("Field,", "Field, Occupation,") + body).One
    with pytest.raises(UserError, match=r"Occupation.SCHOL, which does not exist; did you mean 'SCHOOL'\?"):
        Writer().add(kind.start_using, kind)


RULE = "    @rule\n    def {}(self, here, world, luck):\n        self.risk = 0.0\n"
CLASSES = {
    "__init__": ("class One(YoungPerson):\n    def __init__(self):\n        self.a = 0\n", r"line 4: One has a method __init__"),
    "step": ("class One(YoungPerson):\n    def step(self):\n        self.a = 0\n", r"line 4: One has a method step"),
    "the model's first": (
        f"class Calm:\n{RULE.format('start_using')}\n\nclass One(YoungPerson, Calm): ...\n",
        r"line 4: rule Calm.start_using is never lived by One, .*; write class One\(Calm, YoungPerson\)",
    ),
    "another role's": (
        f"class One(Adult):\n{RULE.format('start_using')}",
        r"line 4: One has the rule 'start_using', by which Adult does not live: derive the class from YoungPerson",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), CLASSES.values(), ids=CLASSES)
def test_a_class_that_would_not_be_lived_as_it_is_written_is_told(text, said, tmp_path: Path):
    kind = imported(tmp_path, f"from policysim.rules import Adult, YoungPerson, rule\n\n{text}").One
    with pytest.raises(UserError, match=said):
        roles_with([kind])


def test_two_classes_for_one_role_are_told_with_what_joins_them(tmp_path):
    text = "from policysim.rules import YoungPerson\n\n\nclass One(YoungPerson): ...\n\n\nclass Two(YoungPerson): ...\n"
    module = imported(tmp_path, text)
    with pytest.raises(UserError, match=r"both One and Two are given .* as in class Both\(One, Two\)"):
        roles_with([module.One, module.Two])


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ('weeks = Field("i2", "weeks so far", "weeks", 0)', r"line 5: field 'weeks' .*; every person has a field 'weeks'"),
        ("mine = Field()", r"line 5: a field says what it holds and means, as in Field\('i2', "),
    ],
)  # fmt: skip
def test_a_field_that_clashes_or_says_nothing_is_told_with_its_line(declared, said, tmp_path):
    text = f"from policysim.rules import Field, YoungPerson\n\n\nclass One(YoungPerson):\n    {declared}\n"
    with pytest.raises(UserError, match=said):
        fields_of([imported(tmp_path, text).One])


def test_a_field_of_another_record_is_told_with_whose_it_is(tmp_path):
    kind = imported(tmp_path, HEAD + "        if here.age < 18:\n            return\n").One
    world = world_record(Parameters(), ROLES).dtype
    layouts = layout(fields_of([kind])), layout(fields_of([HERE])), world
    with pytest.raises(UserError, match=rf"line {FIRST}: .* uses here.age, .*; write self.age"):
        check_fields((kind,), (), *map(fields_in, layouts))
