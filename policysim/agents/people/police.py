"""Police: whom they search and find, what they decide on possession, arrest and what follows at the station."""

from policysim.agents.people.groups import uses_often
from policysim.engine.luck import draw, happens, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import JusticeMark, PoliceMark
from policysim.vocabulary.states import Charge, Justice, Substance


@rule(common=True)
def meet_police(self, here, world, luck):
    """Searches fall unequally; so does being found with drugs by other means."""
    if self.fear > 0:
        self.fear -= self.fear * world.fear_fade
    if self.justice == Justice.CUSTODY:
        return
    search = here.search_rate * search_exposure(self, world)
    found = 0.0
    if self.using > 0:
        found = here.detection_rate * carrying(self, world)
    if not occurs(search + found, luck):
        return
    if draw(luck) * (search + found) < search:
        self.police_marks |= PoliceMark.SEARCHED
        self.fear += world.fear_of_search
        for_drugs = happens(world.search_for_drugs, luck)
        holding = happens(carrying(self, world) * world.search_finds, luck)
        if self.using == 0 or not for_drugs or not holding:
            return
    self.police_marks |= PoliceMark.FOUND_WITH_DRUGS
    answer_possession(self, here, world, luck)


@helper
def search_exposure(self, world):
    """How often this person is searched relative to the average resident (ratio)."""
    ratio = world.search_ratio_age[self.band] * world.search_ratio_sex[self.sex]
    ratio *= world.search_ratio_ethnicity[self.ethnicity]
    if self.using > 0:
        # Officers act on what they see and are told: searches are drawn to those who carry.
        ratio *= 1 + world.search_selectivity * carrying(self, world)
    return ratio


@helper
def carrying(self, world):
    """How likely someone is to carry drugs relative to a regular user: the most frequent of their uses counts."""
    most = 0.0
    for substance in (Substance.CANNABIS, Substance.PARTY, Substance.HEROIN, Substance.CRACK):
        most = max(most, world.use_frequency[self.use[substance]])
    return most


@helper
def answer_possession(self, here, world, luck):
    """What officers do with someone found with drugs: supply is charged; possession is the team's policy."""
    supply = happens(world.supply_share, luck)
    arrest = happens(here.arrest_share, luck)
    offer = draw(luck)
    attends = happens(here.diversion_attendance, luck)
    if supply:
        be_arrested(self, Charge.SUPPLY, here, world, luck)
        return
    # Net-widening: some who would have been dealt with on the street are drawn into the scheme as well.
    reach = here.diversion_offer * (1 if arrest else world.net_widening)
    if offer < reach:
        self.police_marks |= PoliceMark.OFFERED_DIVERSION
        if attends:
            self.police_marks |= PoliceMark.DIVERTED
            self.diversions += 1
            self.weeks_since_diversion = 0
            if self.dependent_on > 0:
                self.referred = max(self.referred, here.diversion_referral)
            return
    if arrest:
        be_arrested(self, Charge.POSSESSION, here, world, luck)
    else:
        self.police_marks |= PoliceMark.RESOLVED_ON_STREET


@helper
def be_arrested(self, charge, here, world, luck):
    """Arrest, perhaps a drug test and a referral, then no further action, a caution or a charge."""
    if charge == Charge.ACQUISITIVE:
        self.police_marks |= PoliceMark.ARRESTED_OTHERWISE
    else:
        self.police_marks |= PoliceMark.ARRESTED_FOR_DRUGS
    self.fear += world.fear_of_arrest
    tested = happens(here.test_on_arrest, luck)
    referred = happens(here.test_referral, luck)
    outcome = draw(luck)
    if tested:
        self.police_marks |= PoliceMark.TESTED_ON_ARREST
        if tests_positive(self):
            self.police_marks |= PoliceMark.TESTED_POSITIVE
            if referred and self.dependent_on > 0:
                self.referred = 1
    if outcome < world.charge_share[charge]:
        self.police_marks |= PoliceMark.CHARGED
        if self.charge == Charge.NONE:
            self.charge = charge
            self.weeks_charged = 0
    elif outcome < world.charge_share[charge] + world.caution_share[charge]:
        self.police_marks |= PoliceMark.CAUTIONED
        self.cautions += 1
        if charge != Charge.ACQUISITIVE:
            self.justice_marks |= JusticeMark.DRUG_OFFENCE_DISPOSED
    else:
        self.police_marks |= PoliceMark.NO_FURTHER_ACTION


@helper
def tests_positive(self):
    """A test on arrest looks for heroin, cocaine and crack."""
    return uses_often(self, Substance.HEROIN) or uses_often(self, Substance.CRACK) or uses_often(self, Substance.PARTY)
