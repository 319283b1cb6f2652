"""Police, courts and sentences in the week of an ordinary Mesa agent: the rules of police, courts and custody."""

from policysim.benchmarks.plain_drinking import call_hazard
from policysim.benchmarks.plain_life import FREQUENT
from policysim.benchmarks.plain_overdose import PlainOverdose
from policysim.vocabulary.marks import CareMark, DrinkingMark, HarmReductionMark, JusticeMark, PoliceMark
from policysim.vocabulary.states import Care, Charge, Justice, Substance, Use

NOW = (Use.EXPERIMENTING, Use.REGULAR, Use.DEPENDENT)
STREET_DRUGS = (Substance.CANNABIS, Substance.PARTY, Substance.HEROIN, Substance.CRACK)


class PlainLaw(PlainOverdose):
    """Someone who may be searched, arrested, sentenced and released."""

    def lose_fear(self) -> None:
        if self.fear > 0:
            self.fear -= self.fear * self.model.world.fear_fade

    def meet_police(self) -> None:
        world, here = self.model.world, self.here
        if self.justice == Justice.CUSTODY:
            return
        search = here.search_rate * self.search_exposure()
        found = here.detection_rate * self.carrying() if self.using > 0 else 0.0
        trigger = self.trigger_hazard()
        called = call_hazard(self, world)
        if not self.occurs(search + found + trigger + called):
            return
        which = self.random.random() * (search + found + trigger + called)
        if which >= search + found + trigger:
            self.count(DrinkingMark.CALLED_FOR_DRINK)
            self.drink_calls += 1
            if self.happens(world.drinking_arrest_share):
                self.be_arrested(Charge.DISORDER)
            return
        if which >= search + found:
            self.be_arrested(Charge.ACQUISITIVE)
            return
        if which < search:
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

    def trigger_hazard(self) -> float:
        """Arrest for theft or robbery of someone not dependent on heroin or crack."""
        world = self.model.world
        if self.opiate_or_crack():
            return 0.0
        hazard = world.trigger_arrest_rate[self.sex] * world.search_ratio_age[self.age_band()]
        hazard *= world.trigger_ratio_child if self.is_child() else 1
        return hazard * world.trigger_ratio_cocaine if self.use[Substance.PARTY] in FREQUENT else hazard

    def is_child(self) -> bool:
        """Below the age from which police and courts deal with people as adults."""
        return self.age < self.model.world.age_of_adult_court

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
        arrest = self.happens(here.arrest_share * self.arrest_ratio())
        if self.happens(here.diversion_offer * (1 if arrest else world.net_widening)):
            self.count(PoliceMark.OFFERED_DIVERSION)
            admission = 1 - here.admission_required * (1 - world.admits[self.ethnicity])
            if self.happens(here.diversion_attendance * admission):
                self.be_diverted(arrest)
                return
            arrest = arrest or self.happens(world.failure_pursued * self.arrest_ratio())
        if arrest:
            self.be_arrested(Charge.POSSESSION)
        else:
            self.count(PoliceMark.RESOLVED_ON_STREET)

    def arrest_ratio(self) -> float:
        """Arrests of somebody like them in possession relative to adults."""
        return self.model.world.youth_arrest_ratio if self.is_child() else 1.0

    def be_diverted(self, arrest: bool) -> None:
        """An agreement in place of arrest, and perhaps a referral."""
        self.count(PoliceMark.DIVERTED)
        self.diversions += 1
        self.contract_weeks = int(self.model.world.contract_length)
        if arrest:
            self.count(PoliceMark.DIVERTED_FROM_ARREST)
            self.weeks_since_diversion = 0
        if self.dependent_on > 0:
            self.referred = max(self.referred, self.here.diversion_referral)

    def keep_contract(self) -> None:
        """A diversion agreement runs out or is breached."""
        world = self.model.world
        if self.contract_weeks == 0 or self.justice == Justice.CUSTODY:
            self.contract_weeks = 0
            return
        self.contract_weeks -= 1
        if self.occurs(world.breach_rate):
            self.contract_weeks = 0
            self.count(PoliceMark.BREACHED_DIVERSION)
            if self.happens(world.failure_pursued * self.arrest_ratio()):
                self.be_arrested(Charge.POSSESSION)
        elif self.contract_weeks == 0:
            self.count(PoliceMark.COMPLETED_DIVERSION)

    def be_arrested(self, charge: Charge) -> None:
        """Arrest, perhaps a test and a referral, then no further action, a caution or a charge."""
        world, here = self.model.world, self.here
        theft, drink, child = charge == Charge.ACQUISITIVE, charge == Charge.DISORDER, self.is_child()
        of_theft = PoliceMark.ARRESTED_OTHERWISE if self.opiate_or_crack() else PoliceMark.ARRESTED_FOR_TRIGGER
        of_drink = DrinkingMark.ARRESTED_FOR_DRINK if drink else PoliceMark.ARRESTED_FOR_DRUGS
        self.count(of_theft if theft else of_drink)
        self.fear += world.fear_of_arrest
        class_a = (Substance.HEROIN, Substance.CRACK, Substance.PARTY)
        may_be_tested = not (child or drink) and (theft or any(self.use[drug] in NOW for drug in class_a))
        if may_be_tested and self.happens(here.test_on_arrest):
            self.count(PoliceMark.TESTED_ON_ARREST)
            if any(self.use[drug] in FREQUENT for drug in class_a):
                self.count(PoliceMark.TESTED_POSITIVE)
                if self.dependent_on > 0 and self.happens(here.test_referral):
                    self.referred = 1.0
        outcome = self.random.random()
        charged = world.charge_share[charge] * (world.youth_charge_ratio if child else 1)
        disposed = charged + world.caution_share[charge] * (world.youth_caution_ratio if child else 1)
        if outcome < charged:
            self.count(PoliceMark.CHARGED)
            if self.charge == Charge.NONE:
                self.charge, self.weeks_charged = charge, 0
                self.model.charged[self.unique_id] = self
        elif outcome < disposed:
            self.count(PoliceMark.CAUTIONED)
            self.cautions += 1
            if not (theft or drink):
                self.count(JusticeMark.DRUG_OFFENCE_DISPOSED)
        elif child and outcome < disposed + (1 - disposed) * world.youth_resolution_share:
            self.count(PoliceMark.RESOLVED_AT_STATION)
        else:
            self.count(PoliceMark.NO_FURTHER_ACTION)

    def await_court(self) -> None:
        """A charge waits for a hearing, in custody for some."""
        if self.charge == Charge.NONE:
            return
        world = self.model.world
        self.weeks_charged = min(self.weeks_charged + 1, world.longest_clock)
        if self.weeks_charged == 1 and self.justice != Justice.CUSTODY:
            share = world.remand_share[self.charge] * (world.youth_custody_ratio if self.is_child() else 1)
            if self.happens(share):
                self.count(JusticeMark.REMANDED)
                self.enter_custody(1)
                self.remanded = True

    def be_sentenced(self) -> None:
        """Custody, an order, or a fine or discharge."""
        world, charge, u, child = self.model.world, self.charge, self.random.random(), self.is_child()
        waited = self.weeks_charged
        self.charge, self.weeks_charged = Charge.NONE, 0
        self.convictions += 1
        self.count(JusticeMark.CONVICTED)
        if child:
            self.count(JusticeMark.CHILD_SENTENCED)
        if charge in (Charge.POSSESSION, Charge.SUPPLY):
            self.count(JusticeMark.DRUG_OFFENCE_DISPOSED)
        custody = world.custody_share[charge] * (world.youth_custody_ratio if child else 1)
        if u < custody:
            if self.justice != Justice.CUSTODY or self.remanded:
                self.count(JusticeMark.IMPRISONED)
            weeks = world.youth_served_weeks if child else world.served_weeks[charge]
            weeks *= world.shortest_sentence + self.random.random()
            self.enter_custody(max(weeks - waited if self.remanded else weeks, 1))
            self.remanded = False
            return
        if self.remanded:
            self.count(JusticeMark.RELEASED_BY_COURT)
            self.leave_custody()
            self.justice, self.weeks_left = Justice.FREE, 0
        if u < custody + (world.youth_order_share if child else world.order_share[charge]):
            self.count(JusticeMark.COMMUNITY_ORDER)
            if self.justice in (Justice.FREE, Justice.COMMUNITY_ORDER):
                self.justice, self.weeks_left = Justice.COMMUNITY_ORDER, int(world.order_weeks)
            if self.dependent_on > 0 and self.happens(world.drug_requirement_share):
                self.count(JusticeMark.REQUIREMENT)
                free = self.justice != Justice.CUSTODY and self.care == Care.NONE
                if self.happens(world.drug_requirement_linked) and free:
                    self.begin_waiting()

    def serve_sentence(self) -> None:
        if self.justice == Justice.FREE or self.remanded:
            return
        world = self.model.world
        self.weeks_left -= 1
        if self.justice == Justice.LICENCE and self.occurs(world.recall_rate):
            self.count(JusticeMark.RECALLED)
            self.enter_custody(world.recall_weeks)
        elif self.weeks_left <= 0:
            if self.justice == Justice.CUSTODY:
                self.count(JusticeMark.RELEASED)
                self.leave_custody()
                self.justice, self.weeks_left = Justice.LICENCE, int(world.licence_weeks)
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
        """At the gate, perhaps with a hand-over and a kit."""
        world = self.model.world
        self.remanded, self.weeks_since_release = False, 0
        dependent = self.use[Substance.HEROIN] == Use.DEPENDENT
        if self.prison_agonist:
            self.count(JusticeMark.RELEASED_TREATED)
            self.prison_agonist = False
            if self.happens(world.through_the_gate) and dependent:
                self.begin_waiting()
                self.weeks_waiting = int(world.referral_weeks_ahead)
        if dependent and not self.naloxone and self.happens(world.naloxone_on_release):
            self.naloxone = True
            self.count(HarmReductionMark.GOT_KIT)
