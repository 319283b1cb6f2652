"""Offers in place of an arrest or a charge: who takes them up, and what those diverted do later."""

from policysim.engine.rules import helper
from policysim.vocabulary.exact import exp
from policysim.vocabulary.states import DivertedAs


@helper
def would_accept(self, asked, world):
    """Offers taken up relative to the usual: fewer where an admission is asked for first, and where police are distrusted."""
    admits = 1 - asked * (1 - world.admits[self.ethnicity])
    return admits * exp(world.trust_accepting * (self.trust - world.trust_usual))


@helper
def after_diversion(self, world):
    """Offending of somebody like them relative to the usual, for a while after a diversion in place of an arrest or a charge."""
    if self.weeks_since_diversion < 0 or self.weeks_since_diversion >= world.diversion_effect_weeks:
        return 1.0
    if self.diverted_as == DivertedAs.CHILD_INFORMALLY:
        return world.offending_after_youth_diversion
    if self.diverted_as == DivertedAs.CHILD_FORMALLY:
        return world.offending_after_youth_caution
    return world.offending_after_diversion
