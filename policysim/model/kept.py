"""What a model is made of when it is saved, copied or sent to another process, and how it comes back.

Compiled rules, buffers, threads and Mesa's agents are left out: they are made anew from what a model was told. What it
has become since is a few arrays (`arrays_of`) and what its objects hold (`rest_of`), which is taken over as it is,
whatever institutions or a user's own classes may have added.
"""

import inspect
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from policysim.agents.institutions.own import met_by
from policysim.agents.roles import record_of
from policysim.counts.series import Outcomes
from policysim.engine.fields import fields_of, layout
from policysim.engine.light_mesa import mesa
from policysim.errors import UserError
from policysim.model.arguments import Arguments
from policysim.model.reporters import HeadlineCollector
from policysim.model.sources import model_hash
from policysim.network.adjacency import NOBODY, Ties
from policysim.network.peers import Peers
from policysim.network.using import NO_PLACE, SLOTS, UsingTies
from policysim.vocabulary.time import years_of
from policysim.world.neighbourhoods import neighbours
from policysim.world.population import Roster

if TYPE_CHECKING:
    from policysim.model.drug_policy_model import DrugPolicyModel

REPORTERS = ("model_reporters", "agent_reporters", "agenttype_reporters")
COUNTS = (
    "flows", "stocks", "sums", "figures", "costs", "own_counts", "groups", "group_sums", "group_stocks", "own_groups"
)  # fmt: skip
BY_YEAR = ("groups", "group_sums", "group_stocks", "own_groups")
"""Those of them that are counted by year, not by week."""
TIES = ("indptr", "indices", "kind")
USING = ("place", "held")
NETWORK = "network."
"""How the names of arrays begin that are ties of networks of one's own."""
ARRAYS = {
    "people", "places", "world", "areas", "entered", "shown",
    *(f"ties.{part}" for part in TIES), *(f"using.{part}" for part in USING), *(f"counts.{name}" for name in COUNTS),
}  # fmt: skip
RESTS = {
    "levels", "running", "steps", "time", "rng", "random", "institutions", "asked_for", "datacollector", "own"
}  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """What a model is made anew from: its class, what it was told, and its arrays."""

    kind: "type[DrugPolicyModel]"
    told: Arguments
    people_classes: tuple[type, ...]
    counting: tuple[type, ...]
    source: str
    """Name of the model's sources that made the arrays."""
    week: int
    week_counted: int
    arrays: dict[str, np.ndarray]


def kept_of(model: "DrugPolicyModel") -> Kept:
    """What a model is made anew from; the arrays are its own, not copies."""
    told = model.told.model_copy(update={"regime": model.regime})
    counted = model.outcomes.week
    classes = model.people_classes, model.counting
    return Kept(type(model), told, *classes, model_hash(), model.week, counted, arrays_of(model))


def arrays_of(model: "DrugPolicyModel") -> dict[str, np.ndarray]:
    """Everyone, what they meet, who knows whom, and every week's counts, by name."""
    ties, using = model.peers.ties, model.peers.using.compact
    arrays = {
        "people": model.look(), "places": model.places, "world": model.world_array, "areas": model.areas,
        "entered": model.roster.entered, "ties.indptr": ties.indptr, "ties.indices": ties.indices, "ties.kind": ties.kind,
        "using.place": using.place, "using.held": using.held, "shown": model.peers.shown,
    }  # fmt: skip
    for name, own in model.networks.items():
        arrays |= {f"{NETWORK}{name}.{part}": getattr(own, part) for part in TIES}
    return arrays | {f"counts.{name}": getattr(model.outcomes, name) for name in COUNTS}


def networks_of(arrays: dict[str, np.ndarray]) -> dict[str, Ties]:
    """The ties of networks of one's own, by name; raises LookupError where a part is missing."""
    names = {name.removeprefix(NETWORK).rpartition(".")[0] for name in arrays if name.startswith(NETWORK)}
    return {name: Ties(*(arrays[f"{NETWORK}{name}.{part}"] for part in TIES)) for name in sorted(names)}


def rest_of(model: "DrugPolicyModel") -> dict[str, Any]:
    """What the objects of a model hold, by what it belongs to; `own` is what a user has added to the model."""
    return {
        "levels": model.levels,
        "running": model.running,
        "steps": model.steps,
        "time": getattr(model, "time", None),  # from Mesa 3.4 on
        "rng": model.rng.bit_generator.state,
        "random": model.random.getstate(),
        "institutions": [institution.what_it_is() for institution in model.institutions],
        "asked_for": list(model.handed_out.asked_for),
        "datacollector": _parts_of(model.datacollector),
        "own": {name: value for name, value in vars(model).items() if name not in model.built_with},
    }


def is_whole(kept: Kept, rest: dict[str, Any]) -> bool:
    """Whether nothing is missing, and everybody's parts are of one size: compiled code looks at no bounds."""
    arrays = kept.arrays
    if {name for name in arrays if not name.startswith(NETWORK)} != ARRAYS or rest.keys() != RESTS:
        return False
    n, laid = arrays["people"].size, [Ties(*(arrays[f"ties.{part}"] for part in TIES)), *networks_of(arrays).values()]
    place, held = (arrays[f"using.{part}"] for part in USING)
    entered, weeks = arrays["entered"], len(arrays["counts.flows"])
    return (
        n == len(place) and arrays["shown"].shape == (n,) and all(_are_ties(ties, n) for ties in laid)
        and _within(held, NOBODY, n) and held.shape[1:] == (SLOTS,)
        and _within(place, 0, len(held)) and bool((held[NO_PLACE] == NOBODY).all())
        and _within(entered, 0, n + 1) and bool((np.diff(entered) >= 0).all())
        and len(arrays["places"]) == len(arrays["areas"]) and len(arrays["world"]) == 1
        and all(len(arrays[f"counts.{name}"]) == weeks for name in COUNTS if name not in BY_YEAR)
        and all(len(arrays[f"counts.{name}"]) == years_of(weeks) + 1 for name in BY_YEAR)
        and 0 <= kept.week <= weeks == len(entered) and kept.week_counted in (kept.week - 1, kept.week)
    )  # fmt: skip


def _are_ties(ties: Ties, people: int) -> bool:
    begins = ties.indptr
    return (
        len(begins) - 1 == people and begins[0] == 0 and bool((np.diff(begins) >= 0).all())
        and begins[-1] == ties.indices.size == ties.kind.size and _within(ties.indices, 0, people)
    )  # fmt: skip


def _within(rows: np.ndarray, low: int, high: int) -> bool:
    return not rows.size or bool(low <= rows.min() and rows.max() < high)


def take_back(model: "DrugPolicyModel", kept: Kept) -> None:
    """Give a model that is being built the arrays it had; raises UserError for those of another version."""
    if kept.source != model_hash():
        raise UserError(
            f"this model comes from another version of policysim's sources ({kept.source}; here they are {model_hash()}): "
            "it can only go on where it began"
        )
    arrays = kept.arrays
    model.week, model.areas = kept.week, arrays["areas"]
    given = in_layout(arrays["people"], record_of(model.roles))
    # A copy, as bytes: who holds a part of a table is known of one that is no part of another itself.
    model.records = np.empty_like(given)
    model.records.view(np.uint8)[:] = given.view(np.uint8)
    model.places = in_layout(arrays["places"], layout(fields_of([met_by(model.roles).here])))
    model.world_array = in_layout(arrays["world"], model.world_array.dtype)
    model.world = model.world_array[0]
    model.near = neighbours(model.areas)
    model.roster = Roster(model.records, arrays["entered"], model.areas, model.one_in)
    ties = Ties(*(arrays[f"ties.{part}"] for part in TIES))
    model.networks = networks_of(arrays)
    model.peers = Peers.resumed(
        model.records, ties, UsingTies(*(arrays[f"using.{part}"] for part in USING)), arrays["shown"]
    )


def in_layout(array: np.ndarray, dtype: np.dtype) -> np.ndarray:
    """An array of records as compiled code knows it: where arrays are stored, it is forgotten that records are aligned."""
    if array.dtype.names != dtype.names or array.dtype.itemsize != dtype.itemsize:
        raise UserError("this model's people or places have other fields than rules and institutions now declare")
    return array.view(dtype)


def counts_of(kept: Kept, own: Outcomes) -> Any:
    """What `Outcomes.take_over` takes over; the model's `own` outcomes have the same marks."""
    counts = {name: kept.arrays[f"counts.{name}"] for name in COUNTS}
    return SimpleNamespace(
        week=kept.week_counted, marks=own.marks, column_of=own.column_of, own_stocks=own.own_stocks, **counts
    )


def give_back(model: "DrugPolicyModel", rest: dict[str, Any]) -> None:
    """Tell the objects of a model that was built of `Kept` what they held."""
    for institution, held in zip(model.institutions, rest["institutions"], strict=True):
        institution.__dict__.update(held)
    model.levels, model.running, model.steps = rest["levels"], rest["running"], rest["steps"]
    _set_clock(model, rest["time"])
    model.rng.bit_generator.state = rest["rng"]
    model.random.setstate(rest["random"])
    model.datacollector = _of_parts(rest["datacollector"])
    model.__dict__.update(rest["own"])
    for row in rest["asked_for"]:
        model.person(row)


def _set_clock(model: "DrugPolicyModel", time: float | None) -> None:
    """Mesa's own clock; from 3.5 on it also holds when the next step is due."""
    if time is None or not hasattr(model, "time"):
        return
    schedule = getattr(model, "_default_schedule", None)
    if schedule is not None:
        schedule.pause()
    model.time = time
    if schedule is not None:
        schedule.resume()


# --- Mesa's collector: its functions that fetch one attribute cannot be pickled, the attribute's name can ------------
def _parts_of(collector: Any) -> Any:
    """A DataCollector as what it is made of; any other collector as it is."""
    if type(collector) not in (mesa.DataCollector, HeadlineCollector):
        return collector
    held = dict(vars(collector))
    reporters = {name: held.pop(name) for name in REPORTERS}
    for name in ("agent_reporters", "agenttype_reporters"):
        reporters[name] = _named_attributes(reporters[name])
    return {"kind": type(collector), "reporters": reporters, "held": held}


def _of_parts(parts: Any) -> Any:
    if not (isinstance(parts, dict) and parts.keys() == {"kind", "reporters", "held"}):
        return parts
    collector = parts["kind"](**parts["reporters"])
    vars(collector).update(parts["held"])
    return collector


def _named_attributes(reporters: dict) -> dict:
    """Reporters in which whatever Mesa made of an attribute's name is the name again."""
    named = {}
    for key, reporter in reporters.items():
        if isinstance(reporter, dict):
            named[key] = _named_attributes(reporter)
        elif getattr(reporter, "__qualname__", "").endswith("<locals>.attr_reporter"):
            named[key] = inspect.getclosurevars(reporter).nonlocals["attribute_name"]
        else:
            named[key] = reporter
    return named
