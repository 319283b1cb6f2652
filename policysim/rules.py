"""One import face for whoever writes a rule, a field, a lever, an institution or an outcome.

    from policysim.rules import Field, YoungPerson, occurs, rule

Everything that such code needs can be imported from here, and stays here while the modules behind it move. Nothing
inside policysim imports this module. `docs/extending.md` shows each of these names at work.
"""

from policysim.agents.institutions.ambulance import Ambulance
from policysim.agents.institutions.courts import Court, CourtPolicy
from policysim.agents.institutions.custody_suites import CustodySuitePolicy, CustodySuites
from policysim.agents.institutions.harm_reduction import HarmReductionPolicy, HarmReductionService
from policysim.agents.institutions.hepatitis import HepatitisPolicy, HepatitisService
from policysim.agents.institutions.institution import Cost, Decided, Institution
from policysim.agents.institutions.market import DrugMarket
from policysim.agents.institutions.police import PoliceTeam, PolicingPolicy
from policysim.agents.institutions.prison import Prison, PrisonPolicy
from policysim.agents.institutions.purses import Purse
from policysim.agents.institutions.schools import SchoolPolicy, Schools
from policysim.agents.institutions.treatment import TreatmentPolicy, TreatmentService
from policysim.agents.institutions.youth_justice import YouthJusticePolicy, YouthJusticeService
from policysim.agents.people.balance import share_of_friends
from policysim.agents.people.care import treatment_group
from policysim.agents.people.custody import enter_custody
from policysim.agents.people.death import end_life
from policysim.agents.people.first_use import begin
from policysim.agents.people.groups import at_liberty, opiate_or_crack, opioid_dependent, uses_often, uses_opioids
from policysim.agents.people.person import Person
from policysim.agents.people.police import be_arrested, search_exposure
from policysim.agents.people.school import be_excluded
from policysim.agents.people.use import set_use
from policysim.agents.roles import Adult, DependentUser, YoungPerson
from policysim.counts.declared import Counted
from policysim.counts.outcomes import Outcome
from policysim.engine.fields import Event, Field, Marks
from policysim.engine.friends import Friends
from policysim.engine.luck import draw, draw_lot, exp_at_most, happens, lot_floor, occurs, refused, turn_to_draw
from policysim.engine.rules import helper, rule
from policysim.engine.week import Pass
from policysim.levers.lever import Lever, among, setting, towards
from policysim.vocabulary.exact import exp, log
from policysim.vocabulary.mark import Mark, rows_marked
from policysim.vocabulary.marks import (
    CareMark,
    CustodySuiteMark,
    HarmReductionMark,
    InfectionMark,
    JusticeMark,
    LifeMark,
    OverdoseMark,
    PoliceMark,
    SchoolMark,
    SupervisionMark,
    SupportMark,
    UseMark,
    WorkHomeMark,
    YouthMark,
)
from policysim.vocabulary.states import (
    SUBSTANCES,
    Care,
    Cause,
    Charge,
    Company,
    Disposal,
    Housing,
    Justice,
    Life,
    Occupation,
    Requirement,
    Review,
    Role,
    Substance,
    TreatmentGroup,
    Use,
    YouthCase,
)
from policysim.vocabulary.stocks import Stock

__all__ = [  # noqa: RUF022 - in the order in which one needs them
    # What makes a method a rule, a function usable in rules, a number of a person's own, and a count of their friends.
    "rule", "helper", "Field", "Friends",
    # Outcomes of one's own: what happens to people, and how many something holds of.
    "Event", "Counted",
    # Drawing, for this person, week and rule.
    "draw", "happens", "occurs", "refused", "turn_to_draw", "draw_lot", "lot_floor", "exp_at_most",
    # Mathematics to the same bit on every machine (sqrt, floor and ceil of the module math are so anyway).
    "exp", "log",
    # Whose rule it can be.
    "Person", "YoungPerson", "Adult", "DependentUser",
    # What rules ask of a person, or do to one.
    "at_liberty", "be_arrested", "be_excluded", "begin", "end_life", "enter_custody", "opiate_or_crack", "opioid_dependent",
    "search_exposure", "set_use", "share_of_friends", "treatment_group", "uses_often", "uses_opioids",
    # The states a person can be in.
    "Care", "Cause", "Charge", "Company", "Disposal", "Housing", "Justice", "Life", "Occupation", "Requirement", "Review", "Role",
    "Substance", "SUBSTANCES", "TreatmentGroup", "Use", "YouthCase",
    # What a week can leave behind, to be counted and told; `Marks` is the field of a part of life of one's own.
    "Mark", "Marks", "CareMark", "CustodySuiteMark", "HarmReductionMark", "InfectionMark", "JusticeMark", "LifeMark",
    "OverdoseMark", "PoliceMark", "SchoolMark", "SupportMark", "SupervisionMark", "UseMark", "WorkHomeMark", "YouthMark",
    "Stock", "Outcome",
    # What a regime switches on; `setting` declares one of its settings, with limits and a description.
    "Lever", "setting", "towards", "among",
    # What a lever acts on.
    "Institution", "Ambulance", "Court", "CustodySuites", "DrugMarket", "HarmReductionService", "HepatitisService",
    "PoliceTeam", "Prison", "Purse", "Schools", "TreatmentService", "YouthJusticeService",
    # For an institution of one's own: policies met as they stand, what is paid for, whom it finds after the week.
    "Decided", "Cost", "Pass", "rows_marked",
    # The policies that levers move.
    "CourtPolicy", "CustodySuitePolicy", "HarmReductionPolicy", "HepatitisPolicy", "PolicingPolicy", "PrisonPolicy",
    "SchoolPolicy", "TreatmentPolicy", "YouthJusticePolicy",
]  # fmt: skip
