"""The ordinary Mesa model lives by the same rules as ours, and timing yields every figure. No time is asserted."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from small_worlds import BUSY

from policysim.agents.roles import ROLES
from policysim.benchmarks.bench import _peak_memory, alone, bench, without, written
from policysim.benchmarks.plain_mesa import PlainMesaModel
from policysim.benchmarks.plain_person import LEFT_OUT, RULES
from policysim.engine.rules import rules_of
from policysim.model import DrugPolicyModel
from policysim.vocabulary.marks import (
    CareMark,
    DrinkingMark,
    HarmReductionMark,
    JusticeMark,
    LifeMark,
    OverdoseMark,
    PoliceMark,
    UseMark,
    WorkHomeMark,
)
from policysim.vocabulary.states import Role

COUNTED = {
    "searches": PoliceMark.SEARCHED, "drug arrests": PoliceMark.ARRESTED_FOR_DRUGS,
    "other arrests": PoliceMark.ARRESTED_OTHERWISE, "trigger arrests": PoliceMark.ARRESTED_FOR_TRIGGER,
    "first use": UseMark.FIRST_USE, "new dependence": UseMark.BECAME_DEPENDENT, "remissions": UseMark.REMITTED,
    "relapses": UseMark.RELAPSED, "jobs lost": WorkHomeMark.LOST_WORK, "homes lost": WorkHomeMark.LOST_HOME,
    "asks for treatment": CareMark.ASKED_FOR_TREATMENT, "dropping out": CareMark.DROPPED_OUT,
    "overdoses": OverdoseMark.OVERDOSED, "kits": HarmReductionMark.GOT_KIT,
    "remands": JusticeMark.REMANDED, "convictions": JusticeMark.CONVICTED, "other deaths": LifeMark.DIED_OTHERWISE,
    "calls for drink": DrinkingMark.CALLED_FOR_DRINK,
}  # fmt: skip
EXPECTED = ("expected_deaths", "expected_offences")
SEEDS = range(1, 9)
ERROR_RATE = 0.0005
"""Chance that a right model fails one comparison (paired t-test, fixed seeds): below 1% for all twenty together."""
# In the plain model the court hears everyone and prison is never full.
UNBOUND = BUSY | {
    "drinking_call_rate": 5,
    "keyworker_places": 0,
    "batch_rate": 0,
    "cases_per_1000": 100_000,
    "prison_places_ratio": 1000,
}
FIGURES = (
    "compiled_ns", "compiled_two_threads_ns", "python_ns", "plain_mesa_ns", "step_ns", "peak_memory_mb",
    "plain_mesa_over_compiled", "threads_speedup", "people",
)  # fmt: skip


def year(seed: int) -> tuple[dict[str, float], dict[str, float]]:
    """A year's counts of ours and of the plain model from the same people, each by its own luck."""
    ours = DrugPolicyModel(people=400, years=2, seed=seed, parameters=UNBOUND, beyond_ranges=True)
    for _ in range(6):
        ours.step()
    plain, first = PlainMesaModel(ours, seed), ours.week
    for _ in range(52):
        ours.step()
        # The services of our model react to who has no kit and whom they reach: the rules are compared, not those.
        for here, place in zip(plain.here, ours.places, strict=True):
            vars(here).update({name: place[name].item() for name in place.dtype.names})
        plain.step()
    ours.close()
    done = slice(first, ours.week)
    flows, sums = ours.outcomes.flows[done].sum(axis=(0, 1)), ours.outcomes.sums[done].sum(axis=(0, 1))
    mine = {name: float(flows[ours.outcomes.column_of[mark.name]]) for name, mark in COUNTED.items()}
    theirs = {name: float(plain.counts[mark]) for name, mark in COUNTED.items()}
    mine |= dict(zip(EXPECTED, sums, strict=True))
    return mine, theirs | {name: getattr(plain, name) for name in EXPECTED}


@pytest.fixture(scope="module")
def years() -> list[tuple[dict[str, float], dict[str, float]]]:
    return [year(seed) for seed in SEEDS]


@pytest.mark.slow
@pytest.mark.parametrize("name", [*COUNTED, *EXPECTED])
def test_the_plain_model_counts_what_ours_counts(years, name):
    ours, plain = (np.array([pair[k][name] for pair in years]) for k in (0, 1))
    assert plain.sum() > 0, "nothing to compare"
    chance = stats.ttest_rel(ours, plain).pvalue
    assert chance > ERROR_RATE, f"{name}: {ours.mean():.2f} against {plain.mean():.2f} a year"


def test_the_plain_model_has_every_rule_in_its_place():
    ours = {role: tuple(rules_of(ROLES[role])) for role in Role}
    assert {role: tuple(name for name in names if name not in LEFT_OUT) for role, names in ours.items()} == RULES
    assert set(LEFT_OUT) <= {name for names in ours.values() for name in names}


def test_one_seed_of_the_plain_model_is_one_life():
    start = DrugPolicyModel(people=100, years=1, seed=4, parameters=BUSY, beyond_ranges=True)
    start.step()
    one, other = PlainMesaModel(start, 9), PlainMesaModel(start, 9)
    for _ in range(10):
        one.step()
        other.step()
    assert one.counts == other.counts
    start.close()


def test_a_role_without_a_rule_keeps_the_others():
    (lacking,) = without("offend")
    assert list(rules_of(lacking)) == list(rules_of(ROLES[Role.DEPENDENT_USER]))
    assert rules_of(lacking)["offend"] is not rules_of(ROLES[Role.DEPENDENT_USER])["offend"]


@pytest.mark.slow
def test_a_small_measurement_gives_every_figure():
    figures = bench(people=300, python_people=100, rounds=1, weeks=1)
    assert all(figures[name] > 0 for name in FIGURES)
    assert all(name in written(figures) for name in FIGURES)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="elsewhere getrusage has to do")
def test_peak_memory_is_that_of_the_model_and_not_of_the_process_that_asks():
    held = np.ones(90_000_000)  # 720 MB: more than a small model and all its libraries
    assert 100 < alone(_peak_memory, 300, 4) < held.nbytes / 1024 / 1024
