"""A file to begin a rule or helper of one's own with: short, commented, sound as it stands, and changing nothing yet."""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from textwrap import fill

from policysim.errors import UserError, nearest
from policysim.reference.listings import Row
from policysim.reference.listings import helpers as all_helpers
from policysim.reference.listings import rules as all_rules

WIDE = 100
FACE = "policysim.rules"
"""Where authors of rules import from: what is promised, which nothing inside is made of."""
EXAMPLES = {
    "begin": ("mentor_at_14.py", "friend_in_treatment.py"),
    "search_exposure": ("no_search_under_18.py",),
    "be_excluded": ("exclusion_a_year_later.py",),
}
"""Files of examples/ by the helper that they have in a version of their own."""
FEW = 3
"""Rules that share a helper and are told of one another, at most."""
FILE = '''"""What {rule} does in the model, and what is to change: say it in a sentence before you say it in Python.

  policysim check {file}          what is wrong with it, and which lines nobody reached
  policysim rules diff {file}     what it changes: how often it acts, what moves, whose lives
  policysim app --rules {file}    stock and edited rules side by side, again whenever you save
"""

{imports}

{reads}
{classes}'''
MIXED = '''

class {changed}:
    """{about}"""

{method}'''
ALONE = '''

class {name}({role}):
    """{about}"""

{method}'''
METHOD = '''    @rule
    def {rule}(self, here, world, luck):
        """{says}"""
        # Whoever returns before the last line is left out, for instance the youngest:
        #     if self.age < 16:
        #         return
        super().{rule}(here, world, luck)
'''

OWN_HELPER = '''    @helper
    def {helper}{arguments}:
        """{says}"""
        # Here {helper} means what this file imports, the model's own.
        # {change}, for instance of the youngest:
        #     if self.age < 16:
        #         return{instead}
        {gives}{helper}({given})
'''


def write_new(file: Path, name: str) -> list[str]:
    """Write a file that overrides a rule or helper of the model, and return the names of its classes; raises UserError.

    A file that is there is never written over.
    """
    if file.suffix != ".py":
        raise UserError(f"a file of rules ends in .py, not {file.name!r}")
    if not file.stem.isidentifier():
        raise UserError(f"{file.name!r} cannot be imported: take letters, digits and _ alone, such as my_rules.py")
    text, roles = _text(file, name.replace("-", "_"))
    try:
        with open(file, "x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError:
        raise UserError(f"{file} is there already: choose another name, or remove it first") from None
    except OSError as error:
        raise UserError(f"{file} cannot be written ({os.strerror(error.errno or 0).lower()})") from None
    return [_own(role) for role in roles]


def _text(file: Path, name: str) -> tuple[str, list[str]]:
    """The file, and the roles for which it has classes."""
    rows = [row for row in all_rules() if row["rule"] == name]  # of which roles may live by different ones
    helper = next((row for row in all_helpers() if row["helper"] == name), None)
    if rows:
        method, about = METHOD.format(rule=name, says=rows[0]["says"]), f"Lives by {name} in a way of its own."
        imported = {FACE: ["rule"]}
    elif helper:
        method, about = _own_helper(helper), f"Has {name} in a version of its own."
        rows, imported = [helper], {FACE: ["helper"]}
        imported.setdefault(_home(helper), []).append(name)
    else:
        close = nearest(name, [row["rule"] for row in all_rules()] + [row["helper"] for row in all_helpers()])
        raise UserError(
            f"--changes wants a rule or helper of the model, and {name!r} is none{close} ('policysim rules' lists the rules, "
            "'policysim rules --helpers' what they call)"
        )
    roles = list(dict.fromkeys(role for row in rows for role in row["roles"]))
    imported[FACE] += roles
    text = FILE.format(
        rule=name, file=file.name, imports=_imports(imported), classes=_classes(roles, method, about),
        reads="\n".join(line for row in rows for line in _reads(row)),
    )  # fmt: skip
    return text, roles


def _own(role: str) -> str:
    return f"My{role}"


def _classes(roles: list[str], method: str, about: str) -> str:
    if len(roles) == 1:
        return ALONE.format(name=_own(roles[0]), role=roles[0], about=about, method=method)
    changed = MIXED.format(changed="Changed", about=about, method=method)  # written once, for all who live by it
    return changed + "".join(f"\n\nclass {_own(role)}(Changed, {role}): ...\n" for role in roles)


def _imports(imported: dict[str, list[str]]) -> str:
    return "\n".join(
        f"from {module} import {', '.join(sorted(names, key=_as_sorted))}" for module, names in sorted(imported.items())
    )


def _as_sorted(name: str) -> tuple[bool, str]:
    """Classes before functions."""
    return name.islower(), name


def _home(helper: Row) -> str:
    """From where a helper is imported."""
    return FACE if helper["helper"] in import_module(FACE).__all__ else helper["module"]


def _own_helper(helper: Row) -> str:
    given, gives = helper["arguments"].strip("()"), helper["returns_value"]
    change = "Return something else" if gives else "Give it something else, or leave somebody out"
    told = {"given": given, "gives": "return " if gives else "", "change": change, "instead": " ..." if gives else ""}
    return OWN_HELPER.format(**helper | told)


def _reads(row: Row) -> list[str]:
    """Where a rule or helper of the model stands, what it reads and who shares it, as comments."""
    told = [f"The model's own stands in {row['file']}, line {row['line']}. It reads besides the person:"]
    for what, names in (("numbers", row["parameters"]), ("here", row["here"]), ("world", row["world"])):
        if names:
            told.append(f"- {what}: {', '.join(names)}")
    told = told if len(told) > 1 else [told[0].replace(" besides the person:", " nothing but the person.")]
    if row["parameters"]:
        told.append("'policysim parameters NAME' says what a number is, its range and its source.")
    told += ["'policysim fields' lists what a rule may read.", *_beside(row)]
    return [fill(line, WIDE, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False) for line in told]


def _beside(row: Row) -> Iterator[str]:
    """Which helpers decide what the rule does, which rules share them, which examples change them."""
    if "helper" in row:
        yield f"It is called by {', '.join((*row['rules'], *row['decisions']))}: which meet your version."
    elif row["calls"]:
        yield (
            f"It calls {', '.join(row['calls'])}: 'policysim rules NAME' says what each does, and 'policysim rules new FILE.py "
            f"--changes {row['calls'][0]}' changes one alone, in every rule that calls it."
        )
    for helper in (one for one in all_helpers() if one["helper"] in (row.get("helper"), *row["calls"])):
        others = [rule for rule in helper["rules"] if rule != row.get("rule")]
        if "rule" in row and 0 < len(others) < FEW:
            yield f"By {helper['helper']} live {' and '.join(others)} too, which this file leaves as they are."
        if helper["helper"] in EXAMPLES:
            files = " and ".join(f"examples/{name}" for name in EXAMPLES[helper["helper"]])
            change = "changes" if len(EXAMPLES[helper["helper"]]) == 1 else "change"
            yield f"In the repository {files} {change} {helper['helper']}."
