"""The listings: every rule once, with all who live by it."""

from pathlib import Path

import pytest

from policysim.agents.roles import ROLES
from policysim.engine.rules import rules_of
from policysim.errors import UserError
from policysim.reference import listings
from policysim.reference.checking import people_in

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_every_rule_of_every_role_is_listed_once() -> None:
    rows = listings.rules()
    lived = {(role.__name__, name) for role in ROLES for name in rules_of(role)}
    assert {(role, row["rule"]) for row in rows for role in row["roles"]} == lived
    assert len({(row["file"], row["line"]) for row in rows}) == len(rows), "one rule in two rows"


def test_a_rule_that_roles_share_names_them_all_in_the_order_of_a_life() -> None:
    by_name = {row["rule"]: row for row in listings.rules()}
    assert by_name["die"]["roles"] == [role.__name__ for role in ROLES]
    assert by_name["go_through_school"]["roles"] == ["YoungPerson", "DependentUser"]
    assert by_name["start_using"]["roles"] == ["YoungPerson"]


def test_a_helper_says_what_it_takes_who_calls_it_and_how_it_is_replaced() -> None:
    rows = {row["helper"]: row for row in listings.helpers()}
    assert rows["begin"]["arguments"] == "(self, ratio, here, world, luck)"
    assert rows["begin"]["rules"] == ["start_using", "start_later", "start_another"]
    assert "here" not in rows["begin"]["world"] and "use_ratio" in rows["begin"]["here"], "records go by their names"
    assert rows["start_hazard"]["roles"] == [role.__name__ for role in ROLES], "called at whatever depth"
    assert "occurs" not in rows, "luck is not to be replaced"
    assert rows["search_exposure"]["returns_value"] and not rows["begin"]["returns_value"]
    assert "@helper def search_exposure(self, world)" in listings.rule_or_helper("search_exposure")[0]["replaced"]
    for wrong, said in (
        ("start_hazrd", "no rule or helper 'start_hazrd'; did you mean 'start_hazard'"),
        ("start_usin", "did you mean 'start_using'"),
        ("sentence", "'sentence' is no rule but a decision of an institution"),
    ):
        with pytest.raises(UserError, match=said):
            listings.rule_or_helper(wrong)


def test_a_field_says_whose_it_is_its_unit_and_what_it_may_hold() -> None:
    (row,) = listings.fields_about("self.weeks_in_care")
    assert row["whose"] == "a person" and row["unit"] == "weeks" and row["allowed"] == "a whole number from 0 to 32767"
    assert listings.fields_about("care")[0]["states"]["WAITING"] == 1
    assert {row["whose"] for row in listings.fields()} == {"a person", "a neighbourhood", "the whole place"}
    assert "self.weeks_charged" in {row["field"] for row in listings.fields_about("weeks since")}
    for wrong, said in (
        ("resiliense", "no field 'resiliense'; did you mean 'resilience'"),
        ("here.arrest_shar", "did you mean 'arrest_share'"),
        ("world.peer_pull", "no field but a number of the registry, which rules read as world.peer_pull"),
    ):
        with pytest.raises(UserError, match=said):
            listings.fields_about(wrong)


def test_a_rule_or_helper_is_told_with_its_text() -> None:
    (wait,) = listings.rule_or_helper("wait")
    assert wait["text"].startswith("@rule\ndef wait(self, here, world, luck):") and "giving_up(self" in wait["text"]
    assert listings.rule_or_helper("search_exposure")[0]["text"].startswith(
        "@helper\ndef search_exposure(self, world):"
    )


def test_what_people_of_ones_own_live_by_and_meet_is_listed_with_it() -> None:
    centre, workmates, later = (
        people_in(EXAMPLES / name) for name in ("drop_in_centre.py", "workmates.py", "exclusion_a_year_later.py")
    )
    (row,) = listings.rule_or_helper("drop_in", centre)
    assert (
        row["file"] == "examples/drop_in_centre.py"
        and row["roles"] == ["Visitor"]
        and row["here"] == ["chance_of_place"]
    )
    assert listings.fields_about("here.chance_of_place", centre)[0]["whose"] == "a neighbourhood"
    assert "tied by workmates" in listings.fields_about("workmates_using", workmates)[0]["meaning"]
    own, models = listings.rule_or_helper("be_excluded", later)
    assert own["part"] == "exclusion_a_year_later" and own["rules"] == ["go_through_school"]
    assert models["part"] == "school" and models["rules"] == ["wait_for_exclusion"]
    for name in ("drop_in", "wait_for_exclusion"):
        with pytest.raises(UserError, match="no rule or helper"):
            listings.rule_or_helper(name)
