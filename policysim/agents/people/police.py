"""Police: whom they search and find, what they decide on possession, arrest and what follows at the station."""

from policysim.agents.people.diversion import after_diversion, would_accept
from policysim.agents.people.drinking import call_hazard, most_drinking
from policysim.agents.people.groups import how_often, is_child, is_using, opiate_or_crack, uses_often, uses_opioids
from policysim.agents.people.lots import Lot
from policysim.agents.people.youth_justice import goes_to_panel
from policysim.engine.luck import draw, happens, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import CustodySuiteMark, DrinkingMark, JusticeMark, PoliceMark, SchemeMark, YouthMark
from policysim.vocabulary.states import Charge, DivertedAs, Justice, Substance, YouthCase


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
        most = max(most, how_often(self, substance, world))
    return most


@helper
def trigger_hazard(self, world):
    """Hazard of arrest for theft or robbery; that of people dependent on heroin or crack follows from `offend`."""
    if self.dependent_on > 0 and opiate_or_crack(self):
        return 0.0
    hazard = world.trigger_arrest_rate[self.sex] * world.search_ratio_age[self.band]
    if is_child(self, world):
        hazard *= world.trigger_ratio_child
    if self.using > 0 and uses_often(self, Substance.PARTY):
        hazard *= world.trigger_ratio_cocaine
    return hazard


@helper
def found_hazard(self, here, world):
    """Hazard of being found with drugs other than by a search (hazard per week)."""
    return here.detection_rate * carrying(self, world) if self.using > 0 else 0.0


@helper
def meeting_hazard(self, here, world):
    """A bound of the hazard of all that brings police, at liberty (hazard per week)."""
    search = here.search_rate * search_exposure(self, world)
    called = call_hazard(self, most_drinking(self), world)
    return search + found_hazard(self, here, world) + trigger_hazard(self, world) + called


@rule(passing=True)
def lose_fear(self, here, world, luck):
    """Fear fades, and so does what contact with police did to trust in them."""
    if self.fear > 0:
        for _ in range(self.weeks):
            self.fear -= self.fear * world.fear_fade
    if self.trust != 0:
        for _ in range(self.weeks):
            self.trust -= self.trust * world.trust_fade


@rule(lot=Lot.POLICE, most=meeting_hazard)
def meet_police(self, here, world, luck):
    """Searches fall unequally; so do being found with drugs, arrest for theft or robbery, and calls for drink."""
    if self.justice == Justice.CUSTODY:
        return
    search = here.search_rate * search_exposure(self, world)
    found = found_hazard(self, here, world)
    trigger = trigger_hazard(self, world) * after_diversion(self, world)
    called = call_hazard(self, self.drinking, world)
    if not occurs(search + found + trigger + called, luck):
        return
    which = draw(luck) * (search + found + trigger + called)
    if which >= search + found + trigger and called > 0:
        answer_call(self, here, world, luck)
        return
    if which >= search + found:
        be_arrested(self, Charge.ACQUISITIVE, here, world, luck)
        return
    if which < search:
        self.police_marks |= PoliceMark.SEARCHED
        self.fear += world.fear_of_search
        self.trust -= world.trust_lost_by_search
        for_drugs = happens(world.search_for_drugs, luck)
        holding = happens(carrying(self, world) * world.search_finds, luck)
        if self.using == 0 or not for_drugs or not holding:
            return
    self.police_marks |= PoliceMark.FOUND_WITH_DRUGS
    answer_possession(self, here, world, luck)


@helper
def answer_call(self, here, world, luck):
    """Police or an ambulance are called for drink; some are arrested, drunk and disorderly or violent in drink."""
    self.drinking_marks |= DrinkingMark.CALLED_FOR_DRINK
    self.drink_calls += 1
    if happens(world.drinking_arrest_share, luck):
        be_arrested(self, Charge.DISORDER, here, world, luck)


@helper
def answer_possession(self, here, world, luck):
    """What officers do with someone found with drugs: supply is arrest; possession is the team's policy.

    Children have a diversion scheme of their own; arrest is a last resort for them, at once or for failing in diversion.
    """
    child = is_child(self, world)
    supply = happens(world.supply_share, luck)
    arrest = happens(here.arrest_share * arrest_ratio(self, world), luck)
    offer = draw(luck)
    attendance = here.youth_diversion_attendance if child else here.diversion_attendance
    attends = happens(attendance * accepts(self, here, world), luck)
    educated = happens(here.youth_diversion_education if child else here.diversion_education, luck)
    by_steps = happens(here.escalation, luck)
    if supply:
        be_arrested(self, Charge.SUPPLY, here, world, luck)
        return
    before = self.possessions
    self.possessions = min(before + 1, world.longest_count)
    if by_steps and not arrest and not child and self.dependent_on == 0:  # in place of being dealt with on the street
        be_sanctioned(self, before, here, world, luck)
        return
    # Net-widening: some who would have been dealt with on the street are drawn into the scheme as well.
    reach = (here.youth_diversion_offer if child else here.diversion_offer) * (1 if arrest else world.net_widening)
    if offer < reach:
        self.police_marks |= PoliceMark.OFFERED_DIVERSION
        if attends:
            be_diverted(self, arrest, educated, here, world)
            return
        arrest = arrest or happens(world.failure_pursued * arrest_ratio(self, world), luck)
    if arrest:
        be_arrested(self, Charge.POSSESSION, here, world, luck)
    else:
        self.police_marks |= PoliceMark.RESOLVED_ON_STREET


@helper
def arrest_ratio(self, world):
    """Arrests of somebody like them in possession relative to adults."""
    return world.youth_arrest_ratio if is_child(self, world) else 1.0


@helper
def accepts(self, here, world):
    """Attendance relative to the usual, by whether an admission is asked for first."""
    asked = here.youth_admission_required if is_child(self, world) else here.admission_required
    return would_accept(self, asked, world)


@helper
def be_diverted(self, arrest, educated, here, world):
    """An agreement in place of arrest; whoever would have been dealt with on the street is bound by it as well.

    A session of education teaches, and brings nobody to treatment; an assessment brings dependent people a referral.
    """
    self.police_marks |= PoliceMark.DIVERTED
    if self.deferred != Charge.NONE:  # found again: the contract is broken, whatever is agreed now
        return_case(self)
    child = is_child(self, world)
    if child:
        self.scheme_marks |= SchemeMark.CHILD_DIVERTED
        self.youth = max(self.youth, YouthCase.PROGRAMME)
    self.diversions = min(self.diversions + 1, world.longest_count)
    self.contract_weeks = int(world.contract_length)
    if arrest:  # offending was only ever seen to fall among those who would have been arrested
        self.police_marks |= PoliceMark.DIVERTED_FROM_ARREST
        self.weeks_since_diversion = 0
        self.diverted_as = DivertedAs.CHILD_INFORMALLY if child else DivertedAs.ADULT
    if educated:
        self.scheme_marks |= SchemeMark.EDUCATED
    elif self.dependent_on > 0:
        self.referred = max(self.referred, here.youth_diversion_referral if child else here.diversion_referral)


@helper
def be_sanctioned(self, before, here, world, luck):
    """Possession dealt with by steps: first a course at one's own cost, then a caution with one, from the third time a charge.

    Whoever does not do as told is pursued. People who are dependent, and children, are dealt with otherwise.
    """
    keeps_to_it = happens(world.attendance, luck)
    pursued = happens(world.failure_pursued, luck)
    room = happens(here.custody_room, luck)
    self.scheme_marks |= SchemeMark.DEALT_WITH_BY_STEPS
    if before >= world.charged_from:
        if room:
            take_in(self, Charge.POSSESSION, world)
            be_tested(self, Charge.POSSESSION, here, world, luck)
            be_charged(self, Charge.POSSESSION)
        else:
            self.police_marks |= PoliceMark.RESOLVED_ON_STREET
    elif not keeps_to_it and pursued:
        be_arrested(self, Charge.POSSESSION, here, world, luck)
    elif before > 0:
        be_cautioned(self, Charge.POSSESSION, world)
    else:
        self.police_marks |= PoliceMark.RESOLVED_ON_STREET


@rule
def keep_contract(self, here, world, luck):
    """A diversion agreement or a contract runs out or is breached; police may arrest, and a deferred case goes back."""
    if self.contract_weeks == 0:
        return
    if self.justice == Justice.CUSTODY:
        self.contract_weeks = 0
        self.deferred = Charge.NONE
        return
    self.contract_weeks -= 1
    breached = occurs(world.contract_breach_rate if self.deferred != Charge.NONE else world.breach_rate, luck)
    if self.deferred != Charge.NONE:
        if breached:
            return_case(self)
        elif self.contract_weeks == 0:
            self.deferred = Charge.NONE
            if self.youth != YouthCase.NONE:
                self.youth_marks |= YouthMark.KEPT_PROGRAMME
            else:
                self.scheme_marks |= SchemeMark.DEFERRAL_COMPLETED
    elif breached:
        self.contract_weeks = 0
        self.police_marks |= PoliceMark.BREACHED_DIVERSION
        if happens(world.failure_pursued * arrest_ratio(self, world), luck):
            be_arrested(self, Charge.POSSESSION, here, world, luck)
    elif self.contract_weeks == 0:
        self.police_marks |= PoliceMark.COMPLETED_DIVERSION


@helper
def be_arrested(self, charge, here, world, luck):
    """Arrest, perhaps a drug test and a referral, then a charge, a caution, a resolution for a child, or no action."""
    take_in(self, charge, world)
    outcome = be_tested(self, charge, here, world, luck)
    be_dealt_with(self, charge, outcome, here, world, luck)


@helper
def be_tested(self, charge, here, world, luck):
    """Perhaps a drug test in the cells, and a referral; returns a draw of what becomes of the arrest."""
    tested = happens(here.test_on_arrest, luck)
    referred = happens(here.test_referral, luck)
    outcome = draw(luck)
    away = happens(world.tested_away, luck)
    if tested and not is_child(self, world) and may_be_tested(self, charge):
        self.police_marks |= PoliceMark.TESTED_ON_ARREST
        if tests_positive(self):
            self.police_marks |= PoliceMark.TESTED_POSITIVE
            if away and self.dependent_on > 0:
                self.custody_suite_marks |= CustodySuiteMark.TESTED_AWAY
            elif referred and self.dependent_on > 0:
                self.referred = 1
    return outcome


@helper
def be_dealt_with(self, charge, outcome, here, world, luck):
    """What ends an arrest: a charge, at once or held back for a contract, a caution, a resolution for a child, or nothing."""
    child = is_child(self, world)
    charged = world.charge_share[charge] * (world.youth_charge_ratio if child else 1)
    disposed = charged + world.caution_share[charge] * (world.youth_caution_ratio if child else 1)
    settled = disposed + (1 - disposed) * world.youth_resolution_share
    offer = draw(luck)
    accepted = happens(world.attendance * accepts_contract(self, here, world), luck)
    # Net-widening: some who would have been cautioned or let go are drawn into contracts as well.
    if (
        accepted
        and offer < here.deferral_offer * (1 if outcome < charged else world.net_widening)
        and may_defer(self, charge, world)
    ):
        defer(self, charge, outcome < charged, here, world)
        return
    if child and goes_to_panel(self, charge, outcome, charged, disposed, settled, offer, here, world, luck):
        return
    if outcome < charged:
        be_charged(self, charge)
    elif outcome < disposed:
        be_cautioned(self, charge, world)
    elif child and outcome < settled:
        self.police_marks |= PoliceMark.RESOLVED_AT_STATION
    else:
        self.police_marks |= PoliceMark.NO_FURTHER_ACTION


@helper
def for_drugs(charge):
    """Whether a charge is of possession or supply."""
    return charge == Charge.POSSESSION or charge == Charge.SUPPLY


@helper
def mark_arrest(self, charge):
    """For drugs, for drink, or for theft and robbery: of people dependent on heroin or crack, or of others."""
    if for_drugs(charge):
        self.police_marks |= PoliceMark.ARRESTED_FOR_DRUGS
    elif charge == Charge.DISORDER:
        self.drinking_marks |= DrinkingMark.ARRESTED_FOR_DRINK
    elif opiate_or_crack(self):
        self.police_marks |= PoliceMark.ARRESTED_OTHERWISE
    else:
        self.police_marks |= PoliceMark.ARRESTED_FOR_TRIGGER


@helper
def may_be_tested(self, charge):
    """After a trigger offence: theft and robbery, or a Class A drug, which heroin, crack and party drugs are."""
    if charge == Charge.DISORDER:
        return False
    if charge == Charge.ACQUISITIVE or uses_opioids(self):
        return True
    return is_using(self.use[Substance.PARTY]) == 1 or is_using(self.use[Substance.CRACK]) == 1


@helper
def tests_positive(self):
    """A test on arrest looks for heroin, cocaine and crack."""
    return uses_often(self, Substance.HEROIN) or uses_often(self, Substance.CRACK) or uses_often(self, Substance.PARTY)


@helper
def take_in(self, charge, world):
    """Into a cell: what an arrest does by itself; it breaks a contract."""
    mark_arrest(self, charge)
    if self.deferred != Charge.NONE:
        return_case(self)
    self.fear += world.fear_of_arrest
    self.trust -= world.trust_lost_by_arrest


@helper
def be_charged(self, charge):
    """A charge; one at a time is heard."""
    self.police_marks |= PoliceMark.CHARGED
    if self.charge == Charge.NONE:
        self.charge = charge
        self.weeks_charged = 0


@helper
def be_cautioned(self, charge, world):
    """A caution, which concludes a drug offence."""
    self.police_marks |= PoliceMark.CAUTIONED
    self.cautions = min(self.cautions + 1, world.longest_count)
    if is_child(self, world):
        self.youth_marks |= YouthMark.YOUTH_CAUTIONED
    if for_drugs(charge):
        self.justice_marks |= JusticeMark.DRUG_OFFENCE_DISPOSED


@helper
def may_defer(self, charge, world):
    """A contract is for adults arrested for possession or theft who are under no sentence and face no other charge."""
    if (charge != Charge.POSSESSION and charge != Charge.ACQUISITIVE) or is_child(self, world):
        return False
    return self.justice == Justice.FREE and self.charge == Charge.NONE


@helper
def accepts_contract(self, here, world):
    """Contracts taken up relative to the usual, by whether an admission is asked for first."""
    return would_accept(self, here.deferral_admission, world)


@helper
def defer(self, charge, in_place_of_charge, here, world):
    """The case is held back while a contract runs: a navigator, and for dependent people a referral to treatment."""
    self.scheme_marks |= SchemeMark.CHARGE_DEFERRED
    self.deferred = charge
    self.contract_weeks = int(world.contract_length)
    self.diversions = min(self.diversions + 1, world.longest_count)
    if in_place_of_charge:
        self.scheme_marks |= SchemeMark.DEFERRED_FROM_CHARGE
        self.weeks_since_diversion = 0
        self.diverted_as = DivertedAs.ADULT
    if self.dependent_on > 0:
        self.referred = max(self.referred, here.deferral_referral)


@helper
def return_case(self):
    """A contract or a child's programme is broken: the case goes back to prosecution."""
    if self.youth == YouthCase.NONE:
        self.scheme_marks |= SchemeMark.DEFERRAL_BREACHED
    else:
        self.youth_marks |= YouthMark.BROKE_PROGRAMME
        self.youth = max(self.youth, YouthCase.PROGRAMME)  # of whoever is arrested again before the panel sat
    be_charged(self, self.deferred)
    self.deferred = Charge.NONE
    self.contract_weeks = 0
