"""Templates of the page and the functions of Python that stand for them."""

import ast
import re
from pathlib import Path

import pytest

from policysim.viz.app import page

APP = Path(page.__file__).parent


def components() -> list[tuple[Path, list[str]]]:
    """Each template with the events that it may tell of."""
    found = []
    for file in sorted(APP.rglob("*.py")):
        for one in ast.walk(ast.parse(file.read_text())):
            for call in getattr(one, "decorator_list", []):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "solara.component_vue":
                    arguments = [argument.arg for argument in (*one.args.args, *one.args.kwonlyargs)]
                    events = [name for name in arguments if name.startswith("event_")]
                    found.append((file.parent / ast.literal_eval(call.args[0]), events))
    return found


@pytest.mark.parametrize(("template", "events"), components(), ids=lambda one: getattr(one, "stem", ""))
def test_no_function_of_a_template_is_hidden_by_an_event(template, events):
    """Solara puts each event there under its short name as well, in place of a function that has it."""
    named = set(re.findall(r"^    (?:async )?(\w+)\(.*\) \{$", template.read_text(), re.MULTILINE))
    short = {name.removeprefix("event_") for name in events}
    assert not named & short, f"{template.name}: {', '.join(named & short)}"
