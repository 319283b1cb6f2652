"""Injecting: another week of it, with or without enough clean equipment; changing to smoking, and back."""

from policysim.agents.people.groups import at_liberty, is_child, opiate_or_crack
from policysim.engine.luck import draw, occurs, turn_to_draw
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import HarmReductionMark, UseMark
from policysim.vocabulary.states import Substance, Use

GIVEN_MEANS = 2
"""Number of the draw of `inject` that says who is given foil or pipes, whether or not there is a room."""


@rule
def inject(self, here, world, luck):
    """People who inject go through another week of it, with or without clean equipment and foil; prisons give out none."""
    if not self.injects:
        return
    self.injecting_weeks += 1
    met = world.outreach_needles * self.outreach_trust
    supplied = here.needle_coverage + (1 - here.needle_coverage) * met
    self.needles = draw(luck) < supplied and at_liberty(self)
    if here.room_share > 0 and at_liberty(self) and draw(luck) < here.room_share:
        self.harm_reduction_marks |= HarmReductionMark.VISITED_ROOM
    turn_to_draw(GIVEN_MEANS, luck)
    self.has_foil = at_liberty(self) and draw(luck) < means_of_smoking(self, here, world)
    if self.has_foil:
        self.harm_reduction_marks |= HarmReductionMark.GOT_MEANS_OF_SMOKING


@helper
def means_of_smoking(self, here, world):
    """Chance of being given what it takes to smoke in place of injecting: foil for heroin, pipes for crack that is injected.

    Of those dependent on both a share injects the crack as well, and needs both; the others smoke it already. Nobody under 18
    is given any.
    """
    if is_child(self, world) or not opiate_or_crack(self):
        return 0.0
    if self.use[Substance.HEROIN] != Use.DEPENDENT:
        return here.pipes
    if self.use[Substance.CRACK] != Use.DEPENDENT:
        return here.foil
    return here.foil + world.crack_injected * (min(here.foil, here.pipes) - here.foil)


@helper
def smoked_instead(self, world):
    """Of the week's injections the share that is smoked, without a lasting change of route, by somebody given the means."""
    return world.foil_occasions if self.has_foil and at_liberty(self) else 0.0


@rule
def change_route(self, here, world, luck):
    """Some of those given foil or pipes smoke in place of injecting; of those who inject no more some do so again."""
    if self.injecting_weeks == 0:
        return
    if not at_liberty(self) or not opiate_or_crack(self):
        return
    if not self.injects:
        if occurs(world.route_to_injecting, luck):
            self.injects = True
            self.use_marks |= UseMark.INJECTS_AGAIN
    elif self.has_foil and occurs(world.route_to_smoking, luck):
        self.injects = False
        self.needles = False
        self.has_foil = False
        self.use_marks |= UseMark.SMOKES_INSTEAD
