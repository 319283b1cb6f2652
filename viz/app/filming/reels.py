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

    def weeks(self, regime: str) -> int:
        """How many frames of a regime are there."""
        return sum(len(reel.frames) for reel in self._reels.get(regime, []))

    def since(self, regime: str, week: int) -> Reel:
        """Everything of a regime from a week on, in one reel."""
        parts = [reel for reel in self._reels.get(regime, []) if reel.first + len(reel.frames) > week]
        if not parts:
            nothing = np.zeros((0, 0), np.int8)
            return Reel(regime, week, nothing, nothing, np.zeros((0, 3), np.int32))
        skipped = max(week - parts[0].first, 0)
        frames, places, changes = (
            np.concatenate([getattr(reel, name) for reel in parts]) for name in ("frames", "places", "changes")
        )
        return Reel(
            regime, parts[0].first + skipped, frames[skipped:], places[skipped:], changes[changes[:, 0] >= week]
        )
