"""Every way from one state to another: declared here, checked against the rules, written to docs/transitions.md.

A hazard is said in the words of the code: parameters by their ids in the registry, `here.` for what institutions set
in a neighbourhood, fields of the person, and the named parts below. Which parameters a transition depends on is taken
from that text. tests/reference/test_transitions.py watches every rule while some weeks are lived, and fails on a change of state
that is not declared here, on a row that never happens, and on a name that the rule does not read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from typing import Any

from policysim.agents.institutions.catalogue import DECISIONS
from policysim.agents.roles import ROLES
from policysim.engine.rules import rules_of
from policysim.evidence.curves import parameters_of
from policysim.evidence.registry import registry
from policysim.model import settlement
from policysim.model.drug_policy_model import DrugPolicyModel
from policysim.reference.hazards import PARTS
from policysim.vocabulary.states import Care, Charge, Housing, Justice, Life, Occupation, Role, Tenancy, Use

EVENTS: dict[str, Callable] = {
    event.__name__: event for event in (DrugPolicyModel._let_in, settlement.use_friends_kits)
}
"""Changes of state outside the rules, by what settles each."""


@dataclass(frozen=True)
class Transition:
    """One way from a state to another. `rule` names a rule, a decision of an institution or one of EVENTS."""

    axis: str
    source: IntEnum
    target: IntEnum
    rule: str
    hazard: str
    """Hazard per week, unless it begins with `certain` or `probability`."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The registry's names that the hazard and its parts mention, in order; of a curve those it is made of."""
        names = {parameter.name for parameter in registry().values()}
        words = [part for word in mentioned(self.hazard) for part in parameters_of(word)]
        return tuple(word for word in dict.fromkeys(words) if word in names)

    @property
    def kind(self) -> str:
        """Who brings it about: a rule of the person's week, a decision of an institution, or an event."""
        return "decision" if self.rule in DECISIONS else "event" if self.rule in EVENTS else "rule"

    @property
    def file(self) -> str:
        """Where it is written."""
        return function_of(self.rule).__module__.replace(".", "/") + ".py"


@dataclass(frozen=True)
class Axis:
    """One axis of a person's state: they are in exactly one of its states at all times."""

    name: str
    states: type[IntEnum]
    begins: IntEnum
    """The state of everyone who turns ten."""
    says: str
    ends: tuple[IntEnum, ...] = ()


AXES = (
    Axis("life", Life, Life.NOT_YET, "Coming, being there, going.", ends=(Life.LEFT, Life.DEAD)),
    Axis("use", Use, Use.NEVER, "One of these axes for each of the seven substances; rates are by substance."),
    Axis("care", Care, Care.NONE, "Standing with treatment services."),
    Axis("justice", Justice, Justice.FREE, "Standing with courts and prison."),
    Axis("charge", Charge, Charge.NONE, "What a person stands charged with."),
    Axis("occupation", Occupation, Occupation.SCHOOL, "School, study, work or none of them."),
    Axis("housing", Housing, Housing.STABLE, "Home."),
    Axis("tenancy", Tenancy, Tenancy.NONE, "Home that a housing service gives."),
    Axis("role", Role, Role.YOUNG_PERSON, "Which rules a person lives by from next week on."),
)

BY_IMPRISONMENT = "certain on imprisonment: probability to_custody when sentenced"
BY_REMAND = "certain on remand: probability on_remand in the first week of a charge"
BY_RECALL = "certain on recall: recall_rate"
CHARGED = (Charge.POSSESSION, Charge.SUPPLY, Charge.ACQUISITIVE, Charge.DISORDER, Charge.BREACH)
TREATED = (
    Care.AGONIST, Care.HEROIN_ASSISTED, Care.PSYCHOSOCIAL, Care.DETOXIFICATION, Care.RESIDENTIAL_COMMUNITY,
    Care.DAY_COMMUNITY, Care.UNDER_18,
)  # fmt: skip
COMMUNITIES = (Care.RESIDENTIAL_COMMUNITY, Care.DAY_COMMUNITY)

LIFE = (
    Transition("life", Life.NOT_YET, Life.PRESENT, "_let_in", "certain: in the week of the tenth birthday"),
    Transition("life", Life.PRESENT, Life.LEFT, "grow_older",
               "certain: at upper_age, or upper_age_dependent for those ever dependent"),
    Transition("life", Life.PRESENT, Life.DEAD, "die",
               "death_rate * (1 - alcohol_specific_share) * (death_ratio_opioid * (1 - liver_share_opioid), death_ratio_alcohol "
               "or death_ratio_crack) + alcohol_death_hazard + suicide_rate * suicide_ratio_opioid * "
               "suicide_ratio_ill, in custody at least suicide_ratio_custody, * (1 + suicide_excess_bereaved / "
               "(1 + years since)) + other_poisoning_rate * here.other_poisoning_ratio + "
               "prescribed_opioids + cirrhosis_rate * chronic_weeks * cirrhosis_death_rate, * liver_ratio_cured after a cure "
               "of hepatitis C"),
    Transition("life", Life.PRESENT, Life.DEAD, "overdose",
               "(opioid_hazard + adulterated_hazard) * chance_of_death + other_hazard * chance_of_stimulant_death"),
    Transition("life", Life.PRESENT, Life.DEAD, "use_friends_kits",
               "certain: would_have_died without the friend's kit, and another overdose of the week had taken it"),
)  # fmt: skip

USE = (
    Transition("use", Use.NEVER, Use.EXPERIMENTING, "start_using",
               "start_rate * start_sex * pull * pull_of_friends, * here.first_use_ratio (of children "
               "here.youth_first_use_ratio) but for alcohol, * here.use_ratio * ocu_by_ethnicity for heroin and crack"),
    Transition("use", Use.NEVER, Use.EXPERIMENTING, "start_later",
               "start_rate * start_sex * pull * pull_of_friends, * here.first_use_ratio (of children "
               "here.youth_first_use_ratio) but for alcohol, * here.use_ratio * ocu_by_ethnicity for heroin and crack"),
    Transition("use", Use.NEVER, Use.EXPERIMENTING, "start_another",
               "start_rate * start_sex * pull * pull_of_friends * start_ratio_dependent, * here.first_use_ratio (of children "
               "here.youth_first_use_ratio) but for alcohol, * here.use_ratio * ocu_by_ethnicity for heroin and crack"),
    Transition("use", Use.EXPERIMENTING, Use.REGULAR, "change_use", "escalation_rate * growing"),
    Transition("use", Use.EXPERIMENTING, Use.FORMER, "change_use", "stopping_rate * ending_by_age"),
    Transition("use", Use.REGULAR, Use.DEPENDENT, "change_use", "dependence_rate * growing"),
    Transition("use", Use.REGULAR, Use.EXPERIMENTING, "change_use", "cutting_down_rate * ending_by_age"),
    Transition("use", Use.DEPENDENT, Use.REMISSION, "change_use", "remission_rate * remission_ratio_in_care * ending_by_age"),
    Transition("use", Use.DEPENDENT, Use.REMISSION, "stay_in_treatment",
               "completion_rate after shortest_course, after taper_weeks where a dose is prescribed, with probability "
               "remission_on_completion (remission_after_detoxification of heroin on a ward)"),
    Transition("use", Use.DEPENDENT, Use.REMISSION, "end_proceedings",
               "probability family_court_cessation, for those in treatment when a family drug court closes their case"),
    Transition("use", Use.REMISSION, Use.DEPENDENT, "change_use",
               "relapse_rate * growing, * relapse_half_time / (relapse_half_time + weeks_since_dependence) for heroin and crack"),
    Transition("use", Use.FORMER, Use.EXPERIMENTING, "change_use", "resumption_rate * growing"),
)  # fmt: skip

CARE = (
    Transition("care", Care.NONE, Care.WAITING, "seek_help",
               "seek_rate * asks_relative * exp(welcomed - stigma_effect * stigma * (1 - here.stigma_taken) - "
               "fear_effect * fear where illicit drugs are used) * "
               "young_seek_ratio * here.young_outreach below age_of_adult_court * "
               "here.outreach + referral_pull * referred + room_introduction * here.room_share for people who inject"),
    Transition("care", Care.NONE, Care.WAITING, "serve_sentence",
               "probability through_the_gate at release, for those with prison_agonist treatment"),
    Transition("care", Care.NONE, Care.WAITING, "sentence",
               "probability drug_requirement_share * drug_requirement_linked with an order (alcohol_requirement_share, "
               "alcohol_requirement_linked); review_linked where reviews begin; through_the_gate when released by the court"),
    Transition("care", Care.NONE, Care.WAITING, "attend_review",
               "probability review_patience * review_reengages at a review of somebody out of treatment"),
    Transition("care", Care.NONE, Care.WAITING, "release_early",
               "probability through_the_gate at release, for those with prison_agonist treatment"),
    Transition("care", Care.NONE, Care.WAITING, "begin_proceedings",
               "probability family_court_linked, when a family drug court takes a case"),
    Transition("care", Care.WAITING, Care.NONE, "wait",
               "give_up_waiting, * give_up_with_caseworker for those who have one; certain once no longer dependent"),
    Transition("care", Care.WAITING, Care.AGONIST, "enter_treatment",
               "certain: a free place, the longest wait first; people dependent on opioids"),
    Transition("care", Care.WAITING, Care.PSYCHOSOCIAL, "enter_treatment",
               "certain: a free place, the longest wait first; people dependent on other substances"),
    Transition("care", Care.AGONIST, Care.HEROIN_ASSISTED, "enter_treatment",
               "certain: a free place; people who inject and use on_top after several of their agonist_episodes"),
    Transition("care", Care.WAITING, Care.UNDER_18, "enter_treatment",
               "certain: a free place, the longest wait first; people under 18"),
    Transition("care", Care.AGONIST, Care.DETOXIFICATION, "enter_treatment",
               "certain: a free bed, by luck; people willing to this year"),
    *(Transition("care", source, care, "enter_treatment", f"certain: a free place, by luck; {who}")
      for care in COMMUNITIES
      for source, who in ((Care.DETOXIFICATION, "people about to leave"),
                          (Care.PSYCHOSOCIAL, "people willing to this year"))),
    Transition("care", Care.NONE, Care.PRISON_COMMUNITY, "enter_treatment",
               "certain: a free place, by luck; people inside without agonist treatment who are willing to this year and have "
               "months to serve"),
    Transition("care", Care.PRISON_COMMUNITY, Care.NONE, "stay_in_treatment",
               "completion_rate after shortest_course + dropout_rate * dropout_by_time * pull_away * "
               "exp(-held_in_care - held_by_others); "
               "certain once no longer dependent"),
    Transition("care", Care.PRISON_COMMUNITY, Care.WAITING, "sentence",
               "probability drug_requirement_share * drug_requirement_linked with an order (alcohol_requirement_share, "
               "alcohol_requirement_linked), when released by the court"),
    *(Transition("care", Care.PRISON_COMMUNITY, Care.NONE, by, "certain: at release")
      for by in ("serve_sentence", "sentence", "release_early")),
    *(Transition("care", care, Care.NONE, "stay_in_treatment",
                 "completion_rate after shortest_course, after taper_weeks where a dose is prescribed, + dropout_rate * "
                 "dropout_by_time * pull_away * exp(-held_in_care - held_by_others); certain once no longer dependent")
      for care in TREATED),
    *(Transition("care", care, Care.NONE, "sentence", BY_IMPRISONMENT) for care in (Care.WAITING, *TREATED)),
    *(Transition("care", care, Care.NONE, "await_court", BY_REMAND) for care in (Care.WAITING, *TREATED)),
    *(Transition("care", care, Care.NONE, "serve_sentence", BY_RECALL) for care in (Care.WAITING, *TREATED)),
)  # fmt: skip

SENTENCED = (Justice.FREE, Justice.COMMUNITY_ORDER, Justice.LICENCE, Justice.HALFWAY_HOUSE)
JUSTICE = (
    *(Transition("justice", state, Justice.CUSTODY, "sentence", "probability to_custody") for state in SENTENCED),
    *(Transition("justice", state, Justice.CUSTODY, "await_court", BY_REMAND[len("certain on remand: "):])
      for state in SENTENCED),
    *(Transition("justice", state, Justice.COMMUNITY_ORDER, "sentence",
                 "probability order_share (youth_order_share of children), and to_custody when prison is full")
      for state in (Justice.FREE, Justice.CUSTODY)),
    Transition("justice", Justice.CUSTODY, Justice.FREE, "sentence",
               "certain: when remanded from no halfway house and sentenced neither to custody nor to an order"),
    Transition("justice", Justice.CUSTODY, Justice.LICENCE, "release_early",
               "certain: when prison is over its places, for as many as are too many"),
    Transition("justice", Justice.CUSTODY, Justice.LICENCE, "serve_sentence", "certain: when weeks_left has run out"),
    Transition("justice", Justice.LICENCE, Justice.CUSTODY, "serve_sentence", "recall_rate * trouble_complying"),
    Transition("justice", Justice.LICENCE, Justice.HALFWAY_HOUSE, "move_into_house",
               "certain: an adult without a stable home, offered a place that is free, in the week of release"),
    *(Transition("justice", state, Justice.HALFWAY_HOUSE, "sentence",
                 "certain: sentenced to custody but not for supply, offered a place that is free in its place")
      for state in (Justice.FREE, Justice.COMMUNITY_ORDER)),
    Transition("justice", Justice.HALFWAY_HOUSE, Justice.LICENCE, "serve_sentence", "certain: when weeks_left has run out"),
    Transition("justice", Justice.HALFWAY_HOUSE, Justice.CUSTODY, "serve_sentence",
               "recall_rate * recall_ratio_house * trouble_complying"),
    Transition("justice", Justice.FREE, Justice.DEFERRED, "sentence",
               "certain: reviews are accepted and a drug court has a place"),
    Transition("justice", Justice.DEFERRED, Justice.FREE, "serve_sentence",
               "certain: when weeks_left has run out, dismissed or back for sentence"),
    Transition("justice", Justice.DEFERRED, Justice.FREE, "attend_review",
               "probability 1 - review_patience at a review of somebody out of treatment"),
    Transition("justice", Justice.DEFERRED, Justice.CUSTODY, "sentence", "probability to_custody, for another case"),
    Transition("justice", Justice.DEFERRED, Justice.FREE, "sentence", "certain: fined or discharged for another case"),
    Transition("justice", Justice.DEFERRED, Justice.COMMUNITY_ORDER, "sentence", "probability order_share, for another case"),
    Transition("justice", Justice.LICENCE, Justice.FREE, "serve_sentence", "certain: after licence_weeks"),
    Transition("justice", Justice.COMMUNITY_ORDER, Justice.FREE, "serve_sentence",
               "certain: when weeks_left has run out"),
)  # fmt: skip

CHARGE = (
    Transition("charge", Charge.NONE, Charge.POSSESSION, "meet_police",
               "found_with_drugs * (1 - supply_share) * arrested * charged, unless diverted: "
               "here.diversion_offer * here.diversion_attendance * (1 - here.admission_required * (1 - admits)); those drawn "
               "in by net_widening who do not attend, * pursued; by steps from the third time, here.escalation * "
               "here.custody_room; less those who accept a contract, here.deferral_offer, and children before_panel"),
    *(Transition("charge", Charge.NONE, charge, "decide_on_child",
                 "certain: the panel has no time for a case that would have come to court")
      for charge in (Charge.POSSESSION, Charge.ACQUISITIVE)),
    Transition("charge", Charge.NONE, Charge.POSSESSION, "keep_contract",
               "breach_rate * pursued * charged, within contract_weeks; the charge deferred by contract_breach_rate"),
    Transition("charge", Charge.NONE, Charge.ACQUISITIVE, "keep_contract",
               "contract_breach_rate: the charge deferred, within contract_weeks"),
    Transition("charge", Charge.NONE, Charge.POSSESSION, "offend",
               "certain: caught again while on a contract, the charge deferred"),
    Transition("charge", Charge.NONE, Charge.SUPPLY, "meet_police", "found_with_drugs * supply_share * charged"),
    Transition("charge", Charge.NONE, Charge.SUPPLY, "carry_for_a_line",
               "line_arrest_rate * here.line_arrests * charged, while exploited"),
    *(Transition("charge", Charge.NONE, charge, "carry_for_a_line",
                 "certain: taken in on a line while on a programme, the charge deferred")
      for charge in (Charge.POSSESSION, Charge.ACQUISITIVE)),
    Transition("charge", Charge.NONE, Charge.SUPPLY, "be_caught_selling",
               "here.sellers_sought * charged, from eighteen, dependent on heroin or crack and at liberty"),
    Transition("charge", Charge.NONE, Charge.POSSESSION, "be_caught_selling",
               "certain: caught selling while on a contract, the charge deferred"),
    Transition("charge", Charge.NONE, Charge.ACQUISITIVE, "be_caught_selling",
               "certain: caught selling while on a contract, the charge deferred"),
    Transition("charge", Charge.NONE, Charge.ACQUISITIVE, "meet_police", "trigger_hazard * charged"),
    Transition("charge", Charge.NONE, Charge.DISORDER, "meet_police", "call_hazard * drinking_arrest_share * charged"),
    Transition("charge", Charge.NONE, Charge.ACQUISITIVE, "offend",
               "offending_rate * offending_in_care * offending_in_custody * offending_after_diversion * "
               "here.offending_ratio * here.money_needed * needed_this_week * arrests_per_offence * charged"),
    Transition("charge", Charge.NONE, Charge.BREACH, "keep_requirement",
               "requirement_breach_rate * trouble_complying, * breach_ratio_engaged for those in treatment"),
    Transition("charge", Charge.NONE, Charge.BREACH, "attend_review",
               "probability 1 - review_patience at a review of somebody out of treatment"),
    *(Transition("charge", charge, Charge.NONE, "serve_sentence", "certain: dismissed when weeks_left has run out")
      for charge in (Charge.POSSESSION, Charge.ACQUISITIVE)),
    *(Transition("charge", charge, Charge.NONE, "sentence",
                 "certain: when it is listed and a court has time, the longest wait first") for charge in CHARGED),
)  # fmt: skip

OCCUPATION = (
    Transition("occupation", Occupation.SCHOOL, Occupation.EXCLUDED, "go_through_school",
               "exclusion_rate * here.exclusion_ratio * (1 - ethos * (1 - exclusions_by_ethos)) * pull, and caught_rate * "
               "carrying * excluded_when_caught * (1 - here.study_diversion * kept_by_diversion), from secondary_age on"),
    Transition("occupation", Occupation.STUDENT, Occupation.WORKLESS, "go_through_school",
               "caught_rate_student * carrying * expelled_when_caught * (1 - here.study_diversion * kept_by_diversion)"),
    *(Transition("occupation", state, target, "go_through_school", f"at leaving_age: probability {share}{less}")
      for state, less in ((Occupation.SCHOOL, ""), (Occupation.EXCLUDED, ", shares * after_exclusion"))
      for target, share in ((Occupation.STUDENT, "study_share"), (Occupation.WORKING, "(1 - study_share) * work_share"),
                            (Occupation.WORKLESS, "(1 - study_share) * (1 - work_share)"))),
    Transition("occupation", Occupation.STUDENT, Occupation.WORKING, "go_through_school", "certain: at graduation_age"),
    Transition("occupation", Occupation.WORKING, Occupation.WORKLESS, "keep_work_and_home",
               "lose_work * lose_work_dependent + lose_work_in_custody"),
    Transition("occupation", Occupation.WORKLESS, Occupation.WORKING, "keep_work_and_home",
               "find_work * find_work_dependent * find_work_in_custody * find_work_with_record, * job_support_ratio "
               "(job_support_ratio_opioids of people dependent on opioids) with a specialist, otherwise * here.vacancies"),
)  # fmt: skip

HOUSING = (
    Transition("housing", Housing.STABLE, Housing.INSECURE, "keep_work_and_home",
               "lose_home * lose_home_dependent, * (1 - tenancy_gives_home) with a tenancy, + lose_home_in_custody"),
    Transition("housing", Housing.INSECURE, Housing.HOMELESS, "keep_work_and_home", "become_homeless"),
    *(Transition("housing", state, Housing.STABLE, rule, "probability house_gives_home, moving into a halfway house")
      for state in (Housing.INSECURE, Housing.HOMELESS) for rule in ("move_into_house", "sentence")),
    *(Transition("housing", Housing.STABLE, state, "serve_sentence",
                 "probability 1 - home_after_house, leaving a halfway house; certain on recall from it")
      for state in (Housing.INSECURE, Housing.HOMELESS)),
    *(Transition("housing", Housing.STABLE, state, rule, "certain: taken from a halfway house to prison")
      for state in (Housing.INSECURE, Housing.HOMELESS) for rule in ("sentence", "await_court")),
    *(Transition("housing", state, target, "keep_work_and_home", "find_home * find_home_dependent * here.homes_left")
      for state, target in ((Housing.INSECURE, Housing.STABLE), (Housing.HOMELESS, Housing.INSECURE))),
    *(Transition("housing", state, Housing.STABLE, "move_in", "probability tenancy_gives_home, given a place")
      for state in (Housing.INSECURE, Housing.HOMELESS)),
    *(Transition("housing", Housing.STABLE, state, "keep_tenancy", "tenancy_lost, of those who were given a home")
      for state in (Housing.INSECURE, Housing.HOMELESS)),
)  # fmt: skip

TENANCY = (
    *(Transition("tenancy", Tenancy.NONE, kind, "move_in",
                 "certain: when a place is free, the homeless first, then the longest on the list")
      for kind in (Tenancy.HOUSING_FIRST, Tenancy.SUPPORTED)),
    *(Transition("tenancy", kind, Tenancy.NONE, "keep_tenancy", "tenancy_lost + tenancy_move_on")
      for kind in (Tenancy.HOUSING_FIRST, Tenancy.SUPPORTED)),
    *(Transition("tenancy", kind, Tenancy.NONE, "keep_work_and_home",
                 "lose_home * lose_home_dependent * (1 - tenancy_gives_home) + lose_home_in_custody, with a stable home")
      for kind in (Tenancy.HOUSING_FIRST, Tenancy.SUPPORTED)),
)  # fmt: skip

ROLES_TAKEN = (
    Transition("role", Role.YOUNG_PERSON, Role.ADULT, "take_role", "certain: at adult_role_age, when not dependent"),
    *(Transition("role", role, Role.DEPENDENT_USER, "take_role", "certain: when dependent_on is above 0")
      for role in (Role.YOUNG_PERSON, Role.ADULT)),
    Transition("role", Role.DEPENDENT_USER, Role.YOUNG_PERSON, "take_role",
               "certain: when dependent_on is 0, before adult_role_age"),
    Transition("role", Role.DEPENDENT_USER, Role.ADULT, "take_role",
               "certain: when dependent_on is 0, from adult_role_age on"),
    Transition("role", Role.DEPENDENT_USER, Role.ADULT, "end_proceedings",
               "certain: with family_court_cessation, when dependent_on is then 0 (a young person, in the few who are parents)"),
)  # fmt: skip

TRANSITIONS = (*LIFE, *USE, *CARE, *JUSTICE, *CHARGE, *OCCUPATION, *HOUSING, *TENANCY, *ROLES_TAKEN)


def mentioned(text: str) -> list[str]:
    """The names in a hazard, and those in the parts it is made of, each once: `start_rate`, `here.potency`, `pull`."""
    found: dict[str, None] = {}
    for name in re.findall(r"(?:here|world)\.\w+|\b[a-z]+(?:_[a-z]+)+\b|\b(?:" + "|".join(PARTS) + r")\b", text):
        found.setdefault(name)
        if name in PARTS:
            found |= dict.fromkeys(mentioned(PARTS[name]))
    return list(found)


@cache
def function_of(name: str) -> Callable:
    """What the rule, decision or event of this name is."""
    rules = {rule: function for role in ROLES for rule, function in rules_of(role).items()}
    return (rules | DECISIONS | EVENTS)[name]


def table() -> list[dict[str, Any]]:
    """One row per transition: axis, from, to, what brings it about and where that is written, hazard, parameters."""
    return [
        {
            "axis": way.axis, "from": spoken(way.source), "to": spoken(way.target), "by": way.rule, "kind": way.kind,
            "file": way.file, "hazard": way.hazard, "parameters": list(way.parameters),
        }
        for way in TRANSITIONS
    ]  # fmt: skip


def spoken(state: IntEnum) -> str:
    """A state as it is written in tables."""
    return state.name.lower().replace("_", " ")
