# mypy: disable-error-code="attr-defined, no-untyped-def"
"""The contagion as three rules of policysim, as a student would write them; the shipped rules are left out."""

from policysim import DrugPolicyModel
from policysim.benchmarks.peers.contagion import CATCH, DIE, PLACE, STOP, World
from policysim.rules import (
    Adult,
    Cause,
    Company,
    DependentUser,
    Field,
    LifeMark,
    Substance,
    Use,
    YoungPerson,
    end_life,
    exp,
    happens,
    log,
    rule,
    set_use,
)

LOG_OF_RESISTING = log(1 - CATCH)
USES = int(Use.EXPERIMENTING)


class InCompany:
    """Friends who use draw one in; one stops; one dies."""

    began = Field("i2", "week in which present use began", "weeks", -1)

    @rule
    def be_drawn_in(self, here, world, luck):
        users = self.peers_using[Company.DRUGS]
        if self.using == 0 and users > 0 and happens(1 - exp(LOG_OF_RESISTING * users), luck):
            set_use(self, Substance.CANNABIS, USES)
            self.began = world.week

    @rule
    def give_up(self, here, world, luck):
        if self.using > 0 and self.began < world.week and happens(STOP, luck):
            set_use(self, Substance.CANNABIS, Use.FORMER)

    @rule
    def pass_away(self, here, world, luck):
        if happens(DIE, luck):
            end_life(self, Cause.OTHER, LifeMark.DIED_OTHERWISE)


@rule
def nothing(self, here, world, luck):
    """In place of a shipped rule."""


def alone(role: type) -> type:
    """This role with the three rules and no others."""
    shipped = {name: nothing for name in dir(role) if getattr(getattr(role, name), "is_rule", False)}
    return type(f"{role.__name__}InCompany", (InCompany, role), shipped)


class WithPolicysim:
    """The place from which the World was taken, with nobody using but those whom it names."""

    def __init__(self, world: World):
        classes = [alone(role) for role in (YoungPerson, Adult, DependentUser)]
        self.model = DrugPolicyModel(
            PLACE, people=int(world.people), years=2, seed=int(world.seed), people_classes=classes
        )
        people = self.model.people
        people["use"], people["using"], people["dependent_on"], people["began"] = Use.NEVER, 0, 0, -1
        people["use"][world.using, Substance.CANNABIS], people["using"][world.using] = USES, 1
        self.model.peers.update(self.model.people["present"].nonzero()[0])
        self.weeks = world.weeks

    def run(self) -> list[int]:
        for _ in range(self.weeks):
            self.model.step()
        areas = [authority.name for authority in self.model.place.authorities]
        weekly = self.model.outcomes.weekly(areas, one_in=1).query("area == 'all'")
        return [int(users) for users in weekly["using"].head(self.weeks)]


build = WithPolicysim
