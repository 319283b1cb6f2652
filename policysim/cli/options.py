"""Arguments and options that several commands share, the many of `compare`, and how what was given is read."""

from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from policysim.errors import UserError

Place = Annotated[str, Argument(metavar="PLACE", help="A place ('policysim places' lists them).")]
Places = Annotated[
    Path | None,
    Option("--places", metavar="FILE", help="A table of places of your own (.csv), which alone then holds."),
]
Name = Annotated[str | None, Argument(metavar="NAME", help="Show one entry wholly.")]
What = Annotated[str | None, Argument(metavar="PLACE|SCENARIO.toml", help="A place, or a file that says all.")]
Json = Annotated[bool, Option("--json", help='Print {"rows": [...]} and nothing else.')]
Regimes = Annotated[str | None, Option(metavar="A,B,..", help="Ids of regimes, or .toml files of your own.")]
People = Annotated[int | None, Option(metavar="N", help="Simulated people, in place of --one-in.")]
OneIn = Annotated[float | None, Option("--one-in", metavar="K", help="Residents that a simulated person stands for.")]
Years = Annotated[int | None, Option(metavar="Y", help="Horizon in years of 52 weeks.")]
Replicates = Annotated[int | None, Option(metavar="R", help="Seeds, each run under every regime.")]
Seed = Annotated[int | None, Option(metavar="S", help="First seed; replicate k uses S + k.")]
BurnInYears = Annotated[int | None, Option(metavar="B", help="Years of status quo before the regimes part.")]
Engine = Annotated[
    str,
    Option(
        metavar="ENGINE",
        help="compiled; python: slow, with breakpoints; debug: compiled, every index and write looked at. Same results.",
    ),
]
Threads = Annotated[int | None, Option(metavar="T", help="Processors to use in all; by default all there are.")]
Out = Annotated[Path | None, Option(metavar="DIR", help="Folder of the results; by default a new dated one.")]
Folder = Annotated[Path, Argument(metavar="DIR", help="The folder of a finished comparison.")]
ReportOut = Annotated[Path | None, Option("--out", metavar="FILE", help="The report; by default report.html in DIR.")]
BeyondRanges = Annotated[
    bool, Option("--beyond-ranges", help="Let changed parameters lie outside their ranges in the registry.")
]
Overwrite = Annotated[bool, Option("--overwrite", help="Replace what policysim wrote in DIR for another scenario.")]

WEST_MIDLANDS = "west-midlands"


def given(**options: Any) -> dict[str, Any]:
    """The options that were given; the others keep the defaults of what is called."""
    return {name: value for name, value in options.items() if value is not None}


def listed(regimes: str | None) -> list[str] | None:
    """The names in a list with commas, or None if there is no list; raises UserError if it names none."""
    if regimes is None:
        return None
    names = [name.strip() for name in regimes.split(",") if name.strip()]
    if not names:
        raise UserError("--regimes needs at least one regime, as in --regimes status-quo,diversion")
    return names
