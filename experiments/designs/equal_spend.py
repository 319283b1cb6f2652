"""Every regime at equal spend: how far each must be scaled so that it spends so much public money a year.

The scale is found by pilot runs: of the first seeds of the comparison, with its people, horizon and numbers, so that unit
costs, limits of capacity, savings and the weeks to begin are all in them. First each regime is run at half and at its full
reach; then, three times at most, where a straight line between the two nearest pilots meets the money, or in the middle.
What comes out is the same for the same scenario; it is as precise as `NEAR` says where a try came so near, and misses the
money by as much as later seeds spend otherwise than the first.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError
from policysim.experiments.analysis.numbers import number
from policysim.experiments.analysis.wording import listed, plural
from policysim.experiments.running.files import SCENARIO
from policysim.experiments.running.plan import Task, plan
from policysim.experiments.running.progress import Progress, Tell
from policysim.experiments.running.runner import run
from policysim.experiments.running.seed import Observer, live
from policysim.experiments.running.settings import shared_settings
from policysim.model import DrugPolicyModel
from policysim.scenarios.equal_spend import SUFFIX, at_scale, most, wanted
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.scenarios.scenario import Scenario, kept_scenario
from policysim.vocabulary.exact import total
from policysim.vocabulary.purses import PURSES
from policysim.vocabulary.time import WEEKS_PER_YEAR

PILOTS = 2
"""Seeds of a pilot, the first of the comparison; no more than it has."""
FIRST = (0.5, 1.0)
"""Shares of its full reach at which a regime is tried first; 0 is the status quo."""
LATER = 3
"""Further tries: where the straight line meets the money, and every second time in the middle, which a bend cannot fool."""
NEAR = 0.01
"""A try is near enough that misses the money by no more than this share of what lies between no reach and full reach."""
PUBLIC = [PURSES.index(column.removeprefix("cost_")) for column in OUTCOMES["spending"].columns]
"""Columns of the purses that are public money: all but that of business."""


@dataclass
class Search:
    """What a regime spent in a year, by scale, and the scale that meets the money."""

    regime: Regime
    money: float
    spent: dict[float, float] = field(default_factory=dict)

    @property
    def tolerance(self) -> float:
        """How far from the money a pilot may be."""
        return NEAR * (max(self.spent.values()) - min(self.spent.values()))

    @property
    def can_meet(self) -> bool:
        """Whether the money lies between what it spends at least and at most."""
        low, high = min(self.spent.values()), max(self.spent.values())
        return low - self.tolerance <= self.money <= high + self.tolerance

    @property
    def met(self) -> float | None:
        """The largest scale that was tried and is near enough."""
        near = [scale for scale, spent in self.spent.items() if abs(spent - self.money) <= self.tolerance]
        return max(near, default=None)

    def between(self, middle: bool = False) -> float:
        """Where a straight line between two neighbouring tries meets the money, or their middle; the largest such place."""
        found = min(self.spent, key=lambda scale: abs(self.spent[scale] - self.money))
        for low, high in pairwise(sorted(self.spent)):
            below, above = self.spent[low] - self.money, self.spent[high] - self.money
            if below * above <= 0 and below != above:
                found = (low + high) / 2 if middle else low + (high - low) * below / (below - above)
        return found

    @property
    def scale(self) -> float:
        """The scale at which the regime spends the money, as far as the tries say."""
        met = self.met
        return self.between() if met is None else met


class Spending(Observer):
    """Public money that each run spends in a year (GBP), by the name of its regime."""

    def __init__(self) -> None:
        self.found: dict[str, float] = {}

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        weeks = model.outcomes.costs[model.burn_in_weeks : model.last_week, PUBLIC]
        self.found[regime.id] = total(weeks) * WEEKS_PER_YEAR / len(weeks)


def spending_of(task: Task, tell: Tell) -> dict[str, float]:
    """What each run of a task spends in a year."""
    observer = Spending()
    live(task, observer, tell)
    return observer.found


def at_equal_spend(
    scenario: Scenario,
    out: Path | None = None,
    threads: int = 1,
    engine: str = "compiled",
    progress: Callable[[Progress], None] | None = None,
) -> Scenario:
    """The scenario with every regime scaled to its equal spend, ready to be run; raises UserError where one cannot spend it.

    out: a folder that may hold the same comparison, whose scales are then taken. The status quo stays as it is.
    """
    if not scenario.unscaled:
        return scenario
    found = _kept(scenario, out)
    todo = [one for one in scenario.unscaled if one.id not in found]
    if todo:
        found |= {one.regime.id: one.scale for one in search(scenario, todo, threads, engine, progress)}
    regimes = [at_scale(one, found[one.id]) if one in scenario.unscaled else one for one in scenario.regimes]
    scales = dict(scenario.scales) | {id + SUFFIX: scale for id, scale in found.items()}
    return scenario.model_copy(update={"regimes": regimes, "scales": scales})


def _kept(scenario: Scenario, out: Path | None) -> dict[str, float]:
    """Scales that were found before for the same question, by regime."""
    try:
        there = kept_scenario(Path(out) / SCENARIO) if out is not None else None
    except UserError:
        return {}
    if there is None or there.equal_spend != scenario.equal_spend or there.seed != scenario.seed:
        return {}
    if shared_settings(there) != shared_settings(scenario) or _pilots(there) != _pilots(scenario):
        return {}
    before = {one.id: one for one in there.regimes}
    found = {}
    for one in scenario.unscaled:
        scale = there.scales.get(one.id + SUFFIX)
        if scale is not None and before.get(one.id + SUFFIX) == at_scale(one, scale):
            found[one.id] = scale
    return found


def _pilots(scenario: Scenario) -> int:
    return min(PILOTS, scenario.replicates)


def search(
    scenario: Scenario,
    regimes: list[Regime],
    threads: int = 1,
    engine: str = "compiled",
    progress: Callable[[Progress], None] | None = None,
) -> list[Search]:
    """Try each regime at some scales until it spends the money; raises UserError where it cannot."""
    tries = [(one, share * most(one)) for one in regimes for share in FIRST]
    today, spent = _spent(scenario, tries, threads, engine, progress)
    money = wanted(scenario.equal_spend if scenario.equal_spend is not None else STATUS_QUO, today)
    searches = [Search(one, money, {0.0: today}) for one in regimes]
    by_id = {one.regime.id: one for one in searches}
    for (regime, scale), found in zip(tries, spent, strict=True):
        by_id[regime.id].spent[scale] = found
    _check(searches, today, _pilots(scenario))
    for later in range(LATER):
        tries = [(one.regime, one.between(middle=later % 2 == 1)) for one in searches if one.met is None]
        if not tries:
            break
        _, spent = _spent(scenario, tries, threads, engine, progress)
        for (regime, scale), found in zip(tries, spent, strict=True):
            by_id[regime.id].spent[scale] = found
    return searches


def _spent(
    scenario: Scenario,
    tries: list[tuple[Regime, float]],
    threads: int,
    engine: str,
    progress: Callable[[Progress], None] | None,
) -> tuple[float, list[float]]:
    """Public money a year that the status quo spends, and each regime at its scale: means over the pilots' seeds."""
    scaled = [at_scale(one, scale, f"try-{k}", f"try {k}") for k, (one, scale) in enumerate(tries)]
    asked = {"regimes": (STATUS_QUO, *scaled), "replicates": _pilots(scenario), "uncertainty": 0}
    planned = plan(scenario.model_copy(update=asked | {"equal_spend": None, "scales": {}}), None, engine, threads)
    found = run(partial(spending_of), planned.tasks, planned.workers, progress)
    means = {id: sum(one[id] for one in found) / len(found) for id in found[0]}
    return means[STATUS_QUO], [means[one.id] for one in scaled]


def _check(searches: list[Search], today: float, pilots: int) -> None:
    """Raises UserError, in one sentence, for money that regimes cannot spend or cannot do with."""
    cannot = [one for one in searches if not one.can_meet]
    if not cannot:
        return
    told = listed([f"{one.regime.id} spends £{_ends(one)}" for one in cannot])
    raise UserError(
        f"equal spend of {number(cannot[0].money, True)} a year cannot be met: between none and all of its reach {told} a year "
        f"(the status quo {number(today, True)}; pilot runs of {plural(pilots, 'seed')})"
    )


def _ends(one: Search) -> str:
    low, high = min(one.spent.values()), max(one.spent.values())
    return f"{number(low, True).removeprefix('£')} to {number(high, True).removeprefix('£')}"
