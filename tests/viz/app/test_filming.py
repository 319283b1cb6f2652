"""The people who are filmed: who they are, where they stand, and in which state."""

import networkx as nx
import numpy as np

from policysim.model import DrugPolicyModel
from policysim.viz.app.filming import sampled
from policysim.viz.app.filming.film import Film
from policysim.viz.app.filming.reels import Reels
from policysim.viz.app.filming.sampled import State
from policysim.vocabulary.states import Care, Justice, Life, Use


def test_states_of_people():
    made = DrugPolicyModel(place="dorset", seed=1, people=200, years=1)
    people = made.people[:7].copy()
    people["use"], people["care"], people["justice"], people["life"] = Use.NEVER, Care.NONE, Justice.FREE, Life.PRESENT
    people["use"][0, 6] = Use.DEPENDENT  # drinking alone is not shown
    people["use"][1, 0] = Use.FORMER
    people["use"][2, :2] = (Use.REGULAR, Use.REMISSION)
    people["use"][3:, 2] = Use.DEPENDENT
    people["care"][4:] = Care.AGONIST
    people["justice"][5:] = Justice.CUSTODY
    people["life"][6] = Life.DEAD
    expected = ["NEVER", "STOPPED", "USES", "DEPENDENT", "TREATMENT", "CUSTODY", "DIED"]
    assert [State(state).name for state in sampled.states_of(people)] == expected
    people["care"][3] = Care.WAITING
    assert sampled.states_of(people)[3] == State.DEPENDENT


def test_the_sample_hangs_together_and_is_the_same_every_time():
    made = DrugPolicyModel(seed=1, people=4000, years=1)
    rows = sampled.sample(made)
    assert len(set(rows.tolist())) == len(rows) == sampled.PEOPLE
    assert made.people["present"][rows].all()
    assert np.array_equal(rows, sampled.sample(DrugPolicyModel(seed=1, people=4000, years=1)))
    ties = sampled.ties_among(made, rows)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(rows)))
    graph.add_edges_from((one, other) for one, other, _ in ties)
    assert nx.number_connected_components(graph) <= 10
    assert any(using for _, _, using in ties)
    states = sampled.states_of(made.people[rows])
    assert 0.1 < (states >= State.USES).mean() < 0.9


def test_a_place_smaller_than_the_sample():
    made = DrugPolicyModel(place="dorset", seed=1, people=60, years=1)
    assert len(sampled.sample(made)) == int(made.people["present"].sum())


def test_layout_is_fixed_and_lets_everyone_be_seen():
    ties = [(k, k + 1, False) for k in range(39)]
    x, y = sampled.lay_out(40, ties)
    again = sampled.lay_out(40, ties)
    assert np.array_equal(x, again[0])
    assert np.array_equal(y, again[1])
    assert 0 <= min(x.min(), y.min()) <= max(x.max(), y.max()) <= 1
    gaps = np.hypot(x[:, None] - x, y[:, None] - y)[~np.eye(40, dtype=bool)]
    assert gaps.min() > sampled.CLEARANCE / 2


def test_reels_of_a_film_join_to_every_week_once():
    made = DrugPolicyModel(place="dorset", seed=1, people=300, years=1)
    film, reels = Film(made), Reels()
    expected = []
    for _week in range(5):
        film.take(made)
        expected.append(sampled.states_of(made.look()[film.cast.rows]))
        if len(expected) in (2, 5):
            reels.take(film.reel(made.regime.id))
        made.step()
    assert np.array_equal(reels.frames(made.regime.id), np.array(expected))
    assert reels.frames("another").size == 0
