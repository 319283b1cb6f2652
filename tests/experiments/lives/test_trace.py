"""One life traced: the replay is the compiled run, the parting is the first difference, the words cover everything."""

import json
import sys
from functools import cache

import numpy as np
import pytest
from small_worlds import BUSY

from policysim.agents.institutions.catalogue import DECISIONS
from policysim.agents.roles import ROLES
from policysim.cli import door as cli
from policysim.engine.reads import reads_of
from policysim.engine.rules import rule_names, rules_of
from policysim.errors import UserError
from policysim.experiments.lives import words
from policysim.experiments.lives.replay import differing
from policysim.experiments.lives.trace import Trace, trace
from policysim.experiments.lives.words import date_of
from policysim.model import DrugPolicyModel
from policysim.vocabulary.marks import MARKS, LifeMark, OverdoseMark
from policysim.vocabulary.states import Cause, Life

pytestmark = pytest.mark.slow

SMALL = {"people": 1500, "years": 1, "burn_in_years": 0, "seed": 3, "parameters": BUSY, "beyond_ranges": True}
REGIMES = ("status-quo", "harm-reduction")


@cache
def picked() -> Trace:
    return trace(regimes=REGIMES, pick="diverging", **SMALL)


@cache
def life_of(person: int) -> Trace:
    return trace(regimes=REGIMES, person=person, **SMALL)


def people_who_use() -> list[int]:
    """A few people to whom much happens, and one to whom little does."""
    model = DrugPolicyModel(regime="status-quo", **SMALL)
    model.close()
    return [0, *np.flatnonzero(model.people["present"] & (model.people["dependent_on"] > 0))[:3].tolist()]


def test_the_replay_is_the_compiled_run() -> None:
    decided = 0
    for traced in (picked(), *(life_of(person) for person in people_who_use())):
        for life in traced.lives:
            for week in life.weeks[:30]:
                steps = traced.replay.week(week)
                assert differing(steps[-1].after, week.lived, frozenset()) == [], (traced.person, week.week)
                for decision in week.decisions:
                    step = traced.replay.decision(week, decision)
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
            assert row["date"] == date_of(week.week)
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
            assert parting["rule"] in traced.replay.keys
    assert any(life_of(person).parting for person in people_who_use())


def test_the_pick_is_the_same_each_time() -> None:
    again = trace(regimes=REGIMES, pick="diverging", **SMALL)
    assert (again.person, again.rows(), again.text()) == (picked().person, picked().rows(), picked().text())
    assert picked().turning or picked().parting


def test_one_regime_twice_never_parts() -> None:
    person = people_who_use()[1]
    traced = trace(regimes=("diversion", "diversion"), person=person, **SMALL)
    assert traced.parting is None and traced.turning is None
    assert "never part" in traced.text() and traced.labels == ["diversion", "diversion (2)"]
    alone = trace(regimes=("diversion",), person=person, **SMALL)
    assert alone.parting is None and "they part" not in alone.text()


def test_the_text_fits_the_terminal_and_says_the_person_is_fictional() -> None:
    text = picked().text()
    assert max(map(len, text.splitlines())) <= 100
    assert "Where they part" in text and "simulated and fictional" in text.replace("\n", " ")
    assert text.count("\n") < 200
    three = trace(regimes=(*REGIMES, "diversion", "multi-component"), person=picked().person, **SMALL)
    assert max(map(len, three.text().splitlines())) <= 100


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


def test_dates_begin_in_january_2025() -> None:
    assert (date_of(0), date_of(51), date_of(112)) == ("2025-01-01", "2025-12-24", "2027-02-26")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"person": 99999999}, "there is no person 99999999"),
        ({}, "either a person's number or pick"),
        ({"person": 1, "pick": "diverging"}, "either a person's number or pick"),
        ({"pick": "divergin"}, "did you mean 'diverging'"),
        ({"person": 1, "regimes": ()}, "at least one regime"),
        ({"pick": "diverging", "regimes": ("diversion",)}, "at least two"),
        ({"pick": "diverging", "regimes": ("diversion", "diversion")}, "no life comes to differ"),
        ({"person": 1, "regimes": ("diversio",)}, "diversion"),
    ],
)  # fmt: skip
def test_what_cannot_be_traced_is_one_sentence(arguments: dict, says: str) -> None:
    with pytest.raises(UserError, match=says):
        trace(**{**SMALL, "people": 300, **arguments})


def test_someone_who_died_before_is_said_to_be_missing() -> None:
    arguments = {**SMALL, "people": 300, "burn_in_years": 1}
    model = DrugPolicyModel(regime="status-quo", **arguments)
    while model.week < model.burn_in_weeks:
        model.step()
    model.close()
    gone = int(np.flatnonzero(model.people["life"] == Life.DEAD)[0])
    with pytest.raises(UserError, match="is not there in these years"):
        trace(person=gone, **arguments)


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
