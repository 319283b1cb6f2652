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
    helper,
    log,
    rule,
    set_use,
)

LOG_OF_RESISTING = log(1 - CATCH)
USES = int(Use.EXPERIMENTING)


@helper
def drawn_in(self, here, world):
    """Chance that one of the friends who use draws the person in this week."""
    return 1 - exp(LOG_OF_RESISTING * self.peers_using[Company.DRUGS]) if self.using == 0 else 0


@helper
def dying(self, here, world):
    """Chance that the person dies this week."""
    return DIE


@rule(most=drawn_in)
def be_drawn_in(self, here, world, luck):
    if happens(drawn_in(self, here, world), luck):
        set_use(self, Substance.CANNABIS, USES)
        self.began = world.week


class InCompany:
    """Friends who use draw one in; one stops; one dies. Nobody is looked at to whom nothing can happen."""

    began = Field("i2", "week in which present use began", "weeks", -1)

    @rule
    def give_up(self, here, world, luck):
        if self.using == 0:
            return
        if self.began < world.week and happens(STOP, luck):
            set_use(self, Substance.CANNABIS, Use.FORMER)

    @rule(most=dying)
    def die(self, here, world, luck):
        if happens(DIE, luck):
            end_life(self, Cause.OTHER, LifeMark.DIED_OTHERWISE)


@rule
def nothing(self, here, world, luck):
    """In place of a shipped rule."""


STARTS = ("start_using", "start_later", "start_another")
"""How use begins in each of the roles."""


def alone(role: type) -> type:
    """This role with the three rules and no others."""
    shipped = [name for name in dir(role) if getattr(getattr(role, name), "is_rule", False) and name != "die"]
    instead = {name: be_drawn_in if name in STARTS else nothing for name in shipped}
    return type(f"{role.__name__}InCompany", (InCompany, role), instead)


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
