"""The two engines live the same lives to the bit: any place, regime, network, seed, threads and student's rules."""

import json
import subprocess
import sys
from collections import deque
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plainest import plainest
from random_rules import person_module, tiny_module
from small_worlds import BUSY, bits, disagreements, model, regime, unequal
from tiny_world import imported, run_compiled, run_python

from policysim.agents.roles import DependentUser
from policysim.engine.week import CHUNKS, helpings, taken
from policysim.levers.catalogue import LEVERS
from policysim.vocabulary.states import Role

WEEKS = 30
PEOPLE = 200
WORLDS = Path(__file__).resolve().parents[1] / "worlds"
AGENTS = Path(__file__).resolve().parents[2] / "policysim" / "agents"
RULE_MODULES = {path.relative_to(AGENTS).as_posix() for path in (AGENTS / "people").glob("*.py")}

# What a drawn lever is set to beyond coverage, start and ramp: something that shows.
STRONG = {
    "stop_and_search": {"change": 1.0}, "possession_decision": {"arrest_share": 0.9}, "agonist_treatment": {"change": 0.8},
    "heroin_assisted_treatment": {"places": 90_000}, "consumption_room": {"rooms": 300},
    "take_home_naloxone": {"kits_per_100": 400},
}  # fmt: skip


@st.composite
def regimes(draw):
    """Any levers, as far, as late and as fast as they may be pulled."""
    chosen = draw(st.sets(st.sampled_from(sorted(LEVERS)), min_size=2))
    timing = {"coverage": st.floats(0, 1), "start_week": st.integers(0, 20), "ramp_weeks": st.integers(0, 30)}
    return regime(**{name: {**STRONG.get(name, {}), **draw(st.fixed_dictionaries(timing))} for name in sorted(chosen)})


NETWORKS = st.fixed_dictionaries(
    {
        "friends_young": st.floats(1, 8),
        "friends_adult": st.floats(0, 5),
        "using_ties": st.floats(1, 4),
        "peer_pull": st.floats(0, 4),
    }
)


@pytest.fixture(scope="module")
def students(tmp_path_factory):
    """Three subclasses with random rules, in place of the three roles."""
    module = imported(tmp_path_factory.mktemp("rules"), person_module(1))
    return (module.DrawnYoungPerson, module.DrawnAdult, module.DrawnDependentUser)


def lived(weeks: int = WEEKS, **arguments):
    made = model(**{"people": PEOPLE, **arguments})
    for _ in range(weeks):
        made.step()
    made.close()
    return made


@pytest.mark.long
@settings(
    derandomize=True,
    deadline=None,
    max_examples=7,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    place=st.sampled_from(["west-midlands", "authority:dorset", "city-of-london", "nation:wales"]),
    drawn=regimes(), network=NETWORKS, seed=st.integers(0, 2**62), threads=st.integers(1, 3), drawn_rules=st.booleans(),
)  # fmt: skip
@pytest.mark.slow
def test_both_engines_live_the_same_lives(students, place, drawn, network, seed, threads, drawn_rules):
    arguments = {
        "place": place, "regime": drawn, "seed": seed, "parameters": {**BUSY, **network},
        "people_classes": students if drawn_rules else None,
    }  # fmt: skip
    compiled = lived(threads=threads, **arguments)
    by_python = lived(engine="python", **arguments)
    assert disagreements(by_python, compiled) == []
    assert registered_as_they_are(by_python)


def registered_as_they_are(by_python) -> bool:
    """Everyone present is one Mesa agent of the class of their role, under their own number; nobody else is."""
    people = by_python.people
    rows = np.flatnonzero(people["present"])
    agents = {agent.unique_id: agent for agent in by_python.agents if agent.unique_id >= 0}
    assert sorted(agents) == rows.tolist()
    assert all(type(agents[row]) is by_python.roles[people["role"][row]] for row in rows.tolist())
    by_type = by_python.agents_by_type
    return all(
        len(by_type[role]) == (people["role"][rows] == k).sum()
        for k, role in enumerate(by_python.roles)
        if role in by_type
    )


@pytest.mark.slow
@given(st.integers(1, 200))
def test_every_chunk_is_lived_once_whatever_the_threads(threads):
    left = [deque(own) for own in helpings(threads)]
    lived = [chunk for thread in range(threads) for first, last in taken(thread, left) for chunk in range(first, last)]
    assert sorted(lived) == list(range(CHUNKS)) and not any(left)


def test_threads_change_nothing():
    runs = [lived(52, people=1500, parameters=BUSY, regime="multi-component", threads=threads) for threads in (1, 2, 3)]
    assert runs[0].outcomes.sums[:52].any()
    assert disagreements(runs[0], runs[1]) == []
    assert disagreements(runs[0], runs[2]) == []


@pytest.mark.slow
def test_two_models_side_by_side_do_not_disturb_each_other():
    alone = lived(10, parameters=BUSY)
    one, other = (
        model(people=PEOPLE, parameters=BUSY),
        model(people=PEOPLE, parameters=BUSY, regime="harm-reduction", seed=2),
    )
    for _ in range(10):
        other.step()
        one.step()
    assert disagreements(alone, one) == []
    assert disagreements(alone, other) != []


@pytest.mark.slow
def test_someone_who_changes_role_stays_the_same_agent():
    into_dependence = {
        f"{rate}_rate[{drug}]": 20 for rate in ("escalation", "dependence") for drug in ("cannabis", "alcohol")
    }
    by_python = model(engine="python", people=PEOPLE, parameters={**BUSY, **into_dependence})
    agents = {row: by_python.person(row) for row in range(PEOPLE)}
    roles = by_python.people["role"].copy()
    for _ in range(20):
        by_python.step()
    changed = [
        row for row in range(PEOPLE) if by_python.people["present"][row] and by_python.people["role"][row] != roles[row]
    ]
    assert any(by_python.people["role"][row] == Role.DEPENDENT_USER for row in changed)
    for row in changed:
        assert by_python.person(row) is agents[row]
        assert agents[row].unique_id == row
        assert isinstance(agents[row], DependentUser) == (by_python.people["role"][row] == Role.DEPENDENT_USER)
        assert agents[row] in by_python.agents_by_type[type(agents[row])]


@pytest.mark.parametrize("seed", [2, 7])
def test_random_programs_in_the_language_of_rules_do_the_same_in_both_engines(seed, tmp_path):
    drawn = imported(tmp_path, tiny_module(seed)).Drawn
    (compiled, found), (by_python, expected) = run_compiled(drawn, threads=seed % 3 + 1), run_python(drawn)
    assert unequal(compiled.people, by_python.people) == []
    for one, other in zip(found, expected, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one[:4], other[:4], strict=True))
        for by_area, by_area_too in zip(one[4:], other[4:], strict=True):
            assert all(np.array_equal(a, b) for a, b in zip(by_area, by_area_too, strict=True))
    assert not np.array_equal(bits(compiled.people["a"]), bits(run_python(drawn, 0)[0].people["a"])), (
        "the rules do something"
    )


DIGESTS = """
import sys
from hashlib import sha256
from pathlib import Path

from random_rules import tiny_module
from tiny_world import imported, run_compiled

for seed in map(int, sys.argv[2:]):
    people = run_compiled(imported(Path(sys.argv[1]), tiny_module(seed)).Drawn)[0].people
    print(*(sha256(people[name].tobytes()).hexdigest() for name in people.dtype.names))
"""


@pytest.mark.slow
def test_random_programs_do_the_same_on_the_plainest_processor(pytestconfig, tmp_path):
    """In usual compiled code; the whole model is lived there in a debug run."""
    found = [
        subprocess.run(
            [sys.executable, "-c", DIGESTS, str(tmp_path), "7"], cwd=WORLDS, env=environment, capture_output=True,
            text=True, check=True,
        ).stdout
        for environment in (None, plainest(pytestconfig, tmp_path))
    ]  # fmt: skip
    assert found[0] == found[1] and len(found[0].split()) > 10


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_branch_of_every_rule_is_visited_and_the_engines_agree_there(pytestconfig, tmp_path):
    """In a process of its own: under coverage from the first import; and a debug run, compiled for the plainest processor.

    So the model's own rules keep to the ranges of all fields, and looking whether they do changes nothing.
    """
    environment = plainest(pytestconfig, tmp_path) | {"COVERAGE_CORE": "ctrace"}
    done = subprocess.run(
        [sys.executable, str(WORLDS / "every_branch.py")],
        cwd=WORLDS, env=environment, capture_output=True, text=True, timeout=580,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert set(found["measured"]) >= RULE_MODULES
    assert found["missing"] == {}, (
        "lines and branches of policysim/agents that no scenario of branch_scenarios.py reaches"
    )
    assert not any(found["differing"].values())
    assert len(found["differing"]) > 2
