"""What `policysim` promises: few names, each where it says, none loaded before it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import policysim
from policysim import rules

HEAVY = ("mesa", "numba", "numpy", "pandas", "pydantic", "pyarrow", "policysim.model")


def test_few_names_are_promised():
    assert len(policysim.__all__) <= 21
    assert sorted(policysim.__all__) == policysim.__all__
    assert set(policysim.__all__) == set(policysim.WHERE)
    assert set(policysim.__all__) <= set(dir(policysim))


@pytest.mark.parametrize("name", policysim.__all__)
def test_every_name_is_what_its_module_defines_and_says_what_it_is(name):
    found = getattr(policysim, name)
    where = policysim.WHERE[name]
    assert found.__module__ == where or found.__module__.startswith(
        f"{where}."
    )  # the module, or the room that shows it
    assert found.__doc__


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'Policy'"):
        policysim.Policy  # noqa: B018


def test_importing_the_package_loads_nothing_heavy():
    program = f"import policysim, sys; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def imports_of(path: Path) -> list[ast.ImportFrom]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]


def test_type_checkers_are_told_the_same_names():
    told = [node for node in imports_of(Path(policysim.__file__)) if str(node.module).startswith("policysim")]
    assert {alias.name: node.module for node in told for alias in node.names} == policysim.WHERE


def test_the_face_for_authors_of_rules_shows_all_it_names_and_says_what_each_is():
    assert len(set(rules.__all__)) == len(rules.__all__)
    shown = {name for name in vars(rules) if not name.startswith("_")}
    assert shown == set(rules.__all__), "imported there and not shown, or shown and not there"
    assert [name for name in rules.__all__ if not getattr(rules, name).__doc__] == []


def test_nothing_inside_imports_the_face_for_authors_of_rules():
    root = Path(policysim.__file__).parent
    inside = [
        path for folder in (root, root.parent / "experiments", root.parent / "viz") for path in folder.rglob("*.py")
    ]
    assert len(inside) > 80
    assert [path for path in inside for node in imports_of(path) if node.module == "policysim.rules"] == []
