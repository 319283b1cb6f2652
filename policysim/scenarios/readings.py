"""Readings of contested evidence in a scenario, and the contested questions that a regime names as bearing on it."""

from collections.abc import Mapping
from typing import Any

from policysim.errors import UserError
from policysim.evidence.contested import find_switch, numbers_of
from policysim.evidence.registry import check_changes
from policysim.scenarios.faults import at_key
from policysim.vocabulary.reasons import shown


def check_readings(readings: Mapping[str, str], parameters: Mapping[str, float]) -> None:
    """Raises a fault for a question or a reading that there is not, and for a number that is changed beside one."""
    for id, name in readings.items():
        try:
            found = find_switch(id).reading(name)
        except UserError as error:
            raise at_key(error, "readings", id) from None
        both = next((key for key in found.parameters if key in parameters), None)
        if both is not None:
            raise at_key(
                f"{both} is set by the reading {name} of {id}, and changed beside it: leave one out", "readings", id
            )
    if not readings:  # what is changed beside none was looked at when it was read
        return
    try:
        check_changes(numbers_of(readings) | dict(parameters))
    except UserError as error:
        raise at_key(error, "readings") from None


def contested_given(value: Any, kept: bool) -> Any:
    """The questions that a regime names, checked unless it was run already."""
    if not isinstance(value, list | tuple):
        raise at_key(f"contested must be a list of contested questions, not {shown(value)}")
    for k, id in enumerate(value):
        if not isinstance(id, str):
            raise at_key(f"a contested question is named by its id, not by {shown(id)}", k)
        if id in value[:k]:
            raise at_key(f"the contested question {id!r} is named twice", k)
        try:
            if not kept:
                find_switch(id)
        except UserError as error:
            raise at_key(error, k) from None
    return tuple(value)
