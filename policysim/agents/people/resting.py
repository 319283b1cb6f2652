"""How people rest (policysim/engine/rest.py): for how long what is known of them stays so, and the worst that it comes to.

Whoever is at rest only grows older, their two balances drift, and a friend may come, go, begin or stop. Their hazards are
therefore bounded by what they are in the same band of age at the highest pull that the drift can lead to, that of friends with
it.
"""

import json
from importlib.resources import files

from policysim.agents.people.balance import grief, pull_of, resilience_held, risk_held, share_of_friends
from policysim.engine.luck import A_HAIR
from policysim.engine.resting import Resting
from policysim.engine.rules import helper
from policysim.vocabulary.groups import FRIENDS_TOGETHER
from policysim.vocabulary.states import Company
from policysim.vocabulary.stocks import TRUSTING

KINDS = len(Company)
MORE_FRIENDS = FRIENDS_TOGETHER - 1
"""By so many a count of friends can be another before the person is woken, in the direction in which it pulls more."""
ROUNDED = 1e-5
"""More than what is lost where pull, which is kept in four bytes, and that of friends are added up."""


@helper
def weeks_of_one_age(self, world):
    """Weeks in which the person reaches no age at which anything of their rules changes."""
    if (
        world.risk_pull < 0 or world.balance_speed > 1 or world.peer_pull < 0
    ):  # it could not be foreseen where pull goes
        return 0
    if self.trust >= TRUSTING:  # counted until it fades below
        return 0
    next_age = world.youngest_age + (self.band + 1) / world.bands_per_year
    if self.using > 0:  # the danger of an overdose grows with every birthday
        next_age = min(next_age, int(self.age) + 1)
    for age in (
        world.secondary_age, world.lessons_from_age, world.lessons_to_age, world.leaving_age, world.age_of_adult_court,
        world.police_lessons_from_age, world.police_lessons_to_age,
        world.graduation_age, world.adult_role_age, world.upper_age, world.upper_age_dependent,
    ):  # fmt: skip
        if age > self.age:
            next_age = min(next_age, age)
    weeks = int((next_age - self.age) / world.week_in_years / A_HAIR)  # ages are added up: a hair earlier, never later
    if self.mentor_weeks > 0:  # the week in which a mentor leaves is lived, since the place is then free
        weeks = min(weeks, self.mentor_weeks - 1)
    return weeks


@helper
def foresee_pull(self, world):
    """Give the person the highest pull that their balances can drift to: each moves between where it is and where it is held.

    What holds them fades without grief, lessons and talks, so that they may be drawn to any point between.
    """
    held = risk_held(self, world)
    risk = max(self.risk, held)
    if self.bereaved_weeks >= 0:
        risk = max(risk, held + grief(self.bereaved_weeks, world))
    held = resilience_held(self, world)
    held += min(world.resilience_of_lessons * self.lessons, 0) + min(world.resilience_of_scare * self.scare_lessons, 0)
    held += min(self.unproven, 0)
    if self.mentor_weeks > 0:
        held += min(world.resilience_of_mentor, 0)
    resilience = min(self.resilience, held)
    self.log_pull = pull_of(risk, resilience, world)


@helper
def foresee(self, world):
    """Give the person the highest pull that is to come before they are woken: of their balances, and of friends with it."""
    foresee_pull(self, world)
    self.log_pull += more_of_friends(self, world)


@helper
def more_of_friends(self, world):
    """What friends can add to the exponent before they wake the person: a friend more uses, and there is one fewer in all."""
    more = 0.0
    for kind in range(KINDS):
        now = share_of_friends(self.peers_using[kind], self.ties)
        more = max(more, share_of_friends(self.peers_using[kind] + MORE_FRIENDS, self.ties - MORE_FRIENDS) - now)
    return world.peer_pull * more + ROUNDED


@helper
def recall(self, world):
    """The pull of the balances as they are."""
    self.log_pull = pull_of(self.risk, self.resilience, world)


def rules_tried() -> dict[str, str]:
    """Rules of the model with the sum of their text whose marks were tried; `make rest` writes it down anew."""
    found: dict[str, str] = json.loads(
        (files("policysim.configs") / "rules" / "tried.json").read_text(encoding="utf-8")
    )
    return found


RESTING = Resting(
    weeks=weeks_of_one_age,
    foresee=foresee,
    recall=recall,
    moved=frozenset({"ties", "peers_using", "using_peers", "peers_with_naloxone"}),
    tried=frozenset(rules_tried().items()),
    foreseen=frozenset({"ties", "peers_using"}),
)
