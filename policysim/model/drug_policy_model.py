"""The model: one place under one regime, week by week."""

import secrets
import sys
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import numpy as np

from policysim.agents.institutions.ambulance import Ambulance
from policysim.agents.institutions.bills import Bills
from policysim.agents.institutions.children import ChildrensService
from policysim.agents.institutions.courts import Court
from policysim.agents.institutions.custody_suites import CustodySuites
from policysim.agents.institutions.drug_checking import DrugCheckingService
from policysim.agents.institutions.early_warning import EarlyWarning
from policysim.agents.institutions.family_court import FamilyCourt
from policysim.agents.institutions.harm_reduction import HarmReductionService
from policysim.agents.institutions.institution import Institution
from policysim.agents.institutions.market import DrugMarket
from policysim.agents.institutions.offender_board import OffenderBoard
from policysim.agents.institutions.organised_crime import OrganisedCrimeTeam
from policysim.agents.institutions.own import check_met
from policysim.agents.institutions.partnership import Partnership
from policysim.agents.institutions.police import PoliceTeam
from policysim.agents.institutions.prison import Prison
from policysim.agents.institutions.purses import Purse
from policysim.agents.institutions.schools import Schools
from policysim.agents.institutions.treatment import TreatmentService
from policysim.agents.roles import roles_with
from policysim.counts.own_stocks import OwnStocks
from policysim.counts.series import Outcomes
from policysim.engine.light_mesa import mesa
from policysim.engine.loading import without_looking_for_garbage
from policysim.engine.luck import counter, key_of, uniforms
from policysim.engine.week import Buffers
from policysim.errors import UserError, tells_arguments
from policysim.evidence.registry import numbers_of_a_run
from policysim.interrupts import raise_if_interrupted
from policysim.levers.lever import Lever
from policysim.model.arguments import Arguments, check_the_others, classes_given, whole
from policysim.model.building import (
    found_institutions,
    populate,
    remember,
    rules_of_the_week,
    start_engine,
    take_over,
    world_record,
)
from policysim.model.census import take_census
from policysim.model.kept import Kept, counts_of, give_back, kept_of, rest_of, take_back
from policysim.model.memory import make_room
from policysim.model.model_card import model_card
from policysim.model.person_agents import PersonAgents, agents_by_class
from policysim.model.reporters import headline_collector
from policysim.model.saved_file import read, write
from policysim.model.settlement import settle
from policysim.network.adjacency import Ties
from policysim.network.counted import FriendCounts
from policysim.network.kin import children_of, parents_of
from policysim.network.peers import Peers
from policysim.scenarios.changes import Budgets
from policysim.scenarios.regime import Regime
from policysim.scenarios.scales import MODEL_ONE_IN
from policysim.vocabulary.reasons import shown
from policysim.vocabulary.states import Life
from policysim.vocabulary.time import WEEKS_PER_YEAR
from policysim.world.places import Place
from policysim.world.population import Roster

FRESH_SEEDS = 2**48
"""So many seeds a model without one may get: each a whole number that tables with gaps, which hold floats, keep exactly."""


class DrugPolicyModel(mesa.Model):
    """People, institutions and one regime in a place of England and Wales; `step()` is one week.

    place: id of a place, or what `find_place` returns; regime: id or Regime; seed: whole number, or None for a fresh
    one (`run_seed`); one_in: residents per simulated person, or people: simulated residents; years: longest horizon;
    engine: "compiled", "python" (each person a Mesa agent), "debug" (compiled to look at every index and write) or "gpu";
    threads: of the compiled engine; people_classes: subclasses of YoungPerson, Adult, DependentUser in place of the
    shipped ones (else those of the regime); parameters: registry ids with changed values; carried: the same, but an
    authority with a figure of its own keeps it; beyond_ranges: both may lie outside their ranges; null_effects: every effect
    at its null value; counting: classes of people whose own outcomes are counted too, though people live by others.
    Week 0 is the first of the burn-in, which runs under the status quo; `week_of_run` counts from its end.
    `datacollector` takes each week's headline outcomes; put another in its place. Raises UserError.
    """

    # Who lives where, and who knows whom
    roster: Roster
    records: np.ndarray  # shape (n,), everyone as last lived; whoever reads or writes at will takes `people`
    areas: np.ndarray  # shape (neighbourhoods,), as laid out on the map
    near: np.ndarray  # shape (neighbourhoods, k), the nearest others of each neighbourhood
    peers: Peers
    networks: dict[str, Ties]  # of one's own, by name
    friend_counts: FriendCounts
    places: np.ndarray  # shape (neighbourhoods,), what people meet: `here` in a rule
    # Institutions, in the order in which they act
    institutions: list[Institution]
    deciding: list[tuple[type[Institution], list[Institution]]]  # by kind, those that decide about people
    telling: list[Institution]  # those that tell figures of their own
    areas_of_people: np.ndarray  # shape (n,), the authority in which each lives
    areas_of: list[slice]  # by authority: its neighbourhoods, which stand side by side
    purses: dict[str, Purse]
    partnership: Partnership
    organised_crime: OrganisedCrimeTeam
    market: DrugMarket
    early_warning: EarlyWarning
    checking: list[DrugCheckingService]
    police: list[PoliceTeam]
    schools: list[Schools]
    services: list[TreatmentService]
    harm_reduction: list[HarmReductionService]
    ambulance: Ambulance
    boards: list[OffenderBoard]
    court: Court
    prison: Prison
    custody_suites: CustodySuites
    children: list[ChildrensService]
    family_court: FamilyCourt
    own_institutions: tuple[type[Institution], ...]  # classes of one's own: they act after all others
    bills: Bills
    # Counting and running
    outcomes: Outcomes
    own_stocks: OwnStocks
    keys: dict[str, int]  # of luck, by name of the rule
    buffers: Buffers
    state: SimpleNamespace

    @tells_arguments
    def __init__(
        self, place: str | Place = "west-midlands", regime: str | Regime = "status-quo", seed: int | None = None,
        one_in: float | None = None, people: int | None = None, years: int = 10, burn_in_years: int = 0,
        engine: str = "compiled", threads: int = 1, people_classes: Sequence[type] | None = None,
        parameters: dict[str, float] | None = None, budgets: Budgets | None = None, null_effects: bool = False,
        beyond_ranges: bool = False, start: "DrugPolicyModel | None" = None, carried: dict[str, float] | None = None,
        counting: Sequence[type] | None = None, **kwargs: Any,
    ):  # fmt: skip
        told = Arguments(
            place=place, regime=regime, seed=seed, one_in=one_in, people=people, years=years,
            burn_in_years=burn_in_years, engine=engine, threads=threads, parameters=parameters, budgets=budgets,
            null_effects=null_effects, beyond_ranges=beyond_ranges, carried=carried,
        )  # fmt: skip
        check_the_others(kwargs, people_classes, counting)
        if not isinstance(start, DrugPolicyModel | None):
            raise UserError(f"start must be another model, not {shown(start)}")
        if told.seed is None:
            told = told.model_copy(update={"seed": secrets.randbelow(FRESH_SEEDS)})
        classes = classes_given(people_classes, told, start is not None)
        self._build(told, classes, tuple(counting or ()), start, kwargs)

    @without_looking_for_garbage()
    def _build(
        self, told: Arguments, people_classes: tuple[type, ...], counting: tuple[type, ...],
        start: "DrugPolicyModel | Kept | None", of_mesa: dict[str, Any],
    ) -> None:  # fmt: skip
        """Put together what was told: from nothing, from another model, or from what was kept of this one."""
        added_before = set(vars(self))
        self.handed = False  # whether somebody has taken `people` since they last lived a week
        self.told, self.people_classes, self.counting = told, people_classes, counting
        self.run_seed = int(told.seed or 0)
        super().__init__(rng=self.run_seed, **of_mesa)
        self.place, self.regime, self.engine_name = told.place, told.regime, told.engine
        self.one_in = float(self.place.residents_10_64 / told.people if told.people else told.one_in or MODEL_ONE_IN)
        self.parameters = numbers_of_a_run(told.parameters, told.null_effects, told.carried)
        self.roles = roles_with(people_classes)
        self.week, self.burn_in_weeks = 0, told.burn_in_years * WEEKS_PER_YEAR
        self.last_week = self.burn_in_weeks + told.years * WEEKS_PER_YEAR
        self.levels: tuple[float, ...] | None = None
        self.delivered: Regime | None = None  # the regime whose levers are pulled as far as they ever will be
        self.world_array = world_record(self.parameters, self.roles)
        self.world = self.world_array[0]
        other = start if isinstance(start, DrugPolicyModel) else None
        with rules_of_the_week(self, other) as module:
            if isinstance(start, Kept):
                take_back(self, start)
            elif other is not None:
                take_over(self, other)
            else:
                populate(self, told.threads)
        make_room(self.records.nbytes)
        found_institutions(self, told.budgets or {})
        if isinstance(start, Kept):
            self.outcomes.take_over(counts_of(start, self.outcomes))
        elif other is not None:
            remember(self, other)
        self.bills = Bills(self.institutions, self.outcomes, self.parameters, self.one_in)
        self.handed_out = PersonAgents(self)
        self.engine = start_engine(self, told.threads, module)
        self.own_stocks = OwnStocks(self.outcomes.own_stocks, self.roles, counting, self.state.rest)
        if start is None or (other is not None and other.roles != self.roles):
            self.friend_counts.begin()
        self.datacollector = headline_collector(self.outcomes.own)
        self.running = True
        self._leave_mesa()
        self.handed, self.usual_holders = False, self._holders()
        self.built_with = frozenset(vars(self)) - added_before | {"built_with"}

    def step(self) -> None:
        """One week: institutions act, people live it, services admit, courts decide, everything is counted."""
        if self.week >= self.last_week:
            self.running = False
            return
        raise_if_interrupted()
        week = self.week
        self.world["week"] = week
        entered = self._let_in(week)
        if week % WEEKS_PER_YEAR == 0:
            take_census(self)
        self._set_policies()
        for institution in self.institutions:
            institution.act(week)
        if self.own_institutions:
            check_met(self)
        # Whoever holds the table of people may read or write it at any time: then everybody lives every week.
        self.state.rest.allowed = not self.handed and self._holders() <= self.usual_holders
        self.handed = False
        found = self.engine.run(self.state, week, entered, self.buffers)
        self.outcomes.count_groups(week, self.records, self.places, entered)
        touched = settle(self, week, found)
        costs = [purse.memory["spent_this_week"] for purse in self.purses.values()]
        figures = self.outcomes.figures[week]
        for institution in self.telling:
            institution.tell(figures)
        self.outcomes.record(week, self.records, self.places, touched, found.stocks, found.sums, costs)
        self.bills.present()
        self.peers.update(touched)
        self.friend_counts.update(touched, week)
        self.outcomes.record_own(week, self.records, self.places, self.own_stocks.holding(self.records, entered))
        if self.engine_name == "python":
            self.handed_out.change_roles(touched)
        self.week += 1
        self.running = self.week < self.last_week
        self._leave_mesa()
        self.handed_out.collect(self.datacollector)

    @property
    def people(self) -> np.ndarray:
        """Everyone, shape (n,), the record of policysim.agents.people.person; to be read and written between weeks.

        Nobody is at rest then, nor in the week after; for reading a few numbers every week `outcomes` is faster.
        """
        if "state" in vars(self) and not self.handed:
            self.handed = True
            self.state.rest.rouse()
        return self.records

    def look(self) -> np.ndarray:
        """Everyone as in `people`, to be read and not written: for this nobody at rest is woken.

        Take it anew each week: while somebody holds it, nobody goes to rest.
        """
        self.state.rest.make_up()
        everyone = self.records.view()
        everyone.flags.writeable = False
        return everyone

    def _holders(self) -> int:
        """How many hold the table of people, or a part of it."""
        return sys.getrefcount(self.records)

    agents_by_type = property(agents_by_class)

    def _repr_html_(self) -> str:
        """For a notebook: what is lived, how far it is, and what has happened so far."""
        return model_card(self)

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
            self.records["present"][new] = True
            self.records["life"][new] = Life.PRESENT
            self.peers.update(new)
            self.friend_counts.tell(new, week - 1)
            if self.engine_name == "python":
                self.handed_out.admit(new)
        return entered

    def _set_policies(self) -> None:
        """Pull the regime's levers as far as they have ramped up; during burn-in none."""
        if self.delivered is self.regime:
            return
        week = self.week_of_run
        levers = self.regime.levers.values() if week >= 0 else ()
        self.delivered = self.regime if week >= 0 and all(lever.stays_from(week) for lever in levers) else None
        levels = tuple(lever.level(week) for lever in levers)
        if levels == self.levels:
            return
        self.levels = levels
        for institution in self.institutions:
            institution.return_to_usual()
        for lever, level in zip(levers, levels, strict=True):
            if level > 0:
                self._pull(lever, level)
        for institution in self.institutions:
            institution.plan()

    def _pull(self, lever: Lever, level: float) -> None:
        """A lever is given the policies of the institutions that it acts on, and nothing else."""
        for institution in self.institutions:
            if isinstance(institution, lever.acts_on):
                lever.pull_at(institution, level)

    def decide(self, name: str, rows: np.ndarray, choices: np.ndarray) -> None:
        """An institution's decision on these people (see policysim.agents.institutions.own.met_by)."""
        if rows.size:
            self.engine.decide(self.state, name, self.week, rows.astype(np.int64, copy=False), choices)

    def luck_of(self, name: str, rows: np.ndarray, week: int) -> np.ndarray:
        """Draws for an institution's own decisions about these rows, keyed by name, row and week."""
        return uniforms(key_of(self.run_seed, name), rows, counter(week)) if rows.size else np.zeros(0)

    def area_of_row(self, rows: np.ndarray) -> np.ndarray:
        """Which authority each of these people lives in: nobody moves."""
        return self.areas_of_people[rows]

    def turned_ten(self, week: int) -> np.ndarray:
        """Rows of those who entered with a week of the model; in its first all who are there."""
        entered = self.roster.entered
        return np.arange(int(entered[max(week - 1, 0)]), int(entered[week]))

    def children_of(self, rows: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
        """Of these people, or one, each child who lives or will live with them: rows of parents, and of children beside them."""
        return children_of(self.peers.ties, self.records, np.atleast_1d(rows), self.state.rest.make_up)

    def parents_of(self, rows: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
        """Of these people, or one, each parent with whom they live: rows of children, and of parents beside them."""
        return parents_of(self.peers.ties, self.records, np.atleast_1d(rows), self.state.rest.make_up)

    def person(self, row: int) -> Any:
        """One person as a Mesa agent, in either engine; raises UserError if nobody has that number."""
        return self.handed_out.person(row)

    def sample(self, n: int) -> list:
        """About n people who are present, spread evenly over the roster, as Mesa agents; raises UserError for no number."""
        present = np.flatnonzero(self.records["present"])
        n = min(whole("n", n), present.size)
        chosen = present[np.unique(np.linspace(0, present.size - 1, n).astype(np.int64))]
        return [self.person(int(row)) for row in chosen]

    def save(self, path: str | Path) -> None:
        """Keep the model in a file, as it stands between two weeks; what `load` makes of it goes on to the same bits.

        Raises UserError where the file cannot be written, and for what a file cannot hold: it holds numbers, text, lists,
        tables and arrays, and names classes and functions by their modules.
        """
        write(path, kept_of(self), rest_of(self))

    @classmethod
    def load(cls, path: str | Path, engine: str | None = None, threads: int | None = None) -> Self:
        """The model that `save` kept, in the same engine and on as many threads unless others are given.

        Nothing that stands in the file is run; modules of classes that it names are imported. Raises UserError for a file
        that is none, is damaged, or comes from another version of the model or of those classes.
        """
        kept, rest = read(path, cls)
        given = {name: value for name, value in (("engine", engine), ("threads", threads)) if value is not None}
        model = _made_anew(replace(kept, told=kept.told.model_copy(update=given)))
        give_back(model, rest)
        return model

    def __reduce__(self) -> tuple:
        """For pickle and copy.deepcopy."""
        return _made_anew, (kept_of(self),), rest_of(self)

    def __setstate__(self, rest: dict[str, Any]) -> None:
        give_back(self, rest)

    def __copy__(self) -> Self:
        """Two models that share their people would be no two models: a copy is a deep one."""
        return deepcopy(self)

    def close(self) -> None:
        """Let go of threads and of what Mesa would otherwise keep alive."""
        self.engine.close()
        self._leave_mesa()

    def _leave_mesa(self) -> None:
        """Mesa counts the agents of every model in a table that would keep the model for ever; ours have own numbers."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)


def _made_anew(kept: Kept) -> DrugPolicyModel:
    """A model from what was kept of it, before its objects are told what they held."""
    model = kept.kind.__new__(kept.kind)
    model._build(kept.told, kept.people_classes, kept.counting, kept, {})
    return model
