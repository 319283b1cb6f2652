"""What is settled after the pass: whose kit was there, and who helped in the end."""

import numpy as np
import pytest
from small_worlds import model

from policysim.agents.people.rescue import opioid_emergency, stimulant_emergency
from policysim.engine.luck import Luck, key_of
from policysim.experiments.lives.words import HELPED, carried, events
from policysim.model.building import python_views
from policysim.model.settlement import use_friends_kits
from policysim.vocabulary.marks import LifeMark, OverdoseMark
from policysim.vocabulary.states import Justice, Life

SURE = {"kit_used": 1, "naloxone_rescue": 1, "ambulance_called": 1, "medical_rescue": 1, "police_first": 1,
        "fatality_opioid": 1, "fatality_stimulant": 1, "fatality_by_age": 0, "alone_without_using_peers": 0}  # fmt: skip
"""Whoever can help does, and nobody survives without help."""

LATE = {
    "ambulance": ({"ambulance_rescue": 1.0}, OverdoseMark.REVERSED_BY_AMBULANCE, "was saved by the ambulance service"),
    "police": ({"police_naloxone": 1.0}, OverdoseMark.REVERSED_BY_POLICE, "was revived with naloxone by police"),
    "nobody": ({}, None, "died"),
}


@pytest.fixture
def pair():
    """Two people who use together: one who overdoses, and their only friend, who had a kit when the week began."""
    made = model(people=100, parameters=SURE)
    row, friend = np.flatnonzero(made.people["present"])[:2].tolist()
    made.peers.using.untie_all([row, friend])
    assert made.peers.using.tie(row, friend)
    made.people["justice"][[row, friend]] = Justice.FREE
    for name, value in {"naloxone": False, "injects": False, "alone": 0, "peers_with_naloxone": 1}.items():
        made.people[name][row] = value
    yield made, row, friend
    made.close()


def overdose(pair, place: dict, kit: bool) -> tuple[np.ndarray, np.ndarray]:
    """The week of someone who relied on a friend's kit that is still there, or is gone: their row before and after."""
    made, row, friend = pair
    here, world = python_views(made)
    mine = here[made.people["neighbourhood"][row]]
    for name, value in {"police_naloxone": 0.0, "ambulance_rescue": 0.0, "room_share": 0.0, **place}.items():
        setattr(mine, name, value)
    made.people["naloxone"][friend] = kit
    before, person = made.people[row : row + 1].copy(), made.person(row)
    luck = Luck({"overdose": key_of(1, "overdose")})
    luck.turn_to(1, 0, "overdose")
    person.overdose_marks |= OverdoseMark.OVERDOSED
    opioid_emergency(person, mine, world, luck)
    givers = use_friends_kits(made, 0, np.array([row]))
    assert givers.tolist() == ([friend] if kit else [])
    return before, made.people[row : row + 1].copy()


@pytest.mark.parametrize("place, mark, told", LATE.values(), ids=LATE)
def test_whoever_finds_the_friends_kit_gone_is_helped_by_those_who_come_late(pair, place, mark, told):
    before, after = overdose(pair, place, kit=False)
    assert HELPED & {*carried(after)} == ({mark} if mark else set())
    assert (after["life"][0] == Life.DEAD) == (mark is None) == bool(after["life_marks"][0] & LifeMark.DIED_OF_MISUSE)
    assert told in " ".join(events(before, after)) and "kit" not in " ".join(events(before, after))


@pytest.mark.parametrize("place", [place for place, _, _ in LATE.values()], ids=LATE)
def test_whoever_finds_it_there_is_helped_by_the_friend_alone(pair, place):
    before, after = overdose(pair, place, kit=True)
    assert HELPED & {*carried(after)} == {OverdoseMark.REVERSED_BY_FRIEND} and after["life"][0] != Life.DEAD
    assert "was revived by someone who was there, with a friend's naloxone kit" in events(before, after)


@pytest.mark.parametrize("rescue", [0, 1])
def test_whom_the_ambulance_saves_from_a_stimulant_is_counted_as_saved_by_it(rescue):
    made = model(people=100, parameters=SURE | {"medical_rescue": rescue})
    person = made.person(int(np.flatnonzero(made.people["present"])[0]))
    person.justice, person.alone = Justice.FREE, 0
    luck = Luck({"overdose": key_of(1, "overdose")})
    luck.turn_to(1, 0, "overdose")
    stimulant_emergency(person, python_views(made)[1], luck)
    assert person.overdose_marks == (OverdoseMark.REVERSED_BY_AMBULANCE if rescue else 0)
    assert (person.life == Life.DEAD) == (not rescue)
    made.close()
