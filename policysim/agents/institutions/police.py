"""Police teams by authority: whom they search, what they do about possession, whether they carry naloxone."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from policysim.agents.institutions.institution import Cost, Decided, Institution, hazard_of
from policysim.agents.institutions.together import by_authority, first_in_each
from policysim.agents.institutions.youth_justice import YouthJusticePolicy
from policysim.agents.people.outreach import train_around
from policysim.engine.exact import exp_of_each
from policysim.engine.fields import Field
from policysim.engine.jit import outer
from policysim.engine.week import Pass
from policysim.engine.who import Who, above, is_any, is_none
from policysim.vocabulary.exact import total
from policysim.vocabulary.marks import DrinkingMark, HarmReductionMark, OverdoseMark, PoliceMark, SchemeMark
from policysim.vocabulary.rows import Those
from policysim.vocabulary.states import Justice, Occupation, Substance, Use
from policysim.vocabulary.stocks import Figure, Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.status_quo import Local

ARRESTS = (
    PoliceMark.ARRESTED_FOR_DRUGS,
    PoliceMark.ARRESTED_OTHERWISE,
    PoliceMark.ARRESTED_FOR_TRIGGER,
    DrinkingMark.ARRESTED_FOR_DRINK,
)
"""Each takes up cells and officers' time."""
STREET = (int(Substance.CANNABIS), int(Substance.PARTY), int(Substance.HEROIN), int(Substance.CRACK))
"""What is carried about."""


PUPIL = Who(is_any("occupation", Occupation.SCHOOL))
WITH_SOMEBODY_TO_TRAIN = Who(
    is_any("use", Use.EXPERIMENTING, Use.REGULAR, Use.DEPENDENT, at=Substance.HEROIN), above("ties", 0),
    is_none("justice", Justice.CUSTODY), is_any("present", True),
)  # fmt: skip
"""Whoever uses opioids at liberty and has family or friends."""


@dataclass(kw_only=True)
class PolicingPolicy:
    """What a force can decide; shares in 0 .. 1, intensities relative to the usual."""

    search_intensity: float = 1.0
    patrol: float = 0.0  # extra visible policing in the most deprived neighbourhoods
    arrest_share: float
    diversion_offer: float
    diversion_attendance: float
    diversion_referral: float
    test_on_arrest: float
    test_referral: float
    police_naloxone: float
    admission_required: float
    bystander_training: float  # families and friends trained a year per 100 people using opioids
    diversion_education: float = 0.0
    deferral_offer: float = 0.0
    deferral_referral: float
    deferral_admission: float
    contracts_per_100k: float = 0.0  # as many as navigators can look after at a time
    escalation: float = 0.0  # of those found in possession, dealt with by steps
    moved: float = 0.0  # share of what searches and arrests for drugs cost that a commissioner spends otherwise
    moved_to_treatment: float = 0.0  # of that, what goes to treatment; diversion has the rest
    lessons_coverage: float = 0.0  # of each year group, taught by officers on procedural-justice lines


class PolicingHere:
    """What residents meet of the police."""

    search_rate = Field("f8", "stop and searches of a resident of average standing", "hazard per week", 0)
    detection_rate = Field(
        "f8", "possession found other than by a search, for someone who uses regularly", "hazard per week", 0
    )
    offending_ratio = Field(
        "f8", "thefts to pay for drugs relative to the usual, by hot-spot patrol", "ratio", 0, start=1
    )
    first_use_ratio = Field(
        "f8", "first use of illicit drugs by adults, by what deters, to the usual", "ratio", 0, start=1
    )
    youth_first_use_ratio = Field("f8", "first use of illicit drugs by children likewise", "ratio", 0, start=1)
    arrest_share = Field("f8", "share of adults found in possession who are arrested", "share", 0, 1)
    diversion_offer = Field(
        "f8", "share of eligible adults who are offered diversion in place of arrest", "share", 0, 1
    )
    deferral_offer = Field("f8", "share of eligible arrests in which a contract is offered", "share", 0, 1)
    custody_room = Field("f8", "share of arrests for possession for which there is a cell", "share", 0, 1, start=1)
    police_lessons = Field("f8", "lessons by officers reaching a pupil of the age", "hazard per week", 0)
    diversion_attendance = Decided("f8", "share of those offered diversion who attend", "share", 0, 1)
    diversion_referral = Decided(
        "f8", "strength of the referral to treatment made at a diversion session", "share", 0, 1
    )
    test_on_arrest = Decided("f8", "share of arrests followed by a drug test", "share", 0, 1)
    test_referral = Decided("f8", "share of those who test positive who are referred to treatment", "share", 0, 1)
    police_naloxone = Decided("f8", "share of police attending an overdose who carry naloxone", "share", 0, 1)
    admission_required = Decided("f8", "share of diversions that ask for an admission of guilt first", "share", 0, 1)
    diversion_education = Decided("f8", "share of those diverted who are sent to a session of education", "share", 0, 1)
    deferral_referral = Decided("f8", "strength of the referral to treatment that comes with a contract", "share", 0, 1)
    deferral_admission = Decided("f8", "share of contracts that ask for an admission of guilt first", "share", 0, 1)
    escalation = Decided("f8", "share of adults in possession, not dependent, dealt with by steps", "share", 0, 1)


class PoliceTeam(Institution):
    """The police of one authority; when custody is full, possession is dealt with on the street instead."""

    here = PolicingHere
    decisions = (train_around,)
    costs = (
        Cost("cost_search", "police", (PoliceMark.SEARCHED,), at_will=True),
        Cost("cost_arrest", "police", ARRESTS),
        Cost("cost_drug_test", "police", (PoliceMark.TESTED_ON_ARREST,), at_will=True),
        Cost("cost_kit", "police", (OverdoseMark.REVERSED_BY_POLICE,)),
        Cost("cost_police_naloxone", "police", ("equipped",), by_the_year=True, at_will=True),
        Cost("cost_drink_attended", "police", (DrinkingMark.CALLED_FOR_DRINK,)),
        Cost("cost_bystander_training", "police", (HarmReductionMark.TRAINED_AROUND,), on_delivery=True),
        Cost("cost_patrol", "police", ("patrolled",), by_the_year=True, at_will=True),
        Cost("cost_diversion", "police", ("adults_diverted",), on_delivery=True),
        Cost("cost_contract", "police", (SchemeMark.CHARGE_DEFERRED,), on_delivery=True),
        Cost("cost_sanction", "police", (SchemeMark.DEALT_WITH_BY_STEPS,)),
        Cost("cost_police_lesson", "police", (SchemeMark.TAUGHT_BY_POLICE,), on_delivery=True),
    )

    def __init__(self, model, area: int):
        p = Local(model.parameters, model.place.authorities[area])
        policy = PolicingPolicy(
            arrest_share=p["arrest_share"],
            diversion_offer=p["diversion_offer"],
            diversion_attendance=p["attendance"],
            diversion_referral=p["diversion_link"],
            test_on_arrest=p["test_share"],
            test_referral=p["test_referral_share"],
            police_naloxone=p["police_carry"],
            admission_required=p["admission_required"],
            bystander_training=p["bystander_training"],
            deferral_referral=p["contract_referral"],
            deferral_admission=p["admission_required"],
        )
        super().__init__(model, f"police of {model.place.authorities[area].name}", area, policy)
        residents = model.place.authorities[area].population / model.one_in
        self.searches = p["searches_per_1000"] * residents  # a week
        self.custody_capacity = p["arrests_capacity_per_1000"] * residents
        self.pupils_a_week = p["police_pupils_per_1000"] * residents
        self.memory = {"exposure": 1.0, "exposure_hot": 0.0, "arrests": 0.0, "untaught": 0, "found": 0.0, "at_will": {}}
        # Of a commissioner's money GBP to spend on more offers and GBP told; share of offers in all, and those that it adds.
        self.memory |= {"for_diversion": 0.0, "moved": 0.0, "offered": 0.0, "more": 0.0, "custody_room": 1.0}

    def census(self, people: Those) -> None:
        """The sum over residents of how exposed each is to a search, so that the volume of searches is the team's.

        Beside it the part of those who live where hot-spot patrols go: patrols move searches there and add none.
        """
        each = exposure(people, self.model.parameters)
        hot = self.model.places["quintile"][people["neighbourhood"]] == 0
        self.memory["exposure"] = max(total(each), 1.0)
        self.memory["exposure_hot"] = total(each * hot)
        low, high = (self.model.parameters[name] for name in ("police_lessons_from_age", "police_lessons_to_age"))
        pupils = PUPIL.of_those(people)
        of_age = (pupils["age"] >= low) & (pupils["age"] < high)
        self.memory["untaught"] = int((of_age & ~pupils["taught_by_police"]).sum())
        self.send_out()

    def plan(self) -> None:
        super().plan()
        here, rows, p = self.model.places, self.neighbourhoods, self.model.parameters
        presence = self.hot() * self.policy.search_intensity * (1 - self.policy.moved) * self.done("cost_search")
        here["detection_rate"][rows] = p["detection_rate"] * self.hot()
        seen, certain = p["deterrence_effect"] * (presence - 1), p["deterrence_of_arrest"]
        youth = self.model.youth_justice[self.area]
        adults = self.certainty_of_adults(self.policy) - self.certainty_of_adults(self.usual)
        children = self.certainty_of_children(self.policy, youth.policy)
        children -= self.certainty_of_children(self.usual, youth.usual)
        here["first_use_ratio"][rows] = exp_of_each(-seen - certain * adults)
        here["youth_first_use_ratio"][rows] = exp_of_each(-seen - certain * children)
        here["offending_ratio"][rows] = self.offending_ratio()
        here["test_on_arrest"][rows] = self.policy.test_on_arrest * self.done("cost_drug_test")
        here["police_naloxone"][rows] = self.policy.police_naloxone * self.done("cost_police_naloxone")
        self.send_out()

    def done(self, unit: str) -> float:
        """How much is done of what officers do at will: as much as was paid of what it cost last week."""
        return self.memory["at_will"].get(unit, 1.0)

    def certainty_of_adults(self, policy: PolicingPolicy) -> float:
        """Share of adults found in possession to whom something happens that is meant to deter: arrest, or the first step."""
        arrest = policy.arrest_share * (1 - policy.moved)
        steps = policy.escalation * (1 - arrest)
        return steps + self.arrested(arrest, 1 - arrest - steps, policy.diversion_offer, policy.diversion_attendance)

    def certainty_of_children(self, policy: PolicingPolicy, youth: YouthJusticePolicy) -> float:
        """The same of children, for whom there are no steps and arrest is a last resort."""
        ratio = self.model.parameters["youth_arrest_ratio"]
        arrest = ratio * policy.arrest_share * (1 - policy.moved)
        return self.arrested(
            arrest, ratio * (1 - arrest), youth.youth_diversion_offer, youth.youth_diversion_attendance
        )

    def arrested(self, arrest: float, street: float, offer: float, attendance: float) -> float:
        """Share arrested: of those who would be without diversion some attend it, of those drawn into it some fail."""
        p = self.model.parameters
        return (
            arrest * (1 - offer * attendance)
            + street * offer * (1 - attendance) * p["net_widening"] * p["failure_pursued"]
        )

    def hot(self) -> np.ndarray:
        """Police about by neighbourhood, relative to the usual: more where patrols go."""
        return 1.0 + self.patrol() * (self.model.places["quintile"][self.neighbourhoods] == 0)

    def patrol(self) -> float:
        """Visible policing beyond the usual that is paid for."""
        return self.policy.patrol * self.done("cost_patrol")

    def send_out(self) -> None:
        """Have as many people searched as the team can, wherever patrols go."""
        exposed = self.memory["exposure"] + self.patrol() * self.memory["exposure_hot"]
        rate = (
            self.searches
            / exposed
            * self.policy.search_intensity
            * (1 - self.policy.moved)
            * self.done("cost_search")
            * self.hot()
        )
        self.model.places["search_rate"][self.neighbourhoods] = rate

    def act(self, week: int) -> None:
        memory, look_back = self.memory, self.model.parameters["custody_look_back"]
        arrests = sum(map(self.last_week, ARRESTS))
        memory["found"] += (self.last_week(PoliceMark.FOUND_WITH_DRUGS) - memory["found"]) / look_back
        memory["arrests"] += (arrests - memory["arrests"]) / look_back
        room = min(1.0, self.custody_capacity / memory["arrests"]) if memory["arrests"] > 0 else 1.0
        policy = self.policy
        self.account_for_offers()
        diversion, contracts = self.charge("cost_diversion"), self.charge("cost_contract")
        lessons = self.charge("cost_police_lesson")
        more = self.more_offers()
        offered = (policy.diversion_offer + more) * diversion
        self.memory |= {"moved": self.released() * diversion, "offered": offered, "more": more}
        self.memory["custody_room"] = room  # `released` has looked at last week's
        self.meet(
            arrest_share=policy.arrest_share * (1 - policy.moved) * room, custody_room=room, diversion_offer=offered,
            deferral_offer=self.contracts_offered(arrests) * contracts, police_lessons=self.lessons() * lessons,
        )  # fmt: skip
        super().act(week)  # diversion is paid first: nothing else waits for it
        if memory["at_will"] != self.shares_paid and any(
            share != self.done(unit) for unit, share in self.shares_paid.items()
        ):
            self.memory["at_will"] = dict(self.shares_paid)
            self.plan()

    def released(self) -> float:
        """GBP that searches and arrests not made last week, as a commissioner moved their money, would have cost.

        Of arrests those of whoever was found in possession and would not have been diverted. Whom the searches not made would
        have found nobody knows: what their arrests would have cost stays with the police.
        """
        p, policy = self.model.parameters, self.policy
        if policy.moved == 0:
            return 0.0
        searches = policy.moved / (1 - policy.moved) * self.last_week(PoliceMark.SEARCHED)
        possession = self.last_week(PoliceMark.FOUND_WITH_DRUGS) * (1 - p["supply_share"])
        arrested = policy.arrest_share * self.memory["custody_room"]
        arrests = possession * arrested * policy.moved * (1 - policy.diversion_offer * policy.diversion_attendance)
        return (searches * p["cost_search"] + arrests * p["cost_arrest"]) * self.model.one_in

    def sent_to_treatment(self) -> float:
        """The part of that with which the commissioner buys treatment."""
        return self.released() * self.policy.moved_to_treatment

    def account_for_offers(self) -> None:
        """The other part is for diversion: add last week's, and take off what those diverted beyond the usual cost."""
        memory = self.memory
        offered, released = memory["offered"], self.released()
        memory["for_diversion"] += released - released * self.policy.moved_to_treatment
        if memory["more"] > 0 and offered > 0:
            beyond = min(memory["more"] / offered, 1.0) * self.adults_diverted()
            memory["for_diversion"] -= beyond * self.model.parameters["cost_diversion"]

    def more_offers(self) -> float:
        """Offers of diversion beyond the policy's that this money pays for (share of the eligible); what it cannot is kept."""
        money, p, policy = self.memory["for_diversion"], self.model.parameters, self.policy
        if money <= 0:
            return 0.0
        arrested = policy.arrest_share * (1 - policy.moved)
        possession = self.memory["found"] * self.model.one_in * (1 - p["supply_share"])
        would_attend = possession * (arrested + (1 - arrested) * p["net_widening"]) * policy.diversion_attendance
        paid_for = money / p["cost_diversion"] / would_attend if would_attend > 0 else 0.0
        return min(paid_for, 1 - policy.diversion_offer)

    def tell(self, figures: np.ndarray) -> None:
        figures[self.area, Figure.MOVED_FROM_ENFORCEMENT] = self.memory["moved"] / self.model.one_in

    @classmethod
    def look_back_together(cls, institutions: "Sequence[PoliceTeam]", week: int, found: Pass) -> list[np.ndarray]:
        """Train family and friends of people who use opioids, of whoever has some and is not too afraid to send them."""
        number = by_authority(institutions, lambda team: team.training_paid(week))
        if not number.any():
            return []
        model = institutions[0].model
        rows = WITH_SOMEBODY_TO_TRAIN.of(model.records, found.followed)
        luck = model.luck_of("training", rows, week)
        # Each as likely as every other but for fear: those whom it keeps away come last.
        afraid = exp_of_each(model.parameters["fear_effect"] * model.records["fear"][rows].astype(float))
        trained = np.sort(rows[first_in_each(model.area_of_row(rows), number, luck * afraid)])
        model.decide("train_around", trained, np.zeros(trained.size, np.int64))
        return [trained]

    def training_paid(self, week: int) -> int:
        """For how many people who use opioids family and friends can be trained this week."""
        if self.policy.bystander_training <= 0:
            return 0
        wanted = self.policy.bystander_training / 100 / WEEKS_PER_YEAR * self.stock(Stock.OPIOID_USERS)
        return self.whole("training", wanted * self.charge("cost_bystander_training"), week)

    def adults_diverted(self) -> float:
        """Diversions attended last week; those of children are the youth justice service's."""
        adults = self.last_week(PoliceMark.DIVERTED) - self.last_week(SchemeMark.CHILD_DIVERTED)
        return adults * self.model.one_in

    def equipped(self) -> float:
        """Residents whose officers carry naloxone."""
        return self.policy.police_naloxone * self.model.place.authorities[self.area].population

    def contracts_offered(self, arrests: float) -> float:
        """Share of eligible arrests in which a contract is offered: no more than navigators have room for.

        What is offered is accepted by some: where arrests of late would more than fill the free places, they go unfilled a
        little rather than that anybody is bound whom nobody can look after.
        """
        if self.policy.deferral_offer <= 0:
            return 0.0
        residents = self.model.place.authorities[self.area].population / self.model.one_in
        free = self.policy.contracts_per_100k * residents / 100_000 - self.stock(Stock.ON_CONTRACT)
        asked = max(arrests, self.memory["arrests"]) * self.policy.deferral_offer
        return self.policy.deferral_offer * min(1.0, max(free, 0.0) / asked) if asked > 0 else 0.0

    def lessons(self) -> float:
        """The weekly hazard by which lessons reach pupils before they outgrow the age, as far as trained officers go."""
        p, coverage = self.model.parameters, min(self.policy.lessons_coverage, self.model.parameters["lessons_at_most"])
        hazard = hazard_of(coverage, p["police_lessons_to_age"] - p["police_lessons_from_age"])
        return min(hazard, self.pupils_a_week / self.memory["untaught"]) if self.memory["untaught"] else hazard

    def offending_ratio(self) -> np.ndarray:
        """Thefts relative to the usual by neighbourhood: fewer where patrols go, a little fewer beside (no displacement)."""
        places, p = self.model.places, self.model.parameters
        hot, near = places["quintile"] == 0, self.model.near[self.neighbourhoods]
        beside = hot[near].sum(axis=1) / near.shape[1]
        patrolled = self.patrol() * (hot[self.neighbourhoods] + p["patrol_diffusion"] * beside)
        return exp_of_each(-p["patrol_effect"] * patrolled)

    def patrolled(self) -> float:
        """Residents, as often as patrol is more than usual (1: it is doubled)."""
        return self.policy.patrol * self.model.place.authorities[self.area].population


def exposure(people: np.ndarray | Those, parameters) -> np.ndarray:
    """`search_exposure` of policysim.agents.people.police for many people at once, shape (n,)."""
    those = people if isinstance(people, Those) else Those(people, np.arange(len(people)))
    ages, sexes, ethnic_groups = (parameters.table(f"search_ratio_{group}") for group in ("age", "sex", "ethnicity"))
    frequency, selectivity = parameters.table("use_frequency"), parameters["search_selectivity"]
    found = _exposure(those.people, those.numbers(), ages, sexes, ethnic_groups, STREET, frequency, selectivity)
    return np.asarray(found)


@outer
def _exposure(people, rows, by_age, by_sex, by_ethnicity, street, frequency, selectivity):
    found = np.empty(rows.size)
    for k in range(rows.size):
        person = people[rows[k]]
        carrying = 0.0
        for substance in street:
            carrying = max(carrying, frequency[person["use"][substance]])
        ratio = by_age[person["band"]] * by_sex[person["sex"]] * by_ethnicity[person["ethnicity"]]
        found[k] = ratio * (1 + selectivity * carrying)
    return found
