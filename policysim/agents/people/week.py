"""The week of a person: every rule in the order in which it runs, and whose week it is part of.

This list is the order; it is written nowhere else. A week goes from the top to the bottom through the rules of the
person's role, until one of them ends their presence. What happens in a rule stands in the module it is imported from,
one for each part of life.
"""

from collections.abc import Callable

from policysim.agents.people.ageing import grow_older, take_role
from policysim.agents.people.balance import balance
from policysim.agents.people.care import lose_referral, seek_help, stay_in_treatment, use_on_top, wait
from policysim.agents.people.courts import await_court
from policysim.agents.people.custody import serve_sentence
from policysim.agents.people.custody_suite import keep_case
from policysim.agents.people.death import die
from policysim.agents.people.drinking import drink, keep_keyworker
from policysim.agents.people.exploitation import be_caught_selling, be_drawn_in, carry_for_a_line
from policysim.agents.people.first_use import start_another, start_later, start_using
from policysim.agents.people.infection import be_tested, catch_infection, live_with_hepatitis_c
from policysim.agents.people.injecting import change_route, inject
from policysim.agents.people.jobs import be_helped_into_work
from policysim.agents.people.kits import collect_kit, lose_kit
from policysim.agents.people.knowledge import forget, have_drugs_checked, hear_warning
from policysim.agents.people.offending import be_managed, offend
from policysim.agents.people.outreach import lose_touch
from policysim.agents.people.overdose import overdose
from policysim.agents.people.police import keep_contract, lose_fear, meet_police
from policysim.agents.people.requirements import keep_requirement
from policysim.agents.people.reviews import attend_review
from policysim.agents.people.school import go_through_school
from policysim.agents.people.support import be_supported, go_to_group
from policysim.agents.people.tenancies import keep_tenancy
from policysim.agents.people.tolerance import grow_tolerant, take_opioids
from policysim.agents.people.use import change_use
from policysim.agents.people.work_home import keep_work_and_home
from policysim.agents.people.youth_justice import grow_out_of_youth_justice
from policysim.vocabulary.states import Role

YOUNG, ADULT, DEPENDENT = ((role,) for role in Role)
YOUNG_OR_DEPENDENT = YOUNG + DEPENDENT
EVERYONE = tuple(Role)

WEEK: tuple[tuple[Callable, tuple[Role, ...]], ...] = (
    (grow_older, EVERYONE),
    (balance, EVERYONE),
    (keep_work_and_home, EVERYONE),
    (keep_tenancy, EVERYONE),
    (be_helped_into_work, EVERYONE),
    (die, EVERYONE),
    (be_supported, EVERYONE),
    (go_to_group, EVERYONE),
    (change_use, EVERYONE),
    (drink, EVERYONE),
    (use_on_top, EVERYONE),
    (take_opioids, EVERYONE),
    (forget, EVERYONE),
    (have_drugs_checked, EVERYONE),
    (hear_warning, EVERYONE),
    (overdose, EVERYONE),
    (grow_tolerant, EVERYONE),
    (inject, EVERYONE),
    (catch_infection, EVERYONE),
    (live_with_hepatitis_c, EVERYONE),
    (be_tested, EVERYONE),
    (change_route, EVERYONE),
    (lose_kit, EVERYONE),
    (lose_fear, EVERYONE),
    (lose_touch, EVERYONE),
    (meet_police, EVERYONE),
    (keep_contract, EVERYONE),
    (carry_for_a_line, EVERYONE),
    (be_managed, EVERYONE),
    (await_court, EVERYONE),
    (keep_requirement, EVERYONE),
    (attend_review, EVERYONE),
    (serve_sentence, EVERYONE),
    (grow_out_of_youth_justice, EVERYONE),
    (keep_case, EVERYONE),
    (wait, EVERYONE),
    (stay_in_treatment, EVERYONE),
    (keep_keyworker, EVERYONE),
    (start_using, YOUNG),
    (be_drawn_in, YOUNG),
    (start_later, ADULT),
    (go_through_school, YOUNG_OR_DEPENDENT),  # pupils who are dependent sit in the same lessons
    (start_another, DEPENDENT),
    (offend, DEPENDENT),
    (be_caught_selling, DEPENDENT),
    (lose_referral, DEPENDENT),
    (seek_help, DEPENDENT),
    (collect_kit, DEPENDENT),
    (take_role, EVERYONE),
)


def week_of(role: Role) -> tuple[Callable, ...]:
    """The rules by which people of this role live a week, in order."""
    return tuple(rule for rule, roles in WEEK if role in roles)
