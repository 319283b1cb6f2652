"""One vocabulary for everything that is drawn: regime colours and lines, names of outcomes, number formats, dates.

Colours are those of Okabe and Ito, told apart with any colour vision; dashes and markers say the same without colour.
No regime is red or green against another: a colour must not judge. The status quo is dark grey everywhere.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from policysim.counts.outcomes import COST_OUTCOMES, OUTCOMES, is_stock, unit_of
from policysim.scenarios.regime import STATUS_QUO
from policysim.vocabulary.time import WEEKS_PER_YEAR

TEXT = "#262626"
"""Titles and labels."""
QUIET = "#595959"
"""Axes, units, sources: 7 to 1 against white."""
FAINT = "#D9D9D9"
"""Grid lines and the bars of the comparator."""
EVIDENCE = "#D55E00"
"""Marks of published figures beside the model's."""
SEX_COLOURS = {"women": "#CC79A7", "men": "#0072B2"}


@dataclass(frozen=True)
class RegimeStyle:
    """How a regime is drawn: `colour` for marks, `ink` (4.5 to 1 against white or more) for words, dash and marker."""

    colour: str
    ink: str
    dash: str | tuple[float, tuple[float, ...]]
    marker: str


SOLID, DASHED, DOTTED, LONG, MIXED = (
    "solid",
    (0.0, (5.0, 2.0)),
    (0.0, (1.5, 1.5)),
    (0.0, (9.0, 2.0)),
    (0.0, (7.0, 2.0, 1.5, 2.0)),
)
SHIPPED = {
    STATUS_QUO: RegimeStyle("#3D3D3D", "#3D3D3D", SOLID, "o"),
    "enforcement-only": RegimeStyle("#0072B2", "#005A8C", DASHED, "s"),
    "diversion": RegimeStyle("#E69F00", "#8A5A00", LONG, "^"),
    "harm-reduction": RegimeStyle("#CC79A7", "#9C3D75", MIXED, "D"),
    "multi-component": RegimeStyle("#009E73", "#00664A", DOTTED, "v"),
}
OTHERS = (
    RegimeStyle("#56B4E9", "#1F6F9E", DASHED, "P"),
    RegimeStyle("#D55E00", "#A34700", LONG, "X"),
    RegimeStyle("#8C7A00", "#6E6000", MIXED, "p"),
    RegimeStyle("#7A5195", "#5D3A77", DOTTED, "h"),
)
"""For regimes of a user's own, in order of appearance."""


def regime_styles(ids: Iterable[str]) -> dict[str, RegimeStyle]:
    """A style for each regime: its own if it is shipped, otherwise the next that is free."""
    styles: dict[str, RegimeStyle] = {}
    own = 0
    for name in ids:
        if name in SHIPPED:
            styles[name] = SHIPPED[name]
        else:
            styles[name] = OTHERS[own % len(OTHERS)]
            own += 1
    return styles


@dataclass(frozen=True)
class Measure:
    """Something shown: an outcome, or several added up, with its name, unit and what exactly is counted.

    `noun` is its name in a sentence: "385 more `noun`".
    """

    id: str
    label: str
    unit: str
    columns: tuple[str, ...]
    meaning: str
    noun: str

    @property
    def stock(self) -> bool:
        """Whether it is a number of people at a time (averaged) rather than events (added up)."""
        return is_stock(self.columns[0])

    @property
    def money(self) -> bool:
        """Whether it is counted in pounds."""
        return self.unit == "£"


LABELS = {
    "deaths": "Misuse deaths, counted",
    "expected_deaths": "Misuse deaths, expected",
    "opiate_deaths": "Opiate deaths",
    "cocaine_deaths": "Cocaine deaths",
    "poisoning_deaths": "All poisoning deaths",
    "suicides": "Suicides",
    "overdoses": "Overdoses, fatal or not",
    "arrests": "Arrests for drug offences",
    "other_arrests": "Arrests for theft and the like",
    "searches": "Stop and searches",
    "treatment_entries": "New treatment entries",
    "hidden": "Dependent and not in contact",
    "waiting": "Waiting for treatment",
    "offences": "Thefts and the like",
    "imprisoned": "Prison sentences",
    "first_use": "First use of a drug",
    "new_dependence": "New dependence",
    "opiate_or_crack_users": "Dependent on heroin or crack",
    "diversions": "Diversions attended",
    "cautions": "Cautions",
    "convictions": "Convictions",
    "exclusions": "Exclusions from school",
}
PURSES = {
    "cost_police": "Police spending",
    "cost_council": "Council spending",
    "cost_nhs": "NHS spending",
    "cost_justice": "Justice spending",
}
UNITS = {"people, mean": "people", "GBP": "£"}
TREATMENTS = ("in_agonist_treatment", "in_heroin_assisted", "in_other_treatment")
COMBINED = {
    measure.id: measure
    for measure in (
        Measure(
            "in_treatment",
            "People in treatment",
            "people",
            TREATMENTS,
            "people in structured treatment in the community at a time",
            "people in treatment",
        ),
        Measure(
            "spending",
            "Spending, four purses",
            "£",
            tuple(COST_OUTCOMES),
            "spending of police, council, NHS and justice that the model follows",
            "spending by the four purses",
        ),
    )
}
NOUNS = {
    "expected_deaths": "expected misuse deaths",
    "deaths": "misuse deaths",
    "opiate_or_crack_users": "people dependent on heroin or crack",
}


def measure(name: str) -> Measure:
    """An outcome of the model, or one of the combined ones, by id."""
    if name in COMBINED:
        return COMBINED[name]
    if name in COST_OUTCOMES:
        return Measure(name, PURSES.get(name, name), "£", (name,), COST_OUTCOMES[name], COST_OUTCOMES[name])
    unit = unit_of(name)
    meaning = OUTCOMES[name].meaning
    label = LABELS.get(name, sentence_case(meaning))
    return Measure(name, label, UNITS.get(unit, unit), (name,), meaning, NOUNS.get(name, label[:1].lower() + label[1:]))


def sentence_case(text: str) -> str:
    """The first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


# --- numbers ----------------------------------------------------------------------------------------------------------
MINUS = "\N{MINUS SIGN}"


def number(value: float, money: bool = False) -> str:
    """Three significant figures with thousands separators, from a million on in m or bn; money in £."""
    if not math.isfinite(value):
        return "not known"
    plain = _plain(abs(value))
    sign = MINUS if value < 0 and plain != "0" else ""
    return sign + ("£" if money else "") + plain


def _plain(value: float) -> str:
    for size, unit in ((1e9, "bn"), (1e6, "m")):
        if value >= size * 0.9995:
            scaled = value / size
            return f"{scaled:,.{max(0, 2 - math.floor(math.log10(scaled)))}f}{unit}"
    if value == 0:
        return "0"
    if value < 0.095:
        return f"{value:.2g}"
    if value < 9.95:
        return f"{value:.1f}"
    if value < 1000:
        return f"{value:.0f}"
    step = 10 ** (math.floor(math.log10(value)) - 2)
    return f"{round(value / step) * step:,}"


def tick(value: float, money: bool = False, signs: bool = False) -> str:
    """A round number on an axis: no more digits than it needs."""
    size, unit = next((pair for pair in ((1e9, "bn"), (1e6, "m")) if abs(value) >= pair[0]), (1, ""))
    plain = f"{abs(value) / size:,.12g}"
    sign = MINUS if value < 0 else "+" if signs and value > 0 else ""
    return sign + ("£" if money else "") + plain + unit


def signed(value: float, money: bool = False) -> str:
    """A difference, always with its sign unless it is zero."""
    text = number(value, money)
    return text if not math.isfinite(value) or value <= 0 or text.strip("£") == "0" else "+" + text


def percent(share: float) -> str:
    """A relative difference (0.041 is 4.1%) with its sign."""
    if not math.isfinite(share):
        return "not known"
    text = f"{abs(share) * 100:.1f}" if abs(share) < 0.0995 else f"{abs(share) * 100:.0f}"
    if float(text) == 0:
        return "0%"
    return ("+" if share > 0 else MINUS) + text + "%"


def span(low: float, high: float, money: bool = False, signs: bool = False) -> str:
    """An interval in words: `1,520 to 1,580`."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval from one seed"
    write = signed if signs else number
    return f"{write(low, money)} to {write(high, money)}"


def year_of(week: int, start_year: int) -> int:
    """The calendar year in which a week of the run falls; a year of the model has 52 weeks."""
    return start_year + week // WEEKS_PER_YEAR


def years_axis(start_year: int, years: int) -> list[int]:
    """The calendar years to mark on an axis: all, or every second or fifth of a long horizon."""
    step = 1 if years <= 6 else 2 if years <= 14 else 5
    return list(range(start_year, start_year + years, step))


def source_line(place: str, comparator: bool = True) -> str:
    """What stands under every chart."""
    return f"policysim simulation, {place}" + ("; status quo is the comparator" if comparator else "")
