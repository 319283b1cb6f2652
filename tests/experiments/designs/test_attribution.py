"""`policysim attribute`: shares of real runs add up to what a comparison finds; every run is kept, and none is made twice."""

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from policysim.errors import UserError
from policysim.experiments.designs.attribution import Attribution, attribution, outcomes_given
from policysim.experiments.designs.compare import FailedRunsError, Interrupted, compare
from policysim.experiments.running.progress import Progress
from policysim.experiments.running.seed import Observer
from policysim.scenarios.regime import Regime, find_regime
from policysim.scenarios.scenario import Scenario, read_scenario, scenario_from

SMALL: dict[str, Any] = {
    "place": "authority:coventry", "people": 300, "years": 1, "burn_in_years": 0, "replicates": 2, "seed": 5,
    "regimes": ["status-quo"],
}  # fmt: skip
THREE: dict[str, Any] = {
    "id": "three", "name": "Three levers",
    "levers": {"stop_and_search": {"change": 3.0}, "take_home_naloxone": {}, "police_naloxone": {"coverage": 0.0}},
}  # fmt: skip
OUTCOMES = ["searches", "cost_council", "spending", "carrying_naloxone"]


def small(**changes: Any) -> Scenario:
    return scenario_from(SMALL | changes)


def runs_in(folder: Path) -> dict[Path, int]:
    """The runs that are kept, each with when it was written."""
    return {path: path.stat().st_mtime_ns for path in sorted((folder / "runs").iterdir())}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Attribution:
    return attribution(
        small(), Regime(**THREE), outcomes=OUTCOMES, out=tmp_path_factory.mktemp("shares") / "out", threads=1
    )


def test_what_cannot_be_is_told_in_a_sentence() -> None:
    diversion = find_regime("diversion")
    for arguments, said in (
        ((small(), find_regime("status-quo")), "regime 'status-quo' pulls no lever"),
        (
            (small(), diversion, "levers"),
            "by must be lever-in-group, lever, group, not 'levers'; did you mean 'lever'?",
        ),
        ((small(), diversion, "lever", 3), "orders must be an even number, 2 to 1,000, not 3"),
        ((small(), diversion, "lever", 2000), "orders must be an even number"),
        ((small(), diversion, "lever", True), "orders must be an even number"),
        (("dorset", diversion), "attribution runs in the place of a Scenario, not of 'dorset'"),
        ((small(), "diversion"), "attribution is of a Regime, as load_regime(...) gives, not of 'diversion'"),
        ((small(), diversion, "lever", 2, ["arests"]), "there is no outcome 'arests'; did you mean 'arrests'?"),
        ((small(), diversion, "lever", 2, []), "no outcome is named"),
        ((small(), diversion, "lever", 2, "arrests"), "outcomes must be a list of ids, not 'arrests'"),
    ):
        with pytest.raises(UserError) as found:
            attribution(*arguments)  # type: ignore[arg-type]
        assert said in str(found.value)
    assert outcomes_given(["arrests", "treatment-entries", "arrests"]) == ["arrests", "treatment_entries"]


@pytest.mark.slow
def test_shares_add_up_to_the_difference_that_a_comparison_finds(made: Attribution, tmp_path: Path) -> None:
    found = compare(small(regimes=["status-quo", THREE]), tmp_path / "compared", threads=1)
    differences = found.summary[found.summary["regime"] == "three"].set_index("outcome")["difference"]
    searches = differences["searches"]
    assert searches > 0
    for name in ("searches", "cost_council", "carrying_naloxone"):
        regime, *others = made.of(name)
        assert regime.value == pytest.approx(differences[name], rel=1e-12)
        levers = math.fsum(row.value for row in others if row.level == "lever")
        groups = math.fsum(row.value for row in others if row.level == "group")
        assert levers == pytest.approx(regime.value, rel=1e-9) and groups == pytest.approx(regime.value, rel=1e-9)
    for row in (row for row in made.rows if row.id == "police_naloxone"):
        numbers = (row.value, row.alone, row.leave_one_out, row.interaction)
        assert numbers == (0.0, 0.0, 0.0, 0.0), "at coverage 0 it does nothing, to the last bit"
    of_search = {row.id: row for row in made.of("searches")}
    assert of_search["stop_and_search"].share == pytest.approx(1, abs=0.2) or math.isnan(
        of_search["stop_and_search"].share
    )
    assert of_search["stop_and_search"].value == pytest.approx(searches, rel=0.2)
    assert made.all_orders and made.orders == 4, "two orders of groups, by two of the levers of police"


@pytest.mark.slow
def test_a_folder_holds_each_coalition_of_a_seed_once(made: Attribution) -> None:
    kept = [json.loads(path.read_text()) for path in runs_in(made.folder)]
    assert len(kept) == made.runs == 16, "of three levers all eight coalitions, of two seeds"
    pulled = [tuple(sorted(run["levers"])) for run in kept]
    assert {pulled.count(levers) for levers in set(pulled)} == {2} and len({run["mark"] for run in kept}) == 1
    stamped = json.loads((made.folder / "attribution.json").read_text())
    assert (stamped["regime"], stamped["orders"], stamped["seeds"]) == ("three", 4, [5, 6])
    again = read_scenario(made.folder / "scenario.toml")
    assert again == made.scenario and again.regimes[-1] == made.regime
    pd.testing.assert_frame_equal(
        pd.read_csv(made.folder / "attribution.csv", na_values=[""]).fillna({"group": ""}), made.table
    )


@pytest.mark.slow
def test_other_outcomes_and_ways_and_fewer_seeds_take_only_what_is_not_there(made: Attribution) -> None:
    kept = runs_in(made.folder)
    other = attribution(small(), Regime(**THREE), outcomes=["arrests"], out=made.folder, threads=1)
    groups = attribution(small(replicates=1), Regime(**THREE), by="group", out=made.folder, threads=1)
    assert runs_in(made.folder) == kept and other.outcomes == ["arrests"]
    assert [row.level for row in groups.of("arrests")] == ["regime", "group", "group"]
    flat = attribution(small(), Regime(**THREE), by="lever", out=made.folder, threads=1)
    assert runs_in(made.folder) == kept
    assert flat.all_orders and flat.orders == 6 and not [row for row in flat.rows if row.level == "group"]
    renamed = attribution(small(), Regime(**THREE | {"id": "again", "name": "Again"}), out=made.folder, threads=1)
    assert runs_in(made.folder) == kept and renamed.of("arrests")[0].title == "Again"
    pd.testing.assert_frame_equal(
        renamed.table[renamed.table["level"] != "regime"].query("outcome == 'arrests'").reset_index(drop=True),
        other.table[other.table["level"] != "regime"].reset_index(drop=True),
    )
    attribution(small(replicates=3), Regime(**THREE), by="group", out=made.folder, threads=1)
    new = {path.name for path in runs_in(made.folder).keys() - kept.keys()}
    assert runs_in(made.folder).items() > kept.items() and {name[:2] for name in new} == {"7-"} and len(new) == 4


@pytest.mark.slow
def test_a_damaged_run_is_made_again_and_other_settings_are_refused(made: Attribution) -> None:
    kept = runs_in(made.folder)
    victim = next(iter(kept))
    whole = victim.read_text()
    victim.write_text(whole[:-20])
    again = attribution(small(), Regime(**THREE), outcomes=OUTCOMES, out=made.folder, threads=1)
    assert victim.read_text() == whole
    assert {path: when for path, when in runs_in(made.folder).items() if path != victim}.items() <= kept.items()
    pd.testing.assert_frame_equal(again.table, made.table, check_exact=True)
    with pytest.raises(UserError, match=r"holds runs with other settings .*years: 1 there, 2 asked for"):
        attribution(small(years=2), Regime(**THREE), out=made.folder)
    (made.folder / "settings.json").write_text("{")
    with pytest.raises(UserError, match="cannot be read: it was cut short or changed"):
        attribution(small(), Regime(**THREE), out=made.folder)


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(UserError, match="holds files that are not of such runs; choose another folder"):
        attribution(small(), Regime(**THREE), out=tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine" and list(tmp_path.iterdir()) == [tmp_path / "thesis.txt"]


@pytest.mark.slow
def test_a_run_that_fails_is_told_and_the_others_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two = Regime(id="two", name="Two", levers={"stop_and_search": {"change": 0.1}, "take_home_naloxone": {}})

    def fail(self: Observer, regime: Regime, model: object) -> None:
        if list(regime.levers) == ["take_home_naloxone"]:
            raise ValueError("no kits")

    monkeypatch.setattr("policysim.experiments.designs.attribution.Counter.begun", fail, raising=False)
    with pytest.raises(FailedRunsError, match="3 of 4 runs are finished and kept in") as failed:
        attribution(small(replicates=1), two, out=tmp_path / "out", threads=1)
    (failure,) = failed.value.failures
    assert failure.reason == "ValueError: no kits" and "take_home_naloxone" in Path(failure.log).read_text()
    monkeypatch.undo()
    assert attribution(small(replicates=1), two, out=tmp_path / "out", threads=1).runs == 4


@pytest.mark.slow
def test_one_that_is_stopped_says_what_is_kept_goes_on_and_has_the_same_bits(tmp_path: Path) -> None:
    def stop(state: Progress) -> None:
        if state.runs >= 3:
            raise KeyboardInterrupt

    once = small(replicates=1)
    with pytest.raises(Interrupted, match=r"Stopped. [34] of 8 runs are finished and kept in .* goes on from there"):
        attribution(once, Regime(**THREE), out=tmp_path / "out", threads=1, progress=stop)
    kept = runs_in(tmp_path / "out")
    assert len(kept) in (3, 4) and not (tmp_path / "out" / "attribution.csv").exists()
    left: list[Progress] = []
    attribution(once, Regime(**THREE), out=tmp_path / "out", threads=1, progress=left.append)
    assert runs_in(tmp_path / "out").items() > kept.items(), "what was finished is not run again"
    assert left[0].all_runs == left[-1].runs == 8 - len(kept)
    attribution(once, Regime(**THREE), out=tmp_path / "at once", threads=1)
    for name in ("attribution.csv", "attribution.json", "scenario.toml"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "at once" / name).read_bytes()
