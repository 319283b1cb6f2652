"""Use, tolerance, injecting and kits in the week of an ordinary Mesa agent."""

from policysim.benchmarks.plain_life import PRESENT_USE, PlainLife
from policysim.vocabulary.marks import HarmReductionMark, UseMark
from policysim.vocabulary.states import (
    SUBSTANCES,
    Care,
    Justice,
    Substance,
    Use,
)


class PlainUse(PlainLife):
    """What drugs do to those who use them."""

    def change_use(self) -> None:
        if not self.ever_used:
            return
        strength = self.pull()
        for substance in range(SUBSTANCES):
            if self.use[substance] != Use.NEVER:
                up, down = self.ways_to_change(substance, strength * self.pull_of_friends(substance))
                if self.occurs(up + down):
                    self.step_in_use(substance, self.random.random() * (up + down) < up)

    def ways_to_change(self, substance: int, strength: float) -> tuple[float, float]:
        """Hazards per week of more and of less use of one substance."""
        world, state, band = self.model.world, self.use[substance], self.age_band()
        strength = strength * world.growing_by_age[substance][band]
        ending = world.ending_by_age[substance][band]
        if state == Use.EXPERIMENTING:
            return world.escalation_rate[substance] * strength, world.stopping_rate[substance] * ending
        if state == Use.REGULAR:
            beside = world.cutting_down_beside_heroin if self.opiate_or_crack() else 1
            return world.dependence_rate[substance] * strength, world.cutting_down_rate[substance] * ending * beside
        if state == Use.DEPENDENT:
            return 0.0, world.remission_rate[substance] * world.remission_ratio_in_care[self.care] * ending
        if state == Use.FORMER:
            return world.resumption_rate[substance] * strength, 0.0
        hazard = world.relapse_rate[substance] * strength
        if substance in (Substance.HEROIN, Substance.CRACK):
            hazard *= world.relapse_half_time / (world.relapse_half_time + self.weeks_since_dependence)
        return hazard, 0.0

    def step_in_use(self, substance: int, upwards: bool) -> None:
        """One step up or down the states of use of one substance."""
        state = self.use[substance]
        if state == Use.EXPERIMENTING:
            self.set_use(substance, Use.REGULAR if upwards else Use.FORMER)
        elif state == Use.REGULAR and upwards:
            self.become_dependent(substance)
        elif state == Use.DEPENDENT:
            self.remit(substance)
        elif state == Use.REMISSION:
            self.relapse(substance)
        else:
            self.set_use(substance, Use.EXPERIMENTING)

    def become_dependent(self, substance: int) -> None:
        self.set_use(substance, Use.DEPENDENT)
        self.ever_dependent = True
        self.count(UseMark.BECAME_DEPENDENT)
        self.model.changed[self.unique_id] = self
        if not self.injects and self.happens(self.model.world.injecting_at_onset[substance]):
            self.injects = True
            self.count(UseMark.STARTED_INJECTING)

    def relapse(self, substance: int) -> None:
        self.set_use(substance, Use.DEPENDENT)
        self.count(UseMark.RELAPSED)
        self.model.changed[self.unique_id] = self
        if substance in (Substance.HEROIN, Substance.CRACK) and not self.injects and self.injecting_weeks > 0:
            self.injects = self.happens(self.model.world.injecting_after_relapse)

    def remit(self, substance: int) -> None:
        self.set_use(substance, Use.REMISSION)
        self.count(UseMark.REMITTED)
        if substance in (Substance.HEROIN, Substance.CRACK):
            self.weeks_since_dependence = 0
        if substance == Substance.HEROIN:
            self.street_use = 0.0
        if not self.opiate_or_crack():
            self.injects = self.needles = False
        self.model.changed[self.unique_id] = self

    def set_use(self, substance: int, state: int) -> None:
        """Move to a state of use, and let friends see whether this person uses."""
        before, company = self.use[substance], self.company()
        self.using += (state in PRESENT_USE) - (before in PRESENT_USE)
        self.dependent_on += (state == Use.DEPENDENT) - (before == Use.DEPENDENT)
        self.use[substance] = state
        self.ever_used = True
        self.count(UseMark.USE_CHANGED)
        for kind, uses in enumerate(self.company()):
            if uses != company[kind]:
                for friend in self.friends:
                    friend.peers_using[kind] += int(uses) - int(company[kind])

    def opiate_or_crack(self) -> bool:
        """Dependent on heroin, other opioids or crack."""
        return self.use[Substance.HEROIN] == Use.DEPENDENT or self.use[Substance.CRACK] == Use.DEPENDENT

    def take_opioids(self) -> None:
        world, state = self.model.world, self.use[Substance.HEROIN]
        if state == Use.NEVER:
            return
        street = world.use_frequency[state]
        if street > 0:
            if self.care > Care.WAITING:
                street *= world.street_use_in_care[self.care] if self.on_top else 0
            if self.justice == Justice.CUSTODY:
                street *= world.street_use_in_custody
                if self.prison_agonist:
                    street *= world.street_use_in_care[Care.AGONIST]
        self.street_use = street

    def share_of_dose(self) -> float:
        """How much of the prescribed dose is left as a planned ending is approached."""
        return self.taper_weeks_left / self.model.world.taper_weeks if self.taper_weeks_left > 0 else 1.0

    def grow_tolerant(self) -> None:
        if self.use[Substance.HEROIN] == Use.NEVER:
            return
        world = self.model.world
        prescribed = world.prescribed_dose[self.care] * self.share_of_dose()
        if self.prison_agonist:
            prescribed = world.prescribed_dose[Care.AGONIST]
        gap = min(self.street_use + prescribed, 1) - self.tolerance
        self.tolerance += gap * (world.tolerance_gain if gap > 0 else world.tolerance_loss)

    def inject(self) -> None:
        if not self.injects:
            return
        self.injecting_weeks += 1
        self.needles = self.happens(self.here.needle_coverage)
        if self.here.room_share > 0 and self.justice != Justice.CUSTODY and self.happens(self.here.room_share):
            self.count(HarmReductionMark.VISITED_ROOM)

    def lose_kit(self) -> None:
        if self.naloxone and self.occurs(self.model.world.kit_loss):
            self.naloxone = False
            self.count(HarmReductionMark.LOST_KIT)
