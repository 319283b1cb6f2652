"""What is to be run: runs, tasks of one seed, and how processors are shared out."""

from policysim.experiments.running.plan import Run, plan, runs_of
from policysim.scenarios.scenario import Scenario, scenario_from


def scenario() -> Scenario:
    return scenario_from(
        {"place": "dorset", "regimes": ["status-quo", "diversion"], "replicates": 3, "seed": 11, "years": 2,
         "burn_in_years": 1}
    )  # fmt: skip


def test_runs_are_named_by_seed_and_regime() -> None:
    names = [run.name for run in runs_of(scenario())]
    assert names == [f"{seed}-{regime}" for regime in ("status-quo", "diversion") for seed in (11, 12, 13)]


def test_a_task_burns_in_once_for_all_its_regimes() -> None:
    tasks, workers = plan(scenario())
    assert [(task.seed, [regime.id for regime in task.regimes]) for task in tasks] == [
        (seed, ["status-quo", "diversion"]) for seed in (11, 12, 13)
    ]
    assert [task.weeks for task in tasks] == [52 + 2 * 104] * 3
    assert workers == 1


def test_only_seeds_that_lack_a_run_are_planned() -> None:
    tasks, workers = plan(scenario(), [Run("diversion", 2, 13)], threads=4)
    assert [(task.seed, [regime.id for regime in task.regimes]) for task in tasks] == [(13, ["diversion"])]
    assert tasks[0].run_under(tasks[0].regimes[0]) == Run("diversion", 2, 13)
    assert (workers, tasks[0].threads) == (1, 4), "processors that no seed needs serve within the model"


def test_seeds_come_before_threads() -> None:
    assert [(plan(scenario(), threads=k).workers, plan(scenario(), threads=k).tasks[0].threads) for k in (2, 3, 7)] == [
        (2, 1), (3, 1), (3, 2),
    ]  # fmt: skip
