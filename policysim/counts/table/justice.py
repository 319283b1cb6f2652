"""Courts, prison and probation, and offending."""

from policysim.counts.table.row import flow, stock, summed
from policysim.vocabulary.marks import JusticeMark
from policysim.vocabulary.stocks import Stock, Sum

ROWS = (
    flow("convictions", "convictions", JusticeMark.CONVICTED, unit="convictions", more_is="worse"),
    flow("drug_disposals", "cautions and convictions for drug offences", JusticeMark.DRUG_OFFENCE_DISPOSED, unit="disposals"),
    flow("community_orders", "community orders", JusticeMark.COMMUNITY_ORDER, unit="orders"),
    flow("requirements", "orders with any treatment requirement", JusticeMark.REQUIREMENT, unit="orders"),
    flow("imprisoned", "sentenced to immediate custody", JusticeMark.IMPRISONED, label="Prison sentences", more_is="worse"),
    flow("remands", "remanded in custody until a hearing", JusticeMark.REMANDED, label="Remands in custody"),
    flow("released_by_court", "released from remand when sentenced to less than custody", JusticeMark.RELEASED_BY_COURT,
         label="Released from remand by the court"),
    flow("recalls", "recalled to custody", JusticeMark.RECALLED, label="Recalls to custody"),
    flow("releases", "released from a sentence", JusticeMark.RELEASED, label="Releases from custody"),
    flow("releases_treated", "released from custody in agonist treatment", JusticeMark.RELEASED_TREATED),
    flow("early_releases", "released some weeks early because prisons were full", JusticeMark.RELEASED_EARLY,
         label="Early releases"),
    flow("children_sentenced", "children sentenced in court", JusticeMark.CHILD_SENTENCED, label="Children sentenced"),
    flow("handed_over", "handed over from prison to a treatment service", JusticeMark.HANDED_OVER),
    flow("kits_at_release", "left prison with a naloxone kit", JusticeMark.KIT_AT_RELEASE, unit="kits"),
    stock("in_custody", "people in custody", Stock.IN_CUSTODY),
    stock("on_order", "people on a community order", Stock.ON_ORDER),
    summed("offences", "acquisitive offences expected of people dependent on heroin or crack", Sum.EXPECTED_OFFENCES,
          "offences", label="Thefts and the like", more_is="worse"),
)  # fmt: skip
