"""Mesa's own tools on the model: batch_run, DataCollector, model.agents and SolaraViz, on every supported Mesa."""

import asyncio
import gc
import inspect
import weakref

import mesa
import numpy as np
import pytest
import solara
from small_worlds import BUSY

from policysim import DrugPolicyModel, UserError
from policysim.agents.institutions.institution import Institution
from policysim.agents.people.person import Person
from policysim.agents.roles import DependentUser
from policysim.counts.outcomes import Shown, headlines
from policysim.model import memory
from policysim.model.batch import BatchModel
from policysim.model.reporters import of_last_week

REPORTED = tuple(outcome.id for outcome in headlines(Shown.MESA))
SMALL = {"place": "dorset", "people": 250, "years": 1}
WEEKS = 6
# Mesa 3.5 takes the seeds of a batch by themselves, earlier ones as a parameter like any other.
SEEDS_APART = "rng" in inspect.signature(mesa.batch_run).parameters


def seeded(*seeds: int) -> dict:
    """Parameters of a batch, and the other arguments, with these seeds."""
    return ({}, {"rng": list(seeds)}) if SEEDS_APART else ({"seed": list(seeds)}, {})


def times(n: int) -> dict:
    """Arguments of a batch for so many runs of each setting, none with a seed that is said."""
    return {"rng": [None] * n} if SEEDS_APART else {"iterations": n}


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


def test_iterations_differ_and_say_their_seeds() -> None:
    """Mesa before 3.5 passes nothing on for an iteration, from 3.5 on `seed=None`."""
    rows = mesa.batch_run(DrugPolicyModel, SMALL, max_steps=3, display_progress=False, **times(3))
    seeds = [row["run_seed"] for row in rows]
    assert len(set(seeds)) == 3
    assert seeds == [int(float(seed)) for seed in seeds]  # a table with gaps keeps them as floats
    again = after(3 if SEEDS_APART else 4, seed=seeds[1])  # Mesa before 3.5 takes one step more
    assert rows[1]["expected_deaths"] == again.datacollector.model_vars["expected_deaths"][-1]


class Failing(BatchModel):
    """Raises in its third week under one regime."""

    def _set_policies(self) -> None:
        super()._set_policies()
        if self.week == 2 and self.regime.id == "diversion":
            raise ZeroDivisionError("a rule of one's own")


@pytest.mark.parametrize("period", [-1, 1])
def test_a_failing_run_of_a_batch_is_a_row_with_its_error(period: int) -> None:
    rows = mesa.batch_run(
        Failing, SMALL | {"regime": ["status-quo", "diversion"], "place": ["dorset", "dorst"]},
        max_steps=WEEKS, data_collection_period=period, display_progress=False,
    )  # fmt: skip
    last = {row["RunId"]: row for row in rows}
    told = [(row["place"], row["regime"], row["error"]) for row in last.values()]
    missing = "UserError: there is no place 'dorst'; did you mean 'dorset'? ('policysim places' lists them all)"
    assert sorted(told, key=str) == sorted(
        [
            ("dorset", "status-quo", None),
            ("dorset", "diversion", "ZeroDivisionError: a rule of one's own"),
            ("dorst", "status-quo", missing),
            ("dorst", "diversion", missing),
        ],
        key=str,
    )
    (failed,) = [row for row in last.values() if row["regime"] == "diversion" and row["place"] == "dorset"]
    assert failed["expected_deaths"] is None
    assert failed["run_seed"] is not None
    if period == 1:
        assert [row["week_of_run"] for row in rows if row["RunId"] == failed["RunId"]] == [0, 1, None]


def test_a_batch_of_models_that_nobody_holds_stays_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "LOOK_AFTER", 3 * after(0).people.nbytes)
    made: list[weakref.ref] = []
    left: list[int] = []

    class Watched(DrugPolicyModel):
        """Notes how many models of the batch are still in memory when another is made."""

        def __init__(self, place: str, people: int, seed: int | None = None) -> None:
            super().__init__(place=place, people=people, years=1, seed=seed)
            made.append(weakref.ref(self))
            left.append(sum(model() is not None for model in made))

    gc.disable()  # what Python does by itself depends on all else that lives in this process
    try:
        mesa.batch_run(Watched, {"place": "dorset", "people": 250}, max_steps=1, display_progress=False, **times(12))
    finally:
        gc.enable()
    assert len(left) == 12
    assert max(left) <= 6


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


def test_what_is_added_to_the_headlines_is_collected_as_mesa_does():
    made = after(0)
    lists = [[1]]
    made.datacollector.model_reporters |= {"lists": lambda model: lists, "place": "run_seed"}
    made.datacollector.model_vars |= {"lists": [], "place": []}
    made.step()
    lists[0].append(2)
    assert made.datacollector.model_vars["lists"] == [[[1]]], "a copy, as it was then"
    assert made.datacollector.model_vars["place"] == made.datacollector.model_vars["run_seed"] == [made.run_seed]
    assert len(made.datacollector.model_vars["expected_deaths"]) == 1


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
    assert len(ages) > 400


def test_both_engines_report_the_same_of_everyone() -> None:
    tables = []
    for engine in ("compiled", "python"):
        made = after(0, engine=engine, parameters=BUSY, beyond_ranges=True)
        made.datacollector = mesa.DataCollector(
            agenttype_reporters={Person: {"age": "age", "use": lambda a: list(a.use)}}
        )
        for _ in range(WEEKS):
            made.step()
        tables.append(made.datacollector.get_agenttype_vars_dataframe(Person).sort_index())
    assert tables[0].equals(tables[1])
    assert tables[0].groupby("Step").size().between(150, 350).all()


@pytest.mark.parametrize("engine", ["compiled", "python"])
def test_reporters_that_ask_every_agent(engine: str) -> None:
    """Before 3.5 Mesa reports None where an agent has no such value, from 3.5 on it is an error: told in one sentence."""
    made = after(0, engine=engine)
    made.datacollector = mesa.DataCollector(agent_reporters={"age": "age"})
    if SEEDS_APART:
        with pytest.raises(
            UserError, match="ask institutions too; those of people alone are asked by agenttype_reporters"
        ):
            made.step()
        return
    made.step()
    ages = made.datacollector.get_agent_vars_dataframe()["age"].droplevel("Step")
    present = np.flatnonzero(made.people["present"])
    assert ages[present].to_numpy() == pytest.approx(made.people["age"][present])
    assert ages[ages.index < 0].isna().all()


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
@pytest.mark.parametrize("kind", [DrugPolicyModel, BatchModel])
def test_solara_viz_misses_no_parameter(kind: type) -> None:
    """It asks for every parameter that has no default, but for one called kwargs."""
    parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
    assert [p.name for p in parameters if p.default is p.empty and p.name != "kwargs"] == []
    assert {"kwargs", "seed"} <= {p.name for p in parameters}


@pytest.mark.parametrize("engine", ["compiled", "python"])
def test_solara_viz_draws_the_model(engine):
    pytest.importorskip("altair", reason="Mesa's SolaraViz needs altair: pip install 'policysim[solara-viz]'")
    from mesa.visualization import Slider, SolaraViz, make_plot_component

    made = after(3, engine=engine)
    asyncio.set_event_loop(asyncio.new_event_loop())  # SolaraViz begins a task as soon as it is drawn

    @solara.component
    def page():
        SolaraViz(
            made, components=[make_plot_component("expected_deaths")], name="One place, one regime",
            model_params=SMALL | {
                "seed": 3,
                "regime": {"type": "Select", "value": "status-quo", "values": ["status-quo", "diversion"], "label": "Regime"},
                "years": Slider("Years", value=1, min=1, max=3, step=1),
            },
        )  # fmt: skip

    box, context = solara.render(page(), handle_error=False)
    try:
        assert box.children
    finally:
        context.close()
        asyncio.get_event_loop().close()
        asyncio.set_event_loop(None)
