"""Ten graded exercises: what is asked of a student's rules, and whether a small run has the property that they should give it.

A made-up place, in which much happens to few, lives some weeks by the stock rules and by the student's, in the Python engine and
with the same luck. A check looks at both and says what is not yet so; it cannot say that rules are right, only that this is.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from policysim.engine.ranges import failures_told
from policysim.errors import UserError
from policysim.model import DrugPolicyModel
from policysim.vocabulary.marks import CareMark, JusticeMark, OverdoseMark, PoliceMark, SchoolMark, UseMark
from policysim.vocabulary.states import Care, Housing, Justice, Role

PLACE, PEOPLE, WEEKS = "authority:middlesbrough", 300, 16
BUSY = {
    "ocu_per_1000": 250.0,
    "searches_per_1000": 2500.0,
    "start_level[cannabis]": 60.0,
    "start_level[party]": 60.0,
    "overdose_rate[heroin]": 2.0,
    "exclusion_rate[women]": 12.0,
    "exclusion_rate[men]": 12.0,
    "give_up_waiting": 0.4,
    "agonist_places_ratio": 0.7,
    "psychosocial_places_ratio": 0.5,
}
"""Numbers that nobody measured: so much happens that a few people in a few weeks meet all that is asked about."""
TURNING = 13.72
"""The age from which half of the young begin, so that they turn 14 within the run (years)."""
Weeks = Sequence[np.ndarray]
"""Everybody as they are at the end of each week, a record a person, always in the same order; first as they began."""
Check = Callable[[Weeks, Weeks], Iterator[str]]
"""Given the weeks by the stock rules and by the student's: what is not yet so, the most telling first."""


@dataclass(frozen=True)
class Exercise:
    """What is asked, where to begin, and how an answer is looked at."""

    title: str
    asks: str
    begin: str
    check: Check


def check(number: int, kinds: Sequence[type]) -> str | None:
    """What is not yet so of the n-th exercise, in a sentence; None where it is passed."""
    return next(exercise(number).check(lived(()), lived(tuple(kinds))), None)


def exercise(number: int) -> Exercise:
    """The n-th, counted from one; raises UserError."""
    if not 1 <= number <= len(EXERCISES):
        raise UserError(
            f"exercises are numbered 1 to {len(EXERCISES)}, not {number}; 'policysim exercise list' shows them"
        )
    return EXERCISES[number - 1]


@lru_cache(maxsize=4)
def lived(kinds: tuple[type, ...]) -> Weeks:
    """The same weeks of the same people, by these rules in place of the stock ones."""
    model = DrugPolicyModel(
        PLACE,
        people=PEOPLE,
        years=1,
        seed=1,
        engine="python",
        parameters=BUSY,
        beyond_ranges=True,
        people_classes=kinds or None,
    )
    with closing(model), failures_told():
        _make_young(model.people)
        _shorten_sentences(model.people)
        weeks = [model.look().copy()]
        for _ in range(WEEKS):
            model.step()
            weeks.append(model.look().copy())
        return weeks


def _make_young(people: np.ndarray) -> None:
    """Half of the young turn 14 within the run, the others are of all ages from there to 22."""
    young = np.flatnonzero(people["present"] & (people["role"] == Role.YOUNG_PERSON))
    turning, older = young[::2], young[1::2]
    people["age"][turning] = np.linspace(TURNING, 13.98, len(turning))
    people["age"][older] = np.linspace(14, 22, len(older))
    people["band"][young] = (people["age"][young] // 5 - 2).astype(int)


def _shorten_sentences(people: np.ndarray) -> None:
    """Those in custody are released week by week."""
    inside = np.flatnonzero(people["present"] & (people["justice"] == Justice.CUSTODY))
    people["weeks_left"][inside] = np.arange(len(inside)) % WEEKS + 1
    people["naloxone"][inside] = False


# ---------------------------------------------------------------- what checks are made of


def _marked(week: np.ndarray, field: str, mark: int) -> np.ndarray:
    return week["present"] & (week[field] & mark > 0)


def _count(weeks: Weeks, field: str, mark: int, who: Callable[[np.ndarray], np.ndarray]) -> int:
    """How often this happened to those of whom something is so."""
    return sum(int((_marked(week, field, mark) & who(week)).sum()) for week in weeks[1:])


def _never(weeks: Weeks, field: str, mark: int, who: Callable, words: str) -> Iterator[str]:
    """A sentence where it still happens to those of whom something is so."""
    if still := _count(weeks, field, mark, who):
        yield f"{words} {_times(still)} in {WEEKS} weeks, and should be never"


def _still(stock: Weeks, weeks: Weeks, field: str, mark: int, who: Callable, words: str) -> Iterator[str]:
    """A sentence where it hardly happens any more to everyone else."""
    before, now = (_count(each, field, mark, who) for each in (stock, weeks))
    if now < before / 2:
        yield f"{words} only {_times(now)} where it was {before} by the stock rules: that should stay as it was"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _has(weeks: Weeks, name: str) -> Iterator[str]:
    if name not in (weeks[0].dtype.names or ()):
        yield f"nobody has a field called {name} yet: declare it in the class, as in {name} = Field(...)"


def _nothing_else(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    """A sentence for the first field of the model that is no longer what it was."""
    for number, (usual, mine) in enumerate(zip(stock, weeks, strict=True)):
        for name in usual.dtype.names or ():
            if not np.array_equal(usual[name], mine[name]):
                yield f"{name} is no longer what it was from week {number} on: only the new field should differ"
                return


def _under(age: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda week: week["age"] < age


def _from(age: float) -> Callable[[np.ndarray], np.ndarray]:
    return lambda week: week["age"] >= age


# ---------------------------------------------------------------- the checks


def _counts_weeks(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    yield from _has(weeks, "weeks_lived")
    for before, after in pairwise(weeks):
        both = before["present"] & after["present"]
        if not np.array_equal(after["weeks_lived"][both], before["weeks_lived"][both] + 1):
            yield "weeks_lived does not grow by one for everybody in every week: is the rule in all three roles?"
    yield from _nothing_else(stock, weeks)


def _spares_children(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    yield from _never(weeks, "police_marks", PoliceMark.SEARCHED, _under(18), "somebody under 18 is searched")
    yield from _still(stock, weeks, "police_marks", PoliceMark.SEARCHED, _from(18), "those of 18 and over are searched")


def _spares_homeless(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    def homeless(week: np.ndarray) -> np.ndarray:
        return week["housing"] == Housing.HOMELESS

    yield from _never(weeks, "police_marks", PoliceMark.SEARCHED, homeless, "somebody without a home is searched")
    yield from _still(
        stock,
        weeks,
        "police_marks",
        PoliceMark.SEARCHED,
        lambda week: ~homeless(week),
        "those with a home are searched",
    )


def _counts_overdoses(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    yield from _has(weeks, "overdoses_so_far")
    expected = np.zeros(len(weeks[0]), dtype=int)
    for number, week in enumerate(weeks[1:], start=1):
        expected += week["overdose_marks"] & OverdoseMark.OVERDOSED > 0
        there = week["present"]
        if wrong := int((week["overdoses_so_far"][there] != expected[there]).sum()):
            yield f"in week {number} overdoses_so_far is wrong for {wrong} people: it should be how many they had until then"
    yield from _nothing_else(stock, weeks)


def _limits_fear(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    above = max(float(week["fear"][week["present"]].max()) for week in weeks[1:])
    if above > 0.1 + 1e-6:  # as it is kept, in four bytes
        yield f"somebody's fear is {above:.2f} at the end of a week, and should be at most 0.1"
    if not any((week["fear"][week["present"]] > 0).any() for week in weeks[1:]):
        yield "nobody has any fear left: it should be limited and not taken away"


def _loses_nobody(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    def anybody(week: np.ndarray) -> np.ndarray:
        return week["present"]

    yield from _never(weeks, "care_marks", CareMark.GAVE_UP_WAITING, anybody, "somebody gives up waiting")
    for before, after in pairwise(weeks):
        both = after["present"] & (before["care"] == Care.WAITING) & (after["care"] == Care.WAITING)
        if (after["weeks_waiting"][both] <= before["weeks_waiting"][both]).any():
            yield "somebody waits and their weeks are not counted any more: weeks_waiting should still grow"


def _gives_kits(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    lives_differ = False
    for number, (usual, week) in enumerate(zip(stock[1:], weeks[1:], strict=True), start=1):
        early = _marked(week, "justice_marks", JusticeMark.RELEASED_EARLY)  # decided after everyone has lived the week
        out = _marked(week, "justice_marks", JusticeMark.RELEASED) & ~early
        if without := int((out & ~week["naloxone"]).sum()):
            yield f"{without} of those released in week {number} had no kit at its end"
        moved = (week["naloxone"] != usual["naloxone"]) & ~out
        if moved.any() and not lives_differ:
            yield f"in week {number} {int(moved.sum())} people have another kit than by the stock rules who were not released"
        lives_differ |= bool(out.any())


def _gives_mentors(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    yield from _has(weeks, "mentored")
    first, last = weeks[0], weeks[-1]
    there = first["present"] & last["present"]
    turned = there & (first["age"] < 14) & (last["age"] >= 14)
    mentored = last["mentored"] > 0
    if others := int((mentored & there & ~turned).sum()):
        yield f"{others} people are mentored who did not turn 14 in these weeks"
    share = float(mentored[turned].mean())
    if not 0.02 <= share <= 0.25:
        yield f"{share:.0%} of those who turned 14 are mentored, and it should be about one in ten"
    if not (last["resilience"] > stock[-1]["resilience"])[turned & mentored].all():
        yield "somebody who is mentored has no more resilience than by the stock rules"


def _delays_first_use(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    yield from _never(weeks, "use_marks", UseMark.FIRST_USE, _under(16), "somebody under 16 begins to use a drug")
    yield from _still(stock, weeks, "use_marks", UseMark.FIRST_USE, _from(16), "those of 16 and over begin to use")


def _keeps_at_school(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    mark = SchoolMark.EXCLUDED_FROM_SCHOOL
    yield from _never(weeks, "school_marks", mark, _under(14), "somebody under 14 is excluded")
    yield from _still(stock, weeks, "school_marks", mark, _from(14), "pupils of 14 and over are excluded")


EXERCISES = (
    Exercise(
        "Count the weeks",
        "Everybody has a field weeks_lived that grows by one in every week they live. Nothing else changes, in anybody's life.",
        "A rule of a new name and Field('i2', 'weeks lived so far', 'weeks', 0), in a class that all three roles are mixed with.",
        _counts_weeks,
    ),
    Exercise(
        "Nobody under 18 is searched",
        "What would change if police did not search children? Nobody under 18 is searched; all others are as before.",
        "policysim rules new my_rules.py --changes meet_police",
        _spares_children,
    ),
    Exercise(
        "People without a home are left alone",
        "What do searches do to people who sleep rough? Nobody without a home is searched; all others are as before.",
        "policysim rules new my_rules.py --changes meet_police; a state such as Housing.HOMELESS is in policysim.rules.",
        _spares_homeless,
    ),
    Exercise(
        "Remember each overdose",
        "Does one overdose foretell another? A field overdoses_so_far says how many each has had by now. Nothing else changes.",
        "self.overdose_marks & OverdoseMark.OVERDOSED is not 0 in a week with one. A rule of a new name comes after the others.",
        _counts_overdoses,
    ),
    Exercise(
        "Less to be afraid of",
        "Fear keeps people from asking for help. What if it never grew? At the end of a week nobody's fear is above 0.1.",
        "A rule of a new name that ends the week with min(self.fear, 0.1), in all three roles.",
        _limits_fear,
    ),
    Exercise(
        "Nobody gives up waiting",
        "What does a waiting list cost? Whoever waits for treatment goes on waiting; the weeks are counted as before.",
        "policysim rules new my_rules.py --changes wait; read the rule first: it counts, and it loses people.",
        _loses_nobody,
    ),
    Exercise(
        "A kit at the gate",
        "Most leave prison without naloxone. Whoever is released in due time has a kit that week; nobody else is given one.",
        "self.justice_marks & JusticeMark.RELEASED is not 0 in the week of a release. A rule of a new name comes last.",
        _gives_kits,
    ),
    Exercise(
        "A mentor at 14",
        "One in ten is given a mentor as they turn 14, and only then. A field mentored is 1 from then on; resilience is higher "
        "in that week.",
        "happens(0.1, luck) asks luck once; self.age - 1 / 52 is the age of last week. Nobody is asked twice.",
        _gives_mentors,
    ),
    Exercise(
        "Not before 16",
        "First use comes early. Nobody under 16 begins to use any drug, in whatever role they live; all others are as before.",
        "start_using is of young people; who is dependent begins another drug by start_another.",
        _delays_first_use,
    ),
    Exercise(
        "No exclusion before 14",
        "Does exclusion later change a life? Nobody under 14 is excluded from school; older pupils are excluded as before.",
        "policysim rules new my_rules.py --changes go_through_school; what else does the rule do, and who should still have it?",
        _keeps_at_school,
    ),
)
"""From the easiest on."""
