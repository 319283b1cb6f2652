"""Pupils join a youth club and leave it again: a state of one's own, drawn in by friends, and counted twice a year."""

from enum import IntEnum

import numpy as np

from policysim import DrugPolicyModel
from policysim.rules import Field, Friends, Occupation, YoungPerson, occurs, rule


class Club(IntEnum):
    NEVER = 0
    MEMBER = 1
    LEFT = 2


class Pupil(YoungPerson):
    club = Field("i1", "whether in the youth club, or left it again", Club)
    friends_in_club = Friends(lambda friend: friend.club == Club.MEMBER)

    @rule
    def join_or_leave(self, here, world, luck):
        """Pupils join, sooner with friends there; members stay for a year on average."""
        if self.club == Club.MEMBER:
            if occurs(1 / 52, luck):
                self.club = Club.LEFT
        elif self.occupation == Occupation.SCHOOL and occurs(0.002 + 0.004 * self.friends_in_club, luck):
            self.club = Club.MEMBER


if __name__ == "__main__":
    model = DrugPolicyModel("authority:coventry", people=10_000, years=2, seed=1, people_classes=[Pupil])
    print("week", *(state.name for state in Club))
    while model.running:
        model.step()
        if model.week_of_run % 26 == 0:
            people = model.look()
            pupils = people[people["present"] & (people["occupation"] == Occupation.SCHOOL)]
            print(model.week_of_run, *np.bincount(pupils["club"], minlength=len(Club)))
