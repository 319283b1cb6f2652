"""The ambulance service: the main reverser of overdoses, slower when it is busy."""

from policysim.agents.institutions.institution import Cost, Institution
from policysim.engine.fields import Field
from policysim.vocabulary.marks import DrinkingMark, OverdoseMark


class AmbulanceHere:
    """What people meet of the ambulance service."""

    ambulance_rescue = Field("f8", "share of called-for overdoses that the ambulance reaches in time", "share", 0, 1)


class Ambulance(Institution):
    """One service for the place."""

    here = AmbulanceHere
    costs = (
        Cost("cost_overdose_call", "nhs", (OverdoseMark.OVERDOSED,)),
        Cost("cost_drink_call", "nhs", (DrinkingMark.CALLED_FOR_DRINK,)),
    )

    def __init__(self, model):
        super().__init__(model, "ambulance")
        self.calls_a_week = float("inf")  # overdose calls it can reach in time in a week; unbounded unless set

    def act(self, week: int) -> None:
        super().act(week)
        calls = self.last_week(OverdoseMark.OVERDOSED)
        busy = min(1.0, self.calls_a_week / calls) if calls > 0 else 1.0
        self.meet(ambulance_rescue=self.model.parameters["ambulance_rescue"] * busy)
