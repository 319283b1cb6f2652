"""The listings: every rule once, with all who live by it."""

from policysim.agents.roles import ROLES
from policysim.engine.rules import rules_of
from policysim.reference import listings


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
