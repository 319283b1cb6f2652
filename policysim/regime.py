"""A regime: a named set of levers, read from `configs/regimes/*.toml` or from a user's own file."""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, ValidationError, model_validator

from policysim.errors import UserError, nearest
from policysim.levers.catalogue import LEVERS
from policysim.levers.lever import Lever

STATUS_QUO = "status-quo"


class Regime(BaseModel):
    """What a place does about drugs: levers by id. The status quo, with none of them, is the comparator."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: str
    summary: str = ""
    levers: dict[str, SerializeAsAny[Lever]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _levers_by_id(cls, data):
        """Each table under [levers] is read by the class of that lever."""
        if isinstance(data, dict) and isinstance(data.get("levers"), dict):
            data = dict(data)
            levers = {}
            for key, settings in data["levers"].items():
                if key not in LEVERS:
                    raise UserError(f"there is no lever {key!r}{nearest(key, LEVERS)}; 'policysim levers' lists them")
                levers[key] = settings if isinstance(settings, Lever) else LEVERS[key].model_validate(settings)
            data["levers"] = levers
        return data


def read_toml(path) -> dict:
    """The tables of a TOML file; raises UserError where it is missing, empty, not text or cut short."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"there is no file {path}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read as text: {error}") from None
    if not text.strip():
        raise UserError(f"{path} is empty")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{path} is not valid TOML (is it cut short?): {error}") from None


def sentence(error: ValidationError, path: str, model: type[BaseModel]) -> str:
    """The first fault of a validation, as one sentence with the key, what is allowed and the nearest valid name."""
    fault = error.errors()[0]
    key = ".".join(str(part) for part in fault["loc"])
    owner = f"{error.title}: " if error.title not in {model.__name__} else ""
    if fault["type"] == "extra_forbidden":
        fields = LEVER_FIELDS.get(error.title) or list(model.model_fields)
        return f"{path}: {owner}unknown key {key!r}{nearest(key.split('.')[-1], fields)}; allowed are {', '.join(fields)}"
    if fault["type"] == "missing":
        return f"{path}: {owner}key {key!r} is missing"
    reason = fault["msg"].removeprefix("Value error, ")
    return f"{path}: {owner}{key}: {reason}, not {fault['input']!r}" if key else f"{path}: {reason}"


LEVER_FIELDS = {lever.__name__: list(lever.model_fields) for lever in LEVERS.values()}


def load_regime(path: Path) -> Regime:
    """A regime from a file; raises UserError."""
    data = read_toml(path)
    try:
        return Regime.model_validate({"id": path.name.removesuffix(".toml"), **data})
    except ValidationError as error:
        raise UserError(sentence(error, str(path), Regime)) from None


@cache
def regimes() -> dict[str, Regime]:
    """The shipped regimes by id, the status quo first."""
    folder = files("policysim.configs.regimes")
    found = [load_regime(path) for path in folder.iterdir() if path.name.endswith(".toml")]  # type: ignore[arg-type]
    order = [STATUS_QUO, "enforcement-only", "diversion", "harm-reduction", "multi-component"]
    ranked = sorted(found, key=lambda r: (order.index(r.id) if r.id in order else len(order), r.id))
    return {regime.id: regime for regime in ranked}


def find_regime(name: str) -> Regime:
    """A shipped regime by id; raises UserError with the nearest valid name."""
    key = name.strip().lower().replace("_", "-").replace(" ", "-")
    if key not in regimes():
        raise UserError(f"there is no regime {name!r}{nearest(key, regimes())}; 'policysim regimes' lists them")
    return regimes()[key]
