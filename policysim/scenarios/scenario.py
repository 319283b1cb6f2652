"""A scenario: everything that decides a comparison, validated once; the file of it reproduces the same bits."""

import math
import os
from collections.abc import Mapping, Sequence
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import tomli_w
from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from policysim.errors import UserError, tells_arguments
from policysim.evidence.contested import numbers_of
from policysim.reading import without_ending
from policysim.scenarios.changes import BudgetsOfScenario, ParameterChanges, check_ranges
from policysim.scenarios.equal_spend import WAYS, EqualSpend
from policysim.scenarios.faults import NOWHERE, Keys, Source, at_key, file_at, read_toml
from policysim.scenarios.own_classes import PeopleClasses, beside, own_classes
from policysim.scenarios.own_places import OwnPlaces, with_own_table
from policysim.scenarios.readings import check_readings
from policysim.scenarios.regime import (
    KEPT,
    STATUS_QUO,
    VARIED,
    Regime,
    check_together,
    load_regime,
    regime_from,
    regime_given,
    regime_ids,
    regime_of,
    without_levers,
)
from policysim.scenarios.scales import COMPARE_ONE_IN
from policysim.scenarios.scenario_card import scenario_card
from policysim.scenarios.settings import Settings
from policysim.scenarios.usual import MOST_SEEDS, MOST_YEARS
from policysim.vocabulary.reasons import shown
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.places import Place, find_place

if TYPE_CHECKING:  # outcomes and institutions take a second to load: mistakes are told before
    from policysim.counts.table.row import Outcome

FIVE = (STATUS_QUO, "enforcement-only", "diversion", "harm-reduction", "multi-component")
SCALES = ("people", "one_in")
FEWEST_PEOPLE, MOST_PEOPLE = 50, 60_000_000
UNSEEN = "unseen"
"""In the same place: that of regimes only the names are known yet."""
HEADING = "# A policysim scenario. `policysim compare` with this file gives the same results again, to the bit.\n"


def _place_by_id(value: str, info: ValidationInfo) -> str:
    try:
        return find_place(value, info.data.get("places")).id
    except UserError as error:
        raise at_key(error) from None


PlaceId = Annotated[str, AfterValidator(_place_by_id)]
"""A place, called as `find_place` understands it, of the table of one's own where one is given."""


class Scenario(Settings):
    """What to run: a place, regimes, horizon, scale, replicates, seed, changed numbers, budgets."""

    model_config = ConfigDict(validate_default=True)

    schema_version: Literal[1] = Field(1, description="version of this file format")
    places: OwnPlaces = Field((), description="a table of places of one's own: its file, or its rows as tables")
    place: PlaceId = Field("west-midlands", description="id of a place; 'policysim places' lists them")
    regimes: tuple[Regime, ...] = Field(FIVE, description="ids, files, or tables")  # type: ignore[arg-type]
    years: int = Field(10, ge=1, le=MOST_YEARS, description="horizon in years of 52 weeks")
    burn_in_years: int = Field(3, ge=0, le=20, description="years under the status quo before the regimes part")
    start_year: int = Field(2025, ge=2000, le=2100, description="calendar year in which the regimes part")
    one_in: float | None = Field(
        None, ge=1, le=1_000_000, allow_inf_nan=False, description="residents that each simulated person stands for"
    )
    people: int | None = Field(None, ge=FEWEST_PEOPLE, le=MOST_PEOPLE, description="simulated residents, not one_in")
    replicates: int = Field(6, ge=1, le=MOST_SEEDS, description="seeds, each run under every regime")
    seed: int = Field(1, ge=0, le=2**62, description="first seed; replicate k uses seed + k")
    uncertainty: int = Field(
        0, ge=0, le=10_000, description="sets of parameters drawn from their ranges, each run once under every regime"
    )
    parameters: ParameterChanges = Field(default_factory=dict, description="registry ids with changed values")
    readings: dict[str, str] = Field(
        default_factory=dict, description="contested questions with the reading taken of each, for all regimes alike"
    )
    beyond_ranges: bool = Field(False, description="whether a changed value may lie beyond its range in the registry")
    budgets: BudgetsOfScenario = Field(
        default_factory=dict, description="GBP a year by purse, or 'status-quo'; without one a purse always pays"
    )
    equal_spend: EqualSpend = Field(None, description="public money that every regime is to spend: " + WAYS)
    scales: dict[str, float] = Field(
        default_factory=dict, description="of regimes at equal spend: the coverage found, relative to that described"
    )
    people_classes: PeopleClasses = Field(None, description="classes of people of one's own, as 'my_rules.py:MyAdult'")

    @field_validator("regimes", mode="before")
    @classmethod
    def _regimes_by_id(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple) or not value:
            raise at_key(f"regimes must be a list of at least one regime, not {shown(value)}")
        return tuple(regime_given(item, k) for k, item in enumerate(value))

    @model_validator(mode="after")
    def _consistent(self, info: ValidationInfo) -> "Scenario":
        context = info.context or {}
        if not (context.get(KEPT) or context.get(UNSEEN)):
            check_together(self.regimes, bool(context.get(VARIED)))
        if not context.get(KEPT):
            check_readings(self.readings, self.parameters)
        if not (context.get(KEPT) or self.beyond_ranges):
            check_ranges(self.parameters)
        if self.uncertainty == 1:
            raise at_key("uncertainty must be 0 or at least 2, not 1: a single draw has no interval", "uncertainty")
        if self.people is not None and self.one_in is not None:
            raise at_key("people and one_in contradict each other: give one of them", "people")
        self._check_numbers()
        self._check_money()
        for k, regime in enumerate(self.regimes):
            for key, lever in regime.levers.items():
                if lever.start_week >= self.weeks:
                    raise at_key(
                        f"“{lever.title}” of “{regime.name}” would begin in week {lever.start_week}, but the run ends after "
                        f"{self.weeks} weeks: choose an earlier beginning, or more years",
                        "regimes", k, "levers", key, "start_week",
                    )  # fmt: skip
        return self

    def _check_numbers(self) -> None:
        """Neither more people than live there nor too few to say anything."""
        check_scale(self.where, self.people, self.scale, FEWEST_PEOPLE)

    def _check_money(self) -> None:
        """Whether what is said of money goes together."""
        if self.equal_spend is not None and self.budgets:
            raise at_key("budgets and equal_spend contradict each other: give one of them", "equal_spend")
        if self.equal_spend is None and self.scales:
            raise at_key("scales are of regimes at equal spend, and there is no equal_spend", "scales")
        for id, scale in self.scales.items():
            if not (math.isfinite(scale) and scale >= 0):
                raise at_key(f"the scale of {id} must be zero or more, not {scale}", "scales", id)

    @property
    def unscaled(self) -> list[Regime]:
        """Regimes that are still to be brought to equal spend."""
        if self.equal_spend is None:
            return []
        others = (one for one in self.regimes if one.id != STATUS_QUO and one.id not in self.scales)
        return [
            one for one in others if one.levers or not one.people_classes
        ]  # of the status quo by rules of one's own

    @property
    def where(self) -> Place:
        """The place itself."""
        return find_place(self.place, self.places)

    @property
    def scale(self) -> float:
        """Residents that each simulated person stands for."""
        if self.people is not None:
            return self.where.residents_10_64 / self.people
        return float(self.one_in if self.one_in is not None else COMPARE_ONE_IN)

    @property
    def weeks(self) -> int:
        """Weeks of the horizon, without burn-in."""
        return self.years * WEEKS_PER_YEAR

    @property
    def burn_in_weeks(self) -> int:
        """Weeks under the status quo before the regimes part."""
        return self.burn_in_years * WEEKS_PER_YEAR

    @property
    def numbers(self) -> dict[str, float]:
        """Registry ids with the values that are not the registry's: those that are changed, and those of the readings."""
        return numbers_of(self.readings) | self.parameters

    @property
    def seeds(self) -> range:
        """One seed for each replicate."""
        return range(self.seed, self.seed + self.replicates)

    @property
    def own_classes(self) -> list[type]:
        """Classes of levers and people that are not policysim's own."""
        levers = (pair for regime in self.regimes for pair in regime.levers.items())
        people = (kind for regime in self.regimes for kind in regime.people_classes or ())
        return own_classes(levers, [*(self.people_classes or ()), *people])

    @property
    def counting(self) -> tuple[type, ...]:
        """Classes of people, of any arm, that declare outcomes of their own: these are counted in every arm."""
        from policysim.counts.declared import outcomes_in

        kinds = [*(self.people_classes or ()), *(kind for one in self.regimes for kind in one.people_classes or ())]
        return tuple(kind for kind in dict.fromkeys(kinds) if outcomes_in((kind,)))

    @property
    def own_outcomes(self) -> Mapping[str, "Outcome"]:
        """Outcomes of one's own by id, in the order in which tables have them behind the model's."""
        from policysim.counts.declared import outcomes_counted

        return outcomes_counted(self.counting)

    @property
    def outcomes(self) -> dict[str, "Outcome"]:
        """Every outcome by id, the model's and one's own."""
        from policysim.counts.outcomes import OUTCOMES

        return {**OUTCOMES, **self.own_outcomes}

    @property
    def columns(self) -> tuple[str, ...]:
        """The outcomes that are columns of its tables, in their order."""
        from policysim.counts.outcomes import COLUMNS

        return (*COLUMNS, *self.own_outcomes)

    def to_toml(self) -> str:
        """The scenario with everything written out, the usual scale too; reading it gives an equal scenario."""
        return HEADING + tomli_w.dumps(self.written)

    @property
    def written(self) -> dict[str, Any]:
        """The same as plain values."""
        written = self.model_dump(mode="json", exclude_none=True) | self._scale_said  # TOML has no word for nothing
        for regime in written["regimes"]:
            if not regime["contested"]:
                del regime["contested"]
        if not written["scales"]:
            del written["scales"]
        return {key: value for key, value in written.items() if value != []}

    @property
    def _scale_said(self) -> dict[str, float]:
        """The usual scale where nobody said one. It is left unset till then: people may still be said in its place."""
        return {"one_in": self.scale} if self.people is None else {}

    def _repr_html_(self) -> str:
        """For a notebook: what is to be run, and what of it is unusual."""
        return scenario_card(self)

    def __eq__(self, other: object) -> bool:
        """Whether both ask for the same runs: the usual scale is the same said or unsaid."""
        if not isinstance(other, Scenario):
            return NotImplemented
        return dict(self) | self._scale_said == dict(other) | other._scale_said

    def _kept_beside(self, update: Mapping[str, Any]) -> dict[str, Any]:
        return _beside(update, dict(self))


def check_scale(place: Place, people: int | None, one_in: float, fewest: int) -> None:
    """Raises the fault where more people are asked for than live in a place, or fewer than are needed."""
    residents = place.residents_10_64
    if people is not None and people > residents:
        raise at_key(
            f"people = {people:,} is more than the {residents:,} residents aged 10 to 64 of {place.id}", "people"
        )
    if people is None and residents / one_in < fewest:
        raise at_key(
            f"one_in = {one_in:g} leaves {int(residents / one_in)} simulated people of the {residents:,} residents of "
            f"{place.id}; at least {fewest} are needed", "one_in",
        )  # fmt: skip


def scenario_from(data: Mapping[str, Any], source: Source = NOWHERE, under: Keys = ()) -> Scenario:
    """A scenario from plain values; raises UserError that says where in their source the first fault stands.

    `under` are the keys beneath which they stand there.
    Levers bring their institutions, which take a second to load: what can be told without them is told before.
    """
    data = with_own_table(source, data)
    with beside(source):
        first = {**data, "regimes": without_levers(data.get("regimes", FIVE)), "people_classes": None}
        Scenario.read(first, source, under, context={UNSEEN: True})
        return Scenario.read(_with_files(data, source, under), source, under)


@tells_arguments
def read_scenario(path: str | Path | Traversable) -> Scenario:
    """A scenario from a TOML file; raises UserError with file, line, key and the nearest valid name."""
    return scenario_from(*_tables(file_at(path)))


def kept_scenario(path: Path) -> Scenario:
    """The scenario of finished runs, as it was when they were run; raises UserError.

    Shipped regimes and ranges of the registry may have changed since then.
    """
    data, source = _tables(path)
    with beside(source):
        return Scenario.read(with_own_table(source, data), source, context={KEPT: True})


def scenario_of(
    what: str | None,
    changes: Mapping[str, Any] | None = None,
    called: Mapping[str, str] | None = None,
    usual: Mapping[str, Any] | None = None,
) -> Scenario:
    """The scenario of a place or of a file, or the usual one, with changes laid over it before it is validated.

    `changes` are keys of a scenario with new values; regimes among them are named as by `regime_of`, or by an id that
    the file gives one of its own. `called` says what whoever asks calls a key (`--years`): a fault in a change is told
    by that name, a fault in the file by its line. `usual` stands in place of a scenario's own defaults where no file is
    given. Raises UserError.
    """
    changes = dict(changes or {})
    data, source = _tables(Path(what)) if what is not None and _is_file(what) else (dict(usual or {}), NOWHERE)
    if what is not None and not source.file:
        data["place"] = what
        _check_no_file_is_meant(what, changes.get("places"))
    if "regimes" in changes:
        changes["regimes"] = _chosen(changes["regimes"], data, source)
    data = _beside(changes, data)
    given = {key: (called or {}).get(key, key) for key in (changes if source.file else Scenario.model_fields)}
    return scenario_from(data | changes, Source(source.file, source.text, given))


def _check_no_file_is_meant(place: str, table: Any) -> None:
    """Raise UserError where there is no place of this name, and a file of the name with its ending."""
    if meant := without_ending(place):
        try:
            find_place(place, table)
        except UserError as error:
            raise UserError(f"{error}{meant}") from None


def _beside(changes: Mapping[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """What stays of the data; people and one_in are two ways to say the same, of which the later word stands alone."""
    if any(changes.get(key) is not None for key in SCALES):
        return {key: value for key, value in data.items() if key not in SCALES}
    return data


def _is_file(what: str) -> bool:
    return what.endswith(".toml") or os.sep in what or os.path.isfile(what)


def _tables(path: Path | Traversable) -> tuple[dict[str, Any], Source]:
    """What stands in a scenario's file; a regime's file is told from it."""
    data, source = read_toml(path)
    if "levers" in data and "regimes" not in data:
        raise UserError(f"{path} is a regime, not a scenario; compare it with --regimes status-quo,{path}")
    if "design" in data and "scenario" in data:
        raise UserError(f"{path} is a sweep, not a scenario; run it with 'policysim sweep {path}'")
    return data, source


def _with_files(data: Mapping[str, Any], source: Source, under: Keys = ()) -> Mapping[str, Any]:
    """The same with the regimes that a scenario's file names by files of their own, which lie relative to it."""
    if not source.file or not isinstance(data.get("regimes"), list):
        return data
    return {
        **data,
        "regimes": [_from_file(item, source, (*under, "regimes", k)) for k, item in enumerate(data["regimes"])],
    }


def _from_file(item: Any, source: Source, keys: Keys) -> Any:
    if not isinstance(item, str) or not item.endswith(".toml"):
        return item
    path = Path(source.file).parent / item
    if not path.is_file():
        raise UserError(source.told(keys, f"there is no file {path}"))
    return load_regime(path)


def _chosen(names: Sequence[str], data: dict[str, Any], source: Source) -> list[Regime | str]:
    """The regimes of these names: of the scenario's file or of files that it names, in files of their own, or shipped."""
    tables = data.get("regimes")
    written = {
        table.get("id"): (k, table)
        for k, table in enumerate(tables if isinstance(tables, list) else ())
        if isinstance(table, dict) and isinstance(table.get("id"), str)
    }
    named: dict[str, Regime] = {}
    if any(name not in written and name not in regime_ids() and not name.endswith(".toml") for name in names):
        found_there = _with_files(data, source).get("regimes")
        named = {one.id: one for one in found_there or () if isinstance(one, Regime)}
    found: list[Regime | str] = []
    for name in names:
        if name in written:
            k, table = written[name]
            found.append(regime_from(table, source, ("regimes", k)))
        else:
            found.append(named.get(name) or (regime_of(name) if name.endswith(".toml") else name))
    return found
