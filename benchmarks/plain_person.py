"""A person as an ordinary Mesa agent: treatment, the rules of the three roles, and the step of one week."""

from math import exp

from policysim.benchmarks.plain_drinking import drink
from policysim.benchmarks.plain_law import PlainLaw
from policysim.benchmarks.plain_life import FREQUENT, PRESENT_USE
from policysim.vocabulary.mark import Mark
from policysim.vocabulary.marks import CareMark, HarmReductionMark, SchoolMark, UseMark
from policysim.vocabulary.states import (
    SUBSTANCES,
    Care,
    Charge,
    Justice,
    Occupation,
    Role,
    Substance,
    TreatmentGroup,
    Use,
)

EVERYONE = (
    "grow_older", "balance", "keep_work_and_home", "die", "change_use", "drink", "use_on_top", "take_opioids",
    "overdose", "grow_tolerant", "inject", "lose_kit", "lose_fear", "lose_touch", "meet_police", "keep_contract", "await_court",
    "serve_sentence", "wait", "stay_in_treatment", "keep_keyworker",
)  # fmt: skip
RULES: dict[int, tuple[str, ...]] = {
    Role.YOUNG_PERSON: (*EVERYONE, "start_using", "go_through_school", "take_role"),
    Role.ADULT: (*EVERYONE, "start_later", "take_role"),
    Role.DEPENDENT_USER: (
        *EVERYONE, "go_through_school", "start_another", "offend", "lose_referral", "seek_help", "collect_kit",
        "take_role",
    ),
}  # fmt: skip
"""The rules of a week by role, in order: those of policysim.agents.roles.ROLES, but for those left out."""
LEFT_OUT = (
    "be_supported", "go_to_group", "forget", "have_drugs_checked", "hear_warning", "catch_infection",
    "live_with_hepatitis_c", "be_tested", "change_route", "carry_for_a_line", "be_managed", "keep_requirement",
    "attend_review", "keep_case", "be_drawn_in", "be_caught_selling", "keep_tenancy", "be_helped_into_work",
    "grow_out_of_youth_justice",
)  # fmt: skip
"""Rules of ours that the plain model does without, which flatters it: about few people, or about nobody while no lever is
pulled."""
PRESENTED = {
    TreatmentGroup.OPIATE: CareMark.PRESENTED_OPIATE,
    TreatmentGroup.NON_OPIATE: CareMark.PRESENTED_NON_OPIATE,
    TreatmentGroup.NON_OPIATE_AND_ALCOHOL: CareMark.PRESENTED_NON_OPIATE_AND_ALCOHOL,
}
"""Presentations by treatment group; all others are presentations for alcohol."""


class PlainPerson(PlainLaw):
    """One resident."""

    def step(self) -> None:
        """One week by the rules of the role it began in, until the person is no longer present."""
        self.marks.clear()
        for name in RULES[self.role]:
            getattr(self, name)()
            if not self.present:
                return

    # --- treatment ------------------------------------------------------------------------------------------------
    def begin_waiting(self) -> None:
        """Onto the list of the services."""
        self.care, self.weeks_waiting = Care.WAITING, 0
        self.model.waiting[self.unique_id] = self
        self.count(CareMark.ASKED_FOR_TREATMENT)

    def wait(self) -> None:
        if self.care != Care.WAITING:
            return
        world = self.model.world
        self.weeks_waiting = min(self.weeks_waiting + 1, world.longest_clock)
        if self.dependent_on == 0 or self.occurs(world.give_up_waiting):
            self.care, self.weeks_waiting = Care.NONE, 0
            self.count(CareMark.GAVE_UP_WAITING)

    def stay_in_treatment(self) -> None:
        if self.care <= Care.WAITING:
            return
        world = self.model.world
        self.weeks_in_care = min(self.weeks_in_care + 1, world.longest_clock)
        if self.weeks_in_care == world.retained_weeks:
            self.count(CareMark.RETAINED_12_WEEKS)
        if self.dependent_on == 0:
            self.leave_treatment(CareMark.COMPLETED_TREATMENT)
            return
        if self.taper_weeks_left > 0:
            self.taper_weeks_left -= 1
            if self.taper_weeks_left == 0:
                self.complete()
                return
        ready = self.weeks_in_care >= world.shortest_course and self.taper_weeks_left == 0
        planned = world.completion_rate[self.care] if ready else 0.0
        by_time = world.dropout_half_time / (world.dropout_half_time + self.weeks_in_care)
        dropping = world.dropout_rate[self.care] * by_time * self.pull_away()
        if not self.occurs(planned + dropping):
            return
        if self.happens(dropping / (planned + dropping)):
            self.leave_treatment(CareMark.DROPPED_OUT)
        elif world.prescribed_dose[self.care] > 0 and world.taper_weeks >= 1:
            self.taper_weeks_left = int(world.taper_weeks)
        else:
            self.complete()

    def use_on_top(self) -> None:
        if self.care <= Care.WAITING or self.use[Substance.HEROIN] == Use.NEVER:
            return
        world = self.model.world
        usual = world.on_top_share[self.care]
        hazard = world.on_top_turnover * (1 - usual if self.on_top else usual * self.pull_away())
        if self.occurs(hazard):
            self.on_top = not self.on_top

    def pull_away(self) -> float:
        """Pull relative to its mean among people in this kind of care."""
        return self.pull() * exp(-self.model.world.pull_in_care[self.care])

    def complete(self) -> None:
        """A planned ending; it may bring remission from each dependence."""
        for substance in range(SUBSTANCES):
            if self.use[substance] == Use.DEPENDENT and self.happens(self.model.world.remission_on_completion):
                self.remit(substance)
        self.leave_treatment(CareMark.COMPLETED_TREATMENT)

    def leave_treatment(self, how: Mark) -> None:
        """Back to the community without treatment."""
        self.care, self.weeks_in_care, self.weeks_since_care, self.taper_weeks_left = Care.NONE, 0, 0, 0
        self.count(how)

    def enter_treatment(self, care: Care) -> None:
        """A service has a place."""
        world = self.model.world
        self.care, self.weeks_waiting, self.weeks_in_care, self.referred = care, 0, 0, 0.0
        self.taper_weeks_left = 0
        self.on_top = self.happens(world.on_top_share[care]) and (self.on_top or care != Care.HEROIN_ASSISTED)
        self.count(CareMark.ENTERED_TREATMENT)
        if care == Care.AGONIST:
            self.agonist_episodes = min(self.agonist_episodes + 1, world.longest_count)
        if world.week - self.last_presentation >= world.year_weeks:
            self.count(CareMark.NEW_PRESENTATION)
            self.last_presentation = world.week
            self.count(PRESENTED.get(self.treatment_group(), CareMark.PRESENTED_ALCOHOL))

    def treatment_group(self) -> TreatmentGroup:
        """The group in which a presentation is published: by every substance that is a problem."""
        if self.dependent_on == 0:
            return TreatmentGroup.NONE
        if self.use[Substance.HEROIN] == Use.DEPENDENT:
            return TreatmentGroup.OPIATE
        if self.use[Substance.ALCOHOL] not in FREQUENT:
            return TreatmentGroup.NON_OPIATE
        others = (state for substance, state in enumerate(self.use) if substance != Substance.ALCOHOL)
        drugs = any(state in FREQUENT for state in others)
        return TreatmentGroup.NON_OPIATE_AND_ALCOHOL if drugs else TreatmentGroup.ALCOHOL

    # --- drinking and outreach, of which the place has none --------------------------------------------------------
    def drink(self) -> None:
        drink(self, self.model.world)

    def lose_touch(self) -> None:
        """Nobody has met an outreach worker."""

    def keep_keyworker(self) -> None:
        """Nobody has a keyworker."""

    # --- first use ------------------------------------------------------------------------------------------------
    def start_using(self) -> None:
        self.begin(self.pull() * self.here.first_use_ratio)

    def start_later(self) -> None:
        self.begin(self.pull() * self.here.first_use_ratio)

    def start_another(self) -> None:
        self.begin(self.pull() * self.here.first_use_ratio * self.model.world.start_ratio_dependent)

    def begin(self, strength: float) -> None:
        """First use of one substance not used before: their hazards compete."""
        world, band, sex = self.model.world, self.age_band(), self.sex
        hazards = {}
        for substance in range(SUBSTANCES):
            if self.use[substance] == Use.NEVER:
                hazard = world.start_rate[substance][band] * world.start_sex[substance][sex] * strength
                hazard *= self.pull_of_friends(substance)
                hard = substance in (Substance.HEROIN, Substance.CRACK)
                market = self.here.use_ratio * world.ocu_by_ethnicity[self.ethnicity]
                hazards[substance] = hazard * market if hard else hazard
        if self.occurs(sum(hazards.values())):
            (chosen,) = self.random.choices(list(hazards), list(hazards.values()))
            self.set_use(chosen, Use.EXPERIMENTING)
            self.count(UseMark.FIRST_USE)

    # --- young people ---------------------------------------------------------------------------------------------
    def take_lessons(self) -> None:
        world = self.model.world
        if self.occupation != Occupation.SCHOOL or not world.lessons_from_age <= self.age < world.lessons_to_age:
            return
        if self.lessons <= 0 and self.occurs(self.here.skills_lessons):
            self.lessons = 1.0
            self.count(SchoolMark.TAUGHT_SKILLS)
        if self.scare_lessons <= 0 and self.occurs(self.here.scare_lessons):
            self.scare_lessons = 1.0
            self.count(SchoolMark.TAUGHT_BY_SCARE)

    def go_through_school(self) -> None:
        world = self.model.world
        self.take_lessons()
        at_secondary = self.occupation == Occupation.SCHOOL and self.age >= world.secondary_age
        if at_secondary and self.occurs(world.suspension_rate[self.sex] * self.pull()):
            self.resilience -= world.belonging_lost
        if at_secondary and self.occurs(world.exclusion_rate[self.sex] * self.here.exclusion_ratio * self.pull()):
            self.occupation = Occupation.EXCLUDED
            self.count(SchoolMark.EXCLUDED_FROM_SCHOOL)
        elif at_secondary and self.occurs(world.caught_rate * self.carrying()):
            self.be_caught()
        if self.age < world.leaving_age:
            return
        if self.occupation in (Occupation.SCHOOL, Occupation.EXCLUDED):
            self.leave_school()
        elif self.occupation == Occupation.STUDENT and self.age >= world.graduation_age:
            self.occupation = Occupation.WORKING

    def be_caught(self) -> None:
        """Caught with drugs at school, where nobody is referred in place of punishment; students are hardly ever expelled."""
        world, outcome = self.model.world, self.random.random()
        if outcome < world.excluded_when_caught:
            self.occupation = Occupation.EXCLUDED
            self.count(SchoolMark.EXCLUDED_FROM_SCHOOL)
        elif outcome < world.excluded_when_caught + world.suspended_when_caught:
            self.resilience -= world.belonging_lost

    def leave_school(self) -> None:
        """Higher education, work or neither."""
        world = self.model.world
        chances = world.after_exclusion if self.occupation == Occupation.EXCLUDED else 1
        if self.happens(world.study_share * chances):
            self.occupation = Occupation.STUDENT
        elif self.happens(world.work_share * chances):
            self.occupation = Occupation.WORKING
        else:
            self.occupation = Occupation.WORKLESS

    # --- people who are dependent ---------------------------------------------------------------------------------
    def offend(self) -> None:
        if not self.opiate_or_crack():
            return
        world, inside = self.model.world, self.justice == Justice.CUSTODY
        offences = world.offending_rate * self.offending_level * world.offending_in_care[self.care]
        offences *= self.here.offending_ratio * self.here.money_needed * world.use_frequency[Use.DEPENDENT]
        if inside:
            offences *= world.offending_in_custody
        if 0 <= self.weeks_since_diversion < world.diversion_effect_weeks:
            offences *= world.offending_after_diversion
        self.model.expected_offences += offences
        if not inside and self.occurs(offences * world.arrests_per_offence):
            self.be_arrested(Charge.ACQUISITIVE)

    def lose_referral(self) -> None:
        self.referred -= self.referred * self.model.world.referral_fade

    def seek_help(self) -> None:
        world, here = self.model.world, self.here
        if self.justice == Justice.CUSTODY or self.care != Care.NONE:
            return
        hazard = world.seek_rate[self.treatment_group()] * world.seek_ratio_sex[self.sex]
        drugs = any(state in PRESENT_USE for substance, state in enumerate(self.use) if substance != Substance.ALCOHOL)
        fear = world.fear_effect * self.fear if drugs else 0.0
        hazard *= exp(-fear - world.stigma_effect * self.stigma)
        if self.use[Substance.HEROIN] == Use.DEPENDENT:
            hazard *= here.outreach
        hazard += world.referral_pull * self.referred
        if self.injects:
            hazard += world.room_introduction * here.room_share
        if self.occurs(hazard):
            self.begin_waiting()

    def collect_kit(self) -> None:
        if self.naloxone or not self.uses_opioids() or self.justice == Justice.CUSTODY:
            return
        reached = 1 if self.care > Care.WAITING else self.model.world.kit_reach_hidden
        if self.occurs(self.here.kit_rate * reached):
            self.naloxone = True
            self.count(HarmReductionMark.GOT_KIT)
