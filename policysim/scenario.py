"""A scenario: everything that decides a comparison, validated; the file of it reproduces the same bits."""

import math
from pathlib import Path
from typing import Literal

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from policysim.agents.purses import PURSES
from policysim.errors import UserError, nearest
from policysim.parameters import WEEKS_PER_YEAR, checked, registry
from policysim.places import Place, find_place
from policysim.regime import STATUS_QUO, Regime, find_regime, read_toml, sentence

SCHEMA_VERSION = 1
FOUR = ("enforcement-only", "diversion", "harm-reduction", "multi-component")


class Scenario(BaseModel):
    """What to run: a place, regimes, horizon, scale, replicates, seed, changed numbers, budgets."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)

    schema_version: Literal[1] = Field(SCHEMA_VERSION, description="version of this file format")
    place: str = Field("west-midlands", description="id of a place; 'policysim places' lists them")
    regimes: tuple[Regime, ...] = Field((STATUS_QUO, *FOUR), description="ids, or regimes written out as tables")  # type: ignore[assignment]
    years: int = Field(10, ge=1, le=40, description="horizon in years of 52 weeks")
    burn_in_years: int = Field(3, ge=0, le=20, description="years under the status quo before the regimes part")
    start_year: int = Field(2025, ge=2000, le=2100, description="calendar year in which the regimes part")
    one_in: float | None = Field(None, ge=1, le=1_000_000, description="residents that each simulated person stands for")
    people: int | None = Field(None, ge=50, le=60_000_000, description="simulated residents; in place of one_in")
    replicates: int = Field(6, ge=1, le=10_000, description="seeds, each run under every regime")
    seed: int = Field(1, ge=0, le=2**62, description="first seed; replicate k uses seed + k")
    parameters: dict[str, float] = Field(default_factory=dict, description="registry ids with changed values")
    budgets: dict[str, float] = Field(default_factory=dict, description="GBP a year by purse; without one a purse always pays")

    @field_validator("place")
    @classmethod
    def _place_by_id(cls, value: str) -> str:
        return find_place(value).id

    @field_validator("regimes", mode="before")
    @classmethod
    def _regimes_by_id(cls, value):
        if not isinstance(value, list | tuple) or not value:
            raise UserError("regimes must be a list of at least one regime")
        found = tuple(find_regime(item) if isinstance(item, str) else item for item in value)
        return found

    @field_validator("parameters")
    @classmethod
    def _known_parameters(cls, value: dict[str, float]) -> dict[str, float]:
        for key, number in value.items():
            if key not in registry():
                raise UserError(f"there is no parameter {key!r}{nearest(key, registry())}; 'policysim parameters' lists them")
            checked(registry()[key], number)
        return value

    @field_validator("budgets")
    @classmethod
    def _known_purses(cls, value: dict[str, float]) -> dict[str, float]:
        for key, number in value.items():
            if key not in PURSES:
                raise UserError(f"there is no purse {key!r}{nearest(key, PURSES)}; purses are {', '.join(PURSES)}")
            if not math.isfinite(number) or number < 0:
                raise UserError(f"the budget of the {key} purse must be GBP a year, zero or more, not {number}")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> "Scenario":
        ids = [regime.id for regime in self.regimes]
        twice = next((i for i in ids if ids.count(i) > 1), None)
        if twice:
            raise UserError(f"regime {twice!r} is named twice")
        if self.people is not None and self.one_in is not None:
            raise UserError("people and one_in contradict each other: give one of them")
        if self.people is not None and self.people > self.where.residents_10_64:
            raise UserError(
                f"people = {self.people:,} is more than the {self.where.residents_10_64:,} residents aged 10 to 64 of {self.place}"
            )
        return self

    @property
    def where(self) -> Place:
        """The place itself."""
        return find_place(self.place)

    @property
    def scale(self) -> float:
        """Residents that each simulated person stands for; one in 20 unless said otherwise."""
        if self.people is not None:
            return self.where.residents_10_64 / self.people
        return float(self.one_in if self.one_in is not None else 20)

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
        data = self.model_dump(mode="json", exclude_none=True)
        return tomli_w.dumps(data)


def read_scenario(path: Path) -> Scenario:
    """A scenario from a TOML file; raises UserError with file, key, line and the nearest valid name."""
    return scenario_from(read_toml(path), str(path))


def scenario_from(data: dict, name: str = "scenario") -> Scenario:
    """A scenario from plain values; raises UserError."""
    try:
        return Scenario.model_validate(data)
    except ValidationError as error:
        raise UserError(with_line(sentence(error, name, Scenario), error.errors()[0]["loc"], name)) from None
    except UserError as error:
        raise UserError(str(error) if name == "scenario" else f"{name}: {error}") from None


def with_line(message: str, loc: tuple, name: str) -> str:
    """The message with the line on which the faulty key stands, where the file can be read."""
    try:
        lines = Path(name).read_text(encoding="utf-8").splitlines()
    except OSError:
        return message
    key = next((str(part) for part in reversed(loc) if isinstance(part, str)), "")
    found = [k for k, line in enumerate(lines, 1) if line.split("=")[0].strip().strip('"') == key]
    return message.replace(name, f"{name}, line {found[0]}", 1) if found else message
