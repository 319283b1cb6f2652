"""Here: what people meet in one neighbourhood. Institutions add to these fields what they set there week by week."""

from policysim.engine.fields import Field


class Neighbourhood:
    """Of one row of `here`, about 8,000 residents, what is the neighbourhood's own and set when a model is built.

    The other fields of a row stand with the institutions that write them (policysim.agents.institutions.catalogue).
    """

    area = Field("i4", "index of the local authority within the place", "", 0)
    quintile = Field("i1", "deprivation of the neighbourhood, 0 the most deprived fifth", "", 0, 4)
    residents = Field("f8", "residents aged 10 to 64", "people", 0)
    use_ratio = Field("f8", "starting heroin or crack relative to the nation, by deprivation", "ratio", 0)
    other_poisoning_ratio = Field("f8", "other poisonings relative to the nation, by deprivation", "ratio", 0)
