"""Where a drawing is written to, checked before anything that draws is loaded."""

from pathlib import Path

from policysim.errors import UserError

KINDS = (".png", ".pdf", ".svg")


def check_file(out: Path) -> None:
    """Raises UserError for an ending that nothing is drawn in, and for a folder that is not there."""
    if out.suffix.lower() not in KINDS:
        raise UserError(f"{out} must end in one of {', '.join(KINDS)}")
    if not out.parent.is_dir():
        raise UserError(f"there is no folder {out.parent}")
