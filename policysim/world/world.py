"""The world: what institutions set for everyone. The registry's parameters are added to these fields by name."""

from policysim.engine.fields import Field


class World:
    """One record for the whole place; people read it, institutions write these fields, nobody writes a parameter.

    The two last are sums of parameters, made once when a model is built.
    """

    week = Field("i4", "week of the run; burn-in weeks are negative", "weeks")
    prison_agonist_share = Field("f8", "share of opioid-dependent prisoners who get agonist treatment", "share", 0, 1)
    through_the_gate = Field("f8", "strength of the hand-over to community treatment at release", "share", 0, 1)
    naloxone_on_release = Field("f8", "share of people using opioids who leave prison with a kit", "share", 0, 1)
    requirement_share = Field(
        "f8", "share of community orders of dependent people with a treatment requirement", "share", 0, 1
    )
    requirement_linked = Field("f8", "share of those requirements that link to treatment", "share", 0, 1)
    first_use = Field(
        "f8",
        "first use of any substance but heroin and crack by someone who has used none, by sex and age band",
        "hazard per week", 0, shape=(2, 14),
    )  # fmt: skip
    first_hard_use = Field(
        "f8", "the same of heroin and crack, where deprivation is average", "hazard per week", 0, shape=(2, 14)
    )
