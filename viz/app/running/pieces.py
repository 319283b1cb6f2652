"""What a worker hands over of a comparison while it goes on; by itself, so that workers load nothing else of the page."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Year:
    """A year of one run, as a worker hands it over: every outcome of the whole place, scaled to residents."""

    regime: str
    replicate: int
    draw: int
    year: int
    values: NDArray[np.float64]  # shape (outcomes,), in the order of the scenario's columns


@dataclass(frozen=True, eq=False)
class Groups:
    """Outcomes by group of one run that has ended, added up over its years."""

    regime: str
    replicate: int
    table: "pd.DataFrame"
