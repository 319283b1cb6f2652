"""What police do: searches, arrests, tests, disposals."""

from policysim.counts.table.row import flow
from policysim.vocabulary.marks import PoliceMark

ROWS = (
    flow("arrests", "arrests for drug offences", PoliceMark.ARRESTED_FOR_DRUGS, unit="arrests", more_is="worse"),
    flow("other_arrests", "arrests for theft and the like of people dependent on heroin or crack",
         PoliceMark.ARRESTED_OTHERWISE, unit="arrests", label="Arrests for theft and the like"),
    flow("trigger_arrests", "arrests for theft and robbery of people not dependent on heroin or crack",
         PoliceMark.ARRESTED_FOR_TRIGGER, unit="arrests", label="Arrests for theft and robbery, others"),
    flow("tests", "drug tests on arrest", PoliceMark.TESTED_ON_ARREST, unit="tests"),
    flow("tests_positive", "positive drug tests on arrest", PoliceMark.TESTED_POSITIVE, unit="tests"),
    flow("searches", "stop and searches", PoliceMark.SEARCHED, unit="searches", more_is="worse"),
    flow("found_with_drugs", "recorded drug offences: people found with drugs", PoliceMark.FOUND_WITH_DRUGS, unit="offences",
         label="Recorded drug offences"),
    flow("street_resolutions", "possession dealt with on the street", PoliceMark.RESOLVED_ON_STREET, unit="disposals",
         noun="cases of possession dealt with on the street"),
    flow("diversions_offered", "diversions offered", PoliceMark.OFFERED_DIVERSION, unit="offers"),
    flow("diversions", "diversions attended (outcome 22)", PoliceMark.DIVERTED, unit="disposals",
         label="Diversions attended"),
    flow("diversions_from_arrest", "diversions attended in place of an arrest; the others were drawn into the net",
         PoliceMark.DIVERTED_FROM_ARREST, unit="disposals"),
    flow("diversions_breached", "diversion agreements breached", PoliceMark.BREACHED_DIVERSION, unit="agreements"),
    flow("diversions_completed", "diversion agreements completed", PoliceMark.COMPLETED_DIVERSION, unit="agreements"),
    flow("cautions", "cautions", PoliceMark.CAUTIONED, unit="disposals"),
    flow("youth_resolutions", "community resolutions of children after arrest", PoliceMark.RESOLVED_AT_STATION,
         unit="disposals"),
    flow("charges", "charges", PoliceMark.CHARGED, unit="charges"),
)  # fmt: skip
