"""The table of outcomes: what each is made of, its unit, what it is called, and where it stands among the headlines.

Files, the command line, the report, the page and Mesa's tools all read this table; a new outcome is a row of it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Flag, IntEnum, auto
from typing import Literal

from policysim.agents.institutions.catalogue import MARKS_OF_THEIR_OWN
from policysim.vocabulary.marks import (
    CareMark,
    HarmReductionMark,
    JusticeMark,
    LifeMark,
    Mark,
    OverdoseMark,
    PoliceMark,
    SchoolMark,
    UseMark,
    WorkHomeMark,
)
from policysim.vocabulary.stocks import Stock, Sum

Kind = Literal["flow", "sum", "stock", "money", "combined"]
Judgement = Literal["better", "worse", "neither"]
FEW = 5
"""Smaller counts are not told by group, nor on the page."""


@dataclass(frozen=True)
class Outcome:
    """One outcome and its words.

    `kind`: a flow counts marks and a sum adds up chances, both over time; a stock is averaged over time; money is what
    a purse spends; a combined outcome is several others added up. `parts`: the marks, the stock, the sum, the purse or
    the ids of others that it is made of. `label` heads a row or a chart, `noun` follows a number in a sentence.
    `more_is`: better or worse where nearly everyone would say so, as a burden on people or purses, and no other
    outcome says the same (the expected deaths speak for the counted ones): these make the table of burdens.
    """

    id: str
    kind: Kind
    parts: tuple[IntEnum | str, ...]
    unit: str
    meaning: str
    label: str
    noun: str
    more_is: Judgement = "neither"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the weekly table that make it up."""
        return tuple(map(str, self.parts)) if self.kind == "combined" else (self.id,)

    @property
    def stock(self) -> bool:
        """Whether it is a number of people at a time (averaged) rather than events or money (added up)."""
        return all(OUTCOMES[name].kind == "stock" for name in self.columns)

    @property
    def money(self) -> bool:
        """Whether it is counted in pounds."""
        return self.unit == "GBP"

    @property
    def hides_few(self) -> bool:
        """Whether a small value of it is not told."""
        return not self.money


def _row(kind: Kind, name: str, meaning: str, parts: tuple, unit: str, words: dict) -> Outcome:
    """Where no shorter words are given, the label is the meaning with a capital, and the noun the label without."""
    label = words.pop("label", meaning[:1].upper() + meaning[1:])
    noun = words.pop("noun", label[:1].lower() + label[1:])
    return Outcome(name, kind, parts, unit, meaning, label, noun, **words)


def _flow(name: str, meaning: str, *marks: IntEnum, unit: str = "people", **words: str) -> Outcome:
    return _row("flow", name, meaning, marks, unit, words)


def _stock(name: str, meaning: str, stock: Stock, **words: str) -> Outcome:
    return _row("stock", name, meaning, (stock,), "people", words)


def _spent(purse: str, label: str) -> Outcome:
    words = {"label": label, "noun": f"spending of the {purse} purse", "more_is": "worse"}
    return _row("money", f"cost_{purse}", f"spending of the {purse} purse", (purse,), "GBP", words)


_COUNTED = (
    _flow("deaths", "deaths by drug misuse poisoning", LifeMark.DIED_OF_MISUSE, unit="deaths",
          label="Misuse deaths, counted", noun="misuse deaths"),
    _flow("opiate_deaths", "misuse deaths naming an opiate", LifeMark.DIED_WITH_OPIATE, unit="deaths",
          label="Deaths naming an opiate", more_is="worse"),
    _flow("cocaine_deaths", "misuse deaths naming cocaine", LifeMark.DIED_WITH_COCAINE, unit="deaths",
          label="Deaths naming cocaine"),
    _flow("heroin_deaths", "misuse deaths naming heroin or morphine", LifeMark.DIED_WITH_HEROIN, unit="deaths",
          label="Deaths naming heroin or morphine"),
    _flow("other_opioid_deaths", "misuse deaths naming an opiate, but not heroin or morphine",
          LifeMark.DIED_WITH_OTHER_OPIOID, unit="deaths", label="Deaths naming other opioids alone"),
    _flow("benzodiazepine_deaths", "misuse deaths naming a benzodiazepine", LifeMark.DIED_WITH_BENZODIAZEPINE,
          unit="deaths", label="Deaths naming a benzodiazepine"),
    _flow("deaths_in_custody", "misuse deaths in custody", JusticeMark.DIED_IN_CUSTODY, unit="deaths"),
    _row("sum", "expected_deaths", "misuse deaths expected: the sum of everyone's weekly chance", (Sum.EXPECTED_DEATHS,),
         "deaths", {"label": "Misuse deaths, expected", "noun": "expected misuse deaths", "more_is": "worse"}),
    _flow("other_poisoning_deaths", "poisonings that are not misuse; no lever moves them", LifeMark.DIED_OTHER_POISONING,
          unit="deaths", label="Other poisoning deaths"),
    _flow("poisoning_deaths", "all drug poisonings", LifeMark.DIED_OF_MISUSE, LifeMark.DIED_OTHER_POISONING, unit="deaths",
          label="All poisoning deaths", noun="poisoning deaths"),
    _flow("intentional_deaths", "misuse deaths with intent", LifeMark.DIED_INTENTIONALLY, unit="deaths"),
    _flow("suicides", "suicides other than by misuse poisoning", LifeMark.DIED_BY_SUICIDE, unit="deaths",
          label="Suicides", more_is="worse"),
    _flow("other_deaths", "deaths by all other causes", LifeMark.DIED_OTHERWISE, unit="deaths"),
    _flow("overdoses", "people who overdosed in a week, fatal or not", OverdoseMark.OVERDOSED, unit="overdoses",
          label="Overdoses, fatal or not", noun="overdoses", more_is="worse"),
    _flow("reversed_by_friends", "overdoses reversed by someone present with a kit", OverdoseMark.REVERSED_BY_FRIEND,
          unit="overdoses"),
    _flow("reversed_in_rooms", "overdoses reversed by staff of a consumption room", OverdoseMark.REVERSED_IN_ROOM,
          unit="overdoses"),
    _flow("reversed_in_custody", "overdoses reversed by staff in prison", OverdoseMark.REVERSED_IN_CUSTODY,
          unit="overdoses"),
    _flow("reversed_by_police", "overdoses reversed by police", OverdoseMark.REVERSED_BY_POLICE, unit="overdoses"),
    _flow("reversed_by_ambulance", "overdoses reversed by ambulance or hospital", OverdoseMark.REVERSED_BY_AMBULANCE,
          unit="overdoses"),
    _flow("kits_given", "take-home naloxone kits given", HarmReductionMark.GOT_KIT, unit="kits"),
    _flow("room_visitors", "weeks in which someone visited a consumption room", HarmReductionMark.VISITED_ROOM,
          unit="person-weeks"),
    _flow("kits_used", "kits used", OverdoseMark.USED_OWN_KIT, OverdoseMark.NEEDS_FRIENDS_KIT, unit="kits",
          label="Naloxone kits used"),
    _flow("arrests", "arrests for drug offences", PoliceMark.ARRESTED_FOR_DRUGS, unit="arrests", more_is="worse"),
    _flow("other_arrests", "arrests for theft and the like of people dependent on heroin or crack",
          PoliceMark.ARRESTED_OTHERWISE, unit="arrests", label="Arrests for theft and the like"),
    _flow("trigger_arrests", "arrests for theft and robbery of people not dependent on heroin or crack",
          PoliceMark.ARRESTED_FOR_TRIGGER, unit="arrests", label="Arrests for theft and robbery, others"),
    _flow("tests", "drug tests on arrest", PoliceMark.TESTED_ON_ARREST, unit="tests"),
    _flow("tests_positive", "positive drug tests on arrest", PoliceMark.TESTED_POSITIVE, unit="tests"),
    _flow("searches", "stop and searches", PoliceMark.SEARCHED, unit="searches", more_is="worse"),
    _flow("found_with_drugs", "recorded drug offences: people found with drugs", PoliceMark.FOUND_WITH_DRUGS, unit="offences",
          label="Recorded drug offences"),
    _flow("street_resolutions", "possession dealt with on the street", PoliceMark.RESOLVED_ON_STREET, unit="disposals",
          noun="cases of possession dealt with on the street"),
    _flow("diversions_offered", "diversions offered", PoliceMark.OFFERED_DIVERSION, unit="offers"),
    _flow("diversions", "diversions attended (outcome 22)", PoliceMark.DIVERTED, unit="disposals",
          label="Diversions attended"),
    _flow("diversions_from_arrest", "diversions attended in place of an arrest; the others were drawn into the net",
          PoliceMark.DIVERTED_FROM_ARREST, unit="disposals"),
    _flow("diversions_breached", "diversion agreements breached", PoliceMark.BREACHED_DIVERSION, unit="agreements"),
    _flow("diversions_completed", "diversion agreements completed", PoliceMark.COMPLETED_DIVERSION, unit="agreements"),
    _flow("cautions", "cautions", PoliceMark.CAUTIONED, unit="disposals"),
    _flow("youth_resolutions", "community resolutions of children after arrest", PoliceMark.RESOLVED_AT_STATION,
          unit="disposals"),
    _flow("charges", "charges", PoliceMark.CHARGED, unit="charges"),
    _flow("convictions", "convictions", JusticeMark.CONVICTED, unit="convictions", more_is="worse"),
    _flow("drug_disposals", "cautions and convictions for drug offences", JusticeMark.DRUG_OFFENCE_DISPOSED, unit="disposals"),
    _flow("community_orders", "community orders", JusticeMark.COMMUNITY_ORDER, unit="orders"),
    _flow("requirements", "orders with a treatment requirement", JusticeMark.REQUIREMENT, unit="orders"),
    _flow("imprisoned", "sentenced to immediate custody", JusticeMark.IMPRISONED, label="Prison sentences", more_is="worse"),
    _flow("remands", "remanded in custody until a hearing", JusticeMark.REMANDED, label="Remands in custody"),
    _flow("released_by_court", "released from remand when sentenced to less than custody", JusticeMark.RELEASED_BY_COURT,
          label="Released from remand by the court"),
    _flow("recalls", "recalled to custody", JusticeMark.RECALLED, label="Recalls to custody"),
    _flow("releases", "released from a sentence", JusticeMark.RELEASED, label="Releases from custody"),
    _flow("releases_treated", "released from custody in agonist treatment", JusticeMark.RELEASED_TREATED),
    _flow("early_releases", "released some weeks early because prisons were full", JusticeMark.RELEASED_EARLY,
          label="Early releases"),
    _flow("children_sentenced", "children sentenced in court", JusticeMark.CHILD_SENTENCED, label="Children sentenced"),
    _row("sum", "offences", "acquisitive offences expected of people dependent on heroin or crack",
         (Sum.EXPECTED_OFFENCES,), "offences", {"label": "Thefts and the like", "more_is": "worse"}),
    _flow("asked_for_treatment", "asked for treatment", CareMark.ASKED_FOR_TREATMENT, label="Requests for treatment"),
    _flow("treatment_entries", "new presentations to structured treatment, once per person-year", CareMark.NEW_PRESENTATION,
          label="New treatment entries"),
    _flow("entries_opiate", "new presentations, opiate group", CareMark.PRESENTED_OPIATE),
    _flow("entries_non_opiate", "new presentations, non-opiate group", CareMark.PRESENTED_NON_OPIATE),
    _flow("entries_non_opiate_and_alcohol", "new presentations, non-opiate and alcohol group",
          CareMark.PRESENTED_NON_OPIATE_AND_ALCOHOL),
    _flow("entries_alcohol", "new presentations, alcohol group", CareMark.PRESENTED_ALCOHOL),
    _flow("treatment_starts", "starts of any structured treatment", CareMark.ENTERED_TREATMENT, unit="starts"),
    _flow("treatment_completed", "planned endings of treatment", CareMark.COMPLETED_TREATMENT, unit="endings",
          more_is="better"),
    _flow("treatment_dropped", "unplanned endings of treatment", CareMark.DROPPED_OUT, unit="endings", more_is="worse"),
    _flow("gave_up_waiting", "left the waiting list unseen", CareMark.GAVE_UP_WAITING,
          noun="people who left the waiting list unseen"),
    _flow("retained_12_weeks", "reached twelve weeks of treatment", CareMark.RETAINED_12_WEEKS,
          noun="people who reached twelve weeks of treatment"),
    _flow("first_use", "first use of a substance", UseMark.FIRST_USE, unit="starts", label="First use of a drug",
          noun="first uses of a drug", more_is="worse"),
    _flow("new_dependence", "first dependence on a substance", UseMark.BECAME_DEPENDENT, unit="starts",
          label="New dependence", noun="starts of dependence", more_is="worse"),
    _flow("remissions", "dependence on a substance ended", UseMark.REMITTED, unit="endings",
          label="Remissions from dependence"),
    _flow("relapses", "relapses into dependence", UseMark.RELAPSED, unit="relapses"),
    _flow("exclusions", "permanent exclusions from school", SchoolMark.EXCLUDED_FROM_SCHOOL, label="Exclusions from school",
          more_is="worse"),
    _flow("pupils_taught_skills", "pupils taught personal and social skills", SchoolMark.TAUGHT_SKILLS),
    _flow("pupils_taught_by_scare", "pupils given fear-based talks", SchoolMark.TAUGHT_BY_SCARE),
    _flow("jobs_lost", "jobs lost", WorkHomeMark.LOST_WORK, unit="jobs", more_is="worse"),
    _flow("homes_lost", "stable homes lost", WorkHomeMark.LOST_HOME, unit="homes", more_is="worse"),
    _stock("population", "people in the model", Stock.POPULATION),
    _stock("using", "people who use any of the substances (alcohol: harmful drinking)", Stock.USING,
           label="People who use any substance"),
    _stock("using_cannabis", "people who use cannabis", Stock.USING_CANNABIS),
    _stock("using_class_a", "people who use party drugs, heroin or crack", Stock.USING_CLASS_A),
    _stock("dependent", "people dependent on any of the substances", Stock.DEPENDENT,
           label="Dependent on any substance", noun="people dependent on any substance"),
    _stock("opiate_or_crack_users", "people dependent on heroin, other opioids or crack", Stock.OPIATE_OR_CRACK,
           label="Dependent on heroin or crack", noun="people dependent on heroin or crack"),
    _stock("hidden", "people dependent on heroin, other opioids or crack, neither in treatment nor in custody",
           Stock.HIDDEN, label="Dependent and not in contact", noun="people dependent and not in contact",
           more_is="worse"),
    _stock("injecting", "people who inject", Stock.INJECTING),
    _stock("well_supplied", "people who inject with enough clean equipment", Stock.NEEDLES),
    _stock("carrying_naloxone", "people who carry a naloxone kit", Stock.WITH_KIT),
    _stock("waiting", "people waiting for treatment", Stock.WAITING, label="Waiting for treatment",
           noun="people waiting for treatment", more_is="worse"),
    _stock("in_agonist_treatment", "people in opioid agonist treatment", Stock.AGONIST,
           label="In opioid agonist treatment", noun="people in opioid agonist treatment"),
    _stock("in_heroin_assisted", "people in heroin-assisted treatment", Stock.HEROIN_ASSISTED),
    _stock("in_other_treatment", "people in other structured treatment", Stock.PSYCHOSOCIAL),
    _stock("in_custody", "people in custody", Stock.IN_CUSTODY),
    _stock("on_order", "people on a community order", Stock.ON_ORDER),
    _stock("in_remission", "people in remission from heroin or crack", Stock.IN_REMISSION, more_is="better"),
    _stock("cannabis_dependent", "people dependent on cannabis", Stock.CANNABIS_DEPENDENT),
    _stock("cocaine_dependent", "people dependent on powder cocaine and other party drugs", Stock.COCAINE_DEPENDENT),
)  # fmt: skip
_SPENT = (
    _spent("police", "Police spending"),
    _spent("council", "Council spending"),
    _spent("nhs", "NHS spending"),
    _spent("justice", "Justice spending"),
)
_COMBINED = (
    _row("combined", "in_treatment", "people in structured treatment in the community at a time",
         ("in_agonist_treatment", "in_heroin_assisted", "in_other_treatment"), "people",
         {"label": "People in treatment"}),
    _row("combined", "spending", "spending of police, council, NHS and justice that the model follows",
         tuple(cost.id for cost in _SPENT), "GBP",
         {"label": "Spending, four purses", "noun": "spending by the four purses"}),
)  # fmt: skip


def _uncounted(own: Iterable[type[Mark]], counted: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """Events that an institution's decisions alone bring about count by their names and words, where no row says more."""
    said = {part for outcome in counted for part in outcome.parts}
    return tuple(
        _flow(mark.name.lower(), mark.told, mark)
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
COLUMNS = (*COUNTED, *COSTS)
"""The outcomes that are columns of the weekly table and rows of the summary, in their order."""


def unit_in_files(outcome: str) -> str:
    """The unit of an outcome as the summary prints it: that of a stock says that it is a mean over time."""
    row = OUTCOMES[outcome]
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
