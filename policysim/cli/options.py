"""Arguments and options that several commands share, each with its limits, and how what was given is read.

A number of a scenario has the limits that a scenario's file has, and is told by the name of its option.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from policysim.errors import UserError, nearest
from policysim.reading import check_is_file

if TYPE_CHECKING:
    from policysim.scenarios.scenario import Scenario


def _person(number: int | None) -> int | None:
    if number is not None and number < 0:
        raise UserError(f"--person must be 0 or more, not {number}")
    return number


def _file(path: Path | None) -> Path | None:
    if path is not None:
        check_is_file(path)
    return path


def _engine(name: str) -> str:
    from policysim.scenarios.means import engine_given

    return engine_given(name)


def _threads(number: int | None) -> int | None:
    from policysim.scenarios.means import threads_given

    return None if number is None else threads_given(number, "--threads")


Places = Annotated[
    Path | None,
    Option("--places", metavar="FILE", help="A table of places of your own (.csv), which alone then holds."),
]
Name = Annotated[str | None, Argument(metavar="NAME", help="Show one entry wholly.")]
What = Annotated[
    str | None,
    Argument(metavar="PLACE|SCENARIO.toml", help="A place ('policysim places' lists them), or a file that says all."),
]
Json = Annotated[bool, Option("--json", help='Print {"rows": [...]} and nothing else.')]
Regimes = Annotated[str | None, Option(metavar="A,B,..", help="Ids of regimes, or .toml files of your own.")]
People = Annotated[int | None, Option(metavar="N", help="Simulated people, in place of --one-in.")]
OneIn = Annotated[float | None, Option("--one-in", metavar="K", help="Residents that a simulated person stands for.")]
Years = Annotated[int | None, Option(metavar="Y", help="Horizon in years of 52 weeks.")]
Replicates = Annotated[int | None, Option(metavar="R", help="Seeds, each run under every regime.")]
Seed = Annotated[int | None, Option(metavar="S", help="First seed; replicate k uses S + k.")]
Uncertainty = Annotated[
    int | None,
    Option(metavar="K", help="Sets of parameters drawn from their ranges, each run once under every regime."),
]
BurnInYears = Annotated[int | None, Option(metavar="B", help="Years of status quo before the regimes part.")]
Person = Annotated[int | None, Option(metavar="ID", callback=_person, help="Number of the person.")]
Rules = Annotated[
    Path | None,
    Option(
        metavar="FILE", callback=_file, help="Live by the classes of people in a file of your own (.py); it is run."
    ),
]
RulesOfFile = Annotated[
    Path | None,
    Option(
        "--rules",
        metavar="FILE",
        callback=_file,
        help="With what the classes of people in a file of your own (.py) have and meet; it is run.",
    ),
]
RulesBeside = Annotated[
    Path | None,
    Option(
        "--rules",
        metavar="FILE",
        callback=_file,
        help="Beside each regime an arm with the rules and levers in a file of your own (.py), which is run; without "
        "--regimes or a scenario beside the status quo alone.",
    ),
]
Engine = Annotated[
    str,
    Option(
        metavar="ENGINE",
        callback=_engine,
        help="compiled; python: slow, with breakpoints; debug: compiled, every index and write looked at; "
        "gpu: on an NVIDIA card. Same results.",
    ),
]
Threads = Annotated[
    int | None,
    Option(metavar="T", callback=_threads, help="Processors to use in all; by default all there are."),
]
Out = Annotated[Path | None, Option(metavar="DIR", help="Folder of the results; by default a new dated one.")]
Folder = Annotated[Path, Argument(metavar="DIR", help="The folder of a finished comparison.")]
ReportOut = Annotated[Path | None, Option("--out", metavar="FILE", help="The report; by default report.html in DIR.")]
NoPdf = Annotated[bool, Option("--no-pdf", help="Write the page alone, without the PDF beside it.")]
Screening = Annotated[
    Path | None, Option("--sensitivity", metavar="DIR", help="The folder of a finished 'policysim sensitivity'.")
]
BeyondRanges = Annotated[
    bool, Option("--beyond-ranges", help="Let changed parameters lie outside their ranges in the registry.")
]
Overwrite = Annotated[bool, Option("--overwrite", help="Replace what policysim wrote in DIR for another scenario.")]


def asked(
    what: str | None, usual: Mapping[str, Any] | None = None, called: Mapping[str, str] | None = None, **options: Any
) -> "Scenario":
    """The scenario of a place or a file with the options that were given laid over it; each is named for its key.

    `called` says what those are called that have another name on the command line. Raises UserError, for most mistakes
    before the model is loaded.
    """
    from policysim.scenarios.scenario import scenario_of

    names = {name: "--" + name.replace("_", "-") for name in options} | dict(called or {})
    return scenario_of(what, {name: value for name, value in options.items() if value is not None}, names, usual)


def readings_given(given: str | None) -> tuple[dict[str, str] | None, bool]:
    """Readings by question as `--readings` has them, and whether the other ones are to be run; raises UserError."""
    if given is None:
        return None, False
    parts = [part.strip() for part in given.split(",") if part.strip()]
    if not parts:
        raise UserError("--readings needs all, or a question with its reading, as in rooms_and_mortality=no-fall")
    taken: dict[str, str] = {}
    for part in parts:
        question, equals, reading = (piece.strip() for piece in part.partition("="))
        if part != "all" and not equals:
            close = nearest(part, ["all"])
            raise UserError(
                f"--readings takes all, or a question with its reading, as in QUESTION=READING, not {part!r}{close}"
            )
        if question.replace("-", "_") in taken:
            raise UserError(f"--readings gives two readings of {question}")
        if equals:
            taken[question.replace("-", "_")] = reading
    return taken or None, "all" in parts


def listed(regimes: str | None) -> list[str] | None:
    """The names in a list with commas, or None if there is no list; raises UserError if it names none."""
    if regimes is None:
        return None
    names = [name.strip() for name in regimes.split(",") if name.strip()]
    if not names:
        raise UserError("--regimes needs at least one regime, as in --regimes status-quo,diversion")
    return names
