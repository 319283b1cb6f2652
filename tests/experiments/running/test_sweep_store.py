"""The folder of a sweep: on this machine and in an object store, damaged, merged, and always the same to the bit."""

import json
from collections.abc import Iterator
from pathlib import Path

import made_up_sweep
import pandas as pd
import pytest
from made_up_sweep import Counted, made_up, sweep, yearly_of
from object_store import object_store

from policysim.errors import UserError
from policysim.experiments.designs.sweep import run_sweep
from policysim.experiments.running import gathering
from policysim.experiments.running.sweep_store import SweepStore
from policysim.scenarios.scenario import read_scenario


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch) -> Counted:
    return made_up(monkeypatch.setattr)


def table_in(folder: Path) -> dict[str, bytes]:
    """The gathered table, file by file."""
    root = folder / "results.parquet"
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_what_is_kept_comes_back_joined_with_the_points(tmp_path: Path, lived: Counted) -> None:
    done = run_sweep(sweep(), tmp_path / "out", workers=1)
    assert (done.asked, done.done, done.computed, done.failed) == (16, 16, 16, 0)
    table = done.table(["deaths", "in_treatment"])
    assert list(table.columns) == [
        "point", "parameters.fatality_opioid", "parameters.kits_per_100", "place", "regime", "replicate", "seed", "run", "year",
        "deaths", "in_treatment",
    ]  # fmt: skip
    assert len(table) == 16 * 2 and table["point"].is_monotonic_increasing
    whole = pd.read_parquet(tmp_path / "out" / "results.parquet")
    assert len(whole) == 32 and {"place", "regime", "run", "year"} <= set(whole.columns)
    one = whole[(whole["run"] == table["run"][0]) & (whole["year"] == 1)]
    assert one["deaths"].tolist() == [table["deaths"][1]]
    (file,) = (tmp_path / "out" / "runs").rglob(f"{table['run'][0]}-*")
    kept = pd.read_parquet(file)
    assert kept["value"][(kept["outcome"] == "deaths") & (kept["year"] == 1)].tolist() == one["deaths"].tolist()
    assert kept["parameters.fatality_opioid"][0] == table["parameters.fatality_opioid"][0]


def test_only_what_is_missing_is_computed_and_a_longer_design_uses_what_is_there(
    tmp_path: Path, lived: Counted
) -> None:
    run_sweep(sweep(4), tmp_path, workers=1)
    assert len(lived.ids) == 16
    run_sweep(sweep(4), tmp_path, workers=1)
    assert len(lived.ids) == 16
    longer = run_sweep(sweep(8), tmp_path, workers=1)
    assert len(lived.ids) == len(set(lived.ids)) == 32 and (longer.done, longer.computed) == (32, 16)
    more = run_sweep(sweep(8, replicates=3), tmp_path, workers=1)
    assert more.computed == 16
    run_sweep(sweep(8, replicates=3), tmp_path / "anew", workers=1)
    assert table_in(tmp_path) == table_in(tmp_path / "anew")
    shorter = run_sweep(sweep(4), tmp_path, workers=1)
    assert (shorter.asked, shorter.computed, len(shorter.table(["deaths"]))) == (16, 0, 32)


def test_a_failed_run_of_a_shipped_regime_whose_levers_vary_stops_nothing_and_can_be_run_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(id: str) -> None:
        raise ZeroDivisionError("of a rule")

    made_up(monkeypatch.setattr, fail)
    varied = sweep(2).model_copy(update={"vary": {"levers.take_home_naloxone.kits_per_100": {"low": 5, "high": 60}}})
    done = run_sweep(varied, tmp_path, workers=1)
    assert (done.done, done.failed) == (0, done.asked)
    alone = [read_scenario(path) for path in sorted((tmp_path / "failures").glob("*.toml"))]
    assert {one.regimes[0].id for one in alone} == {"status-quo", "harm-reduction-varied"}
    assert (
        len({one.regimes[0].levers["take_home_naloxone"].kits_per_100 for one in alone if one.regimes[0].levers}) == 2
    )


@pytest.mark.parametrize("damage", ["cut short", "changed", "empty"])
def test_a_damaged_file_is_noticed_and_its_run_redone(tmp_path: Path, lived: Counted, damage: str) -> None:
    run_sweep(sweep(), tmp_path, workers=1)
    before = table_in(tmp_path)
    path = sorted((tmp_path / "runs").rglob("*.parquet"))[3]
    content = path.read_bytes()
    path.write_bytes(
        {"cut short": content[:-99], "changed": content[:500] + b"?" + content[501:], "empty": b""}[damage]
    )
    again = run_sweep(sweep(), tmp_path, workers=1)
    assert again.computed == 1 and lived.ids[-1] == path.name.partition("-")[0]
    assert path.read_bytes() == content and table_in(tmp_path) == before


def test_a_damaged_table_is_gathered_anew(tmp_path: Path, lived: Counted) -> None:
    run_sweep(sweep(), tmp_path, workers=1)
    before = table_in(tmp_path)
    path = next((tmp_path / "results.parquet").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-9])
    run_sweep(sweep(), tmp_path, workers=1)
    assert table_in(tmp_path) == before and len(lived.ids) == 16


@pytest.mark.parametrize("damage", ["gone", "cut short", "half a mark"])
def test_a_table_that_is_not_whole_is_read_by_nobody_and_told_in_one_sentence(
    tmp_path: Path, lived: Counted, damage: str
) -> None:
    run_sweep(sweep(), tmp_path, workers=1)
    path = next((tmp_path / "results.parquet").rglob("*.parquet"))
    if damage == "half a mark":
        (tmp_path / "gathered.json").write_text('{"runs": "', encoding="utf-8")
    elif damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-9])
    store = SweepStore.found(str(tmp_path))
    asked = (lambda: list(store.parts(["deaths"])), lambda: gathering.runs_of(store, "deaths"))
    for ask in asked:
        with pytest.raises(UserError, match=r"policysim results .* export FILE"):
            ask()
    store.gather()
    assert len(store.table(["deaths"])) == 16 * 2


def test_the_table_is_the_same_in_whatever_parts_it_is_gathered(
    tmp_path: Path, lived: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_sweep(sweep(), tmp_path / "one", workers=1)
    for k in (3, 1, 2):
        done = run_sweep(sweep(), tmp_path / "parts", workers=1, part=(k, 3))
    assert done.left == 0 and table_in(tmp_path / "one") == table_in(tmp_path / "parts")


def test_folders_of_two_machines_are_the_whole_to_the_bit(tmp_path: Path, lived: Counted) -> None:
    for k in (1, 2):
        half = run_sweep(sweep(), tmp_path / f"machine-{k}", workers=1, part=(k, 2))
        assert half.left == 8
    whole = run_sweep(sweep(), tmp_path / "whole", workers=1)
    store = SweepStore.found(str(tmp_path / "machine-1"))
    merged = store.merge(str(tmp_path / "machine-2"))
    assert (merged.added, merged.there, merged.damaged) == (8, 0, 0)
    store.gather()
    assert table_in(tmp_path / "machine-1") == table_in(tmp_path / "whole")
    assert len(store.manifest()["invocations"]) == 2
    assert store.merge(str(tmp_path / "whole")).added == 0 and whole.done == 16
    for same in (str(tmp_path / "machine-1"), f"{tmp_path}/machine-2/../machine-1/"):
        with pytest.raises(UserError, match="is the folder itself"):
            store.merge(same)
    with pytest.raises(UserError, match="is a file: the folder that holds a sweep is wanted"):
        SweepStore.found(str(tmp_path / "whole" / "manifest.json"))


def test_a_run_that_differs_between_two_machines_is_told_loudly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made_up(monkeypatch.setattr)
    run_sweep(sweep(1), tmp_path / "one", workers=1)
    monkeypatch.setattr(made_up_sweep, "yearly_of", lambda id: yearly_of(f"{id} another time"))
    run_sweep(sweep(2), tmp_path / "other", workers=1)
    before = sorted((tmp_path / "one").rglob("*.parquet"))
    with pytest.raises(UserError, match=r"4 of the runs that both .* hold differ.*nothing was merged"):
        SweepStore.found(str(tmp_path / "one")).merge(str(tmp_path / "other"))
    assert sorted((tmp_path / "one").rglob("*.parquet")) == before


def test_another_build_is_not_merged(tmp_path: Path, lived: Counted) -> None:
    for name in ("one", "other"):
        run_sweep(sweep(1), tmp_path / name, workers=1)
    manifest = tmp_path / "other" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"build": "older"}))
    with pytest.raises(UserError, match="another build of the model"):
        SweepStore.found(str(tmp_path / "one")).merge(str(tmp_path / "other"))


def test_two_results_of_one_run_in_one_folder_are_told(tmp_path: Path, lived: Counted) -> None:
    run_sweep(sweep(1), tmp_path, workers=1)
    one, two = sorted((tmp_path / "runs").rglob("*.parquet"))[:2]
    (one.parent / f"{one.name[:17]}{two.name[17:]}").write_bytes(two.read_bytes())
    with pytest.raises(UserError, match="two different results of one run"):
        run_sweep(sweep(1), tmp_path, workers=1)


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match=r"holds files that are not a sweep's, such as thesis\.txt"):
        run_sweep(sweep(1), tmp_path, workers=1)
    with pytest.raises(UserError, match="holds no sweep"):
        SweepStore.found(str(tmp_path))
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be used"):
        run_sweep(sweep(1), tmp_path / "file", workers=1)


def test_a_full_disk_is_one_sentence_and_what_was_finished_is_kept(
    tmp_path: Path, lived: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: bytes) -> int:
        if path.name.endswith(".part") and len(lived.ids) > 5 and "runs" in path.parts:
            raise OSError(28, "No space left on device")
        return usual(path, content)

    usual = Path.write_bytes
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UserError, match="no space left on the disk; every run that was finished is kept"):
        run_sweep(sweep(), tmp_path, workers=1)
    monkeypatch.setattr(Path, "write_bytes", usual)
    assert len(list((tmp_path / "runs").rglob("*.parquet"))) == 5 and not list(tmp_path.rglob("*.part"))
    assert run_sweep(sweep(), tmp_path, workers=1).computed == 11


# ---------------------------------------------------------------- an object store


@pytest.fixture
def bucket() -> Iterator[str]:
    pytest.importorskip("s3fs")
    pytest.importorskip("moto.server")
    with object_store() as found:
        yield found


@pytest.mark.slow
def test_an_object_store_holds_the_same_as_a_folder(tmp_path: Path, bucket: str, lived: Counted) -> None:
    run_sweep(sweep(), tmp_path / "here", workers=1)
    first = run_sweep(sweep(), f"{bucket}/mine", workers=1, part=(1, 2))
    done = run_sweep(sweep(), f"{bucket}/mine", workers=1)
    assert (first.computed, done.computed, done.done) == (8, 8, 16)
    store = SweepStore.found(f"{bucket}/mine")
    there = {name: store.folder.read(f"results.parquet/{name}") for name in table_in(tmp_path / "here")}
    assert there == table_in(tmp_path / "here")
    table = store.table(["deaths"])
    assert table.equals(SweepStore.found(str(tmp_path / "here")).table(["deaths"]))
    name = next(iter(store.files().values()))
    store.folder.write(name, b"changed")
    (tmp_path / "other").mkdir()
    again = run_sweep(sweep(8), f"{bucket}/mine", workers=1)
    assert again.computed == 16 and again.done == 32, "the damaged one is noticed when it is gathered"
    merged = SweepStore.found(str(tmp_path / "here")).merge(f"{bucket}/mine")
    assert (merged.added, merged.there) == (16, 16)


@pytest.mark.slow
def test_an_object_store_that_cannot_be_reached_is_one_sentence(bucket: str, lived: Counted) -> None:
    with pytest.raises(UserError, match="s3://no-such-bucket/x cannot be used: there is no such bucket"):
        run_sweep(sweep(1), "s3://no-such-bucket/x", workers=1)


def test_addresses_that_cannot_be_used_are_one_sentence(lived: Counted) -> None:
    with pytest.raises(UserError, match="nowhere:// is not known"):
        run_sweep(sweep(1), "nowhere://x", workers=1)
    with pytest.raises(UserError, match="in the memory of this process alone"):
        run_sweep(sweep(1), "memory://x", workers=2)
    assert run_sweep(sweep(1), "memory://sweep", workers=1).done == 4
    assert gathering.is_gathered(SweepStore.found("memory://sweep"))
