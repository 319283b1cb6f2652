"""The model: one place under one regime, week by week."""

import secrets
from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from policysim.agents.institutions.ambulance import Ambulance
from policysim.agents.institutions.courts import Court
from policysim.agents.institutions.harm_reduction import HarmReductionService
from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.market import DrugMarket
from policysim.agents.institutions.police import PoliceTeam
from policysim.agents.institutions.prison import Prison
from policysim.agents.institutions.purses import PURSES, Purse
from policysim.agents.institutions.schools import Schools
from policysim.agents.institutions.treatment import TreatmentService
from policysim.agents.people.roles import DECISIONS, roles_with
from policysim.counts.counting import count_everyone
from policysim.counts.series import Outcomes
from policysim.engine.compiler import compile_week
from policysim.engine.fields import fields_of, layout, row_class
from policysim.engine.luck import counter, key_of, uniforms
from policysim.engine.rules import rule_names, rules_of
from policysim.engine.week import Buffers, CompiledEngine, PythonEngine
from policysim.errors import UserError, nearest
from policysim.evidence.registry import Parameters
from policysim.interrupts import raise_if_interrupted
from policysim.model.bounds import most_first_use
from policysim.model.reporters import headline_collector
from policysim.model.settlement import settle
from policysim.network.peers import Peers
from policysim.network.synthesis import synthesise as lay_ties
from policysim.network.synthesis import synthesise_using
from policysim.scenarios.regime import Regime, find_regime
from policysim.vocabulary.states import Life
from policysim.vocabulary.stocks import STOCKS, SUMS
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.here import Neighbourhood
from policysim.world.places import find_place, neighbours
from policysim.world.population import Roster, synthesise
from policysim.world.world import World

ENGINES = ("compiled", "python")


class DrugPolicyModel(mesa.Model):
    """People, institutions and one regime in a place of England and Wales; `step()` is one week.

    place: id of a place; regime: id or Regime; seed: whole number, or None for a fresh one; one_in: residents per
    simulated person, or people: simulated residents; years: longest horizon; engine: "compiled" or "python" (each
    person a Mesa agent); threads: of the compiled engine; people_classes: subclasses of YoungPerson, Adult,
    DependentUser in place of the shipped ones; parameters: registry ids with changed values; null_effects: every effect
    at its null value. Week 0 is the first of the burn-in, which runs under the status quo; `week_of_run` counts from
    its end. `datacollector` takes each week's headline outcomes; put another in its place. Raises UserError.
    """

    def __init__(
        self, place: str = "west-midlands", regime: str | Regime = "status-quo", seed: int | None = 1,
        one_in: float | None = None, people: int | None = None, years: int = 10, burn_in_years: int = 0,
        engine: str = "compiled", threads: int = 1, people_classes: Sequence[type] | None = None,
        parameters: dict[str, float] | None = None, budgets: dict[str, float] | None = None, null_effects: bool = False,
        start: "DrugPolicyModel | None" = None, **mesa_arguments: Any,
    ):  # fmt: skip
        seed = secrets.randbelow(2**62) if seed is None else int(seed)
        super().__init__(rng=seed, **mesa_arguments)
        if engine not in ENGINES:
            raise UserError(f"there is no engine {engine!r}{nearest(engine, ENGINES)}; engines are compiled and python")
        if not 1 <= threads <= 256:
            raise UserError(f"threads must be 1 to 256, not {threads}")
        for name, value, least in (("people", people, 1), ("years", years, 1), ("burn_in_years", burn_in_years, 0)):
            if value is not None and value < least:
                raise UserError(f"{name} must be at least {least}, not {value}")
        if one_in is not None and one_in <= 0:
            raise UserError(f"one_in must be above 0, not {one_in:g}")
        self.place = find_place(place)
        self.regime = regime if isinstance(regime, Regime) else find_regime(regime)
        self.run_seed, self.engine_name = seed, engine
        self.one_in = float(self.place.residents_10_64 / people if people else one_in or 20)
        self.parameters = Parameters(parameters, null_effects)
        self.roles = roles_with(people_classes)
        self.week, self.burn_in_weeks = 0, burn_in_years * WEEKS_PER_YEAR
        self.last_week = self.burn_in_weeks + years * WEEKS_PER_YEAR
        self._build_world()
        if start is None:
            self._settle_people()
        else:
            self._take_over(start)
        self._found_institutions(budgets or {})
        if start is not None:
            self._remember(start)
        self._asked_for: dict[int, Any] = {}
        self.engine = self._start_engine(threads, start)
        self.datacollector = headline_collector()
        self.running = True

    # --- building ---------------------------------------------------------------------------------------------------
    def _build_world(self) -> None:
        """The record types, and the world with every parameter in it."""
        fields = fields_of([World])
        tables = self.parameters.tables
        # A number of the same name as a field is the usual policy from which an institution sets that field.
        numbers = {name: table for name, table in sorted(tables.items()) if name not in fields}
        members = [(f.name, f.kind, f.shape) for f in fields.values()] + [
            (n, "f8", t.shape) for n, t in numbers.items()
        ]
        self.world_array = np.zeros(1, np.dtype(members, align=True))
        for name, table in numbers.items():
            self.world_array[name] = table
        self.world = self.world_array[0]
        view = row_class("World", self.world_array.dtype)(self.world_array, 0)
        self.world["first_use"], self.world["first_hard_use"] = most_first_use(view)
        self.people_fields = fields_of(self.roles)

    def _settle_people(self) -> None:
        """Synthesise the roster and its ties."""
        self.roster: Roster = synthesise(
            self.place,
            self.one_in,
            self.last_week,
            self.run_seed,
            self.parameters,
            layout(self.people_fields),
        )
        self.people, self.areas = self.roster.people, self.roster.areas
        for name, field in self.people_fields.items():
            if field.start:
                self.people[name] = field.start
        self.near = neighbours(self.areas)
        luck = partial(_keyed, self.run_seed)
        ties = lay_ties(self.people, self.near, luck, self.parameters)
        using = synthesise_using(self.people, self.near, luck, self.parameters)
        self.peers = Peers(self.people, ties, using)
        self.places = self._fresh_places()

    def _take_over(self, start: "DrugPolicyModel") -> None:
        """Begin from another model's people, ties and week: regimes of one seed share one burnt-in start."""
        self.roster, self.areas, self.near = start.roster, start.areas, start.near
        self.people, self.week = start.people.copy(), start.week
        self.peers = start.peers.copy_for(self.people)
        self.places = start.places.copy()
        self.world["week"] = start.week

    def _fresh_places(self) -> np.ndarray:
        places = np.zeros(self.areas.size, layout(fields_of([Neighbourhood])))
        places["area"], places["quintile"] = self.areas["authority"], self.areas["quintile"]
        places["residents"] = self.areas["residents"]
        level = self.parameters["opiate_start_level"]
        places["use_ratio"] = level * self.parameters.table("ocu_by_quintile")[self.areas["quintile"]]
        places["other_poisoning_ratio"] = self.parameters.table("other_poisoning_by_quintile")[self.areas["quintile"]]
        places["potency"] = places["presence"] = places["exclusion_ratio"] = places["outreach"] = 1
        return places

    def _found_institutions(self, budgets: dict[str, float]) -> None:
        """Every institution, in the order in which they act."""
        areas = range(len(self.place.authorities))
        self.areas_of = [np.flatnonzero(self.areas["authority"] == area) for area in areas]
        self.outcomes = Outcomes(self.last_week, len(self.place.authorities))
        self.institutions: list[Institution] = []
        self.purses = {name: self._found(Purse(self, name, budgets.get(name))) for name in PURSES}
        self.market = self._found(DrugMarket(self))
        self.police = [self._found(PoliceTeam(self, area)) for area in areas]
        self.schools = [self._found(Schools(self, area)) for area in areas]
        self.services = [self._found(TreatmentService(self, area)) for area in areas]
        self.harm_reduction = [self._found(HarmReductionService(self, area)) for area in areas]
        self.ambulance = self._found(Ambulance(self))
        self.court = self._found(Court(self))
        self.prison = self._found(Prison(self))
        self.levels: tuple[float, ...] | None = None

    def _found(self, institution: Any) -> Any:
        self.institutions.append(institution)
        return institution

    def _remember(self, start: "DrugPolicyModel") -> None:
        """Institutions keep what they had become: sizes, lists, last week's counts."""
        for mine, theirs in zip(self.institutions, start.institutions, strict=True):
            mine.take_over(theirs)
        self.outcomes.take_over(start.outcomes)

    def _start_engine(self, threads: int, start: "DrugPolicyModel | None") -> CompiledEngine | PythonEngine:
        self.keys = {name: key_of(self.run_seed, name) for name in rule_names(self.roles)}
        decisions = {name: key_of(self.run_seed, name) for name in DECISIONS}
        self.buffers = Buffers(self.people.size, len(self.place.authorities), STOCKS, SUMS)
        self.state = SimpleNamespace(people=self.people, places=self.places, world=self.world_array)
        if self.engine_name == "compiled":
            # The rules of a start with the same roles are compiled already: finding them again takes a third of a second.
            shared = start.engine if start is not None and start.roles == self.roles else None
            module = getattr(shared, "module", None)
            if module is None:
                dtypes = (self.people.dtype, self.places.dtype, self.world_array.dtype)
                module = compile_week(self.roles, DECISIONS, dtypes, ("policysim.counts.counting", "count_stocks"))
            return CompiledEngine(module, self.keys, decisions, threads)
        here, world = self.python_views()
        self._person_agents: dict[int, Any] = {}
        self.state.agent_of = self._person_agents.__getitem__
        self._admit_agents(np.flatnonzero(self.people["present"]))
        rules = [list(rules_of(role)) for role in self.roles]
        return PythonEngine(count_everyone, self.keys | decisions, rules, DECISIONS, here, world)

    def python_views(self) -> tuple[list, Any]:
        """Row objects over `places` and the world that give plain Python numbers, for rules run in Python."""
        here_class = row_class("Here", self.places.dtype)
        world_class = row_class("World", self.world_array.dtype)
        return [here_class(self.places, k) for k in range(self.places.size)], world_class(self.world_array, 0)

    # --- the week -----------------------------------------------------------------------------------------------------
    def step(self) -> None:
        """One week: institutions act, people live it, services admit, courts decide, everything is counted."""
        if self.week >= self.last_week:
            self.running = False
            return
        raise_if_interrupted()
        week = self.week
        self.world["week"] = week
        entered = self._let_in(week)
        if week % WEEKS_PER_YEAR == 0 or self.levels is None:
            self._census()
        self._set_policies()
        for institution in self.institutions:
            institution.act(week)
        found = self.engine.run(self.state, week, entered, self.buffers)
        touched = settle(self, week, found)
        costs = [purse.memory["spent_this_week"] for purse in self.purses.values()]
        self.outcomes.record(week, self.people, self.places, touched, found.stocks, found.sums, costs)
        self.peers.update(touched)
        if self.engine_name == "python":
            self._change_roles(touched)
        self.week += 1
        self.running = self.week < self.last_week
        self.datacollector.collect(self)

    @property
    def week_of_run(self) -> int:
        """Weeks since the regimes parted; negative during burn-in."""
        return self.week - self.burn_in_weeks

    def _let_in(self, week: int) -> int:
        """Those who turn ten this week enter; returns how many rows have entered."""
        entered = int(self.roster.entered[week])
        before = int(self.roster.entered[week - 1]) if week else entered
        new = np.arange(before, entered)
        if new.size:
            self.people["present"][new] = True
            self.people["life"][new] = Life.PRESENT
            self.peers.update(new)
            if self.engine_name == "python":
                self._admit_agents(new)
        return entered

    def _census(self) -> None:
        """Every institution looks at the people of its area."""
        everyone = self.people[: int(self.roster.entered[self.week])]
        lives_in = self.places["area"][everyone["neighbourhood"]]
        for area in range(-1, len(self.areas_of)):  # one area after another: a copy of everyone would be large
            people = everyone if area < 0 else everyone[lives_in == area]
            for institution in self.institutions:
                if institution.area == area:
                    institution.census(people)

    def _set_policies(self) -> None:
        """Pull the regime's levers as far as they have ramped up; during burn-in none."""
        levers = self.regime.levers.values() if self.week_of_run >= 0 else ()
        levels = tuple(lever.level(self.week_of_run) for lever in levers)
        if levels == self.levels:
            return
        self.levels = levels
        for institution in self.institutions:
            if institution.usual is not None:
                institution.return_to_usual()
        for lever, level in zip(levers, levels, strict=True):
            if level > 0:
                lever.pull(self, level)

    def decide(self, name: str, rows: np.ndarray, choices: np.ndarray) -> None:
        """An institution's decision on these people (see policysim.agents.people.roles.DECISIONS)."""
        if rows.size:
            self.engine.decide(self.state, name, self.week, rows.astype(np.int64), choices)

    def luck_of(self, name: str, rows: np.ndarray, week: int) -> np.ndarray:
        """Draws for an institution's own decisions about these rows, keyed by name, row and week."""
        return uniforms(key_of(self.run_seed, name), rows, counter(week))

    def area_of_row(self, rows: np.ndarray) -> np.ndarray:
        """Which authority each of these people lives in."""
        return self.places["area"][self.people["neighbourhood"][rows]]

    # --- Mesa agents --------------------------------------------------------------------------------------------
    def _admit_agents(self, rows: np.ndarray) -> None:
        for row in rows.tolist():
            self._person_agents[row] = self.roles[int(self.people["role"][row])](self, self.people, row)
        self.state.living = list(self._person_agents.values())

    def _change_roles(self, touched: np.ndarray) -> None:
        """A change of role re-registers the same agent, with the same number, in the other class."""
        gone = [row for row in touched.tolist() if row in self._person_agents and not self.people["present"][row]]
        for row in gone:
            self._person_agents.pop(row).remove()
        for agent in self._person_agents.values():
            self._put_in_role(agent)
        if gone:
            self.state.living = list(self._person_agents.values())

    def _put_in_role(self, agent: Any) -> None:
        role = self.roles[int(self.people["role"][agent.row])]
        if type(agent) is not role:
            self.deregister_agent(agent)
            agent.__class__ = role
            self.register_agent(agent)
            agent.unique_id = agent.row  # from 3.5 on Mesa numbers whoever is registered anew

    def person(self, row: int) -> Any:
        """One person as a Mesa agent, in either engine; raises UserError if nobody has that number."""
        if not 0 <= row < self.people.size:
            raise UserError(f"there is no person {row}; people are numbered 0 to {self.people.size - 1}")
        if self.engine_name == "python" and row in self._person_agents:
            return self._person_agents[row]
        if row not in self._asked_for:
            self._asked_for[row] = self.roles[int(self.people["role"][row])](self, self.people, row)
        self._put_in_role(self._asked_for[row])
        return self._asked_for[row]

    def sample(self, n: int) -> list:
        """About n people who are present, spread evenly over the roster, as Mesa agents."""
        present = np.flatnonzero(self.people["present"])
        chosen = present[np.unique(np.linspace(0, present.size - 1, min(n, present.size)).astype(np.int64))]
        return [self.person(int(row)) for row in chosen]

    def close(self) -> None:
        """Let go of threads and of what Mesa would otherwise keep alive."""
        self.engine.close()
        getattr(mesa.Agent, "_ids", {}).pop(self, None)


def _keyed(seed: int, name: str, rows: np.ndarray, k: int) -> np.ndarray:
    """The k-th draw of a named decision for each row."""
    return uniforms(key_of(seed, name), rows, k)
