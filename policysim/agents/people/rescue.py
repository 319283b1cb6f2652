"""The rescue chain of one overdose: each source of help in order of arrival, each saving only what is left.

Order: staff who watch over the person, in a consumption room or on a prison wing; whoever is there, with a kit; police,
when called and first; ambulance, when called. Kits of friends and police do not reach into prison, and a room is for
people at liberty. Naloxone needs an opioid. `chance_of_death` is the chain in closed form; a test holds it against the
drawn chain.
"""

from policysim.agents.people.death import end_life
from policysim.agents.people.groups import at_liberty, uses_often
from policysim.engine.luck import draw, happens
from policysim.engine.rules import helper
from policysim.vocabulary.exact import exp
from policysim.vocabulary.marks import LifeMark, OverdoseMark
from policysim.vocabulary.states import Cause, Substance


@helper
def fatality(self, usual, world):
    """Probability that an overdose kills if nobody helps; it grows with age (frailty), from one birthday to the next."""
    age = (int(self.age) + int(self.age) + 1) / (1 + 1)  # in the middle of the year
    return min(usual * exp(world.fatality_by_age * (age - world.reference_age)), 1)


@helper
def kit_at_hand(self):
    """Whether someone with the person could use a kit: the person's own or a friend's; neither goes into prison."""
    return at_liberty(self) and (self.naloxone or self.peers_with_naloxone > 0)


@helper
def alone_share(self, world):
    """Share of occasions on which nobody else is there; mostly all for those with nobody to use with."""
    alone = self.alone
    if self.using_peers == 0:
        alone = max(self.alone, world.alone_without_using_peers)
    if self.tenancy > 0:
        alone = min(alone * exp(world.tenancy_alone), 1)
    if self.warned_weeks > 0:
        alone *= 1 - world.warned_alone
    return alone * (1 - world.bystander_stays * trained(self))


@helper
def trained(self):
    """Share of family and friends who have learnt what to do; none of them is with somebody in prison."""
    return self.trained_around if at_liberty(self) else 0.0


@helper
def lethality(self, here, world):
    """Probability that an opioid overdose that nobody watches over kills if nobody helps.

    Where a room takes injections that others would have watched over anyway, those left outside are deadlier by as much:
    `room_mortality` is the share of what is watched over that was in danger (contested: all as counted, none if rooms move no
    deaths).
    """
    usual = fatality(self, world.fatality_opioid, world)
    saved = room_share(self, here) * world.room_rescue
    if saved <= 0 or saved >= 1:
        return usual
    return min(usual * max(1 - saved * world.room_mortality, 0) / (1 - saved), 1)


@helper
def call_share(self, world):
    """Share of witnessed overdoses for which somebody calls, less in company that distrusts the police.

    The trust of the person stands for that of the company.
    """
    usual = min(world.ambulance_called * exp(world.trust_calling * (self.trust - world.trust_usual)), 1)
    return usual + (1 - usual) * world.bystander_calls * trained(self)


@helper
def chance_of_death(self, here, world):
    """Probability of dying given an opioid overdose this week (dimensionless)."""
    left = 1 - watched_share(self, here) * staff_rescue(self, world)
    seen = 1 - alone_share(self, world)
    friend = 0.0
    if kit_at_hand(self):
        friend = world.kit_used * world.naloxone_rescue
    police = police_come_with_kit(self, here, world) * world.naloxone_rescue
    called = call_share(self, world) * (1 - (1 - police) * (1 - here.ambulance_rescue * world.medical_rescue))
    return lethality(self, here, world) * left * (1 - seen * (1 - (1 - friend) * (1 - called)))


@helper
def room_share(self, here):
    """Share of this person's injections that staff of a consumption room watch over."""
    if self.injects and at_liberty(self):
        return here.room_share
    return 0.0


@helper
def watched_share(self, here):
    """Share of occasions that staff watch over: of a consumption room, and in prison of the wing, at all times."""
    if at_liberty(self):
        return room_share(self, here)
    return 1.0


@helper
def staff_rescue(self, world):
    """Probability that the staff who watch find an overdose in time and reverse it."""
    if at_liberty(self):
        return world.room_rescue
    return world.custody_rescue


@helper
def police_come_with_kit(self, here, world):
    """Probability that police with naloxone are first where help was called; they do not answer calls in prison."""
    if at_liberty(self):
        return here.police_naloxone * world.police_first
    return 0.0


@helper
def opioid_emergency(self, here, world, luck):
    """An opioid overdose, from the staff who watch to the ambulance."""
    watched = happens(watched_share(self, here), luck)
    saved_by_staff = happens(staff_rescue(self, world), luck)
    if watched and saved_by_staff:
        self.overdose_marks |= OverdoseMark.REVERSED_IN_ROOM if at_liberty(self) else OverdoseMark.REVERSED_IN_CUSTODY
        return
    lethal = happens(lethality(self, here, world), luck)
    seen = not happens(alone_share(self, world), luck)
    # All draws are made whoever is there, so that a kit at hand does not reshuffle the luck of what comes after.
    kit_used = happens(world.kit_used, luck)
    saved_by_friend = happens(world.naloxone_rescue, luck)
    called = happens(call_share(self, world), luck)
    police_equipped = happens(police_come_with_kit(self, here, world), luck)
    police = happens(world.naloxone_rescue, luck) and police_equipped
    ambulance = happens(here.ambulance_rescue * world.medical_rescue, luck)
    late_help = seen and called and (police or ambulance)
    if seen and kit_used and kit_at_hand(self):
        if self.naloxone:
            self.naloxone = False
            self.overdose_marks |= OverdoseMark.USED_OWN_KIT
        else:
            # Another overdose this week may need the same kit: settled after the pass, in person order.
            self.overdose_marks |= OverdoseMark.NEEDS_FRIENDS_KIT
            self.would_have_died = lethal and not late_help
        if saved_by_friend:
            self.overdose_marks |= OverdoseMark.REVERSED_BY_FRIEND
            if self.overdose_marks & OverdoseMark.USED_OWN_KIT or not late_help:
                return  # else who comes late is noted too: they are the ones who help if the friend's kit is gone
    if late_help:
        self.overdose_marks |= OverdoseMark.REVERSED_BY_POLICE if police else OverdoseMark.REVERSED_BY_AMBULANCE
        return
    if lethal:
        die_of_overdose(self, True, world, luck)


@helper
def chance_of_stimulant_death(self, world):
    """Probability of dying given an overdose without an opioid (dimensionless)."""
    saved = (1 - alone_share(self, world)) * world.medical_rescue
    watched = 0 if at_liberty(self) else world.custody_rescue
    return fatality(self, world.fatality_stimulant, world) * (1 - watched) * (1 - saved)


@helper
def stimulant_emergency(self, world, luck):
    """A cardiac or mixed emergency without an opioid: naloxone does nothing, an ambulance may."""
    seen = happens(1 - alone_share(self, world), luck)
    saved = happens(world.medical_rescue, luck) and seen
    lethal = happens(fatality(self, world.fatality_stimulant, world), luck)
    saved_by_staff = happens(
        world.custody_rescue, luck
    )  # drawn at liberty too: the certificate's luck is the same in custody
    if saved_by_staff and not at_liberty(self):
        self.overdose_marks |= OverdoseMark.REVERSED_IN_CUSTODY
    elif saved:
        self.overdose_marks |= OverdoseMark.REVERSED_BY_AMBULANCE
    elif lethal:
        die_of_overdose(self, False, world, luck)


@helper
def die_of_overdose(self, opioid, world, luck):
    """A misuse death, and which drugs the certificate names: a set, and for some deaths none."""
    end_life(self, Cause.MISUSE, LifeMark.DIED_OF_MISUSE)
    if draw(luck) < world.no_drug_named:
        return
    cocaine = uses_often(self, Substance.PARTY) or uses_often(self, Substance.CRACK)
    opiate = opioid or (self.street_use > 0 and draw(luck) < world.also_found)
    if cocaine and (not opioid or draw(luck) < world.also_found):
        self.life_marks |= LifeMark.DIED_WITH_COCAINE
    if uses_often(self, Substance.BENZODIAZEPINES) and draw(luck) < world.also_found:
        self.life_marks |= LifeMark.DIED_WITH_BENZODIAZEPINE
    if opiate:
        self.life_marks |= LifeMark.DIED_WITH_OPIATE
        # Of the opiates that people who use heroin die with, many are methadone or another, without heroin beside it.
        heroin = (
            draw(luck) < world.heroin_named and self.street_use > 0
        )  # else it was in what was sold as something else
        self.life_marks |= LifeMark.DIED_WITH_HEROIN if heroin else LifeMark.DIED_WITH_OTHER_OPIOID
