"""Hepatitis C and HIV among people who inject: caught where equipment is shared, found by tests, cured by antivirals.

Whom equipment is shared with is not followed: somebody who injects here, of whom a share is infectious (`here`).
"""

from policysim.agents.people.groups import at_liberty, how_often
from policysim.agents.people.injecting import smoked_instead
from policysim.engine.luck import draw, happens, occurs, turn_to_draw
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import InfectionMark
from policysim.vocabulary.states import Care, Housing, Substance

CLEARING, CATCHING_HIV = 1, 2
"""Numbers of the draws of `catch_infection` after the first, whether or not the ones before them are made."""


@helper
def injecting_now(self, world):
    """How often the person injects this week, 1 = as often as someone dependent, at liberty and untreated (ratio)."""
    if not at_liberty(self):
        return world.injecting_in_custody
    crack = world.crack_injected * how_often(self, Substance.CRACK, world)
    return max(self.street_use, crack)


@helper
def shared_injections(self, here, world):
    """Injections of the week with equipment that somebody else has used (count).

    Clean equipment makes them fewer, treatment and foil by fewer injections, a consumption room by equipment of its own;
    homes lost make them more, and so does custody, where nothing clean is given out.
    """
    shared = world.injections_per_week * injecting_now(self, world) * world.sharing_share
    if not at_liberty(self):
        return shared * world.sharing_ratio_custody
    shared *= 1 - smoked_instead(self, world)
    if self.needles:
        shared *= world.sharing_ratio_supplied
    if self.housing != Housing.STABLE:
        shared *= world.sharing_ratio_homeless
    return shared * (1 - here.room_share * (1 - world.sharing_ratio_room))


@rule
def catch_infection(self, here, world, luck):
    """Somebody else's blood: hepatitis C, again or for the first time, and HIV; some clear hepatitis C by themselves."""
    if not self.injects:
        return
    shared = shared_injections(self, here, world)
    if not self.hepatitis_c and occurs(shared * here.hepatitis_c_around * world.hepatitis_c_per_sharing, luck):
        self.infection_marks |= InfectionMark.CAUGHT_HEPATITIS_C
        if self.hepatitis_c_ever:
            self.infection_marks |= InfectionMark.REINFECTED
        self.hepatitis_c_ever = True
        turn_to_draw(CLEARING, luck)
        if happens(world.hepatitis_c_clears, luck):
            self.infection_marks |= InfectionMark.CLEARED_HEPATITIS_C
        else:
            self.hepatitis_c = True
    turn_to_draw(CATCHING_HIV, luck)
    if not self.hiv and occurs(shared * here.hiv_around * world.hiv_per_sharing, luck):
        self.hiv = True
        self.infection_marks |= InfectionMark.CAUGHT_HIV


@rule
def live_with_hepatitis_c(self, here, world, luck):
    """Another week in which hepatitis C harms the liver; what is harmed stays so after a cure."""
    if not self.hepatitis_c:
        return
    self.chronic_weeks = min(self.chronic_weeks + 1, world.longest_clock)


@helper
def test_hazard(self, here, world):
    """Hazard of a test for hepatitis C; whoever is in touch with nobody is tested as usual, elsewhere (hazard per week)."""
    if not at_liberty(self):
        return here.test_rate * world.test_ratio_custody
    if self.care > Care.WAITING or self.needles:
        return here.test_rate
    return here.test_rate_elsewhere * world.test_ratio_hidden


@rule
def be_tested(self, here, world, luck):
    """A test for whoever injects or once did; most of those found infected put themselves down for antivirals."""
    if self.injecting_weeks == 0 and not self.injects and not self.hepatitis_c:
        return
    if self.awaits_antivirals or not occurs(test_hazard(self, here, world), luck):
        return
    self.infection_marks |= InfectionMark.TESTED_FOR_HEPATITIS_C
    if self.hepatitis_c:
        self.infection_marks |= InfectionMark.FOUND_HEPATITIS_C
        self.awaits_antivirals = draw(luck) < world.antiviral_uptake


@helper
def take_antivirals(self, here, world, luck, choice):
    """A course of antivirals for hepatitis C: cured by its end or not, and in either case open to infection again."""
    self.awaits_antivirals = False
    self.infection_marks |= InfectionMark.TOOK_ANTIVIRALS
    if happens(world.antiviral_cure, luck):
        self.hepatitis_c = False
        self.infection_marks |= InfectionMark.CURED_OF_HEPATITIS_C


@helper
def liver_hazard(self, world):
    """Hazard of dying of the liver disease that chronic hepatitis C left behind, lower after a cure (hazard per week)."""
    if self.chronic_weeks == 0:
        return 0.0
    hazard = min(world.cirrhosis_rate * self.chronic_weeks, 1) * world.cirrhosis_death_rate
    return hazard if self.hepatitis_c else hazard * world.liver_ratio_cured
