"""The commands that show one simulated life, and one week of it rule by rule."""

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

ShowSensitive = Annotated[
    bool, Option("--show-sensitive", help="Name causes and circumstances that are left out otherwise.")
]
UnderRegime = Annotated[str | None, Option(metavar="ID", help="Regime to live under; by default the first.")]
Where = Annotated[
    str | None,
    Option(metavar="CONDITION", help="In place of --person: the first of whom it holds, such as 'age < 18'."),
]


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
    show_sensitive: ShowSensitive = False,
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


def step(
    what: What = None,
    places: Places = None,
    regime: UnderRegime = None,
    person: Person = None,
    where: Where = None,
    week: Annotated[int, Option(metavar="W", min=0, help="Week of the run to begin with.")] = 0,
    weeks: Annotated[int, Option(metavar="N", min=1, max=52, help="Weeks to go through.")] = 1,
    rules: Rules = None,
    people: People = None,
    one_in: OneIn = None,
    seed: Seed = None,
    burn_in_years: BurnInYears = None,
    engine: Engine = "python",
    show_sensitive: ShowSensitive = False,
    as_json: Json = False,
) -> None:
    """One person's week rule by rule: where each rule returned, each draw beside what it was held against, what changed.

    The person's week is lived in Python, so that a breakpoint in a rule of yours stops there. Everybody else and the weeks
    before are lived in --engine: with compiled a breakpoint stops for this person alone, and a late week comes sooner.

    --where asks the columns of 'policysim export people.csv': age, sex, role, use_heroin, care and so on, states by their names.
    With --rules, edited rules are marked and counts of friends that a class declares are shown.

    \b
    Examples:
      policysim step --person 17
      policysim step --where "age < 18 and use_cannabis == 'regular'" --week 10
      policysim step authority:coventry --people 1000 --person 17 --week 40 --weeks 2 --rules my_rules.py
    """
    whom = _whom(person, where)
    if regime is not None and "," in regime:
        raise UserError(f"--regime takes one regime, not {regime!r}")
    from policysim.engine.ranges import failures_told
    from policysim.reference.checking import people_in
    from policysim.scenarios.usual import STEP
    from policysim.vocabulary.time import years_to_hold

    scenario = asked(
        what, STEP, places=places, regimes=[regime] if regime is not None else None, people=people, one_in=one_in,
        years=years_to_hold(week + weeks), seed=seed, burn_in_years=burn_in_years,
    )  # fmt: skip
    if rules is not None:
        scenario = scenario.model_copy(update={"people_classes": people_in(rules)})
    from policysim.experiments.lives.stepped import rows_of, text_of
    from policysim.experiments.lives.stepping import step_through

    with failures_told():
        lived = step_through(scenario, whom, week, weeks, engine, show_sensitive)
    if as_json:
        terminal.print_json(rows_of(lived))
    else:
        about = f"{scenario.where.name}, {scenario.regimes[0].id}, seed {scenario.seed}"
        print(text_of(lived, about, terminal.width(otherwise=terminal.READABLE)))


def _whom(person: int | None, where: str | None) -> int | str:
    """Whose week is asked for; raises UserError unless it is said in one way."""
    whom = where if person is None else person
    if whom is None:
        raise UserError(
            "say whose week to go through: --person ID, or --where 'age < 18' for the first of whom that holds"
        )
    if person is not None and where is not None:
        raise UserError("--person and --where both say whose week to go through: give one")
    return whom


COMMANDS: dict[Callable[..., None], str] = {
    trace: "One simulated life under several regimes.",
    step: "One person's week rule by rule, with every draw.",
}
"""Every command here with the line that the list of commands has for it."""
