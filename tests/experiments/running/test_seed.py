"""One seed: burnt in once, lived under each regime, looked at by an observer."""

from typing import Any, ClassVar

import pandas as pd
import pytest

from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.police import PoliceTeam
from policysim.experiments.running.plan import Task, plan
from policysim.experiments.running.progress import RunStoppedError
from policysim.experiments.running.seed import Observer, live, model_of, weekly_table, whole_place
from policysim.levers.lever import Lever
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime, find_regime
from policysim.scenarios.scenario import scenario_from


def task(**changes: Any) -> Task:
    settings = {"place": "dorset", "regimes": ["status-quo", "harm-reduction"], "people": 300, "years": 1,
                "burn_in_years": 1, "replicates": 2, "seed": 5}  # fmt: skip
    return plan(scenario_from(settings | changes)).tasks[1]


class Diary(Observer):
    """Notes what it was called for, and the tables of each run."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.tables: dict[str, pd.DataFrame] = {}

    def burnt_in(self, model: DrugPolicyModel) -> None:
        self.calls.append(("burnt in", model.week))

    def begun(self, regime: Regime, model: DrugPolicyModel) -> None:
        self.calls.append((regime.id, model.week))

    def before_week(self, model: DrugPolicyModel) -> None:
        self.calls.append(("before", model.week))

    def after_week(self, model: DrugPolicyModel) -> None:
        self.calls.append(("after", model.week))

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        self.calls.append(("ended", model.week))
        self.tables[regime.id] = weekly_table(model)


def test_regimes_side_by_side_are_lived_in_strides_and_come_out_the_same() -> None:
    alone, together = Diary(), Diary()
    live(task(years=2), alone)
    live(task(years=2), together, stride=52)
    for id, table in alone.tables.items():
        pd.testing.assert_frame_equal(table, together.tables[id])
    first, second = (
        [call for week in range(w, w + 52) for call in (("before", week), ("after", week + 1))] for w in (52, 104)
    )
    assert together.calls == [
        ("burnt in", 52),
        ("status-quo", 52), *first, ("harm-reduction", 52), *first,
        *second, ("ended", 156), *second, ("ended", 156),
    ]  # fmt: skip


def test_an_observer_sees_the_burn_in_once_and_every_week_of_each_regime() -> None:
    diary, told = Diary(), []
    live(task(), diary, lambda weeks, runs: told.append((weeks, runs)))
    year = [call for week in range(52, 104) for call in (("before", week), ("after", week + 1))]
    assert diary.calls == [
        ("burnt in", 52),
        ("status-quo", 52), *year, ("ended", 104),
        ("harm-reduction", 52), *year, ("ended", 104),
    ]  # fmt: skip
    assert (sum(weeks for weeks, _ in told), sum(runs for _, runs in told)) == (task().weeks, 2)


def test_a_branch_is_the_run_that_begins_at_week_0() -> None:
    diary = Diary()
    live(task(), diary)
    for regime in task().regimes:
        model = model_of(task(), regime)
        while model.week < model.last_week:
            model.step()
        pd.testing.assert_frame_equal(weekly_table(model), diary.tables[regime.id], check_exact=True)
        assert len(whole_place(model, burn_in=True)) == 2 * len(whole_place(model)) == 104
        model.close()


class Broken(Lever):
    """A lever that raises."""

    id: ClassVar[str] = "broken"
    acts_on: ClassVar[type[Institution]] = PoliceTeam

    def pull(self, policy: Any, level: float) -> None:
        raise ZeroDivisionError


def broken() -> Task:
    regimes = (Regime(id="faulty", name="Faulty", levers={"broken": Broken()}), find_regime("status-quo"))
    scenario = task().scenario.model_copy(update={"regimes": regimes})
    return Task(scenario, 0, regimes)


def test_what_a_run_raises_is_raised_unless_the_observer_takes_it() -> None:
    with pytest.raises(ZeroDivisionError):
        live(broken(), Observer())

    class Forgiving(Diary):
        def failed(self, regime: Regime, error: Exception) -> None:
            self.calls.append((regime.id, -1))

    diary = Forgiving()
    live(broken(), diary)
    assert ("faulty", -1) in diary.calls and list(diary.tables) == ["status-quo"]


def test_a_run_that_nobody_waits_for_is_no_failure() -> None:
    class Stopped(Diary):
        def failed(self, regime: Regime, error: Exception) -> None:
            raise AssertionError

    def stop(weeks: int, runs: int) -> None:
        raise RunStoppedError

    with pytest.raises(RunStoppedError):
        live(task(), Stopped(), stop)
