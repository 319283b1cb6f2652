"""Every lever by id. A new lever is a class in one of these modules and a line here."""

from policysim.levers.harm_reduction import ConsumptionRoom, NeedleExchange, TakeHomeNaloxone
from policysim.levers.justice import TestOnArrest
from policysim.levers.lever import Lever
from policysim.levers.policing import (
    HotSpotPatrol,
    PoliceNaloxone,
    PossessionDecision,
    PreArrestDiversion,
    StopAndSearch,
)
from policysim.levers.prevention import ScareTactics, SkillsProgramme
from policysim.levers.treatment import AgonistTreatment, HeroinAssistedTreatment

LEVERS: dict[str, type[Lever]] = {
    lever.id: lever
    for lever in (
        StopAndSearch, HotSpotPatrol, PossessionDecision, PreArrestDiversion, PoliceNaloxone,
        TestOnArrest,
        AgonistTreatment, HeroinAssistedTreatment,
        TakeHomeNaloxone, ConsumptionRoom, NeedleExchange,
        SkillsProgramme, ScareTactics,
    )
}  # fmt: skip
