"""The command that shares a regime's difference from the status quo out among its levers."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from policysim.cli import terminal
from policysim.cli.comparing import check_out, run_design
from policysim.cli.durations import told_time
from policysim.cli.options import (
    BurnInYears,
    Engine,
    Json,
    OneIn,
    Out,
    People,
    Places,
    Replicates,
    Seed,
    Threads,
    What,
    Years,
    asked,
)
from policysim.errors import UserError

if TYPE_CHECKING:
    from policysim.experiments.designs.attribution import Attribution
    from policysim.experiments.running.progress import Progress
    from policysim.scenarios.scenario import Scenario

WARM_RUNS, TIMED_RUNS = 4, 10
"""The first runs, in which worker processes load the rules, and as many after them as are timed before it is said how long
all of them will take."""


Named = Annotated[str, Argument(metavar="REGIME", help="Id of a regime, or a .toml file of your own.")]
By = Annotated[
    str,
    Option(
        metavar="WAY",
        help="lever-in-group: levers, those of a group one after another; lever: levers in any order; group: groups.",
    ),
]
Orders = Annotated[
    int,
    Option(metavar="K", help="Orders of each seed, an even number: every second one is the reverse of the one before."),
]
Outcomes = Annotated[
    list[str] | None,
    Option("--outcome", metavar="NAME", help="An outcome, or several with commas; may be given again."),
]
Page = Annotated[
    Path | None, Option(metavar="FILE.md", help="Also write a page of text, with a chart of each outcome beside it.")
]


def attribute(
    regime: Named,
    what: What = None,
    by: By = "lever-in-group",
    orders: Orders = 2,
    outcome: Outcomes = None,
    places: Places = None,
    people: People = None,
    one_in: OneIn = None,
    years: Years = None,
    replicates: Replicates = None,
    seed: Seed = None,
    burn_in_years: BurnInYears = None,
    engine: Engine = "compiled",
    threads: Threads = None,
    out: Out = None,
    page: Page = None,
    as_json: Json = False,
) -> None:
    """How much of a regime's difference from the status quo each of its levers brings: shares that add up to the whole.

    Levers are added one after another until the regime is whole. What a lever's own step brings, on average over orders of
    them, is its share (a Shapley value; where the levers of a group follow one another, an Owen value). Beside it stand what
    the lever does alone, and what the regime lacks without it: where the two differ, levers overlap or need one another.

    Every seed goes through orders of its own, each with its reverse, so that the 95% interval of a share holds both chance
    and the choice of orders. DIR keeps every run and attribution.csv. Stop it, and give the same command with the same DIR
    again to go on; with more --replicates, --orders or another --outcome only what is not there yet is computed. It says how
    long it takes once the first runs are timed; --by group takes the fewest runs.

    \b
    Examples:
      policysim attribute diversion authority:coventry --one-in 50
      policysim attribute multi-component west-midlands --by group
      policysim attribute harm-reduction --outcome overdoses,imprisoned --replicates 20 --out results/shares
      policysim attribute my-regime.toml my-scenario.toml --by lever --orders 10 --page shares.md
    """
    from policysim.scenarios.regime import STATUS_QUO
    from policysim.scenarios.usual import ATTRIBUTION

    check_out(out)
    if page is not None and not page.parent.is_dir():
        raise UserError(f"--page: there is no folder {page.parent}")
    names = None if outcome is None else [name for part in outcome for name in part.split(",") if name.strip()]
    if regime == STATUS_QUO:
        raise UserError("the status quo pulls no lever: there is no difference to share out")
    scenario = asked(
        what, ATTRIBUTION, {"regimes": "REGIME"}, regimes=[STATUS_QUO, regime], places=places, people=people, one_in=one_in,
        years=years, replicates=replicates, seed=seed, burn_in_years=burn_in_years,
    )  # fmt: skip
    from policysim.cli.attribution_table import print_attribution, print_json

    found = run_design(
        _timed, scenario, as_json, by=by, orders=orders, outcomes=names, out=out, threads=threads, engine=engine
    )
    if page:
        from policysim.viz.attribution_page import write_page

        write_page(found, page, on=date.today())
    print_json(found) if as_json else print_attribution(found)


def _timed(scenario: "Scenario", progress: Callable[["Progress"], None] | None, **options: Any) -> "Attribution":
    """Share out what the last regime of a scenario does, and say how long it takes."""
    from policysim.experiments.designs.attribution import attribution

    return attribution(scenario, scenario.regimes[-1], progress=progress and timing(progress), **options)


def timing(tell: Callable[["Progress"], None]) -> Callable[["Progress"], None]:
    """Tells as before, and says how many runs there are and, once some are timed, how long all of them take."""
    before: Progress | None = None
    counted = said = False

    def told(state: "Progress") -> None:
        nonlocal before, counted, said
        if not counted:
            counted = True
            terminal.say(f"{state.all_runs:,} runs are to be made.")
        if before is None and state.runs >= WARM_RUNS:
            before = state
        if not said and before is not None and state.runs >= before.runs + TIMED_RUNS and state.weeks > before.weeks:
            said = True
            rate = (state.seconds - before.seconds) / (state.weeks - before.weeks)
            left = told_time(rate * (state.all_weeks - state.weeks))
            terminal.say(
                f"By the time that {state.runs - before.runs} of them took, the {state.all_runs - state.runs:,} left take {left}."
            )
        tell(state)

    return told


COMMANDS: dict[Callable[..., None], str] = {
    attribute: "How much of a regime's difference each of its levers brings.",
}
"""Every command here with the line that the list of commands has for it."""
