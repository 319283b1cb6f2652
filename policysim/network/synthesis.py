"""The ties among everyone who will be in the model at any week, laid once before it begins.

Households, classes at school and friendships, as in England and Wales so far as they are measured; what
nobody measured is said to be assumed in configs/evidence/parameters/network.csv. Ties of people still to
enter are laid too and count while both are present. A longer horizon adds people at the end of the roster and
their ties: ties among those who were there already stay as they are, since no tie depends on anyone later in
the roster.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from policysim.network.adjacency import Ties
from policysim.network.friends import classmates, friendships, seen_of, turns
from policysim.network.households import households
from policysim.network.traits import Luck, Numbers, residents
from policysim.network.using import UsingTies, by_neighbourhood
from policysim.vocabulary.groups import opiate_or_crack


def synthesise(
    people: NDArray[np.void], neighbours: NDArray[np.int32], luck: Luck, parameters: Numbers, threads: int = 1
) -> Ties:
    """Lay the lasting ties among `people`, rows in order of entry.

    `neighbours` has a row for each neighbourhood with the nearest others (`policysim.world.neighbourhoods.neighbours`),
    `luck` gives every draw as a function of a decision's name, the person and a number, `parameters` the
    numbers of network.csv. The parts know nothing of each other, so that `threads` change nothing.
    """
    if not len(people):
        return Ties.from_edges(0, [], [], [])
    if people["neighbourhood"].min() < 0 or people["neighbourhood"].max() >= len(neighbours):
        raise ValueError(f"people live outside the neighbourhoods 0 .. {len(neighbours) - 1}")
    with ThreadPoolExecutor(1) as beside:
        at_home = beside.submit(households, people, luck, parameters) if threads > 1 else None
        seen = seen_of(people)
        order = turns(people, seen)
        at_school = classmates(people, seen, order, neighbours, luck, parameters)
        friends = friendships(people, seen, order, neighbours, luck, parameters)
        del seen, order  # large, as all is that has a number for each person
        together = at_home.result() if at_home else households(people, luck, parameters)
    return Ties.laid(len(people), [together, at_school, friends])


def synthesise_using(
    people: NDArray[np.void], neighbours: NDArray[np.int32], luck: Luck, parameters: Numbers
) -> UsingTies:
    """Lay the using ties among residents dependent on heroin or crack at week 0; events change them later."""
    using = UsingTies.empty(len(people))
    now = residents(people["enters"])
    dependent = now[opiate_or_crack(people)[now]]
    current = by_neighbourhood(dependent, people["neighbourhood"], len(neighbours))
    using.form(dependent, current, people, neighbours, luck, parameters)
    return using
