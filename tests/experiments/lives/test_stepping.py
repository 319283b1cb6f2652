"""One week gone through rule by rule: what is shown is what was lived, and says where, by which draw and from what to what."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from small_worlds import BUSY
from tiny_world import imported

from policysim.cli import door as cli
from policysim.errors import UserError
from policysim.experiments.lives.stepped import rows_of, text_of
from policysim.experiments.lives.stepping import LivedWeek, Turn, step_through
from policysim.experiments.lives.whom import people_where
from policysim.experiments.running.plan import Task
from policysim.experiments.running.seed import model_of
from policysim.scenarios.scenario import Scenario

pytestmark = pytest.mark.slow

SMALL = {
    "place": "authority:coventry",
    "people": 200,
    "years": 1,
    "burn_in_years": 0,
    "seed": 3,
    "regimes": ("status-quo",),
}
RULES = '''from policysim.rules import Adult, DependentUser, Field, Friends, Housing, YoungPerson
from policysim.rules import draw, happens, occurs, refused, rule


class Trying:
    tries = Field("i2", "tries so far", "count", 0)
    home = Field("i1", "where they would live", "Housing", 0, 2)
    friends_trying = Friends(lambda friend: friend.tries > 3)

    @rule
    def try_it(self, here, world, luck):
        """Tries."""
        if self.age < 0:
            return
        if refused(2.0, luck):
            return
        occurs(0.5, luck)
        if not happens(1.0, luck):
            return
        self.tries = self.tries + 1
        self.home = Housing.HOMELESS

    @rule
    def never(self, here, world, luck):
        """Not."""
        if self.tries > 0:
            return
        draw(luck)


class Young(Trying, YoungPerson): ...


class Grown(Trying, Adult): ...


class Dependent(Trying, DependentUser): ...
'''


@pytest.fixture(scope="module")
def rules(tmp_path_factory) -> Path:
    module = imported(tmp_path_factory.mktemp("stepped"), RULES)
    return Path(str(module.__file__))


def turn_of(week: LivedWeek, rule: str) -> Turn:
    return next(turn for turn in week.turns if turn.rule == rule)


def test_each_rule_says_where_it_returned_what_it_drew_and_what_it_changed(rules: Path):
    classes = imported(rules.parent, RULES)
    scenario = Scenario(**SMALL, people_classes=[classes.Young, classes.Grown, classes.Dependent])
    first, second = step_through(scenario, 5, 1, 2)
    assert (first.number, second.number) == (1, 2)
    tried, never = turn_of(second, "try_it"), turn_of(second, "never")
    assert [change | {"meaning": ""} for change in tried.changes] == [
        {"field": "tries", "from": "2", "to": "3", "meaning": ""},
    ]
    assert {(c["field"], c["from"], c["to"]) for c in turn_of(first, "try_it").changes} == {("tries", "1", "2")}
    looked, chance = tried.draws
    assert looked["drawn"] and {held["limit"] for held in looked["against"]} >= {2.0, 0.5}
    assert chance["against"] == [{"limit": 1.0, "below": True}]
    assert tried.left == "" and tried.says == "Tries."
    assert never.passed_over and never.left == "if self.tries > 0"
    assert RULES.splitlines()[never.line - 1].strip() == "return"
    assert turn_of(step_through(scenario, 5)[0], "try_it").changes[1]["to"] == "HOMELESS"


def test_what_is_shown_is_what_was_lived():
    scenario = Scenario(**SMALL, parameters=BUSY, beyond_ranges=True)
    made = model_of(Task(scenario, 0, scenario.regimes, "python"))
    dependent = int(np.flatnonzero(made.records["present"] & (made.records["dependent_on"] > 0))[0])
    weeks = step_through(scenario, dependent, 0, 20)
    for _ in weeks:
        made.step()
    lived = made.records[dependent]
    shown: dict[str, str] = {}
    for week in weeks:
        for change in [change for turn in week.turns for change in turn.changes] + week.by_others:
            shown[change["field"]] = change["to"]
    assert len(shown) > 10 and any(turn.decided is not None for week in weeks for turn in week.turns)
    for name in ("weeks_in_care", "weeks_waiting", "ties", "possessions", "weeks_charged"):
        assert name not in shown or shown[name] == str(lived[name]), name
    text = text_of(weeks, "Coventry", 100)
    assert max(map(len, text.splitlines())) <= 100 and "an institution decides: choice" in text
    assert {row["kind"] for row in rows_of(weeks)} >= {"rule", "decision"}
    assert "DIED_BY_SUICIDE" not in text and "cause:" not in text


def test_a_debugger_stops_in_the_lines_that_were_written_with_the_names_that_were_written(rules: Path):
    classes, seen = imported(rules.parent, RULES), []
    scenario = Scenario(**SMALL, people_classes=[classes.Young, classes.Grown, classes.Dependent])

    def look(frame, event, argument):
        if frame.f_code.co_filename == classes.__file__ and frame.f_code.co_name == "try_it":
            seen.append((frame.f_lineno, {name: repr(value) for name, value in frame.f_locals.items()}))
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        step_through(scenario, 5)
    finally:
        sys.settrace(before)
    line, names = seen[-1]
    assert RULES.splitlines()[line - 1].strip() == "self.home = Housing.HOMELESS"
    assert names.keys() == {"self", "here", "world", "luck"}
    assert names["self"].startswith("<Grown 5: ") and "person 5, week 0, rule 'try_it': 2 drawn" in names["luck"]


def test_somebody_who_is_not_there_is_told():
    with pytest.raises(UserError, match="there is no person 999999; people are numbered 0 to"):
        step_through(Scenario(**SMALL), 999_999)
    later = int(model_of(Task(Scenario(**SMALL), 0, Scenario(**SMALL).regimes, "python")).records.size) - 1
    with pytest.raises(
        UserError, match=f"person {later} is not there in week 0.*for instance [0-9]+, a (girl|boy) of 1[0-9]"
    ):
        step_through(Scenario(**SMALL), later)


def test_somebody_is_found_by_a_simple_condition():
    made = model_of(Task(Scenario(**SMALL), 0, Scenario(**SMALL).regimes, "python"))
    made.step()
    people = made.look()
    expected = np.flatnonzero(people["present"] & (people["age"] < 18) & ~people["naloxone"])
    found = people_where(made, "age < 18 and not naloxone")
    assert found.tolist() == expected.tolist()
    (week,) = step_through(Scenario(**SMALL), "age < 18 and not naloxone", 1)
    assert week.person == expected[0] and f"so it is of {len(expected)} in week 1" in week.picked
    for wrong, said in (
        ("ag < 18", "no column 'ag'; did you mean 'age'"),
        ("care == 'watiing'", "is never so: it takes 'none', 'waiting'.*did you mean 'waiting'"),
        ("age <", "is no condition"),
        ("age", "takes a comparison, such as age < 18"),
        ("age.sum() > 3", "takes comparisons alone"),
        ("age > 99", "holds of nobody who is there in week 1"),
    ):
        with pytest.raises(UserError, match=said):
            people_where(made, wrong)


def test_the_command_shows_the_week_and_prints_it_for_a_program(rules: Path, capsys, monkeypatch):
    asked = f"policysim step authority:coventry --people 200 --seed 3 --person 5 --rules {rules}"
    monkeypatch.setattr("sys.argv", asked.split())
    assert cli._run() == 0
    said = capsys.readouterr().out
    assert "Person 5, Coventry, status-quo, seed 3, week 0" in said
    assert "tries: 0 -> 1 (tries so far)" in said
    name, words = rules.name, " ".join(said.split())
    assert f"returns at once: if self.tries > 0 ({name}, line" in words and "  try_it* " in said and "  die " in said
    assert f"Rules of yours: Young ({name}) in place of YoungPerson, Grown ({name}) in place of Adult" in words
    assert "Edited for this person, and marked *: try_it, never." in words and "as it begins friends_trying: " in words
    monkeypatch.setattr("sys.argv", [*asked.split(), "--json"])
    assert cli._run() == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert rows[0]["kind"] == "friends" and set(rows[0]["counts"]) == {"friends_trying"}
    assert {"week", "role", "rule", "kind", "says", "edited", "file", "returned", "draws", "changes"} <= rows[1].keys()
    assert {row["rule"]: row["edited"] for row in rows if row.get("edited")} == {
        "try_it": "Trying.try_it",
        "never": "Trying.never",
    }
