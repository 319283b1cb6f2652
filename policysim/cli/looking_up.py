"""The commands that look things up: what there is, where it stands, and whether a file can be used."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from policysim.cli import terminal
from policysim.cli.causes_table import print_causes
from policysim.cli.lever_page import print_page
from policysim.cli.options import Json, Name, OneIn, People, Places, Seed, What, asked
from policysim.cli.sweeping import check_sweep
from policysim.errors import UserError


def places(name: Name = None, own: Places = None, as_json: Json = False) -> None:
    """The places that can be simulated: police force areas, local authorities, counties, regions, nations, the whole.

    A bare name means the police force area; `authority:dorset` means the council, `county:kent` the county council's
    area, `region:west-midlands` the region. ONS codes are names too.

    Of one place it says what is published of its status quo, and what is carried over to it from national figures.

    \b
    Examples:
      policysim places
      policysim places west-midlands
      policysim places "city of bristol" --json
      policysim places E06000063
      policysim places --places my-places.csv
    """
    from policysim.reference import listings

    rows = listings.places(name, own)
    if name and not as_json:
        _print_place(rows[0])
    else:
        terminal.print_listing(
            rows, ("id", "name", "kind", "nation", "residents_10_64", "authorities", "neighbourhoods"), as_json
        )


def _print_place(row: terminal.Row) -> None:
    """One place: who lives there, then its own figures and those that are carried over to it, apart."""
    tables = {
        "own_figures": "Figures of its own, each used where it is of",
        "carried": "Carried over to it: no figure of its own was found",
    }
    terminal.print_record({name: value for name, value in row.items() if name not in tables})
    for key, title in tables.items():
        if row[key]:
            print()
            columns = ["parameter", "value", "unit", "status", "source"]
            if key == "own_figures":
                columns[3:3] = ["of", "year"]
            if any(figure["share_of_residents"] < 1 for figure in row[key]):
                columns[3:3] = ["share_of_residents"]
            terminal.print_rows(row[key], columns, title)


def regimes(name: Name = None, as_json: Json = False) -> None:
    """The regimes that are shipped, and the levers each pulls. A .toml file like theirs is a regime of your own.

    \b
    Examples:
      policysim regimes
      policysim regimes harm-reduction
    """
    from policysim.reference import listings
    from policysim.scenarios.regime import find_id

    found = None if name is None else find_id(name)
    rows = listings.regimes()
    if found:
        rows = [row for row in rows if row["id"] == found]
    elif not as_json:
        rows = [row | {"levers": list(row["levers"])} for row in rows]
    terminal.print_listing(rows, ("id", "name", "levers", "contested", "summary"), as_json, bool(name))


def levers(name: Name = None, as_json: Json = False) -> None:
    """What a regime can switch on: how each lever acts, whether it is lawful today, who pays, its settings.

    Of one lever a page: whom it reaches, what it is for and what evidence says of that, its settings with their limits, what
    it costs and how good that figure is, every figure it rests on, the documents that ask for it, the regimes that pull it.

    \b
    Examples:
      policysim levers
      policysim levers take_home_naloxone
    """
    from policysim.levers.ids import check_lever_id
    from policysim.reference import listings

    id = None if name is None else name.replace("-", "_")
    if id is not None:
        check_lever_id(id)
    rows = [row for row in listings.levers() if id in (None, row["id"])]
    if name and not as_json:
        print_page(rows[0])
    else:
        terminal.print_listing(rows, ("id", "group", "title", "path", "lawful", "payer", "process"), as_json)


def contested(name: Name = None, as_json: Json = False) -> None:
    """Contested evidence: questions to which published work gives two answers, each a reading that a scenario can take.

    A reading holds for all regimes of a comparison alike; 'policysim compare --readings all' also runs the other one of each
    question that the regimes name, and says whether their ranking turns on it.

    \b
    Examples:
      policysim contested
      policysim contested rooms_and_mortality
    """
    from policysim.cli.contested_page import print_question
    from policysim.reference import listings

    rows = listings.contested()
    if name is not None:
        rows = listings.one(rows, name.replace("-", "_"), "id", "contested question", "contested")
    if name and not as_json:
        print_question(rows[0])
    else:
        terminal.print_listing(rows, ("id", "question", "usual", "other", "regimes"), as_json)


def causes(
    file: Annotated[
        Path | None,
        Argument(metavar="[RULES.py]", help="Rules of your own: the graph as those who live by them have it."),
    ] = None,
    as_json: Json = False,
    dot: Annotated[bool, Option("--dot", help="Print it in the language of Graphviz, and nothing else.")] = False,
    page: Annotated[
        Path | None, Option(metavar="FILE.html|.svg", help="Write it as a picture; .html with all numbers beneath.")
    ] = None,
) -> None:
    """The graph of causes, read from the rules: what moves risk and resilience, by how much, and what they pull on.

    Each cause comes with its size and range in standard deviations, what that multiplies hazards by, its evidence and the
    levers that act on it through an institution's policy; and each circumstance with what it does to a person in all.

    \b
    Examples:
      policysim causes
      policysim causes my_rules.py
      policysim causes --page causes.html
      policysim causes --dot | dot -Tsvg > causes.svg
    """
    if as_json and dot:
        raise UserError("give --json or --dot, not both")
    if page is not None and page.suffix.lower() not in (".html", ".svg"):
        raise UserError(f"--page writes .html or .svg, not {page.name!r}")
    from policysim.agents.roles import roles_with
    from policysim.reference.causes import graph_of
    from policysim.reference.causes_rows import all_rows
    from policysim.reference.causes_rows import dot as as_dot
    from policysim.reference.checking import people_in
    from policysim.reference.circumstances import circumstances

    graph = graph_of(roles_with(people_in(file) if file else None))
    lived = circumstances(graph)
    if page is not None:
        from policysim.viz.causes_page import write_page

        write_page(graph, lived, page)
    if as_json:
        found = all_rows(graph, lived)
        terminal.print_json(found.pop("rows"), **found)
    elif dot:
        print(as_dot(graph), end="")
    elif page is not None:
        print(f"Written: {page}")
    else:
        print_causes(graph, lived)


def parameters(name: Name = None, as_json: Json = False) -> None:
    """Every number that shapes behaviour: value, interval, unit, how good its source is.

    NAME is one number (`"overdose_rate[heroin]"`), a whole table of them (`overdose_rate`), a word to look for in what
    they mean and where they come from, or an id of the evidence.

    \b
    Examples:
      policysim parameters
      policysim parameters arrest_share
      policysim parameters naloxone
      policysim parameters B2.03
    """
    from policysim.reference import listings

    rows = listings.parameters()
    if name is not None:
        rows = listings.about(rows, name)
    terminal.print_listing(rows, ("id", "value", "low", "high", "unit", "quality", "meaning"), as_json, len(rows) == 1)


def check(
    file: Annotated[
        Path,
        Argument(metavar="FILE", help="A scenario, a regime, a sweep (.toml), rules, a lever (.py), places (.csv)."),
    ],
) -> None:
    """Check a file before it is used: a scenario, a regime, a sweep, rules, a lever or places of your own. The first fault
    is named.

    A Python file is loaded, that is, run. Rules are tried by the people of a small place, a lever at its institutions. Of a
    sweep every point is looked at.

    \b
    Examples:
      policysim check my-scenario.toml
      policysim check my_rules.py
    """
    from policysim.reference.checking import check_file
    from policysim.scenarios.sweep import is_sweep

    print(check_sweep(file) if is_sweep(file) else check_file(file))


def network(
    what: What = None,
    places: Places = None,
    people: People = None,
    one_in: OneIn = None,
    seed: Seed = None,
    as_json: Json = False,
) -> None:
    """The peer network of a place beside what is measured: ties, clustering, likeness of friends, households.

    \b
    Example:
      policysim network west-midlands --one-in 10
    """
    from policysim.scenarios.usual import NETWORK

    scenario = asked(what, NETWORK, places=places, people=people, one_in=one_in, seed=seed)
    from policysim.reference.listings import network as measures

    rows = measures(scenario)
    terminal.print_listing(rows, ("measure", "model", "reference", "low", "high", "unit", "quality", "source"), as_json)


COMMANDS: dict[Callable[..., None], str] = {
    places: "Places that can be simulated.",
    regimes: "Regimes that are shipped, and their levers.",
    levers: "What a regime can switch on.",
    contested: "Contested evidence, and the readings it can be given.",
    causes: "What moves risk and resilience, and what they pull on.",
    parameters: "Every number of the model with its source.",
    check: "Check a scenario, a regime, rules, a lever or places.",
    network: "The peer network beside what is measured.",
}
"""Every command here with the line that the list of commands has for it."""
