"""Why somebody is at risk or protected: circumstances that move the model's two balances, as bits, with words for them.

A test holds the list against the graph of causes: what moves a balance is told here, or is named as what is not told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policysim.vocabulary.states import Care, Housing, Justice, Life, Occupation
from policysim.vocabulary.time import WEEKS_PER_YEAR

LATELY = 2 * WEEKS_PER_YEAR
"""Weeks after which the loss of a friend is no longer named; it has faded to a third by then."""
FELT = 0.1
"""Share of what was taught below which it is no longer named."""
UNTOLD = frozenset({"aces", "quintile", "scare_lessons", "unproven", "home_before_tenancy"})
"""Fields of causes of which the page says nothing: abuse in childhood, where somebody lives, what has no effect."""


@dataclass(frozen=True)
class Circumstance:
    """Something that pulls towards harm or holds somebody, in words of one person."""

    words: str
    protects: bool
    fields: tuple[str, ...]
    of: Callable[[np.ndarray], Any]
    """For whom of these people it is so, as an array of booleans."""


def _pulls(words: str, *fields: str, of: Callable[[np.ndarray], Any]) -> Circumstance:
    return Circumstance(words, False, fields, of)


def _holds(words: str, *fields: str, of: Callable[[np.ndarray], Any]) -> Circumstance:
    return Circumstance(words, True, fields, of)


CIRCUMSTANCES = (
    _pulls("no home", "housing", of=lambda p: p["housing"] == Housing.HOMELESS),
    _pulls("insecure housing", "housing", of=lambda p: p["housing"] == Housing.INSECURE),
    _pulls("excluded from school", "occupation", of=lambda p: p["occupation"] == Occupation.EXCLUDED),
    _pulls("being in custody", "justice", of=lambda p: p["justice"] == Justice.CUSTODY),
    _pulls("exploited by a supply line", "exploited", of=lambda p: p["exploited"]),
    _pulls(
        "a friend’s death in the last two years",
        "bereaved_weeks",
        of=lambda p: (p["bereaved_weeks"] >= 0) & (p["bereaved_weeks"] < LATELY),
    ),
    _pulls("no work", "occupation", of=lambda p: p["occupation"] == Occupation.WORKLESS),
    _pulls("a conviction on record", "convictions", of=lambda p: p["convictions"] > 0),
    _pulls(
        "a caution on record",
        "cautions",
        "age",
        "convictions",
        of=lambda p: (p["cautions"] > 0) & (p["age"] < 18) & (p["convictions"] == 0),
    ),
    _pulls("friends who use", "peers_using", of=lambda p: p["peers_using"].any(axis=1)),
    _pulls("time in care as a child", "care_experienced", of=lambda p: p["care_experienced"]),
    _pulls("a parent’s dependence", "family_history", of=lambda p: p["family_history"]),
    _pulls("mental illness", "ill", of=lambda p: p["ill"]),
    _holds("being in treatment", "care", of=lambda p: p["care"] > Care.WAITING),
    _holds("a trained mentor", "mentor_weeks", of=lambda p: p["mentor_weeks"] > 0),
    _holds("being at school", "occupation", of=lambda p: p["occupation"] == Occupation.SCHOOL),
    _holds("a school that works on its ethos", "ethos", of=lambda p: p["ethos"] > 0),
    _holds(
        "work or study",
        "occupation",
        of=lambda p: np.isin(p["occupation"], (Occupation.WORKING, Occupation.STUDENT)),
    ),
    _holds("skills lessons", "lessons", of=lambda p: p["lessons"] > FELT),
    _holds("a home from a housing service", "tenancy", of=lambda p: p["tenancy"] > 0),
    _holds("carrying naloxone", "naloxone", of=lambda p: p["naloxone"]),
    _holds("help to the family", "family_supported", "identified", of=lambda p: p["family_supported"]),
)


def circumstances_of(people: np.ndarray) -> NDArray[np.int32]:
    """Bits of each of these people, the first circumstance the lowest; none of those who are not there."""
    found = np.zeros(len(people), np.int32)
    for k, one in enumerate(CIRCUMSTANCES):
        found |= np.asarray(one.of(people)).astype(np.int32) << k
    return np.where(people["life"] == Life.PRESENT, found, 0).astype(np.int32)
