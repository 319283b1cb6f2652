"""Classes of one's own in a scenario: named by where they stand and what stood there, found again or told."""

import importlib
import json
import os
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from policysim import Adult, Regime, Scenario, UserError, compare, read_scenario
from policysim.experiments.running.provenance import scenario_hash
from policysim.experiments.running.store import Store
from policysim.scenarios.own_classes import LOADED_AS, content_of, load_file, named, own_class
from policysim.scenarios.regime import load_regime
from policysim.scenarios.scenario import scenario_from

NUMBERS = "STRENGTH = 0.9\n"
LEVERS = '''
from typing import ClassVar

from my_numbers import STRENGTH
from policysim.rules import Institution, Lever, Prison, PrisonPolicy, setting, towards


class ReleaseAppointments(Lever):
    """A place in community treatment that is ready on the day of release."""

    id: ClassVar[str] = "release_appointments"
    group: ClassVar[str] = "justice"
    title: ClassVar[str] = "Through-the-gate treatment"
    path: ClassVar[str] = "prisons hand people in treatment over to a service outside"
    acts_on: ClassVar[type[Institution]] = Prison
    payer: ClassVar[str] = "justice"
    cost: ClassVar[str] = "cost_agonist_year"
    process: ClassVar[str] = "asked_for_treatment"

    strength: float = setting(STRENGTH, ge=0, le=1, description="strength of the hand-over at release")

    def pull(self, policy: PrisonPolicy, level: float) -> None:
        policy.through_the_gate = towards(policy.through_the_gate, self.strength, level)
'''
RULES = '''
from dataclasses import dataclass

from policysim.rules import Adult, Cost, Field, Institution, rule


@dataclass
class ClinicPolicy:
    places: float = 1_000_000.0


class Clinic(Institution):
    usual = ClinicPolicy()
    costs = (Cost("clinic_place", "council", ("places",), price=1.0),)


class Patient(Adult):
    """An adult whose waits are counted."""

    institutions = (Clinic,)
    waits = Field("i4", "weeks of waiting for treatment so far", "weeks", 0)

    @rule
    def count_waits(self, here, world, luck):
        """Another week on the list."""
        self.waits = self.waits + min(self.weeks_waiting, 1)
'''
STUDY = """
import sys

from my_levers import ReleaseAppointments
from my_rules import Patient

from policysim import Regime, Scenario, compare

if __name__ == "__main__":
    gate = Regime(id="gate", name="Gate", levers={"release_appointments": ReleaseAppointments(ramp_weeks=0)})
    asked = Scenario(place="authority:rutland", regimes=["status-quo", gate], people=60, years=1, burn_in_years=0,
                     replicates=2, people_classes=[Patient])
    compare(asked, sys.argv[1], threads=1, engine="python")
"""
ASKED = {"place": "authority:rutland", "people": 60, "years": 1, "burn_in_years": 0, "replicates": 1}


def forget() -> None:
    """As in a new process."""
    for name in [name for name in sys.modules if name.startswith(LOADED_AS)]:
        del sys.modules[name]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a lever and rules of one's own, which is the present one."""
    folder = tmp_path / "study"
    folder.mkdir()
    for name, text in (("my_numbers", NUMBERS), ("my_levers", LEVERS), ("my_rules", RULES), ("study", STUDY)):
        (folder / f"{name}.py").write_text(text)
    monkeypatch.chdir(folder)
    forget()
    return folder


def gate(**settings: object) -> Regime:
    table = {"class": "my_levers.py:ReleaseAppointments", **settings}
    return Regime(id="gate", name="Gate", levers={"release_appointments": table})


def with_gate(**changes: object) -> Scenario:
    return scenario_from(ASKED | {"regimes": ["status-quo", gate()]} | changes)


def test_the_file_of_a_scenario_names_own_classes_and_finds_them_again(study: Path) -> None:
    made = with_gate(people_classes=["my_rules.py:Patient"])
    text = made.to_toml()
    assert f'class = "my_levers.py:ReleaseAppointments#{content_of(study / "my_levers.py")}"' in text
    assert f'"my_rules.py:Patient#{content_of(study / "my_rules.py")}"' in text
    (study / "plan.toml").write_text(text)
    again = read_scenario(study / "plan.toml")
    assert again == made and again.regimes[1].levers["release_appointments"].strength == 0.9
    assert scenario_hash(again) == scenario_hash(made)
    assert pickle.loads(pickle.dumps(again)) == made
    assert scenario_from(made.model_dump(exclude_none=True)) == made
    keys = re.compile(r"^(class|people_classes) = ", re.MULTILINE)
    assert set(keys.findall(text)) == {"class", "people_classes"}
    assert not keys.search(scenario_from(ASKED).to_toml()), "nothing is said of policysim's own"


def test_a_regime_in_a_file_can_pull_a_lever_of_ones_own(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (study / "gate.toml").write_text(
        'name = "Gate"\n[levers.release_appointments]\nclass = "my_levers.py:ReleaseAppointments"\nstrength = 0.4\n'
    )
    monkeypatch.chdir("/")
    found = load_regime(study / "gate.toml")
    assert found.levers["release_appointments"].strength == 0.4
    (study / "gate.toml").write_text(
        'name = "Gate"\n[levers.release_appointments]\nclass = "my_levers.py:ReleaseAppointments"\nstrength = 4\n'
    )
    with pytest.raises(
        UserError, match=r"gate\.toml, line 4: in lever release_appointments, strength must be at most 1, not 4"
    ):
        load_regime(study / "gate.toml")


FAULTS = {
    "no class": (
        "my_levers.py:ReleaseAppointment",
        "no class 'ReleaseAppointment' in my_levers.py; did you mean 'ReleaseAppointments'",
    ),
    "no file": ("my_lever.py:ReleaseAppointments", "there is no file my_lever.py in "),
    "no name": ("ReleaseAppointments", "named by its file, as in 'my_rules.py:MyAdult', not 'ReleaseAppointments'"),
    "no module": (
        "my_lab.levers:ReleaseAppointments",
        "my_lab.levers, the module of class ReleaseAppointments, cannot be imported",
    ),
    "another content": ("my_levers.py:ReleaseAppointments#0123456789abcdef", "my_levers.py has changed since"),
    "no lever": ("my_rules.py:Patient", "Patient is no Lever"),
    "no Python": ("wrong.py:Patient", "wrong.py, line 1: invalid syntax"),
    "a file that ends": ("ends.py:Patient", "ends.py cannot be loaded: SystemExit: 3"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_class_that_is_not_found_is_one_sentence(case: str, study: Path) -> None:
    (study / "wrong.py").write_text("def :\n")
    (study / "ends.py").write_text("raise SystemExit(3)\n")
    written, says = FAULTS[case]
    with pytest.raises(UserError) as caught:
        gate(**{"class": written})
    assert says in str(caught.value)


def test_a_file_that_changed_is_named_and_so_is_one_beside_it(study: Path) -> None:
    (study / "plan.toml").write_text(with_gate().to_toml())
    (study / "my_numbers.py").write_text("STRENGTH = 0.1\n")
    forget()
    with pytest.raises(
        UserError, match=r"plan\.toml, line \d+: .*my_levers\.py has changed since the scenario was written"
    ):
        read_scenario(study / "plan.toml")
    assert gate().levers["release_appointments"].strength == 0.1, "without a content it is taken as it is"


def test_a_class_in_the_place_of_a_shipped_one_is_named_too(study: Path) -> None:
    (study / "mine.py").write_text(
        "from policysim.levers.harm_reduction.needle_exchange import NeedleExchange\n\n\n"
        'class Mine(NeedleExchange):\n    """Otherwise."""\n'
    )
    own = Regime(id="own", name="Own", levers={"needle_exchange": {"class": "mine.py:Mine"}})
    scenario = scenario_from(ASKED | {"regimes": [own]})
    assert 'class = "mine.py:Mine#' in scenario.to_toml()
    (study / "plan.toml").write_text(scenario.to_toml())
    assert type(read_scenario("plan.toml").regimes[0].levers["needle_exchange"]).__name__ == "Mine"


def test_two_versions_do_not_mix(study: Path) -> None:
    before = own_class("my_levers.py:ReleaseAppointments")
    (study / "my_numbers.py").write_text("STRENGTH = 0.1\n")
    after = own_class("my_levers.py:ReleaseAppointments")
    assert (before().strength, after().strength) == (0.9, 0.1)
    assert "my_numbers" not in sys.modules and str(study) not in sys.path


def test_a_file_that_is_edited_while_its_class_is_in_use_is_told(study: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = with_gate()
    monkeypatch.syspath_prepend(str(study))
    imported = importlib.import_module("my_rules").Patient
    monkeypatch.setitem(sys.modules, "my_rules", sys.modules["my_rules"])  # gone again after the test
    (study / "my_levers.py").write_text(LEVERS.replace("at release", "at the gate"))
    (study / "my_rules.py").write_text(RULES.replace("min(self.weeks_waiting, 1)", "2"))
    for scenario, file in (
        (loaded, "my_levers.py"),
        (scenario_from(ASKED | {"people_classes": [imported]}), "my_rules.py"),
    ):
        with pytest.raises(UserError, match=f"{file} has changed since"):
            compare(scenario, study / "out")


def test_a_folder_made_with_a_file_that_was_edited_since_says_so(study: Path) -> None:
    Store.open(study / "out", with_gate(people_classes=["my_rules.py:Patient"]))
    (study / "my_rules.py").write_text(RULES.replace("min(self.weeks_waiting, 1)", "2"))
    with pytest.raises(
        UserError, match=r"out holds another scenario \(my_rules\.py has changed since it was computed\)"
    ):
        Store.open(study / "out", with_gate(people_classes=["my_rules.py:Patient"]))


def test_what_could_not_be_read_again_is_told_before_anything_is_written(study: Path) -> None:
    kept = gate().levers["release_appointments"]

    class Local(type(kept)):
        """Made in a function."""

    nowhere = type("Nowhere", (type(kept),), {"__module__": "notebook", "__doc__": "Of no file."})
    for kind, says in ((Local, "define it at the top level"), (nowhere, "stands in no file")):
        regime = Regime(id="gate", name="Gate", levers={"release_appointments": kind()})
        with pytest.raises(UserError, match=says):
            compare(scenario_from(ASKED | {"regimes": [regime]}), study / "out")
    person = type("Grown", (Adult,), {"__module__": "notebook"})
    with pytest.raises(UserError, match="Grown stands in no file"):
        compare(scenario_from(ASKED), study / "out", people_classes=[person])
    assert not (study / "out").exists()


@pytest.mark.slow
def test_a_comparison_with_own_classes_goes_on_from_its_folder_alone(study: Path, tmp_path: Path) -> None:
    """The study is run, its files are lost, and the folder is taken elsewhere: it can be read, and the rest computed."""
    out = tmp_path / "out"
    path = os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), str(study)])
    done = subprocess.run(
        [sys.executable, "study.py", out], cwd=study, env={**os.environ, "PYTHONPATH": path}, text=True,
        capture_output=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first = {path.name: path.read_bytes() for path in (out / "runs").iterdir()}
    for file in study.iterdir():
        file.unlink()
    elsewhere = out.rename(tmp_path / "elsewhere")
    spent = pd.read_csv(elsewhere / "summary.csv", index_col=["regime", "outcome"]).loc[
        ("gate", "cost_council"), "mean"
    ]
    assert spent > 52_000_000, "what an institution of one's own costs is spending of its purse"
    stamped = json.loads((elsewhere / "provenance.json").read_text())["own_classes"]
    assert [name.partition("#")[0] for name in stamped] == ["my_levers.py:ReleaseAppointments", "my_rules.py:Patient"]
    assert sorted(path.name for path in (elsewhere / "own").iterdir()) == [
        "my_levers.py",
        "my_numbers.py",
        "my_rules.py",
    ]
    for path in (elsewhere / "runs").glob("2-*"):
        path.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "policysim", "compare", elsewhere / "scenario.toml", "--out", elsewhere, "--engine",
         "python", "--threads", "1"],
        cwd=tmp_path, text=True, capture_output=True, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert {path.name: path.read_bytes() for path in (elsewhere / "runs").iterdir()} == first


@pytest.mark.slow
@pytest.mark.parametrize(
    ("guard", "file", "says"),
    [
        ("", "study.py", "would run again whenever ReleaseAppointments is looked for in it"),
        ("", None, "stands in no file"),
    ],
)
def test_a_program_whose_classes_could_not_be_found_is_told(
    guard: str, file: str | None, says: str, study: Path
) -> None:
    program = LEVERS + (
        "from policysim import Regime, Scenario, compare\n"
        'gate = Regime(id="gate", name="Gate", levers={"release_appointments": ReleaseAppointments(ramp_weeks=0)})\n'
        'compare(Scenario(place="authority:rutland", people=60, years=1, burn_in_years=0, regimes=[gate]), "out")\n'
    )
    path = os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), str(study)])
    if file:
        (study / file).write_text(program)
    done = subprocess.run(
        [sys.executable, file or "-"], input=None if file else program, cwd=study, text=True, capture_output=True,
        timeout=120, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert done.returncode == 1 and says in done.stderr.splitlines()[-1] and not (study / "out").exists()


def test_a_file_that_is_loaded_twice_gives_the_same_classes(tmp_path: Path) -> None:
    file = tmp_path / "loaded_twice.py"
    file.write_text("from policysim.rules import Adult\n\n\nclass Mine(Adult):\n    pass\n", "utf-8")
    first = load_file(file).Mine
    assert load_file(file).Mine is first and named(first).startswith("loaded_twice.py:Mine#")
    file.write_text(file.read_text("utf-8").replace("pass", "size_ = 1"), "utf-8")
    assert load_file(file).Mine is not first
