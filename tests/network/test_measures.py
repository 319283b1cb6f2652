"""Measures of ties agree with NetworkX and stand beside published figures."""

import networkx
import numpy as np
import pytest
from ring_of_neighbourhoods import PARAMETERS, luck_of, ring, rows_of_numbers

from policysim.network.adjacency import TieKind
from policysim.network.exchange import to_networkx
from policysim.network.measures import average_clustering, describe, table, transitivity
from policysim.network.synthesis import synthesise


def test_measures_agree_with_networkx(people, ties):
    few = people[:600]
    small = synthesise(few, ring(), luck_of(1), PARAMETERS)
    graph = to_networkx(small, few)
    assert average_clustering(small) == pytest.approx(networkx.average_clustering(graph))
    assert transitivity(small, np.arange(small.people)) == pytest.approx(networkx.transitivity(graph))
    friends = to_networkx(small.only((TieKind.FRIEND,)), few)
    expected = networkx.numeric_assortativity_coefficient(friends, "age")
    assert describe(small, few)["assortativity_age"] == pytest.approx(expected)
    expected = networkx.attribute_assortativity_coefficient(friends, "sex")
    assert describe(small, few)["assortativity_sex"] == pytest.approx(expected)


def test_the_table_puts_each_measure_beside_its_source(ties, people, using):
    rows = table(ties, people, rows_of_numbers(), using)
    assert [row["measure"] for row in rows if row["quality"] == "no data"]
    named = {row["measure"]: row for row in rows}
    assert named["transitivity_young"]["low"] <= named["transitivity_young"]["reference"]
    assert named["transitivity_young"]["url"].startswith("https://")
    targets = {row["id"] for row in rows_of_numbers() if row["id"].startswith("target_")}
    assert targets <= {f"target_{measure}" for measure in named}
    assert {row["quality"] for row in table(ties, people)} == {"no data"}
