"""The life of a person as an ordinary Mesa agent: plain attributes, the model's own random numbers.

The rules are those of policysim.agents.people, written as one would for a Mesa model that nobody compiles. Nothing is
drawn before it is needed and friends are asked directly.
"""

from math import exp
from typing import Any

import mesa

from policysim.benchmarks.plain_drinking import illness_hazard
from policysim.vocabulary.groups import COMPANY_OF
from policysim.vocabulary.mark import Mark
from policysim.vocabulary.marks import JusticeMark, LifeMark, WorkHomeMark
from policysim.vocabulary.states import (
    Cause,
    Company,
    Housing,
    Justice,
    Life,
    Occupation,
    Role,
    Substance,
    Use,
)

PRESENT_USE = (Use.EXPERIMENTING, Use.REGULAR, Use.DEPENDENT)
FREQUENT = (Use.REGULAR, Use.DEPENDENT)
DEPRESSANTS = (Substance.BENZODIAZEPINES, Substance.GABAPENTINOIDS, Substance.ALCOHOL)
OTHER_DRUGS = (Substance.PARTY, Substance.CRACK, Substance.BENZODIAZEPINES, Substance.GABAPENTINOIDS)
MOST_USING_TIES = 4


class PlainLife(mesa.Agent):
    """Someone who ages, works, lives somewhere, may use drugs, overdose and die."""

    # Units and meanings are those of policysim.agents.people.person.
    age: float
    sex: int
    ethnicity: int
    neighbourhood: int
    occupation: int
    housing: int
    ill: bool
    bereaved_weeks: int
    present: bool
    life: int
    cause: int
    role: int
    risk: float
    resilience: float
    risk_at_rest: float
    resilience_at_rest: float
    lessons: float
    scare_lessons: float
    use: list[int]
    using: int
    dependent_on: int
    ever_used: bool
    ever_dependent: bool
    weeks_since_dependence: int
    injects: bool
    injecting_weeks: int
    street_use: float
    tolerance: float
    alone: float
    naloxone: bool
    needles: bool
    care: int
    weeks_waiting: int
    weeks_in_care: int
    taper_weeks_left: int
    on_top: bool
    weeks_since_care: int
    last_presentation: int
    agonist_episodes: int
    referred: float
    stigma: float
    fear: float
    justice: int
    charge: int
    weeks_charged: int
    weeks_left: int
    weeks_since_release: int
    prison_agonist: bool
    remanded: bool
    cautions: int
    convictions: int
    diversions: int
    weeks_since_diversion: int
    contract_weeks: int
    offending_level: float
    peers_using: list[int]
    drinking: float
    drinking_usual: float
    drink_calls: float
    keyworker: bool

    def __init__(self, model: Any, traits: dict[str, Any], here: Any):
        """`traits`: fields of policysim.agents.people.person by name; `here`: what institutions set in the neighbourhood."""
        super().__init__(model)
        for name in PlainLife.__annotations__:
            setattr(self, name, traits[name])
        self.here = here
        self.marks: set[Mark] = set()
        self.friends: list[PlainLife] = []
        self.using_friends: list[PlainLife] = []

    # --- chance ---------------------------------------------------------------------------------------------------
    def happens(self, probability: float) -> bool:
        """True with this probability."""
        return self.random.random() < probability

    def occurs(self, hazard: float) -> bool:
        """True if an event with this weekly hazard occurs."""
        if hazard <= 0:
            return False
        u = self.random.random()
        return u < hazard and u < 1 - exp(-hazard)

    def count(self, mark: Mark) -> None:
        """Something happened that is counted, once in a person's week."""
        if mark not in self.marks:
            self.marks.add(mark)
            self.model.counts[mark] += 1

    # --- life -----------------------------------------------------------------------------------------------------
    def grow_older(self) -> None:
        world = self.model.world
        self.age += world.week_in_years
        if self.bereaved_weeks >= 0:
            self.bereaved_weeks += 1
        if self.weeks_since_release >= 0:
            self.weeks_since_release += 1
        if self.weeks_since_care >= 0:
            self.weeks_since_care += 1
        if self.weeks_since_diversion >= 0:
            self.weeks_since_diversion += 1
        if self.ever_dependent:
            self.weeks_since_dependence = min(self.weeks_since_dependence + 1, world.longest_clock)
        if self.age >= (world.upper_age_dependent if self.ever_dependent else world.upper_age):
            self.life = Life.LEFT
            self.count(LifeMark.LEFT)
            self.go()

    def balance(self) -> None:
        world = self.model.world
        risk, resilience = self.risk_at_rest, self.resilience_at_rest
        if self.occupation == Occupation.EXCLUDED:
            risk += world.risk_of_exclusion
        elif self.occupation == Occupation.WORKLESS:
            risk += world.risk_of_worklessness
        elif self.occupation == Occupation.SCHOOL:
            resilience += world.resilience_of_school
        else:
            resilience += world.resilience_of_work
        if self.housing != Housing.STABLE:
            risk += world.risk_of_housing[self.housing]
        if self.convictions > 0:
            risk += world.risk_of_record
        if self.justice == Justice.CUSTODY:
            risk += world.risk_of_custody
        if self.bereaved_weeks >= 0:
            risk += world.risk_of_bereavement / (1 + self.bereaved_weeks * world.week_in_years)
        if self.lessons > 0:
            resilience += world.resilience_of_lessons * self.lessons
            self.lessons -= self.lessons * world.lessons_fade
        if self.scare_lessons > 0:
            resilience += world.resilience_of_scare * self.scare_lessons
            self.scare_lessons -= self.scare_lessons * world.lessons_fade
        self.risk += (risk - self.risk) * world.balance_speed
        self.resilience += (resilience - self.resilience) * world.balance_speed

    def keep_work_and_home(self) -> None:
        work, worse, better = self.work_hazard(), self.worse_home_hazard(), self.better_home_hazard()
        hazard = work + worse + better
        if not self.occurs(hazard):
            return
        u = self.random.random() * hazard
        if u < work:
            if self.occupation == Occupation.WORKING:
                self.occupation = Occupation.WORKLESS
                self.count(WorkHomeMark.LOST_WORK)
            else:
                self.occupation = Occupation.WORKING
        elif u < work + worse:
            if self.housing == Housing.STABLE:
                self.count(WorkHomeMark.LOST_HOME)
            self.housing += 1
        else:
            self.housing -= 1

    def work_hazard(self) -> float:
        """Hazard of losing a job, or of finding one."""
        world = self.model.world
        troubled, inside = self.dependent_on > 0, self.justice == Justice.CUSTODY
        if self.occupation == Occupation.WORKING:
            work = world.lose_work * (world.lose_work_dependent if troubled else 1)
            return work + world.lose_work_in_custody if inside else work
        if self.occupation != Occupation.WORKLESS:
            return 0.0
        work = world.find_work * (world.find_work_dependent if troubled else 1)
        if inside:
            work *= world.find_work_in_custody
        return work * world.find_work_with_record if self.convictions > 0 else work

    def worse_home_hazard(self) -> float:
        """Hazard of one step down: stable, insecure, homeless."""
        world = self.model.world
        if self.housing != Housing.STABLE:
            return world.become_homeless if self.housing == Housing.INSECURE else 0.0
        home = world.lose_home * (world.lose_home_dependent if self.dependent_on > 0 else 1)
        return home + world.lose_home_in_custody if self.justice == Justice.CUSTODY else home

    def better_home_hazard(self) -> float:
        """Hazard of one step up."""
        world = self.model.world
        if self.housing == Housing.STABLE:
            return 0.0
        return world.find_home * (world.find_home_dependent if self.dependent_on > 0 else 1)

    def age_band(self) -> int:
        """The five-year band of the tables."""
        world = self.model.world
        return int(min(max((self.age - world.youngest_age) * world.bands_per_year, 0), world.last_band))

    def die(self) -> None:
        world, band = self.model.world, self.age_band()
        illness = illness_hazard(self, world)
        own = world.suicide_rate[self.sex][band]
        if self.use[Substance.HEROIN] in (Use.DEPENDENT, Use.REMISSION):
            own *= world.suicide_ratio_opioid
        if self.ill:
            own *= world.suicide_ratio_ill
        if self.justice == Justice.CUSTODY:
            own = max(own, world.suicide_rate[self.sex][band] * world.suicide_ratio_custody)
        if self.bereaved_weeks >= 0:
            own *= 1 + world.suicide_excess_bereaved / (1 + self.bereaved_weeks * world.week_in_years)
        poisoning = world.other_poisoning_rate[self.sex] * self.here.other_poisoning_ratio
        prescribed = self.prescribed_opioid_hazard()
        self.model.expected_deaths += prescribed
        if self.using > 0:
            self.model.expected_deaths += own * world.suicide_by_misuse
        hazard = illness + own + poisoning + prescribed
        if not self.occurs(hazard):
            return
        u = self.random.random() * hazard
        if u < illness:
            self.end(Cause.OTHER, LifeMark.DIED_OTHERWISE)
        elif u < illness + own:
            self.die_by_own_hand()
        elif u < illness + own + poisoning:
            self.end(Cause.OTHER_POISONING, LifeMark.DIED_OTHER_POISONING)
        else:
            self.end(Cause.MISUSE, LifeMark.DIED_OF_MISUSE)
            self.count(LifeMark.DIED_WITH_OPIATE)
            self.count(LifeMark.DIED_WITH_OTHER_OPIOID)

    def prescribed_opioid_hazard(self) -> float:
        """Hazard of dying by a prescribed or other opioid outside a heroin career."""
        world = self.model.world
        if self.use[Substance.HEROIN] != Use.NEVER:
            return 0.0
        from_peak = (self.age - world.prescribed_opioid_peak) / world.prescribed_opioid_spread
        by_age = max(1 - from_peak * from_peak, 0)
        return world.prescribed_opioid_rate[self.sex] * by_age * self.here.other_poisoning_ratio

    def die_by_own_hand(self) -> None:
        """A suicide; some are misuse deaths with intent."""
        if self.using == 0 or not self.happens(self.model.world.suicide_by_misuse):
            self.end(Cause.SUICIDE, LifeMark.DIED_BY_SUICIDE)
            return
        self.end(Cause.MISUSE, LifeMark.DIED_OF_MISUSE)
        self.count(LifeMark.DIED_INTENTIONALLY)
        if self.use[Substance.HEROIN] == Use.DEPENDENT:
            self.name_opiate()

    def name_opiate(self) -> None:
        """The certificate names heroin, or methadone or another opioid without it."""
        self.count(LifeMark.DIED_WITH_OPIATE)
        heroin = self.happens(self.model.world.heroin_named)
        self.count(LifeMark.DIED_WITH_HEROIN if heroin else LifeMark.DIED_WITH_OTHER_OPIOID)

    def end(self, cause: Cause, mark: Mark) -> None:
        """Death: friends of those who died of misuse grieve."""
        self.life, self.cause = Life.DEAD, cause
        self.count(mark)
        if cause == Cause.MISUSE:
            if self.justice == Justice.CUSTODY:
                self.count(JusticeMark.DIED_IN_CUSTODY)
            for friend in (*self.friends, *self.using_friends):
                friend.bereaved_weeks = 0
        self.go()

    def go(self) -> None:
        """Out of the model: nobody counts this person among their friends any more."""
        self.present = False
        for friend in self.friends:
            friend.friends.remove(self)
            friend.meet(self, -1)
        self.untie()
        self.model.forget(self)
        self.remove()

    def untie(self) -> None:
        """End all ties of use."""
        for friend in self.using_friends:
            friend.using_friends.remove(self)
        self.using_friends = []

    def take_role(self) -> None:
        if self.dependent_on > 0:
            self.role = Role.DEPENDENT_USER
        else:
            self.role = Role.YOUNG_PERSON if self.age < self.model.world.adult_role_age else Role.ADULT

    def meet(self, other: "PlainLife", change: int) -> None:
        """A friend comes or goes: count what they use."""
        for kind, uses in enumerate(other.company()):
            self.peers_using[kind] += change * uses

    def company(self) -> list[bool]:
        """Which kinds of use this person is company in."""
        kinds = [False] * len(Company)
        for substance, state in enumerate(self.use):
            kinds[COMPANY_OF[substance]] |= state in PRESENT_USE
        return kinds

    def pull(self) -> float:
        """What risk and resilience do to hazards (ratio)."""
        world = self.model.world
        return exp(world.risk_pull * (self.risk - self.resilience) - world.pull_usual)

    def pull_of_friends(self, substance: int) -> float:
        """What friends whose use is of this kind add to that (ratio)."""
        world, kind = self.model.world, COMPANY_OF[substance]
        share = self.peers_using[kind] / max(len(self.friends), 1)
        return exp(world.peer_pull * (share - world.peers_usual[kind]))
