"""Real numbers that a record holds in four bytes: rules read them in eight, work in eight, and round where they write.

So does Python, in which every real number has eight: both engines agree to the bit. Compiled code would work in four
wherever it found nothing but such numbers.
"""

import ast
from collections.abc import Iterable

import numpy as np

NARROW = "f4"


def narrow_in(layouts: Iterable[np.dtype]) -> frozenset[str]:
    """The names of the fields of these records that are held so."""
    return frozenset(name for dtype in layouts for name in dtype.names or () if dtype[name] == NARROW)


class Widening(ast.NodeTransformer):
    """Puts `float64(...)` around every reading of such a field in a function that is about to be compiled."""

    def __init__(self, narrow: frozenset[str]):
        self.narrow = narrow
        self.imports: set[tuple[str, str]] = set()

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if not (isinstance(node.target, ast.Attribute) and node.target.attr in self.narrow):
            return self.generic_visit(node)
        before = ast.Attribute(node.target.value, node.target.attr, ast.Load())
        return self.visit(ast.copy_location(ast.Assign([node.target], ast.BinOp(before, node.op, node.value)), node))

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if node.attr not in self.narrow or not isinstance(node.ctx, ast.Load):
            return node
        self.imports.add(("numba", "float64"))
        return ast.copy_location(ast.Call(ast.Name("float64", ast.Load()), [node], []), node)
