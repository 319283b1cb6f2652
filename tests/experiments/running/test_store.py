"""Whatever is asked of a folder, one after another: each run is computed once, and the tables hold what was asked."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policysim.errors import UserError
from policysim.experiments.running.keeper import lose
from policysim.experiments.running.plan import Run, plan, runs_of
from policysim.experiments.running.settings import columns_of, difference, run_settings, shared_settings
from policysim.experiments.running.store import Store
from policysim.scenarios.scenario import Scenario, scenario_from
from policysim.world.authorities import as_row
from policysim.world.places import find_place

REGIMES = ("status-quo", "diversion", "harm-reduction")


def scenario(regimes: list[str], seed: int, replicates: int, **changes: object) -> Scenario:
    """A scenario of which nothing is run."""
    told = {"place": "authority:rutland", "people": 100, "years": 1, "regimes": regimes, "seed": seed}
    return scenario_from(told | {"replicates": replicates} | changes)


def tables(run: Run) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What stands for the counts of a run."""
    value = run.seed + 100.0 * REGIMES.index(run.regime)
    weekly = pd.DataFrame({"week": [0, 1], "area": ["all", "all"], "deaths": [value, 2 * value]})
    return weekly, pd.DataFrame({"year": [0], "dimension": ["sex"], "group": ["female"], "deaths": [value]})


def ask(folder: Path, asked: Scenario, overwrite: bool = False) -> set[Run]:
    """What a comparison does, but for the model; returns the runs that had to be computed."""
    store = Store.open(folder, asked, overwrite)
    missing = store.missing()
    for run in missing:
        store.keep(run, *tables(run))
    if not store.is_gathered():
        store.gather()
    return set(missing)


asks = st.builds(
    scenario, st.lists(st.sampled_from(REGIMES), min_size=1, unique=True), st.integers(1, 4), st.integers(1, 3)
)


def named(runs: set[Run]) -> set[str]:
    """Runs by the names of their files: their numbers among replicates belong to what was asked."""
    return {run.name for run in runs}


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(asked=st.lists(asks, min_size=2, max_size=3))
def test_any_order_of_asking_computes_each_run_once_and_shows_what_was_asked(asked: list[Scenario]) -> None:
    with TemporaryDirectory() as place:
        folder, there = Path(place) / "results", set()
        for one in asked:
            runs = runs_of(one)
            assert named(ask(folder, one)) == named(set(runs)) - there
            there |= named(set(runs))
            weekly = pd.read_parquet(folder / "weekly.parquet")
            rows = [(run.regime, run.replicate, run.seed, n) for run in runs for n in tables(run)[0]["deaths"]]
            assert list(weekly[["regime", "replicate", "seed", "deaths"]].itertuples(index=False, name=None)) == rows
            assert {path.stem for path in (folder / "runs").iterdir()} == there
            assert set(Store(folder, one).left_out()) == there - named(set(runs))
        fresh = Path(place) / "fresh"
        ask(fresh, asked[-1])
        for path in (*(fresh / "runs").iterdir(), fresh / "weekly.parquet", fresh / "by_group.parquet"):
            assert path.read_bytes() == (folder / path.relative_to(fresh)).read_bytes()


def test_what_decides_a_run_is_told_apart_from_what_stands_beside_it() -> None:
    one = scenario(["status-quo"], 1, 1, parameters={"kit_loss": 0.5}, budgets={"council": 5})
    beside = scenario(["diversion", "status-quo"], 7, 3, parameters={"kit_loss": 0.5}, budgets={"council": 5})
    assert run_settings(one)["status-quo"] == run_settings(beside)["status-quo"]
    assert difference(shared_settings(one), shared_settings(beside)) == ""
    columns = columns_of(run_settings(one)["status-quo"], 7)
    assert list(columns)[:3] == ["place", "regime", "seed"]
    assert (columns["seed"], columns["parameters.kit_loss"], columns["budgets.council"]) == (7, 0.5, 5.0)


def test_people_and_their_scale_are_the_same_setting() -> None:
    by_people = scenario(["status-quo"], 1, 1)
    by_scale = by_people.model_copy(update={"one_in": by_people.scale})
    assert by_scale.people is None
    assert shared_settings(by_people) == shared_settings(by_scale)


def test_a_table_of_places_of_ones_own_is_the_same_in_any_order_of_its_columns(tmp_path: Path) -> None:
    """As it is once it has been kept; what differs in it is told by row and column, not as the whole table."""
    row = as_row(find_place("rutland").authorities[0]) | {"code": "X1", "local_authority": "Testville"}
    own = {"place": "testville", "places": [row]}
    ask(tmp_path, scenario(["status-quo"], 1, 1, **own))
    assert named(ask(tmp_path, scenario(["status-quo"], 1, 2, **own))) == {"2-status-quo"}
    with pytest.raises(UserError) as caught:
        ask(tmp_path, scenario(["status-quo"], 1, 1, **own | {"places": [row | {"neighbourhoods": 9}]}))
    told = f"places.1 (Testville).neighbourhoods: {row['neighbourhoods']} there, 9 asked for"
    assert f"holds another scenario ({told})" in str(caught.value)


def test_not_all_of_many_differences_is_told() -> None:
    there = scenario(["status-quo"], 1, 1)
    here = scenario(["status-quo"], 1, 1, years=2, burn_in_years=1, start_year=2030, parameters={"kit_loss": 0.5})
    assert difference(shared_settings(there), shared_settings(here)) == (
        "years: 1 there, 2 asked for; burn_in_years: 3 there, 1 asked for; start_year: 2025 there, 2030 asked for; "
        "and 1 more"
    )


def test_a_folder_with_a_file_where_its_folders_belong_is_refused(tmp_path: Path) -> None:
    (tmp_path / "groups").write_text("mine")
    with pytest.raises(UserError, match="cannot be used: not a directory"):
        Store.open(tmp_path, scenario(["status-quo"], 1, 1))
    assert (tmp_path / "groups").read_text() == "mine"


# ---------------------------------------------------------------- ended from outside between any two files


class Killed(BaseException):
    """Stands for the end of a process, after which nothing of it happens any more."""


@contextmanager
def killed_after(steps: int) -> Iterator[None]:
    """Within the block the process is ended before it makes, moves or removes one more file or folder than this."""
    left, real = [steps], {(where, name): getattr(where, name) for where, name in STEPS}

    def counted(do):
        def step(*arguments, **named):
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return do(*arguments, **named)

        return step

    with pytest.MonkeyPatch.context() as patch:
        for (where, name), do in real.items():
            patch.setattr(where, name, counted(do))
        yield


STEPS = ((os, "replace"), (Path, "unlink"), (Path, "mkdir"))
ASKED = scenario(["status-quo", "diversion"], 1, 1)
BEFORE = {
    "nothing": None,
    "another scenario": scenario(["status-quo"], 5, 2, years=2),
    "some of the runs": scenario(["status-quo"], 1, 2),
}


@pytest.mark.parametrize("before", BEFORE)
def test_wherever_it_is_ended_the_same_command_goes_on_from_there(before: str, tmp_path: Path) -> None:
    """Also in the moments in which a folder is made ready, or cleared of another comparison."""
    ask(tmp_path / "fresh", ASKED)
    overwrite, ended = before == "another scenario", False
    for steps in range(200):
        folder = tmp_path / str(steps)
        if BEFORE[before] is not None:
            ask(folder, BEFORE[before])
        try:
            with killed_after(steps):
                ask(folder, ASKED, overwrite)
            ended = True
        except Killed:
            ask(folder, ASKED, overwrite)
        for path in (tmp_path / "fresh").rglob("*.*"):
            assert path.read_bytes() == (folder / path.relative_to(tmp_path / "fresh")).read_bytes(), steps
        if ended:
            break
    assert ended and steps > 10


def test_a_file_of_the_stamps_name_that_is_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    for name, content in (("provenance.json", '{"policysim": 1}'), ("scenario.toml", 'place = "authority:rutland"')):
        folder = tmp_path / name.partition(".")[0]
        folder.mkdir()
        (folder / name).write_text(content)
        with pytest.raises(UserError, match="holds files that are not a comparison's"):
            Store.open(folder, ASKED)
        with pytest.raises(UserError, match="was not written by policysim and would be replaced"):
            Store.open(folder, ASKED, overwrite=True)
        assert (folder / name).read_text() == content


def test_copies_of_another_comparisons_files_do_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class that imports a module from elsewhere would find the other's of that name beside it, and not be as it was."""
    rules = "import numbers_of_mine\nfrom policysim.rules import Adult\n\n\nclass Mine(Adult):\n    'Mine.'\n"
    for name, files in (
        ("elsewhere", ("numbers_of_mine.py",)),
        ("one", ("mine.py", "numbers_of_mine.py")),
        ("two", ("mine.py",)),
    ):
        (tmp_path / name).mkdir()
        for file in files:
            (tmp_path / name / file).write_text(rules if file == "mine.py" else f"WHERE = {name!r}\n")
    monkeypatch.syspath_prepend(str(tmp_path / "elsewhere"))
    for name, people in (("one", 100), ("two", 200)):
        monkeypatch.chdir(tmp_path / name)
        asked = scenario(["status-quo"], 1, 1, people=people, people_classes=["mine.py:Mine"])
        Store.open(tmp_path / "results", asked, overwrite=True)
    assert [path.name for path in (tmp_path / "results" / "own").iterdir()] == ["mine.py"]
    assert Store.found(tmp_path / "results").scenario == asked
    (tmp_path / "notes" / "own").mkdir(parents=True)
    (tmp_path / "notes" / "own" / "diary.py").write_text("mine")
    Store.open(tmp_path / "notes", asked, overwrite=True)
    assert (tmp_path / "notes" / "own" / "diary.py").read_text() == "mine"


def test_the_command_for_a_lost_run_is_one_that_a_shell_takes(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "two words", ASKED)
    (first, _) = lose(store, plan(ASKED).tasks[0], UserError("lost"))
    folder = tmp_path / "two words"
    assert f"compare '{folder}/scenario.toml' --regimes status-quo " in first.reason
    assert f"--out '{folder}-1-status-quo'" in first.reason
