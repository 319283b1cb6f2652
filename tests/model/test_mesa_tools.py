"""Mesa's own tools on the model: batch_run, DataCollector, model.agents and SolaraViz, on every supported Mesa."""

import asyncio
import inspect

import mesa
import numpy as np
import pytest
import solara

from policysim import DrugPolicyModel, UserError
from policysim.agents.institutions.institution import Institution
from policysim.agents.people.person import Person
from policysim.agents.roles import DependentUser
from policysim.counts.outcomes import Shown, headlines
from policysim.model.reporters import of_last_week

REPORTED = tuple(outcome.id for outcome in headlines(Shown.MESA))
SMALL = {"place": "dorset", "people": 250, "years": 1}
WEEKS = 6
# Mesa 3.5 takes the seeds of a batch by themselves, earlier ones as a parameter like any other.
SEEDS_APART = "rng" in inspect.signature(mesa.batch_run).parameters


def seeded(*seeds: int) -> dict:
    """Parameters of a batch, and the other arguments, with these seeds."""
    return ({}, {"rng": list(seeds)}) if SEEDS_APART else ({"seed": list(seeds)}, {})


def after(weeks: int, **changes) -> DrugPolicyModel:
    made = DrugPolicyModel(**{**SMALL, "seed": 3, **changes})
    for _ in range(weeks):
        made.step()
    return made


# --- batch_run --------------------------------------------------------------------------------------------------------
@pytest.mark.slow
def test_batch_run_over_regimes_and_seeds():
    seeds, more = seeded(5, 6)
    rows = mesa.batch_run(
        DrugPolicyModel, {**SMALL, "regime": ["status-quo", "harm-reduction"], **seeds},
        max_steps=WEEKS, data_collection_period=1, display_progress=False, **more,
    )  # fmt: skip
    found = {(row["regime"], row["run_seed"]) for row in rows}
    assert found == {(regime, seed) for regime in ("status-quo", "harm-reduction") for seed in (5, 6)}
    of_one = [row for row in rows if (row["regime"], row["run_seed"]) == ("status-quo", 5)]
    assert [row["week_of_run"] for row in of_one] == list(range(len(of_one)))
    assert len(of_one) in (WEEKS, WEEKS + 1)  # Mesa before 3.5 takes one step more
    again = after(len(of_one), seed=5)
    assert [row["expected_deaths"] for row in of_one] == again.datacollector.model_vars["expected_deaths"]


def test_batch_run_with_nothing_said_runs_one_model_to_its_end():
    (row,) = mesa.batch_run(DrugPolicyModel, SMALL, display_progress=False)
    assert row["week_of_run"] == 51
    assert set(REPORTED) <= set(row)


@pytest.mark.slow
def test_without_a_seed_every_model_has_one_of_its_own():
    """Mesa 3.5 hands on `seed=None` when it is given no seeds."""
    seeds = {DrugPolicyModel(**SMALL, seed=None).run_seed for _ in range(3)}
    assert len(seeds) == 3


# --- DataCollector ----------------------------------------------------------------------------------------------------
def test_headlines_are_those_of_the_outcome_table():
    made = after(WEEKS, people=2000)
    kept = made.datacollector.get_model_vars_dataframe()
    weekly = made.outcomes.weekly([area.name for area in made.place.authorities], made.one_in)
    everywhere = weekly[weekly["area"] == "all"]
    for name in REPORTED:
        assert kept[name].to_numpy() == pytest.approx(everywhere[name].to_numpy()), name
    assert kept["population"].iloc[0] > 0


def test_nothing_has_happened_before_the_first_week():
    made = after(0)
    assert [of_last_week(name, made) for name in REPORTED] == [0] * len(REPORTED)


@pytest.mark.slow
def test_both_engines_collect_the_same():
    compiled, python = (after(WEEKS, engine=engine).datacollector for engine in ("compiled", "python"))
    assert compiled.model_vars == python.model_vars


@pytest.mark.parametrize("engine", ["compiled", "python"])
def test_a_collector_of_ones_own(engine):
    made = after(0, engine=engine)
    made.datacollector = mesa.DataCollector(
        model_reporters={"staying": lambda model: int(model.people["present"].sum())},
        agenttype_reporters={Institution: {"kind": lambda agent: type(agent).__name__}, Person: {"age": "age"}},
    )
    made.person(17)
    for _ in range(2):
        made.step()
    staying = made.datacollector.get_model_vars_dataframe()["staying"]
    assert len(staying) == 2
    institutions = made.datacollector.get_agenttype_vars_dataframe(Institution)
    assert {"PoliceTeam", "TreatmentService", "Court", "Prison"} <= set(institutions["kind"])
    ages = made.datacollector.get_agenttype_vars_dataframe(Person)["age"]
    assert ages.between(10, 81).all()
    assert len(ages) > (400 if engine == "python" else 1)


# --- model.agents -----------------------------------------------------------------------------------------------------
def institutions_and_people(model: DrugPolicyModel) -> tuple[list, list]:
    people = [agent for agent in model.agents if isinstance(agent, Person)]
    return [agent for agent in model.agents if isinstance(agent, Institution)], people


def test_the_compiled_engine_registers_institutions_and_whoever_is_asked_for():
    made = after(2)
    institutions, people = institutions_and_people(made)
    assert len(institutions) == len(made.institutions)
    assert not people
    seventeen = made.person(17)
    assert seventeen in made.agents
    assert seventeen.unique_id == 17
    assert float(seventeen.age) == made.people["age"][17]
    several = made.sample(100)
    assert len(several) == 100
    assert all(agent.present for agent in several)
    _, people = institutions_and_people(made)
    assert len(people) == len({seventeen, *several})


def test_asking_again_gives_the_same_agent_in_the_role_of_the_day():
    made = after(1)
    asked = made.person(17)
    assert made.person(17) is asked
    made.people["role"][17] = 2
    assert made.person(17) is asked
    assert isinstance(asked, DependentUser)
    assert len(made.agents_by_type[DependentUser]) == 1


def test_the_python_engine_registers_everyone_present():
    made = after(2, engine="python")
    institutions, people = institutions_and_people(made)
    assert len(institutions) == len(made.institutions)
    assert sorted(agent.unique_id for agent in people) == np.flatnonzero(made.people["present"]).tolist()
    assert made.person(17) in made.agents
    mean = np.mean(made.agents.select(agent_type=Person).get("age"))
    assert mean == pytest.approx(made.people["age"][made.people["present"]].mean())


def test_nobody_of_that_number():
    with pytest.raises(UserError, match="no person 9999999"):
        after(0).person(9_999_999)


# --- SolaraViz --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("engine", ["compiled", "python"])
def test_solara_viz_draws_the_model(engine):
    pytest.importorskip("altair", reason="Mesa's SolaraViz needs altair, which policysim does not (pip install altair)")
    from mesa.visualization import SolaraViz, make_plot_component

    made = after(3, engine=engine)
    asyncio.set_event_loop(asyncio.new_event_loop())  # SolaraViz begins a task as soon as it is drawn

    @solara.component
    def page():
        SolaraViz(made, components=[make_plot_component("expected_deaths")], name="One place, one regime")

    box, context = solara.render(page(), handle_error=False)
    try:
        assert box.children
    finally:
        context.close()
        asyncio.get_event_loop().close()
        asyncio.set_event_loop(None)
