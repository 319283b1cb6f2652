"""Regimes of one's own: what they may be called, and files that a scenario names them by."""

import sys
from pathlib import Path
from typing import Any

import pytest

from policysim import Regime, Scenario, UserError, load_regime, read_scenario
from policysim.cli import door
from policysim.reference.checking import check_file
from policysim.scenarios.regime import find_regime
from policysim.scenarios.scenario import kept_scenario, scenario_from, scenario_of

LEVERS = {"needle_exchange": {"supplied": 0.9}}
MIX = 'name = "My mix"\n[levers.needle_exchange]\nsupplied = 0.9\n'
PLAN = 'place = "authority:coventry"\npeople = 300\nregimes = ["status-quo", "mixes/my-mix.toml"]\n'


def own(name: str = "Own", of: str = "own", **levers: Any) -> dict[str, Any]:
    return {"id": of, "name": name, "levers": levers or LEVERS}


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario that names a regime by a file beside it, read from somewhere else."""
    (tmp_path / "work" / "mixes").mkdir(parents=True)
    (tmp_path / "work" / "mixes" / "my-mix.toml").write_text(MIX, encoding="utf-8")
    file = tmp_path / "work" / "plan.toml"
    file.write_text(PLAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return file


# ---------------------------------------------------------------- files


def test_a_regime_named_by_its_file_lies_relative_to_the_scenario(plan: Path) -> None:
    assert "is a sound scenario: Coventry, 2 regimes, 10 years, 6 replicates, one" in check_file(plan)
    one = plan.with_name("one.toml")
    one.write_text(
        'place = "authority:coventry"\nregimes = ["status-quo"]\nyears = 1\nreplicates = 1\n', encoding="utf-8"
    )
    assert "Coventry, 1 regime, 1 year, 1 replicate, one" in check_file(one)
    for found in (read_scenario(plan), scenario_of(str(plan))):
        assert [regime.id for regime in found.regimes] == ["status-quo", "my-mix"]
        assert found.regimes[1] == load_regime(plan.parent / "mixes" / "my-mix.toml")


def test_a_program_names_it_relative_to_where_it_runs(plan: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(plan.parent)
    made = Scenario(regimes=["status-quo", "mixes/my-mix.toml"])  # type: ignore[arg-type]
    assert made.regimes[1].name == "My mix"


def test_what_is_written_can_be_read_from_anywhere_without_the_file(plan: Path, tmp_path: Path) -> None:
    found = read_scenario(plan)
    written = tmp_path / "elsewhere.toml"
    written.write_text(found.to_toml(), encoding="utf-8")
    (plan.parent / "mixes" / "my-mix.toml").unlink()
    assert read_scenario(written) == found and ".toml" not in "".join(found.to_toml().splitlines(keepends=True)[1:])


def test_an_option_chooses_it_by_the_id_that_its_file_has(plan: Path) -> None:
    chosen = scenario_of(str(plan), {"regimes": ["status-quo", "my-mix", "diversion"]}).regimes
    assert [regime.id for regime in chosen] == ["status-quo", "my-mix", "diversion"]


def test_a_file_that_is_not_there_or_not_sound_is_told_where_it_was_made(plan: Path) -> None:
    mix = plan.parent / "mixes" / "my-mix.toml"
    mix.write_text(MIX.replace("supplied", "suplied"), encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_scenario(plan)
    assert str(caught.value).startswith(f"{mix}, line 3: in lever needle_exchange, there is no key 'suplied'")
    assert scenario_of(str(plan), {"regimes": ["diversion"]}).regimes[0].id == "diversion", "nobody asked for it"
    mix.unlink()
    with pytest.raises(UserError) as caught:
        read_scenario(plan)
    assert str(caught.value) == f"{plan}, line 3: there is no file {mix}"


# ---------------------------------------------------------------- names

NAMES: dict[str, tuple[dict[str, Any], str]] = {
    "the status quo with levers": (
        {"regimes": [own(of="status-quo")]}, "'status-quo' is the id of the comparator, which moves no lever",
    ),
    "a shipped one with other levers": (
        {"regimes": ["status-quo", own(of="diversion")]}, "'diversion' is the id of a shipped regime with other levers",
    ),
    "one id twice": (
        {"regimes": [own("One"), own("Other", police_naloxone={})]}, "two regimes have the id 'own': give each one of its own",
    ),
    "one name twice": ({"regimes": [own(), own(of="other")]}, "two regimes have the name 'Own'"),
    "the name of a shipped one": ({"regimes": ["diversion", own("Diversion")]}, "two regimes have the name 'Diversion'"),
    "one regime twice": ({"regimes": [own(), own()]}, "regime 'own' is named twice"),
    "no name": ({"regimes": [own("")]}, "the name of a regime must be one line of text, not ''"),
    "a name of a space": ({"regimes": [own(" ")]}, "must be one line of text, not ' '"),
    "a name of two lines": ({"regimes": [own("a\nb")]}, "must be one line of text"),
    "a name without end": ({"regimes": [own("a" * 81)]}, "name must be at most 80 letters long, not 'aaa"),
    "an id without end": ({"regimes": [own(of="a" * 61)]}, "id must be at most 60 letters long, not 'aaa"),
}  # fmt: skip


@pytest.mark.parametrize("case", NAMES)
def test_a_name_that_results_could_not_be_told_by(case: str) -> None:
    data, says = NAMES[case]
    with pytest.raises(UserError) as caught:
        scenario_from(data)
    assert says in str(caught.value)


@pytest.mark.parametrize("called", ["status-quo", "diversion"])
def test_a_file_that_goes_by_a_shipped_name_is_told_on_the_command_line(
    called: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / f"{called}.toml").write_text(MIX, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["policysim", "compare", "--regimes", f"status-quo,{called}.toml"])
    assert door._run() == 2
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) == 1 and f"{called!r} is the id of" in err
    with pytest.raises(UserError, match=f"{called}.toml: '{called}' is the id of"):
        check_file(tmp_path / f"{called}.toml")


def test_shipped_regimes_may_be_written_out_and_the_status_quo_be_called_otherwise() -> None:
    whole = [find_regime("diversion"), Regime(id="status-quo", name="Today")]
    assert scenario_from({"regimes": [regime.model_dump() for regime in whole]}).regimes == tuple(whole)


def test_what_was_run_before_a_shipped_regime_or_a_range_changed_can_still_be_read(tmp_path: Path) -> None:
    file = tmp_path / "scenario.toml"
    text = Scenario().to_toml()
    assert "[parameters]\n" in text and "offered = 0.8" in text
    text = text.replace("[parameters]\n", "[parameters]\nkit_loss = 50.0\n").replace("offered = 0.8", "offered = 0.5")
    file.write_text(text.replace("kit_loss = 50.0\n", ""), encoding="utf-8")
    with pytest.raises(UserError, match=f"{file}, line .*'diversion' is the id of a shipped regime"):
        read_scenario(file)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=f"{file}, line .*kit_loss = 50 lies beyond its range"):
        read_scenario(file)
    kept = kept_scenario(file)
    assert kept.parameters == {"kit_loss": 50} and [regime.id for regime in kept.regimes][2] == "diversion"
