"""An outcome over all points: what is counted of all at once is what each point by itself says."""

import numpy as np
import pandas as pd

from policysim.experiments.analysis.estimates import estimate
from policysim.experiments.analysis.sweeps.overall import _beyond_chance


def test_points_beyond_chance_are_counted_as_each_says():
    luck = np.random.default_rng(7)
    values = pd.DataFrame(luck.normal(0, 1, (60, 4)) + luck.normal(0, 1.5, (60, 1)))
    values.iloc[0] = 2.0  # all seeds alike: no interval
    values.iloc[1, 1:] = np.nan  # one seed
    values.iloc[2, 3] = np.nan
    each = [estimate(row.dropna().tolist()) for _, row in values.iterrows()]
    assert _beyond_chance(values) == (sum(one.high < 0 for one in each), sum(one.low > 0 for one in each))
    assert min(_beyond_chance(values)) > 3
