"""How a model is put together: its records, its people and their ties, its institutions, its engine."""

from contextlib import AbstractContextManager, nullcontext
from copy import deepcopy
from functools import lru_cache, partial
from itertools import groupby
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from policysim.agents.institutions.ambulance import Ambulance
from policysim.agents.institutions.children import ChildrensService
from policysim.agents.institutions.courts import Court
from policysim.agents.institutions.custody_suites import CustodySuites
from policysim.agents.institutions.drug_checking import DrugCheckingService
from policysim.agents.institutions.early_warning import EarlyWarning
from policysim.agents.institutions.employment import EmploymentService
from policysim.agents.institutions.family_court import FamilyCourt
from policysim.agents.institutions.harm_reduction import HarmReductionService
from policysim.agents.institutions.hepatitis import HepatitisService
from policysim.agents.institutions.housing import HousingService
from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.market import DrugMarket
from policysim.agents.institutions.offender_board import OffenderBoard
from policysim.agents.institutions.organised_crime import OrganisedCrimeTeam
from policysim.agents.institutions.outreach import OutreachService
from policysim.agents.institutions.own import found_own, met_by
from policysim.agents.institutions.partnership import Partnership
from policysim.agents.institutions.police import PoliceTeam
from policysim.agents.institutions.prison import Prison
from policysim.agents.institutions.public_health import PublicHealthTeam
from policysim.agents.institutions.purses import Purse
from policysim.agents.institutions.schools import Schools
from policysim.agents.institutions.treatment import TreatmentService, usual_services
from policysim.agents.institutions.youth_justice import YouthCustody, YouthJusticeService
from policysim.agents.people import first_use
from policysim.agents.people.resting import RESTING
from policysim.agents.roles import RECORD, record_of
from policysim.counts.counting import GROUPS, count_person, count_week
from policysim.counts.declared import outcomes_counted, outcomes_in
from policysim.counts.series import Outcomes
from policysim.engine.compiler import compiling_week
from policysim.engine.fields import Field, fields_of, known, layout, marks_in, row_class
from policysim.engine.luck import SHARED, key_of, uniforms
from policysim.engine.rest import Rest
from policysim.engine.rules import rule_names
from policysim.engine.week import Buffers, CompiledEngine, DebugEngine, PythonEngine
from policysim.engine.written import Shape, shape_of
from policysim.errors import UserError
from policysim.evidence.registry import Parameters
from policysim.model.bounds import most_first_use
from policysim.network.adjacency import Ties
from policysim.network.counted import FriendCounts
from policysim.network.kin import children_of
from policysim.network.own import laid, networks_in
from policysim.network.peers import Peers
from policysim.network.synthesis import synthesise as lay_ties
from policysim.network.synthesis import synthesise_using
from policysim.scenarios.changes import Budgets
from policysim.vocabulary.purses import PURSES
from policysim.vocabulary.stocks import STOCKS, SUMS
from policysim.world.blocks import in_blocks
from policysim.world.families import set_families
from policysim.world.neighbourhoods import neighbours
from policysim.world.population import synthesise

if TYPE_CHECKING:
    from policysim.model.drug_policy_model import DrugPolicyModel

COMPILED = {engine.name: engine for engine in (CompiledEngine, DebugEngine)}
ON_A_CARD = "gpu"


def world_record(parameters: Parameters, roles: tuple[type, ...] = ()) -> np.ndarray:
    """The world with every parameter in it, and what people of these roles meet of their own institutions; shape (1,)."""
    fields = fields_of([met_by(roles).world])
    # A number of the same name as a field is the usual policy from which an institution sets that field.
    numbers = {name: table for name, table in sorted(parameters.tables.items()) if name not in fields}
    members = [(f.name, f.kind, f.shape) for f in fields.values()] + [(n, "f8", t.shape) for n, t in numbers.items()]
    world = np.zeros(1, known(tuple(members)))
    for name, table in numbers.items():
        world[name] = table
    hazard = shape_of((), [first_use.start_hazard])
    world["first_use"] = _most_first_use(hazard, world.tobytes(), world.dtype)
    return world


@lru_cache(maxsize=64)
def _most_first_use(hazard: Shape, world: bytes, dtype: np.dtype) -> np.ndarray:
    """`most_first_use` in a world of these numbers, worked out once for all regimes of a seed."""
    return most_first_use(row_class("World", dtype)(np.frombuffer(world, dtype), 0))


def populate(model: "DrugPolicyModel", threads: int) -> None:
    """Synthesise the roster and its ties, and lay out the neighbourhoods."""
    fields = fields_of(model.roles)
    model.roster = synthesise(
        model.place, model.one_in, model.last_week, model.run_seed, model.parameters, record_of(model.roles), threads
    )
    model.records, model.areas = model.roster.people, model.roster.areas
    for name, field in fields.items():
        if field.start:
            model.records[name] = field.start
    model.near = neighbours(model.areas)
    luck = partial(_keyed, model.run_seed)
    ties = lay_ties(model.records, model.near, luck, model.parameters, threads)
    using = synthesise_using(model.records, model.near, luck, model.parameters)
    parents = _with_child_at_home(model.records, ties, model.parameters["age_of_adult_court"])
    set_families(model.records, parents, model.run_seed, model.parameters)
    model.peers = Peers(model.records, ties, using)
    model.networks = laid(networks_in(fields), model.records, luck)
    model.places = _neighbourhood_records(model.areas, model.parameters, here_of(model.roles))


def _with_child_at_home(people: np.ndarray, ties: Ties, until: float) -> np.ndarray:
    """Rows of the first residents who live with a child of theirs of less than this age, once for each child."""
    found = []

    def look(rows: slice) -> None:
        first = np.arange(rows.start, rows.stop)
        parents, children = children_of(ties, people, first[people["enters"][rows] == 0])
        at_home = (people["age"][children] < until) & (people["enters"][children] == 0)
        found.append(parents[at_home])

    in_blocks(len(people), look)  # all their ties at once would take more memory than anything else
    return np.concatenate(found)


def take_over(model: "DrugPolicyModel", start: "DrugPolicyModel") -> None:
    """Begin from another model's people, ties and week: regimes of one seed share one burnt-in start.

    Raises UserError for a start that this model cannot go on from.
    """
    fault = _parting(model, start)
    if fault:
        raise UserError(f"a model cannot begin from this start: {fault}")
    model.roster, model.areas, model.near = start.roster, start.areas, start.near
    model.records, model.week = _people_of(model, start), start.week
    model.peers = start.peers.copy_for(model.records)
    asked, there = networks_in(fields_of(model.roles)), networks_in(fields_of(start.roles))
    new = {name: lay for name, lay in asked.items() if there.get(name) is not lay}
    kept = {name: start.networks[name] for name in asked.keys() - new.keys()}
    model.networks = kept | laid(new, model.records, partial(_keyed, model.run_seed))
    model.places = _as_declared(start.places, here_of(model.roles))
    model.world["week"] = start.week


def _parting(model: "DrugPolicyModel", start: "DrugPolicyModel") -> str:
    """In what two models differ that could not go on one from the other, in words; nothing if they could."""
    if start.place != model.place:
        return f"it is of {start.place.name}, the model of {model.place.name}"
    if start.one_in != model.one_in:
        return f"one person in it stands for {start.one_in:g} residents, in the model for {model.one_in:g}"
    if start.week > model.last_week:
        return f"it has lived {start.week} weeks, and the model ends after {model.last_week}"
    if start.last_week < model.last_week:
        return f"it knows who turns ten in {start.last_week} weeks, and the model needs {model.last_week}: give it more years"
    return ""


def _people_of(model: "DrugPolicyModel", start: "DrugPolicyModel") -> np.ndarray:
    """The start's people, as this model's classes hold them."""
    return _as_declared(start.look(), fields_of(model.roles), record_of(model.roles))


def _as_declared(theirs: np.ndarray, fields: dict[str, Field], dtype: np.dtype | None = None) -> np.ndarray:
    """A copy of records with these fields: one that is new begins as it is declared to."""
    if (dtype := layout(fields) if dtype is None else dtype) == theirs.dtype:
        return theirs.copy()
    found = np.zeros(theirs.size, dtype)
    for name, field in fields.items():
        found[name] = theirs[name] if name in (theirs.dtype.names or ()) else field.start
    return found


def here_of(roles: tuple[type, ...]) -> dict[str, Field]:
    """The fields of what people of these roles meet where they live."""
    return fields_of([met_by(roles).here])


def _neighbourhood_records(areas: np.ndarray, parameters: Parameters, fields: dict[str, Field]) -> np.ndarray:
    """What people meet in each neighbourhood before any institution has acted, shape (neighbourhoods,)."""
    places = np.zeros(areas.size, layout(fields))
    for name, field in fields.items():
        places[name] = field.start
    places["area"], places["quintile"] = areas["authority"], areas["quintile"]
    places["residents"] = areas["residents"]
    level = parameters["opiate_start_level"]
    places["use_ratio"] = level * parameters.table("ocu_by_quintile")[areas["quintile"]]
    places["other_poisoning_ratio"] = parameters.table("other_poisoning_by_quintile")[areas["quintile"]]
    return places


def found_institutions(model: "DrugPolicyModel", budgets: Budgets) -> None:
    """Every institution, in the order in which they act."""
    areas = range(len(model.place.authorities))
    model.areas_of = [_stretch(model.areas["authority"], area) for area in areas]
    model.areas_of_people = model.places["area"].astype(np.int16)[model.records["neighbourhood"]]
    own = {**outcomes_counted(model.counting), **outcomes_in(model.people_classes)}
    model.outcomes = Outcomes(model.last_week, len(areas), marks_in(fields_of(model.roles)), own)
    model.institutions = []

    def founded(institution: Any) -> Any:
        model.institutions.append(institution)
        return institution

    model.purses = {name: founded(Purse(model, name, budgets.get(name))) for name in PURSES}
    model.partnership = founded(Partnership(model))
    model.organised_crime = founded(OrganisedCrimeTeam(model))
    model.market = founded(DrugMarket(model))
    model.early_warning = founded(EarlyWarning(model))
    model.checking = [founded(DrugCheckingService(model, area)) for area in areas]
    model.police = [founded(PoliceTeam(model, area)) for area in areas]
    model.schools = [founded(Schools(model, area)) for area in areas]
    model.services = [founded(TreatmentService(model, area, usual)) for area, usual in enumerate(usual_services(model))]
    model.harm_reduction = [founded(HarmReductionService(model, area)) for area in areas]
    model.outreach = [founded(OutreachService(model, area)) for area in areas]
    model.hepatitis = founded(HepatitisService(model))
    model.ambulance = founded(Ambulance(model))
    model.youth_justice = [founded(YouthJusticeService(model, area)) for area in areas]
    model.youth_custody = founded(YouthCustody(model))
    model.boards = [founded(OffenderBoard(model, area)) for area in areas]
    model.court = founded(Court(model))
    model.prison = founded(Prison(model))
    model.custody_suites = founded(CustodySuites(model))
    model.children = [founded(ChildrensService(model, area)) for area in areas]
    model.family_court = founded(FamilyCourt(model))
    model.housing = [founded(HousingService(model, area)) for area in areas]
    model.employment = [founded(EmploymentService(model, area)) for area in areas]
    model.public_health = [founded(PublicHealthTeam(model, area)) for area in areas]
    found_own(model)
    kinds = [(kind, list(those)) for kind, those in groupby(model.institutions, key=type)]
    model.deciding = [(kind, those) for kind, those in kinds if _does(kind, "look_back", "look_back_together")]
    model.telling = [each for kind, those in kinds if _does(kind, "tell") for each in those]


def _does(kind: type[Institution], *names: str) -> bool:
    """Whether a kind of institution has a method of its own of one of these names: most have not, and need not be asked."""
    return any(getattr(kind, name).__qualname__ != getattr(Institution, name).__qualname__ for name in names)


def _stretch(authority: np.ndarray, area: int) -> slice:
    """Where an authority's neighbourhoods stand: they are laid out authority by authority."""
    first, end = np.searchsorted(authority, [area, area + 1])
    return slice(int(first), int(end))


def remember(model: "DrugPolicyModel", start: "DrugPolicyModel") -> None:
    """Institutions keep what they had become: sizes, lists, last week's counts; under the same regime policies too."""
    asked = [(each.regime, each.parameters, met_by(each.roles).own) for each in (model, start)]
    unchanged = asked[0] == asked[1]
    there = {(type(each), each.name): each for each in start.institutions}
    for mine in model.institutions:
        theirs = there.get((type(mine), mine.name))
        if theirs is None:  # of one's own, and new in this branch
            continue
        mine.take_over(theirs)
        if unchanged:
            mine.policy = deepcopy(theirs.policy)
    if unchanged:
        model.levels = start.levels
        model.world_array[:] = start.world_array  # what follows from the policies stands in it, as in `places`
    model.outcomes.take_over(start.outcomes)


def rules_of_the_week(
    model: "DrugPolicyModel", start: "DrugPolicyModel | None"
) -> AbstractContextManager[ModuleType | None]:
    """The compiled rules of a model, whole when the block ends: what of them is new is compiled while people are made.

    Where they run as Mesa agents in Python there are none. Raises UserError for a rule with a fault.
    """
    if model.engine_name not in (*COMPILED, ON_A_CARD):
        return nullcontext(None)
    # The rules of a start with the same roles are compiled already.
    if start is not None and (start.roles, start.engine_name) == (model.roles, model.engine_name):
        return nullcontext(start.engine.module)  # type: ignore[union-attr]
    layouts = (record_of(model.roles), layout(here_of(model.roles)), model.world_array.dtype)
    decisions = met_by(model.roles).decisions
    return compiling_week(model.roles, decisions, layouts, count_person, model.engine_name == "debug", RESTING, RECORD)


def start_engine(model: "DrugPolicyModel", threads: int, module: ModuleType | None) -> CompiledEngine | PythonEngine:
    """The engine that runs the model's rules, compiled, compiled for a debug run, or as Mesa agents in Python."""
    model.keys = {name: key_of(model.run_seed, name) for name in [*rule_names(model.roles), SHARED]}
    taken = met_by(model.roles).decisions
    decisions = {name: key_of(model.run_seed, name) for name in taken}
    sizes = (model.records.size, len(model.place.authorities), STOCKS, SUMS, threads, len(GROUPS))
    model.buffers, rest = Buffers(*sizes), Rest(*sizes)
    model.state = SimpleNamespace(people=model.records, places=model.places, world=model.world_array, rest=rest)
    model.peers.wakes, model.peers.foreseen = rest.wakes, getattr(module, "FORESEEN", False)
    model.friend_counts = FriendCounts(model.records, model.peers.ties, rest, model.roles, model.networks)
    if module is not None:
        rest.attend(model.state, module)
        engine = _compiled_engine(model.engine_name)(module, model.keys, decisions, threads)
        engine.attend(model.state, len(model.roles))
        model.peers.wrote = None if rest.written is None else rest.wrote
        return engine
    here, world = python_views(model)
    model.state.agent_of = model.handed_out.of_row
    model.handed_out.admit(np.flatnonzero(model.records["present"]))
    return PythonEngine(count_week, model.keys | decisions, model.roles, taken, here, world)


def _compiled_engine(name: str) -> type[CompiledEngine]:
    """The class of an engine that runs compiled rules; what a card needs is loaded by those alone who ask for one."""
    if name == ON_A_CARD:
        from policysim.engine.gpu.week import GpuEngine

        return GpuEngine
    return COMPILED[name]


def python_views(model: "DrugPolicyModel") -> tuple[list, Any]:
    """Row objects over `places` and the world that give plain Python numbers, for rules run in Python."""
    here_class = row_class("Here", model.places.dtype)
    world_class = row_class("World", model.world_array.dtype)
    return [here_class(model.places, k) for k in range(model.places.size)], world_class(model.world_array, 0)


def _keyed(seed: int, name: str, rows: np.ndarray, k: int) -> np.ndarray:
    """The k-th draw of a named decision for each row."""
    return uniforms(key_of(seed, name), rows, k)
