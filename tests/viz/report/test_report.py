"""The report: one file that needs nothing else, says what is noise and what is assumed, and reads without pictures."""

import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import made_up_results
import numpy as np
import pandas as pd
import pytest
from served_page import chromium, screen

from policysim.counts.outcomes import COUNTED, OUTCOMES, Shown, headlines
from policysim.errors import UserError
from policysim.evidence.registry import registry
from policysim.experiments.analysis import compare as analysis
from policysim.experiments.analysis.numbers import number, signed
from policysim.experiments.analysis.wording import difference
from policysim.experiments.designs.compare import compare
from policysim.experiments.running.store import Run
from policysim.viz import words
from policysim.viz.digest import read_digest, spreads, totals
from policysim.viz.report import tables, write_report
from policysim.viz.report.writing import render
from policysim.world.status_quo import own_and_carried

pytestmark = pytest.mark.slow


class Page(HTMLParser):
    """The parts of a page that the tests look at."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    found = made_up_results.write_results(tmp_path_factory.mktemp("results"))
    write_report(found)
    return found


@pytest.fixture(scope="module")
def html(folder) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html) -> Page:
    return Page(html)


# --- one file ---------------------------------------------------------------------------------------------------------
def test_it_needs_no_other_file(page):
    assert not page.all("link", "script", "iframe", "object", "video")
    assert all(image["src"].startswith("data:image/svg+xml;base64,") for image in page.all("img"))
    assert all(link["href"].startswith("#") for link in page.all("a"))
    assert any("default-src 'none'" in (meta.get("content") or "") for meta in page.all("meta"))


def test_links_lead_somewhere(page):
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert {link["href"][1:] for link in page.all("a")} <= ids


@pytest.fixture
def without_pictures(monkeypatch):
    made_up_results.without_pictures(monkeypatch)


def test_the_same_results_give_the_same_report(folder, without_pictures):
    assert render(read_digest(folder)) == render(read_digest(folder))


# --- for everyone -----------------------------------------------------------------------------------------------------
def test_it_reads_without_pictures(page):
    assert page.all("html")[0]["lang"] == "en-GB"
    assert len(page.all("img")) == 16
    assert all(len(image["alt"]) > 80 for image in page.all("img"))
    assert page.text.count("The numbers behind this chart") == 15  # the first one's are the table under it
    assert len(page.all("caption")) == len(page.all("table"))
    assert all(cell.get("scope") in ("row", "col") for cell in page.all("th"))


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


# --- what it says -----------------------------------------------------------------------------------------------------
def test_it_asks_the_question_and_names_the_place(page):
    assert (
        "In the West Midlands police force area over 2 years, what do enforcement only, diversion and harm" in page.text
    )
    assert "2025 to 2026" in page.text


def test_noise_is_called_noise(folder, page):
    row = totals(read_digest(folder), OUTCOMES["arrests"]).loc["diversion"]
    assert row["difference_low"] < 0 < row["difference_high"]
    assert "no difference beyond noise in arrests for drug offences" in page.text
    assert "within noise" in page.text


def test_differences_have_interval_and_direction(folder):
    digest = read_digest(folder)
    table = totals(digest, OUTCOMES["expected_deaths"])
    text = difference(table, "harm-reduction", OUTCOMES["expected_deaths"]).in_words()
    assert re.fullmatch(r"[\d,]+ fewer expected misuse deaths \([\d,]+ to [\d,]+; −10%\)", text)
    cells = tables.headline(digest, [OUTCOMES["expected_deaths"]]).rows[0]
    assert cells[0].text == "Misuse deaths, expected"
    assert cells[4].text.startswith("−") and cells[4].under[1] == "−10%"


def test_small_counts_are_not_shown(page):
    assert "under 5" in page.text


def test_help_lines_limits_and_assumptions_are_there(page):
    for text in ("FRANK 0300 123 6600", "Samaritans 116 123", words.CONTENT_NOTE, *words.LIMITS):
        assert text in page.text
    assumed = {p.name for p in registry().values() if p.quality in ("assumed", "fitted")}
    assert all(name in page.text for name in assumed)


def test_figures_of_the_place_and_carried_ones_are_told_apart(folder, page):
    own, carried = own_and_carried(read_digest(folder).scenario.where)
    assert own and carried
    assert all(row["source"] in page.text for row in own), "each with its source"
    listed = page.text.partition("Carried over to this place")[2]
    assert all(f"{row['parameter']} ({row['value']:g})" in listed for row in carried)
    own_alone = {row["parameter"] for row in own} - {row["parameter"] for row in carried}
    assert not any(f"{name} (" in listed.partition(".\n")[0] for name in own_alone)


def test_levers_are_described_with_what_the_law_allows(folder, page):
    for regime in read_digest(folder).scenario.regimes:
        for lever in regime.levers.values():
            assert lever.title in page.text
    assert "Under licence" in page.text
    assert "Relative change in searches: +33%" in page.text


@pytest.mark.parametrize("word", ["works", "addict", "high-risk", "abuser"])
def test_words_that_judge_are_avoided(page, word):
    assert not re.search(rf"\b{word}", page.text, re.IGNORECASE)


def test_where_it_comes_from_is_said(page):
    for text in ("0.0.0", "seeds 1 to 3", "one simulated person for every 100 residents", "numpy 2.1"):
        assert text in page.text


def test_changed_numbers_are_named(folder):
    changed = made_up_results.scenario(parameters={"kit_loss": 0.5}, budgets={"council": 1e6})
    rows = dict(tables.provenance(replace(read_digest(folder), scenario=changed)))
    assert rows["Numbers changed"] == "kit_loss = 0.5"
    assert rows["Budgets"] == "council £1,000,000 a year"


def test_a_number_beyond_its_range_is_named_with_it(folder):
    changed = made_up_results.scenario(parameters={"kit_loss": 5.0}, beyond_ranges=True)
    rows = dict(tables.provenance(replace(read_digest(folder), scenario=changed)))
    assert rows["Numbers changed"] == "kit_loss = 5 (beyond its range 0.15 to 0.8)"


def test_what_a_wanted_precision_would_take_is_told(folder, page):
    assert "How many replicates a wanted precision would take" in page.text
    table = tables.precisions(read_digest(folder), headlines(Shown.REPORT))
    assert table.columns == ["Outcome", "Now, with 3", "±10%", "±5%", "±2%", "±1%", "±0.5%"]
    finer = 0
    for _, now, *asked in ([cell.text for cell in row] for row in table.rows):
        known, planned = float(now.strip("±%")), [int(text.replace(",", "")) for text in asked]
        assert planned[0] >= 3 and planned == sorted(planned)
        for share, count in zip((10, 5, 2, 1, 0.5), planned, strict=True):
            assert (count > 3) == (share < known) or share == known, (share, now)  # as rounded, either might be finer
        finer += sum(count > 3 for count in planned)
    assert finer > len(table.rows), "made-up noise is known to a few per cent"


@pytest.fixture(scope="module")
def with_draws(tmp_path_factory) -> Path:
    """Three draws: in the second, diversion has more of everything; in the others fewer."""
    return made_up_results.write_results(tmp_path_factory.mktemp("draws"), made_up_results.scenario(uncertainty=3))


def test_the_report_begins_with_what_holds_over_both_and_what_does_not(with_draws, without_pictures):
    text = " ".join(Page(render(read_digest(with_draws))).text.split()).lower()
    first = text[text.index("what holds, and what does not") : text.index("what differs against")]
    holds, chance = first[: first.index("beyond chance, but")], first[first.index("cannot be told from chance") :]
    assert "fewer expected misuse deaths under “harm reduction”" in holds
    assert "more expected misuse deaths under “enforcement only”" in holds
    assert "expected misuse deaths under “diversion”" in chance
    assert "fewest expected misuse deaths: “harm reduction” in" in chance
    assert "3 draws of every uncertain number" in chance


def test_without_draws_the_first_lines_say_that_nobody_looked(html):
    text = " ".join(Page(html).text.split())
    first = text[text.index("What holds, and what does not") : text.index("What differs Against")]
    assert "Holds:" not in first and "What nobody knows was not looked at" in first


def test_both_intervals_stand_in_the_table_under_their_names(with_draws):
    digest = read_digest(with_draws)
    table = tables.headline(digest, headlines(Shown.REPORT))
    assert table.columns[2:] == [
        "95% interval over seeds",
        "Interval over what nobody knows",
        "Ranks first, of 3 draws",
    ]
    deaths = table.rows[digest.regimes.index("diversion")]
    assert deaths[0].text == "Diversion" and deaths[0].inner
    found = spreads(digest, OUTCOMES["expected_deaths"])["diversion"]
    assert found.gap_low == pytest.approx(-1200) and found.gap_high == pytest.approx(800)
    over_seeds = difference(totals(digest, OUTCOMES["expected_deaths"]), "diversion", OUTCOMES["expected_deaths"])
    assert [cell.text for cell in deaths[2:4]] == [over_seeds.limits, "−1,200 to +800"]
    assert sum(float(row[4].text) for row in table.rows[: len(digest.regimes)]) == pytest.approx(3, abs=0.2)


def test_the_numbers_that_carry_the_answer_stand_in_the_report(with_draws, tmp_path, without_pictures):
    row = {"parameter": "alone_share", "outcome": "expected_deaths", "regime": "diversion", "effect": -12.0,
           "error": 1.5, "effect_low": -15.0, "effect_high": -9.0, "beyond_chance": True, "mu_star": 13.0, "sigma": 3.0,
           "mu_star_conf": 1.0, "noise": 2.0, "low": 0.1, "high": 0.6, "quality": "assumed"}  # fmt: skip
    pd.DataFrame([row]).to_csv(tmp_path / "sensitivity.csv", index=False)
    page = Page(write_report(with_draws, tmp_path / "report.html", tmp_path).read_text(encoding="utf-8"))
    assert "Which numbers carry the answer" in page.text and "alone_share" in page.text
    assert "−12" in page.text and "−15 to −9.0" in page.text
    with pytest.raises(UserError, match="holds no finished screening"):
        write_report(with_draws, tmp_path / "report.html", with_draws)


def test_equal_seeds_and_no_difference_plan_nothing(folder):
    digest = read_digest(folder)
    outcome, week = OUTCOMES["arrests"], digest.weekly["week"] == 0
    for regime, less, told in (("diversion", 0, "no difference"), ("diversion", 35, "3 equal seeds: no interval")):
        usual = digest.weekly[digest.weekly["regime"] == "status-quo"]
        other = usual.assign(regime=regime, arrests=usual["arrests"] - less * (week[usual.index]))
        two = made_up_results.scenario(regimes=["status-quo", regime])
        alike = replace(digest, scenario=two, weekly=pd.concat([usual, other], ignore_index=True))
        assert [cell.text for cell in tables.precisions(alike, [outcome]).rows[0][1:]] == [told, *["not known"] * 5]
        assert tables.headline(alike, [outcome]).rows[0][2].under[:1] == ((told,) if less else ())


def test_one_year_is_not_told_as_from_and_to(tmp_path, without_pictures):
    alone = made_up_results.write_results(tmp_path, made_up_results.scenario(years=1))
    text = Page(write_report(alone).read_text(encoding="utf-8")).text
    assert "2025 to 2025" not in text and "area, 2025" in text
    assert dict(tables.provenance(read_digest(alone)))["Time"].startswith("2025 in weeks")


# --- agreement with the summary and the page --------------------------------------------------------------------------
def test_summary_report_and_page_hold_the_same_estimates(folder):
    """To the last digit: there is one estimate of an answer."""
    digest = read_digest(folder)
    runs = [
        (Run(str(regime), int(replicate), int(replicate) + 1), weeks)
        for (regime, replicate), weeks in digest.weekly.groupby(["regime", "replicate"], sort=False)
    ]
    summary = analysis.summarise(analysis.totals(runs)).set_index(["regime", "outcome"])
    for name in ("deaths", "expected_deaths", "waiting", "offences", "cost_council"):
        mine = totals(digest, OUTCOMES[name])
        for regime in digest.regimes:
            theirs = summary.loc[(regime, name), list(mine.columns)].to_numpy(float)
            assert np.array_equal(mine.loc[regime].to_numpy(float), theirs, equal_nan=True), (name, regime)


def test_command_line_and_report_say_the_same_of_a_difference(folder):
    digest = read_digest(folder)
    runs = [
        (Run(str(regime), int(replicate), int(replicate) + 1), weeks)
        for (regime, replicate), weeks in digest.weekly.groupby(["regime", "replicate"], sort=False)
    ]
    printed = analysis.headlines(analysis.summarise(analysis.totals(runs)), digest.scenario)
    for outcome, row in zip(headlines(Shown.COMMAND), printed.rows, strict=True):
        reported = tables.headline(digest, [outcome]).rows[0][1:]
        assert ["\n".join((cell.text, *cell.under)) for cell in reported] == list(row[1:])


# --- other comparisons ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"replicates": 1}, ["one seed: no interval", "One replicate shows nothing of chance: run 4 first."]),
        ({"regimes": ["diversion", "harm-reduction"]}, ["The status quo is not among these regimes"]),
        ({"regimes": ["status-quo"], "years": 1}, ["under the status quo?"]),
        ({"regimes": ["status-quo", {"id": "mine", "name": "<b>Mine</b>"}]}, ["<b>Mine</b>"]),
    ],
)
def test_other_comparisons_are_reported_too(tmp_path, changes, said):
    folder = made_up_results.write_results(tmp_path, made_up_results.scenario(**changes))
    text = Page(write_report(folder).read_text(encoding="utf-8")).text
    assert [words for words in said if words not in text] == []


def test_what_cannot_be_read_is_named(tmp_path):
    folder = made_up_results.write_results(tmp_path)
    (folder / "by_group.parquet").write_bytes(b"PAR1")
    with pytest.raises(UserError, match=r"by_group\.parquet cannot be read"):
        write_report(folder)
    (folder / "weekly.parquet").unlink()
    with pytest.raises(UserError, match=r"there is no file .*weekly\.parquet"):
        write_report(folder)


def test_a_report_that_cannot_be_written_is_said_so(tmp_path, without_pictures):
    folder = made_up_results.write_results(tmp_path)
    (folder / "report.html").mkdir()
    with pytest.raises(UserError, match="cannot be written"):
        write_report(folder)


def test_a_real_comparison_is_reported(tmp_path, without_pictures):
    of = made_up_results.scenario(people=400, one_in=None, years=1, replicates=2, burn_in_years=0)
    found = compare(of, tmp_path / "out", threads=1)
    text = write_report(found.folder).read_text(encoding="utf-8")
    deaths = found.summary.query("outcome == 'expected_deaths' and regime == 'status-quo'")["mean"].item()
    assert totals(read_digest(found.folder), OUTCOMES["expected_deaths"]).at["status-quo", "mean"] == deaths
    assert text.count("<figure>") == 16
    summary = found.folder / "summary.csv"
    assert f"{hashlib.sha256(summary.read_bytes()).hexdigest()}  summary.csv" in text
    rows = found.summary.set_index(["regime", "outcome"])
    for outcome in (outcome for outcome in headlines(Shown.REPORT) if ("status-quo", outcome.id) in rows.index):
        assert f">{number(rows.at[('status-quo', outcome.id), 'mean'], outcome.money)}<" in text, outcome.id
        for regime in ("enforcement-only", "harm-reduction"):
            gap = rows.at[(regime, outcome.id), "difference"]
            assert gap == 0 or f">{signed(gap, outcome.money)}<" in text, (outcome.id, regime)


@pytest.mark.browser
def test_it_opens_in_a_browser_without_internet(folder):
    """Every picture is drawn, nothing is asked of any other address, and the page is no wider than the window."""
    with chromium() as browser:
        view = screen(browser, 1280, 900)
        asked: list[str] = []
        faults: list[str] = []
        view.on("request", lambda request: asked.append(request.url))
        view.on("console", lambda message: faults.append(message.text))
        view.goto((folder / "report.html").as_uri())
        widths = view.evaluate("[...document.images].map(image => image.naturalWidth)")
        over = view.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        cut = view.evaluate(
            "[...document.querySelectorAll('.headline')].map(t => t.parentNode.scrollWidth - t.parentNode.clientWidth)"
        )
        view.emulate_media(media="print")
        open_on_paper = view.evaluate(
            "[...document.querySelectorAll('details.paper')].map(d => getComputedStyle(d, '::details-content').contentVisibility)"
        )
        view.emulate_media(media="screen")
        view.set_viewport_size({"width": 360, "height": 740})
        view.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        over_phone = view.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert open_on_paper and set(open_on_paper) == {"visible"}
    assert over_phone <= 0, "tables and charts scroll within their frames"
    assert len(widths) == 16 and min(widths) > 500
    assert over <= 0 and max(cut) <= 0
    assert all(url.startswith(("file:", "data:")) for url in asked)
    assert not faults


def test_the_made_up_folder_is_like_a_real_one(folder):
    """So that these tests do not drift from the tables that a comparison writes."""
    assert {"regime", "replicate", "seed", "week", "date", "area", *COUNTED} <= set(
        pd.read_parquet(folder / "weekly.parquet")
    )
