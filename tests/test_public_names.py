"""What `policysim` promises: few names, each where it says, none loaded before it is used."""

import subprocess
import sys

import pytest

import policysim

HEAVY = ("mesa", "numba", "numpy", "pandas", "pydantic", "pyarrow", "policysim.model")


def test_at_most_fifteen_names_are_promised():
    assert len(policysim.__all__) <= 15
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
