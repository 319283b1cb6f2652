"""Counts of few people are not told by group: one rule for every table, chart, file and command that shows groups.

A count below `FEW` is hidden: of residents of the place, over the whole horizon, the mean over seeds. The total of a row of
groups is told elsewhere, so a hidden count could be had by subtraction. Where the total, the counts that are shown and the
rule itself would leave a hidden count less room than `ROOM`, the next smallest are hidden with it, until they leave enough.
Where all of a row are hidden and that is not enough, it is not said which of them are small.
"""

from collections.abc import Sequence
from math import fsum, isnan

from policysim.counts.outcomes import FEW
from policysim.experiments.analysis.numbers import UNDER_FEW

SHOWN, SMALL, BESIDE = "", f"<{FEW}", "not told"
"""What is said of a count in place of it: nothing, that it is small, that it would tell a small one."""
ROOM = FEW / 2
"""Counts between the least and the most that a hidden one could be, for all that is told."""
IN_WORDS = {SHOWN: "", SMALL: UNDER_FEW, BESIDE: BESIDE}
WHY_BESIDE = "one that is “not told” would tell, by subtraction, one that is under five"


def hide(counts: Sequence[float]) -> list[str]:
    """What stands in place of each count of a row of groups that share a total; one that is shown has nothing.

    A count that is not known (nan) is hidden as a small one is.
    """
    told = [SHOWN if count >= FEW else SMALL for count in counts]
    by_size = sorted((count, k) for k, count in enumerate(counts) if told[k] == SHOWN)
    total = fsum(count for count in counts if not isnan(count))
    while SMALL in told and not _is_safe(counts, told, by_size[0][0] if by_size else total):
        if not by_size:  # of a total under five all are; of another it is not said which are
            return told if total < FEW else [BESIDE] * len(told)
        told[by_size.pop(0)[1]] = BESIDE
    return told


def _is_safe(counts: Sequence[float], told: Sequence[str], least_shown: float) -> bool:
    """Whether every hidden count has room, for somebody who knows the total, what is shown, this rule, and that people are
    whole: a small count is then four at most."""
    hidden = [k for k, said in enumerate(told) if said != SHOWN]
    total = fsum(counts[k] for k in hidden if not isnan(counts[k]))
    ends = {k: (0.0, FEW - 1.0) if told[k] == SMALL else (float(FEW), least_shown) for k in hidden}
    for k in hidden:
        others = [ends[j] for j in hidden if j != k]
        low = max(ends[k][0], total - fsum(high for _, high in others))
        high = min(ends[k][1], total - fsum(low for low, _ in others))
        if high - low < ROOM:
            return False
    return True


def in_words(said: str) -> str:
    """What a table or a chart says in place of a count."""
    return IN_WORDS.get(said, said)


def first_hidden(told: Sequence[str]) -> str:
    """Of several counts that a number is made of, why it is not told; nothing where all of them are shown."""
    return next((said for said in told if said != SHOWN), SHOWN)
