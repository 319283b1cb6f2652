"""Nitrous oxide as a substance of one's own: who starts, by friends who use it, who stops, whom it harms. Numbers are made up."""

from enum import IntEnum

from policysim.rules import Adult, Counted, DependentUser, Event, Field, Friends, YoungPerson, exp, occurs, rule


class Gas(IntEnum):
    NEVER = 0
    USES = 1
    STOPPED = 2


class MayUse:
    gas = Field("i1", "use of nitrous oxide", Gas)
    friends_on_gas = Friends(lambda friend: friend.gas == Gas.USES)
    began_gas = Event("began to use nitrous oxide", label="Starts of nitrous oxide use")
    gas_harms = Event("had nerves harmed by nitrous oxide", label="Nerves harmed by nitrous oxide", more_is="worse")
    using_gas = Counted(lambda person: person.gas == Gas.USES, "people who use nitrous oxide")

    @rule
    def take_gas(self, here, world, luck):
        """Friends who use it pull, as risk does; harm is the likelier to end use."""
        if self.gas == Gas.USES:
            self.gas_harms = occurs(0.002, luck)
            if occurs(0.2 if self.gas_harms else 0.006, luck):
                self.gas = Gas.STOPPED
        elif self.age < 30 and self.gas == Gas.NEVER:
            self.began_gas = occurs((0.0002 + 0.001 * self.friends_on_gas) * exp(self.log_pull), luck)
            if self.began_gas:
                self.gas = Gas.USES


class Young(MayUse, YoungPerson): ...


class Grown(MayUse, Adult): ...


class Dependent(MayUse, DependentUser): ...
