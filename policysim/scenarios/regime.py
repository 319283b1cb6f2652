"""A regime: a named set of levers, read from `configs/regimes/*.toml` or from a user's own file."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_serializer,
    model_validator,
)

from policysim.errors import UserError, nearest, tells_arguments
from policysim.levers.ids import check_lever_id
from policysim.levers.lever import Lever, fault_in
from policysim.reading import without_ending
from policysim.scenarios.faults import NOWHERE, Keys, Source, at_key, fault_of, file_at, read_toml
from policysim.scenarios.own_classes import CLASS, Levers, PeopleClasses, beside, lever_class
from policysim.scenarios.readings import contested_given
from policysim.scenarios.settings import Settings
from policysim.vocabulary.cards import card, few
from policysim.vocabulary.numbers import plain
from policysim.vocabulary.reasons import shown

STATUS_QUO = "status-quo"
KEPT = "kept"
"""In the context of a validation: that it was run already, and a later version does not judge it anew."""
LONGEST_ID, LONGEST_NAME = 60, 80
VARIED = "varied"
"""In the same place: that a sweep has set levers of its regimes, which keep their ids."""


def _one_line(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise at_key(f"the name of a regime must be one line of text, not {shown(value)}")
    return value


class Regime(Settings):
    """What a place does about drugs: levers by id. The status quo, with none of them, is the comparator."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=LONGEST_ID)
    name: Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(_one_line)]
    summary: str = ""
    levers: Levers = Field(default_factory=dict)
    contested: tuple[str, ...] = ()
    """Ids of the contested questions that bear on what it does; naming one changes no run."""
    people_classes: PeopleClasses = None
    """Who lives under it by rules of their own from where the regimes part, in place of the scenario's people.

    A model made by hand takes them too, unless its own argument of this name says otherwise.
    """

    @field_validator("levers", mode="before")
    @classmethod
    def _levers_by_id(cls, tables: Any) -> Any:
        """Each table under [levers] is read by the class of that lever."""
        if not isinstance(tables, dict):
            return tables
        return {key: _lever(key, settings) for key, settings in tables.items()}

    @field_validator("contested", mode="before")
    @classmethod
    def _contested_by_id(cls, value: Any, info: ValidationInfo) -> Any:
        return contested_given(value, bool((info.context or {}).get(KEPT)))

    @model_validator(mode="after")
    def _comparator_changes_nothing(self) -> "Regime":
        if self.id == STATUS_QUO and self.levers:
            raise at_key(
                f"{STATUS_QUO!r} is the id of the comparator, which moves no lever: give a regime with levers one of its own",
                "id",
            )
        if self.id == STATUS_QUO and self.people_classes:
            raise at_key(
                f"{STATUS_QUO!r} is the id of the comparator, under which everybody lives by the scenario's rules: give a "
                "regime with people_classes one of its own", "id",
            )  # fmt: skip
        return self

    @model_serializer(mode="wrap")
    def _with_what_is_set(self, usual: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without people_classes where there are none: runs of regimes from before there were any keep their names."""
        table: dict[str, Any] = usual(self)
        return {key: value for key, value in table.items() if key != "people_classes" or value is not None}

    def _repr_html_(self) -> str:
        """For a notebook: what it is, and its levers with what of each is not as usual."""
        told = [(lever.title, _not_as_usual(lever)) for lever in self.levers.values()]
        what = few(told, most=20, what="levers more") or [("levers", "none: everything stays as it is today")]
        what += [("people", ", ".join(kind.__name__ for kind in self.people_classes))] if self.people_classes else []
        return card(f"{self.name} ({self.id})", what, notes=[self.summary] if self.summary else [])


def _not_as_usual(lever: Lever) -> str:
    """Its settings that differ from their usual values, as a file has them."""
    changed = lever.model_dump(mode="json", exclude_defaults=True)
    return ", ".join(f"{name} = {value}" for name, value in changed.items()) or "as usual"


def _lever(key: str, settings: Any) -> Lever:
    if isinstance(settings, Lever):
        fault = fault_in(type(settings))
        if fault:
            raise at_key(fault, key)
        return settings
    try:
        if not (isinstance(settings, dict) and CLASS in settings):
            check_lever_id(str(key))
    except UserError as error:
        raise at_key(error, key) from None
    from policysim.levers.catalogue import LEVERS  # with their institutions, which take a second to load

    try:
        kind, settings = lever_class(settings) or (LEVERS.get(key), settings)
    except UserError as error:
        raise at_key(error, key, CLASS) from None
    if kind is None:
        raise at_key(f"there is no lever {key!r}{nearest(str(key), LEVERS)} ('policysim levers' lists them)", key)
    if fault_in(kind):
        raise at_key(fault_in(kind), key)
    try:
        return kind.model_validate(plain(settings), strict=True)
    except ValidationError as error:
        keys, message = fault_of(error, kind)
        raise at_key(f"in lever {key}, {message}" if keys else f"lever {key} {message}", key, *keys) from None


def regime_from(data: Any, source: Source = NOWHERE, under: Keys = ()) -> Regime:
    """A regime from plain values, which stand in the source beneath the keys `under`; raises UserError."""
    with beside(source):
        return Regime.read(data, source, under)


@tells_arguments
def load_regime(path: str | Path | Traversable) -> Regime:
    """A regime from a file, whose name is its id unless it gives one; raises UserError."""
    path = file_at(path)
    data, source = read_toml(path)
    if "regimes" in data:
        raise UserError(f"{path} is a scenario, not a regime; run it with 'policysim compare {path}'")
    return regime_from({"id": path.name.removesuffix(".toml"), **data}, source)


@cache
def regime_ids() -> tuple[str, ...]:
    """The ids of the shipped regimes, which their files are named by, the status quo first."""
    names = (path.name for path in files("policysim.configs.regimes").iterdir())
    ids = [name.removesuffix(".toml") for name in names if name.endswith(".toml")]
    order = [STATUS_QUO, "enforcement-only", "diversion", "harm-reduction", "multi-component", "services-cut"]
    return tuple(sorted(ids, key=lambda id: (order.index(id) if id in order else len(order), id)))


@cache
def regimes() -> dict[str, Regime]:
    """The shipped regimes by id, the status quo first."""
    folder = files("policysim.configs.regimes")
    return {id: load_regime(folder / f"{id}.toml") for id in regime_ids()}


def find_id(name: str) -> str:
    """The id of a shipped regime; raises UserError with the nearest valid name."""
    key = name.strip().lower().replace("_", "-").replace(" ", "-")
    if key not in regime_ids():
        raise UserError(f"there is no regime {name!r}{nearest(key, regime_ids())} ('policysim regimes' lists them)")
    return key


def find_regime(name: str) -> Regime:
    """A shipped regime by id; raises UserError with the nearest valid name."""
    if not isinstance(name, str):
        raise UserError(f"a regime is found by its id, not by {shown(name)}")
    id = find_id(name)
    return regimes()[id]


def regime_of(what: str) -> Regime:
    """A regime by its id, or from a file of one's own, whose name ends in .toml; raises UserError."""
    if what.endswith(".toml"):
        return load_regime(Path(what))
    try:
        return find_regime(what)
    except UserError as error:
        raise UserError(f"{error}{without_ending(what)}") from None


def check_together(found: Sequence[Regime], varied: bool = False) -> None:
    """Raises a fault for two regimes that results could not tell apart, and for one that goes by a shipped one's id.

    varied: whether they stand at a point of a sweep, where each is called as where it came from.
    """
    for k, regime in enumerate(found):
        shipped = None if varied else regimes().get(regime.id)
        if shipped is not None and (regime.levers, regime.people_classes) != (shipped.levers, None):
            what = "other levers" if regime.levers != shipped.levers else "the usual people"
            raise at_key(
                f"{regime.id!r} is the id of a shipped regime with {what}: give this one an id of its own",
                "regimes", k, "id",
            )  # fmt: skip
        for earlier in found[:k]:
            if earlier == regime:
                raise at_key(f"regime {regime.id!r} is named twice", "regimes")
            for what, one, other in (("id", earlier.id, regime.id), ("name", earlier.name, regime.name)):
                if one == other:
                    raise at_key(f"two regimes have the {what} {one!r}: give each one of its own", "regimes", k, what)


def regime_given(item: Any, *keys: str | int) -> Any:
    """A regime by its id, from a file of one's own, or left as it is to be read from its table.

    `keys` lead to it from the validated field.
    """
    if isinstance(item, Regime | dict):
        return item
    if not isinstance(item, str):
        raise at_key(f"a regime is given by its id or as a table, not as {shown(item)}", *keys)
    try:
        return regime_of(item)
    except UserError as error:
        raise at_key(error, *keys) from None


def without_levers(items: Any) -> Any:
    """The same list of regimes, but what each does and who lives under it is not said; a fault in the list stays in it."""
    return [_named(item) for item in items] if isinstance(items, list | tuple) else items


def _named(item: Any) -> Any:
    """A regime that is known by its name alone."""
    if isinstance(item, dict):
        return {key: value for key, value in item.items() if key not in ("levers", "people_classes")}
    if isinstance(item, str) and (item in regime_ids() or item.endswith(".toml")):
        return Regime(id=item if item in regime_ids() else "of-a-file", name="unseen")
    return item
