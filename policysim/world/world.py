"""The world: what everyone meets. Institutions add to these fields what they set, the registry its parameters by name."""

from policysim.engine.fields import Field


class World:
    """One record for the whole place; people read it, nobody writes a parameter.

    The fields that institutions write stand in their files (policysim.agents.institutions.catalogue). Here are the week,
    and sums of parameters, made once when a model is built.
    """

    week = Field("i4", "week of the run; burn-in weeks are negative", "weeks")
    first_use = Field(
        "f8",
        "first use by someone who has used nothing, by kind of use, sex, ethnic group and age band; of heroin and crack where "
        "deprivation is average",
        "hazard per week", 0, shape=(3, 2, 5, 14),
    )  # fmt: skip
