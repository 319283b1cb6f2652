"""In which groups some people are."""

import numpy as np

from policysim.counts.counting import DIMENSIONS


def by_group(people: np.ndarray, places: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """How many of these rows are in each group, in the order of `GROUPS`."""
    quintile = places["quintile"][people["neighbourhood"][rows]]
    groups = (quintile, *(people[name][rows] for name in ("band", "sex", "ethnicity")))
    return np.concatenate(
        [np.bincount(of, minlength=len(all_)) for of, all_ in zip(groups, DIMENSIONS.values(), strict=True)]
    )
