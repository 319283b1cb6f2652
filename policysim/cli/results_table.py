"""The command that looks into the folder of a sweep: how far it is, what failed, export to a table, another folder's runs."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Argument, Option

from policysim.cli import terminal
from policysim.cli.options import Json
from policysim.errors import UserError, nearest

if TYPE_CHECKING:
    from policysim.experiments.running.sweep_store import SweepStore

ACTIONS = ("status", "failures", "export", "merge")
ENDINGS = (".csv", ".parquet", ".xlsx")
ALL = "all"

Where = Annotated[str, Argument(metavar="DIR", help="The folder of a sweep, or its address, such as s3://bucket/path.")]
Action = Annotated[str, Argument(metavar="status|failures|export|merge", help="What to do.")]
Target = Annotated[
    str | None,
    Argument(metavar="FILE|OTHER", help="export: a .csv, .parquet or .xlsx; merge: the folder of another machine."),
]
OutcomesOfExport = Annotated[
    str | None,
    Option("--outcomes", metavar="A,B,..|all", help="Outcomes to export; by default those of the headlines."),
]
Wide = Annotated[bool, Option("--wide", help="A column for each outcome, in place of a row for each.")]


def results(
    folder: Where,
    action: Action = "status",
    target: Target = None,
    outcomes: OutcomesOfExport = None,
    wide: Wide = False,
    as_json: Json = False,
) -> None:
    """What lies in the folder of a sweep: how far it is, which runs failed and why, its results as one table.

    status: points and runs that are there, failed or missing, how fast they came, how large they are. failures: each with its
    error, its settings and the command that runs it alone. export: a table with a row for each run, year and outcome, and a
    column for each thing that varies (.xlsx needs 'policysim[excel]'). merge: takes over the runs of OTHER, the folder of another
    machine; nothing is computed.

    \b
    Examples:
      policysim results results/naloxone status
      policysim results results/naloxone failures --json
      policysim results results/naloxone export results.csv --outcomes expected_deaths,spending --wide
      policysim results results/naloxone merge /mnt/other/naloxone
    """
    if action not in ACTIONS:
        raise UserError(f"results takes {', '.join(ACTIONS)}, not {action!r}{nearest(action, ACTIONS)}")
    _check(action, target, outcomes is not None or wide)
    from policysim.experiments.running.sweep_store import SweepStore

    store = SweepStore.found(folder)
    if action == "status":
        _status(store, as_json)
    elif action == "failures":
        _failures(store, as_json)
    elif action == "export":
        _export(store, Path(str(target)), outcomes, wide)
    else:
        _merge(store, str(target))


def _check(action: str, target: str | None, of_export: bool) -> None:
    """Raises UserError where what is given does not belong together."""
    if action == "export" and (target is None or not target.endswith(ENDINGS)):
        raise UserError(
            f"export needs a file that ends in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}, as in 'export results.csv'"
        )
    if action == "merge" and target is None:
        raise UserError("merge needs the folder whose runs are to be taken over, as in 'merge /mnt/other/results'")
    if action in ("status", "failures") and target is not None:
        raise UserError(f"{action} takes nothing more than the folder, not {target!r}")
    if of_export and action != "export":
        raise UserError("--outcomes and --wide are for 'export'")


# ---------------------------------------------------------------- status and failures


def _status(store: "SweepStore", as_json: bool) -> None:
    from policysim.experiments.running.lock import holder
    from policysim.model.sources import model_hash

    runs, sizes, told = store.runs(), store.sizes(), store.manifest()
    states = runs["state"].value_counts()
    last = (told.get("invocations") or [{}])[-1]
    row: dict[str, Any] = {
        "question": told.get("design", {}).get("question", ""), "points": len(store.points()), "runs": len(runs),
        **{state: int(states.get(state, 0)) for state in ("done", "failed", "missing")},
        "others": len(set(store.files()) - set(runs["run"])), "bytes": sum(sizes.values()), "runs_a_second": _rate(last),
        "build": store.build, "builds": list(dict.fromkeys(one["build"] for one in told.get("invocations", []))),
        "gathered": store.is_gathered(), "in_use_by": holder(store.folder.here) if store.folder.is_local else "",
    }  # fmt: skip
    if as_json:
        terminal.print_json([row])
        return
    from policysim.experiments.designs.sweep import command

    for line in told_status(row, str(store.folder), model_hash(), command(store)):
        print(line)


def told_status(row: dict[str, Any], folder: str, build: str, goes_on: str) -> Iterator[str]:
    """How far a sweep is, in sentences; goes_on: the command that computes what is missing."""
    from policysim.experiments.analysis.wording import plural

    if row["question"]:
        yield row["question"]
    yield (
        f"{plural(row['points'], 'point')}, {plural(row['runs'], 'run')}: {row['done']:,} done, {row['failed']:,} failed, "
        f"{row['missing']:,} missing ({row['bytes'] / 1e6:,.1f} MB in {folder})."
    )
    if row["runs_a_second"]:
        yield f"The last computation made {row['runs_a_second']:.2g} runs a second."
    if row["others"]:
        are = "run is" if row["others"] == 1 else "runs are"
        yield f"{row['others']:,} more {are} there that the design does not ask for."
    if row["in_use_by"]:
        yield f"{row['in_use_by'].capitalize()} is computing into it."
    if row["build"] != build:
        yield (
            f"Its runs are of another build of the model ({row['build']}; this is {build}): 'policysim sweep' would compute them "
            "anew."
        )
    if row["failed"]:
        yield f"'policysim results {folder} failures' says why runs failed."
    if row["missing"] and not row["in_use_by"]:
        yield f"{goes_on} computes what is missing."


def _rate(invocation: dict[str, Any]) -> float | None:
    """Runs a second of a computation; none where it took no time that could be told."""
    from datetime import datetime

    if not invocation.get("runs"):
        return None
    began, ended = (datetime.fromisoformat(invocation[key]) for key in ("began", "ended"))
    seconds = (ended - began).total_seconds()
    return invocation["runs"] / seconds if seconds > 0 else None


def _failures(store: "SweepStore", as_json: bool) -> None:
    rows = [row | {"alone": alone(store, row["run"])} for row in store.failures()]
    if as_json:
        terminal.print_json(rows)
        return
    if not rows:
        print(f"No run of {store.folder} failed.")
    for row in rows:
        times = "" if row["tries"] == 1 else f", tried {row['tries']} times"
        print(f"{row['run']}  {row['place']}, {row['regime']}, seed {row['seed']}{times}: {row['error']}")
        print(f"  alone: {row['alone']}")
    if rows:
        print("\n--json tells all settings of each, and where it was raised.")


def alone(store: "SweepStore", run: str) -> str:
    """The command that runs a failed run by itself."""
    from shlex import quote

    name = store.folder.told(f"failures/{run}.toml")
    out = quote(f"results/{run}")
    if store.folder.is_local:
        return f"policysim compare {quote(name)} --threads 1 --out {out}"
    return f"policysim compare {run}.toml --threads 1 --out {out}, with {run}.toml a copy of {name}"


# ---------------------------------------------------------------- export and merge


def _export(store: "SweepStore", file: Path, outcomes: str | None, wide: bool) -> None:
    from policysim.experiments.running.exporting import write_csv, write_excel, write_parquet
    from policysim.experiments.running.gathering import outcomes_there

    if not file.parent.is_dir():
        raise UserError(f"there is no folder {file.parent}")
    if not store.is_gathered():
        store.gather()
    writers = {".csv": write_csv, ".parquet": write_parquet, ".xlsx": write_excel}
    rows = writers[file.suffix](store, file, _outcomes(outcomes, outcomes_there(store)), wide)
    print(f"{file}: {rows:,} rows")


def _outcomes(given: str | None, there: Sequence[str]) -> list[str]:
    """Of those that are there the outcomes that are asked for; raises UserError with the nearest name."""
    from policysim.counts.outcomes import HEADLINES, OUTCOMES

    own = [name for name in there if name not in OUTCOMES]
    if given is None:
        return [*HEADLINES, *own]
    names = [name.strip().replace("-", "_") for name in given.split(",") if name.strip()]
    if names == [ALL]:
        return list(there)
    if not names:
        raise UserError("--outcomes needs at least one name, or all")
    for name in names:
        if name not in OUTCOMES and name not in own:
            raise UserError(f"--outcomes: there is no outcome {name!r}{nearest(name, [*OUTCOMES, *own, ALL])}")
    return list(dict.fromkeys(names))


def _merge(store: "SweepStore", other: str) -> None:
    from contextlib import nullcontext

    from policysim.experiments.analysis.wording import plural
    from policysim.experiments.running.lock import locked

    with locked(store.folder.here) if store.folder.is_local else nullcontext():
        found = store.merge(other)
        store.gather()
    runs = store.runs()
    done = int((runs["state"] == "done").sum())
    damaged = f", {found.damaged:,} damaged and left out" if found.damaged else ""
    print(
        f"{plural(found.added, 'run')} added from {other}, {found.there:,} there already{damaged}; of the "
        f"{plural(len(runs), 'run')} that the design of {store.folder} asks for {done:,} done."
    )


COMMANDS: dict[Callable[..., None], str] = {
    results: "The folder of a sweep: how far it is, what failed, export, merge.",
}
"""Every command here with the line that the list of commands has for it."""
