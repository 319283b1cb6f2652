"""What each lever alone does, beside what is published of it: the rows of `policysim effects`."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from policysim.counts.outcomes import COSTS, OUTCOMES, Outcome, unit_in_files
from policysim.evidence.contested import Reading, switches
from policysim.evidence.effects import Published, published_effects
from policysim.experiments.analysis.numbers import percent
from policysim.experiments.analysis.wording import listed, plural
from policysim.levers.lever import Lever
from policysim.scenarios.regime import STATUS_QUO, Regime

FAR = 25
"""Years over which levers of prevention are looked at: those whom they reach are children."""
PREVENTION = ("prevention", "prevention without evidence")
"""Groups of levers that act on children before they use."""
UNDER_25 = Outcome(
    "arrests_under_25", "combined", ("arrests", "other_arrests", "trigger_arrests", "alcohol_arrests"), "people",
    "arrests of people under 25, for whatever offence", "Arrests of under-25s", "arrests of under-25s",
)  # fmt: skip
"""What is read from the counts by age beside the outcomes of all runs."""
YOUNG_BANDS = ("10-14", "15-19", "20-24")
YOUNG = ("first_use", "exclusions", UNDER_25.id, "new_dependence")
"""Outcomes of levers that act on children: deaths peak in the forties, and these come first."""
WARNING = (
    "Over {years} years much cannot be foreseen: drugs, prices, services and people will be others than today's, and the model "
    "knows today's alone. Of so long a run only the difference that a lever makes to first use, exclusion, arrests of under-25s "
    "and dependence is to be read, as what it would do at today's rates; deaths with caution, and no number of people at all."
)
ALWAYS = ("deaths", "expected_deaths", "arrests", "treatment_entries")
"""Outcomes that every lever has a row for, beside the one that shows its delivery and the one that it is bought for."""
COLUMNS = (
    "lever", "group", "outcome", "unit", "difference", "low", "high", "published", "published_low", "published_high", "cost",
    "years",
)  # fmt: skip
NO_ENTRY = "no row of configs/evidence/effects.csv says what is published of it"
OTHER_OUTCOME = "no published effect of it on this outcome is entered"


@dataclass(frozen=True)
class Row:
    """One lever and outcome: the difference from the status quo with its 95% interval over paired seeds.

    `years` are those of the run that it is read over, from its first week. `cost` is how much more the purse that pays for the
    lever spends over them, or the purses that pay do together, in GBP, the same in every row of a lever and horizon. Beside the
    columns of the tables: what the outcome is to the lever, the status quo's own, how the published figure was carried over,
    or why there is none; and the levers whose effect this one scales.
    """

    lever: str
    group: str
    outcome: str
    unit: str
    difference: float
    low: float
    high: float
    published: float
    published_low: float
    published_high: float
    cost: float
    years: int
    title: str
    role: str
    expected: str
    payer: str
    status_quo: float
    seeds: int
    evidence: tuple[str, ...]
    population: str
    carried: str
    why_none: str
    scales: tuple[str, ...]

    @property
    def holds_nothing(self) -> bool:
        """Whether chance alone could have made it: its interval holds zero, or no seed differed at all."""
        return self.low <= 0 <= self.high if self.low == self.low else self.difference == 0


@dataclass(frozen=True)
class Otherwise:
    """A contested question read the other way, and what the levers through which it acts then do alone."""

    question: str
    reading: Reading
    rows: tuple[Row, ...]


def outcome_of(id: str) -> Outcome:
    """An outcome of the rows by its id."""
    return UNDER_25 if id == UNDER_25.id else OUTCOMES[id]


def acts_on_children(lever: type[Lever]) -> bool:
    """Whether what a lever does is looked for where children grow up: in first use rather than in deaths."""
    return lever.group in PREVENTION or lever.horizon > Lever.horizon


def outcomes_of(lever: type[Lever]) -> tuple[str, ...]:
    """Outcomes that a lever has rows for beside its delivery and what it is bought for."""
    return (*YOUNG, "expected_deaths") if acts_on_children(lever) else ALWAYS


def longest(lever: type[Lever]) -> int:
    """The years over which the effect of a lever is looked for at most."""
    return max(lever.horizon, FAR if lever.group in PREVENTION else 0)


def alone(lever: type[Lever]) -> Regime:
    """The regime that pulls one lever and no other, as far as is documented."""
    pulled = lever(**lever.documented)
    contested = [id for id, switch in switches().items() if lever.id in switch.levers]
    name = f"{lever.title} alone"[:80]
    return Regime(id=f"{lever.id.replace('_', '-')}-alone", name=name, levers={lever.id: pulled}, contested=contested)


def rows_of(
    summary: pd.DataFrame, levers: Sequence[type[Lever]], years: int,
    published: Mapping[str, Sequence[Published]] | None = None,
) -> list[Row]:  # fmt: skip
    """The rows of some levers, in their order, from the summary of a comparison of each alone with the status quo."""
    known = published_effects() if published is None else published
    tables = {str(regime): rows.set_index("outcome") for regime, rows in summary.groupby("regime", sort=False)}
    usual = {str(name): float(mean) for name, mean in tables[STATUS_QUO]["mean"].items()}
    return [
        row for lever in levers for row in _rows(lever, tables[alone(lever).id], usual, known.get(lever.id, ()), years)
    ]


def _rows(
    lever: type[Lever], table: pd.DataFrame, usual: Mapping[str, float], known: Sequence[Published], years: int
) -> list[Row]:
    more = {str(name): float(gap) for name, gap in table["difference"].items()}
    paid = [f"cost_{purse}" for purse in lever.purses()]
    cost = math.fsum(more[purse] for purse in paid) if set(paid) <= set(COSTS) else math.nan
    roles = {lever.process: "delivery"}
    outcomes = dict.fromkeys((lever.process, lever.outcome, *outcomes_of(lever)))
    roles[lever.outcome] = "delivery and purpose" if lever.outcome == lever.process else "purpose"
    found = []
    for outcome in (name for name in outcomes if name in table.index):
        said, values, why = _published(known, outcome, usual, more, years)
        gap = table.loc[outcome]
        found.append(
            Row(
                lever=lever.id,
                group=lever.group,
                outcome=outcome,
                unit=unit_in_files(outcome) if outcome in OUTCOMES else outcome_of(outcome).unit,
                difference=float(gap["difference"]),
                low=float(gap["difference_low"]),
                high=float(gap["difference_high"]),
                published=values[0],
                published_low=values[1],
                published_high=values[2],
                cost=cost,
                years=years,
                title=lever.title,
                role=roles.get(outcome, "always"),
                expected=lever.expected if outcome == lever.outcome else "",
                payer=listed(lever.purses()),
                status_quo=usual[outcome],
                seeds=int(gap["seeds"]),
                evidence=said.evidence if said else (),
                population=said.population if said else "",
                carried=said.carried if said else "",
                why_none=why,
                scales=lever.scales,
            )
        )
    return found


def _published(
    known: Sequence[Published], outcome: str, usual: Mapping[str, float], more: Mapping[str, float], years: int
) -> tuple[Published | None, tuple[float, float, float], str]:
    """What is published of an outcome as a difference of this run, with its interval; or why nothing can be set beside it."""
    none = (math.nan, math.nan, math.nan)
    said = next((one for one in known if one.outcome == outcome), None)
    if said is None:
        whole = next((one.why_none for one in known if not one.outcome), "")
        return None, none, whole or (OTHER_OUTCOME if known else NO_ENTRY)
    if said.why_none:
        return None, none, said.why_none
    if not said.fits(years):
        return None, none, f"measured over {plural(int(said.horizon), 'year')}; this run has {years}"
    value = said.difference(said.value, usual, more)
    low, high = sorted(said.difference(limit, usual, more) for limit in (said.low, said.high))
    return said, (value, low, high), ""


def table_of(rows: Sequence[Row]) -> pd.DataFrame:
    """The rows with the columns of the files."""
    return pd.DataFrame([{name: getattr(row, name) for name in COLUMNS} for row in rows], columns=list(COLUMNS))


def at_the_end(rows: Sequence[Row], years: int) -> tuple[Row, ...]:
    """Those of each lever over the longest horizon that it has, and over `years` at least."""
    last: dict[str, int] = {}
    for row in rows:
        last[row.lever] = max(row.years, last.get(row.lever, years))
    return tuple(row for row in rows if row.years == last[row.lever])


def holding_nothing(rows: Sequence[Row]) -> tuple[str, ...]:
    """In sentences: levers that were not delivered, that do nothing beyond noise to what they are for, and what they do."""
    purpose = [row for row in rows if "purpose" in row.role]
    undelivered = [row.lever for row in rows if "delivery" in row.role and row.holds_nothing]
    idle = [row for row in purpose if row.holds_nothing and row.lever not in undelivered]
    meant = [row.lever for row in idle if row.expected == "stays" and not row.scales]
    scaling = [f"{row.lever} ({listed(row.scales)})" for row in idle if row.expected == "stays" and row.scales]
    unmeant = [_named(row) for row in idle if row.expected != "stays"]
    clear = [row for row in purpose if row.low > 0 or row.high < 0]
    unlooked = [_named(row, _share(row)) for row in clear if row.expected == "stays"]
    wrong = [_named(row) for row in clear if row.expected == ("falls" if row.difference > 0 else "rises")]
    told = (
        ("Not delivered beyond noise", undelivered),
        ("No difference beyond noise in what it is for", unmeant),
        ("No difference beyond noise, and none is expected by the evidence", meant),
        ("No difference beyond noise, since none of the levers is pulled whose effect they would scale", scaling),
        ("A difference where the evidence shows none", unlooked),
        ("Another way than the evidence says", wrong),
    )
    return tuple(f"{head}: {listed(names)}." for head, names in told if names)


def over_more_seeds(rows: Sequence[Row], rare: Sequence[str]) -> tuple[str, ...]:
    """In a sentence: levers that are read over more seeds than the others."""
    if not rare:
        return ()
    seeds = max(row.seeds for row in rows if row.lever in rare)
    return (
        f"Too rare to be told from chance over those seeds, and read over {plural(seeds, 'seed')}: {listed(rare)}.",
    )


def _named(row: Row, size: str = "") -> str:
    return f"{row.lever} ({outcome_of(row.outcome).noun}{size})"


def _share(row: Row) -> str:
    """How large the difference is beside the status quo's own."""
    return f", {percent(row.difference / row.status_quo)}" if row.status_quo else ""
