"""What scenarios, regimes and sweeps show of themselves in a notebook: short, escaped, and legible on light and dark."""

import re
from html.parser import HTMLParser

import pytest

from policysim import Regime, Scenario, Sweep, regimes
from policysim.vocabulary.cards import card, few


class Balanced(HTMLParser):
    """Notes what is opened and not closed, and all text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data + "\n"


def told(html: str) -> str:
    """The text of a card, whose form is looked at."""
    parser = Balanced()
    parser.feed(html)
    assert parser.open == []
    assert not re.search(r"(?<!-)color:(?!inherit)|background:(?!none)", html), "the page's own colours stay"
    assert len(html) < 12_000
    return parser.text


def test_a_scenario_says_what_is_run_and_what_is_unusual() -> None:
    plain = told(Scenario(place="authority:rutland", people=300)._repr_html_())
    assert "Scenario: Rutland" in plain and "Status quo, Enforcement only" in plain and "seeds\n1 to 6" in plain
    assert "10 years from 2025, after 3 years of burn-in" in plain and "parameters" not in plain
    many = {f"seek_rate[{kind}]": 0.3 for kind in ("opiate-group",)} | {"fatality_opioid": 0.05}
    more = told(Scenario(parameters=many, budgets={"council": 2e6}, uncertainty=4)._repr_html_())
    assert "parameters.fatality_opioid\n0.05" in more and "budgets.council\n£2,000,000 a year" in more
    assert "draws of what nobody knows\n4" in more


def test_text_of_a_users_own_is_escaped() -> None:
    own = Regime(id="own", name="<script>alert(1)</script>", summary="5 < 6 & 7", levers={"take_home_naloxone": {}})
    for html in (own._repr_html_(), Scenario(regimes=["status-quo", own])._repr_html_()):
        assert "<script>" not in html and "&lt;script&gt;alert(1)" in html
        told(html)
    assert "5 &lt; 6 &amp; 7" in own._repr_html_()


@pytest.mark.parametrize("id", list(regimes()))
def test_a_shipped_regime_is_short(id: str) -> None:
    text = told(regimes()[id]._repr_html_())
    assert f"({id})" in text and len(text.splitlines()) < 60


def test_a_sweep_says_its_question_its_design_and_over_what_it_goes() -> None:
    sweep = Sweep(
        question="How many <kits>?", design="latin-hypercube", points=8, scenario=Scenario(years=5),
        vary={
            "place": ["authority:rutland", "authority:coventry"], "parameters.fatality_opioid": {},
            "levers.take_home_naloxone.kits_per_100": {"low": 5, "high": 60, "log": True},
            "readings.naloxone_and_risk": ["no-more-risk", "more-risk"],
        },
    )  # fmt: skip
    text = told(sweep._repr_html_())
    assert "Sweep: How many <kits>?" in text and "latin-hypercube, 8 points" in text
    assert "5 to 60, evenly over factors" in text and "no-more-risk, more-risk" in text
    assert "480 at most" in text and "authority:rutland, authority:coventry" in text


def test_long_lists_are_cut_and_say_so() -> None:
    rows = [(f"row {k}", "") for k in range(20)]
    assert few(rows, 3, "rows")[-1] == ("and 17 rows", "") and few(rows[:3], 3) == rows[:3]
    assert "<thead>" in card("t", [("a", "b")], head=("", "c")) and "<table" not in card("t", [])
