"""A scenario as a function of what varies, for programs that choose the points themselves, such as EMA Workbench and SALib.

What varies is said as in a sweep: paths, each with a range or a list. What comes back of an outcome is what
`policysim analyse` looks at: where the scenario has a status quo, the regime's difference from it, paired by seed, and the
outcome itself otherwise; over the horizon, as a mean over the scenario's seeds. The same arguments give the same numbers
to the bit.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from policysim.counts.outcomes import COLUMNS, Outcome
from policysim.errors import UserError, nearest, tells_arguments
from policysim.experiments.analysis.sweeps.frames import Answer, Gathered, answers, outcome_named
from policysim.experiments.designs.gathered import gathered_in
from policysim.experiments.designs.inputs import FAILED, Input, inputs_of
from policysim.experiments.designs.sweep import Swept, run_sweep
from policysim.experiments.running.plan import Task
from policysim.experiments.running.progress import RunStoppedError
from policysim.experiments.running.seed import Observer, live
from policysim.model import DrugPolicyModel
from policysim.scenarios.paths import PLACE, Value
from policysim.scenarios.regime import STATUS_QUO, Regime
from policysim.scenarios.scenario import Scenario
from policysim.scenarios.sweep import Sweep
from policysim.vocabulary.cards import card
from policysim.vocabulary.numbers import plain
from policysim.vocabulary.reasons import shown

if TYPE_CHECKING:
    from policysim.experiments.designs.for_ema import Model
    from policysim.experiments.designs.for_salib import Problem

QUESTION = "What a program that chooses its own points asked"


@tells_arguments
def as_function(
    scenario: Scenario, vary: Mapping[str, Any], outcomes: Sequence[str] = ("expected_deaths",)
) -> "Function":  # fmt: skip
    """A scenario as a function of the paths in `vary`, each with a range or a list, as under [vary] of a sweep's file.

    outcomes: ids, as `policysim sweep` exports them. Raises UserError.
    """
    if not isinstance(scenario, Scenario):
        raise UserError(f"as_function takes a Scenario, as Scenario(place=...) gives, not {shown(scenario)}")
    if isinstance(outcomes, str) or not outcomes:
        raise UserError(f"outcomes must be a list of at least one outcome's id, not {shown(outcomes)}")
    if isinstance(vary, Mapping) and PLACE in vary:
        raise UserError("a function is of one place: give the scenario another, and make a function of each")
    told = dict(vary) if isinstance(vary, Mapping) else vary
    sweep = Sweep(question=QUESTION, design="latin-hypercube", points=1, scenario=scenario, vary=told)
    return Function(sweep, tuple(outcome_named(name, scenario.outcomes) for name in outcomes), inputs_of(sweep))


@dataclass(frozen=True, repr=False)
class Function:
    """What `as_function` makes: called with values by name, it lives the scenario there and returns outcomes by name."""

    sweep: Sweep
    outcomes: tuple[Outcome, ...]
    inputs: tuple[Input, ...]

    def __repr__(self) -> str:
        """What goes in and what comes out."""
        return f"Function({', '.join(one.path for one in self.inputs)} -> {', '.join(self.names)})"

    def _repr_html_(self) -> str:
        """For a notebook: what goes in, from where to where, and what comes out."""
        rows = [(one.path, one.told) for one in self.inputs]
        return card(f"Function of {self.scenario.where.name}", rows, notes=[f"gives {', '.join(self.names)}"])

    @property
    def scenario(self) -> Scenario:
        """What is lived where nothing is said."""
        return self.sweep.scenario

    @cached_property
    def regimes(self) -> tuple[str, ...]:
        """The regimes that are told of: all, or where one is the status quo, the others, as differences from it."""
        ids = tuple(regime.id for regime in self.scenario.regimes)
        return tuple(id for id in ids if id != STATUS_QUO) if len(ids) > 1 else ids

    @property
    def names(self) -> tuple[str, ...]:
        """What comes back is called by the outcome, and by the regime too where several are told of."""
        return tuple(self._name(outcome, regime) for outcome in self.outcomes for regime in self.regimes)

    def _name(self, outcome: Outcome, regime: str) -> str:
        return outcome.id if len(self.regimes) == 1 else f"{outcome.id}_{regime.replace('-', '_')}"

    # --- one point ----------------------------------------------------------------------------------------------------
    def __call__(self, *, seed: int | None = None, **settings: Value) -> dict[str, float]:
        """Live one point and tell the outcomes by name, as real numbers, and `failed`.

        settings: values by path or by name; what is left out is as in the scenario. seed: the first one, in place of the
        scenario's own. A point whose runs raise gives nan, `failed` = 1.0 and a warning that says why: no program need stop
        for it. Raises UserError for a name or a value that the function was not made for.
        """
        values = self.values(settings)
        told = {} if seed is None else {"seed": plain(seed)}
        scenario = self.scenario.model_copy(update=told) if told else self.scenario
        try:
            table = _lived(self.sweep.model_copy(update={"scenario": scenario}).scenario_at(values))
        except RunStoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - a rule may raise anything, and the next point may do
            where = ", ".join(f"{path} = {value}" for path, value in values.items()) or "the scenario itself"
            warnings.warn(f"the runs at {where} failed: {error}", RuntimeWarning, stacklevel=2)
            return dict.fromkeys(self.names, float("nan")) | {FAILED: 1.0}
        found = Gathered(table, pd.DataFrame(index=pd.Index([0], name="point")))
        answered = self._answers(found)
        return {name: float(answer.means.iloc[0]) for name, answer in answered.items()} | {FAILED: 0.0}

    def values(self, settings: Mapping[str, Any]) -> dict[str, Value]:
        """The settings by path, each looked at; raises UserError."""
        known = {called: one for one in self.inputs for called in (one.path, one.name)}
        values: dict[str, Value] = {}
        for name, value in settings.items():
            if name not in known:
                raise UserError(
                    f"the function has no input {name!r} (they are {', '.join(one.path for one in self.inputs)})"
                    f"{nearest(name, known)}"
                )
            values[known[name].path] = known[name].checked(plain(value))
        return values

    def _answers(self, found: Gathered) -> dict[str, Answer]:
        """An answer for each name."""
        return {
            self._name(outcome, answer.regime): answer
            for outcome in self.outcomes
            for answer in answers(found, outcome, self.regimes)
        }

    # --- many points --------------------------------------------------------------------------------------------------
    def rows(
        self, samples: np.ndarray, out: Path | str | None = None, workers: int | None = None
    ) -> np.ndarray:  # fmt: skip
        """What SALib calls: the outcomes of many points, as a sweep over them computes them.

        samples: shape (points, inputs), as a sampler of SALib makes them of `salib()`. Returns real numbers, shape (points,),
        or (points, outcomes) where there are several (`names`). out: a folder that keeps the runs, in which the same call goes
        on from where it was. workers: processes, by default as many as processors. Warns of an outcome that is the same
        everywhere. Raises UserError where runs failed: SALib would make 0 of every Sobol' index for one missing number.
        """
        points = self.points(samples)
        sweep = Sweep(question=QUESTION, design="list", scenario=self.scenario, points_listed=points)
        with _folder(out) as folder:
            done = run_sweep(sweep, folder, workers=workers)
            if done.failed or done.left:
                raise UserError(_unfinished(done, len(points), out is not None))
            found = self._answers(gathered_in(str(folder), sweep))
        columns = np.column_stack([found[name].means.to_numpy(float) for name in self.names])
        for name, column in zip(self.names, columns.T, strict=True):
            if len(column) > 1 and np.ptp(column) == 0:
                warnings.warn(
                    f"{name} is {column[0]:g} at every point: nothing of it can be anybody's share, and SALib's "
                    "analyses say 0 or nan of it", RuntimeWarning, stacklevel=2,
                )  # fmt: skip
        return columns[:, 0] if len(self.names) == 1 else columns

    def points(self, samples: np.ndarray) -> list[dict[str, Value]]:
        """The values by path at each row of a sample of `salib()`; raises UserError."""
        found = np.asarray(samples, dtype=float)
        if found.ndim != 2 or found.shape[1] != len(self.inputs) or not len(found):
            raise UserError(
                f"samples must have a row for each point and {len(self.inputs)} columns, one for each input, and have the "
                f"shape {found.shape}"
            )
        return [{one.path: one.decoded(float(x)) for one, x in zip(self.inputs, row, strict=True)} for row in found]

    # --- for others ---------------------------------------------------------------------------------------------------
    def ema(self, name: str = "policysim") -> "Model":
        """A model of EMA Workbench with parameters, levers and outcomes; raises UserError where that is not installed."""
        from policysim.experiments.designs.for_ema import model_of

        return model_of(self, name)

    def salib(self) -> "Problem":
        """A problem of SALib (its ProblemSpec), with what varies in its own units."""
        from policysim.experiments.designs.for_salib import problem_of

        return problem_of(self)


class _Years(Observer):
    """Notes the years of each regime of a seed."""

    def __init__(self, replicate: int, seed: int, place: str):
        self.keys = {"point": 0, "place": place, "replicate": replicate, "seed": seed}
        self.parts: list[pd.DataFrame] = []

    def ended(self, regime: Regime, model: DrugPolicyModel) -> None:
        """Keep them."""
        years = model.outcomes.years(model.one_in, model.burn_in_weeks)
        yearly = pd.DataFrame(years, columns=[*COLUMNS, *model.outcomes.own]).assign(
            year=np.arange(len(years), dtype=np.int32)
        )
        self.parts.append(yearly.assign(**self.keys, regime=regime.id))


def _lived(scenario: Scenario) -> pd.DataFrame:
    """A row for each seed, regime and year, as the table of a sweep has them."""
    parts: list[pd.DataFrame] = []
    for replicate, seed in enumerate(scenario.seeds):
        years = _Years(replicate, seed, scenario.place)
        live(Task(scenario, replicate, scenario.regimes), years)
        parts += years.parts
    return pd.concat(parts, ignore_index=True)


@contextmanager
def _folder(out: Path | str | None) -> Iterator[str]:
    if out is not None:
        yield str(out)
        return
    with TemporaryDirectory(prefix="policysim-") as folder:
        yield folder


def _unfinished(done: Swept, points: int, kept: bool) -> str:
    """Why there is no answer, in one sentence."""
    first = next(iter(done.store.failures()), None)
    why = f", the first with {first['error']!r}" if first else ""
    more = (
        f"'policysim results {done.folder} failures' names them, and the others are kept there"
        if kept
        else "give out=, a folder that keeps the others"
    )
    return (
        f"{done.failed} of {done.asked} runs at {points} points failed{why}; with a single number missing SALib would say 0 "
        f"of every Sobol' index: {more}"
    )
