"""Why a value is refused, in the words of this project, where pydantic has found the fault."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

WHOLE, NUMBER, TABLE = "must be a whole number", "must be a number", "must be a table of keys and values"
MUST: dict[str, str] = {
    "int_type": WHOLE, "int_parsing": WHOLE, "int_parsing_size": WHOLE, "int_from_float": WHOLE,
    "float_type": NUMBER, "float_parsing": NUMBER, "finite_number": "must be a finite number",
    "bool_type": "must be true or false", "bool_parsing": "must be true or false",
    "string_too_long": "must be at most {max_length} letters long",
    "string_type": "must be text", "string_unicode": "must be text",
    "string_pattern_mismatch": "must be lower-case letters, digits and hyphens, beginning with a letter",
    "dict_type": TABLE, "model_type": TABLE, "mapping_type": TABLE, "model_attributes_type": TABLE,
    "list_type": "must be a list", "tuple_type": "must be a list",
    "greater_than_equal": "must be at least {ge}", "less_than_equal": "must be at most {le}",
    "greater_than": "must be more than {gt}", "less_than": "must be less than {lt}",
    "literal_error": "must be {expected}",
}  # fmt: skip
"""Pydantic's types of fault in the words of this project; what it expects stands in braces."""

MOST_DIGITS = 1e15
"""Numbers from here on are not written out."""


def reason(fault: "ErrorDetails", as_they_are: bool = False) -> str:
    """What a value must be, and what it is: `must be at most 1, not 2`. Numbers have commas, unless they stay as they are."""
    must = MUST.get(fault["type"])
    limits = {name: value if as_they_are else _limit(value) for name, value in fault.get("ctx", {}).items()}
    is_limit = fault["type"].startswith(("greater_than", "less_than"))
    told = _limit(fault["input"]) if is_limit and not as_they_are else shown(fault["input"])
    return f"{must.format(**limits) if must else fault['msg']}, not {told}"


def _limit(value: object) -> object:
    """A limit, or what lies beyond it, as it is read: 60,000,000 and 1, where pydantic has 60000000 and 1.0."""
    readable = isinstance(value, int | float) and abs(value) < MOST_DIGITS
    return f"{value:,}".removesuffix(".0") if readable else value if isinstance(value, str) else shown(value)


def shown(value: object, width: int = 60) -> str:
    """A value as it is quoted in a message, cut off where it is long."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, a list within a list within a list
        text = f"so long a {type(value).__name__}"
    return text if len(text) <= width else text[: width - 3] + "..."
