"""Reference pages in Markdown, from docstrings, declarations and the registry; each function is one place in a page."""

import ast
import dataclasses
import enum
import inspect
import re
import textwrap
from collections.abc import Iterable

from click import Context, unstyle
from typer.main import get_command

import policysim
from policysim import rules
from policysim.cli.door import app
from policysim.engine.fields import Field
from policysim.evidence.registry import registry
from policysim.levers.catalogue import LEVERS
from policysim.reference import listings

WIDTH = 100
"""Characters of a line of help."""
MODULES = re.compile(r"\b(?:[a-z_]\w*\.)+(?=[A-Z])")


def names_of_policysim() -> str:
    """Every name that is promised, in the order of the alphabet."""
    return "\n\n".join(entry(name, getattr(policysim, name), "policysim") for name in policysim.__all__)


def names_of_rules() -> str:
    """Every name for authors of rules, in the order in which one needs them; those of `policysim` stand on its page."""
    names = [name for name in rules.__all__ if name not in policysim.__all__]
    return "\n\n".join(entry(name, getattr(rules, name), "policysim.rules") for name in names)


def fields_of_people() -> str:
    """What a person holds, field by field, with units and limits."""
    fields = {
        name: field
        for each in reversed(policysim.DependentUser.__mro__)
        for name, field in vars(each).items()
        if isinstance(field, Field)
    }
    rows = [
        (f"`{name}`", field.kind + "".join(f" × {n}" for n in field.shape), field.meaning, field.unit, field.allowed)
        for name, field in sorted(fields.items())
    ]
    return table(("field", "type", "meaning", "unit", "allowed"), rows)


def rules_of_the_week() -> str:
    """Every rule of the model in the order of the week: whose it is, what it says, what it reads."""
    parts = []
    for row in listings.rules():
        read = [(what, row[what]) for what in ("parameters", "here", "world") if row[what]]
        words = "; ".join(f"{what}: {', '.join(f'`{each}`' for each in names)}" for what, names in read)
        parts.append(
            f"## `{row['rule']}`\n\n{row['says']}\n\nLived by {', '.join(row['roles'])}; in `{row['file']}`. "
            + (f"Reads {words}." if words else "")
        )
    return "\n\n".join(parts)


def numbers() -> str:
    """Every number of the registry with unit, range and source, by the part of life that reads it."""
    parts: dict[str, list] = {}
    for each in registry().values():
        part = re.search(r"(\w+)\.csv", each.place)
        parts.setdefault(part[1] if part else "other", []).append(each)
    heads = ("number", "value (range)", "quality", "meaning, and source")
    return "\n\n".join(
        f"## {part.replace('_', ' ').capitalize()}\n\n{table(heads, map(_number, parts[part]))}"
        for part in sorted(parts)
    )


def _number(each) -> tuple:
    span = "" if each.low is None else f" ({each.low:g} to {each.high:g})"
    return f"`{each.id}`", f"{each.value:g}{span} {each.unit}", each.quality, f"{each.meaning}. Source: {each.source}"


def levers() -> str:
    """Every lever with its settings and the documents that ask for it."""
    return "\n\n".join(_lever(lever_id, LEVERS[lever_id]) for lever_id in sorted(LEVERS))


def _lever(lever_id: str, lever) -> str:
    asked = ", ".join(f"[{key}](sources.md#{key})" for key in lever.sources)
    evidence = ", ".join(lever.evidence)
    return (
        f"## `{lever_id}`\n\n**{lever.title}.** {sentence(lever.__doc__)}\n\n{settings(lever)}\n\n"
        f"How it acts: {lever.path}. Whom it reaches: {lever.reach}. Asked for by: {asked or 'nobody'}."
        + (f" Evidence: {evidence}." if evidence else "")
    )


def commands() -> str:
    """The help of every command."""
    group = get_command(app)
    parts = []
    for name, command in sorted(group.commands.items()):
        help_text = command.get_help(Context(command, info_name=f"policysim {name}", terminal_width=WIDTH))
        parts.append(f"## policysim {name}\n\n```text\n{unstyle(help_text).strip()}\n```")
    return "\n\n".join(parts)


# ---------------------------------------------------------------- one name


def entry(name: str, thing, module: str) -> str:
    """A heading, how it is called, what it is, and what it has in it."""
    parts = [f"## `{name}`", f"```python\nfrom {module} import {name}\n```"]
    if inspect.isfunction(thing) or name == "DrugPolicyModel":
        parts.append(f"```python\n{name}{_signature(thing)}\n```")
    parts.append(sentence(inspect.getdoc(thing)) if not isinstance(thing, int) else f"The number {thing}.")
    if inspect.isclass(thing):
        parts.append(inside(thing))
    return "\n\n".join(part for part in parts if part)


def inside(thing: type) -> str:
    """The members of an enumeration, the settings of a model, the numbers of a policy."""
    if issubclass(thing, enum.Enum):
        return _members(thing)
    if hasattr(thing, "model_fields"):
        return settings(thing)
    if dataclasses.is_dataclass(thing):
        return _decisions(thing)
    return ""


def _members(thing: type[enum.Enum]) -> str:
    said = comments(thing)
    rows = [(f"`{each.name}`", str(each.value), said.get(each.name, "")) for each in thing]
    return table(("name", "value", "means"), rows) if rows else ""


def settings(thing) -> str:
    """Fields that are checked when they are given, with their limits and units."""
    rows = []
    for name, field in thing.model_fields.items():
        limits = ", ".join(f"{word} {getattr(each, key)}" for each in field.metadata for key, word in LIMITS.items()
                           if getattr(each, key, None) is not None)  # fmt: skip
        unit = (field.json_schema_extra or {}).get("unit", "") if isinstance(field.json_schema_extra, dict) else ""
        usual = "" if field.is_required() or field.default_factory else _plainly(field.default)
        rows.append((f"`{name}`", usual, limits, unit, field.description or ""))
    return table(("setting", "usual", "limits", "unit", "what it is"), rows) if rows else ""


LIMITS = {"ge": "from", "gt": "above", "le": "to", "lt": "below"}


def _decisions(thing: type) -> str:
    said = comments(thing)
    rows = [
        (
            f"`{field.name}`",
            "" if field.default is dataclasses.MISSING else str(field.default),
            said.get(field.name, ""),
        )
        for field in dataclasses.fields(thing)
    ]
    return table(("name", "usual", "means"), rows)


def comments(thing: type) -> dict[str, str]:
    """What stands behind the names of a class, in its source."""
    lines = inspect.getsource(thing).splitlines()
    found = (re.match(r"\s+(\w+)(?:: [^=#]+)?(?: = (.+?))?(?:  # (.+))?$", line) for line in lines)
    return {each[1]: each[3] or _text(each[2]) for each in found if each}


def _text(value: str | None) -> str:
    """A member's own words, where its value is a text."""
    try:
        found = ast.literal_eval(value or "")
    except (SyntaxError, ValueError):
        return ""
    return found if isinstance(found, str) else ""


# ---------------------------------------------------------------- words


def table(heads: tuple[str, ...], rows: Iterable[tuple]) -> str:
    """A table without the columns in which nothing stands."""
    rows = [tuple(_plain_cell(cell) for cell in row) for row in rows]
    kept = [n for n in range(len(heads)) if any(row[n] for row in rows)]
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line[n] for n in kept) + " |" for line in lines)


def _plain_cell(cell) -> str:
    return str(cell).replace("|", "\\|").replace("\n", " ").replace("*", "\\*")


def _plainly(value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def sentence(text: str | None) -> str:
    """A docstring as Markdown."""
    return textwrap.dedent(text or "").strip().replace("``", "`")


def _signature(function) -> str:
    """What it is called with; one to a line where they are many."""
    signature = inspect.signature(function)
    text = str(signature)
    if len(text) > WIDTH - 20:
        given = "".join(f"    {each},\n" for each in signature.parameters.values())
        text = f"(\n{given})" + text[text.rindex(")") + 1 :]
    return MODULES.sub("", text)
