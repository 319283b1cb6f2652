"""From compiled code back to the line of a rule: what goes wrong in it is told where its author can mend it."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from numba.core.errors import NumbaError

from policysim.engine.cache import PREFIX
from policysim.engine.rules import where
from policysim.engine.syntax import not_compiled
from policysim.errors import UserError

A_PLACE = re.compile(rf'({PREFIX}\w+)\.py", line (\d+)')


@contextmanager
def told_with_its_line() -> Iterator[None]:
    """What the check of rules did not foresee fails when they are compiled, what no check can know when they are run."""
    try:
        yield
    except NumbaError as error:
        places = A_PLACE.findall(str(error))
        where = next(filter(None, (_place(stem, int(line)) for stem, line in reversed(places))), "the rules")
        raise not_compiled(f"{where} cannot be compiled: {_why(str(error))}") from error
    except ArithmeticError as error:
        where = _raised_at(error.__traceback__)
        if not where:
            raise
        raise UserError(f"{where} cannot go on: {error}") from error


def _place(stem: str, line: int) -> str:
    """File, line and rule behind a line of a file of compiled code; nothing for what is written from no rule."""
    part = getattr(sys.modules.get(stem), "PART", None)
    origin = part.origin(line) if part else None
    return where(*origin) if origin else ""


def _raised_at(trace: TracebackType | None) -> str:
    where = ""
    while trace is not None:
        found = A_PLACE.search(f'{trace.tb_frame.f_code.co_filename}", line {trace.tb_lineno}')
        where = (_place(found[1], int(found[2])) if found else "") or where
        trace = trace.tb_next
    return where


def _why(trace: str) -> str:
    """The first line of a typing trace that says more than where it is."""
    lines = [line.strip() for line in trace.splitlines() if line.strip()]
    return next((line for line in lines if not line.startswith(("Failed in", "During", "File"))), lines[0])
