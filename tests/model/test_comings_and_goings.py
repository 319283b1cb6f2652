"""People come and go: entrants, horizons and starting points are the same whatever is done to others."""

import numpy as np
import pytest
from branch_scenarios import EVERYTHING
from small_worlds import BUSY, after, differing, model

from policysim.vocabulary.states import SUBSTANCES, Care, Justice, Life, Occupation, Role


@pytest.mark.slow
def test_entrants_are_the_same_people_under_every_regime():
    """Whatever was done to others before, whoever turns ten brings the same traits, ties of their own apart."""
    runs = [model(people=1500, years=2, parameters=BUSY, regime=regime) for regime in ("status-quo", EVERYTHING)]
    for _ in range(52):
        entering = int(runs[0].roster.entered[runs[0].week])
        before = int(runs[0].roster.entered[max(runs[0].week - 1, 0)])
        for made in runs:
            made._let_in(made.week)
        one, other = (made.people[before:entering] for made in runs)
        assert set(differing(one, other)) <= {"ties", "peers_using", "using_peers", "peers_with_naloxone"}
        for made in runs:
            made.people["present"][before:entering] = False
            made.people["life"][before:entering] = Life.NOT_YET
            made.peers.update(np.arange(before, entering))
            made.step()
    assert entering > runs[0].roster.entered[0] + 15
    assert differing(runs[0].people, runs[1].people)


def test_a_longer_run_begins_as_a_shorter_one_does():
    short, long = (after(52, people=600, years=years, parameters=BUSY, regime="multi-component") for years in (1, 3))
    n = short.people.size
    assert long.people.size > n
    assert differing(short.people, long.people[:n]) == []
    assert np.array_equal(short.outcomes.flows[:52], long.outcomes.flows[:52])
    assert np.array_equal(short.outcomes.sums[:52], long.outcomes.sums[:52])


def test_everyone_begins_on_one_value_of_every_axis():
    people = model(people=2000).people
    assert people["use"].shape[1] == SUBSTANCES
    for field, states in (
        ("care", Care),
        ("justice", Justice),
        ("life", Life),
        ("role", Role),
        ("occupation", Occupation),
    ):
        assert set(np.unique(people[field])) <= {int(state) for state in states}
