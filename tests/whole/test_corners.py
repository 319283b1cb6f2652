"""Every joint corner of the registry's ranges runs, or is refused in a sentence before it does.

In a corner each number is at its low or its high. What comes of a run there is finite, its shares lie in 0 .. 1 and no
hazard is below zero, with every warning of NumPy's an error.
"""

import warnings
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import numpy as np
import pytest
from small_worlds import regime

from policysim.agents.institutions.catalogue import HERE, WORLD
from policysim.engine.compiler import compile_week
from policysim.engine.fields import fields_of
from policysim.errors import UserError
from policysim.evidence.registry import SHARES, Parameters, registry
from policysim.evidence.relations import LIMITS, UNIT_LIMITS
from policysim.model import DrugPolicyModel, building
from policysim.scenarios.regime import STATUS_QUO, Regime

WEEKS = 8
RANDOM_CORNERS = 200
NEVER_BELOW_0 = SHARES | {"hazard per week", "ratio", "count", "people", "weeks", "years"}
# A lever at its highest asks most of what the numbers allow: skills lessons for every pupil, above all.
FULL = regime(
    skills_programme={"ramp_weeks": 0}, scare_tactics={"ramp_weeks": 0},
    consumption_room={"ramp_weeks": 0, "rooms": 2}, take_home_naloxone={"ramp_weeks": 0, "kits_per_100": 500},
    needle_exchange={"ramp_weeks": 0, "supplied": 1.0}, police_naloxone={"ramp_weeks": 0, "carried": 1.0},
    test_on_arrest={"ramp_weeks": 0, "tested": 1.0, "referred": 1.0}, hot_spot_patrol={"ramp_weeks": 0, "intensity": 3.0},
    pre_arrest_diversion={"ramp_weeks": 0, "offered": 1.0, "attendance": 1.0, "referral": 1.0},
    stop_and_search={"ramp_weeks": 0, "change": 3.0}, agonist_treatment={"ramp_weeks": 0, "change": 2.0, "outreach": 3.0},
    heroin_assisted_treatment={"ramp_weeks": 0, "places": 1000},
)  # fmt: skip
REGIMES = (FULL, STATUS_QUO, "enforcement-only", "multi-component")
# As many dependent people as leave no rule idle among so few; the corners without it are those of the ranges alone.
CROWDED = {"ocu_per_1000": 250.0}


@pytest.fixture(scope="module")
def compiled_once() -> Iterator[None]:
    """Numbers are data: the rules are the same in every corner, and finding them again would take most of the time."""
    kept: dict = {}

    def once(roles, decisions, dtypes, *others: Any):
        if dtypes not in kept:
            kept[dtypes] = compile_week(roles, decisions, dtypes, *others)
        return nullcontext(kept[dtypes])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "compiling_week", once)
        DrugPolicyModel(seed=1, people=100, years=1).close()
        yield


def corner(high: np.ndarray) -> dict[str, float]:
    """Every number at its high where this says so, else at its low; those without a range stay as they are."""
    ends = ((key, (p.low, p.high)[int(up)]) for (key, p), up in zip(registry().items(), high, strict=True))
    return {key: end for key, end in ends if end is not None}


def lived(changes: dict[str, float], which: str | Regime, seed: int, under: Any = "raise") -> DrugPolicyModel:
    """A hundred and fifty people after some weeks; whatever NumPy would warn of is an error."""
    with warnings.catch_warnings(), np.errstate(all="raise", under=under):
        warnings.simplefilter("error")
        made = DrugPolicyModel(
            "west-midlands", which, people=150, years=1, seed=seed, parameters=changes, beyond_ranges=True
        )
        for _ in range(WEEKS):
            made.step()
        made.close()
    return made


def meaningless(model: DrugPolicyModel) -> list[str]:
    """Fields that hold what no such number can be."""
    records = ((model.people, model.roles), (model.places, [HERE]), (model.world_array, [WORLD]))
    found = [
        f"{name} ({field.unit})"
        for record, classes in records
        for name, field in fields_of(classes).items()
        if record[name].dtype.kind == "f" and not _may_be(record[name], field.unit)
    ]
    found += [name for name, table in model.parameters.tables.items() if not np.isfinite(table).all()]
    outcomes = model.outcomes
    return found + [name for name in ("sums", "costs") if not np.isfinite(getattr(outcomes, name)).all()]


def _may_be(values: np.ndarray, unit: str) -> bool:
    if not np.isfinite(values).all() or (unit in NEVER_BELOW_0 and (values < 0).any()):
        return False
    return unit not in SHARES or bool((values <= 1).all())


def refused(changes: dict[str, float]) -> str:
    """The sentence by which these numbers are refused before anything is made; empty where they are not."""
    try:
        Parameters(changes)
    except UserError as error:
        return str(error)
    return ""


@pytest.mark.slow
@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("which", range(len(REGIMES)))
def test_all_low_and_all_high_run_or_are_refused(end, which, compiled_once):
    changes = corner(np.full(len(registry()), end == "high"))
    sentence = refused(changes)
    if sentence:
        assert "contradict each other" in sentence
        changes = corner_that_agrees(np.full(len(registry()), end == "high"))
    assert meaningless(lived(changes, REGIMES[which], seed=1)) == []
    assert meaningless(lived(changes | CROWDED, REGIMES[which], seed=1)) == []


def corner_that_agrees(high: np.ndarray) -> dict[str, float]:
    """The same corner with as few numbers as need be at their other end, one of each pair that cannot be together."""
    high, order = high.copy(), list(registry())
    while sentence := refused(corner(high)):
        other = sentence.split(" and ")[1].split(" = ")[0]
        high[order.index(other)] ^= True
    return corner(high)


@pytest.mark.slow
@pytest.mark.parametrize("name", LIMITS)
def test_a_number_at_its_limit_runs(name, compiled_once):
    limit = LIMITS[name]
    for edge in {edge for edge in (limit.least, limit.most) if np.isfinite(edge)}:
        changes = {key: edge for key, row in registry().items() if row.name == name}  # of a table every number
        if name == "friend_reach_adult":
            changes["friend_reach_young"] = edge  # the young reach no further
        assert meaningless(lived(changes | CROWDED, FULL, seed=2)) == [], edge


@pytest.mark.slow
@pytest.mark.parametrize(("unit", "end"), [("log ratio", "least"), ("log ratio", "most"), ("weeks", "most")])
def test_numbers_at_the_limit_of_their_unit_run(unit, end, compiled_once):
    edge = getattr(UNIT_LIMITS[unit], end)
    changes = {key: edge for key, row in registry().items() if row.unit.startswith(unit) and row.name not in LIMITS}
    if unit == "log ratio":
        by_age = {key: row.name for key, row in registry().items() if row.unit == "log ratio per year"}
        changes |= {key: min(LIMITS[name].most if name in LIMITS else 1.0, 1.0) for key, name in by_age.items()}
    # A share of a cohort may become too small to be told from none.
    assert meaningless(lived(changes | CROWDED, FULL, seed=2, under="ignore")) == []


@pytest.mark.long
@pytest.mark.slow
def test_random_corners_run_or_are_refused_before_they_do(compiled_once):
    rng = np.random.default_rng(20)
    ran = contradicted = 0
    while ran < RANDOM_CORNERS:
        changes = corner(rng.random(len(registry())) < 0.5)
        sentence = refused(changes)
        if sentence:
            contradicted += 1
            assert "contradict each other" in sentence
            with pytest.raises(UserError, match="contradict each other"):
                DrugPolicyModel(seed=1, people=150, parameters=changes)
            continue
        regime_of_it = REGIMES[ran % len(REGIMES)]
        busy = CROWDED if ran // len(REGIMES) % 2 else {}
        assert meaningless(lived(changes | busy, regime_of_it, seed=ran)) == [], changes
        ran += 1
    assert 0 < contradicted < 4 * RANDOM_CORNERS, "few corners would be left to run"
