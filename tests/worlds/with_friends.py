"""People who go by their friends, and the same people with helpers in a version of their own.

Both have the same fields, so that the second takes no more to compile than what is another in it.
"""

import numpy as np

from policysim.rules import (
    Adult,
    Care,
    DependentUser,
    Field,
    Friends,
    Substance,
    Use,
    YoungPerson,
    at_liberty,
    be_excluded,
    begin,
    happens,
    helper,
    occurs,
    rule,
    search_exposure,
    uses_often,
)

NUMBERS: dict[str, float] = {
    "ocu_per_1000": 60, "seek_rate[opiate-group]": 6, "dropout_rate[agonist]": 2, "overdose_rate[heroin]": 3,
    "fatality_opioid": 0.2, "searches_per_1000": 400, "exclusion_rate[men]": 0.5, "exclusion_rate[women]": 0.5,
}  # fmt: skip
"""So that friends come and go, and most people still rest."""
LATELY = 6


def club(people, luck):
    """Half of everybody, whenever they enter, in a ring that chance lays; the next two in it are tied."""
    rows = np.arange(people.size)
    members = rows[luck(rows) < 0.5]
    order = members[np.argsort(luck(members, 1), kind="stable")]
    return np.concatenate([order, order]), np.concatenate([np.roll(order, 1), np.roll(order, 2)])


@helper
def mourning(self, here, world):
    """Hazard of mourning, by friends lost lately."""
    return 0.1 * self.lost_lately


class Counting:
    """The fields of both."""

    friends_in_care = Friends(lambda friend: friend.care >= Care.AGONIST)
    friends_lost = Friends(died=True)
    lost_lately = Friends(died=True, weeks=LATELY)
    often = Friends(lambda friend: (uses_often(friend, Substance.CANNABIS) or friend.injects) and at_liberty(friend))
    club_in_care = Friends(lambda friend: friend.care >= Care.AGONIST, network=club)
    at_home = Friends(network="household")
    comfort = Field("i2", "weeks of comfort so far", "weeks", 0)
    mourned = Field("i2", "weeks of mourning so far", "weeks", 0)
    exclusion_in = Field("i2", "weeks until an exclusion that is decided", "weeks", 0)


class WithFriends(Counting):
    """Goes by friends: is comforted by them and mourns them, without a mark."""

    touched = Friends(lambda friend: friend.comfort + friend.mourned > 1 and not 12 <= friend.comfort < 14, weeks=9)

    @rule
    def be_comforted(self, here, world, luck):
        """With somebody in treatment near, or in the club."""
        if self.friends_in_care + self.club_in_care == 0:
            return
        if happens(0.2 * self.friends_in_care + 0.1 * self.club_in_care + 0.01 * min(self.at_home, 5), luck):
            self.comfort = min(self.comfort + 1, 1000)

    @rule(most=mourning)
    def mourn(self, here, world, luck):
        """After a loss."""
        if occurs(mourning(self, here, world), luck):
            self.mourned = min(self.mourned + 1, 1000)


class Young(WithFriends, YoungPerson): ...


class Grown(WithFriends, Adult): ...


class Dependent(WithFriends, DependentUser): ...


PEOPLE = [Young, Grown, Dependent]


class OwnWays(Counting):
    """Nobody under 18 is searched, a friend in treatment halves first use, exclusions come later."""

    touched = Friends(lambda friend: friend.age < 18 and friend.use[Substance.ALCOHOL] == Use.NEVER)

    @helper
    def search_exposure(self, world):
        """As of others, from 18 on."""
        return 0.0 if self.age < 18 else search_exposure(self, world)

    @helper
    def begin(self, ratio, here, world, luck):
        """Half as often with a friend in treatment."""
        begin(self, 0.5 * ratio if self.friends_in_care > 0 else ratio, here, world, luck)

    @helper
    def be_excluded(self):
        """Decided now."""
        self.exclusion_in = 20

    @helper
    def be_handed_kit(self):
        """Takes none, and remembers it."""
        self.comfort = 900

    @rule
    def leave_the_school(self, here, world, luck):
        """What was decided then."""
        if self.exclusion_in == 0:
            return
        self.exclusion_in -= 1
        if self.exclusion_in == 0:
            be_excluded(self)


class OwnYoung(OwnWays, YoungPerson):
    @rule
    def meet_police(self, here, world, luck):
        """As before, by super()."""
        super().meet_police(here, world, luck)


class OwnGrown(OwnWays, Adult): ...


class OwnDependent(OwnWays, DependentUser): ...


WITH_OWN_WAYS = [OwnYoung, OwnGrown, OwnDependent]
