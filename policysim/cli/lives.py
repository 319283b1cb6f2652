"""The command that shows one simulated life."""

from collections.abc import Callable
from typing import Annotated

from typer import Option

from policysim.cli import terminal
from policysim.cli.options import (
    BurnInYears,
    Engine,
    Json,
    OneIn,
    People,
    Person,
    Places,
    Regimes,
    Rules,
    Seed,
    What,
    Years,
    asked,
    listed,
)
from policysim.errors import UserError, nearest


def trace(
    what: What = None,
    places: Places = None,
    regimes: Regimes = None,
    person: Person = None,
    pick: Annotated[str | None, Option(metavar="diverging", help="Find someone whose lives part.")] = None,
    rules: Rules = None,
    people: People = None,
    one_in: OneIn = None,
    years: Years = None,
    seed: Seed = None,
    burn_in_years: BurnInYears = None,
    engine: Engine = "compiled",
    show_sensitive: Annotated[
        bool, Option("--show-sensitive", help="Name causes and circumstances that are left out otherwise.")
    ] = False,
    as_json: Json = False,
) -> None:
    """One simulated person's life under each regime, side by side, and the draw that parted them.

    The person meets the same luck under every regime; the first difference is the regime's doing. Without --regimes it
    is the status quo and harm reduction, or what the scenario's file says.

    \b
    Examples:
      policysim trace --regimes status-quo,harm-reduction --pick diverging
      policysim trace authority:coventry --regimes status-quo,diversion --person 17 --json
      policysim trace results/earlier/scenario.toml --person 17 --rules my_rules.py
    """
    if (person is None) == (pick is None):
        raise UserError("say whose life to trace: either --person ID or --pick diverging")
    if pick not in (None, "diverging"):
        raise UserError(f"--pick knows only 'diverging', not {pick!r}{nearest(str(pick), ['diverging'])}")
    from policysim.reference.checking import people_in
    from policysim.scenarios.usual import TRACE

    scenario = asked(
        what, TRACE, places=places, regimes=listed(regimes), people=people, one_in=one_in, years=years, seed=seed,
        burn_in_years=burn_in_years,
    )  # fmt: skip
    classes = None if rules is None else people_in(rules)
    from policysim.experiments.lives.trace import trace as run_trace

    life = run_trace(scenario, person, pick, classes, engine, show_sensitive)
    if as_json:
        terminal.print_json(life.rows(), parting=life.parting, turning=life.turning)
    else:
        print(life.text(terminal.width(otherwise=terminal.READABLE)))


COMMANDS: dict[Callable[..., None], str] = {trace: "One simulated life under several regimes."}
"""Every command here with the line that the list of commands has for it."""
