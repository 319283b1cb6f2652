"""Equal spend: the scale at which a regime spends so much money, found by few tries; what cannot be met; going on later."""

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policysim import UserError, compare
from policysim.experiments.analysis.equal_spend import reached
from policysim.experiments.designs import equal_spend
from policysim.experiments.designs.compare import Comparison, Interrupted
from policysim.experiments.designs.effects import effects
from policysim.experiments.designs.equal_spend import at_equal_spend, search
from policysim.experiments.running.plan import plan
from policysim.experiments.running.seed import Observer, live
from policysim.experiments.running.settings import run_settings
from policysim.scenarios.equal_spend import SUFFIX, at_scale, most, wanted
from policysim.scenarios.regime import Regime, find_regime
from policysim.scenarios.scenario import Scenario, read_scenario, scenario_from

ROOM = {"id": "rooms", "name": "Rooms", "levers": {"consumption_room": {"rooms": 4, "coverage": 0.5, "ramp_weeks": 0}}}


def asked(equal: Any = "status-quo+1000000", **changes: Any) -> Scenario:
    """A town of 300 with consumption rooms, which cost what they are asked to."""
    settings = {
        "place": "authority:coventry",
        "people": 300,
        "years": 1,
        "burn_in_years": 0,
        "replicates": 1,
        "seed": 5,
    }
    return scenario_from(settings | {"regimes": ["status-quo", ROOM], "equal_spend": equal} | changes)


# ---------------------------------------------------------------- the search, by made-up spending


def tries(monkeypatch: pytest.MonkeyPatch, spends: Callable[[float], float]) -> list[float]:
    """Scales that are tried of a regime that spends so much; the status quo spends what it does at scale 0."""
    seen: list[float] = []

    def spent(scenario: Scenario, tried: list[tuple[Regime, float]], *rest: Any) -> tuple[float, list[float]]:
        seen.extend(scale for _, scale in tried)
        return spends(0.0), [spends(scale) for _, scale in tried]

    monkeypatch.setattr(equal_spend, "_spent", spent)
    return seen


CURVES = {
    "straight": lambda scale: 100 + 20 * scale,
    "places that fill": lambda scale: 100 + 20 * min(scale, 0.6) / 0.6,
    "dear at the end": lambda scale: 100 + 20 * scale**2,
    "a little saved at first": lambda scale: 100 - 8 * scale + 28 * scale**2,
}


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("money", [104, 110, 119])
def test_few_tries_come_near_the_money(monkeypatch: pytest.MonkeyPatch, name: str, money: float) -> None:
    seen = tries(monkeypatch, CURVES[name])
    regime = find_regime("diversion")
    (found,) = search(asked(money), [regime])
    assert CURVES[name](found.scale) == pytest.approx(money, abs=0.7), "of 20 pounds between none and all"
    assert 0 <= found.scale <= 1 and len(seen) <= 5


def test_of_several_scales_that_spend_the_money_the_largest_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    tries(monkeypatch, lambda scale: 100 - 40 * scale * (1 - scale))
    assert search(asked("status-quo"), [find_regime("diversion")])[0].scale == 1.0


def test_what_only_costs_more_is_not_bought_at_all_with_what_the_status_quo_spends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries(monkeypatch, CURVES["straight"])
    assert search(asked("status-quo"), [find_regime("diversion")])[0].scale == 0.0


@pytest.mark.parametrize(("money", "spends"), [(90, "£100 to 120"), (130, "£100 to 120")])
def test_money_that_cannot_be_met_is_told_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, money: float, spends: str
) -> None:
    tries(monkeypatch, CURVES["straight"])
    with pytest.raises(UserError) as caught:
        search(asked(money), [find_regime("diversion"), find_regime("harm-reduction")])
    told = str(caught.value)
    assert told.startswith(
        f"equal spend of £{money} a year cannot be met: between none and all of its reach diversion spends"
    )
    assert f"harm-reduction spends {spends} a year (the status quo £100; pilot runs of 1 seed)" in told


def test_a_regime_is_scaled_by_the_reach_of_its_levers_alone() -> None:
    regime = Regime.model_validate(ROOM)
    assert most(regime) == 2 and most(find_regime("status-quo")) == 1
    found = {scale: at_scale(regime, scale).levers["consumption_room"] for scale in (0, 0.5, 2, 5)}
    assert {scale: lever.coverage for scale, lever in found.items()} == {0: 0, 0.5: 0.25, 2: 1, 5: 1}
    assert all(
        lever.model_copy(update={"coverage": 0.5}) == regime.levers["consumption_room"] for lever in found.values()
    )


@pytest.mark.parametrize(
    ("given", "kept", "money"),
    [
        ("status-quo", "status-quo", 80),
        (" status-quo + 5e6", "status-quo+5000000", 5_000_080),
        ("120", 120.0, 120),
        (7, 7.0, 7),
    ],
)
def test_money_is_said_in_pounds_or_beside_the_status_quo(given: Any, kept: Any, money: float) -> None:
    assert asked(given).equal_spend == kept and wanted(kept, 80.0) == money
    assert read_back(asked(given)) == asked(given)


def read_back(scenario: Scenario) -> Scenario:
    return scenario_from(tomllib.loads(scenario.to_toml()))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"equal_spend": "much"}, "equal_spend must be GBP a year for the whole place, 'status-quo', or 'status-quo+'"),
        ({"equal_spend": -1}, "not -1"),
        ({"equal_spend": True}, "not True"),
        ({"equal_spend": "status-quo+"}, "not 'status-quo+'"),
        ({"budgets": "status-quo"}, "budgets and equal_spend contradict each other: give one of them"),
        ({"equal_spend": None, "scales": {"rooms": 1.0}}, "there is no equal_spend"),
        ({"scales": {"rooms": -1.0}}, "the scale of rooms must be zero or more, not -1.0"),
    ],
)  # fmt: skip
def test_what_is_no_money_is_told_in_one_sentence(changes: dict, said: str) -> None:
    with pytest.raises(UserError) as caught:
        asked(**{"equal": changes.pop("equal_spend", "status-quo"), **changes})
    assert said in str(caught.value)


def test_other_commands_say_that_scaling_is_for_compare() -> None:
    with pytest.raises(UserError, match="equal_spend is for 'policysim compare'"):
        effects(asked())
    with pytest.raises(UserError, match="equal_spend is for 'policysim compare'"):
        live(plan(asked()).tasks[0], Observer())


def test_a_stop_during_the_search_says_that_nothing_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(equal_spend, "run", stop)
    with pytest.raises(Interrupted, match="before the scales of equal spend were found"):
        compare(asked(), tmp_path / "out", threads=1)


# ---------------------------------------------------------------- for real


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """A million pounds a year more than the status quo spends."""
    return compare(asked(), tmp_path_factory.mktemp("equal"), threads=1)


def test_the_comparison_spends_the_money_and_says_how_far_it_was_scaled(made: Comparison) -> None:
    weekly = made.weekly[made.weekly["area"] == "all"]
    spent = weekly.groupby("regime")[["cost_police", "cost_council", "cost_nhs", "cost_justice"]].sum().sum(axis=1)
    scale = made.scenario.scales["rooms" + SUFFIX]
    gap = spent["rooms" + SUFFIX] - spent["status-quo"]
    assert gap == pytest.approx(1e6, rel=0.05) and 0 < scale < 1
    assert made.scenario.regimes[1].levers["consumption_room"].coverage == pytest.approx(0.5 * scale)
    (told,) = reached(weekly, made.scenario)
    assert told.startswith(f"Rooms at equal spend: {scale:.3g} times the coverage described; it spends £")
    assert told in made.headlines().notes[0]


def test_the_folder_knows_the_scale_and_the_same_again_runs_nothing(
    made: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = read_scenario(made.folder / "scenario.toml")
    assert kept == made.scenario and not kept.unscaled
    monkeypatch.setattr(equal_spend, "run", None)  # nothing is tried again
    told: list = []
    for scenario in (asked(), kept):
        again = compare(scenario, made.folder, threads=1, progress=told.append)
        assert again.scenario == made.scenario and told == []
    with pytest.raises(TypeError):
        at_equal_spend(asked("status-quo+2000000"), made.folder)


def test_another_sum_is_another_run_under_the_same_name(made: Comparison) -> None:
    other = made.scenario.model_copy(
        update={"regimes": [made.scenario.regimes[0], at_scale(Regime.model_validate(ROOM), 0.9)], "equal_spend": 1e9}
    )
    with pytest.raises(UserError, match=r"holds runs of rooms-at-equal-spend with other settings"):
        compare(other, made.folder, threads=1)


def test_money_decides_no_run_but_by_the_levers(made: Comparison) -> None:
    usual = asked(None, regimes=["status-quo"])
    assert run_settings(usual)["status-quo"] == run_settings(made.scenario)["status-quo"]
