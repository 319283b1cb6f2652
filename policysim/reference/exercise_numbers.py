"""Whether one regime comes out best by a scenario's numbers: the shipped regimes live five years of a small place by them."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import find_regime
from policysim.scenarios.scenario import FIVE, Scenario

WINNER = "enforcement-only"
MOST = 5
"""Numbers that an answer may change."""
PLACE, ONE_IN, YEARS, BURN_IN, SEEDS = "authority:coventry", 50, 5, 1, (1, 2)


def wins(scenario: Scenario) -> Iterator[str]:
    """What is not yet so: few numbers, within their ranges, by which enforcement alone has fewer deaths than any other regime."""
    numbers = scenario.numbers
    if scenario.beyond_ranges:
        yield "beyond_ranges is set: the numbers are to stay within what is believed of them"
    if not numbers:
        yield "the file changes no number: name some under [parameters], each with a value within its range"
    if len(numbers) > MOST:
        yield f"the file changes {len(numbers)} numbers, and should do with {MOST} at most"
    for seed in SEEDS:
        deaths = expected_deaths(numbers, seed)
        best = min(deaths, key=lambda id: deaths[id])
        if best != WINNER:
            yield (
                f"{find_regime(best).name} has fewer misuse deaths, expected: {deaths[best]:.0f} in {YEARS} years of Coventry, "
                f"and {deaths[WINNER]:.0f} under {find_regime(WINNER).name}"
            )


def expected_deaths(numbers: Mapping[str, float], seed: int) -> dict[str, float]:
    """Misuse deaths that are expected under each of the five regimes, from one start and with the same luck."""
    told: dict[str, Any] = {"place": PLACE, "one_in": ONE_IN, "years": YEARS, "burn_in_years": BURN_IN}
    told |= {"seed": seed, "parameters": dict(numbers)}
    with closing(DrugPolicyModel(**told)) as start:
        while start.week < start.burn_in_weeks:
            start.step()
        return {id: _expected(start, id, told) for id in FIVE}


def _expected(start: DrugPolicyModel, regime: str, told: dict[str, Any]) -> float:
    with closing(DrugPolicyModel(**told, regime=regime, start=start)) as model:
        while model.week < model.last_week:
            model.step()
        weekly = model.outcomes.weekly([model.place.name], model.one_in, first_week=model.burn_in_weeks)
        return float(weekly.loc[weekly["area"] == "all", "expected_deaths"].sum())
