"""Drug workers in police custody."""

from policysim.counts.table.row import flow, stock
from policysim.vocabulary.marks import CustodySuiteMark
from policysim.vocabulary.stocks import Stock

ROWS = (
    flow("tested_away", "dependent people tested positive away from home, whose referral was lost", CustodySuiteMark.TESTED_AWAY,
         more_is="worse"),
    flow("taken_up", "taken up by a caseworker in police custody", CustodySuiteMark.TAKEN_UP),
    flow("engaged_in_custody", "spoke with a drug or alcohol worker in police custody", CustodySuiteMark.ENGAGED),
    flow("screened_in_custody", "screened for brain injury and trauma in police custody", CustodySuiteMark.SCREENED),
    stock("with_caseworker", "people with a caseworker from police custody", Stock.WITH_CASEWORKER),
)  # fmt: skip
