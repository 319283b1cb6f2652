"""Ten graded exercises: what is asked of a student's file, and whether a small run has the property that it should give it.

A check says in one sentence what is not yet so. It cannot say that a file is right, only that this is.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from policysim.errors import UserError
from policysim.reference import exercise_checks as checks
from policysim.reference.checking import DERIVE_PEOPLE, people_and_levers_in
from policysim.reference.exercise_checks import Check
from policysim.reference.exercise_numbers import wins
from policysim.reference.exercise_worlds import SCHOOL, SCHOOL_YEAR, TOWN, World, lived
from policysim.scenarios.own_classes import load_file
from policysim.scenarios.scenario import read_scenario


@dataclass(frozen=True)
class Exercise:
    """What is asked, where to begin, and how a file with an answer is looked at: what is not yet so, the most telling first."""

    title: str
    asks: str
    begin: str
    missing: Callable[[Path], Iterator[str]]


def check(number: int, file: Path) -> str | None:
    """What is not yet so of the n-th exercise, in a sentence; None where it is passed. The file is run."""
    return next(exercise(number).missing(file), None)


def exercise(number: int) -> Exercise:
    """The n-th, counted from one; raises UserError."""
    if not 1 <= number <= len(EXERCISES):
        raise UserError(
            f"exercises are numbered 1 to {len(EXERCISES)}, not {number}; 'policysim exercise list' shows them"
        )
    return EXERCISES[number - 1]


def _rules(judge: Check, world: World) -> Callable[[Path], Iterator[str]]:
    """An answer by rules: everybody lives by the stock ones, and by those of the file."""

    def missing(file: Path) -> Iterator[str]:
        yield from judge(lived(world, ()), lived(world, _people(file)))

    return missing


def _people(file: Path) -> tuple[type, ...]:
    """The classes of people in a file; raises UserError."""
    kinds, _ = people_and_levers_in(file)
    if not kinds:
        raise UserError(f"{file} holds no class of people ({DERIVE_PEOPLE})")
    return tuple(kinds)


def _rules_and_what_they_move(file: Path) -> Iterator[str]:
    """Rules, and beside them ANSWER."""
    yield from _rules(checks.excludes_later, SCHOOL_YEAR)(file)
    answer = getattr(load_file(file), "ANSWER", None)
    yield from checks.says_what_moved(lived(SCHOOL_YEAR, ()), lived(SCHOOL_YEAR, _people(file)), answer)


def _numbers(file: Path) -> Iterator[str]:
    """The numbers of a scenario."""
    if file.suffix != ".toml":
        raise UserError(f"{file} is no scenario: here the answer is a file of numbers, whose name ends in .toml")
    yield from wins(read_scenario(file))


EXERCISES = (
    Exercise(
        "For how long do people use?",
        "Everybody has a field weeks_of_use that grows by one in every week at whose end they use something. Nothing else "
        "changes, in anybody's life.",
        "a rule of a new name and Field('i2', 'weeks of use so far', 'weeks', 0), in a class that all three roles are mixed "
        "with. self.using is how many substances somebody uses.",
        _rules(checks.counts_use, TOWN),
    ),
    Exercise(
        "Nobody under 18 is searched",
        "What would change if police did not search children? Nobody under 18 is searched; all others are as before.",
        "policysim rules new my_rules.py --changes meet_police",
        _rules(checks.spares_children, TOWN),
    ),
    Exercise(
        "Remember each overdose",
        "Does one overdose foretell another? A field overdoses_so_far says how many each has had by now. Nothing else changes.",
        "self.overdose_marks & OverdoseMark.OVERDOSED is not 0 in a week with one. A rule of a new name comes after the others.",
        _rules(checks.counts_overdoses, TOWN),
    ),
    Exercise(
        "Less to be afraid of",
        "Fear keeps people from asking for help. What if it never grew? At the end of a week nobody's fear is above 0.1.",
        "a rule of a new name that ends the week with min(self.fear, 0.1), in all three roles.",
        _rules(checks.limits_fear, TOWN),
    ),
    Exercise(
        "Nobody gives up waiting",
        "What does a waiting list cost? Whoever waits for treatment goes on waiting; the weeks are counted as before.",
        "policysim rules new my_rules.py --changes wait; read the rule first: it counts, and it loses people.",
        _rules(checks.loses_nobody, TOWN),
    ),
    Exercise(
        "A kit at the gate",
        "Most leave prison without naloxone. Whoever is released in due time has a kit that week; nobody else is given one.",
        "self.justice_marks & JusticeMark.RELEASED is not 0 in the week of a release. A rule of a new name comes last.",
        _rules(checks.gives_kits, TOWN),
    ),
    Exercise(
        "A mentor at 14",
        "What would a mentor change? One pupil in ten meets one at 14, once and at no other age, and keeps them: a field "
        "has_mentor says who. Whoever has a mentor begins to use a third less often; everybody else is as before.",
        "policysim rules new my_rules.py --changes begin: every first use goes through that helper, which is called with a "
        "ratio. happens(0.1, luck) asks luck once: remember who was asked.",
        _rules(checks.gives_mentors, SCHOOL),
    ),
    Exercise(
        "A friend in treatment",
        "Does treatment help those who know somebody in it? A young person with a friend in treatment begins to use half as "
        "often; everybody else is as before.",
        "Friends(lambda friend: ...) counts the friends of whom something holds. Whose care is Care.AGONIST or a greater state "
        "is in treatment; Care.WAITING is less.",
        _rules(checks.steadies_friends, SCHOOL),
    ),
    Exercise(
        "Exclusion a year later",
        "Does a later exclusion change deaths, and what does it change? Whoever is excluded by the stock rules stays a pupil for "
        "a year more, and is excluded then, if still at school. In the same file ANSWER says what that does to deaths, "
        "exclusions, suspensions and first_use, 'fewer', 'more' or 'same' of each.",
        "policysim rules new my_rules.py --changes be_excluded: all exclusions go through that helper. To answer, policysim "
        "compare west-midlands --rules my_rules.py --one-in 40; its table has a few outcomes, summary.csv in its folder all.",
        _rules_and_what_they_move,
    ),
    Exercise(
        "Enforcement alone",
        "What would have to be true for enforcement alone to win? A scenario that changes five numbers at most, each within its "
        "range, by which enforcement-only has fewer expected misuse deaths than any of the other four regimes.",
        "a file my.toml with [parameters] and lines such as patrol_effect = 0.17. What does enforcement act on that others do "
        "not? policysim levers supply_disruption says it of one lever; policysim parameters has every range.",
        _numbers,
    ),
)
"""From the easiest on."""
