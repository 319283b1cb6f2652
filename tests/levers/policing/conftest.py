"""A place in which police against organised crime and the market act, and nobody lives a week."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from small_worlds import model

from policysim.agents.institutions.market import DrugMarket
from policysim.agents.institutions.organised_crime import OrganisedCrimeTeam
from policysim.model import DrugPolicyModel
from policysim.vocabulary.stocks import Stock


@pytest.fixture(scope="module")
def still() -> Iterator[DrugPolicyModel]:
    """The West Midlands at the numbers of the registry, in which police and market act and nobody lives a week."""
    made = model(place="west-midlands", people=300)
    yield made
    made.close()


class Numbers:
    """Parameters, some of them said anew."""

    def __init__(self, number: Callable[[str], Any]):
        self._number = number

    def __getitem__(self, name: str) -> Any:
        return self._number(name)


@pytest.fixture
def operate(still, monkeypatch):
    """Lets police and market act for some weeks under a policy and numbers of one's own, from the start on."""

    def acts(
        weeks: int, dependent: int = 60, numbers: dict[str, float] | None = None, **policy: float
    ) -> DrugPolicyModel:
        usual, said = still.parameters, numbers or {}
        monkeypatch.setattr(still, "parameters", Numbers(lambda name: said[name] if name in said else usual[name]))
        team, market = OrganisedCrimeTeam(still), DrugMarket(still)
        monkeypatch.setattr(still, "organised_crime", team)
        monkeypatch.setattr(still, "market", market)
        here = {int(Stock.OPIATE_OR_CRACK): dependent}
        monkeypatch.setattr(
            still.outcomes, "last_count", lambda what, area=-1: here.get(what, 0) if type(what) is Stock else 0
        )
        for name, value in policy.items():
            setattr(team.policy, name, value)
        for week in range(weeks):
            for institution in (*still.purses.values(), team, market):
                institution.act(week)
        return still

    return acts
