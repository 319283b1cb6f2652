"""The face-validity sheet: one page of small plots of the status quo beside published figures, for people to judge."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from textwrap import wrap
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from policysim.counts.outcomes import COUNTED
from policysim.errors import UserError
from policysim.evidence.figures import published
from policysim.experiments.analysis.numbers import known, number
from policysim.experiments.analysis.wording import years_between
from policysim.experiments.measures.face_validity import (
    AGES,
    LONGEST_WAIT,
    PHASES,
    RELEASE_WEEKS,
    TOLERANCE_BINS,
    TOLERANCE_GROUPS,
    Record,
    in_bands,
    mean_age,
    rate_per_1000,
    ratio,
    survival,
    watch,
    yearly,
)
from policysim.scenarios.scenario import Scenario
from policysim.viz.charts.frame import quieten
from policysim.viz.sheet_file import check_file
from policysim.viz.style import EVIDENCE, FAINT, QUIET, SEX_COLOURS, TEXT, source_line
from policysim.vocabulary.time import WEEKS_PER_YEAR

MODEL, BAR, SECOND, THIRD = "#0072B2", "#A9CFE8", "#56B4E9", "#8C8C8C"
SMALL, TITLE = 8.5, 10.5
LETTERS = 53
"""Letters of the small text that fit across a panel."""
EMPTY: dict[str, Any] = {"ylim": (0, 1), "yticks": [0]}
"""An axis where nothing happened: a zero and no number that comes from nowhere."""
PER_CENT = FuncFormatter(lambda value, _: f"{value * 100:.4g}%")


def sheet(scenario: Scenario, out: Path = Path("face-validity.png")) -> Path:
    """Run a scenario's status quo and write the sheet; the ending of `out` says png, pdf or svg. Raises UserError."""
    out = Path(out)
    check_file(out)
    figure = draw(watch(scenario))
    try:
        figure.savefig(out, dpi=150, metadata={"CreationDate": None} if out.suffix.lower() == ".pdf" else None)
    except OSError as error:
        raise UserError(f"{out} cannot be written: {(error.strerror or str(error)).lower()}") from None
    return out


def draw(record: Record) -> Figure:
    """All panels on one A3 page."""
    room = ConstrainedLayoutEngine(w_pad=0.12, h_pad=0.09, wspace=0.05, hspace=0.04)
    figure = Figure(figsize=(16.5, 11.7), layout=room, facecolor="white")
    panels = (
        (_counts, _use, _dependent, _ageing),
        (_phases, _release, _deaths_by_age, _deaths_by_year),
        (_out_of_contact, _retention, _waiting, _treated_ages),
        (_policed, _overdoses, _potency, _tolerance),
    )
    for row, across in zip(figure.subplots(len(panels), len(panels[0])), panels, strict=True):
        for ax, panel in zip(row, across, strict=True):
            _quieten(ax)
            panel(ax, record)
    title = f"Does the status quo look like {record.place.name}? Orange: published figures by id; all else: the model"
    figure.suptitle(title, x=0.008, ha="left", fontsize=14, fontweight="bold", color=TEXT)
    scale = f"one simulated person for every {record.one_in:g} residents, seed {record.seed}"
    foot = f"{source_line(record.place.name, False)}; {scale}; deaths are expected misuse deaths{_watched(record)}"
    figure.supxlabel(foot, x=0.008, ha="left", fontsize=SMALL, color=QUIET)
    return figure


def _watched(record: Record) -> str:
    """The years that most panels are about, counted from the end of burn-in."""
    years = record.weeks // WEEKS_PER_YEAR
    return f", {'year' if years == 1 else 'years'} {years_between(0, years - 1)} unless said" if years else ""


# --- pieces -----------------------------------------------------------------------------------------------------------
def _quieten(ax: Axes) -> None:
    quieten(ax)
    ax.tick_params(labelsize=SMALL)
    ax.grid(axis="y", color=FAINT, lw=0.5)


def _head(ax: Axes, title: str, said: str) -> None:
    """Title, and beneath it in small letters what to compare."""
    ax.set_title(title, loc="left", fontsize=TITLE, fontweight="bold", color=TEXT, pad=47)
    lines = "\n".join(wrap(said, LETTERS))
    _note(ax, lines, (0, 1), (0, 43), QUIET, xycoords="axes fraction", va="top", linespacing=1.3)


def _note(ax: Axes, text: str, at: tuple[float, float], off: tuple[float, float], colour: str, **more: Any) -> None:
    """Words that take no room of the layout."""
    more = {"fontsize": SMALL, "annotation_clip": False} | more
    ax.annotate(text, at, off, textcoords="offset points", color=colour, **more).set_in_layout(False)


def _name(ax: Axes, x: float, y: float, text: str, colour: str) -> None:
    """A name beside a point."""
    _note(ax, text, (x, y), (5, 3), colour)


def _listed(ax: Axes, k: int, text: str, colour: str) -> None:
    """The name of the k-th curve, one beneath the other at the upper right, where curves by age are low."""
    _note(ax, text, (1, 1), (-2, -8 - 13 * k), colour, xycoords="axes fraction", ha="right")


def _mark(ax: Axes, x: float, key: str, scale: float = 1, dx: float = 0, upright: bool = True) -> None:
    """A published figure with its interval and its id, at place x (or, lying down, at height x)."""
    found = published()[key]
    value, ends = found.value * scale, (found.low * scale, found.high * scale)
    if np.isfinite(ends[0]):
        (ax.vlines if upright else ax.hlines)(x, *ends, color=EVIDENCE, lw=1.8)
    at = (x, value) if upright else (value, x)
    ax.plot(*at, "D", color=EVIDENCE, ms=6, mec="white", mew=0.8, clip_on=False)
    _note(ax, key, at, (7 + dx, 2) if upright else (-12, -14), EVIDENCE)


def _level(ax: Axes, key: str, low: float, high: float) -> None:
    """A published figure that holds from `low` to `high` on the horizontal axis."""
    value = published()[key].value
    ax.hlines(value, low, high, color=EVIDENCE, lw=2)
    _note(ax, key, (high, value), (4, -3), EVIDENCE)


def _bars(ax: Axes, names: Sequence[str], values: np.ndarray) -> None:
    ax.bar(range(len(names)), np.nan_to_num(values), color=BAR, width=0.7)
    ax.set_xticks(range(len(names)), names)


def _by_sex(ax: Axes, table: np.ndarray) -> None:
    """A table of shape (sexes, years of age) as curves over five-year bands."""
    for k, sex in enumerate(("women", "men")):
        middles, bands = in_bands(table[k])
        ax.plot(middles, bands, color=SEX_COLOURS[sex], lw=1.8)
        _listed(ax, k, sex, SEX_COLOURS[sex])
    ax.set_ylim(bottom=0)
    if not table.any():
        ax.set(**EMPTY)


def _share(part: np.ndarray, whole: np.ndarray) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else np.nan


def _since_start(record: Record, outcome: str) -> np.ndarray:
    """An outcome by week after burn-in."""
    return np.asarray(record.weekly[outcome].to_numpy()[record.burn_in_years * WEEKS_PER_YEAR :])


# --- people -----------------------------------------------------------------------------------------------------------
def _use(ax: Axes, record: Record) -> None:
    start, shown, three = record.snapshots[0], AGES < 65, np.ones(3)
    everyone = np.maximum(start.residents, 1)
    names = (("any drug", MODEL), ("cannabis", SECOND), ("Class A", THIRD))
    for k, (users, (name, colour)) in enumerate(zip(start.using, names, strict=True)):
        share = (np.convolve(users, three, "same") / np.convolve(everyone, three, "same"))[shown]
        ax.plot(AGES[shown], share, color=colour, lw=1.8)
        _note(ax, name, (0.62, 1), (0, -8 - 13 * k), colour, xycoords="axes fraction")
    _level(ax, "A7.10", 16, 24)
    _level(ax, "A7.06", 16, 59)
    _level(ax, "A7.21", 16, 59)
    young, adult = ((AGES >= 16) & (end > AGES) for end in (25, 60))
    any_young, any_adult = (known(_share(start.using[0][group], everyone[group]), ".1%") for group in (young, adult))
    class_a = known(_share(start.using[2][adult], everyone[adult]), ".1%")
    ax.yaxis.set_major_formatter(PER_CENT)
    said = (
        f"any drug {any_young} at 16-24 (A7.10 within a year: 16.5%), {any_adult} at 16-59 (A7.06: 8.8%); "
        f"Class A {class_a} at 16-59 (A7.21: 3.0%)"
    )
    _head(ax, "Use now by age", said)


def _dependent(ax: Axes, record: Record) -> None:
    table = record.snapshots[0].opiate_or_crack * record.one_in
    _by_sex(ax, table)
    median = published()["D4.05a"].value
    ax.axvline(median, color=EVIDENCE, lw=1)
    _name(ax, median, 0, "D4.05a: median of injectors", EVIDENCE)
    target = next(t for t in record.targets if t.measure == "opiate_or_crack_users")
    said = (
        f"{number(table.sum())} people ({target.source}: {number(target.published or 0)}); "
        f"{known(_share(table[1], table), '.0%')} men (A4.08: 75%)"
    )
    _head(ax, "Dependent on heroin or crack, by age", said)


def _ageing(ax: Axes, record: Record) -> None:
    means = []
    for k, (year, colour) in enumerate(((min(record.snapshots), THIRD), (max(record.snapshots), MODEL))):
        table = record.snapshots[year].opiate_or_crack.sum(axis=0) * record.one_in
        middles, bands = in_bands(table)
        ax.plot(middles, bands, color=colour, lw=1.8)
        _listed(ax, k, f"year {year}", colour)
        means.append(mean_age(table))
    ax.set_ylim(bottom=0)
    said = (
        f"dependent on heroin or crack: mean age {known(means[0], '.1f')}, then {known(means[1], '.1f')} "
        "(injectors' median 36 in 2013, 43 in 2022: D4.05a)"
    )
    _head(ax, "The ageing cohort", said)


def _treated_ages(ax: Axes, record: Record) -> None:
    table = record.snapshots[0].in_agonist
    groups = (
        ("under 30", AGES < 30, "F4.01"), ("30 to 39", (AGES >= 30) & (AGES < 40), "F4.02"),
        ("40 or over", AGES >= 40, "F4.03"), ("over 50", AGES > 50, "F4.04"),
    )  # fmt: skip
    _bars(ax, [name for name, _, _ in groups], np.array([_share(table[group], table) for _, group, _ in groups]))
    for k, (_, _, key) in enumerate(groups):
        _mark(ax, k, key)
    ax.yaxis.set_major_formatter(PER_CENT)
    _head(ax, "In agonist treatment, by age", f"mean age {known(mean_age(table), '.0f')}; published for 2017-18")


# --- deaths -----------------------------------------------------------------------------------------------------------
def _deaths_by_age(ax: Axes, record: Record) -> None:
    table = record.deaths_by_age * record.one_in * WEEKS_PER_YEAR / max(record.weeks, 1)
    peak = published()["A2.09"]
    ax.axvspan(peak.low, peak.high + 1, color=EVIDENCE, alpha=0.13, lw=0)
    _by_sex(ax, table)
    _name(ax, peak.high + 1, 0, "A2.09: peak", EVIDENCE)
    said = (
        f"mean age: men {known(mean_age(table[1]), '.1f')} (A2.10a: 45), "
        f"women {known(mean_age(table[0]), '.1f')} (A2.10b: 48); "
        f"{known(_share(table[1], table), '.0%')} men (D4.03: 73%)"
    )
    _head(ax, "Deaths a year, by age", said)


def _deaths_by_year(ax: Axes, record: Record) -> None:
    expected, counted = yearly(record, "expected_deaths"), yearly(record, "deaths")
    years = np.arange(counted.size) - record.burn_in_years
    if record.burn_in_years:
        ax.axvspan(years[0] - 0.4, -0.5, color=FAINT, alpha=0.5, lw=0)
    ax.plot(years, expected, color=MODEL, lw=1.8)
    ax.plot(years, counted, "o", color=MODEL, alpha=0.45, ms=4)
    target = next(t for t in record.targets if t.measure == "deaths")
    if target.published is not None and target.low is not None and target.high is not None:
        ax.axhspan(target.low, target.high, color=EVIDENCE, alpha=0.13, lw=0)
        ax.axhline(target.published, color=EVIDENCE, lw=1)
    ax.set_ylim(bottom=0)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    said = f"line: expected; dots: counted; burn-in shaded; band: within 15% of {target.source.split(';')[0]}"
    _head(ax, "Misuse deaths a year", said)


def _release(ax: Axes, record: Record) -> None:
    rates = rate_per_1000(record.release)
    _bars(ax, [f"{first}-{after - 1}" for first, after in pairwise(RELEASE_WEEKS)], rates)
    if not np.nan_to_num(rates).any():
        ax.set(**EMPTY)
    for place, rest, key in ((0, slice(1, 4), "B2.01"), (1, slice(2, 4), "B2.02")):
        base = rate_per_1000(record.release[rest].sum(axis=0, keepdims=True))[0]
        if np.isfinite(base):
            _mark(ax, place, key, float(base))
    first, second = ratio(record.release, [0], [1, 2, 3]), ratio(record.release, [1], [2, 3])
    said = (
        "per 1,000 person-years at liberty, people who use or used opioids; weeks 1-2 over 3-12: "
        f"{known(first, '.1f')} (B2.01: 5.7-9.9); 3-4 over 5-12: {known(second, '.1f')} (B2.02: 1.3-2.2)"
    )
    _head(ax, "Deaths by weeks since release", said)


def _phases(ax: Axes, record: Record) -> None:
    rates = rate_per_1000(record.phases)
    ax.barh(range(len(PHASES)), np.nan_to_num(rates), color=BAR, height=0.7)
    ax.set_yticks(range(len(PHASES)), PHASES)
    ax.invert_yaxis()
    ax.grid(False, axis="y")
    if np.isfinite(rates[1]):
        _mark(ax, 2, "B1.13", float(rates[1]), upright=False)
    said = (
        "per 1,000 person-years at liberty, people who use or used opioids; out, once treated, over in: "
        f"{known(ratio(record.phases, [2, 3, 4, 5], [0, 1]), '.2f')} (B1.09: 1.55-1.92); weeks 1-4 over later in: "
        f"{known(ratio(record.phases, [0], [1]), '.1f')} (B1.07: about 2)"
    )
    _head(ax, "Deaths and treatment", said)


def _tolerance(ax: Axes, record: Record) -> None:
    table = np.sum([shot.tolerance for shot in record.snapshots.values()], axis=0)
    colours = (THIRD, MODEL, SEX_COLOURS["women"])
    for k, name in enumerate(TOLERANCE_GROUPS):
        below = np.concatenate([[0], np.cumsum(table[k])]) / max(table[k].sum(), 1)
        ax.plot(np.linspace(0, 1, TOLERANCE_BINS + 1), below, color=colours[k], lw=1.8)
        _note(ax, name, (0, 1), (8, -14 - 13 * k), colours[k], xycoords="axes fraction")
    ax.yaxis.set_major_formatter(PER_CENT)
    said = (
        "people dependent on opioids, at liberty: share whose tolerance is below so much (1: that of daily use); "
        "no published figure"
    )
    _head(ax, "Opioid tolerance", said)


# --- services ---------------------------------------------------------------------------------------------------------
def _retention(ax: Axes, record: Record) -> None:
    curve = survival(record.at_risk, record.left)
    ax.plot(np.arange(curve.size), curve, color=MODEL, lw=1.8)
    _mark(ax, 52, "D3.01a")
    _mark(ax, curve.size - 1, "D3.01b", dx=-42)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(PER_CENT)
    said = f"share still there by weeks since entry: {curve[26]:.0%} at 26 (published 67%), {curve[52]:.0%} at 52 (57%)"
    _head(ax, "Staying in agonist treatment", said)


def _waiting(ax: Axes, record: Record) -> None:
    waits = record.waits / max(record.waits.sum(), 1)
    ax.step(range(LONGEST_WAIT), np.cumsum(waits), where="post", color=MODEL, lw=1.8)
    _mark(ax, 3, "A5.35")
    ax.set_ylim(0, 1.02)
    ax.yaxis.set_major_formatter(PER_CENT)
    listed = _since_start(record, "waiting")
    said = (
        f"share of those admitted who waited so many weeks or less: {waits[:4].sum():.0%} by 3 (A5.35: 98%); "
        f"on the list {number(listed[0])} at first, {number(listed[-1])} at last"
    )
    _head(ax, "Waiting for treatment", said)


def _out_of_contact(ax: Axes, record: Record) -> None:
    hidden, deaths = record.snapshots[0].hidden, _share(record.untreated[:1], record.untreated[1:])
    _bars(ax, ["dependent and hidden", "deaths not in treatment"], np.array([hidden, deaths]))
    _mark(ax, 0, "A5.20")
    _mark(ax, 1, "D3.04")
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(PER_CENT)
    said = (
        f"{hidden:.0%} of people dependent on heroin or crack are neither in treatment nor custody (A5.20: 54%); "
        f"{known(deaths, '.0%')} of deaths were not in treatment (D3.04: 60%)"
    )
    _head(ax, "Out of contact", said)


# --- police, market, rescue -------------------------------------------------------------------------------------------
def _policed(ax: Axes, record: Record) -> None:
    _by_sex(ax, record.arrests_by_age * record.one_in * WEEKS_PER_YEAR / max(record.weeks, 1))
    young = _share(record.searches_by_age[1][(AGES >= 15) & (AGES < 35)], record.searches_by_age)
    men = _share(record.arrests_by_age[1], record.arrests_by_age)
    said = f"{known(men, '.0%')} of arrests are of men; males of 15 to 34 are {known(young, '.0%')} of searches (F8.04: 66%)"
    _head(ax, "Drug arrests a year, by age", said)


def _potency(ax: Axes, record: Record) -> None:
    if record.potency:
        ax.plot(np.arange(len(record.potency)) / WEEKS_PER_YEAR, np.array(record.potency), lw=1)
        if np.ptp(record.potency) == 0:
            ax.set(ylim=(0, 2), yticks=[0, 1, 2])
    mean = float(np.mean(record.potency)) if record.potency else 1.0
    said = f"relative to usual, a line for each authority, by year; mean {mean:.2f} (nitazenes: 5% of deaths, A1.64)"
    _head(ax, "Strength of street opioids", said)


def _overdoses(ax: Axes, record: Record) -> None:
    total = max(float(yearly(record, "overdoses").sum()), 1)
    parts = (
        ("friend's kit", "reversed_by_friends"), ("police", "reversed_by_police"), ("ambulance", "reversed_by_ambulance"),
        ("death", "expected_deaths"),
    )  # fmt: skip
    _bars(ax, [name for name, _ in parts], np.array([yearly(record, key).sum() / total for _, key in parts]))
    _mark(ax, 3, "D2.04")
    ax.yaxis.set_major_formatter(PER_CENT)
    a_year = total / (len(record.weekly) / WEEKS_PER_YEAR)
    users = max(record.snapshots[0].opiate_or_crack.sum() * record.one_in, 1)
    said = (
        f"the others come round unaided; {number(a_year)} a year, {a_year / users:.2f} for each dependent user "
        "(D2.01: 0.20 of injectors overdose in a year)"
    )
    _head(ax, "How overdoses end", said)


def _counts(ax: Axes, record: Record) -> None:
    found = [t for t in record.targets if t.kind != "fact" and t.published and t.measure in COUNTED]
    for k, target in enumerate(found):
        name = "expected_deaths" if target.measure == "deaths" else target.measure
        value = _since_start(record, name).mean() * (1 if COUNTED[name].stock else WEEKS_PER_YEAR)
        ax.plot([value / (target.published or 1)], [k], "o", color=MODEL, ms=6)
    ax.axvspan(0.85, 1.15, color=EVIDENCE, alpha=0.13, lw=0)
    ax.axvline(1, color=EVIDENCE, lw=1)
    names = [t.target.removesuffix(" a year").replace("people dependent", "dependent") for t in found]
    ax.set_yticks(range(len(found)), [name[:34] for name in names])
    ax.set_ylim(len(found) - 0.5, -0.5)
    ax.grid(False, axis="y")
    said = "mean of all years after burn-in; band: within 15%; sources in configs/evidence/targets.csv"
    _head(ax, "Yearly counts over published ones", said)
