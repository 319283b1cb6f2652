"""Ketamine as a substance of one's own: who starts, by friends who use it, who stops, whom it harms. The numbers are made up."""

from enum import IntEnum

from policysim.rules import Adult, Counted, DependentUser, Event, Field, Friends, YoungPerson, exp, occurs, rule


class Ketamine(IntEnum):
    NEVER = 0
    USES = 1
    STOPPED = 2


class MayUse:
    ketamine = Field("i1", "use of ketamine", Ketamine)
    friends_using = Friends(lambda friend: friend.ketamine == Ketamine.USES)
    began_ketamine = Event("began to use ketamine", label="Starts of ketamine use")
    ketamine_harms = Event("was harmed by ketamine", label="Harms by ketamine", more_is="worse")
    using_ketamine = Counted(lambda person: person.ketamine == Ketamine.USES, "people who use ketamine")

    @rule
    def take_ketamine(self, here, world, luck):
        """Friends who use pull, as risk does; harm is the likelier to end it."""
        if self.ketamine == Ketamine.USES:
            self.ketamine_harms = occurs(0.002, luck)
            if occurs(0.2 if self.ketamine_harms else 0.006, luck):
                self.ketamine = Ketamine.STOPPED
            return
        starts = (0.0002 + 0.001 * self.friends_using) * exp(self.log_pull)
        if 16 <= self.age < 30 and self.ketamine == Ketamine.NEVER and occurs(starts, luck):
            self.ketamine, self.began_ketamine = Ketamine.USES, True


class Young(MayUse, YoungPerson): ...


class Grown(MayUse, Adult): ...


class Dependent(MayUse, DependentUser): ...
