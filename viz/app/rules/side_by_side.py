"""Stock and edited rules side by side: each outcome under both, and the difference that the edit makes, paired by seed."""

from html import escape

import numpy as np

from policysim.counts.outcomes import OUTCOMES, Outcome
from policysim.experiments.analysis.estimates import Estimate, estimate
from policysim.experiments.analysis.numbers import number, percent, signed
from policysim.experiments.analysis.wording import NOISE
from policysim.viz.app import html
from policysim.viz.app.running.found import COLUMN, Found

SHOWN = (
    "expected_deaths", "overdoses", "first_use", "opiate_or_crack_users", "arrests", "treatment_entries", "in_custody",
    "spending",
)  # fmt: skip


def by_seed(found: Found, outcome: Outcome, regime: int) -> np.ndarray:
    """An outcome over the horizon by seed; nan where a seed is not through."""
    columns = [COLUMN[name] for name in outcome.columns]
    by_year = found.values[:, regime][:, :, columns].sum(axis=-1)
    return np.asarray(by_year.mean(axis=-1) if outcome.stock else by_year.sum(axis=-1))


def whole_seeds(stock: Found, edited: Found) -> int:
    """Seeds that are through under both."""
    return len(_pairs(stock, edited))


def _pairs(stock: Found, edited: Found) -> list[int]:
    both = ~np.isnan(stock.values[..., 0]).any(axis=(1, 2)) & ~np.isnan(edited.values[..., 0]).any(axis=(1, 2))
    return [int(k) for k in np.flatnonzero(both)]


def beside(stock: Found, edited: Found) -> str:
    """A table for each regime; nothing where no seed is through."""
    seeds = _pairs(stock, edited)
    if not seeds:
        return ""
    scenario = stock.scenario
    head = ["Outcome", "Unit", "Stock rules", "Your rules", "Your edit changes it by", "95% over seeds", "In words"]
    parts = []
    for k, regime in enumerate(scenario.regimes):
        rows = [
            _row(OUTCOMES[id], by_seed(stock, OUTCOMES[id], k)[seeds], by_seed(edited, OUTCOMES[id], k)[seeds])
            for id in SHOWN
        ]
        caption = (
            f"{regime.name}: {scenario.where.name}, {scenario.years} years, {len(seeds)} of {scenario.replicates} seeds"
        )
        parts.append(html.table(caption, head, rows, "ps-rules-beside"))
    return "".join(parts)


def _row(outcome: Outcome, stock: np.ndarray, edited: np.ndarray) -> list[str]:
    gap = estimate((edited - stock).tolist())
    money, base = outcome.money, float(stock.mean())
    limits = f"{signed(gap.low, money)} to {signed(gap.high, money)}" if gap.has_interval else "none yet"
    unit = "at a time" if outcome.stock else "GBP" if money else outcome.unit
    values = [number(base, money), number(float(edited.mean()), money), signed(gap.mean, money), limits]
    return [escape(outcome.label), escape(unit), *values, escape(_in_words(gap, base))]


def _in_words(gap: Estimate, base: float) -> str:
    if gap.mean == 0 and not gap.has_interval:
        return "the same to the last person"
    if not gap.is_clear:
        return NOISE
    share = f", {percent(gap.mean / base)}" if base > 0 else ""
    return (
        f"{'more' if gap.mean > 0 else 'fewer'}{share}" if not share else f"{'up' if gap.mean > 0 else 'down'}{share}"
    )
