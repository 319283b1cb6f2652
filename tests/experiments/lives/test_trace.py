"""One life traced: the replay is the compiled run, the parting is the first difference, the words cover everything."""

import json
import sys
from copy import copy
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_worlds import BUSY

from policysim.agents.institutions.catalogue import DECISIONS
from policysim.agents.roles import ROLES
from policysim.cli import door as cli
from policysim.engine.luck import happens, refused
from policysim.engine.reads import reads_of
from policysim.engine.rules import rule_names, rules_of
from policysim.errors import UserError
from policysim.experiments.lives import timeline, words
from policysim.experiments.lives.picking import gravity
from policysim.experiments.lives.replay import TellingLuck, differing
from policysim.experiments.lives.trace import Trace, _draw, trace
from policysim.experiments.lives.words import date_of
from policysim.experiments.running.seed import model_of
from policysim.model import DrugPolicyModel
from policysim.scenarios.regime import Regime, find_regime, regimes
from policysim.scenarios.scenario import Scenario, read_scenario
from policysim.vocabulary.marks import MARKS, LifeMark, OverdoseMark
from policysim.vocabulary.states import Care, Cause, Justice, Life

pytestmark = pytest.mark.slow

SMALL = {"people": 1500, "years": 1, "burn_in_years": 0, "seed": 3, "parameters": BUSY, "beyond_ranges": True}
REGIMES = ("status-quo", "harm-reduction")


def small(*under: str | Regime, **changes: object) -> Scenario:
    return Scenario(**{**SMALL, "regimes": under or REGIMES, **changes})


@cache
def picked() -> Trace:
    return trace(small(), pick="diverging")


@cache
def life_of(person: int) -> Trace:
    return trace(small(), person)


def people_who_use() -> list[int]:
    """A few people to whom much happens, and one to whom little does."""
    model = DrugPolicyModel(regime="status-quo", **SMALL)
    model.close()
    return [0, *np.flatnonzero(model.people["present"] & (model.people["dependent_on"] > 0))[:3].tolist()]


def test_the_replay_is_the_compiled_run() -> None:
    decided = 0
    for traced in (picked(), *(life_of(person) for person in people_who_use())):
        for life, replay in zip(traced.lives, traced.replays, strict=True):
            for week in life.weeks[:30]:
                steps = replay.week(week)
                assert differing(steps[-1].after, week.lived, frozenset()) == [], (traced.person, week.week)
                for decision in week.decisions:
                    step = replay.decision(week, decision)
                    assert differing(step.after, decision.after, frozenset()) == []
                    decided += 1
    assert decided, "services and courts decided about some of them"


def test_the_weeks_are_those_of_the_model() -> None:
    traced = life_of(people_who_use()[1])
    model = DrugPolicyModel(regime=REGIMES[1], **SMALL)
    told = {row["week"]: row for row in traced.rows() if row["regime"] == REGIMES[1]}
    silent = words.OF_USE | {OverdoseMark.NEEDS_FRIENDS_KIT, OverdoseMark.USED_OWN_KIT}
    for week in traced.lives[1].weeks:
        model.step()
        marks = words.carried(model.people[traced.person : traced.person + 1])
        assert marks == words.carried(week.after)
        assert {mark for mark in marks if not mark.statistic} <= silent or told[week.week]["event"]
        if week.week in told:
            row = told[week.week]
            assert row["justice"] == words.JUSTICE[int(model.people["justice"][traced.person])]
            assert row["care"] == words.CARE[int(model.people["care"][traced.person])]
            assert row["date"] == date_of(week.week, 2025).isoformat()
    model.close()


def test_the_rule_that_is_blamed_writes_what_differs() -> None:
    """Whatever came after it in the week must not be taken for it."""
    assert rule_names(ROLES)[-1] == "take_role"
    for traced in (picked(), *(life_of(person) for person in people_who_use())):
        if traced.parting and traced.parting["by"] == "rule":
            role = next(role for role in ROLES if traced.parting["rule"] in rules_of(role))
            writes = reads_of(rules_of(role)[traced.parting["rule"]], role)["self"]["writes"]
            assert set(writes) & set(traced.parting["fields"]) or any(name.endswith("_marks") for name in writes), (
                traced.parting["rule"]
            )


def test_the_parting_is_the_first_week_that_differs() -> None:
    traced = picked()
    assert traced.parting is not None
    one, other = (life.weeks for life in traced.lives)
    first = next(k for k, (a, b) in enumerate(zip(one, other, strict=False)) if differing(a.after, b.after))
    assert traced.parting["week"] == traced.week_of_run(one[first])
    before = [row for row in traced.rows() if row["week"] < traced.parting["week"]]
    for mine, theirs in zip(before[::2], before[1::2], strict=True):
        assert {**mine, "regime": ""} == {**theirs, "regime": ""}


def test_what_parted_them_is_told_with_its_draw() -> None:
    for traced in (picked(), *(life_of(person) for person in people_who_use())):
        for parting in (traced.parting, traced.turning):
            if parting is None:
                continue
            json.dumps(parting, allow_nan=False)
            assert parting["sentence"].endswith(".") and parting["by"] in ("rule", "institution", "others")
            if parting["draw"] is None:
                continue
            value, limits = parting["draw"]["value"], parting["draw"]["thresholds"].values()
            assert len({limit is not None and value < limit for limit in limits}) == 2, "below one threshold only"
            assert any({"n": parting["draw"]["n"], "value": value} in made for made in parting["draws"].values())
            assert parting["rule"] in traced.replays[0].keys
    assert any(life_of(person).parting for person in people_who_use())


def test_a_chance_that_was_only_looked_at_is_told_as_the_bound_that_it_was() -> None:
    """A rule passes over most people by a bound of its hazard, without a draw: that is no *no chance of it*."""
    key, row = {"start_using": 7}, np.zeros(1, [("age", "f8")])
    luck = TellingLuck(key, {}, row)
    steps = []
    for most, hazard in ((1.0, 1.0), (1e-9, 0.0)):
        luck.turn_to(0, 0, "start_using")
        if not refused(most, luck):
            happens(hazard, luck)
        steps.append(luck.steps[-1])
    draw = _draw("start_using", (steps[0], steps[1]), ("one", "other"))
    assert draw is not None and draw["thresholds"] == {"one": 1.0, "other": 1e-9} and draw["at_most"] == ["other"]
    assert _draw("start_using", (steps[0], None), ("one", "other")) | {"at_most": []} == draw | {  # type: ignore[operator]
        "thresholds": {"one": 1.0, "other": None}, "at_most": []
    }  # fmt: skip


def test_whoever_stands_alike_under_both_has_not_parted() -> None:
    fields = ("life", "cause", "justice", "care", "dependent_on", "convictions", "housing", "occupation")
    one = np.zeros(3, [(name, "i1") for name in fields])
    one["life"], one["justice"], one["care"] = Life.PRESENT, Justice.CUSTODY, Care.AGONIST
    other = one.copy()
    other["justice"][1] = Justice.FREE  # in prison under one, under both in treatment
    other["care"][2] = Care.NONE
    grave, ways = gravity(one, other)
    assert grave.tolist() == [0, 5, 3] and ways[0] == 0


def test_the_pick_is_the_same_each_time() -> None:
    again = trace(small(), pick="diverging")
    assert (again.person, again.rows(), again.text()) == (picked().person, picked().rows(), picked().text())
    assert picked().turning or picked().parting


def under_another_name(regime: str) -> Regime:
    return find_regime(regime).model_copy(update={"id": "the-same-again", "name": "The same again"})


def test_one_regime_twice_never_parts() -> None:
    person = people_who_use()[1]
    traced = trace(small("diversion", under_another_name("diversion")), person)
    assert traced.parting is None and traced.turning is None
    assert "never part" in traced.text() and traced.labels == ["diversion", "the-same-again"]
    alone = trace(small("diversion"), person)
    assert alone.parting is None and "they part" not in alone.text()


def test_the_text_fits_the_terminal_and_says_the_person_is_fictional() -> None:
    text = picked().text()
    assert max(map(len, text.splitlines())) <= 100
    assert "Where they part" in text and "simulated and fictional" in text.replace("\n", " ")
    assert text.count("\n") < 200


@cache
def under_six() -> Trace:
    return trace(small(*regimes(), under_another_name("status-quo")), picked().person)


def lives_of(traced: Trace, count: int) -> Trace:
    """The first lives of a trace."""
    fewer = copy(traced)
    fewer.lives = traced.lives[:count]
    for found in ("parting", "partings", "turning"):
        fewer.__dict__.pop(found, None)
    return fewer


@pytest.mark.parametrize("width", [80, 100, 200])
@pytest.mark.parametrize("count", range(1, 7))
def test_any_number_of_lives_can_be_read_at_any_width(count: int, width: int) -> None:
    """Every week says under which regimes what happened: by its column, or by their names."""
    traced = lives_of(under_six(), count)
    text = traced.text(width)
    assert max(map(len, text.splitlines())) <= width
    weeks = text.split("\n\n")[1].splitlines()
    if all(label in weeks[0] for label in traced.labels):
        starts = [weeks[0].index(label) for label in traced.labels]
        assert starts[0] == timeline.WHEN and min(np.diff([*starts, width + 3])) >= timeline.LEAST_COLUMN
    else:
        assert count > 2 and set(weeks[0]) == {"-"}
        told = [
            line
            for line in weeks
            if line[timeline.WHEN :].strip() and not line.startswith((" " * (timeline.WHEN + 1), "-"))
        ]
        assert told and all(line[timeline.WHEN :].startswith((*traced.labels, "all regimes: ")) for line in told)


def test_of_many_lives_it_is_said_when_each_parts_from_the_first() -> None:
    traced = under_six()
    assert traced.partings["the-same-again"] is None
    assert min(week for week in traced.partings.values() if week is not None) == traced.parting["week"]
    for label in traced.labels[1:-1]:
        pair = trace(small("status-quo", label), traced.person)
        assert traced.partings[label] == (pair.parting and pair.parting["week"]), label
    assert "From status-quo part: enforcement-only" in " ".join(traced.text().split())
    assert "the-same-again never." in " ".join(traced.text().split())


EVENTS = st.lists(
    st.sampled_from(["", "nothing", "stopped using heroin or other opioids", "arrested; charged: theft"]), min_size=1,
    max_size=8,
)  # fmt: skip


@given(EVENTS, st.integers(60, 220))
def test_each_regime_is_told_its_own_whatever_the_width(cells: list[str], width: int) -> None:
    labels = [f"regime-{k}" for k in range(len(cells))]
    table = timeline._table(labels, width)
    lines = [line[timeline.WHEN :] for line in table.week("Week 3 (Jan 2025):", cells)]
    assert all(len(line) <= width - timeline.WHEN for line in lines)
    read = dict.fromkeys(labels, "")
    if isinstance(table, timeline._SideBySide):
        for k, label in enumerate(labels):
            at = k * (table.column + len(timeline.GAP))
            read[label] = " ".join(line[at : at + table.column].strip() for line in lines)
    else:
        for told in "\n".join(lines).replace("\n  ", " ").splitlines():
            under, _, cell = told.partition(": ")
            read.update(dict.fromkeys(labels if under == timeline.ALL else under.split(", "), cell))
    assert [text.strip() for text in read.values()] == cells


def test_every_mark_has_words() -> None:
    assert len({mark.told for mark in MARKS}) == len(MARKS)
    unkind = ("addict", "works", "abuse", "junkie", "clean ", "committed suicide")
    assert not [mark.told for mark in MARKS if not mark.told or any(word in mark.told for word in unkind)]


def test_suicide_is_told_only_if_asked_for() -> None:
    row = picked().lives[0].weeks[0].before.copy()
    for marks in (
        LifeMark.DIED_BY_SUICIDE,
        LifeMark.DIED_OTHERWISE,
        LifeMark.DIED_OF_MISUSE | LifeMark.DIED_INTENTIONALLY,
    ):
        after = row.copy()
        after["life_marks"], after["life"], after["cause"], after["present"] = marks, Life.DEAD, Cause.SUICIDE, False
        assert words.events(row, after) == ["died"]
        assert "died" not in words.events(row, after, show_sensitive=True)
    assert "cause" in words.UNTOLD and "ethnicity" in words.UNTOLD


def test_dates_begin_in_january_of_the_first_year() -> None:
    days = [date_of(week, 2025).isoformat() for week in (0, 51, 112)]
    assert days == ["2025-01-01", "2025-12-24", "2027-02-26"]
    assert date_of(112, 2031).isoformat() == "2033-02-26"


def test_a_life_is_dated_by_the_scenario_that_it_is_of() -> None:
    of_2025 = life_of(0)
    later = trace(small(start_year=2031), 0)
    assert [row["date"] for row in later.rows()] == [row["date"].replace("2025", "2031") for row in of_2025.rows()]
    assert "2031" in later.text() and "2025" not in later.text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"person": 99999999}, "there is no person 99999999"),
        ({}, "either a person's number or pick"),
        ({"person": 1, "pick": "diverging"}, "either a person's number or pick"),
        ({"pick": "divergin"}, "did you mean 'diverging'"),
        ({"person": 1, "regimes": ()}, "at least one regime"),
        ({"person": -1}, "there is no person -1"),
        ({"pick": "diverging", "regimes": ("diversion",)}, "at least two"),
        ({"pick": "diverging", "regimes": ("diversion", under_another_name("diversion"))}, "no life comes to differ"),
        ({"person": 1, "one_in": 1e-9, "people": None}, "one_in must be at least 1, not 1e-09"),
        ({"person": 1, "one_in": float("nan"), "people": None}, "one_in must be .*, not nan"),
        ({"person": 1, "years": 10_000}, "years must be at most 40"),
        ({"person": 1, "seed": 2**64 + 5}, "seed must be"),
        ({"person": 1, "engine": "compild"}, "did you mean 'compiled'"),
        ({"person": 1, "regimes": ("diversio",)}, "diversion"),
    ],
)  # fmt: skip
def test_what_cannot_be_traced_is_one_sentence(arguments: dict, says: str) -> None:
    arguments = dict(arguments)
    with pytest.raises(UserError, match=says):
        settings = {key: arguments.pop(key) for key in arguments.keys() & Scenario.model_fields.keys()}
        trace(small(**{"people": 300, **settings}), **arguments)


def test_someone_who_died_before_is_said_to_be_missing() -> None:
    arguments = {**SMALL, "people": 300, "burn_in_years": 1}
    model = DrugPolicyModel(regime="status-quo", **arguments)
    while model.week < model.burn_in_weeks:
        model.step()
    model.close()
    gone = int(np.flatnonzero(model.people["life"] == Life.DEAD)[0])
    with pytest.raises(UserError, match="is not there in these years"):
        trace(small(**arguments), gone)


def test_the_command_prints_json_and_nothing_else(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    command = (
        "policysim trace authority:coventry --regimes status-quo,diversion --person 5 --years 1 --one-in 400 --json"
    )
    monkeypatch.setattr(sys, "argv", command.split())
    assert cli._run() == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert rows and set(rows[0]) == {"week", "date", "regime", "age", "event", "use", "care", "justice"}
    assert {row["regime"] for row in rows} == {"status-quo", "diversion"} and set(DECISIONS).isdisjoint(rows[0])


SCENARIO = """place = "authority:coventry"
regimes = ["status-quo", "diversion"]
people = 60
years = 1
burn_in_years = 0
seed = 7
[parameters]
arrest_share = 0.3
[budgets]
police = 1000
"""
RULES = """from policysim.rules import Adult, Field, rule


class WatchedAdult(Adult):
    weeks_followed = Field("i4", "weeks in which they were followed")

    @rule
    def count_this_week(self, here, world, luck):
        \"\"\"One more week.\"\"\"
        self.weeks_followed = self.weeks_followed + 1
"""


def test_a_scenario_is_traced_as_it_stands_and_under_rules_of_ones_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, rules = tmp_path / "mine.toml", tmp_path / "my_rules.py"
    file.write_text(SCENARIO)
    rules.write_text(RULES)
    given = []
    monkeypatch.setattr(
        "policysim.experiments.lives.trace.model_of",
        lambda task, *a, **k: given.append(task) or model_of(task, *a, **k),
    )
    command = f"policysim trace {file} --person 5 --seed 8 --rules {rules} --engine python"
    monkeypatch.setattr(sys, "argv", command.split())
    assert cli._run() == 0
    said = capsys.readouterr().out
    assert "People live by rules of your own: WatchedAdult." in said and "status-quo" in said and "diversion" in said
    asked = given[0].scenario.model_copy(update={"people_classes": None})
    assert asked == read_scenario(file).model_copy(update={"seed": 8})
    assert [kind.__name__ for kind in given[0].scenario.people_classes] == ["WatchedAdult"]
