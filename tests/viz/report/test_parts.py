"""The parts of a comparison's report: first screen, contents, folds, fit, commands; the same on paper."""

import re
from pathlib import Path

import made_up_results
import pytest

from policysim.counts.outcomes import OUTCOMES, Shown, headlines
from policysim.levers.catalogue import LEVERS
from policysim.viz.blocks import Report, Table, walk
from policysim.viz.digest import read_digest, totals
from policysim.viz.paper.sheet import Sheet
from policysim.viz.pdf import as_pdf
from policysim.viz.report import fit, tables
from policysim.viz.report.writing import report_in
from policysim.viz.screen.page import as_page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up_results.write_results(tmp_path_factory.mktemp("results"))


@pytest.fixture(autouse=True)
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up_results.without_pictures(monkeypatch)


@pytest.fixture
def found(folder: Path) -> Report:
    return report_in(folder)


def test_the_first_screen_has_question_answer_and_chart_and_the_contents_lead_to_every_section(found):
    html = as_page(found)
    first = html[: html.index('<nav aria-label="Contents">')]
    assert found.question in first and first.count("<figure>") == 1
    assert "fewer (" in first and "under “Harm reduction”" in first
    sections = [section.id for section in found.sections]
    assert sections == re.findall(r'<li><a href="#([a-z]+)">', html) == re.findall(r'<section id="([a-z]+)">', html)
    assert sections == ["first", "answer", "time", "differences", "who", "equity", "spending", "value", "price", "regimes",
                        "fit", "sensitivity", "assumed", "limits", "reproduce"]  # fmt: skip


def test_long_tables_are_folded(found):
    sections = {section.id: section for section in found.sections}
    for name in ("regimes", "assumed"):
        assert not [block for block in sections[name].blocks if isinstance(block, Table)]
        assert [block for block in walk(sections[name].blocks) if isinstance(block, Table)]


def test_the_fit_counts_what_the_status_quo_meets(folder, found):
    fitted = fit.fit(read_digest(folder))
    assert fitted is not None and fitted.unseen > 0
    assert fitted.met == sum(row["low"] <= row["model"] <= row["high"] for row in fitted.rows)
    assert f"Of {len(fitted.rows)} published figures that these runs can be held against" in as_page(found)
    deaths = next(row for row in fitted.rows if row["target"] == "misuse deaths a year")
    usual = totals(read_digest(folder), OUTCOMES["deaths"]).at["status-quo", "mean"] / 2
    assert deaths["model"] == pytest.approx(usual)


def test_the_pdf_has_every_section_and_number_and_the_same_bytes_for_the_same_results(folder, found, monkeypatch):
    written = as_pdf(found)
    told: list[str] = []
    text = Sheet.text
    monkeypatch.setattr(Sheet, "text", lambda self, x, y, text_: told.append(text_) or text(self, x, y, text_))
    assert as_pdf(report_in(folder)) == written
    pages = len(re.findall(rb"/Type /Page\b", written))
    assert f"{pages} of {pages}" in told and f"1 of {pages}" in told
    assert (
        b"/URI" not in written and b"/Outlines" in written and b"/ToUnicode" in written and b"/Lang (en-GB)" in written
    )
    whole = " ".join(" ".join(told).split())
    assert all(section.title in whole for section in found.sections)
    for mark in ("−", "£", "Parameters that are assumed", "policysim compare scenario.toml --out again/west-midlands"):
        assert mark in whole, mark
    rows = tables.headline(read_digest(folder), headlines(Shown.REPORT)).rows
    assert {word for row in rows for cell in row[1:] for word in cell.text.split()} <= set(whole.split())


def test_every_lever_has_a_caution():
    assert [name for name, lever in LEVERS.items() if not lever.caution] == []
