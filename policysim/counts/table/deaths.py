"""Deaths: by cause, by the drugs named, expected."""

from policysim.counts.table.row import flow, summed
from policysim.vocabulary.marks import JusticeMark, LifeMark
from policysim.vocabulary.stocks import Sum

ROWS = (
    flow("deaths", "deaths by drug misuse poisoning", LifeMark.DIED_OF_MISUSE, unit="deaths",
         label="Misuse deaths, counted", noun="misuse deaths"),
    flow("opiate_deaths", "misuse deaths naming an opiate", LifeMark.DIED_WITH_OPIATE, unit="deaths",
         label="Deaths naming an opiate", more_is="worse"),
    flow("cocaine_deaths", "misuse deaths naming cocaine", LifeMark.DIED_WITH_COCAINE, unit="deaths",
         label="Deaths naming cocaine"),
    flow("heroin_deaths", "misuse deaths naming heroin or morphine", LifeMark.DIED_WITH_HEROIN, unit="deaths",
         label="Deaths naming heroin or morphine"),
    flow("other_opioid_deaths", "misuse deaths naming an opiate, but not heroin or morphine",
         LifeMark.DIED_WITH_OTHER_OPIOID, unit="deaths", label="Deaths naming other opioids alone"),
    flow("benzodiazepine_deaths", "misuse deaths naming a benzodiazepine", LifeMark.DIED_WITH_BENZODIAZEPINE,
         unit="deaths", label="Deaths naming a benzodiazepine"),
    flow("deaths_in_custody", "misuse deaths in custody", JusticeMark.DIED_IN_CUSTODY, unit="deaths"),
    flow("other_poisoning_deaths", "poisonings that are not misuse; no lever moves them", LifeMark.DIED_OTHER_POISONING,
         unit="deaths", label="Other poisoning deaths"),
    flow("poisoning_deaths", "all drug poisonings", LifeMark.DIED_OF_MISUSE, LifeMark.DIED_OTHER_POISONING, unit="deaths",
         label="All poisoning deaths", noun="poisoning deaths"),
    flow("intentional_deaths", "misuse deaths with intent", LifeMark.DIED_INTENTIONALLY, unit="deaths"),
    flow("suicides", "suicides other than by misuse poisoning", LifeMark.DIED_BY_SUICIDE, unit="deaths",
         label="Suicides", more_is="worse"),
    flow("other_deaths", "deaths by all other causes", LifeMark.DIED_OTHERWISE, unit="deaths"),
    summed("expected_deaths", "misuse deaths expected: the sum of everyone's weekly chance", Sum.EXPECTED_DEATHS, "deaths",
          label="Misuse deaths, expected", noun="expected misuse deaths", more_is="worse"),
)  # fmt: skip
