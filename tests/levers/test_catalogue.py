"""Levers are found where they lie; a file that does not keep to the shape is named, with what is wrong."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from policysim import levers
from policysim.errors import UserError
from policysim.levers.catalogue import LEVERS, levers_in

KITS = """
from typing import ClassVar

from policysim.levers.lever import Lever


class {name}(Lever):
    id: ClassVar[str] = "{id}"
    group: ClassVar[str] = "{group}"
"""


def kits(id: str = "kits", group: str = "harm reduction", name: str = "Kits") -> str:
    """The file of a lever."""
    return KITS.format(id=id, group=group, name=name)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., ModuleType]]:
    """Makes a package of these files, each by its path inside."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def made(**files: str) -> ModuleType:
        root = tmp_path / "levers_of_a_test"
        for path, text in files.items():
            file = root / f"{path.replace('__', '/')}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        for folder in (root, *(path for path in root.iterdir() if path.is_dir())):
            (folder / "__init__.py").write_text("", encoding="utf-8")
        importlib.invalidate_caches()
        return importlib.import_module(root.name)

    yield made
    for name in [name for name in sys.modules if name.partition(".")[0] == "levers_of_a_test"]:
        del sys.modules[name]


def test_every_file_in_the_folders_is_a_lever_of_that_name_and_group():
    files = [path for path in Path(levers.__path__[0]).rglob("*.py") if path.name != "__init__.py"]
    lying = {path.stem: path.parent.name for path in files if path.parent.name != "levers"}
    assert {name: lever.group.replace(" ", "_") for name, lever in LEVERS.items()} == lying
    assert all(LEVERS[name].__module__ == f"policysim.levers.{group}.{name}" for name, group in lying.items())
    assert all(LEVERS[name].id == name for name in LEVERS)


def test_a_lever_is_found_where_it_lies(package):
    found = levers_in(package(harm_reduction__kits=kits(), policing__stops=kits("stops", "policing", "Stops")))
    assert {name: lever.__name__ for name, lever in found.items()} == {"kits": "Kits", "stops": "Stops"}


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"harm_reduction__kits": "KITS = 1\n"}, "kits.py holds 0 levers; a file of a lever holds one"),
        ({"harm_reduction__kits": kits() + kits(name="More")}, "kits.py holds 2 levers"),
        ({"harm_reduction__foil": kits()}, "foil.py: the id of Kits is 'kits'; where it lies it is 'foil'"),
        (
            {"harm_reduction__kits": kits(group="treatment")},
            "kits.py: the group of Kits is 'treatment'; where it lies it is 'harm reduction'",
        ),
        (
            {"harm_reduction__kits": kits(), "policing__kits": kits(group="policing")},
            "levers_of_a_test.harm_reduction.kits has the lever 'kits' already",
        ),
    ],
)
def test_a_file_that_does_not_keep_to_the_shape_is_named(package, files, told):
    with pytest.raises(UserError, match=told):
        levers_in(package(**files))
