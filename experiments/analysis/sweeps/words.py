"""Each analysis of a sweep in a paragraph: what was found, with units and intervals, what is chance, what nobody knows."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from policysim.counts.outcomes import Outcome
from policysim.experiments.analysis.numbers import number, signed, span
from policysim.experiments.analysis.precision import reach, rounded_up
from policysim.experiments.analysis.sweeps.discovery import BETTER, NO_BETTER, Worlds, fewer_is_better, in_words
from policysim.experiments.analysis.sweeps.frames import Answer, Gathered, gap_of, label
from policysim.experiments.analysis.sweeps.precision import needed
from policysim.experiments.analysis.sweeps.robustness import Ranking
from policysim.experiments.analysis.sweeps.screening import Screened
from policysim.experiments.analysis.sweeps.surfaces import Surface
from policysim.experiments.analysis.sweeps.value import Value
from policysim.experiments.analysis.wording import listed, plural, sentence_case
from policysim.scenarios.regime import STATUS_QUO

MOST = 3
"""Things that are named in a sentence."""
SHARPER = "More replicates show chance more sharply; what nobody knows stays as wide as it is."
NOT_LIKELY = "Each point is a mean over its seeds; points are not equally likely, and nobody knows how likely each is."
LEFT_OUT = "What the model leaves out is in neither."
FEW_SEEDS = "One seed: chance was not looked at."


def about(answer: Answer, swept: Gathered) -> str:
    """`misuse deaths under “Harm reduction”, against the status quo`."""
    against = ", against the status quo" if answer.paired else ""
    return f"{answer.outcome.noun} under “{swept.name(answer.regime)}”{against}"


def points_in(count: int, swept: Gathered) -> str:
    """`18 points, 9 in each of 2 places`: points that are counted with their places."""
    places = len(swept.places)
    each = f", {count // places} in each of {places} places" if places > 1 and count % places == 0 else ""
    return plural(count, "point") + each


def over_of(outcome: Outcome, swept: Gathered) -> str:
    """The time that a number is of."""
    return "at a time" if outcome.stock else f"over {plural(swept.years, 'year')}"


def on_differences(found: pd.DataFrame, outcome: Outcome, swept: Gathered) -> str:
    """How far the differences go, and at how many points they are beyond chance."""
    told = []
    for regime, of in found.groupby("regime", sort=False):
        if not of["difference"].any():
            told.append(f"“{swept.name(str(regime))}” makes no difference at any of {plural(len(of), 'point')}")
            continue
        low, high = of.loc[of["difference"].idxmin()], of.loc[of["difference"].idxmax()]
        ends = [
            f"{signed(row['difference'], outcome.money)}"
            + (f" ({span(row['low'], row['high'], outcome.money, signs=True)})" if gap_of(row).has_interval else "")
            for row in (low, high)
        ]
        fewer, more = (
            int((of["clear"] & (of["difference"] < 0)).sum()),
            int((of["clear"] & (of["difference"] > 0)).sum()),
        )
        less = "less" if outcome.money else "fewer"
        told.append(
            f"“{swept.name(str(regime))}” from {ends[0]} at its lowest point to {ends[1]} at its highest; "
            f"{less} beyond chance at {fewer} of {len(of)} points, more at {more}"
        )
    seeds = int(found["seeds"].max())
    chance = (
        f"Intervals are 95% t-intervals over {plural(seeds, 'seed')}, paired: they show chance."
        if seeds > 1
        else FEW_SEEDS
    )
    return (
        f"{sentence_case(outcome.noun)} against the status quo, {over_of(outcome, swept)}: {'. '.join(told)}. {chance} Points "
        "differ in what nobody knows or what is decided."
    )


def on_morris(found: Sequence[Screened], swept: Gathered) -> str:
    """What moves each answer, which way, and what cannot be told from chance."""
    parts = []
    for one in found:
        money, rows = one.answer.outcome.money, one.rows
        one_seed = rows["noise"].isna().all()
        moving = rows if one_seed else rows[rows["beyond_chance"]]
        named = [
            f"{label(row['path'])} (by {number(row['mu_star'], money)}, ±{number(row['mu_star_conf'], money)})"
            for row in moving.head(MOST).to_dict("records")
            if row["mu_star"]
        ]
        rest = len(rows) - len(moving)
        unsure = "" if one_seed else f"; of {plural(len(rows), 'thing')} that vary {rest} cannot be told from chance"
        most = f"most moved by {listed(named)}{unsure}" if named else _unmoved(len(rows))
        parts.append(f"{sentence_case(about(one.answer, swept))}: {most}")
    chance = FEW_SEEDS if found[0].rows["noise"].isna().all() else (
        "Of things without any effect nineteen in twenty would stay below the noise that the seeds show, even if chance were the "
        "same in all trajectories."
    )  # fmt: skip
    chosen = swept.choices - swept.moves.keys()
    choice = "; of a choice among values, from one to another" if chosen else ""
    left = (
        f" {plural(found[0].left_out, 'trajectory').replace('ys', 'ies')} not finished yet."
        if found[0].left_out
        else ""
    )
    return (
        f"{'. '.join(parts)}. The number is how much changes when one thing passes over its whole range (mu*){choice}, with how "
        f"far its 95% interval over {found[0].blocks} trajectories reaches. {chance}{left}"
    )


def _unmoved(things: int) -> str:
    """That nothing moves an answer by more than chance."""
    return "the one thing that varies cannot be told from chance" if things == 1 else (
        f"none of the {things} things that vary can be told from chance"
    )  # fmt: skip


def on_sobol(found: Sequence[Screened], swept: Gathered) -> str:
    """Whose doing the variance between points is, and how much of it is chance."""
    parts = []
    for one in found:
        corrected = one.rows["total"].notna().any()
        total, first = ("total", "first") if corrected else ("ST", "S1")
        named = [
            f"{label(row['path'])} {row[total]:.0%}"
            + (f" ({row['total_low']:.0%} to {row['total_high']:.0%})" if corrected else "")
            for row in one.rows.sort_values(total, ascending=False).head(MOST).to_dict("records")
        ]
        alone = float(one.rows[first].sum())
        chance = (
            f"; {one.share_of_chance:.0%} of the variance of the points' means is chance and left out"
            if corrected
            else ""
        )
        parts.append(
            f"{sentence_case(about(one.answer, swept))}: in all {listed(named)}; by themselves all together {alone:.0%}{chance}"
        )
    told = "" if found[0].rows["total"].notna().any() else f" {FEW_SEEDS} What it adds is in the shares."
    return (
        f"{'. '.join(parts)}. Shares are of the variance between points, which is as wide as the ranges that were chosen; what "
        f"shares by themselves leave to 100% several things do together.{told}"
    )


def on_surface(found: Surface, swept: Gathered) -> str:
    """Where the answer is least and most, and how far the surface can be trusted."""
    answer, money = found.answer, found.answer.outcome.money
    names = listed([label(path) for path in found.across])
    if not np.ptp(found.rows["mean"]):
        what = f"{sentence_case(about(answer, swept))}, {over_of(answer.outcome, swept)}"
        return f"{what}, is the same everywhere: nothing moves it over {names}."
    if not found.is_good:
        chance = (
            f" {found.share_of_chance:.0%} of that variance is chance: more seeds, or more points, may show one."
            if found.share_of_chance == found.share_of_chance
            else ""
        )
        return (
            f"No surface of {about(answer, swept)} over {names} is shown: a quadratic through {found.points:,} points foretells "
            f"only {max(0.0, found.r2):.0%} of the variance of points that it has not seen.{chance}"
        )
    ends = []
    for word, at in (("least", found.rows["mean"].idxmin()), ("most", found.rows["mean"].idxmax())):
        row = found.rows.loc[at]
        where = " and ".join(f"{label(path)} {_plain(row[path])}" for path in found.across)
        limits = span(row["low"], row["high"], money, signs=answer.paired)
        value = signed(row["mean"], money) if answer.paired else number(row["mean"], money)
        ends.append(f"{word} at {where}, with {value}{f' ({limits})' if limits else ''}")
    if found.fitted:
        how = (
            f"The surface is a quadratic through {found.points:,} points; it foretells {found.r2:.0%} of the variance of points "
            f"left out. {_of_surface(found.seeds)}"
        )
    else:
        how = "Each number is a mean over what else varies, with its 95% interval over seeds, which shows chance."
    return f"{sentence_case(about(answer, swept))}, {over_of(answer.outcome, swept)}, over {names}: {'; '.join(ends)}. {how}"


def _of_surface(seeds: int) -> str:
    """What the intervals of a fitted surface hold."""
    if seeds < 2:
        return (
            "Its 95% intervals hold how far points lie from it, and no chance that all points share: they have one seed, or "
            "lack runs of others."
        )
    return (
        f"Its 95% intervals hold how far points lie from it, and chance, by the surfaces of each of {seeds} seeds, which all "
        "points share."
    )


def _plain(value: object) -> str:
    return value if isinstance(value, str) else f"{value:.3g}"


def cases_in_words(answer: Answer, cases: str, swept: Gathered) -> str:
    """Which worlds are meant: `where “Diversion” has fewer arrests than the status quo`."""
    name, noun = swept.name(answer.regime), answer.outcome.noun
    better = (
        "fewer"
        if fewer_is_better(answer.outcome) and not answer.outcome.money
        else "less"
        if answer.outcome.money
        else "more"
    )
    if cases == BETTER:
        return f"where “{name}” has {better} {noun} than the status quo"
    if cases == NO_BETTER:
        return f"where “{name}” has no {better} {noun} than the status quo"
    against = " set against the status quo" if answer.paired else ""
    return f"the fifth of the worlds where “{name}” does worst by {noun}{against}"


def on_worlds(found: Worlds, swept: Gathered) -> str:
    """The box, how well it tells the worlds apart, and whether it holds elsewhere."""
    what = sentence_case(cases_in_words(found.answer, found.cases, swept))
    of = f"{what}: {found.of_interest} of {plural(found.points, 'world')}"
    if not found.limits:
        return f"{of}. No limit on anything that varies tells them apart better than chance would."
    limits = "; ".join(f"{in_words(one, label(one.path))} (quasi-p {one.quasi_p:.2g})" for one in found.limits)
    out = ""
    if math.isfinite(found.held_out[0]) and math.isfinite(found.held_out[1]):
        out = (
            f" Boxes searched for in four fifths of the worlds hold {found.held_out[0]:.0%} of those of interest in the last "
            f"fifth, at a density of {found.held_out[1]:.0%}: that is what to expect elsewhere."
        )
    return (
        f"{of}. They lie where {limits}. That box holds {found.coverage:.0%} of them (coverage), and of its "
        f"{plural(found.inside, 'world')} {found.density:.0%} are such (density), of all worlds {found.base:.0%}.{out} A "
        "world counts by its mean over seeds, so that chance puts some on the wrong side, and, since all worlds have the same "
        "seeds, may put many there together; how likely a world is, nobody knows."
    )


def on_ranking(found: Ranking, swept: Gathered) -> str:
    """Who is best how often, and whose regret is least."""
    rows, money = found.rows.to_dict("records"), found.outcome.money
    first = sorted(rows, key=lambda row: -row["best"])
    best = listed(
        [
            f"“{swept.name(row['regime'])}” at {row['best']:.0%} (beyond chance at {row['clearly_best']:.0%})"
            for row in first
            if row["best"] > 0
        ]
    )
    least = rows[0]
    left = (
        f" {plural(found.left_out, 'point')} without every regime {'is' if found.left_out == 1 else 'are'} left out."
        if found.left_out
        else ""
    )
    head = f"By {found.outcome.noun}, {over_of(found.outcome, swept)}"
    if not found.regret.to_numpy().any():
        return f"{head}, all regimes are the same at {plural(found.points, 'point')}."
    regret = "; ".join(
        f"“{swept.name(row['regime'])}” {number(row['regret_max'], money)} at the most, no more than "
        f"{number(row['regret_90'], money)} at nine points in ten"
        for row in rows
    )
    return (
        f"{head}, at {points_in(found.points, swept)}: best is {best}. Regret, how far each falls short of the best at the same "
        f"point: {regret}. “{swept.name(least['regime'])}” is least regretted at its worst point. Every number is of means over "
        "seeds, in which the luckiest looks a little better than it is, at all points alike, since they have the same seeds; "
        f"shares of points say nothing of how likely they are.{left}"
    )


def on_precision(found: pd.DataFrame, outcome: Outcome, paired: bool, wanted: Sequence[float]) -> str:
    """How far intervals reach now, and what a wanted precision takes."""
    known = found[np.isfinite(found["reach"])]
    now = int(found["replicates"].max()) if len(found) else 0
    of = "of the status quo" if paired else "of the mean"
    if known.empty:
        shows = "shows" if now == 1 else "show"
        return (
            f"{plural(now, 'replicate')} of each point {shows} no interval of {outcome.noun}: run {max(4, 2 * now)}, or "
            "more people, and how many are enough can be told."
        )
    what = "Differences in " + outcome.noun if paired else sentence_case(outcome.noun)
    plans = [
        f"{reach(share)} at every point takes about {rounded_up(int(needed(known, share).max())):,}" for share in wanted
    ]
    unknown = len(found) - len(known)
    left = (
        f" At {plural(unknown, 'point')} there is no interval (equal seeds, or runs that failed), and nothing can be planned."
        if unknown
        else ""
    )
    return (
        f"{what} are known to {reach(float(known['reach'].median()))} {of} at the middle point and to "
        f"{reach(float(known['reach'].max()))} at the one that is known least (95% intervals, {plural(now, 'replicate')}). "
        f"{'; '.join(plans)} replicates, planned by Stein's rule.{left} {SHARPER}"
    )


def on_value(found: Value, swept: Gathered) -> str:
    """What each regime costs and gains, and how often it is worth most."""
    parts = []
    for row in found.rows.to_dict("records"):
        most = (
            f"worth most at {row['most_20000']:.0%} of points where a QALY is worth £20,000, at {row['most_30000']:.0%} where "
            "£30,000"
        )
        name = f"“{swept.name(row['regime'])}”"
        if row["regime"] == STATUS_QUO:
            parts.append(f"{name} {most}")
        else:
            parts.append(f"{name} {signed(row['cost'], True)} of public money and {signed(row['qalys'])} QALYs, {most}")
    return (
        f"Against the status quo, over {plural(swept.years, 'year')}, discounted, the mean of {points_in(found.points, swept)}: "
        f"{'; '.join(parts)}. {NOT_LIKELY} {LEFT_OUT}"
    )
