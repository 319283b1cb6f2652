"""Care: asking for treatment, waiting, being treated, and the kinds of leaving. Who is admitted is decided by services."""

from policysim.agents.people.groups import at_liberty, is_child, opioid_dependent, uses_illicit_drugs, uses_often
from policysim.agents.people.lots import Lot
from policysim.agents.people.support import (
    asks_relative,
    held_by_others,
    held_in_care,
    join_group,
    kept_off_the_street,
    welcomed,
)
from policysim.agents.people.use import remit
from policysim.engine.luck import happens, occurs, turn_to_draw
from policysim.engine.rules import helper, rule
from policysim.vocabulary.exact import exp
from policysim.vocabulary.marks import CareMark, SupportMark
from policysim.vocabulary.states import SUBSTANCES, Care, Substance, TreatmentGroup, Use

FIRST_OF_ENDING = 4
"""Number of the first substance's draw when treatment ends as planned; the draws before it decide whether it ends."""


@rule(passing=True)
def lose_referral(self, here, world, luck):
    """An offer of treatment fades."""
    if self.referred > 0:
        for _ in range(self.weeks):
            self.referred -= self.referred * world.referral_fade


@helper
def most_seeking(self, here, world):
    """A bound of the hazard of asking for treatment while a referral and fear fade."""
    held_back = world.stigma_effect * self.stigma * (1 - here.stigma_taken) + min(world.fear_effect * self.fear, 0)
    return asking_hazard(self, held_back - max(welcomed(self, here, world), 0), here, world)


@rule(lot=Lot.SEEKING_HELP, most=most_seeking)
def seek_help(self, here, world, luck):
    """Asking for treatment: a referral helps, stigma holds back, and so does fear where there is something to find out."""
    if not can_be_reached(self):
        return
    if occurs(seek_hazard(self, here, world), luck):
        begin_waiting(self)
        if opioid_dependent(self) and happens(here.same_day, luck):
            self.weeks_waiting = int(world.assessment_weeks)


@helper
def seek_hazard(self, here, world):
    """Hazard of asking for treatment of someone who can be reached (hazard per week)."""
    held_back = world.stigma_effect * self.stigma * (1 - here.stigma_taken) - welcomed(self, here, world)
    if uses_illicit_drugs(self):
        # Visible policing is felt through searches and arrests, which raise fear: it has no second path.
        held_back += world.fear_effect * self.fear
    return asking_hazard(self, held_back, here, world)


@helper
def asking_hazard(self, held_back, here, world):
    """The same of someone whom stigma and fear hold back so much (hazard per week)."""
    hazard = world.seek_rate[treatment_group(self)] * asks_relative(self, here, world) * exp(-held_back)
    if opioid_dependent(self):
        hazard *= here.outreach
    if is_child(self, world):
        hazard *= world.young_seek_ratio * here.young_outreach
    hazard += world.referral_pull * self.referred
    if self.injects:
        hazard += world.room_introduction * here.room_share
    return hazard


@helper
def begin_waiting(self):
    """Onto the list of the services, by asking or by being handed over to them."""
    self.care = Care.WAITING
    self.weeks_waiting = 0
    self.care_marks |= CareMark.ASKED_FOR_TREATMENT


@helper
def can_be_reached(self):
    """At liberty and not in treatment or waiting for it."""
    return at_liberty(self) and self.care == Care.NONE


@rule
def wait(self, here, world, luck):
    """Waiting loses people."""
    if self.care != Care.WAITING:
        return
    self.weeks_waiting = min(self.weeks_waiting + 1, world.longest_clock)
    if self.dependent_on == 0 or occurs(giving_up(self, world), luck):
        self.care = Care.NONE
        self.weeks_waiting = 0
        self.care_marks |= CareMark.GAVE_UP_WAITING


@helper
def giving_up(self, world):
    """Hazard of leaving the list unseen; a caseworker keeps in touch (hazard per week)."""
    return world.give_up_waiting * (world.give_up_with_caseworker if self.case_weeks > 0 else 1)


@helper
def enter_treatment(self, here, world, luck, care):
    """A service has a place: treatment begins, and is a new presentation once per person-year.

    A move from one kind of treatment to another goes on with the same episode, in which only the new treatment begins.
    """
    moved = self.care > Care.WAITING
    if self.care == Care.DETOXIFICATION:  # a community takes whoever is about to leave a ward
        self.care_marks |= CareMark.DETOXIFIED
    self.care = care
    self.weeks_waiting = 0
    self.weeks_in_care = 0
    self.voucher_weeks = 0
    self.taper_weeks_left = int(world.detoxification_weeks) if care == Care.DETOXIFICATION else 0
    stays_on_top = happens(world.on_top_share[care], luck)
    # Heroin on prescription is for those who use on top: it ends that for some and starts it for nobody.
    self.on_top = stays_on_top and (self.on_top or care != Care.HEROIN_ASSISTED)
    self.referred = 0
    if care == Care.AGONIST:
        self.agonist_episodes = min(self.agonist_episodes + 1, world.longest_count)
        if happens(here.depot_share, luck):
            self.depot_weeks = int(world.depot_lasts)
            self.support_marks |= SupportMark.ON_DEPOT
    elif care == Care.DETOXIFICATION:
        self.care_marks |= CareMark.BEGAN_DETOXIFICATION
    elif care == Care.RESIDENTIAL_COMMUNITY or care == Care.DAY_COMMUNITY or care == Care.PRISON_COMMUNITY:
        self.care_marks |= CareMark.JOINED_COMMUNITY
    if care == Care.PRISON_COMMUNITY:  # treatment in prison is no entry to treatment in the community
        self.weeks_in_episode = 0
        return
    if moved:
        self.care_marks |= CareMark.MOVED_TREATMENT
        return
    self.weeks_in_episode = 0
    self.care_marks |= CareMark.ENTERED_TREATMENT
    if world.week - self.last_presentation >= world.year_weeks:
        self.last_presentation = world.week
        if care == Care.UNDER_18:  # published apart
            self.care_marks |= CareMark.PRESENTED_UNDER_18
        else:
            self.care_marks |= CareMark.NEW_PRESENTATION
            mark_group(self)


@helper
def mark_group(self):
    """Count the presentation in its substance group."""
    group = treatment_group(self)
    if group == TreatmentGroup.OPIATE:
        self.care_marks |= CareMark.PRESENTED_OPIATE
    elif group == TreatmentGroup.NON_OPIATE:
        self.care_marks |= CareMark.PRESENTED_NON_OPIATE
    elif group == TreatmentGroup.NON_OPIATE_AND_ALCOHOL:
        self.care_marks |= CareMark.PRESENTED_NON_OPIATE_AND_ALCOHOL
    else:
        self.care_marks |= CareMark.PRESENTED_ALCOHOL


@helper
def treatment_group(self):
    """The group in which a presentation is published: by every substance that is a problem, dependence or not."""
    if self.dependent_on == 0:
        return TreatmentGroup.NONE
    if opioid_dependent(self):
        return TreatmentGroup.OPIATE
    if not uses_often(self, Substance.ALCOHOL):
        return TreatmentGroup.NON_OPIATE
    for substance in range(SUBSTANCES):
        if substance != Substance.ALCOHOL and uses_often(self, substance):
            return TreatmentGroup.NON_OPIATE_AND_ALCOHOL
    return TreatmentGroup.ALCOHOL


@rule
def stay_in_treatment(self, here, world, luck):
    """Planned endings and dropping out compete; a prescribed dose is reduced step by step before a planned ending."""
    if self.care <= Care.WAITING:
        return
    self.weeks_in_care = min(self.weeks_in_care + 1, world.longest_clock)
    self.weeks_in_episode = min(self.weeks_in_episode + 1, world.longest_clock)
    if self.weeks_in_episode == world.retained_weeks and self.care != Care.PRISON_COMMUNITY:
        self.care_marks |= CareMark.RETAINED_12_WEEKS
    if self.dependent_on == 0:
        leave_treatment(self, CareMark.COMPLETED_TREATMENT)
        return
    if self.taper_weeks_left > 0:
        self.taper_weeks_left -= 1
        if self.taper_weeks_left == 0:
            complete(self, here, world, luck)
            return
    planned = 0.0
    if self.weeks_in_care >= world.shortest_course and self.taper_weeks_left == 0:
        planned = world.completion_rate[self.care]
    dropping = world.dropout_rate[self.care] * dropout_by_time(self, world)
    held = held_in_care(self, world) + held_by_others(self, here, world)
    dropping *= exp(self.log_pull - world.pull_in_care[self.care] - held)
    if self.review > 0:  # a judge hears of it
        dropping *= world.dropout_under_review
    if not occurs(planned + dropping, luck):
        return
    if happens(dropping / (planned + dropping), luck):
        stand_by(self, world)
        leave_treatment(self, CareMark.DROPPED_OUT)
    elif world.prescribed_dose[self.care] > 0 and world.taper_weeks >= 1:
        self.taper_weeks_left = int(world.taper_weeks)
    else:
        complete(self, here, world, luck)


@rule
def use_on_top(self, here, world, luck):
    """Street opioids on top of a prescription: begun and given up from week to week; what pulls people away raises it.

    At usual pull the hazards of beginning and giving up hold the share that uses on top where the registry has it.
    """
    if self.care <= Care.WAITING or self.use[Substance.HEROIN] == Use.NEVER:
        return
    if self.on_top:
        hazard = world.on_top_turnover * (1 - world.on_top_share[self.care])
    else:
        hazard = world.on_top_turnover * world.on_top_share[self.care] * pull_away(self, world)
        hazard *= kept_off_the_street(self, world)
    if occurs(hazard, luck):
        self.on_top = not self.on_top


@helper
def pull_away(self, world):
    """Pull relative to its mean among people in this kind of care: a crisis draws out of treatment and to street use."""
    return exp(self.log_pull - world.pull_in_care[self.care])


@helper
def dropout_by_time(self, world):
    """How the hazard of dropping out falls with time in treatment (ratio to that of the first week)."""
    return world.dropout_half_time / (world.dropout_half_time + self.weeks_in_care)


@helper
def complete(self, here, world, luck):
    """A planned ending; it may bring remission from each dependence, and a way into a recovery group."""
    detoxified = self.care == Care.DETOXIFICATION
    chance = world.remission_after_detoxification if detoxified else world.remission_on_completion
    for substance in range(SUBSTANCES):
        turn_to_draw(FIRST_OF_ENDING + substance, luck)
        ends = self.use[substance] == Use.DEPENDENT and (substance == Substance.HEROIN or not detoxified)
        if ends and happens(chance, luck):
            remit(self, substance)
    turn_to_draw(FIRST_OF_ENDING + SUBSTANCES, luck)
    join_group(self, here, world, luck)
    if detoxified:
        self.care_marks |= CareMark.DETOXIFIED
        stand_by(self, world)
    leave_treatment(self, CareMark.COMPLETED_TREATMENT)


@helper
def stand_by(self, world):
    """Whoever leaves detoxification, and still or again uses, may come back to the service that knows them."""
    if self.care == Care.DETOXIFICATION and opioid_dependent(self):
        self.referred = max(self.referred, world.return_after_detoxification)


@helper
def leave_treatment(self, how):
    """Without treatment again; the clock since leaving starts, but not for a community in prison, which is none outside."""
    if self.care != Care.PRISON_COMMUNITY:
        self.care_marks |= how
        self.weeks_since_care = 0
    self.care = Care.NONE
    self.weeks_in_care = 0
    self.weeks_in_episode = 0
    self.taper_weeks_left = 0
