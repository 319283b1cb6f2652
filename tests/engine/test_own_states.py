"""A field may hold states of one's own: they are shown by their names, and what is no such state is refused."""

from enum import IntEnum

import pytest
from small_worlds import model

from policysim.engine.fields import fields_of
from policysim.engine.ranges import FieldError
from policysim.errors import UserError
from policysim.model.person_table import person_table
from policysim.reference.circumstances import values_of
from policysim.rules import Field, YoungPerson, rule


class Club(IntEnum):
    NEVER = 0
    MEMBER = 1
    LEFT_IT = 2


class Member(YoungPerson):
    club = Field("i1", "stands so with the club", Club)

    @rule
    def join(self, here, world, luck):
        self.club = Club.LEFT_IT if self.age >= 15 else Club.MEMBER


def test_states_are_shown_by_name_and_held_to():
    made = model(people=200, engine="python", people_classes=[Member])
    made.step()
    row = int((made.look()["club"] == Club.LEFT_IT).argmax())
    assert "club=LEFT_IT" in repr(made.person(row))
    words = person_table(made)["club"].to_pylist()
    assert {"never", "member", "left-it"} == set(words)
    with pytest.raises(FieldError, match=r"sets self\.club to 3, which must be a Club: 0 to 2"):
        made.person(row).club = 3


class Gaps(IntEnum):
    ONE = 1
    FIVE = 5


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("i1", "stands so", Gaps), "numbered 0, 1, 2"),
        (("f8", "stands so", Club), "kind i1"),
        (("i1", "stands so", Club, 0, 1), "leave out low and high"),
        (("i1", "stands so", int), "are an IntEnum"),
    ],
)
def test_what_is_no_enumeration_of_states_is_told(arguments: tuple, says: str):
    with pytest.raises(UserError, match=says):
        Field(*arguments)


def test_a_start_is_a_state():
    assert Field("i1", "stands so", Club, start=Club.MEMBER).start == 1
    with pytest.raises(UserError, match="starts from one of its states"):
        Field("i1", "stands so", Club, start=3)


def test_states_named_as_those_of_the_model_are_still_ones_own():
    own = IntEnum("Care", ["NONE", "SOME"], start=0)
    assert Field("i1", "how much care", own).states is own
    assert values_of(Field("i1", "how much care", own)) == [0, 1]


def test_two_classes_may_not_hold_different_states_in_one_field():
    class Place(IntEnum):
        OUT = 0
        IN = 1
        GONE = 2

    class Other(YoungPerson):
        club = Field("i1", "stands so elsewhere", Place)

    with pytest.raises(UserError, match="holds other states"):
        fields_of([Member, Other])
