"""What rules of one's own change: an edited arm against the arm beside which it stands, paired by seed.

`policysim rules diff` and the page show these outcomes; a comparison tells its headlines of arms that do not stand beside the
status quo, from which their own differences in its tables are taken.
"""

from collections.abc import Iterator

import pandas as pd

from policysim.counts.outcomes import OUTCOMES, Outcome, Shown, headlines
from policysim.experiments.analysis.estimates import estimates, level_in, over
from policysim.experiments.analysis.wording import NO_DIFFERENCE, NOISE, Difference, difference, level, listed
from policysim.scenarios.own_arms import beside_which
from policysim.scenarios.regime import STATUS_QUO
from policysim.scenarios.scenario import Scenario

SHOWN = tuple(
    OUTCOMES[id]
    for id in (
        "expected_deaths", "overdoses", "first_use", "opiate_or_crack_users", "arrests", "treatment_entries", "in_custody",
        "spending",
    )
)  # fmt: skip


def shown_of(scenario: Scenario) -> tuple[Outcome, ...]:
    """These, and those that the edited arm declares itself."""
    return (*SHOWN, *scenario.own_outcomes.values())


def against(values: pd.DataFrame, stock: str, edited: str) -> pd.DataFrame:
    """Estimates of two arms (a row for each seed, a column for each arm), with differences from the stock one.

    In the table the stock arm stands where the status quo does in others (index: regime).
    """
    return estimates(values[[stock, edited]].set_axis([STATUS_QUO, edited], axis=1))


def told(table: pd.DataFrame, edited: str, outcome: Outcome) -> tuple[str, str, str, str]:
    """Of such a table: what the edit changes with its interval, that in per cent (or that it is noise), and both levels."""
    gap = difference(table, edited, outcome)
    levels = [level(level_in(table.loc[arm]), outcome)[0] for arm in (STATUS_QUO, edited)]
    share = gap.share if gap.gap.is_clear else NOISE if gap.is_noise else ""
    return NO_DIFFERENCE if gap.is_none else gap.signed_with_limits, share or "–", levels[0], levels[1]


def unit_over_years(outcome: Outcome) -> str:
    """What a number over a horizon is a number of: `deaths`, `GBP`, of people `at a time`."""
    return "at a time" if outcome.stock else "GBP" if outcome.money else outcome.unit


def sentences(weekly: pd.DataFrame, scenario: Scenario) -> Iterator[str]:
    """What each edited arm changes against its own stock arm, where that is not the status quo; from weeks of the whole place."""
    names = {regime.id: regime.name for regime in scenario.regimes}
    pairs = {id: beside_which(id, names) for id in names}
    for edited, stock in pairs.items():
        if stock not in (None, STATUS_QUO):
            found = [_difference(weekly, stock, edited, outcome).in_words() for outcome in headlines(Shown.SENTENCES)]
            yield f"“{names[edited]}” against “{names[stock]}”, paired by seed: {listed(found)}."


def _difference(weekly: pd.DataFrame, stock: str, edited: str, outcome: Outcome) -> Difference:
    runs = weekly[weekly["regime"].isin([stock, edited])].groupby(["seed", "regime"], observed=True)
    values = pd.Series({key: over(weeks, outcome) for key, weeks in runs}).unstack()
    return difference(against(values, stock, edited), edited, outcome)
