"""The section of the report on who meets what."""

import shutil
from dataclasses import replace
from pathlib import Path

import made_up_results
import pandas as pd
import pytest

from policysim.counts.outcomes import COUNTED
from policysim.evidence.registry import registry
from policysim.experiments.analysis import equity
from policysim.experiments.analysis.equity import AXES
from policysim.viz.charts import Look
from policysim.viz.digest import read_digest
from policysim.viz.report import figures, write_report

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return made_up_results.write_results(tmp_path_factory.mktemp("results"))


@pytest.fixture
def without_pictures(monkeypatch):
    made_up_results.without_pictures(monkeypatch)


def test_deaths_by_ethnic_group_are_held_back_until_the_groups_of_users_are_sourced(
    folder, monkeypatch, without_pictures
):
    def shown() -> tuple[bool, bool, bool]:
        """Whether the chart of exposure has five panels of ethnic groups and fifths, the chart of ratios three, the table all."""
        digest = read_digest(folder)
        look = Look(digest.names, "made up")
        chart, ratios = figures.exposure(digest, look), figures.ratios_by(digest, look, AXES["ethnicity"])
        white = next(row for row in chart.tables[0].rows if row[0].text == "White")
        told = "Misuse deaths, expected" in ratios.alt
        return chart.alt.count("Expected deaths") == 2, told, white[-1].text != "no source"

    rows = {key: row for key, row in registry().items() if row.name == equity.ETHNICITY_OF_USERS}
    assert len(rows) == 5
    sourced = {key: replace(row, quality="verified") for key, row in rows.items()}
    one_guess = sourced | {next(iter(rows)): replace(next(iter(rows.values())), quality="unverified")}
    for table, told in ((sourced, True), (one_guess, False), ({}, False)):
        monkeypatch.setattr(equity, "registry", lambda table=table: table)
        assert shown() == (told, told, told)


def test_who_meets_what_stands_in_a_section_of_its_own(folder, without_pictures, tmp_path):
    text = write_report(folder, tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Equity: who meets what" in text and 'href="#equity"' in text
    assert "Exposure to policing beside use and deaths under Status quo" in text
    assert "People who use drugs, per 1,000 residents" in text
    for axis in AXES.values():
        assert f"Ratios by {axis.label.lower()}" in text
    earlier = tmp_path / "earlier"  # a policysim that counted no residents by group
    shutil.copytree(folder, earlier)
    groups = pd.read_parquet(earlier / "by_group.parquet")
    groups[[name for name in groups if name not in COUNTED or COUNTED[name].kind == "flow"]].to_parquet(
        earlier / "by_group.parquet"
    )
    before = write_report(earlier).read_text(encoding="utf-8")
    assert "Equity" not in before and "Who is affected" in before
