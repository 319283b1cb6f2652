"""Numbers that shape who lives in a place are rows of the registry, and not written into the code."""

import ast
from pathlib import Path

import pytest

from policysim.world import population

FOLDER = Path(population.__file__).parent
SYNTHESIS = ("population", "residents", "cohort", "use", "standing", "traits", "families")
# Constants of a module that are no number of the model: what each is says the comment beside it.
NAMED = {"NEVER_PRESENTED", "PER_RESIDENTS", "UNIFORMS", "TO_UNIT_SPREAD"}


def bare_numbers(source: str) -> list[str]:
    """Numbers but 0 and 1, the 2 of a half, and named constants that are none of the model's."""
    tree = ast.parse(source)
    allowed = set()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Assign)
            and {target.id for target in node.targets if isinstance(target, ast.Name)} & NAMED
        ):
            allowed |= set(ast.walk(node.value))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and getattr(node.right, "value", None) == 2:
            allowed.add(node.right)
    return [
        f"line {node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in (0, 1)
        if node not in allowed
    ]


@pytest.mark.parametrize("module", SYNTHESIS)
def test_the_synthesis_of_people_holds_no_numbers_but_0_1_and_halves(module):
    found = bare_numbers((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    assert found == [], "a number that shapes who lives in a place is a row of configs/evidence/parameters"


def test_every_module_of_the_synthesis_is_looked_at():
    others = {
        "__init__",
        "authorities",
        "places",
        "spelling",
        "blocks",
        "naming",
        "neighbourhoods",
        "here",
        "world",
        "status_quo",
    }
    assert {path.stem for path in FOLDER.glob("*.py")} == others | set(SYNTHESIS)


@pytest.mark.parametrize("hidden", ["age >= 18", "0.5 * u", "2 * u", "u / 4", "LONGEST = 200", "u % 3"])
def test_a_number_in_code_is_found(hidden):
    assert bare_numbers(hidden)


@pytest.mark.parametrize("plain", ["u + 1 / 2", "(a + b) / 2", "u > 0", "UNIFORMS = 4", "people['ill'] |= True"])
def test_arithmetic_is_no_number(plain):
    assert bare_numbers(plain) == []
