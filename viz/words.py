"""What is said in words: note and help lines, limits, differences as sentences, charts as text."""

import pandas as pd
from pydantic.fields import FieldInfo

from policysim.experiments.analysis.compare import plural
from policysim.levers.lever import Lever
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.charts import Look, Panel
from policysim.viz.digest import Digest, is_clear
from policysim.viz.style import Measure, number, percent, signed, span

CONTENT_NOTE = (
    "This page is about deaths from drug poisoning, overdose, suicide and prison. People you read it with may"
    " be bereaved."
)
HELP_LINES = (
    ("FRANK", "0300 123 6600", "about drugs, in confidence"),
    ("Samaritans", "116 123", "at any time, free, for anyone in distress"),
)
LIMITS = (
    "It explores policies in the aggregate. Nothing in it may be used for a decision about a person.",
    "The counts are estimates of a simulation, not a forecast. Read the differences between regimes, which "
    "share seeds, people and luck, rather than the levels.",
    "The intervals show the luck of the seeds only. They do not show how little is known of the numbers that "
    "are assumed.",
    "Deaths are counted in the week in which they happen. Published counts go by the date of registration, "
    "often a year or more later; that delay is not modelled in these counts.",
    "The model follows people aged 10 to 64, and up to 79 those who have ever been dependent. Published "
    "totals include older people.",
    "Neighbourhoods are synthetic. What is not the place's own published figure is carried over from national rates.",
    "Prevention at school reaches people decades before the age at which most drug deaths happen: ten years "
    "cannot show its effect on deaths.",
    "Spending is what the model follows of four purses, not a full economic evaluation.",
)
LESS_WANTED = (
    *("expected_deaths", "opiate_deaths", "suicides", "overdoses", "first_use", "new_dependence", "hidden", "waiting"),
    *("treatment_dropped", "offences", "searches", "arrests", "convictions", "imprisoned", "exclusions", "jobs_lost"),
    *("homes_lost", "cost_police", "cost_council", "cost_nhs", "cost_justice"),
)
MORE_WANTED = ("treatment_completed", "in_remission")
WANTED = dict.fromkeys(LESS_WANTED, -1) | dict.fromkeys(MORE_WANTED, 1)
"""Outcomes for which nearly everyone would rather have less (-1) or more (1), as burdens on people and purses."""


# --- differences ------------------------------------------------------------------------------------------------------
def in_words(regime: str, table: pd.DataFrame, measure: Measure) -> str:
    """A regime's difference against the status quo as a part of a sentence: `40 fewer arrests (31 to 50; −1.0%)`."""
    row = table.loc[regime]
    value, low, high = row["difference"], row["difference_low"], row["difference_high"]
    if value == low == high == 0:
        return f"no difference in {measure.noun}"
    how = "more" if value > 0 else "less" if measure.money else "fewer"
    amount = f"{number(abs(value), measure.money)} {how} {measure.noun}"
    if low != low:
        return f"{amount} (one seed: no interval)"
    if not is_clear(low, high):
        return f"no difference beyond noise in {measure.noun} ({span(low, high, measure.money, signs=True)})"
    base = table.at[STATUS_QUO, "mean"]
    share = f"; {percent(value / base)}" if base > 0 else ""
    least, most = sorted((abs(low), abs(high)))
    return f"{amount} ({span(least, most, measure.money)}{share})"


def settings_of(lever: Lever) -> list[str]:
    """A lever's settings in words, its own first; coverage, start and ramp only where they are not the usual ones."""
    found = []
    for name, field in type(lever).model_fields.items():
        value = getattr(lever, name)
        if name == "coverage":
            text = "" if value == 1 else f"coverage {value:.0%}"
        elif name == "start_week":
            text = f"from week {value} of the run" if value else ""
        elif name == "ramp_weeks":
            usual = value == field.default
            text = "" if usual else f"in full after {value} weeks" if value else "in full at once"
        else:
            text = _setting(name, value, field)
        found.append((name in ("coverage", "start_week", "ramp_weeks"), text))
    return [text for shared, text in sorted(found, key=lambda pair: pair[0]) if text] or ["coverage 100%"]


def _setting(name: str, value: float | str | bool, field: FieldInfo) -> str:
    what = (field.description or name).split(":")[0].split(";")[0].split(", at full")[0]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{what}: {value}"
    if what.startswith(("relative", "extra")):
        return f"{what.split(' relative to')[0]}: {percent(value)}"
    most = [bound.le for bound in field.metadata if hasattr(bound, "le")]
    if isinstance(value, float) and most == [1]:
        return f"{what}: {value:.0%}"
    return f"{what}: {value:g}"


# --- charts as text ---------------------------------------------------------------------------------------------------
def yearly_alt(table: pd.DataFrame, measure: Measure, look: Look) -> str:
    """A chart over time for someone who cannot see it: where each line starts and ends, and the last difference."""
    first, last = int(table["year"].min()), int(table["year"].max())
    lines = []
    for name in look.names:
        rows = table[table["regime"] == name].set_index("year")
        ends = (number(rows.at[year, "mean"], measure.money) for year in (first, last))
        text = f"{look.names[name]}: {' to '.join(ends)}"
        difference = rows.at[last, "difference"]
        if difference == difference:
            text += f", {signed(difference, measure.money)} against the status quo in the last year"
        lines.append(text)
    years = f"{look.start_year + first} to {look.start_year + last}"
    return (
        f"Lines of {measure.label.lower()} by year, {years}, with differences against the status quo. "
        + "; ".join(lines)
        + "."
    )


def difference_alt(tables: list[tuple[Measure, pd.DataFrame]], look: Look) -> str:
    """A chart of differences, in words."""
    parts = [
        f"{look.names[name]}: " + ", ".join(in_words(name, table, measure) for measure, table in tables)
        for name in look.others
    ]
    return "Dots with 95% intervals for each regime's difference against the status quo. " + "; ".join(parts) + "."


def group_alt(panels: list[Panel], look: Look) -> str:
    """A chart by group, in words: the status quo's values (or the first regime's) by group."""
    name = STATUS_QUO if STATUS_QUO in look.names else next(iter(look.names))
    parts = []
    for panel in panels:
        rows = panel.table[panel.table["regime"] == name]
        values = [
            f"{(panel.names or {}).get(g, g)} {shown_count(v)}"
            for g, v in zip(rows["group"], rows["mean"], strict=True)
        ]
        parts.append(f"{panel.title}, {panel.unit}, under {look.names[name]}: " + ", ".join(values))
    return "Marks by group for each regime. " + ". ".join(parts) + ". The table below has every regime."


def shown_count(value: float) -> str:
    """A count by group; one that was suppressed is said to be small."""
    return "<5" if value != value else number(value)


def question(digest: Digest) -> str:
    """What the comparison asks, in one sentence."""
    horizon = f"In {where(digest)} over {plural(digest.scenario.years, 'year')}, what"
    matters = "to deaths, arrests and treatment entry"
    names = [digest.names[name].lower() for name in digest.others]
    if not names:
        return f"{horizon} happens {matters} under the status quo?"
    against = ", against the status quo" if digest.has_comparator else ""
    if len(names) == 1:
        return f"{horizon} does the regime of {names[0]} do {matters}{against}?"
    return f"{horizon} do {', '.join(names[:-1])} and {names[-1]} regimes do {matters}{against}?"


def where(digest: Digest) -> str:
    """The place with what kind of place it is."""
    place = digest.place
    kinds = {"force": "the {} police force area", "authority": "{}", "nation": "{}", "whole": "{}"}
    return kinds.get(place.kind, "{}").format(place.name)
