"""Who is touched by a change: people whose lives come to differ between two models that go on from one start."""

from collections.abc import Iterator

import numpy as np

from policysim.experiments.lives.picking import gravity
from policysim.experiments.lives.replay import NOT_THEIR_LIFE
from policysim.model import DrugPolicyModel
from policysim.vocabulary.groups import SEXES
from policysim.vocabulary.states import Role

UNTIL = {"under 18": 18, "18 to 24": 25, "25 to 34": 35, "35 to 49": 50, "50 and over": 200}
"""Bands of age, by the age at which each ends (years)."""
ROLES = {role: role.name.lower().replace("_", " ") for role in Role}


class Touched:
    """Looks at two models after the same weeks; by person of both, shape (n,): who was there, and whose lives differ how."""

    def __init__(self, one: DrugPolicyModel, other: DrugPolicyModel):
        self.one, self.other = one, other
        n = one.records.size
        self.there, self.ever, self.gravely_now = (np.zeros(n, np.bool_) for _ in range(3))
        self.gravest, self.ways, self.age = (np.zeros(n, np.int64) for _ in range(3))
        self.role, self.sex = np.zeros(n, np.int8), one.records["sex"].copy()
        self.look()

    def look(self) -> None:
        """Take in how everyone's two lives stand now; those who come later are of the age and role in which they come."""
        one, other = self.one.look(), self.other.look()
        there = one["present"] | other["present"]
        new = there & ~self.there
        self.age[new], self.role[new] = one["age"][new], one["role"][new]
        self.there |= there
        self.ever |= apart(one, other)
        grave, ways = gravity(one, other)
        self.gravely_now = grave > 0
        np.maximum(self.gravest, grave, out=self.gravest)
        self.ways |= ways

    def groups(self) -> Iterator[tuple[str, str, np.ndarray]]:
        """What people are grouped by, the group, and who is in it."""
        yield "all", "everyone", self.there
        first = 0
        for band, end in UNTIL.items():
            yield "age", band, self.there & (self.age >= first) & (self.age < end)
            first = end
        for code, sex in enumerate(SEXES):
            yield "sex", sex, self.there & (self.sex == code)
        for role, name in ROLES.items():
            yield "role", name, self.there & (self.role == role)

    def counts(self) -> dict[tuple[str, str], tuple[int, int, int, int]]:
        """By group: people; whose lives ever differed; differed in what is grave; do so now."""
        looked = (self.there, self.ever, self.gravest > 0, self.gravely_now)
        return {
            (by, group): tuple(int((who & mask).sum()) for mask in looked)  # type: ignore[misc]
            for by, group, who in self.groups()
        }


def apart(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether anything in two lives differs, of what both records hold; shape (n,)."""
    found = np.zeros(one.size, np.bool_)
    for name in set(one.dtype.names or ()) & set(other.dtype.names or ()) - NOT_THEIR_LIFE:
        differs = one[name] != other[name]
        if one[name].dtype.kind == "f":
            differs &= (one[name] == one[name]) | (other[name] == other[name])  # what is no number equals itself
        found |= differs.reshape(one.size, -1).any(axis=1)
    return found
