"""A user's Python file, looked at before it is loaded; and the classes that it defines."""

import ast
from pathlib import Path
from types import ModuleType

from policysim.errors import UserError, not_loaded
from policysim.reading import check_source

RUNS = (ast.For, ast.While, ast.With, ast.AsyncFor, ast.AsyncWith)


def classes_in(module: ModuleType, kind: type) -> list[type]:
    """The classes of this kind that a file itself defines."""
    held = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, kind)]
    return [value for value in dict.fromkeys(held) if value.__module__ == module.__name__]


def last_of(kinds: list[type]) -> list[type]:
    """Of classes that derive from one another the last, which live by the rules of the others too."""
    return [kind for kind in kinds if not any(other is not kind and issubclass(other, kind) for other in kinds)]


def check_text(file: Path) -> None:
    """Raise UserError for what is no Python, and for a loop or a call outside functions and classes: an example, which
    would run a model."""
    check_source(file)
    try:
        tree = ast.parse(file.read_bytes(), str(file.resolve()))
    except SyntaxError as error:
        raise not_loaded(file, error) from None
    for statement in tree.body:
        if isinstance(statement, RUNS) or (
            isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant)
        ):
            raise UserError(
                f"{file}, line {statement.lineno}: this runs whenever the file is loaded, to be checked too; put what runs "
                'something under if __name__ == "__main__":'
            )
