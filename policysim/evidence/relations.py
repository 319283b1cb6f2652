"""What numbers of the registry must be to one another, and where one of them ends: said once, as data.

A range says how uncertain a number is. It does not say that lessons must begin before they end, nor that charges and
cautions are parts of one whole; and a number beyond its range is allowed, until it means nothing any more. What would
divide by zero, give a hazard below zero or cut off a share in silence is refused here, before anything runs.
All numbers are in the registry's own units.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policysim.errors import UserError

HAIR = 1e-9
"""By how much shares may add up to more than one because of how decimal numbers are stored."""


@dataclass(frozen=True)
class Limit:
    """Beyond which a number of this name means nothing, and why."""

    name: str
    why: str
    least: float = -float("inf")
    most: float = float("inf")

    def fault(self, value: float) -> str:
        """What is allowed and why, where this value is not; empty where it is."""
        if value < self.least:
            return f"must be at least {self.least:g}, not {value:g}: {self.why}"
        if value > self.most:
            return f"must be at most {self.most:g}, not {value:g}: {self.why}"
        return ""


@dataclass(frozen=True)
class Order:
    """Two numbers that stand in an order; with `apart` they may not be equal either."""

    lower: str
    upper: str
    apart: bool = False

    def faults(self, values: Mapping[str, float]) -> Iterator[str]:
        """One sentence where the order is broken."""
        low, high = values[self.lower], values[self.upper]
        if low > high or (self.apart and low == high):
            allowed = "must be below" if self.apart else "must not be above"
            yield (
                f"parameters {self.lower} = {low:g} and {self.upper} = {high:g} contradict each other: "
                f"{self.lower} {allowed} {self.upper}"
            )


@dataclass(frozen=True)
class Whole:
    """Two shares of one whole, which add up to no more than it; of tables, key by key."""

    one: str
    other: str

    def faults(self, values: Mapping[str, float]) -> Iterator[str]:
        """One sentence for each pair that adds up to more than one."""
        for one in [key for key in values if key.startswith(self.one)]:
            share, other = values[one], self.other + one[len(self.one) :]
            if one.partition("[")[0] == self.one and share + values[other] > 1 + HAIR:
                yield (
                    f"parameters {one} = {share:g} and {other} = {values[other]:g} contradict each other: they are "
                    "shares of one whole and may add up to 1 at most"
                )


LIMITS: dict[str, Limit] = {
    limit.name: limit
    for limit in (
        Limit("class_size", "in a smaller class nobody has two others to know", least=3),
        Limit("sharers", "somebody who lives alone is one", least=1),
        Limit("friend_reach_young", "years within which people are of like age cannot vanish", least=0.1),
        Limit("friend_reach_adult", "years within which people are of like age cannot vanish", least=0.1),
        Limit("relapse_in_group", "people at rest are woken by the hazard of those in no group", most=1),
        Limit("custody_look_back", "arrests are counted by the week", least=1),
        Limit(
            "offending_after_diversion",
            "diversion was never seen to raise offending, and arrests are bounded by that",
            most=1,
        ),
        *(
            Limit(name, "diversion was never seen to raise offending, and arrests are bounded by that", most=1)
            for name in ("offending_after_youth_diversion", "offending_after_youth_caution")
        ),
        Limit("prolific_share", "somebody commits the most, and somebody less", least=0.001, most=0.999),
        Limit("relapse_half_time", "what halves in no time was never there", least=0.01),
        Limit("dropout_half_time", "what halves in no time was never there", least=0.01),
        Limit("prescribed_opioid_spread", "ages within which deaths fall cannot vanish", least=1),
        Limit("room_distance", "nobody lives nearer than next door", least=0.01),
        Limit("lessons_at_most", "to reach every last pupil would take lessons without end", most=0.9999),
        Limit("friends_most", "nobody has more friends, and no more are kept", most=127),
        Limit("friends_young", "nobody has more friends, and no more are kept", most=127),
        Limit("friends_adult", "nobody has more friends, and no more are kept", most=127),
        Limit("friends_met", "nobody chooses a friend from more", most=100),
        Limit("using_ties", "nobody uses with more", most=100),
        Limit("aces_most", "nine kinds of adverse childhood experience are told apart", most=9),
        Limit("episodes_at_start", "treatment is begun no more often in a life", most=100),
        Limit("longest_count", "the record of a person counts no further", most=127),
        Limit("last_band", "the tables by age end with the band 75-79", most=13),
        Limit("year_weeks", "the year of the model has 52 weeks everywhere", least=52, most=52),
        Limit("balance_levels", "levels so near one another are the same", most=100),
        Limit("start_peak_age", "nobody in the model is younger than ten", least=11, most=80),
        Limit("start_width", "a narrower curve is all but a single age", least=0.2),
        Limit("ocu_age_spread", "a curve without width is a single age", least=1),
        Limit("couple_years", "a rise without length is a step", least=0.1),
        Limit("maturing", "it is a power of e, beyond which every chance is none or certain", least=-0.2, most=0.2),
        Limit("older_ratio", "no place has so few people of 60 to 64", most=100),
        Limit("suicide_ratio_opioid", "it would be certain within weeks", most=1000),
        Limit("suicide_ratio_ill", "it would be certain within weeks", most=1000),
    )
}
"""By name; the units alone allow more (`policysim.evidence.registry.checked`)."""

UNIT_LIMITS: dict[str, Limit] = {
    limit.name: limit
    for limit in (
        Limit("log ratio", "it is a power of e, beyond which every chance is none or certain", least=-10, most=10),
        Limit(
            "log ratio per year", "it is a power of e, beyond which every chance is none or certain", least=-1, most=1
        ),
        Limit("weeks", "nobody lives for more than a century", most=5200),
        Limit("years", "nobody lives for more than a century", most=100),
    )
}
"""By unit, for every number that has it."""

RELATIONS: tuple[Order | Whole, ...] = (
    Order("lessons_from_age", "lessons_to_age", apart=True),
    Order("police_lessons_from_age", "police_lessons_to_age", apart=True),
    Order("secondary_age", "year_groups_until", apart=True),
    Order("parent_age_youngest", "parent_age_oldest"),
    Order("friend_reach_young", "friend_reach_adult"),
    Order("aces_many", "aces_most"),
    Order("upper_age", "upper_age_dependent"),
    Whole("charge_share", "caution_share"),
    Whole("custody_share", "order_share"),
    Whole("four_aces_share", "one_ace_share"),
)
"""Pairs of numbers of which one bounds the other."""


RELATED = frozenset(
    id.partition("[")[0]
    for relation in RELATIONS
    for id in ((relation.lower, relation.upper) if isinstance(relation, Order) else (relation.one, relation.other))
)
"""Names of numbers that must go together with another."""


def check_relations(values: Mapping[str, float]) -> None:
    """Whether all numbers, by id, go together; raises UserError with the first pair that does not."""
    for relation in RELATIONS:
        for fault in relation.faults(values):
            raise UserError(fault)
