"""What services give beside a place: counsellors, vouchers, peers, places for women, mentors, depots, recovery groups."""

from policysim.agents.people.groups import uses_often
from policysim.engine.luck import happens, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.exact import exp
from policysim.vocabulary.groups import MEN, WOMEN
from policysim.vocabulary.marks import SupportMark
from policysim.vocabulary.states import Care, FamilyCase, Substance, Tenancy


@rule
def be_supported(self, here, world, luck):
    """Beside their place this week some have a counsellor, vouchers, a peer, a place for women, a mentor, a depot."""
    if self.care != Care.AGONIST and self.care != Care.PSYCHOSOCIAL:
        return
    if happens(here.counselled, luck):
        self.support_marks |= SupportMark.COUNSELLED
    clean = happens(world.voucher_effect, luck)
    if self.voucher_weeks > 0:
        go_on_with_vouchers(self, clean)
    if happens(here.peer_supported, luck):
        self.support_marks |= SupportMark.PEER_SUPPORTED
    if happens(here.women_only, luck) and self.sex == WOMEN:
        self.support_marks |= SupportMark.WOMEN_ONLY
    if happens(here.mentored, luck) and self.veteran:
        self.support_marks |= SupportMark.MENTORED
    if self.care == Care.AGONIST:
        review_depot(self, here, world, luck)


@helper
def begin_vouchers(self, here, world, luck, choice):
    """A programme of vouchers has a place: a course begins next week, in which each week without stimulants is rewarded."""
    self.voucher_weeks = int(world.voucher_course)


@helper
def go_on_with_vouchers(self, clean):
    """Another week of the course: for some of its weeks vouchers are earned, and nothing is used that would have been."""
    self.support_marks |= SupportMark.ON_VOUCHERS
    if clean:
        self.support_marks |= SupportMark.REWARDED
    self.voucher_weeks = self.voucher_weeks - 1 if self.voucher_weeks > 1 else -1


@helper
def review_depot(self, here, world, luck):
    """Some move from a daily dose to a depot and some back; both hazards together hold the share that services offer."""
    if self.depot_weeks > 0:
        if occurs(world.depot_turnover * (1 - here.depot_share), luck):
            self.depot_weeks = 0
            return
    elif not occurs(world.depot_turnover * here.depot_share, luck):
        return
    self.depot_weeks = int(world.depot_lasts)
    self.support_marks |= SupportMark.ON_DEPOT


@helper
def held_in_care(self, world):
    """What holds somebody in treatment beside the place itself (log ratio off the hazard of dropping out)."""
    held = held_by_talk_or_vouchers(self, world) + held_by_family(self, world)
    if self.care == Care.AGONIST and self.depot_weeks > 0:
        held += world.depot_retention
    if self.support_marks == 0:
        return held
    if self.support_marks & SupportMark.PEER_SUPPORTED:
        held += world.peer_retention
    if self.support_marks & SupportMark.WOMEN_ONLY:
        held += world.women_only_retention
    if self.support_marks & SupportMark.MENTORED:
        held += world.mentor_retention
    return held


@helper
def held_by_family(self, world):
    """What a case about the children does to staying (log ratio off the hazard of dropping out)."""
    if self.family_case == FamilyCase.DRUG_COURT:
        return world.family_court_retention
    if self.family_case == FamilyCase.REMOVED:
        return -world.retention_lost_with_children
    return 0.0


@helper
def held_by_talk_or_vouchers(self, world):
    """What a session or a course of vouchers does to it: trials are of either or both together, so that the larger counts alone.

    Beside agonist treatment the two were measured as one. Elsewhere only people who use stimulants were in trials.
    """
    if self.support_marks & (SupportMark.COUNSELLED | SupportMark.ON_VOUCHERS) == 0:
        return 0.0
    if self.care == Care.AGONIST:
        return world.counselling_retention
    held = 0.0
    if self.support_marks & SupportMark.ON_VOUCHERS:
        held = world.voucher_retention
    stimulants = uses_often(self, Substance.CRACK) or uses_often(self, Substance.PARTY)
    if stimulants and self.support_marks & SupportMark.COUNSELLED > 0:
        held = max(held, world.counselling_retention_psychosocial)
    return held


@helper
def kept_off_the_street(self, world):
    """What keeps somebody from beginning to use on top of a prescription (ratio)."""
    if self.care != Care.AGONIST:
        return 1
    held = 0.0
    if self.depot_weeks > 0:
        held += world.depot_on_top
    if self.support_marks & SupportMark.COUNSELLED:
        held += world.counselling_on_top
    return exp(-held)


@helper
def asks_relative(self, here, world):
    """Asking for treatment by sex, children and service in the forces: where provision is mixed some are held back."""
    ratio = world.seek_ratio_sex[self.sex]
    if self.sex == WOMEN:
        ratio += world.women_only_effect * here.women_only * max(world.seek_ratio_sex[MEN] - ratio, 0)
        if self.has_children:
            ratio *= exp(-world.mothers_held_back * (1 - world.childcare_effect * here.childcare))
    elif self.veteran:
        ratio *= exp(-world.veterans_held_back * (1 - world.mentor_effect * here.mentored))
    return ratio


@rule(passing=True)
def go_to_group(self, here, world, luck):
    """Recovery groups are left again."""
    if self.group_weeks > 0:
        self.group_weeks = max(self.group_weeks - self.weeks, 0)


@helper
def join_group(self, here, world, luck):
    """Whoever leaves treatment as planned may find a recovery group with room."""
    if happens(here.groups, luck):
        self.group_weeks = int(world.group_stay)
        self.support_marks |= SupportMark.JOINED_GROUP


@helper
def welcomed(self, here, world):
    """What services that work in a trauma-informed way do to the asking of somebody with many adverse experiences (log ratio)."""
    return world.trauma_informed_asking * here.trauma_informed if self.aces >= world.aces_many else 0.0


@helper
def held_by_others(self, here, world):
    """What else holds somebody in treatment: services' way of working, the staff of a supported home (log ratio)."""
    held = 0.0
    if self.aces >= world.aces_many:
        held += world.trauma_informed_retention * here.trauma_informed
    if self.tenancy == Tenancy.SUPPORTED:
        held += world.wraparound_retention
    return held
