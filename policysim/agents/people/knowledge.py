"""What people come to know of what they buy: drugs that are checked, warnings of strong batches."""

from policysim.agents.people.groups import at_liberty, is_using
from policysim.engine.luck import happens, occurs
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import KnowledgeMark
from policysim.vocabulary.states import Care, Substance


@rule
def forget(self, here, world, luck):
    """A check is of one week's drugs; a warning is heeded for some weeks."""
    if self.warned_weeks == 0 and not self.checked:
        return
    self.warned_weeks = max(self.warned_weeks - 1, 0)
    self.checked = False


@helper
def checking_hazard(self, here, world):
    """Hazard of having drugs checked: people who use party drugs most, few of those who use heroin (hazard per week)."""
    if here.checking_rate <= 0 or self.using == 0 or not at_liberty(self):
        return 0.0
    if is_using(self.use[Substance.PARTY]) == 1:
        return here.checking_rate
    if is_using(self.use[Substance.HEROIN]) == 1 or is_using(self.use[Substance.BENZODIAZEPINES]) == 1:
        return here.checking_rate * world.checking_reach_opioids
    return 0.0


@helper
def bring(self):
    """Which drugs somebody has checked: party drugs if they use any, and if not heroin and benzodiazepines."""
    self.knowledge_marks |= KnowledgeMark.HAD_DRUGS_CHECKED
    if is_using(self.use[Substance.PARTY]) == 1:
        self.knowledge_marks |= KnowledgeMark.CHECKED_PARTY_DRUGS
        return
    if is_using(self.use[Substance.HEROIN]) == 1:
        self.knowledge_marks |= KnowledgeMark.CHECKED_OPIOIDS
    if is_using(self.use[Substance.BENZODIAZEPINES]) == 1:
        self.knowledge_marks |= KnowledgeMark.CHECKED_BENZODIAZEPINES


@helper
def not_as_sold(self, here, world):
    """Chance that what is checked is not what it was sold as: the usual one, or more while a batch is sold here (share).

    Of drugs that are stronger than usual that is the part of their strength that is new.
    """
    strength, adulterated = 1.0, 0.0
    if is_using(self.use[Substance.PARTY]) == 1:
        strength = here.party_strength
    else:
        if is_using(self.use[Substance.HEROIN]) == 1:
            strength = here.potency
        if is_using(self.use[Substance.BENZODIAZEPINES]) == 1:
            adulterated = here.adulterated_benzodiazepines
    found = max(world.missold_share, adulterated)
    return max(found, 1 - 1 / strength) if strength > 1 else found


@rule(most=checking_hazard)
def have_drugs_checked(self, here, world, luck):
    """Somebody hears what they bought; of those whose drugs were mis-sold most throw them away, of others a few take less."""
    if self.using == 0:
        return
    if not occurs(checking_hazard(self, here, world), luck):
        return
    bring(self)
    missold = happens(not_as_sold(self, here, world), luck)
    heeds = happens(world.disposed_if_missold if missold else world.less_if_as_sold, luck)
    if missold:
        self.knowledge_marks |= KnowledgeMark.MISSOLD
    if heeds:
        self.checked = True
        self.knowledge_marks |= KnowledgeMark.HEEDED_CHECK


@helper
def warning_hazard(self, here, world):
    """Hazard of hearing a warning about what somebody uses; most hear it where they are in touch with a service (per week)."""
    if self.using == 0 or self.warned_weeks > 0:
        return 0.0
    heard = 0.0
    if is_using(self.use[Substance.HEROIN]) == 1 or is_using(self.use[Substance.BENZODIAZEPINES]) == 1:
        heard = here.warning_opioids
    if is_using(self.use[Substance.PARTY]) == 1:
        heard = max(heard, here.warning_party)
    if self.care == Care.NONE and not self.naloxone and not self.checked:
        heard *= world.warning_reach_hidden
    return heard


@rule(most=warning_hazard)
def hear_warning(self, here, world, luck):
    """A warning of a strong batch; it is heeded for some weeks."""
    if self.using == 0:
        return
    if not occurs(warning_hazard(self, here, world), luck):
        return
    self.warned_weeks = int(world.warning_heeded_weeks)
    self.knowledge_marks |= KnowledgeMark.WARNED
