"""The page as a whole, without a server."""

import ast
import re
from pathlib import Path

import pytest
import solara
from tiny_page import never, words_of, workers_of

from policysim.scenarios.regime import regimes
from policysim.viz import app
from policysim.viz.app import page
from policysim.viz.app.compare.form import Form
from policysim.viz.app.running.comparison import Comparisons
from policysim.viz.app.session import Session


def test_the_page_renders_with_its_rooms_care_and_help_lines(monkeypatch):
    monkeypatch.setattr(page, "Session", lambda: Session(lambda: Comparisons(workers_of(never))))
    box, context = solara.render(page.Page(), handle_error=False)
    try:
        words = words_of(box)
    finally:
        context.close()
    assert page.TITLE in words and "0300 123 6600" in words and "116 123" in words
    assert "Settling people and laying their ties" in words


def test_the_form_says_what_each_regime_does():
    box, context = solara.render(Form(Session(lambda: Comparisons(workers_of(never)))), handle_error=False)
    try:
        words = words_of(box)
    finally:
        context.close()
    for regime in regimes().values():
        assert regime.name in words and regime.summary in words


@pytest.mark.parametrize("file", sorted(Path(app.__file__).parent.rglob("*.py")), ids=lambda file: file.name)
def test_no_module_of_the_page_keeps_anything_between_sessions(file):
    """Every session shares the modules: what they hold at the top is constants, classes and functions."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            of_a_type = isinstance(node.value, ast.Subscript | ast.BinOp | ast.Name)
            allowed = r"[A-Z_, ()]+|__all__" + (r"|[A-Z][A-Za-z]+" if of_a_type else "")
            assert all(re.fullmatch(allowed, ast.unparse(target)) for target in targets)
        assert not [inner for inner in ast.walk(node) if isinstance(inner, ast.Global)]
