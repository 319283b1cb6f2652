"""'policysim analyse': what is printed and written for each design, on sweeps whose runs are made up."""

from collections.abc import Iterator
from pathlib import Path

import made_up_sweep
import pandas as pd
import pytest
from command_line import Command

from policysim.errors import UserError
from policysim.experiments.analysis.sweeps.frames import totals
from policysim.experiments.designs.gathered import gathered_in, numbers_at, sweep_in
from policysim.experiments.designs.sweep import run_sweep
from policysim.experiments.designs.until_precise import run_until, with_replicates
from policysim.scenarios.sweep import Sweep, sweep_from


@pytest.fixture
def made_up() -> Iterator[made_up_sweep.Counted]:
    """Runs in this process are made up."""
    with pytest.MonkeyPatch.context() as patch:
        yield made_up_sweep.made_up(patch.setattr)


def of_design(design: str, points: int | None, **more: object) -> Sweep:
    base = made_up_sweep.sweep(4)
    vary = {"parameters.fatality_opioid": {}, "levers.take_home_naloxone.kits_per_100": {"low": 10, "high": 60}}
    return sweep_from(
        {"question": "What if?", "design": design, "points": points, "scenario": base.scenario, "vary": vary} | more
    )


def kept(sweep: Sweep, folder: Path) -> str:
    run_sweep(sweep, out=folder, workers=1)
    return str(folder)


@pytest.mark.slow
def test_everything_that_a_design_allows_is_printed_and_written(
    policysim: Command, made_up: made_up_sweep.Counted, tmp_path: Path
) -> None:
    folder = kept(of_design("latin-hypercube", 24), tmp_path / "s")
    said = policysim("analyse", folder)
    assert said.code == 0, said.err
    for words in (
        "differences at every point",
        "which regime holds up",
        "how many replicates",
        "What is worth its money",
    ):
        assert words in said.out
    assert "No surface of" in said.out, "made-up runs follow nothing"
    names = {path.name for path in (tmp_path / "s" / "analysis").iterdir()}
    for name in ("differences-expected_deaths", "robustness-expected_deaths", "precision-expected_deaths", "value"):
        assert {f"{name}.csv", f"{name}.svg", f"{name}.txt"} <= names
    assert "surface-expected_deaths-harm-reduction.svg" not in names, "a surface that foretells nothing is not drawn"
    assert len(pd.read_csv(tmp_path / "s" / "analysis" / "differences-expected_deaths.csv")) == 24


@pytest.mark.slow
@pytest.mark.parametrize(("design", "points"), [("morris", 3), ("sobol", 8)])
def test_screenings_come_as_rows(
    policysim: Command, made_up: made_up_sweep.Counted, tmp_path: Path, design: str, points: int
) -> None:
    folder = kept(of_design(design, points), tmp_path / "s")
    out = tmp_path / "table.csv"
    said = policysim("analyse", folder, "--what", "screening", "--outcome", "arrests", "--out", out, "--json")
    assert {row["path"] for row in said.rows} == {
        "parameters.fatality_opioid",
        "levers.take_home_naloxone.kits_per_100",
    }
    assert set(pd.read_csv(out)["regime"]) == {"harm-reduction"}


@pytest.mark.slow
def test_mistakes_are_told(policysim: Command, made_up: made_up_sweep.Counted, tmp_path: Path) -> None:
    folder = kept(of_design("latin-hypercube", 8), tmp_path / "s")
    for arguments, says in (
        (("--what", "screning"), "no analysis 'screning'; did you mean 'screening'"),
        (("--what", "screening"), "needs points of design = 'morris' or 'sobol'"),
        (("--outcome", "death"), "no outcome 'death'"),
        (("--regimes", "diversion", "--what", "surface"), "no regime 'diversion'"),
        (("--regimes", "harm-reducton"), "no regime 'harm-reducton'; did you mean 'harm-reduction'"),
        (("--across", "parameters.fatality_opiod"), "did you mean 'parameters.fatality_opioid'"),
        (("--cases", "bettr"), "no cases 'bettr'; did you mean 'better'"),
        (("--precision", "5"), "at most 100%, not '5'; did you mean '5%'"),
        (("--out", "x.txt"), "a table is written to a .csv"),
        (("--out", "x.csv"), "--out holds one table"),
        (("--precision", "often"), "--precision takes shares such as 5%"),
        (("--what", "discovery"), "scenario discovery needs 5"),
    ):
        said = policysim("analyse", folder, *arguments)
        assert said.code == 2 and says in said.err, (arguments, said.err)
    assert policysim("analyse", tmp_path / "nowhere").code == 2


@pytest.mark.slow
def test_a_sweep_goes_on_until_it_is_precise_enough(made_up: made_up_sweep.Counted, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    sweep = made_up_sweep.sweep(2)
    found = run_until(
        sweep, {"expected_deaths": 0.5}, most=9, told=lambda *pair: told.append(pair), out=tmp_path, workers=1
    )  # fmt: skip
    assert told[0] == (2, 4) and told[-1][1] <= 9 and found.done == found.asked == 2 * 2 * told[-1][1]
    assert len(made_up.ids) == found.done, "nothing is run twice"
    assert sweep_in(str(tmp_path)).scenario.replicates == told[-1][1]


def test_a_report_is_a_page(policysim: Command, tmp_path: Path) -> None:
    said = policysim("report", tmp_path, "--out", tmp_path / "report.doc")
    assert said.code == 2 and "whose name ends in .html" in said.err and not list(tmp_path.iterdir())


def test_until_precision_is_checked(policysim: Command) -> None:
    for given, says in (
        ("deths=5%", "no outcome 'deths'; did you mean 'deaths'"), ("deaths", "as in expected_deaths=5%"),
        ("deaths=0", "takes shares such as 5%"), ("deaths=5", "at most 100%, not '5'; did you mean '5%'"),
    ):  # fmt: skip
        said = policysim("sweep", "morris", "--until-precision", given, "--dry-run")
        assert said.code == 2 and says in said.err
    said = policysim("sweep", "morris", "--most-replicates", "5", "--dry-run")
    assert said.code == 2 and "--most-replicates belongs to --until-precision" in said.err


def test_moves_of_few_whole_numbers_are_measured(made_up: made_up_sweep.Counted, tmp_path: Path) -> None:
    rooms = "levers.consumption_room.rooms"
    vary = {"parameters.fatality_opioid": {}, rooms: {"low": 0, "high": 3}}
    found = gathered_in(kept(of_design("morris", 4, vary=vary), tmp_path))
    assert found.moves == {rooms: pytest.approx(2 / 3)} and found.axis(rooms) == "consumption room: rooms"
    assert found.axis("parameters.fatality_opioid") == "fatality opioid (probability)"


def test_a_folder_is_read_with_what_its_design_says(made_up: made_up_sweep.Counted, tmp_path: Path) -> None:
    more = {
        "vary": {
            "parameters.fatality_opioid": {"low": 0.03, "high": 0.06, "log": True},
            "levers.consumption_room.rooms": [0, 2],
        }
    }
    sweep = of_design("morris", 2, **more)
    found = gathered_in(kept(sweep, tmp_path))
    assert found.design == "morris" and found.size == 2 and found.levels == 4 and found.question == "What if?"
    assert found.logs == {"parameters.fatality_opioid"} and found.choices == {"levers.consumption_room.rooms"}
    assert found.position().shape == (6, 2) and found.position()["parameters.fatality_opioid"].between(0, 1).all()
    assert found.name("harm-reduction") == "Harm reduction" and len(totals(found.table, [])) == 24
    numbers = numbers_at(sweep, found.points)
    assert 0 <= numbers(0)["discount_rate"] < 0.2


def test_replicates_can_be_added() -> None:
    assert with_replicates(made_up_sweep.sweep(2), 7).scenario.replicates == 7


def test_a_folder_without_runs_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        gathered_in(str(tmp_path))
