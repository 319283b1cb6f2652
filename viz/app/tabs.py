"""Tabs: names in a row, one of them open; one stop in the order of tabbing, arrows between them."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable

import solara


@solara.component_vue("tabs.vue")
def Tabs(names: list[str], chosen: int, label: str, event_choose: Callable[[int], None], panel: str = "") -> None:
    """Names, and the number of the one that is open; panel: the id of what they open."""
