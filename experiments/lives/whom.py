"""Whom to look at: people of a model of whom a simple condition holds, as `age < 18 and use_cannabis != "never"`."""

import ast
from collections.abc import Sequence

import numpy as np
import pandas as pd

from policysim.errors import UserError, nearest
from policysim.experiments.lives import words
from policysim.model import DrugPolicyModel
from policysim.model.person_table import person_table
from policysim.vocabulary.reasons import shown

FEW = 5
"""So many people are named."""
LANGUAGE = """such as age < 18 and use_cannabis != "never"; 'policysim export people.csv' has all columns"""
TOLD = (ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare, ast.cmpop, ast.Name, ast.Load,
        ast.Constant, ast.BinOp, ast.operator, ast.List, ast.Tuple)  # fmt: skip
"""What a condition may be made of: nothing is called."""


def people_where(model: DrugPolicyModel, condition: str) -> np.ndarray:
    """The numbers of those present of whom the condition holds; raises UserError where it cannot be asked, or of nobody."""
    table = person_table(model).to_pandas()
    _check(condition, table)
    table = table[model.look()["present"][table["person"]]]
    try:
        holds = table.eval(condition)
    except Exception as error:  # noqa: BLE001 - whatever pandas makes of it
        raise UserError(f"--where {shown(condition)} cannot be asked: {error}") from None
    if not isinstance(holds, pd.Series) or holds.dtype.kind != "b":
        raise UserError(f"--where takes a comparison, {LANGUAGE}, not {shown(condition)}")
    found = table["person"].to_numpy()[holds]
    if not found.size:
        raise UserError(f"--where {shown(condition)} holds of nobody who is there in week {model.week_of_run}")
    return found


def _check(condition: str, table: pd.DataFrame) -> None:
    """Raise UserError for what is no comparison of columns, or a word that no column has."""
    try:
        tree = ast.parse(condition.strip(), mode="eval")
    except SyntaxError as error:
        raise UserError(
            f"--where {shown(condition)} is no condition ({error.msg}): write a comparison, {LANGUAGE}"
        ) from None
    for node in ast.walk(tree):
        if not isinstance(node, TOLD):
            raise UserError(f"--where takes comparisons alone, {LANGUAGE}, not {shown(ast.unparse(node))}")
        if isinstance(node, ast.Name) and node.id not in table:
            raise UserError(
                f"--where: a person has no column {node.id!r}{nearest(node.id, list(table))} ('policysim export people.csv' has "
                "them all)"
            )
        if isinstance(node, ast.Compare):
            _check_words(node, table)


def _check_words(node: ast.Compare, table: pd.DataFrame) -> None:
    parts = [node.left, *node.comparators]
    columns = [table[part.id].dtype for part in parts if isinstance(part, ast.Name) and part.id in table]
    known = [str(word) for column in columns if isinstance(column, pd.CategoricalDtype) for word in column.categories]
    for word in [each.value for part in parts for each in ast.walk(part) if isinstance(each, ast.Constant)]:
        if known and str(word) not in known:
            raise UserError(
                f"--where: {ast.unparse(node)} is never so: it takes {', '.join(map(repr, known))}{nearest(str(word), known)}"
            )


def picked(found: Sequence[int], week: int, condition: str) -> str:
    """Of how many it holds, and whose week is gone through."""
    others = ", ".join(str(one) for one in found[1 : FEW + 1])
    told = f"{condition}: so it is of {len(found)} in week {week}; this is the first of them"
    among = "others are" if len(found) <= FEW + 1 else "among the others are"
    return f"{told}, {among} {others}." if others else f"{told}."


def some_of(model: DrugPolicyModel) -> str:
    """Some of those who are there, one of each role first: their numbers, and who they are."""
    people = model.look()
    there = np.flatnonzero(people["present"])
    if not there.size:
        return "nobody is there"
    first = [int(there[people["role"][there] == role][0]) for role in np.unique(people["role"][there])]
    return "; ".join(f"{row}, {words.who(people[row : row + 1])}" for row in first)
