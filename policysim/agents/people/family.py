"""Family in a person's life: what childhood brings, programmes, early help, care proceedings, being taken into care.

Whom it comes to is decided by children's services and the family court; all of it acts on the two balances at rest, on
grief, or on treatment.
"""

from policysim.agents.people.ageing import follow_role
from policysim.agents.people.balance import pull_of
from policysim.agents.people.care import begin_waiting, can_be_reached
from policysim.agents.people.use import remit
from policysim.engine.luck import happens
from policysim.engine.rules import helper
from policysim.vocabulary.marks import FamilyMark
from policysim.vocabulary.states import SUBSTANCES, Care, FamilyCase, Substance, Use


@helper
def hold(self, more):
    """So much more resilience from now on, to which the balance drifts (standard deviations)."""
    self.resilience_at_rest += more


@helper
def burden(self, more):
    """So much more risk from now on, to which the balance drifts (standard deviations)."""
    self.risk_at_rest += more


@helper
def bring_pre_school(self, here, world, luck, quality):
    """Whoever turns ten had gone to a pre-school; `quality` is its fidelity to what was tried, in parts."""
    more = world.resilience_of_pre_school * quality / world.fidelity_parts
    hold(self, more)
    self.resilience += more
    self.log_pull = pull_of(self.risk, self.resilience, world)
    self.family_marks |= FamilyMark.WENT_TO_PRE_SCHOOL


@helper
def bring_parenting(self, here, world, luck, quality):
    """Whoever turns ten has parents who went through a parenting programme in the years before."""
    less = world.risk_less_by_parenting * quality / world.fidelity_parts
    burden(self, -less)
    self.risk -= less
    self.log_pull = pull_of(self.risk, self.resilience, world)
    self.family_marks |= FamilyMark.PARENTS_TAUGHT


@helper
def join_family_programme(self, here, world, luck, quality):
    """A child of 10 to 15 and a parent go through a programme for families, once."""
    self.family_supported = True
    hold(self, world.resilience_of_family_programme * quality / world.fidelity_parts)
    self.family_marks |= FamilyMark.FAMILY_PROGRAMME


@helper
def be_identified(self, here, world, luck, in_need):
    """The board names a child: to be named is felt by all, help is for those in need whose family accepts it.

    Workers with lived experience make more accept, and take some of the label off.
    """
    self.identified = True
    burden(self, world.risk_of_label * (1 - here.lived_experience * world.label_less_by_experience))
    self.family_marks |= FamilyMark.IDENTIFIED
    accepts = world.help_accepted + here.lived_experience * world.help_accepted_by_experience
    if in_need == 0:
        self.family_marks |= FamilyMark.IDENTIFIED_WITHOUT_NEED
    elif happens(accepts, luck):
        hold(self, world.resilience_of_early_help * here.family_fidelity)
        self.family_marks |= FamilyMark.TOOK_HELP


@helper
def get_early_help(self, here, world, luck, choice):
    """Children's services know a parent who is dependent, and help."""
    self.family_case = FamilyCase.EARLY_HELP
    self.family_marks |= FamilyMark.GOT_EARLY_HELP


@helper
def begin_proceedings(self, here, world, luck, drug_court):
    """Care proceedings begin: parents are told to seek treatment; a family drug court hands most over in the same week."""
    self.family_marks |= FamilyMark.PROCEEDINGS_BEGAN
    self.family_case = FamilyCase.PROCEEDINGS
    self.referred = max(self.referred, world.proceedings_referral)
    if drug_court > 0:
        self.family_case = FamilyCase.DRUG_COURT
        self.family_marks |= FamilyMark.FAMILY_COURT
        if can_be_reached(self) and self.dependent_on > 0 and happens(world.family_court_linked, luck):
            begin_waiting(self)
            self.weeks_waiting = int(world.assessment_weeks)


@helper
def end_proceedings(self, here, world, luck, removed):
    """Proceedings end with the children at home or in care; some whom the drug court kept in treatment have ceased by then."""
    held = self.family_case == FamilyCase.DRUG_COURT and self.care > Care.WAITING
    if held and happens(world.family_court_cessation, luck):
        cease(self)
        follow_role(self, world)
    if removed > 0:
        self.family_case = FamilyCase.REMOVED
        self.family_marks |= FamilyMark.CHILDREN_REMOVED
        self.has_children = False
        self.bereaved_weeks = 0  # grieved as a death is
    else:
        self.family_case = FamilyCase.EARLY_HELP
        self.family_marks |= FamilyMark.CHILDREN_KEPT


@helper
def cease(self):
    """Every dependence that the court looked at ends."""
    for substance in range(SUBSTANCES):
        concerns = substance == Substance.HEROIN or substance == Substance.CRACK or substance == Substance.ALCOHOL
        if concerns and self.use[substance] == Use.DEPENDENT:
            remit(self, substance)
            self.family_marks |= FamilyMark.CEASED_AT_COURT


@helper
def be_taken_into_care(self, here, world, luck, choice):
    """A child is taken into care."""
    self.care_experienced = True
    burden(self, world.trait_of_care)
    self.family_marks |= FamilyMark.TAKEN_INTO_CARE


@helper
def lose_parent(self, here, world, luck, choice):
    """A parent with whom the person lives has died: grief, as after a friend's death."""
    self.bereaved_weeks = 0
    self.family_marks |= FamilyMark.LOST_A_PARENT
