"""Supported employment, work against stigma, trauma-informed services: whom they help, whom not, and what they leave alone.

What rises or falls is tested over eight pairs of runs at |t| > 3.5, which without an effect happens once in a hundred times.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from paired import paired, standard_errors
from small_worlds import after, differing, model, regime, weekly

from policysim.agents.people import care, jobs, support, work_home
from policysim.engine.luck import Luck
from policysim.evidence.registry import registry
from policysim.model import DrugPolicyModel
from policysim.model.building import python_views
from policysim.vocabulary.marks import SocialMark, WorkHomeMark
from policysim.vocabulary.states import Care, Housing, Justice, Occupation, Substance, Tenancy, Use

# More people in treatment than anywhere, all of whom wish for work, and work to be found.
NUMBERS = {
    "ocu_per_1000": 60.0,
    "psychosocial_coverage": 0.4,
    "job_support_wish": 1.0,
    "find_work": 2.0,
    "find_work_dependent": 1.0,
}
PLACE = {"place": "authority:birmingham", "people": 3000, "years": 1, "parameters": NUMBERS, "beyond_ranges": True}
WORK = regime(supported_employment={"specialists": 40, "ramp_weeks": 0})


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
    """As much of a person as finding work asks for."""
    use = [Use.NEVER] * 7
    use[said.pop("on", Substance.ALCOHOL)] = Use.DEPENDENT
    usual = {
        "tenancy": Tenancy.NONE, "housing": Housing.STABLE, "occupation": Occupation.WORKLESS, "justice": Justice.FREE,
        "care": Care.PSYCHOSOCIAL, "dependent_on": 1, "convictions": 0, "managed_weeks": 0, "job_support_weeks": 0, "use": use,
        "social_marks": 0, "work_home_marks": 0,
    }  # fmt: skip
    return SimpleNamespace(**{**usual, **said})


def luck_of(rule: str) -> Luck:
    luck = Luck({rule: 7})
    luck.turn_to(1, 0, rule)
    return luck


# ---------------------------------------------------------------- work


def test_a_specialist_helps_people_in_treatment_for_alcohol_or_other_drugs_and_not_for_opioids(still):
    _, world = python_views(still)
    for on in Substance:
        alone, helped = (work_home.change_of_work(somebody(on=on, job_support_weeks=weeks), world) for weeks in (0, 9))
        assert helped / alone == pytest.approx(1 if on == Substance.HEROIN else registry()["job_support_ratio"].value)
    assert registry()["job_support_ratio_opioids"].value == 1 < registry()["job_support_ratio"].value


def test_support_runs_its_weeks_ends_in_prison_and_goes_on_for_some_weeks_in_work(still):
    _, world = python_views(still)
    client = somebody()
    jobs.begin_job_support(client, None, world, None, 0)
    assert client.job_support_weeks == 56 and client.social_marks == SocialMark.BEGAN_JOB_SUPPORT
    work_home.change_work(client, world)
    assert client.occupation == Occupation.WORKING and client.job_support_weeks == 17
    assert client.social_marks & SocialMark.STARTED_SUPPORTED_WORK and client.work_home_marks == WorkHomeMark.FOUND_WORK
    for left in (*range(16, 0, -1), -1, -1):
        jobs.be_helped_into_work(client, None, world, None)
        assert client.job_support_weeks == left
    inside = somebody(job_support_weeks=9, justice=Justice.CUSTODY)
    jobs.be_helped_into_work(inside, None, world, None)
    assert inside.job_support_weeks == -1
    other = somebody()
    work_home.change_work(other, world)
    assert other.social_marks == 0 and other.work_home_marks == WorkHomeMark.FOUND_WORK


def test_work_that_others_were_helped_to_is_gone_for_those_without_a_specialist(still):
    here, world = python_views(still)
    often = Over(world, {"find_work": 0.5, "find_work_dependent": 1.0, "job_support_ratio": 1.0})
    found = {}
    for weeks in (0, 9):
        for vacancies in (1.0, 0.0):
            person = somebody(job_support_weeks=weeks)
            place = Over(here[0], {"vacancies": vacancies, "homes_left": 1.0})
            number = sum(lives(person, place, often, week) for week in range(40))
            found[weeks, vacancies] = number
    assert found[0, 0.0] == 0 < found[0, 1.0] and found[9, 0.0] == found[9, 1.0] > 0


def lives(person: SimpleNamespace, place: Any, world: Any, week: int) -> bool:
    """Whether somebody without work finds some in a week."""
    person.occupation, person.work_home_marks = Occupation.WORKLESS, 0
    person.job_support_weeks = 9 if person.job_support_weeks > 0 else 0
    luck = Luck({"keep_work_and_home": 7})
    luck.turn_to(1, week, "keep_work_and_home")
    work_home.keep_work_and_home(person, place, world, luck)
    return bool(person.work_home_marks & WorkHomeMark.FOUND_WORK)


@pytest.fixture(scope="module")
def work() -> dict[str, np.ndarray]:
    outcomes = ("jobs_found", "with_job_support", "supported_jobs", "expected_deaths", "cost_council")
    changed = {**NUMBERS, "ocu_per_1000": 20.0, "psychosocial_coverage": 0.8, "find_work": 1.0, "jobs_displaced": 0.0}
    place = {**PLACE, "people": 4000, "parameters": changed}
    return paired({"supported_employment": {"specialists": 50}}, outcomes, weeks=39, **place)


def test_supported_employment_is_delivered_and_more_jobs_are_found_at_its_shipped_ratio(work):
    assert (work["with_job_support"] > 0).all() and (work["cost_council"] > 0).all()
    assert standard_errors(work["jobs_found"]) > 3.5
    assert (work["jobs_found"] < work["supported_jobs"]).all(), "most would have been found without"
    assert abs(standard_errors(work["expected_deaths"])) < 3.5


def test_specialists_hold_no_more_clients_than_they_have_time_for_and_those_whom_it_is_for():
    for specialists in (4, 40):
        made = after(
            39, regime=regime(supported_employment={"specialists": specialists, "ramp_weeks": 0}), seed=2, **PLACE
        )
        held = weekly(made)["with_job_support"].to_numpy() / made.one_in
        places = made.employment[0].places_paid() / made.one_in
        assert held.max() <= places + 1 and held[2:].min() > 0
        assert specialists == 40 or held[3:].min() >= places - 2, "few are always busy"
        people = made.look()
        assert (people["age"][people["job_support_weeks"] > 0] >= 18).all()


def test_the_work_of_clients_is_others_loss_as_far_as_is_said():
    def run(displaced: float, ratio: float = 20.0) -> tuple[DrugPolicyModel, float]:
        numbers = {**NUMBERS, "jobs_displaced": displaced, "job_support_ratio": ratio}
        made, least = model(regime=WORK, seed=2, **{**PLACE, "parameters": numbers}), 1.0
        for _ in range(39):
            made.step()
            least = min(least, made.places["vacancies"][0])
        made.close()
        return made, least

    (none, all_there), (full, few_there), (_, nothing_taken) = run(0.0), run(1.0), run(1.0, ratio=1.0)
    assert all_there == nothing_taken == 1 > few_there
    found = [weekly(made)["jobs_found"].sum() for made in (none, full)]
    assert found[1] < found[0]
    one, other = none.people, full.people
    changed = one["occupation"] != other["occupation"]
    assert changed.any() and not (one["job_support_weeks"][changed] > 0).any(), "clients lose nothing"


# ---------------------------------------------------------------- stigma and trauma


def asking(
    still: DrugPolicyModel, here: dict[str, float], numbers: dict[str, float], aces: int = 0
) -> tuple[float, float]:
    """Hazard of asking of somebody dependent on alcohol, and its bound."""
    places, world = python_views(still)
    person = still.person(0)
    person.use[Substance.ALCOHOL], person.dependent_on, person.stigma, person.aces = Use.DEPENDENT, 1, 0.5, aces
    place, said = Over(places[0], {"stigma_taken": 0.0, "trauma_informed": 0.0, **here}), Over(world, numbers)
    return care.seek_hazard(person, place, said), care.most_seeking(person, place, said)


def test_people_ask_more_the_less_stigma_they_expect_unless_stigma_holds_nobody_back(still):
    usual, some, all_taken = (asking(still, {"stigma_taken": taken}, {})[0] for taken in (0.0, 0.1, 1.0))
    assert usual < some < all_taken
    assert some / usual == pytest.approx(np.exp(0.1 * 0.5 * registry()["stigma_effect"].value))
    none = [asking(still, {"stigma_taken": taken}, {"stigma_effect": 0.0})[0] for taken in (0.0, 1.0)]
    assert none[0] == none[1]


def test_only_people_with_many_adverse_experiences_are_met_otherwise_by_trauma_informed_services(still):
    usual, informed, none = (
        asking(still, {"trauma_informed": share}, {}, aces)[0] for share, aces in ((0, 4), (1, 4), (1, 3))
    )
    assert usual == none
    assert informed / usual == pytest.approx(np.exp(registry()["trauma_informed_asking"].value))
    places, world = python_views(still)
    place, hurt = Over(places[0], {"trauma_informed": 0.5}), somebody(aces=4)
    assert support.held_by_others(hurt, place, world) == pytest.approx(
        registry()["trauma_informed_retention"].value / 2
    )
    assert support.held_by_others(somebody(aces=3), place, world) == 0


@pytest.mark.parametrize("effect", [-0.3, 0.0, 0.4])
def test_the_bound_of_asking_holds_whichever_way_services_move_people(still, effect):
    bounds = []
    for share in (0.0, 0.5, 1.0):
        hazard, bound = asking(still, {"trauma_informed": share}, {"trauma_informed_asking": effect}, aces=5)
        assert hazard <= bound
        bounds.append(bound)
    assert bounds == sorted(bounds), "it does not fall where a number of here rises"


def test_work_against_stigma_reaches_residents_and_people_ask_for_treatment_sooner():
    numbers = {**PLACE, "parameters": {**NUMBERS, "stigma_work_effect": 1.0, "stigma_effect": 1.0}}
    found = paired(
        {"stigma_reduction": {"reached": 1.0}}, ("reached_on_stigma", "asked_for_treatment"), weeks=26, **numbers
    )
    assert (found["reached_on_stigma"] > 0).all() and standard_errors(found["asked_for_treatment"]) > 3.5


def test_trauma_informed_services_hold_people_if_they_do_and_lose_them_if_they_do_not():
    for effect, sign in ((1.0, -1), (-1.0, 1)):
        numbers = {
            **PLACE,
            "parameters": {**NUMBERS, "trauma_informed_retention": effect, "trauma_informed_asking": 0.0},
        }
        found = paired(
            {"trauma_informed_practice": {"services": 1.0}},
            ("trauma_informed_clients", "treatment_dropped"),
            weeks=26,
            **numbers,
        )
        assert (found["trauma_informed_clients"] > 0).all()
        assert sign * standard_errors(found["treatment_dropped"]) > 3.5


def test_without_effects_nothing_but_the_support_moves():
    levers = regime(
        supported_employment={"specialists": 40, "ramp_weeks": 0}, stigma_reduction={"reached": 1.0, "ramp_weeks": 0},
        trauma_informed_practice={"services": 1.0, "ramp_weeks": 0},
    )  # fmt: skip
    numbers = {key: value for key, value in NUMBERS.items() if registry()[key].null is None}
    runs = [
        after(26, regime=r, null_effects=True, seed=3, **{**PLACE, "parameters": numbers})
        for r in ("status-quo", levers)
    ]
    told = weekly(runs[1])
    assert (
        told["supported_jobs"].sum() > 0 and told["reached_on_stigma"].sum() > 0 < told["trauma_informed_clients"].sum()
    )
    assert set(differing(runs[0].people, runs[1].people)) <= {"job_support_weeks", "social_marks"}
