"""Arguments and options that several commands share."""

from typing import Annotated

import typer

Place = Annotated[str, typer.Argument(metavar="PLACE", help="A place ('policysim places' lists them).")]
Name = Annotated[str | None, typer.Argument(metavar="NAME", help="Show one entry wholly.")]
Json = Annotated[bool, typer.Option("--json", help='Print {"rows": [...]} and nothing else.')]
Threads = Annotated[
    int | None, typer.Option(metavar="T", help="Processors to use in all; by default every one there is.")
]
OneIn = Annotated[
    float | None, typer.Option("--one-in", metavar="K", help="Residents that a simulated person stands for.")
]
Seed = Annotated[int | None, typer.Option(metavar="S", help="First seed; replicate k uses S + k.")]
Regimes = Annotated[str | None, typer.Option(metavar="A,B,..", help="Ids of regimes, or .toml files of your own.")]
WEST_MIDLANDS = "west-midlands"
