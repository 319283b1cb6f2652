"""Treatment requirements, reviews before the same judge, halfway houses."""

from policysim.counts.table.row import flow, stock
from policysim.vocabulary.marks import SupervisionMark
from policysim.vocabulary.stocks import Stock

ROWS = (
    flow("drug_requirements", "orders that require drug treatment", SupervisionMark.DRUG_REQUIREMENT, unit="orders"),
    flow("alcohol_requirements", "orders that require alcohol treatment", SupervisionMark.ALCOHOL_REQUIREMENT, unit="orders"),
    flow("mental_health_requirements", "orders that require mental-health treatment",
         SupervisionMark.MENTAL_HEALTH_REQUIREMENT, unit="orders"),
    flow("mental_health_treated", "began mental-health treatment that an order requires",
         SupervisionMark.MENTAL_HEALTH_TREATED),
    flow("requirements_completed", "treatment requirements completed", SupervisionMark.COMPLETED_REQUIREMENT, unit="orders",
         more_is="better"),
    flow("requirements_breached", "treatment requirements breached and back in court", SupervisionMark.BREACHED_REQUIREMENT,
         unit="orders", more_is="worse"),
    flow("intensive_orders", "orders with monthly reviews in place of prison", SupervisionMark.GIVEN_INTENSIVE_ORDER,
         unit="orders"),
    flow("deferred_sentences", "sentences put off for a drug court", SupervisionMark.DEFERRED, unit="cases"),
    flow("drawn_into_drug_court", "sentences put off of people who would have had neither prison nor an order",
         SupervisionMark.DRAWN_IN, unit="cases", more_is="worse"),
    flow("reviews", "reviews before the same judge", SupervisionMark.REVIEWED, unit="reviews"),
    flow("sanctions", "people held for some days by a reviewing judge", SupervisionMark.SANCTIONED, more_is="worse"),
    flow("failed_reviews", "sent back for sentence by a reviewing judge", SupervisionMark.FAILED_REVIEW, more_is="worse"),
    flow("dismissals", "cases dismissed by a drug court", SupervisionMark.DISMISSED, unit="cases", more_is="better"),
    flow("entered_houses", "moved to a halfway house after prison", SupervisionMark.ENTERED_HOUSE),
    flow("housed_in_place", "sent to a halfway house in place of prison", SupervisionMark.HOUSED_IN_PLACE),
    flow("left_houses", "left a halfway house", SupervisionMark.LEFT_HOUSE),
    flow("supervision_adjusted", "requirements and licences adjusted to what screening found", SupervisionMark.ADJUSTED),
    stock("on_deferred_sentence", "people whose sentence a drug court has put off", Stock.ON_DEFERRED_SENTENCE),
    stock("under_review", "people under a judge's reviews", Stock.UNDER_REVIEW),
    stock("under_requirement", "people of whom an order requires treatment", Stock.UNDER_REQUIREMENT),
    stock("people_ill", "people with a mental illness", Stock.ILL, more_is="worse"),
    stock("in_halfway_houses", "people in halfway houses", Stock.IN_HALFWAY_HOUSE),
)  # fmt: skip
