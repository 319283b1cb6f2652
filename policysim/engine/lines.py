"""From compiled code back to the line of a rule: what goes wrong in it is told where its author can mend it."""

import re
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from numba.core.errors import NumbaError, UnsupportedBytecodeError

from policysim.engine.cache import PREFIX
from policysim.engine.rules import where
from policysim.errors import UserError

A_PLACE = re.compile(rf'({PREFIX}\w+)\.py(?:", line | \()(\d+)')
DIVIDES = "divides_in_line_"
"""How the functions that divide begin, before the line in the rule's own file."""
IN_WORDS = {
    r", defined at .*": "",
    r"Function\(<built-in function (\w+)>\)": r"\1",
    r"Literal\[int\]\((-?\d+)\)": r"\1",
    r"\bu?int\d+\b": "a whole number",
    r"\bfloat\d+\b": "a real number",
    r"\bbool\b": "a flag",
    r"\bRecord\(.*": "a person, here, world or luck)",
    r": %.*": "",
}


class told_with_its_line:  # noqa: N801  # institutions decide so many times a week that a generator would be felt
    """What the check of rules did not foresee fails when they are compiled, what no check can know when they are run."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, NumbaError | UnsupportedBytecodeError):
            places = A_PLACE.findall(str(error))
            place = next(filter(None, (_place(stem, int(line)) for stem, line in reversed(places))), "the rules")
            raise UserError(f"{place} cannot be compiled: {_why(str(error))}") from error
        if isinstance(error, ArithmeticError) and (place := _raised_at(trace)):
            raise UserError(f"{place} cannot be worked out: {error}") from error


def _origin(stem: str) -> Any:
    """The part of a compiled module that lies in a file of this name, if it was written from a rule or helper."""
    part = getattr(sys.modules.get(stem), "PART", None)
    return part if part and part.written_from else None


def _place(stem: str, line: int) -> str:
    """File, line and rule behind a line of such a file; nothing for what is written from no rule."""
    part = _origin(stem)
    return where(*part.origin(line)) if part else ""


def _raised_at(trace: TracebackType | None) -> str:
    """File, line and rule in which a division failed."""
    while trace is not None:
        code = trace.tb_frame.f_code
        divides, part = re.match(rf"{DIVIDES}(\d+)", code.co_name), _origin(Path(code.co_filename).stem)
        if divides and part:
            return where(part.written_from, int(divides[1]))
        trace = trace.tb_next
    return ""


def _why(trace: str) -> str:
    """What a typing trace says first, in words of rules: what is called with what, or that kinds do not fit."""
    lines = [line.strip() for line in trace.splitlines() if line.strip()]
    said = next((line for line in lines if not line.startswith(("Failed in", "During", "File"))), lines[0])
    call = next((line.removeprefix(">>> ") for line in lines if line.startswith(">>> ")), "")
    if said.endswith("found for signature:") and call:
        said = f"{call} means nothing"
    for pattern, words in IN_WORDS.items():
        said = re.sub(pattern, words, said)
    return said
