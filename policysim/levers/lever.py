"""What a lever is: settings, the institution it acts on, what it does to that institution's policy, and its papers."""

import dataclasses
import inspect
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from policysim.errors import UserError, nearest, no_argument
from policysim.vocabulary.numbers import plain
from policysim.vocabulary.reasons import reason
from policysim.vocabulary.time import MOST_YEARS, WEEKS_PER_YEAR

if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass
else:
    ModelMetaclass = type(BaseModel)

if TYPE_CHECKING:  # institutions take a second to load: a scenario is checked before them
    from policysim.agents.institutions.institution import Institution

MOST_WEEKS = MOST_YEARS * WEEKS_PER_YEAR


class _Told(ModelMetaclass):
    """Makes a lever from its settings by name; what is wrong with them is a UserError."""

    def __call__(self: Any, *args: Any, **settings: Any) -> Any:
        if args:
            raise UserError(f"{self.__name__} takes its settings by name ({', '.join(self.model_fields)})")
        settings = {name: plain(value) for name, value in settings.items()}
        for name, value in settings.items():
            if isinstance(value, bool) and name in self.model_fields and self.model_fields[name].annotation is not bool:
                raise UserError(f"{self.__name__}: {name} must be a number, not {value}")
        try:
            return super().__call__(**settings)
        except ValidationError as error:
            raise UserError(_fault_of(error, self)) from None


def _fault_of(error: ValidationError, kind: Any) -> str:
    """The first fault of a lever's settings, in one sentence."""
    fault = error.errors(include_url=False)[0]
    key = str(fault["loc"][0]) if fault["loc"] else ""
    if fault["type"] == "extra_forbidden":
        return no_argument(kind.__name__, key, kind.model_fields)
    return f"{kind.__name__}: {key} {reason(fault)}"


def setting(
    default: Any = ..., *, description: str, ge: float, le: float, unit: str = "share", null: float | None = None
) -> Any:
    """A setting of a lever: its usual value, what it is, its limits and unit.

    `null` is the value at which it changes nothing even at full coverage; without one that is the value of today.
    """
    return Field(default, description=description, ge=ge, le=le, json_schema_extra={"unit": unit, "null": null})


DIRECTIONS = ("rises", "falls", "stays")


class Lever(BaseModel, metaclass=_Told):
    """One thing a regime can do. At coverage 0 it changes nothing: institutions keep to their usual policy.

    It sees the policy of the institutions it acts on and nothing else: not the model, not a person, not an outcome.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: ClassVar[str]
    """The name of its file."""
    group: ClassVar[str]
    """The name of its folder, in words."""
    title: ClassVar[str]
    """What it is called; without one, by its class."""
    path: ClassVar[str] = ""
    """How it acts on people, in one sentence."""
    acts_on: ClassVar[type["Institution"]]
    """The institution whose policy it changes; where there are several (one for each authority), that of each."""
    reach: ClassVar[str] = ""
    """Whom it reaches, by age, sex and need, in one sentence."""
    outcome: ClassVar[str] = ""
    """The outcome that it is bought for."""
    expected: ClassVar[str] = "stays"
    """What that outcome does when it is pulled, by the evidence that is cited: it rises, falls or stays."""
    lawful: ClassVar[str] = "yes"
    """Lawful in England and Wales today: yes, under licence, no."""
    payer: ClassVar[str] = ""
    """The purse that pays, or that pays most."""
    payers: ClassVar[tuple[str, ...]] = ()
    """All purses that pay, where there are several."""
    scales: ClassVar[tuple[str, ...]] = ()
    """Levers whose effect it makes larger; what it moves when it is pulled alone is none of theirs."""
    cost: ClassVar[str]
    """Id of its unit cost in the registry."""
    evidence: ClassVar[tuple[str, ...]] = ()
    sources: ClassVar[tuple[str, ...]] = ()
    """Keys of the founding documents (docs/sources.md) that ask for it or warn of it."""
    process: ClassVar[str]
    """The outcome that shows it was delivered."""
    caution: ClassVar[str] = ""
    """What to bear in mind about it, for the report and the page."""
    horizon: ClassVar[int] = 10
    """Years over which its effect is looked for when it is run alone; more where it acts on children, who grow up first."""
    documented: ClassVar[Mapping[str, Any]] = {}
    """Settings of its documented coverage, where the usual ones change nothing or are none that anybody asks for."""

    coverage: float = setting(
        1.0, ge=0, le=1, null=0, description="share of the place, or of those eligible, that it reaches"
    )
    start_week: int = setting(0, ge=0, le=MOST_WEEKS, unit="weeks", description="week of the run in which it begins")
    ramp_weeks: int = setting(
        26, ge=0, le=MOST_WEEKS, unit="weeks", description="weeks from its beginning to full delivery"
    )

    @classmethod
    def purses(cls) -> tuple[str, ...]:
        """Every purse that pays for it."""
        return cls.payers or (cls.payer,)

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not hasattr(cls, "title"):  # one that is only tried out has no papers, and is reported all the same
            cls.title = cls.__name__

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The same but for what `update` says, checked as if it were given anew; raises UserError."""
        return type(self)(**(dict(self) | dict(update))) if update else super().model_copy(deep=deep)

    def level(self, week: int) -> float:
        """Coverage in this week of the run, ramp included (0 .. 1)."""
        if week < self.start_week:
            return 0.0
        if self.ramp_weeks == 0:
            return self.coverage
        return self.coverage * min(1.0, (week - self.start_week + 1) / self.ramp_weeks)

    def stays_from(self, week: int) -> bool:
        """Whether its level is the same from this week of the run on."""
        return type(self).level is Lever.level and week >= self.start_week + self.ramp_weeks

    def pull(self, policy: Any, level: float) -> None:
        """Change the policy of one institution that it acts on, as far as the level says (0 .. 1).

        Several levers may pull the same policy, one after another: move it from what it is.
        """
        raise NotImplementedError

    def pull_at(self, institution: "Institution", level: float) -> None:
        """Pull at one institution; raises UserError where it has no such policy or cannot have it so."""
        from policysim.agents.institutions.institution import decided_fields

        policy, of = institution.policy, type(institution).__name__
        if policy is None:
            raise UserError(f"lever {type(self).__name__} acts on {of}, which has no policy that a lever could change")
        try:
            self.pull(policy, level)
        except AttributeError as error:
            if error.obj is not policy:
                raise
            raise UserError(self._no_part(error.name, policy)) from None
        known = {part.name for part in dataclasses.fields(policy)}
        new = next((name for name in vars(policy) if name not in known), None)
        if new is not None:
            raise UserError(self._no_part(new, policy))
        for field in decided_fields(institution):
            low, high, value = field.low, field.high, getattr(policy, field.name)
            if (low is not None and not value >= low) or (high is not None and not value <= high):
                raise UserError(
                    f"lever {type(self).__name__} sets {field.name} of {type(policy).__name__} to {value:g}; as the "
                    f"{field.meaning} it must be {f'at least {low}' if high is None else f'{low} to {high}'}"
                )

    def _no_part(self, name: str | None, policy: Any) -> str:
        parts = [part.name for part in dataclasses.fields(policy)]
        return (
            f"lever {type(self).__name__} pulls at {name!r}, which {type(policy).__name__} does not have"
            f"{nearest(str(name), parts)} (it has {', '.join(parts)})"
        )


def fault_in(kind: type[Lever]) -> str:
    """Why a class of lever cannot be used, in one sentence; nothing when it can."""
    from policysim.agents.institutions.institution import Institution

    name, acts_on = kind.__name__, getattr(kind, "acts_on", None)
    if acts_on is None:
        return f"{name} does not say which institution it acts on: give it one, as in acts_on = PoliceTeam"
    if not (isinstance(acts_on, type) and issubclass(acts_on, Institution)):
        return f"{name} acts on {getattr(acts_on, '__name__', acts_on)}, which is no institution, as PoliceTeam is"
    if kind.pull is Lever.pull:
        return f"{name} does not say what it does: give it a method pull(self, policy, level)"
    asked = list(inspect.signature(kind.pull).parameters)
    if len(asked) != len(inspect.signature(Lever.pull).parameters):
        return f"{name}.pull takes ({', '.join(asked)}); it must take (self, policy, level)"
    return ""


def among(usual: float, target: float | None, level: float, before: float, after: float) -> float:
    """How what is delivered is delivered, where it is `after` in the part of a place that the lever reaches, `before` elsewhere.

    Coverage decides how much is delivered, not how well: half a programme is a whole one for half of the people, and whoever has
    it has it in full. Without a target it stays as it is now.
    """
    there, elsewhere = level * after, (1 - level) * before
    part = there / (there + elsewhere) if there + elsewhere > 0 else level
    return usual if target is None else towards(usual, target, part)


def towards(usual: float, target: float, level: float) -> float:
    """From the usual value towards a target, as far as the level says."""
    return usual + (target - usual) * level
