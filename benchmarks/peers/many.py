"""Many runs of the contagion by one program: `python -m policysim.benchmarks.peers.many NAME WORKERS FEW WORLD.npz ...`.

Each world is a run. Prints what `policysim.benchmarks.many` does: seconds of a few runs, and of all.
"""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from policysim.benchmarks.many import measured
from policysim.benchmarks.peers.contagion import World

Worlds = list[Path]
Program = Callable[[Worlds, int], list[int]]
"""Lives each world; returns how many use at the end of each."""


def users_by_hand(path: Path) -> int:
    """NumPy by hand."""
    from policysim.benchmarks.peers.by_hand import ByHand

    return ByHand(World.load(path)).run()[-1]


def users_by_rules(path: Path) -> int:
    """Three rules of policysim."""
    from policysim.benchmarks.peers.with_policysim import WithPolicysim

    return WithPolicysim(World.load(path)).run()[-1]


def of_task(live: Callable[[Path], int], worlds: Worlds, task: Any, tell: Any) -> int:
    """A task of our runner stands for one of the worlds."""
    tell(0, 1)
    return live(worlds[task.replicate])


def by_runner(live: Callable[[Path], int], worlds: Worlds, workers: int) -> list[int]:
    """The workers of `policysim sweep` and of all other designs."""
    from policysim.experiments.running.plan import Task
    from policysim.experiments.running.runner import run
    from policysim.scenarios.scenario import scenario_from

    scenario = scenario_from(
        {"place": "authority:rutland", "people": 300, "years": 1, "regimes": ["status-quo"], "replicates": len(worlds)}
    )
    tasks = [Task(scenario, replicate, scenario.regimes) for replicate in range(len(worlds))]
    return run(partial(of_task, live, worlds), tasks, workers)


def by_multisim(worlds: Worlds, workers: int) -> list[int]:
    """Starsim's MultiSim of as many Sims; with one worker they run one after the other."""
    import starsim as ss

    from policysim.benchmarks.peers.with_starsim import WithStarsim

    many = ss.MultiSim(sims=[WithStarsim(World.load(path)).sim for path in worlds])
    many.run(parallel=workers > 1, n_cpus=workers, verbose=0)
    return [int(sim.results.using.n_infected[-1]) for sim in many.sims]


def by_workbench(worlds: Worlds, workers: int) -> list[int]:
    """EMA workbench's evaluators of a function that lives a world with NumPy by hand."""
    import ema_workbench as ema

    named = getattr(ema, "Sample", None) or ema.Scenario  # the name until version 3
    model = ema.Model("contagion", function=partial(numbered, [str(path) for path in worlds]))
    model.uncertainties = [ema.IntegerParameter("number", 0, max(len(worlds) - 1, 1))]
    model.outcomes = [ema.ScalarOutcome("users")]
    asked = [named(f"run {number}", number=number) for number in range(len(worlds))]
    evaluators = ema.MultiprocessingEvaluator(model, workers) if workers > 1 else ema.SequentialEvaluator(model)
    with evaluators as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=asked)
    order = experiments["number"].astype(int).argsort()
    return [int(users) for users in outcomes["users"][order]]


def numbered(paths: list[str], number: int) -> dict[str, int]:
    """One of the worlds, as the workbench asks for it."""
    return {"users": users_by_hand(Path(paths[int(number)]))}


PROGRAMS: dict[str, Program] = {
    "rules": partial(by_runner, users_by_rules),
    "by_hand": partial(by_runner, users_by_hand),
    "workbench": by_workbench,
    "multisim": by_multisim,
}


def main() -> None:
    """Each number of runs in turn."""
    name, workers, few, *paths = sys.argv[1:]
    told, sys.stdout = sys.stdout, sys.stderr
    worlds = [Path(path) for path in paths]
    users: list[int] = []

    def lived(runs: int) -> None:
        users[:] = PROGRAMS[name](worlds[:runs], int(workers))

    print(json.dumps(measured(lived, int(few), len(worlds)) | {"users": users}), file=told)


if __name__ == "__main__":
    main()
