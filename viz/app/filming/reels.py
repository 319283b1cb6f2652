"""The film as it has come in so far."""

import numpy as np
from numpy.typing import NDArray

from policysim.viz.app.filming.film import Cast, Reel


class Reels:
    """The cast, once it is there, and the frames under each regime."""

    def __init__(self) -> None:
        self.cast: Cast | None = None
        self._reels: dict[str, list[Reel]] = {}

    def take(self, reel: Reel) -> None:
        """Put the next weeks of a regime behind those that are there."""
        self._reels.setdefault(reel.regime, []).append(reel)

    def frames(self, regime: str) -> NDArray[np.int8]:
        """States by week of the run and person, shape (weeks so far, people)."""
        parts = [reel.frames for reel in self._reels.get(regime, [])]
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.int8)
