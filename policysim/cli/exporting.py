"""The command that hands a run on to other programs: its people, its network."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Option

from policysim.cli import terminal
from policysim.cli.options import (
    BurnInYears,
    Engine,
    OneIn,
    People,
    Places,
    Rules,
    Seed,
    Threads,
    What,
    Years,
    asked,
)
from policysim.errors import UserError

if TYPE_CHECKING:
    from policysim.scenarios.scenario import Scenario

ENDINGS = {".parquet": "people", ".csv": "people", ".graphml": "network", ".gexf": "network"}
"""What a file is for by its ending."""


def export(
    what: What = None,
    places: Places = None,
    out: Annotated[Path | None, Option(metavar="FILE", help="A .parquet, .csv, .graphml or .gexf.")] = None,
    content: Annotated[
        str | None, Option("--what", metavar="people|network", help="What to write; by default as FILE's ending says.")
    ] = None,
    weeks: Annotated[str, Option(metavar="W,W,..", help="Weeks of the run; 0 is as the regimes part.")] = "0",
    regime: Annotated[str | None, Option(metavar="ID", help="Regime to live under; by default the first.")] = None,
    rules: Rules = None,
    people: People = None,
    one_in: OneIn = None,
    years: Years = None,
    seed: Seed = None,
    burn_in_years: BurnInYears = None,
    engine: Engine = "compiled",
    threads: Threads = None,
    overwrite: Annotated[bool, Option("--overwrite", help="Replace FILE where it is there already.")] = False,
) -> None:
    """Write the people of one run, as they stand in given weeks, to a table; or who is tied to whom, to a graph.

    People go to .parquet (each column with unit and meaning in its metadata) or .csv, a row for each person and week; the
    network of one week goes to .graphml or .gexf. With --rules the fields that its classes declare are columns, and networks of
    one's own are edges. Ages are in years, spans in weeks; a row is one simulated person. Unless
    --one-in, --people or the file says otherwise, a person stands for 20 residents.

    \b
    Examples:
      policysim export authority:coventry --out people.parquet --weeks 0,52,104 --years 2
      policysim export results/earlier/scenario.toml --regime diversion --out people.csv --weeks 520
      policysim export authority:rutland --out rutland.graphml
    """
    from policysim.scenarios.usual import EXPORT

    if out is None:
        raise UserError(
            "say where to write it: --out FILE, a .parquet or .csv of people, a .graphml or .gexf of the network"
        )
    if regime is not None and "," in regime:
        raise UserError(f"--regime takes one regime, not {regime!r}: export each to a file of its own")
    if out.suffix not in ENDINGS:
        raise UserError(f"people are written to a .parquet or .csv, a network to a .graphml or .gexf, not to {out}")
    scenario = asked(
        what, EXPORT, places=places, regimes=[regime] if regime is not None else None, people=people, one_in=one_in,
        years=years, seed=seed, burn_in_years=burn_in_years,
    )  # fmt: skip
    at_weeks = _weeks(weeks)
    from policysim.experiments.lives.snapshots import export as write
    from policysim.experiments.running.plan import available_threads

    if content is None:
        content = ENDINGS[out.suffix]
    if threads is None:
        threads = available_threads()

    with terminal.progress() as progress:
        told = terminal.weeks_of_one_run(progress)
        done = write(_living_by(rules, scenario), content, out, at_weeks, overwrite, engine, threads, told)
    print(done)


def _living_by(rules: Path | None, scenario: "Scenario") -> "Scenario":
    """The scenario with the people of a file of one's own."""
    from policysim.reference.checking import people_in

    return scenario if rules is None else scenario.model_copy(update={"people_classes": people_in(rules)})


def _weeks(written: str) -> list[int]:
    from policysim.vocabulary.reasons import shown

    try:
        return [int(week) for week in written.split(",")]
    except ValueError:
        raise UserError(
            f"--weeks must be whole numbers with commas, as in --weeks 0,52, not {shown(written)}"
        ) from None


COMMANDS: dict[Callable[..., None], str] = {export: "People or network of a run, for other programs."}
"""Every command here with the line that the list of commands has for it."""
