"""One person per resident and one in ten describe the same place, within noise."""

import numpy as np
import pytest
from scipy import stats

from policysim.model import DrugPolicyModel
from policysim.vocabulary.states import Use

pytestmark = pytest.mark.slow

PLACE = "authority:rutland"
OUTCOMES = ("searches", "first_use", "using", "dependent", "population", "jobs_lost", "other_deaths")
ERROR_RATE = 0.001
"""Chance that a right model fails one of the comparisons below, each a Welch test over seeds fixed in advance."""


def year(one_in: float, seed: int) -> dict[str, float]:
    model = DrugPolicyModel(PLACE, one_in=one_in, seed=seed, years=1)
    while model.week < model.last_week:
        model.step()
    weekly = model.outcomes.weekly([a.name for a in model.place.authorities], model.one_in)
    model.close()
    return weekly[weekly["area"] == "all"][list(OUTCOMES)].mean().to_dict()


@pytest.fixture(scope="module")
def years() -> tuple[list[dict], list[dict]]:
    return [year(1, seed) for seed in range(1, 7)], [year(10, seed) for seed in range(11, 31)]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_scaled_counts_agree(years, outcome):
    whole, tenth = ([run[outcome] for run in runs] for runs in years)
    if np.std(whole) == 0 and np.std(tenth) == 0:
        assert np.mean(tenth) == pytest.approx(np.mean(whole), rel=0.01)
        return
    result = stats.ttest_ind(whole, tenth, equal_var=False)
    close = abs(np.mean(tenth) / np.mean(whole) - 1) < 0.01
    assert close or result.pvalue > ERROR_RATE, f"{outcome}: {np.mean(whole):.1f} against {np.mean(tenth):.1f}"


def test_one_in_ten_has_a_tenth_of_the_people():
    whole, tenth = (DrugPolicyModel(PLACE, seed=1, one_in=k, years=1) for k in (1, 10))
    assert tenth.people["present"].sum() == pytest.approx(whole.people["present"].sum() / 10, rel=0.01)
    users = [int((m.people["use"][:, 2:4] == Use.DEPENDENT).any(axis=1).sum()) for m in (whole, tenth)]
    assert abs(users[1] * 10 - users[0]) <= 10  # drawn systematically: off by at most one person who stands for ten
