"""Arms for rules and levers of one's own: beside which they stand, how they are named, and that nobody else changes by them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from policysim import Adult, DrugPolicyModel, Regime, Scenario, UserError, compare, read_scenario, regimes
from policysim.agents.roles import ROLES
from policysim.experiments.analysis.equal_spend import SPENDING, reached
from policysim.experiments.designs.attribution import attribution
from policysim.experiments.running.content_ids import ids_of
from policysim.experiments.running.settings import run_settings
from policysim.reference.checking import people_and_levers_in
from policysim.scenarios.equal_spend import at_scale
from policysim.scenarios.own_arms import beside_which, with_own_arms
from policysim.scenarios.scenario import scenario_from
from policysim.scenarios.sweep import sweep_from
from policysim.viz.style import regime_styles
from policysim.vocabulary.states import Role

RULES = '''
from typing import ClassVar

from policysim.rules import Adult, Field, Institution, Lever, Prison, PrisonPolicy, rule, setting, towards


class Patient(Adult):
    """An adult whose waits are counted."""

    waits = Field("i4", "weeks of waiting for treatment so far", "weeks", 0)

    @rule
    def count_waits(self, here, world, luck):
        """Another week on the list."""
        self.waits = self.waits + min(self.weeks_waiting, 1)


class Appointments(Lever):
    """A place in community treatment that is ready on the day of release."""

    id: ClassVar[str] = "appointments"
    title: ClassVar[str] = "Appointments on release"
    acts_on: ClassVar[type[Institution]] = Prison
    documented = {"strength": 0.4}

    strength: float = setting(0.9, ge=0, le=1, description="strength of the hand-over at release")

    def pull(self, policy: PrisonPolicy, level: float) -> None:
        policy.through_the_gate = towards(policy.through_the_gate, self.strength, level)
'''
ASKED = {"place": "authority:rutland", "people": 60, "years": 1, "burn_in_years": 0, "replicates": 1}
BOTH = ["status-quo", "diversion"]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file with rules, a field and a lever, in the present folder."""
    path = tmp_path / "My rules 2.py"
    path.write_text(RULES, "utf-8")
    monkeypatch.chdir(tmp_path)
    yield path


def with_arms(file: Path, **changes: object) -> Scenario:
    return with_own_arms(scenario_from(ASKED | {"regimes": BOTH} | changes), *people_and_levers_in(file))


def test_every_regime_has_an_arm_beside_it_with_the_people_and_levers_of_the_file(file: Path) -> None:
    made = with_arms(file)
    assert [one.id for one in made.regimes] == [
        "status-quo", "status-quo-by-my-rules-2", "diversion", "diversion-by-my-rules-2",
    ]  # fmt: skip
    stock, edited = made.regimes[2:]
    assert edited.name == f"{stock.name}, My rules 2.py" and edited.contested == stock.contested
    assert [kind.__name__ for kind in edited.people_classes] == ["Patient"] and stock.people_classes is None
    own = edited.levers["appointments"]
    assert own.strength == 0.4 and {**stock.levers, "appointments": own} == edited.levers
    assert [kind.__name__ for kind in made.own_classes] == ["Appointments", "Patient"]


def test_arms_are_written_and_read_again_and_make_no_others(file: Path, tmp_path: Path) -> None:
    made = with_arms(file)
    (tmp_path / "plan.toml").write_text(made.to_toml(), "utf-8")
    assert made.to_toml().count('"My rules 2.py:Patient#') == 2
    again = read_scenario("plan.toml")
    assert again == made
    assert with_own_arms(again, *people_and_levers_in(file)) == made
    file.with_name("others.py").write_text(RULES, "utf-8")
    more = with_own_arms(made, *people_and_levers_in(file.with_name("others.py")))
    assert [one.id for one in more.regimes][:3] == ["status-quo", "status-quo-by-others", "status-quo-by-my-rules-2"]
    assert len(more.regimes) == 6


def test_an_edited_file_takes_the_place_of_the_arms_of_before(file: Path) -> None:
    before = with_arms(file)
    file.write_text(RULES.replace("at release", "at the gate"), "utf-8")
    after = with_own_arms(before, *people_and_levers_in(file))
    assert [one.id for one in after.regimes] == [one.id for one in before.regimes] and after != before


def test_without_own_classes_nothing_is_named_otherwise(file: Path) -> None:
    plain = scenario_from(ASKED | {"regimes": BOTH})
    assert "people_classes" not in plain.to_toml()
    assert "people_classes" not in json.dumps([one.model_dump(mode="json") for one in plain.regimes])
    made = with_arms(file)
    assert {id: run_settings(made)[id] for id in BOTH} == run_settings(plain)
    ids = ids_of(made, made.regimes, [1])
    assert {key: ids[key] for key in ids_of(plain, plain.regimes, [1])} == ids_of(plain, plain.regimes, [1])
    assert len(set(ids.values())) == 4


def test_a_sweep_may_vary_over_arms(file: Path) -> None:
    made = with_arms(file)
    sweep = sweep_from({
        "question": "Does it turn on the strength?", "design": "factorial", "scenario": made.written,
        "vary": {"regimes.status-quo-by-my-rules-2.levers.appointments.strength": [0.2, 0.8]},
    })  # fmt: skip
    assert sweep.scenario == made


@pytest.mark.parametrize(
    ("id", "ids", "stock"),
    [
        ("diversion-by-mine", ["diversion"], "diversion"),
        ("gate-by-step-by-step", ["gate"], "gate"),
        ("gate-by-step-by-step", ["gate-by-step"], "gate-by-step"),
        ("diversion-by-mine-at-equal-spend", ["diversion", "diversion-at-equal-spend"], "diversion-at-equal-spend"),
        ("status-quo-by-mine-at-equal-spend", ["status-quo"], "status-quo"),
        ("diversion", ["status-quo", "diversion"], None),
        ("stand-by-me", ["diversion"], None),
    ],
)
def test_beside_which_regime_an_arm_stands(id: str, ids: list[str], stock: str | None) -> None:
    assert beside_which(id, ids) == stock


def test_an_arm_looks_like_its_regime_and_is_told_from_it() -> None:
    ids = [f"{id}{by}" for id in regimes() for by in ("", "-by-mine", "-by-others")]
    styles = regime_styles(ids)
    assert list(styles) == ids and {id: styles[id] for id in regimes()} == regime_styles(regimes())
    for id in regimes():
        stock, *arms = (styles[f"{id}{by}"] for by in ("", "-by-mine", "-by-others"))
        assert len({(one.dash, one.marker) for one in (stock, *arms)}) == 3
        assert all(arm.colour != stock.colour for arm in arms)
        assert regime_styles([f"{id}-by-mine"]) == {f"{id}-by-mine": arms[0]}, "the same by itself"


def test_at_equal_spend_arms_keep_their_people_and_what_has_no_lever_is_not_scaled(file: Path) -> None:
    kinds, _ = people_and_levers_in(file)
    made = with_own_arms(scenario_from(ASKED | {"regimes": BOTH, "equal_spend": 1e6}), kinds)
    assert [one.id for one in made.unscaled] == ["diversion", "diversion-by-my-rules-2"]
    assert at_scale(made.regimes[3], 0.5).people_classes == made.regimes[3].people_classes
    scaled = [at_scale(one, 0.5) if one in made.unscaled else one for one in made.regimes]
    ready = made.model_copy(update={"regimes": scaled, "scales": {one.id: 0.5 for one in scaled if one.levers}})
    money = dict.fromkeys(SPENDING.columns, 1000.0)
    told = list(reached(pd.DataFrame([{"regime": one.id, "replicate": 0, **money} for one in scaled]), ready))
    assert len(told) == 3 and told[2].startswith(
        f"{scaled[1].name}: it pulls no lever that could be scaled, so it spends"
    )


def test_a_model_made_by_hand_takes_the_people_of_its_regime(file: Path, tmp_path: Path) -> None:
    kinds, _ = people_and_levers_in(file)
    arm = with_own_arms(scenario_from(ASKED), kinds).regimes[1]
    small = {"place": "authority:rutland", "people": 60, "years": 1, "seed": 1, "engine": "python"}
    made = DrugPolicyModel(regime=arm, **small)
    assert made.roles[Role.ADULT] is kinds[0] and made.people_classes == tuple(kinds)
    made.step()
    made.save(tmp_path / "arm.npz")
    assert DrugPolicyModel.load(tmp_path / "arm.npz").roles[Role.ADULT].__name__ == kinds[0].__name__
    assert DrugPolicyModel(regime=arm, people_classes=[], **small).roles == ROLES, "given, they are meant"
    with pytest.raises(UserError, match=r"from where the regimes part, and burn_in_years=1 come before: .*start="):
        DrugPolicyModel(regime=arm, burn_in_years=1, **small)
    burnt = DrugPolicyModel(**small, burn_in_years=1)
    assert DrugPolicyModel(regime=arm, burn_in_years=1, start=burnt, **small).roles[Role.ADULT] is kinds[0]


def test_who_cannot_live_by_own_rules_is_told_in_a_sentence(file: Path) -> None:
    (kind,), _ = people_and_levers_in(file)
    with pytest.raises(UserError, match="'status-quo' is the id of the comparator, under which everybody lives"):
        Regime(id="status-quo", name="Status quo", people_classes=[kind])
    shipped = regimes()["diversion"].model_copy(update={"people_classes": [kind]})
    with pytest.raises(UserError, match="'diversion' is the id of a shipped regime with the usual people"):
        scenario_from(ASKED | {"regimes": [shipped]})
    with pytest.raises(UserError, match="people_classes must be a list of classes, not 3"):
        compare(scenario_from(ASKED), people_classes=3)  # type: ignore[arg-type]
    with pytest.raises(UserError, match="both Patient and Grown are given for Adult"):
        with_own_arms(scenario_from(ASKED), [kind, type("Grown", (Adult,), {})])
    edited = with_arms(file).regimes[3]
    with pytest.raises(UserError, match="in regime 'diversion-by-my-rules-2' people live by rules of their own"):
        attribution(scenario_from(ASKED), edited)


def test_a_lever_without_an_id_is_told(file: Path) -> None:
    _, (lever,) = people_and_levers_in(file)
    nameless = type("Nameless", (lever,), {"__module__": lever.__module__})
    nameless.id = None  # type: ignore[assignment]
    with pytest.raises(UserError, match="Nameless has no id by which a regime could pull it"):
        with_own_arms(scenario_from(ASKED), [], [lever, nameless])
