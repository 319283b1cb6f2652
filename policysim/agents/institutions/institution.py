"""An institution: an ordinary Mesa agent with a policy that levers set and a memory of what it did."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, ClassVar, Self

import numpy as np

from policysim.engine.declaring import check_is_declared
from policysim.engine.fields import Field, fields_of
from policysim.engine.light_mesa import mesa
from policysim.engine.luck import counter, one_of
from policysim.engine.week import Pass
from policysim.evidence.registry import Parameters
from policysim.vocabulary.exact import log
from policysim.vocabulary.mark import Mark
from policysim.vocabulary.rows import Those
from policysim.vocabulary.stocks import Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR

NOT_ITS_OWN = frozenset({"model", "unique_id", "pos", "bill", "met", "noted"})
"""What an institution is not kept with: what Mesa holds, and what follows from all else."""


class Decided(Field):
    """A field of `here` or of the world that is the institution's policy of the same name, as it stands.

    Any other field the institution works out: in `plan` what follows from policies alone, in `act` what every week changes.
    """


@dataclass(frozen=True)
class Cost:
    """One row of what an institution pays for: so much of something last week, at its unit cost in the registry."""

    unit: str
    """Id of the unit cost (GBP)."""
    purse: str
    of: tuple
    """What is counted: events of last week (`Mark`), people at a time (`Stock`), or names of the institution's own
    methods or, where it has none of that name, of parts of its policy: quantities at the scale of the place."""
    by_the_year: bool = False
    """Whether the unit cost is of a year; a week then costs a part of it."""
    on_delivery: bool = False
    """Whether the institution itself pays it when it delivers, so that it may deliver no more than is paid for."""
    at_will: bool = False
    """Whether the institution could leave it: what cannot be paid of it is not done in the week after (`shares_paid`)."""
    price: float | None = None
    """The unit cost itself (GBP), for what is no row of the registry: an institution of one's own."""

    def priced(self, parameters: Parameters) -> float:
        """The unit cost (GBP)."""
        return parameters[self.unit] if self.price is None else self.price


class Institution(mesa.Agent):
    """Reads last week's counts, acts on what people will meet, and remembers.

    Its file says what it can decide (its policy), what people meet of it (`here`, `world`), what it pays for, which
    decisions it takes on people, and what it does (`act`). `usual` is its policy when no lever is pulled; `policy` is
    this week's, set by levers; `memory` holds all else that changes, in plain values, so that a burnt-in place can be
    kept and started from again.
    """

    here: ClassVar[type | None] = None
    """What people meet of it where they live: a class of `Field`s, part of every row of `here`."""
    world: ClassVar[type | None] = None
    """What people meet of it wherever they live: a class of `Field`s, part of the world."""
    person: ClassVar[type | None] = None
    """What its decisions note on people, for one of one's own: a class of `Field`s, part of everyone's record."""
    usual: Any = None
    """Its policy when no lever is pulled; one of one's own says it in its class, as in `usual = DropInPolicy()`."""
    in_each_authority: ClassVar[bool] = False
    """Of one of one's own: whether there is one for each authority, and not one for the whole place."""
    costs: ClassVar[tuple[Cost, ...]] = ()
    """What it pays for, each unit cost once."""
    decisions: ClassVar[tuple[Callable, ...]] = ()
    """What it may decide about a person: helpers `(self, here, world, luck, choice)`, called by `model.decide`."""
    marks: ClassVar[tuple[type[Mark], ...]] = ()
    """What its decisions alone can leave on a person, where no part of life has a mark for it: counted and told as others
    are. Each is a field of everyone."""
    cost_of: ClassVar[dict[str, Cost]] = {}
    """Its costs by unit cost."""
    paid_weekly: ClassVar[tuple[Cost, ...]] = ()
    """Those of them that `act` pays."""
    reckoned_weekly: ClassVar[tuple[Cost, ...]] = ()
    """Those of these that `act` has to look at though nothing of what people were counted by came to anything."""
    on_the_bill: ClassVar[frozenset[str]] = frozenset()
    """The unit costs of what is counted of people alone."""
    bill: dict[str, float] | None = None
    """What it pays for that people were counted by last week (GBP by unit cost): see policysim.agents.institutions.bills."""

    def __init_subclass__(cls, **options) -> None:
        super().__init_subclass__(**options)
        cls.cost_of = {cost.unit: cost for cost in cls.costs}
        cls.paid_weekly = tuple(cost for cost in cls.costs if not cost.on_delivery)
        cls.on_the_bill = frozenset(
            cost.unit for cost in cls.costs if not any(isinstance(what, str) for what in cost.of)
        )
        cls.reckoned_weekly = tuple(
            cost for cost in cls.paid_weekly if cost.at_will or cost.unit not in cls.on_the_bill
        )

    def __init__(self, model, name: str = "", area: int = -1, policy=None):
        """`area` is the index of the authority served, -1 for the whole place."""
        super().__init__(model)
        self.unique_id = -len(model.institutions) - 1  # people own the numbers from 0 upwards
        self.name, self.area = name or type(self).__name__, area
        self.usual = self.policy = self.usual if policy is None else policy
        self.return_to_usual()  # from the first week on a copy: levers move the one, never the other
        self.memory: dict = {}
        self.shares_paid: dict[str, float] = {}
        self.met: dict[str, float | bytes] = {}
        self.noted: dict = {}  # from what it last worked something out, where that mostly stands for weeks; never kept

    def return_to_usual(self) -> None:
        """Forget every lever."""
        if self.usual is not None:
            self.policy = replace(self.usual)

    def plan(self) -> None:
        """Set what follows from policies alone, whenever levers have moved one; a kind of institution adds to it."""
        for name in decided(self.here):
            self.model.places[name][self.neighbourhoods] = getattr(self.policy, name)
        for name in decided(self.world):
            self.model.world[name] = getattr(self.policy, name)

    def meet(self, **met: float) -> None:
        """Set what people meet of it, the same wherever it serves; in most weeks that is what it was."""
        if met.items() <= self.met.items():
            return
        for name, value in met.items():
            if self.met.get(name) != value:
                check_is_declared(type(self), name, self.model.places.dtype.names)
                self.met[name] = value
                self.model.places[name][self.neighbourhoods] = value

    def meet_by_authority(self, **met: np.ndarray) -> None:
        """Set what people meet of it where it serves the whole place, by the authority in which they live."""
        for name, numbers in met.items():
            if self.met.get(name) != (told := numbers.tobytes()):
                check_is_declared(type(self), name, self.model.places.dtype.names)
                self.met[name] = told
                self.model.places[name] = numbers[self.model.places["area"]]

    @property
    def neighbourhoods(self) -> slice:
        """Which rows of `places` it serves."""
        return self.model.areas_of[self.area] if self.area >= 0 else slice(None)

    def last_week(self, mark: Mark) -> int:
        """How many people in the area carried this mark last week."""
        outcomes = self.model.outcomes
        return outcomes.at_hand[self.area][outcomes.column_of[mark._name_]]

    def stock(self, stock: Stock) -> int:
        """How many people in the area were in this state when last counted."""
        outcomes = self.model.outcomes
        return outcomes.at_hand[self.area][outcomes.first_stock + stock]

    def whole(self, name: str, wanted: float, week: int = 0) -> int:
        """So many people of the model as a whole number; what is left over is one more by a luck of its own.

        The same in every week unless a week is given. Cut off, a few places would be none where a person stands for many.
        """
        whole = int(wanted)
        if wanted == whole:
            return whole
        when, own = self.noted.get(name, (-1, 0.0))
        if when != week:
            own = one_of(self.model.run_seed, f"{name} of an authority", max(self.area, 0), counter(week))
            self.noted[name] = week, own
        return whole + (own < wanted - whole)

    def census(self, people: Those) -> None:
        """Look at the people present in the area, once a year (everyone, for an institution of the whole place)."""

    def take_over(self, other: "Institution") -> None:
        """Become what the same institution had become in a model that this one starts from."""
        self.memory = deepcopy(other.memory)

    def what_it_is(self) -> dict:
        """All that it holds itself, for a model that is saved or copied: whatever a kind of institution may add."""
        return {name: value for name, value in vars(self).items() if name not in NOT_ITS_OWN}

    def __reduce__(self):
        """It goes with its model, whose institutions are founded anew and then told what they are."""
        return _institution_of, (self.model, self.unique_id)

    def look_back(self, week: int, found: Pass) -> np.ndarray:  # type: ignore[empty-body]
        """Decide about people once the week is lived; returns the rows decided about (services admit by `admit`).

        A kind that decides about nobody leaves this out, and is not asked.
        """

    @classmethod
    def look_back_together(cls, institutions: "Sequence[Self]", week: int, found: Pass) -> list[np.ndarray]:
        """What all institutions of a kind decide once the week is lived; returns the rows decided about.

        Each by itself, unless the kind asks people of the whole place at once (policysim.agents.institutions.together).
        """
        return [each.look_back(week, found) for each in institutions]

    def tell(self, figures: np.ndarray) -> None:
        """Tell this week's figures of its own, shape (areas, figures), in units of as many as a simulated person stands for."""

    def act(self, week: int) -> None:
        """Pay for last week, as declared; a kind of institution adds what people will meet this week."""
        for cost in self.reckoned_weekly if self.bill == {} else self.paid_weekly:
            purse = self.model.purses[cost.purse]
            if cost.at_will:
                self.shares_paid[cost.unit] = purse.pay(self.amount(cost))
            else:
                purse.owe(self.amount(cost))

    def charge(self, *units: str) -> float:
        """Have these rows of its costs paid together, from the one purse they name; returns the share that was paid."""
        amount, bill = 0.0, self.bill
        for unit in units:
            if unit in self.on_the_bill and bill is not None:
                amount += bill.get(unit, 0.0)
            else:
                amount += self.amount(self.cost_of[unit])
        return self.model.purses[self.cost_of[units[0]].purse].pay(amount)

    def amount(self, cost: Cost) -> float:
        """What a row comes to this week, in GBP at the scale of the place."""
        if self.bill is not None and cost.unit in self.on_the_bill:
            return self.bill.get(cost.unit, 0.0)
        model, quantity = self.model, 0.0
        for what in cost.of:
            if isinstance(what, str):
                method = getattr(self, what, None)
                quantity += getattr(self.policy, what) if method is None else method()
            else:
                quantity += model.outcomes.last_count(what, self.area) * model.one_in
        if not quantity:  # most rows in most weeks
            return 0.0
        amount = quantity * cost.priced(model.parameters)
        return amount / WEEKS_PER_YEAR if cost.by_the_year else amount


def _institution_of(model, unique_id: int) -> Institution:
    return model.institutions[-unique_id - 1]


@lru_cache(maxsize=1024)  # asked for every week, and another only where a lever moves
def hazard_of(share: float, years: float) -> float:
    """The hazard by which such a share of people is reached within so many years (hazard per week)."""
    return -log(1 - share) / (years * WEEKS_PER_YEAR)


@cache
def decided(record: type | None) -> tuple[str, ...]:
    """The fields of a record that are policies as they stand."""
    fields = fields_of([record]) if record else {}
    return tuple(name for name, field in fields.items() if isinstance(field, Decided))


def decided_fields(institution: Institution) -> list[Field]:
    """The fields that are this institution's policies as they stand, with their ranges."""
    records = (institution.here, institution.world)
    return [getattr(record, name) for record in records for name in decided(record)]
