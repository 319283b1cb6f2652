"""What people at rest go by where they live: which changes of it are seen."""

from types import SimpleNamespace

import numpy as np
import pytest

from policysim.engine.rest import Rest


def attended(kind: str) -> Rest:
    """Four places of numbers of ten, of a kind, looked at."""
    places = np.zeros(
        4, np.dtype([("rate", kind), ("table", "f8", (2,)), ("exact", "f8"), ("other", "f8")], align=True)
    )
    rest = Rest(1, 1, 1, 1)
    state = SimpleNamespace(
        people=np.zeros(1, [("neighbourhood", "i4")]), places=places, world=np.zeros(1, [("week", "i4")])
    )
    fields = {"HERE_READ": {"rate": 1, "table": 6}, "HERE_EXACT": {"exact": 8}, "WORLD_READ": ()}
    rest.attend(state, SimpleNamespace(**fields, wake_concerned=lambda *_: None))
    places["rate"], places["table"], places["exact"] = 10, 10, 10
    rest.look_around()
    return rest


def test_a_small_rise_is_not_forgotten_where_something_else_rises():
    rest = attended("f8")
    places = rest.state.places
    places["rate"], places["table"] = 10.4, 20
    assert rest._changed_here()[1].tolist() == [6] * 4, "the one has risen by a little"
    rest.look_around()
    places["rate"] = 10.6
    assert rest._changed_here()[1].tolist() == [1] * 4


@pytest.mark.parametrize("kind", ["f8", "i2"])
def test_a_rise_around_people_is_seen_whatever_the_kind_of_a_number(kind):
    """What is looked at as it lies in memory, and what must be taken out field by field, tell of the same rises."""
    rest = attended(kind)
    places = rest.state.places

    def where(name, row, value) -> dict[int, int]:
        places[name][row] = value
        found, changed = rest._changed_here()
        assert found == changed.any()
        rest.look_around()
        return {int(row): int(changed[row]) for row in np.flatnonzero(changed)}

    assert where("rate", 2, 10) == {}
    assert where("rate", 2, 9) == {}, "a bar stands no higher for a hazard that falls"
    assert where("rate", 1, 12) == {1: 1}
    assert where("table", (3, 1), 12) == {3: 6}
    assert where("exact", 0, 9) == {0: 8}
    assert where("other", 0, 9) == {}
