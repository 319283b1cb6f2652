"""What a path of a sweep leads to: a number of the registry, a setting of a lever, a budget, a reading.

A path is written as the key would be reached in a scenario's file: `parameters.fatality_opioid`,
`levers.take_home_naloxone.kits_per_100` (in every regime that pulls the lever),
`regimes.harm-reduction.levers.consumption_room.rooms` (in one), `budgets.council`, `readings.rooms_and_mortality`.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo

from policysim.errors import UserError, nearest
from policysim.evidence.contested import find_switch
from policysim.evidence.registry import Parameter, beyond_range, checked, registry
from policysim.evidence.uncertain import is_whole
from policysim.levers.ids import check_lever_id, lever_ids
from policysim.levers.lever import Lever
from policysim.scenarios.changes import LISTED
from policysim.scenarios.regime import Regime, regime_ids
from policysim.scenarios.scenario import Scenario
from policysim.vocabulary.numbers import is_finite
from policysim.vocabulary.purses import PURSES
from policysim.vocabulary.reasons import shown

PLACE = "place"
"""The path that is no part of a point: the whole design is run in each place."""
Value = float | int | str
Changes = dict[str, Any]
"""Keys of a scenario with new values."""
HEADS = frozenset({"parameters", "levers", "regimes", "budgets", "readings"})
"""How a path begins."""
FORMS = (
    "parameters.ID", "levers.LEVER.SETTING", "regimes.REGIME.levers.LEVER.SETTING", "budgets.PURSE", "readings.QUESTION",
    PLACE,
)  # fmt: skip


class Target(ABC):
    """What a path leads to in one scenario."""

    takes_ranges = True
    """Whether it is a number, which a range of numbers can be drawn for."""

    @property
    def whole(self) -> bool:
        """Whether it takes whole numbers only."""
        return False

    @property
    def unit(self) -> str:
        """What it is counted in; nothing where it is a word."""
        return ""

    @property
    def range(self) -> tuple[float, float] | None:
        """The range that is meant where none is given."""
        return None

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of what it moves; two paths that share one contradict each other."""
        raise NotImplementedError

    @abstractmethod
    def checked(self, value: Any) -> Value:
        """The value as it is laid over a scenario; raises UserError where it cannot be."""

    @abstractmethod
    def lay(self, changes: Changes, value: Value) -> None:
        """Put a value into the changes."""


@dataclass(frozen=True)
class Number(Target):
    """A number of the registry."""

    row: Parameter
    beyond_ranges: bool

    @property
    def whole(self) -> bool:
        """Whether it is counted."""
        return is_whole(self.row)

    @property
    def unit(self) -> str:
        """The registry's."""
        return self.row.unit

    @property
    def range(self) -> tuple[float, float] | None:
        """Its range in the registry."""
        low, high = self.row.low, self.row.high
        return None if low is None or high is None or low >= high else (low, high)

    @property
    def parts(self) -> tuple[str, ...]:
        """Its id."""
        return (f"parameters.{self.row.id}",)

    def checked(self, value: Any) -> float:
        """The value, if it can be, and lies in its range or may lie beyond."""
        if not is_finite(value):
            raise UserError(f"parameter {self.row.id} must be a number, not {shown(value)}")
        found = checked(self.row, value)
        said = "" if self.beyond_ranges else beyond_range(self.row, found)
        if said:
            raise UserError(f"{said}; where that is meant, say beyond_ranges = true in [scenario]")
        return found

    def lay(self, changes: Changes, value: Value) -> None:
        """Change it."""
        changes["parameters"] = changes["parameters"] | {self.row.id: float(value)}


@dataclass(frozen=True)
class Setting(Target):
    """A setting of a lever in the regimes that pull it."""

    regimes: tuple[Regime, ...]
    lever: str
    name: str

    @property
    def whole(self) -> bool:
        """Whether it is a whole number in each of them."""
        return any(type(one).model_fields[self.name].annotation is int for one in self._levers())

    @property
    def unit(self) -> str:
        """The lever's own."""
        extra = self._field.json_schema_extra
        return str(extra.get("unit", "")) if isinstance(extra, dict) else ""

    @property
    def _field(self) -> FieldInfo:
        return type(next(iter(self._levers()))).model_fields[self.name]

    @property
    def parts(self) -> tuple[str, ...]:
        """The setting in each of the regimes."""
        return tuple(f"regimes.{one.id}.levers.{self.lever}.{self.name}" for one in self.regimes)

    def _levers(self) -> Iterable[Lever]:
        return (regime.levers[self.lever] for regime in self.regimes)

    def checked(self, value: Any) -> Value:
        """The value, if each of the levers takes it."""
        if self.whole and isinstance(value, float):
            if not value.is_integer():
                raise UserError(f"{self.name} of lever {self.lever} is a whole number, not {value:g}")
            value = int(value)
        found = [getattr(self._with(lever, value), self.name) for lever in self._levers()]
        return found[0]

    def lay(self, changes: Changes, value: Value) -> None:
        """Set it in each of the regimes, which keep their ids."""
        ids = {regime.id for regime in self.regimes}
        changes["regimes"] = tuple(self._set(one, value) if one.id in ids else one for one in changes["regimes"])

    def _set(self, regime: Regime, value: Value) -> Regime:
        lever = self._with(regime.levers[self.lever], value)
        return regime.model_copy(update={"levers": regime.levers | {self.lever: lever}})

    def _with(self, lever: Lever, value: Any) -> Lever:
        if not is_finite(value):
            raise UserError(f"{self.name} of lever {self.lever} must be a number, not {shown(value)}")
        for limit in self._field.metadata:
            for bound, words in (("ge", "at least"), ("le", "at most")):
                end = getattr(limit, bound, None)
                if end is not None and (value < end if bound == "ge" else value > end):
                    raise UserError(f"{self.name} of lever {self.lever} must be {words} {end:g}, not {shown(value)}")
        return lever.model_copy(update={self.name: value})


@dataclass(frozen=True)
class Budget(Target):
    """What a purse has a year."""

    purse: str

    @property
    def unit(self) -> str:
        """Money by the year."""
        return "GBP a year"

    @property
    def parts(self) -> tuple[str, ...]:
        """The purse."""
        return (f"budgets.{self.purse}",)

    def checked(self, value: Any) -> float:
        """GBP a year."""
        if not (is_finite(value) and value >= 0):
            raise UserError(
                f"the budget of the {self.purse} purse must be GBP a year, zero or more, not {shown(value)}"
            )
        return float(value)

    def lay(self, changes: Changes, value: Value) -> None:
        """Give the purse so much."""
        changes["budgets"] = changes["budgets"] | {self.purse: float(value)}


@dataclass(frozen=True)
class Reading(Target):
    """The reading that is taken of a contested question."""

    question: str
    takes_ranges = False

    @property
    def parts(self) -> tuple[str, ...]:
        """The numbers that its readings set."""
        found = (id for reading in find_switch(self.question).readings for id in reading.parameters)
        return (f"readings.{self.question}", *dict.fromkeys(f"parameters.{id}" for id in found))

    def checked(self, value: Any) -> str:
        """One of its readings."""
        if not isinstance(value, str):
            raise UserError(f"a reading of {self.question} is given by its name, not as {shown(value)}")
        find_switch(self.question).reading(value)
        return value

    def lay(self, changes: Changes, value: Value) -> None:
        """Take it."""
        changes["readings"] = changes["readings"] | {self.question: str(value)}


# ---------------------------------------------------------------- from a path to what it leads to


def target_of(path: str, scenario: Scenario, kept: bool = False) -> Target:
    """What a path leads to; raises UserError with the nearest path that there is.

    kept: whether it is of a sweep that was run already, whose numbers a later registry does not judge.
    """
    head, _, rest = path.partition(".")
    if head == "parameters" and rest:
        return _number(rest, kept or scenario.beyond_ranges)
    if head == "levers" and rest.count(".") == 1:
        return _setting(scenario.regimes, *rest.split("."))
    if head == "regimes" and rest.count(".") == 3 and rest.split(".")[1] == "levers":
        regime, _, lever, name = rest.split(".")
        return _setting((_regime(regime, scenario),), lever, name)
    if head == "budgets" and rest and "." not in rest:
        return _budget(rest, scenario)
    if head == "readings" and rest and "." not in rest:
        return Reading(find_switch(rest).id)
    if not rest and head in HEADS:
        form = next(one for one in FORMS if one.startswith(f"{head}."))
        raise UserError(f"the path {path!r} leads to nothing by itself: say what of it varies, as in {form}")
    raise UserError(f"there is no path {path!r}{_meant(path, scenario)} (paths are {', '.join(FORMS)})")


def changes_of(scenario: Scenario, values: Mapping[str, Value]) -> Changes:
    """The keys of a scenario that these values by path change; raises UserError that names the path."""
    changes: Changes = {key: getattr(scenario, key) for key in ("parameters", "regimes", "budgets", "readings")}
    for path, value in values.items():
        target = target_of(path, scenario)
        try:
            target.lay(changes, target.checked(value))
        except UserError as error:
            raise UserError(f"{path}: {error}") from None
    return changes


def _number(id: str, beyond_ranges: bool) -> Number:
    if id not in registry():
        table = [row for row in registry().values() if row.name == id]
        if table:
            raise UserError(
                f"parameter {id!r} is a table of {len(table)} numbers: a path leads to one of them, as in "
                f'"parameters.{table[0].id}" {LISTED}'
            )
        raise UserError(f"there is no parameter {id!r}{nearest(id, registry())} {LISTED}")
    return Number(registry()[id], beyond_ranges)


def _setting(regimes: Iterable[Regime], lever: str, name: str) -> Setting:
    regimes = tuple(regimes)
    pull = tuple(one for one in regimes if lever in one.levers)
    if not pull:
        pulled = dict.fromkeys(key for one in regimes for key in one.levers)
        if lever not in lever_ids():
            if nearest(lever, pulled) or not nearest(lever, lever_ids()):
                raise UserError(f"there is no lever {lever!r}{nearest(lever, pulled)} ('policysim levers' lists them)")
            check_lever_id(lever)
        who = f"regime {regimes[0].id}" if len(regimes) == 1 else "no regime of the scenario"
        does = "does not pull" if len(regimes) == 1 else "pulls"
        which = f" (levers pulled are {', '.join(pulled)})" if pulled else ""
        raise UserError(f"{who} {does} lever {lever}{which}")
    for regime in pull:
        fields = type(regime.levers[lever]).model_fields
        if name not in fields:
            close = nearest(name, fields)
            raise UserError(f"lever {lever} has no setting {name!r} (settings are {', '.join(fields)}){close}")
    return Setting(pull, lever, name)


def _regime(id: str, scenario: Scenario) -> Regime:
    found = {one.id: one for one in scenario.regimes}
    if id not in found:
        close = "" if id in regime_ids() else nearest(id, found)
        raise UserError(f"regime {id!r} is not among the scenario's (they are {', '.join(found)}){close}")
    return found[id]


def _budget(purse: str, scenario: Scenario) -> Budget:
    if purse not in PURSES:
        raise UserError(f"there is no purse {purse!r}{nearest(purse, PURSES)} (purses are {', '.join(PURSES)})")
    if isinstance(scenario.budgets, str):
        raise UserError(f"the scenario gives every purse what the {scenario.budgets} spends: leave one of the two out")
    return Budget(purse)


def _meant(path: str, scenario: Scenario) -> str:
    """The path that is meant by an id alone, or the nearest one."""
    settings = [
        f"levers.{key}.{name}"
        for regime in scenario.regimes
        for key, lever in regime.levers.items()
        for name in type(lever).model_fields
    ]
    known = [f"parameters.{id}" for id in registry()] + settings + [f"budgets.{purse}" for purse in PURSES] + [PLACE]
    ends = [one for one in known if one.endswith(f".{path}")]
    return f"; did you mean '{ends[0]}'?" if ends else nearest(path, known)
