"""Marks without a ceiling: as many parts of life as are needed, each with 31, counted alike in both engines."""

import numpy as np
import pytest
from random_rules import MARKED_PARTS, person_module
from small_worlds import BUSY, model
from tiny_world import imported

from policysim.engine.fields import Field, Marks, fields_of, marks_in
from policysim.errors import UserError
from policysim.vocabulary.mark import MOST_MARKS, Mark, field_of, marked, rows_marked
from policysim.vocabulary.marks import MARKS, PARTS, CareMark, PoliceMark


def test_every_mark_of_one_part_is_a_bit_of_its_own_and_has_a_name_of_its_own():
    for part in PARTS:
        assert sorted(int(mark) for mark in part) == [1 << k for k in range(len(part))]
    assert len({mark.name for mark in MARKS}) == len(MARKS)


def test_marks_of_two_parts_are_never_the_same_mark_though_they_may_be_the_same_bit():
    assert int(CareMark.ASKED_FOR_TREATMENT) == int(PoliceMark.SEARCHED)
    assert CareMark.ASKED_FOR_TREATMENT != PoliceMark.SEARCHED
    assert len({CareMark.ASKED_FOR_TREATMENT, PoliceMark.SEARCHED}) == 2


@pytest.mark.slow
def test_there_is_room_for_two_hundred_marks_and_more(tmp_path):
    drawn = imported(tmp_path, person_module(1))
    own = [drawn.DrawnYoungPerson, drawn.DrawnAdult, drawn.DrawnDependentUser]
    assert sum(len(part) for part in marks_in(fields_of(own)).values()) > 250
    for engine in ("compiled", "python"):
        made = model(people=60, parameters=BUSY, people_classes=own, engine=engine)
        for _ in range(3):
            lived = made.people["present"].copy()
            made.step()
            left = made.week % 2 == 1  # the week that was lived was an even one
            alive = lived & made.people["present"]
            for part in (0, MARKED_PARTS - 1):
                count = made.outcomes.flows[made.week - 1, :, made.outcomes.column_of[f"NEW_{part}_30"]].sum()
                assert alive.sum() * left <= count <= lived.sum() * left
                assert (made.people[f"part{part}_marks"][alive] != 0).all() == left
            middle = made.outcomes.flows[:, :, made.outcomes.column_of["NEW_3_15"]]
            assert middle.sum() == 0
        made.close()


def test_who_is_marked_is_told_for_any_of_several_parts():
    people = np.zeros(4, [("police_marks", "i4"), ("care_marks", "i4")])
    people["police_marks"][1] = PoliceMark.SEARCHED | PoliceMark.CHARGED
    people["care_marks"][3] = CareMark.DROPPED_OUT
    assert marked(people, PoliceMark.CHARGED, CareMark.DROPPED_OUT).tolist() == [False, True, False, True]
    assert marked(people, PoliceMark.CAUTIONED).tolist() == [False] * 4
    assert rows_marked(people, np.array([0, 1, 3]), CareMark.DROPPED_OUT).tolist() == [3]


def test_a_part_of_life_has_room_for_31_marks_and_not_for_32():
    enough = Mark("EnoughMark", {f"M{k}": f"number {k}" for k in range(MOST_MARKS)})
    assert Marks(enough).marks is enough
    with pytest.raises(UserError, match="TooMuchMark has 32 marks; a part of life can have 31: divide it"):
        Marks(Mark("TooMuchMark", {f"M{k}": f"number {k}" for k in range(MOST_MARKS + 1)}))


def test_the_field_of_marks_goes_by_their_name():
    assert field_of(PoliceMark) == "police_marks"
    wrong = type("Wrong", (), {"officer_marks": Marks(PoliceMark)})
    with pytest.raises(UserError, match=r"Wrong.officer_marks: the field for PoliceMark is police_marks"):
        fields_of([wrong])


def test_two_marks_of_one_name_are_refused():
    twin = Mark("TwinMark", {"SEARCHED": "searched by somebody else"})
    fields: dict[str, Field] = {"police_marks": Marks(PoliceMark), "twin_marks": Marks(twin)}
    with pytest.raises(UserError, match="PoliceMark and TwinMark both have a mark SEARCHED: rename one"):
        marks_in(fields)


WANDER = """
from policysim.rules import CareMark, PoliceMark, YoungPerson, rule


class Mistaken(YoungPerson):
    @rule
    def wander(self, here, world, luck):
        mark = CareMark.DROPPED_OUT
        {}
"""


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("self.police_marks |= CareMark.DROPPED_OUT", "leaves .*; it belongs in self.care_marks"),
        ("self.police_marks |= PoliceMark.SEARCHED | CareMark.DROPPED_OUT", "leaves CareMark.DROPPED_OUT in self.police_marks"),
        ("self.police_marks |= PoliceMark.SEARCHED if self.present else CareMark.DROPPED_OUT", "leaves CareMark"),
        ("self.police_marks |= mark", r"adds mark to .*, as in self.police_marks \|= PoliceMark."),
        ("self.police_marks |= 4", "adds 4 to self.police_marks; say the mark itself"),
        ("self.police_marks = PoliceMark.SEARCHED", r".* adds to it: self.police_marks \|= PoliceMark."),
        ("self.police_marks += PoliceMark.SEARCHED", "changes self.police_marks, which holds all that has happened"),
    ],
)  # fmt: skip
def test_a_mark_left_in_the_wrong_way_is_told_with_its_line(tmp_path, line, said):
    mistaken = imported(tmp_path, WANDER.format(line)).Mistaken
    with pytest.raises(UserError, match=rf"line 9: rule Mistaken.wander {said}"):
        model(people=60, people_classes=[mistaken])
