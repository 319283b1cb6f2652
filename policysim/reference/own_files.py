"""A user's Python file, loaded to be looked at: its classes, and nothing that it would run."""

import ast
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from policysim.errors import UserError, not_loaded

RUNS = (ast.For, ast.While, ast.With, ast.AsyncFor, ast.AsyncWith)


def loaded(file: Path) -> ModuleType:
    """The module of a file, under a name that no other module can have; whatever it raises is told in one sentence."""
    name = f"file {file.stem} that policysim checks"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # where settings of levers look the file's own names up
    sys.path.append(str(file.resolve().parent))  # as when Python runs the file: its neighbours can be imported
    try:
        _check_that_nothing_runs(file)
        spec.loader.exec_module(module)
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 - the user's own code may raise anything
        raise not_loaded(file, error) from None
    finally:
        sys.path.remove(str(file.resolve().parent))
    return module


def classes_in(module: ModuleType, kind: type) -> list[type]:
    """The classes of this kind that a file itself defines."""
    held = [value for value in vars(module).values() if isinstance(value, type) and issubclass(value, kind)]
    return [value for value in dict.fromkeys(held) if value.__module__ == module.__name__]


def _check_that_nothing_runs(file: Path) -> None:
    """Raise UserError for a loop or a call outside functions and classes: an example, which would run a model."""
    for statement in ast.parse(file.read_bytes(), file).body:
        if isinstance(statement, RUNS) or (
            isinstance(statement, ast.Expr) and not isinstance(statement.value, ast.Constant)
        ):
            raise UserError(
                f"{file}, line {statement.lineno}: this runs whenever the file is loaded, to be checked too; put what runs "
                'something under if __name__ == "__main__":'
            )
