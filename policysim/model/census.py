"""The yearly census: every institution looks at the people who are present in its area."""

from typing import TYPE_CHECKING

import numpy as np

from policysim.engine.jit import outer
from policysim.vocabulary.rows import Those

if TYPE_CHECKING:
    from policysim.model.drug_policy_model import DrugPolicyModel


def take_census(model: "DrugPolicyModel") -> None:
    """People at rest are looked at as they have become; they rest on."""
    model.state.rest.make_up()
    everyone = model.records[: int(model.roster.entered[model.week])]
    everywhere = Those(everyone, everyone["present"])
    within = [Those(everyone, rows) for rows in by_area(everyone, model.places, len(model.areas_of))]
    for institution in model.institutions:
        institution.census(within[institution.area] if institution.area >= 0 else everywhere)


def by_area(people: np.ndarray, places: np.ndarray, areas: int) -> list[np.ndarray]:
    """The rows of those present in each area 0 .. areas - 1, rising."""
    rows, ends = _laid_out(people, places, areas)
    return np.split(rows, ends[:-1])


@outer
def _laid_out(people: np.ndarray, places: np.ndarray, areas: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows of all areas one behind another, and where those of each end; four bytes a row, as there may be millions."""
    counts = np.zeros(areas, np.int64)
    for row in range(people.size):
        if people[row]["present"]:
            counts[places[people[row]["neighbourhood"]]["area"]] += 1
    ends = np.cumsum(counts)
    rows, place = np.empty(counts.sum(), np.int32), ends - counts
    for row in range(people.size):
        if people[row]["present"]:
            area = places[people[row]["neighbourhood"]]["area"]
            rows[place[area]] = row
            place[area] += 1
    return rows, ends
