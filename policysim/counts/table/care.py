"""Asking for treatment, waiting, being in it, leaving it."""

from policysim.counts.table.row import flow, stock
from policysim.vocabulary.marks import CareMark
from policysim.vocabulary.stocks import Stock

ROWS = (
    flow("asked_for_treatment", "asked for treatment", CareMark.ASKED_FOR_TREATMENT, label="Requests for treatment"),
    flow("treatment_entries", "new presentations to structured treatment, once per person-year", CareMark.NEW_PRESENTATION,
         label="New treatment entries"),
    flow("entries_opiate", "new presentations, opiate group", CareMark.PRESENTED_OPIATE),
    flow("entries_non_opiate", "new presentations, non-opiate group", CareMark.PRESENTED_NON_OPIATE),
    flow("entries_non_opiate_and_alcohol", "new presentations, non-opiate and alcohol group",
         CareMark.PRESENTED_NON_OPIATE_AND_ALCOHOL),
    flow("entries_alcohol", "new presentations, alcohol group", CareMark.PRESENTED_ALCOHOL),
    flow("entries_under_18", "new presentations of people under 18", CareMark.PRESENTED_UNDER_18),
    flow("treatment_starts", "starts of any structured treatment", CareMark.ENTERED_TREATMENT, unit="starts"),
    flow("treatment_completed", "planned endings of treatment", CareMark.COMPLETED_TREATMENT, unit="endings",
         more_is="better"),
    flow("treatment_dropped", "unplanned endings of treatment", CareMark.DROPPED_OUT, unit="endings", more_is="worse"),
    flow("gave_up_waiting", "left the waiting list unseen", CareMark.GAVE_UP_WAITING,
         noun="people who left the waiting list unseen"),
    flow("retained_12_weeks", "reached twelve weeks of treatment", CareMark.RETAINED_12_WEEKS,
         noun="people who reached twelve weeks of treatment"),
    stock("hidden", "people dependent on heroin, other opioids or crack, neither in treatment nor in custody",
          Stock.HIDDEN, label="Dependent and not in contact", noun="people dependent and not in contact",
          more_is="worse"),
    stock("waiting", "people waiting for treatment", Stock.WAITING, label="Waiting for treatment",
          noun="people waiting for treatment", more_is="worse"),
    stock("in_agonist_treatment", "people in opioid agonist treatment", Stock.AGONIST,
          label="In opioid agonist treatment", noun="people in opioid agonist treatment"),
    stock("in_heroin_assisted", "people in heroin-assisted treatment", Stock.HEROIN_ASSISTED),
    stock("in_other_treatment", "people in other structured treatment", Stock.PSYCHOSOCIAL),
    stock("in_detoxification", "people in detoxification on a ward", Stock.DETOXIFICATION),
    stock("in_residential_community", "people in a residential therapeutic community", Stock.RESIDENTIAL_COMMUNITY),
    stock("in_day_community", "people in a therapeutic community by day", Stock.DAY_COMMUNITY),
    stock("in_prison_community", "people in a therapeutic community in prison", Stock.PRISON_COMMUNITY),
    stock("in_young_service", "people under 18 in treatment", Stock.UNDER_18),
    flow("detoxifications", "admissions to detoxification on a ward", CareMark.BEGAN_DETOXIFICATION, unit="admissions"),
    flow("detoxified", "came off opioids on a ward", CareMark.DETOXIFIED),
    flow("joined_community", "joined a therapeutic community", CareMark.JOINED_COMMUNITY),
)  # fmt: skip
