"""The running budget in words: what is known of each purse, what only a run can tell, and what a run told."""

from html import escape

from policysim.counts.outcomes import COSTS
from policysim.evidence.registry import registry
from policysim.experiments.analysis.numbers import number
from policysim.experiments.analysis.wording import plural
from policysim.levers.lever import Lever
from policysim.reference.lever_words import QUALITY
from policysim.viz.app import html
from policysim.viz.app.compare.answers import answers, over_years
from policysim.viz.app.regimes.budget import Amount, Budget, amount_of, most_of
from policysim.viz.app.regimes.draft import Draft
from policysim.viz.app.session import Session
from policysim.world.places import Place

OF_PURSE = {"police": "Police", "council": "Council", "nhs": "NHS", "justice": "Justice", "business": "Business"}
ONLY_A_RUN = "only a run can tell"


def budget_table(found: Budget, levers: tuple[Lever, ...], place: Place) -> str:
    """The budget as HTML: a row for each purse, and lever by lever where that is opened."""
    if not levers:
        return '<p class="ps-build-none">Without a lever nothing is spent beyond the status quo.</p>'
    rows = [[OF_PURSE[purse], _known(found.known.get(purse)), _open(found, purse)] for purse in found.purses]
    caption = f"More than the status quo, a year at full delivery, {place.name}"
    table = html.table(caption, ["Payer", "Decided by the settings", "Besides"], rows, "ps-build-budget")
    return table + html.folded("Lever by lever, with unit costs", _by_lever(levers, place))


def in_short(found: Budget) -> str:
    """The budget in a sentence."""
    known = f"{pounds(found.total)} a year is decided by the settings of {plural(len(found.counted), 'lever')}"
    if not found.counted:
        known = "No lever's settings alone decide what it costs"
    if not found.unknown:
        return f"{known}."
    costs = "costs" if found.unknown == 1 else "cost"
    return f"{known}; what {plural(found.unknown, 'lever')} {costs} depends on how many people come, and {ONLY_A_RUN}."


def pounds(amount: Amount) -> str:
    """`£5.6m (£2.1m to £9.4m)`."""
    value = number(amount.usual, money=True)
    if amount.low == amount.high:
        return value
    return f"{value} ({number(amount.low, money=True)} to {number(amount.high, money=True)})"


def _known(amount: Amount | None) -> str:
    return "none of it" if amount is None else escape(pounds(amount))


def _open(found: Budget, purse: str) -> str:
    levers = found.open.get(purse, ())
    return escape(f"{plural(len(levers), 'lever')}: {ONLY_A_RUN}") if levers else ""


def _by_lever(levers: tuple[Lever, ...], place: Place) -> str:
    rows = []
    for lever in levers:
        cost = registry()[lever.cost]
        limits = "" if cost.low is None or cost.high is None else f" (£{cost.low:,.10g} to £{cost.high:,.10g})"
        unit = f"£{cost.value:,.10g}{limits} for {cost.meaning} ({QUALITY.get(cost.quality, cost.quality)})"
        paid = ", ".join(OF_PURSE[purse] for purse in lever.purses())
        rows.append([escape(lever.title), paid, escape(unit), _a_year(lever, place)])
    return html.table("What each lever costs", ["Lever", "Payer", "Unit cost", "A year"], rows, "ps-build-budget")


def _a_year(lever: Lever, place: Place) -> str:
    amount, most = amount_of(lever, place), most_of(lever, place)
    if amount is not None:
        return escape(pounds(amount))
    return ONLY_A_RUN if most is None else f"{ONLY_A_RUN}; if every place is taken {escape(pounds(most))}"


def simulated(session: Session, draft: Draft) -> str:
    """What the comparison at hand found it to spend, by purse; nothing where it is not in it as it is now."""
    now, years = session.comparison.value, session.years
    if now is None or not years or not draft.levers:
        return ""
    choices = session.choices.value
    if (now.scenario.place, now.scenario.readings) != (choices.place, choices.readings):
        return ""
    same = next((one for one in now.scenario.regimes if one.levers == draft.levers), None)
    if same is None:
        return ""
    told = []
    for outcome in COSTS.values():
        answer = next((one for one in answers(now.found, outcome, years) if one.regime.id == same.id), None)
        if answer is not None:
            told.append(f"<li><strong>{escape(outcome.label)}:</strong> {escape(answer.headline)}</li>")
    if not told:
        return ""
    head = f"As simulated for {now.scenario.where.name} {over_years(years)}, all that follows from it included"
    return f'<p class="ps-build-said"><strong>{escape(head)}</strong></p><ul class="ps-build-simulated">{"".join(told)}</ul>'
