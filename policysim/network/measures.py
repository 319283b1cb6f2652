"""What the ties look like, in numbers, and those numbers beside what is measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policysim.engine.jit import outer
from policysim.network.adjacency import HOUSEHOLD, TieKind, Ties, count_peers
from policysim.network.traits import birth_years, residents, uses_drugs
from policysim.network.using import UsingTies
from policysim.vocabulary.groups import opiate_or_crack

SAMPLE = 50_000
"""Clustering of more people than this is measured on so many, evenly spaced."""
FRIENDS = (TieKind.FRIEND,)
Rows = NDArray[np.int64]


def describe(ties: Ties, people: NDArray[np.void]) -> dict[str, float]:
    """The network in numbers: ties per person, clustering, likeness of friends, ties in the neighbourhood."""
    degree = ties.degree() if ties.people else np.zeros(1, np.int32)
    friends = ties.only(FRIENDS)
    first, second, _ = ties.pairs()
    place = people["neighbourhood"]
    measures = {
        "people": float(ties.people),
        "ties": float(ties.edges),
        "mean_degree": float(degree.mean()),
        "clustering": average_clustering(ties),
        "clustering_of_random_graph": float(degree.mean()) / max(ties.people - 1, 1),
        "clustering_of_friends": average_clustering(friends),
        "same_neighbourhood": _share(place[first] == place[second]),
    }
    for percent in (10, 50, 90, 100):
        measures[f"degree_percentile_{percent}"] = float(np.percentile(degree, percent))
    for kind in TieKind:
        measures[f"mean_degree_{kind.name.lower()}"] = float((ties.kind == kind).sum() / degree.size)
    return measures | _likeness(friends, people)


def _likeness(friends: Ties, people: NDArray[np.void]) -> dict[str, float]:
    """How alike friends are among residents: assortativity, from -1 to 1, and shares of ties."""
    first, second, _ = friends.pairs()
    there = people["enters"] == 0  # those to come have all the same age, and none uses yet
    first, second = first[there[first] & there[second]], second[there[first] & there[second]]
    uses, place = uses_drugs(people), people["neighbourhood"]
    one, other = np.concatenate((first, second)), np.concatenate((second, first))
    return {
        "assortativity_age": assortativity(people["age"], first, second),
        "assortativity_sex": assortativity(people["sex"], first, second),
        "assortativity_use": assortativity(uses, first, second),
        "friends_of_same_sex": _share(people["sex"][first] == people["sex"][second]),
        "friends_of_same_neighbourhood": _share(place[first] == place[second]),
        "friends_who_use_of_users": _share(uses[other[uses[one]]]),
        "friends_who_use_of_others": _share(uses[other[~uses[one]]]),
    }


def assortativity(value: NDArray[Any], first: NDArray[Any], second: NDArray[Any]) -> float:
    """Correlation of a number, or of yes and no, between the two ends of ties; nan where nothing varies."""
    one = np.concatenate((value[first], value[second])).astype(np.float64)
    other = np.concatenate((value[second], value[first])).astype(np.float64)
    if not one.size or not one.var():
        return float("nan")
    middle = one.mean()
    return float(((one - middle) * (other - middle)).mean() / one.var())


def average_clustering(ties: Ties) -> float:
    """Mean over people of the share of pairs of their peers who are tied (0 for fewer than two peers)."""
    rows = np.arange(ties.people)
    if rows.size > SAMPLE:
        rows = rows[np.arange(SAMPLE) * rows.size // SAMPLE]
    closed, pairs = _triads(ties.indptr, ties.indices, rows)
    return float((closed / np.maximum(pairs, 1)).mean()) if rows.size else 0.0


def transitivity(ties: Ties, rows: Rows) -> float:
    """Of all pairs of peers of these people, the share who are tied themselves."""
    closed, pairs = _triads(ties.indptr, ties.indices, rows)
    return float(closed.sum() / max(pairs.sum(), 1))


def _share(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if flags.size else float("nan")


@outer
def _triads(indptr, indices, rows):
    """For each row, the pairs of its neighbours that are tied, and all pairs of its neighbours."""
    closed, pairs = np.zeros(rows.size, np.int64), np.zeros(rows.size, np.int64)
    for i in range(rows.size):
        begin, end = indptr[rows[i]], indptr[rows[i] + 1]
        pairs[i] = (end - begin) * (end - begin - 1) // 2
        for one in range(begin, end):
            a, b = one + 1, indptr[indices[one]]
            while a < end and b < indptr[indices[one] + 1]:  # both lists rise: walk them side by side
                if indices[a] == indices[b]:
                    closed[i] += 1
                    a, b = a + 1, b + 1
                elif indices[a] < indices[b]:
                    a += 1
                else:
                    b += 1
    return closed, pairs


# ---------------------------------------------------------------- beside what is measured


def measures(ties: Ties, people: NDArray[np.void], using: UsingTies | None = None) -> dict[str, float]:
    """What published figures can be compared with, for residents at week 0; named as in `target_...`."""
    now = residents(people["enters"])
    age = people["age"][now]
    friends = ties.only(FRIENDS)
    alone = ties.degree(HOUSEHOLD)[now] == 0
    couples = ties.degree((TieKind.PARTNER,))[now] > 0
    parents = _parents_at_home(ties, people)
    children = parents[now] > 0
    siblings = count_peers(people["enters"] == 0, ties.only((TieKind.SIBLING,)))
    found = {
        "friends_young": _mean(friends.degree()[now], (age >= 10) & (age < 25)),
        "friends_adult": _mean(friends.degree()[now], age >= 25),
        "transitivity_young": transitivity(friends, now[(age >= 11) & (age < 16)]),
        "with_parents_20_24": _mean(children, (age >= 20) & (age < 25)),
        "living_in_couple": _mean(couples, (age >= 16) & (age < 65)),
        "couples_5_years_apart": _couples_apart(ties, people, 5),
        "lone_parents": _mean(parents[now] == 1, children),
        "living_alone_16_49": _mean(alone, (age >= 16) & (age < 50)),
        "siblings_10_17": _mean(siblings[now], (age >= 10) & (age < 18)),
        "classmates_11_15": _mean(ties.degree((TieKind.SCHOOL,))[now], (age >= 11) & (age < 16)),
    }
    if using is not None:
        found["using_ties"] = _mean(using.degree()[now], opiate_or_crack(people)[now])
    return found | _likeness(friends, people)


def table(
    ties: Ties,
    people: NDArray[np.void],
    parameters: Iterable[Mapping[str, str]] = (),
    using: UsingTies | None = None,
) -> list[dict[str, Any]]:
    """Each measure beside its published figure.

    A row holds measure, model, reference, low, high, unit, source, url and quality. `parameters` are rows of
    network.csv, those with an id `target_...` being the figures; where there is none the quality is 'no
    data'.
    """
    known = {row["id"].removeprefix("target_"): row for row in parameters if row["id"].startswith("target_")}
    rows = []
    for name, value in measures(ties, people, using).items():
        row: dict[str, Any] = {"measure": name, "model": value}
        reference = known.get(name)
        for column, field in (("reference", "value"), ("low", "low"), ("high", "high")):
            row[column] = float(reference[field]) if reference and reference[field] else None
        for column in ("unit", "source", "url", "quality"):
            row[column] = reference[column] if reference else {"quality": "no data"}.get(column, "")
        rows.append(row)
    return rows


def _mean(values: NDArray[Any], among: NDArray[np.bool_]) -> float:
    return float(values[among].mean()) if among.any() else float("nan")


def _parents_at_home(ties: Ties, people: NDArray[np.void]) -> NDArray[np.int64]:
    """Number of parents with whom each person lives: of a parent and a child the parent is the elder."""
    born = birth_years(people)
    first, second, _ = ties.only((TieKind.PARENT,)).pairs()
    younger = np.where(born[first] < born[second], second, first)
    return np.bincount(younger, minlength=ties.people)


def _couples_apart(ties: Ties, people: NDArray[np.void], years: float) -> float:
    first, second, _ = ties.only((TieKind.PARTNER,)).pairs()
    return _share(np.abs(people["age"][first] - people["age"][second]) >= years)
