"""Risk and resilience: what moves the two balances, the pull they make, and that of friends who use."""

from policysim.agents.people.groups import is_child
from policysim.engine.rules import helper, rule
from policysim.vocabulary.states import Care, Housing, Justice, Occupation


@rule(passing=True)
def balance(self, here, world, luck):
    """Risk and resilience drift towards where the person's circumstances would hold them, and pull.

    Every cause acts on these two balances and nowhere else, so that none is counted twice.
    """
    risk, resilience = self.risk, self.resilience
    held_risk, held_resilience = risk_held(self, world), resilience_held(self, world)
    kept = 1 - world.balance_speed
    grieved = self.bereaved_weeks - self.weeks
    for passed in range(self.weeks):
        towards = held_risk
        if self.bereaved_weeks >= 0:
            towards += grief(grieved + passed + 1, world)
        risk = risk * kept + towards * world.balance_speed
        towards = held_resilience
        if self.lessons > 0:
            towards += world.resilience_of_lessons * self.lessons
            self.lessons -= self.lessons * world.lessons_fade
        if self.scare_lessons > 0:
            towards += world.resilience_of_scare * self.scare_lessons
            self.scare_lessons -= self.scare_lessons * world.lessons_fade
        if self.unproven != 0:
            towards += self.unproven
            self.unproven -= self.unproven * world.lessons_fade
        if passed < self.mentor_weeks:
            towards += world.resilience_of_mentor
        resilience = resilience * kept + towards * world.balance_speed
    if self.mentor_weeks > 0:
        self.mentor_weeks = max(self.mentor_weeks - self.weeks, 0)
    self.risk, self.resilience = risk, resilience
    self.log_pull = pull_of(risk, resilience, world)


@helper
def risk_held(self, world):
    """Where lasting circumstances would hold risk: all but grief, which fades."""
    risk = self.risk_at_rest
    if self.occupation == Occupation.EXCLUDED:
        risk += world.risk_of_exclusion
    elif self.occupation == Occupation.WORKLESS:
        risk += world.risk_of_worklessness
    if self.housing != Housing.STABLE and self.care != Care.RESIDENTIAL_COMMUNITY:
        risk += world.risk_of_housing[self.housing]
    elif self.tenancy > 0:
        risk += world.tenancy_risk_kept * world.risk_of_housing[self.home_before_tenancy]
    if self.convictions > 0:
        risk += world.risk_of_record
    elif self.cautions > 0 and is_child(
        self, world
    ):  # what formal dealing does to a child, as far as a caution is that
        risk += world.risk_of_record * world.label_of_caution
    if self.justice == Justice.CUSTODY:
        risk += world.risk_of_custody
    if self.exploited:
        risk += world.risk_of_exploitation
    return risk


@helper
def grief(weeks, world):
    """What the death of a friend so many weeks ago adds to where risk is held."""
    return world.risk_of_bereavement / (1 + weeks * world.week_in_years)


@helper
def resilience_held(self, world):
    """Where lasting circumstances would hold resilience: all but lessons and talks, which fade, and a mentor, who leaves."""
    if self.occupation == Occupation.SCHOOL:
        return self.resilience_at_rest + world.resilience_of_school + world.resilience_of_ethos * self.ethos
    if self.occupation == Occupation.EXCLUDED or self.occupation == Occupation.WORKLESS:
        return self.resilience_at_rest
    return self.resilience_at_rest + world.resilience_of_work


@helper
def lose_belonging(self, world):
    """What a suspension takes at once; resilience drifts back to where it is held."""
    self.resilience -= world.belonging_lost
    self.log_pull = pull_of(self.risk, self.resilience, world)


@helper
def pull_of(risk, resilience, world):
    """The exponent of the pull that the two balances make (log ratio)."""
    return world.risk_pull * (risk - resilience) - world.pull_usual


@helper
def share_of_friends(using, ties):
    """Which share of friends use; 0 for whoever has none."""
    return min(using / max(ties, 1), 1)


@helper
def pull_of_friends(self, kind, world):
    """What friends add to the exponent: they pull towards what they use themselves, one kind of use (Company) at a time."""
    share = share_of_friends(self.peers_using[kind], self.ties)
    return world.peer_pull * (share - world.peers_usual[kind])
