"""Drinking: deaths, arrests and calls; outreach to drinkers with complex needs and to people whom services do not know."""

from policysim.counts.table.row import flow, stock
from policysim.vocabulary.marks import DrinkingMark, HarmReductionMark, OutreachMark
from policysim.vocabulary.stocks import Stock

ROWS = (
    flow("alcohol_deaths", "deaths by a disease that alcohol alone causes; among the deaths by all other causes",
         DrinkingMark.DIED_OF_ALCOHOL, unit="deaths", label="Alcohol-specific deaths", more_is="worse"),
    flow("alcohol_calls", "calls of police or ambulance for people dependent on alcohol",
         DrinkingMark.CALLED_FOR_DRINK, unit="calls", label="Calls for drink", noun="calls for drink", more_is="worse"),
    flow("alcohol_arrests", "arrests of people dependent on alcohol, drunk and disorderly or violent in drink",
         DrinkingMark.ARRESTED_FOR_DRINK, unit="arrests", label="Arrests for drink", noun="arrests for drink",
         more_is="worse"),
    flow("keyworker_starts", "drinkers with complex needs taken on by an outreach worker", DrinkingMark.GOT_KEYWORKER),
    flow("keyworker_ends", "drinkers with complex needs no longer seen by the outreach worker",
         DrinkingMark.LEFT_KEYWORKER),
    flow("outreach_meetings", "meetings with outreach workers with lived experience", OutreachMark.MET_OUTREACH,
         unit="meetings"),
    flow("outreach_kits", "take-home naloxone kits given by outreach workers", OutreachMark.GOT_OUTREACH_KIT, unit="kits"),
    flow("peer_kits", "take-home naloxone kits given by peers", HarmReductionMark.GOT_PEER_KIT, unit="kits"),
    flow("circles_trained", "people whose family or friends were trained to answer an overdose",
         HarmReductionMark.TRAINED_AROUND),
    stock("alcohol_dependent", "people dependent on alcohol", Stock.ALCOHOL_DEPENDENT),
    stock("with_keyworker", "drinkers with complex needs who have an outreach worker", Stock.KEYWORKED),
)  # fmt: skip
