"""Police, courts and sentences in the week of an ordinary Mesa agent: the rules of police, courts and custody."""

from policysim.benchmarks.plain_life import FREQUENT
from policysim.benchmarks.plain_overdose import PlainOverdose
from policysim.vocabulary.marks import CareMark, HarmReductionMark, JusticeMark, PoliceMark
from policysim.vocabulary.states import Care, Charge, Justice, Substance, Use

STREET_DRUGS = (Substance.CANNABIS, Substance.PARTY, Substance.HEROIN, Substance.CRACK)


class PlainLaw(PlainOverdose):
    """Someone who may be searched, arrested, sentenced and released."""

    def meet_police(self) -> None:
        world, here = self.model.world, self.here
        if self.fear > 0:
            self.fear -= self.fear * world.fear_fade
        if self.justice == Justice.CUSTODY:
            return
        search = here.search_rate * self.search_exposure()
        found = here.detection_rate * self.carrying() if self.using > 0 else 0.0
        if not self.occurs(search + found):
            return
        if self.random.random() * (search + found) < search:
            self.count(PoliceMark.SEARCHED)
            self.fear += world.fear_of_search
            if self.using == 0 or not self.happens(world.search_for_drugs):
                return
            if not self.happens(self.carrying() * world.search_finds):
                return
        self.count(PoliceMark.FOUND_WITH_DRUGS)
        self.answer_possession()

    def search_exposure(self) -> float:
        """How often this person is searched relative to the average resident."""
        world = self.model.world
        ratio = world.search_ratio_age[self.age_band()] * world.search_ratio_sex[self.sex]
        ratio *= world.search_ratio_ethnicity[self.ethnicity]
        return ratio * (1 + world.search_selectivity * self.carrying()) if self.using > 0 else ratio

    def carrying(self) -> float:
        """How likely someone is to carry drugs relative to a regular user."""
        frequency, use = self.model.world.use_frequency, self.use
        return max(frequency[use[drug]] for drug in STREET_DRUGS)

    def answer_possession(self) -> None:
        """Supply is charged; possession is the team's policy."""
        world, here = self.model.world, self.here
        if self.happens(world.supply_share):
            self.be_arrested(Charge.SUPPLY)
            return
        arrest = self.happens(here.arrest_share)
        if self.happens(here.diversion_offer * (1 if arrest else world.net_widening)):
            self.count(PoliceMark.OFFERED_DIVERSION)
            if self.happens(here.diversion_attendance):
                self.count(PoliceMark.DIVERTED)
                self.diversions += 1
                self.weeks_since_diversion = 0
                if self.dependent_on > 0:
                    self.referred = max(self.referred, here.diversion_referral)
                return
        if arrest:
            self.be_arrested(Charge.POSSESSION)
        else:
            self.count(PoliceMark.RESOLVED_ON_STREET)

    def be_arrested(self, charge: Charge) -> None:
        """Arrest, perhaps a test and a referral, then no further action, a caution or a charge."""
        world, here = self.model.world, self.here
        self.count(PoliceMark.ARRESTED_OTHERWISE if charge == Charge.ACQUISITIVE else PoliceMark.ARRESTED_FOR_DRUGS)
        self.fear += world.fear_of_arrest
        if self.happens(here.test_on_arrest):
            self.count(PoliceMark.TESTED_ON_ARREST)
            if any(self.use[drug] in FREQUENT for drug in (Substance.HEROIN, Substance.CRACK, Substance.PARTY)):
                self.count(PoliceMark.TESTED_POSITIVE)
                if self.dependent_on > 0 and self.happens(here.test_referral):
                    self.referred = 1.0
        outcome = self.random.random()
        if outcome < world.charge_share[charge]:
            self.count(PoliceMark.CHARGED)
            if self.charge == Charge.NONE:
                self.charge, self.weeks_charged = charge, 0
                self.model.charged[self.unique_id] = self
        elif outcome < world.charge_share[charge] + world.caution_share[charge]:
            self.count(PoliceMark.CAUTIONED)
            self.cautions += 1
        else:
            self.count(PoliceMark.NO_FURTHER_ACTION)

    def await_court(self) -> None:
        if self.charge > 0:
            self.weeks_charged = min(self.weeks_charged + 1, self.model.world.longest_clock)

    def be_sentenced(self) -> None:
        """Custody, an order, or a fine or discharge."""
        world, charge, u = self.model.world, self.charge, self.random.random()
        self.charge, self.weeks_charged = Charge.NONE, 0
        self.convictions += 1
        self.count(JusticeMark.CONVICTED)
        if u < world.custody_share[charge]:
            if self.justice != Justice.CUSTODY:
                self.count(JusticeMark.IMPRISONED)
            weeks = world.served_weeks[charge] * (world.shortest_sentence + self.random.random())
            self.enter_custody(max(weeks, 1))
        elif u < world.custody_share[charge] + world.order_share[charge]:
            self.count(JusticeMark.COMMUNITY_ORDER)
            if self.justice in (Justice.FREE, Justice.COMMUNITY_ORDER):
                self.justice, self.weeks_left = Justice.COMMUNITY_ORDER, int(world.order_weeks)
            if self.dependent_on > 0 and self.happens(world.requirement_share):
                self.count(JusticeMark.REQUIREMENT)
                if self.happens(world.requirement_linked):
                    self.referred = 1.0

    def serve_sentence(self) -> None:
        if self.justice == Justice.FREE:
            return
        world = self.model.world
        self.weeks_left -= 1
        if self.justice == Justice.LICENCE and self.occurs(world.recall_rate):
            self.count(JusticeMark.RECALLED)
            self.enter_custody(world.recall_weeks)
        elif self.weeks_left <= 0:
            if self.justice == Justice.CUSTODY:
                self.leave_custody()
            else:
                self.justice, self.weeks_left = Justice.FREE, 0

    def enter_custody(self, weeks: float) -> None:
        """Into prison: treatment in the community ends; in prison some get agonist treatment."""
        if self.justice == Justice.CUSTODY:
            self.weeks_left = max(self.weeks_left, int(weeks))
            return
        self.justice, self.weeks_left = Justice.CUSTODY, int(weeks)
        if self.care > Care.WAITING:
            self.count(CareMark.LEFT_TREATMENT_FOR_PRISON)
            self.weeks_since_care = 0
        self.care, self.weeks_waiting, self.weeks_in_care, self.taper_weeks_left = Care.NONE, 0, 0, 0
        dependent = self.use[Substance.HEROIN] == Use.DEPENDENT
        self.prison_agonist = dependent and self.happens(self.model.world.prison_agonist_share)

    def leave_custody(self) -> None:
        """Release on licence, perhaps with a hand-over and a kit."""
        world = self.model.world
        self.justice, self.weeks_left, self.weeks_since_release = Justice.LICENCE, int(world.licence_weeks), 0
        self.count(JusticeMark.RELEASED)
        if self.prison_agonist:
            self.referred = max(self.referred, world.through_the_gate)
            self.prison_agonist = False
        dependent = self.use[Substance.HEROIN] == Use.DEPENDENT
        if dependent and not self.naloxone and self.happens(world.naloxone_on_release):
            self.naloxone = True
            self.count(HarmReductionMark.GOT_KIT)
