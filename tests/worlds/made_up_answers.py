"""Tables of sweeps nobody ran: any design, any answer as a function of what varies, chance of a known size."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from policysim.counts.outcomes import OUTCOMES
from policysim.experiments.analysis.cost_effectiveness import NEEDED
from policysim.experiments.analysis.sweeps.frames import Gathered

QUO = "status-quo"
Answer = Callable[[pd.DataFrame], np.ndarray]
"""From the points to the expected deaths of a run at each."""


def swept(
    points: pd.DataFrame, regimes: Mapping[str, Answer], replicates: int = 4, noise: float = 0.0, years: int = 1,
    seed: int = 1, places: Sequence[str] = ("authority:coventry",), shared: float = 0.0, **of_design: object,
) -> Gathered:  # fmt: skip
    """A sweep whose `expected_deaths` are those of the functions, spread over the years, and every other column follows them.

    noise: the standard deviation of a run's chance; shared: that of the part which all runs of a seed share.
    """
    luck = np.random.default_rng(seed)
    points = points.rename_axis("point")
    rows = []
    for place in places:
        here = points[points["place"] == place] if "place" in points else points
        for replicate in range(replicates):
            common = shared * luck.normal()
            for regime, answer in regimes.items():
                total = np.asarray(answer(here), float) + common + noise * luck.normal(size=len(here))
                for year in range(years):
                    of_year = here.drop(columns="place", errors="ignore").reset_index()
                    of_year = of_year.assign(
                        place=place, regime=regime, replicate=replicate, seed=1 + replicate,
                        run=[f"{k:04x}{replicate:04x}" for k in here.index], year=year,
                    )  # fmt: skip
                    rows.append(of_year.assign(**_outcomes(total / years)))
    table = pd.concat(rows, ignore_index=True)
    return Gathered(table, points, **of_design)


def _outcomes(deaths: np.ndarray) -> dict[str, np.ndarray]:
    found = dict.fromkeys((*NEEDED, *OUTCOMES["in_treatment"].columns, "arrests", "treatment_entries"), 0 * deaths)
    return found | {
        "expected_deaths": deaths, "arrests": 1000 - 2 * deaths, "treatment_entries": 50 - deaths, "dependent": 500 + 3 * deaths,
        "in_agonist_treatment": 100 - deaths / 10, "cost_council": 1e6 - 1e4 * deaths, "cost_nhs": 2e6 + 0 * deaths,
    }  # fmt: skip


def latin(names: Sequence[str], n: int, seed: int = 1) -> pd.DataFrame:
    """Points of a Latin hypercube over the unit cube."""
    luck = np.random.default_rng(seed)
    columns = {name: (luck.permutation(n) + luck.random(n)) / n for name in names}
    return pd.DataFrame(columns)
