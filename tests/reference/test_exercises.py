"""Each exercise is unsolved by the stock rules, solved by a solution, and answered in one sentence."""

from pathlib import Path

import numpy as np
import pytest

from policysim.errors import UserError
from policysim.reference import exercise_checks as checks
from policysim.reference.exercise_worlds import SCHOOL, SCHOOL_YEAR, TOWN, Weeks, World, lived
from policysim.reference.exercises import EXERCISES, check, exercise

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
HEAD = """from policysim.rules import (
    Adult, DependentUser, Field, Friends, JusticeMark, OverdoseMark, YoungPerson, begin, helper, rule,
)
"""
ROLES = """

class Young(Mine, YoungPerson): ...


class Grown(Mine, Adult): ...


class Dependent(Mine, DependentUser): ...
"""
COUNTING = """

class Mine:
    weeks_of_use = Field("i2", "weeks of use so far", "weeks", 0)
    overdoses_so_far = Field("i2", "overdoses so far", "count", 0)

    @rule
    def remember(self, here, world, luck):
        if self.using > 0:
            self.weeks_of_use = min(self.weeks_of_use + 1, 3000)
        if self.overdose_marks & OverdoseMark.OVERDOSED:
            self.overdoses_so_far = min(self.overdoses_so_far + 1, 3000)
"""
"""Solves 1 and 3, in which nothing else may change."""
CHANGING = """

class Mine:
    @rule
    def meet_police(self, here, world, luck):
        if self.age >= 18:
            super().meet_police(here, world, luck)

    @rule
    def wait(self, here, world, luck):
        if self.weeks_waiting > 0 or self.care == 1:
            self.weeks_waiting = min(self.weeks_waiting + 1, 3000)

    @rule
    def end_the_week(self, here, world, luck):
        self.fear = min(self.fear, 0.1)
"""
KITS = """

class Mine:
    @rule
    def give_a_kit(self, here, world, luck):
        if self.justice_marks & JusticeMark.RELEASED:
            self.naloxone = True
"""
MENTOR, FRIEND, LATER = (
    (EXAMPLES / f"{name}.py").read_text() for name in ("mentor_at_14", "friend_in_treatment", "exclusion_a_year_later")
)
MOVED = '\nANSWER = {"deaths": "same", "exclusions": "fewer", "suspensions": "more", "first_use": "fewer"}\n'
NUMBERS = """[parameters]
price_of_shortage = 3.5
price_elasticity = 0.9
potency_of_shortage = -1.0
line_supply_share = 0.6
seized_share = 0.15
"""
SOLVES = {
    HEAD + COUNTING + ROLES: (1, 3),
    HEAD + CHANGING + ROLES: (2, 4, 5),
    HEAD + KITS + ROLES: (6,),
    MENTOR: (7,),
    FRIEND: (8,),
    LATER + MOVED: (9,),
    NUMBERS: (10,),
}

pytestmark = pytest.mark.slow


def written(text: str, folder: Path) -> Path:
    """A student's file."""
    file = folder / ("mine.toml" if text.startswith("[") else "mine.py")
    file.write_text(text, encoding="utf-8")
    return file


def test_each_exercise_is_solved_by_one() -> None:
    assert sorted(n for numbers in SOLVES.values() for n in numbers) == list(range(1, len(EXERCISES) + 1))


@pytest.mark.parametrize("text", SOLVES, ids=("counting", "changing", "kits", "mentor", "friend", "later", "numbers"))
def test_a_solution_passes(text: str, tmp_path: Path) -> None:
    file = written(text, tmp_path)
    assert {number: check(number, file) for number in SOLVES[text]} == dict.fromkeys(SOLVES[text])


@pytest.mark.parametrize(
    ("judge", "world"),
    [
        (checks.counts_use, TOWN),
        (checks.spares_children, TOWN),
        (checks.counts_overdoses, TOWN),
        (checks.limits_fear, TOWN),
        (checks.loses_nobody, TOWN),
        (checks.gives_kits, TOWN),
        (checks.gives_mentors, SCHOOL),
        (checks.steadies_friends, SCHOOL),
        (checks.excludes_later, SCHOOL_YEAR),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_the_stock_rules_solve_nothing(judge: checks.Check, world: World) -> None:
    found = next(judge(lived(world, ()), lived(world, ())))
    assert found and not found.endswith(".") and "\n" not in found


def changed(world: World, field: str, value: object, who: object = slice(None)) -> Weeks:
    """The stock weeks with something said of everybody, or of some, in all of them."""
    weeks = [week.copy() for week in lived(world, ())]
    for week in weeks:
        week[field][who] = value
    return weeks


def test_too_much_is_told_as_well() -> None:
    stock = lived(TOWN, ())
    for judge, field, said in (
        (checks.spares_children, "police_marks", "those of 18 and over are searched only 0 times"),
        (checks.limits_fear, "fear", "nobody has any fear left"),
    ):
        assert said in next(judge(stock, changed(TOWN, field, 0)))
    assert "weeks_waiting should still grow" in list(checks.loses_nobody(stock, changed(TOWN, "weeks_waiting", 0)))[-1]
    assert "who were not released" in next(checks.gives_kits(stock, changed(TOWN, "naloxone", np.True_)))


def test_fewer_first_uses_of_everybody_are_not_those_of_some() -> None:
    spared = changed(SCHOOL, "use_marks", 0, slice(None, None, 2))
    found = list(checks.steadies_friends(lived(SCHOOL, ()), spared))
    assert len(found) == 1 and found[0].startswith("those without a friend in treatment begin to use")


def test_an_answer_is_held_against_the_run() -> None:
    stock, fewer = lived(SCHOOL_YEAR, ()), changed(SCHOOL_YEAR, "school_marks", 0)
    right = {"deaths": "same", "exclusions": "fewer", "suspensions": "fewer", "first_use": "same"}
    assert list(checks.says_what_moved(stock, fewer, right)) == []
    for answer, said in (
        (None, "the file has no answer yet"),
        (right | {"deaths": "none"}, "'none' of deaths: it is one of fewer, more, same"),
        (right | {"deaths": "fewer"}, "'fewer' of deaths, and in this run it was 0 where it was 0"),
    ):
        assert said in next(checks.says_what_moved(stock, fewer, answer))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[parameters]\npatrol_effect = 0.17\n", "-component has fewer misuse deaths, expected"),
        ("seed = 2\n[parameters]\n", "changes no number"),
        ("[parameters]\npatrol_effect = 0.9\n", "patrol_effect"),
        (NUMBERS + "patrol_effect = 0.17\n", "changes 6 numbers, and should do with 5 at most"),
    ],
    ids=("loses", "nothing", "beyond", "many"),
)
def test_numbers_that_do_not_do_it_are_told(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    try:
        found = check(10, file)
    except UserError as error:
        found = str(error)
    assert found and said in found


def test_a_fault_in_a_rule_is_one_sentence(tmp_path: Path) -> None:
    begins = "    @rule\n    def start_using(self, here, world, luck):\n"
    text = f"{HEAD}\n\nclass Mine:\n{begins}        super().start_using(here, world, luck)\n{ROLES}"
    with pytest.raises(UserError, match=r"line 7: Grown has the rule 'start_using', by which Adult does not live"):
        check(1, written(text, tmp_path))


def test_a_number_that_is_none_is_told() -> None:
    with pytest.raises(UserError, match="numbered 1 to 10, not 11"):
        exercise(11)
