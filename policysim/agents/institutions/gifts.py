"""Money that reaches a service from outside its own purse: what of it bought places, and what bought sessions.

Several givers may give to one service in a week; `gift` in its memory is what all give for places. What was used of it is
each giver's by its part, and what is not used they keep.
"""

from policysim.agents.institutions.treatment import PLACES, TreatmentService
from policysim.vocabulary.states import Care
from policysim.vocabulary.stocks import Stock
from policysim.vocabulary.time import WEEKS_PER_YEAR

PENCE = 2
"""Decimals of a pound."""
GIVEN = {
    Care.AGONIST: (Stock.AGONIST, "cost_agonist_year"),
    Care.PSYCHOSOCIAL: (Stock.PSYCHOSOCIAL, "cost_psychosocial_year"),
}
"""The kinds of places that such money buys: who is in one, and what a year of it costs."""


def spent_on_places(service: TreatmentService, given: float) -> float:
    """GBP of what one giver gave last week that was used: what people above a service's own places cost this week."""
    gift, model, spent = service.memory["gift"], service.model, 0.0
    if gift <= 0:
        return 0.0
    for care, (stock, unit) in GIVEN.items():
        own = service.usual_places[care] * getattr(service.policy, PLACES[care]) * service.memory["funded"]
        above = service.stock(stock) - own
        if above > 0:
            used = min(above, service.places_given(care))
            spent += used * model.one_in * model.parameters[unit] / WEEKS_PER_YEAR
    return spent * (given / gift)


def spent_on_sessions(service: TreatmentService) -> float:
    """GBP given for sessions last week that were used: no more than clients were left without one."""
    clients = service.stock(Stock.AGONIST) + service.stock(Stock.PSYCHOSOCIAL)
    left = max(clients - service.sessions() * service.memory["funded"], 0.0)
    used = min(service.sessions_given(), left)
    return used * service.model.one_in * service.model.parameters["cost_counselling_session"]
