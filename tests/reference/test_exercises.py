"""Each exercise is unsolved by the stock rules, solved by a solution, and answered in one sentence."""

from pathlib import Path

import numpy as np
import pytest

from policysim.errors import UserError
from policysim.reference.checking import people_in
from policysim.reference.exercises import EXERCISES, Weeks, check, exercise, lived

HEAD = """from policysim.rules import (
    Adult, DependentUser, Field, Housing, JusticeMark, OverdoseMark, YoungPerson, happens, rule,
)
"""
ROLES = """

class Young(Mine, YoungPerson): ...


class Grown(Mine, Adult): ...


class Dependent(Mine, DependentUser): ...
"""
COUNTING = """

class Mine:
    weeks_lived = Field("i2", "weeks lived so far", "weeks", 0)
    overdoses_so_far = Field("i2", "overdoses so far", "count", 0)

    @rule
    def remember(self, here, world, luck):
        self.weeks_lived = min(self.weeks_lived + 1, 3000)
        if self.overdose_marks & OverdoseMark.OVERDOSED:
            self.overdoses_so_far = min(self.overdoses_so_far + 1, 3000)
"""
"""Solves 1 and 4, in which nothing else may change."""
CHANGING = """

class Mine:
    mentored = Field("i1", "has a mentor", "", 0, 1)

    @rule
    def meet_police(self, here, world, luck):
        if self.age >= 18 and self.housing != Housing.HOMELESS:
            super().meet_police(here, world, luck)

    @rule
    def wait(self, here, world, luck):
        if self.weeks_waiting > 0 or self.care == 1:
            self.weeks_waiting = min(self.weeks_waiting + 1, 3000)

    @rule
    def end_the_week(self, here, world, luck):
        self.fear = min(self.fear, 0.1)
        if 14 <= self.age < 14 + 1 / 52 and happens(0.1, luck):
            self.mentored = 1
        if self.mentored == 1:
            self.resilience += 0.3


class AtSchool:
    @rule
    def go_through_school(self, here, world, luck):
        if self.age >= 14:
            super().go_through_school(here, world, luck)


class Young(AtSchool, Mine, YoungPerson):
    @rule
    def start_using(self, here, world, luck):
        if self.age >= 16:
            super().start_using(here, world, luck)


class Grown(Mine, Adult): ...


class Dependent(AtSchool, Mine, DependentUser):
    @rule
    def start_another(self, here, world, luck):
        if self.age >= 16:
            super().start_another(here, world, luck)
"""
"""Solves the others but the seventh."""
KITS = """

class Mine:
    @rule
    def give_a_kit(self, here, world, luck):
        if self.justice_marks & JusticeMark.RELEASED:
            self.naloxone = True
"""
SOLVES = {COUNTING: (1, 4), CHANGING: (2, 3, 5, 6, 8, 9, 10), KITS: (7,)}

pytestmark = pytest.mark.slow


def kinds(text: str, folder: Path) -> list[type]:
    """The classes of a student's file."""
    file = folder / "mine.py"
    file.write_text(HEAD + text + (ROLES if "class Young(" not in text else ""), encoding="utf-8")
    return people_in(file)


def test_each_exercise_is_solved_by_one() -> None:
    assert sorted(n for numbers in SOLVES.values() for n in numbers) == list(range(1, len(EXERCISES) + 1))


@pytest.mark.parametrize("number", range(1, len(EXERCISES) + 1))
def test_the_stock_rules_solve_nothing(number: int) -> None:
    found = check(number, ())
    assert found and not found.endswith(".") and "\n" not in found


@pytest.mark.parametrize("text", SOLVES, ids=("counting", "changing", "kits"))
def test_a_solution_passes(text: str, tmp_path: Path) -> None:
    classes = kinds(text, tmp_path)
    assert {number: check(number, classes) for number in SOLVES[text]} == dict.fromkeys(SOLVES[text])


def changed(field: str, value: object, who: object = slice(None)) -> Weeks:
    """The stock weeks with something said of everybody, or of some, in all of them."""
    weeks = [week.copy() for week in lived(())]
    for week in weeks:
        week[field][who] = value
    return weeks


def test_too_much_is_told_as_well() -> None:
    stock = lived(())
    for number, field, said in (
        (2, "police_marks", "those of 18 and over are searched only 0 times"),
        (3, "police_marks", "those with a home are searched only 0 times"),
        (5, "fear", "nobody has any fear left"),
        (9, "use_marks", "those of 16 and over begin to use only 0 times"),
        (10, "school_marks", "pupils of 14 and over are excluded only 0 times"),
    ):
        assert said in next(exercise(number).check(stock, changed(field, 0)))
    assert "weeks_waiting should still grow" in list(exercise(6).check(stock, changed("weeks_waiting", 0)))[-1]
    assert "who were not released" in next(exercise(7).check(stock, changed("naloxone", np.True_)))


def test_a_fault_in_a_rule_is_one_sentence(tmp_path: Path) -> None:
    begins = "    @rule\n    def start_using(self, here, world, luck):\n"
    text = f"\n\nclass Mine:\n{begins}        super().start_using(here, world, luck)\n"
    with pytest.raises(UserError, match=r"line 9: rule Mine\.start_using fails: AttributeError"):
        check(1, kinds(text, tmp_path))


def test_a_number_that_is_none_is_told() -> None:
    with pytest.raises(UserError, match="numbered 1 to 10, not 11"):
        exercise(11)
