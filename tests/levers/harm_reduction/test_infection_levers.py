"""Needle exchange averts infections and no overdose; antivirals, not needles, bring chronic infection down; foil and pipes.

Six paired seeds; "rises" and "falls" are tested at 4 standard errors, which chance passes once in a hundred times. What
each effect is at its null value is tested of the rules, in tests/agents/people/test_infection.py, and in null worlds.
"""

from functools import cache
from typing import Any

import numpy as np
import pytest
from paired import standard_errors
from paired import totals as totals_of
from small_worlds import model, regime

from policysim.engine.week import Pass
from policysim.evidence.figures import published
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import regimes
from policysim.vocabulary.rows import NOBODY
from policysim.vocabulary.stocks import Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR

CLEAR = 4.0
SEEDS = range(1, 7)
INJECTING = {"ocu_per_1000": 250, "injecting_share": 0.6, "hcv_share": 0.26}
"""A place in which many inject, infected as in 2017."""
PLACE: dict[str, Any] = {"place": "authority:coventry", "people": 1000, "years": 6, "beyond_ranges": True}
OUTCOMES = (
    "new_hepatitis_c", "hepatitis_c", "injecting_hepatitis_c", "well_supplied", "overdoses", "expected_deaths",
    "cost_council", "cost_nhs", "hepatitis_c_tests", "hepatitis_c_cured", "antiviral_courses", "hepatitis_c_again",
    "awaiting_antivirals", "injecting", "means_of_smoking", "smoke_instead", "inject_again",
)  # fmt: skip


@cache
def lived(lever: str, settings: tuple, parameters: tuple, seed: int, weeks: int) -> np.ndarray:
    """Totals of one run, kept: each world's status quo is lived once for all levers that are pulled in it."""
    pulled = regime(**{lever: {"ramp_weeks": 0, **dict(settings)}}) if lever else regimes()["status-quo"]
    return totals_of(OUTCOMES, pulled, seed, weeks, **PLACE, parameters={**INJECTING, **dict(parameters)})


def moved(lever: str, settings: dict | None = None, seeds: range = SEEDS, weeks: int = 39, **parameters: float):
    """Differences that a lever makes, one a seed, by outcome."""
    own, numbers = tuple((settings or {}).items()), tuple(parameters.items())
    found = [lived(lever, own, numbers, s, weeks) - lived("", (), numbers, s, weeks) for s in seeds]
    return dict(zip(OUTCOMES, np.array(found).T, strict=True))


# ---------------------------------------------------------------- needle exchange


@pytest.mark.slow
def test_needle_exchange_averts_infections_with_hepatitis_c_and_no_overdose():
    found = moved("needle_exchange", hepatitis_c_per_sharing=0.1)
    for name in ("well_supplied", "cost_council"):
        assert standard_errors(found[name]) > CLEAR, name
    assert standard_errors(found["new_hepatitis_c"]) < -CLEAR
    for name in ("overdoses", "expected_deaths"):
        assert abs(standard_errors(found[name])) < CLEAR, name


@pytest.mark.slow
def test_needle_exchange_averts_fewer_infections_where_antivirals_have_made_them_rare():
    numbers = {"hepatitis_c_per_sharing": 0.1}
    rare = moved("needle_exchange", seeds=range(1, 4), hcv_share=0.02, **numbers)
    assert abs(rare["new_hepatitis_c"].mean()) < 0.5 * abs(
        moved("needle_exchange", **numbers)["new_hepatitis_c"].mean()
    )


# ---------------------------------------------------------------- antivirals


@pytest.mark.slow
def test_antivirals_lower_chronic_infection_and_then_new_infections():
    found = moved("hepatitis_c_antivirals", hepatitis_c_per_sharing=0.1)
    for name in ("hepatitis_c_tests", "hepatitis_c_cured", "cost_nhs"):
        assert standard_errors(found[name]) > CLEAR, name
    assert standard_errors(found["hepatitis_c"]) < -CLEAR
    assert standard_errors(found["injecting_hepatitis_c"]) < -CLEAR
    assert abs(standard_errors(found["overdoses"])) < CLEAR
    again = np.mean([lived("", (), (("hepatitis_c_per_sharing", 0.1),), s, 39) for s in SEEDS], axis=0)
    assert again[OUTCOMES.index("hepatitis_c_again")] > 0, "whoever was cured can be infected again"


def network(courses: float, weeks: int, paid: float = 1.0) -> tuple[int, int]:
    """Courses taken and people who still wait, some weeks after 30 were found infected at once."""
    drawn = regime(hepatitis_c_antivirals={"courses": courses, "ramp_weeks": 0})
    made = model(**{**PLACE, "people": 600, "regime": drawn, "parameters": INJECTING})
    made.step()
    rows = np.flatnonzero(made.people["present"] & made.people["injects"])[:30]
    made.people["hepatitis_c"][rows] = made.people["awaits_antivirals"][rows] = True
    made.hepatitis.memory |= {"waiting": rows, "courses": 0.0, "injecting": 52, "funded": paid}
    nobody = Pass(NOBODY, NOBODY, np.zeros(0), np.zeros(0))
    taken = sum(made.hepatitis.look_back(week, nobody).size for week in range(weeks))
    made.close()
    return taken, int(made.people["awaits_antivirals"].sum())


def test_courses_bind_and_more_treat_no_more_than_there_are():
    """Where 52 inject 50 courses a year for every 100 are one in two weeks."""
    assert network(50.0, weeks=20) == (10, 20)
    assert network(25.0, weeks=20) == (5, 25)
    assert network(50.0, weeks=80) == (30, 0), "there is nobody else to treat"
    assert network(50.0, weeks=20, paid=0.0) == (0, 30), "without money nobody is treated"


# ---------------------------------------------------------------- the fall after 2017


@pytest.mark.slow
def test_the_fall_of_chronic_infection_after_2017_is_the_antivirals_and_not_the_needles():
    before, after = (published()[name].value for name in ("K1.01", "D4.04b"))

    def chronic(**levers: dict) -> float:
        """The share of people who inject who have chronic hepatitis C, six years after 26% had it."""
        pulled = regime(**{name: {"ramp_weeks": 0, **settings} for name, settings in levers.items()})
        made = DrugPolicyModel(seed=1, regime=pulled, **{**PLACE, "people": 3000}, parameters=INJECTING)
        for _ in range(6 * WEEKS_PER_YEAR):
            made.step()
        made.close()
        stocks = made.outcomes.stocks[made.week - 26 : made.week].sum(axis=(0, 1))
        return float(stocks[Stock.INJECTING_HEPATITIS_C] / stocks[Stock.INJECTING])

    none = {"tests": 0, "courses": 0}
    assert chronic() == pytest.approx(after, abs=0.05)
    assert chronic(hepatitis_c_antivirals=none, needle_exchange={"supplied": 1.0}) > before


# ---------------------------------------------------------------- foil and pipes


@pytest.mark.slow
def test_with_foil_and_pipes_fewer_inject_and_foil_alone_which_is_lawful_does_most_of_it():
    """At the upper end of how many change for good."""
    both, alone = (
        moved("safer_inhalation", settings, weeks=26, route_to_smoking=0.3) for settings in ({}, {"pipes": 0.0})
    )
    for found in (both, alone):
        assert standard_errors(found["means_of_smoking"]) > CLEAR
        assert standard_errors(found["smoke_instead"]) > CLEAR
        assert standard_errors(found["injecting"]) < -CLEAR
    assert both["injecting"].mean() < alone["injecting"].mean()
    usual = np.mean([lived("", (), (("route_to_smoking", 0.3),), s, 26) for s in SEEDS], axis=0)
    assert usual[OUTCOMES.index("inject_again")] > 0, "some return"


@pytest.mark.slow
def test_occasions_smoked_lower_the_danger_of_overdose_at_usual_numbers_and_only_by_what_injecting_adds():
    found = moved("safer_inhalation", seeds=range(1, 3), weeks=13, route_to_smoking=0.0)
    assert (found["expected_deaths"] < 0).all() and not found["injecting"].any()
    numbers = {"route_to_smoking": 0.0, "injecting_effect": 0.0, "hepatitis_c_per_sharing": 0.0, "hiv_per_sharing": 0.0}
    assert not moved("safer_inhalation", seeds=range(1, 3), weeks=8, **numbers)["expected_deaths"].any()
