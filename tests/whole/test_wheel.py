"""What is installed is what is in the repository: the wheel, the command far from it, the ranges."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
# Folder in the repository -> folder in the wheel.
FOLDERS = {
    "policysim": "policysim",
    "experiments": "policysim/experiments",
    "viz": "policysim/viz",
    "configs": "policysim/configs",
    "benchmarks": "policysim/benchmarks",
}
BUILT_FROM = ("pyproject.toml", "setup.py", "README.md", "LICENSE")
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
REGIMES = {"status-quo", "enforcement-only", "diversion", "harm-reduction", "multi-component", "services-cut"}


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command with nothing of this environment's Python settings; return what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, f"{command} exited {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def files_to_ship() -> set[str]:
    """The wheel's name of every file in the folders, but for what Python and desktops leave there."""
    ships = set()
    for folder, installed in FOLDERS.items():
        for path in (REPOSITORY / folder).rglob("*"):
            inside = path.relative_to(REPOSITORY / folder)
            left_behind = "__pycache__" in inside.parts or any(part.startswith(".") for part in inside.parts)
            if path.is_file() and not left_behind:
                ships.add(f"{installed}/{inside.as_posix()}")
    return ships


@dataclass(frozen=True)
class Installed:
    """A venv that holds the wheel, and a folder outside the repository to run its programs from."""

    home: Path
    elsewhere: Path

    @property
    def programs(self) -> Path:
        """The folder of the venv's Python and commands."""
        return self.home / ("Scripts" if os.name == "nt" else "bin")

    def run(self, program: str, *arguments: str) -> str:
        """What a program of the venv prints."""
        return run(self.programs / program, *arguments, cwd=self.elsewhere)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy, so that no `build/` folder of an earlier day can slip into it."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for folder in FOLDERS:
        shutil.copytree(REPOSITORY / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in BUILT_FROM:
        if (REPOSITORY / name).exists():
            shutil.copy(REPOSITORY / name, source)
    run(*PIP, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", out, source, cwd=out)
    (built,) = out.glob("policysim-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in a venv of its own, which borrows the dependencies of this one: no network is needed.

    The dependencies come from a path file. Path files *inside* a folder named by one are not read, so the
    editable policysim of this environment stays out of reach. It is written last: pip must not see that one.
    """
    venv = Installed(tmp_path_factory.mktemp("venv"), tmp_path_factory.mktemp("elsewhere"))
    run(sys.executable, "-m", "venv", "--without-pip", venv.home, cwd=venv.elsewhere)
    into_venv = (*PIP, "--python", venv.programs / "python", "install", "--no-deps", "--no-index")
    run(*into_venv, wheel, cwd=venv.elsewhere)
    packages = venv.run("python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (Path(packages) / "borrowed.pth").write_text("\n".join(sorted(borrowed)) + "\n", encoding="utf-8")
    return venv


@pytest.mark.slow
def test_the_wheel_holds_every_file_of_the_folders(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name and not name.endswith("/")}
    missing = sorted(files_to_ship() - names)
    assert missing == [], "a folder without __init__.py, or a kind of file that pyproject.toml does not list"
    assert sorted(names - files_to_ship()) == []
    assert any(name.startswith("policysim/configs/places/") and name.endswith(".csv") for name in names)


@pytest.mark.slow
def test_the_installed_package_claims_no_general_name(installed: Installed) -> None:
    shown = installed.run(
        "python",
        "-c",
        "import importlib.util, policysim, policysim.configs, policysim.experiments, policysim.viz\n"
        "print(policysim.__file__, policysim.configs.__file__, sep='\\n')\n"
        "general = ('experiments', 'viz', 'configs', 'tests', 'benchmarks')\n"
        "print([name for name in general if importlib.util.find_spec(name)])",
    )
    package, configs, general = shown.splitlines()
    for place in (package, configs):
        assert Path(place).resolve().is_relative_to(installed.home.resolve())
    assert general == "[]"


@pytest.mark.slow
def test_the_command_reads_its_data_from_anywhere(installed: Installed) -> None:
    places = installed.run("policysim", "places", "--json")
    json.loads(places)
    assert '"west-midlands"' in places
    regimes = installed.run("policysim", "regimes", "--json")
    json.loads(regimes)
    assert all(f'"{regime}"' in regimes for regime in REGIMES)


@pytest.mark.slow
def test_the_command_and_the_module_are_one_door(installed: Installed) -> None:
    assert "compare" in installed.run("policysim", "--help")
    assert "compare" in installed.run("python", "-m", "policysim", "--help")


def test_the_ranges_of_the_lock_are_those_of_the_package() -> None:
    asked = (REPOSITORY / "requirements.in").read_text(encoding="utf-8")
    always, _, others = asked.partition("# Optional: ")
    optional, _, _ = others.partition("# Tests and checks")
    with (REPOSITORY / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    assert set(project["dependencies"]) == _ranges(always)
    extras = project["optional-dependencies"]
    extras.pop("solara-viz")  # of Mesa's own page, which is not tested from the lock
    extras.pop("gpu")  # asks NVIDIA's driver, which no test needs
    assert {one for extra in extras.values() for one in extra} == _ranges(optional)


def _ranges(text: str) -> set[str]:
    return {line for line in text.splitlines()[1:] if line and not line.startswith("#")}


def test_the_lock_names_no_host_and_no_folder_of_a_machine() -> None:
    text = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert " @ " not in text
    options = ("--index", "--extra", "--find", "--trusted", "-f ", "-i ")
    assert [line for line in text.splitlines() if line.lstrip().startswith(options)] == []
