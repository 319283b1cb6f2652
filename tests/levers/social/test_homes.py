"""Housing First and supported homes: places bind, homes last, others go without; nothing is done to use or deaths themselves.

What rises or falls is tested over eight pairs of runs at |t| > 3.5, which without an effect happens once in a hundred times.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import after, differing, model, regime, weekly

from policysim.agents.people import balance, rescue, tenancies, work_home
from policysim.engine.luck import Luck
from policysim.model import DrugPolicyModel
from policysim.model.building import python_views
from policysim.vocabulary.marks import SocialMark, WorkHomeMark
from policysim.vocabulary.states import Care, Housing, Justice, Occupation, Tenancy

WITHOUT_HOMES = {"unstable_share_dependent": 0.9, "homeless_of_unstable": 0.6, "ocu_per_1000": 60.0}
PLACE = {
    "place": "authority:birmingham",
    "people": 3000,
    "years": 2,
    "parameters": WITHOUT_HOMES,
    "beyond_ranges": True,
}
OUTCOMES = (
    "homeless_dependent",
    "in_housing_first",
    "in_supported_homes",
    "expected_deaths",
    "remissions",
    "cost_council",
)


class Over:
    """A record with some of its fields said anew."""

    def __init__(self, record: Any, said: dict[str, Any]):
        self._record, self._said = record, said

    def __getattr__(self, name: str) -> Any:
        return self._said[name] if name in self._said else getattr(self._record, name)


@pytest.fixture(scope="module")
def still() -> Iterator[DrugPolicyModel]:
    """A small place that lives no week."""
    made = model(engine="python", people=100)
    yield made
    made.close()


def somebody(**said: Any) -> SimpleNamespace:
    """As much of a person as homes and work ask for."""
    usual = {
        "tenancy": Tenancy.NONE, "home_before_tenancy": Housing.STABLE, "housing": Housing.HOMELESS,
        "occupation": Occupation.WORKLESS, "justice": Justice.FREE, "care": Care.NONE, "dependent_on": 1, "convictions": 0,
        "managed_weeks": 0, "job_support_weeks": 0, "ill": True, "referred": 0.0, "social_marks": 0, "work_home_marks": 0,
        "use": [0] * 7, "risk_at_rest": 0.0, "exploited": False, "alone": 0.4, "using_peers": 1, "warned_weeks": 0,
        "trained_around": 0.0, "cautions": 0, "age": 40.0,
    }  # fmt: skip
    return SimpleNamespace(**{**usual, **said})


def luck_of(rule: str, week: int = 0) -> Luck:
    luck = Luck({rule: 7})
    luck.turn_to(1, week, rule)
    return luck


# ---------------------------------------------------------------- one person


def test_whoever_is_given_a_place_has_its_home_and_loses_it_with_the_place(still):
    _, world = python_views(still)
    given = Over(world, {"tenancy_gives_home": 1.0, "tenancy_lost": [0, 1e9, 1e9], "tenancy_move_on": [0, 0, 0]})
    person = somebody()
    tenancies.move_in(person, None, given, luck_of("move_in"), Tenancy.HOUSING_FIRST)
    assert (person.tenancy, person.housing) == (Tenancy.HOUSING_FIRST, Housing.STABLE)
    assert person.home_before_tenancy == Housing.HOMELESS and person.social_marks == SocialMark.GIVEN_HOUSING_FIRST
    tenancies.keep_tenancy(person, None, given, luck_of("keep_tenancy"))
    assert (person.tenancy, person.housing) == (Tenancy.NONE, Housing.HOMELESS)
    assert person.social_marks & SocialMark.LOST_TENANCY and person.work_home_marks == WorkHomeMark.LOST_HOME


def test_whoever_moves_on_from_a_supported_home_keeps_a_home(still):
    _, world = python_views(still)
    on = Over(world, {"tenancy_gives_home": 1.0, "tenancy_lost": [0, 0, 0], "tenancy_move_on": [0, 0, 1e9]})
    person = somebody()
    tenancies.move_in(person, None, on, luck_of("move_in"), Tenancy.SUPPORTED)
    tenancies.keep_tenancy(person, None, on, luck_of("keep_tenancy"))
    assert (person.tenancy, person.housing, person.work_home_marks) == (Tenancy.NONE, Housing.STABLE, 0)
    assert person.social_marks & SocialMark.MOVED_ON


def test_a_place_that_gives_no_home_changes_nothing_about_homes(still):
    here, world = python_views(still)
    none = Over(world, {"tenancy_gives_home": 0.0, "tenancy_lost": [0, 1e9, 1e9], "tenancy_move_on": [0, 0, 0]})
    person = somebody(housing=Housing.INSECURE)
    tenancies.move_in(person, None, none, luck_of("move_in"), Tenancy.HOUSING_FIRST)
    assert person.housing == Housing.INSECURE
    hazards = [work_home.change_hazard(somebody(housing=home, tenancy=kind), here[0], none)
               for kind in (Tenancy.NONE, Tenancy.HOUSING_FIRST) for home in Housing]  # fmt: skip
    assert hazards[:3] == hazards[3:]
    tenancies.keep_tenancy(person, None, none, luck_of("keep_tenancy"))
    assert person.housing == Housing.INSECURE and person.work_home_marks == 0


def test_tenants_lose_a_home_by_the_tenancy_and_by_prison_alone(still):
    _, world = python_views(still)
    sure = Over(world, {"tenancy_gives_home": 1.0})
    tenant, other = (somebody(housing=Housing.STABLE, tenancy=kind) for kind in (Tenancy.HOUSING_FIRST, Tenancy.NONE))
    assert work_home.worse_home(tenant, sure) == 0 < work_home.worse_home(other, sure)
    tenant.justice = Justice.CUSTODY
    assert work_home.worse_home(tenant, sure) == world.lose_home_in_custody
    work_home.lose_home(tenant)
    assert (tenant.tenancy, tenant.housing) == (Tenancy.NONE, Housing.INSECURE)
    assert tenant.social_marks == SocialMark.LOST_TENANCY


def test_a_given_home_takes_the_risk_of_the_home_before_as_far_as_is_said(still):
    _, world = python_views(still)
    tenant = somebody(housing=Housing.STABLE, tenancy=Tenancy.HOUSING_FIRST, home_before_tenancy=Housing.HOMELESS)
    without, settled = somebody(), somebody(housing=Housing.STABLE)
    held = [balance.risk_held(tenant, Over(world, {"tenancy_risk_kept": kept})) for kept in (0.0, 0.5, 1.0)]
    assert held[0] == balance.risk_held(settled, world) and held[2] == balance.risk_held(without, world)
    assert held[1] == pytest.approx((held[0] + held[2]) / 2) and held[2] > held[0]
    assert balance.risk_held(tenant, world) == held[0], "as shipped the risk goes wholly"


def test_solitude_in_a_tenancy_is_as_it_was_unless_it_is_said(still):
    _, world = python_views(still)
    tenant, other = (somebody(tenancy=kind) for kind in (Tenancy.HOUSING_FIRST, Tenancy.NONE))
    assert rescue.alone_share(tenant, world) == rescue.alone_share(other, world)
    assert rescue.alone_share(tenant, Over(world, {"tenancy_alone": 0.5})) > rescue.alone_share(other, world)


def test_staff_of_supported_homes_keep_a_way_into_treatment_open_and_illness_may_end(still):
    _, world = python_views(still)
    said = Over(world, {"wraparound_recovery": 1e9, "wraparound_referral": 0.3})
    for kind, referred, ill in ((Tenancy.SUPPORTED, 0.3, False), (Tenancy.HOUSING_FIRST, 0.0, True)):
        tenant = somebody(tenancy=kind)
        tenancies.keep_tenancy(tenant, None, said, luck_of("keep_tenancy"))
        assert (tenant.referred, tenant.ill) == (referred, ill)
    inside = somebody(tenancy=Tenancy.SUPPORTED, justice=Justice.CUSTODY)
    tenancies.keep_tenancy(inside, None, said, luck_of("keep_tenancy"))
    assert inside.referred == 0


# ---------------------------------------------------------------- the service


@pytest.fixture(scope="module")
def housed() -> Iterator[DrugPolicyModel]:
    """A year of both levers in full, with more people in need than places."""
    levers = regime(housing_first={"places": 200, "ramp_weeks": 0}, wraparound={"homes": 200, "ramp_weeks": 0})
    made = after(52, regime=levers, seed=3, **PLACE)
    yield made


def test_places_bind_week_for_week(housed):
    counted = weekly(housed)
    service = housed.housing[0]
    for name, places in (
        ("in_housing_first", service.housing_first_paid()),
        ("in_supported_homes", service.supported_homes_paid()),
    ):
        held = counted[name].to_numpy() / housed.one_in
        assert held.max() <= places / housed.one_in + 1
        assert held[4:].min() >= places / housed.one_in - 3, "and are filled while anybody needs one"
    assert 0 < service.memory["tenants"].size < service.memory["list"].size + service.memory["tenants"].size


def test_support_of_housing_first_is_paid_for_whoever_has_a_place_or_could_take_one_and_for_no_empty_place():
    made = model(regime=regime(housing_first={"places": 2000, "ramp_weeks": 0}), seed=3, **{**PLACE, "parameters": {}})
    service, wanted = made.housing[0], []
    for _ in range(12):
        made.step()
        wanted.append(service.housing_first_paid() / made.one_in)
    made.close()
    assert 0 < max(wanted) < 0.5 * service.housing_first_places() / made.one_in, "there are fewer people than places"
    held = np.count_nonzero(made.look()["tenancy"] == Tenancy.HOUSING_FIRST)
    assert held == pytest.approx(wanted[-1], abs=3)
    paid = service.amount(service.cost_of["cost_housing_first_year"])
    assert paid == pytest.approx(wanted[-1] * made.one_in * made.parameters["cost_housing_first_year"] / 52)


def test_tenants_are_whom_it_is_for(housed):
    people = housed.look()
    for kind in (Tenancy.HOUSING_FIRST, Tenancy.SUPPORTED):
        tenants = people[people["present"] & (people["tenancy"] == kind)]
        assert tenants.size and tenants["ever_dependent"].all() and (tenants["age"] >= 18).all()
        assert np.isin(tenants["home_before_tenancy"], [Housing.STABLE, Housing.INSECURE, Housing.HOMELESS]).all()


def test_the_homeless_come_first_and_then_the_longest_on_the_list():
    places = regime(housing_first={"places": 100, "ramp_weeks": 0})
    made = model(engine="python", regime=places, seed=3, **{**PLACE, "people": 300})
    service = made.housing[0]
    made.step()
    people = made.people
    here = made.area_of_row(np.arange(len(people))) == 0
    free = np.flatnonzero(
        here & people["present"] & (people["age"] >= 18) & (people["tenancy"] == 0) & (people["housing"] == 0)
    )[:6]
    people["housing"][free] = [2, 2, 2, 1, 2, 2]
    people["justice"][free], people["care"][free], people["dependent_on"][free] = 0, 0, [1, 1, 1, 1, 0, 1]
    people["age"][free[5]] = 15.0
    since = np.array([5, 1, 3, 0, 0, 0])
    rooms = np.array([2] + [0] * (len(made.areas_of) - 1))

    def let(those: np.ndarray) -> list[int]:
        return service.let(made, Tenancy.HOUSING_FIRST, rooms, free[those], since[those], 9).tolist()

    assert let(np.arange(6)) == [free[1], free[2]], "nobody insecure, young, not dependent"
    assert let(np.array([0, 3, 4, 5])) == [free[0], free[3]]
    assert let(np.array([4, 5])) == []
    made.close()


def test_homes_that_are_let_are_gone_for_others_unless_none_are():
    def others(displaced: float) -> tuple[DrugPolicyModel, float]:
        made = model(regime=regime(housing_first={"places": 250, "ramp_weeks": 0}), seed=3,
                     **{**PLACE, "parameters": {**WITHOUT_HOMES, "homes_displaced": displaced, "find_home": 2.0}})  # fmt: skip
        left = []
        for _ in range(26):
            made.step()
            left.append(made.places["homes_left"][0])
        made.close()
        return made, min(left)

    (none, all_left), (full, few_left) = others(0.0), others(1.0)
    assert all_left == 1 and few_left < 1
    one, other = none.people, full.people
    same = (one["tenancy"] == 0) & (other["tenancy"] == 0) & one["present"] & other["present"]
    assert one["housing"][same].sum() < other["housing"][same].sum(), "others are worse housed"


def test_without_effects_places_are_given_and_nothing_else_moves():
    levers = regime(housing_first={"places": 200, "ramp_weeks": 0}, wraparound={"homes": 200, "ramp_weeks": 0})
    numbers = {"unstable_share_dependent": 0.9, "tenancy_lost[housing-first]": 2, "tenancy_move_on[supported]": 2}
    runs = [
        after(26, regime=r, null_effects=True, seed=3, **{**PLACE, "parameters": numbers})
        for r in ("status-quo", levers)
    ]
    assert weekly(runs[1])["tenancies_lost"].sum() > 0 < weekly(runs[1])["moved_on"].sum()
    moved = differing(runs[0].people, runs[1].people)
    assert set(moved) <= {"tenancy", "home_before_tenancy", "social_marks"} and "tenancy" in moved


@pytest.fixture(scope="module")
def first() -> dict[str, np.ndarray]:
    return paired({"housing_first": {"places": 150}}, OUTCOMES, weeks=39, **PLACE)


@pytest.fixture(scope="module")
def wraparound() -> dict[str, np.ndarray]:
    return paired({"wraparound": {"homes": 150}}, OUTCOMES, weeks=39, **PLACE)


def test_both_levers_are_delivered_and_fewer_people_are_homeless_and_the_council_pays(first, wraparound):
    for found, process in ((first, "in_housing_first"), (wraparound, "in_supported_homes")):
        assert (found[process] > 0).all()
        assert standard_errors(found["homeless_dependent"]) < -3.5
        assert (found["cost_council"] > 0).all()


def test_housing_first_leaves_use_and_deaths_about_as_they_were(first):
    """The trials' null: neither is given an effect of its own; what is left is the way of risk."""
    assert abs(standard_errors(first["expected_deaths"])) < 3.5
    assert abs(standard_errors(first["remissions"])) < 3.5
