"""The registry: every number of the model with value, range, unit, source and quality; rates become hazards here.

One row of `configs/evidence/parameters/*.csv` is one number. Its id is a name, or a name with keys in brackets for a
table: `overdose_rate[heroin]`, `death_rate[men,40-44]`. Tables that a few numbers describe are worked out from them
(`policysim/evidence/curves.py`). A yearly rate is turned into a weekly hazard in `weekly` and
nowhere else (a year of the model has 52 weeks).
"""

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np

from policysim.errors import UserError, nearest
from policysim.evidence.curves import CURVES, curves
from policysim.evidence.relations import LIMITS, RELATED, UNIT_LIMITS, check_relations
from policysim.reading import read_table
from policysim.vocabulary.groups import AGE_BANDS, ETHNIC_GROUPS, QUINTILES, SEXES
from policysim.vocabulary.numbers import plain
from policysim.vocabulary.states import (
    Care,
    Charge,
    Company,
    Housing,
    Substance,
    Tenancy,
    TreatmentGroup,
    Use,
    spellings,
)
from policysim.vocabulary.time import WEEKS_PER_YEAR

TABLE_AXES: dict[str, tuple[str, ...]] = {
    "substance": spellings(Substance),
    "use": spellings(Use),
    "sex": SEXES,
    "ethnicity": ETHNIC_GROUPS,
    "age": AGE_BANDS,
    "quintile": QUINTILES,
    "care": spellings(Care, none="no-care"),
    "group": spellings(TreatmentGroup, none="no-group", suffix="-group"),
    "charge": spellings(Charge, none="no-charge"),
    "housing": spellings(Housing),
    "tenancy": spellings(Tenancy, none="no-tenancy"),
    "company": spellings(Company, suffix="-company"),
}
"""The axes along which a table of numbers can run, and the keys of each in the order of the table; no two share a key."""

COLUMNS = (
    "id", "value", "low", "high", "null", "unit", "quality", "evidence", "source", "url", "meaning",
)  # fmt: skip
"""Of each file of the registry."""
QUALITIES = ("verified", "secondary", "derived", "unverified", "assumed", "fitted", "definition")
SHARES = frozenset({"share", "probability"})
NEVER_NEGATIVE = frozenset({"per year", "per week", "ratio", "years", "weeks", "count", "GBP", "per 1000 per year"})
UNITS = SHARES | NEVER_NEGATIVE | {"log ratio", "log ratio per year", "standard deviations"}


@dataclass(frozen=True)
class Parameter:
    """One number of the model and where it comes from."""

    id: str
    value: float
    low: float | None
    high: float | None
    null: float | None
    unit: str
    quality: str
    evidence: tuple[str, ...]
    source: str
    url: str
    meaning: str
    place: str  # file and line, for messages

    @property
    def name(self) -> str:
        return self.id.partition("[")[0]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(filter(None, self.id.partition("[")[2].rstrip("]").split(",")))


def weekly(value: float, unit: str) -> float:
    """A number in the unit the weekly rules use: yearly rates become hazards per week."""
    if unit == "per year":
        return value / WEEKS_PER_YEAR
    if unit == "per 1000 per year":
        return value / WEEKS_PER_YEAR / 1000
    return value


@cache
def registry() -> dict[str, Parameter]:
    """All parameters by id, as shipped; raises UserError for a damaged file."""
    found: dict[str, Parameter] = {}
    for path in sorted(files("policysim.configs.evidence").joinpath("parameters").iterdir(), key=lambda p: p.name):
        if path.name.endswith(".csv"):
            for line, row in read_table(path, COLUMNS):
                parameter = _parsed(row, f"{path.name}, line {line}")
                if parameter.id in found:
                    raise UserError(
                        f"{parameter.place}: parameter {parameter.id} is already in {found[parameter.id].place}"
                    )
                found[parameter.id] = parameter
    return found


def _parsed(row: Mapping[str, str], place: str) -> Parameter:
    try:
        numbers = {key: float(row[key]) if row[key] else None for key in ("value", "low", "high", "null")}
    except ValueError:
        raise UserError(f"{place}: value, low, high and null of {row['id']} must be numbers or empty") from None
    value = numbers["value"]
    if value is None or row["unit"] not in UNITS or row["quality"] not in QUALITIES:
        raise UserError(f"{place}: {row['id']} needs a value, a unit of {sorted(UNITS)} and a quality of {QUALITIES}")
    return Parameter(
        id=row["id"], value=value, low=numbers["low"], high=numbers["high"], null=numbers["null"], unit=row["unit"],
        quality=row["quality"], evidence=tuple(filter(None, row["evidence"].split(";"))), source=row["source"],
        url=row["url"], meaning=row["meaning"], place=place,
    )  # fmt: skip


class Parameters(dict[str, float]):
    """The numbers of one run by id: the registry with a scenario's changes, in weekly units; of a curve by name and keys.

    A dictionary, since institutions look up hundreds of them every week.
    """

    def __init__(
        self, changes: Mapping[str, float] | None = None, null_effects: bool = False,
        carried: Mapping[str, float] | None = None,
    ):  # fmt: skip
        """`changes` maps ids to values in the registry's own units; `null_effects` switches every effect off.

        `carried` maps ids to values in place of the registry's, which give way to what is published of a place, as the
        registry's do; those of `changes` take its place. Raises UserError for a number that cannot be, and for two that
        contradict each other.
        """
        self.rows = dict(registry())
        if null_effects:
            self.rows = {k: p if p.null is None else replace(p, value=p.null) for k, p in self.rows.items()}
        for key, value in {**(carried or {}), **(changes or {})}.items():
            self.rows[key] = replace(self._known(key), value=checked(self._known(key), value))
        self.changed = frozenset(changes or ()) | {
            k for k, p in self.rows.items() if null_effects and p.null is not None
        }
        check_relations({key: parameter.value for key, parameter in self.rows.items()})
        self.tables = _tables(self.rows)
        made = curves(self.tables)
        self.tables |= made
        numbers = {key: weekly(parameter.value, parameter.unit) for key, parameter in self.rows.items()}
        super().__init__(numbers | _by_key(made))
        for table in self.tables.values():  # models share it
            table.flags.writeable = False

    def _known(self, key: str) -> Parameter:
        if key not in self.rows:
            raise UserError(
                f"there is no parameter {key!r}{nearest(key, self.rows)}; 'policysim parameters' lists them"
            )
        return self.rows[key]

    def table(self, name: str) -> np.ndarray:
        """A number or table in weekly units, by name; axes in the order of the keys."""
        return self.tables[name]


def numbers_of_a_run(
    changes: Mapping[str, float] | None = None, null_effects: bool = False, carried: Mapping[str, float] | None = None
) -> Parameters:
    """`Parameters` of these, the same for all who ask for the same: every regime of a seed does."""
    return _numbers_of_a_run(tuple((changes or {}).items()), null_effects, tuple((carried or {}).items()))


@lru_cache(maxsize=16)
def _numbers_of_a_run(
    changes: tuple[tuple[str, float], ...], null_effects: bool, carried: tuple[tuple[str, float], ...]
) -> Parameters:
    return Parameters(dict(changes), null_effects, dict(carried))


def check_changes(changes: Mapping[str, float]) -> None:
    """What `numbers_of_a_run` says of changed numbers, without making tables of them: it is asked of ten thousand points.

    Raises UserError.
    """
    rows = registry()
    if not changes.keys() <= rows.keys():
        numbers_of_a_run(changes)  # which says what is meant
    new = {key: checked(rows[key], value) for key, value in changes.items()}
    if RELATED & {rows[key].name for key in new}:
        check_relations({key: parameter.value for key, parameter in rows.items()} | new)


def checked(parameter: Parameter, value: float) -> float:
    """The value if the parameter's unit and its limits allow it; raises UserError otherwise."""
    value = plain(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UserError(f"parameter {parameter.id} must be a number, not {value!r}")
    if parameter.unit in SHARES and not 0 <= value <= 1:
        raise UserError(f"parameter {parameter.id} is a {parameter.unit}: it must lie in 0 .. 1, not {value}")
    if parameter.unit in NEVER_NEGATIVE and value < 0:
        raise UserError(f"parameter {parameter.id} ({parameter.unit}) cannot be negative, as {value} is")
    for limit in filter(None, (LIMITS.get(parameter.name), UNIT_LIMITS.get(parameter.unit))):
        if fault := limit.fault(value):
            raise UserError(f"parameter {parameter.id} {fault}")
    return float(value)


def beyond_range(parameter: Parameter, value: float) -> str:
    """That a value lies outside the range in which its number is thought to be; nothing where it does not."""
    if parameter.low is None or parameter.high is None or parameter.low <= value <= parameter.high:
        return ""
    return (
        f"parameter {parameter.id} = {value:.12g} lies beyond its range {parameter.low:g} to {parameter.high:g} "
        f"({parameter.place})"
    )


def axis_of(key: str) -> str:
    """The axis that a key in brackets belongs to."""
    for axis, keys in TABLE_AXES.items():
        if key in keys:
            return axis
    raise UserError(f"no table has a key {key!r}{nearest(key, [k for keys in TABLE_AXES.values() for k in keys])}")


def _tables(rows: Mapping[str, Parameter]) -> dict[str, np.ndarray]:
    """Numbers by name, tables filled from their rows; raises UserError where a table has a hole."""
    tables: dict[str, np.ndarray] = {}
    for parameter in rows.values():
        axes = [axis_of(key) for key in parameter.keys]
        shape = tuple(len(TABLE_AXES[axis]) for axis in axes)
        table = tables.setdefault(parameter.name, np.full(shape, np.nan))
        if table.shape != shape:
            raise UserError(f"{parameter.place}: {parameter.id} does not fit the other rows of {parameter.name}")
        table[tuple(TABLE_AXES[a].index(k) for a, k in zip(axes, parameter.keys, strict=True))] = weekly(
            parameter.value, parameter.unit
        )
    for name, table in tables.items():
        if np.isnan(table).any():
            raise UserError(f"parameter table {name} has no row for some of its keys (it needs {table.size})")
    return tables


def _by_key(made: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Every value of these curves by name and keys, as the rows of a table are named."""
    return {
        f"{name}[{','.join(keys)}]": value
        for name, table in made.items()
        for keys, value in zip(
            itertools.product(*(TABLE_AXES[axis] for axis in CURVES[name].axes)), table.ravel().tolist(), strict=True
        )
    }
