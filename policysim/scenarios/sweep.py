"""A sweep: one scenario at many points, validated before anything runs.

The points themselves are made by `experiments/designs/points.py`; here stands what is asked for, and what a scenario is at
given values.
"""

import math
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal

import tomli_w
from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_serializer,
    field_validator,
    model_validator,
)

from policysim.errors import UserError, nearest, tells_arguments
from policysim.reading import without_ending
from policysim.scenarios.faults import NOWHERE, Source, at_key, file_at, read_toml
from policysim.scenarios.own_classes import beside
from policysim.scenarios.own_places import with_own_table
from policysim.scenarios.paths import HEADS, PLACE, Target, Value, changes_of, target_of
from policysim.scenarios.regime import KEPT, VARIED
from policysim.scenarios.scenario import Scenario, read_scenario, scenario_from
from policysim.scenarios.scenario_card import sweep_card
from policysim.scenarios.settings import Settings
from policysim.scenarios.spans import KEYS, Choices, Span, Varied, at_share, varied_from
from policysim.scenarios.sweep_tables import read_points
from policysim.vocabulary.reasons import shown
from policysim.world.places import find_place

DESIGNS = ("factorial", "list", "latin-hypercube", "sobol", "morris", "sample")
CUBES = ("latin-hypercube", "sobol", "morris")
"""Designs that are drawn in the unit cube, and need to be told how many points."""
PRIOR = "prior"
"""In place of a table: draws from the ranges of the registry."""
MOST_POINTS = 1_000_000
LEVELS = 4
HEADING = "# A sweep of policysim: 'policysim sweep' with this file runs what is not there yet.\n"


def _one_line(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise at_key(f"question must be one line of text, not {shown(value)}")
    return value


class Sweep(Settings):
    """What to run: a scenario, what varies in it, and the design by which it does."""

    model_config = ConfigDict(validate_default=True)

    schema_version: Literal[1] = Field(1, description="version of this file format")
    question: Annotated[str, Field(max_length=300), AfterValidator(_one_line)]
    design: str = Field(description="one of " + ", ".join(DESIGNS))
    points: int | None = Field(None, ge=1, le=MOST_POINTS, description="how many, where the design does not say")
    design_seed: int = Field(1, ge=0, le=2**62, description="seed of the design alone")
    second_order: bool = Field(False, description="of sobol: points from which pairs of numbers can be told, too")
    levels: int = Field(LEVELS, ge=4, le=100, description="of morris: levels of each range, an even number")
    scenario: Scenario = Field(description="what is run at every point")
    vary: dict[str, Any] = Field(default_factory=dict, description="paths, each with a range or a list of values")
    table: str | None = Field(None, description="of sample: a table with a column for each path, or 'prior'")
    points_listed: tuple[dict[str, Any], ...] = Field(
        (), description="of list: a table of values by path for each point"
    )

    @field_validator("design")
    @classmethod
    def _known_design(cls, value: str) -> str:
        if value not in DESIGNS:
            raise at_key(f"there is no design {value!r}{nearest(value, DESIGNS)} (designs are {', '.join(DESIGNS)})")
        return value

    @field_validator("vary", mode="plain")
    @classmethod
    def _varied(cls, value: Any, info: ValidationInfo) -> dict[str, Varied]:
        scenario, design = info.data.get("scenario"), info.data.get("design")
        if scenario is None or design is None:  # their faults are told first
            return {}
        if not isinstance(value, dict):
            raise at_key(f"vary must be a table of paths, not {shown(value)}")
        _check_quoted(value)
        kept = bool((info.context or {}).get(KEPT))
        found = {path: _varied_at(path, over, design, scenario, kept) for path, over in value.items()}
        _check_apart([path for path in found if path != PLACE], scenario)
        return found

    @field_validator("points_listed", mode="plain")
    @classmethod
    def _listed(cls, value: Any, info: ValidationInfo) -> tuple[dict[str, Value], ...]:
        scenario, table = info.data.get("scenario"), info.data.get("table")
        if scenario is None:
            return ()
        if not isinstance(value, list | tuple):
            raise at_key(f"points_listed must be a list of tables, not {shown(value)}")
        if not value and info.data.get("design") == "sample" and table not in (None, PRIOR):
            try:
                value = read_points(Path(table), scenario)
            except UserError as error:
                raise at_key(error) from None
        kept = bool((info.context or {}).get(KEPT))
        found = tuple(_listed_at(k, point, scenario, kept) for k, point in enumerate(value))
        _check_apart(list(dict.fromkeys(path for point in found for path in point)), scenario)
        return found

    @field_serializer("vary")
    def _plain_vary(self, vary: dict[str, Varied]) -> dict[str, Any]:
        return {
            path: over.model_dump(exclude_defaults=True) if isinstance(over, Span) else list(over)
            for path, over in vary.items()
        }

    @field_serializer("points_listed")
    def _plain_points(self, points: tuple[dict[str, Value], ...]) -> list[dict[str, Value]]:
        return [dict(point) for point in points]

    @model_validator(mode="after")
    def _consistent(self) -> "Sweep":
        self._check_scenario()
        self._check_design()
        self._check_points()
        return self

    def _check_scenario(self) -> None:
        """Whether a sweep can run it: its differences are of points and seeds alone."""
        if self.scenario.uncertainty:
            raise at_key(
                "uncertainty draws numbers beside those of the design: leave it out, or take design = 'sample' with "
                "table = 'prior'", "scenario", "uncertainty",
            )  # fmt: skip
        if self.scenario.equal_spend is not None:
            raise at_key("equal_spend is for 'policysim compare': a sweep scales no regime", "scenario", "equal_spend")

    def _check_design(self) -> None:
        """Whether what is given belongs to the design, and nothing it needs is missing."""
        listed, tabled = self.design == "list", self.design == "sample"
        if self.table is not None and not tabled:
            raise at_key(f"table belongs to design = 'sample', not to {self.design!r}", "table")
        if self.points_listed and not (listed or tabled):
            raise at_key(f"points_listed belongs to design = 'list', not to {self.design!r}", "points_listed")
        if self.second_order and self.design != "sobol":
            raise at_key(f"second_order belongs to design = 'sobol', not to {self.design!r}", "second_order")
        if self.levels != LEVELS and self.design != "morris":
            raise at_key(f"levels belongs to design = 'morris', not to {self.design!r}", "levels")
        if self.levels % 2:
            raise at_key(f"levels must be an even number, not {self.levels}", "levels")
        if listed and not self.points_listed:
            raise at_key("the design 'list' needs a [[points_listed]] for each point", "points_listed")
        if tabled and self.table is None:
            raise at_key(f"the design 'sample' needs table = a file, or table = {PRIOR!r}", "table")
        moved = [path for path in self.vary if path != PLACE]
        if (listed or tabled) and moved:
            where = "[[points_listed]]" if listed else "its table"
            raise at_key(
                f"the design {self.design!r} varies what stands in {where}, and {PLACE} alone here", "vary", moved[0]
            )
        if not (listed or tabled or (self.design == "factorial" and self.vary)) and not moved:
            raise at_key(f"the design {self.design!r} needs at least one path to vary", "vary")

    def _check_points(self) -> None:
        """Whether the number of points suits the design."""
        needed = self.design in CUBES or self.table == PRIOR
        if self.points is None and needed:
            raise at_key(f"the design {self.design!r} needs points, as in points = 64", "points")
        if self.points is not None and self.design in ("factorial", "list"):
            raise at_key(f"the design {self.design!r} says itself how many points it has: leave points out", "points")
        if self.points is not None and self.design == "sobol" and self.points & (self.points - 1):
            low = 1 << (self.points.bit_length() - 1)
            raise at_key(
                f"points of sobol must be a power of two, such as {low} or {2 * low}, not {self.points}", "points"
            )
        if self.points is not None and self.points_listed and self.points > len(self.points_listed):
            raise at_key(
                f"points = {self.points} is more than the {len(self.points_listed)} rows of {self.table}", "points"
            )
        if self.size > MOST_POINTS:
            raise at_key(f"the design has {self.size:,} points, and may have {MOST_POINTS:,} at most")

    @property
    def paths(self) -> tuple[str, ...]:
        """What varies from point to point, in the file's order; of a prior nothing is named, and all that is uncertain does."""
        if self.points_listed:
            return tuple(dict.fromkeys(path for point in self.points_listed for path in point))
        return tuple(path for path in self.vary if path != PLACE)

    @property
    def places(self) -> tuple[str, ...]:
        """Ids of the places in each of which the whole design is run."""
        return tuple(str(id) for id in self.vary.get(PLACE, (self.scenario.place,)))

    @property
    def size(self) -> int:
        """How many points the design has."""
        moved, points = len(self.paths), self.points or 0
        if self.design == "factorial":
            size = 1
            for path in self.paths:
                size *= len(self.vary[path])
            return size
        if self.design == "sobol":
            return points * (2 * moved + 2 if self.second_order else moved + 2)
        if self.design == "morris":
            return points * (moved + 1)
        return points or len(self.points_listed)

    def value_at(self, path: str, share: float) -> Value:
        """What a path is where this share (0 to 1) of what it varies over is passed."""
        target = target_of(path, self.scenario, kept=True)  # both ends were looked at
        return target.checked(at_share(self.vary[path], share, target.whole))

    def scenario_at(self, values: Mapping[str, Value]) -> Scenario:
        """The scenario with these values by path, among them `place`; its regimes keep their ids. Raises UserError."""
        changes = changes_of(self.scenario, {path: value for path, value in values.items() if path != PLACE})
        if PLACE in values:
            changes[PLACE] = values[PLACE]
        return Scenario.read(dict(self.scenario) | changes, context={VARIED: True})

    def to_toml(self) -> str:
        """The sweep with everything written out; reading it gives an equal one."""
        written = self.model_dump(mode="json", exclude_none=True, exclude={"scenario"})
        written = {key: value for key, value in written.items() if value not in ([], {})}
        if self.points_listed and self.table is not None:  # its rows stand beside it, and nobody need know whose folder
            written["table"] = Path(self.table).name
        for key, usual in (("second_order", False), ("levels", LEVELS)):
            if written[key] == usual:
                del written[key]
        return HEADING + tomli_w.dumps(written | {"scenario": self.scenario.written})

    def _repr_html_(self) -> str:
        """For a notebook: question, design and what varies."""
        return sweep_card(self)


def _check_quoted(vary: Mapping[Any, Any]) -> None:
    """Raises a fault for a path without quotes: in TOML that is a table in a table."""
    for head in (head for head in vary if head in HEADS and isinstance(vary[head], dict)):
        names, inside = [head], vary[head]
        while isinstance(inside, dict) and inside and not inside.keys() & set(KEYS):
            name, inside = next(iter(inside.items()))
            names.append(str(name))
        raise at_key(f'a path stands in quotes: "{".".join(names)}"', *names)


def _varied_at(path: str, over: Any, design: str, scenario: Scenario, kept: bool) -> Varied:
    """What a path varies over, each of its values or both ends looked at."""
    try:
        if path == PLACE:
            return _places(over, scenario)
        target = target_of(path, scenario, kept)
        varied = varied_from(over, target.range, path)
        if isinstance(varied, Span):
            _check_span(path, varied, design, target)
            return varied
        if len(varied) == 1 and not kept and design in ("morris", "sobol"):
            raise UserError(f"{path} has one value alone: {design} asks what it does when it varies, so give it two")
        return tuple(target.checked(value) for value in varied)
    except UserError as error:
        raise at_key(error, path) from None


def _check_span(path: str, span: Span, design: str, target: Target) -> None:
    if design == "factorial" or not target.takes_ranges:
        who = "the design 'factorial'" if target.takes_ranges else path
        raise UserError(f"{who} takes a list of values, and no range")
    low, high = (math.ceil(span.low), math.floor(span.high)) if target.whole else (span.low, span.high)
    if low >= high:
        raise UserError(f"{path} is a whole number, and there are not two of them from {span.low:g} to {span.high:g}")
    for end in (low, high):
        target.checked(end)


def _places(over: Any, scenario: Scenario) -> Choices:
    if not isinstance(over, list | tuple):
        raise UserError(
            f"place varies over a list of places, as in [{shown(over if isinstance(over, str) else scenario.place)}]"
        )
    found = varied_from(over, None, PLACE)
    ids = tuple(find_place(name, scenario.places).id for name in found)  # type: ignore[arg-type]
    twice = next((id for k, id in enumerate(ids) if id in ids[:k]), None)
    if twice is not None:
        raise UserError(f"place names {twice} twice")
    return ids


def _listed_at(k: int, point: Any, scenario: Scenario, kept: bool) -> dict[str, Value]:
    """One point of a list, each of its values looked at."""
    if not isinstance(point, dict):
        raise at_key(f"a point must be a table of values by path, not {shown(point)}", k)
    found: dict[str, Value] = {}
    for path, value in point.items():
        if path == PLACE:
            raise at_key("a whole design is run in each place: name places under [vary]", k, path)
        try:
            found[path] = target_of(path, scenario, kept).checked(value)
        except UserError as error:
            raise at_key(error, k, path) from None
    return found


def _check_apart(paths: list[str], scenario: Scenario) -> None:
    """Raises a fault for two paths that move the same."""
    moved: dict[str, str] = {}
    for path in paths:
        for part in target_of(path, scenario).parts:
            if part in moved:
                raise at_key(f"{moved[part]} and {path} both set {part.partition('.')[2]}: leave one of them out", path)
            moved[part] = path


# ---------------------------------------------------------------- from a file


def sweep_from(data: Mapping[str, Any], source: Source = NOWHERE) -> Sweep:
    """A sweep from plain values; raises UserError that says where in their source the first fault stands."""
    data = dict(data)
    unknown = next((key for key in data if key not in Sweep.model_fields), None)
    if unknown is None and "scenario" in data:
        data["scenario"] = _scenario_of(data["scenario"], data.get("vary"), source)
    table = data.get("table")
    if isinstance(table, str) and table != PRIOR and source.file:
        data["table"] = str(Path(source.file).parent / table)
    return Sweep.read(data, source)


@tells_arguments
def read_sweep(path: str | Path | Traversable) -> Sweep:
    """A sweep from a TOML file; raises UserError with file, line, key and the nearest valid name."""
    data, source = read_toml(file_at(path))
    if not _of_sweep(data):
        raise UserError(f"{path} is no sweep: it has neither a design nor anything to vary")
    return sweep_from(data, source)


def kept_sweep(path: str | Path | Traversable) -> Sweep:
    """A sweep that was run already, as it was then: a later version's regimes and ranges may be others. Raises UserError."""
    data, source = read_toml(file_at(path))
    with beside(source):
        told = with_own_table(source, data.get("scenario", {}))
        scenario = Scenario.read(told, source, ("scenario",), context={KEPT: True})
        return Sweep.read({**data, "scenario": scenario}, source, context={KEPT: True})


def is_sweep(path: Path) -> bool:
    """Whether a file is meant as a sweep; raises UserError where it cannot be read."""
    return path.suffix == ".toml" and _of_sweep(read_toml(path)[0])


def _of_sweep(data: Mapping[str, Any]) -> bool:
    return any(key in data for key in ("design", "vary", "points_listed"))


@cache
def sweep_ids() -> tuple[str, ...]:
    """The ids of the shipped sweeps, which their files are named by."""
    names = (path.name for path in files("policysim.configs.sweeps").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def sweep_of(what: str) -> Sweep:
    """A shipped sweep by its id, or one from a file, whose name ends in .toml; raises UserError."""
    if what.endswith(".toml"):
        return read_sweep(Path(what))
    if what not in sweep_ids():
        raise UserError(
            f"there is no sweep {what!r}{nearest(what, sweep_ids())} (shipped are {', '.join(sweep_ids())}; a file of your "
            f"own ends in .toml){without_ending(what)}"
        )
    return read_sweep(files("policysim.configs.sweeps") / f"{what}.toml")


def _scenario_of(value: Any, vary: Any, source: Source) -> Scenario:
    """The scenario of a sweep's file: a table in it, or a file of its own."""
    if isinstance(value, Scenario):
        return value
    if isinstance(value, str):
        path = Path(source.file).parent / value
        if not path.is_file():
            raise UserError(source.told(("scenario",), f"there is no file {path}"))
        return read_scenario(path)
    if not isinstance(value, dict):
        raise UserError(source.told(("scenario",), f"scenario must be a table or a file, not {shown(value)}"))
    places = vary.get(PLACE) if isinstance(vary, dict) else None
    first = {PLACE: places[0]} if isinstance(places, list) and places and isinstance(places[0], str) else {}
    return scenario_from(first | value, source, ("scenario",))
