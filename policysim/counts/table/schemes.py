"""Schemes of the police beside arrest: contracts, sanctions by steps, management of those arrested most, lessons."""

from policysim.counts.table.row import flow, stock
from policysim.vocabulary.marks import SchemeMark
from policysim.vocabulary.stocks import Stock

ROWS = (
    flow("youth_diversions", "diversions attended by children", SchemeMark.CHILD_DIVERTED, unit="disposals"),
    flow("education_sessions", "people sent to a session of drug education by police", SchemeMark.EDUCATED),
    flow("deferrals", "charges held back for a contract", SchemeMark.CHARGE_DEFERRED, unit="contracts"),
    flow("deferrals_from_charge", "contracts in place of a charge; the others were drawn into the net",
         SchemeMark.DEFERRED_FROM_CHARGE, unit="contracts"),
    flow("deferrals_breached", "contracts broken: the case went back to prosecution", SchemeMark.DEFERRAL_BREACHED,
         unit="contracts"),
    flow("deferrals_completed", "contracts kept: no charge", SchemeMark.DEFERRAL_COMPLETED, unit="contracts"),
    flow("sanctioned", "cases of possession dealt with by steps", SchemeMark.DEALT_WITH_BY_STEPS, unit="disposals"),
    flow("taken_on", "people taken on by the board that manages those arrested most", SchemeMark.TAKEN_ON),
    flow("left_management", "people who withdrew from that programme", SchemeMark.LEFT_MANAGEMENT),
    flow("taught_by_police", "pupils who had a lesson by a police officer on fair treatment and the law",
         SchemeMark.TAUGHT_BY_POLICE),
    stock("on_contract", "people on a contract that defers a charge", Stock.ON_CONTRACT),
    stock("managed", "people on the programme for those arrested most", Stock.MANAGED),
    stock("trusting_police", "people who trust the police by a tenth of a standard deviation more than somebody without contact",
          Stock.TRUSTING_POLICE),
)  # fmt: skip
