"""The table of outcomes: what each is made of, its unit, what it is called, and where it stands among the headlines.

Files, the command line, the report, the page and Mesa's tools all read this table; a new outcome is a row of it, in the file
of its part in `table/`.
"""

from collections.abc import Iterable, Mapping
from enum import Flag, auto

from policysim.agents.institutions.catalogue import MARKS_OF_THEIR_OWN
from policysim.counts.table import (
    care,
    custody_suite,
    deaths,
    drinking,
    families,
    homes_and_work,
    infection,
    justice,
    market,
    money,
    overdoses,
    policing,
    schemes,
    school_work_home,
    supervision,
    support,
    use,
    youth_justice,
)
from policysim.counts.table.row import Outcome, flow, row
from policysim.vocabulary.mark import Mark

FEW = 5
"""Smaller counts are not told by group, nor on the page."""


def _spent(purse: str, label: str) -> Outcome:
    words = {"label": label, "noun": f"spending of the {purse} purse", "more_is": "worse"}
    return row("money", f"cost_{purse}", f"spending of the {purse} purse", (purse,), "GBP", words)


_PARTS = (
    deaths, overdoses, infection, policing, custody_suite, schemes, justice, supervision, care, support, use, drinking, market,
    school_work_home, families, homes_and_work, money, youth_justice,
)  # fmt: skip
_ROWS = tuple(found for part in _PARTS for found in part.ROWS)
_COUNTED = tuple(sorted(_ROWS, key=lambda found: found.stock))
"""What happened before how many there were."""
_SPENT = (
    _spent("police", "Police spending"),
    _spent("council", "Council spending"),
    _spent("nhs", "NHS spending"),
    _spent("justice", "Justice spending"),
    _spent("business", "Business spending"),
)
_COMBINED = (
    row("combined", "in_treatment", "people in structured treatment in the community at a time",
         ("in_agonist_treatment", "in_heroin_assisted", "in_other_treatment", "in_detoxification", "in_residential_community",
          "in_day_community", "in_young_service"), "people",
         {"label": "People in treatment", "of_stocks": True}),
    row("combined", "overdoses_reversed", "overdoses reversed by anybody: friends, police, ambulance, staff of rooms and prisons",
         ("reversed_by_friends", "reversed_in_rooms", "reversed_in_custody", "reversed_by_police", "reversed_by_ambulance"),
         "overdoses", {"label": "Overdoses reversed", "noun": "overdoses reversed"}),
    row("combined", "spending", "spending of police, council, NHS and justice that the model follows",
         tuple(cost.id for cost in _SPENT if cost.id != "cost_business"), "GBP",
         {"label": "Spending, four purses", "noun": "spending by the four purses"}),
)  # fmt: skip


def _uncounted(own: Iterable[type[Mark]], counted: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Events that an institution's decisions alone bring about count by their names and words, where no row says more."""
    said = {part for outcome in counted for part in outcome.parts}
    return tuple(
        flow(mark.name.lower(), mark.told, mark)
        for marks in own
        for mark in marks
        if not mark.statistic and mark not in said
    )


_BY_INSTITUTIONS = _uncounted(MARKS_OF_THEIR_OWN, _COUNTED)

OUTCOMES = {outcome.id: outcome for outcome in (*_COUNTED, *_BY_INSTITUTIONS, *_SPENT, *_COMBINED)}
"""Every outcome by id."""
COUNTED = {outcome.id: outcome for outcome in (*_COUNTED, *_BY_INSTITUTIONS)}
"""Those counted in people, in every area, in the order of the files' columns."""
COSTS = {outcome.id: outcome for outcome in _SPENT}
"""Those paid by a purse, for the whole place only; in the files they follow the counted ones."""
BY_GROUP = {name: outcome for name, outcome in COUNTED.items() if outcome.kind in ("flow", "sum", "stock")}
"""Those that are counted by group of people too. Money is paid for services and not for groups, and what institutions tell of
themselves (lines, seizures, prices) is about nobody: neither can be said of a group."""
COLUMNS = (*COUNTED, *COSTS)
"""The outcomes that are columns of the weekly table and rows of the summary, in their order."""


def unit_in_files(outcome: str, among: Mapping[str, Outcome] = OUTCOMES) -> str:
    """The unit of an outcome as the summary prints it: that of a stock says that it is a mean over time."""
    row = among[outcome]
    return f"{row.unit}, mean" if row.stock else row.unit


# ---------------------------------------------------------------- headlines


class Shown(Flag):
    """Where a headline outcome stands."""

    COMMAND = auto()
    """The table that `policysim compare` prints."""
    SENTENCES = auto()
    """The sentences at the head of the report."""
    REPORT = auto()
    """The report's first table."""
    OVER_TIME = auto()
    """The report's charts year by year."""
    DIFFERENCES = auto()
    """The report's chart of differences."""
    SPENDING = auto()
    """The report's chart of spending."""
    PAGE = auto()
    """The curves of the page; its table holds those that the report's table holds too."""
    MESA = auto()
    """What Mesa's tools collect every week."""


ANSWERS = Shown.COMMAND | Shown.REPORT | Shown.DIFFERENCES | Shown.PAGE
"""Of the main answers: in every table and in the chart of differences."""
HEADLINES: dict[str, Shown] = {
    "expected_deaths": ANSWERS | Shown.SENTENCES | Shown.OVER_TIME | Shown.MESA,
    "deaths": Shown.COMMAND | Shown.MESA,
    "opiate_deaths": Shown.COMMAND | Shown.REPORT | Shown.DIFFERENCES,
    "poisoning_deaths": Shown.REPORT,
    "overdoses": ANSWERS | Shown.OVER_TIME | Shown.MESA,
    "treatment_entries": ANSWERS | Shown.SENTENCES | Shown.OVER_TIME | Shown.MESA,
    "in_treatment": Shown.REPORT | Shown.DIFFERENCES | Shown.OVER_TIME | Shown.PAGE,
    "in_agonist_treatment": Shown.COMMAND | Shown.MESA,
    "hidden": Shown.DIFFERENCES,
    "searches": Shown.REPORT | Shown.DIFFERENCES | Shown.PAGE | Shown.MESA,
    "arrests": ANSWERS | Shown.SENTENCES | Shown.OVER_TIME | Shown.MESA,
    "diversions": Shown.PAGE,
    "imprisoned": ANSWERS | Shown.MESA,
    "offences": Shown.REPORT | Shown.DIFFERENCES | Shown.PAGE,
    "opiate_or_crack_users": Shown.PAGE | Shown.MESA,
    "first_use": Shown.PAGE | Shown.MESA,
    "population": Shown.MESA,
    **dict.fromkeys(COSTS, Shown.SPENDING),
    "spending": Shown.SENTENCES | Shown.REPORT | Shown.SPENDING | Shown.PAGE,
}
"""The outcomes that come first, in the order in which they are read everywhere: deaths, treatment, law, use, money."""


def headlines(where: Shown) -> tuple[Outcome, ...]:
    """The headline outcomes of one place; of several, those that stand in all of them."""
    return tuple(OUTCOMES[name] for name, shown in HEADLINES.items() if where in shown)


def burdens() -> tuple[Outcome, ...]:
    """The outcomes of which more is better or worse, headlines first."""
    return tuple(OUTCOMES[name] for name in {**HEADLINES, **OUTCOMES} if OUTCOMES[name].more_is != "neither")
