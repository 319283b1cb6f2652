"""One of several, as the browser's own list: every keyboard and every screen reader knows it."""
# ruff: noqa: N802  (components are named like classes)

from collections.abc import Callable

import solara


@solara.component_vue("pick.vue")
def Pick(label: str, options: list[dict[str, str]], chosen: str, event_choose: Callable[[str], None]) -> None:
    """What there is to choose from, each with value and text, and the value that is chosen."""


def options(words: dict[str, str]) -> list[dict[str, str]]:
    """For `Pick`, from texts by value."""
    return [{"value": value, "text": text} for value, text in words.items()]
