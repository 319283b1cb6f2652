"""A run that is saved at any week, copied or sent to another process goes on to the same bits, in both engines."""

import copy
import json
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, ClassVar

import mesa
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_worlds import BUSY, disagreements, model, regime

from policysim import DrugPolicyModel, Regime, UserError, YoungPerson
from policysim.agents.institutions.police import PoliceTeam
from policysim.agents.people.person import Person
from policysim.levers.lever import Lever
from policysim.model.drug_policy_model import DrugPolicyModel as Plain
from policysim.rules import rule

SMALL: dict[str, Any] = {"people": 80, "years": 1, "burn_in_years": 1, "parameters": BUSY}
RAMPED = regime(
    consumption_room={"rooms": 3, "start_week": 5, "ramp_weeks": 30},
    hot_spot_patrol={"start_week": 20, "ramp_weeks": 40},
    pre_arrest_diversion={"ramp_weeks": 10},
)
THREE_AUTHORITIES = "cumbria"


class Careful(YoungPerson):
    """A class of one's own, which files name."""

    @rule
    def start_using(self, here, world, luck):
        """Nobody starts who has no friend who uses."""
        if self.peers_using[0] > 0:
            super().start_using(here, world, luck)


class OwnLever(Lever):
    """A lever of one's own, which files name."""

    id: ClassVar[str] = "own_lever"
    acts_on: ClassVar = PoliceTeam

    def pull(self, policy, level):
        """Police carry more kits."""
        policy.police_naloxone += (1 - policy.police_naloxone) * level


class Counted(DrugPolicyModel):
    """A model of one's own, which counts its weeks."""

    def __init__(self, weeks_before: int = 0, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.lived = weeks_before

    def step(self) -> None:
        super().step()
        self.lived += 1


def people_at_liberty(made: DrugPolicyModel) -> int:
    """A reporter of one's own, which files name."""
    return int((made.people["present"] & (made.people["justice"] == 0)).sum())


def lived(made: DrugPolicyModel, weeks: int) -> DrugPolicyModel:
    for _ in range(weeks):
        made.step()
    return made


def to_the_end(made: DrugPolicyModel) -> DrugPolicyModel:
    while made.running and made.week < made.last_week:
        made.step()
    return made


def alike(one: object, other: object) -> bool:
    """Whether two values are equal, whatever arrays are in them."""
    try:
        np.testing.assert_equal(one, other)
    except AssertionError:
        return False
    return True


def parted(one: DrugPolicyModel, other: DrugPolicyModel) -> list[str]:
    """In what two runs are not the same to the bit: people, places, counts, institutions, tables, what was collected."""
    found = disagreements(one, other)
    for mine, theirs in zip(one.institutions, other.institutions, strict=True):
        if not alike(mine.what_it_is(), theirs.what_it_is()):
            found.append(mine.name)
    areas = [area.name for area in one.place.authorities]
    for table in ("weekly", "by_group"):
        frames = [
            getattr(m.outcomes, table)(*([areas] if table == "weekly" else []), m.one_in, m.burn_in_weeks)
            for m in (one, other)
        ]
        if not frames[0].equals(frames[1]):
            found.append(table)
    if one.datacollector.model_vars != other.datacollector.model_vars:
        found.append("datacollector")
    if (one.steps, one.running, one.random.getstate()) != (other.steps, other.running, other.random.getstate()):
        found.append("Mesa's own")
    return found


def through_a_file(made: DrugPolicyModel, folder: Path) -> DrugPolicyModel:
    made.save(folder / "run.model")
    return type(made).load(folder / "run.model")


WAYS = {
    "file": through_a_file,
    "pickle": lambda made, folder: pickle.loads(pickle.dumps(made)),
    "deepcopy": lambda made, folder: copy.deepcopy(made),
    "copy": lambda made, folder: copy.copy(made),
}


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["compiled", "python"])
def test_a_copy_goes_on_to_the_same_bits_and_leaves_its_original_alone(engine: str, tmp_path: Path) -> None:
    made = lived(model(**SMALL, engine=engine, regime=RAMPED, budgets={"council": 2e7}), 75)
    copies = {way: make(made, tmp_path) for way, make in WAYS.items()}
    before = made.people.copy()
    for again in copies.values():
        to_the_end(again)
    assert np.array_equal(made.people, before)
    to_the_end(made)
    assert {way: parted(made, again) for way, again in copies.items()} == {way: [] for way in WAYS}


def test_a_copy_carries_over_what_its_original_does(tmp_path: Path) -> None:
    made = lived(model(people=80, place="humberside", carried={"ocu_per_1000": 9.5, "kits_per_100": 40}), 3)
    for way, make in WAYS.items():
        again = make(made, tmp_path)
        assert again.parameters["kits_per_100"] == 40 and again.parameters.changed == frozenset(), way
        assert parted(lived(again, 4), lived(copy.copy(made), 4)) == [], way


@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    week=st.sampled_from([0, 1, 51, 52, 53, 80, 103, 104]) | st.integers(0, 104),
    engine=st.sampled_from(["compiled", "python"]),
    resumed_in=st.sampled_from([None, "compiled", "python"]),
    null_effects=st.booleans(),
    budgets=st.none() | st.fixed_dictionaries({"council": st.sampled_from([0.0, 1e6, 2e7]), "police": st.just(5e6)}),
    under=st.sampled_from(["status-quo", "multi-component", RAMPED]),
    place=st.sampled_from(["west-midlands", THREE_AUTHORITIES]),
)
def test_a_run_saved_at_any_week_equals_one_that_was_not(
    tmp_path, week, engine, resumed_in, null_effects, budgets, under, place
) -> None:
    made = lived(
        model(**SMALL, place=place, engine=engine, null_effects=null_effects, budgets=budgets, regime=under), week
    )
    made.save(tmp_path / "any.model")
    again = to_the_end(DrugPolicyModel.load(tmp_path / "any.model", engine=resumed_in))
    assert again.engine_name == (resumed_in or engine)
    assert parted(to_the_end(made), again) == []


@pytest.mark.slow
@settings(max_examples=4, deadline=None)
@given(
    week=st.sampled_from([0, 30, 52, 75]) | st.integers(0, 100),
    engine=st.sampled_from(["compiled", "python"]),
    budgets=st.sampled_from([None, {"council": 2e7}]),
    under=st.sampled_from(["status-quo", RAMPED]),
    place=st.sampled_from(["west-midlands", THREE_AUTHORITIES]),
)
def test_a_branch_begun_at_any_week_under_the_same_regime_equals_its_start(week, engine, budgets, under, place) -> None:
    arguments: dict[str, Any] = dict(SMALL, place=place, engine=engine, budgets=budgets, regime=under)
    made = lived(model(**arguments), week)
    branch = to_the_end(model(**arguments, start=made))
    assert disagreements(to_the_end(made), branch) == []


def test_a_purse_that_is_given_within_a_year_has_the_rest_of_it() -> None:
    made = lived(model(**SMALL), 65)
    branch = model(**SMALL, start=made, budgets={"council": 5200.0})
    assert branch.purses["council"].memory["left"] == 5200 * (52 - 13) / 52
    branch.step()
    assert branch.purses["council"].memory["left"] < 5200 * (52 - 13) / 52


def test_what_a_user_added_comes_along(tmp_path: Path) -> None:
    made = Counted(place="dorset", people=250, years=1, seed=3)
    made.datacollector = mesa.DataCollector({"free": people_at_liberty, "week": "week"}, tables={"notes": ["week"]})
    made.ambulance.calls_a_week, made.ambulance.note = 2.5, {"seen": np.arange(3), 4: (1, "two")}
    lived(made, 6)
    made.datacollector.add_table_row("notes", {"week": 6})
    again = through_a_file(made, tmp_path)
    assert isinstance(again, Counted)
    assert (again.lived, again.ambulance.calls_a_week) == (6, 2.5)
    assert alike(again.ambulance.note, made.ambulance.note)
    assert again.datacollector.tables == {"notes": {"week": [6]}}
    assert parted(to_the_end(made), to_the_end(again)) == []
    assert again.lived == 52


@pytest.mark.parametrize("way", ["file", "pickle", "deepcopy"])
def test_collectors_that_ask_people_come_along(way: str, tmp_path: Path) -> None:
    made = model(place="dorset", people=250)
    made.datacollector = mesa.DataCollector(agenttype_reporters={Person: {"age": "age"}})
    lived(made, 2)
    again = WAYS[way](made, tmp_path)
    one, other = (lived(m, 2).datacollector.get_agenttype_vars_dataframe(Person).sort_index() for m in (made, again))
    assert one.equals(other)
    assert len(one.index.levels[0]) == 4


@pytest.mark.parametrize("engine", ["compiled", "python"])
def test_people_and_institutions_are_those_of_the_copy(engine: str) -> None:
    made = model(engine=engine)
    made.watched = [made.person(17), made.court]
    again = copy.deepcopy(made)
    person, court = again.watched
    assert person is again.person(17)
    assert court is again.court
    assert len(again.agents) == len(made.agents)
    assert copy.deepcopy(made.person(18)).model is not made


@pytest.mark.slow
def test_classes_of_ones_own_come_along(tmp_path: Path) -> None:
    own = Regime(id="own", name="Own", levers={"own_lever": OwnLever(ramp_weeks=20), "skills_programme": {}})
    made = lived(model(people=80, engine="python", parameters=BUSY, people_classes=[Careful], regime=own), 10)
    for again in (through_a_file(made, tmp_path), pickle.loads(pickle.dumps(made))):
        assert again.roles == made.roles
        assert again.regime == own
        assert parted(to_the_end(copy.deepcopy(made)), to_the_end(again)) == []


ELSEWHERE = """
import pickle, sys
from pathlib import Path
from policysim import DrugPolicyModel
sent = Path(sys.argv[1])
made = pickle.loads(sent.read_bytes()) if sent.suffix == ".pickle" else DrugPolicyModel.load(sent)
while made.running:
    made.step()
made.save(sys.argv[2])
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sent.pickle", "sent.model"])
def test_a_run_goes_on_in_another_process(name: str, tmp_path: Path) -> None:
    made = lived(model(parameters=BUSY, regime="multi-component"), 20)
    if name.endswith("pickle"):
        (tmp_path / name).write_bytes(pickle.dumps(made))
    else:
        made.save(tmp_path / name)
    subprocess.run([sys.executable, "-c", ELSEWHERE, tmp_path / name, tmp_path / "back"], check=True, timeout=120)
    assert parted(to_the_end(made), DrugPolicyModel.load(tmp_path / "back")) == []


# --- what cannot be saved or loaded is told in one sentence -----------------------------------------------------------
def refusal(path: Path) -> str:
    with pytest.raises(UserError) as caught:
        DrugPolicyModel.load(path)
    return str(caught.value)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "a.model"
    lived(model(people=200), 2).save(path)
    return path


def test_a_damaged_file(saved: Path, tmp_path: Path) -> None:
    whole, broken = saved.read_bytes(), tmp_path / "b.model"
    for size in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        broken.write_bytes(whole[:size])
        assert "is not a saved model, or it is damaged or was cut short" in refusal(broken)
    for position in np.linspace(60, len(whole) - 60, 12).astype(int):
        bent = bytearray(whole)
        bent[position] ^= 0xFF
        broken.write_bytes(bytes(bent))
        try:
            again = DrugPolicyModel.load(broken)
        except UserError:
            continue
        assert parted(again, DrugPolicyModel.load(saved)) == []  # a byte that nothing reads, such as a date


def test_a_foreign_file(tmp_path: Path) -> None:
    path = tmp_path / "c.model"
    path.write_bytes(pickle.dumps({"some": "thing"}))
    assert "is not a saved model" in refusal(path)
    np.savez(tmp_path / "d.npz", people=np.zeros(3))
    assert "is not a saved model" in refusal(tmp_path / "d.npz")
    assert "there is no file" in refusal(tmp_path / "none.model")
    assert "cannot be read" in refusal(tmp_path)
    with pytest.raises(UserError, match="a file is given by its path, not as 3"):
        DrugPolicyModel.load(3)  # type: ignore[arg-type]


def rewritten(saved: Path, path: Path, **changes: Any) -> Path:
    """The same file with other entries in its `model.json`."""
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, json.dumps(json.loads(text) | changes) if name == "model.json" else text)
    return path


def test_a_file_of_another_version(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "e.model"
    assert "is of format 99; this policysim reads saved models of format 1" in refusal(
        rewritten(saved, path, format=99)
    )
    assert "comes from another version of policysim's sources" in refusal(rewritten(saved, path, source="another"))


def test_nothing_in_a_file_is_run(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "f.model"
    for named in ("os:system", "builtins:dict", "policysim.errors:nearest", "pathlib:Path"):
        about = {"class": {"named": named, "hash": ""}}
        with pytest.raises(UserError):
            DrugPolicyModel.load(rewritten(saved, path, **about))
    assert "needs Missing from the module no_such" in refusal(
        rewritten(saved, path, people_classes=[{"named": "no_such:Missing", "hash": ""}])
    )


def test_a_class_that_has_changed_or_cannot_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "g.model"
    model(people=200, engine="python", people_classes=[Careful]).save(path)
    with monkeypatch.context() as context:
        context.setattr("policysim.model.saved_file.class_hash", lambda kind: "edited")
        assert "was saved with another" in refusal(path)

    class Inner(YoungPerson):
        """Made in a function."""

    with pytest.raises(UserError, match="Inner cannot be named in a file, since it does not stand at the top"):
        model(people=200, engine="python", people_classes=[Inner]).save(path)
    assert DrugPolicyModel.load(path).people_classes == (Careful,)  # what was there stays


def test_what_a_file_cannot_hold(tmp_path: Path) -> None:
    made = model(people=200)
    made.datacollector = mesa.DataCollector({"alive": lambda m: 1})
    with pytest.raises(UserError, match=r"cannot hold datacollector\.reporters\.model_reporters\.alive, a function"):
        made.save(tmp_path / "h.model")
    made = model(people=200)
    made.sink = open(tmp_path / "log", "w")  # noqa: SIM115
    with made.sink, pytest.raises(UserError, match=r"cannot hold own\.sink, a TextIOWrapper"):
        made.save(tmp_path / "h.model")
    assert not (tmp_path / "h.model").exists()
    with pytest.raises(UserError, match=r"cannot be saved in .*nowhere"):
        model(people=200).save(tmp_path / "nowhere" / "i.model")
    assert [path.name for path in tmp_path.iterdir()] == ["log"]


def test_a_file_of_another_model(tmp_path: Path) -> None:
    Plain(place="dorset", people=200, years=1, seed=3).save(tmp_path / "j.model")
    with pytest.raises(UserError, match=r"holds a DrugPolicyModel, which is not a Counted: use DrugPolicyModel\.load"):
        Counted.load(tmp_path / "j.model")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"place": "dorset"}, "it is of West Midlands, the model of Dorset"),
        ({"people": 400}, "one person in it stands for"),
        ({"years": 3}, "it knows who turns ten in 52 weeks, and the model needs 156: give it more years"),
    ],
)
def test_a_start_that_a_model_cannot_go_on_from(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError, match=says):
        model(**changes, start=model())
