"""What a person is now, asked of one person in a rule; `policysim.vocabulary.groups` asks the same of many at once."""

from policysim.engine.rules import helper
from policysim.vocabulary.marks import SupportMark
from policysim.vocabulary.states import Company, Justice, Substance, Use


@helper
def opioid_dependent(self):
    """Dependent on heroin or other opioids now."""
    return self.use[Substance.HEROIN] == Use.DEPENDENT


@helper
def opiate_or_crack(self):
    """Dependent on heroin, other opioids or crack: the group whose size is published."""
    return self.use[Substance.HEROIN] == Use.DEPENDENT or self.use[Substance.CRACK] == Use.DEPENDENT


@helper
def uses_opioids(self):
    """Experimenting, regular or dependent use of heroin or other opioids now."""
    return is_using(self.use[Substance.HEROIN]) == 1


@helper
def is_using(state):
    """1 if the state is one of present use, else 0."""
    return int(state == Use.EXPERIMENTING or state == Use.REGULAR or state == Use.DEPENDENT)


@helper
def how_often(self, substance, world):
    """How often the person uses a substance this week by its state, no stimulants in a week with vouchers earned (share)."""
    stimulant = substance == Substance.CRACK or substance == Substance.PARTY
    if stimulant and self.support_marks & SupportMark.REWARDED > 0:
        return 0.0
    return world.use_frequency[self.use[substance]]


@helper
def uses_illicit_drugs(self):
    """Present use of any substance but alcohol."""
    return self.using > is_using(self.use[Substance.ALCOHOL])


@helper
def company_of(substance):
    """The kind of use that one substance belongs to, among friends (Company)."""
    if substance == Substance.HEROIN or substance == Substance.CRACK:
        return Company.HEROIN_OR_CRACK
    if substance == Substance.ALCOHOL:
        return Company.DRINKING
    return Company.DRUGS


@helper
def uses_often(self, substance):
    """Regular or dependent use of one substance now."""
    return self.use[substance] == Use.REGULAR or self.use[substance] == Use.DEPENDENT


@helper
def at_liberty(self):
    """Not in custody."""
    return self.justice != Justice.CUSTODY


@helper
def is_child(self, world):
    """Below the age from which police and courts deal with people as adults."""
    return self.age < world.age_of_adult_court
