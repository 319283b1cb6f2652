"""One path per cause: what exclusion, a record, custody and bereavement each do adds up to what they do together."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from small_worlds import model

from policysim.agents.people.use import log_pull_to
from policysim.agents.roles import ROLES
from policysim.engine.luck import Luck
from policysim.engine.reads import reads_of
from policysim.engine.rules import rules_of
from policysim.model.building import python_views
from policysim.vocabulary.groups import COMPANY_OF
from policysim.vocabulary.states import Company, Justice, Occupation, Substance

MODEL_PAGE = Path(__file__).resolve().parents[3] / "docs" / "model.md"
CAUSES = {
    "exclusion": {"occupation": Occupation.EXCLUDED},
    "record": {"convictions": 1},
    "custody": {"justice": Justice.CUSTODY},
    "bereavement": {"bereaved_weeks": 0},
}
UNTOUCHED = {"occupation": Occupation.SCHOOL, "convictions": 0, "justice": Justice.FREE, "bereaved_weeks": -1}
PATHS_TO_USE = ("change_use", "start_using", "start_later", "start_another")
REST_WEEKS = 600  # weeks after which a balance is where circumstances hold it


@pytest.fixture(scope="module")
def place():
    """A model whose people are used one at a time."""
    made = model(engine="python")
    yield made
    made.close()


def at_rest(place, causes: tuple[str, ...]) -> tuple[float, float]:
    """Risk minus resilience of a pupil in these circumstances once it has settled, and the log of their pull."""
    person = place.person(int(np.flatnonzero(place.people["present"])[0]))
    here, world = python_views(place)
    luck = Luck({"balance": 0})
    circumstances = dict(UNTOUCHED)
    for cause in causes:
        circumstances |= CAUSES[cause]
    for name, value in circumstances.items():
        setattr(person, name, value)
    person.risk, person.resilience, person.lessons, person.scare_lessons = 0.3, -0.2, 0, 0
    for _ in range(REST_WEEKS):
        person.balance(here[person.neighbourhood], world, luck)
    return person.risk - person.resilience, person.log_pull


def test_risk_pulls_and_resilience_holds(place):
    person = place.person(int(np.flatnonzero(place.people["present"])[0]))
    here, world = python_views(place)
    luck, usual = Luck({"balance": 0}), {"risk": 0.0, "resilience": 0.0, "ties": 10}

    def log_pull(**changed: float) -> float:
        for name, value in {**usual, **changed}.items():
            setattr(person, name, value)
        person.balance(here[person.neighbourhood], world, luck)
        return person.log_pull

    base = log_pull()
    assert log_pull(risk=1.0) > base + 0.3 * world.risk_pull
    assert log_pull(resilience=1.0) < base - 0.3 * world.risk_pull


@pytest.mark.parametrize("kind", Company)
def test_friends_pull_towards_what_they_use_and_towards_nothing_else(place, kind):
    """A friend's drinking starts nobody on heroin, nor drives anybody out of school or treatment."""
    person = place.person(int(np.flatnonzero(place.people["present"])[0]))
    here, world = python_views(place)
    person.ties = 10

    def pulls(friends: int) -> tuple[float, list[float]]:
        for k in Company:
            person.peers_using[k] = friends if k == kind else 2
        person.risk, person.resilience = 0.3, -0.2
        person.balance(here[person.neighbourhood], world, Luck({"balance": 0}))
        return person.log_pull, [log_pull_to(person, substance, world) for substance in Substance]

    (alone, before), (with_friends, after) = pulls(2), pulls(4)
    assert with_friends == alone, "what friends use pulls towards use alone"
    for substance in Substance:
        more = 0.2 * world.peer_pull if COMPANY_OF[substance] == kind else 0
        assert after[substance] == pytest.approx(before[substance] + more, abs=1e-12), substance.name


@pytest.mark.parametrize("n", range(2, len(CAUSES) + 1))
def test_single_effects_add_up_to_the_joint_one(place, n):
    usual = at_rest(place, ())
    alone = {cause: at_rest(place, (cause,)) for cause in CAUSES}
    assert all(effect[0] > usual[0] and effect[1] > usual[1] for effect in alone.values())
    for causes in itertools.combinations(CAUSES, n):
        joint = at_rest(place, causes)
        for k in (0, 1):
            added = sum(alone[cause][k] - usual[k] for cause in causes)
            assert joint[k] - usual[k] == pytest.approx(added, rel=0.05), f"{causes} together"


def test_what_moves_use_reads_the_balances_and_not_their_causes():
    """Otherwise a cause would be counted twice. (Custody acts on street use besides: that is supply, not a pull.)"""
    for role in ROLES:
        for name, rule in rules_of(role).items():
            if name in PATHS_TO_USE:
                read = set(reads_of(rule, role)["self"]["reads"])
                assert "log_pull" in read
                assert not read & {"occupation", "convictions", "cautions", "justice", "bereaved_weeks", "housing"}


def test_the_graph_of_causes_shows_every_input_of_the_balances():
    graph = re.search(r"### Graph of causes\n(.*?)\n### ", MODEL_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert graph is not None
    read = {name for name in reads_of(ROLES[0].balance, ROLES[0])["world"]["reads"] if "_of_" in name}
    assert len(read) >= 8
    assert {name for name in read if name not in graph.group(1)} == set()
