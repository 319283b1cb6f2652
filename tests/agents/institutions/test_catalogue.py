"""What the institutions' files put together: the order of acting, the records that people read, decisions, costs."""

import numpy as np
import pytest
from small_worlds import BUSY, after, model, regime

from policysim.agents.institutions.catalogue import DECISIONS, HERE, INSTITUTIONS, WORLD
from policysim.agents.institutions.courts import Court
from policysim.agents.institutions.institution import decided
from policysim.agents.institutions.schools import Schools
from policysim.engine.fields import fields_of
from policysim.evidence.registry import registry
from policysim.vocabulary.purses import PURSES
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


@pytest.fixture
def gone_on(made):
    """Begun from the other, under the same regime and where no lever moves: nothing is planned anew."""
    return after(1, parameters=BUSY, regime=made.regime, start=made)


@pytest.mark.parametrize("which", ["made", "gone_on"])
def test_what_is_decided_as_it_stands_is_what_people_meet(which, request):
    made, met = request.getfixturevalue(which), 0
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


def test_a_census_shows_each_institution_the_people_present_in_its_area(monkeypatch):
    seen = {}
    for kind in (Schools, Court):
        monkeypatch.setattr(kind, "census", lambda self, people: seen.update({self.area: people["neighbourhood"]}))
    made = model(people=900)
    made.people["present"][::3] = False
    home = made.people["neighbourhood"][made.people["present"]]
    made.step()
    lives_in = made.places["area"][home]
    assert seen.pop(-1).tolist() == home.tolist()
    assert {area: rows.tolist() for area, rows in seen.items()} == {
        area: home[lives_in == area].tolist() for area in range(len(made.schools))
    }


def test_decisions_are_those_that_institutions_name():
    assert list(DECISIONS) == [
        "begin_job_support", "move_in",
        "begin_proceedings", "end_proceedings", "be_taken_into_care", "lose_parent", "bring_pre_school", "bring_parenting",
        "join_family_programme", "be_identified", "get_early_help",
        "take_up", "engage", "screen", "release_early", "move_into_house", "sentence", "be_taken_on",
        "decide_on_child", "take_antivirals", "get_keyworker", "meet_outreach", "take_peer_kit", "enter_treatment",
        "begin_vouchers", "be_mentored", "train_around",
    ]  # fmt: skip


@pytest.mark.parametrize(("rooms", "coverage", "opened"), [(1, 1, 1), (9, 1, 9), (9, 0.5, 4.5), (1, 0.4, 0.4)])
def test_rooms_open_one_by_one_where_most_people_inject(rooms, coverage, opened):
    drawn = regime(consumption_room={"rooms": rooms, "coverage": coverage, "ramp_weeks": 0})
    services = after(1, parameters=BUSY, regime=drawn).harm_reduction
    own = np.array([service.rooms for service in services])
    most = np.argsort([-service.injecting() for service in services], kind="stable")
    assert own.sum() == opened
    assert (np.diff(own[most]) <= 0).all() and own.max() - own.min() <= 1


@pytest.mark.parametrize("kind", INSTITUTIONS, ids=lambda kind: kind.__name__)
def test_costs_name_a_purse_a_unit_cost_and_what_is_counted(kind):
    units = [cost.unit for cost in kind.costs]
    assert len(units) == len(set(units))
    for cost in kind.costs:
        assert cost.purse in PURSES
        assert registry()[cost.unit].unit == "GBP"
        assert cost.by_the_year or not cost.unit.endswith("_year")
        assert all(callable(getattr(kind, what)) if isinstance(what, str) else what >= 0 for what in cost.of)


def test_every_unit_cost_is_paid_by_an_institution():
    assert {cost.unit for kind in INSTITUTIONS for cost in kind.costs} == {
        name for name in registry() if name.startswith("cost_")
    }


@pytest.mark.parametrize("purse", ["police", "council", "nhs"])
def test_a_week_costs_what_the_rows_of_the_table_come_to(purse):
    levers = {
        "hot_spot_patrol": {},
        "pre_arrest_diversion": {},
        "consumption_room": {"rooms": 9},
        "skills_programme": {},
    }
    made = after(30, parameters=BUSY, regime=regime(**{name: {**own, "ramp_weeks": 0} for name, own in levers.items()}))
    rows = [(each, cost) for each in made.institutions for cost in each.costs if cost.purse == purse]
    due = sum(each.amount(cost) for each, cost in rows)
    made.step()
    assert due > 0
    assert made.outcomes.costs[30, PURSES.index(purse)] == pytest.approx(due, rel=1e-12)
