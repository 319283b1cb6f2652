"""The report on money: who pays and who saves, prices with both intervals, what equal spend and budgets came to."""

from dataclasses import replace
from pathlib import Path

import made_up_results
import pytest

from policysim.viz.charts import Look
from policysim.viz.digest import read_digest
from policysim.viz.report import tables, value
from policysim.viz.report.writing import render


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_up_results.write_results(tmp_path_factory.mktemp("results"))


@pytest.fixture(autouse=True)
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    made_up_results.without_pictures(monkeypatch)


def test_the_page_has_both_sections(folder):
    page = render(read_digest(folder))
    assert "Who pays, and who saves" in page and "What a death averted and a QALY cost" in page
    alone = replace(read_digest(folder), scenario=made_up_results.scenario(regimes=["diversion"]))
    assert "QALY" not in render(alone), "without the status quo there is no difference"


def test_who_pays_and_who_saves_is_said_by_purse(folder):
    table = value.purses(read_digest(folder))
    heads = [row[0].text for row in table.rows]
    assert heads == ["Police", "Council", "NHS", "Justice", "Business", "Public money, four purses"]
    enforced, reduced = ([row[k].text for row in table.rows] for k in (1, 3))
    assert all(text.startswith("pays £") for text in enforced) and all(text.startswith("saves £") for text in reduced)
    assert any(row[2].quiet for row in table.rows)


def test_a_price_has_both_intervals_or_there_is_none(tmp_path):
    folder = made_up_results.write_results(tmp_path, made_up_results.scenario(uncertainty=3))
    digest = read_digest(folder)
    found = value.prices(digest, Look(digest.names, "source", 2025))
    death = found.table.rows[0]
    assert death[1].text == "Costs more and loses: the status quo is better on both counts"
    assert death[2].text == "No price can be told: whether there is any death averted is not sure" and death[2].quiet
    assert death[3].text == "Gains and saves money: no death averted costs anything"
    for which in ("over seeds", "over what nobody knows"):
        assert sum(which in line for line in death[3].under) == 2
    assert "Enforcement only: costs more and loses" in found.plane.alt
    assert "Status quo" in found.curves.alt and found.curves.tables[0].rows[0][0].text == "£0"


def test_equal_spend_and_dry_purses_are_told_where_they_were_asked_for(folder):
    digest = read_digest(folder)
    assert value.of_purses(digest) == []
    limited = replace(digest, scenario=made_up_results.scenario(budgets="status-quo"))
    assert any("purse could in no week pay" in line for line in value.of_purses(limited))
    assert dict(tables.provenance(limited))["Budgets"].startswith("each purse has, in each year, what the status quo")
    changed = {"equal_spend": 5e4, "scales": {"diversion": 0.25}}
    (line,) = value.of_purses(replace(digest, scenario=made_up_results.scenario(**changed)))
    assert (
        line.startswith("Diversion: 0.25 times the coverage described; it spends £") and "£50,000 was the aim" in line
    )
