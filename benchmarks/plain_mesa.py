"""The same rules as an ordinary Mesa model, to be timed against: agents in Python, `self.random`, no compiler.

It starts from the people, ties and institutions of a DrugPolicyModel. What institutions set (`here`, `world`) stays as
it was then; services still fill their places, courts hear everyone who is charged, prison has room for all. So it does
less than the model it is compared with, and the comparison errs in its favour.
"""

from collections import Counter
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np

from policysim.benchmarks.plain_life import MOST_USING_TIES
from policysim.benchmarks.plain_person import PlainPerson
from policysim.model import DrugPolicyModel
from policysim.vocabulary.mark import Mark
from policysim.vocabulary.states import Care, Charge, Company, Life, Substance, Use

MET = 4
"""People met for each tie of use that is sought; the one nearest in age is chosen."""


class PlainMesaModel(mesa.Model):
    """A week is `step()`; what happened is in `counts` (by Mark), `expected_deaths` and `expected_offences`."""

    def __init__(self, start: DrugPolicyModel, seed: int = 1):
        super().__init__(rng=seed)
        self.week = start.week
        self.world = _plain(start.world)
        self.here = [_plain(row) for row in start.places]
        self.counts: Counter[Mark] = Counter()
        self.expected_deaths = self.expected_offences = 0.0
        # Dicts, not sets: their order, and with it the luck of a seed, is the same in every process.
        self.waiting: dict[int, PlainPerson] = {}
        self.charged: dict[int, PlainPerson] = {}
        self.treated: dict[int, PlainPerson] = {}
        self.near: list[list[int]] = start.near.tolist()
        self.changed: dict[int, PlainPerson] = {}  # whose dependence did, this week
        self.heroin_or_crack: list[dict[int, PlainPerson]] = [{} for _ in self.here]
        kinds = (Care.AGONIST, Care.PSYCHOSOCIAL)
        self.places = {(service.area, care): service.places(care) for service in start.services for care in kinds}
        self._settle(start)

    # --- building -------------------------------------------------------------------------------------------------
    def _settle(self, start: DrugPolicyModel) -> None:
        """Everyone present, and those who will turn ten, with their ties."""
        people, self.by_row = start.people, dict[int, PlainPerson]()
        self.ties_of, self.roster = start.peers.ties.of, people
        self.entered = start.roster.entered.tolist()
        self.next_row = self.entered[max(self.week - 1, 0)]
        for row in np.flatnonzero(people["present"][: self.next_row]).tolist():
            self._add(row)
        for row, person in self.by_row.items():
            person.using_friends = [self.by_row[k] for k in start.peers.using.of(row).tolist() if k in self.by_row]
            if person.opiate_or_crack():
                self.heroin_or_crack[person.neighbourhood][person.unique_id] = person
            if person.care == Care.WAITING:
                self.waiting[person.unique_id] = person
            elif person.care != Care.NONE:
                self.treated[person.unique_id] = person
            if person.charge != Charge.NONE:
                self.charged[person.unique_id] = person

    def _add(self, row: int) -> None:
        """One person of the roster comes in and befriends those of their friends who are there."""
        record = self.roster[row]
        traits = {name: record[name].tolist() for name in record.dtype.names}
        person = PlainPerson(self, traits, self.here[record["neighbourhood"]])
        person.present, person.life, person.peers_using = True, Life.PRESENT, [0] * len(Company)
        self.by_row[row] = person
        for other in self.ties_of(row).tolist():
            friend = self.by_row.get(other)
            if friend is not None and friend.present and friend is not person:
                person.friends.append(friend)
                friend.friends.append(person)
                person.meet(friend, 1)
                friend.meet(person, 1)

    # --- the week -------------------------------------------------------------------------------------------------
    def step(self) -> None:
        """One week: ten-year-olds come in, everyone lives it, services admit, courts sentence."""
        self.world.week = self.week
        for row in range(self.next_row, self.entered[self.week]):
            self._add(row)
        self.next_row = self.entered[self.week]
        self.agents.do("step")
        self.redraw_ties()
        self.admit()
        self.hear()
        self.week += 1

    def admit(self) -> None:
        """Services fill their places: the longest wait first."""
        self.treated = {k: p for k, p in self.treated.items() if p.present and p.care > Care.WAITING}
        self.waiting = {k: p for k, p in self.waiting.items() if p.present and p.care == Care.WAITING}
        free = Counter(self.places)
        free.subtract((person.here.area, Care(person.care)) for person in self.treated.values())
        queue = sorted(self.waiting.values(), key=lambda p: (-p.weeks_waiting, self.random.random()))
        for person in queue:
            care = Care.AGONIST if person.use[Substance.HEROIN] == Use.DEPENDENT else Care.PSYCHOSOCIAL
            if free[person.here.area, care] > 0:
                free[person.here.area, care] -= 1
                person.enter_treatment(care)
                self.treated[person.unique_id] = person

    def hear(self) -> None:
        """The court hears everyone whose case is due."""
        charged, self.charged = self.charged, {}
        for key, person in charged.items():
            if person.weeks_charged < self.world.hearing_weeks:
                self.charged[key] = person
            elif person.present and person.charge != Charge.NONE:
                person.be_sentenced()

    # --- ties of use ----------------------------------------------------------------------------------------------
    def redraw_ties(self) -> None:
        """Ties of use end with recovery and form when dependence on heroin or crack begins."""
        changed, self.changed = [person for person in self.changed.values() if person.present], {}
        for person in changed:
            if person.opiate_or_crack():
                self.heroin_or_crack[person.neighbourhood][person.unique_id] = person
            else:
                self.forget(person)
                person.untie()
        begun = [person for person in changed if person.opiate_or_crack() and not person.using_friends]
        for person in begun:
            for _ in range(int(self.world.using_ties / 2 + self.random.random())):
                self.tie(person)

    def tie(self, person: PlainPerson) -> None:
        """With the one nearest in age of a few met in the own or a near neighbourhood, else with anyone near."""
        met = [other for other in (self.meet(person) for _ in range(MET)) if other and self.may_tie(person, other)]
        if met:
            other = min(met, key=lambda one: abs(one.age - person.age))
        else:
            around = (person.neighbourhood, *self.near[person.neighbourhood])
            may = ([one for one in self.heroin_or_crack[k].values() if self.may_tie(person, one)] for k in around)
            nearest = next(filter(None, may), None)
            if nearest is None:
                return
            other = self.random.choice(nearest)
        person.using_friends.append(other)
        other.using_friends.append(person)

    def meet(self, person: PlainPerson) -> PlainPerson | None:
        """Someone dependent on heroin or crack who lives in the own or a near neighbourhood."""
        where = person.neighbourhood
        if self.random.random() >= self.world.using_same_neighbourhood:
            where = self.random.choice(self.near[where])
        living = self.heroin_or_crack[where]
        return self.random.choice(list(living.values())) if living else None

    def may_tie(self, person: PlainPerson, other: PlainPerson) -> bool:
        """Not tied yet, and both have room."""
        free = len(person.using_friends) < MOST_USING_TIES and len(other.using_friends) < MOST_USING_TIES
        return free and other is not person and other not in person.using_friends

    def forget(self, person: PlainPerson) -> None:
        """Someone died, left or recovered."""
        self.heroin_or_crack[person.neighbourhood].pop(person.unique_id, None)


def _plain(record: Any) -> SimpleNamespace:
    """A record's fields as plain Python numbers and lists."""
    return SimpleNamespace(**{name: record[name].tolist() for name in record.dtype.names})
