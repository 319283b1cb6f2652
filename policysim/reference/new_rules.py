"""A file to begin a rule of one's own with: short, commented, sound as it stands, and changing nothing yet."""

import os
from pathlib import Path
from textwrap import fill

from policysim.errors import UserError, nearest
from policysim.reference.listings import Row
from policysim.reference.listings import rules as all_rules

WIDE = 100
FILE = '''"""What {rule} does in the model, and what is to change: say it in a sentence before you say it in Python.

  policysim check {file}          what is wrong with it, and which lines nobody reached
  policysim rules diff {file}     what it changes: how often it acts, what moves, whose lives
  policysim app --rules {file}    stock and edited rules side by side, again whenever you save
"""

from policysim.rules import {imports}

{reads}
{classes}'''
MIXED = '''

class {changed}:
    """Lives by {rule} in a way of its own."""

{method}'''
ALONE = '''

class {name}({role}):
    """Lives by {rule} in a way of its own."""

{method}'''
METHOD = '''    @rule
    def {rule}(self, here, world, luck):
        """{says}"""
        # Whoever returns before the last line is left out, for instance the youngest:
        #     if self.age < 16:
        #         return
        super().{rule}(here, world, luck)
'''


def write_new(file: Path, rule: str) -> list[str]:
    """Write a file that overrides a rule of the model, and return the names of its classes; raises UserError.

    A file that is there is never written over.
    """
    if file.suffix != ".py":
        raise UserError(f"a file of rules ends in .py, not {file.name!r}")
    if not file.stem.isidentifier():
        raise UserError(f"{file.name!r} cannot be imported: take letters, digits and _ alone, such as my_rules.py")
    rows = _rows_of(rule)
    roles = list(dict.fromkeys(role for row in rows for role in row["roles"]))
    text = _text(file, rows, roles)
    try:
        with open(file, "x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError:
        raise UserError(f"{file} is there already: choose another name, or remove it first") from None
    except OSError as error:
        raise UserError(f"{file} cannot be written ({os.strerror(error.errno or 0).lower()})") from None
    return [_own(role) for role in roles]


def _rows_of(rule: str) -> list[Row]:
    """The rule under this name, of which roles may live by different ones."""
    name, rows = rule.replace("-", "_"), all_rules()
    found = [row for row in rows if row["rule"] == name]
    if not found:
        close = nearest(name, [row["rule"] for row in rows])
        raise UserError(
            f"--changes wants a rule of the model, and {rule!r} is none{close} ('policysim rules' lists them)"
        )
    return found


def _own(role: str) -> str:
    return f"My{role}"


def _text(file: Path, rows: list[Row], roles: list[str]) -> str:
    rule, method = rows[0]["rule"], METHOD.format(rule=rows[0]["rule"], says=rows[0]["says"])
    if len(roles) == 1:
        classes = ALONE.format(name=_own(roles[0]), role=roles[0], rule=rule, method=method)
    else:  # written once, for all who live by it
        classes = MIXED.format(changed="Changed", rule=rule, method=method)
        classes += "".join(f"\n\nclass {_own(role)}(Changed, {role}): ...\n" for role in roles)
    reads = "\n".join(line for row in rows for line in _reads(row))
    imports = ", ".join([*sorted(roles), "rule"])
    return FILE.format(rule=rule, file=file.name, imports=imports, reads=reads, classes=classes)


def _reads(row: Row) -> list[str]:
    """Where a rule of the model stands and what it reads, as comments."""
    told = [f"The model's own stands in {row['file']}, line {row['line']}. It reads besides the person:"]
    for what, names in (("numbers", row["parameters"]), ("here", row["here"]), ("world", row["world"])):
        if names:
            told.append(f"- {what}: {', '.join(names)}")
    told = told if len(told) > 1 else [told[0].replace(" besides the person:", " nothing but the person.")]
    if row["parameters"]:
        told.append("'policysim parameters NAME' says what a number is, its range and its source.")
    return [fill(line, WIDE, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False) for line in told]
