"""What a lever is: settings, the institution it acts on, what it does to that institution's policy, and its papers."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from policysim.agents.institutions.institution import Institution


class Lever(BaseModel):
    """One thing a regime can do. At coverage 0 it changes nothing: institutions keep to their usual policy.

    It sees the policy of the institutions it acts on and nothing else: not the model, not a person, not an outcome.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: ClassVar[str]
    """The name of its file."""
    group: ClassVar[str]
    """The name of its folder, in words."""
    title: ClassVar[str]
    path: ClassVar[str]
    """How it acts on people, in one sentence."""
    acts_on: ClassVar[type[Institution]]
    """The institution whose policy it changes; where there are several (one for each authority), that of each."""
    lawful: ClassVar[str] = "yes"
    """Lawful in England and Wales today: yes, under licence, no."""
    payer: ClassVar[str]
    cost: ClassVar[str]
    """Id of its unit cost in the registry."""
    evidence: ClassVar[tuple[str, ...]] = ()
    sources: ClassVar[tuple[str, ...]] = ()
    """Keys of the founding documents (docs/sources.md) that ask for it or warn of it."""
    process: ClassVar[str]
    """The outcome that shows it was delivered."""
    caution: ClassVar[str] = ""
    """What to bear in mind about it, for the report and the page."""

    coverage: float = Field(1.0, ge=0, le=1, description="share of the place, or of those eligible, that it reaches")
    start_week: int = Field(0, ge=0, description="week of the run in which it begins")
    ramp_weeks: int = Field(26, ge=0, description="weeks from its beginning to full delivery")

    def level(self, week: int) -> float:
        """Coverage in this week of the run, ramp included (0 .. 1)."""
        if week < self.start_week:
            return 0.0
        if self.ramp_weeks == 0:
            return self.coverage
        return self.coverage * min(1.0, (week - self.start_week + 1) / self.ramp_weeks)

    def pull(self, policy: Any, level: float) -> None:
        """Change the policy of one institution that it acts on, as far as the level says (0 .. 1).

        Several levers may pull the same policy, one after another: move it from what it is.
        """
        raise TypeError(f"{type(self).__name__} does not say what it does")


def towards(usual: float, target: float, level: float) -> float:
    """From the usual value towards a target, as far as the level says."""
    return usual + (target - usual) * level
