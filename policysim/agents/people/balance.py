"""Risk and resilience: what moves the two balances, the pull they make, and that of friends who use."""

from policysim.engine.rules import rule
from policysim.vocabulary.states import Company, Housing, Justice, Occupation

COMPANY = len(Company)


@rule
def balance(self, here, world, luck):
    """Risk and resilience drift towards where the person's circumstances would hold them, and pull.

    Every cause acts on these two balances and nowhere else, so that none is counted twice. Friends pull towards what
    they use themselves: drugs, heroin or crack, harmful drinking.
    """
    risk = self.risk_at_rest
    resilience = self.resilience_at_rest
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
    self.log_pull = world.risk_pull * (self.risk - self.resilience) - world.pull_usual
    for kind in range(COMPANY):
        share = self.peers_using[kind] / max(self.ties, 1)
        self.friends_pull[kind] = world.peer_pull * (share - world.peers_usual[kind])
