"""What the institutions of a kind decide together is what each of them would have decided by itself."""

from types import SimpleNamespace

import numpy as np

from policysim.agents.institutions.together import by_authority, first_in_each


def test_each_authority_has_its_own_first_by_the_last_key_then_by_the_one_before():
    luck = np.random.default_rng(3)
    areas, draws, waits = luck.integers(0, 4, 200), luck.random(200), luck.integers(0, 3, 200)
    most = np.array([5.0, 0.0, -2.0, 1000.0])
    chosen = first_in_each(areas, most, draws, waits)
    for area, number in enumerate(most):
        own = np.flatnonzero(areas == area)
        expected = own[np.lexsort((draws[own], waits[own]))[: max(int(number), 0)]]
        assert sorted(chosen[areas[chosen] == area].tolist()) == sorted(expected.tolist())
    nobody = np.empty(0, np.int64)
    assert first_in_each(nobody, most, nobody).size == 0


def test_a_number_of_each_stands_at_its_authority_and_nothing_where_none_serves():
    model = SimpleNamespace(areas_of=[None, None, None])
    services = [SimpleNamespace(area=area, model=model, places=area + 0.5) for area in (2, 0)]
    assert by_authority(services, lambda each: each.places).tolist() == [0.5, 0, 2.5]


def test_of_equals_the_first_come_first():
    areas, same = np.array([0, 1, 0, 1, 0, 1]), np.zeros(6)
    assert sorted(first_in_each(areas, np.array([2.0, 1.0]), same, same).tolist()) == [0, 1, 2]
