"""What a scenario and a sweep show of themselves in a notebook."""

from typing import TYPE_CHECKING, Any

from policysim.scenarios.spans import Span, Varied
from policysim.vocabulary.cards import MOST, card, few

if TYPE_CHECKING:
    from policysim.scenarios.scenario import Scenario
    from policysim.scenarios.sweep import Sweep


def scenario_card(scenario: "Scenario") -> str:
    """What is to be run, and what of it is unusual."""
    return card(f"Scenario: {scenario.where.name}", _rows(scenario))


def _rows(scenario: "Scenario") -> list[tuple[str, str]]:
    years, burn_in = _plural(scenario.years, "year"), _plural(scenario.burn_in_years, "year")
    people = f"{scenario.where.residents_10_64 / scenario.scale:,.0f}"
    rows = [
        ("regimes", ", ".join(regime.name for regime in scenario.regimes)),
        ("horizon", f"{years} from {scenario.start_year}, after {burn_in} of burn-in"),
        ("people", f"{people}, each for {scenario.scale:,.4g} residents aged 10 to 64"),
        ("seeds", f"{scenario.seeds[0]} to {scenario.seeds[-1]}" if scenario.replicates > 1 else str(scenario.seed)),
    ]
    rows += [("draws of what nobody knows", str(scenario.uncertainty))] if scenario.uncertainty else []
    rows += few(
        [(f"parameters.{id}", f"{value:.6g}") for id, value in scenario.parameters.items()], what="numbers changed"
    )
    rows += [(f"readings.{question}", reading) for question, reading in scenario.readings.items()]
    if isinstance(scenario.budgets, str):
        rows.append(("budgets", f"what the {scenario.budgets} spends"))
    else:
        rows += [(f"budgets.{purse}", _money(had)) for purse, had in scenario.budgets.items()]
    rows += [("equal spend", str(scenario.equal_spend))] if scenario.equal_spend is not None else []
    return rows


def _money(had: Any) -> str:
    return f"£{had:,.0f} a year" if isinstance(had, int | float) else "by the year"


def sweep_card(sweep: "Sweep") -> str:
    """The question, the design, over what each path varies, and what is run at every point."""
    scenario = sweep.scenario
    runs = sweep.size * len(sweep.places) * len(scenario.regimes) * scenario.replicates
    rows = [
        ("design", f"{sweep.design}, {_plural(sweep.size, 'point')}"),
        *few([(path, _over(sweep.vary[path])) for path in sweep.paths if path in sweep.vary], what="paths more"),
        *([("places", ", ".join(_cut(sweep.places)))] if len(sweep.places) > 1 else []),
        *([("place", scenario.where.name)] if len(sweep.places) == 1 else []),
        *_rows(scenario),
        ("runs", f"{runs:,} at most: those that several points share are computed once"),
    ]
    return card(f"Sweep: {sweep.question}", rows)


def _over(varied: Varied) -> str:
    """A range or a list as it is read."""
    if isinstance(varied, Span):
        return f"{varied.low:.6g} to {varied.high:.6g}" + (", evenly over factors" if varied.log else "")
    return ", ".join(_cut([f"{value:.6g}" if isinstance(value, float) else str(value) for value in varied]))


def _cut(names: "list[str] | tuple[str, ...]") -> list[str]:
    left = len(names) - MOST
    return list(names) if left <= 0 else [*names[:MOST], f"and {left} more"]


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")
