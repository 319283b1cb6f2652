"""People and network of a run in files that other programs read, and what is refused before anything is run."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from policysim.cli import exporting
from policysim.errors import UserError
from policysim.experiments.lives import snapshots
from policysim.experiments.lives.snapshots import export
from policysim.experiments.running.plan import plan
from policysim.experiments.running.seed import model_of
from policysim.scenarios.scenario import Scenario, scenario_from
from policysim.vocabulary.states import Life


def asked(**changes: Any) -> Scenario:
    return scenario_from(
        {"place": "authority:rutland", "people": 300, "years": 1, "burn_in_years": 0, "regimes": ["status-quo"]}
        | changes
    )


def test_people_of_two_weeks_are_those_of_the_model(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    file = export(asked(), "people", tmp_path / "people.parquet", (8, 3), progress=lambda *done: told.append(done))
    assert told[-1] == (8, 8)
    found = pd.read_parquet(file)
    assert sorted(found["week"].unique()) == [3, 8]
    model = model_of(plan(asked()).tasks[0])
    for _ in range(8):
        model.step()
    late = found[found["week"] == 8].reset_index(drop=True)
    rows = np.flatnonzero(model.people["life"] != Life.NOT_YET)
    assert late["person"].tolist() == rows.tolist()
    for name in ("age", "risk", "ties", "present"):
        assert (late[name].to_numpy() == model.people[name][rows]).all(), name
    assert ((late["sex"] == "man").to_numpy() == (model.people["sex"][rows] == 1)).all()
    assert ((late["use_heroin"] == "dependent").to_numpy() == (model.people["use"][rows, 2] == 3)).all()
    assert set(late["area"]) == {"Rutland"} and late["quintile"].between(1, 5).all()
    assert ((late["life_marks"] != "").to_numpy() == (model.people["life_marks"][rows] != 0)).all()
    model.close()
    column = pq.read_schema(file).field("age")
    assert column.metadata == {b"unit": b"years", b"meaning": b"age"}


def test_a_csv_says_the_same(tmp_path: Path) -> None:
    one = pd.read_parquet(export(asked(), "people", tmp_path / "people.parquet", (2, 5)))
    other = pd.read_csv(export(asked(), "people", tmp_path / "people.csv", (2, 5)), keep_default_na=False)
    one = one.astype({name: str for name in one if one[name].dtype == "category"})
    pd.testing.assert_frame_equal(other, one, check_dtype=False, check_exact=True)


@pytest.mark.parametrize("ending", ["graphml", "gexf"])
def test_a_network_is_that_of_those_present(ending: str, tmp_path: Path) -> None:
    graph = getattr(networkx, f"read_{ending}")(export(asked(), "network", tmp_path / f"net.{ending}", (4,)))
    model = model_of(plan(asked()).tasks[0])
    for _ in range(4):
        model.step()
    present = np.flatnonzero(model.people["present"])
    assert sorted(int(node) for node in graph) == present.tolist()
    node = str(present[0])
    assert graph.nodes[node]["age"] == model.people["age"][present[0]]
    friends = [row for row in model.peers.ties.of(present[0]) if model.people["present"][row]]
    assert {int(other) for other in graph[node]} >= set(friends)
    model.close()


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "what": ({"what": "poeple"}, "there is no 'poeple' to export; did you mean 'people'"),
    "an ending": ({"out": "people.xlsx"}, "people can be written to a file that ends in .parquet or .csv, not to"),
    "the other's ending": ({"what": "network"}, "network can be written to a file that ends in .graphml or .gexf"),
    "a folder": ({"out": "nowhere/people.csv"}, "there is no folder"),
    "a name too long": ({"out": "a" * 300 + ".csv"}, ".csv cannot be written: file name too long"),
    "a week": ({"weeks": (0, 53)}, "weeks to export are 0 to 52, the end of the run, not 53"),
    "weeks of a network": (
        {"what": "network", "out": "a.gexf", "weeks": (1, 2)},
        "a network is that of one week, not of 2",
    ),
    "a file that is there": ({"out": "there.csv"}, "is there already: choose another file, or add --overwrite"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_told_before_anything_is_run(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshots, "model_of", None)
    (tmp_path / "there.csv").write_text("mine")
    given, says = WRONG[case]
    arguments = {"what": "people", "out": "people.parquet", "weeks": (0,)} | given
    with pytest.raises(UserError) as caught:
        export(asked(), arguments["what"], tmp_path / arguments["out"], arguments["weeks"])
    assert says in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["there.csv"]


def test_a_network_too_large_for_a_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST_IN_A_GRAPH", 200)
    with pytest.raises(UserError, match=r"a network of \d+ people is too large .* at most 200 are left"):
        export(asked(), "network", tmp_path / "net.gexf")


def test_nothing_is_left_of_a_file_that_could_not_be_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(model: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshots, "person_table", full)
    with pytest.raises(UserError, match=r"people\.csv cannot be written: there is no space left on the disk"):
        export(asked(), "people", tmp_path / "people.csv")
    assert not list(tmp_path.iterdir())


COMMAND: dict[str, tuple[dict[str, Any], str]] = {
    "no file": ({}, "say where to write it: --out FILE"),
    "a week": ({"out": Path("a.csv"), "weeks": "1,x"}, "--weeks must be whole numbers with commas, as in --weeks 0,52"),
    "two regimes": ({"out": Path("a.csv"), "regime": "a,b"}, "--regime takes one regime, not 'a,b'"),
    "a seed": ({"out": Path("a.csv"), "seed": -1}, "--seed must be at least 0, not -1"),
    "threads": ({"out": Path("a.csv"), "threads": -1}, "threads must be 1 to 256, not -1"),
    "a scale": ({"out": Path("a.csv"), "one_in": 1e9}, "--one-in must be at most 1,000,000"),
}


@pytest.mark.parametrize("case", COMMAND)
def test_the_command_tells_mistakes_by_its_options(case: str) -> None:
    given, says = COMMAND[case]
    with pytest.raises(UserError) as caught:
        exporting.export("authority:rutland", **given)
    assert says in str(caught.value)


@pytest.mark.parametrize(("out", "content"), [("a.csv", "people"), ("a.gexf", "network")])
def test_the_ending_of_the_file_says_what_is_exported(out: str, content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for = []
    monkeypatch.setattr(snapshots, "export", lambda scenario, what, *rest: asked_for.append(what))
    exporting.export("authority:rutland", out=Path(out))
    exporting.export("authority:rutland", out=Path(out), content="network")
    assert asked_for == [content, "network"]
    assert {ending: what for what, endings in snapshots.ENDINGS.items() for ending in endings} == exporting.ENDINGS


@pytest.mark.slow
def test_the_command_writes_what_is_asked(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(asked(regimes=["status-quo", "diversion"]).to_toml())
    done = subprocess.run(
        [sys.executable, "-m", "policysim", "export", "plan.toml", "--regime", "diversion", "--weeks", "1", "--out",
         "people.csv"], cwd=tmp_path, text=True, capture_output=True, timeout=240,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "people.csv\n"), done.stderr
    assert len(pd.read_csv(tmp_path / "people.csv")) >= 300
