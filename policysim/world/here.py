"""Here: what institutions set for the people of one neighbourhood."""

from policysim.engine.fields import Field


class Neighbourhood:
    """One row of `here`: about 8,000 residents, and what they meet this week. Institutions write it; people read it."""

    area = Field("i4", "index of the local authority within the place", "", 0)
    quintile = Field("i1", "deprivation of the neighbourhood, 0 the most deprived fifth", "", 0, 4)
    residents = Field("f8", "residents aged 10 to 64", "people", 0)
    use_ratio = Field("f8", "starting heroin or crack relative to the nation, by deprivation", "ratio", 0)
    other_poisoning_ratio = Field("f8", "other poisonings relative to the nation, by deprivation", "ratio", 0)
    potency = Field("f8", "strength of street opioids relative to usual", "ratio", 0)
    # Police
    search_rate = Field("f8", "stop and searches of a resident of average standing", "hazard per week", 0)
    detection_rate = Field(
        "f8", "possession found other than by a search, for someone who uses regularly", "hazard per week", 0
    )
    presence = Field("f8", "visible policing relative to the status quo", "ratio", 0)
    arrest_share = Field("f8", "share of those found in possession who are arrested", "share", 0, 1)
    diversion_offer = Field("f8", "share of the eligible who are offered diversion in place of arrest", "share", 0, 1)
    diversion_attendance = Field("f8", "share of those offered diversion who attend", "share", 0, 1)
    diversion_referral = Field("f8", "strength of the referral to treatment made at a diversion session", "share", 0, 1)
    test_on_arrest = Field("f8", "share of arrests followed by a drug test", "share", 0, 1)
    test_referral = Field("f8", "share of those who test positive who are referred to treatment", "share", 0, 1)
    police_naloxone = Field("f8", "share of police attending an overdose who carry naloxone", "share", 0, 1)
    # Health
    ambulance_rescue = Field("f8", "share of called-for overdoses that the ambulance reaches in time", "share", 0, 1)
    kit_rate = Field("f8", "take-home naloxone kits given to someone using opioids without one", "hazard per week", 0)
    needle_coverage = Field("f8", "share of people who inject with enough clean equipment", "share", 0, 1)
    room_share = Field("f8", "share of injections that take place in a consumption room", "share", 0, 1)
    outreach = Field("f8", "asking for treatment relative to the usual, by outreach and quick starts", "ratio", 0)
    # School
    skills_lessons = Field("f8", "personal and social skills lessons reaching a pupil of the age", "hazard per week", 0)
    scare_lessons = Field("f8", "fear-based talks reaching a pupil of the age", "hazard per week", 0)
    exclusion_ratio = Field("f8", "exclusions relative to the status quo", "ratio", 0)
