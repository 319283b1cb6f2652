"""A scenario: everything that decides a comparison, validated; the file of it reproduces the same bits."""

import math
from pathlib import Path
from typing import Any, Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from policysim.agents.institutions.purses import PURSES
from policysim.errors import UserError, nearest
from policysim.evidence.registry import checked, registry
from policysim.scenarios.faults import at_key, read_toml, shown, user_error
from policysim.scenarios.regime import STATUS_QUO, Regime, find_regime
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.places import Place, find_place

FOUR = ("enforcement-only", "diversion", "harm-reduction", "multi-component")
ONE_IN = 75.0
"""Residents for each simulated person where a scenario does not say: with it, and six replicates, five regimes over ten
years in the West Midlands take under a minute on two idle processors."""
FEWEST_PEOPLE, MOST_PEOPLE = 50, 60_000_000
HEADING = "# A policysim scenario. `policysim compare` with this file gives the same results again, to the bit.\n"


class Scenario(BaseModel):
    """What to run: a place, regimes, horizon, scale, replicates, seed, changed numbers, budgets."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_default=True)

    schema_version: Literal[1] = Field(1, description="version of this file format")
    place: str = Field("west-midlands", description="id of a place; 'policysim places' lists them")
    regimes: tuple[Regime, ...] = Field((STATUS_QUO, *FOUR), description="ids, or regimes written out as tables")  # type: ignore[arg-type]
    years: int = Field(10, ge=1, le=40, description="horizon in years of 52 weeks")
    burn_in_years: int = Field(3, ge=0, le=20, description="years under the status quo before the regimes part")
    start_year: int = Field(2025, ge=2000, le=2100, description="calendar year in which the regimes part")
    one_in: float | None = Field(
        None, ge=1, le=1_000_000, description="residents that each simulated person stands for"
    )
    people: int | None = Field(None, ge=FEWEST_PEOPLE, le=MOST_PEOPLE, description="simulated residents, not one_in")
    replicates: int = Field(6, ge=1, le=10_000, description="seeds, each run under every regime")
    seed: int = Field(1, ge=0, le=2**62, description="first seed; replicate k uses seed + k")
    parameters: dict[str, float] = Field(default_factory=dict, description="registry ids with changed values")
    budgets: dict[str, float] = Field(
        default_factory=dict, description="GBP a year by purse; without one a purse always pays"
    )

    @model_validator(mode="before")
    @classmethod
    def _scale_resolved(cls, data: Any) -> Any:
        """One in 75 unless said otherwise, written out so that the file of a scenario leaves nothing to a default."""
        if isinstance(data, dict) and data.get("people") is None and data.get("one_in") is None:
            return data | {"one_in": ONE_IN}
        return data

    @field_validator("place")
    @classmethod
    def _place_by_id(cls, value: str) -> str:
        try:
            return find_place(value).id
        except UserError as error:
            raise at_key(error) from None

    @field_validator("regimes", mode="before")
    @classmethod
    def _regimes_by_id(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple) or not value:
            raise at_key(f"regimes must be a list of at least one regime, not {shown(value)}")
        return tuple(_regime(item, k) for k, item in enumerate(value))

    @field_validator("parameters")
    @classmethod
    def _known_parameters(cls, value: dict[str, float]) -> dict[str, float]:
        for key, number in value.items():
            if key not in registry():
                raise at_key(
                    f"there is no parameter {key!r}{nearest(key, registry())} ('policysim parameters' lists them)", key
                )
            try:
                checked(registry()[key], number)
            except UserError as error:
                raise at_key(error, key) from None
        return value

    @field_validator("budgets")
    @classmethod
    def _known_purses(cls, value: dict[str, float]) -> dict[str, float]:
        for key, number in value.items():
            if key not in PURSES:
                raise at_key(f"there is no purse {key!r}{nearest(key, PURSES)}; purses are {', '.join(PURSES)}", key)
            if not math.isfinite(number) or number < 0:
                raise at_key(f"the budget of the {key} purse must be GBP a year, zero or more, not {number}", key)
        return value

    @model_validator(mode="after")
    def _consistent(self) -> "Scenario":
        ids = [regime.id for regime in self.regimes]
        twice = next((i for i in ids if ids.count(i) > 1), None)
        if twice:
            raise at_key(f"regime {twice!r} is named twice", "regimes")
        if self.people is not None and self.one_in is not None:
            raise at_key("people and one_in contradict each other: give one of them", "one_in")
        self._check_numbers()
        for k, regime in enumerate(self.regimes):
            for key, lever in regime.levers.items():
                if lever.start_week >= self.weeks:
                    raise at_key(
                        f"lever {key} of regime {regime.id} would begin in week {lever.start_week}, but the run ends "
                        f"after {self.weeks} weeks", "regimes", k, "levers", key, "start_week",
                    )  # fmt: skip
        return self

    def _check_numbers(self) -> None:
        """Neither more people than live there nor too few to say anything."""
        residents = self.where.residents_10_64
        if self.people is not None and self.people > residents:
            raise at_key(
                f"people = {self.people:,} is more than the {residents:,} residents aged 10 to 64 of {self.place}",
                "people",
            )
        if residents / self.scale < FEWEST_PEOPLE:
            raise at_key(
                f"one_in = {self.scale:g} leaves {int(residents / self.scale)} simulated people of the {residents:,} "
                f"residents of {self.place}; at least {FEWEST_PEOPLE} are needed", "one_in",
            )  # fmt: skip

    @property
    def where(self) -> Place:
        """The place itself."""
        return find_place(self.place)

    @property
    def scale(self) -> float:
        """Residents that each simulated person stands for."""
        if self.people is not None:
            return self.where.residents_10_64 / self.people
        return float(self.one_in if self.one_in is not None else ONE_IN)

    @property
    def weeks(self) -> int:
        """Weeks of the horizon, without burn-in."""
        return self.years * WEEKS_PER_YEAR

    @property
    def burn_in_weeks(self) -> int:
        """Weeks under the status quo before the regimes part."""
        return self.burn_in_years * WEEKS_PER_YEAR

    @property
    def seeds(self) -> range:
        """One seed for each replicate."""
        return range(self.seed, self.seed + self.replicates)

    def to_toml(self) -> str:
        """The scenario with everything written out; reading it gives an equal scenario."""
        return HEADING + tomli_w.dumps(self.model_dump(mode="json", exclude_none=True))


def _regime(item: Any, k: int) -> Any:
    """The k-th regime: by id, or left to be read from its table."""
    if isinstance(item, Regime | dict):
        return item
    if not isinstance(item, str):
        raise at_key(f"a regime is given by its id or as a table, not as {shown(item)}", k)
    try:
        return find_regime(item)
    except UserError as error:
        raise at_key(error, k) from None


def read_scenario(path: Path) -> Scenario:
    """A scenario from a TOML file; raises UserError with file, line, key and the nearest valid name."""
    data, text = read_toml(path)
    if "levers" in data and "regimes" not in data:
        raise UserError(f"{path} is a regime, not a scenario; compare it with --regimes status-quo,{path}")
    return scenario_from(data, str(path), text)


def scenario_from(data: dict[str, Any], name: str = "", text: str = "") -> Scenario:
    """A scenario from plain values; `name` is the file they come from, if any, and `text` what stands in it."""
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        raise user_error(error, Scenario, name, text) from None
