"""Each kind of chart in words, for someone who cannot see it."""

import math
from collections.abc import Mapping

import pandas as pd

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.estimates import gap_in, level_in
from policysim.experiments.analysis.hiding import in_words
from policysim.experiments.analysis.numbers import number, signed, span
from policysim.experiments.analysis.unknowns import OVER_UNKNOWNS, Spread
from policysim.experiments.analysis.wording import count_or_said, difference, lower_case, years_between
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.charts.frame import Look
from policysim.viz.charts.groups import Panel
from policysim.viz.charts.ratios import RatioPanel


def yearly_alt(table: pd.DataFrame, outcome: Outcome, look: Look) -> str:
    """A chart over time: where each line starts and ends, and the last difference."""
    first, last = int(table["year"].min()), int(table["year"].max())
    lines = []
    for name in look.names:
        rows = table[table["regime"] == name].set_index("year")
        ends = [number(rows.at[year, "mean"], outcome.money) for year in sorted({first, last})]
        text = f"{look.names[name]}: {' to '.join(ends)}"
        gap = gap_in(rows.loc[last])
        if not math.isnan(gap.mean):
            text += f", {signed(gap.mean, outcome.money)} against the status quo in the last year"
        lines.append(text)
    years = years_between(look.start_year + first, look.start_year + last)
    return (
        f"Lines of {lower_case(outcome.label)} by year, {years}, with differences against the status quo. "
        + "; ".join(lines)
        + "."
    )


def difference_alt(
    tables: list[tuple[Outcome, pd.DataFrame]], look: Look, spreads: Mapping[str, Mapping[str, Spread]] | None = None
) -> str:
    """A chart of differences: each regime's in each outcome, with its interval over what nobody knows if it has one."""

    def told(outcome: Outcome, table: pd.DataFrame, name: str) -> str:
        spread = (spreads or {}).get(outcome.id, {}).get(name, Spread())
        words = difference(table, name, outcome).in_words()
        limits = span(spread.gap_low, spread.gap_high, outcome.money, signs=True)
        return f"{words}, {OVER_UNKNOWNS} {limits}" if limits else words

    parts = [
        f"{look.names[name]}: " + ", ".join(told(outcome, table, name) for outcome, table in tables)
        for name in look.others
    ]
    return "Dots with 95% intervals for each regime's difference against the status quo. " + "; ".join(parts) + "."


def group_alt(panels: list[Panel], look: Look) -> str:
    """A chart by group: the status quo's values (or the first regime's) by group."""
    name = STATUS_QUO if STATUS_QUO in look.names else next(iter(look.names))
    parts = []
    for panel in panels:
        rows = panel.table[panel.table["regime"] == name]
        values = [
            f"{panel.name_of(group)} {count_or_said(level_in(row), row['hidden'])[0]}"
            for group, row in zip(rows["group"], rows.to_dict("records"), strict=True)
        ]
        parts.append(f"{panel.title}, {panel.unit}, under {look.names[name]}: " + ", ".join(values))
    return "Marks by group for each regime. " + ". ".join(parts) + ". The table below has every regime."


def ratio_alt(panels: list[RatioPanel], look: Look, against: str) -> str:
    """A chart of ratios: those of the status quo (or the first regime) by group."""
    name = STATUS_QUO if STATUS_QUO in look.names else next(iter(look.names))
    parts = []
    for panel in panels:
        rows = panel.table[panel.table["regime"] == name].set_index("group")
        values = [
            f"{shown} {in_words(str(rows.at[group, 'not_told'])) or number(rows.at[group, 'ratio'])}"
            for group, shown in panel.names.items()
        ]
        parts.append(f"{panel.title}, rate over that of {against}, under {look.names[name]}: " + ", ".join(values))
    return "Dots with 95% intervals for each regime. " + ". ".join(parts) + ". The tables below have every regime."
