"""A saved model as a folder of plain arrays: read without being copied, by any number of processes at once.

It holds what the file of `saved_file` holds, and is as careful about it. The arrays are not pressed together, and those that
are large are mapped: processes of one machine that begin from the same folder share its memory, and each has pages of its own
only of what it writes to. It is for starts that many runs share for a while; to keep a model, save it in a file.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from policysim.errors import UserError
from policysim.model.drug_policy_model import DrugPolicyModel, _made_anew
from policysim.model.kept import give_back, kept_of, rest_of
from policysim.model.saved_file import ABOUT, DAMAGED, LONGEST_HEADER, described, undescribed

LEAST_MAPPED = 1 << 16
"""Bytes of a file from which on it is mapped: one that is smaller is read faster than it is mapped."""


def put_down(folder: Path, model: DrugPolicyModel) -> None:
    """Save a model in an empty folder; raises UserError for what no file can hold, and OSError."""
    about, arrays = described(kept_of(model), rest_of(model))
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", np.asanyarray(array), allow_pickle=False)
    (folder / ABOUT).write_text(about, encoding="utf-8")


def size_of(model: DrugPolicyModel) -> int:
    """About how many bytes that takes."""
    return sum(array.nbytes for array in kept_of(model).arrays.values())


def pick_up(folder: Path, mapped: bool = True, **told: Any) -> DrugPolicyModel:
    """The model that a folder holds, told otherwise where that changes no past week; raises UserError and OSError.

    mapped: leave large arrays where they are. Whoever may have the folder on another machine, where it can vanish, reads them.
    """
    try:
        kept, rest = undescribed((folder / ABOUT).read_bytes(), _arrays(folder, mapped), DrugPolicyModel, str(folder))
    except DAMAGED:
        raise UserError(f"{folder} is not a saved model, or it is damaged or was cut short") from None
    model = _made_anew(replace(kept, told=kept.told.model_copy(update=told)))
    give_back(model, rest)
    return model


def _arrays(folder: Path, mapped: bool) -> Iterator[tuple[str, np.ndarray]]:
    for path in sorted(folder.glob("*.npy")):
        # "c": what is written to is written to memory alone. Arrays that cannot be written would have rules compiled anew.
        mode: Literal["c"] | None = "c" if mapped and path.stat().st_size >= LEAST_MAPPED else None
        array = np.load(path, mmap_mode=mode, allow_pickle=False, max_header_size=LONGEST_HEADER)
        yield path.name.removesuffix(".npy"), array.view(np.ndarray)  # a memmap is slow to hand over to compiled code
