"""Outcomes of one's own: declared beside a class of people, counted as the model's are, in every arm."""

from enum import IntEnum

import numpy as np
import pytest
from small_worlds import model

from policysim.counts.declared import outcomes_counted, outcomes_in
from policysim.counts.series import MIDYEAR
from policysim.errors import UserError
from policysim.rules import Counted, Event, Field, Mark, Marks, YoungPerson, helper, rule


class Club(IntEnum):
    NEVER = 0
    MEMBER = 1


class ClubMark(Mark):
    PRAISED = "was praised at the club"


@helper
def is_member(person):
    return person.club == Club.MEMBER


class Pupil(YoungPerson):
    club = Field("i1", "stands so with the club", Club)
    club_marks = Marks(ClubMark)
    joined_club = Event("joined the club", label="Pupils who joined the club", more_is="better")
    in_club = Counted(is_member, "pupils in the club")
    older_outside = Counted(
        lambda person: person.age >= 13.5 and not is_member(person), "people of 13 and more outside it"
    )

    @rule
    def join(self, here, world, luck):
        if self.age < 14 and self.club == Club.NEVER:
            self.club = Club.MEMBER
            self.joined_club = True
            self.club_marks |= ClubMark.PRAISED


def test_events_and_people_are_counted_by_area_and_group_and_stand_last():
    made = model(people=300, engine="python", people_classes=[Pupil])
    assert list(made.outcomes.own) == ["praised", "joined_club", "in_club", "older_outside"]
    joined = 0
    for _ in range(3):
        made.step()
        joined += int((made.look()["joined_club"] != 0).sum())
    collected = made.datacollector.get_model_vars_dataframe()["in_club"]
    people, places = made.look(), made.places
    there = people[people["present"]]
    by_hand = {"in_club": there["club"] == 1, "older_outside": (there["age"] >= 13.5) & (there["club"] == 0)}
    areas = [authority.name for authority in made.place.authorities]
    weekly = made.outcomes.weekly(areas, 1.0)
    assert list(weekly.columns[-4:]) == list(made.outcomes.own)
    last = weekly[weekly["week"] == 2].set_index("area")
    for name, holds in by_hand.items():
        in_area = np.bincount(places["area"][there["neighbourhood"][holds]], minlength=len(areas))
        assert last[name].tolist() == [holds.sum(), *in_area] and holds.any()
        assert made.outcomes.last(made.outcomes.own[name]) == holds.sum()
    assert collected.iloc[-1] == pytest.approx(by_hand["in_club"].sum() * made.one_in)
    assert weekly[weekly["area"] == "all"][["joined_club", "praised"]].sum().tolist() == [joined, joined] and joined > 5
    made.outcomes.record_own(MIDYEAR, people, places, made.own_stocks.holding(people, len(people)))
    made.outcomes.week = 51  # as at the end of the year
    groups = made.outcomes.by_group(1.0)
    of_sex = groups[groups["dimension"] == "sex"].set_index("group")
    assert of_sex["joined_club"].sum() == joined
    assert of_sex["in_club"].tolist() == [(there["sex"][by_hand["in_club"]] == k).sum() for k in range(2)]


def test_people_of_another_arm_are_asked_as_they_would_begin_there():
    made = model(people=300, engine="python", counting=[Pupil])
    made.step()
    there = made.look()[made.look()["present"]]
    own = {name: made.outcomes.last(outcome) for name, outcome in made.outcomes.own.items()}
    assert own == {"joined_club": 0, "praised": 0, "in_club": 0, "older_outside": (there["age"] >= 13.5).sum()}


def test_its_words_are_those_of_a_row_of_the_table():
    found = outcomes_in((Pupil,))
    assert (found["joined_club"].kind, found["joined_club"].more_is) == ("flow", "better")
    assert (
        found["joined_club"].label == "Pupils who joined the club" and found["joined_club"].meaning == "joined the club"
    )
    assert (found["in_club"].kind, found["in_club"].unit, found["in_club"].stock) == ("stock", "people", True)
    assert found["in_club"].noun == "pupils in the club" and "praised" in found


def declaring(**members: object) -> type:
    made = type("Own", (YoungPerson,), {"n": Field("i1", "a number")} | members)
    outcomes_in((made,))
    return made


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: Counted("club > 0", "in it"), r"test_own_outcomes\.py, line \d+: Counted\(\.\.\.\) takes what holds"),
        (lambda: Counted(is_member), "says in words what is counted"),
        (lambda: Counted(is_member, "in it", more_is="good"), "more_is is one of better, worse, neither, not 'good'"),
        (lambda: Event(""), "says in words what is counted"),
        (lambda: Event("joined", label=3), "the label of an outcome is a text"),
        (lambda: declaring(arrests=Counted(lambda person: person.n > 0, "some")), "has an outcome of the name 'arrests'"),
        (lambda: declaring(searched=Event("was looked at")), "PoliceMark has a mark SEARCHED already"),
        (lambda: declaring(some=Counted(lambda person: person.m > 0, "some")), "a condition on a person uses person.m"),
        (lambda: declaring(some=Counted(lambda person: person.n**2, "some")), "a condition on a person uses person.n ..? 2"),
        (lambda: declaring(__annotations__={"some": Counted(is_member, "in it")}), r"write some = Counted\(\.\.\.\), with ="),
    ],
)  # fmt: skip
def test_a_bad_declaration_is_told_in_one_sentence(wrong, says: str):
    with pytest.raises(UserError, match=says):
        wrong()


def test_one_name_is_one_outcome_in_a_model_and_the_first_ones_words_across_arms():
    some, others = (declaring(some=Counted(lambda person: person.n > 0, words)) for words in ("some", "others"))
    with pytest.raises(UserError, match="'some' is declared in Own already"):
        outcomes_in((some, others))
    assert outcomes_counted((some, others))["some"].meaning == "some"
    with pytest.raises(UserError, match="'some' counts events in one class"):
        outcomes_counted((some, declaring(some=Event("did some"))))
