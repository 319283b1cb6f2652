"""Budgets of the status quo: what each purse has is what the same seed spends, and who wants more stops when it is gone."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from policysim import UserError
from policysim.experiments.analysis.budgets import beyond, dry_spells, sentences, told
from policysim.experiments.running.draws import with_numbers
from policysim.experiments.running.plan import Task, draws_of, plan
from policysim.experiments.running.seed import Observer, budgeted, live, model_of
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime
from policysim.scenarios.scenario import Scenario, read_scenario, scenario_from
from policysim.vocabulary.purses import DRY, PURSES

MORE = {"consumption_room": {"rooms": 1, "ramp_weeks": 0}}


def asked(budgets: Any, **changes: Any) -> Scenario:
    """A town of 500, as it is and with much more of what the council pays for."""
    more = {"id": "more", "name": "More", "levers": MORE}
    settings = {
        "place": "authority:coventry",
        "people": 500,
        "years": 2,
        "burn_in_years": 1,
        "seed": 3,
        "replicates": 1,
    }
    return scenario_from(settings | {"regimes": ["status-quo", more], "budgets": budgets} | changes)


class Costs(Observer):
    """What each purse spent in each week of each run, and in which it was dry."""

    def __init__(self) -> None:
        self.costs: dict[str, np.ndarray] = {}
        self.dry: dict[str, np.ndarray] = {}

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        self.costs[regime.id] = model.outcomes.costs[model.burn_in_weeks :].copy()
        figures = model.outcomes.figures[model.burn_in_weeks :].sum(axis=1) * model.one_in
        self.dry[regime.id] = figures[:, [int(DRY[name]) for name in PURSES]]


def lived(scenario: Scenario, task: Task | None = None) -> tuple[Costs, int]:
    """The runs of a scenario's seed, and the weeks that were told."""
    costs, weeks = Costs(), []
    live(task or plan(scenario).tasks[0], costs, lambda lived, runs: weeks.append(lived))
    return costs, sum(weeks)


@pytest.fixture(scope="module")
def free() -> Costs:
    return lived(asked({}))[0]


@pytest.fixture(scope="module")
def bounded() -> tuple[Costs, int]:
    return lived(asked("status-quo"))


def test_the_status_quo_with_what_it_spends_is_the_status_quo(free: Costs, bounded: tuple[Costs, int]) -> None:
    assert np.array_equal(free.costs["status-quo"], bounded[0].costs["status-quo"])
    assert not bounded[0].dry["status-quo"].any()
    assert bounded[1] == plan(asked("status-quo")).tasks[0].weeks == 52 + 3 * 104, "it is lived once more, to know it"


def test_a_regime_that_asks_a_purse_for_more_has_no_more_than_the_status_quo_spends(
    free: Costs, bounded: tuple[Costs, int]
) -> None:
    council = PURSES.index("council")
    years = [found.reshape(2, 52, -1).sum(axis=1)[:, council] for found in
             (free.costs["status-quo"], free.costs["more"], bounded[0].costs["more"])]  # fmt: skip
    assert (years[1] > 1.05 * years[0]).all() and years[2] == pytest.approx(years[0])
    dry = bounded[0].dry["more"].reshape(2, 52, -1)[:, :, council]
    assert (dry[:, -1] == pytest.approx(1)) and not dry[:, 0].any(), (
        "dry at the end of each year, and not at its beginning"
    )


def test_by_the_same_budgets_as_a_table_the_run_is_the_same(free: Costs, bounded: tuple[Costs, int]) -> None:
    task = budgeted(plan(asked("status-quo")).tasks[0])
    assert task.budgets is not None and set(task.budgets) == set(PURSES)
    table = {name: list(years) for name, years in task.budgets.items() if isinstance(years, tuple)}
    model = model_of(plan(asked(table)).tasks[0], asked(table).regimes[1])
    while model.running:
        model.step()
    assert np.array_equal(model.outcomes.costs[52:], bounded[0].costs["more"]), "from week 0 on, without a start"
    model.close()


def test_each_set_of_drawn_numbers_has_budgets_of_its_own() -> None:
    scenario = asked("status-quo", uncertainty=2, years=1)
    found = [budgeted(with_numbers(task)).budgets for task in plan(scenario, draws_of(scenario)).tasks]
    assert None not in found and found[0] != found[1]


def test_budgets_stand_in_a_scenarios_file_and_come_back(tmp_path: Any) -> None:
    for budgets in ("status-quo", {"council": 2e6, "police": [1e6, 2e6]}, {}):
        (tmp_path / "scenario.toml").write_text(asked(budgets).to_toml())
        assert read_scenario(tmp_path / "scenario.toml") == asked(budgets)


@pytest.mark.parametrize(
    ("budgets", "said"),
    [
        ("status quo", "budgets must be 'status-quo' or a table of GBP a year by purse, not 'status quo'"),
        ({"council": []}, "the budget of the council purse by year is an empty list"),
        ({"council": [1.0, "much"]}, "budgets.council must be a number, not 'much'"),
        ({"council": [1.0, -2.0]}, "the budget of the council purse must be GBP a year, zero or more, not -2"),
    ],
)
def test_what_is_no_budget_is_told_in_one_sentence(budgets: Any, said: str) -> None:
    with pytest.raises(UserError) as caught:
        asked(budgets)
    assert said in str(caught.value)


def test_what_is_owed_beyond_a_budget_is_told() -> None:
    weeks = pd.DataFrame({"regime": ["status-quo"] * 104 + ["more"] * 104, "replicate": 0, "week": [*range(104)] * 2})
    for name in PURSES:
        weeks[f"cost_{name}"], weeks[f"weeks_dry_{name}"] = 1000.0, 0.0
    weeks.loc[weeks["regime"] == "more", "cost_police"] = 3000.0
    weeks.loc[200:, "weeks_dry_police"] = 1.0
    over = beyond(weeks, asked("status-quo"))
    assert over["more", "police"] == 52 * 2000 and over["more", "nhs"] == 0
    assert beyond(weeks, asked({"police": [100_000.0, 156_000.0]})) == {
        ("more", "police"): 28_000.0, ("status-quo", "police"): 0.0,
    }  # fmt: skip
    (told_of,) = sentences(weeks, asked("status-quo"))
    assert told_of.endswith("; what is owed went £104,000 a year beyond its budget.")
    assert sentences(weeks, asked({})) == ()


def test_who_ran_dry_when_is_told() -> None:
    weeks = pd.DataFrame({"regime": "more", "replicate": 0, "week": range(104)})
    for name in PURSES:
        weeks[f"weeks_dry_{name}"] = 0.0
    weeks.loc[40:51, "weeks_dry_council"] = 1.0
    weeks.loc[94:103, "weeks_dry_council"] = 0.9999999
    (dry,) = dry_spells(weeks, ["more"])
    assert (dry.purse, dry.years, dry.first, dry.weeks.mean) == ("council", 1.0, 42.0, 11.0)
    assert told([dry], {"more": "More"}, 2) == (
        "More: the council purse ran dry in each of 2 years, first about week 42, for 11.0 weeks a year.",
    )
    weeks["weeks_dry_business"] = 1.0  # as of a purse with a budget of nothing
    never = dry_spells(weeks, ["more"])[-1]
    assert told([never], {"more": "More"}, 2) == (
        "More: the business purse could in no week pay for all that was asked of it.",
    )
