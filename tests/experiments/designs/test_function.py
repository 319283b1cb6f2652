"""A scenario as a function, as a model of EMA Workbench and as a problem of SALib: the right answer, or one sentence."""

import pickle
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_up_sweep import Counted, made_up

from policysim import Scenario
from policysim.errors import UserError
from policysim.experiments.analysis.sweeps.frames import answers, outcome_named
from policysim.experiments.designs import function as functions
from policysim.experiments.designs.function import Function, as_function
from policysim.experiments.designs.gathered import gathered_in
from policysim.experiments.designs.sweep import run_sweep
from policysim.experiments.running.content_ids import run_id
from policysim.experiments.running.plan import Task
from policysim.experiments.running.seed import Observer
from policysim.scenarios.sweep import Sweep

KITS, ROOMS = "levers.take_home_naloxone.kits_per_100", "regimes.harm-reduction.levers.consumption_room.rooms"
FATAL, READ = "parameters.fatality_opioid", "readings.naloxone_and_risk"
VARY = {
    FATAL: {}, KITS: {"low": 5, "high": 60}, ROOMS: {"low": 0, "high": 3}, READ: ["no-more-risk", "more-risk"],
}  # fmt: skip
POINT = {FATAL: 0.05, KITS: 20.0, ROOMS: 2, READ: "more-risk"}


def small(**changes: Any) -> Scenario:
    asked = {
        "place": "authority:coventry", "people": 200, "years": 2, "burn_in_years": 0, "replicates": 2,
        "regimes": ["status-quo", "harm-reduction"],
    }  # fmt: skip
    return Scenario(**(asked | changes))


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    """No run takes any time: each is made up of its id, here and in sweeps."""
    counted = made_up(monkeypatch.setattr)
    monkeypatch.setattr(functions, "live", counted.live)
    yield counted


def function(**changes: Any) -> Function:
    return as_function(small(), VARY, **changes)


# ---------------------------------------------------------------- a function


@pytest.mark.slow
def test_a_call_gives_what_a_sweep_over_the_same_point_says(tmp_path: Any) -> None:
    """Lived in earnest: in this process, and by a sweep's runs in its folder."""
    found = as_function(small(years=1), VARY, outcomes=["expected_deaths", "spending"])
    one = found(**POINT)
    sweep = Sweep(question="?", design="list", scenario=small(years=1), points_listed=[POINT])
    run_sweep(sweep, tmp_path, workers=1)
    for name in ("expected_deaths", "spending"):
        (answer,) = answers(gathered_in(str(tmp_path), sweep), outcome_named(name))
        assert one[name] == answer.means.iloc[0]
    assert one["failed"] == 0.0 and set(map(type, one.values())) == {float}


def test_paths_and_their_names_mean_the_same_and_equal_arguments_give_equal_numbers(lived: Counted) -> None:
    found = function()
    named = {one.name: POINT[one.path] for one in found.inputs}
    assert list(named)[1] == "levers_take_home_naloxone_kits_per_100"
    assert found(**POINT) == found(**named) == pickle.loads(pickle.dumps(found))(**POINT)
    assert found(**{path: np.asarray(value)[()] for path, value in POINT.items()}) == found(**POINT)
    assert found(**POINT, seed=9) != found(**POINT) != found()
    assert found(**POINT, seed=np.int64(1)) == found(**POINT)


def test_what_comes_back_is_a_difference_where_there_is_a_status_quo(lived: Counted) -> None:
    level = as_function(small(regimes=["harm-reduction"]), {FATAL: {}})
    both = as_function(small(regimes=["status-quo", "harm-reduction", "diversion"]), {FATAL: {}})
    assert level.names == ("expected_deaths",) and level()["expected_deaths"] > 0
    assert both.names == ("expected_deaths_harm_reduction", "expected_deaths_diversion")
    assert repr(level) == "Function(parameters.fatality_opioid -> expected_deaths)"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"levers_take_home_naloxone_kits": 5}, "the function has no input .*did you mean 'levers_take_home_naloxone_kits_per"),
        ({KITS: 61}, f"{KITS} goes from 5 to 60 here, and 61 is beyond"),
        ({ROOMS: -1}, "rooms goes from 0 to 3 here, and -1 is beyond"),
        ({ROOMS: 1.5}, "rooms is a whole number, not 1.5"),
        ({READ: "some"}, "is one of no-more-risk, more-risk here, not 'some'"),
        ({FATAL: float("nan")}, "fatality_opioid is a number, not nan"),
        ({"seed": -1}, "seed"),
    ],
)  # fmt: skip
def test_what_the_function_was_not_made_for_is_one_sentence(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told):
        function()(**asked)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"scenario": "coventry"}, "takes a Scenario"),
        ({"vary": {"place": ["authority:coventry"]}}, "a function is of one place"),
        ({"vary": {}}, "needs at least one path to vary"),
        ({"vary": {KITS: {"low": 5, "high": 5}}}, "must be below high"),
        ({"outcomes": "expected_deaths"}, "must be a list of at least one"),
        ({"outcomes": ["expected_death"]}, "did you mean 'expected_deaths'"),
    ],
)
def test_a_function_that_cannot_be_made_says_why(given: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told):
        as_function(**({"scenario": small(), "vary": VARY} | given))


def broken(monkeypatch: pytest.MonkeyPatch, every: int = 1) -> Counted:
    """Each so manieth run raises."""
    seen: list[str] = []

    def fail(id: str) -> None:
        seen.append(id)
        if len(seen) % every == 0:
            raise ZeroDivisionError("of a rule")

    counted = made_up(monkeypatch.setattr, fail)
    monkeypatch.setattr(functions, "live", lambda task, observer: Raising(fail).live(task, observer))
    return counted


class Raising(Counted):
    def _run(self, task: Task, regime: Any, observer: Observer) -> None:
        self.before(run_id(task.scenario, regime, task.seed))
        super()._run(task, regime, observer)


def test_a_point_that_fails_is_nan_and_marked_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    broken(monkeypatch)
    with pytest.warns(RuntimeWarning, match=r"the runs at parameters.fatality_opioid = 0.05 failed: of a rule"):
        told = function()(**{FATAL: 0.05})
    assert np.isnan(told["expected_deaths"]) and told["failed"] == 1.0


# ---------------------------------------------------------------- a problem of SALib


@pytest.mark.slow
def test_a_problem_of_salib_takes_three_lines_and_says_which_number_matters(lived: Counted) -> None:
    found = as_function(small(), VARY)
    problem = found.salib()
    problem.sample_sobol(4, seed=1).evaluate(found.rows, workers=1).analyze_sobol(seed=1)
    assert problem.results.shape == (4 * 10,) and problem.results.dtype == float
    assert list(problem.analysis["S1"].shape) == [4] and np.isfinite(problem.analysis["ST"]).all()
    values = found.points(problem.samples)
    first = found(**values[0])
    assert first["expected_deaths"] == problem.results[0]
    assert {type(point[ROOMS]) for point in values} == {int} and {point[ROOMS] for point in values} == {0, 1, 2, 3}


@pytest.mark.slow
def test_morris_runs_whole_numbers_and_lists_at_all_they_can_be(lived: Counted) -> None:
    found = function()
    problem = found.salib()
    problem.sample_morris(8, seed=1).evaluate(found.rows, workers=1).analyze_morris()
    values = pd.DataFrame(found.points(problem.samples))
    assert sorted(values[ROOMS].unique()) == [0, 1, 2, 3] and set(values[READ]) == set(VARY[READ])
    assert values[ROOMS].value_counts().min() > 3
    assert (values[KITS].min(), values[KITS].max()) == (5, 60)


@pytest.mark.slow
def test_several_outcomes_are_columns_by_name_and_factors_are_even_on_the_log(lived: Counted) -> None:
    vary = {KITS: {"low": 1, "high": 100, "log": True}, "parameters.kit_loss": {}}
    found = as_function(small(), vary, outcomes=["expected_deaths", "spending"])
    problem = found.salib()
    problem.sample_latin(16, seed=1).evaluate(found.rows, workers=1)
    assert problem["outputs"] == ["expected_deaths", "spending"] and problem.results.shape == (16, 2)
    assert (problem.samples[:, 0] < 10).sum() == 8
    assert set(problem.analyze_pawn().analysis) == {"expected_deaths", "spending"}


@pytest.mark.slow
def test_a_run_that_failed_is_told_before_salib_makes_zeros_of_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    broken(monkeypatch, every=20)
    found = function()
    problem = found.salib().sample_sobol(2, seed=1)
    with pytest.raises(
        UserError, match=r"^\d of \d+ runs at 20 points failed, the first with .*ZeroDivisionError: of a rule"
    ):
        problem.evaluate(found.rows, workers=1)
    with pytest.raises(UserError, match=r"say 0 of every Sobol' index: 'policysim results .* failures' names them"):
        problem.evaluate(found.rows, out=tmp_path, workers=1)
    made_up(monkeypatch.setattr)
    assert problem.evaluate(found.rows, out=tmp_path, workers=1).results.shape == (20,)


def evaluated(results: Any, **made: Any) -> Any:
    return function().salib().sample_sobol(4, seed=1, **made).set_results(np.asarray(results))


def test_what_salib_would_answer_wrongly_is_one_sentence() -> None:
    luck = np.random.default_rng(1)
    few, many = luck.random(24), luck.random(40)
    gap = many.copy()
    gap[3] = np.nan
    for problem, how, told in (
        (evaluated(gap), {}, "1 of 40 points have no number"),
        (evaluated(np.full(40, 2.5)), {}, "Y is 2.5 at every point|expected_deaths is 2.5 at every point"),
        (evaluated(many), {"seed": 0}, "seed 0 is no seed"),
        (evaluated(few, calc_second_order=False), {}, "made with calc_second_order=False: analyse them"),
        (function().salib().sample_sobol(4), {}, "nothing has been evaluated yet"),
        (as_function(small(), {FATAL: {}}).salib().sample_sobol(4), {}, "only one thing varies"),
    ):
        with pytest.raises(UserError, match=told):
            problem.analyze_sobol(**how)
    assert np.isfinite(
        evaluated(few, calc_second_order=False).analyze_sobol(calc_second_order=False).analysis["S1"]
    ).all()
    assert evaluated((many * 1000).astype(int)).analyze_sobol().results.dtype == float


def test_samples_of_another_problem_and_outcomes_that_never_move_are_told(
    lived: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = function()
    with pytest.raises(UserError, match=r"4 columns, one for each input, and have the shape \(3, 2\)"):
        found.rows(np.zeros((3, 2)))
    with pytest.raises(
        UserError, match=r"a sample has 0 for parameters.fatality_opioid, which was to be drawn from 0.024"
    ):
        found.rows(np.zeros((3, 4)))
    only = as_function(small(regimes=["status-quo", "diversion"]), {FATAL: {}, "parameters.kit_loss": {}})
    monkeypatch.setattr("made_up_sweep.yearly_of", lambda id, was=functions.pd.DataFrame: made_zero())
    with pytest.warns(RuntimeWarning, match="expected_deaths is 0 at every point"):
        only.rows(only.salib().sample_latin(4, seed=1).samples, workers=1)


def made_zero() -> pd.DataFrame:
    from policysim.counts.outcomes import COLUMNS

    frame = pd.DataFrame(np.zeros((2, len(COLUMNS))), columns=list(COLUMNS))
    frame.insert(0, "year", np.arange(2, dtype=np.int32))
    return frame


# ---------------------------------------------------------------- a model of EMA Workbench


@pytest.fixture
def ema() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = pytest.importorskip("ema_workbench")
    return found


@pytest.mark.slow
def test_a_model_of_the_workbench_takes_two_lines(lived: Counted, ema: Any) -> None:
    found = function()
    experiments, outcomes = ema.perform_experiments(found.ema(), 4, 3)
    assert len(experiments) == 12 and set(outcomes) == {"expected_deaths", "failed"}
    assert outcomes["expected_deaths"].dtype == float and not outcomes["failed"].any()
    for k in (0, 7, 11):
        row = {one.name: experiments[one.name].iloc[k] for one in found.inputs}
        assert found(**row)["expected_deaths"] == outcomes["expected_deaths"][k]
    assert experiments["regimes_harm_reduction_levers_consumption_room_rooms"].dtype == np.int64
    model = found.ema()
    assert [one.name for one in model.levers] == [one.name for one in found.inputs if not one.is_uncertain]
    with pytest.raises(UserError, match="a model that could be a variable's, not 'my model'"):
        found.ema("my model")


def test_a_failed_experiment_does_not_repeat_the_one_before(monkeypatch: pytest.MonkeyPatch, ema: Any) -> None:
    broken(monkeypatch, every=9)
    with pytest.warns(RuntimeWarning, match="of a rule"):
        _, outcomes = ema.perform_experiments(function().ema(), 6, 1)
    failed = outcomes["failed"] == 1
    assert 0 < failed.sum() < 6 and (np.isnan(outcomes["expected_deaths"]) == failed).all()
    assert len(set(outcomes["expected_deaths"][~failed])) == (~failed).sum()


def test_the_first_outcome_rules_no_other_and_replications_have_seeds(lived: Counted, ema: Any) -> None:
    found = function()
    model = ema.ReplicatorModel("replicated", function=found)
    plain = found.ema()
    model.uncertainties, model.levers = list(plain.uncertainties), list(plain.levers)
    model.replications = [{"seed": 1}, {"seed": 5}, {"seed": 9}]
    model.outcomes = [ema.ArrayOutcome("by_seed", variable_name="expected_deaths")]
    _, outcomes = ema.perform_experiments(model, 2, 1)
    assert outcomes["by_seed"].shape == (2, 3)
    assert all(len(set(row)) == 3 and (row % 1 != 0).all() for row in outcomes["by_seed"])


@pytest.mark.slow
def test_morris_of_the_workbench_runs_the_first_and_the_last_or_says_no(lived: Counted, ema: Any) -> None:
    """Before 3.0 it asks for one room too many, which is one sentence; lists and reals are run as they are."""
    from ema_workbench import Samplers

    lists = as_function(small(), {FATAL: {}, READ: VARY[READ]})
    experiments, _ = ema.perform_experiments(lists.ema(), 8, uncertainty_sampling=Samplers.MORRIS)
    assert experiments["readings_naloxone_and_risk"].value_counts().min() > 5
    model = as_function(small(), {FATAL: {}, KITS: VARY[KITS], ROOMS: VARY[ROOMS]}).ema()
    if int(ema.__version__.partition(".")[0]) < 3:
        with pytest.raises(
            BaseException, match="rooms goes from 0 to 3 here, and 4 is beyond"
        ):  # theirs is no Exception
            ema.perform_experiments(model, 1, 8, lever_sampling=Samplers.MORRIS)
        return
    experiments, _ = ema.perform_experiments(model, 1, 8, lever_sampling=Samplers.MORRIS)
    rooms = experiments["regimes_harm_reduction_levers_consumption_room_rooms"]
    assert sorted(rooms.unique()) == [0, 1, 2, 3]
