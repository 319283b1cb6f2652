"""An institution of one's own: people meet it, it decides about them and is paid, and what is wrong with it is told."""

import sys
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_worlds import BUSY, disagreements, model, weekly
from tiny_world import imported, load

from policysim.agents.institutions.own import met_by
from policysim.agents.roles import ROLES, roles_with
from policysim.errors import UserError
from policysim.model import DrugPolicyModel
from policysim.rules import (
    Adult,
    Cost,
    Decided,
    Field,
    Institution,
    Mark,
    Pass,
    PoliceTeam,
    YoungPerson,
    happens,
    helper,
    rows_marked,
    rule,
)
from policysim.scenarios.regime import Regime
from policysim.vocabulary.purses import PURSES

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@dataclass(kw_only=True)
class ClubPolicy:
    """Places a week in each authority, and whether the club is open."""

    places: float = 2.0
    club_is_open: float = 1.0


class ClubHere:
    """What people meet of the club where they live."""

    club_is_open = Decided("f8", "whether the club is open", "share", 0, 1)
    club_full = Field("f8", "share of those who came last week who found no place", "share", 0, 1)


class ClubPerson:
    """What the club notes on people."""

    times_welcomed = Field("i2", "times that the club had a place", "times", 0)


class ClubMark(Mark):
    """What happens at the club."""

    CAME_TO_CLUB = "came to the club"
    WELCOMED = "had a place at the club"


@helper
def welcome(self, here, world, luck, choice):
    """A place for this week."""
    self.times_welcomed = min(self.times_welcomed + choice, 1000)
    self.club_marks |= ClubMark.WELCOMED


class Club(Institution):
    """One in each authority; the first who come have a place."""

    usual, here, person, marks, decisions = ClubPolicy(), ClubHere, ClubPerson, (ClubMark,), (welcome,)
    in_each_authority = True
    costs = (
        Cost("club_place", "council", ("places",), by_the_year=True, price=52.0),
        Cost("club_tea", "nhs", (ClubMark.WELCOMED,), price=2.0),
    )

    def act(self, week: int) -> None:
        """How full it was."""
        super().act(week)
        came, had = self.last_week(ClubMark.CAME_TO_CLUB), self.last_week(ClubMark.WELCOMED)
        self.meet(club_full=1 - had / came if came else 0.0)

    def look_back(self, week: int, found: Pass) -> np.ndarray:
        """Places for those who came."""
        came = rows_marked(self.model.records, found.marked, ClubMark.CAME_TO_CLUB)
        came = came[self.model.area_of_row(came) == self.area][: self.whole("places", self.policy.places)]
        self.model.decide("welcome", came, np.ones(came.size, np.int64))
        return came


class Visitor(YoungPerson):
    """Goes to the club, sooner where there was room."""

    institutions = (Club,)

    @rule
    def go_to_club(self, here, world, luck):
        """Those who were welcomed come again."""
        if happens(0.2 * here.club_is_open * (1 - 0.5 * here.club_full) + 0.1 * min(self.times_welcomed, 3), luck):
            self.club_marks |= ClubMark.CAME_TO_CLUB


AMONG: dict[str, Any] = {"people": 300, "people_classes": [Visitor], "parameters": BUSY}


def lived(weeks: int, made: DrugPolicyModel | None = None, **arguments: Any) -> DrugPolicyModel:
    """A model with the club some weeks on."""
    made = made or model(**(AMONG | arguments))
    for _ in range(weeks):
        made.step()
    made.close()
    return made


@pytest.mark.slow
def test_both_engines_meet_it_alike_and_saved_copied_or_begun_from_it_goes_on(tmp_path: Path):
    half = lived(4)
    half.save(tmp_path / "half.model")
    others = [DrugPolicyModel.load(tmp_path / "half.model"), deepcopy(half), model(**AMONG, start=half)]
    whole = lived(4, half)
    for other in (lived(8, engine="python"), *(lived(4, other) for other in others)):
        assert disagreements(whole, other) == []
    people = whole.look()
    assert people["times_welcomed"].max() > 1
    assert 0 < whole.places["club_full"].max() <= 1


def test_it_is_paid_by_the_purse_and_comes_into_a_branch_that_is_new_to_it():
    quo = model(people=300, engine="python")
    quo.step()
    spent, branch = quo.outcomes.costs[0], model(**(AMONG | {"parameters": None}), start=quo, engine="python")
    clubs = [each for each in branch.institutions if isinstance(each, Club)]
    assert [club.name for club in clubs] == [f"Club in {area.name}" for area in branch.place.authorities]
    branch.step(), quo.step()
    assert quo.outcomes.costs[0].tolist() == spent.tolist() == branch.outcomes.costs[0].tolist()
    more = branch.outcomes.costs[1] - quo.outcomes.costs[1]
    assert more[PURSES.index("council")] == pytest.approx(2.0 * len(clubs), rel=1e-9)
    welcomed = branch.outcomes.last_count(ClubMark.WELCOMED)
    assert len(clubs) < welcomed <= 2 * len(clubs) and branch.places["club_is_open"].min() == 1
    told = weekly(branch).iloc[-1]
    assert told["welcomed"] == welcomed * branch.one_in and told["came_to_club"] >= told["welcomed"]


def test_people_of_every_role_hold_what_it_notes_and_others_are_as_they_were():
    roles = roles_with([Visitor])
    assert all(hasattr(role, "times_welcomed") and hasattr(role, "club_marks") for role in roles)
    assert roles == roles_with([Visitor]) and roles_with([]) == ROLES
    assert not hasattr(YoungPerson, "times_welcomed") and met_by(ROLES).own == ()


def test_the_lever_of_the_examples_opens_places_and_pays_for_them(monkeypatch):
    monkeypatch.syspath_prepend(str(EXAMPLES))
    shown = load(EXAMPLES / "more_places.py")
    monkeypatch.setitem(sys.modules, "drop_in_centre", sys.modules["drop_in_centre"])  # gone again after the test
    lever = shown.MorePlaces(ramp_weeks=0, more=208)
    regime = Regime(id="more-places", name="More places", levers={"more_places": lever})
    given = {"people": 300, "people_classes": [shown.Visitor], "engine": "python", "place": "authority:coventry"}
    quo, more = (model(**given, regime=each) for each in ("status-quo", regime))
    for made in (quo, more):
        made.step()
        made.step()
    chance = [made.places["chance_of_place"].min() for made in (quo, more)]
    assert chance[1] == pytest.approx(chance[0] * 408 / 200) and chance[0] > 0
    paid = [made.outcomes.costs[0, PURSES.index("council")] for made in (quo, more)]
    assert paid[1] - paid[0] == pytest.approx(208 * 4000 / 52, rel=1e-9)
    with pytest.raises(UserError, match=r"lever MorePlaces acts on DropIn, which is not there: name it in a class of"):
        model(**(given | {"people_classes": []}), regime=regime)


# ---------------------------------------------------------------- faults

WRONG = {
    "usual = {'places': 3}": "says its usual policy by {'places': 3}; it is a dataclass",
    "usual = Policy": "says its usual policy by",
    "here = 3": "has as here 3; it is a class of fields",
    "here = Taken": "'quintile' of institution Own is a field of Neighbourhood already",
    "world = Numbered": "lets people meet 'peer_pull' of the world, which is a number of the registry",
    "person = Old": "'age' of institution Own is a field of Person already",
    "here = Stands": "is met by its place as it stands (Decided), which is no part of its policy; did you mean 'places'?",
    "costs = [Cost('a', 'council', ('places',), price=1)]": "has costs that are no tuple",
    "costs = (Cost('a', 'counsel', ('places',), price=1),)": "no purse; did you mean 'council'?",
    "costs = (Cost('cost_arest', 'council', ('places',)),)": "no unit cost of the registry; did you mean 'cost_arrest'?",
    "costs = (Cost('a', 'council', ('place',), price=1),)": "part of its policy; did you mean 'places'?",
    "costs = (Cost('a', 'council', 'places', price=1),)": "what is counted stands in a tuple",
    "costs = (Cost('a', 'council', ('places',), price=-1),)": "of the price -1; it is a number of GBP",
    "costs = (Cost('a', 'council', ('places',), price=1),)\n    def act(self, week): ...": "begin with super().act(week)",
    "decisions = (plain,)": "has a decision plain that is not marked @helper",
    "decisions = (short,)": "that takes (self, here); it takes (self, here, world, luck, choice)",
    "decisions = (sentence,)": "has a decision 'sentence', as another institution has: rename it",
    "marks = (Enum,)": "has marks that are no tuple of enumerations of marks",
    "mine = Field('i1', 'what')": "declares the field mine itself",
}  # fmt: skip
TEXT = """
from dataclasses import dataclass
from enum import Enum

from policysim.rules import *


@dataclass
class Policy:
    places: float = 1.0


class Taken:
    quintile = Field("i1", "taken")


class Numbered:
    peer_pull = Field("f8", "taken")


class Old:
    age = Field("f8", "age", "years", 10, 81)


class Stands:
    place = Decided("f8", "places", "places", 0)


def plain(self, here, world, luck, choice): ...


@helper
def short(self, here): ...


@helper
def sentence(self, here, world, luck, choice): ...


class Own(Institution):
    usual = Policy()
    {body}


class Visitor(YoungPerson):
    institutions = (Own,)
"""


@pytest.mark.parametrize("body", WRONG)
def test_what_is_wrong_with_it_is_told_in_one_sentence_with_its_line(body: str, tmp_path: Path):
    kind = imported(tmp_path, TEXT.replace("{body}", body)).Visitor
    with pytest.raises(UserError) as told:
        roles_with([kind])
    said = str(told.value)
    assert WRONG[body] in said and ".py, line " in said and "institution Own" in said and "\n" not in said


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (
            Club,
            "Own: institutions is a tuple of classes, which has a comma also where it is one, as in institutions = (DropIn,)",
        ),
        ((PoliceTeam,), "institution PoliceTeam is PoliceTeam of the model, or derived from it"),
        ((Adult,), "institution Adult is no class of institution: derive it from Institution"),
    ],
)
def test_what_is_no_institution_of_ones_own_is_told(named: Any, said: str):
    with pytest.raises(UserError, match=r".*") as told:
        roles_with([type("Own", (Adult,), {"institutions": named})])
    assert said in str(told.value)


def test_what_is_met_beyond_its_range_is_told_in_that_week():
    over = type("Over", (Club,), {"usual": ClubPolicy(club_is_open=1.5)})
    made = model(people=200, engine="python", people_classes=[type("Own", (Adult,), {"institutions": (over,)})])
    with pytest.raises(
        UserError, match=r"institution Over lets people meet club_is_open 1\.5 in week 0; it must be a number from 0"
    ):
        made.step()


def test_what_it_lets_people_meet_and_does_not_declare_is_told_with_the_nearest():
    def act(self, week):
        self.meet(club_is_opn=1.0)

    wrong = type("Wrong", (Club,), {"act": act, "costs": ()})
    made = model(people=200, engine="python", people_classes=[type("Own", (Adult,), {"institutions": (wrong,)})])
    with pytest.raises(
        UserError, match=r"institution Wrong lets people meet 'club_is_opn', .*; did you mean 'club_is_open'\?"
    ):
        made.step()
