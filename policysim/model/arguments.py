"""What a model is told, checked as a scenario's settings are and by the same code where both have them."""

from collections.abc import Sequence
from inspect import signature
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, model_validator

from policysim.engine.light_mesa import mesa
from policysim.errors import UserError, no_argument
from policysim.scenarios.changes import Budgets, Numbers, ParameterChanges, check_ranges
from policysim.scenarios.faults import at_key
from policysim.scenarios.means import MOST_THREADS, engine_given
from policysim.scenarios.regime import Regime, regime_given
from policysim.scenarios.scales import MODEL_ONE_IN
from policysim.scenarios.scenario import MOST_PEOPLE, check_scale
from policysim.scenarios.settings import Settings
from policysim.vocabulary.numbers import plain
from policysim.vocabulary.reasons import shown
from policysim.vocabulary.time import MOST_YEARS
from policysim.world.places import Place, find_place


def _known_engine(value: str) -> str:
    try:
        return engine_given(value)
    except UserError as error:
        raise at_key(error) from None


def _found(value: Any) -> Place:
    if isinstance(value, Place):
        return value
    if not isinstance(value, str):
        raise at_key(f"place must be text, not {shown(value)}")
    try:
        return find_place(value)
    except UserError as error:
        raise at_key(error) from None


def _whole(value: Any, info: ValidationInfo) -> Any:
    if isinstance(value, str):
        name = info.field_name
        raise at_key(
            f"{name} must be a table of keys and values, not {shown(value)} "
            f"(mesa.batch_run takes a table given alone apart: write {name!r}: [{{...}}])"
        )
    return value


class Arguments(Settings):
    """A model's arguments, but for classes and another model to start from. It may be smaller than a scenario."""

    place: Annotated[Place, BeforeValidator(_found)]
    regime: Annotated[Regime, BeforeValidator(regime_given)]
    seed: int | None = Field(ge=0, lt=2**63)
    one_in: float | None = Field(ge=1, allow_inf_nan=False)
    people: int | None = Field(ge=1, le=MOST_PEOPLE)
    years: int = Field(ge=1, le=MOST_YEARS)
    burn_in_years: int = Field(ge=0, le=MOST_YEARS)
    engine: Annotated[str, AfterValidator(_known_engine)]
    threads: int = Field(ge=1, le=MOST_THREADS)
    parameters: Annotated[ParameterChanges | None, BeforeValidator(_whole)]
    carried: Annotated[Numbers | None, BeforeValidator(_whole)]
    beyond_ranges: bool
    budgets: Annotated[Budgets | None, BeforeValidator(_whole)]
    null_effects: bool

    @model_validator(mode="after")
    def _consistent(self) -> "Arguments":
        if self.people is not None and self.one_in is not None:
            raise at_key("people and one_in contradict each other: give one of them", "people")
        if not self.beyond_ranges:
            check_ranges(self.parameters or {})
            check_ranges(self.carried or {})
        check_scale(self.place, self.people, self.one_in or MODEL_ONE_IN, fewest=1)
        return self


def check_the_others(mesa_arguments: dict[str, Any], people_classes: Any, counting: Any = None) -> None:
    """Raises UserError for what neither a model nor Mesa's own takes, or for no classes."""
    of_mesa = signature(mesa.Model.__init__).parameters.keys() - {"self", "args", "kwargs", "seed", "rng"}
    for name in mesa_arguments.keys() - of_mesa:
        names = (*Arguments.model_fields, "people_classes", "counting", "start", *sorted(of_mesa))
        raise UserError(no_argument("DrugPolicyModel", name, names))
    for name, classes in (("people_classes", people_classes), ("counting", counting)):
        if classes is not None and not isinstance(classes, list | tuple):
            raise UserError(f"{name} must be a list of classes, not {shown(classes)}")


def classes_given(people_classes: Sequence[type] | None, told: Arguments, from_a_start: bool) -> tuple[type, ...]:
    """Who lives in the model: those that are given, or else those of its regime; raises UserError."""
    of_regime = told.regime.people_classes or ()
    if people_classes is None and of_regime and told.burn_in_years and not from_a_start:
        raise UserError(
            f"people live by the rules of {told.regime.id!r} from where the regimes part, and burn_in_years={told.burn_in_years} "
            "come before: live these in a model under the status quo and begin from it (start=...), or give people_classes, "
            "which hold for all weeks"
        )
    return tuple(of_regime if people_classes is None else people_classes)


def whole(name: str, value: Any, least: int = 0) -> int:
    """A whole number that is at least so much; raises UserError."""
    number = plain(value)
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        raise UserError(f"{name} must be a whole number from {least} on, not {shown(value)}")
    return number
