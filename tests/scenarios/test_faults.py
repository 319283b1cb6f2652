"""Whatever is wrong with a scenario or a regime is one line: where it stands, what is allowed, the nearest valid name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from policysim.errors import UserError
from policysim.evidence.registry import registry
from policysim.levers.catalogue import LEVERS
from policysim.scenarios.faults import Source, line_of
from policysim.scenarios.regime import load_regime, regime_from
from policysim.scenarios.scenario import Scenario, read_scenario, scenario_from

PLACE = "authority:coventry"
OWN = {"id": "own", "name": "Own"}


def regime(**levers: Any) -> dict[str, Any]:
    """A scenario with one regime of these levers."""
    return {"regimes": [OWN | {"levers": levers}]}


# A scenario, and what the sentence about it says.
SETTINGS: dict[str, tuple[dict[str, Any], str]] = {
    "unknown key": ({"yeers": 3}, "there is no key 'yeers' (keys are schema_version, places, place,"),
    "nearest key": ({"yeers": 3}, "did you mean 'years'?"),
    "unknown place": ({"place": "west midlnds"}, "did you mean 'west-midlands'?"),
    "unknown regime": ({"regimes": ["diverson"]}, "there is no regime 'diverson'; did you mean 'diversion'?"),
    "unknown lever": (regime(agonist_treatmen={}), "no lever 'agonist_treatmen'; did you mean 'agonist_treatment'?"),
    "unknown setting": (regime(agonist_treatment={"chang": 1}), "in lever agonist_treatment, there is no key 'chang'"),
    "unknown parameter": ({"parameters": {"arrest_shar": 1}}, "'arrest_shar'; did you mean 'arrest_share'?"),
    "unknown purse": ({"budgets": {"nhss": 1}}, "there is no purse 'nhss'; did you mean 'nhs'?"),
    "key of a regime": ({"regimes": [OWN | {"lever": {}}]}, "contested, people_classes); did you mean 'levers'?"),
    "probability above 1": ({"parameters": {"arrest_share": 1.5}}, "it must lie in 0 .. 1, not 1.5"),
    "probability below 0": ({"parameters": {"arrest_share": -0.1}}, "it must lie in 0 .. 1, not -0.1"),
    "coverage above 1": (regime(take_home_naloxone={"coverage": 1.2}), "coverage must be at most 1"),
    "not a number": ({"parameters": {"arrest_share": float("nan")}}, "must be a number, not nan"),
    "negative rate": ({"parameters": {"recall_rate": -1.0}}, "cannot be negative"),
    "negative people": ({"people": -5}, "people must be at least 50, not -5"),
    "no people": ({"people": 0}, "people must be at least 50, not 0"),
    "more people than live there": ({"people": 10**7}, "is more than the 2,088,405 residents"),
    "absurd number": ({"people": 10**400}, "people"),
    "too coarse": ({"place": PLACE, "one_in": 100_000}, "at least 50 are needed"),
    "finer than one in one": ({"one_in": 0.5}, "one_in must be at least 1"),
    "infinite": ({"one_in": float("inf")}, "one_in must be a finite number, not inf"),
    "no number of residents": ({"one_in": float("nan")}, "one_in must be a finite number, not nan"),
    "a year long past": ({"start_year": 1999}, "start_year must be at least 2000, not 1999"),
    "no years": ({"years": 0}, "years must be at least 1, not 0"),
    "negative seed": ({"seed": -1}, "seed must be at least 0"),
    "text for a number": ({"years": "ten"}, "years must be a whole number, not 'ten'"),
    "digits for a number": ({"years": "10"}, "years must be a whole number, not '10'"),
    "fraction for a whole number": ({"years": 2.5}, "years must be a whole number, not 2.5"),
    "yes for a number": ({"years": True}, "years must be a whole number, not True"),
    "number for text": ({"place": 3}, "place must be text, not 3"),
    "table for text": ({"place": {}}, "place must be text"),
    "text for a table": ({"parameters": "none"}, "parameters must be a table of keys and values"),
    "text for a list": ({"regimes": "diversion"}, "regimes must be a list of at least one regime, not 'diversion'"),
    "number for a regime": ({"regimes": [7]}, "a regime is given by its id or as a table, not as 7"),
    "number for a lever": (regime(needle_exchange=1), "lever needle_exchange must be a table"),
    "text for a parameter": ({"parameters": {"arrest_share": "high"}}, "parameters.arrest_share must be a number"),
    "no regimes": ({"regimes": []}, "regimes must be a list of at least one regime"),
    "regime without id": ({"regimes": [{"name": "x"}]}, "the key 'regimes.id' is missing"),
    "id that is no file name": ({"regimes": [OWN | {"id": "../x"}]}, "lower-case letters, digits and hyphens"),
    "negative budget": ({"budgets": {"council": -1.0}}, "GBP a year, zero or more, not -1.0"),
    "people and one_in": ({"people": 900, "one_in": 5.0}, "people and one_in contradict each other"),
    "regime twice": ({"regimes": ["diversion", "diversion"]}, "regime 'diversion' is named twice"),
    "lever after the end": (
        {"years": 1} | regime(needle_exchange={"start_week": 60}),
        "“Needle exchange” of “Own” would begin in week 60, but the run ends after 52 weeks: choose an earlier",
    ),
    "newer format": ({"schema_version": 2}, "schema_version must be 1, not 2"),
}  # fmt: skip


def one_sentence(error: UserError) -> str:
    """The message, checked to be a single clean line."""
    message = str(error)
    assert message and "\n" not in message and "pydantic" not in message.lower() and len(message) < 500
    return message


@pytest.mark.parametrize("case", SETTINGS)
def test_a_setting_that_cannot_be(case: str) -> None:
    data, says = SETTINGS[case]
    with pytest.raises(UserError) as caught:
        scenario_from(data)
    assert says in one_sentence(caught.value)


@pytest.mark.parametrize("case", [case for case in SETTINGS if case != "absurd number"])
def test_a_setting_in_a_file_is_named_with_its_line(case: str, tmp_path: Path) -> None:
    data, says = SETTINGS[case]
    file = tmp_path / "mine.toml"
    file.write_text("# mine\nburn_in_years = 1\n" + tomli_w.dumps(data))
    with pytest.raises(UserError) as caught:
        read_scenario(file)
    message = one_sentence(caught.value)
    assert message.startswith(f"{file}, line ") and says in message
    assert int(message.split("line ")[1].split(":")[0]) > 2


def test_the_line_is_that_of_the_key() -> None:
    text = (
        'years = 5\n\n[[regimes]]\nid = "a"\n[regimes.levers.needle_exchange]\nsupplied = 0.5\n[[regimes]]\nid = "b"\n'
        "[regimes.levers.needle_exchange]\n# a comment = 3\nsupplied = 7\n[parameters]\n"
        '"overdose_rate[heroin]" = 3 # per year\nbudgets.council = 4\n'
    )
    assert line_of(text, ("years",)) == 1
    assert line_of(text, ("regimes", 0, "levers", "needle_exchange", "supplied")) == 6
    assert line_of(text, ("regimes", 1, "levers", "needle_exchange", "supplied")) == 11
    assert line_of(text, ("regimes", 1, "levers", "needle_exchange", "coverage")) == 9
    assert line_of(text, ("parameters", "overdose_rate[heroin]")) == 13
    assert line_of(text, ("parameters", "budgets", "council")) == 14
    assert line_of(text, ("place",)) is None


FILES: dict[str, tuple[bytes | None, str]] = {
    "missing": (None, "there is no file"),
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "cut short": (b'place = "dor', "is not valid TOML, or was cut short"),
    "cut short in a table": (b"[parameters", "is not valid TOML, or was cut short"),
    "key twice": (b"years = 3\nyears = 4\n", "line 2"),
    "not text": (b"\xff\xfe\x00years", "is in UTF-16 or UTF-32, not in UTF-8"),
    "a letter of Windows": ('years = 3\nplace = "m\xf4n"\n'.encode("cp1252"), "line 2, column 11: the byte 0xF4"),
    "a zero byte": (b'years = 3\nplace = "a\0b"\n', "line 2, column 11: a zero byte"),
    "a number of 5,000 digits": (
        b"years = 3\nseed = " + b"1" * 5000,
        "line 2: a number has more digits than can be read",
    ),
    "nested without end": (b"regimes = " + b"[" * 5000, "is not valid TOML"),
}


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize("read", [read_scenario, load_regime])
def test_a_file_that_cannot_be_read(case: str, read: Callable[[Path], Any], tmp_path: Path) -> None:
    content, says = FILES[case]
    file = tmp_path / "mine.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read(file)
    assert says in one_sentence(caught.value) and str(file) in str(caught.value)


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is a folder, not a file"):
        read_scenario(tmp_path)


# ---------------------------------------------------------------- anything at all

words = st.text(max_size=12)
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), words, st.datetimes(), st.just(10**500), st.binary(max_size=3)
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3), max_leaves=6
)
lever_tables = st.dictionaries(
    st.sampled_from(sorted(LEVERS)) | words,
    anything
    | st.dictionaries(st.sampled_from(["coverage", "start_week", "change", "rooms"]) | words, anything, max_size=3),
    max_size=2,
)
regime_tables = st.fixed_dictionaries(
    {}, optional={"id": st.just("own") | anything, "name": st.just("Own") | anything, "levers": lever_tables | anything}
)
KEYS: dict[str, st.SearchStrategy[Any]] = {
    "place": st.sampled_from(["dorset", "nation:wales", "::", "-"]) | anything,
    "regimes": st.lists(regime_tables | st.sampled_from(["status-quo", "Status Quo"]) | anything, max_size=3),
    "parameters": st.dictionaries(st.sampled_from(sorted(registry())[:40]) | words, anything, max_size=3) | anything,
    "budgets": st.dictionaries(st.sampled_from(["nhs", "council"]) | words, anything, max_size=2) | anything,
}
PLAIN = {name: st.integers(-3, 60) | anything for name in Scenario.model_fields if name not in KEYS}


@pytest.mark.slow
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({}, optional=KEYS | PLAIN), st.dictionaries(words, anything, max_size=1))
@example({"regimes": [{"id": "a", "name": "b", "levers": {"needle_exchange": {"coverage": float("nan")}}}]}, {})
@example({"people": 10**500}, {})
def test_any_scenario_is_sound_or_one_sentence(known: dict[str, Any], unknown: dict[str, Any]) -> None:
    try:
        scenario = scenario_from(unknown | known)
    except UserError as error:
        one_sentence(error)
    else:
        assert scenario.scale >= 1 and scenario.weeks > 0
        assert scenario_from(dict(scenario.model_dump(exclude_none=True))) == scenario


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("key", Scenario.model_fields)
def test_no_key_breaks_on_a_number_beyond_all_numbers(key: str, sign: int) -> None:
    for value in (sign * 10**500, [sign * 10**500], {"nhs": sign * 10**500}):
        with pytest.raises(UserError) as caught:
            scenario_from({key: value})
        one_sentence(caught.value)


@settings(max_examples=100, deadline=None)
@given(regime_tables)
def test_any_regime_is_sound_or_one_sentence(data: dict[str, Any]) -> None:
    try:
        found = regime_from(data, Source("mine.toml", "text = 1\n"))
    except UserError as error:
        one_sentence(error)
    else:
        assert all(0 <= lever.coverage <= 1 for lever in found.levers.values())


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_has_a_line_or_none(text: str) -> None:
    line = line_of(text, ("regimes", 0, "levers"))
    assert line is None or 1 <= line <= len(text.splitlines())
