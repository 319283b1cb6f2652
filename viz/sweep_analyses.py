"""Every analysis of a sweep, each as a table, a paragraph and a chart: for the command line, and for the report."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from policysim.counts.outcomes import Outcome
from policysim.errors import UserError, nearest
from policysim.experiments.analysis.cost_effectiveness import table as price_table
from policysim.experiments.analysis.sweeps import discovery, precision, robustness, screening, surfaces, value, words
from policysim.experiments.analysis.sweeps.frames import PLACE, Gathered, answers, differences, label, paired, totals
from policysim.experiments.analysis.sweeps.value import NumbersAt
from policysim.experiments.analysis.wording import listed, sentence_case
from policysim.scenarios.regime import STATUS_QUO
from policysim.viz.charts.frame import Look, pictured
from policysim.viz.charts.sweeps.panels import source_of
from policysim.viz.charts.value import acceptability_alt, acceptability_chart
from policysim.vocabulary.cards import card
from policysim.world.places import find_place

TRAJECTORIES, SHARES = "morris", "sobol"
FEWEST_WORLDS = 40
"""Points from which on scenario discovery is done unasked."""
WANTED = (0.05, 0.02)
OF_POINTS = ("best", "clearly_best", "no_worse")
"""Columns of a ranking that are shares of the points."""
OF_VARIANCE = ("total", "total_low", "total_high", "first", "first_low", "first_high", "ST", "S1")
"""Columns of Sobol's screening that are shares of the variance."""


@dataclass(frozen=True)
class Analysis:
    """One analysis: `name` is that of its files, `shown` the columns of its table that are printed."""

    what: str
    name: str
    title: str
    table: pd.DataFrame
    shown: tuple[str, ...]
    paragraph: str
    draw: Callable[[], Figure] | None
    alt: str = ""

    def _repr_html_(self) -> str:
        """For a notebook: the title, the paragraph, and the chart with its words for those who cannot see it."""
        picture = "" if self.draw is None else pictured(self.draw(), self.alt)
        return card(self.title, [], notes=[self.paragraph]) + picture


@dataclass(frozen=True)
class Asked:
    """What is to be analysed and how; what is left empty is chosen."""

    outcome: Outcome
    regimes: tuple[str, ...] = ()
    across: tuple[str, ...] = ()
    cases: str = ""
    wanted: tuple[float, ...] = WANTED
    numbers: NumbersAt | None = None


def allowed(swept: Gathered, asked: Asked) -> list[str]:
    """What the design and its runs allow, in the order of reading."""
    has_quo = STATUS_QUO in swept.regimes and len(swept.regimes) > 1
    can = {
        "differences": has_quo,
        "screening": swept.design in (TRAJECTORIES, SHARES),
        "surface": swept.design != TRAJECTORIES and bool(swept.paths) and len(swept.points) > 1,
        "discovery": bool(swept.paths) and len(swept.points) >= FEWEST_WORLDS,
        "robustness": len(swept.regimes) > 1 and asked.outcome.more_is != "neither",
        "precision": True,
        "value": has_quo and asked.numbers is not None,
    }
    return [what for what in KINDS if can[what]]


def analyses(swept: Gathered, what: str, asked: Asked) -> Iterator[Analysis]:
    """The analyses of one kind, of which there may be one for each place or regime; raises UserError."""
    if what not in KINDS:
        raise UserError(f"there is no analysis {what!r}{nearest(what, KINDS)} (analyses are {', '.join(KINDS)})")
    return KINDS[what](swept, asked)


def _look(swept: Gathered, source: str) -> Look:
    return Look({regime: swept.name(regime) for regime in swept.regimes}, source)


def _source(swept: Gathered, places: Sequence[str], points: int) -> str:
    names = [find_place(place).name if ":" in place else place for place in places]
    return source_of(swept, listed(names), points // len(places) if points % len(places) == 0 else points)


def _in(swept: Gathered, place: str) -> str:
    """At the end of a title, where there are several places."""
    return f", in {find_place(place).name if ':' in place else place}" if len(swept.places) > 1 else ""


def _suffix(swept: Gathered, place: str = "", regime: str = "") -> str:
    """What tells the files of one place and regime apart from others."""
    place = place.partition(":")[2].replace(":", "-") if len(swept.places) > 1 else ""
    return "".join(f"-{part}" for part in (regime, place) if part)


def _differences(swept: Gathered, asked: Asked) -> Iterator[Analysis]:
    outcome = asked.outcome
    found = differences(paired(totals(swept.table, [outcome]), [outcome]))
    if asked.regimes:
        found = found[found["regime"].isin(asked.regimes)]
    if found.empty:
        raise UserError(
            "there are no differences: they need runs of the status quo and of another regime with one seed"
        )
    from policysim.viz.charts.sweeps.differences import points_alt, points_chart

    for place, here in found.groupby(PLACE, sort=False):
        source = _source(swept, [str(place)], here["point"].nunique())
        table = here.join(swept.points_in(str(place)), on="point")
        yield Analysis(
            "differences", f"differences-{outcome.id}{_suffix(swept, str(place))}",
            f"{outcome.label}: differences at every point{_in(swept, str(place))}",
            table, ("point", "regime", "difference", "low", "high", "share", "clear"), words.on_differences(here, outcome, swept),
            partial(points_chart, here, outcome, swept, _look(swept, source), source),
            points_alt(here, outcome, swept),
        )  # fmt: skip


def _screening(swept: Gathered, asked: Asked) -> Iterator[Analysis]:
    from policysim.viz.charts.sweeps import screening as drawn

    if swept.design not in (TRAJECTORIES, SHARES):
        raise UserError(
            f"a screening needs points of design = 'morris' or 'sobol', and this sweep is a {swept.design!r}: "
            "take surface or discovery"
        )
    all_of_them = list(answers(swept, asked.outcome, asked.regimes or None))
    for place in swept.places:
        here = [one for one in all_of_them if one.place == place]
        if swept.design == TRAJECTORIES:
            found = [
                screening.morris(one, swept.position(), swept.choices, swept.levels, swept.seed, swept.moves)
                for one in here
            ]
            said, draw, alt = words.on_morris(found, swept), drawn.tornado_chart, drawn.tornado_alt(found, swept)
            shown: tuple[str, ...] = (
                "regime",
                "path",
                "mu_star",
                "mu_star_conf",
                "mu",
                "low",
                "high",
                "sigma",
                "noise",
                "beyond_chance",
            )
        else:
            found = [screening.sobol(one, swept.points_in(place), swept.second_order, swept.seed) for one in here]
            said, draw, alt = words.on_sobol(found, swept), drawn.shares_chart, drawn.shares_alt(found, swept)
            shown = ("regime", "path", *OF_VARIANCE)
        table = pd.concat([one.rows.assign(regime=one.answer.regime, place=place) for one in found], ignore_index=True)
        source = _source(swept, [place], len(swept.points_in(place)))
        yield Analysis(
            "screening", f"screening-{asked.outcome.id}{_suffix(swept, place)}",
            f"{asked.outcome.label}: what carries the answer{_in(swept, place)}",
            table, shown, said, partial(draw, found, swept, source), alt,
        )  # fmt: skip


def _surface(swept: Gathered, asked: Asked) -> Iterator[Analysis]:
    from policysim.viz.charts.sweeps.surfaces import surface_alt, surface_chart

    for answer in answers(swept, asked.outcome, asked.regimes or None):
        found = surfaces.surface(answer, swept.points_in(answer.place), asked.across, swept.design, swept.logs)
        source = _source(swept, [answer.place], found.points)
        of = f"surface-{asked.outcome.id}{_suffix(swept, answer.place, answer.regime)}"
        draw = partial(surface_chart, found, swept, source) if found.is_good else None
        over = listed([label(path) for path in found.across])
        title = f"{asked.outcome.label} over {over}: {swept.name(answer.regime)}{_in(swept, answer.place)}"
        yield Analysis(
            "surface", of, title, found.rows,
            (*found.across, "mean", "low", "high"), words.on_surface(found, swept), draw,
            surface_alt(found, swept) if found.is_good else "",
        )  # fmt: skip


def _discovery(swept: Gathered, asked: Asked) -> Iterator[Analysis]:
    from policysim.viz.charts.sweeps.discovery import box_alt, box_chart

    for answer in answers(swept, asked.outcome, asked.regimes or None):
        points = swept.points_in(answer.place)
        found = discovery.discover(answer, points, asked.cases, swept.seed)
        kind, interesting = discovery.cases_of(answer, found.cases)
        title = sentence_case(words.cases_in_words(answer, kind, swept)) + _in(swept, answer.place)
        source = _source(swept, [answer.place], found.points)
        yield Analysis(
            "discovery", f"discovery-{asked.outcome.id}{_suffix(swept, answer.place, answer.regime)}", title,
            pd.DataFrame(discovery.table_of(found)), ("path", "low", "high", "values", "quasi_p"), words.on_worlds(found, swept),
            partial(box_chart, found, interesting, title, swept, source) if found.limits else None, box_alt(found),
        )  # fmt: skip


def _robustness(swept: Gathered, asked: Asked) -> Iterator[Analysis]:
    from policysim.viz.charts.sweeps.robustness import regret_alt, regret_chart

    found = robustness.ranking(swept, asked.outcome)
    source = _source(swept, swept.places, found.points)
    shown = ("regime", *OF_POINTS, "regret_mean", "regret_90", "regret_max", "worst")
    yield Analysis(
        "robustness", f"robustness-{asked.outcome.id}", f"{asked.outcome.label}: which regime holds up", found.rows, shown,
        words.on_ranking(found, swept), partial(regret_chart, found, swept, _look(swept, source), source),
        regret_alt(found, swept),
    )  # fmt: skip


def _precision(swept: Gathered, asked: Asked) -> Iterator[Analysis]:
    from policysim.viz.charts.sweeps.precision import precision_alt, precision_chart

    found = precision.precisions(swept.table, asked.outcome)
    is_paired = STATUS_QUO in swept.regimes and len(swept.regimes) > 1
    columns = {f"for_{share * 100:g}_percent": precision.needed(found, share) for share in asked.wanted}
    source = _source(swept, swept.places, len(found))
    known = found["reach"].notna().any()
    draw = partial(precision_chart, found, asked.outcome, is_paired, source, asked.wanted[0]) if known else None
    yield Analysis(
        "precision", f"precision-{asked.outcome.id}", f"{asked.outcome.label}: how many replicates are enough",
        found.assign(**columns), ("point", "place", "regime", "reach", "replicates", *columns),
        words.on_precision(found, asked.outcome, is_paired, asked.wanted), draw,
        precision_alt(found, asked.outcome) if known else "",
    )  # fmt: skip


def _value(swept: Gathered, asked: Asked) -> Iterator[Analysis]:
    if asked.numbers is None:
        raise UserError("what a QALY costs needs the sweep's own scenarios, which are not at hand")
    found = value.valued(swept, asked.numbers)
    source = _source(swept, swept.places, found.points)
    of_what = f"of {words.points_in(found.points, swept)}"
    prices = price_table(found.found).query("for_one == 'QALY'").drop(columns=["for_one"])
    yield Analysis(
        "value", "value", "What is worth its money", found.rows.merge(prices.drop(columns="cost"), on="regime", how="left"),
        tuple(found.rows.columns), words.on_value(found, swept),
        partial(acceptability_chart, {}, found.worlds, _look(swept, source), of_what),
        acceptability_alt({}, found.worlds, _look(swept, source)),
    )  # fmt: skip


KINDS: dict[str, Callable[[Gathered, Asked], Iterator[Analysis]]] = {
    "differences": _differences,
    "screening": _screening,
    "surface": _surface,
    "discovery": _discovery,
    "robustness": _robustness,
    "precision": _precision,
    "value": _value,
}
"""What there is, in the order of reading."""


def rows_of(found: Analysis) -> list[dict[str, Any]]:
    """The printed columns of a table, as rows."""
    return found.table[list(found.shown)].to_dict("records")
