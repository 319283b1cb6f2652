"""The page docs/transitions.md: every declared way from one state to another, and the parts that hazards share.

`python -m policysim.reference.transitions_page` prints it.
"""

import sys

from policysim.reference.hazards import PARTS
from policysim.reference.transitions import AXES, Axis, spoken, table

HEADING = """# Transitions

Every way from one state to another, with its weekly hazard unless a row says *certain* or *probability*. Names are
those of the code and of the registry (`policysim parameters NAME` shows value, range and source); `here.` marks what
institutions set in a neighbourhood; a ratio that does not apply to a person counts as 1. Hazards out of one state that
belong to one rule compete: they are summed, one draw decides whether anything happens, a second what.

This page is written by `make docs` from `policysim/reference/transitions.py` and checked by
`tests/reference/test_transitions.py`: every change of state that a run makes must stand here, and every row must happen in one.
"""


def markdown() -> str:
    """The page docs/transitions.md."""
    lines = [HEADING]
    for axis in AXES:
        lines += [f"## {axis.name.capitalize()}", "", axis.says + _remarks(axis), ""]
        lines += ["| from | to | by | how | parameters |", "| --- | --- | --- | --- | --- |"]
        for way in table():
            if way["axis"] == axis.name:
                parameters = ", ".join(f"`{name}`" for name in way["parameters"])
                by = f"{way['kind']} [`{way['by']}`](../{way['file']})"
                lines.append(f"| {way['from']} | {way['to']} | {by} | {_typeset(way['hazard'])} | {parameters} |")
        lines.append("")
    lines += ["## Parts that hazards share", "", "| name | is |", "| --- | --- |"]
    lines += [f"| `{name}` | {_typeset(says)} |" for name, says in PARTS.items()]
    return "\n".join(lines) + "\n"


def _typeset(hazard: str) -> str:
    return hazard.replace("*", "×")


def _remarks(axis: Axis) -> str:
    """Where an axis begins and ends."""
    text = f" Everyone who turns ten begins as *{spoken(axis.begins)}*."
    if axis.ends:
        text += f" Nobody leaves {' or '.join(f'*{spoken(state)}*' for state in axis.ends)}."
    return text


if __name__ == "__main__":
    sys.stdout.write(markdown())
