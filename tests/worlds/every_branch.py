"""Scenarios that between them visit every branch of every rule and institution; run by test_engine_equality.py.

Each is lived twice, by Python under coverage and in a debug run, which looks at every index and every write, and the two are
compared. Prints JSON.
"""

import json
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import coverage
from coverage.exceptions import NoDataError

AGENTS = Path(__file__).resolve().parents[2] / "policysim" / "agents"
# They put together and check what users bring, which no shipped scenario needs: tests/agents/institutions/test_own.py and
# tests/whole/test_extending.py run them.
OF_USERS = (AGENTS / "roles.py", AGENTS / "institutions" / "own.py", AGENTS / "institutions" / "own_faults.py")


def look_for_rest(made) -> None:
    """Ask of everyone what sends people to rest, which only compiled weeks do otherwise; it leaves them as they were."""
    from policysim.agents.people.resting import RESTING
    from policysim.engine.luck import LOTS
    from policysim.engine.rules import rules_of
    from policysim.model.building import python_views

    here, world = python_views(made)
    for person in made.sample(made.records.size):
        pull, place = person.log_pull, here[person.neighbourhood]
        assert RESTING.weeks(person, world) >= 0
        RESTING.foresee(person, world)
        for rule in rules_of(type(person)).values():
            assert rule.most is None or rule.most(person, place, world) >= 0
            assert rule.lots is None or all(rule.lots(person, n, place, world) >= 0 for n in range(LOTS))
        RESTING.recall(person, world)
        assert person.log_pull == pull
    usual, world.risk_pull = world.risk_pull, -1.0
    assert RESTING.weeks(person, world) == 0, "where risk held back, nobody could rest"
    world.risk_pull = usual
    usual, person.trust = person.trust, 1.0
    assert RESTING.weeks(person, world) == 0, "who trusts the police is counted until it fades"
    person.trust = usual


@contextmanager
def loops_in_python():
    """The loops over people that institutions have compiled, in Python: coverage sees nothing of compiled code."""
    modules = [module for name, module in sys.modules.items() if name.startswith("policysim.agents.")]
    compiled = [
        (module, name, loop)
        for module in modules
        for name, loop in vars(module).items()
        if hasattr(loop, "py_func") and loop.py_func.__module__.startswith("policysim.agents.")
    ]
    for module, name, loop in compiled:
        setattr(module, name, loop.py_func)
    try:
        yield
    finally:
        for module, name, loop in compiled:
            setattr(module, name, loop)


Missing = dict[str, dict[str, list]]
"""Lines and branches that were not reached, by file below policysim/agents."""


def missing_after(measured: coverage.Coverage) -> Missing:
    """What is missing of every file that was measured and of which anything ran."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            measured.json_report(outfile=f"{folder}/coverage.json")
        except NoDataError:
            return {}
        files = json.loads(Path(folder, "coverage.json").read_text(encoding="utf-8"))["files"]
    return {
        Path(name).resolve().relative_to(AGENTS).as_posix(): {
            "lines": found["missing_lines"],
            "branches": found["missing_branches"],
        }
        for name, found in files.items()
    }


def still_missing(before: Missing, now: Missing) -> Missing:
    """What neither reached, of the files that have any."""
    both = {
        name: {kind: [one for one in found if one in now.get(name, kinds)[kind]] for kind, found in kinds.items()}
        for name, kinds in before.items()
    }
    return {name: kinds for name, kinds in both.items() if any(kinds.values())}


def main() -> None:
    omit = [str(path) for path in OF_USERS]
    measured = coverage.Coverage(data_file=None, branch=True, source=["policysim.agents"], omit=omit)
    measured.start()
    from branch_scenarios import scenarios

    differing, missing, known = {}, {}, []
    for name, scenario in scenarios().items():
        with loops_in_python():
            by_python = scenario("python")
        look_for_rest(by_python)
        measured.stop()
        from small_worlds import disagreements

        found = missing_after(measured)
        missing = still_missing(missing if known else found, found)
        known = known or sorted(found)
        differing[name] = disagreements(by_python, scenario("debug"))
        # Where nothing is missing any more nothing is looked at, which takes half of the time.
        left = [str(AGENTS / file) for file in missing] or [str(AGENTS / "nothing")]
        measured = coverage.Coverage(data_file=None, branch=True, include=left)
        measured.start()
    measured.stop()
    json.dump({"measured": known, "missing": missing, "differing": differing}, sys.stdout)


if __name__ == "__main__":
    main()
