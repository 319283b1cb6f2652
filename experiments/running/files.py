"""Files that appear whole or not at all, and why one could not be read or written, in a few words."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from policysim.errors import UserError

SCENARIO, PROVENANCE = "scenario.toml", "provenance.json"
"""What lies in the folder of every comparison."""
LEFT_OVER = re.compile(r"\..*\.\d+\.part$")
"""What a process leaves that was ended from outside while it wrote."""
ERRNO = re.compile(r"\[errno (\d+)\]", re.IGNORECASE)
RUNS_ARE_KEPT = "; every run that was finished is kept"
FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def whole_or_not(path: Path, beside: Path | None = None, also: str = "") -> Iterator[Path]:
    """A file to write in place of `path`; it is moved there at the end of the block, or vanishes. Raises UserError.

    beside: the folder in which it is written, by default the same: others may read all that a folder holds as a table.
    also: what else is said where it cannot be written, as that finished runs are kept.
    """
    part = (beside or path.parent) / f".{path.name}.{os.getpid()}.part"
    try:
        yield part
        os.replace(part, path)
    except OSError as error:
        raise UserError(f"{path} cannot be written: {reason(error)}{also}") from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def usable(folder: Path) -> Iterator[None]:
    """What is wrong with a folder, told in one sentence."""
    try:
        yield
    except FileExistsError:  # a file, where a folder was to be made
        raise UserError(f"the folder {folder} cannot be used: not a directory") from None
    except OSError as error:
        raise UserError(f"the folder {folder} cannot be used: {reason(error)}") from None


def check_can_be_made(folder: Path) -> None:
    """Raises UserError where a file stands in the way of a folder; that needs no table, and is told at once."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), None)
    if there is not None and not there.is_dir():
        raise UserError(f"the folder {folder} cannot be used: not a directory")


def check_holds_comparison(folder: Path, or_sweep: str = "") -> None:
    """Raises UserError where a folder holds none. or_sweep: the file by which a sweep's is known, where that does as well."""
    if folder.is_file():
        raise UserError(f"{folder} is a file: the folder that holds a comparison is wanted, such as {folder.parent}")
    if not folder.is_dir():
        raise UserError(f"there is no folder {folder}")
    if not (folder / SCENARIO).exists() or not (folder / PROVENANCE).exists():
        beside = f" and no sweep: {or_sweep} is in the folder of every sweep, and" if or_sweep else ":"
        every = "comparison" if or_sweep else "one"
        raise UserError(
            f"{folder} holds no comparison{beside} {SCENARIO} and {PROVENANCE} are in that of every {every}"
        )


def reason(error: OSError) -> str:
    """Why a file could not be read or written, in a few words."""
    told = ERRNO.search(str(error))  # pyarrow has the number in its text only
    code = error.errno or (int(told[1]) if told else 0)
    if code in FULL:
        return "there is no space left on the disk"
    return (os.strerror(code) if code else str(error) or type(error).__name__).lower()
