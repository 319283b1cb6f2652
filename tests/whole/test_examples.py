"""The examples are short, say what they show, and do what they say."""

import ast
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_worlds import BUSY, model
from tiny_world import load

from policysim.agents.roles import roles_with
from policysim.engine.rules import rules_of
from policysim.reference.checking import people_and_levers_in
from policysim.rules import Occupation, PoliceMark

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.py"))
MOST_LINES = 40
HERE: dict[str, Any] = {"place": "authority:coventry", "people": 200, "engine": "python", "parameters": BUSY}
"""In the engine that needs no compiling."""


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_an_example_is_short_and_says_what_it_shows(file: Path):
    text = file.read_text(encoding="utf-8")
    said = ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= MOST_LINES and said and said.endswith(".")
    assert any(people_and_levers_in(file))


def classes_of(name: str) -> Any:
    """An example as a module."""
    return load(next(file for file in EXAMPLES if file.stem == name))


def test_with_a_friend_in_treatment_first_use_begins_through_the_version_of_the_example():
    kind = classes_of("friend_in_treatment").Steadied
    young = roles_with([kind])[0]
    assert rules_of(young)["start_using"].__globals__["begin"] is vars(kind)["begin"]


@pytest.mark.slow
def test_nobody_under_18_is_searched():
    shown = classes_of("no_search_under_18")
    made, searched = model(**HERE, people_classes=[shown.Young, shown.Dependent]), 0
    for _ in range(8):
        made.step()
        people = made.records
        marked = (people["police_marks"] & PoliceMark.SEARCHED) != 0
        assert not (marked & (people["age"] < 18)).any()
        searched += marked.sum()
    assert searched > 10


@pytest.mark.slow
def test_schools_exclude_a_year_after_they_decide_to():
    shown = classes_of("exclusion_a_year_later")
    made = model(**HERE, people_classes=[shown.Pupil, shown.DependentPupil])
    people = made.people
    people["age"][people["occupation"] == Occupation.SCHOOL] = 14.0
    before = (people["occupation"] == Occupation.EXCLUDED).sum()
    while not (people["weeks_to_exclusion"] > 0).any():
        made.step()
    decided = np.flatnonzero(people["weeks_to_exclusion"])
    assert (people["occupation"] == Occupation.EXCLUDED).sum() == before
    people["weeks_to_exclusion"][decided] = 1
    made.step()
    assert (people["occupation"][decided] == Occupation.EXCLUDED).all()


@pytest.mark.slow
def test_one_pupil_in_ten_meets_a_mentor():
    made = model(**(HERE | {"people": 600}), people_classes=[classes_of("mentor_at_14").Mentored])
    people = made.people
    pupils = people["present"] & (people["occupation"] == Occupation.SCHOOL)
    people["age"][pupils] = 14.2
    made.step()
    assert people["asked"][pupils].mean() > 0.9
    assert 0.02 < people["has_mentor"][pupils].mean() < 0.25


def test_workmates_work_in_one_neighbourhood_and_chance_lays_who_knows_whom():
    people = np.zeros(400, [("occupation", "i1"), ("neighbourhood", "i2")])
    people["occupation"], people["neighbourhood"] = np.arange(400) % 5, np.arange(400) % 7
    lay = classes_of("workmates").workmates
    ties = [
        lay(people, lambda rows, k=0, seed=seed: np.random.default_rng(seed).random(400)[rows]) for seed in (1, 1, 2)
    ]
    first, second = ties[0]
    assert (people["occupation"][[first, second]] == Occupation.WORKING).all()
    assert (people["neighbourhood"][first] == people["neighbourhood"][second]).all()
    known = np.bincount(np.concatenate([first, second]))
    assert known.max() == 6, "three on either side"
    assert np.array_equal(ties[0], ties[1]) and not np.array_equal(ties[0], ties[2])
