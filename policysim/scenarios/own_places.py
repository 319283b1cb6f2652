"""A table of places of one's own in a scenario: named as a file, carried as its rows, so that the scenario says all."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from policysim.errors import UserError
from policysim.scenarios.faults import Source, at_key
from policysim.vocabulary.reasons import shown
from policysim.world.authorities import COLUMNS, Authority, as_row, authorities_of, read_authorities


def _own_places(value: Any) -> tuple[Authority, ...]:
    if value is None:
        return ()
    if isinstance(value, str | Path):
        try:
            return read_authorities(Path(value))
        except UserError as error:
            raise at_key(error) from None
    if not isinstance(value, list | tuple):
        raise at_key(f"places must be the file of a table or its rows, not {shown(value)}")
    rows = [as_row(item) if isinstance(item, Authority) else _row(item, k) for k, item in enumerate(value)]
    try:
        return authorities_of((f"row {k}", row) for k, row in enumerate(rows, start=1))
    except UserError as error:
        raise at_key(f"in places, {error}") from None


def _row(item: Any, k: int) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise at_key(f"a row of places must be a table of keys and values, not {shown(item)}", k)
    for column in COLUMNS:
        if column not in item:
            raise at_key(f"row {k + 1} of places has no {column!r}", k)
    for key in item:
        if key not in COLUMNS:
            raise at_key(f"row {k + 1} of places has no key {key!r} (keys are {', '.join(COLUMNS)})", k, key)
    return item


def with_own_table(source: Source, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of a scenario; a table of places that its file names is looked for beside that file."""
    named = data.get("places")
    if not source.file or "places" in source.given or not isinstance(named, str):
        return data
    return {**data, "places": Path(source.file).parent / named}


OwnPlaces = Annotated[
    tuple[Authority, ...],
    BeforeValidator(_own_places),
    PlainSerializer(lambda authorities: [as_row(authority) for authority in authorities]),
]
"""The authorities of a table of one's own; none where the shipped places are meant."""
