"""The overdose and the rescue chain of policysim.agents.people.overdose and rescue, on an ordinary Mesa agent."""

from math import exp

from policysim.benchmarks.plain_life import DEPRESSANTS, FREQUENT, OTHER_DRUGS, PlainLife
from policysim.benchmarks.plain_use import PlainUse
from policysim.vocabulary.marks import LifeMark, OverdoseMark
from policysim.vocabulary.states import Care, Cause, Justice, Substance, Use


class PlainOverdose(PlainUse):
    """Someone who may overdose, and be helped by whoever is there."""

    def overdose(self) -> None:
        if self.using == 0:
            return
        opioid, other = self.opioid_hazard(), self.other_hazard()
        hazard = opioid + other
        if hazard <= 0:
            return
        share = opioid / hazard
        fatal = share * self.chance_of_death() + (1 - share) * self.chance_of_stimulant_death()
        self.model.expected_deaths += (1 - exp(-hazard)) * fatal
        if not self.occurs(hazard):
            return
        self.count(OverdoseMark.OVERDOSED)
        if self.happens(share):
            self.opioid_emergency()
        else:
            self.stimulant_emergency()

    def opioid_hazard(self) -> float:
        """Hazard of an opioid overdose: frequency, potency, and how far the dose outruns tolerance."""
        if self.street_use <= 0:
            return 0.0
        world = self.model.world
        excess = world.tolerance_effect * max(world.usual_dose[self.use[Substance.HEROIN]] - self.tolerance, 0)
        for other in DEPRESSANTS:
            if self.use[other] in FREQUENT:
                excess += world.co_use_effect[other]
        if self.injects:
            excess += world.injecting_effect
        if self.care == Care.AGONIST and self.weeks_in_care < world.induction_weeks:
            excess += world.induction_effect
        return world.overdose_rate[Substance.HEROIN] * self.street_use * self.here.potency * exp(excess)

    def other_hazard(self) -> float:
        """Hazard of an overdose by any other drug."""
        world = self.model.world
        hazard = sum(world.overdose_rate[drug] * world.use_frequency[self.use[drug]] for drug in OTHER_DRUGS)
        return hazard * world.street_use_in_custody if self.justice == Justice.CUSTODY else hazard

    # --- rescue ---------------------------------------------------------------------------------------------------
    def fatality(self, usual: float) -> float:
        """Probability that an overdose kills if nobody helps."""
        world = self.model.world
        return min(usual * exp(world.fatality_by_age * (self.age - world.reference_age)), 1)

    def alone_share(self) -> float:
        """Share of occasions on which nobody else is there."""
        return self.alone if self.using_friends else max(self.alone, self.model.world.alone_without_using_peers)

    def friend_with_kit(self) -> "PlainLife | None":
        """A friend at liberty who carries naloxone."""
        able = (f for f in self.using_friends if f.naloxone and f.justice != Justice.CUSTODY)
        return next(able, None)

    def at_liberty(self) -> bool:
        """Not in custody."""
        return self.justice != Justice.CUSTODY

    def watched_share(self) -> float:
        """Share of occasions that staff watch over, of a consumption room or of a prison wing."""
        if not self.at_liberty():
            return 1.0
        return self.here.room_share if self.injects else 0.0

    def staff_rescue(self) -> float:
        """Probability that the staff who watch reverse an overdose."""
        world = self.model.world
        return world.room_rescue if self.at_liberty() else world.custody_rescue

    def carrier_at_hand(self) -> "PlainLife | None":
        """Who is there with a kit; none goes into prison."""
        if not self.at_liberty():
            return None
        return self if self.naloxone else self.friend_with_kit()

    def police_come_with_kit(self) -> float:
        """Probability that police with naloxone are first where help was called; not in prison."""
        return self.here.police_naloxone * self.model.world.police_first if self.at_liberty() else 0.0

    def chance_of_death(self) -> float:
        """Probability of dying given an opioid overdose."""
        world, here = self.model.world, self.here
        left = 1 - self.watched_share() * self.staff_rescue()
        friend = world.kit_used * world.naloxone_rescue if self.carrier_at_hand() is not None else 0.0
        police = self.police_come_with_kit() * world.naloxone_rescue
        called = world.ambulance_called * (1 - (1 - police) * (1 - here.ambulance_rescue * world.medical_rescue))
        saved = (1 - self.alone_share()) * (1 - (1 - friend) * (1 - called))
        return self.fatality(world.fatality_opioid) * left * (1 - saved)

    def chance_of_stimulant_death(self) -> float:
        """Probability of dying given an overdose without an opioid."""
        world = self.model.world
        watched = 0.0 if self.at_liberty() else world.custody_rescue
        unsaved = 1 - (1 - self.alone_share()) * world.medical_rescue
        return self.fatality(world.fatality_stimulant) * (1 - watched) * unsaved

    def opioid_emergency(self) -> None:
        """Staff who watch, friend, police, ambulance: each saves only what is left."""
        world = self.model.world
        if self.happens(self.watched_share()) and self.happens(self.staff_rescue()):
            self.count(OverdoseMark.REVERSED_IN_ROOM if self.at_liberty() else OverdoseMark.REVERSED_IN_CUSTODY)
            return
        lethal = self.happens(self.fatality(world.fatality_opioid))
        if not self.happens(self.alone_share()) and (self.friend_reverses() or self.called_help_reverses()):
            return
        if lethal:
            self.die_of_overdose(opioid=True)

    def friend_reverses(self) -> bool:
        """Whoever is there uses the person's own kit or a friend's."""
        world = self.model.world
        carrier = self.carrier_at_hand()
        if carrier is None or not self.happens(world.kit_used):
            return False
        carrier.naloxone = False
        self.count(OverdoseMark.USED_OWN_KIT if carrier is self else OverdoseMark.NEEDS_FRIENDS_KIT)
        if not self.happens(world.naloxone_rescue):
            return False
        self.count(OverdoseMark.REVERSED_BY_FRIEND)
        return True

    def called_help_reverses(self) -> bool:
        """An ambulance is called; police may be first."""
        world, here = self.model.world, self.here
        if not self.happens(world.ambulance_called):
            return False
        if self.happens(self.police_come_with_kit()) and self.happens(world.naloxone_rescue):
            self.count(OverdoseMark.REVERSED_BY_POLICE)
            return True
        if self.happens(here.ambulance_rescue * world.medical_rescue):
            self.count(OverdoseMark.REVERSED_BY_AMBULANCE)
            return True
        return False

    def stimulant_emergency(self) -> None:
        """Naloxone does nothing here; an ambulance may."""
        world = self.model.world
        if not self.at_liberty() and self.happens(world.custody_rescue):
            self.count(OverdoseMark.REVERSED_IN_CUSTODY)
            return
        if self.happens(1 - self.alone_share()) and self.happens(world.medical_rescue):
            self.count(OverdoseMark.REVERSED_BY_AMBULANCE)
        elif self.happens(self.fatality(world.fatality_stimulant)):
            self.die_of_overdose(opioid=False)

    def die_of_overdose(self, opioid: bool) -> None:
        """A misuse death, and which drugs the certificate names."""
        self.end(Cause.MISUSE, LifeMark.DIED_OF_MISUSE)
        world = self.model.world
        if self.happens(world.no_drug_named):
            return
        if opioid or (self.street_use > 0 and self.happens(world.also_found)):
            self.name_opiate()
        cocaine = self.use[Substance.PARTY] in FREQUENT or self.use[Substance.CRACK] in FREQUENT
        if cocaine and (not opioid or self.happens(world.also_found)):
            self.count(LifeMark.DIED_WITH_COCAINE)
        if self.use[Substance.BENZODIAZEPINES] in FREQUENT and self.happens(world.also_found):
            self.count(LifeMark.DIED_WITH_BENZODIAZEPINE)

    def uses_opioids(self) -> bool:
        """Present use of heroin or other opioids."""
        return Use.EXPERIMENTING <= self.use[Substance.HEROIN] <= Use.DEPENDENT
