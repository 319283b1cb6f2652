"""A screening of the uncertain numbers as a table of the report, and as a page of text that docs can hold."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from textwrap import fill

import pandas as pd

from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.numbers import number, signed, span
from policysim.experiments.analysis.sensitivity import FALSE, worlds_of
from policysim.experiments.analysis.wording import listed, plural, scale_of
from policysim.experiments.designs.sensitivity import ANSWERS, first
from policysim.experiments.running.files import whole_or_not
from policysim.model.sources import model_hash
from policysim.scenarios.scenario import Scenario

MOST = 20
"""Numbers in the table of the main answer."""
FEWER = 10
"""Numbers in the tables of the others."""
HEADS = ("Parameter", "Quality", "Range", "Effect", "95% interval", "mu*", "sigma", "Largest for", "Beyond chance")
WIDE = 118
MAIN = ANSWERS[0]


def strongest(rows: pd.DataFrame, outcome: str, names: dict[str, str], most: int = MOST) -> list[tuple[str, ...]]:
    """The strongest numbers as rows of text, in the order of `HEADS`; `names` are those of the regimes by id."""
    return [
        (
            str(row["parameter"]),
            str(row["quality"]),
            f"{row['low']:.3g} to {row['high']:.3g}",
            signed(row["effect"]),
            span(row["effect_low"], row["effect_high"], signs=True),
            number(row["mu_star"]),
            number(row["sigma"]),
            names.get(str(row["regime"]), str(row["regime"])),
            "yes" if row["beyond_chance"] else "no",
        )
        for _, row in first(rows, outcome, most).iterrows()
        if row["effect"]
    ]


def write_page(
    rows: pd.DataFrame, scenario: Scenario, trajectories: int, path: Path, on: date, expected: Sequence[str] = ()
) -> None:
    """Write the strongest numbers, with date and build, beside those that were expected to matter; raises UserError."""
    lines = (*_head(rows, scenario, trajectories, on), *_tables(rows, scenario), *_compared(rows, scenario, expected))
    text = (
        "\n".join(line if line.startswith("|") else fill(line, WIDE, break_on_hyphens=False) for line in lines) + "\n"
    )
    with whole_or_not(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def _head(rows: pd.DataFrame, scenario: Scenario, trajectories: int, on: date) -> list[str]:
    count = rows["parameter"].nunique()
    regimes = listed([f"“{regime.name}”" for regime in scenario.regimes])
    return [
        "# Which numbers carry the answer",
        "",
        f"Written on {on.isoformat()} by `policysim sensitivity` with `--page` (model {model_hash()}); `make sensitivity` "
        f"writes it anew. A screening of {count:,} uncertain numbers (a table along age or deprivation counts as one) by "
        f"what they do to the differences between {regimes}: {scenario.where.name}, {plural(scenario.years, 'year')} after "
        f"{plural(scenario.burn_in_years, 'year')} of burn-in, {scale_of(scenario)}.",
        "",
        f"*Effect* is how a regime's difference from the status quo changes, over the horizon, when a number passes from "
        f"the low to the high end of its range, all others being anywhere in theirs: the difference of two means over "
        f"{worlds_of(count):,} worlds, in each of which every number is high or low (a fractional factorial). The interval "
        f"and *beyond chance* come from columns of that design which move nothing: of the effects called beyond chance "
        f"{FALSE:.0%} may be chance. *mu\\** and *sigma* are Morris's mean size and scatter of the change when one number "
        f"after another is moved ({plural(trajectories, 'trajectory').replace('trajectorys', 'trajectories')}): they also see "
        "what goes up here and down there, and far more of chance. Each number stands with the regime for which its effect "
        "is largest.",
        "",
    ]


def _tables(rows: pd.DataFrame, scenario: Scenario) -> list[str]:
    names = {regime.id: regime.name for regime in scenario.regimes}
    lines = []
    for outcome in ANSWERS:
        found = strongest(rows, outcome, names, MOST if outcome == MAIN else FEWER)
        of_outcome = rows[rows["outcome"] == outcome]
        noise = of_outcome.groupby("regime")["noise"].first()
        chance = "; ".join(f"{names.get(str(name), name)} {number(value)}" for name, value in noise.items())
        beyond = of_outcome.groupby("regime")["beyond_chance"].sum()
        counts = "; ".join(f"{names.get(str(name), name)} {value}" for name, value in beyond.items())
        lines += [
            f"## {OUTCOMES[outcome].label}",
            "",
            f"Numbers with an effect beyond chance: {counts}. What chance alone could make of mu\\* at the usual numbers, at "
            f"most: {chance}.",
            "",
        ]
        if not found:
            lines += ["No number moved it at all.", ""]
            continue
        lines += [f"| {' | '.join(HEADS)} |", "| --- | --- | --- | ---: | --- | ---: | ---: | --- | --- |"]
        lines += [f"| `{row[0]}` | {' | '.join(row[1:])} |" for row in found]
        lines.append("")
    return lines


def _compared(rows: pd.DataFrame, scenario: Scenario, expected: Sequence[str]) -> list[str]:
    """How what was expected to matter compares with what did, for the main answer."""
    if not expected:
        return []
    ranking = first(rows, MAIN, most=len(rows))
    beyond = set(ranking.loc[ranking["beyond_chance"], "parameter"])
    there = [name for name in expected if _ranks(ranking, name)]
    rank = {name: min(_ranks(ranking, name)) for name in there}
    at_the_top = [name for name in there if rank[name] <= len(expected)]
    unexpected = [name for name in ranking["parameter"].head(MOST) if not any(_is(name, one) for one in expected)]
    told = [
        "## What was expected",
        "",
        f"By reasoning, {len(expected)} numbers were expected to decide {OUTCOMES[MAIN].noun}. {len(there)} of them are in "
        f"the model and uncertain; {len(at_the_top)} are among the first {len(expected)}, and "
        f"{sum(any(_is(one, name) for one in beyond) for name in there)} beyond chance. "
        f"{_weight(rows, scenario, expected)}",
        "",
        f"Not expected, and among the first {MOST}: {_names(unexpected)}.",
        "",
        f"Expected, and in the model no more by that name, or no longer uncertain: "
        f"{listed([name for name in expected if name not in rank] or ['none'])}.",
        "",
        "| Expected | Rank | Beyond chance |",
        "| --- | ---: | --- |",
    ]
    told += [
        f"| `{name}` | {rank[name]} | {'yes' if any(_is(one, name) for one in beyond) else 'no'} |"
        for name in sorted(there, key=rank.__getitem__)
    ]
    return told


def _weight(rows: pd.DataFrame, scenario: Scenario, expected: Sequence[str]) -> str:
    """The share of all that single numbers do to the main answer that the expected ones do, by regime.

    Squares of effects are what numbers add to the variance of the answer; what chance adds to each square is taken off.
    """
    found = rows[rows["outcome"] == MAIN]
    squares = found["effect"] ** 2 - found["error"] ** 2
    named = found["parameter"].map(lambda one: any(_is(one, name) for name in expected))
    ours, everyones = (of.groupby(found["regime"]).sum() for of in (squares.where(named, 0.0), squares))
    shares = (ours / everyones.where(everyones > 0)).fillna(0.0).clip(0, 1)
    told = [f"{shares[regime.id]:.0%} for “{regime.name}”" for regime in scenario.regimes if regime.id in shares]
    return f"Of what all numbers together do to the difference one by one, they do {listed(told)}."


def _ranks(ranking: pd.DataFrame, name: str) -> list[int]:
    """The ranks (1 is the first) of the numbers that a name means."""
    return [k + 1 for k, one in enumerate(ranking["parameter"]) if _is(one, name)]


def _is(parameter: str, name: str) -> bool:
    """Whether a name means this number: its own, or that of its table."""
    return parameter == name or parameter.partition("[")[0] == name


def _names(names: Sequence[str]) -> str:
    return listed([f"`{name}`" for name in names]) if names else "none"


def read_expected(path: Path) -> tuple[str, ...]:
    """Names of numbers, a line each; lines that begin with # are remarks. Raises UserError."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UserError(f"{path} cannot be read as a list of names") from None
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
