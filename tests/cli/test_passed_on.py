"""Commands whose work is tested elsewhere: each passes on what was asked and prints the answer."""

import inspect
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from command_line import Command

ROW = {"target": "deaths", "published": 180.0, "model": float("nan"), "verdict": "no data"}
LIFE = SimpleNamespace(rows=lambda: [{"week": 3}], text=lambda width: "week 3", parting=None, turning=None)
PASSED_ON: dict[str, tuple[str, str, object, list[str], str]] = {
    "calibration": (
        "policysim.experiments.designs.calibrate", "calibration", [ROW], ["dorset", "--replicates", "2"], "no data",
    ),
    "fit": ("policysim.experiments.designs.fit", "fit", [ROW], ["dorset", "--rounds", "2"], "180"),
    "trace": (
        "policysim.experiments.lives.trace", "trace", LIFE,
        ["--regimes", "status-quo,diversion", "--pick", "diverging", "--seed", "2", "--one-in", "50"], "week 3",
    ),
    "bench": ("policysim.benchmarks.bench", "bench", {"compiled_ns": 51.5}, ["--rules"], "51.5"),
    "face-validity": ("policysim.viz.face_validity", "sheet", Path("x.png"), ["dorset", "--out", "x.png"], "x.png"),
    "app": ("policysim.viz.app", "serve", None, ["--port", "0"], ""),
}  # fmt: skip


@pytest.mark.parametrize("command", PASSED_ON)
def test_a_command_passes_on_what_was_asked_and_prints_the_answer(
    command: str, policysim: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, function, answer, arguments, prints = PASSED_ON[command]
    signature = inspect.signature(getattr(import_module(module), function))

    def instead(*given: Any, **options: Any) -> object:
        signature.bind(*given, **options)
        return answer

    monkeypatch.setattr(f"{module}.{function}", instead)
    monkeypatch.setenv("COLUMNS", "200")
    said = policysim(command, *arguments)
    assert said.code == 0 and prints in said.out


def test_figures_that_are_no_numbers_are_null_in_json(policysim: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policysim.experiments.designs.calibrate.calibration", lambda *given, **options: [ROW])
    assert policysim("calibration", "--json").rows == [ROW | {"model": None}]
