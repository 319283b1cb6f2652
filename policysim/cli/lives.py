"""The command that shows one simulated life."""

from collections.abc import Callable
from typing import Annotated

from typer import Option

from policysim.cli import terminal
from policysim.cli.options import WEST_MIDLANDS, Json, OneIn, Place, Places, Seed, Years, given, listed
from policysim.errors import UserError, nearest


def trace(
    place: Place = WEST_MIDLANDS,
    places: Places = None,
    regimes: Annotated[str, Option(metavar="A,B,..", help="Regimes to live under.")] = "status-quo,harm-reduction",
    person: Annotated[int | None, Option(metavar="ID", help="Number of the person.")] = None,
    pick: Annotated[str | None, Option(metavar="diverging", help="Find someone whose lives part.")] = None,
    seed: Seed = None,
    years: Years = None,
    one_in: OneIn = None,
    show_sensitive: Annotated[
        bool, Option("--show-sensitive", help="Name causes and circumstances that are left out otherwise.")
    ] = False,
    as_json: Json = False,
) -> None:
    """One simulated person's life under each regime, side by side, and the draw that parted them.

    The person meets the same luck under every regime; the first difference is the regime's doing.

    \b
    Examples:
      policysim trace --regimes status-quo,harm-reduction --pick diverging
      policysim trace authority:coventry --regimes status-quo,diversion --person 17 --json
    """
    if (person is None) == (pick is None):
        raise UserError("say whose life to trace: either --person ID or --pick diverging")
    if pick not in (None, "diverging"):
        raise UserError(f"--pick knows only 'diverging', not {pick!r}{nearest(str(pick), ['diverging'])}")
    from policysim.experiments.lives.trace import trace as run_trace
    from policysim.scenarios.regime import regime_of

    under = [regime_of(name) for name in listed(regimes) or ()]
    options = given(person=person, pick=pick, seed=seed, years=years, one_in=one_in, places=places)
    life = run_trace(place, under, show_sensitive=show_sensitive, **options)
    if as_json:
        terminal.print_json(life.rows(), parting=life.parting, turning=life.turning)
    else:
        print(life.text())


COMMANDS: dict[Callable[..., None], str] = {trace: "One simulated life under several regimes."}
"""Every command here with the line that the list of commands has for it."""
