"""The face-validity sheet: one page of small plots of the status quo beside published figures, for people to judge."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from policysim.errors import UserError
from policysim.experiments.calibrate import targets
from policysim.experiments.face_validity import (
    AGES,
    LONGEST_WAIT,
    PHASES,
    RELEASE_WEEKS,
    TOLERANCE_BINS,
    TOLERANCE_GROUPS,
    Record,
    in_bands,
    mean_age,
    published,
    rate_per_1000,
    ratio,
    survival,
    watch,
)
from policysim.model import DrugPolicyModel
from policysim.outcomes import OUTCOMES
from policysim.parameters import WEEKS_PER_YEAR
from policysim.places import find_place
from policysim.viz.style import EVIDENCE, FAINT, QUIET, SEX_COLOURS, TEXT, number, source_line, tick

MODEL, SECOND, THIRD = "#0072B2", "#56B4E9", "#999999"
SMALL, TITLE = 8.5, 10.5
KINDS = (".png", ".pdf", ".svg")
PER_CENT = FuncFormatter(lambda value, _: f"{value * 100:.4g}%")


def sheet(place: str = "west-midlands", out: Path = Path("face-validity.png"), one_in: float = 20, seed: int = 1, years: int = 10) -> Path:  # fmt: skip
    """Run the status quo of a place and write the sheet; the ending of `out` says png, pdf or svg. Raises UserError."""
    out = Path(out)
    if out.suffix.lower() not in KINDS:
        raise UserError(f"{out} must end in one of {', '.join(KINDS)}")
    if not out.parent.is_dir():
        raise UserError(f"there is no folder {out.parent}")
    name = find_place(place).id
    record, model = watch(name, one_in, seed, watched_years=min(3, years), years=years)
    try:
        figure = draw(record, model)
    finally:
        model.close()
    try:
        figure.savefig(out, dpi=150, metadata={"CreationDate": None} if out.suffix.lower() == ".pdf" else None)
    except OSError as error:
        raise UserError(f"{out} cannot be written: {(error.strerror or str(error)).lower()}") from None
    return out


def draw(record: Record, model: DrugPolicyModel) -> Figure:
    """All panels on one A3 page."""
    figure = Figure(figsize=(16.5, 11.7), layout="constrained", facecolor="white")
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.08, wspace=0.03, hspace=0.05)  # type: ignore[union-attr]
    axes = figure.subplots(4, 4).flat
    panels = (
        _use, _dependent, _treated_ages, _ageing, _deaths_by_age, _deaths_by_year, _release, _phases, _retention, _waiting,
        _out_of_contact, _tolerance, _policed, _potency, _overdoses, _counts,
    )  # fmt: skip
    for ax, panel in zip(axes, panels, strict=True):
        for side in ("top", "right", "left"):
            ax.spines[side].set_visible(False)
        ax.spines["bottom"].set_color(QUIET)
        ax.tick_params(labelsize=SMALL, colors=QUIET, length=0)
        ax.grid(axis="y", color=FAINT, lw=0.5)
        ax.set_axisbelow(True)
        panel(ax, record, model)
    title = (
        f"Does the status quo look like {model.place.name}? Blue and grey: the model. Orange: published figures, by id"
    )
    figure.suptitle(title, x=0.008, ha="left", fontsize=14, color=TEXT)
    one_in = f"one simulated person for every {record.one_in:g} residents, seed {model.run_seed}"
    figure.supxlabel(f"{source_line(model.place.name, False)}; {one_in}; deaths are expected misuse deaths", x=0.008, ha="left", fontsize=SMALL, color=QUIET)  # fmt: skip
    return figure


# --- pieces -----------------------------------------------------------------------------------------------------------
def _head(ax: Axes, title: str, said: str) -> None:
    ax.set_title(title, loc="left", fontsize=TITLE, fontweight="bold", color=TEXT, pad=18)
    ax.annotate(said, (0, 1), (0, 5), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL, color=QUIET)


def _mark(ax: Axes, x: float, id: str, scale: float = 1, dx: float = 0, name: str | None = None) -> None:
    """A published figure at x with its interval and its id."""
    found = published()[id]
    if np.isfinite(found.low):
        ax.vlines(x, found.low * scale, found.high * scale, color=EVIDENCE, lw=1.6)
    ax.plot([x], [found.value * scale], "D", color=EVIDENCE, ms=5, clip_on=False)
    ax.annotate(
        name or id, (x, found.value * scale), (5 + dx, 3), textcoords="offset points", fontsize=7.5, color=EVIDENCE
    )


def _level(ax: Axes, id: str, low: float, high: float, scale: float = 1) -> None:
    """A published figure that holds from `low` to `high` on the horizontal axis."""
    value = published()[id].value * scale
    ax.hlines(value, low, high, color=EVIDENCE, lw=2)
    ax.annotate(
        id, (high, value), (3, -2), textcoords="offset points", fontsize=7.5, color=EVIDENCE, annotation_clip=False
    )


def _name(ax: Axes, x: float, y: float, text: str, colour: str, ha: str = "left") -> None:
    ax.annotate(
        text, (x, y), (4 if ha == "left" else -4, 3), textcoords="offset points", fontsize=SMALL, color=colour, ha=ha
    )


def _bars(ax: Axes, names: Sequence[str], values: np.ndarray) -> None:
    ax.bar(range(len(names)), np.nan_to_num(values), color=MODEL, width=0.7)
    ax.set_xticks(range(len(names)), names)


# --- people -----------------------------------------------------------------------------------------------------------
def _use(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    start = record.snapshots[0]
    everyone = np.maximum(start.residents, 1)
    shown = AGES < 65
    names = (("any drug", MODEL), ("cannabis", SECOND), ("Class A", THIRD))
    for users, (name, colour) in zip(start.using, names, strict=True):
        share = np.convolve(users, np.ones(3), "same") / np.convolve(everyone, np.ones(3), "same")
        ax.plot(AGES[shown], share[shown], color=colour, lw=1.8)
        _name(ax, float(AGES[share[shown].argmax()]) + 1, float(share[shown].max()), name, colour)
    _level(ax, "A7.10", 16, 24)
    _level(ax, "A7.06", 16, 59)
    _level(ax, "A7.21", 16, 59)
    young, adult = ((AGES >= 16) & (AGES < end) for end in (25, 60))
    shares = [start.using[0][group].sum() / max(everyone[group].sum(), 1) for group in (young, adult)]
    ax.yaxis.set_major_formatter(PER_CENT)
    _head(ax, "Use now by age", f"any: {shares[0]:.1%} at 16-24, {shares[1]:.1%} at 16-59 (published: within a year)")


def _dependent(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    table = record.snapshots[0].opiate_or_crack * record.one_in
    for k, sex in enumerate(("women", "men")):
        middles, bands = in_bands(table[k])
        ax.plot(middles, bands, color=SEX_COLOURS[sex], lw=1.8)
        _name(ax, middles[bands.argmax()], bands.max(), sex, SEX_COLOURS[sex])
    ax.axvline(published()["D4.05a"].value, color=EVIDENCE, lw=1)
    _name(ax, published()["D4.05a"].value, 0, "D4.05a median of injectors", EVIDENCE)
    men = table[1].sum() / max(table.sum(), 1)
    own = " (A4.09: 22,500)" if model.place.id == "west-midlands" else ""
    _head(ax, "Dependent on heroin or crack", f"{number(table.sum())} people{own}, {men:.0%} men (A4.08: 75%)")


def _treated_ages(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    table = record.snapshots[0].in_agonist
    total = max(table.sum(), 1)
    groups = (("under 30", AGES < 30, "F4.01"), ("30-39", (AGES >= 30) & (AGES < 40), "F4.02"),
              ("40 and over", AGES >= 40, "F4.03"), ("of them over 50", AGES >= 50, "F4.04"))  # fmt: skip
    _bars(ax, [name for name, _, _ in groups], np.array([table[group].sum() / total for _, group, _ in groups]))
    for k, (_, _, id) in enumerate(groups):
        _mark(ax, k, id)
    ax.yaxis.set_major_formatter(PER_CENT)
    _head(ax, "In agonist treatment by age", f"mean age {mean_age(table):.0f}; published for 2017-18")


def _ageing(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    peaks = []
    for year, colour in ((min(record.snapshots), THIRD), (max(record.snapshots), MODEL)):
        table = record.snapshots[year].opiate_or_crack.sum(axis=0)
        middles, bands = in_bands(table)
        ax.plot(middles, bands * record.one_in, color=colour, lw=1.8)
        _name(ax, middles[bands.argmax()], bands.max() * record.one_in, f"year {year}", colour)
        peaks.append(mean_age(table))
    ax.set_ylim(bottom=0)
    _head(
        ax,
        "The ageing cohort",
        f"dependent on heroin or crack; mean age {peaks[0]:.1f} to {peaks[1]:.1f} (a decade: about +7 to +10)",
    )


# --- deaths -----------------------------------------------------------------------------------------------------------
def _deaths_by_age(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    table = record.deaths_by_age * record.one_in * WEEKS_PER_YEAR / max(record.weeks, 1)
    peak = published()["A2.09"]
    ax.axvspan(peak.low, peak.high + 1, color=EVIDENCE, alpha=0.13, lw=0)
    for k, sex in enumerate(("women", "men")):
        middles, bands = in_bands(table[k])
        ax.plot(middles, bands, color=SEX_COLOURS[sex], lw=1.8)
        _name(ax, middles[bands.argmax()], bands.max(), sex, SEX_COLOURS[sex])
    _name(ax, peak.low, 0, "A2.09 peak", EVIDENCE)
    men = table[1].sum() / max(table.sum(), 1e-9)
    ages = f"mean age men {mean_age(table[1]):.1f} (A2.10a: 45), women {mean_age(table[0]):.1f} (A2.10b: 48)"
    _head(ax, "Deaths a year by age", f"{ages}; {men:.0%} men (D4.03: 73%)")


def _deaths_by_year(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    sums = {name: _yearly(model, name) for name in ("expected_deaths", "deaths")}
    years = np.arange(sums["deaths"].size) - model.burn_in_weeks // WEEKS_PER_YEAR
    ax.axvspan(years[0] - 0.4, -0.5, color=FAINT, alpha=0.5, lw=0)
    ax.plot(years, sums["expected_deaths"], color=MODEL, lw=1.8)
    ax.plot(years, sums["deaths"], "o", color=MODEL, alpha=0.45, ms=4)
    target = next(t for t in targets(model.place) if t.measure == "deaths")
    if target.published is not None and target.low is not None and target.high is not None:
        ax.axhspan(target.low, target.high, color=EVIDENCE, alpha=0.13, lw=0)
        ax.axhline(target.published, color=EVIDENCE, lw=1)
        _name(ax, years[-1], target.published, target.source.split(";")[0], EVIDENCE, "right")
    ax.set_ylim(bottom=0)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    _head(ax, "Misuse deaths a year", "line: expected; dots: counted; years of the run, burn-in shaded")


def _yearly(model: DrugPolicyModel, name: str) -> np.ndarray:
    areas = [authority.name for authority in model.place.authorities]
    weekly = model.outcomes.weekly(areas, model.one_in)
    values = weekly.loc[weekly["area"] == "all", name].to_numpy()
    return values[: values.size // WEEKS_PER_YEAR * WEEKS_PER_YEAR].reshape(-1, WEEKS_PER_YEAR).sum(axis=1)


def _release(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    names = [f"{a}-{b - 1}" for a, b in zip(RELEASE_WEEKS, RELEASE_WEEKS[1:], strict=False)]
    rates = rate_per_1000(record.release)
    _bars(ax, names, rates)
    base = rate_per_1000(record.release[1:4].sum(axis=0, keepdims=True))[0]
    _mark(ax, 0, "B2.01", base)
    _mark(ax, 1, "B2.02", rate_per_1000(record.release[2:4].sum(axis=0, keepdims=True))[0])
    first, second = ratio(record.release, [0], [1, 2, 3]), ratio(record.release, [1], [2, 3])
    said = f"1-2 over 3-12: {first:.1f} (7.5, 5.7-9.9); 3-4 over 5-12: {second:.1f} (1.7, 1.3-2.2)"
    _head(ax, "Deaths per 1,000 person-years by weeks since release", said)


def _phases(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    rates = rate_per_1000(record.phases)
    ax.barh(range(len(PHASES)), np.nan_to_num(rates), color=MODEL, height=0.7)
    ax.set_yticks(range(len(PHASES)), PHASES)
    ax.invert_yaxis()
    ax.grid(False, axis="y")
    outside, inside = [2, 3, 4, 5, 6], [0, 1]
    said = f"out over in: {ratio(record.phases, outside, inside):.2f} (B1.09: 1.73); left 1-4 weeks over in: {ratio(record.phases, [2], [1]):.1f} (B1.13: 12.8)"
    for id, row in (("B1.13", 2),):
        value = published()[id]
        ax.hlines(row, value.low * rates[1], value.high * rates[1], color=EVIDENCE, lw=1.6)
        ax.plot([value.value * rates[1]], [row], "D", color=EVIDENCE, ms=5)
    _head(ax, "Deaths per 1,000 person-years and treatment", said)


# --- services ---------------------------------------------------------------------------------------------------------
def _retention(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    curve = survival(record.at_risk, record.left)
    ax.plot(np.arange(curve.size), curve, color=MODEL, lw=1.8)
    _mark(ax, 52, "D3.01a")
    _mark(ax, curve.size - 1, "D3.01b", dx=-35)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(PER_CENT)
    _head(
        ax,
        "Staying in agonist treatment",
        f"by weeks since entry; {curve[26]:.0%} at 26 weeks, {curve[52]:.0%} at a year",
    )


def _waiting(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    waits = record.waits / max(record.waits.sum(), 1)
    ax.step(range(LONGEST_WAIT), np.cumsum(waits), where="post", color=MODEL, lw=1.8)
    _mark(ax, 3, "A5.35")
    ax.set_ylim(0, 1.02)
    ax.yaxis.set_major_formatter(PER_CENT)
    weekly = model.outcomes.weekly([a.name for a in model.place.authorities], model.one_in, model.burn_in_weeks)
    listed = weekly.loc[weekly["area"] == "all", "waiting"].to_numpy()
    said = (
        f"share admitted within so many weeks; on the list: {number(listed[0])} at first, {number(listed[-1])} at last"
    )
    _head(ax, "Waiting for treatment", said)


def _out_of_contact(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    deaths = record.untreated[0] / max(record.untreated[1], 1e-9)
    _bars(ax, ["dependent users hidden", "deaths not in treatment"], np.array([record.snapshots[0].hidden, deaths]))
    _mark(ax, 0, "A5.20", dx=4)
    _mark(ax, 1, "D3.04", dx=4)
    ax.set_ylim(0, 1)
    ax.yaxis.set_major_formatter(PER_CENT)
    _head(
        ax,
        "Out of contact",
        f"{record.snapshots[0].hidden:.0%} neither in treatment nor custody; {deaths:.0%} of deaths untreated",
    )


def _tolerance(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    table = sum(shot.tolerance for shot in record.snapshots.values())
    x = (np.arange(TOLERANCE_BINS) + 0.5) / TOLERANCE_BINS
    for row, name, colour in zip(table, TOLERANCE_GROUPS, (THIRD, MODEL, "#CC79A7"), strict=True):  # type: ignore[arg-type]
        share = row / max(row.sum(), 1)
        ax.step(x, share, where="mid", color=colour, lw=1.8)
        _name(
            ax, x[share.argmax()], share.max(), name, colour, "right" if share.argmax() > TOLERANCE_BINS / 2 else "left"
        )
    ax.yaxis.set_major_formatter(PER_CENT)
    _head(ax, "Opioid tolerance of dependent users", "1 = that of daily use; no published figure to set beside it")


# --- police, market, rescue -------------------------------------------------------------------------------------------
def _policed(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    scale = record.one_in * WEEKS_PER_YEAR / max(record.weeks, 1)
    for k, sex in enumerate(("women", "men")):
        middles, bands = in_bands(record.arrests_by_age[k] * scale)
        ax.plot(middles, bands, color=SEX_COLOURS[sex], lw=1.8)
        _name(ax, middles[bands.argmax()], bands.max(), sex, SEX_COLOURS[sex])
    young = record.searches_by_age[1][(AGES >= 15) & (AGES < 35)].sum() / max(record.searches_by_age.sum(), 1)
    men = record.arrests_by_age[1].sum() / max(record.arrests_by_age.sum(), 1)
    _head(ax, "Drug arrests a year by age", f"{men:.0%} men; males of 15-34 are {young:.0%} of searches (F8.04: 66%)")


def _potency(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    if record.potency:
        ax.plot(np.array(record.potency), lw=1, alpha=0.8)
        mean = float(np.mean(record.potency))
    else:
        mean = 1.0
    _head(
        ax,
        "Strength of street opioids",
        f"relative to usual, by authority and week; mean {mean:.2f}; A1.64: nitazenes named in 195 of 3,736",
    )


def _overdoses(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    total = max(_yearly(model, "overdoses").sum(), 1)
    parts = (("friend's kit", "reversed_by_friends"), ("police", "reversed_by_police"), ("ambulance", "reversed_by_ambulance"), ("died", "expected_deaths"))  # fmt: skip
    _bars(ax, [name for name, _ in parts], np.array([_yearly(model, name).sum() / total for _, name in parts]))
    _mark(ax, 3, "D2.04", dx=2)
    ax.yaxis.set_major_formatter(PER_CENT)
    users = record.snapshots[0].opiate_or_crack.sum() * record.one_in
    a_year = total / (model.last_week / WEEKS_PER_YEAR)
    _head(
        ax,
        "How overdoses end",
        f"the others come round; {number(a_year)} a year, {a_year / max(users, 1):.0%} of dependent users (D2.01: 20%)",
    )


def _counts(ax: Axes, record: Record, model: DrugPolicyModel) -> None:
    """Yearly counts of the last three years over their targets."""
    found = [t for t in targets(model.place) if t.kind != "fact" and t.published and t.measure in OUTCOMES]
    weekly = model.outcomes.weekly([a.name for a in model.place.authorities], model.one_in, model.burn_in_weeks)
    weekly = weekly[weekly["area"] == "all"].head(3 * WEEKS_PER_YEAR)
    for k, target in enumerate(found):
        flow = OUTCOMES[target.measure].kind != "stock"
        value = weekly[target.measure].mean() * (WEEKS_PER_YEAR if flow else 1)
        ax.plot([value / (target.published or 1)], [k], "o", color=MODEL, ms=6)
    ax.axvspan(0.85, 1.15, color=EVIDENCE, alpha=0.13, lw=0)
    ax.axvline(1, color=EVIDENCE, lw=1)
    names = [t.target.removesuffix(" a year").replace("people dependent on", "dependent on") for t in found]
    ax.set_yticks(range(len(found)), names, fontsize=7.5)
    ax.set_ylim(len(found) - 0.5, -0.5)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(round(value, 2))))
    ax.grid(False, axis="y")
    _head(ax, "Yearly counts over published", "years 0 to 2; band: within 15%; sources in configs/evidence/targets.csv")
