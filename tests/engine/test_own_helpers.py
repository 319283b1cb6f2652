"""A helper of the model in a version of one's own: meant wherever it is called, in both engines, by that class alone."""

from pathlib import Path

import numpy as np
import pytest
from small_worlds import disagreements, model, regime
from tiny_world import imported
from with_friends import NUMBERS, WITH_OWN_WAYS, OwnYoung

from policysim.agents.institutions.catalogue import DECISIONS
from policysim.agents.people.first_use import begin
from policysim.agents.people.resting import RESTING
from policysim.agents.people.school import exclusion_hazard, happen_at_school
from policysim.agents.roles import ROLES, roles_with
from policysim.engine.own_helpers import as_lived
from policysim.engine.reads import reads_of
from policysim.engine.resting import resting_rules
from policysim.engine.rules import rules_of, shared_lots
from policysim.errors import UserError
from policysim.model import DrugPolicyModel
from policysim.rules import Adult, DependentUser, Occupation, PoliceMark, YoungPerson, helper, rule
from policysim.vocabulary.states import Role

WEEKS = 30
HERE = {"place": "authority:coventry", "people": 700, "parameters": NUMBERS}
YOUNG = Role.YOUNG_PERSON


def lived(weeks: int = WEEKS, **arguments) -> tuple[DrugPolicyModel, int, int]:
    """A model some weeks on; how often children and others were searched in it."""
    made, children, others = model(**(HERE | arguments)), 0, 0
    for _ in range(weeks):
        made.step()
        people = made.records
        searched = (people["police_marks"] & PoliceMark.SEARCHED) != 0
        child = people["age"] < 18
        children, others = children + (searched & child).sum(), others + (searched & ~child).sum()
    made.close()
    return made, int(children), int(others)


@pytest.mark.slow
def test_both_engines_live_by_ones_own_versions_and_by_the_models_where_these_call_it():
    kits = regime(bystander_training={"ramp_weeks": 0})
    stock, *searched = lived(regime=kits)
    compiled, *by_own = lived(regime=kits, people_classes=WITH_OWN_WAYS)
    by_python, *_ = lived(regime=kits, people_classes=WITH_OWN_WAYS, engine="python")
    assert disagreements(compiled, by_python) == []
    assert min(searched) > 0 and by_own[0] == 0 and by_own[1] > 0
    excluded, decided = (stock.look()["occupation"] == Occupation.EXCLUDED).sum(), compiled.look()["exclusion_in"] > 0
    assert excluded > 0 and decided.any()
    assert (compiled.look()["comfort"] >= 900).any(), "an institution's decision"


def test_the_same_function_is_copied_once_and_what_reaches_no_helper_of_ones_own_not_at_all():
    lived_by = roles_with(WITH_OWN_WAYS)
    assert lived_by == roles_with(WITH_OWN_WAYS), "else the start of another model would be another"
    mine, others = rules_of(lived_by[YOUNG]), rules_of(OwnYoung)
    assert list(mine) == list(others)
    assert {name for name in mine if mine[name] is not others[name]} == {
        "meet_police",
        "start_using",
        "go_through_school",
    }
    assert issubclass(lived_by[YOUNG], OwnYoung)
    assert roles_with([]) == ROLES


def test_a_rule_of_which_a_helper_is_another_is_believed_nothing_about_rest():
    lived_by = roles_with(WITH_OWN_WAYS)
    for name in ("meet_police", "start_using", "go_through_school"):
        stock, copy = rules_of(YoungPerson)[name], rules_of(lived_by[YOUNG])[name]
        assert stock.most is not None and copy.most is None
    assert shared_lots(lived_by) == shared_lots(ROLES)
    assert resting_rules(lived_by[YOUNG], lived_by, RESTING.moved, RESTING.tried, RESTING.foreseen) is None
    assert resting_rules(YoungPerson, ROLES, RESTING.moved, RESTING.tried, RESTING.foreseen) is not None


def test_what_is_read_of_a_rule_is_read_of_ones_own_version():
    lived_by = roles_with(WITH_OWN_WAYS)[YOUNG]
    assert "friends_in_care" in reads_of(rules_of(lived_by)["start_using"], lived_by)["self"]["reads"]
    assert "friends_in_care" not in reads_of(begin)["self"]["reads"]


def test_a_bound_that_was_worked_out_without_ones_own_version_cuts_nothing_off():
    class Eager(YoungPerson):
        @helper
        def start_hazard(self, substance, here, world):
            """Much more than any bound of the model."""
            return 0.5

    made, _, _ = lived(2, people=300, people_classes=[Eager], engine="python")
    young = made.records[made.records["present"] & (made.records["role"] == YOUNG)]
    assert young["ever_used"].mean() > 0.6


def test_institutions_decide_by_ones_own_version_too():
    class Unreleased(DependentUser):
        @helper
        def be_released(self, world, luck):
            """Nobody is."""

    role, decision = roles_with([Unreleased])[Role.DEPENDENT_USER], DECISIONS["release_early"]
    assert as_lived(YoungPerson, decision) is decision
    assert as_lived(role, decision).__globals__["be_released"] is vars(Unreleased)["be_released"]


def test_a_helper_of_a_helper_and_a_rule_of_ones_own_know_the_same_version():
    class Kept(YoungPerson):
        @helper
        def exclusion_hazard(self, here, world):
            """Half of the model's."""
            return 0.5 * exclusion_hazard(self, here, world)

        @helper
        def happen_at_school(self, u, here, world, luck):
            """As in the model, where the hazard is ours."""
            happen_at_school(self, u, here, world, luck)

        @rule
        def wonder(self, here, world, luck):
            """Looks at the hazard."""
            if exclusion_hazard(self, here, world) > 9:
                self.fear = 0

    rules, mine = rules_of(roles_with([Kept])[YOUNG]), vars(Kept)
    own = rules["go_through_school"].__globals__["happen_at_school"]
    assert own.__code__ is mine["happen_at_school"].__code__
    models = own.__globals__["happen_at_school"]
    assert models.__code__ is happen_at_school.__code__ and models is not happen_at_school
    assert models.__globals__["exclusion_hazard"] is mine["exclusion_hazard"]
    assert rules["wonder"] is mine["wonder"], "in one's own file a name means what was imported"


HEAD = "from policysim.rules import *\n\n\nclass One(YoungPerson):\n    @helper\n"
WRONG = {
    "def serch_exposure(self, world):\n        return 0.0": (
        r"line 5: helper One.serch_exposure is marked @helper in One, and the model has no helper 'serch_exposure' that it could "
        r"replace \(one of one's own stands outside the class\); did you mean 'search_exposure'\?"
    ),
    "def search_exposure(self):\n        return 0.0": (
        r"takes \(self\), and the helper 'search_exposure' that it replaces takes \(self, world\); "
        r"write def search_exposure\(self, world\)"
    ),
    "def meet_police(self, here, world, luck):\n        return": "replaces a rule but is not marked @rule",
    "def search_exposure(self, world):\n        self.fear = 0": (
        r"line 7: helper One.search_exposure ends here without giving anything, and the helper 'search_exposure' .* gives "
        r"a number or a state .* such as return search_exposure\(self, world\)"
    ),
    "def search_exposure(self, world):\n        if self.age < 18:\n            return 0.0": "line 7: .* ends here without",
    "def search_exposure(self, world):\n        for _ in range(2):\n            return\n        return 1.0": "line 8: .* ends",
    "def search_exposure(self, world):\n        return end_life(self, Cause.MISUSE)": "line 7: .* ends here without giving",
}


@pytest.mark.parametrize("text", WRONG)
def test_what_replaces_no_helper_is_told_in_one_sentence(text, tmp_path: Path):
    kind = imported(tmp_path, f"{HEAD}    {text}\n").One
    with pytest.raises(UserError, match=WRONG[text]) as told:
        model(people=200, engine="python", people_classes=[kind])
    assert "\n" not in str(told.value)


def test_of_two_helpers_of_one_name_none_is_replaced(tmp_path: Path):
    mixed = (
        "from policysim.rules import *\n\n\n@helper\ndef search_exposure(self, world):\n    return 1.0\n\n\n"
        "class Mixed:\n    @rule\n    def wonder(self, here, world, luck):\n"
        "        if search_exposure(self, world) > 2:\n            self.fear = 0\n"
    )
    name = imported(tmp_path, mixed).__name__
    text = f"{HEAD}    def search_exposure(self, world):\n        return 0.0\n".replace(
        "\n\n\nclass One(", f"\nfrom {name} import Mixed\n\n\nclass One(Mixed, "
    )
    with pytest.raises(
        UserError, match=rf"there is a helper of that name in {name} and policysim.agents.people.police; replace"
    ):
        roles_with([imported(tmp_path, text).One])


def test_agents_are_found_by_the_class_that_one_wrote():
    made = model(people=100, engine="python", people_classes=WITH_OWN_WAYS)
    by_type, mine = made.agents_by_type, [agent for agent in made.agents if isinstance(agent, OwnYoung)]
    assert OwnYoung in by_type and set(by_type[OwnYoung]) == set(mine) and type(mine[0]) is not OwnYoung
    assert (
        by_type.get(OwnYoung) is by_type[OwnYoung] and YoungPerson not in by_type and by_type.get(YoungPerson) is None
    )
    made.close()


def test_other_roles_live_as_before():
    stock, _, _ = lived(6, people=300, engine="python")
    kinds = [type("Kind", (Adult,), {"search_exposure": helper(_none)})]
    made, _, _ = lived(6, people=300, engine="python", people_classes=kinds)
    young = stock.records["role"] == YOUNG
    assert np.array_equal(made.records["fear"][young], stock.records["fear"][young])
    assert not np.array_equal(made.records["fear"], stock.records["fear"])


def _none(self, world):
    return 0.0


def test_a_version_of_a_helper_that_is_not_marked_is_told(tmp_path: Path):
    text = "from policysim.rules import *\n\n\nclass One(YoungPerson):\n    def {}(self, world):\n        return 0.0\n"
    with pytest.raises(
        UserError, match=r"line 5: One.search_exposure has the name of a helper .* add @helper above it"
    ):
        roles_with([imported(tmp_path, text.format("search_exposure")).One])
    assert roles_with([imported(tmp_path, text.format("of_no_helpers_name")).One])
