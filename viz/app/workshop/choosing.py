"""Which regimes a budget pays for, as far as anybody knows before a run."""

from typing import Any

from policysim.experiments.analysis.numbers import number
from policysim.experiments.analysis.wording import plural
from policysim.scenarios.regime import STATUS_QUO, Regime, regimes
from policysim.viz.app.regimes.budget import Budget, budget
from policysim.viz.app.regimes.money import ONLY_A_RUN, pounds
from policysim.viz.app.workshop.rounds import Round
from policysim.world.places import find_place


def regimes_of(now: Round) -> dict[str, Regime]:
    """Every regime that the round can choose from, but the status quo."""
    return {id: one for id, one in (regimes() | dict(now.own)).items() if id != STATUS_QUO}


def choices(now: Round) -> list[dict[str, Any]]:
    """A row for each regime: what is known of its cost, and whether that fits into the room's budget."""
    place = find_place(now.choices.place)
    return [_row(now, regime, budget(tuple(regime.levers.values()), place)) for regime in regimes_of(now).values()]


def _row(now: Round, regime: Regime, found: Budget) -> dict[str, Any]:
    known = f"{pounds(found.total)} a year" if found.counted else "none of it"
    besides = f"{plural(found.unknown, 'lever')}: {ONLY_A_RUN}" if found.unknown else "nothing"
    return {
        "id": regime.id, "name": regime.name, "summary": regime.summary, "chosen": regime.id in now.choices.regimes,
        "fixed": regime.id == now.asked, "known": known, "besides": besides, "within": within(now.budget, found),
        "over": now.budget is not None and bool(found.counted) and found.total.low > now.budget,
    }  # fmt: skip


def within(pounds_a_year: float | None, found: Budget) -> str:
    """Whether it fits: what is known may alone be too much, and what nobody knows is no zero."""
    if pounds_a_year is None:
        return "no budget is set"
    if found.counted and found.total.low > pounds_a_year:
        return "no: what is known is more"
    if found.unknown and found.counted and found.total.usual > pounds_a_year:
        return "what is known fits only at lower unit costs; the rest nobody knows yet"
    if found.unknown:
        return "nobody knows before a run" if not found.counted else "what is known fits; the rest nobody knows yet"
    if found.total.high <= pounds_a_year:
        return "yes, at the highest unit costs too"
    return "at the usual unit costs" if found.total.usual <= pounds_a_year else "only at lower unit costs"


def in_millions(pounds_a_year: float | None) -> str:
    """As it is typed: `5`, `2.5`."""
    return "" if pounds_a_year is None else f"{pounds_a_year / 1e6:g}"


def after_the_run(now: Round, gap: float, years: int) -> str:
    """What a run told of a regime's spending, beside the budget."""
    if now.budget is None or not years:
        return ""
    a_year = gap / years
    told = f"{number(abs(a_year), money=True)} {'less' if a_year < 0 else 'more'} a year than the status quo"
    fits = "within" if a_year <= now.budget else "above"
    return f"as simulated {told}, {fits} the budget of {number(now.budget, money=True)}"
