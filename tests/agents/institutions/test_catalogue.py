"""What the institutions' files put together: the order of acting, the records that people read, decisions, rooms."""

import numpy as np
import pytest
from small_worlds import BUSY, after, regime

from policysim.agents.institutions.catalogue import DECISIONS, HERE, INSTITUTIONS, WORLD
from policysim.agents.institutions.institution import decided
from policysim.engine.fields import fields_of
from policysim.world.here import Neighbourhood
from policysim.world.world import World


@pytest.fixture(scope="module")
def made():
    return after(3, parameters=BUSY, regime=regime(pre_arrest_diversion={"attendance": 0.9, "ramp_weeks": 2}))


def test_institutions_act_in_the_order_of_the_catalogue(made):
    assert tuple(dict.fromkeys(type(institution) for institution in made.institutions)) == INSTITUTIONS


@pytest.mark.parametrize(("record", "own", "part"), [(HERE, Neighbourhood, "here"), (WORLD, World, "world")])
def test_every_field_that_people_meet_is_declared_once(record, own, part):
    parts = [own, *(getattr(kind, part) for kind in INSTITUTIONS if getattr(kind, part))]
    assert len(fields_of([record])) == sum(len(fields_of([each])) for each in parts)


def test_records_hold_every_field_that_is_declared(made):
    assert set(made.places.dtype.names) == set(fields_of([HERE]))
    assert set(made.world_array.dtype.names) >= set(fields_of([WORLD]))


def test_what_is_decided_as_it_stands_is_what_people_meet(made):
    met = 0
    for institution in made.institutions:
        for name in decided(institution.here):
            assert (made.places[name][institution.neighbourhoods] == getattr(institution.policy, name)).all(), name
            met += 1
        for name in decided(institution.world):
            assert made.world[name] == getattr(institution.policy, name), name
            met += 1
    assert met > 20
    assert made.police[0].policy.diversion_attendance != made.police[0].usual.diversion_attendance


@pytest.mark.parametrize("kind", INSTITUTIONS, ids=lambda kind: kind.__name__)
def test_whatever_is_decided_as_it_stands_is_in_the_policy(made, kind):
    policy = next(each.usual for each in made.institutions if isinstance(each, kind))
    assert {*decided(kind.here), *decided(kind.world)} <= set(vars(policy) if policy else ())


def test_decisions_are_those_that_institutions_name():
    assert list(DECISIONS) == ["sentence", "enter_treatment"]


@pytest.mark.parametrize(("rooms", "coverage", "opened"), [(1, 1, 1), (9, 1, 9), (9, 0.5, 4), (1, 0.4, 0)])
def test_rooms_open_one_by_one_where_most_people_inject(rooms, coverage, opened):
    drawn = regime(consumption_room={"rooms": rooms, "coverage": coverage, "ramp_weeks": 0})
    services = after(1, parameters=BUSY, regime=drawn).harm_reduction
    own = np.array([service.rooms for service in services])
    most = np.argsort([-service.injecting() for service in services], kind="stable")
    assert own.sum() == opened
    assert (np.diff(own[most]) <= 0).all() and own.max() - own.min() <= 1
