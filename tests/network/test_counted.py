"""Counts of friends that a class declares: what counting all of them anew would give, every week, in both engines."""

from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
from small_worlds import disagreements, model
from tiny_world import imported
from with_friends import LATELY, NUMBERS, PEOPLE, WITH_OWN_WAYS, Counting, WithFriends

from policysim.engine.condition import Condition
from policysim.engine.fields import fields_of
from policysim.engine.rest import AWAKE, GONE
from policysim.engine.resting import resting_rules
from policysim.errors import UserError
from policysim.model import DrugPolicyModel
from policysim.network.adjacency import HOUSEHOLD
from policysim.rules import Adult, Care, Friends, Justice, Life, Substance, Use, YoungPerson, uses_opioids

WEEKS = 30
HERE = {"place": "authority:coventry", "people": 700, "parameters": NUMBERS, "people_classes": PEOPLE}
NOTHING = np.zeros(0, np.int64)


def friends_of(made: DrugPolicyModel, holds: np.ndarray, name: str = "") -> np.ndarray:
    """Of how many friends of each person it holds, by the ties of the count of this name."""
    ties = {"club_in_care": made.networks.get("club"), "at_home": made.peers.ties.only(HOUSEHOLD)}.get(
        name, made.peers.ties
    )
    own = np.repeat(np.arange(made.records.size), np.diff(ties.indptr))
    return np.bincount(own, weights=holds[ties.indices], minlength=made.records.size)


def holding(made: DrugPolicyModel) -> dict[str, np.ndarray]:
    """Of whom each condition holds."""
    people = made.records  # what is asked of those at rest does not move of itself, or they were made up for
    there, dead = people["present"], people["life"] == Life.DEAD
    often = np.isin(people["use"][:, Substance.CANNABIS], (Use.REGULAR, Use.DEPENDENT)) | people["injects"]
    comfort = people["comfort"].astype(int)
    touched = (comfort + people["mourned"] > 1) & ~((comfort >= 12) & (comfort < 14))
    if made.people_classes != tuple(PEOPLE):
        touched = (people["age"] < 18) & (people["use"][:, Substance.ALCOHOL] == Use.NEVER)
    return {
        "friends_in_care": there & (people["care"] >= Care.AGONIST),
        "club_in_care": there & (people["care"] >= Care.AGONIST),
        "at_home": there,
        "friends_lost": dead,
        "lost_lately": dead,
        "often": there & often & (people["justice"] != Justice.CUSTODY),
        "touched": there & touched,
    }


class Recount:
    """Counts all friends of everybody anew, week after week."""

    def __init__(self, made: DrugPolicyModel) -> None:
        """Of what holds already it is not known since when."""
        self.lasting = {"lost_lately": LATELY} | ({"touched": 9} if made.people_classes == tuple(PEOPLE) else {})
        self.passed = {name: np.where(holds, 1000, 0) for name, holds in holding(made).items()}

    def wrong(self, made: DrugPolicyModel) -> list[str]:
        """The counts that are not what they should be at the end of a week."""
        found = []
        for name, holds in holding(made).items():
            self.passed[name] = np.where(holds, self.passed[name] + 1, 0)
            counted = holds & (self.passed[name] <= self.lasting.get(name, 1_000_000))
            if not np.array_equal(friends_of(made, counted, name), made.records[name]):
                found.append(name)
        return found


def lived(weeks: int, made: DrugPolicyModel | None = None, watched: bool = True, **arguments) -> DrugPolicyModel:
    """A model some weeks on, whose counts are looked at in each of them."""
    made = made or model(**(HERE | arguments))
    recount = Recount(made) if watched else None
    for _ in range(weeks):
        made.step()
        assert recount is None or recount.wrong(made) == []
    made.close()
    return made


@pytest.fixture(scope="module")
def compiled() -> DrugPolicyModel:
    """Lived as far as the others, most of them at rest."""
    made = lived(WEEKS)
    wakes = made.state.rest.wakes[made.records["present"]]
    assert ((wakes != AWAKE) & (wakes != GONE)).mean() > 0.4
    return made


@pytest.mark.slow
def test_counts_are_those_of_all_friends_every_week_in_both_engines(compiled):
    people = compiled.look()
    assert min(people[name].max() for name in ("friends_in_care", "friends_lost", "often", "touched", "comfort")) > 0
    club = compiled.networks["club"].indptr
    newcomers = (people["enters"] > 0) & people["present"]
    assert people["club_in_care"].max() > 0 and np.diff(club)[newcomers].any()
    assert people["at_home"][newcomers].any(), "who entered later is counted by who lives with them, too"
    assert people["mourned"].any()
    assert disagreements(compiled, lived(WEEKS, engine="python")) == []


@pytest.mark.slow
def test_with_rest_and_without_everyone_goes_by_the_same_friends(compiled):
    awake = model(**HERE)
    held = awake.people["age"]
    lived(WEEKS, awake, watched=False)
    del held
    assert disagreements(compiled, awake) == []


@pytest.mark.slow
def test_a_model_that_was_saved_copied_or_begun_from_goes_on_with_the_same_counts(compiled, tmp_path: Path):
    half = lived(WEEKS // 2)
    half.save(tmp_path / "half.model")
    others = [DrugPolicyModel.load(tmp_path / "half.model"), deepcopy(half), model(**HERE, start=half)]
    for other in others:
        assert disagreements(compiled, lived(WEEKS // 2, other, watched=False)) == []


@pytest.mark.slow
def test_a_class_that_is_new_in_a_branch_counts_from_then_on():
    started = model(**(HERE | {"people_classes": None}))
    for _ in range(20):
        started.step()
    assert (started.records["life"] == Life.DEAD).any()
    branch = model(**HERE, start=started)
    assert branch.records["friends_lost"].any() and not branch.records["lost_lately"].any()
    lived(12, branch)
    assert branch.records["lost_lately"].any()


@pytest.mark.slow
def test_a_condition_on_what_moves_of_itself_is_true_of_those_at_rest_too():
    made = lived(4, engine="python", people=300, people_classes=WITH_OWN_WAYS)
    assert made.friend_counts.must_be_made_up and made.records["touched"].any()
    assert not lived(1, engine="python", people=300).friend_counts.must_be_made_up


def test_a_rule_that_begins_with_a_count_of_friends_leaves_people_at_rest():
    role = PEOPLE[0]
    rests = resting_rules(role, (role,), frozenset())
    assert rests is not None
    assert {"be_comforted", "mourn"} <= {each.name for each in rests}


# ---------------------------------------------------------------- conditions

LIMIT = 3
SOME = (Care.WAITING, Care.AGONIST)
CONDITIONS = [
    lambda friend: friend.care in SOME,
    lambda friend: friend.care not in (Care.NONE, 4) or friend.injects,
    lambda friend: not friend.injects and friend.use[Substance.CANNABIS] > friend.use[2] - 1,
    lambda friend: 18 <= friend.age < 40.5 and friend.aces + friend.injects * 2 >= LIMIT,
    lambda friend: friend.risk - friend.resilience > 0.25,
    lambda friend: friend.alone > 0.3,
    lambda friend: friend.police_marks & 5 == -friend.injects | 4,
    lambda friend: int(friend.risk) == 1,
    uses_opioids,
]


@pytest.mark.parametrize("k", range(len(CONDITIONS)))
def test_a_condition_means_what_it_means_in_python(k):
    made = model(people=200, engine="python")
    people, generator = made.people, np.random.default_rng(k)
    fields = fields_of(made.roles)
    for name in ("care", "use", "aces", "police_marks"):
        people[name] = generator.integers(0, 6, people[name].shape)
    people["injects"], people["alone"] = generator.random(people.size) < 0.5, generator.random(people.size)
    rows = np.flatnonzero(people["present"])
    asked = Condition(CONDITIONS[k], {name: field.shape for name, field in fields.items()}).of(people, rows)
    expected = np.array([bool(CONDITIONS[k](made.person(row))) for row in rows.tolist()])
    assert expected.any() and not expected.all()
    assert np.array_equal(asked, expected)


TWO, OTHER = (lambda friend: friend.age > 5), (lambda friend: friend.age < 5)  # in one line


def test_of_two_conditions_in_one_line_each_is_read():
    people = np.zeros(1, [("age", "f8")])
    people["age"] = 9.0
    assert [Condition(each, {"age": ()}).of(people, np.array([0]))[0] for each in (TWO, OTHER)] == [True, False]


WRONG = {
    "lambda friend: friend.car > 1": "uses friend.car, which is no field of a person; did you mean 'care'?",
    "lambda friend: friend.use > 1": "uses friend.use; that field holds 7 numbers",
    "lambda friend: friend.use[9] > 1": "uses friend.use[9]; that field holds 7 numbers",
    "lambda friend: friend.age ** 2 > 1": "uses friend.age ** 2; it is made of their fields, numbers",
    "lambda friend: happens(0.5, friend)": "uses draw(luck); it is made of",
    "lambda friend: friend.ties > 1": "goes by friend.ties, itself told by friends",
    "lambda friend: friend.counted > 1": "goes by friend.counted, itself told by friends",
    "lambda friend: friend.nobody()": "uses friend.nobody()",
    "lambda: 1": "a condition on a friend takes the friend",
    "3": "Friends(...) takes a lambda or a helper",
    "": "Friends(...) takes what holds of the friends who count",
    "died=True, weeks=0": "weeks is a whole number from 1 on, not 0",
    "network='houshold'": "there is no network 'houshold'; did you mean 'household'?",
    "network=3": "network is a function (people, luck) that returns the rows of both ends of each tie",
    "network=one_end": "network one_end returns no two arrays of rows of the same length",
    "network=nobody": "network nobody ties somebody outside the rows 0 to",
    "network=fails": ": fails fails: ValueError",
}
NETWORKS = {"one_end": "[1]", "nobody": "[0, -1], [1, 1]", "fails": "people['nowhere']"}


@pytest.mark.parametrize("given", WRONG)
def test_what_is_no_simple_condition_is_told_in_one_sentence(given, tmp_path):
    networks = "".join(f"def {name}(people, luck): return {ends}\n" for name, ends in NETWORKS.items())
    text = f"from policysim.rules import *\n\n\n{networks}class One(YoungPerson):\n    counted = Friends({given})\n"
    with pytest.raises(UserError) as told:
        model(people=200, engine="python", people_classes=[imported(tmp_path, text).One])
    said = str(told.value)
    assert WRONG[given] in said and ".py, line " in said and "\n" not in said


def test_a_count_is_written_by_no_rule(tmp_path):
    text = (
        "from policysim.rules import *\n\n\nclass One(YoungPerson):\n    lost = Friends(died=True)\n\n"
        "    @rule\n    def forget_all(self, here, world, luck):\n        self.lost = 0\n"
    )
    kind = imported(tmp_path, text).One
    for engine in ("compiled", "python"):
        with pytest.raises(
            UserError, match=r"line 9: rule One.forget_all .*self.lost, a count of friends, which the model"
        ):
            lived(1, watched=False, people=200, people_classes=[kind], engine=engine)


def test_a_count_is_declared_once(tmp_path):
    once = type("One", (YoungPerson,), {"lost": Friends(died=True)})
    twice = type("Two", (Adult,), {"lost": Friends(lambda friend: friend.injects)})
    with pytest.raises(UserError, match=r"'lost' is declared in One already; declare it once"):
        fields_of([once, twice])
    assert fields_of([WithFriends])["lost_lately"] is Counting.lost_lately
