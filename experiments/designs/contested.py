"""The other reading of each contested question, as further arms of a comparison over the same seeds.

Each arm is a comparison like any other, of the same regimes, in a folder of its own: DIR/readings/QUESTION-READING. So it
is kept as it goes, goes on after a stop, and can be reported by itself; the reading holds for all of its regimes alike.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from policysim.counts.outcomes import OUTCOMES
from policysim.errors import UserError, tells_arguments
from policysim.experiments.analysis.contested import RANKED, Tried, Values, bearing_on, swaps, table_of
from policysim.experiments.analysis.estimates import over
from policysim.experiments.designs.compare import Comparison, Interrupted, compare
from policysim.experiments.running.files import RUNS_ARE_KEPT, SCENARIO, whole_or_not
from policysim.experiments.running.progress import Progress
from policysim.experiments.running.store import WEEKLY, Store
from policysim.scenarios.scenario import Scenario, kept_scenario
from policysim.vocabulary.reasons import shown

READINGS, SWAPS = "readings", "swaps.csv"
"""The folder of the arms, and the table in it of the pairs of regimes that change places."""


@tells_arguments
def try_readings(
    found: Comparison,
    replicates: int | None = None,
    threads: int | None = None,
    engine: str = "compiled",
    overwrite: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> list[Tried]:
    """Run the other reading of each question that the regimes of a comparison name, and say what it changes.

    replicates: seeds of these arms, the first of the comparison's, by default all. The other arguments are those of
    `compare`. Raises UserError, FailedRunsError and Interrupted; finished runs are kept, and the same call goes on.
    """
    most = found.scenario.replicates
    if replicates is not None and (isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 1):
        raise UserError(
            f"the replicates of the other readings must be a whole number from 1 on, not {shown(replicates)}"
        )
    if replicates is not None and replicates > most:
        raise UserError(f"the other readings take seeds of the comparison, {most} at most, not {replicates}")
    options: dict[str, Any] = {"threads": threads, "engine": engine, "overwrite": overwrite, "progress": progress}
    for one in bearing_on(found.scenario):
        try:
            compare(_arm(found.scenario, one, replicates or most), _folder(found.folder, one), **options)
        except Interrupted as stop:
            raise Interrupted(f"{stop} 'policysim compare' with --readings all goes on with all of them.") from None
    tried = what_turns(found.folder)
    path = found.folder / READINGS / SWAPS
    if path.parent.exists():
        with whole_or_not(path, also=RUNS_ARE_KEPT) as part:
            table_of(tried).to_csv(part, index=False, lineterminator="\n")
    return tried


def what_turns(folder: Path | str) -> list[Tried]:
    """Of the comparison in a folder: the contested questions that bear on it, and what their other readings change.

    Arms that were not run, or were run for another comparison, are none.
    """
    folder = Path(folder)
    scenario = kept_scenario(folder / SCENARIO)
    return [_tried(folder, scenario, one) for one in bearing_on(scenario)]


def _tried(folder: Path, scenario: Scenario, one: Tried) -> Tried:
    place = _folder(folder, one)
    try:
        arm = Store.found(place)
        if not arm.is_gathered() or _arm(scenario, one, arm.scenario.replicates) != arm.scenario:
            return one
        seeds = arm.scenario.replicates
        names = {regime.id: regime.name for regime in scenario.regimes}
        return replace(one, swaps=swaps(_values(folder), _values(place), names), seeds=seeds)
    except UserError:  # there is none
        return one


def _arm(scenario: Scenario, one: Tried, replicates: int) -> Scenario:
    """The same comparison under the other reading, for all of its regimes."""
    readings = dict(scenario.readings) | {one.switch.id: one.other.id}
    return scenario.model_copy(update={"readings": readings, "replicates": replicates, "uncertainty": 0})


def _folder(folder: Path, one: Tried) -> Path:
    return folder / READINGS / f"{one.switch.id}-{one.other.id}"


def _values(folder: Path) -> Values:
    """Each ranked outcome over the horizon, by seed and regime."""
    weekly = pd.read_parquet(
        folder / WEEKLY, columns=["regime", "seed", *RANKED], filters=[("area", "==", "all")]
    )  # fmt: skip
    runs = weekly.groupby(["seed", "regime"], observed=True)
    return {name: pd.Series({key: over(weeks, OUTCOMES[name]) for key, weeks in runs}).unstack() for name in RANKED}
