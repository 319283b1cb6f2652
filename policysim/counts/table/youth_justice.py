"""Youth justice: what is decided of children out of court and in it, and how many are under what."""

from policysim.counts.table.row import flow, stock
from policysim.vocabulary.marks import SchemeMark, YouthMark
from policysim.vocabulary.stocks import Stock

ROWS = (
    flow("sent_to_panels", "cases of children sent to a panel", YouthMark.BEFORE_PANEL, unit="cases"),
    flow("sent_for_caution", "cases of children sent to a panel that may end in a caution", YouthMark.TO_BE_CAUTIONED,
         unit="cases"),
    flow("youth_panels", "cases of children decided by a panel", YouthMark.PANEL_DECIDED, unit="cases"),
    flow("sent_from_charge", "cases of children sent to a panel in place of a charge", YouthMark.WOULD_BE_CHARGED, unit="cases"),
    flow("panels_from_charge", "cases of children settled by a panel in place of a charge", YouthMark.SETTLED_FROM_CHARGE,
         unit="cases"),
    flow("drawn_before_panel", "cases of children before a panel who would have been let go", YouthMark.WOULD_BE_LET_GO,
         unit="cases", more_is="worse"),
    flow("youth_outcome_22", "children diverted by police, or prosecution put off by a panel (outcome 22)",
         SchemeMark.CHILD_DIVERTED, YouthMark.OUTCOME_22, unit="disposals", label="Outcome 22 of children"),
    flow("youth_cautions", "youth cautions, with conditions or without", YouthMark.YOUTH_CAUTIONED, unit="disposals"),
    flow("conditional_cautions", "youth cautions with conditions", YouthMark.CONDITIONALLY_CAUTIONED, unit="disposals"),
    flow("youth_programmes", "programmes of youth justice services begun", YouthMark.BEGAN_PROGRAMME, unit="programmes"),
    flow("youth_programmes_kept", "programmes kept in place of a prosecution", YouthMark.KEPT_PROGRAMME, unit="programmes",
         more_is="better"),
    flow("youth_programmes_broken", "programmes broken off: the case went back to prosecution", YouthMark.BROKE_PROGRAMME,
         unit="programmes", more_is="worse"),
    flow("referral_orders", "referral orders", YouthMark.REFERRAL_ORDER, unit="orders"),
    flow("rehabilitation_orders", "youth rehabilitation orders", YouthMark.REHABILITATION_ORDER, unit="orders"),
    flow("children_imprisoned", "children sentenced to immediate custody", YouthMark.SENT_TO_YOUTH_CUSTODY, more_is="worse"),
    flow("grew_up_in_custody", "turned eighteen in custody and were moved to prison", YouthMark.GREW_UP_INSIDE),
    flow("grew_up_under_youth_justice", "turned eighteen on a programme, an order or licence", YouthMark.GREW_UP),
    stock("on_youth_programme", "children on a programme or an agreement", Stock.ON_YOUTH_PROGRAMME),
    stock("children_supervised", "children on an order or on licence", Stock.CHILDREN_SUPERVISED),
    stock("children_in_custody", "children in custody, sentenced or on remand", Stock.CHILDREN_IN_CUSTODY, more_is="worse"),
)  # fmt: skip
