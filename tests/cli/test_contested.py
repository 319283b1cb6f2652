"""Contested questions on the command line: listed, told on a page, and their other readings run."""

from pathlib import Path

import pytest
from command_line import Command
from made_up_results import without_pictures

from policysim.evidence.contested import switches

SMALL = ("authority:coventry", "--people", "300", "--years", "1", "--burn-in-years", "0", "--replicates", "2")


def test_questions_are_listed_with_their_readings_and_the_regimes_that_name_them(policysim: Command) -> None:
    rows = policysim("contested", "--json").rows
    assert [row["id"] for row in rows] == list(switches())
    rooms = next(row for row in rows if row["id"] == "rooms_and_mortality")
    assert rooms["usual"] == rooms["readings"][0]["id"] and "harm-reduction" in rooms["regimes"]
    assert [figure["id"] for figure in rooms["readings"][1]["figures"]] == rooms["readings"][1]["evidence"]


@pytest.mark.parametrize("columns", [60, 80, 110])
def test_a_question_is_told_on_a_page(policysim: Command, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = policysim("contested", "deterrence-by-arrest").out
    assert max(map(len, out.splitlines())) <= columns
    told = " ".join(out.split())
    switch = switches()["deterrence_by_arrest"]
    assert f"{switch.usual.id}, the usual reading" in told and "deterrence_effect = 0.1" in told
    assert all(id in told for reading in switch.readings for id in reading.evidence)


@pytest.mark.slow
def test_the_table_says_whether_the_ranking_turns_once_the_other_readings_are_run(
    policysim: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_pictures(monkeypatch)
    asked = (
        "compare",
        *SMALL,
        "--regimes",
        "status-quo,harm-reduction",
        "--out",
        str(tmp_path / "out"),
        "--threads",
        "1",
    )
    with monkeypatch.context() as patch:  # the report of what was tried is read, the others are not
        patch.setattr("policysim.viz.report.write_report", lambda folder, *_: folder)
        out = " ".join(policysim(*asked).out.split())
    assert "Contested (rooms_and_mortality), bearing on Harm reduction" in out and "was not tried" in out
    said = policysim(*asked, "--readings", "all", "--readings-replicates", "1")
    out = " ".join(said.out.split())
    assert said.code == 0 and "Under the other reading (no-fall; 1 seed)" in out and "was not tried" not in out
    report = " ".join((tmp_path / "out" / "report.html").read_text().split())
    assert "Contested evidence</h" in report and "The other readings were run over the same seeds" in report
    assert "Under the other reading (no-fall; 1 seed)" in report
    monkeypatch.setattr("policysim.viz.report.write_report", lambda folder, *_: folder)
    again = policysim(
        *asked[:-4], "--out", str(tmp_path / "other"), "--threads", "1", "--readings", "rooms-and-mortality=no-fall"
    )
    assert "(no-fall, not the usual reading)" in " ".join(again.out.split())
    scenario = (tmp_path / "other" / "scenario.toml").read_text()
    assert '[readings]\nrooms_and_mortality = "no-fall"' in scenario
