"""A saved model that was changed in any way is refused in one sentence, or is the same: nothing else is ever loaded."""

import ast
import io
import json
import zipfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_worlds import model

from policysim import DrugPolicyModel, UserError
from policysim.model.saved_file import read

SAYS = "is not a saved model, or it is damaged or was cut short"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "a.model"
    made = model(place="city-of-london", people=60)  # one area, so few parts, of every kind
    made.step()
    made.save(path)
    made.close()
    return path


def test_no_byte_that_changed_is_read_as_something_else(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that says how an array is laid out, or how a part is packed."""
    # What NumPy reads of an array's head it need not parse again: the same hundred heads stand in every copy of the file.
    monkeypatch.setattr("ast.literal_eval", lru_cache(ast.literal_eval))
    whole, broken = saved.read_bytes(), tmp_path / "b.model"
    kept, _ = read(saved, DrugPolicyModel)
    with zipfile.ZipFile(saved) as pack:
        heads = [info.header_offset + k for info in pack.infolist() for k in range(0, 100, 7)]
    for position in (*heads, *range(len(whole) - 400, len(whole), 7)):
        bent = bytearray(whole)
        bent[position] ^= 1 << position % 8
        broken.write_bytes(bent)
        try:
            again, _ = read(broken, DrugPolicyModel)
        except UserError:
            continue
        for name, array in kept.arrays.items():
            assert np.array_equal(again.arrays[name].view(array.dtype), array), (position, name)


def refusal(saved: Path, path: Path, about: Callable[[dict], Any], arrays: dict[str, Any]) -> str:
    """What is said of a file with another `model.json` and other arrays; None stands for one that is missing."""
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(path, "w") as new:
        told = json.loads(old.read("model.json"))
        about(told)
        new.writestr("model.json", json.dumps(told))
        for name in old.namelist():
            array = arrays.get(name.removesuffix(".npy"), name)
            if name != "model.json" and array is not None:
                new.writestr(name, old.read(name) if array is name else as_file(array))
    with pytest.raises(UserError) as caught:
        DrugPolicyModel.load(path)
    return str(caught.value)


def as_file(array: np.ndarray) -> bytes:
    inside = io.BytesIO()
    np.save(inside, array)
    return inside.getvalue()


def test_parts_that_are_missing_or_do_not_fit_each_other_are_refused(saved: Path, tmp_path: Path) -> None:
    def as_it_is(about: dict) -> None:
        """Changes nothing."""

    path = tmp_path / "c.model"
    kept, rest = read(saved, DrugPolicyModel)
    for name, array in kept.arrays.items():
        for other in (None, array[:-1]):
            assert SAYS in refusal(saved, path, as_it_is, {name: other}), name
    far = np.full_like(kept.arrays["ties.indices"], 10**6)
    assert SAYS in refusal(saved, path, as_it_is, {"ties.indices": far})
    for name in rest:
        assert SAYS in refusal(saved, path, lambda about, name=name: about["rest"].pop(name), {}), name
    for name, value in (("week", "x"), ("week", -5), ("week", 10**6), ("week_counted", 10**6), ("rest", {})):
        assert SAYS in refusal(saved, path, lambda about, n=name, v=value: about.update({n: v}), {}), name
