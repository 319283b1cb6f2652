"""The commands about the rules people live by: what they are and read, one's own begun, what these change."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from policysim.cli import terminal
from policysim.cli.options import BurnInYears, Engine, Json, People, RulesOfFile, Seed, Threads, Years, asked
from policysim.errors import UserError

NEW, DIFF = "new", "diff"
"""In place of a rule's name: a file of one's own is written; what it changes is told."""
RULE_COLUMNS = ("rule", "roles", "part", "where", "says", "parameters", "here")
HELPER_COLUMNS = ("helper", "arguments", "where", "says", "rules")


NameOfRule = Annotated[
    str | None,
    Argument(metavar="[NAME|new|diff]", help="A rule or helper; 'new', to write a file; 'diff', for what one changes."),
]
FileOfRules = Annotated[Path | None, Argument(metavar="[FILE.py]", help="The file of 'new' or 'diff'.")]
Changes = Annotated[
    str | None, Option(metavar="NAME", help="After 'new': the rule or helper of the model that the file is to change.")
]
Where = Annotated[str | None, Option(metavar="PLACE", help="After 'diff': where; by default the West Midlands.")]
Under = Annotated[
    str | None, Option(metavar="ID|FILE.toml", help="After 'diff': under which regime; by default the status quo.")
]
Seeds = Annotated[int | None, Option("--replicates", "--seeds", metavar="R", help="Seeds, each run with either rules.")]
Helpers = Annotated[
    bool, Option("--helpers", help="In place of the rules the helpers that they call, each a decision of its own.")
]


def rules(
    name: NameOfRule = None,
    file: FileOfRules = None,
    changes: Changes = None,
    place: Where = None,
    regime: Under = None,
    people: People = None,
    years: Years = None,
    replicates: Seeds = None,
    seed: Seed = None,
    burn_in_years: BurnInYears = None,
    engine: Engine = "compiled",
    threads: Threads = None,
    helpers: Helpers = False,
    own: RulesOfFile = None,
    as_json: Json = False,
) -> None:
    """The weekly rules people live by: whose they are, where they stand, which parameters and surroundings they read.

    NAME is a rule, or a helper that rules call, such as begin or search_exposure: what it takes, which rules call it, and how a
    class of yours has it in a version of its own. 'policysim fields' lists what rules read of a person and around them.

    'new' writes a short file with a rule of your own: sound as it stands, and changing nothing yet. 'diff' lives one regime by
    the stock rules and by those of a file, with the same luck: how often each edited rule wrote something, what moves with 95%
    intervals, whose lives differ, and three of these lives with the week in which they parted and why.

    \b
    Examples:
      policysim rules
      policysim rules start_using --json
      policysim rules search_exposure
      policysim rules new my_rules.py --changes start_using
      policysim rules diff my_rules.py --place authority:coventry --years 3
    """
    asked_of: dict[str, Any] = {
        "place": place, "regime": regime, "people": people, "years": years, "replicates": replicates, "seed": seed,
        "burn_in_years": burn_in_years, "threads": threads,
    }  # fmt: skip
    _check_form(name, file, changes, {key for key, value in asked_of.items() if value is not None})
    if own is not None and name in (NEW, DIFF):
        raise UserError(f"--rules does not go with 'policysim rules {name}', whose file stands beside it")
    if helpers and name is not None:
        raise UserError("--helpers lists them all: leave out the name, or the option")
    if name == NEW:
        _new_rules(file, changes)
        return
    if name == DIFF:
        _diff(file, engine, as_json, **asked_of)
        return
    from policysim.reference import listings

    kinds = _people_of(own)
    if name is not None:
        terminal.print_listing(listings.rule_or_helper(name.replace("-", "_"), kinds), (), as_json, wholly=True)
        return
    rows = listings.helpers(kinds) if helpers else listings.rules(kinds)
    shown = rows if as_json else [row | {"where": f"{row['file']}:{row['line']}"} for row in rows]
    terminal.print_listing(shown, HELPER_COLUMNS if helpers else RULE_COLUMNS, as_json)


def _people_of(own: Path | None) -> list[type]:
    """The classes of people in a file of one's own; none where there is no file."""
    from policysim.reference.checking import people_in

    return [] if own is None else people_in(own)


def _check_form(name: str | None, file: Path | None, changes: str | None, of_diff: set[str]) -> None:
    """Raises UserError for an option or a file that goes with another form of the command."""
    if name not in (NEW, DIFF) and file is not None:
        raise UserError("a file goes with 'policysim rules new FILE.py' and 'policysim rules diff FILE.py'")
    if name != NEW and changes is not None:
        raise UserError("a file and --changes go with 'policysim rules new FILE.py --changes RULE'")
    if name != DIFF and of_diff:
        option = "--" + min(of_diff).replace("_", "-")
        raise UserError(f"{option} goes with 'policysim rules diff FILE.py'")


def _diff(
    file: Path | None,
    engine: str,
    as_json: bool,
    place: str | None,
    regime: str | None,
    threads: int | None,
    **options: Any,
) -> None:
    """What the rules and levers of a file change under one regime."""
    if file is None:
        raise UserError("'policysim rules diff' wants a file, as in: policysim rules diff my_rules.py")
    from policysim.cli.comparing import run_design
    from policysim.cli.rules_diff_table import print_diff, print_json
    from policysim.reference.checking import people_and_levers_in
    from policysim.scenarios.usual import BESIDE_RULES, FIRST_LOOK

    regimes = None if regime is None else [regime]
    scenario = asked(place, BESIDE_RULES | FIRST_LOOK, {"regimes": "--regime"}, regimes=regimes, **options)
    kinds, levers = people_and_levers_in(file, engine)
    from policysim.experiments.designs.rules_diff import rules_diff

    found = run_design(rules_diff, scenario, as_json, people=kinds, levers=levers, engine=engine, threads=threads)
    print_json(found) if as_json else print_diff(found)


def _new_rules(file: Path | None, changes: str | None) -> None:
    """Write a file of rules, and say what can be done with it."""
    from policysim.reference.new_rules import write_new

    if file is None or changes is None:
        raise UserError(
            "'policysim rules new' wants a file and a rule of the model, as in: policysim rules new my_rules.py --changes "
            "start_using"
        )
    classes = write_new(file, changes)
    print(f"{file}: {', '.join(classes)}; nothing is changed yet. Edit it; then:")
    print(f"  policysim check {file}")
    print(f"  policysim rules diff {file}")
    print(f"  policysim app --rules {file}")


def fields(
    name: Annotated[
        str | None, Argument(metavar="NAME", help="One field, such as age or here.residents, or words of its meaning.")
    ] = None,
    own: RulesOfFile = None,
    as_json: Json = False,
) -> None:
    """What a rule may read: fields of the person (self, which it may write), of where they live (here), of the place (world).

    Each with meaning, unit and what it may hold. The numbers of the model are read as world.NAME too: 'policysim parameters'
    lists those.

    \b
    Examples:
      policysim fields
      policysim fields resilience
      policysim fields "weeks since"
    """
    from policysim.reference import listings

    people = _people_of(own)
    rows = listings.fields(people) if name is None else listings.fields_about(name, people)
    columns = ("field", "whose", "meaning", "unit", "allowed")
    terminal.print_listing(rows, columns, as_json, name is not None and len(rows) == 1)


COMMANDS: dict[Callable[..., None], str] = {
    rules: "The weekly rules people live by, and what they read.",
    fields: "What a rule may read of a person and around them.",
}
"""Every command here with the line that the list of commands has for it."""
