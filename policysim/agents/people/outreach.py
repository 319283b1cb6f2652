"""Outreach: being met where one is, by people with lived experience, by peers with kits, and what friends have learnt."""

from policysim.agents.people.groups import uses_opioids
from policysim.agents.people.kits import be_handed_kit
from policysim.engine.luck import happens
from policysim.engine.rules import helper, rule
from policysim.vocabulary.marks import HarmReductionMark, OutreachMark


@rule(passing=True)
def lose_touch(self, here, world, luck):
    """Trust in an outreach worker fades, and so does what family and friends have learnt."""
    if self.outreach_trust > 0:
        for _ in range(self.weeks):
            self.outreach_trust -= self.outreach_trust * world.outreach_fade
    if self.trained_around > 0:
        for _ in range(self.weeks):
            self.trained_around -= self.trained_around * world.bystander_fade


@helper
def meet_outreach(self, here, world, luck, choice):
    """A meeting with an outreach worker with lived experience: trust, less shame and fear, a kit, a way into treatment.

    The worker is paid already: a kit costs what a kit costs.
    """
    takes_kit = happens(world.outreach_kit, luck)
    introduced = happens(world.outreach_introduction, luck)
    self.outreach_marks |= OutreachMark.MET_OUTREACH
    if introduced:  # trust comes first: whoever was met before listens more
        self.referred = max(self.referred, world.outreach_referral * (1 + self.outreach_trust) / (1 + 1))
    self.outreach_trust = 1
    self.stigma -= self.stigma * world.outreach_stigma
    self.fear -= self.fear * world.outreach_fear
    if takes_kit and uses_opioids(self):
        be_handed_kit(self)
        self.outreach_marks |= OutreachMark.GOT_OUTREACH_KIT


@helper
def take_peer_kit(self, here, world, luck, choice):
    """A kit from somebody whom the person uses with; one that was carried already is renewed."""
    be_handed_kit(self)
    self.harm_reduction_marks |= HarmReductionMark.GOT_PEER_KIT


@helper
def train_around(self, here, world, luck, choice):
    """Family and friends learn to recognise an overdose, to call and to stay; some take a kit home."""
    takes_kit = happens(world.bystander_kit, luck)
    self.trained_around = max(self.trained_around, world.bystander_reached)
    self.harm_reduction_marks |= HarmReductionMark.TRAINED_AROUND
    if takes_kit:
        be_handed_kit(self)
