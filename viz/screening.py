"""A screening of the uncertain numbers as a table of the report, and as a page of text that docs can hold."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill

import pandas as pd

from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.numbers import number
from policysim.experiments.analysis.wording import listed, plural, scale_of
from policysim.experiments.designs.sensitivity import ANSWERS, first
from policysim.experiments.running.files import whole_or_not
from policysim.scenarios.scenario import Scenario

MOST = 20
"""Numbers in the table of the main answer."""
FEWER = 10
"""Numbers in the tables of the others."""
HEADS = ("Parameter", "Quality", "Range", "mu*", "sigma", "Largest for", "Beyond chance")
WIDE = 118
MAIN = ANSWERS[0]


def strongest(rows: pd.DataFrame, outcome: str, names: dict[str, str], most: int = MOST) -> list[tuple[str, ...]]:
    """The strongest numbers as rows of text, in the order of `HEADS`; `names` are those of the regimes by id."""
    return [
        (
            str(row["parameter"]),
            str(row["quality"]),
            f"{row['low']:.3g} to {row['high']:.3g}",
            number(row["mu_star"]),
            number(row["sigma"]),
            names.get(str(row["regime"]), str(row["regime"])),
            "yes" if row["above_noise"] else "no",
        )
        for _, row in first(rows, outcome, most).iterrows()
        if row["mu_star"] > 0
    ]


def write_page(
    rows: pd.DataFrame, scenario: Scenario, trajectories: int, path: Path, expected: Sequence[str] = ()
) -> None:
    """Write the strongest numbers as Markdown, beside those that were expected to matter; raises UserError."""
    lines = (*_head(rows, scenario, trajectories), *_tables(rows, scenario), *_compared(rows, expected))
    text = (
        "\n".join(line if line.startswith("|") else fill(line, WIDE, break_on_hyphens=False) for line in lines) + "\n"
    )
    with whole_or_not(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def _head(rows: pd.DataFrame, scenario: Scenario, trajectories: int) -> list[str]:
    count = rows["parameter"].nunique()
    regimes = listed([f"“{regime.name}”" for regime in scenario.regimes])
    return [
        "# Which numbers carry the answer",
        "",
        "Written by `policysim sensitivity` with `--page`; `make sensitivity` writes it anew. Morris screening of "
        f"{count:,} uncertain numbers (a table along age or deprivation counts as one) on the differences between "
        f"{regimes}: {scenario.where.name}, {plural(scenario.years, 'year')} after "
        f"{plural(scenario.burn_in_years, 'year')} of burn-in, {scale_of(scenario)}, "
        f"{plural(trajectories, 'trajectory').replace('trajectorys', 'trajectories')}.",
        "",
        "mu* is the mean size of the change in a regime's difference from the status quo when a number passes through "
        "its whole range, in the outcome's own unit over the horizon; sigma is the scatter of that change (interactions, "
        "curvature and chance). “Beyond chance: no” says that fresh luck alone could make as much. Chance is measured at "
        "the usual numbers; where others make deaths more common luck makes more too, most of all for a number that "
        "changes who lives in the place: few trajectories of a small run put some such numbers too high. Each number "
        "stands with the regime for which it matters most.",
        "",
    ]


def _tables(rows: pd.DataFrame, scenario: Scenario) -> list[str]:
    names = {regime.id: regime.name for regime in scenario.regimes}
    lines = []
    for outcome in ANSWERS:
        found = strongest(rows, outcome, names, MOST if outcome == MAIN else FEWER)
        noise = rows[rows["outcome"] == outcome].groupby("regime")["noise"].first()
        chance = "; ".join(f"{names.get(str(name), name)} {number(value)}" for name, value in noise.items())
        lines += [f"## {OUTCOMES[outcome].label}", "", f"What chance alone could make of mu*, at most: {chance}.", ""]
        if not found:
            lines += ["No number moved it at all.", ""]
            continue
        lines += [f"| {' | '.join(HEADS)} |", "| --- | --- | --- | ---: | ---: | --- | --- |"]
        lines += [f"| `{row[0]}` | {' | '.join(row[1:])} |" for row in found]
        lines.append("")
    return lines


def _compared(rows: pd.DataFrame, expected: Sequence[str]) -> list[str]:
    """How what was expected to matter compares with what did, for the main answer."""
    if not expected:
        return []
    ranking = first(rows, MAIN, most=len(rows))
    beyond = set(ranking.loc[ranking["above_noise"], "parameter"])
    there = [name for name in expected if _ranks(ranking, name)]
    rank = {name: min(_ranks(ranking, name)) for name in there}
    at_the_top = [name for name in there if rank[name] <= len(expected)]
    unexpected = [name for name in ranking["parameter"].head(MOST) if not any(_is(name, one) for one in expected)]
    told = [
        "## What was expected",
        "",
        f"By reasoning, {len(expected)} numbers were expected to decide {OUTCOMES[MAIN].noun}. {len(there)} of them are in "
        f"the model and uncertain; {len(at_the_top)} are among the first {len(expected)}, and "
        f"{sum(any(_is(one, name) for one in beyond) for name in there)} beyond chance.",
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
