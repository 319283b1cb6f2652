"""Vector pictures on paper: a letter that stands in one a hundred times is read once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fpdf.drawing import GraphicsContext

_ALONE = threading.Lock()


@contextmanager
def letters_shared() -> Iterator[None]:
    """Within the block what a picture refers to is set into it as it is, where fpdf2 copies it, point by point, each time.

    Nothing is changed once it is set, so that the paper is the same; half of the time that a report takes went into copies.
    """
    with _ALONE:
        usual = GraphicsContext.add_item

        def shared(context: GraphicsContext, item: Any, clone: bool = True) -> None:
            usual(context, item, clone=False)

        setattr(GraphicsContext, "add_item", shared)  # noqa: B010 - to a method nothing can be assigned, says mypy
        try:
            yield
        finally:
            setattr(GraphicsContext, "add_item", usual)  # noqa: B010
