"""Everyone in a model as a table: a row for each person, a column for each field, states in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from policysim.engine.fields import Field, Marks, fields_of
from policysim.engine.narrow import NARROW
from policysim.vocabulary import states
from policysim.vocabulary.groups import AGE_BANDS, ETHNIC_GROUPS
from policysim.vocabulary.states import Substance, spellings

if TYPE_CHECKING:
    from policysim.model.drug_policy_model import DrugPolicyModel

WORDS: dict[str, tuple[str, ...]] = {"sex": ("woman", "man"), "ethnicity": ETHNIC_GROUPS, "band": AGE_BANDS}
"""Fields whose numbers stand for words, by what the numbers count; those of an enumeration name it as their unit."""


def person_table(model: "DrugPolicyModel") -> pa.Table:
    """Everyone who has been in the model so far, as they stand now, those who left or died too (`life` says so).

    Columns: `week` (of the run: 0 as the regimes part), `person` (their number), `area` (local authority), `quintile` (of
    deprivation, 1 the most deprived fifth), then the fields of a person. A field by substance has a column for each; what
    happened in the week last lived is text. Every column's metadata holds its unit and meaning: ages are in years, spans in
    weeks, `expected_death` is a probability. A row is one simulated person, who stands for `model.one_in` residents.
    """
    everyone = model.look()
    rows = np.flatnonzero(everyone["life"] != states.Life.NOT_YET)
    people = everyone[rows]
    where = model.places[people["neighbourhood"]]
    areas = [authority.name for authority in model.place.authorities]
    columns: dict[str, tuple[pa.Array, str, str]] = {
        "week": (pa.array(np.full(rows.size, model.week_of_run), pa.int32()), "weeks", "week of the run"),
        "person": (pa.array(rows, pa.int64()), "", "number of the person"),
        "area": (_worded(where["area"], areas), "", "local authority"),
        "quintile": (pa.array(where["quintile"] + 1, pa.int8()), "", "fifth by deprivation, 1 the most deprived"),
    }
    for name, field in fields_of(model.roles).items():
        if field.shape == (len(Substance),):
            for k, substance in enumerate(spellings(Substance)):
                values = _values(name, field, people[name][:, k])
                columns[f"{name}_{substance}"] = (values, field.unit, f"{field.meaning}: {substance}")
        elif not field.shape:
            columns[name] = (_values(name, field, people[name]), field.unit, field.meaning)
    about = {b"one_in": repr(model.one_in).encode(), b"place": model.place.id.encode()}
    described = [pa.field(name, values.type, metadata={"unit": unit, "meaning": meaning})
                 for name, (values, unit, meaning) in columns.items()]  # fmt: skip
    return pa.table([values for values, _, _ in columns.values()], pa.schema(described, about))


def _values(name: str, field: Field, numbers: np.ndarray) -> pa.Array:
    """The values of a field as they are read: words for states and marks, numbers otherwise."""
    if isinstance(field, Marks):
        happened, which = np.unique(numbers, return_inverse=True)
        words = list(zip(field.marks, spellings(field.marks), strict=True))
        return _worded(
            which, [", ".join(word for mark, word in words if int(mark) & bits) for bits in happened.tolist()]
        )
    if name in WORDS:
        return _worded(numbers, WORDS[name])
    if field.states is not None:
        return _worded(numbers, spellings(field.states))
    if numbers.dtype == NARROW:  # files of text and of numbers then say the same, and sums are not rounded
        numbers = numbers.astype(float)
    return pa.array(np.ascontiguousarray(numbers))


def _worded(numbers: np.ndarray, words: Sequence[str]) -> pa.Array:
    """Words by their numbers, each word held once."""
    return pa.DictionaryArray.from_arrays(pa.array(numbers.astype(np.int32)), pa.array(words, pa.string()))
