"""What exercises ask of weeks lived by a student's rules, beside the same weeks by the stock ones: what is not yet so."""

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import numpy as np

from policysim.reference.exercise_worlds import SCHOOL, Weeks, ties_of
from policysim.vocabulary.marks import CareMark, JusticeMark, LifeMark, OverdoseMark, PoliceMark, SchoolMark, UseMark
from policysim.vocabulary.states import Care, Occupation, Role

Check = Callable[[Weeks, Weeks], Iterator[str]]
"""Given the weeks by the stock rules and by the student's: what is not yet so, the most telling first."""
YEAR = range(50, 54)
"""Weeks that may be called a year later, however a rule counts its first."""
WORDS = ("fewer", "more", "same")
MOVED = {
    "deaths": ("life_marks", LifeMark.DIED_OF_MISUSE),
    "exclusions": ("school_marks", SchoolMark.EXCLUDED_FROM_SCHOOL),
    "suspensions": ("school_marks", SchoolMark.SUSPENDED),
    "first_use": ("use_marks", UseMark.FIRST_USE),
}
"""The outcomes of which an answer says what later exclusion does to them."""


# ---------------------------------------------------------------- what checks are made of


def _marked(week: np.ndarray, field: str, mark: int) -> np.ndarray:
    return week["present"] & (week[field] & mark > 0)


def _count(weeks: Weeks, field: str, mark: int, who: Callable[[np.ndarray], np.ndarray]) -> int:
    """How often this happened to those of whom something is so."""
    return sum(int((_marked(week, field, mark) & who(week)).sum()) for week in weeks[1:])


def _never(weeks: Weeks, field: str, mark: int, who: Callable, words: str) -> Iterator[str]:
    """A sentence where it still happens to those of whom something is so."""
    if still := _count(weeks, field, mark, who):
        yield f"{words} {_times(still)} in {len(weeks) - 1} weeks, and should be never"


def _still(stock: Weeks, weeks: Weeks, field: str, mark: int, who: Callable, words: str) -> Iterator[str]:
    """A sentence where it hardly happens any more to everyone else."""
    before, now = (_count(each, field, mark, who) for each in (stock, weeks))
    if now < before / 2:
        yield f"{words} only {_beside(now, before)}: that should stay as it was"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _beside(now: int, before: int) -> str:
    return f"{_times(now)} where it was {before} by the stock rules"


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


def _begun(weeks: Weeks, who: Callable[[np.ndarray], np.ndarray]) -> int:
    """First uses of a substance by young people of whom something was so at the end of the week before."""
    return sum(
        int(
            (who(before) & (before["role"] == Role.YOUNG_PERSON) & _marked(after, "use_marks", UseMark.FIRST_USE)).sum()
        )
        for before, after in pairwise(weeks)
    )


def _begin_less(
    stock: Weeks, weeks: Weeks, who: Callable, words: str, fewest: float, most: float, asked: str
) -> Iterator[str]:
    """A sentence where those of whom something is so do not begin so much less often, or the others do."""
    before, now = (_begun(each, who) for each in (stock, weeks))
    if not fewest <= now / before <= most:
        yield f"those with {words} begin to use {_beside(now, before)}: it should be about {asked}"
    before, now = (_begun(each, lambda week: ~who(week)) for each in (stock, weeks))
    if not 0.8 <= now / before <= 1.25:
        yield f"those without {words} begin to use {_beside(now, before)}: that should stay as it was"


# ---------------------------------------------------------------- the checks, in the order of the exercises


def counts_use(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    """A field grows by one in a week at whose end somebody uses."""
    yield from _has(weeks, "weeks_of_use")
    for number, (before, after) in enumerate(pairwise(weeks), start=1):
        both = before["present"] & after["present"]
        grown = after["weeks_of_use"][both] - before["weeks_of_use"][both]
        uses = after["using"][both] > 0
        if (grown[uses] != 1).any():
            yield f"in week {number} weeks_of_use does not grow by one for everybody who uses: is the rule in all three roles?"
        if grown[~uses].any():
            yield f"in week {number} weeks_of_use moves for somebody who uses nothing"
    yield from _nothing_else(stock, weeks)


def spares_children(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    """No search under 18, and the others as before."""
    searched = "police_marks", PoliceMark.SEARCHED
    yield from _never(weeks, *searched, lambda week: week["age"] < 18, "somebody under 18 is searched")
    yield from _still(stock, weeks, *searched, lambda week: week["age"] >= 18, "those of 18 and over are searched")


def counts_overdoses(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    """A field says how many somebody has had."""
    yield from _has(weeks, "overdoses_so_far")
    expected = np.zeros(len(weeks[0]), dtype=int)
    for number, week in enumerate(weeks[1:], start=1):
        expected += week["overdose_marks"] & OverdoseMark.OVERDOSED > 0
        there = week["present"]
        if wrong := int((week["overdoses_so_far"][there] != expected[there]).sum()):
            yield f"in week {number} overdoses_so_far is wrong for {wrong} people: it should be how many they had until then"
    yield from _nothing_else(stock, weeks)


def limits_fear(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    """Some fear, and never much."""
    above = max(float(week["fear"][week["present"]].max()) for week in weeks[1:])
    if above > 0.1 + 1e-6:  # as it is kept, in four bytes
        yield f"somebody's fear is {above:.2f} at the end of a week, and should be at most 0.1"
    if not any((week["fear"][week["present"]] > 0).any() for week in weeks[1:]):
        yield "nobody has any fear left: it should be limited and not taken away"


def loses_nobody(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    """Nobody gives up waiting, and weeks are counted."""
    yield from _never(
        weeks, "care_marks", CareMark.GAVE_UP_WAITING, lambda week: week["present"], "somebody gives up waiting"
    )
    for before, after in pairwise(weeks):
        both = after["present"] & (before["care"] == Care.WAITING) & (after["care"] == Care.WAITING)
        if (after["weeks_waiting"][both] <= before["weeks_waiting"][both]).any():
            yield "somebody waits and their weeks are not counted any more: weeks_waiting should still grow"


def gives_kits(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    """Whoever is released has a kit, and nobody else is given one."""
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


def gives_mentors(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    """A field for one pupil of 14 in ten, and a third less first use for whoever has it; older ones were given it before."""
    yield from _has(weeks, "has_mentor")
    first, last = weeks[0], weeks[-1]
    given, has = first["has_mentor"] > 0, last["has_mentor"] > 0
    turned = last["present"] & (first["age"] < 14) & (last["age"] >= 14)
    if others := int((has & last["present"] & ~turned & ~given).sum()):
        yield f"{others} people have a mentor who were not 14 in these weeks"
    if lost := int((given & last["present"] & ~has).sum()):
        yield f"{lost} people of 15 had a mentor at the start and have none at the end: whoever has one keeps them"
    share = float(has[turned].mean())
    if not 0.02 <= share <= 0.25:
        yield f"{share:.0%} of those who turned 14 have a mentor, and it should be about one in ten"
    yield from _begin_less(stock, weeks, lambda week: given, "a mentor", 0.55, 0.87, "two thirds of that")


def steadies_friends(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    """Half as often with a friend in treatment."""
    ties = ties_of(SCHOOL)
    person = np.repeat(np.arange(len(ties.indptr) - 1), np.diff(ties.indptr))

    def with_one(week: np.ndarray) -> np.ndarray:
        in_care = week["present"] & (week["care"] >= Care.AGONIST)
        return np.bincount(person, weights=in_care[ties.indices], minlength=len(week)) > 0

    yield from _begin_less(stock, weeks, with_one, "a friend in treatment", 0.35, 0.7, "half of that")


def excludes_later(stock: Weeks, weeks: Weeks) -> Iterator[str]:
    """Nobody within a year, and then those of whom it was decided."""
    out = [_marked(week, "school_marks", SchoolMark.EXCLUDED_FROM_SCHOOL) for week in weeks]
    if soon := [number for number, each in enumerate(out) if each.any() and number < YEAR[0]]:
        yield f"somebody is excluded in week {soon[0]} already: nobody should be within a year of the decision"
    decided = _marked(stock[1], "school_marks", SchoolMark.EXCLUDED_FROM_SCHOOL)
    pupils = decided & weeks[YEAR[-1]]["present"] & (weeks[YEAR[0]]["occupation"] == Occupation.SCHOOL)
    later = np.any([out[number] for number in YEAR], axis=0)
    if spared := int((pupils & ~later).sum()):
        yield f"{spared} of the {int(pupils.sum())} whom the stock rules exclude in the first week are not excluded a year later"


def says_what_moved(stock: Weeks, weeks: Weeks, answer: object) -> Iterator[str]:
    """An answer says of each outcome whether there are fewer, more or as many."""
    names = ", ".join(MOVED)
    if not isinstance(answer, Mapping) or set(answer) != set(MOVED):
        yield f'the file has no answer yet: write ANSWER = {{"deaths": "...", ...}} into it, with {names}'
        return
    for name, (field, mark) in MOVED.items():
        if answer[name] not in WORDS:
            yield f"ANSWER says {answer[name]!r} of {name}: it is one of {', '.join(WORDS)}"
        before, now = (_count(each, field, mark, lambda week: week["present"]) for each in (stock, weeks))
        found = WORDS[0] if now < before else WORDS[1] if now > before else WORDS[2]
        if answer[name] != found:
            yield (
                f"ANSWER says {answer[name]!r} of {name}, and in this run it was {now} where it was {before} by the stock rules: "
                "look again, with more people"
            )
