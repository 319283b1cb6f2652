"""A regime as a file and as a link: what is written reads back equal, and what is none is told in one sentence."""

import base64
import json
import time

import pytest

from policysim.errors import UserError
from policysim.scenarios.regime import STATUS_QUO, load_regime, regimes
from policysim.scenarios.scenario import scenario_of
from policysim.viz.app.regimes.bench import LONGEST_SENTENCE, Bench, bench_of
from policysim.viz.app.regimes.files import LARGEST_FILE, LONGEST_LINK, regime_linked, regime_sent, to_link, to_toml
from policysim.viz.app.session import Session


@pytest.fixture
def bench() -> Bench:
    return bench_of(Session())


@pytest.mark.parametrize("id", [id for id in regimes() if id != STATUS_QUO])
def test_a_regime_survives_file_and_link(id, tmp_path):
    regime = regimes()[id].model_copy(update={"id": "ours", "name": "Ours, “quoted” = [x]"})
    path = tmp_path / "ours.toml"
    path.write_text(to_toml(regime), encoding="utf-8")
    assert load_regime(path) == regime
    scenario = scenario_of("authority:dorset", {"regimes": [STATUS_QUO, str(path)], "years": 5})  # as --regimes does
    assert scenario.regimes[1] == regime
    assert regime_sent("ours (1).toml", path.read_bytes()) == regime
    link = to_link(regime)
    assert regime_linked(link) == regime_linked(f"http://127.0.0.1:8765/#{link}") == regime
    assert len(link) < 5000


def sent(bench: Bench, text: str | bytes, name: str = "ours.toml") -> str:
    raw = text.encode() if isinstance(text, str) else text
    bench.load({"name": name, "size": len(raw), "data": base64.b64encode(raw).decode()})
    assert "\n" not in bench.said.value.text
    return bench.said.value.text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('name = "x"\n[levers.mentoring]\nplaces = 900\n', "ours.toml, line 3: in lever mentoring, places must be at most 100"),
        ('name = "x"\n[levers.mentorin]\n', "ours.toml, line 2: there is no lever 'mentorin'; did you mean 'mentoring'?"),
        ('nam = "x"\n', "there is no key 'nam'"),
        ('name = "x"\nlevers = 3\n', "line 2"),
        ('name = "x"\npeople_classes = ["os.py:Adult"]\n', "ours.toml, line 2: people_classes names classes, which are code"),
        ('name = "x"\nlevers = {mentoring = {class = "os.py:Lever"}}\n', "names a class of its own, which is code"),
        ('name = "x\n', "is not valid TOML"),
        ('place = "dorset"\nregimes = []\n', "is a scenario, not a regime"),
        ("", "is empty"),
        (b"\xff\xfe", "UTF-16"),
        ('id = "status-quo"\nname = "x"\n[levers.mentoring]\n', "status-quo"),
        ("a = " + "[" * 3000, "nested too deeply"),
        (f'name = "{"x" * 6000}"', "line 1: it is longer than"),
        ("#\n" * LARGEST_FILE, "bytes, and a regime at most"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_one_sentence(bench, text, words):
    bench.rename("Ours")
    bench.add("housing_first")
    assert words in sent(bench, text)
    assert bench.said.value.fault
    assert bench.draft.value.name == "Ours"


def test_a_file_of_another_name_and_size_does_no_harm(bench):
    assert "../" not in sent(bench, "x", "../../etc/pass<b>\nwd.toml")
    bench.load({"name": "big.toml", "size": 10**9, "data": None})
    assert bench.said.value.text.startswith("big.toml has 1,000,000,000 bytes")
    bench.load({"name": "odd.toml", "size": 3, "data": "%%%"})
    assert "did not arrive whole" in bench.said.value.text
    assert "loaded" in sent(bench, to_toml(regimes()["diversion"]))
    assert bench.draft.value.name == "Diversion, version 2"


def coded(value: object) -> str:
    return "regime=" + base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("", "cut short"),
        ("regime=", "cut short"),
        ("regime=%%%", "cut short"),
        ("https://elsewhere.example/", "cut short"),
        (coded([1]), "cut short"),
        (coded({"name": "x"}), "The link: the key 'id' is missing"),
        (coded({"id": "x", "name": "x", "levers": {"mentoring": {"places": 900}}}), "places must be at most 100"),
        (coded({"id": "x", "name": "x", "levers": {"mentoring": {"places": float("nan")}}}), "The link: in lever"),
        (coded({"id": "x", "name": "x", "levers": {"m": {"class": "os:system"}}}), "which is code"),
        (coded({"id": "x", "name": "x", "people_classes": ["os:system"]}), "which are code"),
        ("regime=" + base64.urlsafe_b64encode(b"[" * 8000).decode(), "cut short"),
        ("regime=" + "A" * (LONGEST_LINK + 1), "no regime has so many"),
    ],
)
def test_a_link_that_is_none_is_one_sentence(bench, link, words):
    assert not bench.open_link(link)
    assert words in bench.said.value.text


def test_a_regime_too_long_for_a_link_says_so():
    with pytest.raises(UserError, match="save it as a file"):
        to_link(regimes()["diversion"].model_copy(update={"summary": "x" * LONGEST_LINK}))


@pytest.mark.parametrize("junk", ["a." * 2400, "[" + " " * 4900, "[" + "a " * 2400, " " * 4900 + "x", "[" * 4900])
def test_a_file_made_to_be_slow_is_read_at_once(bench, junk):
    lines = "\n".join([junk] * 12)
    begun = time.monotonic()
    assert "there is no key 'bad'" in sent(bench, f'bad = 1\nname = "x"\nsummary = """\n{lines}\n"""\n')
    assert time.monotonic() - begun < 5


def test_a_key_of_thousands_of_letters_makes_no_sentence_of_thousands(bench):
    sent(bench, f'{"k" * 4000} = 1\nname = "x"\n')
    assert bench.said.value.fault
    assert len(bench.said.value.text) <= LONGEST_SENTENCE
